"""Candidates that people rank while a training loop waits."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from triptych_client.errors import GroupFailed, TriptychError
from triptych_client.items import ImageLike, bytes_of
from triptych_client.steps import Call, Moves, Pause

FIRST_LOOK_SECONDS = 0.5
SLOWER = 1.5
LONGEST_LOOK_SECONDS = 5.0
# A site that has ended nothing by then has nobody who goes round; what there is, is told.
GRACE_SECONDS = 60.0

Json = dict[str, Any]


@dataclass(frozen=True)
class Ranked:
    """What people said of candidates by the time that was given.

    `ranking`: their numbers from 0, the best first; empty where nobody said anything. `strengths`
    (natural logarithms that sum to 0), `intervals` (of 95 %) and `first` (how likely it is the
    best) are in the candidates' order; `wins[i][j]` is how often i was put before j, `ties` how
    often they were level. `partial`: not everybody who was to answer has; `state` says more.
    """

    group: int
    state: str
    partial: bool
    votes: int
    question: str
    ranking: list[int]
    strengths: list[float]
    intervals: list[tuple[float, float]]
    first: list[float]
    wins: list[list[int]]
    ties: list[list[int]]
    told: Json

    @property
    def best(self) -> int | None:
        """The first of the ranking; None where there is none."""
        return self.ranking[0] if self.ranking else None

    def of(self, question: str) -> "Ranked":
        """The same by people's answers to another of the project's questions."""
        return ranked(self.told, question)


def ranked(told: Json, question: str = "") -> Ranked:
    """What the site tells of a group, by one question; without one by the first that compares."""
    found = [one for one in told["rankings"] if question in {"", one["question"]}]
    if not found:
        raise TriptychError(f"No question {question!r} of the project compares images.")
    one, standings = found[0], found[0]["standings"]
    return Ranked(
        group=told["id"],
        state=told["state"],
        partial=told["partial"],
        votes=told["votes"],
        question=one["question"],
        ranking=one["ranking"],
        strengths=[row["strength"] for row in standings],
        intervals=[(row["interval"][0], row["interval"][1]) for row in standings],
        first=[row["first"] for row in standings],
        wins=one["wins"],
        ties=one["ties"],
        told=told,
    )


def rank(
    project_id: int,
    images: Sequence[ImageLike],
    prompt: str,
    *,
    ttl: float,
    least: int | None,
    most: int | None,
    step: int | None,
    names: Sequence[str],
    key: str,
) -> Moves[Json]:
    """Asks, and waits until people or the time are done. GroupFailed where an image is none."""
    end = time.monotonic() + ttl
    given = {"prompt": prompt, "seconds": round(ttl), "least": least, "most": most, "step": step}
    form: dict[str, Any] = {name: str(value) for name, value in given.items() if value is not None}
    if names:
        form["names"] = list(names)
    files = [("images", (str(n), bytes_of(image))) for n, image in enumerate(images)]
    group: Json = (
        yield Call(
            "POST", f"/projects/{project_id}/groups", form=form, files=files,
            headers={"Idempotency-Key": key or uuid4().hex},
        )
    ).json()  # fmt: skip
    pause = FIRST_LOOK_SECONDS
    while group["state"] == "waiting" and time.monotonic() < end + GRACE_SECONDS:
        # At its end the site is asked at once, for somebody waits.
        yield Pause(min(pause, max(end - time.monotonic(), FIRST_LOOK_SECONDS)))
        pause = min(pause * SLOWER, LONGEST_LOOK_SECONDS)
        group = (yield Call("GET", f"/groups/{group['id']}")).json()
    if group["state"] == "failed":
        raise GroupFailed(group["error"])
    return group
