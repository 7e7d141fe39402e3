"""What exports hold of answers as they were given, and what is refused."""

from pathlib import Path

import pytest

from annotator.core.errors import Conflict, Invalid
from annotator.core.reasons import Code, Reason
from annotator.exports import services
from annotator.exports.models import Export
from annotator.exports.read.source import Selection, source_of
from tests import factories, judged
from tests.rooms.exported import batch, made, manifest, pair_project, people, rows, voted


@pytest.mark.django_db(transaction=True)
def test_annotations_hold_everything_that_was_ever_said(tmp_path: Path) -> None:
    project = pair_project()
    item = judged.item(batch(project), "first", "Two cats, one dog", ["painter", "drawer"])
    anna, bert, carl = people(project)
    reviewer = factories.member(project, "reviewer")
    judged.answer(item, anna, judged.said("a", "overall"), current=False, shown="ba")
    newer = judged.answer(
        item,
        anna,
        judged.said("b", "overall"),
        minutes=1,
        revision=2,
        first_submitted_at=judged.START,
        viewport_width=1280,
        viewport_height=720,
        device_pixel_ratio=2.0,
        zoomed=True,
    )
    rejected = judged.answer(
        item, bert, judged.said("tie", "overall"), slot=1, state="rejected", minutes=2
    )
    judged.answer(item, carl, judged.said("unsure", "overall"), slot=2, counted=False, minutes=3)
    judged.verdict(newer, reviewer, "accept")
    judged.verdict(rejected, reviewer, "reject", "clicked through")

    folder = made(project, "annotations", tmp_path / "out")

    found = rows(folder, "annotations.jsonl")
    assert [
        (r["revision"], r["current"], r["counted"], r["state"], r["answers"]) for r in found
    ] == [
        (1, False, True, "accepted", {"overall": {"choice": "a"}}),
        (2, True, True, "accepted", {"overall": {"choice": "b"}}),
        (1, True, True, "rejected", {"overall": {"choice": "tie"}}),
        (1, True, False, "accepted", {"overall": {"choice": "unsure"}}),
    ]
    assert found[0]["shown"] == {"order": ["b", "a"]}
    assert found[0]["review"] is None
    assert found[0]["view"] is None
    assert found[1]["view"] == {
        "viewport": {"width": 1280, "height": 720},
        "device_pixel_ratio": 2.0,
        "zoomed": True,
    }
    assert found[1]["first_submitted_at"] == "2026-11-01T09:00:00.123456Z"
    assert found[1]["submitted_at"] == "2026-11-01T09:01:00.123456Z"
    assert found[2]["review"]["verdict"] == "reject"
    assert found[2]["review"]["reason"] == "clicked through"
    assert found[2]["review"]["reviewer"].startswith("R-")
    assert found[0]["annotator"] == found[1]["annotator"] != found[2]["annotator"]
    assert found[0]["item"]["tokens"] == ["Two", "cats", "one", "dog"]
    assert [i["letter"] + " " + i["generator"] for i in found[0]["images"]] == [
        "a painter",
        "b drawer",
    ]
    assert manifest(folder)["created_at"] == "2026-11-01T09:50:00.123456Z"


@pytest.mark.django_db(transaction=True)
def test_rows_stand_in_the_order_of_the_uploaders_keys_bytewise(tmp_path: Path) -> None:
    project = pair_project()
    in_batch = batch(project)
    for key in ["b", "ä", "B", "a-10", "a-9", "a 1"]:
        voted(project, in_batch, key, "aaa")

    folder = made(project, "preferences", tmp_path / "out", images=False)

    keys = [r["key"] for r in rows(folder, "preferences.jsonl")]
    assert keys == ["B", "a 1", "a-10", "a-9", "b", "ä"]


@pytest.mark.django_db(transaction=True)
def test_a_lost_image_fails_the_export_and_leaves_nothing(tmp_path: Path, settings) -> None:
    project = pair_project()
    item = voted(project, batch(project), "1", "aaa")
    place = item.places.first()
    (Path(settings.MEDIA_ROOT) / place.image.path).unlink()

    with pytest.raises(Conflict) as refusal:
        made(project, "preferences", tmp_path / "exports" / "out")

    assert refusal.value.reason == Reason(Code.IMAGE_LOST, sha256=place.image.sha256)

    assert list((tmp_path / "exports").iterdir()) == []


@pytest.mark.django_db(transaction=True)
def test_a_changed_image_fails_the_export(tmp_path: Path, settings) -> None:
    project = pair_project()
    item = voted(project, batch(project), "1", "aaa")
    image = item.places.first().image
    (Path(settings.MEDIA_ROOT) / image.path).write_bytes(b"other")

    with pytest.raises(Conflict) as refusal:
        made(project, "preferences", tmp_path / "out")

    assert refusal.value.reason == Reason(Code.IMAGE_CHANGED, sha256=image.sha256)

    assert not (tmp_path / "out").exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("options", "field", "code"),
    [
        ({"colour": "red"}, "colour", Code.NO_SUCH_OPTION),
        ({"min_margin": 1.5}, "min_margin", Code.NUMBER_RANGE),
        ({"min_margin": True}, "min_margin", Code.NUMBER_RANGE),
        ({"min_margin": float("nan")}, "min_margin", Code.NUMBER_RANGE),
        ({"shard_items": 1.5}, "shard_items", Code.WHOLE_NUMBER_RANGE),
        ({"dimension": "beauty"}, "dimension", Code.NOT_A_CHOICE),
        ({"partial": "yes"}, "partial", Code.NOT_A_BOOLEAN),
        ({"batches": "all"}, "batches", Code.NOT_A_LIST_OF_BATCHES),
    ],
)
def test_an_option_that_makes_no_sense_is_refused(options: dict, field: str, code: Code) -> None:
    project = pair_project()

    with pytest.raises(Invalid) as refusal:
        services.request_export(
            project=project, format_name="preferences", options=options, created_by=None
        )

    assert refusal.value.reason == Reason(Code.OPTIONS_INVALID, names=(field,))
    assert {name: reason.code for name, reason in refusal.value.fields.items()} == {field: code}
    assert not Export.objects.exists()


@pytest.mark.django_db
def test_a_format_that_does_not_fit_says_why() -> None:
    project = pair_project()

    with pytest.raises(Invalid) as refusal:
        services.request_export(
            project=project, format_name="heatmaps", options={}, created_by=None
        )

    assert refusal.value.fields == {"format": Reason(Code.NO_MARKS)}
    assert not Export.objects.exists()


@pytest.mark.django_db
def test_four_hundred_items_take_five_queries(django_assert_num_queries) -> None:
    project = pair_project()
    in_batch = batch(project)
    for number in range(5):
        voted(project, in_batch, str(number), "aaa")
    source = source_of(project, Selection())

    with django_assert_num_queries(6):
        # 1 cursor over the items; of these few together: images, parts, verdicts, answers,
        # what imported judges said.
        items = list(source.items())

    assert len(items) == 5
