"""`manage.py weights` with a real server on this machine: fetched, continued, refused, offline."""

import fcntl
import hashlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from annotator.workers.fetching import NotFetched, fetch
from scoring.weights.files import REGISTRY, Found, State, locate, look
from scoring.weights.hashes import note_path
from scoring.weights.published import WeightFile, Weights

DATA = bytes(range(256)) * 40
SHA256 = hashlib.sha256(DATA).hexdigest()


@dataclass
class Shelf:
    """What the server gives, how it behaves, and what it was asked."""

    data: bytes = DATA
    tag: str = '"1"'
    break_after: list[int] = field(default_factory=list)
    busy: int = 0
    ranges: list[str] = field(default_factory=list)
    base: str = ""


class Handler(BaseHTTPRequestHandler):
    """GET of one file, by Range where asked; /gone is not there, /moved leads to the file."""

    shelf: Shelf

    def do_GET(self) -> None:
        shelf = self.shelf
        shelf.ranges.append(self.headers.get("Range", ""))
        if self.path == "/gone":
            self.send_error(404)
        elif self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", f"{shelf.base}/file")
            self.end_headers()
        elif shelf.busy:
            shelf.busy -= 1
            self.send_error(503)
        else:
            self._give()

    def _give(self) -> None:
        shelf, first = self.shelf, 0
        if "Range" in self.headers and self.headers.get("If-Range", shelf.tag) == shelf.tag:
            first = int(self.headers["Range"].removeprefix("bytes=").removesuffix("-"))
            if first >= len(shelf.data):
                self.send_error(416)
                return
        self.send_response(206 if first else 200)
        self.send_header("ETag", shelf.tag)
        self.send_header("Content-Length", str(len(shelf.data) - first))
        self.end_headers()
        stop = shelf.break_after.pop(0) if shelf.break_after else len(shelf.data)
        self.wfile.write(shelf.data[first : first + stop])

    def log_message(self, *_args: object) -> None:
        return


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Iterator[Shelf]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    shelf = Shelf()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("OwnHandler", (Handler,), {"shelf": shelf}))
    shelf.base = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield shelf
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def root(settings: Any, tmp_path: Path) -> Path:
    settings.WEIGHTS_ROOT = tmp_path / "weights"
    return tmp_path / "weights"


def wanted(shelf: Shelf) -> WeightFile:
    return WeightFile("a", "a.pth", f"{shelf.base}/file", len(DATA), SHA256)


def registry(*files: WeightFile) -> dict[str, Weights]:
    weights = Weights("a", "Network A", files, "MIT", "https://example.org")
    return {"a": weights}


def weights(*args: str, registry: dict[str, Weights]) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    try:
        call_command("weights", *args, registry=registry, pauses=(0, 0), stdout=out, stderr=err)
    except CommandError as error:
        err.write(str(error))
    return out.getvalue(), err.getvalue()


def test_weights_are_fetched_to_their_place_and_noted(shelf: Shelf, root: Path) -> None:
    there = registry(wanted(shelf))

    out, err = weights("fetch", "a", registry=there)

    assert err == ""
    assert "a/a.pth, 10.0\xa0KB. Licence: MIT" in out
    assert "a: here." in out
    assert (root / "a/a.pth").read_bytes() == DATA
    assert sorted(path.name for path in (root / "a").iterdir()) == ["a.pth", "a.pth.noted.json"]
    assert look("a", root, there).state is State.HERE


def test_what_is_here_is_not_fetched_again(shelf: Shelf) -> None:
    there = registry(wanted(shelf))
    weights("fetch", "a", registry=there)

    out, _ = weights("fetch", "--all", registry=there)

    assert "a/a.pth is here." in out
    assert len(shelf.ranges) == 1


def test_a_broken_line_is_taken_up_where_it_broke(shelf: Shelf, root: Path) -> None:
    shelf.break_after = [1000, 2500]

    _, err = weights("fetch", "a", registry=registry(wanted(shelf)))

    assert err == ""
    assert shelf.ranges == ["", "bytes=1000-", "bytes=3500-"]
    assert (root / "a/a.pth").read_bytes() == DATA


def test_a_later_call_goes_on_from_what_is_kept(shelf: Shelf, root: Path) -> None:
    shelf.break_after = [1000, 1000, 1000]
    _, err = weights("fetch", "a", registry=registry(wanted(shelf)))
    assert "the line broke after 3,000 of 10,240 bytes. 3,000 bytes are kept" in err
    assert not (root / "a/a.pth").exists()

    _, err = weights("fetch", "a", registry=registry(wanted(shelf)))

    assert err == ""
    assert shelf.ranges[-1] == "bytes=3000-"
    assert (root / "a/a.pth").read_bytes() == DATA


def test_a_part_of_another_version_is_not_continued(shelf: Shelf, root: Path) -> None:
    shelf.data, shelf.tag = DATA[::-1], '"0"'
    shelf.break_after = [1000, 0, 0]
    weights("fetch", "a", registry=registry(wanted(shelf)))
    shelf.data, shelf.tag = DATA, '"1"'

    _, err = weights("fetch", "a", registry=registry(wanted(shelf)))

    assert err == ""
    assert (root / "a/a.pth").read_bytes() == DATA


def test_a_part_that_is_already_whole_is_taken(shelf: Shelf, root: Path) -> None:
    shelf.break_after = [0, 0, 0]
    weights("fetch", "a", registry=registry(wanted(shelf)))
    (root / "a/a.pth.part").write_bytes(DATA)

    _, err = weights("fetch", "a", registry=registry(wanted(shelf)))

    assert err == ""
    assert shelf.ranges[-1] == "bytes=10240-"
    assert (root / "a/a.pth").read_bytes() == DATA


def test_a_busy_server_is_asked_again(shelf: Shelf, root: Path) -> None:
    shelf.busy = 2

    _, err = weights("fetch", "a", registry=registry(wanted(shelf)))

    assert err == ""
    assert (root / "a/a.pth").read_bytes() == DATA


def test_a_redirect_is_followed(shelf: Shelf, root: Path) -> None:
    file = replace(wanted(shelf), url=f"{shelf.base}/moved")

    _, err = weights("fetch", "a", registry=registry(file))

    assert err == ""
    assert (root / "a/a.pth").exists()


@pytest.mark.parametrize("data", [DATA[::-1], DATA + b"more", b"<html>Sign in</html>"])
def test_another_file_than_the_published_one_is_thrown_away(
    shelf: Shelf, root: Path, data: bytes
) -> None:
    shelf.data = data

    out, err = weights("fetch", "a", registry=registry(wanted(shelf)))

    assert "is not the published file: a/a.pth has" in err
    assert "1 of 1 files could not be fetched." in err
    assert "a: missing." in out
    assert list((root / "a").iterdir()) == []


def test_damaged_weights_are_named_and_replaced(shelf: Shelf, root: Path) -> None:
    there = registry(wanted(shelf))
    (root / "a").mkdir(parents=True)
    (root / "a/a.pth").write_bytes(DATA[::-1])

    out, err = weights("check", registry=there)
    assert "a: damaged. a/a.pth has the SHA-256" in out
    assert "1 damaged." in err
    assert "damaged  a/a.pth has the SHA-256" in weights("list", registry=there)[0]

    weights("fetch", "a", registry=there)
    assert weights("check", registry=there) == (f"a: here; sha256 {SHA256}\n", "")


def test_an_unknown_hash_is_noted_at_the_first_fetch_and_held_to(shelf: Shelf, root: Path) -> None:
    file = replace(wanted(shelf), bytes=None, sha256=None)
    there = registry(file)
    assert "sha256 not known; noted at the first fetch" in weights(registry=there)[0]
    weights("fetch", "a", registry=there)
    (root / "a/a.pth").unlink()
    shelf.data, shelf.tag = DATA[::-1], '"2"'

    _, err = weights("fetch", "a", registry=there)

    assert f"the one noted here at first {SHA256}" in err
    assert not (root / "a/a.pth").exists()

    note_path(root / "a/a.pth").unlink()
    assert weights("fetch", "a", registry=there)[1] == ""
    assert isinstance(locate("a", root, there), Found)


def test_a_file_that_is_gone_says_so_at_once(shelf: Shelf) -> None:
    file = replace(wanted(shelf), url=f"{shelf.base}/gone")

    _, err = weights("fetch", "a", registry=registry(file))

    assert "answered 404 Not Found: the file may have moved." in err
    assert len(shelf.ranges) == 1


def test_without_a_network_the_words_say_where_the_file_belongs() -> None:
    # Port 9 throws away what it gets, where anybody listens to it at all.
    file = WeightFile("a", "a.pth", "http://127.0.0.1:9/a.pth", len(DATA), SHA256)

    _, err = weights("fetch", "a", registry=registry(file))

    assert "could not be fetched" in err
    assert "put it at a/a.pth in the folder of weights" in err


def test_a_file_that_is_made_here_is_not_fetched() -> None:
    _, err = weights("fetch", "a", registry=registry(WeightFile("a", "a.safetensors", "")))

    assert "a/a.safetensors is not fetched. Its authors publish a pickle" in err


def test_weights_that_a_package_carries_are_copied_out_of_it(root: Path) -> None:
    (file,) = REGISTRY["efficientnet-lite0"].files

    shown, wrong = weights("fetch", "efficientnet-lite0", registry=dict(REGISTRY))

    assert "efficientnet-lite0: here." in shown
    assert not wrong.strip()
    assert hashlib.sha256((root / file.place).read_bytes()).hexdigest() == file.sha256
    assert isinstance(locate("efficientnet-lite0", root), Found)


def test_a_package_that_is_not_installed_is_named(root: Path) -> None:
    file = WeightFile("a", "a.pth", "", package="no_such_package")

    with pytest.raises(NotFetched, match="Python package no-such-package, which is not installed"):
        fetch(file, root, progress=lambda done, total: None)


def test_a_folder_that_cannot_be_written_says_so(shelf: Shelf, root: Path) -> None:
    root.write_text("in the way")

    _, err = weights("fetch", "a", registry=registry(wanted(shelf)))

    assert "cannot be written" in err
    assert shelf.ranges == []


def test_more_than_the_disk_holds_is_not_begun(shelf: Shelf) -> None:
    file = replace(wanted(shelf), bytes=10**18)

    _, err = weights("fetch", "a", registry=registry(file))

    assert "has 1,000,000,000,000,000,000 bytes; the disk of" in err
    assert shelf.ranges == []


def test_two_do_not_fetch_one_file_at_once(shelf: Shelf, root: Path) -> None:
    (root / "a").mkdir(parents=True)
    with (root / "a/a.pth.part").open("ab") as held:
        fcntl.flock(held, fcntl.LOCK_EX)

        _, err = weights("fetch", "a", registry=registry(wanted(shelf)))

    assert "a.pth.part is being fetched by somebody else." in err


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://127.0.0.1/a"])
def test_only_web_addresses_are_fetched(root: Path, url: str) -> None:
    with pytest.raises(NotFetched, match="no address"):
        fetch(WeightFile("a", "a.pth", url), root, progress=lambda *_: None)


def test_the_list_says_all_there_is_to_know_of_weights() -> None:
    out, _ = weights("list", "lpips-alex", registry=dict(REGISTRY))

    for said in (
        "lpips-alex: missing. LPIPS v0.1 on AlexNet.",
        "for      lpips_alex",
        "licence  BSD-2-Clause",
        "torchvision/alexnet-owt-7be5be79.pth (244,408,911 bytes): missing",
        "sha256 7be5be791159472b1fbf3c69796f7cb30dca7ad8466c2df70058c37116cdee02",
        REGISTRY["lpips-alex"].files[0].url,
    ):
        assert said in out


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["fetch"], "Say which: NAME …, --for METRIC or --all."),
        (["fetch", "b"], "there are no weights called 'b'; there are: a"),
        (["fetch", "--for", "psnr"], "psnr needs no weights."),
        (["fetch", "--for", "nonsense"], "there is no metric called 'nonsense'"),
    ],
)
def test_a_wrong_word_is_answered_with_the_right_ones(args: list[str], said: str) -> None:
    assert said in weights(*args, registry=registry(WeightFile("a", "a.pth", "")))[1]
