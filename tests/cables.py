"""A cable to a server that a test cuts and mends: a TCP proxy in front of it."""

import contextlib
import socket
import threading


class Cable:
    """Listens on `port` and passes everything on to `server`, while it is whole."""

    def __init__(self, server: tuple[str, int] | str) -> None:
        self.server = server
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.listening.getsockname()[1])
        self.whole = True
        # While it is set, what the server answers is lost, and the connection with it.
        self.swallows = False
        # While it is clear, nothing gets through and nobody is told.
        self.flowing = threading.Event()
        self.flowing.set()
        self.ends: list[socket.socket] = []
        threading.Thread(target=self._listen, args=(self.listening,), daemon=True).start()

    def snap(self) -> None:
        """Breaks every connection there is; new ones may be made."""
        ends, self.ends = self.ends, []
        for end in ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def cut(self) -> None:
        """Breaks every connection, and takes no new one: it is refused."""
        self.whole = False
        # A thread that waits in accept() is woken by this, not by closing alone.
        with contextlib.suppress(OSError):
            self.listening.shutdown(socket.SHUT_RDWR)
        self.listening.close()
        self.snap()

    def mend(self) -> None:
        """As at first, on the same port."""
        self.listening = socket.create_server(("127.0.0.1", self.port))
        self.whole = True
        threading.Thread(target=self._listen, args=(self.listening,), daemon=True).start()

    def _listen(self, listening: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = listening.accept()
                self._join(near)

    def _join(self, near: socket.socket) -> None:
        """Leads a new connection to the server; breaks it where that takes none."""
        try:
            far = self._connect()
        except OSError:
            near.close()
            return
        self.ends += [near, far]
        for ends in ((near, far, False), (far, near, True)):
            threading.Thread(target=self._pass_on, args=ends, daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket, is_answer: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                self.flowing.wait()
                if is_answer and self.swallows:
                    break
                target.sendall(data)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _connect(self) -> socket.socket:
        if isinstance(self.server, tuple):
            return socket.create_connection(self.server)
        local = socket.socket(socket.AF_UNIX)
        local.connect(self.server)
        return local
