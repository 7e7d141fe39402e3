"""Reports as they are asked for: of small projects at once, of large ones by a worker.

A report of a large project is a row that a worker computes when somebody asks and the row is old;
whoever asks is answered with what the row holds, and when that was computed. So a page answers in
the time of one look-up at any size, and a worker spends a twentieth of its time on a report that
is looked at all day.
"""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.db.models import Q

from annotator import jobs
from annotator.core import clock
from annotator.core.errors import StaleState, TriptychError, Unavailable
from annotator.core.reasons import Reason, as_json
from annotator.core.states import move
from annotator.items.models import Item
from annotator.jobs import Held
from annotator.jobs.models import JobState
from annotator.projects.models import Project
from annotator.reports import computing
from annotator.reports.computing import ReportName
from annotator.reports.models import StoredReport

# A project of so many items is reported on within the request, as it stands.
SMALL_ITEMS = 1000
# A stored report is computed anew when it is so old, and so many times as old as it took.
LEAST_AGE = timedelta(seconds=30)
TIMES_AS_LONG = 20
FORGOTTEN_AFTER = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Reported:
    """A report as the API sends it, and of when. `body` is None while it is computed first.

    `computing`: a worker is at a newer one.
    """

    body: dict[str, Any] | None
    computed_at: datetime | None
    computing: bool


def report_of(project: Project, name: ReportName, *, now: datetime, **asked: str) -> Reported:
    """The report, at once (2 queries of a large project).

    Raises Invalid for something asked that there is not, Unavailable where computing it failed.
    """
    computing.check(project, name, asked)
    if _is_small(project):
        return Reported(computing.compute(project, name, asked, now=now), now, computing=False)
    row, made = StoredReport.objects.get_or_create(
        project=project, name=name, asked=urlencode(sorted(asked.items()))
    )
    if made:
        jobs.enqueue(row)
    failed = row.state == JobState.FAILED
    if not made and _is_old(row, now):
        _request(row)
    if failed and row.body is None:
        raise Unavailable(row.reason)
    return Reported(row.body, row.computed_at, row.state in (JobState.REQUESTED, JobState.RUNNING))


def _is_small(project: Project) -> bool:
    return Item.objects.filter(project=project)[: SMALL_ITEMS + 1].count() <= SMALL_ITEMS


def _is_old(row: StoredReport, now: datetime) -> bool:
    if row.state in (JobState.REQUESTED, JobState.RUNNING):
        return False
    if row.outdated or row.computed_at is None:
        return True
    return now - row.computed_at > max(LEAST_AGE, timedelta(seconds=TIMES_AS_LONG * row.took))


def _request(row: StoredReport) -> None:
    """done or failed → requested; somebody else may have been quicker."""
    try:
        move(row, JobState.REQUESTED, where=Q(holder=""), attempts=0, outdated=False)
    except StaleState:
        return
    jobs.enqueue(row)


def outdate(project_id: int) -> None:
    """Has the project's reports computed anew when they are next asked for."""
    StoredReport.objects.filter(project_id=project_id).update(outdated=True)


def work(held: Held[StoredReport]) -> None:
    """Computes a report that this worker holds, as of the moment at which it begins."""
    row, began, now = held.job, time.monotonic(), clock.now()
    asked = dict(parse_qsl(row.asked, keep_blank_values=True))
    try:
        body = computing.compute(row.project, ReportName(row.name), asked, now=now)
    except TriptychError as error:
        held.fail(error=as_json(error.reason))
        return
    held.finish(body=body, computed_at=now, took=time.monotonic() - began, error=None)


def give_up(row: StoredReport, reason: Reason) -> StoredReport:
    """running → failed, after the last attempt; what was computed before stays."""
    return move(row, JobState.FAILED, holder="", held_until=None, error=as_json(reason))


def forget_old(now: datetime) -> None:
    """Deletes reports that nobody has asked for in a week."""
    StoredReport.objects.filter(computed_at__lt=now - FORGOTTEN_AFTER).delete()
