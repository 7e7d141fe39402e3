"""What a simulated annotator answers: a function a question kind.

They go by the truth, blurred by unreliability. The model is kept small, so that what it should give
can be worked out by hand. A quality q in [0, 1] is seen as q + N(0, (0.02 + 0.35 · (1 −
reliability))²): at reliability 1 differences of a twentieth are seen, at 0 hardly any.
"""

import math
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

from annotator.questions.checklist import gates_of
from annotator.questions.reasons import MOST_REASONS
from annotator.questions.types import ItemSpec, QuestionSpec

SHARPEST = 0.02
BLUR = 0.35
# Qualities that lie closer together look the same.
EQUAL_WITHIN = 0.04
# Below this, both images of a pair are bad.
BAD_BELOW = 0.12
# A flag that looks more than half true is set.
FLAGGED_ABOVE = 0.5
# Qualities that lie this far apart are a reason to prefer one image.
TELLING = 0.25
# A row of a checklist that looks more than half met is answered yes.
MET_ABOVE = 0.5
# A question that looks more than half out of place does not apply.
NA_ABOVE = 0.5
# Clicks scatter around a flaw's centre by this share of its radius, at best and on top.
STEADIEST = 0.15
SCATTER = 0.5
# How often somebody who knows nothing sees a flaw where none is, or marks a word that is shown.
IMAGINED_FLAW = 0.4
IMAGINED_WORD = 0.15
# How large a region is where there is no flaw, and how many of all regions are boxes.
IMAGINED_RADIUS = 0.05
BOXES = 0.5
# A brush of no size paints nothing.
SMALLEST = 0.001


@dataclass(frozen=True, slots=True)
class Truth:
    """What is true of an item."""

    # letter → question key or "overall" → quality in [0, 1]
    quality: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    # letter → planted flaws: (flaw kind = question key, x, y, radius as fraction of height)
    flaws: Mapping[str, Sequence[tuple[str, float, float, float]]] = field(default_factory=dict)
    # indices of misaligned words
    words: frozenset[int] = frozenset()
    # misaligned word → where on an image it is belied: (letter, x, y, radius)
    shown_at: Mapping[int, tuple[str, float, float, float]] = field(default_factory=dict)
    # ids of the checklist's rows that the image does not fulfil
    unmet: frozenset[str] = frozenset()
    # (letter, question key): the question does not apply to the image
    na: frozenset[tuple[str, str]] = frozenset()

    def of(self, letter: str, key: str) -> float:
        """How good the image is in `key`, else overall, else in the middle; in [0, 1]."""
        known = self.quality.get(letter, {})
        return known.get(key, known.get("overall", 0.5))


@dataclass(frozen=True, slots=True)
class Looker:
    """Somebody who looks at an item; `reliability` in [0, 1], 1 sees all."""

    truth: Truth
    item: ItemSpec
    reliability: float
    rng: random.Random

    def sees(self, letter: str, key: str) -> float:
        """The quality as this person sees it; may lie a little outside [0, 1]."""
        return self.truth.of(letter, key) + self.error()

    def error(self) -> float:
        return self.rng.gauss(0, SHARPEST + BLUR * (1 - self.reliability))


def answers_of(
    truth: Truth,
    questions: Sequence[QuestionSpec],
    item: ItemSpec,
    *,
    reliability: float,
    rng: random.Random,
) -> dict[str, Any]:
    """One simulated person's answers to all questions, as in the outside contract."""
    answers: dict[str, Any] = {}
    for question in questions:
        about = item
        if question.about:
            about = replace(item, letters=(answers[question.about]["choice"],))
        looker = Looker(truth, about, reliability, rng)
        answers[question.key] = BY_KIND[question.kind](looker, question)
    for question in questions:
        if question.links:
            answers[question.key]["links"] = _links(answers[question.key], answers, truth)
    return answers


def _preference(looker: Looker, question: QuestionSpec) -> Any:
    """The image that looks better; a tie where they look alike, both bad where both are."""
    a, b = (looker.sees(letter, question.key) for letter in ("a", "b"))
    if max(a, b) < BAD_BELOW:
        return {"choice": "both_bad"}
    if abs(a - b) < EQUAL_WITHIN:
        return {"choice": "tie"}
    return {"choice": "a" if a > b else "b"}


def _graded(looker: Looker, question: QuestionSpec) -> Any:
    """The step that the difference falls into; a whole quality's difference is the strongest."""
    steps = question.scale_max or 0
    a, b = (looker.sees(letter, question.key) for letter in ("a", "b"))
    place = (b - a + 1) / 2  # 0: a is better by all there is
    return {"grade": min(max(int(place * steps) + 1, 1), steps)}


def _pick(looker: Looker, question: QuestionSpec) -> Any:
    """The image that looks best."""
    looks = {letter: looker.sees(letter, question.key) for letter in looker.item.letters}
    return {"choice": max(looks, key=lambda letter: looks[letter])}


def _ranking(looker: Looker, question: QuestionSpec) -> Any:
    """The order in which they look; what looks like the one before it shares its tier."""
    looks = {letter: looker.sees(letter, question.key) for letter in looker.item.letters}
    tiers: list[list[str]] = []
    for letter in sorted(looks, key=lambda letter: -looks[letter]):
        if tiers and looks[tiers[-1][0]] - looks[letter] < EQUAL_WITHIN:
            tiers[-1].append(letter)
        else:
            tiers.append([letter])
    return {"tiers": [sorted(tier) for tier in tiers]}


def _best_worst(looker: Looker, question: QuestionSpec) -> Any:
    """The image that looks best and the one that looks worst."""
    looks = {letter: looker.sees(letter, question.key) for letter in looker.item.letters}
    order = sorted(looks, key=lambda letter: -looks[letter])
    return {"best": order[0], "worst": order[-1]}


def _rating(looker: Looker, question: QuestionSpec) -> Any:
    """The point of the scale nearest to what is seen; null where it seems not to apply."""
    low, high = question.scale_min or 0, question.scale_max or 1
    ratings: dict[str, float | None] = {}
    for letter in looker.item.letters:
        at = low + looker.sees(letter, question.key) * (high - low)
        point = round(2 * at) / 2 if question.half_points else round(at)
        ratings[letter] = min(max(point, low), high)
        if question.na and ((letter, question.key) in looker.truth.na) + looker.error() > NA_ABOVE:
            ratings[letter] = None
    return {"ratings": ratings}


def _marks(looker: Looker, question: QuestionSpec) -> Any:
    """A point near the centre of each planted flaw that is noticed, now and then one elsewhere.

    Flaws' radii are fractions of the height and are taken as such along both axes (the demo's
    images are square).
    """
    reliability, rng = looker.reliability, looker.rng
    marks: dict[str, list[dict[str, float]]] = {}
    for letter in looker.item.letters:
        points = []
        for kind, x, y, radius in looker.truth.flaws.get(letter, ()):
            if kind != question.key or rng.random() > reliability:
                continue
            spread = radius * (STEADIEST + SCATTER * (1 - reliability))
            points.append({"x": rng.gauss(x, spread), "y": rng.gauss(y, spread)})
        if rng.random() < IMAGINED_FLAW * (1 - reliability):
            points.append({"x": rng.random(), "y": rng.random()})
        marks[letter] = [{axis: _within(value) for axis, value in p.items()} for p in points]
    return {"marks": marks}


def _regions(looker: Looker, question: QuestionSpec) -> Any:
    """A box or a brushed disk about each planted flaw that is noticed, now and then one elsewhere.

    Its flaw is the option of that name, else the first; who sees badly sees its size badly, too.
    """
    reliability, rng = looker.reliability, looker.rng
    regions: dict[str, list[dict[str, Any]]] = {}
    for letter in looker.item.letters:
        drawn = []
        for kind, x, y, radius in looker.truth.flaws.get(letter, ()):
            if kind not in (question.key, *question.options) or rng.random() > reliability:
                continue
            flaw = kind if kind in question.options else question.options[0]
            spread = radius * (STEADIEST + SCATTER * (1 - reliability))
            seen = radius * rng.uniform(0.9, 1.3)
            drawn.append(_drawn(flaw, rng.gauss(x, spread), rng.gauss(y, spread), seen, rng))
        if rng.random() < IMAGINED_FLAW * (1 - reliability):
            flaw = rng.choice(question.options)
            drawn.append(_drawn(flaw, rng.random(), rng.random(), IMAGINED_RADIUS, rng))
        regions[letter] = drawn
    return {"regions": regions}


def _drawn(flaw: str, x: float, y: float, radius: float, rng: random.Random) -> dict[str, Any]:
    x, y = _within(x), _within(y)
    if rng.random() < BOXES:
        left, top = _within(x - radius), _within(y - radius)
        sides = (_within(min(1 - left, x + radius - left)), _within(min(1 - top, y + radius - top)))
        if min(sides) > 0:
            return {"flaw": flaw, "box": [left, top, *sides]}
    brush = {"tool": "brush", "radius": max(_within(radius), SMALLEST), "points": [[x, y]]}
    return {"flaw": flaw, "strokes": [brush]}


def _within(value: float) -> float:
    """A click can't lie outside the image; four decimals are a twentieth of a pixel at 512."""
    return round(min(max(value, 0.0), 1.0), 4)


def _words(looker: Looker, question: QuestionSpec) -> Any:
    """The misaligned words that are noticed, now and then another; some may be not sure of."""
    imagined = IMAGINED_WORD * (1 - looker.reliability)
    chances = [
        looker.reliability if token in looker.truth.words else imagined
        for token in range(len(looker.item.tokens))
    ]
    noticed = [token for token, chance in enumerate(chances) if looker.rng.random() < chance]
    unsure = [
        token for token in noticed if question.unsure and looker.rng.random() > looker.reliability
    ]
    sure = [token for token in noticed if token not in unsure]
    told = {"spans": _spans(sure)} if question.spans else {"tokens": sure}
    return told | ({"unsure": unsure} if question.unsure else {})


def _spans(tokens: Sequence[int]) -> list[list[int]]:
    spans: list[list[int]] = []
    for token in tokens:
        if spans and spans[-1][1] == token - 1:
            spans[-1][1] = token
        else:
            spans.append([token, token])
    return spans


def _links(
    words: Mapping[str, Any], answers: Mapping[str, Any], truth: Truth
) -> list[dict[str, Any]]:
    """From each word that is named, to each question's first place on the flaw that belies it."""
    spans = [range(first, last + 1) for first, last in words.get("spans", ())]
    named = {*words.get("tokens", ()), *words.get("unsure", ()), *chain.from_iterable(spans)}
    found = []
    for token, (letter, x, y, radius) in truth.shown_at.items():
        for key, answer in answers.items():
            near = (
                {"token": token, "question": key, "image": letter, "mark": place}
                for place, at in enumerate(_places(answer, letter))
                if math.dist(at, (x, y)) <= radius
            )
            if token in named and (link := next(near, None)):
                found.append(link)
    return found


def _places(answer: Mapping[str, Any], letter: str) -> list[tuple[float, float]]:
    """Where an answer's marks are on an image, or the middles of its regions; else none."""
    marks = [(mark["x"], mark["y"]) for mark in answer.get("marks", {}).get(letter, ())]
    return marks + [_middle(region) for region in answer.get("regions", {}).get(letter, ())]


def _middle(region: Mapping[str, Any]) -> tuple[float, float]:
    if "box" in region:
        left, top, width, height = region["box"]
        return left + width / 2, top + height / 2
    x, y = region["strokes"][0]["points"][0]
    return x, y


def _flags(looker: Looker, question: QuestionSpec) -> Any:
    """Each flag as the image is seen to have it.

    A flag's truth is the quality of its own name (0: not at all, 1: clearly); one that the truth
    does not know is not there. A question with one flag asks for it by its own key instead.
    """
    return {
        "flags": {
            letter: [
                option
                for option in question.options
                if _flag_looks(looker, letter, option, question) > FLAGGED_ABOVE
            ]
            for letter in looker.item.letters
        }
    }


def _reasons(looker: Looker, question: QuestionSpec) -> Any:
    """The (at most three) qualities in which the images seem to lie furthest apart, if any do.

    A reason's truth is the quality of its own name.
    """
    apart = {
        option: max(seen) - min(seen)
        for option in question.options
        if (seen := [looker.sees(letter, option) for letter in looker.item.letters])
    }
    plain = sorted(
        (option for option in question.options if apart[option] > TELLING),
        key=lambda option: -apart[option],
    )
    return {"reasons": sorted(plain[:MOST_REASONS], key=question.options.index)}


def _flag_looks(looker: Looker, letter: str, option: str, question: QuestionSpec) -> float:
    if option in looker.truth.quality.get(letter, {}):
        return looker.sees(letter, option)
    if len(question.options) == 1:
        return looker.sees(letter, question.key)
    return looker.rng.gauss(0, BLUR * (1 - looker.reliability))


def _label(looker: Looker, question: QuestionSpec) -> Any:
    """The first option for what looks best, the last for what looks worst, the others between."""
    options = question.options
    looks = {letter: looker.sees(letter, question.key) for letter in looker.item.letters}
    return {
        "labels": {
            letter: options[min(max(int((1 - seen) * len(options)), 0), len(options) - 1)]
            for letter, seen in looks.items()
        }
    }


def _checklist(looker: Looker, question: QuestionSpec) -> Any:
    """Each row as it looks: met is 1, unmet 0; near the middle it can't be told."""
    answers: dict[str, str] = {}
    for row in looker.item.checklist:
        if row.id in gates_of(looker.item.checklist, answers):
            continue
        looks = (row.id not in looker.truth.unmet) + looker.error()
        if abs(looks - MET_ABOVE) < EQUAL_WITHIN:
            answers[row.id] = "unsure"
        else:
            answers[row.id] = "yes" if looks > MET_ABOVE else "no"
    return {"rows": answers}


def _comment(looker: Looker, question: QuestionSpec) -> Any:
    """Nothing where that is allowed, else a remark that says where it comes from."""
    return {"text": "A simulated remark." if question.required else ""}


BY_KIND: Mapping[str, Callable[[Looker, QuestionSpec], Any]] = {
    "preference": _preference,
    "graded": _graded,
    "ranking": _ranking,
    "best_worst": _best_worst,
    "rating": _rating,
    "marks": _marks,
    "regions": _regions,
    "words": _words,
    "flags": _flags,
    "reasons": _reasons,
    "label": _label,
    "pick": _pick,
    "checklist": _checklist,
    "comment": _comment,
}
