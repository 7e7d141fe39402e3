"""How alike the places are that several people mark on an image.

Whether an image was marked at all says nothing of where: two people who click opposite corners
agree in that. Compared are their heatmaps, by Pearson's correlation over pixels (CC of the saliency
literature): each person with the mean of the others, which is also what a model can be asked for;
and every two people, corrected for what marks of *other* images would agree by themselves, since
people look, and generators fail, in some places more than in others. Regions are compared by
intersection over union, every two people's, and corrected in the same way.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from scoring.arrays import Floats
from scoring.heatmap import FloatMap, marks_to_heatmap
from scoring.masks import Mask
from scoring.reasons import Code, Reason
from scoring.statistics.estimate import Estimate
from scoring.statistics.resampling import dense, percentiles, quotient

SIZE = 64
ROUNDING = 1e-9
# A bootstrap of fewer images is too narrow to be shown.
FEWEST = 6


@dataclass(frozen=True, slots=True)
class PlaceAgreement:
    """Of images that two people or more marked; ``n`` counts them.

    ``loo_cc``: each person's map against the mean of the others', in [-1, 1]. ``corrected``: that
    of every two people, 0 what marks of other images agree, 1 the same places.
    """

    loo_cc: Estimate
    corrected: Estimate


@dataclass(frozen=True, slots=True)
class RegionAgreement:
    """Of images that two people or more drew on; ``n`` counts them.

    ``iou``: intersection over union of every two people's regions, in [0, 1]. ``corrected``: the
    same, 0 what regions of other images agree, 1 the same regions.
    """

    iou: Estimate
    corrected: Estimate


def leave_one_out(maps: Sequence[FloatMap]) -> list[float | None]:
    """Each person's correlation with the mean of the others' maps; None where one is constant."""
    rows = np.stack([np.asarray(each, np.float64).ravel() for each in maps])
    rows = rows - rows.mean(axis=1, keepdims=True)
    others = rows.sum(axis=0) - rows
    return [_cosine(own, rest) for own, rest in zip(rows, others, strict=True)]


def _cosine(a: Floats, b: Floats) -> float | None:
    below = float(np.linalg.norm(a) * np.linalg.norm(b))
    return float(a @ b) / below if below > 1e-12 else None


def place_agreement(
    images: Sequence[Sequence[ArrayLike]],
    clusters: Sequence[Hashable] | None = None,
    *,
    size: int = SIZE,
    resamples: int = 0,
    seed: int = 0,
) -> PlaceAgreement:
    """Of each image's people's marks, (n, 2) in fractions; who marked nothing is passed over.

    Intervals are percentiles of a bootstrap over ``clusters`` (the items that images belong to),
    from FEWEST images on.
    """
    names = range(len(images)) if clusters is None else clusters
    marked = [[marks for marks in image if len(np.asarray(marks)) > 0] for image in images]
    some = [(image, name) for image, name in zip(marked, names, strict=True) if len(image) > 1]
    if not some:
        nothing = Estimate(None, 0, undefined=Reason(Code.NO_IMAGE_MARKED_TWICE))
        return PlaceAgreement(nothing, nothing)
    each = [_of_image(image, size) for image, _ in some]
    found = _Sums(
        loo=np.array([one.loo for one in each]),
        pairs=np.array([one.pairs for one in each]),
        alike=np.array([one.alike for one in each]),
        people=np.array([one.people for one in each]),
        gram=(rows := np.stack([one.together for one in each])) @ rows.T,
    )
    once = np.ones((1, len(each)))
    items = dense(np.array([str(name) for _, name in some]))
    drawn = _drawn(items, resamples, seed)
    shape = len(each), max(2, int(items.max()) + 1)
    return PlaceAgreement(
        _estimate(found.mean_loo(once), found.mean_loo(drawn), *shape),
        _estimate(found.corrected(once), found.corrected(drawn), *shape),
    )


@dataclass(frozen=True, slots=True)
class _Image:
    """One image: mean of its people's leave-one-out, sum of its pairs', sum of its unit maps."""

    loo: float
    pairs: int
    alike: float
    people: int
    together: Floats


def _of_image(people: Sequence[ArrayLike], size: int) -> _Image:
    maps = [marks_to_heatmap([marks], size=(size, size)) for marks in people]
    rows = np.stack([each.ravel().astype(np.float64) for each in maps])
    rows -= rows.mean(axis=1, keepdims=True)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    n = len(rows)
    together = rows.sum(axis=0)
    alike = (float(together @ together) - n) / 2
    loo = [value for value in leave_one_out(maps) if value is not None]
    return _Image(float(np.mean(loo)), n * (n - 1) // 2, alike, n, together)


def region_agreement(
    images: Sequence[Sequence[Mask]],
    clusters: Sequence[Hashable] | None = None,
    *,
    resamples: int = 0,
    seed: int = 0,
) -> RegionAgreement:
    """Of each image's people's masks, all of one size; who drew nothing is passed over.

    Chance is what people draw on *other* images, as for marks; so are the intervals.
    """
    names = range(len(images)) if clusters is None else clusters
    drawn = [[mask.ravel() for mask in image if mask.any()] for image in images]
    some = [(image, name) for image, name in zip(drawn, names, strict=True) if len(image) > 1]
    if not some:
        nothing = Estimate(None, 0, undefined=Reason(Code.NO_IMAGE_MARKED_TWICE))
        return RegionAgreement(nothing, nothing)
    people = np.array([len(image) for image, _ in some])
    rows = np.stack([mask for image, _ in some for mask in image]).astype(np.float32)
    both, area = (rows @ rows.T).astype(np.float64), rows.sum(axis=1, dtype=np.float64)
    alike = both / (area[:, None] + area - both)
    starts = np.concatenate([[0], np.cumsum(people)[:-1]])
    gram = np.add.reduceat(np.add.reduceat(alike, starts, axis=0), starts, axis=1)
    found = _Sums(
        loo=np.zeros(len(some)),
        pairs=people * (people - 1) / 2,
        # Everybody agrees with themselves, and every two are there twice.
        alike=(np.diag(gram) - people) / 2,
        people=people.astype(np.float64),
        gram=gram,
    )
    once = np.ones((1, len(some)))
    items = dense(np.array([str(name) for _, name in some]))
    drawings = _drawn(items, resamples, seed)
    shape = len(some), max(2, int(items.max()) + 1)
    return RegionAgreement(
        _estimate(found.observed(once), found.observed(drawings), *shape),
        _estimate(found.corrected(once), found.corrected(drawings), *shape),
    )


@dataclass(frozen=True, slots=True)
class _Sums:
    """By image; ``gram`` (images, images) is what marks of one agree with those of another."""

    loo: Floats
    pairs: Floats
    alike: Floats
    people: Floats
    gram: Floats

    def mean_loo(self, weights: Floats) -> Floats:
        """(draws,) of weights (draws, images)."""
        return quotient(weights @ self.loo, weights.sum(axis=1))

    def observed(self, weights: Floats) -> Floats:
        """How alike every two people of an image are, (draws,)."""
        return quotient(weights @ self.alike, weights @ self.pairs)

    def corrected(self, weights: Floats) -> Floats:
        """(observed - expected) / (1 - expected), (draws,)."""
        observed = self.observed(weights)
        across = ((weights @ self.gram) * weights).sum(axis=1) - weights**2 @ np.diag(self.gram)
        people = weights @ self.people
        expected = quotient(across, people**2 - weights**2 @ self.people**2)
        varies = 1 - expected > ROUNDING
        return quotient(observed - expected, np.where(varies, 1 - expected, 0.0))


def _drawn(clusters: ArrayLike, resamples: int, seed: int) -> Floats:
    """(resamples, images): how often each is drawn, an item's images together."""
    at = np.asarray(clusters, np.int64)
    n = int(at.max()) + 1
    rng = np.random.default_rng(seed)
    found: Floats = rng.multinomial(n, np.full(n, 1 / n), size=resamples).astype(np.float64)[:, at]
    return found


def _estimate(value: Floats, drawn: Floats, n: int, clusters: int) -> Estimate:
    if not np.isfinite(value[0]):
        why = Code.ONE_IMAGE_MARKED if n == 1 else Code.NO_VARIATION
        return Estimate(None, n, undefined=Reason(why))
    interval = percentiles(drawn, clusters) if len(drawn) and n >= FEWEST else None
    return Estimate(float(value[0]), n, interval=interval)
