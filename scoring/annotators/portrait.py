"""All that the answers of a project show of each annotator, and what of it stands out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from scoring.annotators import consistency, copying, habits, sides, times, tiring
from scoring.annotators.agreement import (
    Evidence,
    coins_of,
    evidence_of,
    mean_of_others,
)
from scoring.annotators.answers import Answers, Asked
from scoring.annotators.intervals import fisher, ratios, shares, wilson
from scoring.annotators.reliability import Coin, credible
from scoring.arrays import Floats
from scoring.reasons import Code, Reason
from scoring.statistics.estimate import Estimate
from scoring.statistics.proportions import fair_coin_p

BIN_MINUTES, BINS = 10, 12
TIME_EDGES_MS = (2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 128_000)


@dataclass(frozen=True, slots=True)
class MinuteBin:
    """Of the answers in some minutes of their sessions, the share of the others who agree."""

    from_minute: int
    agreement: Estimate


@dataclass(frozen=True, slots=True)
class Likeness:
    """Whose answers somebody's resemble most beyond what both being good explains; `other` is who.

    ``after``: the share of the ``shared`` items that the other had answered before.
    """

    other: int
    shared: int
    alike: float
    expected: float
    after: float
    p: float


@dataclass(frozen=True, slots=True)
class Portrait:
    """One annotator in numbers; ``findings`` are what stands out, the gravest first.

    ``agreement``: of the others who answered the same, how many say the same. ``skill``: how far
    it is what the others make likely, 0 by chance, 1 always right. ``reliability``: one coin.
    ``self_consistency``: of repeats, which are no first answers, so that somebody else fills it in.
    ``fresh``, ``late``: skill in a session's first minute and after ``tires_after`` of them.
    """

    answers: int
    agreement: Estimate
    skill: Estimate
    reliability: Estimate
    reviewers: Estimate
    left_share: Estimate
    left_p: float | None
    longest_run: int
    longest_run_p: float | None
    straight_lines: Estimate
    halo: Estimate
    circles: Estimate
    entropy_bits: Estimate
    most_given: Estimate
    self_consistency: Estimate
    rating_bias: Estimate
    rating_spread: Estimate
    median_ms: Estimate
    speed_z: float | None
    rushed: Estimate
    fresh: float | None
    late: float | None
    tires_after: float | None
    tires_p: float | None
    likeness: Likeness | None
    by_minute: list[MinuteBin]
    times: list[int]
    findings: list[Reason]


def portraits_of(answers: Answers, asked: Asked) -> list[Portrait]:
    """One a person, in their order, without findings as yet (``findings.with_findings``)."""
    coins = coins_of(answers, asked)
    shown = evidence_of(answers, asked, coins)
    leaning = sides.sides_of(answers, [one for one in asked.choices if one.sides])
    tired = tiring.tiring_of(answers, shown.gain, shown.mass)
    dimensions = habits.dimensions_of(
        answers, [one for one in asked.choices if one.sides], list(asked.ratings)
    )
    columns: dict[str, Any] = {
        "agreement": shares(answers, shown.alike, shown.compared),
        "skill": ratios(answers, shown.gain, shown.mass),
        "reliability": _reliability(answers, asked, coins),
        "reviewers": shares(
            answers,
            (answers.verdict == 1).astype(np.float64),
            (answers.verdict >= 0).astype(np.float64),
            empty=Reason(Code.NO_VERDICTS),
        ),
        "straight_lines": shares(
            answers, *habits.straight_lines(dimensions), empty=Reason(Code.FEW_QUESTIONS)
        ),
        "halo": _halo(habits.halo_of(answers, dimensions)),
        "circles": _circles(answers, asked),
        "rushed": shares(
            answers,
            *times.rushed(answers, times.usual_ms(times.medians(answers))),
            empty=Reason(Code.NO_TIMES),
        ),
        "by_minute": _by_minute(answers, tired.minute, shown),
        "times": _times(answers),
    }
    columns |= _one_answer(answers, asked) | _ratings(answers, asked) | _paces(answers)
    columns |= _sides(leaning)
    near = _likenesses(answers, asked)
    return [
        Portrait(
            answers=int(n),
            self_consistency=consistency.self_consistency(alike=0, repeats=0),
            fresh=number(tired.fresh[place]),
            late=number(tired.late[place]),
            tires_after=number(tired.minutes[place]),
            tires_p=number(tired.p[place]),
            likeness=near.get(place),
            findings=[],
            **{name: column[place] for name, column in columns.items()},
        )
        for place, n in enumerate(answers.count())
    ]


def number(value: float) -> float | None:
    """None for NaN: nothing undefined leaves as a number."""
    return float(value) if np.isfinite(value) else None


def _reliability(answers: Answers, asked: Asked, coins: Sequence[Coin]) -> list[Estimate]:
    """An answer's questions are not independent: n counts answers, not votes."""
    nothing = Estimate(None, 0, undefined=Reason(Code.NO_SECOND_ANSWER))
    right = sum((coin.right for coin in coins), np.zeros(answers.people))
    votes = sum((coin.votes for coin in coins), np.zeros(answers.people))
    given = np.zeros(len(answers), bool)
    for choices in asked.choices:
        given[choices.answer] = True
    n = answers.sums(given.astype(np.float64))
    found = []
    for hits, of, k in zip(right, votes, n, strict=True):
        if not of:
            found.append(nothing)
            continue
        share = float(hits / of)
        value = (share * k + 5) / (k + 6)
        found.append(Estimate(value, int(k), interval=credible(share * k, float(k))))
    return found


def _halo(halo: habits.Halo) -> list[Estimate]:
    return [
        Estimate(float(r), int(n), interval=fisher(float(r), int(n)))
        if np.isfinite(r)
        else Estimate(None, int(n), undefined=Reason(Code.NO_VARIATION))
        for r, n in zip(halo.correlation, halo.n, strict=True)
    ]


def _circles(answers: Answers, asked: Asked) -> list[Estimate]:
    circular = np.zeros(answers.people, np.int64)
    triples = np.zeros(answers.people, np.int64)
    for comparisons in asked.comparisons:
        found = habits.circles_of(answers, comparisons)
        circular += found.circular
        triples += found.triples
    return [
        Estimate(float(c / n), int(n), interval=wilson(float(c / n), float(n)))
        if n
        else Estimate(None, 0, undefined=Reason(Code.NO_TRIPLES))
        for c, n in zip(circular, triples, strict=True)
    ]


def _one_answer(answers: Answers, asked: Asked) -> dict[str, list[Estimate]]:
    """The entropy of what somebody says, and the share of the label that they give most."""
    kinds = max((votes.labels for votes in asked.choices), default=1)
    counts = np.zeros((answers.people, kinds))
    for votes in asked.choices:
        counts[:, : votes.labels] += habits.label_counts(answers, votes)
    n = counts.sum(axis=1)
    bits = habits.entropy_bits(counts)
    most = counts.max(axis=1) / np.maximum(n, 1)
    given = answers.count()
    empty = Estimate(None, 0, undefined=Reason(Code.NO_CHOICES))
    return {
        "entropy_bits": [
            Estimate(float(b), int(k)) if k else empty for b, k in zip(bits, n, strict=True)
        ],
        "most_given": [
            Estimate(float(p), int(k), interval=wilson(float(p), float(min(k, a)))) if k else empty
            for p, k, a in zip(most, n, given, strict=True)
        ],
    }


def _ratings(answers: Answers, asked: Asked) -> dict[str, list[Estimate]]:
    """How much higher somebody rates than the others do, and how far off besides."""
    none = Reason(Code.NO_RATINGS)
    empty = Estimate(None, 0, undefined=none)
    off = np.zeros(len(answers))
    squares = np.zeros(len(answers))
    n = np.zeros(len(answers))
    for votes in asked.ratings:
        others, mean = mean_of_others(votes)
        counted = (others > 0).astype(np.float64)
        away = (votes.value - mean) * counted
        off += np.bincount(votes.answer, away, minlength=len(answers))
        squares += np.bincount(votes.answer, away**2, minlength=len(answers))
        n += np.bincount(votes.answer, counted, minlength=len(answers))
    if not n.any():
        return {"rating_bias": [empty] * answers.people, "rating_spread": [empty] * answers.people}
    bias = ratios(answers, off, n, low=-np.inf, high=np.inf, empty=none)
    total = np.maximum(answers.sums(n), 1)
    variance = answers.sums(squares) / total - (answers.sums(off) / total) ** 2
    return {
        "rating_bias": bias,
        "rating_spread": [
            Estimate(float(np.sqrt(max(0.0, v))), one.n) if one.value is not None else empty
            for v, one in zip(variance, bias, strict=True)
        ],
    }


def _paces(answers: Answers) -> dict[str, list[object]]:
    found = times.medians(answers)
    known = answers.count(np.flatnonzero(np.isfinite(answers.active_ms)))
    empty = Estimate(None, 0, undefined=Reason(Code.NO_TIMES))
    return {
        "median_ms": [
            Estimate(float(ms), int(n)) if np.isfinite(ms) else empty
            for ms, n in zip(found, known, strict=True)
        ],
        "speed_z": [number(z) for z in times.z_of_medians(found)],
    }


def _sides(found: sides.Sides) -> dict[str, list[object]]:
    empty = Estimate(None, 0, undefined=Reason(Code.NO_SIDES))
    counted = [(int(n), int(left), int(run)) for n, left, run in zip(
        found.n, found.left, found.run, strict=True
    )]  # fmt: skip
    return {
        "left_share": [
            Estimate(left / n, n, interval=wilson(left / n, float(n))) if n else empty
            for n, left, _ in counted
        ],
        "left_p": [fair_coin_p(left, n) for n, left, _ in counted],
        "longest_run": [run for _, _, run in counted],
        "longest_run_p": [sides.run_p(run, n) if n else None for n, _, run in counted],
    }


def _likenesses(answers: Answers, asked: Asked) -> dict[int, Likeness]:
    """Of each person the pair that is least likely by chance."""
    if not len(asked.signature):
        return {}
    pairs = copying.pairs_of(answers, asked.signature)
    found: dict[int, Likeness] = {}
    for k in np.argsort(pairs.p, kind="stable"):
        shared = int(pairs.shared[k])
        one = Likeness(
            other=int(pairs.earlier[k]),
            shared=shared,
            alike=float(pairs.alike[k] / shared),
            expected=float(pairs.expected[k]),
            after=float(pairs.after[k]),
            p=float(pairs.p[k]),
        )
        found.setdefault(int(pairs.later[k]), one)
        other = replace(one, other=int(pairs.later[k]), after=1 - one.after)
        found.setdefault(int(pairs.earlier[k]), other)
    return found


def _by_minute(answers: Answers, minute: Floats, shown: Evidence) -> list[list[MinuteBin]]:
    """Agreement by ten minutes of a session; the last bin is all that comes after."""
    place = np.minimum(BINS - 1, (minute // BIN_MINUTES).astype(np.int64))
    cell = answers.annotator * BINS + place
    size = answers.people * BINS
    with_others = (shown.compared > 0).astype(np.float64)
    n = np.bincount(cell, with_others, minlength=size).reshape(-1, BINS)
    alike = np.bincount(cell, shown.alike, minlength=size).reshape(-1, BINS)
    below = np.bincount(cell, shown.compared, minlength=size).reshape(-1, BINS)
    share = alike / np.maximum(below, 1e-12)
    return [
        [
            MinuteBin(
                k * BIN_MINUTES,
                Estimate(float(p[k]), int(of[k]), interval=wilson(float(p[k]), float(of[k]))),
            )
            for k in range(BINS)
            if of[k]
        ]
        for p, of in zip(share, n, strict=True)
    ]


def _times(answers: Answers) -> list[list[int]]:
    """How many answers took below 2 s, 4 s, 8 s …, and more than the last edge."""
    known = np.flatnonzero(np.isfinite(answers.active_ms))
    bins = len(TIME_EDGES_MS) + 1
    place = np.searchsorted(np.array(TIME_EDGES_MS), answers.active_ms[known], side="right")
    cells = answers.annotator[known] * bins + place
    counted = np.bincount(cells, minlength=answers.people * bins).reshape(-1, bins)
    return [[int(n) for n in row] for row in counted]
