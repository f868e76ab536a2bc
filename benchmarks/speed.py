"""Speed of the engine, as ratios measured side by side in one run: `python -m benchmarks speed`.

A random model, so that nothing but the shape matters: "small" is the bundled model's size, "0.5b" that of
Qwen2.5-0.5B. No text ends by itself, so every completion has its full length. Each ratio is the median over rounds in
which both sides ran one after the other.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import torch
from transformers import AutoTokenizer, GenerationConfig, LlamaConfig, LlamaForCausalLM, Qwen2Config, Qwen2ForCausalLM
from transformers.utils import logging

from qstar import models
from qstar.budget import Budget
from qstar.engine.base import Prompt, Trie
from qstar.engine.hf import HFEngine
from qstar.problem import Problem
from qstar.prompting import PromptFormat
from qstar.request import Sampling, Unit
from qstar.result import Result
from qstar.search import MCTS, AStar, BestOfN, Greedy, Leaf
from qstar.session import Strategy
from qstar.solver import Solver

SHAPES: dict[str, Callable[[], torch.nn.Module]] = {
    "small": lambda: LlamaForCausalLM(
        LlamaConfig(
            vocab_size=512,
            hidden_size=256,
            intermediate_size=768,
            num_hidden_layers=4,
            num_attention_heads=4,
            num_key_value_heads=4,
            max_position_embeddings=4096,
        )
    ),
    "0.5b": lambda: Qwen2ForCausalLM(
        Qwen2Config(
            vocab_size=151936,
            hidden_size=896,
            intermediate_size=4864,
            num_hidden_layers=24,
            num_attention_heads=14,
            num_key_value_heads=2,
            max_position_embeddings=4096,
            tie_word_embeddings=True,
        )
    ),
}


class _Engine(HFEngine):
    """Takes prompts as token ids and never ends a text before its length; one token in eight ends a step."""

    def piece(self, trie: Trie, at: int, token: int) -> str:
        return "\n" if token % 8 == 0 else "x"

    def encode(self, problem: Problem) -> Prompt:
        return Prompt(list(problem.data["ids"]))


class Bench:
    """One model, twice: for us and, untouched, for transformers."""

    def __init__(self, shape: str, device: str, dtype: torch.dtype) -> None:
        self.device = device
        self.ours, self.plain = (self._model(shape, device, dtype) for _ in range(2))
        self.vocabulary = self.ours.config.vocab_size
        self.tokenizer = AutoTokenizer.from_pretrained(models.path())

    @staticmethod
    def _model(shape: str, device: str, dtype: torch.dtype) -> Any:
        torch.manual_seed(0)
        model: Any = SHAPES[shape]().eval().to(device=device, dtype=dtype)
        model.generation_config = GenerationConfig(eos_token_id=None, pad_token_id=0)
        return model

    def engine(self, new: int) -> _Engine:
        engine = _Engine(self.ours, self.tokenizer, prompt=PromptFormat(stop=("\0",), max_new_tokens=new), kv_cap_gb=4)
        engine.stops = replace(engine.stops, eos=frozenset(), strings=())
        return engine

    def problem(self, length: int, number: int = 0) -> Problem:
        generator = torch.Generator().manual_seed(number)
        ids = torch.randint(5, self.vocabulary, (length,), generator=generator).tolist()
        return Problem("random ids", f"p{number}", data={"ids": ids})

    def solve(
        self, engine: _Engine, search: Strategy, budget: Budget, problems: Sequence[Problem], together: bool
    ) -> list[Result]:
        solver = Solver(engine, search=search, budget=budget, extract=lambda text: None)
        return list(solver.solve_many(problems, in_flight=len(problems) if together else 1))

    def generate(self, ids: Sequence[int], samples: int, new: int) -> None:
        with torch.inference_mode():
            self.plain.generate(
                torch.tensor([list(ids)], device=self.device),
                do_sample=True,
                top_k=0,
                num_return_sequences=samples,
                max_new_tokens=new,
                min_new_tokens=new,
            )

    def generate_batch(self, ids: Sequence[int], samples: int, new: int) -> None:
        config = GenerationConfig(do_sample=True, top_k=0, max_new_tokens=new, eos_token_id=-1, pad_token_id=0)
        out = self.plain.generate_batch(inputs=[list(ids)] * samples, generation_config=config, progress_bar=False)
        assert sum(len(o.generated_tokens) for o in out.values()) == samples * new


def seconds(run: Callable[[], Any], device: str) -> float:
    if device == "cuda":
        torch.cuda.synchronize()
    start = time.perf_counter()
    run()
    if device == "cuda":
        torch.cuda.synchronize()
    return time.perf_counter() - start


def side_by_side(runs: dict[str, Callable[[], Any]], rounds: int, device: str) -> dict[str, list[float]]:
    """Seconds of each run in each round, after one round that is not counted."""
    times: dict[str, list[float]] = {name: [] for name in runs}
    for turn in range(rounds + 1):
        for name, run in runs.items():
            t = seconds(run, device)
            if turn:
                times[name].append(t)
    return times


def ratio(times: dict[str, list[float]], slow: str, fast: str) -> float:
    """How many times faster `fast` is: the median over rounds."""
    return statistics.median(s / f for s, f in zip(times[slow], times[fast]))


def best_of_n(bench: Bench, rounds: int, rows: list[dict[str, Any]], samples: int = 64, new: int = 64) -> None:
    """Best-of-64 against generate and generate_batch."""
    for length, target in ((64, 1.5), (512, 12.0)):
        problem, engine = bench.problem(length), bench.engine(new)
        runs: dict[str, Callable[[], Any]] = {
            "qstar": partial(bench.solve, engine, BestOfN(samples), Budget(tokens=10**7), [problem], False),
            "generate": partial(bench.generate, problem.data["ids"], samples, new),
        }
        times = side_by_side(runs, rounds, bench.device)
        name = f"best-of-{samples}, {length} + {new} tokens"
        add(rows, f"{name}: times faster than generate", ratio(times, "generate", "qstar"), f">= {target}")
        add(rows, f"{name}: seconds, qstar", statistics.median(times["qstar"]))
        add(rows, f"{name}: seconds, generate", statistics.median(times["generate"]))
        try:
            batch = seconds(partial(bench.generate_batch, problem.data["ids"], samples, new), bench.device)
        except Exception as error:  # it supports fewer devices and versions than generate
            add(rows, f"{name}: seconds, generate_batch", f"failed: {type(error).__name__}")
        else:
            add(rows, f"{name}: seconds, generate_batch (once)", batch)


STRATEGIES: dict[str, Strategy] = {
    "A*, tokens": AStar(batch=64, width=8),
    "A*, steps": AStar(batch=16, width=4, unit=Unit.STEP, sampling=Sampling()),
    "MCTS, tokens": MCTS(leaves=64, width=8, leaf=Leaf.Q),
    "MCTS, steps": MCTS(leaves=16, width=4, unit=Unit.STEP, leaf=Leaf.Q),
}


def strategies(bench: Bench, rounds: int, rows: list[dict[str, Any]]) -> None:
    """Tokens per second of A* and MCTS, against best-of-n with as many live rows."""
    problem, engine = bench.problem(64), bench.engine(64)

    def rate(search: Strategy, tokens: int) -> tuple[float, float]:
        """Tokens per second, and live rows."""
        ledger = bench.solve(engine, search, Budget(tokens=tokens), [problem], False)[0].ledger
        return ledger.tokens / ledger.seconds, (ledger.tokens - 64) / (ledger.passes - 1)

    for name, search in STRATEGIES.items():
        live = round(rate(search, 64 + 4096)[1])
        samples = BestOfN(max(1, 64 // live) * live, wave=live)  # whole waves: as many rows to the end
        shares = [rate(search, 64 + 4096)[0] / rate(samples, 10**6)[0] for _ in range(rounds)]
        share = statistics.median(shares)
        add(rows, f"{name}, {live} live rows: tokens per second, share of best-of-n's", share, ">= 0.75")


def together(bench: Bench, rounds: int, rows: list[dict[str, Any]], count: int = 16) -> None:
    """Sixteen problems together, against one after another."""
    problems = [bench.problem(64, number) for number in range(count)]
    engine = bench.engine(64)
    for name, search, budget, target in (
        ("greedy", Greedy(), Budget(tokens=10**6), 6.0),
        ("A*", AStar(batch=4, width=8), Budget(tokens=64 + 512), 1.3),
    ):
        runs: dict[str, Callable[[], Any]] = {
            "together": partial(bench.solve, engine, search, budget, problems, True),
            "alone": partial(bench.solve, engine, search, budget, problems, False),
        }
        times = side_by_side(runs, rounds, bench.device)
        add(
            rows,
            f"{count} problems together, {name}: times faster than alone",
            ratio(times, "alone", "together"),
            f">= {target}",
        )


def books(bench: Bench, rows: list[dict[str, Any]]) -> None:
    """Positions per distinct token, slots per token, and the cost of an expansion as the tree grows."""
    engine = bench.engine(256)
    counted = 0

    def count(module: torch.nn.Module, args: Any, kwargs: dict[str, Any]) -> None:
        nonlocal counted
        counted += kwargs["input_ids"].numel()

    handle = bench.ours.register_forward_pre_hook(count, with_kwargs=True)
    marks: dict[int, tuple[float, int]] = {}
    nodes = 0

    def watch(event: dict[str, Any]) -> None:
        nonlocal nodes
        if event["type"] == "node":
            nodes = event["node"]
        elif event["type"] == "charge":
            marks[nodes] = (time.perf_counter(), event["ledger"]["expansions"])

    problem = bench.problem(64)
    solver = Solver(
        engine, search=AStar(batch=16, width=8, lam=1.0), budget=Budget(expansions=13_000), extract=lambda text: None
    )
    tries: list[Any] = []
    opened = engine.open
    engine.open = lambda prompt: tries.append(opened(prompt)) or tries[-1]  # type: ignore[method-assign,func-returns-value]
    result = solver.solve(problem, on_event=watch)
    handle.remove()
    runner = engine.runner
    forwarded = result.ledger.tokens
    add(rows, "tree of tokens: nodes", len(result.tree))
    add(rows, "positions that model.forward saw per position charged", counted / forwarded, "1.00")
    distinct = _forwarded_distinct(result)
    add(rows, "positions forwarded per distinct token of the tree", forwarded / distinct, "1.00")
    add(rows, "peak slots per distinct token of the tree", runner.peak_slots / distinct, "<= 1.05")  # type: ignore[union-attr]
    costs = {}
    for size in (1_000, 10_000, 100_000):
        inside = sorted(n for n in marks if 0.8 * size <= n <= 1.05 * size)
        (t0, e0), (t1, e1) = marks[inside[0]], marks[inside[-1]]
        costs[size] = (t1 - t0) / (e1 - e0)
        add(rows, f"milliseconds per expansion at {size} nodes", 1e3 * costs[size])
    worst = max(abs(costs[size] / costs[1_000] - 1) for size in costs)
    add(rows, "cost per expansion: largest change from 1,000 nodes", worst, "<= 0.20")


def _forwarded_distinct(result: Result) -> int:
    """Distinct token prefixes that had to be known: the prompt and every expanded node."""
    tree = result.tree
    return len(tree.prompt) + sum(1 for node in range(1, len(tree)) if tree.children[node])


def add(rows: list[dict[str, Any]], what: str, value: Any, target: str = "") -> None:
    rows.append({"what": what, "value": value, "target": target})
    shown = f"{value:10.3f}" if isinstance(value, float) else f"{value!s:>10}"
    print(f"{what:72} {shown}   {target}", flush=True)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks speed", description=__doc__)
    parser.add_argument("--shape", choices=SHAPES, default="small")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--dtype", choices=["float32", "bfloat16"], default=None)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", nargs="*", choices=["best", "strategies", "together", "books"])
    parser.add_argument("--json", help="write the rows to this file")
    given = parser.parse_args(arguments)
    logging.set_verbosity_error()
    dtype = given.dtype or ("float32" if given.device == "cpu" else "bfloat16")
    bench = Bench(given.shape, given.device, getattr(torch, dtype))
    gc.collect()
    gc.freeze()  # as `qstar solve` does: collections pass over what torch and transformers loaded
    rows: list[dict[str, Any]] = []
    add(
        rows,
        "model",
        f"{given.shape}, {sum(p.numel() for p in bench.ours.parameters()) / 1e6:.1f}M, {given.device}, {dtype}",
    )
    add(rows, "threads", f"{torch.get_num_threads()} of {os.cpu_count()} cores, torch {torch.__version__}")
    only = given.only or ["best", "strategies", "together", "books"]
    if "best" in only:
        best_of_n(bench, given.rounds, rows)
    if "strategies" in only:
        strategies(bench, given.rounds, rows)
    if "together" in only:
        together(bench, given.rounds, rows)
    if "books" in only:
        books(bench, rows)
    if given.json:
        with open(given.json, "w") as file:
            json.dump(rows, file, indent=1)
    return 0
