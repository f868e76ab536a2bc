"""Journal, resume, and the protocol between a strategy and its session."""

from __future__ import annotations

import json
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import PROBLEM, ROOT, STRATEGIES, World, live, plain, run, solve

from qstar.budget import Budget
from qstar.request import GREEDY, Child, Expand, Reply, Sampling, Stop, Submit, Unit, Wait
from qstar.search import AStar, BestOfN, Greedy
from qstar.session import Journal, JournalMismatch, Session
from qstar.tree import Tree

BUDGETS = [
    Budget(),
    Budget(tokens=14),
    Budget(tokens=25),
    Budget(expansions=7),
    Budget(verifier_calls=5),
    Budget(multiple=6.0),
]


@dataclass(frozen=True)
class Race:
    """Keeps three long continuations in flight and goes on with whichever ends first."""

    rounds: int = 8

    def search(self, tree: Tree, rng: np.random.Generator) -> Generator[Any, Any, None]:
        flying: list[int] = []
        nodes = [ROOT]
        for _ in range(self.rounds):
            while len(flying) < 3:
                node = nodes[int(rng.integers(len(nodes)))]
                unit = (Unit.STEP, Unit.ANSWER)[int(rng.integers(2))]
                flying.append((yield Submit(Expand((node,), 2, unit, Sampling()))))
            ticket, children = yield Wait(tuple(flying))
            assert ticket in flying
            flying.remove(ticket)
            nodes += [child for child in children if tree.is_open(child)]


def journalled(path, world, strategy, **settings):
    done = solve(world, strategy, journal=Journal(path, {"seed": 0}), verifier=world.judge, **settings)
    return plain(done), Journal.read(path)[1]


@pytest.mark.parametrize("name", [*STRATEGIES, "race"])
def test_a_run_cut_at_any_entry_resumes_to_the_same_tree_and_ledger(name, tmp_path):
    strategy = STRATEGIES.get(name, Race())
    rng = np.random.default_rng(len(name))
    for i, budget in enumerate(BUDGETS):
        world = World(i, newline=True, hint=(None, "value")[i % 2])
        whole, entries = journalled(tmp_path / "whole.jsonl", world, strategy, budget=budget)
        cuts = {0, len(entries), *rng.integers(0, len(entries) + 1, 6).tolist()}
        for cut in sorted(cuts):
            world.computed.clear()
            again = solve(world, strategy, budget=budget, verifier=world.judge, entries=entries[:cut])
            assert plain(again) == whole, f"{budget}, cut at {cut} of {len(entries)}"
            charged = again.ledger.tokens + again.ledger.resumed
            assert cut or charged == sum(world.computed.values()) + len(PROBLEM.prompt) - 3
