"""Items with all that belongs to them, many at once: four queries, five with measurements.

This is the longest loop of an export. Hence ids and instants are asked for as texts, which the
driver and Python have sooner than a UUID or a time zone, and each query is given all ids as one
parameter, which the database unfolds.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from math import inf
from typing import Any, cast

import msgspec
from django.db.models import Func, QuerySet, TextField
from django.db.models.functions import Cast

from annotator.annotations.models import Annotation, AnnotationPiece
from annotator.assignments.models import AssignmentState
from annotator.consensus.models import Override
from annotator.core.among import among
from annotator.exports.read.imported import imported_of
from annotator.exports.read.items import (
    ExportedAnnotation,
    ExportedBeside,
    ExportedImage,
    ExportedItem,
    ExportedOverride,
    ExportedVerdict,
    ImageMeasurement,
)
from annotator.items.models import LETTERS, FlatMeta, ImageRole, ItemImage, rows_of, tokens_of
from annotator.jobs.models import JobState
from annotator.measurements.models import Measurement
from annotator.questions.kinds import parse_answers
from annotator.questions.types import Piece, QuestionSpec
from annotator.reviews.models import Verdict

Plain = tuple[
    str, int, str, str, int | None, bool, str, str, float | None, str, int | None, bool, int | None
]
"""An item's own columns: those of PLAIN, whether it is settled, and the override in force."""


class IdText(Func):
    """An id as text with dashes, as a database writes it that has a type for it."""

    template = "%(expressions)s::text"
    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> tuple[str, Any]:
        """SQLite keeps the digits alone."""
        parts = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
        cut = (f"substr(%(expressions)s, {start}, {length})" for start, length in parts)
        return self.as_sql(compiler, connection, template=" || '-' || ".join(cut))


class InstantText(Func):
    """An instant as text with its offset from UTC."""

    template = "%(expressions)s::text"
    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> tuple[str, Any]:
        """SQLite keeps it in UTC without saying so."""
        return self.as_sql(compiler, connection, template="%(expressions)s || '+00:00'")


_decode = msgspec.json.Decoder().decode


def json_text(column: str) -> Cast:
    """A column of JSON as its text, which msgspec reads sooner than Django does."""
    return Cast(column, TextField())


PLAIN = (
    IdText("pk"), "batch_id", "key", "prompt", "asked", "by_character", json_text("checklist"),
    json_text("meta"), "selection_probability", "batch__pairs", "overlap",
)  # fmt: skip
INSTANTS = ("claimed_at", "submitted_at", "first_submitted_at")
# All of an annotation between its id and its instants; its pieces and its verdict come after them,
# whether it is an extra vote, and what is told of imported ones alone.
COLUMNS = tuple(
    {"slot": "assignment__slot", "state": "assignment__state"}.get(name, name)
    for name in ExportedAnnotation.__struct_fields__[1 : -5 - len(INSTANTS)]
)
# In an override: it was given for none of the item's slots.
NO_SLOT = -1


def filled(
    some: Sequence[Plain],
    question_keys: Mapping[int, str],
    questions: Sequence[QuestionSpec],
    *,
    newest: int,
    measured: bool,
    imported: bool,
) -> Iterator[ExportedItem]:
    """The items in the same order, with their images and answers (a query more for overrides).

    `imported`: what imported judges said counts, too; it is there in any case (a query more).
    """
    ids = [row[0] for row in some]
    of_judges = imported_of(ids, counted=imported)
    images, beside = _images(ids, measured=measured)
    annotations = _annotations(ids, question_keys)
    overrides = Override.objects.in_bulk([row[-1] for row in some if row[-1] is not None])
    for row in some:
        (
            pk, batch_id, key, prompt, asked, by_character, checklist, meta, probability, pairs,
            overlap, settled, override_id,
        ) = row  # fmt: skip
        item = ExportedItem(
            id=pk,
            batch_id=batch_id,
            key=key,
            prompt=prompt,
            settled=settled,
            images=tuple(images.get(pk, ())),
            annotations=(*annotations.get(pk, ()), *of_judges.get(pk, ())),
            tokens=tuple(tokens_of(prompt, by_character=by_character)),
            meta=_meta(meta),
            design="" if probability is None else pairs,
            selection_probability=probability,
            asked=asked or newest,
            checklist=() if checklist == "[]" else rows_of(_decode(checklist)),
            beside=tuple(beside.get(pk, ())),
            overlap=overlap,
        )
        if override_id is not None:
            override = _override(overrides[override_id], item, questions)
            item = msgspec.structs.replace(item, override=override)
        yield item


def _override(
    row: Override, item: ExportedItem, questions: Sequence[QuestionSpec]
) -> ExportedOverride:
    annotation = ExportedAnnotation(
        id=f"override-{row.pk}",
        annotator_id=row.by_id,
        slot=NO_SLOT,
        state=AssignmentState.ACCEPTED.value,
        revision=1,
        current=True,
        counted=True,
        shown_order="".join(item.spec.letters),
        active_ms=None,
        viewport_width=None,
        viewport_height=None,
        device_pixel_ratio=None,
        zoomed=None,
        claimed_at=None,
        submitted_at=row.at,
        first_submitted_at=row.at,
        # Of several versions of the questions those that it was given to.
        pieces=parse_answers(
            row.answers, [one for one in questions if one.key in row.answers], item.spec
        ),
        verdict=None,
    )
    return ExportedOverride(annotation, row.reason)


def _meta(text: str) -> FlatMeta:
    found: FlatMeta = {} if text == "{}" else _decode(text)
    return found


def _rows(found: "QuerySet[Any, Any]") -> Iterable[tuple[Any, ...]]:
    """Rows of columns and expressions, whose types Django's stubs can't tell."""
    return cast(Iterable[tuple[Any, ...]], found)


def _images(
    ids: Sequence[str], *, measured: bool
) -> tuple[dict[str, list[ExportedImage]], dict[str, list[ExportedBeside]]]:
    found: dict[str, list[ExportedImage]] = defaultdict(list)
    beside: dict[str, list[ExportedBeside]] = defaultdict(list)
    values = _measured(ids) if measured else {}
    rows = (
        ItemImage.in_any_role.filter(item__in=among(ids))
        .order_by("place")
        .values_list(
            IdText("item_id"),
            "place",
            "role",
            IdText("image_id"),
            "image__sha256",
            "image__generator",
            "image__width",
            "image__height",
            "image__source_name",
            "image__suffix",
            json_text("image__meta"),
        )
    )
    for item, place, role, image, *columns, suffix, meta in _rows(rows):
        if role != ImageRole.CANDIDATE:
            shown = ExportedImage(*("", image, *columns, (), suffix, _meta(meta)))
            beside[item].append(ExportedBeside(role, shown))
            continue
        measured_values = tuple(values.get(image, ()))
        found[item].append(
            ExportedImage(*(LETTERS[place], image, *columns, measured_values, suffix, _meta(meta)))
        )
    return found, beside


def _measured(ids: Sequence[str]) -> dict[str, list[ImageMeasurement]]:
    found: dict[str, list[ImageMeasurement]] = defaultdict(list)
    images = ItemImage.objects.filter(item__in=among(ids)).order_by().values("image_id")
    rows = (
        Measurement.objects.filter(image__in=images, current=True, state=JobState.DONE)
        .order_by("metric", "version")
        .values_list(IdText("image_id"), "metric", "version", "value", "text")
    )
    for image, metric, version, value, text in _rows(rows):
        infinite = value == inf
        number = None if infinite else value
        found[image].append(ImageMeasurement(metric, version, number, text, infinite))
    return found


def _annotations(
    ids: Sequence[str], question_keys: Mapping[int, str]
) -> dict[str, list[ExportedAnnotation]]:
    pieces, verdicts = _pieces(ids, question_keys), _verdicts(ids)
    found: dict[str, list[ExportedAnnotation]] = defaultdict(list)
    rows = (
        Annotation.objects.filter(item__in=among(ids))
        .order_by("assignment__slot", "first_submitted_at", "revision", "submitted_at", "pk")
        .values_list(
            IdText("item_id"),
            IdText("pk"),
            "assignment__extra_vote",
            *COLUMNS,
            *map(InstantText, INSTANTS),
        )
    )
    for item, pk, extra, *columns, claimed, submitted, first in _rows(rows):
        instants = (
            claimed and datetime.fromisoformat(claimed),
            datetime.fromisoformat(submitted),
            datetime.fromisoformat(first),
        )
        values = (pk, *columns, *instants, pieces.get(pk, {}), verdicts.get(pk), extra)
        found[item].append(ExportedAnnotation(*values))
    return found


def _pieces(
    ids: Sequence[str], question_keys: Mapping[int, str]
) -> dict[str, dict[str, list[Piece]]]:
    found: dict[str, dict[str, list[Piece]]] = defaultdict(lambda: defaultdict(list))
    rows = (
        AnnotationPiece.objects.filter(annotation__item__in=among(ids))
        .order_by("annotation", "question", "letter", "ordinal")
        .values_list(IdText("annotation_id"), "question_id", *Piece.__struct_fields__)
    )
    for row in _rows(rows):
        found[row[0]][question_keys[row[1]]].append(Piece(*row[2:]))
    return found


def _verdicts(ids: Sequence[str]) -> dict[str, ExportedVerdict]:
    rows = Verdict.objects.filter(annotation__item__in=among(ids)).values_list(
        IdText("annotation_id"), "value", "reason", "reviewer_id", "at"
    )
    return {row[0]: ExportedVerdict(*row[1:]) for row in _rows(rows)}
