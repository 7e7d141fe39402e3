"""What can be wrong with an upload, in words that its uploader can act on."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trouble:
    """One row or file that was left out. `line` is the manifest's, None for a file by itself."""

    line: int | None
    file: str
    reason: str


class ImageRefused(Exception):
    """One image can't be taken; the reason reads on after its name: "b.png is empty"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class UploadRefused(Exception):
    """Nothing of the upload can be taken; the reason is a sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
