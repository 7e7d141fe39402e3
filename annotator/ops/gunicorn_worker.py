"""gunicorn's threads, kept for requests that are there: slow ones are waited for without a thread.

gunicorn's own `gthread` reads a request's head in a thread, so that as many connections as it has
threads, each sending a byte now and then, stop the site. Here the event loop reads until the head
and a small body are complete; only then does a thread begin.
"""

import re
import time
from functools import partial
from selectors import EVENT_READ
from socket import socket
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

# So long may a request take to arrive; a longer body is read by its view, from whoever is known.
ARRIVAL_SECONDS = 15.0
LONGEST_HEAD = 1 << 17
LONGEST_BODY = 1 << 18
AT_ONCE = 1 << 16
HEAD_ENDS = b"\r\n\r\n"
# Who sends this keeps the body back until it is asked for, which the view does.
ASKS_FIRST = re.compile(rb"\r\nexpect:", re.IGNORECASE)
CONTENT_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,18})[ \t]*\r\n", re.IGNORECASE)


def is_whole(arrived: bytes) -> bool:
    """Whether a thread may begin: the head is there, and the body unless it is a long one.

    What breaks a bound is for gunicorn's parser to refuse.
    """
    end = arrived.find(HEAD_ENDS)
    if end < 0:
        return len(arrived) > LONGEST_HEAD
    found = CONTENT_LENGTH.search(arrived, 0, end + 2)
    length = int(found[1]) if found else 0
    if length > LONGEST_BODY or ASKS_FIRST.search(arrived, 0, end + 2):
        return True
    return len(arrived) - end - len(HEAD_ENDS) >= length


class WholeRequests(ThreadWorker):  # type: ignore[misc]
    """`gthread` whose threads are given whole requests. For plain HTTP/1.1, as behind a proxy."""

    def accept(self, listener: socket) -> None:
        """Waits for a new connection's first request in the event loop."""
        try:
            client, address = listener.accept()
        except OSError:
            return  # gone again, or another process took it
        self.nr_conns += 1
        self._await(TConn(self.cfg, client, address, listener.getsockname()))

    def on_client_socket_readable(self, conn: TConn, client: socket) -> None:
        """The next request of a connection that was kept alive."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._await(conn)

    def _await(self, conn: TConn) -> None:
        conn.arrived = b""
        conn.timeout = time.monotonic() + ARRIVAL_SECONDS
        self.pending_conns.append(conn)
        ready = partial(self.on_pending_socket_readable, conn)
        self.poller.register(conn.sock, EVENT_READ, ready)

    def on_pending_socket_readable(self, conn: TConn, client: socket) -> None:
        """More of a request has come, or its sender has gone."""
        try:
            more = client.recv(AT_ONCE)
        except BlockingIOError:
            return
        except OSError:
            more = b""
        conn.arrived += more
        if more and not is_whole(conn.arrived):
            return
        self.poller.unregister(client)
        self.pending_conns.remove(conn)
        if not more:
            self.nr_conns -= 1
            conn.close()
            return
        conn.data_ready = True
        conn.init()
        parser: Any = conn.parser
        parser.unreader.unread(conn.arrived)
        conn.arrived = b""  # an idle connection keeps no body in memory
        self.enqueue_req(conn)
