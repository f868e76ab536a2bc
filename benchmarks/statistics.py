"""Intervals and tests for runs on the same problems: bootstrap over problems, exact sign flips, Holm's correction.

Problems are the unit that is resampled; the seeds of a problem are averaged first, because draws on one problem say
little about the next. Nothing here needs more than numpy, and the same input gives the same numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
_CHUNK = 500  # resamples held as floats at a time


@dataclass(frozen=True)
class Estimate:
    """A mean with its interval; None where there is nothing to say (no problems, or a bound that was not reached)."""

    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Bootstrap:
    """Resamples of problems: the same ones for every row of the same number of problems, so that rows stay paired.

    Attributes:
        draws: resamples.
        seed: of the generator that draws them.
        level: coverage of the intervals.
    """

    draws: int = 10_000
    seed: int = 0
    level: float = 0.95

    def __post_init__(self) -> None:
        if self.draws < 100:
            raise ValueError(f"{self.draws} resamples give no 95% interval: take 100 or more (10000 by default)")
        if not 0 < self.level < 1:
            raise ValueError(f"the level of an interval lies between 0 and 1, not at {self.level}")

    def weights(self, n: int) -> NDArray[np.uint16]:
        """How often each of `n` problems is in each resample, `[draws, n]`."""
        return _weights(n, self.draws, self.seed)

    def apply(self, n: int, statistic: Callable[[Array], Array], draws: int | None = None) -> Array:
        """`statistic` of every resample: it takes weights `[chunk, n]` and returns `[chunk]`."""
        weights = self.weights(n)[:draws]
        chunks = (weights[at : at + _CHUNK] for at in range(0, len(weights), _CHUNK))
        return np.concatenate([statistic(chunk.astype(np.float64)) for chunk in chunks])

    def percentiles(self, resampled: Array) -> tuple[float, float]:
        """The percentile interval of resampled values, which may be infinite."""
        tail = (1 - self.level) / 2
        # a bound is a value that was drawn: between a number and infinity there is nothing to interpolate
        low = np.quantile(resampled, tail, method="lower")
        return float(low), float(np.quantile(resampled, 1 - tail, method="higher"))

    def mean(self, values: Sequence[float] | Array, share: bool = False) -> Estimate:
        """The mean of per-problem values with its percentile interval.

        A `share` lies between 0 and 1. Where it is 0 or 1 on every problem no resample differs, and the exact binomial
        bound is given in place of an interval of no width.
        """
        array = np.asarray(values, np.float64)
        n = len(array)
        if n == 0:
            return Estimate(None)
        value = float(array.mean())
        if share and value in (0.0, 1.0):
            edge = ((1 - self.level) / 2) ** (1 / n)
            return Estimate(value, edge, 1.0) if value else Estimate(value, 0.0, 1 - edge)
        return Estimate(value, *self.percentiles(self.apply(n, lambda weights: weights @ array / n)))


@lru_cache(maxsize=8)
def _weights(n: int, draws: int, seed: int) -> NDArray[np.uint16]:
    rng = np.random.default_rng([seed, n])
    return rng.multinomial(n, np.full(n, 1 / n), size=draws).astype(np.uint16)


def sign_flip(differences: Sequence[Fraction | int]) -> float:
    """The exact two-sided p of a mean difference of zero: the share of all sign flips at least as far from zero.

    Differences are per-problem means over seeds, so whole multiples of one fraction; all 2^n flips are counted by
    adding one problem after another to the distribution of the sum. With one seed this is McNemar's exact test.
    """
    scale = math.lcm(*(Fraction(d).denominator for d in differences))
    steps = [abs(int(d * scale)) for d in differences if d]
    total = sum(steps)
    if not total:
        return 1.0
    ways = np.zeros(2 * total + 1)  # probability of each sum, -total to total
    ways[total] = 1.0
    for step in steps:
        moved = np.zeros_like(ways)
        moved[step:] += ways[: len(ways) - step]
        moved[: len(ways) - step] += ways[step:]
        ways = moved / 2
    far = abs(int(sum(d * scale for d in differences)))
    return min(1.0, float(ways[: total - far + 1].sum() + ways[total + far :].sum()))


def mcnemar(wins: int, losses: int) -> float:
    """McNemar's exact two-sided p: `wins` problems that only one solved, `losses` that only the other solved."""
    n, tail = wins + losses, min(wins, losses)
    return min(1.0, 2 * float(Fraction(sum(math.comb(n, k) for k in range(tail + 1)), 2**n)))


def holm(ps: Sequence[float]) -> list[float]:
    """Holm's step-down adjustment: below 0.05 means significant at 5% with all of `ps` in view."""
    adjusted, running = [0.0] * len(ps), 0.0
    for rank, at in enumerate(sorted(range(len(ps)), key=lambda i: ps[i])):
        running = max(running, min(1.0, (len(ps) - rank) * ps[at]))
        adjusted[at] = running
    return adjusted


@dataclass(frozen=True, eq=False)
class Spending:
    """When a search first held a right answer and when it ended, in charged tokens after the prompt.

    Attributes:
        solved: infinite where it never did, `[problems, seeds]`.
        end: all that was charged, `[problems, seeds]`.
        prompt: mean prompt tokens a problem.
    """

    solved: Array
    end: Array
    prompt: float

    @property
    def all(self) -> float:
        """Mean tokens charged to the end."""
        return float(self.end.mean()) + self.prompt

    def needed(self, share: float, weights: Array | None = None) -> tuple[Array, Array]:
        """The smallest cap under which a `share` of the problems is solved, and the mean tokens charged under it.

        `weights` `[resamples, problems]` counts each problem; one count each by default. Both results are
        `[resamples]`, infinite where the search never solves as many.
        """
        problems, seeds = self.solved.shape
        weights = np.ones((1, problems)) if weights is None else weights
        solved, end = self.solved.ravel(), self.end.ravel()
        each = np.repeat(weights, seeds, axis=1)
        order = np.argsort(solved, kind="stable")
        order = order[np.isfinite(solved[order])]
        if not len(order):
            return np.full(len(weights), np.inf), np.full(len(weights), np.inf)
        reached = np.cumsum(each[:, order], axis=1) >= share * weights.sum(axis=1, keepdims=True) * seeds - 1e-9
        cap = np.where(reached[:, -1], solved[order][reached.argmax(axis=1)], np.inf)
        spent = (each * np.minimum(end, cap[:, None])).sum(axis=1) / each.sum(axis=1) + self.prompt
        return cap, np.where(np.isfinite(cap), spent, np.inf)
