"""Files in a bucket, over a line that breaks."""

import hashlib
import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from annotator.core.bucket import BucketStorage
from annotator.core.storage import BLOCK, StorageAway, names_below
from tests.buckets import BUCKET, REGION, BucketServer
from tests.cables import Cable

LARGE = random.Random(1).randbytes(16 * BLOCK + 5)  # more than the system's buffers take


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BucketServer]:
    running = BucketServer(tmp_path_factory.mktemp("bucket"))
    yield running
    running.end()


@pytest.fixture
def cable(server: BucketServer) -> Iterator[Cable]:
    to_server = Cable(("127.0.0.1", int(server.at.rpartition(":")[2])))
    yield to_server
    to_server.cut()


@pytest.fixture
def files(cable: Cable, tmp_path: Path) -> BucketStorage:
    return BucketStorage(
        bucket_name=BUCKET, endpoint_url=f"http://127.0.0.1:{cable.port}", region_name=REGION,
        access_key="a", secret_key="b", location=tmp_path.name,
    )  # fmt: skip


def test_any_part_of_a_file_can_be_read(files: BucketStorage) -> None:
    files.save("some/large.bin", ContentFile(LARGE))

    assert list(names_below(files)) == ["some/large.bin"]
    assert files.size("some/large.bin") == len(LARGE)
    assert files.get_modified_time("some/large.bin") <= timezone.now() + timedelta(seconds=1)
    for start, stop in ((0, len(LARGE)), (0, 1), (BLOCK - 1, 3 * BLOCK + 1), (7, 7)):
        assert b"".join(files.read("some/large.bin", start, stop)) == LARGE[start:stop]


def test_reading_goes_on_where_the_line_broke(files: BucketStorage, cable: Cable) -> None:
    files.save("large.bin", ContentFile(LARGE))
    digest, blocks = hashlib.sha256(), files.read("large.bin", 0, len(LARGE))
    for number, block in enumerate(blocks):
        digest.update(block)
        if number in (0, 4):
            cable.snap()

    assert digest.digest() == hashlib.sha256(LARGE).digest()


def test_a_bucket_that_is_away_and_a_file_that_is_not_there_are_two_things(
    files: BucketStorage, cable: Cable
) -> None:
    files.save("large.bin", ContentFile(LARGE))
    with pytest.raises(FileNotFoundError):
        files.read("another.bin", 0, 1)
    with pytest.raises(FileNotFoundError):
        files.size("another.bin")
    begun = files.read("large.bin", 0, len(LARGE))
    next(begun)

    cable.cut()

    with pytest.raises(StorageAway):
        files.save("small.bin", ContentFile(b"small"))
    with pytest.raises(StorageAway):
        list(begun)


def test_a_bucket_that_is_not_there_is_no_missing_file(files: BucketStorage) -> None:
    files.bucket_name = "another"

    with pytest.raises(StorageAway):
        files.save("small.bin", ContentFile(b"small"))
    with pytest.raises(StorageAway):
        files.read("small.bin", 0, 1)
