"""Our errors → HTTP, one table: `{"code", "message", "fields"}`."""

from typing import Any

from django.http import Http404, HttpRequest, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from annotator.core import errors

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

# What DRF itself raises, in our words.
DRF_CODES: dict[type[exceptions.APIException], str] = {
    exceptions.NotAuthenticated: "not_signed_in",
    exceptions.AuthenticationFailed: "not_signed_in",
    exceptions.PermissionDenied: "forbidden",
    exceptions.MethodNotAllowed: "method_not_allowed",
    exceptions.UnsupportedMediaType: "unsupported_media_type",
    exceptions.ParseError: "invalid",
    exceptions.NotAcceptable: "not_acceptable",
}


def body(code: str, message: str, fields: dict[str, Any] | None = None) -> dict[str, Any]:
    """The one shape of every error."""
    return {"code": code, "message": message, "fields": fields or {}}


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler; None lets what we can't answer be a 500."""
    if isinstance(error, errors.TriptychError):
        set_rollback()
        headers = (
            {"Retry-After": str(error.retry_after)}
            if isinstance(error, errors.TooManyAttempts)
            else None
        )
        return Response(
            body(error.code, error.message, error.fields), STATUS[type(error)], headers=headers
        )
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    if isinstance(error, exceptions.NotFound):
        return Response(body(errors.NotFound.code, errors.NotFound.message), 404)
    if isinstance(error, exceptions.ValidationError):
        set_rollback()
        fields = error.detail if isinstance(error.detail, dict) else {"": error.detail}
        return Response(body(errors.Invalid.code, errors.Invalid.message, dict(fields)), 400)
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
        body("csrf", "This request did not carry the page's own token. Reload the page."),
        status=403,
    )
