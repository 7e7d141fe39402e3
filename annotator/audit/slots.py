"""Promises of the queue: who may stand where, and that every step left its trace."""

from datetime import timedelta

from django.conf import settings
from django.db.models import (
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
    Window,
)
from django.db.models.functions import Coalesce, Lag, Length, StrIndex, Substr

from annotator.assignments.models import (
    CALLED_OFF,
    Assignment,
    AssignmentState,
    Cursor,
    Event,
    Exclusion,
)
from annotator.audit.scope import Invariant, Scope, Violations
from annotator.items.models import LETTERS, Item, ItemImage
from annotator.items.overlaps import overlap_at
from annotator.projects.models import BatchState

# A lease that has run out is taken back by the next sweep; this is ample time for one.
SWEEP_GRACE = timedelta(seconds=90)


def slots_held(**states: str) -> Coalesce:
    """Of an item: how many rows hold one of its own slots now (in one state only, when named)."""
    own = Assignment.objects.filter(item=OuterRef("pk"), extra_vote=False, **states)
    held = own.exclude(state=AssignmentState.REJECTED)
    counted = held.order_by().values("item").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))


def _too_many_slots(scope: Scope) -> Violations:
    rows = Item.objects.annotate(slots=slots_held()).filter(slots__gt=overlap_at())
    return scope.within(rows)


def _too_few_slots(scope: Scope) -> Violations:
    rows = Item.objects.annotate(slots=slots_held()).filter(slots__lt=overlap_at())
    return scope.within(rows.filter(batch__state=BatchState.DONE))


def _extra_within(scope: Scope) -> Violations:
    """An extra vote stands behind the item's own slots, and an own slot never behind them."""
    rows = Assignment.objects.exclude(state=AssignmentState.REJECTED).filter(
        Q(extra_vote=True, slot__lt=overlap_at("item__"))
        | Q(extra_vote=False, slot__gte=overlap_at("item__"))
    )
    return scope.within(rows)


def _at_work_though_excluded(scope: Scope) -> Violations:
    copy = Q(item__source__isnull=False)
    out = Q(item__excluded_at__isnull=False) & ~(copy & Q(state=AssignmentState.CLAIMED))
    at_work = Q(state__in=[AssignmentState.OPEN, AssignmentState.CLAIMED])
    withdrawn = Q(state=AssignmentState.WITHDRAWN) & ~Q(position=CALLED_OFF)
    return scope.within(Assignment.objects.filter(out & at_work | ~out & withdrawn))


def _twice(scope: Scope) -> Violations:
    rows = scope.within(Assignment.objects.filter(annotator__isnull=False, given_back=False))
    return rows.values("item", "annotator").annotate(n=Count("pk")).filter(n__gt=1)


def _too_many_held(scope: Scope) -> Violations:
    rows = scope.within(Assignment.objects.filter(state=AssignmentState.CLAIMED))
    return (
        rows.values("project", "annotator").annotate(n=Count("pk")).filter(n__gt=settings.MAX_HELD)
    )


def _dead_leases(scope: Scope) -> Violations:
    return scope.within(
        Assignment.objects.filter(
            state=AssignmentState.CLAIMED, lease_expires_at__lt=scope.now - SWEEP_GRACE
        )
    )


def _seen_by_reviewer(scope: Scope) -> Violations:
    seen = Exclusion.objects.filter(
        item=OuterRef("item"), annotator=OuterRef("annotator"), reason="reviewed"
    )
    return scope.within(Assignment.objects.filter(Exists(seen)))


def _foreign_project(scope: Scope) -> Violations:
    return scope.within(Assignment.objects.exclude(project=F("item__project")))


def _wrong_order(scope: Scope) -> Violations:
    letter = Substr(Value(LETTERS), F("place") + 1, 1)
    absent = ItemImage.objects.filter(item=OuterRef("item")).annotate(
        at=StrIndex(OuterRef("shown_order"), letter)
    )
    images = (
        ItemImage.objects.filter(item=OuterRef("item"))
        .order_by()
        .values("item")
        .annotate(n=Count("pk"))
        .values("n")
    )
    rows = Assignment.objects.annotate(images=Subquery(images)).filter(
        Exists(absent.filter(at=0)) | ~Q(images=Length("shown_order"))
    )
    return scope.within(rows)


def _unbalanced(scope: Scope) -> list[str]:
    """Each draw of up to 5,000 pairs is balanced to one; rejected slots keep their order.

    Extra votes are asked of some items alone.
    """
    own = Assignment.objects.filter(extra_vote=False)
    rows = scope.within(own.exclude(state=AssignmentState.REJECTED))
    # One that is being deleted is half there.
    rows = rows.exclude(item__batch__state=BatchState.DELETING)
    sides = (
        rows.filter(shown_order__in=["ab", "ba"])
        .values("item__batch")
        .annotate(
            ab=Count("pk", filter=Q(shown_order="ab")), ba=Count("pk", filter=Q(shown_order="ba"))
        )
    )
    return [
        f"batch {row['item__batch']}: a stands left {row['ab']} times, b {row['ba']} times"
        for row in sides
        if abs(row["ab"] - row["ba"]) > 1 + (row["ab"] + row["ba"]) // 5000
    ]


def _broken_chains(scope: Scope) -> Violations:
    before = Window(
        Lag("to_state", default=Value("open")), partition_by=F("assignment"), order_by=F("id").asc()
    )
    rows = scope.within(Event.objects.all(), "assignment__project")
    return rows.annotate(before=before).exclude(from_state=F("before"))


def _untraced_states(scope: Scope) -> Violations:
    last = Event.objects.filter(assignment=OuterRef("pk")).order_by("-id").values("to_state")[:1]
    rows = scope.within(Assignment.objects.annotate(last=Coalesce(Subquery(last), Value("open"))))
    return rows.exclude(state=F("last"))


def _held_in_a_pause(scope: Scope) -> Violations:
    paused = Cursor.objects.filter(
        project=OuterRef("project"), annotator=OuterRef("annotator"), paused_at__isnull=False
    )
    return scope.within(Assignment.objects.filter(Exists(paused), state=AssignmentState.CLAIMED))


INVARIANTS = (
    Invariant("slots-at-most", "No item has more slots than its overlap.", _too_many_slots),
    Invariant("slots-all", "Every item of a finished batch has all its slots.", _too_few_slots),
    Invariant("extra-apart", "An extra vote takes none of its item's own slots.", _extra_within),
    Invariant("excluded-rests", "Nobody is at work on an excluded item.", _at_work_though_excluded),
    Invariant("person-once", "Nobody is given the same item twice.", _twice),
    Invariant("claims-bounded", "Nobody holds more items at once than one may.", _too_many_held),
    Invariant(
        "leases-end", "No slot is held 90 seconds after its lease has run out.", _dead_leases
    ),
    Invariant("paused-hold-nothing", "Nobody who is paused holds an item.", _held_in_a_pause),
    Invariant(
        "reviewers-apart", "Nobody who reviewed an item has a slot of it.", _seen_by_reviewer
    ),
    Invariant("slot-project", "A slot belongs to its item's project.", _foreign_project),
    Invariant("order-stored", "The order shown has each image of the item once.", _wrong_order),
    Invariant("sides-balanced", "In a batch of pairs both sides come up alike.", _unbalanced),
    Invariant("trail-unbroken", "Each change of state starts where one ended.", _broken_chains),
    Invariant("trail-complete", "Every slot stands where its trail ends.", _untraced_states),
)
