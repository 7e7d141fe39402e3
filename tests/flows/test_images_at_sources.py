"""Batches whose manifest only names its images: fetched by a worker, stretch by stretch."""

import io
import math
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from django.core.management import call_command
from django.db.models import Count
from pyarrow import parquet

from annotator import jobs, pipeline
from annotator.accounts.models import Role
from annotator.assignments.models import Assignment
from annotator.audit.catalog import INVARIANTS
from annotator.audit.scope import Scope
from annotator.core import clock
from annotator.core.reasons import Code, Reason
from annotator.gold.models import GoldItem
from annotator.ingest import fetching, services, uploads
from annotator.ingest.models import PlannedItem, Problem
from annotator.items.models import Image, Item
from annotator.projects.models import Batch, BatchState, Project
from annotator.reviews.models import Review
from annotator.workers.ingest import ingest_batch
from tests import factories
from tests.buckets import BUCKET, KEYS, BucketServer
from tests.drivers import Annotator, mps_answers
from tests.sites import free_port
from tests.uploads import image_bytes, lines, zipped
from tests.waiting import until
from tests.workers import Worker

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def lake(tmp_path: Path, settings: Any) -> Path:
    """A folder that the site may read images from, as the source `lake`."""
    folder = tmp_path / "lake"
    folder.mkdir()
    settings.IMAGE_SOURCES = f"lake={folder}"
    return folder


def rows_of(count: int, source: str = "lake://") -> list[dict[str, Any]]:
    """Manifest rows of pairs whose images lie at a source."""
    return [
        {
            "id": f"item-{place}",
            "meta": {"place": place},
            "prompt": f"a red cube number {place}",
            "images": [
                {"file": f"{source}set/{place}-{letter}.png", "generator": f"generator-{letter}"}
                for letter in "ab"
            ],
        }
        for place in range(count)
    ]


def images_of(count: int, **replaced: bytes) -> dict[str, bytes]:
    """Their files; `replaced`: other bytes, `_7_a` for those of 7-a.png."""
    files = {
        f"set/{place}-{letter}.png": image_bytes(2 * place + side)
        for place in range(count)
        for side, letter in enumerate("ab")
    }
    for name, data in replaced.items():
        files[f"set/{name.removeprefix('_').replace('_', '-')}.png"] = data
    return files


def fill(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def uploaded(
    project: Project, data: bytes, filename: str = "manifest.jsonl", pairs: str = ""
) -> Batch:
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


def taken_in(batch: Batch) -> Batch:
    """What a worker does that is woken for it, once."""
    ingest_batch(batch.pk)
    batch.refresh_from_db()
    return batch


def ended(batch: Batch) -> bool:
    batch.refresh_from_db()
    return batch.state in (BatchState.DONE, BatchState.FAILED)


def has_come_to(batch: Batch, items: int) -> bool:
    return ended(batch) or Item.objects.count() > items


def fetch_until(batch: Batch, after: Callable[[], None]) -> None:
    """What a worker does with a planned batch, with a look at it after each stretch."""
    opening = pipeline.Opening(batch)
    with jobs.hold(batch) as held:
        fetching.fetch(held, lambda made: opening.open(made, now=clock.now()), after)


def problems_of(batch: Batch) -> list[tuple[int | None, str, str]]:
    rows = Problem.objects.filter(batch=batch).order_by("line", "file")
    return list(rows.values_list("line", "file", "code"))


def broken_promises() -> list[str]:
    scope = Scope(now=clock.now())
    return [one.name for one in INVARIANTS if list(one.find(scope))]


def test_images_are_fetched_from_a_folder_and_a_worker_killed_loses_at_most_a_stretch(
    tmp_path: Path, lake: Path, project: Project
) -> None:
    count = 200
    fill(lake, images_of(count, _7_a=b"", _99_b=b"poison"))
    (lake / "set/42-a.png").unlink()
    batch = uploaded(project, lines(rows_of(count)))
    worker = Worker(tmp_path / "worker", env={"IMAGE_SOURCES": f"lake={lake}"})
    try:
        for items in (0, 60):
            worker.start()
            until(partial(has_come_to, batch, items))
            assert not ended(batch)
            worker.kill()
            assert broken_promises() == []
        worker.start()
        until(lambda: ended(batch))
    finally:
        worker.stop()

    assert (batch.state, batch.error) == (BatchState.DONE, None)
    assert (batch.done_count, batch.total_count, batch.images_named) == (count, count, 2 * count)
    standing = count - 3
    keys = set(Item.objects.filter(batch=batch).values_list("key", flat=True))
    assert keys == {f"item-{place}" for place in range(count)} - {"item-7", "item-42", "item-99"}
    assert Item.objects.get(key="item-17").meta == {"place": 17}
    assert Image.objects.count() == 2 * standing
    assert not PlannedItem.objects.exists()
    assert problems_of(batch) == [
        (8, "lake://set/7-a.png", "image_empty"),
        (43, "lake://set/42-a.png", "file_missing_at_source"),
        (100, "lake://set/99-b.png", "image_no_image"),
    ]
    slots = Assignment.objects.values("item").annotate(n=Count("pk"))
    assert ({row["n"] for row in slots}, slots.count()) == ({3}, standing)
    assert Review.objects.count() == math.ceil(standing / 5) == 40
    assert broken_promises() == []


def test_people_begin_after_the_first_stretch_and_the_sample_is_exact_after_each(
    lake: Path, project: Project
) -> None:
    fill(lake, images_of(150, _3_b=b"GIF89a", _60_a=b""))
    batch = uploaded(factories.project(template="mps"), lines(rows_of(150)))
    stood: list[tuple[int, int]] = []

    class _EnoughSeen(Exception):
        pass

    def look() -> None:
        stood.append((Item.objects.count(), Review.objects.count()))
        assert broken_promises() == []
        if len(stood) == 2:
            raise _EnoughSeen

    planned = planned_by_command(lake, project, rows_of(150))
    with pytest.raises(_EnoughSeen):
        fetch_until(planned, look)
    person = Annotator(factories.member(project, Role.ANNOTATOR), project)
    seen = str(person.claim().held)
    assert person.held
    person.submit(mps_answers("a"))
    taken_in(batch)

    assert len(stood) == 2
    assert [reviews for _, reviews in stood] == [math.ceil(items / 5) for items, _ in stood]
    assert 0 < stood[0][0] < stood[1][0] < 148
    assert "lake" not in seen
    assert "set/" not in seen
    assert batch.state == BatchState.DONE
    assert Review.objects.filter(batch=batch).count() == math.ceil(148 / 5)
    assert broken_promises() == []


def planned_by_command(folder: Path, project: Project, rows: list[dict[str, Any]]) -> Batch:
    """What `import_batch` leaves to workers."""
    manifest = folder.parent / "named.jsonl"
    manifest.write_bytes(lines(rows))
    call_command("import_batch", str(project.pk), str(manifest), stdout=io.StringIO())
    return Batch.objects.latest("pk")


def test_the_command_plans_and_leaves_the_images_to_workers_or_fetches_them(
    lake: Path, project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(lake, images_of(3))
    manifest = lake.parent / "named.csv"
    manifest.write_text("file,prompt,generator\nlake://set/0-a.png,p,m\nlake://set/0-b.png,p,n\n")

    call_command("import_batch", str(project.pk), str(manifest), "--pairs", "all")
    planned = Batch.objects.get()
    before = planned.state, PlannedItem.objects.count(), Image.objects.count()
    taken_in(planned)
    other = str(factories.project(template="mps").pk)
    call_command("import_batch", other, str(manifest), "--pairs", "all", "--fetch")

    said = capsys.readouterr().out
    assert before == (BatchState.REQUESTED, 1, 0)
    assert "1 items" in said
    assert "workers fetch their 2 images" in said
    assert "1 items of 2 images" in said
    assert [batch.state for batch in Batch.objects.all()] == [BatchState.DONE] * 2
    assert Item.objects.count() == 2


@pytest.mark.parametrize("kind", ["csv", "parquet", "jsonl"])
def test_manifests_of_all_kinds_name_images_at_sources(
    lake: Path, kind: str, tmp_path: Path
) -> None:
    single = factories.project(template="richhf")
    fill(lake, {"a.png": image_bytes(1), "r.png": image_bytes(2)})
    rows = [{"file": "lake://a.png", "prompt": "p", "reference": "lake://r.png"}]
    table = io.BytesIO()
    parquet.write_table(pa.Table.from_pylist(rows), table)
    data = {
        "csv": b"file,prompt,reference\nlake://a.png,p,lake://r.png\n",
        "parquet": table.getvalue(),
        "jsonl": lines(rows),
    }

    batch = taken_in(uploaded(single, data[kind], f"m.{kind}"))

    assert (batch.state, batch.total_count, batch.images_named) == (BatchState.DONE, 1, 1)
    image = Image.objects.get(source_name="lake://a.png")
    assert image.reference is not None
    assert image.reference.source_name == "lake://r.png"


def test_rows_are_refused_before_an_image_is_fetched(lake: Path, project: Project) -> None:
    fill(lake, images_of(3))
    rows = rows_of(3)
    outside = {"prompt": "p", "images": [{"file": "lake://../x"}, {"file": "lake://set/1-a.png"}]}
    unknown = {"prompt": "p", "images": [{"file": "pond://a"}, {"file": "lake://set/1-a.png"}]}
    mixed = {"prompt": "p", "images": [{"file": "set/0-a.png"}, {"file": "lake://set/1-a.png"}]}
    other = {
        "prompt": rows[2]["prompt"],
        "images": [
            {"file": "lake://set/2-a.png", "generator": "another"},
            {"file": "lake://set/0-a.png"},
        ],
    }

    batch = taken_in(uploaded(project, lines([*rows, rows[1], outside, unknown, mixed, other])))

    assert batch.state == BatchState.DONE
    found = {(line, code) for line, _, code in problems_of(batch)}
    # Which of two rows that contradict each other is taken in first is drawn.
    contradicting = {(3, "other_generator_before"), (8, "other_generator_before")}
    assert len(found & contradicting) == 1
    assert found - contradicting == {
        (4, "id_taken"),
        (5, "source_path"),
        (6, "source_unknown"),
        (7, "source_and_upload"),
    }
    assert Item.objects.count() == 3
    assert broken_promises() == []


def test_known_answers_of_images_at_sources_are_gold_with_their_stretch(
    lake: Path, project: Project
) -> None:
    fill(lake, images_of(3))
    rows = rows_of(3)
    rows[0]["gold"] = {"overall": {"choice": "a"}}
    rows[1]["gold"] = {"overall": {"choice": "d"}}

    batch = taken_in(uploaded(project, lines(rows)))

    assert (batch.state, batch.item_count) == (BatchState.DONE, 1)
    assert problems_of(batch) == [(2, "gold.overall", "answer_not_offered")]
    gold = GoldItem.objects.get()
    better = gold.item.places.all()["ab".index(gold.truths.get().key)].image
    assert better.source_name == rows[0]["images"][0]["file"]
    assert not PlannedItem.objects.exists()
    assert broken_promises() == []


def test_images_that_come_with_an_upload_do_not_mix_with_those_at_sources(
    lake: Path, project: Project
) -> None:
    files = images_of(2)
    rows = [*rows_of(2, source=""), *rows_of(3)[2:]]
    data = zipped({"manifest.jsonl": lines(rows), **files})

    batch = taken_in(uploaded(project, data, "a.zip"))

    assert (batch.state, batch.images_named) == (BatchState.DONE, None)
    assert problems_of(batch) == [(3, "", "source_and_upload")]
    assert Item.objects.count() == 2


@pytest.mark.parametrize(("rule", "pairs"), [("all", 3), ("ring", 2)])
def test_pairs_with_a_broken_image_are_not_made_and_it_is_named_once(
    lake: Path, project: Project, rule: str, pairs: int
) -> None:
    fill(lake, {f"{n}.png": image_bytes(n) if n else b"no image" for n in range(4)})
    rows: list[dict[str, Any]] = [
        {"file": f"lake://{n}.png", "prompt": "p", "generator": f"g{n}", "meta": {"seed": n},
         "category": "text"}
        for n in range(4)
    ]  # fmt: skip
    item = rows_of(1)

    batch = taken_in(uploaded(project, lines([*rows, rows[3], *item]), pairs=rule))

    assert batch.state == BatchState.DONE
    assert problems_of(batch) == [
        (1, "lake://0.png", "image_no_image"),
        (5, "lake://3.png", "image_named_before"),
        (6, "", "item_among_single_images"),
    ]
    assert Item.objects.count() == pairs
    for made in Item.objects.all():
        assert made.meta == {"category": "text"}
        assert made.selection_probability == pytest.approx({"all": 1, "ring": 2 / 3}[rule])
    assert {image.generator: image.meta["seed"] for image in Image.objects.all()} == {
        f"g{n}": n for n in range(1, 4)
    }
    assert broken_promises() == []


def test_a_batch_of_which_nothing_stands_fails(lake: Path, project: Project) -> None:
    fill(lake, {"other.png": image_bytes(1)})

    batch = taken_in(uploaded(project, lines(rows_of(3))))

    assert batch.state == BatchState.FAILED
    assert batch.reason is not None
    assert batch.reason.code == "nothing_taken"
    assert [code for _, _, code in problems_of(batch)] == ["file_missing_at_source"] * 3
    assert not Item.objects.exists()
    assert not Image.objects.exists()
    assert broken_promises() == []


def test_what_a_worker_dies_of_ends_the_batch_and_keeps_what_is_with_people(
    lake: Path, project: Project
) -> None:
    fill(lake, images_of(60))
    planned = planned_by_command(lake, project, rows_of(60))

    class _Died(Exception):
        pass

    def die() -> None:
        raise _Died

    with pytest.raises(_Died):
        fetch_until(planned, die)
    planned.refresh_from_db()
    held = jobs.take(planned, now=clock.now())
    assert held is not None
    services.give_up_after_last_attempt(held.job, Reason(Code.WORKER_DIED, count=3))

    planned.refresh_from_db()
    assert planned.state == BatchState.FAILED
    assert Item.objects.count() == 48
    assert not PlannedItem.objects.exists()
    assert broken_promises() == []


def test_a_folder_that_a_worker_does_not_see_is_waited_for_until_one_does(
    tmp_path: Path, lake: Path, project: Project
) -> None:
    fill(lake, images_of(2))
    batch = uploaded(project, lines(rows_of(2)))
    empty = tmp_path / "not mounted"
    empty.mkdir()
    blind = Worker(tmp_path / "blind", env={"IMAGE_SOURCES": f"lake={empty}"})
    seeing = Worker(tmp_path / "seeing", env={"IMAGE_SOURCES": f"lake={lake}"})
    blind.start()
    try:
        until(lambda: waits(batch) and blind.log.count("ingest_batch") > 8, "it looked often")
    finally:
        blind.stop()
    batch.refresh_from_db()
    assert batch.reason is not None
    waiting = batch.state, batch.reason.code, batch.reason.params, batch.attempts
    seeing.start()
    try:
        until(lambda: ended(batch))
    finally:
        seeing.stop()

    assert waiting == (BatchState.REQUESTED, "source_not_here", {"source": "lake"}, 0)
    assert (batch.state, batch.error) == (BatchState.DONE, None)
    assert problems_of(batch) == []


def waits(batch: Batch) -> bool:
    batch.refresh_from_db()
    return batch.state == BatchState.REQUESTED and batch.error is not None


@pytest.fixture
def bucket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[BucketServer]:
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    server = BucketServer(tmp_path / "bucket")
    yield server
    server.end()


def test_images_in_a_bucket_are_waited_for_while_it_is_away(
    bucket: BucketServer, project: Project, settings: Any
) -> None:
    settings.IMAGE_SOURCES = f"lake=s3://{BUCKET}/generated/"
    settings.S3_ENDPOINT_URL, settings.S3_REGION = bucket.at, "eu-central-1"
    client = bucket.client()
    for name, data in images_of(3, _1_a=b"", _2_b=b"x" * 2000).items():
        client.put_object(Bucket=BUCKET, Key=f"generated/{name}", Body=data)
    client.put_object(Bucket=BUCKET, Key="private/0-a.png", Body=image_bytes(0))
    # Half by the source's name and half by the place in the bucket; and one beside the prefix.
    rows = [*rows_of(2), *rows_of(3, source=f"s3://{BUCKET}/generated/")[2:]]
    rows += [{**rows[0], "id": "same"}, {**rows_of(1, source=f"s3://{BUCKET}/")[0], "id": "out"}]
    rows[3]["images"][0]["file"] = f"s3://{BUCKET}/generated/set/0-a.png"
    settings.IMAGE_MAX_BYTES = 4000
    settings.S3_ENDPOINT_URL = f"http://127.0.0.1:{free_port()}"
    batch = taken_in(uploaded(project, lines(rows)))
    waiting = batch.state, batch.reason and batch.reason.code, batch.attempts
    planned = PlannedItem.objects.count()

    settings.S3_ENDPOINT_URL = bucket.at
    taken_in(batch)

    assert (waiting, planned) == ((BatchState.REQUESTED, "source_away", 0), 4)
    assert (batch.state, batch.error) == (BatchState.DONE, None)
    assert problems_of(batch) == [
        (2, "lake://set/1-a.png", "image_empty"),
        (3, "lake://set/2-b.png", "image_no_image"),
        (5, f"s3://{BUCKET}/set/0-a.png", "source_outside"),
    ]
    assert {item.key for item in Item.objects.all()} == {"item-0", "same"}
    assert Image.objects.count() == 2
    assert broken_promises() == []
