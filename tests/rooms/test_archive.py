"""Zips and folders of strangers: nothing gets out, nothing blows up (UP-2, UP-3, UP-6)."""

import io
import struct
import tracemalloc
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from annotator.core.reasons import Code, Reason
from annotator.ingest.archive import Archive, ArchiveLimits
from annotator.ingest.refusals import ImageRefused, UploadRefused
from annotator.ingest.sources import Folder, kind_of, manifest_among, open_path, open_upload
from tests.uploads import zipped

LIMITS = ArchiveLimits(entries=1000, produced=10 * 1024**2)
MOST = 1024**2


def archive(data: bytes, limits: ArchiveLimits = LIMITS) -> Archive:
    return Archive(io.BytesIO(data), limits)


def refusal(data: bytes, limits: ArchiveLimits = LIMITS) -> Reason:
    """Why a zip is refused as a whole."""
    with pytest.raises(UploadRefused) as caught:
        archive(data, limits)
    return caught.value.reason


def refused_by(call: Callable[[], object]) -> Reason:
    """Why a file, or the upload, is refused."""
    with pytest.raises((ImageRefused, UploadRefused)) as caught:
        call()
    return caught.value.reason


def not_taken(opened: Archive) -> dict[str, Reason]:
    return {refusal.file: refusal.reason for refusal in opened.refusals}


def with_entry(name: str, *, mode: int = 0o100644, **changed: int) -> bytes:
    """A zip of one entry whose name is taken as it is, whatever it is."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        info = zipfile.ZipInfo("x")
        info.filename = name
        info.external_attr = mode << 16
        made.writestr(info, b"data")
    data = stream.getvalue()
    for name_of_flag, value in changed.items():
        assert name_of_flag == "flags"
        at = data.index(b"PK\x01\x02") + 8
        data = data[:at] + struct.pack("<H", value) + data[at + 2 :]
    return data


def overlapping_bomb(count: int, size: int) -> bytes:
    """`count` directory entries that all point at the same deflated zeros."""
    data = zipped({"a": bytes(size)}, method=zipfile.ZIP_DEFLATED)
    at = data.index(b"PK\x01\x02")
    end = data.index(b"PK\x05\x06")
    entry = data[at:end]
    directory = b"".join(
        entry[:28] + struct.pack("<H", 7) + entry[30:46] + f"{n:07}".encode() + entry[47:]
        for n in range(count)
    )
    tail = struct.pack(
        "<4s4H2LH", b"PK\x05\x06", 0, 0, *[count % 65_536] * 2, len(directory), at, 0
    )
    return data[:at] + directory + tail


def test_members_are_read_by_name() -> None:
    opened = archive(zipped({"b.png": b"two", "d/a.png": b"one"}))

    assert opened.names == ["b.png", "d/a.png"]
    assert opened.read("d/a.png", MOST) == b"one"


def test_a_member_that_is_not_there_is_named() -> None:
    opened = archive(zipped({"a.png": b"one"}))

    assert refused_by(lambda: opened.read("c.png", MOST)) == Reason(Code.FILE_MISSING)


def test_what_is_no_zip_is_refused() -> None:
    whole = zipped({"a.png": bytes(1000)})

    assert refusal(b"hello").code == Code.ZIP_UNREADABLE
    assert refusal(whole[:600]).code == Code.ZIP_UNREADABLE


def test_entries_that_overlap_are_refused() -> None:
    bomb = overlapping_bomb(200, 5_000_000)
    assert len(bomb) < 25_000

    assert refusal(bomb, ArchiveLimits(1000, 10 * 1024**3)).code == Code.ZIP_OVERLAPS


def test_too_many_entries_are_refused_before_they_are_objects() -> None:
    bomb = overlapping_bomb(1_000_000, 10)
    tracemalloc.start()

    said = refusal(bomb, ArchiveLimits(500_000, 10 * 1024**3))

    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert said.code == Code.ZIP_TOO_MANY_ENTRIES
    assert said.params["count"] > 500_000
    assert most < 100 * 1024**2  # half a million entries as objects take several times that


def test_a_count_of_entries_that_lies_is_of_no_use() -> None:
    data = zipped({f"{n}": b"" for n in range(20)})
    at = data.rindex(b"PK\x05\x06")
    lying = data[: at + 8] + struct.pack("<2H", 1, 1) + data[at + 12 :]

    said = refusal(lying, ArchiveLimits(10, 1000))

    assert (said.code, said.params["max"]) == (Code.ZIP_TOO_MANY_ENTRIES, 10)


def test_what_it_says_to_unpack_to_is_bounded() -> None:
    data = zipped({"a": bytes(6_000_000), "b": bytes(6_000_000)}, method=zipfile.ZIP_DEFLATED)

    assert refusal(data).code == Code.ZIP_TOO_LARGE


def test_a_member_that_unpacks_to_many_times_its_size_is_left_out() -> None:
    files = {"a.png": bytes(5_000_000), "b.png": b"x"}
    opened = archive(zipped(files, method=zipfile.ZIP_DEFLATED))

    assert opened.names == ["b.png"]
    assert not_taken(opened)["a.png"].code == Code.FILE_UNPACKS_TOO_FAR
    assert not_taken(opened)["a.png"].params["max"] == 250


def test_a_member_over_its_own_limit_is_not_read() -> None:
    opened = archive(zipped({"a.png": bytes(3 * 1024**2)}))

    assert refused_by(lambda: opened.read("a.png", MOST)) == Reason(
        Code.FILE_TOO_LARGE, mib=3.0, max=1.0
    )
    assert opened.size == 0


def test_a_size_that_lies_is_found_out() -> None:
    data = zipped({"a.png": b"x" * 1000}, method=zipfile.ZIP_DEFLATED)
    at = data.index(b"PK\x01\x02") + 24
    lying = data[:at] + struct.pack("<L", 10) + data[at + 4 :]
    opened = archive(lying)

    assert refused_by(lambda: opened.read("a.png", MOST)).code == Code.FILE_BROKEN


def test_bytes_that_come_out_are_counted_over_all_members() -> None:
    opened = archive(zipped({"a.png": bytes(600), "b.png": bytes(300)}))
    opened._limits = ArchiveLimits(1000, 700)
    opened.read("a.png", MOST)

    assert refused_by(lambda: opened.read("b.png", MOST)).code == Code.ZIP_GROWS


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("../../x.png", Code.NAME_LEADS_OUT),
        ("/abs.png", Code.NAME_IS_ABSOLUTE),
        ("a\\..\\x.png", Code.NAME_HAS_BACKSLASH),
        ("C:/x.png", Code.NAME_IS_ABSOLUTE),
        ("a\x00.png", Code.NAME_CONTROL_CHARACTERS),
        ("a\x07.png", Code.NAME_CONTROL_CHARACTERS),
        ("a\u202egnp.exe", Code.NAME_TURNS),
        ("x" * 301, Code.NAME_TOO_LONG),
        ("inner.zip", Code.FILE_IS_ARCHIVE),
    ],
)
def test_a_name_that_deceives_is_left_out_and_the_rest_is_read(name: str, code: Code) -> None:
    opened = archive(with_entry(name))

    assert opened.names == []
    assert [reason.code for reason in not_taken(opened).values()] == [code]


def test_a_link_is_left_out() -> None:
    assert not_taken(archive(with_entry("a.png", mode=0o120777))) == {
        "a.png": Reason(Code.FILE_IS_LINK)
    }


def test_an_encrypted_member_is_left_out() -> None:
    opened = archive(with_entry("a.png", flags=1))

    assert not_taken(opened) == {"a.png": Reason(Code.FILE_ENCRYPTED)}
    assert refused_by(lambda: opened.read("a.png", MOST)) == Reason(Code.FILE_ENCRYPTED)


def test_a_member_packed_in_another_way_is_left_out() -> None:
    opened = archive(zipped({"a.png": b"one"}, method=zipfile.ZIP_LZMA))

    assert not_taken(opened) == {"a.png": Reason(Code.FILE_PACKING)}


@pytest.mark.filterwarnings("ignore:Duplicate name:UserWarning")
@pytest.mark.parametrize(
    "names",
    [
        ("a.png", "a.png"),
        ("a.png", "A.PNG"),
        (unicodedata.normalize("NFC", "é.png"), unicodedata.normalize("NFD", "é.png")),
        ("a.png", "./a.png"),
    ],
)
def test_twins_are_all_left_out(names: tuple[str, str]) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        for name in (*names, "b.png"):
            made.writestr(name, b"data")

    opened = archive(stream.getvalue())

    assert opened.names == ["b.png"]
    assert set(not_taken(opened).values()) == {Reason(Code.FILE_TWICE)}


def test_what_systems_leave_behind_is_not_mentioned() -> None:
    files = {"a.png": b"1", "__MACOSX/._a.png": b"2", ".DS_Store": b"3", "d/Thumbs.db": b"4"}

    opened = archive(zipped(files))

    assert opened.names == ["a.png"]
    assert opened.refusals == []


def test_a_folder_is_read_and_its_links_are_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    root = tmp_path / "root"
    (root / "d").mkdir(parents=True)
    (root / "d" / "a.png").write_bytes(b"one")
    (root / "link.png").symlink_to(secret)
    (root / "way").symlink_to(tmp_path, target_is_directory=True)

    folder = Folder(root)

    assert folder.names == ["d/a.png"]
    assert folder.read("d/a.png", MOST) == b"one"
    assert [refusal.file for refusal in folder.refusals] == ["link.png"]
    for name in ("link.png", "way/secret.txt", "../secret.txt"):
        assert refused_by(lambda name=name: folder.read(name, MOST)) == Reason(  # type: ignore[misc]
            Code.FILE_MISSING_HERE
        )


def test_a_file_that_becomes_a_link_is_not_followed(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / "a.png").write_bytes(b"one")
    folder = Folder(root)
    (root / "a.png").unlink()
    (root / "a.png").symlink_to("/etc/hostname")

    assert refused_by(lambda: folder.read("a.png", MOST)).code == Code.FILE_UNREADABLE


def test_the_manifest_nearest_to_the_top_counts() -> None:
    assert manifest_among(["b/manifest.csv", "b/x/manifest.csv", "a.png"]) == "b/manifest.csv"
    assert manifest_among(["a.png"]) == ""
    two = ["manifest.csv", "manifest.jsonl"]
    assert refused_by(lambda: manifest_among(two)) == Reason(
        Code.SEVERAL_MANIFESTS, names=("manifest.csv", "manifest.jsonl")
    )


def test_a_manifest_by_itself_has_no_images(tmp_path: Path) -> None:
    path = tmp_path / "12"
    path.write_text("{}")
    (tmp_path / "13").write_text("somebody else's upload")

    source, manifest = open_upload(path, LIMITS, "jsonl")

    assert manifest == "manifest.jsonl"
    assert source.names == ["manifest.jsonl"]
    assert refused_by(lambda: source.read("13", MOST)) == Reason(Code.ONLY_MANIFEST_SENT)


def test_a_path_is_known_by_what_it_is(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text("file\n")

    assert open_path(tmp_path / "m.csv", LIMITS)[1] == "m.csv"
    absent = tmp_path / "absent.zip"
    assert refused_by(lambda: open_path(absent, LIMITS)).code == Code.PATH_MISSING
    assert [kind_of(name) for name in ("a.ZIP", "b.jsonl", "c.csv.gz", "d")] == [
        "zip", "jsonl", "", "",
    ]  # fmt: skip


def test_a_zip_that_is_gone_is_not_called_broken(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        open_upload(tmp_path / "gone.zip", LIMITS, "zip")


def named(raw: bytes, *, extra: bytes = b"", system: int = 3) -> bytes:
    """A zip of one entry, as archivers write it that know no UTF-8 flag: bytes and no more."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        info = zipfile.ZipInfo("x" * len(raw))
        info.create_system, info.extra = system, extra
        made.writestr(info, b"data")
    return stream.getvalue().replace(b"x" * len(raw), raw)


def unicode_path(raw: bytes, name: str) -> bytes:
    """APPNOTE 4.6.9."""
    body = struct.pack("<BL", 1, zlib.crc32(raw)) + name.encode()
    return struct.pack("<HH", 0x7075, len(body)) + body


@pytest.mark.parametrize(
    "data",
    [
        named("图/café.png".encode()),
        named(unicodedata.normalize("NFD", "图/café.png").encode()),
        named(b"?/caf?.png", extra=unicode_path(b"?/caf?.png", "图/café.png")),
        zipped({"图/café.png": b"data"}),
    ],
)
def test_a_name_is_utf8_where_that_is_said_or_valid(data: bytes) -> None:
    opened = archive(data)

    assert opened.names == ["图/café.png"]
    assert opened.read("图/café.png", MOST) == b"data"


def test_a_unicode_path_of_another_name_is_passed_over() -> None:
    data = named(b"a.png", extra=unicode_path(b"b.png", "图.png"))

    assert archive(data).names == ["a.png"]


@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("图片/猫.png", "gbk"),
        ("表/ねこ.png", "cp932"),
        ("кот.png", "cp866"),
        ("кот.png", "cp1251"),
        ("功能/許.png", "cp950"),
        ("표/고양이.png", "cp949"),
        ("żółw.png", "cp852"),
        ("żółw.png", "cp1250"),
        ("ø.png", "cp850"),
        ("Œuvre.png", "cp1252"),
        ("猫/赤い箱.png", "euc_jp"),
        ("кот.png", "koi8_r"),
        ("Ångström.png", "mac_roman"),
    ],
)
def test_a_name_of_no_told_encoding_is_found_as_the_manifest_writes_it(
    name: str, page: str
) -> None:
    opened = archive(named(name.encode(page)))

    assert opened.read(name, MOST) == b"data"
    assert [opened.called(name)] == opened.names
    assert opened.is_guessed(opened.names[0])
    assert refused_by(lambda: opened.read("other" + name, MOST)).code == Code.FILE_MISSING


@pytest.mark.parametrize(
    "comment",
    [
        b"made by PK\x05\x06",
        b"made by PK\x05\x06 zipper, whose comment is long enough to be a record of its own",
        b"PK\x05\x06 twice PK\x05\x06" + b"x" * 60_000,
    ],
)
def test_a_comment_is_no_record_of_the_zip(comment: bytes) -> None:
    stream = io.BytesIO(zipped({"a.png": b"one", "b/c.png": b"two" * 1000}))
    with zipfile.ZipFile(stream, "a") as made:
        made.comment = comment

    opened = archive(stream.getvalue())

    assert opened.names == ["a.png", "b/c.png"]
    assert opened.read("a.png", MOST) == b"one"
    assert opened.read("b/c.png", MOST) == b"two" * 1000


def test_a_record_in_a_comment_that_ends_with_the_zip_is_the_one_that_all_take() -> None:
    # Nobody can say which of the two is meant: what is counted is what is read.
    stream = io.BytesIO(zipped({"a.png": b"one"}))
    with zipfile.ZipFile(stream, "a") as made:
        made.comment = b"PK\x05\x06" + b"\0" * 18

    assert archive(stream.getvalue()).names == []
    assert zipfile.ZipFile(stream).namelist() == []


def test_backslashes_part_folders_where_windows_made_the_zip() -> None:
    windows = archive(named(b"batch\\x\\0.png", system=0))
    assert windows.names == ["batch/x/0.png"]
    assert windows.read("batch/x/0.png", MOST) == b"data"

    leading_out = archive(named(b"..\\..\\0.png", system=0))
    assert not_taken(leading_out)["../../0.png"].code == Code.NAME_LEADS_OUT

    elsewhere = archive(named(b"batch\\0.png"))
    assert not_taken(elsewhere)["batch\\0.png"].code == Code.NAME_HAS_BACKSLASH
