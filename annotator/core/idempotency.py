"""Idempotency keys: what a program calls a thing that it asks for, on every try of the same."""

from annotator.core.errors import Invalid
from annotator.core.reasons import Code, Reason

KEY_LENGTH = range(8, 101)


def check_key(key: str) -> None:
    """Refuses one that is too short to be nobody else's, or too long to keep. Raises Invalid."""
    if len(key) not in KEY_LENGTH:
        raise Invalid(fields={"Idempotency-Key": Reason(Code.KEY_LENGTH)})
