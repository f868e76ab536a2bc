"""The ledger against a hook on the model: every strategy, every position."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import families
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from qstar.budget import FORCED, RECOMPUTED, Budget
from qstar.engine.hf import HFEngine
from qstar.problem import Judgement, Problem, Verdict
from qstar.prompting import PromptFormat
from qstar.request import Sampling, Unit
from qstar.result import Result
from qstar.search import MCTS, AStar, BestOfN, Greedy
from qstar.solver import Solver

torch.set_num_threads(1)
STYLE = PromptFormat(template="{problem}", delimiter="a", max_new_tokens=24)
SEARCHES = {
    "greedy": Greedy(),
    "best-of-n": BestOfN(12),
    "best-of-n, endless": BestOfN(wave=6),
    "astar": AStar(width=3),
    "astar, steps": AStar(width=3, unit=Unit.STEP),
    "astar, drawn steps": AStar(width=3, unit=Unit.STEP, sampling=Sampling(temperature=0.8)),
    "mcts": MCTS(width=3, simulations=60),
    "mcts, steps": MCTS(width=3, unit=Unit.STEP, simulations=40),
}
ENGINES: dict[str, dict[str, Any]] = {
    "tree": {"kv_cap_gb": 0.01},
    "evicting": {"kv_cap_gb": 1e-9},  # 64 slots
    "one by one": {"kv_cap_gb": 0.01, "deterministic": True},
    "forked rows": {"tree": False},
    "small chunks": {"kv_cap_gb": 0.01, "chunk": 3},
}


class Forcing:
    """Forces "bc" after every "=", and refutes what holds "zz"."""

    prefixes = True

    def __call__(self, problem: Problem, text: str) -> Judgement:
        return Judgement(Verdict.FAIL, 0.0) if "zz" in text else Judgement(Verdict.UNKNOWN, 0.5)

    def complete(self, problem: Problem, text: str) -> str | None:
        return "bc" if text.endswith("=") else None


def build(kind: str) -> tuple[HFEngine, list[int]]:
    """An engine and the positions its model has seen."""
    engine = HFEngine(families.model("llama"), families.tokenizer(), prompt=STYLE, **ENGINES[kind])
    seen = [0]

    def count(module: torch.nn.Module, args: Any, kwargs: dict[str, Any]) -> None:
        seen[0] += kwargs["input_ids"].numel()

    engine.model.register_forward_pre_hook(count, with_kwargs=True)
    return engine, seen


@pytest.mark.parametrize("kind", ENGINES)
@pytest.mark.parametrize("name", SEARCHES)
def test_the_ledger_agrees_to_the_token(name: str, kind: str) -> None:
    engine, seen = build(kind)
    solver = Solver(engine, search=SEARCHES[name], budget=Budget(tokens=300), verifier=Forcing())
    result = solver.solve(Problem("why = not", "p"))
    assert result.error is None
    assert result.ledger.tokens == seen[0] > 10
    assert result.ledger.tokens <= 300
    if kind in ("tree", "small chunks"):
        assert set(result.ledger.tokens_by) <= {"prompt", "generated", FORCED}, "no position twice"


@settings(max_examples=40, deadline=None)
@given(name=st.sampled_from(sorted(SEARCHES)), kind=st.sampled_from(sorted(ENGINES)), tokens=st.integers(10, 120))
def test_no_budget_is_ever_crossed(name: str, kind: str, tokens: int) -> None:
    engine, seen = build(kind)
    solver = Solver(engine, search=SEARCHES[name], budget=Budget(tokens=tokens), verifier=Forcing())
    results = list(solver.solve_many([Problem("why = not", "p"), Problem("and how", "q")]))
    assert all(result.ledger.tokens <= tokens for result in results)
    assert sum(result.ledger.tokens for result in results) == seen[0]


def test_problems_together_are_charged_what_they_cost_alone() -> None:
    engine, _ = build("tree")
    problems = [Problem(text, text) for text in ("one", "another", "a third one")]
    for search in (Greedy(), BestOfN(5), AStar(width=3, batch=2)):
        solver = Solver(engine, search=search, budget=Budget(tokens=150))
        alone = {p.id: solver.solve(p).ledger.tokens_by for p in problems}
        together = {r.problem.id: r.ledger.tokens_by for r in solver.solve_many(problems)}
        assert together == alone


@pytest.mark.parametrize("name", ["mcts", "astar, steps", "astar, drawn steps", "mcts, steps"])
def test_a_run_resumed_while_keys_are_evicted_has_the_same_tree(name: str, tmp_path: Path) -> None:
    """What is recomputed may differ, for the pool holds other keys; nothing else does."""

    def solve(run: Path, resume: bool = False) -> Result:
        engine = HFEngine(
            families.model("llama"), families.tokenizer(), prompt=STYLE, kv_cap_gb=1e-9, deterministic=True
        )
        solver = Solver(engine, search=SEARCHES[name], budget=Budget(expansions=40), verifier=Forcing(), seed=3)
        return solver.solve(Problem("why = not", "p"), run=run, resume=resume)

    whole = solve(tmp_path / "whole")
    assert whole.ledger.tokens_by[RECOMPUTED] > 0
    lines = (tmp_path / "whole" / "journal.jsonl").read_bytes().splitlines(keepends=True)
    for share in (0.2, 0.5, 0.9):
        run = tmp_path / str(share)
        run.mkdir()
        (run / "journal.jsonl").write_bytes(b"".join(lines[: 1 + int(share * (len(lines) - 1))]))
        again = solve(run, resume=True)
        assert again.ledger.resumed > 0
        assert again.stop_reason == whole.stop_reason
        assert again.tree.to_json()["nodes"] == whole.tree.to_json()["nodes"]
        counts, before = ({**r.ledger.tokens_by, RECOMPUTED: 0} for r in (again, whole))
        assert counts == before


def test_flops_grow_with_the_context() -> None:
    engine, _ = build("tree")
    assert engine.flops(10, 100) == 10 * engine.flops(1, 100) > 10 * engine.flops(1, 10)
    weights = sum(p.numel() for p in engine.model.parameters()) - engine.model.get_input_embeddings().weight.numel()
    assert engine.flops(1, 1) == pytest.approx(2 * weights + 4 * 2 * 4 * 8)
