"""Zips and folders of strangers: nothing gets out, nothing blows up (UP-2, UP-3, UP-6)."""

import io
import struct
import tracemalloc
import unicodedata
import zipfile
from pathlib import Path

import pytest

from annotator.items.archive import Archive, ArchiveLimits
from annotator.items.sources import Folder, kind_of, manifest_among, open_path, open_upload
from annotator.items.troubles import ImageRefused, UploadRefused
from tests.uploads import zipped

LIMITS = ArchiveLimits(entries=1000, produced=10 * 1024**2)
MOST = 1024**2


def archive(tmp_path: Path, data: bytes, limits: ArchiveLimits = LIMITS) -> Archive:
    path = tmp_path / "upload.zip"
    path.write_bytes(data)
    return Archive(path, limits)


def refusal(tmp_path: Path, data: bytes, limits: ArchiveLimits = LIMITS) -> str:
    with pytest.raises(UploadRefused) as caught:
        archive(tmp_path, data, limits)
    return caught.value.reason


def left_out(opened: Archive) -> dict[str, str]:
    return {trouble.file: trouble.reason for trouble in opened.troubles}


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


def test_members_are_read_by_name(tmp_path: Path) -> None:
    opened = archive(tmp_path, zipped({"b.png": b"two", "d/a.png": b"one"}))

    assert opened.names == ["b.png", "d/a.png"]
    assert opened.read("d/a.png", MOST) == b"one"


def test_a_member_that_is_not_there_is_named(tmp_path: Path) -> None:
    opened = archive(tmp_path, zipped({"a.png": b"one"}))

    with pytest.raises(ImageRefused, match="is not in the upload"):
        opened.read("c.png", MOST)


def test_what_is_no_zip_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, b"hello").startswith("This is no zip that can be read")
    whole = zipped({"a.png": bytes(1000)})
    assert refusal(tmp_path, whole[:600]).startswith("This is no zip that can be read")


def test_entries_that_overlap_are_refused(tmp_path: Path) -> None:
    bomb = overlapping_bomb(200, 5_000_000)
    assert len(bomb) < 25_000

    assert "lies over" in refusal(tmp_path, bomb, ArchiveLimits(1000, 10 * 1024**3))


def test_too_many_entries_are_refused_before_they_are_objects(tmp_path: Path) -> None:
    bomb = overlapping_bomb(1_000_000, 10)
    tracemalloc.start()

    said = refusal(tmp_path, bomb, ArchiveLimits(500_000, 10 * 1024**3))

    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "500,0" in said
    assert most < 100 * 1024**2  # half a million entries as objects take several times that


def test_a_count_of_entries_that_lies_is_of_no_use(tmp_path: Path) -> None:
    data = zipped({f"{n}": b"" for n in range(20)})
    at = data.rindex(b"PK\x05\x06")
    lying = data[: at + 8] + struct.pack("<2H", 1, 1) + data[at + 12 :]

    assert "the limit is 10" in refusal(tmp_path, lying, ArchiveLimits(10, 1000))


def test_what_it_says_to_unpack_to_is_bounded(tmp_path: Path) -> None:
    data = zipped({"a": bytes(6_000_000), "b": bytes(6_000_000)}, method=zipfile.ZIP_DEFLATED)

    assert "GiB" in refusal(tmp_path, data)


def test_a_member_that_unpacks_to_many_times_its_size_is_left_out(tmp_path: Path) -> None:
    opened = archive(
        tmp_path, zipped({"a.png": bytes(5_000_000), "b.png": b"x"}, method=zipfile.ZIP_DEFLATED)
    )

    assert opened.names == ["b.png"]
    assert "times its size; the limit is 250" in left_out(opened)["a.png"]


def test_a_member_over_its_own_limit_is_not_read(tmp_path: Path) -> None:
    opened = archive(tmp_path, zipped({"a.png": bytes(3 * 1024**2)}))

    with pytest.raises(ImageRefused, match=r"is 3\.0 MiB in size; the limit is 1 MiB"):
        opened.read("a.png", MOST)
    assert opened.size == 0


def test_a_size_that_lies_is_found_out(tmp_path: Path) -> None:
    data = zipped({"a.png": b"x" * 1000}, method=zipfile.ZIP_DEFLATED)
    at = data.index(b"PK\x01\x02") + 24
    lying = data[:at] + struct.pack("<L", 10) + data[at + 4 :]
    opened = archive(tmp_path, lying)

    with pytest.raises(ImageRefused, match="is broken within the zip"):
        opened.read("a.png", MOST)


def test_bytes_that_come_out_are_counted_over_all_members(tmp_path: Path) -> None:
    opened = archive(tmp_path, zipped({"a.png": bytes(600), "b.png": bytes(300)}))
    opened._limits = ArchiveLimits(1000, 700)
    opened.read("a.png", MOST)

    with pytest.raises(UploadRefused, match="unpacks to more than"):
        opened.read("b.png", MOST)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("../../x.png", "leads out of the upload"),
        ("/abs.png", "is an absolute path"),
        ("a\\..\\x.png", "backslash"),
        ("C:/x.png", "is an absolute path"),
        ("a\x00.png", "control characters"),
        ("a\x07.png", "control characters"),
        ("a\u202egnp.exe", "turn the reading direction"),
        ("x" * 301, "has a name of 301 characters"),
        ("inner.zip", "is an archive within the archive"),
    ],
)
def test_a_name_that_deceives_is_left_out_and_the_rest_is_read(
    tmp_path: Path, name: str, said: str
) -> None:
    opened = archive(tmp_path, with_entry(name))

    assert opened.names == []
    (reason,) = left_out(opened).values()
    assert said in reason
    assert sorted(path.name for path in tmp_path.iterdir()) == ["upload.zip"]


def test_a_link_is_left_out(tmp_path: Path) -> None:
    assert left_out(archive(tmp_path, with_entry("a.png", mode=0o120777))) == {
        "a.png": "is a link; only files are taken"
    }


def test_an_encrypted_member_is_left_out(tmp_path: Path) -> None:
    opened = archive(tmp_path, with_entry("a.png", flags=1))

    assert left_out(opened) == {"a.png": "is encrypted"}
    with pytest.raises(ImageRefused, match="is encrypted"):
        opened.read("a.png", MOST)


def test_a_member_packed_in_another_way_is_left_out(tmp_path: Path) -> None:
    opened = archive(tmp_path, zipped({"a.png": b"one"}, method=zipfile.ZIP_LZMA))

    assert "packed in a way" in left_out(opened)["a.png"]


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
def test_twins_are_all_left_out(tmp_path: Path, names: tuple[str, str]) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        for name in (*names, "b.png"):
            made.writestr(name, b"data")

    opened = archive(tmp_path, stream.getvalue())

    assert opened.names == ["b.png"]
    assert all("more than once" in reason for reason in left_out(opened).values())


def test_what_systems_leave_behind_is_not_mentioned(tmp_path: Path) -> None:
    files = {"a.png": b"1", "__MACOSX/._a.png": b"2", ".DS_Store": b"3", "d/Thumbs.db": b"4"}

    opened = archive(tmp_path, zipped(files))

    assert opened.names == ["a.png"]
    assert opened.troubles == []


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
    assert [trouble.file for trouble in folder.troubles] == ["link.png"]
    for name in ("link.png", "way/secret.txt", "../secret.txt"):
        with pytest.raises(ImageRefused, match="is not in the folder"):
            folder.read(name, MOST)


def test_a_file_that_becomes_a_link_is_not_followed(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / "a.png").write_bytes(b"one")
    folder = Folder(root)
    (root / "a.png").unlink()
    (root / "a.png").symlink_to("/etc/hostname")

    with pytest.raises(ImageRefused, match="can't be read"):
        folder.read("a.png", MOST)


def test_the_manifest_nearest_to_the_top_counts() -> None:
    assert manifest_among(["b/manifest.csv", "b/x/manifest.csv", "a.png"]) == "b/manifest.csv"
    assert manifest_among(["a.png"]) == ""
    with pytest.raises(UploadRefused, match="several manifests"):
        manifest_among(["manifest.csv", "manifest.jsonl"])


def test_a_manifest_by_itself_has_no_images(tmp_path: Path) -> None:
    path = tmp_path / "12"
    path.write_text("{}")
    (tmp_path / "13").write_text("somebody else's upload")

    source, manifest = open_upload(path, LIMITS, "jsonl")

    assert manifest == "manifest.jsonl"
    assert source.names == ["manifest.jsonl"]
    with pytest.raises(ImageRefused, match="put the images and the manifest into one zip"):
        source.read("13", MOST)


def test_a_path_is_known_by_what_it_is(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text("file\n")

    assert open_path(tmp_path / "m.csv", LIMITS)[1] == "m.csv"
    with pytest.raises(UploadRefused, match="There is no"):
        open_path(tmp_path / "absent.zip", LIMITS)
    assert [kind_of(name) for name in ("a.ZIP", "b.jsonl", "c.csv.gz", "d")] == [
        "zip", "jsonl", "", "",
    ]  # fmt: skip


def test_a_zip_that_is_gone_is_not_called_broken(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Archive(tmp_path / "gone.zip", LIMITS)
