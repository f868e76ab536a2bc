"""Continuations sampled from a language model as a search samples them: what Monte-Carlo returns are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tqdm import tqdm

from qstar.budget import Budget
from qstar.engine.base import Engine
from qstar.problem import Problem, Verifier
from qstar.search import BestOfN
from qstar.solver import Solver


@dataclass(frozen=True)
class Rollout:
    """A distinct continuation of a problem.

    Attributes:
        tokens: up to and with its end-of-text token, or to where it was refuted or had no more room.
        text: None where it did not end by itself.
        count: how many draws came out as this one.
        forced: which of the tokens the verifier wrote.
    """

    tokens: tuple[int, ...]
    text: str | None
    count: int
    forced: frozenset[int] = frozenset()

    @property
    def half(self) -> int:
        """How many tokens it has where half of those it drew are drawn: what was forced was no choice."""
        drawn = [i for i in range(len(self.tokens)) if i not in self.forced]
        return drawn[len(drawn) // 2] if drawn else 0


def rollouts(
    engine: Engine,
    problems: Sequence[Problem],
    count: int,
    *,
    verifier: Verifier | str | None = None,
    seed: int = 0,
    in_flight: int = 4,
    quiet: bool = False,
) -> list[list[Rollout]]:
    """The distinct ones among `count` continuations of each problem at T = 1; problems need different ids.

    The verifier forces and refutes as it does in a search, so that what is learned of them is true there. Raises
    what failed, where a problem fails.
    """
    solver = Solver(
        engine,
        search=BestOfN(n=count, wave=count),
        budget=Budget(tokens=1 << 40),
        verifier=verifier,
        stop_on_pass=False,
        seed=seed,
    )
    found: dict[str, list[Rollout]] = {}
    results = solver.solve_many(problems, in_flight=in_flight)
    for result in tqdm(results, total=len(problems), desc="rollouts", disable=quiet):
        if result.error is not None:
            raise result.error
        tree = result.tree
        texts = {answer.node: answer.text for answer in tree.answers}
        ends = [node for node in range(1, len(tree)) if tree.is_terminal(node) or tree.is_dead(node)]
        found[tree.problem_id] = [
            Rollout(tree.path_tokens(n), texts.get(n), tree.count[n], frozenset(tree.forced[n])) for n in ends
        ]
    return [found[problem.id] for problem in problems]
