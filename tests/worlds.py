"""Small random worlds in which everything can be enumerated, and a driver for a strategy in them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import torch

from qstar.budget import Budget, Ledger
from qstar.engine.base import Prompt, Stops, Trie
from qstar.engine.scheduler import Live, Scheduler
from qstar.engine.table import TableEngine
from qstar.judge import Judge
from qstar.problem import Judgement, Problem, Verdict, Verifier
from qstar.request import GREEDY, Sampling, Unit
from qstar.search import MCTS, AStar, Backup, BestOfN, Future, Gain, Greedy, Leaf
from qstar.session import Journal, Session, Strategy
from qstar.tree import ROOT, Tree

PROBLEM = Problem("world", "p")
UNLIMITED = Budget()


class World(TableEngine):
    """A random next-token table over every prefix up to `depth`, where only the end remains.

    Args:
        seed: of the tables.
        letters: vocabulary without the end of text.
        newline: the last letter is the step delimiter.
        hint: what `token_q` tells. "exact": the best log-likelihood to come; "relaxed": a looser bound on it;
            "value": the best score that can still be reached. "state": nothing, but V of a state knows that score.
        flat: the larger, the less one token is more probable than another.
    """

    def __init__(
        self,
        seed: int,
        letters: int = 3,
        depth: int = 4,
        *,
        newline: bool = False,
        hint: str | None = None,
        flat: float = 1.0,
    ) -> None:
        super().__init__(letters + 1, Stops(frozenset([letters]), max_new_tokens=depth + 1))
        self.eos, self.depth, self.hint = letters, depth, hint
        self.names = "abcdefgh"[: letters - newline] + "\n" * newline
        rng = np.random.default_rng(seed)
        self.table: dict[tuple[int, ...], np.ndarray] = {}
        self.scores: dict[str, float] = {}
        level: list[tuple[int, ...]] = [()]
        for d in range(depth + 1):
            for prefix in level:
                p = rng.dirichlet([flat] * letters + [0.3 * flat]) if d < depth else np.eye(letters + 1)[letters]
                with np.errstate(divide="ignore"):
                    self.table[prefix] = np.log(p)
                self.scores[self.decode(prefix)] = rng.uniform(0, 0.999)
            level = [(*prefix, t) for prefix in level for t in range(letters)] if d < depth else []
        self.slack = {prefix: rng.uniform() for prefix in self.table}
        self.best_logp: dict[tuple[int, ...], float] = {}
        self.best_score: dict[tuple[int, ...], float] = {}
        for prefix in sorted(self.table, key=len, reverse=True):
            nexts = [(*prefix, t) for t in range(letters)] if len(prefix) < depth else []
            logp = [self.table[prefix][t[-1]] + self.best_logp[t] for t in nexts]
            self.best_logp[prefix] = max([self.table[prefix][letters], *logp])
            self.best_score[prefix] = max([self.score(prefix), *(self.best_score[t] for t in nexts)])
        self.computed: Counter[tuple[tuple[int, ...], tuple[int, ...]]] = Counter()

    def score(self, tokens: Sequence[int]) -> float:
        return self.scores[self.decode(tokens)]

    def judge(self, problem: Problem, text: str) -> Judgement:
        """The score of a finished text."""
        return Judgement(Verdict.UNKNOWN, self.scores[text])

    def sequences(self) -> Iterator[tuple[tuple[int, ...], float]]:
        """Every complete sequence with its log-probability."""
        for prefix in self.table:
            path = sum(self.table[prefix[:i]][t] for i, t in enumerate(prefix))
            if (end := self.table[prefix][self.eos]) > -math.inf:
                yield (*prefix, self.eos), path + end

    def logp(self, trie: Trie, tokens: Sequence[int]) -> np.ndarray:
        self.computed[trie.prompt, tuple(tokens)] += 1
        return self.table[tuple(tokens)]

    def token_q(self, trie: Trie, tokens: Sequence[int]) -> np.ndarray | None:
        if self.hint is None:
            return None
        out = np.empty(self.vocabulary)
        for token in range(self.vocabulary):
            prefix = (*tokens, token)
            over = token == self.eos
            if self.hint == "state":
                out[token] = 0.5
            elif self.hint == "value":
                out[token] = self.score(tokens) if over else self.best_score.get(prefix, 0.0)
            else:
                bound = 0.0 if over else min(self.best_logp.get(prefix, 0.0) + 1e-5, 0.0)  # of float32
                out[token] = bound * (self.slack.get(prefix, 0.0) if self.hint == "relaxed" else 1.0)
        return out

    def state_v(self, trie: Trie, tokens: Sequence[int]) -> float | None:
        return self.best_score[tuple(tokens)] if self.hint == "state" else None

    def encode(self, problem: Problem) -> Prompt:
        return Prompt([self.eos] * 3)

    def decode(self, tokens: Sequence[int]) -> str:
        return "".join(self.names[token] for token in tokens if token != self.eos)

    def encode_forced(self, text: str) -> list[int]:
        return [self.names.index(letter) for letter in text]


STRATEGIES: dict[str, Strategy] = {
    "greedy": Greedy(),
    "best-of-n": BestOfN(24, wave=8),
    "best-of-n-endless": BestOfN(None, wave=16),
    "astar": AStar(width=3),
    "astar-one": AStar(width=2, batch=1, g=Gain.SUM),
    "astar-step": AStar(unit=Unit.STEP, width=3, batch=2),
    "astar-step-drawn": AStar(unit=Unit.STEP, width=3, batch=2, sampling=Sampling()),
    "astar-drawn": AStar(width=3, sampling=Sampling(temperature=0.8)),
    "astar-proof": AStar(g=Gain.LOGP, h=Future.ZERO, proof=True, batch=1, width=2),
    "mcts": MCTS(width=3),
    "mcts-q": MCTS(width=3, leaf=Leaf.Q, noise=0.25, leaves=2, backup=Backup.MAX),
    "mcts-step": MCTS(unit=Unit.STEP, width=3, simulations=40),
    "mcts-revisit": MCTS(simulations=60, width=4, revisit=True),
}


def live(
    engine: TableEngine,
    strategy: Strategy,
    *,
    budget: Budget = UNLIMITED,
    verifier: Verifier | None = None,
    seed: int = 0,
    problem: Problem = PROBLEM,
    journal: Journal | None = None,
    entries: Sequence[Mapping[str, Any]] = (),
    stop_on_pass: bool = False,
) -> Live:
    """A problem ready for the scheduler; `entries` of a journal are replayed."""
    prompt = engine.encode(problem)
    ledger = Ledger(budget)
    session = Session(problem, strategy, Tree(problem.id, prompt.ids), seed=seed, ledger=ledger, journal=journal)
    judge = Judge(problem, verifier, ledger, lambda text: text)
    out = Live(session, judge, engine.open(prompt.ids), prompt, stop_on_pass)
    for entry in entries:
        out.replay(entry)
    return out


def run(engine: TableEngine, *lives: Live, **settings: Any) -> list[Live]:
    """Runs the problems to their ends, in the order in which they end."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # for tables of five numbers
    try:
        scheduler = Scheduler(engine, **settings)
        for each in lives:
            scheduler.add(each)
        return list(scheduler.run())
    finally:
        torch.set_num_threads(threads)


def solve(engine: TableEngine, strategy: Strategy, **settings: Any) -> Live:
    """Runs one problem to its end; its error, if any, is raised."""
    (done,) = run(engine, live(engine, strategy, **settings))
    if done.error is not None:
        raise done.error
    return done


def plain(done: Live) -> dict[str, Any]:
    """What two equal runs have in common: tree, counts and the reason of the end."""
    return {
        "tree": done.session.tree.to_json(),
        "ledger": done.ledger.counts(),
        "stop_reason": done.stop_reason,
    }


__all__ = ["GREEDY", "PROBLEM", "ROOT", "STRATEGIES", "World", "live", "plain", "run", "solve"]
