"""Reward up, people down: what metrics and people say of a training run, step by step.

A policy that is trained against a reward comes to please the reward more than people: the reward
goes on rising while what it stands for falls (Gao, Schulman and Hilton 2022, arXiv 2210.10760).
Nothing here takes the two on one scale; it is asked whether one has surely risen and the other
surely fallen between the same two steps.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import stdtrit

from scoring.arrays import Floats, Ints
from scoring.reasons import Code, Reason
from scoring.statistics.cluster_bootstrap import too_few_prompts
from scoring.statistics.estimate import Estimate, Interval
from scoring.statistics.proportions import score_interval
from scoring.statistics.resampling import CONFIDENCE


@dataclass(frozen=True, slots=True)
class Series:
    """Numbers, ``value`` (n,), larger being better, each of a ``step`` and a ``prompt`` (n,).

    Steps are numbered 0 … steps - 1 in their order; prompts by small numbers from 0 on. ``shares``:
    the numbers are from 0 to 1, and so is what is between which their mean may lie.
    """

    value: Floats
    step: Ints
    prompt: Ints
    steps: int
    shares: bool = False


@dataclass(frozen=True, slots=True)
class Divergence:
    """From the ``earlier`` step to the last the metric has risen by ``metric``, people fallen."""

    earlier: int
    metric: Estimate
    people: Estimate


class StepMeans:
    """Each step's mean, and what each prompt has in it."""

    def __init__(self, series: Series) -> None:
        steps, prompts = series.steps, int(series.prompt.max(initial=-1)) + 1
        self._shares = series.shares
        self.n = np.bincount(series.step, minlength=steps)
        self.value = np.full(steps, np.nan)
        total = np.bincount(series.step, series.value, steps)
        np.divide(total, self.n, out=self.value, where=self.n > 0)
        each = (series.value - self.value[series.step]) / np.maximum(self.n, 1)[series.step]
        cell = series.step * max(prompts, 1) + series.prompt
        size = steps * max(prompts, 1)
        self._parts = np.bincount(cell, each, size).reshape(steps, -1)
        self._there = np.bincount(cell, minlength=size).reshape(steps, -1) > 0

    def means(self) -> list[Estimate]:
        """With intervals of 95 % by Student's t over prompts; of shares Wilson's of the same error.

        Where all numbers of a step are 0, or 1, its trials are its prompts.
        """
        return [self._mean(step) for step in range(len(self.n))]

    def _mean(self, step: int) -> Estimate:
        if not self.n[step]:
            return Estimate(None, 0, undefined=Reason(Code.NO_VALUE))
        found = self._estimate(
            float(self.value[step]), int(self.n[step]), self._parts[step], [step], CONFIDENCE
        )
        if self._shares and found.value is not None and found.interval is not None:
            return replace(found, interval=self._of_share(step, found.value))
        return found

    def _of_share(self, step: int, share: float) -> Interval:
        prompts = int(self._there[step].sum())
        error = _error(self._parts[step], prompts)
        trials = share * (1 - share) / error**2 if error > 0 and 0 < share < 1 else prompts
        return score_interval(share, trials, float(stdtrit(prompts - 1, (1 + CONFIDENCE) / 2)))

    def change(self, earlier: int, later: int, confidence: float = CONFIDENCE) -> Estimate:
        """Of the mean, from one step to another; prompts that both have are held together."""
        if not (self.n[earlier] and self.n[later]):
            return Estimate(None, 0, undefined=Reason(Code.NO_VALUE))
        return self._estimate(
            float(self.value[later] - self.value[earlier]),
            int(self.n[earlier] + self.n[later]),
            self._parts[later] - self._parts[earlier],
            [earlier, later],
            confidence,
        )

    def _estimate(
        self, value: float, n: int, parts: Floats, steps: Sequence[int], confidence: float
    ) -> Estimate:
        fewest = min(int(self._there[step].sum()) for step in steps)
        if few := too_few_prompts(fewest):
            return Estimate(value, n, no_interval=few)
        # Of fewer prompts than take part in it, where the steps' prompts differ: wider, never less.
        reach = float(stdtrit(fewest - 1, (1 + confidence) / 2)) * _error(parts, fewest)
        return Estimate(value, n, interval=(value - reach, value + reach))


def _error(parts: Floats, prompts: int) -> float:
    """The standard error of a sum of what so many prompts have in it."""
    return math.sqrt(float(parts @ parts) * prompts / (prompts - 1))


def divergence(people: Series, metric: Series) -> Divergence | None:
    """Whether the metric has surely risen to the last step, and people's judgement surely fallen.

    The last step is held against every earlier one. Intervals are of 1 - 0.05 / (earlier steps)
    (Bonferroni), so that while people's judgement does not fall an alarm is rung in 2.5 % of
    cases at most, whatever any metrics do; where it does fall, in as many for each metric that
    does not rise. Of several earlier steps it is the one since when people have fallen most surely.
    """
    last = people.steps - 1
    if last < 1:
        return None
    confidence = 1 - (1 - CONFIDENCE) / last
    judged, measured = StepMeans(people), StepMeans(metric)
    found: list[tuple[float, Divergence]] = []
    for earlier in range(last):
        fall = judged.change(earlier, last, confidence)
        rise = measured.change(earlier, last, confidence)
        if fall.interval is None or rise.interval is None:
            continue
        if fall.interval[1] < 0 < rise.interval[0]:
            found.append((fall.interval[1], Divergence(earlier, rise, fall)))
    return min(found, key=lambda each: each[0])[1] if found else None
