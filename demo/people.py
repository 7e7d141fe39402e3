"""Who the simulated people are, and how reliable."""

from collections.abc import Sequence
from dataclasses import dataclass

# Accounts that say so, and that nobody can sign in to.
PREFIX = "sim-"
NAMES = ("Ada", "Ben", "Chen", "Dara", "Emil", "Fatou", "Goro", "Hana", "Ines")
# Like a team that knows its job: most are good, one guesses more than the others.
RELIABILITIES = (0.95, 0.9, 0.85, 0.6, 0.9, 0.85, 0.9, 0.8, 0.9)


@dataclass(frozen=True, slots=True)
class Person:
    """A simulated person; `reliability` in [0, 1]: 1 sees all, 0 guesses."""

    name: str
    reliability: float

    @property
    def username(self) -> str:
        return f"{PREFIX}{self.name.lower()}"

    @property
    def display_name(self) -> str:
        return f"{self.name} (simulated)"


REVIEWER = Person("Rosa", 1.0)


def annotators(count: int, reliability: float | None = None) -> Sequence[Person]:
    """The first `count` of the cast, 1 to 9, of their own reliability or all of the one given."""
    if not 1 <= count <= len(NAMES):
        raise ValueError(f"there are 1 to {len(NAMES)} simulated annotators, not {count}")
    return [
        Person(name, own if reliability is None else reliability)
        for name, own in zip(NAMES[:count], RELIABILITIES, strict=False)
    ]
