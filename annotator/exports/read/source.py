"""What exports read from the database: items with their images and annotations, in a stable order.

The order is by batch and the item's own key (bytewise), so that the same data gives the same rows
and an import of the same manifest keeps them; or by prompt first. Memory is that of ITEMS_AT_ONCE
items, whatever the project's size; they take four queries (five with what machines
measured) beside the one cursor over the items.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from itertools import islice
from typing import Any, cast

from django.db import connection
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.db.models.functions import Collate

from annotator.annotations.models import Annotation, AnnotationPiece
from annotator.annotations.selectors import counting
from annotator.consensus.models import Consensus
from annotator.exports.read.items import (
    ExportedAnnotation,
    ExportedImage,
    ExportedItem,
    ExportedVerdict,
    ImageMeasurement,
)
from annotator.items.models import LETTERS, Image, Item, ItemImage
from annotator.jobs.models import JobState
from annotator.measurements.models import Measurement
from annotator.projects.models import Batch, Project
from annotator.projects.selectors import questions_of, spec_of
from annotator.questions.types import Piece, QuestionSpec
from annotator.reviews.models import Verdict
from scoring.tokens import token_texts

ITEMS_AT_ONCE = 400

# All of an annotation but its pieces and its verdict, which other tables hold.
COLUMNS = tuple(
    {"slot": "assignment__slot", "state": "assignment__state"}.get(name, name)
    for name in ExportedAnnotation.__struct_fields__[:-2]
)


class ItemScope(Enum):
    """Which items: settled ones, those with an answer that stands, or all with any answer."""

    SETTLED = "settled"
    STANDING = "standing"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Selection:
    """Which items of a project, and how.

    `batches`: of these uploads alone; none named: of all. `together`: in the order of their
    prompts. `measured`: with what machines measured.
    """

    scope: ItemScope = ItemScope.SETTLED
    batches: tuple[int, ...] = ()
    together: bool = False
    measured: bool = False


@dataclass(frozen=True, slots=True)
class ExportSource:
    """A project's items as exports read them, inside one snapshot."""

    project: Project
    questions: tuple[QuestionSpec, ...]
    question_keys: Mapping[int, str]
    selection: Selection

    def items(self) -> Iterator[ExportedItem]:
        """The selected items, in the stable order, with their answers."""
        stream = _ordered(self.selected(), self.selection).iterator(ITEMS_AT_ONCE)
        while some := list(islice(stream, ITEMS_AT_ONCE)):
            yield from _filled(some, self.question_keys, self.selection)

    def first_items(self, count: int) -> Iterator[ExportedItem]:
        """The first of them, for a preview: all are read at once (5 or 6 queries)."""
        some = list(_ordered(self.selected(), self.selection)[:count])
        return _filled(some, self.question_keys, self.selection)

    def count(self) -> int:
        """How many they are (1 query)."""
        return self.selected().count()

    def is_empty(self) -> bool:
        """Whether there are none (1 query)."""
        return not self.selected().exists()

    def count_not_settled(self) -> int:
        """How many items with an answer that stands are not settled yet (2 queries)."""
        standing = _in_scope(self.project, ItemScope.STANDING, self.selection.batches).count()
        return standing - _in_scope(self.project, ItemScope.SETTLED, self.selection.batches).count()

    def selected(self) -> QuerySet[Item]:
        """The rows of the items."""
        return _in_scope(self.project, self.selection.scope, self.selection.batches)


def source_of(project: Project, selection: Selection) -> ExportSource:
    """The project's source (2 queries)."""
    questions = questions_of(project.pk)
    return ExportSource(
        project=project,
        questions=tuple(spec_of(question) for question in questions),
        question_keys={question.pk: question.key for question in questions},
        selection=selection,
    )


def specs_of(project: Project) -> tuple[QuestionSpec, ...]:
    """The project's questions as formats and question types take them (2 queries)."""
    return tuple(spec_of(question) for question in questions_of(project.pk))


def generators_of(project: Project) -> tuple[str, ...]:
    """The generators of the judged images, sorted bytewise (1 query)."""
    rows = Image.objects.filter(project=project, is_reference=False)
    return tuple(sorted(rows.order_by().values_list("generator", flat=True).distinct()))


def changed_at(project: Project) -> datetime:
    """The instant of the newest change in what exports hold (4 queries).

    It stands in the manifest as `created_at`: the same data gives the same bytes, whenever the
    export is made.
    """
    newest = (
        Annotation.objects.filter(item__project=project).aggregate(at=Max("submitted_at")),
        Verdict.objects.filter(review__project=project).aggregate(at=Max("at")),
        Consensus.objects.filter(project=project).aggregate(at=Max("settled_at")),
        Batch.objects.filter(project=project).aggregate(at=Max("created_at")),
    )
    instants: list[datetime] = [row["at"] for row in newest if row["at"] is not None]
    return max([project.created_at, *instants])


_Plain = tuple[uuid.UUID, int, str, str, bool]


def _in_scope(project: Project, scope: ItemScope, batches: Sequence[int]) -> QuerySet[Item]:
    rows = Item.objects.filter(project=project)
    if batches:
        rows = rows.filter(batch__in=batches)
    if scope is ItemScope.SETTLED:
        return rows.filter(Exists(Consensus.objects.filter(item=OuterRef("pk"))))
    if scope is ItemScope.STANDING:
        return rows.filter(Exists(counting().filter(item=OuterRef("pk"))))
    return rows.filter(Exists(Annotation.objects.filter(item=OuterRef("pk"))))


def _ordered(rows: QuerySet[Item], selection: Selection) -> "QuerySet[Item, _Plain]":
    # A language's own order would differ from one server to the next.
    bytewise = "BINARY" if connection.vendor == "sqlite" else "C"
    by_prompt = [Collate("prompt", bytewise)] if selection.together else []
    settled = Exists(Consensus.objects.filter(item=OuterRef("pk")))
    return rows.order_by(*by_prompt, "batch_id", Collate("key", bytewise)).values_list(
        "pk", "batch_id", "key", "prompt", settled
    )


def _filled(
    some: Sequence[_Plain], question_keys: Mapping[int, str], selection: Selection
) -> Iterator[ExportedItem]:
    ids = [row[0] for row in some]
    images, annotations = _images(ids, selection), _annotations(ids, question_keys)
    for pk, batch_id, key, prompt, settled in some:
        yield ExportedItem(
            id=pk,
            batch_id=batch_id,
            key=key,
            prompt=prompt,
            settled=settled,
            images=tuple(images.get(pk, ())),
            annotations=tuple(annotations.get(pk, ())),
            tokens=tuple(token_texts(prompt)),
        )


def _images(ids: Sequence[uuid.UUID], selection: Selection) -> dict[uuid.UUID, list[ExportedImage]]:
    found: dict[uuid.UUID, list[ExportedImage]] = defaultdict(list)
    measured = _measured(ids) if selection.measured else {}
    rows = (
        ItemImage.objects.filter(item__in=ids)
        .order_by("item", "place")
        .values_list(
            "item_id",
            "place",
            "image_id",
            "image__sha256",
            "image__generator",
            "image__width",
            "image__height",
            "image__source_name",
        )
    )
    for item_id, place, image_id, *columns in cast(Iterable[tuple[Any, ...]], rows):
        values = tuple(measured.get(image_id, ()))
        found[item_id].append(ExportedImage(*(LETTERS[place], image_id, *columns, values)))
    return found


def _measured(ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[ImageMeasurement]]:
    found: dict[uuid.UUID, list[ImageMeasurement]] = defaultdict(list)
    images = ItemImage.objects.filter(item__in=ids).values("image_id")
    rows = (
        Measurement.objects.filter(image__in=images, current=True, state=JobState.DONE)
        .order_by("image_id", "metric", "version")
        .values_list("image_id", "metric", "version", "value", "text")
    )
    for image_id, *columns in cast(Iterable[tuple[Any, ...]], rows):
        found[image_id].append(ImageMeasurement(*columns))
    return found


def _annotations(
    ids: Sequence[uuid.UUID], question_keys: Mapping[int, str]
) -> dict[uuid.UUID, list[ExportedAnnotation]]:
    pieces, verdicts = _pieces(ids, question_keys), _verdicts(ids)
    found: dict[uuid.UUID, list[ExportedAnnotation]] = defaultdict(list)
    rows = (
        Annotation.objects.filter(item__in=ids)
        .order_by(
            "item", "assignment__slot", "first_submitted_at", "revision", "submitted_at", "pk"
        )
        .values_list("item_id", *COLUMNS)
    )
    for item_id, pk, *columns in cast(Iterable[tuple[Any, ...]], rows):
        one = ExportedAnnotation(*(pk, *columns, pieces.get(pk, {}), verdicts.get(pk)))
        found[item_id].append(one)
    return found


def _pieces(
    ids: Sequence[uuid.UUID], question_keys: Mapping[int, str]
) -> dict[uuid.UUID, dict[str, list[Piece]]]:
    found: dict[uuid.UUID, dict[str, list[Piece]]] = {}
    rows = (
        AnnotationPiece.objects.filter(annotation__item__in=ids)
        .order_by("annotation", "question", "letter", "ordinal")
        .values_list(
            "annotation_id",
            "question_id",
            "type",
            "letter",
            "ordinal",
            "choice",
            "number",
            "x",
            "y",
            "text",
        )
    )
    for annotation_id, question_id, *columns in cast(Iterable[tuple[Any, ...]], rows):
        answers = found.setdefault(annotation_id, {})
        answers.setdefault(question_keys[question_id], []).append(Piece(*columns))
    return found


def _verdicts(ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, ExportedVerdict]:
    rows = Verdict.objects.filter(annotation__item__in=ids).values_list(
        "annotation_id", "value", "reason", "reviewer_id", "at"
    )
    return {row[0]: ExportedVerdict(*row[1:]) for row in rows}
