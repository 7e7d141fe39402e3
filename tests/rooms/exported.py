"""Exports made and read by tests, and the small projects that they are of."""

import json
from pathlib import Path

from PIL import Image as Pillow

from annotator.exports.building import build
from annotator.exports.formats.format import check_options
from annotator.exports.formats.registry import FORMATS
from annotator.exports.read.source import specs_of
from annotator.items.models import Item, ItemImage
from annotator.projects.models import Project
from tests import factories, judged


def made(
    project: Project, name: str, folder: Path, tick=lambda stage, done, total: None, **options
):
    """The folder of an export."""
    form = FORMATS[name]
    built = build(
        project=project,
        form=form,
        options=check_options(form, specs_of(project), options),
        final=folder,
        tick=tick,
    )
    built.files.close()
    return folder


def rows(folder: Path, name: str) -> list[dict]:
    return [json.loads(line) for line in (folder / name).read_text().splitlines()]


def manifest(folder: Path) -> dict:
    return json.loads((folder / "manifest.json").read_text())


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def pair_project(**fields: object) -> Project:
    project = factories.project("custom", created_at=judged.START, **fields)
    judged.question(project, "overall", "preference")
    return project


def batch(project: Project):
    return factories.batch(project, created_at=judged.START)


def people(project: Project, count: int = 3):
    return [factories.member(project) for _ in range(count)]


def voted(project: Project, in_batch, key: str, choices: str, *, settled: bool = True):
    """An item with one answer a letter of choices: a, b, t(ie), n(either: both bad), u(nsure)."""
    words = {"a": "a", "b": "b", "t": "tie", "n": "both_bad", "u": "unsure"}
    item = judged.item(in_batch, key, f"prompt of {key}", ["painter", "drawer"])
    for slot, (person, letter) in enumerate(zip(people(project), choices, strict=False)):
        judged.answer(item, person, judged.said(words[letter], "overall"), slot=slot)
    if settled:
        judged.settle(item)
    return item


def flawed(project: Project):
    """One image of 8 × 8; by hand, in a map of 8: marks at pixels (2, 2), (3, 2) and (6, 6)."""
    in_batch = batch(project)
    item = judged.item(in_batch, "1", "a hand", ["painter"])
    marks = [[(2.5, 2.5), (3.5, 2.5)], [(2.5, 2.5)], [(6.5, 6.5)]]
    for slot, (person, points) in enumerate(zip(people(project), marks, strict=True)):
        given = [{"x": x / 8, "y": y / 8} for x, y in points]
        answers = {"implausibility": {"marks": {"a": given}}, "misalignment": {"marks": {"a": []}}}
        judged.answer(item, person, answers, slot=slot)
    judged.settle(item)
    return item


def flaw_project() -> Project:
    project = factories.project("custom")
    judged.question(project, "implausibility", "marks")
    judged.question(project, "misalignment", "marks")
    return project


# Of 32 × 16 pixels columns 0 to 15 and 8 to 23 of the upper half: they share 8 to 15.
LEFT = {"flaw": "hands", "box": [0.0, 0.0, 0.5, 0.5]}
RIGHT = {
    "flaw": "body",
    "strokes": [{"tool": "lasso", "points": [[0.25, 0], [0.75, 0], [0.75, 0.5], [0.25, 0.5]]}],
}


def region_project() -> Project:
    """One image of 32 × 16: one person draws LEFT, one RIGHT, a third sees nothing."""
    project = factories.project("custom", created_at=judged.START)
    judged.question(project, "flaws", "regions", ["body", "body/hands", "text"])
    uploaded = batch(project)
    image = judged.stored(uploaded, "painter", Pillow.new("RGB", (32, 16), (9, 9, 9)))
    item = Item.objects.create(project=project, batch=uploaded, key="1", prompt="a hand")
    ItemImage.objects.create(item=item, image=image, place=0)
    for slot, (person, drawn) in enumerate(
        zip(people(project), [[LEFT], [RIGHT], []], strict=True)
    ):
        judged.answer(item, person, {"flaws": {"regions": {"a": drawn}}}, slot=slot)
    judged.settle(item)
    return project
