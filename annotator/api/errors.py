"""Our errors → HTTP, one table: `{"code", "message", "fields"}`."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from django.http import Http404, HttpRequest, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from annotator.api.authentication import CsrfFailed
from annotator.core import errors
from annotator.core.reasons import Reason, as_json, sentence

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

# What DRF itself raises, in our words.
DRF_CODES: dict[type[exceptions.APIException], str] = {
    exceptions.NotAuthenticated: "not_signed_in",
    exceptions.AuthenticationFailed: "not_signed_in",
    CsrfFailed: "csrf",
    exceptions.PermissionDenied: "forbidden",
    exceptions.MethodNotAllowed: "method_not_allowed",
    exceptions.UnsupportedMediaType: "unsupported_media_type",
    exceptions.ParseError: "invalid",
    exceptions.NotAcceptable: "not_acceptable",
}


def body(
    code: str,
    message: str,
    fields: Mapping[str, Any] | None = None,
    params: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The one shape of every error; `fields` names what can't be taken, each with its reason."""
    shown = {
        name: as_json(value) if isinstance(value, Reason) else value
        for name, value in (fields or {}).items()
    }
    return {"code": code, "message": message, "params": dict(params or {}), "fields": shown}


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
        sent = body(error.reason.code, message, error.fields, as_json(error.reason)["params"])
        return Response(sent, status_of(error), headers=headers)
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    if isinstance(error, exceptions.NotFound):
        return Response(body(errors.NotFound.code, errors.NotFound().message), 404)
    if isinstance(error, exceptions.ValidationError):
        set_rollback()
        fields = error.detail if isinstance(error.detail, dict) else {"": error.detail}
        return Response(body(errors.Invalid.code, in_words(fields), dict(fields)), 400)
    if isinstance(error, exceptions.APIException):
        set_rollback()
        code = DRF_CODES.get(type(error), "error")
        headers = {}
        if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
            headers["WWW-Authenticate"] = "Bearer"
        return Response(body(code, str(error.detail)), error.status_code, headers=headers)
    return None


def csrf_failed(request: HttpRequest, reason: str = "") -> JsonResponse:
    """Django's CSRF refusal in our shape."""
    return JsonResponse(
        body(DRF_CODES[CsrfFailed], str(CsrfFailed.default_detail)),
        status=403,
    )


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> JsonResponse:
    """Django's 404 in our shape: an address that is nobody's."""
    return JsonResponse(body(errors.NotFound.code, errors.NotFound().message), status=404)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> JsonResponse:
    """Django's 400 (an unknown Host, too many fields) in our shape; the cause is in the log."""
    return JsonResponse(body(errors.Invalid.code, "This request can't be read."), status=400)


def server_error(request: HttpRequest) -> JsonResponse:
    """What we did not foresee. The log says what; the caller learns nothing of our insides."""
    return JsonResponse(body("error", "Something went wrong here. It is in the log."), status=500)
