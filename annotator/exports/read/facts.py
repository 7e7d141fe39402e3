"""What is known of an export as a whole before its first row is written."""

from dataclasses import dataclass
from datetime import UTC, datetime

from annotator.exports.read.draws import pseudonym
from annotator.questions.types import QuestionSpec


@dataclass(frozen=True, slots=True)
class BatchFacts:
    """A batch with its verdict, and what its reviewed sample says of first answers.

    `needed` reviewed and `allowed` rejected is the rule, `outcome` what it says of the sample.
    """

    id: int
    name: str
    verdict: str
    verdict_at: datetime | None
    sampled: int
    reviewed: int
    rejected: int
    needed: int
    allowed: int
    outcome: str


@dataclass(frozen=True, slots=True)
class Facts:
    """A project at the instant of the snapshot.

    `seed` is the project's secret: it is never written into an export. `generators` are those of
    the project's judged images, sorted. `items` is how many are in the export, `not_settled` how
    many are not for not being settled yet, `excluded` how many because a lead keeps them out;
    `overridden`: of how many of the items a lead's own answer counts; `single`: how many were put
    to one person each, where the project asks more. `created_at` is the newest
    change in the data. `batches` are those that the export may hold something of; `signed_off`: it
    is of these alone. `image_meta`: the keys of what came with images. `versions`: the keys of the
    questions that each version of them asked. `skills`: of the rows of checklists, where these are
    asked about. `learnt`: the project's reward heads, as metrics. `shows_beside`: some items have
    images besides those that are judged.
    """

    project: int
    name: str
    template: str
    overlap: int
    seed: str
    questions: tuple[QuestionSpec, ...]
    generators: tuple[str, ...]
    items: int
    not_settled: int
    created_at: datetime
    signed_off: bool = False
    batches: tuple[BatchFacts, ...] = ()
    excluded: int = 0
    overridden: int = 0
    single: int = 0
    image_meta: tuple[str, ...] = ()
    versions: tuple[tuple[str, ...], ...] = ()
    skills: tuple[str, ...] = ()
    learnt: tuple[str, ...] = ()
    shows_beside: bool = False

    def annotator(self, user_id: int) -> str:
        """An annotator's pseudonym; an imported judge's says that it is one."""
        return pseudonym(user_id, seed=self.seed, role="A" if user_id > 0 else "I")

    def reviewer(self, user_id: int) -> str:
        """A reviewer's pseudonym."""
        return pseudonym(user_id, seed=self.seed, role="R")


def stamp(instant: datetime) -> str:
    """An instant as exports write it: ISO 8601 in UTC."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")
