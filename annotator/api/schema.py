"""What every resource of the door says alike: errors in the schema, and who is calling."""

from typing import Any, cast

from rest_framework import serializers
from rest_framework.request import Request

from annotator.accounts.models import User
from annotator.core.reasons import Reason, as_json


class StrictSerializer(serializers.Serializer[Any]):
    """A request's body in which a field that nobody asked for is refused, not ignored.

    So nobody can slip in a role, an owner or a state, and a misspelt field is noticed.
    """

    def to_internal_value(self, data: Any) -> Any:
        """The checked values; ValidationError names every unknown field."""
        if isinstance(data, dict):
            writable = {name for name, field in self.fields.items() if not field.read_only}
            unknown = {str(name)[:100] for name in data} - writable
            if unknown:
                raise serializers.ValidationError(
                    dict.fromkeys(sorted(unknown), "there is no such field here.")
                )
        return super().to_internal_value(data)


class ReasonSerializer(serializers.Serializer[Reason]):
    """Why: a code for programs, its values, and the same in words."""

    code = serializers.CharField(help_text="For programs, e.g. no_pairs.")
    params = serializers.DictField(help_text="The values that the message names.")
    message = serializers.CharField(help_text="In English, for whoever reads no codes.")

    def to_representation(self, instance: Reason) -> dict[str, Any]:
        return dict(as_json(instance))


class ErrorSerializer(serializers.Serializer[Any]):
    """The one shape of every error."""

    code = serializers.CharField(help_text="For programs, e.g. not_found.")
    message = serializers.CharField(help_text="For people: what is wrong and what to do.")
    params = serializers.DictField(help_text="The values that the message names.")
    fields = serializers.DictField(help_text="Which part of the request it is about.")  # type: ignore[assignment]


# What any call may answer besides its own.
ERRORS: dict[int, type[ErrorSerializer]] = dict.fromkeys((400, 401, 403, 404, 409), ErrorSerializer)


def person(request: Request) -> User:
    """Who is calling; authentication has seen to it that somebody is."""
    return cast(User, request.user)
