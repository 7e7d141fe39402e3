"""Annotators who claim and answer without a pause, and send each answer until they know of it."""

import contextlib
import http
import http.client
import json
import threading
import time
import uuid
from collections.abc import Sequence
from typing import Any

from tests.faults.history import History

TIMEOUT_SECONDS = 30.0
PAUSE_SECONDS = 0.2
ANSWERS = {
    question: {"choice": choice}
    for question, choice in (
        ("aesthetics", "a"),
        ("detail_quality", "b"),
        ("semantic_alignment", "tie"),
        ("overall", "a"),
    )
}
# What a program may send again and hear something else.
PASSING = {http.HTTPStatus.TOO_MANY_REQUESTS, http.HTTPStatus.REQUEST_TIMEOUT}


class Asker:
    """One bearer token and one connection, opened anew where it broke."""

    def __init__(self, port: int, token: str) -> None:
        self.port = port
        self.token = token
        self.connection: http.client.HTTPConnection | None = None

    def ask(self, method: str, path: str, body: Any = None, key: str = "") -> tuple[int, Any]:
        """Status and body. OSError or HTTPException where the connection broke."""
        if self.connection is None:
            self.connection = http.client.HTTPConnection(
                "127.0.0.1", self.port, timeout=TIMEOUT_SECONDS
            )
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        if key:
            headers["Idempotency-Key"] = key
        try:
            self.connection.request(method, f"/api/v1/{path}", json.dumps(body), headers)
            answer = self.connection.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException):
            self.close()
            raise
        try:
            return answer.status, json.loads(text or b"null")
        except ValueError:
            return answer.status, None

    def close(self) -> None:
        """Ends the connection, if there is one."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def send_chunk(self, batch: int, offset: int, data: bytes) -> None:
        """Some bytes of an upload, over a connection of their own."""
        with self._once() as connection:
            headers = {
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/offset+octet-stream",
                "Upload-Offset": str(offset),
            }
            connection.request("PATCH", f"/api/v1/batches/{batch}/upload", data, headers)
            answer = connection.getresponse()
            assert answer.status == http.HTTPStatus.OK, answer.read()

    def is_ready(self) -> bool:
        """Whether the site calls itself ready."""
        try:
            with self._once() as connection:
                connection.request("GET", "/health/ready")
                return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False

    def _once(self) -> contextlib.closing[http.client.HTTPConnection]:
        return contextlib.closing(
            http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT_SECONDS)
        )


class Annotator(threading.Thread):
    """Claims an item and answers it, as the desk does: each answer asks for the next one."""

    def __init__(
        self, port: int, token: str, project: int, history: History, over: threading.Event
    ) -> None:
        super().__init__(daemon=True)
        self.asker = Asker(port, token)
        self.project = project
        self.history = history
        self.over = over
        # What came along with the last answer.
        self.along: str | None = None

    def run(self) -> None:
        """Until it is over; a begun answer is sent until it is acknowledged."""
        while not self.over.is_set():
            assignment = self.along or self.claim()
            if assignment is None:
                time.sleep(PAUSE_SECONDS)
            else:
                self.answer(assignment)
        self.asker.close()

    def claim(self) -> str | None:
        try:
            status, body = self.asker.ask("POST", f"projects/{self.project}/claims", {"count": 1})
        except (OSError, http.client.HTTPException):
            return None
        return first_of(body) if status == http.HTTPStatus.OK else None

    def answer(self, assignment: str) -> None:
        """Sends one answer, under one key, until a receipt or a refusal is heard."""
        key = uuid.uuid4().hex
        self.along = None
        while not self.try_once(assignment, key):
            time.sleep(PAUSE_SECONDS)

    def try_once(self, assignment: str, key: str) -> bool:
        """Whether it is known what became of it."""
        self.history.sends(key)
        path = f"assignments/{assignment}/annotation?hold=1"
        body = {"answers": ANSWERS, "active_ms": 900}
        try:
            status, told = self.asker.ask("PUT", path, body, key)
        except (OSError, http.client.HTTPException) as error:
            self.history.fails(key, type(error).__name__)
            return False
        if status in (http.HTTPStatus.OK, http.HTTPStatus.CREATED):
            receipt = (told["id"], told["sha256"])
            self.history.hears(key, receipt, time.monotonic())
            self.along = first_of(told.get("claims"))
            return True
        if status in PASSING or status >= http.HTTPStatus.INTERNAL_SERVER_ERROR:
            self.history.fails(key, str(status))
            return False
        self.history.is_refused(key, f"{status} {(told or {}).get('code', '')}")
        return True


def first_of(claims: Any) -> str | None:
    """The first item that a person holds; None where they hold none, or it is not said."""
    held = (claims or {}).get("assignments") or []
    return str(held[0]["id"]) if held else None


class Crowd:
    """Several of them at once."""

    def __init__(self, port: int, project: int, tokens: Sequence[str]) -> None:
        self.history = History()
        self.over = threading.Event()
        self.annotators = [
            Annotator(port, token, project, self.history, self.over) for token in tokens
        ]

    def begin(self) -> None:
        """They sit down."""
        for one in self.annotators:
            one.start()

    def end(self) -> None:
        """They finish what they have begun and go."""
        self.over.set()
        for one in self.annotators:
            one.join()
