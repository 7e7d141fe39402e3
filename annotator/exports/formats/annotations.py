"""`annotations`: everything that was ever said, one line each; nothing aggregated."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from annotator.exports.formats import options
from annotator.exports.formats.format import Format, Group, asks_anything
from annotator.exports.formats.shard import Shard
from annotator.exports.read.facts import stamp
from annotator.exports.read.filling import NO_SLOT
from annotator.exports.read.imported import is_nameless
from annotator.exports.read.items import ExportedAnnotation, ExportedItem
from annotator.exports.store.outputs import Lines
from annotator.exports.store.rows import ExportRow, Figure, picked
from annotator.questions.kinds import dump_answers

LINES = Lines("annotations.jsonl")
SCHEMA = {
    LINES.name: {
        "annotation": "id of this answer",
        "annotator": "pseudonym, the same in every export of this project; null: imported, of "
        "nobody in particular",
        "item": "id; key: the uploader's name for it; batch; prompt; tokens: the prompt's words; "
        "checklist: the rows that came with it; "
        "meta: category and what else came with it; of a pair that the site drew the design and "
        "selection_probability, else null; overlap: how many people it was put to",
        "questions_version": "of the project's question versions in the manifest, from 1",
        "images": "letter (identity), generator, sha256, width and height in pixels; "
        "file: its name in images/, null where images were not asked for; "
        "meta: seed, step and what else came with it",
        "beside": "where the project shows any: what stood beside the images; role (source, mask, "
        "reference), sha256, width, height, file as of images",
        "shown": "order: letters from left to right as this person saw them",
        "slot": "which of the item's places it was given for; null: a lead's override",
        "extra_vote": "true: asked over and above the overlap",
        "imported": "of an imported judge, none of this project's people: source, the layout "
        "that it came in; count, so many without names said the same; else null",
        "override": "why a lead put this answer in the place of the consensus; else null",
        "state": "of its slot: submitted, accepted or rejected; an extra's slot is somebody "
        "else's; imported: it has none",
        "revision": "1, 2 … of the same answer",
        "current": "false: its author changed it later",
        "counted": "false: an extra, it came when the slot had gone to somebody else; or imported, "
        "and the project does not count that",
        "claimed_at": "when the item was given to the annotator",
        "first_submitted_at": "of revision 1",
        "submitted_at": "of this revision",
        "active_ms": "milliseconds at work, as the browser measured them; null: not said",
        "view": "viewport in CSS pixels, device_pixel_ratio, zoomed; null: not said",
        "answers": "by question; images by letter, marks as fractions from the top left corner",
        "review": "verdict, reason, reviewer (a pseudonym), at; null: not reviewed",
    }
}
SNIPPET = """\
import json
for line in open("THIS_FOLDER/annotations.jsonl", encoding="utf-8"):
    row = json.loads(line)
    if row["current"] and row["counted"] and row["state"] == "accepted":
        print(row["annotator"], row["item"]["prompt"], row["answers"])"""


def rows(shard: Shard) -> Iterator[ExportRow]:
    """One line an annotation: superseded, rejected and extra ones too, marked as such."""
    for item in shard.items:
        about = _about(shard, item)
        overrides = (item.override.annotation,) if item.override else ()
        for annotation in (*item.annotations, *overrides):
            row = _row(shard, item, annotation, about)
            yield ExportRow(
                to=(LINES,),
                value=row,
                items=(item,),
                copies=shard.copies(*item.images, *(one.image for one in item.beside)),
                figures=tuple(Figure(image.letter, image) for image in item.images),
                facts=picked(row, "annotator", "shown", "slot", "extra_vote", "imported",
                             "override", "state", "revision", "current", "counted",
                             "submitted_at", "active_ms", "answers", "review"),
            )  # fmt: skip


def _about(shard: Shard, item: ExportedItem) -> dict[str, Any]:
    with_images = shard.options.wants("images")
    return {
        "item": {
            "id": item.id,
            "key": item.key,
            "batch": item.batch_id,
            "prompt": item.prompt,
            "tokens": item.tokens,
            "checklist": [asdict(row) for row in item.checklist],
            "meta": item.meta,
            "design": item.design or None,
            "selection_probability": item.selection_probability,
            "overlap": item.overlap or shard.facts.overlap,
        },
        "questions_version": item.asked,
        "images": [
            {
                "letter": image.letter,
                "generator": image.generator,
                "sha256": image.sha256,
                "width": image.width,
                "height": image.height,
                "file": shard.name_of(image) if with_images else None,
                "meta": image.meta,
            }
            for image in item.images
        ],
        **_beside(shard, item),
    }


def _beside(shard: Shard, item: ExportedItem) -> dict[str, Any]:
    if not shard.facts.shows_beside:
        return {}
    with_images = shard.options.wants("images")
    return {
        "beside": [
            {
                "role": one.role,
                "sha256": one.image.sha256,
                "width": one.image.width,
                "height": one.image.height,
                "file": shard.name_of(one.image) if with_images else None,
            }
            for one in item.beside
        ]
    }


def _row(
    shard: Shard, item: ExportedItem, annotation: ExportedAnnotation, about: dict[str, Any]
) -> dict[str, Any]:
    claimed_at = annotation.claimed_at
    return {
        "annotation": annotation.id,
        "annotator": _annotator(shard, annotation),
        **about,
        "shown": {"order": list(annotation.shown_order)},
        "slot": None if annotation.slot == NO_SLOT else annotation.slot,
        "extra_vote": annotation.extra_vote,
        "imported": _imported(annotation),
        "override": _override(item, annotation),
        "state": annotation.state,
        "revision": annotation.revision,
        "current": annotation.current,
        "counted": annotation.counted,
        "claimed_at": stamp(claimed_at) if claimed_at else None,
        "first_submitted_at": stamp(annotation.first_submitted_at),
        "submitted_at": stamp(annotation.submitted_at),
        "active_ms": annotation.active_ms,
        "view": _view(annotation),
        "answers": dump_answers(annotation.pieces, shard.questions, item.spec),
        "review": _review(shard, annotation),
    }


def _annotator(shard: Shard, annotation: ExportedAnnotation) -> str | None:
    if is_nameless(annotation.annotator_id):
        return None
    return shard.facts.annotator(annotation.annotator_id)


def _imported(annotation: ExportedAnnotation) -> dict[str, Any] | None:
    if not annotation.imported:
        return None
    return {"source": annotation.imported, "count": annotation.count}


def _override(item: ExportedItem, annotation: ExportedAnnotation) -> str | None:
    override = item.override
    return override.reason if override and override.annotation is annotation else None


def _view(annotation: ExportedAnnotation) -> dict[str, Any] | None:
    if annotation.viewport_width is None:
        return None
    width, height = annotation.viewport_width, annotation.viewport_height
    return {
        "viewport": {"width": width, "height": height},
        "device_pixel_ratio": annotation.device_pixel_ratio,
        "zoomed": annotation.zoomed,
    }


def _review(shard: Shard, annotation: ExportedAnnotation) -> dict[str, Any] | None:
    verdict = annotation.verdict
    if verdict is None:
        return None
    return {
        "verdict": verdict.verdict,
        "reason": verdict.reason,
        "reviewer": shard.facts.reviewer(verdict.reviewer_id),
        "at": stamp(verdict.at),
    }


ANNOTATIONS = Format(
    name="annotations",
    version="6",
    group=Group.TABLES,
    misfit=asks_anything,
    options=(options.IMAGES_ASKED,),
    outputs=lambda shard: (LINES,),
    rows=rows,
    aggregation={"rule": "none: every answer as given"},
    schema=SCHEMA,
    snippet=SNIPPET,
    everything=True,
)
