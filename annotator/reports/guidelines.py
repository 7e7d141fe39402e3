"""A guideline's versions: who has read each, and how alike people answer under each."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from annotator.annotations.selectors import first_answers_at
from annotator.guidelines.models import GuidelineVersion
from annotator.guidelines.selectors import FIRST, acknowledgements_of, versions_of
from annotator.projects.models import Project
from annotator.projects.people import Person, person_of
from annotator.reports.agreement import AgreementOfGroup, QuestionAgreement, agreement_by

# (version's number, person's id, when)
Read = Sequence[tuple[int, int, datetime]]


@dataclass(frozen=True, slots=True)
class GuidelineVersionShape:
    """A guideline as it stood, with what became of it."""

    number: int
    text: str = field(metadata={"help": "Markdown."})
    at: datetime
    by: Person | None
    read_by: int = field(metadata={"help": "People who have acknowledged it."})
    answers: int = field(metadata={"help": "First answers that were given under it."})
    agreement: list[QuestionAgreement] = field(
        metadata={"help": "Among those answers; empty: there are none."}
    )


@dataclass(frozen=True, slots=True)
class GuidelineVersions:
    """Every version, the newest first."""

    versions: list[GuidelineVersionShape]
    sampled: bool = field(metadata={"help": "Of a random sample of the items."})


def guideline_versions(project: Project) -> GuidelineVersions:
    """The versions with agreement among the answers that were given under each (9 queries).

    An answer was given under the version that its author had last acknowledged, and until they
    acknowledged any under the one that stood when they first answered. A guideline that was never
    changed has no versions to compare.
    """
    versions = versions_of(project)
    if not versions:
        return GuidelineVersions([], sampled=False)
    read = acknowledgements_of(project)
    groups, sampled = agreement_by(project, _Under(project, versions, read))
    none = AgreementOfGroup(0, [])
    shapes = [
        GuidelineVersionShape(
            number=version.number,
            text=version.text,
            at=version.at,
            by=None if version.by is None else person_of(version.by),
            read_by=sum(number == version.number for number, _, _ in read),
            answers=groups.get(version.number, none).answers,
            agreement=groups.get(version.number, none).questions,
        )
        for version in reversed(versions)
    ]
    return GuidelineVersions(shapes, sampled)


class _Under:
    """Which version an answer was given under, by its author and its instant."""

    def __init__(self, project: Project, versions: list[GuidelineVersion], read: Read) -> None:
        self._numbers = [version.number for version in versions]
        self._since = [version.at for version in versions]
        self._began = first_answers_at(project)
        self._read: dict[int, list[tuple[int, datetime]]] = defaultdict(list)
        for number, user, at in read:
            self._read[user].append((number, at))

    def __call__(self, author: int, at: datetime) -> int:
        known = [number for number, when in self._read[author] if when <= at]
        if known:
            return max(known)
        standing = bisect_right(self._since, self._began.get(author, at))
        return self._numbers[standing - 1] if standing else FIRST
