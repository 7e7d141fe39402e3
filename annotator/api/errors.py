"""Our errors → HTTP, one table: `{"code", "params", "message", "fields"}`."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from django.http import Http404, HttpRequest, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from annotator.api.authentication import CsrfFailed
from annotator.core import errors
from annotator.core.reasons import Code, Reason, as_json, sentence

STATUS: dict[type[errors.TriptychError], int] = {
    errors.NotFound: 404,
    errors.Invalid: 400,
    errors.RoleRequired: 403,
    errors.StaleState: 409,
    errors.Conflict: 409,
    errors.OffsetMismatch: 409,
    errors.KeyReused: 422,
    errors.TooLarge: 413,
    errors.TooManyAttempts: 429,
}


def status_of(error: errors.TriptychError) -> int:
    """The HTTP status of an error or of the nearest family it belongs to."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


SAID_AT_ONCE = 5

# What DRF itself raises, by our codes.
DRF_CODES: dict[type[exceptions.APIException], Code] = {
    exceptions.NotFound: Code.NOT_FOUND,
    exceptions.NotAuthenticated: Code.NOT_SIGNED_IN,
    exceptions.AuthenticationFailed: Code.NOT_SIGNED_IN,
    CsrfFailed: Code.CSRF,
    exceptions.PermissionDenied: Code.FORBIDDEN,
    exceptions.MethodNotAllowed: Code.METHOD_NOT_ALLOWED,
    exceptions.UnsupportedMediaType: Code.UNSUPPORTED_MEDIA_TYPE,
    exceptions.ParseError: Code.INVALID,
    exceptions.NotAcceptable: Code.NOT_ACCEPTABLE,
}


def body(
    reason: Reason, *, message: str = "", fields: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The one shape of every error; `fields` names what can't be taken, each with its reason."""
    shown = {
        name: as_json(value) if isinstance(value, Reason) else value
        for name, value in (fields or {}).items()
    }
    said = as_json(reason)
    return {**said, "message": message or said["message"], "fields": shown}


def reasons(fields: Any, name: str = "") -> Iterator[str]:
    """What is said of each field, nested ones by their path: "questions.0.scale: …"."""
    if isinstance(fields, Mapping):
        for key, value in fields.items():
            yield from reasons(value, f"{name}.{key}" if name else str(key))
    elif isinstance(fields, Reason):
        yield f"{name}: {sentence(fields)}" if name else sentence(fields)
    elif isinstance(fields, list | tuple) and any(isinstance(each, Mapping) for each in fields):
        for place, value in enumerate(fields):
            yield from reasons(value, f"{name}.{place}")
    else:
        said = " ".join(map(str, fields)) if isinstance(fields, list | tuple) else str(fields)
        yield f"{name}: {said}" if name else said


def in_words(fields: Mapping[str, Any]) -> str:
    """The first few reasons, for whoever reads the message alone."""
    said = list(islice(reasons(fields), SAID_AT_ONCE))
    return " ".join(said)[:1000] if said else errors.Invalid().message


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler; None lets what we can't answer be a 500."""
    if isinstance(error, errors.TriptychError):
        set_rollback()
        headers = (
            {"Retry-After": str(error.retry_after)}
            if isinstance(error, errors.TooManyAttempts)
            else None
        )
        unsaid = isinstance(error, errors.Invalid) and error.message == errors.Invalid().message
        message = in_words(error.fields) if unsaid else error.message
        sent = body(error.reason, message=message, fields=error.fields)
        return Response(sent, status_of(error), headers=headers)
    if isinstance(error, exceptions.ValidationError):
        set_rollback()
        fields = error.detail if isinstance(error.detail, dict) else {"": error.detail}
        sent = body(Reason(Code.INVALID), message=in_words(fields), fields=fields)
        return Response(sent, 400)
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    if isinstance(error, exceptions.APIException):
        set_rollback()
        code = DRF_CODES.get(type(error), Code.ERROR)
        headers = {}
        if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
            headers["WWW-Authenticate"] = "Bearer"
        return Response(body(Reason(code)), error.status_code, headers=headers)
    return None


def csrf_failed(request: HttpRequest, reason: str = "") -> JsonResponse:
    """Django's CSRF refusal in our shape."""
    return JsonResponse(body(Reason(Code.CSRF)), status=403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> JsonResponse:
    """Django's 404 in our shape: an address that is nobody's."""
    return JsonResponse(body(Reason(Code.NOT_FOUND)), status=404)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> JsonResponse:
    """Django's 400 (an unknown Host, too many fields) in our shape; the cause is in the log."""
    return JsonResponse(body(Reason(Code.INVALID)), status=400)


def server_error(request: HttpRequest) -> JsonResponse:
    """What we did not foresee. The log says what; the caller learns nothing of our insides."""
    return JsonResponse(body(Reason(Code.ERROR)), status=500)
