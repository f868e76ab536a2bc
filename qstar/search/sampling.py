"""Strategies without a tree: one greedy completion, and independent samples."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import numpy as np

from qstar.request import GREEDY, Expand, Sampling, Submit, Unit, Wait
from qstar.search.base import SAMPLED
from qstar.tree import ROOT, Tree


@dataclass(frozen=True)
class Greedy:
    """The most probable token, again and again."""

    anytime = True

    def search(self, tree: Tree, rng: np.random.Generator) -> Generator[Any, Any, None]:
        yield Expand((ROOT,), 1, Unit.ANSWER, GREEDY)


@dataclass(frozen=True)
class BestOfN:
    """`n` independent completions, or as many as the budget allows; which one is the answer is the selector's choice.

    Attributes:
        n: completions; None draws until the budget is spent, or 64 draws in a row have brought nothing new: what
            is known is drawn again at no cost, and the budget might never be spent.
        wave: completions in flight at most.
    """

    n: int | None = None
    wave: int = 64
    sampling: Sampling = SAMPLED
    anytime = True

    def __post_init__(self) -> None:
        if self.wave < 1 or (self.n is not None and self.n < 1):
            raise ValueError(f"n and wave must be at least 1, not {self.n} and {self.wave}")

    def search(self, tree: Tree, rng: np.random.Generator) -> Generator[Any, Any, None]:
        """Requests of a quarter wave each: as one is answered the next begins, so that the batch stays full."""
        size = max(1, self.wave // 4)
        left = self.n
        flying: list[int] = []
        known, stale = len(tree), 0
        while flying or left is None or left > 0:
            while len(flying) * size < self.wave and (left is None or left > 0):
                draw = size if left is None else min(size, left)
                flying.append((yield Submit(Expand((ROOT,), draw, Unit.ANSWER, self.sampling))))
                left = None if left is None else left - draw
            ticket, _ = yield Wait(tuple(flying))
            flying.remove(ticket)
            stale = stale + size if len(tree) == known else 0
            known = len(tree)
            if self.n is None and stale >= 64:
                left = 0
