"""An answer has the shape of a selector's frozen dataclass: serializer and schema are made from it.

A view declares `responses=Shape.of(Board)` and returns `Response(shaped(board))`.
What an API client should know of a field stands at the field: `field(metadata={"help": "…"})`, and
`"choices"` for a text that is one of several which no enum lists.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.db.models import Choices
from drf_spectacular.contrib.rest_framework_dataclasses import (
    OpenApiDataclassSerializerExtensions,
)
from rest_framework.fields import ChoiceField, Field, JSONField
from rest_framework_dataclasses.field_utils import TypeInfo
from rest_framework_dataclasses.serializers import DataclassSerializer

from annotator.api.schema import ReasonSerializer
from annotator.core.reasons import Reason

FieldDefinition = tuple[type[Field[Any, Any, Any, Any]], dict[str, Any]]


class Shape(DataclassSerializer[Any]):
    """What is sent of a dataclass: every field, under its own name, present even when null."""

    serializer_field_mapping: Mapping[type, Any] = {
        **DataclassSerializer.serializer_field_mapping,
        Reason: ReasonSerializer,
        Any: JSONField,
    }

    @classmethod
    @cache
    def of(cls, dataclass: type) -> type["Shape"]:
        """The serializer of a dataclass; its schema carries the dataclass's name and docstring."""
        meta = type("Meta", (), {"dataclass": dataclass})
        return type(dataclass.__name__, (cls,), {"Meta": meta, "__doc__": dataclass.__doc__})

    def get_fields(self) -> dict[str, Field[Any, Any, Any, Any]]:
        fields: dict[str, Field[Any, Any, Any, Any]] = super().get_fields()
        declared = self.dataclass_definition.fields
        for name, field in fields.items():
            field.required = True
            if name in declared:
                field.help_text = declared[name].metadata.get("help")
        return fields

    def build_typed_field(
        self, field_name: str, type_info: TypeInfo, extra_kwargs: dict[str, Any]
    ) -> FieldDefinition:
        made, options = super().build_typed_field(field_name, type_info, extra_kwargs)
        if choices := self.dataclass_definition.fields[field_name].metadata.get("choices"):
            return ChoiceField, {**options, "choices": choices}
        return made, options

    def build_dataclass_field(self, field_name: str, type_info: TypeInfo) -> FieldDefinition:
        made, options = super().build_dataclass_field(field_name, type_info)
        if issubclass(made, DataclassSerializer):
            return Shape.of(type_info.base_type), {"many": options["many"]}
        return made, options

    def build_enum_field(self, field_name: str, type_info: TypeInfo) -> FieldDefinition:
        made, options = super().build_enum_field(field_name, type_info)
        if issubclass(type_info.base_type, Choices):
            options["choices"] = type_info.base_type.choices
        return made, options


def shaped(answer: Any) -> Any:
    """A dataclass as it is sent. Serializers are kept: to make one costs more than to use it."""
    made: type = type(answer)
    return _serializer(made).to_representation(answer)


@cache
def _serializer(dataclass: type) -> Shape:
    return Shape.of(dataclass)()


class ShapeSchema(OpenApiDataclassSerializerExtensions):  # type: ignore[no-untyped-call]
    """A shape's name in the schema: `ProjectShape`, beside the row `Project`, is its Project."""

    target_class = "annotator.api.shapes.Shape"
    match_subclasses = True
    priority = 1

    def get_name(self, *_: Any) -> str:
        name: str = self.target.dataclass_definition.dataclass_type.__name__
        return name.removesuffix("Shape")
