"""Who stands behind the pseudonyms of a project's exports: for its managers, in no export."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from annotator.accounts.models import Role, User
from annotator.actions.services import Verb, record
from annotator.annotations.models import Annotation
from annotator.exports.read.draws import pseudonym
from annotator.projects.models import Project
from annotator.reviews.models import Verdict

LETTERS = {Role.ANNOTATOR: "A", Role.REVIEWER: "R"}


@dataclass(frozen=True, slots=True)
class NamedPseudonym:
    """A pseudonym, and whose it is."""

    pseudonym: str = field(metadata={"help": "As in every export of this project."})
    role: Role
    user_id: int
    username: str
    display_name: str


@dataclass(frozen=True, slots=True)
class PseudonymKey:
    """Everybody whose answers or verdicts an export may hold."""

    people: list[NamedPseudonym]


@transaction.atomic
def read_key(project: Project, *, by: User, now: datetime) -> PseudonymKey:
    """The key, by role and name; that somebody has read it is written down (3 queries)."""
    answers = Annotation.objects.filter(assignment__project=project)
    verdicts = Verdict.objects.filter(review__project=project)
    ids = {
        Role.ANNOTATOR: set(answers.order_by().values_list("annotator_id", flat=True).distinct()),
        Role.REVIEWER: set(verdicts.order_by().values_list("reviewer_id", flat=True).distinct()),
    }
    users = User.objects.in_bulk(set().union(*ids.values()))
    people = [
        NamedPseudonym(
            pseudonym=pseudonym(user.pk, seed=project.seed, role=letter),
            role=role,
            user_id=user.pk,
            username=user.username,
            display_name=user.display_name,
        )
        for role, letter in LETTERS.items()
        for user in sorted((users[pk] for pk in ids[role]), key=lambda user: user.username)
    ]
    record(Verb.KEY_READ, by=by, now=now, project_id=project.pk, people=len(people))
    return PseudonymKey(people)
