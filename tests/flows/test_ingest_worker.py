"""Uploads through a real worker: killed midway, fed with rubbish; nothing lost or doubled."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db.models import Count
from django.utils import timezone

from annotator.assignments.models import Assignment
from annotator.core import places
from annotator.ingest import uploads
from annotator.ingest.models import Problem, UploadPart
from annotator.items.models import Image, Item, ItemImage
from annotator.items.services import collect_files
from annotator.projects.models import Batch, BatchState, Project
from annotator.reviews.models import Review
from annotator.workers.ingest import ingest_batch
from tests import factories
from tests.uploads import bytes_of, image_bytes, lines, pair_rows, pairs_zip, with_text, zipped
from tests.waiting import until
from tests.workers import Worker

pytestmark = pytest.mark.django_db(transaction=True)
CANARY = b"canary-model-4711"


@pytest.fixture
def worker(tmp_path: Path, request: Any) -> Iterator[Worker]:
    made = Worker(tmp_path / "worker", broker=getattr(request, "param", "redis"))
    yield made
    made.stop()


def uploaded(project: Project, data: bytes, filename: str = "a.zip", pairs: str = "") -> Batch:
    """A batch whose bytes have all come."""
    batch = uploads.begin_upload(
        project=project,
        user=project.created_by,
        name="batch",
        filename=filename,
        size=len(data),
        pairs=pairs,
    )
    uploads.receive(batch, offset=0, data=data)
    return batch


def ended(batch: Batch) -> bool:
    batch.refresh_from_db()
    return batch.state in (BatchState.DONE, BatchState.FAILED)


def code_of(batch: Batch) -> str:
    """Why it failed."""
    assert batch.reason is not None
    return batch.reason.code


def stored_files() -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


@pytest.mark.parametrize("worker", ["redis", "filesystem"], indirect=True)
def test_a_worker_killed_in_the_middle_loses_and_doubles_nothing(
    worker: Worker, project: Project
) -> None:
    count = 160
    batch = uploaded(project, pairs_zip(count, width=160, height=120, _7_a=b"", _99_b=b"poison"))
    for done in (0, 60):
        worker.start()
        until(lambda done=done: ended(batch) or batch.done_count > done)
        assert not ended(batch)
        worker.kill()
    worker.start()
    until(lambda: ended(batch))

    assert (batch.state, batch.error) == (BatchState.DONE, None)
    assert (batch.done_count, batch.total_count) == (count, count)
    keys = list(Item.objects.filter(batch=batch).values_list("key", flat=True))
    assert sorted(keys) == sorted(
        f"line-{line}" for line in range(1, count + 1) if line not in (8, 100)
    )
    assert Image.objects.filter(batch=batch).count() == 2 * (count - 2)
    assert ItemImage.objects.count() == 2 * (count - 2)
    slots = Assignment.objects.values("item").annotate(n=Count("pk"))
    assert sorted({row["n"] for row in slots}) == [3]
    assert slots.count() == count - 2
    assert Review.objects.count() == 32
    problems = Problem.objects.filter(batch=batch)
    assert list(problems.values_list("line", "file", "code")) == [
        (8, "7-a.png", "image_empty"),
        (100, "99-b.png", "image_no_image"),
    ]
    # What a killed write leaves has no final name, and is swept up in time.
    assert {path.suffix for path in stored_files()} <= {".png", ".webp", ".part"}
    for shard in range(256):
        collect_files(timezone.now() + timedelta(days=2), shard=shard)
    assert {path.suffix for path in stored_files()} == {".png", ".webp"}
    for image in Image.objects.all():
        data = (Path(settings.MEDIA_ROOT) / image.path).read_bytes()
        assert hashlib.sha256(data).hexdigest() == image.sha256
    assert [path.name for path in Path(settings.UPLOAD_ROOT).iterdir()] == [places.MARK]
    assert not UploadPart.objects.exists()


def test_a_large_upload_lets_a_small_one_of_another_project_have_its_turn(
    tmp_path: Path, project: Project
) -> None:
    large = uploaded(project, pairs_zip(150))
    small = uploaded(factories.project(template="mps"), pairs_zip(2))
    only_one = Worker(tmp_path / "worker", env={"JOB_TURN_SECONDS": "0"})
    try:
        # The large one was sent for first.
        only_one.start()
        until(lambda: ended(large) and ended(small))
    finally:
        only_one.stop()

    assert (large.state, small.state) == (BatchState.DONE, BatchState.DONE)
    assert small.finished_at < large.finished_at
    assert large.done_count == 150
    assert Item.objects.filter(batch=large).count() == 150
    assert Image.objects.filter(batch=large).count() == 300
    assert Assignment.objects.filter(item__batch=large).count() == 450


def test_an_upload_that_cannot_be_read_fails_with_the_reason(
    worker: Worker, project: Project
) -> None:
    broken = uploaded(project, b"PK no zip at all")
    empty = uploaded(project, zipped({"manifest.jsonl": b"\n"}))
    lone = uploaded(project, lines(pair_rows(2)), "manifest.jsonl")
    rubbish = uploaded(project, pairs_zip(1, _0_a=b"x"))
    worker.start()

    until(lambda: all(ended(batch) for batch in (broken, empty, lone, rubbish)))

    batches = (broken, empty, lone, rubbish)
    assert [batch.state for batch in batches] == [BatchState.FAILED] * 4
    assert [code_of(batch) for batch in batches] == [
        "zip_unreadable",
        "manifest_no_rows",
        "nothing_taken",
        "nothing_taken",
    ]
    assert [row.code for row in Problem.objects.filter(batch=lone)] == ["only_manifest_sent"] * 2
    assert not Item.objects.exists()
    assert not Image.objects.exists()


def test_an_upload_that_cannot_be_stored_is_tried_again_and_then_says_why(
    worker: Worker, project: Project
) -> None:
    Path(settings.MEDIA_ROOT).write_bytes(b"a file where the images' folder should be")
    data = pairs_zip(1)
    batch = uploaded(project, data)
    worker.start()

    until(lambda: ended(batch))

    assert batch.state == BatchState.FAILED
    assert batch.reason is not None
    assert (batch.reason.code, batch.reason.params["count"]) == ("attempts_failed", 3)
    assert batch.reason.params["error"].startswith(("NotADirectoryError", "FileExistsError"))
    assert not Image.objects.exists()
    assert bytes_of(batch.pk) == data


def test_an_upload_waits_for_a_worker_that_sees_its_bytes_however_long(
    project: Project, tmp_path: Path
) -> None:
    data = pairs_zip(1)
    batch = uploaded(project, data)
    elsewhere = {"UPLOAD_ROOT": str(tmp_path / "another machine's")}
    blind, seeing = Worker(tmp_path / "blind", env=elsewhere), Worker(tmp_path / "seeing")
    blind.start()
    try:
        often = settings.JOB_MAX_ATTEMPTS + 1
        until(lambda: blind.log.count("ingest_batch") > 2 * often, "it looked more than thrice")
    finally:
        blind.stop()
    batch.refresh_from_db()
    waiting = batch.state, code_of(batch), batch.attempts
    seeing.start()
    try:
        until(lambda: ended(batch))
    finally:
        seeing.stop()

    assert waiting == (BatchState.REQUESTED, "upload_elsewhere", 0)
    assert (batch.state, batch.error) == (BatchState.DONE, None)


def test_a_worker_without_room_leaves_an_upload_to_another(project: Project, settings: Any) -> None:
    batch, enough = uploaded(project, pairs_zip(1)), settings.MIN_FREE_BYTES
    settings.MIN_FREE_BYTES = 2**60
    for _ in range(settings.JOB_MAX_ATTEMPTS + 1):
        ingest_batch(batch.pk)
    batch.refresh_from_db()
    waiting = batch.state, code_of(batch), batch.attempts

    settings.MIN_FREE_BYTES = enough
    ingest_batch(batch.pk)
    batch.refresh_from_db()

    assert waiting == (BatchState.REQUESTED, "worker_disk_too_full", 0)
    assert (batch.state, batch.error) == (BatchState.DONE, None)


def test_pairs_are_made_of_single_images(worker: Worker, project: Project) -> None:
    rows = [
        {"file": f"{prompt}-{n}.png", "prompt": f"prompt {prompt}", "generator": f"g{n}"}
        for prompt in range(3)
        for n in range(4)
    ] + [{"file": "alone.png", "prompt": "alone", "generator": "g0"}]
    files = {str(row["file"]): image_bytes(place) for place, row in enumerate(rows)}
    batch = uploaded(project, zipped({"manifest.jsonl": lines(rows), **files}), pairs="ring")
    worker.start()

    until(lambda: ended(batch))

    assert batch.state == BatchState.DONE
    assert Item.objects.count() == 12
    per_image = Image.objects.annotate(n=Count("places")).values_list("source_name", "n")
    assert dict(per_image) == {name: 0 if name == "alone.png" else 2 for name in files}
    assert [(row.file, row.line) for row in Problem.objects.all()] == [("alone.png", None)]


def test_items_that_are_made_already_need_no_rule_for_pairs(
    worker: Worker, project: Project
) -> None:
    batch = uploaded(project, pairs_zip(3), pairs="all")
    worker.start()

    until(lambda: ended(batch))

    assert (batch.state, Item.objects.count()) == (BatchState.DONE, 3)
    assert not Problem.objects.exists()


def test_an_item_among_single_images_is_not_taken(worker: Worker, project: Project) -> None:
    single = [{"file": f"s{n}.png", "prompt": "one", "generator": f"g{n}"} for n in range(2)]
    files = {f"s{n}.png": image_bytes(n) for n in range(2)}
    files |= {f"0-{letter}.png": image_bytes(n) for n, letter in enumerate("ab", 5)}
    manifest = lines([*single, *pair_rows(1)])
    batch = uploaded(project, zipped({"manifest.jsonl": manifest, **files}), pairs="all")
    worker.start()

    until(lambda: ended(batch))

    assert (batch.state, Item.objects.count()) == (BatchState.DONE, 1)
    [problem] = Problem.objects.all()
    assert (problem.line, problem.file) == (3, "")
    assert problem.code == "item_among_single_images"


def test_a_folder_is_imported_by_the_command_and_nothing_of_it_leaks(
    tmp_path: Path, project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "images"
    folder.mkdir()
    for place in range(3):
        for letter in "ab":
            data = with_text(image_bytes(place), CANARY.decode())
            (folder / f"{place}-{letter}.png").write_bytes(data)
    (folder / "1-b.png").write_bytes(b"GIF89a")
    (folder / "spare.png").write_bytes(image_bytes(9))
    (folder / "manifest.jsonl").write_bytes(lines(pair_rows(3)))

    call_command("import_batch", project.name, str(folder))

    said = capsys.readouterr()
    assert "2 items of 4 images" in said.out
    assert "line 2: 1-b.png: It is of the type GIF" in said.err
    assert "spare.png" in said.err
    assert Batch.objects.get().state == BatchState.DONE
    assert stored_files()
    assert [path for path in stored_files() if CANARY in path.read_bytes()] == []


def test_the_command_ends_with_1_when_nothing_can_be_taken(
    tmp_path: Path, project: Project
) -> None:
    (tmp_path / "m.csv").write_text("file,prompt\nabsent.png,p\n")

    with pytest.raises(CommandError, match="have pairs made"):
        call_command("import_batch", str(project.pk), str(tmp_path / "m.csv"))
    with pytest.raises(CommandError, match="Nothing of this upload could be taken"):
        call_command("import_batch", str(project.pk), str(tmp_path / "m.csv"), "--pairs", "all")
    with pytest.raises(CommandError, match="There is no project"):
        call_command("import_batch", "no such", str(tmp_path / "m.csv"))
    assert not Item.objects.exists()


def test_references_go_with_their_images(tmp_path: Path) -> None:
    single = factories.project(template="richhf")
    rows = [{"file": "a.png", "prompt": "p", "reference": "r.png"}]
    (tmp_path / "a.png").write_bytes(image_bytes(1))
    (tmp_path / "r.png").write_bytes(image_bytes(2))
    (tmp_path / "manifest.jsonl").write_bytes(lines(rows))

    call_command("import_batch", str(single.pk), str(tmp_path / "manifest.jsonl"))

    image = Image.objects.get(source_name="a.png")
    assert image.reference is not None
    assert image.reference.source_name == "r.png"
    assert image.reference.is_reference
    assert [place.image_id for place in Item.objects.get().places.all()] == [image.pk]
