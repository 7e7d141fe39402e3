"""What of an upload is not taken, and why."""

from dataclasses import dataclass

from annotator.core.reasons import Code, Reason

MIB = 1024**2


@dataclass(frozen=True, slots=True)
class Refusal:
    """One row or file that is not taken. `line` is the manifest's, None for a file by itself."""

    line: int | None
    file: str
    reason: Reason


class ImageRefused(Exception):
    """One image can't be taken."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(str(reason.code))
        self.reason = reason


class UploadRefused(Exception):
    """Nothing of the upload can be taken."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(str(reason.code))
        self.reason = reason


class SourceAway(Exception):
    """A source that does not answer, or can't be seen from this machine; it may pass."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(str(reason.code))
        self.reason = reason


def file_too_large(size: int, most: int) -> Reason:
    """That a file has more bytes than are taken."""
    return Reason(Code.FILE_TOO_LARGE, mib=round(size / MIB, 1), max=round(most / MIB, 1))
