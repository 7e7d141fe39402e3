"""How each annotator of a project stands now: in it, paused, holding."""

from dataclasses import dataclass, field
from datetime import datetime

from annotator.accounts.models import Role
from annotator.assignments import selectors as assignments
from annotator.projects.models import Membership, Project
from annotator.reports.people import names_of


@dataclass(frozen=True, slots=True)
class AnnotatorStanding:
    """Somebody who annotates here, or is paused."""

    id: int
    name: str
    membership: int | None = field(metadata={"help": "Null: they have left."})
    paused_at: datetime | None
    note: str = field(metadata={"help": "What the lead who paused them wrote to them."})
    holding: int = field(metadata={"help": "Items that they hold now."})


def standing_of(project: Project) -> list[AnnotatorStanding]:
    """Everybody who is an annotator of the project or is paused in it (4 queries)."""
    rows = Membership.objects.filter(project=project, role=Role.ANNOTATOR)
    members = dict(rows.values_list("user_id", "pk"))
    paused = assignments.paused_in(project)
    holding = assignments.held_in(project)
    everybody = sorted(members.keys() | paused.keys())
    names = names_of(everybody)
    return [
        AnnotatorStanding(
            id=pk,
            name=names[pk],
            membership=members.get(pk),
            paused_at=paused[pk].paused_at if pk in paused else None,
            note=paused[pk].pause_note if pk in paused else "",
            holding=holding.get(pk, 0),
        )
        for pk in everybody
    ]
