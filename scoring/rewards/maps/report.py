"""How good a map head is: on held-out prompts, beside one person and beside the mean map.

People are left out one by one, and all are held against the same: what the others marked of the
image. Of an image of which the others marked nothing there is no place to tell.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scoring.arrays import Floats, Ints
from scoring.rewards.cross_fitting import FOLDS
from scoring.rewards.head import folds_of
from scoring.rewards.maps.head import GRID, enlarged, learnt, shrunk
from scoring.rewards.maps.likeness import auc_judd, cc, kld
from scoring.rewards.maps.people import MarkedImage, drawn
from scoring.rewards.shares import share_of
from scoring.statistics.estimate import Estimate
from scoring.statistics.resampling import dense


@dataclass(frozen=True, slots=True)
class Likeness:
    """Means over people left out: ``cc`` from -1 to 1, ``kld`` from 0, ``auc`` from 0 to 1."""

    cc: Estimate
    kld: Estimate
    auc: Estimate


@dataclass(frozen=True, slots=True)
class MapReport:
    """The head, one person, and the mean map of all images but those of the fold, a centre prior.

    ``beyond``: how much more the head's correlation is than the mean map's. Intervals are over
    prompts.
    """

    images: int
    people: int
    prompts: int
    head: Likeness
    person: Likeness
    mean_map: Likeness
    beyond: Estimate


def held_out(
    marked: Sequence[MarkedImage], cells: Floats, heat: Floats, *, seed: int = 0
) -> tuple[Floats, Floats]:
    """(n, SIDE, SIDE) each: by heads, and by mean maps, of the prompts of the other folds."""
    prompts = dense([one.prompt for one in marked])
    fold = folds_of(prompts, folds=FOLDS, seed=seed)
    told, mean = np.zeros_like(heat), np.zeros_like(heat)
    for each in np.unique(fold):
        held = fold == each
        if not held.all():
            head = learnt(cells[~held], shrunk(heat[~held]), prompts[~held], seed=seed)
            told[held] = head.heat(cells[held])
            grid = shrunk(heat[~held]).mean(axis=0).reshape(1, GRID, GRID)
            mean[held] = enlarged(grid)[0]
    return told, mean


def map_report(marked: Sequence[MarkedImage], told: Floats, mean: Floats) -> MapReport:
    """Of maps (n, SIDE, SIDE) by heads and by mean maps that have seen nothing of the prompt."""
    rows: list[tuple[Floats, ...]] = []
    at: list[int] = []
    for place, one in enumerate(marked):
        for out in range(len(one.people)):
            others = [*one.people[:out], *one.people[out + 1 :]]
            marks = np.concatenate([np.zeros((0, 2)), *others])
            if len(marks):
                truth = drawn(others)
                own = drawn([one.people[out]])
                three = (told[place], own, mean[place])
                rows.append(tuple(_likeness(each, truth, marks) for each in three))
                at.append(place)
    prompts = dense([one.prompt for one in marked])[np.array(at, np.int64)]
    table = np.array(rows).reshape(len(at), 3, 3)
    head, person, mean_map = (_of(table[:, who], prompts) for who in range(3))
    return MapReport(
        images=len(marked),
        people=len(at),
        prompts=len(np.unique(prompts)),
        head=head,
        person=person,
        mean_map=mean_map,
        beyond=_mean(table[:, 0, 0] - table[:, 2, 0], prompts),
    )


def _likeness(told: Floats, truth: Floats, marks: Floats) -> Floats:
    return np.array([cc(told, truth), kld(told, truth), auc_judd(told, marks)])


def _of(table: Floats, prompts: Ints) -> Likeness:
    return Likeness(*(_mean(column, prompts) for column in table.T))


def _mean(values: Floats, prompts: Ints) -> Estimate:
    return share_of(values, np.ones(len(values)), prompts)
