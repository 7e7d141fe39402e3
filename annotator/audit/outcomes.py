"""Promises of reviews and consensus: what counts is what was accepted, and says what it says."""

import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import fields

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from annotator.annotations.models import Annotation
from annotator.annotations.selectors import accepted_answers, pieces_of
from annotator.assignments.models import Assignment, AssignmentState, Event
from annotator.audit.scope import Invariant, Scope, Violations, in_stretches
from annotator.audit.slots import slots_held
from annotator.consensus.findings import Found, findings
from annotator.consensus.models import Consensus, Finding, Override
from annotator.consensus.services import disagreements_of, pieces_of_override
from annotator.items.models import Item
from annotator.items.overlaps import overlap_at
from annotator.items.selectors import item_spec, places_of
from annotator.projects.models import Batch, BatchState, BatchVerdict
from annotator.projects.selectors import is_asked, questions_of, spec_of
from annotator.reviews.models import AcceptOrReject, ReturnedAnswer, Review, SecondReview, Verdict
from annotator.reviews.sampling import draw

RECOUNTED_AT_ONCE = 200


def _settled(scope: Scope) -> Violations:
    consensus = Consensus.objects.filter(item=OuterRef("pk"))
    full = Q(slots=overlap_at())
    full &= Q(excluded_at__isnull=True)
    rows = Item.objects.annotate(slots=slots_held(state=AssignmentState.ACCEPTED))
    return scope.within(rows.filter(full & ~Exists(consensus) | ~full & Exists(consensus)))


def _miscounted(scope: Scope) -> Violations:
    counted = accepted_answers().filter(item=OuterRef("item")).order_by().values("item")
    n = Coalesce(Subquery(counted.annotate(n=Count("pk")).values("n")), Value(0))
    return scope.within(Consensus.objects.annotate(n=n).exclude(annotations=F("n")))


def _misjudged_width(scope: Scope) -> list[str]:
    """Items whose disagreement differs from a fresh count; one not counted yet is no lie."""
    rows = scope.within(Consensus.objects.filter(disagreement__isnull=False)).order_by("pk")
    return [
        f"item {consensus.item_id}"
        for stretch in in_stretches(rows.select_related("item"), RECOUNTED_AT_ONCE)
        for found in [disagreements_of([consensus.item for consensus in stretch])]
        for consensus in stretch
        if consensus.disagreement != found[consensus.item_id]
    ]


def _misoverridden(scope: Scope) -> Violations:
    """A consensus names its item's override if and only if there is one in force."""
    in_force = Override.objects.filter(item=OuterRef("item"), withdrawn_at__isnull=True)
    of_item = in_force.values("pk")[:1]
    rows = Consensus.objects.annotate(in_force=Coalesce(Subquery(of_item), Value(0)))
    return scope.within(rows.exclude(in_force=Coalesce(F("override_id"), Value(0))))


def _misremembered(scope: Scope) -> list[str]:
    """Items whose findings differ from a fresh count of their accepted annotations."""
    rows = scope.within(Consensus.objects.all()).order_by("project", "pk").select_related("item")
    return [
        f"item {item_id}"
        for stretch in in_stretches(rows, RECOUNTED_AT_ONCE)
        for item_id in _differing([consensus.item for consensus in stretch])
    ]


def _differing(items: Sequence[Item]) -> Iterator[uuid.UUID]:
    by_item = defaultdict(list)
    for annotation in accepted_answers().filter(item__in=items):
        by_item[annotation.item_id].append(annotation.pk)
    pieces = pieces_of(pk for pks in by_item.values() for pk in pks)
    places = places_of(item.pk for item in items)
    asked = {pk: questions_of(pk) for pk in {item.project_id for item in items}}
    written = _written(items)
    overrides = {row.item_id: row for row in Override.objects.filter(_in_force(items))}
    for item in items:
        spec = item_spec(item, (place.letter for place in places[item.pk]))
        questions = [each for each in asked[item.project_id] if is_asked(each, item.asked)]
        answers = {
            question: [pieces[pk][question.pk] for pk in by_item[item.pk]] for question in questions
        }
        if override := overrides.get(item.pk):
            own = pieces_of_override(override, questions, spec)
            answers = {question: [list(own.get(question.key, ()))] for question in answers}
        counted = {
            (question.pk, found)
            for question, given in answers.items()
            for found in findings(given, spec_of(question), spec)
        }
        if counted != written[item.pk]:
            yield item.pk


def _in_force(items: Sequence[Item]) -> Q:
    return Q(item__in=items, withdrawn_at__isnull=True)


def _written(items: Sequence[Item]) -> dict[uuid.UUID, set[tuple[int, Found]]]:
    written: dict[uuid.UUID, set[tuple[int, Found]]] = defaultdict(set)
    rows = Finding.objects.filter(consensus__item__in=items).values_list(
        "consensus__item_id", "question_id", *(column.name for column in fields(Found))
    )
    for item_id, question_id, *columns in rows:
        written[item_id].add((question_id, Found(*columns)))
    return written


def _not_as_drawn(scope: Scope) -> list[str]:
    """Batches whose sampled items are not those that the keyed draw gives for so many.

    A batch that was taken in by stretches was drawn stretch by stretch, also while it still is.
    """
    opened = Q(state=BatchState.DONE) | Q(images_named__isnull=False)
    batches = scope.within(Batch.objects.filter(opened)).select_related("project")
    return [f"batch {batch.pk}" for batch in batches if not _is_as_drawn(batch)]


def _is_as_drawn(batch: Batch) -> bool:
    by_rate = Review.objects.filter(batch=batch, for_floor=False)
    sampled = {str(pk) for pk in by_rate.values_list("item", flat=True)}
    stretches = defaultdict(list)
    for pk, stretch in Item.objects.filter(batch=batch).values_list("pk", "stretch"):
        stretches[stretch].append(str(pk))
    drawn = [
        name
        for ids in stretches.values()
        for name in draw(ids, rate=1.0, secret=batch.project.seed)[: len(sampled.intersection(ids))]
    ]
    return sampled == set(drawn)


def _second_own_work(scope: Scope) -> Violations:
    own = Annotation.objects.filter(item=OuterRef("review__item"), annotator=OuterRef("reviewer"))
    return scope.within(SecondReview.objects.filter(Exists(own)))


def _verdicts(scope: Scope) -> QuerySet[Verdict]:
    return scope.within(Verdict.objects.all(), "review__project")


def _elsewhere(scope: Scope) -> Violations:
    return _verdicts(scope).exclude(annotation__item=F("review__item"))


def _own_work(scope: Scope) -> Violations:
    own = Annotation.objects.filter(item=OuterRef("review__item"), annotator=OuterRef("reviewer"))
    return _verdicts(scope).filter(Exists(own))


def _unheeded(scope: Scope) -> Violations:
    return (
        _verdicts(scope)
        .filter(value=AcceptOrReject.REJECT)
        .exclude(annotation__assignment__state=AssignmentState.REJECTED)
    )


def _unseen(scope: Scope) -> Violations:
    seen = Verdict.objects.filter(annotation=OuterRef("pk"), value=AcceptOrReject.ACCEPT)
    sampled = Review.objects.filter(item=OuterRef("item"))
    rows = accepted_answers().filter(Exists(sampled), ~Exists(seen))
    return scope.within(rows, "assignment__project")


def _forgotten(scope: Scope) -> Violations:
    sampled = Review.objects.filter(item=OuterRef("item"))
    rows = Assignment.objects.filter(~Exists(sampled), state=AssignmentState.SUBMITTED)
    return scope.within(rows)


def _miswaiting(scope: Scope) -> Violations:
    unanswered = Assignment.objects.filter(
        item=OuterRef("item"),
        state__in=[AssignmentState.OPEN, AssignmentState.CLAIMED],
        extra_vote=False,
    )
    submitted = Assignment.objects.filter(item=OuterRef("item"), state=AssignmentState.SUBMITTED)
    ready = ~Exists(unanswered) & Exists(submitted) & Q(item__excluded_at__isnull=True)
    return scope.within(Review.objects.filter(Q(waiting=True) & ~ready | Q(waiting=False) & ready))


def _rejected_by_nobody(scope: Scope) -> Violations:
    verdict = Verdict.objects.filter(annotation__assignment=OuterRef("pk"), value="reject")
    returned = ReturnedAnswer.objects.filter(annotation__assignment=OuterRef("pk"))
    by_lead = Event.objects.filter(
        assignment=OuterRef("pk"), to_state=AssignmentState.REJECTED, reason__gt=""
    )
    rows = Assignment.objects.filter(state=AssignmentState.REJECTED)
    return scope.within(rows.filter(~Exists(verdict), ~Exists(returned), ~Exists(by_lead)))


def _returned_in_force(scope: Scope) -> Violations:
    rows = ReturnedAnswer.objects.exclude(annotation__assignment__state=AssignmentState.REJECTED)
    return scope.within(rows, "batch_return__batch__project")


def _signed_unfinished(scope: Scope) -> Violations:
    unsettled = Item.objects.filter(
        ~Exists(Consensus.objects.filter(item=OuterRef("pk"))),
        batch=OuterRef("pk"),
        excluded_at__isnull=True,
    )
    waiting = Review.objects.filter(batch=OuterRef("pk"), waiting=True)
    rows = Batch.objects.filter(verdict=BatchVerdict.SIGNED_OFF)
    return scope.within(rows.filter(Exists(unsettled) | Exists(waiting)))


def _foreign_reviews(scope: Scope) -> Violations:
    rows = Review.objects.filter(~Q(project=F("item__project")) | ~Q(batch=F("item__batch")))
    return scope.within(rows)


INVARIANTS = (
    Invariant(
        "settled-full", "An item is settled if and only if all its slots are accepted.", _settled
    ),
    Invariant("settled-all", "A consensus counts all accepted answers.", _miscounted),
    Invariant(
        "disagreement-true", "A consensus says how far its answers differ.", _misjudged_width
    ),
    Invariant("override-named", "A consensus says whether it is a lead's.", _misoverridden),
    Invariant(
        "consensus-true", "Every consensus is what its accepted answers add up to.", _misremembered
    ),
    Invariant("draw-honest", "The sampled items are those of the keyed draw.", _not_as_drawn),
    Invariant("verdict-place", "A verdict is about an answer of its review's item.", _elsewhere),
    Invariant("verdict-apart", "Nobody reviews an item that they annotated.", _own_work),
    Invariant(
        "second-apart", "Nobody looks a second time at what they answered.", _second_own_work
    ),
    Invariant("rejected-out", "What was rejected does not count.", _unheeded),
    Invariant("sampled-seen", "Nothing sampled counts without its verdict.", _unseen),
    Invariant("accepted-once", "What is not sampled counts at once.", _forgotten),
    Invariant("review-waits", "A review waits if and only if it is complete.", _miswaiting),
    Invariant(
        "rejected-why", "What is rejected has a verdict, a return or a reason.", _rejected_by_nobody
    ),
    Invariant("returned-out", "What went back does not count.", _returned_in_force),
    Invariant(
        "signed-whole",
        "In a signed-off batch all but excluded items is settled.",
        _signed_unfinished,
    ),
    Invariant("review-place", "A review is of its item's project and batch.", _foreign_reviews),
)
