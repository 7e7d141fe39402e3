"""Promises of reviews and consensus: what counts is what was accepted, and says what it says."""

import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import fields

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from annotator.annotations.models import Annotation
from annotator.annotations.selectors import accepted, pieces_of
from annotator.assignments.models import Assignment, AssignmentState
from annotator.audit.scope import Invariant, Scope, Violations, in_stretches
from annotator.audit.slots import slots_held
from annotator.consensus.findings import Found, findings
from annotator.consensus.models import Consensus, Finding
from annotator.items.models import Item
from annotator.items.selectors import item_spec, places_of
from annotator.projects.models import Batch, BatchState
from annotator.projects.selectors import questions_of, spec_of
from annotator.reviews.models import AcceptOrReject, Review, Verdict
from annotator.reviews.sampling import draw

RECOUNTED_AT_ONCE = 200


def _settled(scope: Scope) -> Violations:
    consensus = Consensus.objects.filter(item=OuterRef("pk"))
    full = Q(slots=F("project__overlap"))
    rows = Item.objects.annotate(slots=slots_held(state=AssignmentState.ACCEPTED))
    return scope.within(rows.filter(full & ~Exists(consensus) | ~full & Exists(consensus)))


def _miscounted(scope: Scope) -> Violations:
    rows = Consensus.objects.exclude(annotations=F("project__overlap"))
    return scope.within(rows)


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
    for annotation in accepted().filter(item__in=items):
        by_item[annotation.item_id].append(annotation.pk)
    pieces = pieces_of(pk for pks in by_item.values() for pk in pks)
    places = places_of(item.pk for item in items)
    asked = {pk: questions_of(pk) for pk in {item.project_id for item in items}}
    written = _written(items)
    for item in items:
        spec = item_spec(item, (place.letter for place in places[item.pk]))
        counted = {
            (question.pk, found)
            for question in asked[item.project_id]
            for found in findings(
                [pieces[pk][question.pk] for pk in by_item[item.pk]], spec_of(question), spec
            )
        }
        if counted != written[item.pk]:
            yield item.pk


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
    sampled = {str(pk) for pk in Review.objects.filter(batch=batch).values_list("item", flat=True)}
    stretches = defaultdict(list)
    for pk, stretch in Item.objects.filter(batch=batch).values_list("pk", "stretch"):
        stretches[stretch].append(str(pk))
    drawn = [
        name
        for ids in stretches.values()
        for name in draw(ids, rate=1.0, secret=batch.project.seed)[: len(sampled.intersection(ids))]
    ]
    return sampled == set(drawn)


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
    rows = accepted().filter(Exists(sampled), ~Exists(seen))
    return scope.within(rows, "assignment__project")


def _forgotten(scope: Scope) -> Violations:
    sampled = Review.objects.filter(item=OuterRef("item"))
    rows = Assignment.objects.filter(~Exists(sampled), state=AssignmentState.SUBMITTED)
    return scope.within(rows)


def _miswaiting(scope: Scope) -> Violations:
    unanswered = Assignment.objects.filter(
        item=OuterRef("item"), state__in=[AssignmentState.OPEN, AssignmentState.CLAIMED]
    )
    submitted = Assignment.objects.filter(item=OuterRef("item"), state=AssignmentState.SUBMITTED)
    ready = ~Exists(unanswered) & Exists(submitted)
    return scope.within(Review.objects.filter(Q(waiting=True) & ~ready | Q(waiting=False) & ready))


def _foreign_reviews(scope: Scope) -> Violations:
    rows = Review.objects.filter(~Q(project=F("item__project")) | ~Q(batch=F("item__batch")))
    return scope.within(rows)


INVARIANTS = (
    Invariant(
        "settled-full", "An item is settled if and only if all its slots are accepted.", _settled
    ),
    Invariant("settled-all", "A consensus is made of as many as the overlap says.", _miscounted),
    Invariant(
        "consensus-true", "Every consensus is what its accepted answers add up to.", _misremembered
    ),
    Invariant("draw-honest", "The sampled items are those of the keyed draw.", _not_as_drawn),
    Invariant("verdict-place", "A verdict is about an answer of its review's item.", _elsewhere),
    Invariant("verdict-apart", "Nobody reviews an item that they annotated.", _own_work),
    Invariant("rejected-out", "What was rejected does not count.", _unheeded),
    Invariant("sampled-seen", "Nothing sampled counts without its verdict.", _unseen),
    Invariant("accepted-once", "What is not sampled counts at once.", _forgotten),
    Invariant("review-waits", "A review waits if and only if it is complete.", _miswaiting),
    Invariant("review-place", "A review is of its item's project and batch.", _foreign_reviews),
)
