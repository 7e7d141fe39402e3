"""Reads every file that git keeps, for what must never be in this repository.

Words that run code when data is read, addresses of package registries and other hosts that the site
could fetch from, paths of the machine that somebody worked on, keys and passwords.
"""

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Ban:
    """A pattern, why it is banned, the files it is looked for in, and those that may have it."""

    pattern: re.Pattern[str]
    reason: str
    files: re.Pattern[str]
    except_in: re.Pattern[str] | None = None


PYTHON = re.compile(r"\.py$")
SCRIPTS = re.compile(r"\.(py|ts|tsx|js|mjs|html|css)$")
EVERYTHING = re.compile(r"")
LOCKS = re.compile(r"^(requirements[\w-]*\.txt|frontend/package-lock\.json)$")
THIS_FILE = re.compile(r"^(scripts/scan|tests/contracts/test_house)\.py$")  # and its test

BANS = (
    Ban(
        re.compile(r"^\s*(import|from)\s+(pickle|marshal|shelve|dill|joblib)\b", re.M),
        "a pickle runs code when it is read",
        PYTHON,
        # The name of an error; MPS's converter, which has to be told to trust its file; and what
        # training runs send to the reward service, which reads it otherwise.
        re.compile(
            r"^(scoring/(metrics/networks/checkpoints|weights/convert_mps)|"
            r"tests/scoring/test_reward_(service|pickles))\.py$"
        ),
    ),
    Ban(
        re.compile(r"\byaml\.(load|unsafe_load|full_load)\("),
        "yaml.load runs code; use yaml.safe_load",
        PYTHON,
        THIS_FILE,
    ),
    Ban(
        re.compile(r"(?<![\w.])(eval|exec)\("),
        "code made from text",
        PYTHON,
        # dsdl compiles definitions to Python: who reads with that package runs what it made.
        re.compile(r"^(scripts/scan|tests/contracts/test_house|tests/consumers/dsdl_reader)\.py$"),
    ),
    Ban(re.compile(r"\bshell\s*=\s*True\b"), "a shell where a list would do", PYTHON, THIS_FILE),
    Ban(
        re.compile(r"\btorch\.load\("),
        "weights are read by the wrapper in scoring/metrics alone",
        PYTHON,
        re.compile(
            r"^(scoring/metrics/networks/checkpoints|scoring/weights/convert_mps|"
            r"tests/scoring/test_mps_converter|scripts/scan|tests/contracts/test_house)\.py$"
        ),
    ),
    Ban(
        re.compile(r"dangerouslySetInnerHTML|\.innerHTML\s*=|\bnew Function\(|\bdocument\.write\("),
        "text that becomes markup or code",
        SCRIPTS,
        THIS_FILE,
    ),
    Ban(
        re.compile(r"\b(mark_safe|extra_context_unsafe|raw_html)\(|\.extra\(\s*where="),
        "markup or SQL that nobody escapes",
        PYTHON,
        THIS_FILE,
    ),
    Ban(
        re.compile(
            r"pypi\.org|pythonhosted\.org|registry\.npmjs|npmjs\.(org|com)|files\.pytorch|"
            r"download\.pytorch(?!\.org/models/)|deb\.debian\.org|archive\.ubuntu|"
            r"cdn\.jsdelivr|unpkg\.com|cdnjs\.|fonts\.(googleapis|gstatic)|playwright\.azureedge",
        ),
        "a host to fetch from; the machine's own settings say where",
        EVERYTHING,
        THIS_FILE,
    ),
    Ban(
        re.compile(r"download\.pytorch\.org/models/|huggingface\.co|hf\.co/"),
        "who publishes weights is said in scoring/weights/published.py alone",
        EVERYTHING,
        re.compile(
            r"^(scoring/weights/published\.py|docs/weights\.md|scripts/scan\.py|"
            r"tests/contracts/test_house\.py)$"
        ),
    ),
    Ban(
        re.compile(r"""(?<![\w.${}/-])/(work|home/\w+|Users/\w+|opt/(wheels|pypi)|tmp/plan)\b/?"""),
        "a path of somebody's machine",
        EVERYTHING,
        re.compile(r"^(scripts/scan\.py|frontend/package-lock\.json)$"),
    ),
    Ban(
        re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----|\bAKIA[0-9A-Z]{16}\b|\bghp_\w{36}\b"),
        "a secret",
        EVERYTHING,
        THIS_FILE,
    ),
    Ban(
        re.compile(r"^(<{7} |>{7} |={7}$)", re.M),
        "a merge that was not finished",
        EVERYTHING,
    ),
)

TOO_LARGE = 1024 * 1024


def kept_files(root: Path) -> list[str]:
    """What git keeps and what it would keep: tracked files, and new ones that are not ignored."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
    return sorted({name for name in listing.split("\0") if name and (root / name).is_file()})


def problems_in(name: str, text: str) -> list[str]:
    found: list[str] = []
    for ban in BANS:
        if not ban.files.search(name) or (ban.except_in and ban.except_in.search(name)):
            continue
        for match in ban.pattern.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            found.append(f"{name}:{line}: {match.group().strip()!r}: {ban.reason}")
    return found


def problems(root: Path) -> list[str]:
    """Everything that is wrong, as `file:line: what: why`; an empty list is a clean repository."""
    found: list[str] = []
    for name in kept_files(root):
        content = (root / name).read_bytes()
        if len(content) > TOO_LARGE and not LOCKS.search(name):
            found.append(f"{name}: {len(content):,} bytes; nothing over {TOO_LARGE:,} is kept here")
        if b"\0" not in content[:4096]:
            found += problems_in(name, content.decode("utf-8", errors="replace"))
    return found


if __name__ == "__main__":
    wrong = problems(Path(__file__).resolve().parents[1])
    print("\n".join(wrong) or "nothing that must not be here")
    sys.exit(1 if wrong else 0)
