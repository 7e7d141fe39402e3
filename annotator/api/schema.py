"""What every resource of the door says alike: errors in the schema, and who is calling."""

from functools import cache
from typing import Any, cast

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.request import Request

from annotator.accounts.models import User
from annotator.api.refusals import reasons_of
from annotator.core.errors import Invalid
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
                refusals = {name: [ErrorDetail("unknown", "unknown")] for name in sorted(unknown)}
                raise serializers.ValidationError(refusals)
        return super().to_internal_value(data)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        """As DRF's; what can't be taken of the whole body is told in reasons."""
        try:
            return super().run_validation(data)
        except serializers.ValidationError as error:
            if self.parent is not None:
                raise
            raise Invalid(fields=dict(reasons_of(self, error.detail))) from error


def checked(serializer: type[StrictSerializer], sent: Any) -> dict[str, Any]:
    """What was sent, checked. Serializers are kept: to make one costs more than to use it."""
    values: dict[str, Any] = _kept(serializer).run_validation(sent)
    return values


@cache
def _kept(serializer: type[StrictSerializer]) -> StrictSerializer:
    return serializer()


class ReasonSerializer(serializers.Serializer[Reason]):
    """Why: a code for programs, its values, and the same in words."""

    code = serializers.CharField(help_text="For programs, e.g. no_pairs.")
    params = serializers.DictField(help_text="The values that the message names.")
    message = serializers.CharField(help_text="In English, for whoever reads no codes.")

    def to_representation(self, instance: Reason) -> dict[str, Any]:
        return dict(as_json(instance))


class ErrorSerializer(ReasonSerializer):
    """The one shape of every error: its reason, and those of the fields that can't be taken."""

    fields = serializers.DictField(  # type: ignore[assignment]
        child=ReasonSerializer(), help_text="Under each field's path, e.g. questions.0.scale."
    )


# What any call may answer besides its own.
ERRORS: dict[int, type[ErrorSerializer]] = dict.fromkeys((400, 401, 403, 404, 409), ErrorSerializer)


def person(request: Request) -> User:
    """Who is calling; authentication has seen to it that somebody is."""
    return cast(User, request.user)


def bearer_token(request: Request) -> str | None:
    """The token that a program calls with; None for a browser."""
    return cast("str | None", request.auth)
