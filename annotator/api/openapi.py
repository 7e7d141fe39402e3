"""What all calls share in openapi.yaml: how one signs in, and the errors that any may answer."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension

from annotator.api.authentication import BearerAuthentication, BrowserAuthentication

REFUSALS = {
    400: "What was sent can't be read; `fields` says where.",
    401: "Nobody is signed in.",
    403: "The CSRF token is missing, or the role does not allow it.",
    404: "Absent, or not yours.",
    409: "Not in the present state.",
    413: "Over a limit, which the message names.",
    415: "Only application/json is read here.",
    422: "The Idempotency-Key came with another body before.",
    429: "Too many attempts; Retry-After says how long to wait, in seconds.",
    503: "A part of the site is not there just now.",
}
UNSAFE = {"post", "put", "patch", "delete"}
BINARY = {"type": "string", "format": "binary"}
# The one name for bytes that every generator of clients knows.
BYTES = "application/octet-stream"
JSON_ERROR = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}


class BrowserScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the schema describes a browser's way in."""

    target_class = BrowserAuthentication
    name = "session"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """An OpenAPI security scheme."""
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": "sessionid",
            "description": "Unsafe methods also need the header X-CSRFToken with the value of the "
            "cookie csrftoken, which GET /me sets.",
        }


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the schema describes a program's way in."""

    target_class = BearerAuthentication
    name = "bearer"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """An OpenAPI security scheme."""
        return {"type": "http", "scheme": "bearer", "description": "A token of POST /tokens."}


def say_refusals(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """drf-spectacular's hook: every refusal that a call can meet, in words, and no other."""
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            responses = operation["responses"]
            for status in _shared(path, method, operation):
                responses.setdefault(str(status), {"content": JSON_ERROR})
            for status, words in REFUSALS.items():
                if str(status) in responses:
                    responses[str(status)]["description"] = words
            for response in responses.values():
                _name_bytes(response.get("content", {}))
            operation["responses"] = dict(sorted(responses.items()))
    return result


def _name_bytes(content: dict[str, Any]) -> None:
    """An image or a zip is bytes as well, for whoever knows no images."""
    if any(media.get("schema") == BINARY for media in content.values()):
        content.setdefault(BYTES, {"schema": BINARY})


def _shared(path: str, method: str, operation: dict[str, Any]) -> set[int]:
    statuses = {404} if "{" in path else set()
    if {} not in operation.get("security", [{}]):
        statuses.add(401)
    if method in UNSAFE:
        statuses.add(403)
    if "requestBody" in operation:
        statuses |= {400, 415}
    return statuses
