"""What can be done with preferences: choose keys."""

import re
from collections.abc import Mapping

from annotator.accounts.models import User
from annotator.core.errors import Invalid
from annotator.core.reasons import Code, Reason
from annotator.preferences.models import KeyPreference, KeySet

MOST_KEYS = 200
# A command as the desk names it, with which of several alike: "skip", "rate:3", "rate:2.5".
COMMAND = re.compile(r"[a-z][a-z_]{0,49}(:\d{1,3}(\.5)?)?")
# `KeyboardEvent.code` of a key, as https://www.w3.org/TR/uievents-code/ lists them.
KEY = re.compile(r"(Shift\+)?[A-Z][A-Za-z]{0,30}\d{0,2}")


def choose_keys(user: User, *, key_set: KeySet, keys: Mapping[str, str]) -> None:
    """Keeps the keys that a person works with. Raises Invalid where one is no key."""
    if len(keys) > MOST_KEYS:
        raise Invalid(fields={"keys": Reason(Code.TOO_MANY_KEYS, max=MOST_KEYS)})
    refused = {
        f"keys.{command[:60]}": Reason(Code.NOT_A_KEY)
        for command, key in keys.items()
        if not (COMMAND.fullmatch(command) and KEY.fullmatch(key))
    }
    if refused:
        raise Invalid(fields=refused)
    KeyPreference.objects.update_or_create(
        user=user, defaults={"key_set": key_set, "keys": dict(keys)}
    )
