"""Game of 24 without a model: uniformly random legal steps, exhaustive search, and what GPT-4 is reported to solve.

    python -m benchmarks game24 [--split dev]

Nothing here is sampled: the chance that uniformly drawn steps end in 24 is computed over all states.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from qstar.models.puzzles import State, game24_held_out, legal_steps

TARGET = 24
ATTEMPTS = (1, 64, 1000)

_TREE_OF_THOUGHTS = "arXiv 2305.10601, Table 2: GPT-4 on ranks 901-1000"
PUBLISHED: list[dict[str, Any]] = [
    {"name": name, "accuracy": accuracy, "source": _TREE_OF_THOUGHTS, "kind": "published"}
    for name, accuracy in (
        ("GPT-4, IO prompt", 0.073),
        ("GPT-4, CoT prompt", 0.04),
        ("GPT-4, CoT self-consistency (k=100)", 0.09),
        ("GPT-4, Tree of Thoughts (b=1)", 0.45),
        ("GPT-4, Tree of Thoughts (b=5)", 0.74),
    )
]


@cache
def chance(state: State) -> float:
    """That steps drawn uniformly from the legal ones, of distinct outcome each, end in 24."""
    if len(state) == 1:
        return float(state == (TARGET,))
    return statistics.fmean(chance(step.rest) for step in legal_steps(state))


@dataclass(frozen=True)
class Exhaustive:
    """What a depth-first search over distinct states takes.

    Attributes:
        until_solved: states visited up to the first solution, the puzzle's own included.
        states: all that can be reached.
        solved: whether there is a solution.
    """

    until_solved: int
    states: int
    solved: bool


def exhaustive(numbers: Sequence[int]) -> Exhaustive:
    """Depth first, steps in the order of `legal_steps`; no state is visited twice."""
    start: State = tuple(sorted(numbers))
    waiting, seen, until_solved = [start], {start}, 0
    visited = 0
    while waiting:
        state = waiting.pop()
        visited += 1
        if state == (TARGET,):
            until_solved = until_solved or visited
        steps = legal_steps(state) if len(state) > 1 else []
        for step in reversed(steps):  # the first listed is the next taken
            if step.rest not in seen:
                seen.add(step.rest)
                waiting.append(step.rest)
    return Exhaustive(until_solved or visited, visited, until_solved > 0)


def baselines(split: str = "test") -> list[dict[str, Any]]:
    """Rows beside a model's: random steps, exhaustive search, and for the reported ranks the published figures."""
    ranks = {"test": "901-1000", "dev": "801-900"}[split]
    puzzles = game24_held_out(ranks)
    chances = [chance(tuple(sorted(numbers))) for numbers in puzzles]
    searches = [exhaustive(numbers) for numbers in puzzles]
    rows: list[dict[str, Any]] = [
        {
            "name": f"uniformly random legal steps, {n} attempt{'s' * (n > 1)}",
            "accuracy": statistics.fmean(1 - (1 - p) ** n for p in chances),
            "attempts": n,
            "source": f"computed, ranks {ranks}",
            "kind": "computed",
        }
        for n in ATTEMPTS
    ]
    visited = statistics.fmean(s.until_solved for s in searches)
    rows.append(
        {
            "name": "exhaustive search",
            "accuracy": statistics.fmean(s.solved for s in searches),
            "source": f"computed, ranks {ranks}",
            "kind": "computed",
            "states": visited,
            "note": f"{visited:.0f} states visited until solved, of {statistics.fmean(s.states for s in searches):.0f} "
            "(means; depth first)",
        }
    )
    return rows + (PUBLISHED if split == "test" else [])


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks game24", description=__doc__)
    parser.add_argument("--split", choices=["dev", "test"], default="test", help="ranks 801-900, or 901-1000")
    for row in baselines(parser.parse_args(argv).split):
        print(f"{row['accuracy']:7.2%}  {row['name']}  ({row.get('note') or row['source']})")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
