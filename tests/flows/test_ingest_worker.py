"""Uploads through a real worker: killed midway, fed with rubbish; nothing lost or doubled."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db.models import Count
from django.utils import timezone

from annotator.annotations.selectors import standing_answers
from annotator.assignments.models import Assignment
from annotator.core import places
from annotator.gold.models import Consequence, GoldAnswer, GoldItem, GoldTruth
from annotator.gold.services import RuleSettings
from annotator.ingest import uploads
from annotator.ingest.models import ManifestGold, Problem, UploadPart
from annotator.items.models import Image, Item, ItemImage, MetaKey
from annotator.items.services import collect_files
from annotator.pipeline.known_answers import set_gold_rule
from annotator.projects.models import Batch, BatchState, Project
from annotator.reviews.models import Review
from annotator.workers.ingest import ingest_batch
from tests import factories
from tests.drivers import Annotator, mps_answers
from tests.promises import broken
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


def with_rows(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """A zip of pairs under a manifest of these rows."""
    files = {
        image["file"]: image_bytes(place)
        for place, image in enumerate(image for row in rows for image in row["images"])
    }
    return zipped({"manifest.jsonl": lines(rows), **files})


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
        {
            "file": f"{prompt}-{n}.png",
            "prompt": f"{prompt}只猫",
            "generator": f"g{n}",
            "category": "text" if prompt or n else "animals",
            "meta": {"seed": n, "cfg": 7.5},
        }
        for prompt in range(3)
        for n in range(4)
    ] + [{"file": "alone.png", "prompt": "alone", "generator": "g0"}]
    files = {str(row["file"]): image_bytes(place) for place, row in enumerate(rows)}
    batch = uploaded(project, zipped({"manifest.jsonl": lines(rows), **files}), pairs="ring")
    worker.start()

    until(lambda: ended(batch))

    assert batch.state == BatchState.DONE
    assert Item.objects.count() == 12
    # The two neighbours of one image of prompt 0 are of another category than it.
    for item in Item.objects.all():
        metas = [place.image.meta for place in item.places.all()]
        same = {meta["category"] for meta in metas} == {"text"}
        assert item.meta == ({"category": "text"} if same else {})
        assert item.selection_probability == pytest.approx(2 / 3)
    assert Item.objects.filter(meta={}).count() == 2
    image = Image.objects.get(source_name="1-3.png")
    assert image.meta == {"seed": 3, "cfg": 7.5, "category": "text"}
    keys = set(MetaKey.objects.values_list("of", "key"))
    assert keys == {
        ("image", "seed"), ("image", "cfg"), ("image", "category"), ("item", "category"),
    }  # fmt: skip
    assert {tuple(item.tokens) for item in Item.objects.all()} == {
        (str(prompt), "只", "猫") for prompt in range(3)
    }
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


def test_items_with_known_answers_are_gold_from_the_start_and_count_nowhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = factories.project(review_rate=1.0)
    rows = pair_rows(9)
    for row in rows[:6]:
        row["gold"] = {"overall": {"choice": "a"}, "aesthetics": {"choice": "tie"}}
    rows[6]["gold"] = {"overall": {"choice": "c"}}
    (tmp_path / "a.zip").write_bytes(with_rows(rows))

    call_command("import_batch", project.name, str(tmp_path / "a.zip"))

    said = capsys.readouterr()
    assert "2 items of 16 images" in said.out
    assert "line 7: gold.overall: " in said.err
    batch = Batch.objects.get()
    assert (batch.state, batch.item_count) == (BatchState.DONE, 2)
    assert Review.objects.count() == Item.objects.count() == 2
    assert Assignment.objects.count() == 6
    gold = GoldItem.objects.select_related("item")
    assert {row.item.prompt for row in gold} == {row["prompt"] for row in rows[:6]}
    better = [(row.truths.get(question__key="overall").key, row.item.places.all()) for row in gold]
    # Letters are drawn, and what is known goes with its image.
    assert {letter for letter, _ in better} == {"a", "b"}
    for letter, shown in better:
        assert shown["ab".index(letter)].image.source_name.endswith("-a.png")
    ties = GoldTruth.objects.filter(question__key="aesthetics")
    assert set(ties.values_list("key", flat=True)) == {"tie"}
    assert not ManifestGold.objects.exists()
    assert broken() == set()


def test_a_batch_by_command_has_its_training_step(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = factories.project()
    (tmp_path / "a.zip").write_bytes(with_rows(pair_rows(1)))

    call_command("import_batch", project.name, str(tmp_path / "a.zip"), "--step", "12000")
    with pytest.raises(CommandError, match="a training step is a number from 0 to"):
        call_command("import_batch", project.name, str(tmp_path / "a.zip"), "--step", "-1")

    assert "1 items of 2 images" in capsys.readouterr().out
    assert Batch.objects.get().step == 12000


def test_who_is_given_a_known_answer_is_judged_by_it_and_it_is_exported_nowhere(
    tmp_path: Path,
) -> None:
    project = factories.project(review_rate=0.0)
    rows = pair_rows(2)
    rows[0]["gold"] = {"overall": {"choice": "a"}}
    (tmp_path / "a.zip").write_bytes(with_rows(rows))
    call_command("import_batch", project.name, str(tmp_path / "a.zip"))
    settings = RuleSettings(1.0, 0.0, 0, 0.9, 0.7, 0.05, 0.05, Consequence.NOTHING)
    set_gold_rule(project.created_by, project, settings, timezone.now())
    gold = GoldItem.objects.get()
    right = gold.truths.get().key
    wrong = {"a": "b", "b": "a"}[right]

    for choice in (right, wrong, right):
        person = Annotator(factories.member(project), project)
        person.claim().submit(mps_answers(choice))
        person.claim().submit(mps_answers("a"))

    told = GoldAnswer.objects.order_by("at").values_list("passed", flat=True)
    assert list(told) == [True, False, True]
    assert standing_answers().count() == 3
    call_command("export", project.name, "--format", "annotations", "--out", str(tmp_path / "out"))
    exported = (tmp_path / "out" / "annotations.jsonl").read_text()
    assert len(exported.splitlines()) == 3
    assert gold.item.key not in exported
    assert broken() == set()


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


def problems(batch: Batch) -> list[tuple[int | None, str, object]]:
    rows = Problem.objects.filter(batch=batch).exclude(code__startswith="files_not_named")
    rows = rows.order_by("line", "id")
    return [(row.line, row.code, row.params.get("batch")) for row in rows]


def taken_in(project: Project, data: bytes, pairs: str = "") -> Batch:
    batch = uploaded(project, data, pairs=pairs)
    ingest_batch(batch.pk)
    batch.refresh_from_db()
    return batch


def test_what_was_sent_before_is_a_problem_that_names_its_batch(project: Project) -> None:
    named = {**pair_rows(1)[0], "id": "cat-7"}
    without = {key: value for key, value in pair_rows(2)[1].items() if key != "id"}
    files = {f"{n}-{letter}.png": image_bytes(2 * n + side)
             for n in range(3) for side, letter in enumerate("ab")}  # fmt: skip
    first = taken_in(project, zipped({"manifest.jsonl": lines([named, without, without]), **files}))
    # The same lines in another order, a prompt that differs by a dot, and one that is new.
    dotted = {**without, "prompt": f"{without['prompt']}."}
    turned = {**without, "images": without["images"][::-1]}
    other_content = {**pair_rows(3)[2], "id": "cat-7"}
    again = [dotted, named, other_content, turned]

    second = taken_in(project, zipped({"manifest.jsonl": lines(again), **files}))
    elsewhere = factories.project()
    third = taken_in(elsewhere, zipped({"manifest.jsonl": lines([named, without]), **files}))
    fourth = taken_in(project, zipped({"manifest.jsonl": lines([named, dotted]), **files}))

    assert problems(first) == [(3, "item_repeated", first.pk)]
    assert problems(second) == [(n, "item_repeated", first.pk) for n in (1, 2, 3)]
    assert Item.objects.filter(batch=second).count() == 1
    assert Item.objects.filter(batch=third).count() == 2
    assert (fourth.state, code_of(fourth)) == (BatchState.FAILED, "nothing_taken")
    assert problems(fourth) == [(n, "item_repeated", first.pk) for n in (1, 2)]
    assert Assignment.objects.filter(item__project=project).count() == 9


def test_a_pair_that_the_site_drew_before_is_not_drawn_again(project: Project) -> None:
    rows = [{"file": f"{n}.png", "prompt": "one", "generator": f"g{n}"} for n in range(4)]
    files = {f"{n}.png": image_bytes(n) for n in range(4)}
    first = taken_in(project, zipped({"manifest.jsonl": lines(rows[:3]), **files}), pairs="all")

    second = taken_in(project, zipped({"manifest.jsonl": lines(rows), **files}), pairs="all")

    assert Item.objects.filter(batch=first).count() == 3
    assert Item.objects.filter(batch=second).count() == 3
    repeated = [row for row in problems(second) if row[1] == "item_repeated"]
    assert repeated == [(None, "item_repeated", first.pk)] * 3


def test_prompts_of_one_normal_form_make_pairs_together(project: Project) -> None:
    prompts = ["A red  cube.", "a red cube", "A RED CUBE"]
    rows = [{"file": f"{n}.png", "prompt": text, "generator": f"g{n}"}
            for n, text in enumerate(prompts)]  # fmt: skip
    rows.append({**rows[0], "prompt": "a red cube"})
    files = {f"{n}.png": image_bytes(n) for n in range(3)}

    batch = taken_in(project, zipped({"manifest.jsonl": lines(rows), **files}), pairs="all")

    assert Item.objects.filter(batch=batch).count() == 3
    assert problems(batch) == [(None, "image_named_before", None)]


def test_what_is_being_deleted_stands_in_nobodys_way(project: Project) -> None:
    first = taken_in(project, pairs_zip(2))
    Batch.objects.filter(pk=first.pk).update(state=BatchState.DELETING)

    second = taken_in(project, pairs_zip(2))

    assert (second.state, problems(second)) == (BatchState.DONE, [])
    assert Item.objects.filter(batch=second).count() == 2
