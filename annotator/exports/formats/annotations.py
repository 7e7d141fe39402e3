"""`annotations`: everything that was ever said, one line each; nothing aggregated."""

from typing import Any

from annotator.exports.facts import Facts, stamp
from annotator.exports.formats.common import Common
from annotator.exports.formats.options import Options
from annotator.exports.formats.types import About, Format, Questions, Summary
from annotator.exports.images import image_name
from annotator.exports.rows import Answer, ItemRow, Said
from annotator.exports.shard import Shard
from annotator.questions.kinds import dump_answers

FILE = "annotations.jsonl"

SCHEMA = {
    FILE: {
        "annotation": "id of this answer",
        "annotator": "pseudonym, the same in every export of this project",
        "item": "id; key: the uploader's name for it; batch; prompt; tokens: the prompt's words",
        "images": "letter (identity), generator, sha256, width and height in pixels, file",
        "shown": "order: letters from left to right as this person saw them",
        "slot": "which of the item's places it was given for",
        "state": "submitted, accepted or rejected; claimed or open for an extra",
        "revision": "1, 2 … of the same answer",
        "current": "false: its author changed it later",
        "counted": "false: an extra, it came when the slot had gone to somebody else",
        "claimed_at": "when the item was given to the annotator",
        "first_submitted_at": "of revision 1",
        "submitted_at": "of this revision",
        "active_ms": "milliseconds at work, as the browser measured them; null: not said",
        "view": "viewport in CSS pixels, device_pixel_ratio, zoomed; null: not said",
        "answers": "by question; images by letter, marks as fractions from the top left corner",
        "review": "verdict, reason, reviewer (a pseudonym), at; null: not reviewed",
    }
}


def why_not(questions: Questions) -> str | None:
    """It fits every project that asks anything."""
    return None if questions else "This project asks no questions."


def write(shard: Shard, options: Options) -> Summary:
    """One line an annotation: superseded, rejected and extra ones too, marked as such."""
    rows = items = 0
    out = shard.lines(FILE)
    for item in shard.items:
        shared = _item(item)
        if options.wants("images"):
            for image in item.images:
                shard.image(image)
        for answer in item.answers:
            out.write_row(_row(shard, item, answer, shared))
        rows += len(item.answers)
        items += 1
    return Summary(rows=rows, items=items)


def about(options: Options, facts: Facts, total: Summary) -> About:
    """Nothing is aggregated."""
    return About(aggregation={"rule": "none: every answer as given"}, schema=SCHEMA)


def _item(item: ItemRow) -> dict[str, Any]:
    return {
        "item": {
            "id": str(item.id),
            "key": item.key,
            "batch": item.batch_id,
            "prompt": item.prompt,
            "tokens": item.tokens,
        },
        "images": [
            {
                "letter": image.letter,
                "generator": image.generator,
                "sha256": image.sha256,
                "width": image.width,
                "height": image.height,
                "file": image_name(image.sha256),
            }
            for image in item.images
        ],
    }


def _row(shard: Shard, item: ItemRow, answer: Answer, shared: dict[str, Any]) -> dict[str, Any]:
    said = answer.said
    return {
        "annotation": str(said.id),
        "annotator": shard.annotator(said.annotator_id),
        **shared,
        "shown": {"order": list(said.shown_order)},
        "slot": said.slot,
        "state": said.state,
        "revision": said.revision,
        "current": said.current,
        "counted": said.counted,
        "claimed_at": stamp(said.claimed_at) if said.claimed_at else None,
        "first_submitted_at": stamp(said.first_submitted_at),
        "submitted_at": stamp(said.submitted_at),
        "active_ms": said.active_ms,
        "view": _view(said),
        "answers": dump_answers(answer.pieces, shard.questions, item.spec),
        "review": _review(shard, answer),
    }


def _view(said: Said) -> dict[str, Any] | None:
    if said.viewport_width is None:
        return None
    return {
        "viewport": {"width": said.viewport_width, "height": said.viewport_height},
        "device_pixel_ratio": said.device_pixel_ratio,
        "zoomed": said.zoomed,
    }


def _review(shard: Shard, answer: Answer) -> dict[str, Any] | None:
    judgement = answer.judgement
    if judgement is None:
        return None
    return {
        "verdict": judgement.decision,
        "reason": judgement.reason,
        "reviewer": shard.reviewer(judgement.reviewer_id),
        "at": stamp(judgement.at),
    }


ANNOTATIONS = Format(
    name="annotations",
    version="1",
    title="Every annotation as it was given (JSONL)",
    use="Statistics and rules of your own: everything that was said, by whom, when and how seen.",
    why_not=why_not,
    write=write,
    about=about,
    common=(Common.IMAGES_ASKED,),
    everything=True,
)
