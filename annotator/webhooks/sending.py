"""Sends one signed message: the headers of Standard Webhooks, one connection, no redirects."""

import base64
import contextlib
import hashlib
import hmac
import secrets
import socket
import threading
import time
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPException
from urllib.parse import urlsplit

from cryptography.fernet import InvalidToken
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from annotator.core.reasons import Code, Reason
from annotator.core.sealing import cipher
from annotator.webhooks.addresses import PORTS, Address, NoWayThere, resolve
from annotator.webhooks.models import WebhookDelivery

PURPOSE = "annotator.webhooks"
PREFIX = "whsec_"
SECRET_BYTES = 32
# Between two signs of life, and for all of it.
QUIET_SECONDS = 5.0
WHOLE_SECONDS = 10.0
SUCCESS = range(200, 300)


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a try; `error` None: it has arrived."""

    milliseconds: int
    status: int | None
    error: Reason | None


def new_secret() -> str:
    """A secret as it is shown to whoever is to check signatures."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def sealed(secret: str) -> str:
    """A secret as it is kept."""
    return cipher(PURPOSE).encrypt(secret.encode()).decode()


def signature_of(secret: str, *, message_id: str, timestamp: int, body: str) -> str:
    """`v1,…`: HMAC-SHA256 of id, time and body, as Standard Webhooks has it."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{message_id}.{timestamp}.{body}".encode()
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def send(delivery: WebhookDelivery, *, now: datetime) -> Sent:
    """Tries once. What goes wrong is said in the outcome, never raised."""
    began = time.monotonic()
    status, error = None, None
    try:
        status = _post(delivery, now)
        if status not in SUCCESS:
            error = Reason(Code.WEBHOOK_STATUS, status=status)
    except NoWayThere as refused:
        error = refused.reason
    except InvalidToken:
        error = Reason(Code.WEBHOOK_SECRET_LOST)
    except (OSError, HTTPError, HTTPException) as failed:
        error = Reason(Code.WEBHOOK_UNREACHABLE, error=f"{type(failed).__name__}: {failed}"[:300])
    return Sent(round(1000 * (time.monotonic() - began)), status, error)


def _post(delivery: WebhookDelivery, now: datetime) -> int:
    url = urlsplit(delivery.webhook.url)
    host = url.hostname or ""
    port = url.port or PORTS[url.scheme]
    headers = _headers(delivery, now)
    connection = _connection(url.scheme, host, resolve(host, port), port)
    headers["Host"] = url.netloc
    path = f"{url.path or '/'}?{url.query}" if url.query else url.path or "/"
    # Who sends a byte now and then would else hold a worker for as long as they like.
    over = threading.Timer(WHOLE_SECONDS, _cut, [connection])
    over.start()
    try:
        connection.request("POST", path, delivery.body.encode(), headers, preload_content=False)
        return int(connection.getresponse().status)
    finally:
        over.cancel()
        connection.close()


def _headers(delivery: WebhookDelivery, now: datetime) -> dict[str, str]:
    secret = cipher(PURPOSE).decrypt(delivery.webhook.secret.encode()).decode()
    message_id, timestamp = f"msg_{delivery.message_id.hex}", int(now.timestamp())
    return {
        "Content-Type": "application/json",
        "User-Agent": "Triptych-Webhooks/1",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature_of(
            secret, message_id=message_id, timestamp=timestamp, body=delivery.body
        ),
    }


def _connection(scheme: str, host: str, address: Address, port: int) -> HTTPConnection:
    """To the address that was looked at; the certificate has to be the name's."""
    to = str(address)
    if scheme == "http":
        return HTTPConnection(to, port, timeout=QUIET_SECONDS)
    return HTTPSConnection(
        to, port, timeout=QUIET_SECONDS, server_hostname=host, assert_hostname=host
    )


def _cut(connection: HTTPConnection) -> None:
    """Ends what another thread waits for."""
    if connection.sock is not None:
        with contextlib.suppress(OSError):
            connection.sock.shutdown(socket.SHUT_RDWR)
