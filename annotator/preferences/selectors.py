"""What can be asked about preferences."""

from dataclasses import dataclass, field

from annotator.accounts.models import User
from annotator.preferences.models import KeyPreference, KeySet


@dataclass(frozen=True, slots=True)
class ChosenKeys:
    """The keys that somebody works with."""

    key_set: KeySet
    keys: dict[str, str] = field(
        metadata={"help": 'Command → code of its key, e.g. "skip": "KeyK" or "Shift+KeyK".'}
    )


def keys_of(user: User) -> ChosenKeys:
    """The person's keys; the usual ones where nothing was chosen (1 query)."""
    found = KeyPreference.objects.filter(pk=user.pk).first()
    return ChosenKeys(KeySet(found.key_set), found.keys) if found else ChosenKeys(KeySet.USUAL, {})
