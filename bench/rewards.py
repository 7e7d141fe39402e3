"""How good reward heads are, and how honest what they say of themselves, on planted worlds.

An image is as good as its generator, give or take luck, and a network sees that along one of its
directions. Three of ten people judge each pair: seven as they see it, give or take, one hardly
knows, two press anything. Metrics see the worth, give or take their own error. Generators and
people are the same in all worlds of a kind, prompts, images and votes are drawn anew. How right a
head truly is, is counted on as many new prompts as make chance small. Nothing here depends on the
machine.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from scoring.arrays import Floats, Ints
from scoring.rewards.linear import Linear
from scoring.rewards.report import HeadReport
from scoring.rewards.shares import hits_of
from scoring.rewards.training import Row, SeenImages, dimensions_of, train
from scoring.rewards.votes import leave_one_out, pair_votes
from scoring.statistics.estimate import Estimate

GENERATORS = (5, 8, 12)
PROMPTS, IMAGES, WIDTH = 250, 4, 24
NEW_PROMPTS = 10_000
SPREAD, LUCK = 0.7, 1.0
# How much a difference of 1 means to each of the people.
PEOPLE = np.array([2.5, 2.5, 2.0, 2.0, 1.5, 1.5, 1.5, 0.3, 0.0, 0.0])
TIES = 0.1
# Standard deviation of a metric's error; what sees the worth itself is as right as can be.
ERRORS = {"possible": 0.0, "good": 0.7, "common": 1.5, "coin": 1000.0}
RIVALS = ("good", "common", "coin")
DIMENSION = "overall"


@dataclass(frozen=True, slots=True)
class _Found:
    """Of one world: a head's report, and by the same names how right it and others truly are."""

    report: HeadReport
    truth: Mapping[str, float]

    @property
    def accuracy(self) -> dict[str, Estimate]:
        return {"head": self.report.accuracy, "person": self.report.person, **self.report.metrics}


def measure(
    worlds: int, note: Callable[[str], None], generators: Sequence[int] = GENERATORS
) -> Iterator[tuple[str, float, str]]:
    """rewards.accuracy.{of}, .behind, .beats and .coverage.{of} at each number of generators.

    ``behind``: how much more often than the head the worth itself is right; ``beats``: the share of
    worlds whose report shows the head to be better than each metric. ``coverage``: how often a
    report's interval holds what is true of its heads; ``beyond`` is of a metric.
    """
    for n in generators:
        note(f"{worlds} worlds of {n} generators")
        found = [_found(n, seed) for seed in range(worlds)]
        of = f"{n}_generators"
        for name in found[0].accuracy:
            values = [one.accuracy[name].value or 0.0 for one in found]
            yield f"rewards.accuracy.{name}.{of}", float(np.mean(values)), "share"
        behind = [-(one.report.beyond["possible"].value or 0.0) for one in found]
        yield f"rewards.behind.{of}", float(np.mean(behind)), "share"
        beats = [not set(RIVALS) & set(one.report.not_better_than) for one in found]
        yield f"rewards.beats.{of}", float(np.mean(beats)), "share"
        for name in ("head", "person", "good"):
            held = [_holds(one.accuracy[name], one.truth[name]) for one in found]
            yield f"rewards.coverage.{name}.{of}", float(np.mean(held)), "share"
        for name in RIVALS:
            held = [
                _holds(one.report.beyond[name], one.truth["head"] - one.truth[name])
                for one in found
            ]
            yield f"rewards.coverage.beyond_{name}.{of}", float(np.mean(held)), "share"


def _holds(told: Estimate, truth: float) -> bool:
    return told.interval is not None and told.interval[0] <= truth <= told.interval[1]


@dataclass(frozen=True, slots=True)
class _Images:
    """IMAGES of each prompt: who made them (prompts, IMAGES), what they are worth (images,), what a
    network sees (images, WIDTH) and what metrics say (images,).
    """

    made_by: Ints
    worth: Floats
    features: Floats
    values: Mapping[str, Floats]


def _found(n: int, seed: int) -> _Found:
    """What a head that learns from one planted world of ``n`` generators says of itself."""
    strengths = np.random.default_rng([10, n]).normal(0, SPREAD, n)
    rng = np.random.default_rng([11, n, seed])
    axis = np.linalg.qr(rng.normal(size=(WIDTH, 1)))[0][:, 0]
    images = _images(strengths, axis, PROMPTS, rng)
    names = [f"{image:05}" for image in range(len(images.worth))]
    rows = list(_rows(images, names, rng))
    seen = SeenImages(names, images.features, images.values)
    trained = train(dimensions_of(rows), seen, network="planted")
    [told] = trained.reports
    new = _images(strengths, axis, NEW_PROMPTS, rng)
    return _Found(told.report, _truth(new, trained.folds[DIMENSION], rng))


def _images(strengths: Floats, axis: Floats, prompts: int, rng: np.random.Generator) -> _Images:
    made_by = rng.permuted(np.tile(np.arange(len(strengths)), (prompts, 1)), axis=1)[:, :IMAGES]
    worth = (strengths[made_by] + rng.normal(0, LUCK, made_by.shape)).reshape(-1)
    features = rng.normal(size=(len(worth), WIDTH))
    features += np.outer(worth - features @ axis, axis)
    values = {name: worth + rng.normal(0, error, len(worth)) for name, error in ERRORS.items()}
    return _Images(made_by, worth, features, values)


def _votes(images: _Images, rng: np.random.Generator) -> tuple[Ints, Ints, Ints, Ints]:
    """Every two images of each prompt, as three people see them.

    Their numbers, first (pairs,) and second, who (pairs, 3), and what they answer: 0 the first,
    1 the second, 2 a tie. A pair that people are level on is left out, as in an export of
    preferences.
    """
    i, j = np.triu_indices(IMAGES, 1)
    place = np.arange(len(images.worth)).reshape(-1, IMAGES)
    first, second = place[:, i].reshape(-1), place[:, j].reshape(-1)
    who = rng.random((len(first), len(PEOPLE))).argsort(axis=1)[:, :3]
    apart = (images.worth[first] - images.worth[second])[:, None]
    answer = (rng.random(who.shape) >= expit(PEOPLE[who] * apart)).astype(np.int64)
    answer[rng.random(who.shape) < TIES] = 2
    told = (answer == 0).sum(axis=1) != (answer == 1).sum(axis=1)
    return first[told], second[told], who[told], answer[told]


def _truth(new: _Images, heads: Sequence[Linear], rng: np.random.Generator) -> dict[str, float]:
    """How often each agrees with more of the other people, on prompts that no head has seen.

    Of heads the mean, for each has told a fifth of what the report is about.
    """
    first, second, _, answer = _votes(new, rng)
    won, tied, lost = ((answer == each).sum(axis=1) for each in (0, 2, 1))
    left = leave_one_out(pair_votes(won, tied, lost, first // IMAGES))
    by_heads = {f"head {number}": head(new.features) for number, head in enumerate(heads)}
    right = {
        name: hits_of((value[first] - value[second])[left.pair], left.others)
        for name, value in (by_heads | dict(new.values)).items()
    }
    right["person"] = hits_of(left.own, left.others)
    found = {name: float(np.average(hits, weights=left.n)) for name, hits in right.items()}
    return found | {"head": float(np.mean([found[name] for name in by_heads]))}


def _rows(images: _Images, names: Sequence[str], rng: np.random.Generator) -> Iterator[Row]:
    made_by = images.made_by.reshape(-1).tolist()
    for one, other, who, answer in zip(
        *(column.tolist() for column in _votes(images, rng)), strict=True
    ):
        choices = [("a", "b", "tie")[each] for each in answer]
        votes = {key: choices.count(key) for key in ("a", "b", "tie")} | {"both_bad": 0}
        chosen, rejected = ("a", "b") if votes["a"] > votes["b"] else ("b", "a")
        ends = {"a": one, "b": other}
        yield {
            "prompt": f"prompt {one // IMAGES}", "dimension": DIMENSION, "item": f"{one}-{other}",
            "meta": {"item": {}, "chosen": {}, "rejected": {}}, "pair": "ab", "votes": votes,
            "chosen": names[ends[chosen]], "rejected": names[ends[rejected]],
            "letters": {"chosen": chosen, "rejected": rejected},
            "generators": {
                "chosen": str(made_by[ends[chosen]]), "rejected": str(made_by[ends[rejected]]),
            },
            "people": tuple(zip(map(str, who), choices, strict=True)),
        }  # fmt: skip
