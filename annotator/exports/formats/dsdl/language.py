"""The language of DSDL 0.5.3, as far as we speak it: identifiers, definitions, sets.

Texts are ASCII, since the `dsdl` package reads them in the locale's encoding. It looks for cycles
by asking whether one definition's name is part of another's field: no name may be part of another.
Source: opendatalab/dsdl-docs (cv_generation template), and the package 0.1.10.11 itself.
"""

import json
import keyword
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

VERSION = "0.5.3"
STRUCTS, DOMAINS = "image-generation-feedback", "class-dom"
CONFIG = b'local = dict(type="LocalFileReader", working_dir=".")\n'
NAMELESS = "nameless"


@dataclass(frozen=True, slots=True)
class Struct:
    """A definition: fields by name, each with its type; `optional` ones may lack, never be null.

    Each of `params` is a class domain that the types name as $param.
    """

    name: str
    params: tuple[str, ...]
    fields: Mapping[str, str]
    optional: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Domain:
    """The classes of a label: our name → the one in the files."""

    name: str
    classes: Mapping[str, str]


def identifiers(names: Iterable[str], taken: Iterable[str] = ()) -> dict[str, str]:
    """Each name as a Python identifier of ASCII letters, digits and underscores, no two the same.

    `taken` are not given again. A dot would mean a hierarchy of classes, so "flux.1-dev" becomes
    flux_1_dev; the second name that would become the same gets _2.
    """
    found: dict[str, str] = {}
    used = set(taken)
    for name in names:
        stem = _identifier(name)
        one, number = stem, 1
        while one in used:
            number += 1
            one = f"{stem}_{number}"
        used.add(one)
        found[name] = one
    return found


def _identifier(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    found = re.sub(r"\W+", "_", plain).strip("_") or NAMELESS
    if found[0].isdigit():
        return f"n{found}"
    return f"{found}_" if keyword.iskeyword(found) else found


def structs_yaml(structs: Sequence[Struct]) -> bytes:
    """The definitions of structs."""
    lines = []
    for struct in structs:
        lines += [f"{struct.name}:", "    $def: struct", f"    $params: {_listed(struct.params)}"]
        lines += ["    $fields:"]
        lines += [f"        {name}: {kind}" for name, kind in struct.fields.items()]
        if struct.optional:
            lines += [f"    $optional: {_listed(struct.optional)}"]
    return _yaml(lines)


def domains_yaml(domains: Sequence[Domain]) -> bytes:
    """The definitions of class domains."""
    lines = []
    for domain in domains:
        lines += [f"{domain.name}:", "    $def: class_domain"]
        lines += ["    classes:" if domain.classes else "    classes: []"]
        # Quoted: a class called null or on would be none.
        lines += [f"        - {_quoted(name)}" for name in domain.classes.values()]
    return _yaml(lines)


def set_yaml(*, dataset: str, subset: str, sample_type: str, samples: str) -> bytes:
    """A set: what its samples are and the file beside it that they lie in."""
    return _yaml(
        [
            "$import:",
            f"    - ../defs/{STRUCTS}",
            f"    - ../defs/{DOMAINS}",
            "meta:",
            f"    Dataset Name: {_quoted(dataset)}",
            f"    Subset Name: {_quoted(subset)}",
            '    Modality: "Images"',
            '    Task: "Image Generation"',
            "data:",
            f"    sample-type: {sample_type}",
            f"    sample-path: {samples}",
        ]
    )


def _yaml(lines: Sequence[str]) -> bytes:
    return "\n".join([f'$dsdl-version: "{VERSION}"', *lines, ""]).encode("ascii")


def _listed(names: Sequence[str]) -> str:
    return f"[{', '.join(_quoted(name) for name in names)}]"


def _quoted(text: str) -> str:
    """A double-quoted scalar of YAML; backslashreplace writes escapes that YAML knows."""
    printable = "".join(letter for letter in text if letter.isprintable())
    return json.dumps(printable, ensure_ascii=False).encode("ascii", "backslashreplace").decode()
