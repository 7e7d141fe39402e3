"""Sources of images: how a file at one is named, and that nothing outside a root is ever read."""

import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from annotator.core.reasons import Code, Reason
from annotator.ingest.names import BadName
from annotator.ingest.reading import Readers
from annotator.ingest.refusals import ImageRefused, SourceAway
from annotator.ingest.roots import Root, is_address, refuse_own_places, roots_of
from tests.buckets import KEYS, REGION

SOURCES = "lake=s3://pictures/made, deep=s3://pictures/made/deep/,all=s3://other, disk=/mnt/images"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("lake://cats/1.png", "lake://cats/1.png"),
        ("LAKE://cats/1.png", "lake://cats/1.png"),
        ("s3://pictures/made/cats/1.png", "lake://cats/1.png"),
        ("s3://pictures/made/deep/1.png", "deep://1.png"),
        ("s3://other/1.png", "all://1.png"),
        ("disk://a b/ü%20.png", "disk://a b/ü%20.png"),
    ],
)
def test_a_file_has_one_address_however_it_is_written(text: str, address: str) -> None:
    assert is_address(text)
    assert roots_of(SOURCES).address(text) == address


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("disk://../etc/passwd", Code.SOURCE_PATH),
        ("disk://a/../../etc/passwd", Code.SOURCE_PATH),
        ("disk:///etc/passwd", Code.SOURCE_PATH),
        ("disk://a//b.png", Code.SOURCE_PATH),
        ("disk://./b.png", Code.SOURCE_PATH),
        ("disk://", Code.SOURCE_PATH),
        ("s3://pictures/made/../secret.png", Code.SOURCE_PATH),
        ("s3://pictures/madeup/1.png", Code.SOURCE_OUTSIDE),
        ("s3://pictures/1.png", Code.SOURCE_OUTSIDE),
        ("s3://elsewhere/made/1.png", Code.SOURCE_OUTSIDE),
        ("pond://1.png", Code.SOURCE_UNKNOWN),
        ("http://127.0.0.1/1.png", Code.SOURCE_UNKNOWN),
        ("file:///etc/passwd", Code.SOURCE_UNKNOWN),
        ("disk://a\nb.png", Code.NAME_CONTROL_CHARACTERS),
        ("disk://a\u202egnp.png", Code.NAME_TURNS),
        ("disk://" + "a" * 301, Code.NAME_TOO_LONG),
    ],
)
def test_an_address_that_leads_out_of_the_roots_is_refused(text: str, code: Code) -> None:
    with pytest.raises(BadName) as caught:
        roots_of(SOURCES).address(text)

    assert caught.value.reason.code == code


def test_a_site_without_sources_takes_no_address() -> None:
    with pytest.raises(BadName) as caught:
        roots_of("").address("lake://1.png")

    assert caught.value.reason == Reason(Code.NAME_IS_ADDRESS)


def test_the_setting_is_read_as_names_and_roots() -> None:
    assert list(roots_of(SOURCES).by_name.values()) == [
        Root("lake", bucket="pictures", prefix="made/"),
        Root("deep", bucket="pictures", prefix="made/deep/"),
        Root("all", bucket="other"),
        Root("disk", folder="/mnt/images"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "lake", "lake=", "lake=relative", "lake=/a/../b", "Lake=/a", "s3=/a", "http=/a", "=/a",
        "lake=s3://", "lake=s3://UPPER", "lake=s3://bucket/a/../b", "lake=/a,lake=/b",
    ],
)  # fmt: skip
def test_a_setting_that_cannot_be_read_refuses_to_start(text: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="IMAGE_SOURCES"):
        roots_of(text)


@pytest.mark.parametrize("name", ["media", "media/projects", "."])
def test_what_the_site_itself_keeps_is_no_source(tmp_path: Path, name: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="give away"):
        refuse_own_places(roots_of(f"own={tmp_path / name}"))


@pytest.mark.parametrize(
    ("at", "own"),
    [("", True), ("projects", True), ("projects/1", True), ("uploads", True), ("made", False)],
)
def test_of_its_own_bucket_only_what_others_put_there_is_a_source(
    settings: Any, at: str, own: bool
) -> None:
    settings.S3_BUCKET = "site"
    roots = roots_of(f"lake=s3://site/{at}")

    if own:
        with pytest.raises(ImproperlyConfigured, match="give away"):
            refuse_own_places(roots)
    else:
        refuse_own_places(roots)


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    folder = tmp_path / "lake"
    folder.mkdir()
    (folder / "inside.png").write_bytes(b"inside")
    (tmp_path / "outside.png").write_bytes(b"outside")
    return folder


def read(folder: Path, path: str, most: int = 100) -> bytes:
    return Readers(roots_of(f"lake={folder}")).read(f"lake://{path}", most)


def refusal(folder: Path, path: str, most: int = 100) -> Reason:
    with pytest.raises(ImageRefused) as caught:
        read(folder, path, most)
    return caught.value.reason


def test_a_file_of_a_folder_is_read_up_to_the_limit(lake: Path) -> None:
    assert read(lake, "inside.png", 6) == b"inside"
    assert refusal(lake, "inside.png", 5).code == Code.FILE_TOO_LARGE


def test_links_may_not_lead_out_of_a_folder(lake: Path, tmp_path: Path) -> None:
    (lake / "within.png").symlink_to("inside.png")
    (lake / "file.png").symlink_to(tmp_path / "outside.png")
    (lake / "folder").symlink_to(tmp_path)
    (lake / "loop").symlink_to("loop")

    assert read(lake, "within.png") == b"inside"
    assert refusal(lake, "file.png") == Reason(Code.FILE_LEADS_OUT)
    assert refusal(lake, "folder/outside.png") == Reason(Code.FILE_LEADS_OUT)
    assert refusal(lake, "loop").code == Code.FILE_UNREADABLE


def test_only_files_are_read(lake: Path) -> None:
    (lake / "folder").mkdir()
    os.mkfifo(lake / "pipe")

    for name in ("folder", "pipe", "absent.png", "inside.png/below"):
        assert refusal(lake, name) == Reason(Code.FILE_MISSING_AT_SOURCE), name
    assert refusal(lake, "x" * 300).code == Code.FILE_UNREADABLE


@pytest.mark.parametrize("name", ["absent", "empty"])
def test_a_folder_that_is_not_there_or_not_mounted_is_away(lake: Path, name: str) -> None:
    (lake.parent / "empty").mkdir()

    with pytest.raises(SourceAway) as caught:
        read(lake.parent / name, "inside.png")

    assert caught.value.reason == Reason(Code.SOURCE_NOT_HERE, source="lake")


def test_a_source_that_this_machine_has_not_configured_is_away() -> None:
    with pytest.raises(SourceAway) as caught:
        Readers(roots_of("")).read("lake://1.png", 100)

    assert caught.value.reason == Reason(Code.SOURCE_NOT_HERE, source="lake")


class _Refusing(BaseHTTPRequestHandler):
    """A bucket that gives no object; where it `lists`, it tells what lies there."""

    lists = True

    def do_GET(self) -> None:
        is_list = "list-type=2" in self.path or "prefix=" in self.path
        allowed = is_list and self.lists
        body = (
            b"<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>"
            if allowed
            else b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"
        )
        self.send_response(200 if allowed else 403)
        self.send_header("Content-Type", "application/xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


class _Hiding(_Refusing):
    lists = False


@pytest.fixture
def refusing(
    request: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ThreadingHTTPServer]:
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    server = ThreadingHTTPServer(("127.0.0.1", 0), request.param)
    settings.S3_ENDPOINT_URL, settings.S3_REGION = f"http://127.0.0.1:{server.server_port}", REGION
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("refusing", [_Refusing], indirect=True)
def test_an_object_that_a_bucket_refuses_is_its_own_problem(refusing: ThreadingHTTPServer) -> None:
    with pytest.raises(ImageRefused) as caught:
        Readers(roots_of("lake=s3://bucket/made")).read("lake://1.png", 100)

    assert caught.value.reason == Reason(Code.FILE_FORBIDDEN)


@pytest.mark.parametrize("refusing", [_Hiding], indirect=True)
def test_a_bucket_that_lets_the_site_see_nothing_is_away(refusing: ThreadingHTTPServer) -> None:
    with pytest.raises(SourceAway) as caught:
        Readers(roots_of("lake=s3://bucket/made")).read("lake://1.png", 100)

    assert (caught.value.reason.code, caught.value.reason.params["source"]) == (
        Code.SOURCE_AWAY,
        "lake",
    )
