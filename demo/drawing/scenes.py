"""A small grammar of still lifes: what stands where, and the prompt that says so.

World: x to the right, y up, z away from the viewer; the ground is y = 0; one unit is about the
radius of a ball. Every thing knows which tokens of the prompt speak of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Literal

from scoring.tokens import token_texts

Shape = Literal["sphere", "cube", "cylinder", "cone", "pyramid", "egg", "prism", "ring"]
Colour = Literal[
    "red", "blue", "green", "yellow", "orange", "purple", "pink", "white", "black", "turquoise"
]
Finish = Literal["plain", "glossy", "metallic", "wooden", "striped", "dotted"]
Surface = Literal["wood", "marble", "cloth", "grass", "sand", "snow"]
Mood = Literal["day", "morning", "sunset", "studio", "cloudy"]

SHAPES: tuple[Shape, ...] = (
    "sphere", "cube", "cylinder", "cone", "pyramid", "egg", "prism", "ring",
)  # fmt: skip
COLOURS: tuple[Colour, ...] = (
    "red", "blue", "green", "yellow", "orange", "purple", "pink", "white", "black", "turquoise",
)  # fmt: skip

_FINISHES: tuple[Finish, ...] = (
    "plain", "plain", "plain", "glossy", "glossy", "metallic", "wooden", "striped", "dotted",
)  # fmt: skip
_SURFACE_WORDS: dict[Surface, str] = {
    "wood": "on a wooden table",
    "marble": "on a marble floor",
    "cloth": "on a checkered tablecloth",
    "grass": "on green grass",
    "sand": "on a sandy beach",
    "snow": "in the snow",
}
_MOOD_WORDS: dict[Mood, str] = {
    "day": "",
    "morning": "soft morning light",
    "sunset": "at sunset",
    "studio": "studio lighting",
    "cloudy": "on a cloudy day",
}
_MOODS: dict[Surface, tuple[Mood, ...]] = {
    "wood": ("day", "day", "morning", "studio"),
    "marble": ("day", "studio", "studio", "morning"),
    "cloth": ("day", "morning", "day"),
    "grass": ("day", "day", "morning", "sunset", "cloudy"),
    "sand": ("day", "sunset", "sunset", "morning"),
    "snow": ("day", "morning", "cloudy", "sunset"),
}
_RELATIONS = ("left of", "right of", "in front of", "behind", "next to", "on top of")
_COUNTS = {1: "a", 2: "two", 3: "three"}
_HEIGHTS: dict[Shape, float] = {
    "sphere": 2.0, "cube": 1.7, "cylinder": 2.2, "cone": 2.4, "pyramid": 1.9, "egg": 2.5,
    "prism": 2.0, "ring": 0.7,
}  # fmt: skip
STACKABLE: frozenset[Shape] = frozenset({"cube", "cylinder", "prism"})


@dataclass(frozen=True, slots=True)
class Thing:
    """One object. ``x, y, z``: middle of its foot; ``size``: half its width; ``yaw`` in radians.

    ``tokens``: indices of the prompt's words that ask for it; ``group`` tells things of one phrase.
    """

    shape: Shape
    colour: Colour
    finish: Finish
    x: float
    y: float
    z: float
    size: float
    yaw: float
    group: int
    tokens: tuple[int, ...]

    @property
    def height(self) -> float:
        return _HEIGHTS[self.shape] * self.size


@dataclass(frozen=True, slots=True)
class Phrase:
    """``count`` things of a kind, and the indices of its words in the prompt."""

    count: int
    shape: Shape
    colour: Colour
    finish: Finish
    count_token: int
    colour_token: int
    shape_token: int
    tokens: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Scene:
    """What a prompt asks for, laid out.

    ``sun`` is the light's azimuth in radians, 0 behind the viewer; ``view`` one of three cameras.
    """

    seed: int
    prompt: str
    things: tuple[Thing, ...]
    phrases: tuple[Phrase, ...]
    surface: Surface
    mood: Mood
    view: int
    sun: float

    def with_things(self, things: Sequence[Thing]) -> "Scene":
        return replace(self, things=tuple(things))


def make_scene(seed: int) -> Scene:
    """A scene of one or two phrases, the same for the same seed."""
    rng = Random(f"scene {seed}")  # noqa: S311 - images, not secrets
    surface = rng.choice(tuple(_SURFACE_WORDS))
    mood = rng.choice(_MOODS[surface])
    relation = rng.choice(_RELATIONS)
    words: list[str] = []
    phrases = _phrases(rng, relation, words)
    words += _SURFACE_WORDS[surface].split()
    prompt = " ".join(words)
    if _MOOD_WORDS[mood]:
        prompt += f", {_MOOD_WORDS[mood]}"
    if token_texts(prompt)[: len(words)] != words:
        raise AssertionError(f"the grammar and the tokeniser disagree on {prompt!r}")
    things = _layout(rng, phrases, relation)
    sun = rng.choice((-1, 1)) * rng.uniform(0.35, 1.25)
    return Scene(seed, prompt, things, tuple(phrases), surface, mood, rng.randrange(3), sun)


def _phrases(rng: Random, relation: str, words: list[str]) -> list[Phrase]:
    stacked, deep = relation == "on top of", relation in ("in front of", "behind")
    # A ring is too low to be seen behind, or to have room behind it.
    shapes: list[Shape] = rng.sample([s for s in SHAPES if not (deep and s == "ring")], 2)
    colours: list[Colour] = rng.sample(COLOURS, 2)
    choices = [(1, 1), (1, 2), (2, 1)] if deep else [(1, 1), (1, 2), (2, 1), (1, 3), (3, 1), (2, 2)]
    counts = (1, 1) if stacked else rng.choice(choices)
    if stacked:
        shapes = [rng.choice([s for s in SHAPES if s not in STACKABLE and s != "ring"]),
                  rng.choice(sorted(STACKABLE))]  # fmt: skip
    first = _phrase(rng, counts[0], shapes[0], colours[0], words)
    words += relation.split()
    return [first, _phrase(rng, counts[1], shapes[1], colours[1], words)]


def _phrase(rng: Random, count: int, shape: Shape, colour: Colour, words: list[str]) -> Phrase:
    finish = rng.choice(_FINISHES)
    if finish == "dotted" and shape == "ring":
        finish = "plain"
    start = len(words)
    adjectives = [] if finish == "plain" else [finish]
    noun = shape if count == 1 else _plural(shape)
    article = _article((*adjectives, colour)[0]) if count == 1 else _COUNTS[count]
    words += [article, *adjectives, colour, noun]
    end = len(words)
    return Phrase(
        count, shape, colour, finish, start, end - 2, end - 1, tuple(range(start, end))
    )  # fmt: skip


def _article(word: str) -> str:
    return "an" if word[0] in "aeiou" else "a"


def _plural(shape: Shape) -> str:
    return f"{shape}s"


def _layout(rng: Random, phrases: Sequence[Phrase], relation: str) -> tuple[Thing, ...]:
    """Places for both phrases' things: they stand apart, inside the view, and obey the relation."""
    if relation == "on top of":
        return _stack(rng, phrases)
    total = sum(phrase.count for phrase in phrases)
    size = {2: 0.95, 3: 0.76, 4: 0.585}[total] * rng.uniform(0.96, 1.05)
    if relation in ("in front of", "behind"):
        front, back = (0, 1) if relation == "in front of" else (1, 0)
        places = _front_and_back(rng, {g: phrases[g].count for g in (front, back)}, size)
    else:
        places = _side_by_side(rng, phrases, [1, 0] if relation == "right of" else [0, 1], size)
    return tuple(
        _thing(rng, phrase, group, x, 0.0, z, size)
        for group, phrase in enumerate(phrases)
        for x, z in places[group]
    )


Places = dict[int, list[tuple[float, float]]]


def _front_and_back(rng: Random, counts: dict[int, int], size: float) -> Places:
    """Two rows, the first of ``counts`` in front; what stands behind looks out at the side."""
    (front, near), (back, far) = counts.items()
    side = rng.choice((-1, 1))
    if near == far:
        shift = {1: 0.9, 2: 0.7}[near] * size * side
        return {
            front: _row(rng, near, -1.0, size, shift),
            back: _row(rng, far, 1.7, size, -shift),
        }
    # One and two: the single one stands in the gap between the other two.
    return {front: _row(rng, near, -1.0, size, 0.0), back: _row(rng, far, 1.7, size, 0.0)}


def _row(rng: Random, count: int, z: float, size: float, shift: float) -> list[tuple[float, float]]:
    gap = 2.9 * size
    return [
        ((i - (count - 1) / 2) * gap + shift + rng.uniform(-0.1, 0.1), z + rng.uniform(-0.15, 0.15))
        for i in range(count)
    ]


def _side_by_side(
    rng: Random, phrases: Sequence[Phrase], order: Sequence[int], size: float
) -> Places:
    total = sum(phrase.count for phrase in phrases)
    gap = 2.32 * size
    places: Places = {}
    column = 0
    for group in order:
        places[group] = []
        for i in range(phrases[group].count):
            # Three of a kind stand in a shallow zigzag, so that all fit into the view.
            z = (0.55 if i % 2 else -0.35) + rng.uniform(-0.25, 0.25)
            x = (column - (total - 1) / 2) * gap + rng.uniform(-0.08, 0.08)
            places[group].append((x, z))
            column += 1
    return places


def _stack(rng: Random, phrases: Sequence[Phrase]) -> tuple[Thing, ...]:
    above, below = phrases
    x, z = rng.uniform(-0.7, 0.7), rng.uniform(-0.3, 0.6)
    base = _thing(rng, below, 1, x, 0.0, z, rng.uniform(0.82, 0.92))
    top = _thing(rng, above, 0, x, base.height, z, rng.uniform(0.58, 0.66))
    return (top, base)


def _thing(
    rng: Random, phrase: Phrase, group: int, x: float, y: float, z: float, size: float
) -> Thing:
    yaw = rng.uniform(0.25, 1.2)
    return Thing(
        phrase.shape, phrase.colour, phrase.finish, x, y, z, size, yaw, group, phrase.tokens
    )  # fmt: skip
