"""Names of files in an upload. They are data: on our disk a file is called by its hash."""

import re
import unicodedata

from annotator.core.reasons import Code, Reason

MAX_NAME = 300

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
# Marks that turn the reading direction: "gpj.exe" that reads as "exe.jpg".
_TURNING = re.compile(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_ADDRESS = re.compile(
    r"^(?:[a-z][a-z0-9+.-]*://|(?:data|file|jar|javascript|blob):)", re.IGNORECASE
)
_DRIVE = re.compile(r"^[a-z]:", re.IGNORECASE)

# What archivers and desktops leave behind; nobody misses it.
_IGNORED_FOLDERS = frozenset({"__MACOSX", ".git", "@eaDir"})
_IGNORED_FILES = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})


class BadName(ValueError):
    """A name that is not taken."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(str(reason.code))
        self.reason = reason


def plain_name(name: str) -> str:
    """The name with `/` between its parts, NFC, without empty and `.` parts.

    Raises BadName for what could lead out of the upload or deceive a reader.
    """
    check_letters(name)
    if _ADDRESS.match(name) or name.startswith("//"):
        raise BadName(Reason(Code.NAME_IS_ADDRESS))
    if name.startswith(("/", "~")) or _DRIVE.match(name):
        raise BadName(Reason(Code.NAME_IS_ABSOLUTE))
    if "\\" in name:
        raise BadName(Reason(Code.NAME_HAS_BACKSLASH))
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if ".." in parts:
        raise BadName(Reason(Code.NAME_LEADS_OUT))
    if not parts:
        raise BadName(Reason(Code.NAME_EMPTY))
    joined = unicodedata.normalize("NFC", "/".join(parts))
    check_length(joined)
    return joined


def check_letters(name: str) -> None:
    """Raises BadName for letters that could deceive a reader, or that no name has."""
    if name.isascii() and name.isprintable():
        return
    if _CONTROL.search(name):
        raise BadName(Reason(Code.NAME_CONTROL_CHARACTERS))
    if _TURNING.search(name):
        raise BadName(Reason(Code.NAME_TURNS))


def check_length(name: str) -> None:
    """Raises BadName for a name that is too long."""
    if len(name) > MAX_NAME:
        raise BadName(Reason(Code.NAME_TOO_LONG, length=len(name), max=MAX_NAME))


def same_as(name: str) -> str:
    """Equal for names that some disks can't tell apart: case and Unicode form."""
    return unicodedata.normalize("NFC", name).casefold()


def is_ignored(name: str) -> bool:
    """A file that some system put there by itself."""
    *folders, file = name.split("/")
    return file in _IGNORED_FILES or file.startswith("._") or bool(_IGNORED_FOLDERS & set(folders))


def shown(name: str, most: int = 120) -> str:
    """The name as it may stand in a message: printable, not endless."""
    clean = "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in name
    )
    return clean if len(clean) <= most else f"{clean[: most - 1]}…"
