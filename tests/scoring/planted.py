"""Planted projects: five generators, every pair of a prompt's images, three votes a pair.

An image is as good as its generator, give or take what this prompt made of it: the items of one
prompt share images, so they are no independent looks. Who stands left has an advantage.
"""

from dataclasses import dataclass

import numpy as np

from scoring.arrays import Floats, Ints
from scoring.davidson import SidedStrengths, SidedVotes, davidson, sided_votes
from scoring.plackett_luce import plackett_luce
from scoring.ranking import Strengths
from scoring.statistics.cluster_bootstrap import (
    Ratios,
    cluster_ratios,
    clusters_of,
    sums_by_group,
)

QUALITY = np.array([0.8, 0.4, 0.0, -0.4, -0.8])
GENERATORS = len(QUALITY)
LUCK, SIDE, TIE = 0.9, 0.3, 0.6
PAIRS = np.array([(a, b) for a in range(GENERATORS) for b in range(a + 1, GENERATORS)])


@dataclass(frozen=True)
class Project:
    """Votes by side; and of each item its prompt, its two generators, and the share of the first
    by the majority of three: 1, ½ or 0.
    """

    votes: SidedVotes
    prompt: Ints
    pair: Ints
    share: Floats


def simulated(rng: np.random.Generator, prompts: int) -> Project:
    quality = QUALITY + rng.normal(0, LUCK, (prompts, GENERATORS))
    prompt = np.repeat(np.arange(prompts), len(PAIRS))
    pair = np.tile(PAIRS, (prompts, 1))
    left_of, right_of, outcomes, for_a = [], [], [], np.zeros((len(pair), 3))
    for _ in range(3):
        turned = rng.random(len(pair)) < 0.5
        left = np.where(turned, pair[:, 1], pair[:, 0])
        right = np.where(turned, pair[:, 0], pair[:, 1])
        half = (quality[prompt, left] - quality[prompt, right] + SIDE) / 2
        weights = np.stack([np.exp(half), np.exp(-half), np.full(len(half), TIE)], axis=1)
        chance = np.cumsum(weights / weights.sum(axis=1, keepdims=True), axis=1)
        outcome = (rng.random(len(half))[:, None] > chance[:, :2]).sum(axis=1)
        left_of.append(left)
        right_of.append(right)
        outcomes.append(np.eye(3)[outcome])
        choice = np.where(outcome == 2, 2, outcome ^ turned)
        for_a[np.arange(len(pair)), choice] += 1
    share = np.where(for_a[:, 0] >= 2, 1.0, np.where(for_a[:, 1] >= 2, 0.0, 0.5))
    votes = sided_votes(
        np.concatenate(left_of),
        np.concatenate(right_of),
        np.concatenate(outcomes),
        clusters_of(np.tile(prompt, 3)),
        GENERATORS,
    )
    return Project(votes, prompt, pair, share)


def win_rates(project: Project) -> Ratios:
    """(wins + ties / 2) / n of each generator over items."""
    clusters = clusters_of(project.prompt)
    above, below = np.zeros((2, clusters.groups, GENERATORS))
    for side, share in ((0, project.share), (1, 1 - project.share)):
        above += sums_by_group(clusters, project.pair[:, side], GENERATORS, share)
        below += sums_by_group(clusters, project.pair[:, side], GENERATORS, 1)
    return cluster_ratios(above, below, clusters)


@dataclass(frozen=True)
class Truth:
    """What the numbers come to over very many prompts."""

    theta: Floats
    rates: Floats
    side: float


def population(rng: np.random.Generator, prompts: int = 20_000) -> Truth:
    project = simulated(rng, prompts)
    found = davidson(project.votes)
    assert isinstance(found, SidedStrengths)
    assert found.side.value is not None
    return Truth(found.strengths.theta, win_rates(project).values, found.side.value)


def simulated_rankings(rng: np.random.Generator, prompts: int) -> Strengths:
    """Strengths from three rankings of all five images a prompt, near ones level."""
    quality = QUALITY + rng.normal(0, LUCK, (prompts, GENERATORS))
    arrival = np.repeat(quality, 3, axis=0) + rng.gumbel(size=(3 * prompts, GENERATORS))
    members = np.tile(np.arange(GENERATORS), (3 * prompts, 1))
    tiers = -np.round(arrival / TIE)
    clusters = clusters_of(np.repeat(np.arange(prompts), 3))
    found = plackett_luce(members, tiers, clusters, GENERATORS)
    assert isinstance(found, Strengths)
    return found
