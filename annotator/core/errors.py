"""The small family of errors that rooms raise and the door translates.

Each carries a `code` that programs read and a message that a person can act on.
"""

from collections.abc import Mapping


class TriptychError(Exception):
    """Base of all refusals; never raised itself."""

    code = "error"
    message = "Something went wrong."

    def __init__(
        self, message: str | None = None, *, fields: Mapping[str, object] | None = None
    ) -> None:
        self.message = message or self.message
        self.fields: dict[str, object] = dict(fields or {})
        super().__init__(self.message)


class NotFound(TriptychError):
    """Absent, or not yours: one answer for both."""

    code = "not_found"
    message = "There is no such thing here."


class Invalid(TriptychError):
    """What was sent can't be read; `fields` says where."""

    code = "invalid"
    message = "Some of what was sent can't be accepted."


class RoleRequired(TriptychError):
    """A member of the project without the role that this takes."""

    code = "role_required"
    message = "Your role in this project does not allow this."


class StaleState(TriptychError):
    """The row has moved on since it was looked at."""

    code = "stale_state"
    message = "This has changed in the meantime. Reload and look again."


class Conflict(TriptychError):
    """Right in itself, but not in the present state."""

    code = "conflict"
    message = "This can't be done in the present state."


class OffsetMismatch(Conflict):
    """A chunk that does not continue where the upload stands; `fields["offset"]` says where."""

    code = "offset_mismatch"
    message = "The chunk does not continue where the upload stands."


class KeyReused(TriptychError):
    """An idempotency key that came back with another body."""

    code = "key_reused"
    message = "This Idempotency-Key was used before with other content."


class TooLarge(TriptychError):
    """Over a limit, which the message names."""

    code = "too_large"


class TooManyAttempts(TriptychError):
    """Slow down; `retry_after` is in seconds."""

    code = "too_many_attempts"
    message = "Too many attempts. Wait a little and try again."

    def __init__(self, retry_after: int) -> None:
        super().__init__(fields={"retry_after": retry_after})
        self.retry_after = retry_after
