"""What can be asked about who did what when."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from annotator.actions.models import Action

PAGE = 50
READ_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class ActionFilter:
    """Which of them: by whom, of which kind (`member`, or `member.joined`), from when to when."""

    person_id: int | None = None
    kind: str = ""
    since: datetime | None = None
    until: datetime | None = None


def actions_of(project_id: int | None, chosen: ActionFilter) -> QuerySet[Action]:
    """The project's, or (None) those of the whole site, newest first, with who did them."""
    rows = Action.objects.select_related("actor").order_by("-pk")
    if project_id is not None:
        rows = rows.filter(project_id=project_id)
    if chosen.person_id is not None:
        rows = rows.filter(actor_id=chosen.person_id)
    if chosen.kind:
        rows = rows.filter(Q(verb=chosen.kind) | Q(verb__startswith=f"{chosen.kind}."))
    if chosen.since is not None:
        rows = rows.filter(at__gte=chosen.since)
    if chosen.until is not None:
        rows = rows.filter(at__lt=chosen.until)
    return rows


def actions_on(target: str) -> QuerySet[Action]:
    """What was done to one thing (`item:…`), oldest first, with who did it."""
    return Action.objects.filter(target=target).select_related("actor").order_by("pk")


def page_of(rows: QuerySet[Action], *, before: int | None) -> tuple[Sequence[Action], int | None]:
    """The next PAGE of them below a number, and the number to go on from (1 query)."""
    found = list((rows if before is None else rows.filter(pk__lt=before))[: PAGE + 1])
    shown = found[:PAGE]
    return shown, shown[-1].pk if len(found) > PAGE else None


def all_of(rows: QuerySet[Action]) -> Iterator[Action]:
    """Every one of them, a page at a time by its number, so that no cursor is held meanwhile."""
    before: int | None = None
    while True:
        found = list((rows if before is None else rows.filter(pk__lt=before))[:READ_AT_ONCE])
        yield from found
        if len(found) < READ_AT_ONCE:
            return
        before = found[-1].pk
