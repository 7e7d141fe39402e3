"""Our errors → HTTP, one table: `{"code", "params", "message", "fields"}`."""

import logging
import sys
from collections.abc import Mapping
from itertools import islice
from typing import Any

from django.http import Http404, HttpRequest, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from annotator.api.authentication import CsrfFailed, SecondFactorDue
from annotator.api.outages import reason_of_outage
from annotator.api.refusals import reasons_of
from annotator.core import errors
from annotator.core.reasons import Code, Reason, ReasonJson, as_json

log = logging.getLogger(__name__)

STATUS: dict[type[errors.TriptychError], int] = {
    errors.NotFound: 404,
    errors.Invalid: 400,
    errors.RoleRequired: 403,
    errors.Forbidden: 403,
    errors.StaleState: 409,
    errors.Conflict: 409,
    errors.OffsetMismatch: 409,
    errors.AlreadyAnswered: 412,
    errors.KeyReused: 422,
    errors.TooLarge: 413,
    errors.TooManyAttempts: 429,
    errors.Unavailable: 503,
}
# What DRF itself raises, by our codes.
DRF_CODES: dict[type[exceptions.APIException], Code] = {
    exceptions.NotFound: Code.NOT_FOUND,
    exceptions.NotAuthenticated: Code.NOT_SIGNED_IN,
    exceptions.AuthenticationFailed: Code.NOT_SIGNED_IN,
    CsrfFailed: Code.CSRF,
    SecondFactorDue: Code.SECOND_FACTOR_DUE,
    exceptions.PermissionDenied: Code.FORBIDDEN,
    exceptions.MethodNotAllowed: Code.METHOD_NOT_ALLOWED,
    exceptions.UnsupportedMediaType: Code.UNSUPPORTED_MEDIA_TYPE,
    exceptions.ParseError: Code.INVALID,
    exceptions.NotAcceptable: Code.NOT_ACCEPTABLE,
}
FIELDS_IN_MESSAGE = 5
# After so many seconds a browser or program may ask again.
TRY_AGAIN = {"Retry-After": "5"}


def status_of(error: errors.TriptychError) -> int:
    """The HTTP status of an error or of the nearest family it belongs to."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def body(reason: Reason, fields: Mapping[str, Reason] | None = None) -> dict[str, Any]:
    """The one shape of every error; `fields` names what can't be taken, each with its reason."""
    shown = {name: as_json(refused) for name, refused in (fields or {}).items()}
    error = as_json(reason)
    if reason.code == Code.INVALID and shown:
        error["message"] = in_words(shown)
    return {**error, "fields": shown}


def in_words(fields: Mapping[str, ReasonJson]) -> str:
    """The first few fields' reasons, for whoever reads the message alone."""
    first = islice(fields.items(), FIELDS_IN_MESSAGE)
    sentences = (f"{name}: {one['message']}" if name else one["message"] for name, one in first)
    return " ".join(sentences)[:1000]


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler; None lets what we can't answer be a 500."""
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    if isinstance(error, exceptions.ValidationError):
        error = errors.Invalid(fields=dict(reasons_of(None, error.detail)))
    if isinstance(error, errors.TriptychError):
        set_rollback()
        return _refusal(error)
    if isinstance(error, exceptions.APIException):
        set_rollback()
        headers = {}
        if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
            headers["WWW-Authenticate"] = "Bearer"
        code = DRF_CODES.get(type(error), Code.ERROR)
        return Response(body(Reason(code)), error.status_code, headers=headers)
    if outage := reason_of_outage(error):
        log.error("Away: %s", error)
        set_rollback()
        return Response(body(outage), 503, headers=TRY_AGAIN)
    return None


def _refusal(error: errors.TriptychError) -> Response:
    headers = {}
    if isinstance(error, errors.TooManyAttempts):
        headers["Retry-After"] = str(error.retry_after)
    return Response(body(error.reason, error.fields), status_of(error), headers=headers)


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
    """Outside of the API's views: what is away for now (503), or what we did not foresee.

    The log says what; the caller learns nothing of our insides.
    """
    if outage := reason_of_outage(sys.exception()):
        return JsonResponse(body(outage), status=503, headers=TRY_AGAIN)
    return JsonResponse(body(Reason(Code.ERROR)), status=500)
