"""The rule by which a batch passes, and what its reviewed sample says of it.

Counted are first answers: of each slot the first that did not go back with a return, whether it was
rejected later or not; what replaced it is not counted. Only items drawn at the batch's rate are,
not those drawn besides for an annotator's floor: the rule is about a random sample.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum

from django.db.models import Count, Exists, OuterRef, Q, Sum

from annotator.assignments.models import Assignment, AssignmentState
from annotator.items.overlaps import overlap_at
from annotator.projects.models import Project
from annotator.reviews.models import AcceptOrReject, ReturnedAnswer, Review, Verdict
from scoring.statistics.acceptance import allowed_for


class RuleOutcome(StrEnum):
    """Whether the reviewed sample passes; open while too few are reviewed to say."""

    OPEN = "open"
    PASSES = "passes"
    FAILS = "fails"


@dataclass(frozen=True, slots=True)
class AcceptanceRule:
    """Of so many reviewed answers, so many rejected at most."""

    reviewed: int
    allowed: int
    by_plan: bool = field(metadata={"help": "The lead has set no other number allowed."})


@dataclass(frozen=True, slots=True)
class SampleCounts:
    """First answers of the drawn sample that were reviewed, and rejected; items drawn.

    `answers`: how many the items drawn have in all, once they are answered.
    """

    sampled: int = 0
    answers: int = 0
    reviewed: int = 0
    rejected: int = 0

    def outcome(self, rule: AcceptanceRule) -> RuleOutcome:
        """What the rule says of this sample. Nothing reviewed passes nothing."""
        if self.rejected > rule.allowed:
            return RuleOutcome.FAILS
        is_enough = self.reviewed >= max(1, rule.reviewed)
        return RuleOutcome.PASSES if is_enough else RuleOutcome.OPEN


def rule_for(project: Project, drawn: int) -> AcceptanceRule:
    """The rule for a batch of which so many answers are drawn: as the lead set it, or by the plan.

    By the plan all drawn answers are reviewed, and so many may be rejected as let a batch of 2.5 %
    errors pass at least 98 times in 100.
    """
    reviewed = drawn if project.accept_reviewed is None else project.accept_reviewed
    if project.accept_allowed is not None:
        return AcceptanceRule(reviewed, project.accept_allowed, by_plan=False)
    return AcceptanceRule(reviewed, allowed_for(max(reviewed, drawn)), by_plan=True)


def sample_counts(batch_ids: Collection[int]) -> dict[int, SampleCounts]:
    """batch → its sample (2 queries)."""
    drawn = Review.objects.filter(batch__in=batch_ids, for_floor=False).values_list("batch_id")
    each = drawn.annotate(n=Count("pk"), answers=Sum(overlap_at("item__")))
    sampled = {batch: (n, answers) for batch, n, answers in each}
    went_back = ReturnedAnswer.objects.filter(annotation=OuterRef("annotation"))
    before = Assignment.objects.filter(
        ~Exists(ReturnedAnswer.objects.filter(annotation__assignment=OuterRef("pk"))),
        item=OuterRef("annotation__item"),
        slot=OuterRef("annotation__assignment__slot"),
        state=AssignmentState.REJECTED,
        position__lt=OuterRef("annotation__assignment__position"),
    )
    rows = Verdict.objects.filter(
        ~Exists(went_back),
        ~Exists(before),
        review__batch__in=batch_ids,
        review__for_floor=False,
        annotation__current=True,
    )
    counted = rows.values_list("review__batch_id").annotate(
        n=Count("pk"), rejected=Count("pk", filter=Q(value=AcceptOrReject.REJECT))
    )
    judged = {batch: (n, rejected) for batch, n, rejected in counted}
    none = (0, 0)
    return {pk: SampleCounts(*sampled.get(pk, none), *judged.get(pk, none)) for pk in batch_ids}
