"""An OpenID provider that signs what it is told to, true or not: what an honest one never sends.

It speaks HTTP on a port of its own. The honest one, in the browser tests, is `oidc-provider`.
"""

import base64
import contextlib
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey

CLIENT = "triptych"
CLIENT_SECRET = "known to both"
KEY = RSAKey.generate_key(2048, {"kid": "rsa", "use": "sig"})
EC_KEY = ECKey.generate_key("P-256", {"kid": "ec", "use": "sig"})
FOREIGN_KEY = RSAKey.generate_key(2048, {"kid": "rsa"})
# What an algorithm that we do not take is signed with.
SYMMETRIC_KEY = OctKey.import_key(CLIENT_SECRET.ljust(32, "."), {"kid": "rsa"})


@dataclass
class Provider:
    """What it says of whoever comes next; `id_token` and `userinfo` are laid over the truth."""

    issuer: str
    key: Any = field(default_factory=lambda: KEY)
    algorithm: str = "RS256"
    id_token: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    subject: str = "248289761001"
    # What the browser was sent with.
    asked: dict[str, str] = field(default_factory=dict)
    # Whose requests were refused, and why.
    refused: list[str] = field(default_factory=list)

    def send_back(self, url: str, **answer: str) -> dict[str, str]:
        """What the browser is sent back with after it was sent to this address."""
        self.asked = {name: value for name, [value] in parse_qs(urlsplit(url).query).items()}
        return {"code": "a code", "state": self.asked["state"], "iss": self.issuer, **answer}

    def configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/keys",
            "end_session_endpoint": f"{self.issuer}/end",
            **self.metadata,
        }

    def token(self, form: dict[str, str], authorization: str) -> dict[str, Any]:
        """The answer to a code: nothing for who does not know the secret and the verifier."""
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        if _base64(digest) != self.asked["code_challenge"]:
            self.refused.append("verifier")
            return {"error": "invalid_grant"}
        secret = base64.b64encode(f"{CLIENT}:{CLIENT_SECRET}".encode()).decode()
        if authorization != f"Basic {secret}":
            self.refused.append("secret")
            return {"error": "invalid_client"}
        now = int(time.time())
        claims = {
            "iss": self.issuer, "aud": CLIENT, "sub": self.subject,
            "nonce": self.asked["nonce"], "iat": now, "exp": now + 300,
            **self.id_token,
        }  # fmt: skip
        claims = {name: value for name, value in claims.items() if value is not None}
        return {"access_token": "a token", "token_type": "Bearer", "id_token": self.signed(claims)}

    def signed(self, claims: dict[str, Any]) -> str:
        header = {"alg": self.algorithm, "kid": self.key.kid}
        if self.algorithm == "none":
            parts = (json.dumps(part).encode() for part in (header, claims))
            return ".".join([*map(_base64, parts), ""])
        return jwt.encode(header, claims, self.key, algorithms=[self.algorithm])

    def answer(self, path: str, form: dict[str, str], authorization: str) -> dict[str, Any]:
        if path.endswith("/.well-known/openid-configuration"):
            return self.configuration()
        if path.endswith("/keys"):
            return KeySet([KEY, EC_KEY]).as_dict()  # type: ignore[return-value]
        if path.endswith("/userinfo") and authorization == "Bearer a token":
            return {"sub": self.subject, **self.userinfo}
        return self.token(form, authorization)


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


@contextlib.contextmanager
def provider() -> Iterator[Provider]:
    """A provider that listens until the test is over."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            form = {
                name: value for name, [value] in parse_qs(self.rfile.read(length).decode()).items()
            }
            told = made.answer(self.path, form, self.headers.get("Authorization", ""))
            body = json.dumps(told).encode()
            self.send_response(400 if "error" in told else 200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815 - http.server finds it by its name

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made = Provider(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
