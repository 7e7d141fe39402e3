"""The service over HTTP (WSGI): who asks, in which dialect, how much; the rest is not here.

The first part of an address may name a reward: ``/cats.overall/compute``. Its client is then given
``http://any:TOKEN@HOST/cats.overall`` as its server, for most have no other place for a token.
"""

import base64
import binascii
import hmac
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from scoring.service import pickles
from scoring.service.dialects import chat, flow_factory, pickled, plain, unirl
from scoring.service.dialects.reading import Listed, Reading, chosen, told_reason, told_rewards
from scoring.service.refusals import Code, Refused
from scoring.service.service import Service

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse

Environ = Mapping[str, Any]
RETRY_AFTER_SECONDS = 1


def _json(answer: object) -> bytes:
    return json.dumps(answer).encode()


def _error(refused: Refused) -> object:
    return {"error": {**told_reason(refused.reason), "message": str(refused)}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How a body is read, and what is written: an answer, or a refusal."""

    read: Callable[[bytes, str, Listed], Reading]
    dump: Callable[[object], bytes] = _json
    error: Callable[[Refused], object] = _error
    content_type: str = "application/json"


PLAIN = Dialect(read=plain.read)
DIALECTS: Mapping[str, Dialect] = {
    "/v1/score": PLAIN,
    "/score": Dialect(read=unirl.read),
    "/v1/chat/completions": Dialect(read=chat.read),
    "/compute": Dialect(read=flow_factory.read),
    "/group/compute": Dialect(read=flow_factory.read_group),
    "/": Dialect(
        read=pickled.read,
        dump=pickles.pickled,
        error=lambda refused: {"error": str(refused)},
        content_type="application/octet-stream",
    ),
}


@dataclass(frozen=True, slots=True)
class App:
    """A WSGI application. ``token`` is what every caller but a probe of health has to know."""

    service: Service
    token: str

    def __call__(self, environ: Environ, start_response: "StartResponse") -> Iterable[bytes]:
        whole = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")
        name, path = _parted(whole)
        posted = environ["REQUEST_METHOD"] == "POST"
        dialect = DIALECTS.get(path, PLAIN) if posted else PLAIN
        more: list[tuple[str, str]] = []
        try:
            answer = dialect.dump(self._answer(environ, name, path))
            status = HTTPStatus.OK
        except Refused as refused:
            answer, status = dialect.dump(dialect.error(refused)), refused.status
            more = _more_headers(status)
        length = ("Content-Length", str(len(answer)))
        kind = ("Content-Type", dialect.content_type)
        start_response(f"{status.value} {status.phrase}", [kind, length, *more])
        return [answer]

    def _answer(self, environ: Environ, name: str, path: str) -> object:
        known, listed = self._knows_token(environ), self.service.listed
        match environ["REQUEST_METHOD"], path:
            case "GET", "/health" if not known:
                return {"status": "ok"}
            case _ if not known:
                raise Refused(Code.TOKEN_WRONG)
            case "GET", "/health":
                # As UniRL's client reads it; who asks for a reward that is not here hears so.
                names = chosen([name] if name else [], listed)
                return {"status": "ok", "rewards": {name: ["ready"] for name in names}}
            case "GET", "/rewards":
                return {"rewards": list(listed), "made_with": told_rewards(listed, listed)}
            case "GET", "/v1/models":
                models = [{"id": name, "object": "model"} for name in listed]
                return {"object": "list", "data": models}
            case "POST", _ if path in DIALECTS:
                reading = DIALECTS[path].read(self._body(environ), name, listed)
                return reading.answer(self.service.scored(reading.asked))
        raise Refused(Code.ADDRESS_UNKNOWN)

    def _body(self, environ: Environ) -> bytes:
        told, most = environ.get("CONTENT_LENGTH", ""), self.service.limits.body_bytes
        if not told.isdecimal():
            raise Refused(Code.LENGTH_MISSING)
        if (length := int(told)) > most:
            raise Refused(Code.BODY_TOO_LARGE, n=length, most=most)
        body: bytes = environ["wsgi.input"].read(length)
        return body

    def _knows_token(self, environ: Environ) -> bool:
        """As a bearer, or as the password of an address: ``http://any:TOKEN@HOST``."""
        scheme, _, given = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() == "basic":
            try:
                given = base64.b64decode(given).decode().partition(":")[2]
            except (binascii.Error, UnicodeDecodeError):
                return False
        elif scheme.lower() != "bearer":
            return False
        return hmac.compare_digest(given.strip().encode(), self.token.encode())


def _parted(path: str) -> tuple[str, str]:
    """A reward's name, "" for none, and what is asked of it."""
    if path in DIALECTS or path in {"/health", "/rewards", "/v1/models"}:
        return "", path
    name, _, rest = path.removeprefix("/").partition("/")
    return name, f"/{rest}"


def _more_headers(status: HTTPStatus) -> list[tuple[str, str]]:
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        return [("Retry-After", str(RETRY_AFTER_SECONDS))]
    if status is HTTPStatus.UNAUTHORIZED:
        return [("WWW-Authenticate", "Bearer")]
    return []
