"""A batch before its verdict: the rule by which it passes, what that lets pass, how it stands."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Exists, OuterRef

from annotator.assignments.selectors import rejected_for_nobody, stopped_in
from annotator.projects.models import Batch, BatchVerdict
from annotator.projects.people import Person, person_of
from annotator.reviews.acceptance import AcceptanceRule, RuleOutcome, rule_for, sample_counts
from annotator.reviews.models import (
    AcceptOrReject,
    BatchReturn,
    RejectionCode,
    Review,
    Unsure,
    Verdict,
)
from scoring.statistics.acceptance import TOLERATED, errors_that_pass, operating_curve

# Shares of errors that the curve is drawn over: up to where hardly any batch passes.
POINTS = 60
OWN_WORDS = 10
HARDLY_ANY, ONE_IN_TEN = 0.001, 0.1


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """How likely a batch passes of which this share of answers is wrong."""

    errors: float
    passes: float


@dataclass(frozen=True, slots=True)
class ReturnedShare:
    """A return of this batch; `annotator` null: all of it."""

    annotator: Person | None
    to_authors: bool
    reason: str
    answers: int
    by: Person
    at: datetime


@dataclass(frozen=True, slots=True)
class RejectionCount:
    """How many answers were rejected for one reason; `words`: the newest of reviewers' own."""

    code: RejectionCode
    count: int
    words: list[str]


@dataclass(frozen=True, slots=True)
class BatchAcceptance:
    """The rule for a batch, its operating curve, and what the reviewed sample says so far.

    Of first answers: of each slot the first that did not go back with a return. The curve takes
    answers for independent; three answers to one item often err together, so it flatters a little.
    """

    verdict: BatchVerdict
    verdict_at: datetime | None
    verdict_by: Person | None
    rule: AcceptanceRule
    outcome: RuleOutcome
    sampled: int
    reviewed: int
    rejected: int
    for_floor: int = field(metadata={"help": "Items drawn besides, which the rule leaves aside."})
    curve: list[CurvePoint]
    examples: list[CurvePoint] = field(
        metadata={"help": "At the tolerated share of errors, at twice and at four times as many."}
    )
    kept_out: float = field(metadata={"help": "The share of errors that passes once in ten."})
    returns: list[ReturnedShare] = field(metadata={"help": "The newest first."})
    reasons: list[RejectionCount] = field(
        metadata={"help": "Why reviewers rejected, replacements too; the most frequent first."}
    )
    stopped: int = field(
        metadata={"help": "Places rejected so often that they wait for a lead to open them."}
    )
    unsure: int = field(metadata={"help": "Waiting items that a reviewer was not sure about."})
    for_nobody: int = field(
        metadata={
            "help": "Rejected answers in whose place nobody here may answer but their author."
        }
    )


def acceptance_of(batch: Batch) -> BatchAcceptance:
    """See BatchAcceptance (14 queries)."""
    counts = sample_counts([batch.pk])[batch.pk]
    rule = rule_for(batch.project, counts.answers)
    return BatchAcceptance(
        verdict=BatchVerdict(batch.verdict),
        verdict_at=batch.verdict_at,
        verdict_by=person_of(batch.verdict_by) if batch.verdict_by else None,
        rule=rule,
        outcome=counts.outcome(rule),
        sampled=counts.sampled,
        reviewed=counts.reviewed,
        rejected=counts.rejected,
        for_floor=Review.objects.filter(batch=batch, for_floor=True).count(),
        curve=_curve(rule),
        examples=_points([TOLERATED, 2 * TOLERATED, 4 * TOLERATED], rule),
        kept_out=errors_that_pass(ONE_IN_TEN, reviewed=rule.reviewed, allowed=rule.allowed),
        returns=_returns(batch),
        reasons=_reasons(batch),
        stopped=stopped_in(batch.pk).count(),
        unsure=Review.objects.filter(
            Exists(Unsure.objects.filter(review=OuterRef("pk"))), batch=batch, waiting=True
        ).count(),
        for_nobody=len(rejected_for_nobody(batch)),
    )


def _reasons(batch: Batch) -> list[RejectionCount]:
    """By code; of those in reviewers' own words the newest few, each once."""
    rows = Verdict.objects.filter(review__batch=batch, value=AcceptOrReject.REJECT)
    counted = rows.values_list("code").annotate(n=Count("pk")).order_by("-n", "code")
    own = rows.filter(code__in=["", RejectionCode.OTHER]).order_by("-pk")
    newest = own.values_list("reason", flat=True)[: OWN_WORDS * OWN_WORDS]
    words = list(dict.fromkeys(newest))[:OWN_WORDS]
    totals: Counter[RejectionCode] = Counter()
    for code, n in counted:
        totals[RejectionCode(code) if code else RejectionCode.OTHER] += n
    return [
        RejectionCount(code, n, words if code is RejectionCode.OTHER else [])
        for code, n in totals.most_common()
    ]


def _curve(rule: AcceptanceRule) -> list[CurvePoint]:
    last = errors_that_pass(HARDLY_ANY, reviewed=rule.reviewed, allowed=rule.allowed)
    end = min(1.0, max(last, 4 * TOLERATED))
    return _points([end * place / POINTS for place in range(POINTS + 1)], rule)


def _points(shares: list[float], rule: AcceptanceRule) -> list[CurvePoint]:
    found = operating_curve(shares, reviewed=rule.reviewed, allowed=rule.allowed)
    return [CurvePoint(errors, passes) for errors, passes in found]


def _returns(batch: Batch) -> list[ReturnedShare]:
    rows = BatchReturn.objects.filter(batch=batch).annotate(n=Count("answers"))
    return [
        ReturnedShare(
            annotator=person_of(row.annotator) if row.annotator else None,
            to_authors=row.to_authors,
            reason=row.reason,
            answers=row.n,
            by=person_of(row.by),
            at=row.at,
        )
        for row in rows.select_related("annotator", "by").order_by("-at", "-pk")
    ]
