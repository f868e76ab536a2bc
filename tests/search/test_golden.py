"""Whole searches replayed against trees stored as data.

A change of an algorithm shows here as a changed tree. Where it is meant, write the data anew and look at the diff:

    python tests/search/test_golden.py
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
from worlds import STRATEGIES, World, live, run

from qstar.budget import Budget
from qstar.engine.maze import MazeEngine
from qstar.maze import DEFAULT, Maze, value_iteration
from qstar.tree import Tree

FOLDER = Path(__file__).parents[1] / "golden"
BUDGET = Budget(expansions=14, tokens=30)


def search(world: str, name: str) -> dict[str, Any]:
    """The tree and the ledger of one search."""
    if world == "maze":
        maze = Maze.parse(DEFAULT)
        engine: Any = MazeEngine(maze, value_iteration(maze, 0.9), gamma=0.9)
        settings = {"verifier": engine.judge, "problem": engine.problem()}
    else:
        engine = World(21, 3, 4, newline=True, hint="value" if world == "table-q" else None)
        settings = {"verifier": engine.judge}
    (done,) = run(engine, live(engine, STRATEGIES[name], budget=BUDGET, seed=5, **settings))
    assert done.error is None
    ledger = done.ledger.counts()
    return rounded({"stop_reason": done.stop_reason, "ledger": ledger, "tree": done.session.tree.to_json()})


def rounded(data: Any) -> Any:
    """Floats to five digits: what another machine's arithmetic agrees on."""
    if isinstance(data, float):
        return float(f"{data:.5g}")
    if isinstance(data, dict):
        return {key: rounded(value) for key, value in data.items()}
    return [rounded(x) for x in data] if isinstance(data, (list, tuple)) else data


def close(a: Any, b: Any) -> bool:
    if isinstance(a, (int, float)) and isinstance(b, (int, float)) and not isinstance(a, bool):
        return a == pytest.approx(b, rel=2e-5, abs=1e-6)
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(close(a[k], b[k]) for k in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(close, a, b))
    return a == b


@pytest.mark.parametrize("world", ["table", "table-q", "maze"])
@pytest.mark.parametrize("name", sorted(STRATEGIES))
def test_replay(world, name):
    golden = json.loads((FOLDER / f"{world}.json").read_text())[name]
    now = search(world, name)
    for part in ("stop_reason", "ledger"):
        assert close(now[part], golden[part]), part
    for column, values in golden["tree"]["nodes"].items():
        assert close(now["tree"]["nodes"][column], values), column
    assert close(now["tree"], golden["tree"])
    Tree.from_json(golden["tree"])


def test_the_data_cover_what_there_is():
    for file in FOLDER.glob("*.json"):
        golden = json.loads(file.read_text())
        assert sorted(golden) == sorted(STRATEGIES)
        assert any(len(case["tree"]["answers"]) for case in golden.values())


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for world in ("table", "table-q", "maze"):
        cases = {name: search(world, name) for name in sorted(STRATEGIES)}
        lines = [f"{json.dumps(name)}: {json.dumps(case)}" for name, case in cases.items()]
        (FOLDER / f"{world}.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
