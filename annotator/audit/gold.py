"""Promises of copies: they touch nothing that counts, and gold is judged by what is known."""

from django.db.models import Exists, F, OuterRef, Q

from annotator.annotations.models import Annotation
from annotator.assignments.models import Assignment
from annotator.audit.scope import Invariant, Scope, Violations, in_stretches
from annotator.consensus.models import Consensus
from annotator.gold.models import GoldAnswer, GoldItem, GoldStop
from annotator.gold.selectors import judged_anew
from annotator.items.models import Item
from annotator.projects.models import BatchState
from annotator.reviews.models import Review

JUDGED_AT_ONCE = 200


def _copies_that_count(scope: Scope) -> Violations:
    copies = Item.with_copies.filter(source__isnull=False)
    strays = Q(excluded_at=None) | ~Q(batch=F("source__batch")) | ~Q(project=F("source__project"))
    own = Assignment.objects.filter(item=OuterRef("pk"), extra_vote=False)
    of_it = {"item": OuterRef("pk")}
    counts = Exists(own) | Exists(Consensus.objects.filter(**of_it))
    return scope.within(copies.filter(strays | counts | Exists(Review.objects.filter(**of_it))))


def _gold_without_source(scope: Scope) -> Violations:
    return scope.within(GoldItem.objects.filter(Q(item__source=None) | Q(truths=None)))


def _lost(scope: Scope) -> Violations:
    """What a manifest knew, of which no gold was made."""
    gold = GoldItem.objects.filter(item=OuterRef("pk"))
    rows = Item.with_copies.filter(~Exists(gold), source=F("pk"), batch__state=BatchState.DONE)
    return scope.within(rows)


def _misjudged(scope: Scope) -> list[str]:
    """Answers to gold whose outcome differs from a fresh look at what is known."""
    rows = scope.within(GoldAnswer.objects.select_related("gold__item", "annotation"))
    return [
        f"gold answer {row.pk}"
        for some in in_stretches(rows.order_by("pk"), JUDGED_AT_ONCE)
        for row, passed in judged_anew(some)
        if row.passed != passed
    ]


def _unnoted(scope: Scope) -> Violations:
    """Answers to gold that nobody noted, in no revision."""
    own = Assignment.objects.filter(item=OuterRef("item__source"), annotator=OuterRef("annotator"))
    gold = GoldItem.objects.filter(item=OuterRef("item"), made_at__lt=OuterRef("submitted_at"))
    noted = GoldAnswer.objects.filter(annotation__assignment=OuterRef("assignment"))
    rows = Annotation.objects.filter(
        Exists(gold), ~Exists(own) | Q(item__source=F("item")), ~Exists(noted), counted=True,
        current=True,
    )  # fmt: skip
    return scope.within(rows, "assignment__project")


def _unfounded_stops(scope: Scope) -> Violations:
    rows = GoldStop.objects.exclude(annotator=F("answer__annotator"))
    return scope.within(rows)


INVARIANTS = (
    Invariant("copies-apart", "A copy of an item counts nowhere.", _copies_that_count),
    Invariant("gold-known", "A gold item is a copy, with a known answer.", _gold_without_source),
    Invariant("gold-made", "Known answers of a manifest are gold when it is taken in.", _lost),
    Invariant("gold-noted", "Every answer to gold is noted.", _unnoted),
    Invariant("gold-judged", "Gold is judged by what is known of it.", _misjudged),
    Invariant("gold-stops", "Who was stopped gave the answer that did it.", _unfounded_stops),
)
