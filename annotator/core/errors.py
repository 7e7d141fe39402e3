"""The small family of errors that rooms raise and the door translates.

Each carries a `code` that programs read, and values with which the catalogs put it into words.
"""

from collections.abc import Mapping

from annotator.core.reasons import Code, Reason, sentence


class TriptychError(Exception):
    """Base of all refusals; never raised itself.

    `reason` says more than the class does. `fields`: of what was sent, the parts that can't be
    taken, each with its reason.
    """

    code: str = Code.ERROR

    def __init__(
        self, reason: Reason | None = None, *, fields: Mapping[str, Reason] | None = None
    ) -> None:
        self.reason = reason or Reason(Code(self.code))
        self.message = sentence(self.reason)
        self.fields = dict(fields or {})
        super().__init__(self.message)


class NotFound(TriptychError):
    """Absent, or not yours: one answer for both."""

    code = Code.NOT_FOUND


class Invalid(TriptychError):
    """What was sent can't be read; `fields` says where."""

    code = Code.INVALID


class RoleRequired(TriptychError):
    """A member of the project without the role that this takes."""

    code = Code.ROLE_REQUIRED


class Forbidden(TriptychError):
    """Not for this person, whatever their role in a project."""

    code = Code.FORBIDDEN


class StaleState(TriptychError):
    """The row has moved on since it was looked at."""

    code = Code.STALE_STATE


class Conflict(TriptychError):
    """Right in itself, but not in the present state."""

    code = Code.CONFLICT


class OffsetMismatch(Conflict):
    """A chunk that does not continue where the upload stands, which is its `offset`."""

    code = Code.OFFSET_MISMATCH


class KeyReused(TriptychError):
    """An idempotency key that came back with another body."""

    code = Code.KEY_REUSED


class AlreadyAnswered(TriptychError):
    """A first answer to what its author has answered from elsewhere meanwhile."""

    code = Code.ALREADY_ANSWERED


class TooLarge(TriptychError):
    """Over a limit, which the message names."""

    code = Code.TOO_LARGE


class Unavailable(TriptychError):
    """Something that this takes is not there just now."""

    code = Code.UNAVAILABLE


class TooManyAttempts(TriptychError):
    """Slow down; `retry_after` is in seconds."""

    code = Code.TOO_MANY_ATTEMPTS

    def __init__(self, retry_after: int) -> None:
        super().__init__(Reason(Code(self.code), count=retry_after))
        self.retry_after = retry_after


class TooManyDownloads(TooManyAttempts):
    """As many large files are on their way as leave threads for everything else."""

    code = Code.TOO_MANY_DOWNLOADS
