"""What can be asked about imported judges."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import msgspec
from django.db.models import Count, Q, Sum

from annotator.core.among import among
from annotator.items.models import Item
from annotator.judges.models import ImportedAnnotation
from annotator.projects.models import Project
from annotator.questions.types import Piece

ImportedAnswers = Mapping[str, tuple[Piece, ...]]
"""Question key → what was said."""


class ImportedVote(msgspec.Struct, frozen=True, omit_defaults=True):
    """One answer of an imported judge; `count`: so many who have no names said the same."""

    answers: dict[str, tuple[Piece, ...]]
    judge: str = ""
    count: int = 1
    source: str = ""
    # When it came into the project; None: it comes just now.
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ImportedCounts:
    """What a project has of imported judges."""

    source: str = field(metadata={"help": "The layout that it came in, e.g. pickapic."})
    items: int
    judges: int = field(metadata={"help": "Those whom the dataset tells apart; 0: none."})
    votes: int = field(metadata={"help": "Answers, each of a person."})


_decoded = msgspec.json.Decoder(dict[str, tuple[Piece, ...]]).decode


def as_text(answers: ImportedAnswers) -> str:
    """As it is stored."""
    return msgspec.json.encode(answers).decode()


def answers_in(text: str) -> dict[str, tuple[Piece, ...]]:
    """What was stored."""
    return _decoded(text)


def imported_of(items: Iterable[uuid.UUID | str]) -> dict[uuid.UUID, list[ImportedVote]]:
    """Item → what imported judges said of it (1 query)."""
    found: dict[uuid.UUID, list[ImportedVote]] = defaultdict(list)
    rows = ImportedAnnotation.objects.filter(item__in=among(list(map(str, items)))).order_by("pk")
    columns = ("item_id", "answers", "judge", "count", "source", "item__batch__created_at")
    for item, answers, *told in rows.values_list(*columns):
        found[item].append(ImportedVote(answers_in(answers), *told))
    return found


def imported_counts(project: Project) -> list[ImportedCounts]:
    """How much of it there is, by layout (1 query)."""
    rows = ImportedAnnotation.objects.filter(item__in=Item.objects.filter(project=project))
    counted = (
        rows.order_by("source")
        .values("source")
        .annotate(
            items=Count("item", distinct=True),
            # An empty name is nobody's.
            judges=Count("judge", distinct=True, filter=~Q(judge="")),
            votes=Sum("count"),
        )
    )
    return [ImportedCounts(**row) for row in counted]
