"""What annotators sent and heard, told by them; and how that compares with the database."""

import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Stored:
    """An answer as the database has it."""

    key: str
    id: str
    sha256: str


@dataclass(slots=True)
class Answer:
    """One answer under one key: each try of it, and the receipts that came."""

    key: str
    tries: int = 0
    receipts: set[tuple[str, str]] = field(default_factory=set)
    # An answer that the site refused for good, as it may: the account is closed, say.
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Counts of answers. `lost`, `doubled`, `unexpected` and `contradicted` must be zero."""

    sent: int
    acknowledged: int
    # Acknowledged, and not in the database as it was acknowledged.
    lost: int
    # More than one row under one key.
    doubled: int
    # In the database, and sent by nobody.
    unexpected: int
    # Two tries of one answer heard different receipts.
    contradicted: int

    @property
    def holds(self) -> bool:
        """Whether every promise about answers was kept."""
        return not (self.lost or self.doubled or self.unexpected or self.contradicted)


class History:
    """Kept by many threads at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.answers: dict[str, Answer] = {}
        # When an answer was first acknowledged, by time.monotonic().
        self.heard_at: list[float] = []
        # What else came back: statuses, and connections that broke.
        self.troubles: Counter[str] = Counter()
        self.in_flight = 0

    def sends(self, key: str) -> None:
        """A try begins."""
        with self._lock:
            self.answers.setdefault(key, Answer(key)).tries += 1
            self.in_flight += 1

    def hears(self, key: str, receipt: tuple[str, str], at: float) -> None:
        """A try is answered by a receipt: the annotation's id and the SHA-256 of its answers."""
        with self._lock:
            self.in_flight -= 1
            self.answers[key].receipts.add(receipt)
            self.heard_at.append(at)

    def fails(self, key: str, trouble: str) -> None:
        """A try ends without one: nobody knows what became of it."""
        with self._lock:
            self.in_flight -= 1
            self.troubles[trouble] += 1

    def is_refused(self, key: str, code: str) -> None:
        """A try is answered by a refusal that another try would not change."""
        with self._lock:
            self.in_flight -= 1
            self.answers[key].refused = code

    def verdict(self, stored: Iterable[Stored]) -> Verdict:
        """The history against all that is stored of these annotators."""
        rows: dict[str, list[Stored]] = {}
        for row in stored:
            rows.setdefault(row.key, []).append(row)
        acknowledged = [one for one in self.answers.values() if one.receipts]
        kept = {(row.key, row.id, row.sha256) for same in rows.values() for row in same}
        return Verdict(
            sent=len(self.answers),
            acknowledged=len(acknowledged),
            lost=sum(
                any((one.key, *receipt) not in kept for receipt in one.receipts)
                for one in acknowledged
            ),
            doubled=sum(len(same) > 1 for same in rows.values()),
            unexpected=len(rows.keys() - self.answers.keys()),
            contradicted=sum(len(one.receipts) > 1 for one in acknowledged),
        )

    def longest_silence(self, since: float, until: float) -> float:
        """Seconds without an acknowledgement for anybody, between two instants."""
        within = sorted(at for at in self.heard_at if since <= at <= until)
        edges = [since, *within, until]
        return max(later - earlier for earlier, later in pairwise(edges))
