"""Slow senders: however many connections send a byte now and then, everybody else is answered."""

import contextlib
import http.client
import json
import socket
from collections.abc import Iterator

import pytest

from annotator.ops.gunicorn_worker import LONGEST_BODY, LONGEST_HEAD, is_whole
from tests.sites import Web, embedded_environment, manage
from tests.waiting import HANG_SECONDS, until

# More than all threads of all processes.
SENDERS = 40
TOKEN = "a" * 32
HEADERS = {
    "Host": "localhost",
    "Content-Type": "application/json",
    "Cookie": f"csrftoken={TOKEN}",
    "X-CSRFToken": TOKEN,
}
HEAD = "\r\n".join(
    ["POST /api/v1/auth/login HTTP/1.1", *map(": ".join, HEADERS.items()), ""]
).encode()


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    env = embedded_environment(tmp_path_factory.mktemp("site"))
    done = manage(env, "migrate", "--verbosity", "0")
    assert done.returncode == 0, done.stderr
    running = Web({**env, "DATABASE_URL": "", "REDIS_URL": ""})
    until(running.answers, "the site answers")
    yield running
    running.end()


@contextlib.contextmanager
def senders(web: Web, first: bytes) -> Iterator[list[socket.socket]]:
    """Connections that have sent so much and keep the rest back."""
    with contextlib.ExitStack() as stack:
        opened = []
        for _ in range(SENDERS):
            one = socket.create_connection(("127.0.0.1", web.port), timeout=HANG_SECONDS)
            opened.append(stack.enter_context(one))
            one.sendall(first)
        yield opened


@pytest.mark.parametrize(
    "first",
    [b"", b"GET / HTTP/1.1\r\nX-Slow: ", HEAD + b"Content-Length: 100\r\n\r\n{"],
    ids=["nothing", "half a head", "half a body"],
)
def test_who_keeps_the_rest_of_a_request_back_keeps_nobody_waiting(web: Web, first: bytes) -> None:
    with senders(web, first) as slow:
        for one in slow if first else ():
            one.sendall(b"a")

        assert web.ask("/health/live") == (200, "", "")


def test_who_never_comes_to_the_end_is_shown_the_door(web: Web) -> None:
    with senders(web, b"GET / HTTP/1.1\r\n") as slow:
        assert [one.recv(1) for one in slow] == [b""] * SENDERS


def test_a_request_that_comes_in_pieces_is_answered_on_a_connection_that_is_kept(web: Web) -> None:
    body = json.dumps({"username": "nobody", "password": "a wrong one"}).encode()
    request = HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body
    with socket.create_connection(("127.0.0.1", web.port), timeout=HANG_SECONDS) as caller:
        for _ in range(2):
            for place in range(0, len(request), 50):
                caller.sendall(request[place : place + 50])
            answer = http.client.HTTPResponse(caller)
            answer.begin()
            said = json.loads(answer.read())

            assert (answer.status, said["code"]) == (400, "wrong_credentials")


def test_a_long_body_arrives_whole(web: Web) -> None:
    body = json.dumps({"username": "n" * 2 * LONGEST_BODY, "password": "x"}).encode()
    caller = http.client.HTTPConnection("127.0.0.1", web.port, timeout=HANG_SECONDS)
    with contextlib.closing(caller):
        caller.request("POST", "/api/v1/auth/login", body=body, headers=HEADERS)
        answer = caller.getresponse()

        assert (answer.status, json.loads(answer.read())["code"]) == (400, "invalid")


def test_a_thread_begins_when_the_head_and_a_small_body_are_there() -> None:
    head = HEAD + b"Content-Length: 3\r\n\r\n"

    assert [is_whole(head[:-1]), is_whole(head), is_whole(head + b"ab")] == [False] * 3
    assert is_whole(head + b"abc")
    assert is_whole(HEAD + b"\r\n")
    assert is_whole(HEAD + b"content-length: %d\r\n\r\n" % (LONGEST_BODY + 1))
    assert is_whole(HEAD + b"Expect: 100-continue\r\nContent-Length: 3\r\n\r\n")
    assert is_whole(b"x" * (LONGEST_HEAD + 1))


def test_a_length_in_the_body_is_none_of_the_head() -> None:
    assert is_whole(HEAD + b"\r\nContent-Length: 900\r\n")
