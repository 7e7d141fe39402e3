"""A batch's QC: what reviewers found in the sample, and what that says of the rest.

The sample is of first answers: a replacement is only asked for where one was rejected, so it says
nothing of how well the batch was answered; what became of replacements is told apart. First answers
that a lead sent back are still of the sample here, other than for the rule by which it passes. An
item of the sample is one draw of the finite batch, whose answers tend to go wrong together.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Q, QuerySet

from annotator.annotations.selectors import WhichAnswers, first_answers
from annotator.items.models import Item
from annotator.projects.models import Batch
from annotator.reports.people import names_of
from annotator.reviews.models import AcceptOrReject, Review, Verdict
from annotator.reviews.selectors import is_done
from scoring.statistics.estimate import Interval
from scoring.statistics.proportions import wilson_interval
from scoring.statistics.sampling import ROUNDING, limits_of_bad, sampled_share


@dataclass(frozen=True, slots=True)
class AnnotatorQc:
    """One annotator's first answers, reviewed ones, rejected ones."""

    id: int
    name: str
    answers: int
    reviewed: int
    rejected: int
    error_rate: float | None
    interval: Interval | None = field(
        metadata={"help": "Exact at 95 %, of all their answers in the batch (hypergeometric)."}
    )


@dataclass(frozen=True, slots=True)
class ReplacementsQc:
    """What reviewers found in answers that replaced rejected ones; no part of the sample."""

    reviewed: int
    rejected: int
    error_rate: float | None
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class BatchQc:
    """A batch's QC: items drawn, waiting for a reviewer, with verdicts; first answers' errors."""

    sampled: int
    waiting: int
    done: int
    answers: int
    reviewed: int
    rejected: int
    error_rate: float | None
    interval: Interval | None = field(
        metadata={
            "help": "Wilson's at 95 %, the item as what was drawn, of a finite batch; where "
            "nothing is rejected the exact limit of items with a wrong answer."
        }
    )
    design_effect: float | None = field(
        metadata={
            "help": "Answers that tell as much as one alone; 1: an item's are independent. "
            "Assumed, not seen, where none or all are rejected."
        }
    )
    replacements: ReplacementsQc
    annotators: list[AnnotatorQc]
    which_answers: WhichAnswers = WhichAnswers.FIRST


def qc_of(batch: Batch) -> BatchQc:
    """The batch's QC report, the annotators with the most errors first (8 queries)."""
    sample = Review.objects.filter(batch=batch).aggregate(
        drawn=Count("pk"),
        waits=Count("pk", filter=Q(waiting=True)),
        judged=Count("pk", filter=is_done()),
    )
    answers = _answers(batch)
    verdicts = Verdict.objects.filter(review__batch=batch, annotation__current=True)
    of_first = Q(annotation__in=first_answers().filter(item__batch=batch))
    looked_at = verdicts.filter(of_first)
    items = _counted(looked_at, "review")
    of_batch = Item.objects.filter(batch=batch).count()
    inclusion = _inclusion(batch, of_batch, list(items))
    share = sampled_share(
        [rejected for _, rejected in items.values()], [n for n, _ in items.values()], inclusion
    )
    annotators = _by_annotator(answers, _counted(looked_at, "annotation__annotator_id"))
    interval = share.interval if share else None
    if share and share.value == 0:
        interval = 0.0, _highest_of_none_wrong(inclusion, of_batch, annotators)
    return BatchQc(
        sample["drawn"],
        sample["waits"],
        sample["judged"],
        answers=sum(answers.values()),
        reviewed=sum(n for n, _ in items.values()),
        rejected=sum(rejected for _, rejected in items.values()),
        error_rate=share.value if share else None,
        interval=interval,
        design_effect=share.design_effect if share else None,
        replacements=_replacements(verdicts.exclude(of_first)),
        annotators=annotators,
    )


def _highest_of_none_wrong(
    inclusion: Sequence[float], of_batch: int, annotators: Sequence[AnnotatorQc]
) -> float:
    """How large a share of answers may be wrong all the same where none of the sample is.

    Not more than of items with a wrong answer, of which none was drawn; nor than of the answers of
    whoever is the worst, of which none was drawn either (if everybody was looked at). Both limits
    are exact, so the lower one is. Items that were likelier to be drawn count for less than one.
    """
    looks = max(1, int(sum(min(inclusion) / each for each in inclusion) + ROUNDING))
    highest = limits_of_bad(0, looks, max(looks, of_batch), confidence=0.975)[1]
    of_people = [row.interval[1] if row.interval else 1.0 for row in annotators]
    return min(highest / max(looks, of_batch), max(of_people, default=1.0))


def _inclusion(batch: Batch, of_batch: int, review_ids: Sequence[int]) -> list[float]:
    """How likely each of the reviewed items was to be reviewed.

    That is how likely it was to be drawn (where the release before drew, all were as likely), times
    how many of those drawn have been looked at so far.
    """
    drawn = dict(Review.objects.filter(batch=batch).values_list("pk", "probability"))
    alike = len(drawn) / max(1, of_batch)
    done = len(review_ids) / max(1, len(drawn))
    return [(drawn[pk] or alike) * done for pk in review_ids]


def _answers(batch: Batch) -> dict[int, int]:
    """annotator → first answers given."""
    rows = first_answers().filter(item__batch=batch).values_list("annotator_id")
    return dict(rows.annotate(n=Count("pk")))


def _counted(verdicts: QuerySet[Verdict], by: str) -> Mapping[int, tuple[int, int]]:
    """What `by` names → (reviewed, rejected)."""
    rejected = Count("pk", filter=Q(value=AcceptOrReject.REJECT))
    rows = verdicts.order_by().values_list(by).annotate(n=Count("pk"), rejected=rejected)
    return {name: (n, wrong) for name, n, wrong in rows}


def _replacements(verdicts: QuerySet[Verdict]) -> ReplacementsQc:
    found = verdicts.aggregate(n=Count("pk"), rejected=Count("pk", filter=Q(value="reject")))
    n, rejected = found["n"], found["rejected"]
    rate = rejected / n if n else None
    return ReplacementsQc(n, rejected, rate, wilson_interval(rejected, n))


def _by_annotator(
    answers: Mapping[int, int], judged: Mapping[int, tuple[int, int]]
) -> list[AnnotatorQc]:
    names = names_of(list(answers))
    nothing: Mapping[int, tuple[int, int]] = defaultdict(lambda: (0, 0), judged)
    rows = []
    for pk, n in answers.items():
        reviewed, rejected = nothing[pk]
        rate = rejected / reviewed if reviewed else None
        interval = _within(n, reviewed, rejected) if reviewed else None
        rows.append(AnnotatorQc(pk, names[pk], n, reviewed, rejected, rate, interval))
    return sorted(rows, key=lambda row: (-(row.error_rate or 0), -row.reviewed, row.id))


def _within(answers: int, reviewed: int, rejected: int) -> Interval:
    """Which share of somebody's answers is wrong, from those that were drawn.

    With nothing rejected it still says how much may be wrong.
    """
    low, high = limits_of_bad(rejected, reviewed, answers, confidence=0.975)
    return low / answers, high / answers
