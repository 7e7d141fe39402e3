"""What imported judges said, in the shape of annotations and marked as theirs."""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime

from annotator.exports.read.items import ExportedAnnotation
from annotator.judges import selectors as judges
from annotator.judges.selectors import ImportedVote

IMPORTED = "imported"
NO_SLOT = -1
# Ids of people are positive. Those of named judges lie below this, of others in one item above it.
NAMED = -(1 << 32)


def imported_of(ids: Sequence[str], *, counted: bool) -> dict[str, list[ExportedAnnotation]]:
    """Item → what was said of it, `counted` or not (1 query)."""
    found: dict[str, list[ExportedAnnotation]] = defaultdict(list)
    for item, votes in judges.imported_of(ids).items():
        nameless = -1
        for place, vote in enumerate(votes):
            person = _person(vote) if vote.judge else nameless
            nameless -= 0 if vote.judge else vote.count
            found[str(item)].append(_annotation(f"{item}/{place}", person, vote, counted=counted))
    return found


def is_nameless(person: int) -> bool:
    """Whether it is the number of an imported judge whom the dataset does not tell apart."""
    return NAMED < person < 0


def _person(vote: ImportedVote) -> int:
    digest = hashlib.sha256(f"{vote.source}\0{vote.judge}".encode()).digest()
    return NAMED - (int.from_bytes(digest[:6]) >> 1)


def _annotation(name: str, person: int, vote: ImportedVote, *, counted: bool) -> ExportedAnnotation:
    at = vote.at or datetime.min.replace(tzinfo=UTC)
    return ExportedAnnotation(
        id=f"imported-{name}",
        annotator_id=person,
        slot=NO_SLOT,
        state=IMPORTED,
        revision=1,
        current=True,
        counted=counted,
        shown_order="",
        active_ms=None,
        viewport_width=None,
        viewport_height=None,
        device_pixel_ratio=None,
        zoomed=None,
        claimed_at=None,
        submitted_at=at,
        first_submitted_at=at,
        pieces=vote.answers,
        verdict=None,
        imported=vote.source,
        count=vote.count,
    )
