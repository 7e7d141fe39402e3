"""A hub as huggingface_hub asks it: a repository's revision, its tree, and ranges of its files."""

import json
import re
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

ABOUT = re.compile(r"/api/datasets/([^/]+/[^/]+)(?:/(revision|tree)/([^/]+)(?:/(.*))?)?")
FILE = re.compile(r"/datasets/([^/]+/[^/]+)/resolve/([^/]+)/(.*)")
Answer = tuple[int, bytes, dict[str, str]]


class Hub:
    """`with Hub({"owner/name": {"a.json": b"[]"}}, token="t") as hub`: one revision, main."""

    def __init__(self, datasets: Mapping[str, Mapping[str, bytes]], token: str = "") -> None:
        self.datasets, self.token = datasets, token
        self.asked: list[str] = []
        handler = type("Handler", (_Handler,), {"hub": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self) -> "Hub":
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def answer(self, path: str, headers: Any) -> Answer:
        """What is answered to a request of this path."""
        self.asked.append(path)
        path = unquote(urlsplit(path).path)
        if self.token and headers.get("Authorization") != f"Bearer {self.token}":
            return 401, b"{}", {"X-Error-Code": "RepoNotFound"}
        if match := ABOUT.fullmatch(path):
            return self._about(match[1], match[2], match[3], match[4] or "")
        if match := FILE.fullmatch(path):
            return self._file(match[1], match[3], headers.get("Range", ""))
        return _missing("EntryNotFound")

    def _about(self, name: str, what: str | None, revision: str | None, below: str) -> Answer:
        if name not in self.datasets:
            return _missing("RepoNotFound")
        if revision not in (None, "main"):
            return _missing("RevisionNotFound")
        told: Any = {"id": name, "sha": "0" * 40, "siblings": [], "private": False}
        if what == "tree":
            start = f"{below.rstrip('/')}/" if below else ""
            told = [
                {"type": "file", "oid": "2" * 40, "size": len(data), "path": path}
                for path, data in self.datasets[name].items()
                if path.startswith(start)
            ]
            if not told:
                return _missing("EntryNotFound")
        return 200, json.dumps(told).encode(), {"Content-Type": "application/json"}

    def _file(self, name: str, path: str, asked: str) -> Answer:
        data = self.datasets.get(name, {}).get(path)
        if data is None:
            return _missing("EntryNotFound")
        if not (found := re.fullmatch(r"bytes=(\d+)-(\d+)", asked)):
            return 200, data, {}
        start, stop = int(found[1]), min(int(found[2]) + 1, len(data))
        told = {"Content-Range": f"bytes {start}-{stop - 1}/{len(data)}"}
        return 206, data[start:stop], told


def _missing(code: str) -> Answer:
    return 404, b"{}", {"X-Error-Code": code}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    hub: Hub

    def do_GET(self) -> None:
        status, body, headers = self.hub.answer(self.path, self.headers)
        self.send_response(status)
        for key, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass
