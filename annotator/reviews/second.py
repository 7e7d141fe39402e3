"""Second looks at reviewed answers: drawn, taken, judged by somebody else, settled by a lead."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet

from annotator.accounts.models import User
from annotator.annotations.models import Annotation
from annotator.core.errors import StaleState
from annotator.projects.models import Project
from annotator.reviews.models import (
    Review,
    SecondReview,
    Unsure,
    Verdict,
    WithdrawnVerdict,
)
from annotator.reviews.sampling import draw_second
from annotator.reviews.selectors import EVERY_REVIEW, ReviewChoice
from annotator.reviews.services import HOLD, GivenVerdict, checked

# More verdicts than this at once are drawn from the next time.
DRAW_FROM = 10_000
WHOLE = ("review__item", "review__project", "annotation__assignment")


@transaction.atomic
def draw(project: Project) -> int:
    """Draws answers for a second look of the verdicts given since the last draw; how many.

    Two who draw at once take turns: the later one finds nothing left to draw from.
    """
    if project.second_share <= 0 or not _fresh(project).exists():
        return 0
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    rows = list(_fresh(project).values_list("pk", "annotation_id", "review_id")[:DRAW_FROM])
    names = [str(annotation) for _, annotation, _ in rows]
    drawn, whole = draw_second(names, share=project.second_share, secret=project.seed)
    if not drawn:
        return 0
    up_to, chosen = rows[whole - 1][0], set(drawn)
    made = SecondReview.objects.bulk_create(
        SecondReview(project=project, review_id=review, annotation_id=pk, drawn_up_to=up_to)
        for _, pk, review in rows
        if str(pk) in chosen
    )
    return len(made)


def _fresh(project: Project) -> QuerySet[Verdict]:
    """Verdicts since the last draw, in their order; each answer is drawn from once."""
    of_project = SecondReview.objects.filter(project=project)
    last = of_project.aggregate(last=Max("drawn_up_to"))["last"] or 0
    again = WithdrawnVerdict.objects.filter(annotation=OuterRef("annotation"))
    return Verdict.objects.filter(~Exists(again), review__project=project, pk__gt=last).order_by(
        "pk"
    )


def takeable(
    project: Project, reviewer: User, now: datetime, chosen: ReviewChoice = EVERY_REVIEW
) -> QuerySet[SecondReview]:
    """Second looks that this person may take: of no item that they answered or have judged."""
    own = Annotation.objects.filter(item=OuterRef("review__item"), annotator=reviewer)
    unsure = Unsure.objects.filter(review=OuterRef("review"), reviewer=reviewer)
    judged = Verdict.objects.filter(review=OuterRef("review"))
    withdrawn = WithdrawnVerdict.objects.filter(review=OuterRef("review"))
    free = Q(held_until__isnull=True) | Q(held_until__lt=now) | Q(held_by=reviewer)
    rows = SecondReview.objects.filter(
        ~Exists(own),
        ~Exists(unsure),
        ~Exists(judged.filter(reviewer=reviewer)),
        ~Exists(withdrawn.filter(reviewer=reviewer)),
        Exists(judged.filter(annotation=OuterRef("annotation"))),
        free,
        project=project,
        at=None,
        review__item__excluded_at=None,
    )
    if chosen.batch is not None:
        rows = rows.filter(review__batch=chosen.batch)
    if chosen.annotator is not None:
        rows = rows.filter(annotation__annotator=chosen.annotator)
    return rows.order_by("id")


@transaction.atomic
def take(
    *, reviewer: User, project: Project, now: datetime, count: int, chosen: ReviewChoice
) -> list[SecondReview]:
    """The next second looks, held for this reviewer for a while."""
    rows = takeable(project, reviewer, now, chosen)
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True, of=("self",))
    taken = list(rows.select_related(*WHOLE)[:count])
    SecondReview.objects.filter(pk__in=[row.pk for row in taken]).update(
        held_by=reviewer, held_until=now + HOLD
    )
    return taken


def take_of(review: Review, reviewer: User, *, now: datetime) -> SecondReview | None:
    """The second look at an answer to one item, held for this reviewer; None: there is none."""
    row = takeable(review.project, reviewer, now).filter(review=review).first()
    if row is None:
        return None
    SecondReview.objects.filter(pk=row.pk).update(held_by=reviewer, held_until=now + HOLD)
    return held_of(review, reviewer)


def held_on(
    review: Review, reviewer: User, annotations: Collection[UUID]
) -> dict[UUID, SecondReview]:
    """annotation → the second look at it that this reviewer holds and has not given."""
    rows = SecondReview.objects.filter(
        review=review, annotation__in=annotations, held_by=reviewer, at=None
    )
    return {row.annotation_id: row for row in rows}


def held_of(review: Review, reviewer: User) -> SecondReview | None:
    """The second look at an answer to the item that this reviewer holds and has not given."""
    rows = SecondReview.objects.filter(review=review, held_by=reviewer, at=None)
    return rows.select_related(*WHOLE).first()


def give(
    second: SecondReview, *, reviewer: User, given: GivenVerdict, now: datetime
) -> SecondReview:
    """Writes the second verdict beside the first one as it is now; nothing else changes.

    Raises Invalid for a reason too short or too long, StaleState where the first was taken back.
    """
    reason, code = checked(given, str(second.annotation_id))
    first = Verdict.objects.filter(annotation=second.annotation_id).first()
    if first is None or first.reviewer_id == reviewer.pk:
        raise StaleState
    second.reviewer, second.value, second.reason, second.code = reviewer, given.value, reason, code
    second.first_reviewer_id, second.first_value = first.reviewer_id, first.value
    second.at, second.held_by, second.held_until = now, None, None
    second.save()
    return second


def given_by(review: Review, reviewer: User, *, since: datetime) -> list[SecondReview]:
    """Second verdicts of a reviewer on an item since an instant that no lead has settled."""
    rows = SecondReview.objects.filter(review=review, reviewer=reviewer, at__gte=since)
    return list(rows.filter(settled_at=None).select_related(*WHOLE))


def take_back(second: SecondReview, *, now: datetime) -> SecondReview:
    """As before it was given, and held again."""
    second.held_by, second.held_until = second.reviewer, now + HOLD
    second.reviewer, second.value, second.reason, second.code = None, "", "", ""
    second.first_reviewer, second.first_value, second.at = None, "", None
    second.save()
    return second


def settle(annotation_id: UUID, *, by: User, now: datetime) -> int:
    """A lead has decided between two verdicts that differ; how many rows (0 or 1)."""
    rows = SecondReview.objects.filter(annotation=annotation_id, at__isnull=False, settled_at=None)
    differ = rows.exclude(value=F("first_value"))
    return differ.update(settled_by=by, settled_at=now)


def waiting(project: Project) -> int:
    """Drawn answers that wait for their second verdict."""
    return SecondReview.objects.filter(project=project, at=None).count()


def disagreements(project: Project) -> QuerySet[SecondReview]:
    """Second verdicts that differ from the first, those not settled before the others."""
    rows = SecondReview.objects.filter(project=project, at__isnull=False)
    differ = rows.exclude(value=F("first_value"))
    return differ.order_by(F("settled_at").desc(nulls_first=True), "-at")
