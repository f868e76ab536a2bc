"""The maze as a language: tokens are moves, a text is a walk, and its end comes when the walk is over."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from qstar.engine.base import Prompt, Stops, Trie
from qstar.engine.table import TableEngine
from qstar.maze import MOVES, PILE, Maze, State, Table
from qstar.problem import Judgement, Problem, Verdict

NAMES = tuple(MOVES)


class MazeEngine(TableEngine):
    """Speaks the walks of one maze.

    Args:
        maze: the world.
        q: Q(s, a), learned or exact, for `token_q`: the return of the whole walk that it foretells, brought into
            [0, 1] like the score of a finished walk. None has no Q head.
        gamma: discount of the returns.
        temperature: the prior is softmax(Q / temperature) over the legal moves; None is uniform.
    """

    EOS = len(NAMES)

    def __init__(
        self, maze: Maze, q: Table | None = None, *, gamma: float = 1.0, temperature: float | None = None
    ) -> None:
        if temperature is not None and (q is None or temperature <= 0):
            raise ValueError(f"a prior by softmax needs a Q-table and a temperature above 0, not {temperature}")
        super().__init__(len(NAMES) + 1, Stops(frozenset([self.EOS]), max_new_tokens=maze.steps + 1))
        self.maze, self.table, self.gamma, self.temperature = maze, q, gamma, temperature

    def problem(self) -> Problem:
        return Problem(f"A mouse, {self.maze.steps} steps:\n{self.maze.text}", "maze")

    def judge(self, problem: Problem, text: str) -> Judgement:
        """PASS if the walk ends at the big pile; the score is its discounted return, brought into [0, 1]."""
        states, total = self.maze.walk(text, self.gamma)
        at_pile = self.maze.rows[states[-1].row][states[-1].column] == PILE
        return Judgement(Verdict.PASS if at_pile else Verdict.FAIL, self.score(total))

    def score(self, total: float) -> float:
        """A return, from [worst, best] into [0, 1]."""
        low, high = self.maze.bounds()
        return min(max((total - low) / (high - low), 0.0), 1.0) if high > low else 0.0

    def total(self, score: float) -> float:
        """The return that has this score."""
        low, high = self.maze.bounds()
        return low + score * (high - low)

    def encode(self, problem: Problem) -> Prompt:
        if problem != self.problem():
            raise ValueError("this engine speaks of its own maze only: give it engine.problem()")
        return Prompt([self.EOS])

    def decode(self, tokens: Sequence[int]) -> str:
        return "".join(NAMES[token] for token in tokens if token != self.EOS)

    def encode_forced(self, text: str) -> list[int]:
        return [NAMES.index(move) for move in text]

    def logp(self, trie: Trie, tokens: Sequence[int]) -> np.ndarray:
        state, _ = self._walked(tokens)
        out = np.full(self.vocabulary, -math.inf)
        if not (moves := self.maze.moves(state)):
            out[self.EOS] = 0.0
            return out
        weights = np.zeros(len(moves))
        if self.temperature is not None and self.table is not None:
            weights = np.array([self.table[state][move] for move in moves]) / self.temperature
        out[[NAMES.index(move) for move in moves]] = weights - np.logaddexp.reduce(weights)
        return out

    def token_q(self, trie: Trie, tokens: Sequence[int]) -> np.ndarray | None:
        if self.table is None:
            return None
        state, so_far = self._walked(tokens)
        out = np.full(self.vocabulary, math.nan)
        out[self.EOS] = self.score(so_far)
        for move, q in self.table.get(state, {}).items():
            out[NAMES.index(move)] = self.score(so_far + self.gamma ** len(tokens) * q)
        return out

    def _walked(self, tokens: Sequence[int]) -> tuple[State, float]:
        states, total = self.maze.walk(self.decode(tokens), self.gamma)
        return states[-1], total
