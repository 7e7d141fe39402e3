"""What stands out of an annotator's numbers, as codes with their evidence: hints, no sentences yet.

Each rule wants both: more than chance, corrected for the number of people who are looked at, and
enough to matter. Where nothing stands out nothing is said.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from statistics import NormalDist, median

from scoring.annotators.copying import LATER
from scoring.annotators.holm import holm
from scoring.annotators.portrait import Portrait
from scoring.reasons import Code, Reason
from scoring.statistics.estimate import Estimate

# The chance of any false alarm among all people, for each rule.
ALPHA = 0.01
TIRES_ALPHA = 0.1
# Of two who judge alone it is reached in one project in fifty; at 0.01 who copies a half of
# somebody's answers is found half as often.
COPIES_ALPHA = 0.05
FEWEST = 30
ALWAYS, LEANS = 0.9, 0.65


def with_findings(portraits: Sequence[Portrait], names: Sequence[str]) -> list[Portrait]:
    """The same, each with what stands out; ``names``: how people are called in the evidence."""
    found: list[list[Reason]] = [[] for _ in portraits]
    for rule in RULES:
        for place, finding in rule(portraits, names).items():
            found[place].append(finding)
    return [replace(one, findings=mine) for one, mine in zip(portraits, found, strict=True)]


def gravity(portrait: Portrait) -> tuple[int, float]:
    """Sorts people worst first: by what stands out, then by how little they agree with others."""
    codes: list[str] = [code.value for code in ORDER]
    grave = min((codes.index(one.code.value) for one in portrait.findings), default=len(codes))
    skill = portrait.skill.value
    return grave, 2.0 if skill is None else skill


Found = dict[int, Reason]


def _copies(portraits: Sequence[Portrait], names: Sequence[str]) -> Found:
    """Both of such a pair are named; who answered second, mostly, as the one who copies."""
    found: Found = {}
    for place, one in enumerate(portraits):
        near = one.likeness
        if near is None or near.p >= COPIES_ALPHA or near.alike < near.expected + 0.1:
            continue
        if near.after >= LATER:
            found[place] = Reason(
                Code.COPIES_OF, name=names[near.other], shared=near.shared,
                percent=percent(near.alike), expected=percent(near.expected),
                after=percent(near.after),
            )  # fmt: skip
        elif near.after > 1 - LATER:
            found[place] = Reason(
                Code.ANSWERS_LIKE, name=names[near.other], shared=near.shared,
                percent=percent(near.alike), expected=percent(near.expected),
            )  # fmt: skip
    return found


def _sides(portraits: Sequence[Portrait], names: Sequence[str]) -> Found:
    found: Found = {}
    p = holm([1.0 if one.left_p is None else one.left_p for one in portraits])
    for place, one in enumerate(portraits):
        left, n = one.left_share.value, one.left_share.n
        if left is None or n < FEWEST // 2 or p[place] >= ALPHA:
            continue
        share = percent(max(left, 1 - left))
        if left >= ALWAYS:
            found[place] = Reason(Code.ALWAYS_LEFT, percent=share, count=n)
        elif left <= 1 - ALWAYS:
            found[place] = Reason(Code.ALWAYS_RIGHT, percent=share, count=n)
        elif left >= LEANS:
            found[place] = Reason(Code.LEANS_LEFT, percent=share, count=n)
        elif left <= 1 - LEANS:
            found[place] = Reason(Code.LEANS_RIGHT, percent=share, count=n)
    return found


def _one_answer(portraits: Sequence[Portrait], names: Sequence[str]) -> Found:
    usual = _usual(portraits, lambda one: one.most_given)
    return {
        place: Reason(
            Code.SAME_ANSWER, percent=percent(one.most_given.value or 0), count=one.most_given.n,
            others=percent(usual),
        )
        for place, one in enumerate(portraits)
        if usual is not None and usual < 0.75 and _above(one.most_given, 0.9)
    }  # fmt: skip


def _straight(portraits: Sequence[Portrait], names: Sequence[str]) -> Found:
    usual = _usual(portraits, lambda one: one.straight_lines)
    return {
        place: Reason(
            Code.STRAIGHT_LINES, percent=percent(one.straight_lines.value or 0),
            count=one.straight_lines.n, others=percent(usual),
        )
        for place, one in enumerate(portraits)
        if usual is not None and usual < 0.7 and _above(one.straight_lines, 0.9)
    }  # fmt: skip


def _fast(portraits: Sequence[Portrait], names: Sequence[str]) -> Found:
    known = [one.median_ms.value for one in portraits if one.median_ms.value is not None]
    if len(known) < 3:
        return {}
    usual = median(known)
    return {
        place: Reason(
            Code.TOO_FAST, percent=percent(one.rushed.value or 0), count=one.rushed.n,
            seconds=round((one.median_ms.value or 0) / 1000, 1), usual=round(usual / 1000, 1),
        )
        for place, one in enumerate(portraits)
        if _above(one.rushed, 0.5)
    }  # fmt: skip


def _tires(portraits: Sequence[Portrait], names: Sequence[str]) -> Found:
    """A clear fall; or a likely one, of somebody who agrees less than others do on the whole."""
    alone = [1.0 if one.tires_p is None else one.tires_p for one in portraits]
    p = holm(alone)
    usual = _usual(portraits, lambda one: one.skill)
    found: Found = {}
    for place, one in enumerate(portraits):
        if one.fresh is None or one.late is None or one.tires_after is None:
            continue
        low = usual is not None and _below(one.skill, usual) < 0.1
        falls = p[place] < TIRES_ALPHA or (low and alone[place] < TIRES_ALPHA / 2)
        if falls and one.fresh >= 0.4 and one.fresh - one.late >= 0.3:
            found[place] = Reason(
                Code.TIRES, fresh=right(one.fresh), late=right(one.late),
                minutes=round(one.tires_after), count=one.answers,
            )  # fmt: skip
    return found


def _random(portraits: Sequence[Portrait], names: Sequence[str]) -> Found:
    """No better than chance, where the middle of everybody shows that one can be."""
    usual = _usual(portraits, lambda one: one.skill)
    return {
        place: Reason(
            Code.LOOKS_RANDOM, percent=percent(one.agreement.value or 0), count=one.skill.n,
            others=percent(_usual(portraits, lambda other: other.agreement) or 0),
        )
        for place, one in enumerate(portraits)
        if usual is not None and usual > 0.3 and one.skill.interval is not None
        and one.skill.n >= FEWEST and one.skill.interval[0] <= 0.0
        and one.skill.interval[1] < usual / 1.7
    }  # fmt: skip


def _disagrees(portraits: Sequence[Portrait], names: Sequence[str]) -> Found:
    """Clearly below the middle of everybody, whatever the cause."""
    usual = _usual(portraits, lambda one: one.skill)
    if usual is None or usual <= 0.2:
        return {}
    p = holm([_below(one.skill, usual) for one in portraits])
    middle = _usual(portraits, lambda other: other.agreement) or 0
    return {
        place: Reason(
            Code.DISAGREES_OFTEN, percent=percent(one.agreement.value or 0),
            count=one.agreement.n, others=percent(middle),
        )
        for place, one in enumerate(portraits)
        if p[place] < ALPHA and (one.skill.value or 0) < 0.75 * usual
    }  # fmt: skip


def _rejected(portraits: Sequence[Portrait], names: Sequence[str]) -> Found:
    usual = _usual(portraits, lambda one: one.reviewers, fewest=10)
    return {
        place: Reason(
            Code.REJECTED_OFTEN, percent=percent(1 - (one.reviewers.value or 0)),
            count=one.reviewers.n, others=percent(1 - usual),
        )
        for place, one in enumerate(portraits)
        if usual is not None and one.reviewers.n >= 10 and one.reviewers.interval is not None
        and one.reviewers.interval[1] < usual - 0.1
    }  # fmt: skip


def _circles(portraits: Sequence[Portrait], names: Sequence[str]) -> Found:
    return {
        place: Reason(
            Code.GOES_IN_CIRCLES, percent=percent(one.circles.value or 0), count=one.circles.n
        )
        for place, one in enumerate(portraits)
        if one.circles.n >= FEWEST and _above(one.circles, 0.12)
    }


def _halo(portraits: Sequence[Portrait], names: Sequence[str]) -> Found:
    usual = _usual(portraits, lambda one: one.halo)
    return {
        place: Reason(
            Code.ONE_IMPRESSION, correlation=round(one.halo.value or 0, 2), count=one.halo.n,
            others=round(usual, 2),
        )
        for place, one in enumerate(portraits)
        if usual is not None and usual < 0.75 and _above(one.halo, usual + 0.2)
    }  # fmt: skip


# The gravest first: the first that fits is the sentence shown.
RULES: tuple[Callable[[Sequence[Portrait], Sequence[str]], Found], ...] = (
    _copies, _sides, _one_answer, _tires, _random, _fast, _straight, _rejected, _disagrees,
    _circles, _halo,
)  # fmt: skip
ORDER = (
    Code.COPIES_OF, Code.ALWAYS_LEFT, Code.ALWAYS_RIGHT, Code.SAME_ANSWER, Code.LOOKS_RANDOM,
    Code.TOO_FAST, Code.STRAIGHT_LINES, Code.ANSWERS_LIKE, Code.TIRES, Code.REJECTED_OFTEN,
    Code.DISAGREES_OFTEN, Code.LEANS_LEFT, Code.LEANS_RIGHT, Code.GOES_IN_CIRCLES,
    Code.ONE_IMPRESSION,
)  # fmt: skip


def percent(share: float) -> int:
    """A share as a whole percentage."""
    return round(100 * share)


def right(skill: float) -> int:
    """Skill over chance as the percentage right between two answers."""
    return percent(min(1.0, max(0.5, (1 + skill) / 2)))


def _usual(
    portraits: Sequence[Portrait],
    number: Callable[[Portrait], Estimate],
    *,
    fewest: int = FEWEST,
) -> float | None:
    """The middle of everybody with enough answers; None of fewer than three people."""
    found = [
        one.value for one in map(number, portraits) if one.value is not None and one.n >= fewest
    ]
    return median(found) if len(found) >= 3 else None


def _above(estimate: Estimate, bound: float) -> bool:
    return estimate.n >= FEWEST and estimate.interval is not None and estimate.interval[0] > bound


def _below(estimate: Estimate, bound: float) -> float:
    """One-sided p of being no less than the bound, read off the interval."""
    if estimate.value is None or estimate.interval is None or estimate.n < FEWEST:
        return 1.0
    error = (estimate.interval[1] - estimate.interval[0]) / (2 * 1.96)
    return NormalDist().cdf((estimate.value - bound) / max(error, 1e-9))
