"""What exports read: items with all that was said of them, streamed in a stable order.

The order is by batch and the item's own key (bytewise), so that the same data gives the same rows
and an import of the same manifest keeps them. Memory is that of ITEMS_AT_ONCE items, whatever the
project's size; each such chunk takes four queries beside the one cursor over the items.
"""

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from itertools import islice
from typing import Any, NamedTuple, cast

from django.db import connection
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.db.models.functions import Collate

from annotator.annotations.models import Annotation, Part
from annotator.assignments.models import AssignmentState
from annotator.consensus.models import Consensus
from annotator.exports.pseudonyms import pseudonym
from annotator.items.models import LETTERS, Image, Item, ItemImage
from annotator.projects.models import Batch, Project
from annotator.projects.selectors import questions_of, spec_of
from annotator.questions.types import ItemSpec, Piece, QuestionSpec
from annotator.reviews.models import Verdict
from scoring.tokens import token_texts

ITEMS_AT_ONCE = 400


class Scope(Enum):
    """Which items: settled ones, those with an answer that stands, or all with any answer."""

    SETTLED = "settled"
    STANDING = "standing"
    ANSWERED = "answered"


class Picture(NamedTuple):
    """An image of an item."""

    letter: str
    sha256: str
    generator: str
    width: int
    height: int


class Judgement(NamedTuple):
    """A reviewer's verdict on an answer."""

    decision: str
    reason: str
    reviewer_id: int
    at: datetime


class Said(NamedTuple):
    """The columns of an annotation and its assignment, in the order of COLUMNS."""

    id: uuid.UUID
    annotator_id: int
    slot: int
    state: str
    revision: int
    current: bool
    counted: bool
    shown_order: str
    active_ms: int | None
    viewport_width: int | None
    viewport_height: int | None
    device_pixel_ratio: float | None
    zoomed: bool | None
    claimed_at: datetime | None
    submitted_at: datetime
    first_submitted_at: datetime


COLUMNS = tuple(
    {"slot": "assignment__slot", "state": "assignment__state"}.get(name, name)
    for name in Said._fields
)


@dataclass(frozen=True, slots=True)
class Answer:
    """One annotation: what was said (`pieces` by question key), by whom, and its verdict."""

    said: Said
    pieces: Mapping[str, Sequence[Piece]]
    judgement: Judgement | None

    @property
    def stands(self) -> bool:
        """It is its slot's newest counted answer and has not been rejected."""
        said = self.said
        return said.counted and said.current and said.state != AssignmentState.REJECTED

    @property
    def accepted(self) -> bool:
        """It stands, and waits for no reviewer."""
        return self.stands and self.said.state == AssignmentState.ACCEPTED


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item with its images and everything that was said of it, in the order of its slots."""

    id: uuid.UUID
    batch_id: int
    key: str
    prompt: str
    settled: bool
    pictures: tuple[Picture, ...]
    answers: tuple[Answer, ...]
    tokens: tuple[str, ...]

    @property
    def spec(self) -> ItemSpec:
        """As question types take it."""
        return ItemSpec(tuple(picture.letter for picture in self.pictures), self.tokens)

    @property
    def standing(self) -> tuple[Answer, ...]:
        """What counts: of a settled item the answers that its consensus was made of."""
        if self.settled:
            return tuple(answer for answer in self.answers if answer.accepted)
        return tuple(answer for answer in self.answers if answer.stands)


def _ignore(done: int, total: int) -> None:
    """Nobody watches."""


@dataclass(frozen=True, slots=True)
class Source:
    """A project as a format reads it, inside one snapshot.

    `tick(done, total)` is told after each chunk how many items have been gone through; what it
    raises ends the export.
    """

    project: Project
    questions: tuple[QuestionSpec, ...]
    question_keys: Mapping[int, str]
    tick: Callable[[int, int], None] = field(default=_ignore)

    def items(self, scope: Scope) -> Iterator[ItemRow]:
        """The items of a scope, in the stable order, with their answers."""
        rows = _in_scope(self.project, scope)
        total = rows.count()
        done = 0
        self.tick(done, total)
        stream = _ordered(rows).iterator(ITEMS_AT_ONCE)
        while chunk := list(islice(stream, ITEMS_AT_ONCE)):
            yield from _filled(chunk, self.question_keys)
            done += len(chunk)
            self.tick(done, total)

    def count(self, scope: Scope) -> int:
        """How many items a scope has."""
        return _in_scope(self.project, scope).count()

    def path_of(self, picture: Picture) -> str:
        """A picture's place in storage."""
        return Image(project_id=self.project.pk, sha256=picture.sha256).path

    def annotator(self, user_id: int) -> str:
        """An annotator's pseudonym."""
        return pseudonym(user_id, seed=self.project.seed, role="A")

    def reviewer(self, user_id: int) -> str:
        """A reviewer's pseudonym."""
        return pseudonym(user_id, seed=self.project.seed, role="R")


def source_of(project: Project, tick: Callable[[int, int], None] = _ignore) -> Source:
    """The project's source (2 queries)."""
    questions = questions_of(project.pk)
    return Source(
        project=project,
        questions=tuple(spec_of(question) for question in questions),
        question_keys={question.pk: question.key for question in questions},
        tick=tick,
    )


def specs_of(project: Project) -> tuple[QuestionSpec, ...]:
    """The project's questions as formats and question types take them (2 queries)."""
    return tuple(spec_of(question) for question in questions_of(project.pk))


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


def _in_scope(project: Project, scope: Scope) -> QuerySet[Item]:
    rows = Item.objects.filter(project=project)
    answers = Annotation.objects.filter(item=OuterRef("pk"))
    if scope is Scope.SETTLED:
        return rows.filter(Exists(Consensus.objects.filter(item=OuterRef("pk"))))
    if scope is Scope.STANDING:
        standing = answers.filter(counted=True, current=True)
        return rows.filter(Exists(standing.exclude(assignment__state=AssignmentState.REJECTED)))
    return rows.filter(Exists(answers))


def _ordered(rows: QuerySet[Item]) -> "QuerySet[Item, _Plain]":
    # A language's own order would differ from one server to the next.
    bytewise = "BINARY" if connection.vendor == "sqlite" else "C"
    settled = Exists(Consensus.objects.filter(item=OuterRef("pk")))
    return rows.order_by("batch_id", Collate("key", bytewise)).values_list(
        "pk", "batch_id", "key", "prompt", settled
    )


def _filled(chunk: Sequence[_Plain], question_keys: Mapping[int, str]) -> Iterator[ItemRow]:
    ids = [row[0] for row in chunk]
    pictures, answers = _pictures(ids), _answers(ids, question_keys)
    for pk, batch_id, key, prompt, settled in chunk:
        yield ItemRow(
            id=pk,
            batch_id=batch_id,
            key=key,
            prompt=prompt,
            settled=settled,
            pictures=tuple(pictures.get(pk, ())),
            answers=tuple(answers.get(pk, ())),
            tokens=tuple(token_texts(prompt)),
        )


def _pictures(ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[Picture]]:
    found: dict[uuid.UUID, list[Picture]] = defaultdict(list)
    rows = (
        ItemImage.objects.filter(item__in=ids)
        .order_by("item", "place")
        .values_list(
            "item_id",
            "place",
            "image__sha256",
            "image__generator",
            "image__width",
            "image__height",
        )
    )
    for item_id, place, *columns in cast(Iterable[tuple[Any, ...]], rows):
        found[item_id].append(Picture(LETTERS[place], *columns))
    return found


def _answers(
    ids: Sequence[uuid.UUID], question_keys: Mapping[int, str]
) -> dict[uuid.UUID, list[Answer]]:
    pieces, judgements = _pieces(ids, question_keys), _judgements(ids)
    found: dict[uuid.UUID, list[Answer]] = defaultdict(list)
    rows = (
        Annotation.objects.filter(item__in=ids)
        .order_by(
            "item", "assignment__slot", "first_submitted_at", "revision", "submitted_at", "pk"
        )
        .values_list("item_id", *COLUMNS)
    )
    for item_id, *columns in rows:
        said = Said._make(columns)
        found[item_id].append(Answer(said, pieces.get(said.id, {}), judgements.get(said.id)))
    return found


def _pieces(
    ids: Sequence[uuid.UUID], question_keys: Mapping[int, str]
) -> dict[uuid.UUID, dict[str, list[Piece]]]:
    found: dict[uuid.UUID, dict[str, list[Piece]]] = {}
    rows = (
        Part.objects.filter(annotation__item__in=ids)
        .order_by("annotation", "question", "letter", "ordinal")
        .values_list(
            "annotation_id",
            "question_id",
            "kind",
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


def _judgements(ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Judgement]:
    rows = Verdict.objects.filter(annotation__item__in=ids).values_list(
        "annotation_id", "decision", "reason", "reviewer_id", "at"
    )
    return {row[0]: Judgement(*row[1:]) for row in rows}
