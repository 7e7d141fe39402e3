"""What is known of an export as a whole before its first row is written."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from annotator.exports.pseudonyms import pseudonym
from annotator.questions.types import QuestionSpec


@dataclass(frozen=True, slots=True)
class Facts:
    """A project at the instant of the snapshot.

    `seed` is the project's secret: it is never written into an export. `generators` are those of
    the project's judged images, sorted. `items` is how many are in the export, `not_settled` how
    many were left out for not being settled yet. `created_at` is the newest change in the data.
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

    def annotator(self, user_id: int) -> str:
        """An annotator's pseudonym."""
        return pseudonym(user_id, seed=self.seed, role="A")

    def reviewer(self, user_id: int) -> str:
        """A reviewer's pseudonym."""
        return pseudonym(user_id, seed=self.seed, role="R")


def dump_facts(facts: Facts) -> dict[str, Any]:
    """As JSON, for the export's own work folder: the seed is in it."""
    return {**asdict(facts), "created_at": facts.created_at.isoformat()}


def load_facts(found: Mapping[str, Any]) -> Facts:
    """What dump_facts wrote."""
    questions = tuple(
        QuestionSpec(**{**question, "options": tuple(question["options"])})
        for question in found["questions"]
    )
    return Facts(
        **{
            **found,
            "questions": questions,
            "generators": tuple(found["generators"]),
            "created_at": datetime.fromisoformat(found["created_at"]),
        }
    )


def stamp(instant: datetime) -> str:
    """An instant as exports write it: ISO 8601 in UTC."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")
