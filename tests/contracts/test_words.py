"""One word a thing: names in the source follow the dictionary; a class name stands for one thing.

A name is split into its words (`claim_chunk`, `ClaimChunk` → claim, chunk); plurals count as well.
"""

import ast
import io
import re
import tokenize
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ("annotator", "scoring", "demo", "scripts", "bench")
TYPESCRIPT = ("frontend/src",)
GENERATED = {"schema.d.ts"}

# never say → say
SAY_INSTEAD = {
    "picture": "image",
    "saying": "annotation",
    "opinion": "verdict",
    "decision": "verdict",
    "judgement": "verdict, or answer",
    "bell": "enqueue",
    "rung": "enqueued",
    "ring": "enqueue",
    "tend": "requeue",
    "lapse": "expire",
    "lot": "batch",
    "chunk": "batch",
    "ticket": "assignment",
    "hand": "claimed, or assignments",
    "patience": "lease, or timeout",
    "voice": "vote",
    "wish": "option, or request",
    "keeper": "lease",
    "stranger": "anonymous",
    "newcomer": "account",
    "trouble": "problem",
    "lack": "missing",
    "lacks": "missing",
    "lacking": "missing",
    "litter": "ignored",
    "said": "reason, answer, or message",
    "wanted": "requested, or chosen",
    "tell_of": "report, or notify",
    "why_not": "reason",
    "left_out": "skipped",
    "keypoint": "mark",
    "redundancy": "overlap",
}

# Names with such a word that means something else, or that are not ours.
ALLOWED = {
    "hands": "parts of a body, where flaws are often",
    "RingProgress": "a component of the UI kit",
    "pairs_ring": "a ring of pairs: each image against the next, the last against the first",
    "RING": "the same",
    "ring": "the same",
    "_ring": "a torus, of the demo's images",
    "_ring_gap": "the same",
    "rings": "the growth rings of painted wood",
    "pointRing": "the circle around a point",
    "chunk": "the bytes that an upload sends at a time, as Django calls them",
    "chunks": "the same",
    "nextChunk": "the same",
    "CHUNK_BYTES": "the same",
    "UPLOAD_CHUNK_BYTES": "the same",
    "CHUNK_BEYOND_END": "the same",
    "CHUNK_EMPTY": "the same",
    "CHUNK_LOST": "the same",
    "CHUNK_NOT_STORED": "the same",
    "CHUNK_TOO_LARGE": "the same",
    "CHUNK_TYPE": "the same",
    "ChunkParser": "the same",
    "Decision": "what a sequential test says after an answer, as Wald calls it",
    "decision": "the same",
    "decisions": "the same",
    "_decision": "the same",
    "LEFT_HAND": "keys for the left hand",
    "left_hand": "the same",
    "_chunk": "a chunk of a PNG file, as its specification calls it",
    "chunk_size": "a parameter of Django's iterators and of storages",
}

# Comments and strings of TypeScript; what stands in `template strings` counts as code.
NO_CODE = re.compile(r"""/\*(?s:.*?)\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""")

# Django finds these by their names.
CONVENTIONS = {"Meta", "Command", "Migration"}


def words_of(name: str) -> list[str]:
    apart = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name)
    return [word.lower() for word in apart.split("_") if word]


def forbidden_in(name: str) -> set[str]:
    """The dictionary's forbidden words in a name."""
    words = words_of(name)
    singular = [word[:-1] if word.endswith("s") else word for word in words]
    couples = {f"{first}_{second}" for first, second in pairwise(words)}
    return (set(words) | set(singular) | couples) & SAY_INSTEAD.keys()


def python_names(text: str) -> set[str]:
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return {token.string for token in tokens if token.type == tokenize.NAME}


def typescript_names(text: str) -> set[str]:
    return set(re.findall(r"[A-Za-z_$][\w$]*", NO_CODE.sub("", text)))


def sources() -> Iterator[tuple[Path, set[str]]]:
    """Each file of ours with the names in it, its own among them."""
    for folder in PYTHON:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path, python_names(path.read_text()) | {path.stem}
    for folder in TYPESCRIPT:
        for path in sorted((ROOT / folder).rglob("*.ts*")):
            if path.name not in GENERATED:
                yield path, typescript_names(path.read_text()) | {path.stem}


def test_names_follow_the_dictionary() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {name}: not “{word}”; say {SAY_INSTEAD[word]}"
        for path, names in sources()
        for name in sorted(names - ALLOWED.keys())
        for word in sorted(forbidden_in(name))
    ]

    assert found == []


def test_a_class_name_stands_for_one_thing() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for path in sorted((ROOT / "annotator").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef) and node.name not in CONVENTIONS:
                places[node.name].append(f"{path.relative_to(ROOT)}:{node.lineno}")

    assert {name: found for name, found in places.items() if len(found) > 1} == {}


def test_a_forbidden_word_is_found_however_it_is_written() -> None:
    assert forbidden_in("next_picture") == {"picture"}
    assert forbidden_in("PicturePanel") == {"picture"}
    assert forbidden_in("allPictures") == {"picture"}
    assert forbidden_in("was_left_out") == {"left_out"}
    assert forbidden_in("handler") == set()
    assert typescript_names('const a = "picture"; // picture\n/* picture */ b') == {
        "const", "a", "b",
    }  # fmt: skip
