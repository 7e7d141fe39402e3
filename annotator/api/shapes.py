"""An answer has the shape of a selector's frozen dataclass: serializer and schema are made from it.

A view declares `responses=Shape.of(Board)` and returns `Response(Shape.of(Board)(board).data)`.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework.fields import Field
from rest_framework_dataclasses.serializers import DataclassSerializer

from annotator.api.schema import ReasonSerializer
from annotator.core.reasons import Reason


class Shape(DataclassSerializer[Any]):
    """What is sent of a dataclass: every field, under its own name, present even when null."""

    serializer_field_mapping: Mapping[type, Any] = {
        **DataclassSerializer.serializer_field_mapping,
        Reason: ReasonSerializer,
    }

    @property
    def serializer_dataclass_field(self) -> type[Any]:
        return Shape

    @classmethod
    @cache
    def of(cls, dataclass: type) -> type["Shape"]:
        """The serializer of a dataclass; its schema carries the dataclass's name and docstring."""
        meta = type("Meta", (), {"dataclass": dataclass})
        made = type(dataclass.__name__, (cls,), {"Meta": meta, "__doc__": dataclass.__doc__})
        return extend_schema_serializer(component_name=dataclass.__name__)(made)

    def get_fields(self) -> dict[str, Field[Any, Any, Any, Any]]:
        fields: dict[str, Field[Any, Any, Any, Any]] = super().get_fields()
        for field in fields.values():
            field.required = True
        return fields


def shaped(answer: object) -> Any:
    """A dataclass as it is sent. Serializers are kept: to make one costs more than to use it."""
    return _serializer(type(answer)).to_representation(answer)


@cache
def _serializer(dataclass: type) -> Shape:
    return Shape.of(dataclass)()
