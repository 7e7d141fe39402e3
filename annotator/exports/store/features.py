"""What Hugging Face's `datasets` reads beside the columns: which are images, and a card's list.

Source: datasets 5.2, Features: the schema's metadata under the key "huggingface", and the head of a
README.md as Features.to_yaml_list writes it. An image is a struct of its encoded bytes and a name.
"""

import json
from collections.abc import Sequence
from typing import Any

import pyarrow as pa

IMAGE = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
NAMES = {"double": "float64", "float": "float32"}


def described(columns: Sequence[tuple[str, pa.DataType]]) -> pa.Schema:
    """A schema that `datasets` opens with its images decoded."""
    features = {name: _feature(kind) for name, kind in columns}
    about = json.dumps({"info": {"features": features}})
    return pa.schema(list(columns)).with_metadata({"huggingface": about})


def images_type(*, inside: bool) -> pa.DataType:
    """Of a column of images, or of their names."""
    return pa.list_(IMAGE if inside else pa.string())


def card_features(schema: pa.Schema) -> list[dict[str, Any]]:
    """The columns as a dataset card's head lists them, under dataset_info.features."""
    return [_named(field.name, _card(field.type)) for field in schema]


def _feature(kind: pa.DataType) -> dict[str, Any]:
    if kind == IMAGE:
        return {"_type": "Image"}
    if pa.types.is_list(kind):
        return {"feature": _feature(kind.value_type), "_type": "List"}
    if pa.types.is_struct(kind):
        return {field.name: _feature(field.type) for field in kind}
    return {"dtype": _name(kind), "_type": "Value"}


def _card(kind: pa.DataType) -> Any:
    if kind == IMAGE:
        return "image"
    if pa.types.is_list(kind):
        return {"list": _card(kind.value_type)}
    if pa.types.is_struct(kind):
        return [_named(field.name, _card(field.type)) for field in kind]
    return _name(kind)


def _named(name: str, card: Any) -> dict[str, Any]:
    if isinstance(card, str):
        return {"name": name, "dtype": card}
    return {"name": name, **(card if isinstance(card, dict) else {"struct": card})}


def _name(kind: pa.DataType) -> str:
    return NAMES.get(str(kind), str(kind))
