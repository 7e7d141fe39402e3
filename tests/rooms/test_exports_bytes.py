"""The same data gives the same bytes, and no byte names a person: of every format."""

import io
import json
import threading
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.db import connection
from hypothesis import example, given
from hypothesis import strategies as st

from annotator.exports.formats.format import options_of
from annotator.exports.formats.registry import FORMATS
from annotator.exports.models import Stage
from annotator.exports.read.source import specs_of
from annotator.exports.store.text import json_bytes
from annotator.items.models import Item
from annotator.items.services import exclude
from annotator.projects.models import Project
from tests import factories, judged
from tests.rooms.exported import batch, contents, made, manifest, people

RATINGS = ("overall", "alignment", "fidelity", "plausibility", "aesthetics")
FLAWS = ("implausibility", "misalignment")
OF_EDITS = ("instruction_following", "visual_quality")
ANSWERS: dict[str, Any] = {
    "better": {"choice": "a"},
    "strength": {"grade": 1},
    "ranking": {"tiers": [["a"], ["b"]]},
    "misaligned_words": {"tokens": [1]},
    "graded": {"grade": 2},
    "elements": {"rows": {"there": "yes"}},
    "points": {"ratings": {"a": 5, "b": 3}},
    **{key: {"ratings": {"a": 4, "b": 2}} for key in OF_EDITS},
    **{key: {"ratings": {"a": 6, "b": 3}} for key in RATINGS},
    **{key: {"marks": {"a": [{"x": 4.5 / 8, "y": 4.5 / 8}], "b": []}} for key in FLAWS},
    "regions": {"regions": {"a": [{"flaw": "hands", "box": [0.25, 0.25, 0.5, 0.5]}], "b": []}},
}
# Each person's own rankings have their pseudonyms; 8 × 8 pixels are too few for a mask by default.
TELLING = {"rankings": "each_person", "empty": True}


def project_that_fits_all() -> Project:
    """Asks what any of the formats needs: RichHF's questions, ImageReward's, and preferences."""
    project = factories.project("custom", created_at=judged.START)
    judged.question(project, "better", "preference")
    judged.question(project, "strength", "graded", scale_min=1, scale_max=6)
    judged.question(project, "ranking", "ranking")
    judged.question(project, "misaligned_words", "words")
    judged.question(project, "graded", "graded", scale_min=1, scale_max=6)
    judged.question(project, "elements", "checklist")
    judged.question(project, "points", "rating", scale_min=1, scale_max=5)
    for key in OF_EDITS:
        judged.question(project, key, "rating", scale_min=1, scale_max=4)
    for key in RATINGS:
        judged.question(project, key, "rating", scale_min=1, scale_max=7)
    for key in FLAWS:
        judged.question(project, key, "marks")
    judged.question(project, "regions", "regions", ["body", "body/hands"])
    assert [name for name, form in FORMATS.items() if form.misfit(specs_of(project))] == []
    return project


def judged_pair(project: Project, key: str, annotators: list) -> tuple[Any, list]:
    """A pair beside its source, the first of it better and flawed, and its answers."""
    item = judged.item(batch(project), key, f"a pair {key}", ["painter", "drawer"])
    item.checklist = [{"id": "there", "text": "Is it there?", "kind": "object", "depends_on": []}]
    item.save()
    judged.show_source(item)
    said = [judged.answer(item, who, ANSWERS, slot=slot) for slot, who in enumerate(annotators)]
    return item, said


def unpacked(file: str, data: bytes) -> bytes:
    """The rows of a parquet, whose bytes are compressed; nothing of what is legible as it is."""
    if not file.endswith(".parquet"):
        return b""
    return repr(pq.ParquetFile(io.BytesIO(data)).read().to_pylist()).encode()


@pytest.mark.django_db(transaction=True)
def test_the_same_data_gives_the_same_bytes_also_while_answers_come_in(tmp_path: Path) -> None:
    project = project_that_fits_all()
    for key in ("1", "2"):
        item, _ = judged_pair(project, key, people(project))
        judged.settle(item)

    for name in FORMATS:
        first = contents(made(project, name, tmp_path / f"{name}-first"))
        came_in: dict[Stage, Item] = {}

        def somebody_answers(
            stage: Stage, done: int, total: int, came_in: dict[Stage, Item] = came_in,
            name: str = name,
        ) -> None:  # fmt: skip
            def write() -> None:
                late, _ = judged_pair(project, f"{name}-{stage}", [factories.member(project)])
                judged.settle(late)
                came_in[stage] = late
                connection.close()

            if stage not in came_in:
                thread = threading.Thread(target=write)
                thread.start()
                thread.join()

        second = contents(made(project, name, tmp_path / f"{name}-2", tick=somebody_answers))

        assert set(came_in) == set(Stage), name
        assert second == first, name
        assert contents(made(project, name, tmp_path / f"{name}-third")) != first, name
        # So that the project does not grow from format to format.
        for item in came_in.values():
            exclude(item, by=project.created_by, reason="late", now=judged.START)


@pytest.mark.django_db(transaction=True)
def test_no_name_of_a_person_is_in_any_byte(tmp_path: Path) -> None:
    project = project_that_fits_all()
    annotators = [
        factories.member(project, name=f"canary.username{slot}@example.org") for slot in range(3)
    ]
    for person in annotators:
        person.display_name = "Canary Displayname"
        person.save()
    item, said = judged_pair(project, "1", annotators)
    judged.verdict(said[-1], factories.member(project, "reviewer", "canary.reviewer"), "accept")
    judged.settle(item)
    specs = specs_of(project)

    for name, form in FORMATS.items():
        offered = {option.name for option in options_of(form, specs)}
        chosen = {key: value for key, value in TELLING.items() if key in offered}
        folder = made(project, name, tmp_path / name, **chosen)

        assert manifest(folder)["rows"] > 0, name
        for file, data in contents(folder).items():
            readable = file.encode() + data + unpacked(file, data)
            assert b"canary" not in readable.lower(), (name, file)
            assert project.seed.encode() not in readable, (name, file)


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.text()
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
))  # fmt: skip
@example([1e-05, 0.00012, 1e16, 1.5e300, 2.3e-07, {"text": "e-5, 0.0000"}])
@example(1e16)
def test_json_is_written_as_python_writes_it(value: object) -> None:
    told = json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    assert json_bytes(value) == told.encode()
