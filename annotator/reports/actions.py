"""Who did what when, as managers read it of their project and leads of the whole site."""

import csv
import io
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q, QuerySet

from annotator.accounts.models import User
from annotator.actions import selectors
from annotator.actions.models import Action
from annotator.actions.selectors import ActionFilter
from annotator.actions.services import Verb
from annotator.projects.models import Membership, Project
from annotator.projects.people import Person, person_of

MOST_PEOPLE = 1000
COLUMNS = ("id", "at", "who", "verb", "project", "target", "details")
# A spreadsheet takes a text that begins so for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class ActionShape:
    """One thing that somebody did."""

    id: int
    at: datetime
    who: Person | None = field(metadata={"help": "null: the site itself, or the command line."})
    verb: str = field(metadata={"choices": tuple(Verb)})
    project_id: int | None
    project: str | None = field(metadata={"help": "Its name now; null: it is gone, or none."})
    target: str = field(metadata={"help": "What it was done to, as batch:12; empty for none."})
    details: Any = field(metadata={"help": "What else there is to know, by name."})


@dataclass(frozen=True, slots=True)
class ActionPage:
    """Some of what was done, the newest first."""

    actions: list[ActionShape]
    next: int | None = field(metadata={"help": "For `cursor`: the next page; null: no more."})
    people: list[Person] = field(
        metadata={"help": "Of whom one may ask; with the first page alone."}
    )


def action_page(project: Project | None, chosen: ActionFilter, *, before: int | None) -> ActionPage:
    """Some of what was done in a project, or (None) in the whole site (3 queries)."""
    rows, following = selectors.page_of(_rows(project, chosen), before=before)
    names = _names({row.project_id for row in rows if row.project_id is not None})
    return ActionPage(
        actions=[_shape(row, names) for row in rows],
        next=following,
        people=[] if before is not None else _people(project),
    )


def action_lines(project: Project | None, chosen: ActionFilter) -> Iterator[str]:
    """All of it as JSON Lines."""
    for row in selectors.all_of(_rows(project, chosen)):
        yield json.dumps(_plain(row), ensure_ascii=False) + "\n"


def action_table(project: Project | None, chosen: ActionFilter) -> Iterator[str]:
    """All of it as CSV (RFC 4180) that a spreadsheet opens without running a cell."""
    # A byte order mark: spreadsheets then read UTF-8 without asking.
    yield "\ufeff" + _csv_line(COLUMNS)
    for row in selectors.all_of(_rows(project, chosen)):
        plain = _plain(row)
        details = json.dumps(plain["details"], ensure_ascii=False) if plain["details"] else ""
        yield _csv_line([*(plain[name] for name in COLUMNS[:-1]), details])


def _rows(project: Project | None, chosen: ActionFilter) -> QuerySet[Action]:
    return selectors.actions_of(None if project is None else project.pk, chosen)


def _csv_line(cells: Sequence[object]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow([_neutral(cell) for cell in cells])
    return line.getvalue()


def _neutral(cell: object) -> object:
    text = "" if cell is None else cell
    if isinstance(text, str) and text.startswith(FORMULA_STARTS):
        return f"'{text}"
    return text


def _plain(row: Action) -> dict[str, Any]:
    return {
        "id": row.pk,
        "at": row.at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "who": None if row.actor is None else row.actor.username,
        "verb": row.verb,
        "project": row.project_id,
        "target": row.target,
        "details": row.details,
    }


def _shape(row: Action, names: Mapping[int, str]) -> ActionShape:
    return ActionShape(
        id=row.pk,
        at=row.at,
        who=None if row.actor is None else person_of(row.actor),
        verb=row.verb,
        project_id=row.project_id,
        project=None if row.project_id is None else names.get(row.project_id),
        target=row.target,
        details=row.details,
    )


def _names(project_ids: Collection[int]) -> dict[int, str]:
    if not project_ids:
        return {}
    return dict(Project.objects.filter(pk__in=project_ids).values_list("pk", "name"))


def _people(project: Project | None) -> list[Person]:
    users = User.objects.order_by("username")
    if project is not None:
        did = Action.objects.filter(project_id=project.pk, actor__isnull=False).values("actor")
        members = Membership.objects.filter(project=project).values("user")
        users = users.filter(Q(pk__in=members) | Q(pk__in=did))
    return [person_of(user) for user in users[:MOST_PEOPLE]]
