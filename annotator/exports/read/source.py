"""What exports read from the database: items with their images and annotations, in a stable order.

The order is by batch and the item's own key (bytewise), so that the same data gives the same rows
and an import of the same manifest keeps them; or by prompt first. Memory is that of ITEMS_AT_ONCE
items, whatever the project's size.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from itertools import islice
from typing import TypeVar

from django.db import connection
from django.db.models import Exists, Max, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Collate

from annotator.annotations.models import Annotation
from annotator.annotations.selectors import standing_answers
from annotator.consensus.models import Consensus
from annotator.exports.read.filling import PLAIN, Plain, filled
from annotator.exports.read.items import ExportedItem
from annotator.items.models import Image, Item
from annotator.items.overlaps import ALONE
from annotator.judges.models import ImportedAnnotation
from annotator.projects.models import Batch, BatchState, BatchVerdict, Project
from annotator.projects.selectors import is_asked, questions_of, spec_of
from annotator.questions.types import QuestionSpec
from annotator.reviews.models import Verdict

Row = TypeVar("Row", bound=Model)

ITEMS_AT_ONCE = 2000


class ItemScope(Enum):
    """Which items: settled ones, those with an answer that stands, or all with any answer."""

    SETTLED = "settled"
    STANDING = "standing"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Selection:
    """Which items of a project, and how.

    `batches`: of these uploads alone; none named: of all. `signed_off`: of signed-off ones alone.
    `together`: in the order of their prompts. `measured`: with what machines measured.
    """

    scope: ItemScope = ItemScope.SETTLED
    batches: tuple[int, ...] = ()
    signed_off: bool = False
    together: bool = False
    measured: bool = False


@dataclass(frozen=True, slots=True)
class ExportSource:
    """A project's items as exports read them, inside one snapshot."""

    project: Project
    questions: tuple[QuestionSpec, ...]
    question_keys: Mapping[int, str]
    # The keys that each version of the questions asked, in order.
    versions: tuple[tuple[str, ...], ...]
    selection: Selection

    def items(self) -> Iterator[ExportedItem]:
        """The selected items, in the stable order, with their answers."""
        stream = _ordered(self.selected(), self.selection).iterator(ITEMS_AT_ONCE)
        while some := list(islice(stream, ITEMS_AT_ONCE)):
            yield from self._filled(some)

    def first_items(self, count: int) -> Iterator[ExportedItem]:
        """The first of them, for a preview: all are read at once (5 or 6 queries)."""
        some = list(_ordered(self.selected(), self.selection)[:count])
        return self._filled(some)

    def _filled(self, some: Sequence[Plain]) -> Iterator[ExportedItem]:
        return filled(
            some,
            self.question_keys,
            self.questions,
            newest=self.project.asked,
            measured=self.selection.measured,
            imported=self.project.imported_votes,
        )

    def count(self) -> int:
        """How many they are (1 query)."""
        return self.selected().count()

    def is_empty(self) -> bool:
        """Whether there are none (1 query)."""
        return not self.selected().exists()

    def count_not_settled(self) -> int:
        """How many items with an answer that stands are not settled yet (1 query)."""
        standing = _in_scope(self.project, ItemScope.STANDING, self.selection)
        return standing.filter(~Exists(Consensus.objects.filter(item=OuterRef("pk")))).count()

    def is_all_unsigned(self) -> bool:
        """Whether it would hold something, were it not for signed-off batches alone (1 query)."""
        if not self.selection.signed_off:
            return False
        anything = replace(self.selection, signed_off=False)
        return _in_scope(self.project, self.selection.scope, anything).exists()

    def count_excluded(self) -> int:
        """How many items with an answer are skipped because a lead has excluded them (1 query)."""
        excluded = _of_selection(self.project, self.selection, excluded_at__isnull=False)
        return excluded.filter(_any_answer() | _imported()).count()

    def count_overridden(self) -> int:
        """Of how many of them a lead's own answer is what counts (1 query)."""
        named = Consensus.objects.filter(item=OuterRef("pk"), override__isnull=False)
        return self.selected().filter(Exists(named)).count()

    def count_single(self) -> int:
        """How many of them were put to one person each (1 query)."""
        return self.selected().filter(overlap=ALONE).count()

    def selected(self) -> QuerySet[Item]:
        """The rows of the items."""
        return _in_scope(self.project, self.selection.scope, self.selection)

    def batches(self) -> QuerySet[Batch]:
        """The batches that it may hold something of, whether or not it does."""
        rows = Batch.objects.filter(project=self.project, state=BatchState.DONE)
        return _in_selection(rows, self.selection, "pk", "verdict").order_by("pk")


def source_of(project: Project, selection: Selection) -> ExportSource:
    """The project's source (2 queries)."""
    questions = questions_of(project.pk)
    return ExportSource(
        project=project,
        questions=tuple(spec_of(question) for question in questions),
        question_keys={question.pk: question.key for question in questions},
        versions=tuple(
            tuple(question.key for question in questions if is_asked(question, version))
            for version in range(1, project.asked + 1)
        ),
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
    """The instant of the newest change in what exports hold (5 queries).

    It stands in the manifest as `created_at`: the same data gives the same bytes, whenever the
    export is made.
    """
    newest = (
        Annotation.objects.filter(item__project=project).aggregate(at=Max("submitted_at")),
        Verdict.objects.filter(review__project=project).aggregate(at=Max("at")),
        Consensus.objects.filter(project=project).aggregate(at=Max("settled_at")),
        Batch.objects.filter(project=project).aggregate(at=Max("created_at")),
        Batch.objects.filter(project=project).aggregate(at=Max("verdict_at")),
    )
    instants: list[datetime] = [row["at"] for row in newest if row["at"] is not None]
    return max([project.created_at, *instants])


def _in_selection(
    rows: QuerySet[Row], selection: Selection, batch: str, verdict: str
) -> QuerySet[Row]:
    if selection.batches:
        rows = rows.filter(**{f"{batch}__in": selection.batches})
    if selection.signed_off:
        rows = rows.filter(**{verdict: BatchVerdict.SIGNED_OFF})
    return rows


def _in_scope(project: Project, scope: ItemScope, selection: Selection) -> QuerySet[Item]:
    rows = _of_selection(project, selection, excluded_at__isnull=True)
    if scope is ItemScope.SETTLED:
        return rows.filter(Exists(Consensus.objects.filter(item=OuterRef("pk"))))
    if scope is ItemScope.STANDING:
        standing = Exists(standing_answers().filter(item=OuterRef("pk")))
        return rows.filter(standing | _imported() if project.imported_votes else standing)
    return rows.filter(_any_answer() | _imported())


def _imported() -> Exists:
    return Exists(ImportedAnnotation.objects.filter(item=OuterRef("pk")))


def _of_selection(project: Project, selection: Selection, **fields: object) -> QuerySet[Item]:
    rows = Item.objects.filter(project=project, **fields)
    return _in_selection(rows, selection, "batch", "batch__verdict")


def _any_answer() -> Exists:
    return Exists(Annotation.objects.filter(item=OuterRef("pk")))


def _ordered(rows: QuerySet[Item], selection: Selection) -> "QuerySet[Item, Plain]":
    # A language's own order would differ from one server to the next.
    bytewise = "BINARY" if connection.vendor == "sqlite" else "C"
    by_prompt = [Collate("prompt", bytewise)] if selection.together else []
    consensus = Consensus.objects.filter(item=OuterRef("pk"))
    settled, override = Exists(consensus), Subquery(consensus.values("override")[:1])
    return rows.order_by(*by_prompt, "batch_id", Collate("key", bytewise)).values_list(
        *PLAIN, settled, override
    )
