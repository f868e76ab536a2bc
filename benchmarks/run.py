"""A run: a task, searches, selectors, budgets, seeds; in a folder, so that it can be killed and resumed."""

from __future__ import annotations

import copy
import json
import math
import os
import re
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import torch

from benchmarks.clocks import Clocks, Meter, TimedVerifier, timed_engine
from benchmarks.facts import processor, versions
from benchmarks.folder import (
    FORMAT,
    LINES,
    LOCK,
    MANIFEST,
    TOTALS,
    TREES,
    VERSION,
    compare,
    locked,
    multiple,
    read_lines,
    read_manifest,
)
from benchmarks.graders import Attempt, CodeGrader, Item
from benchmarks.readoff import answers_within, reads_off, takes_any_budget
from benchmarks.tasks import Task, digest
from qstar.budget import Budget
from qstar.registry import NO_VERIFIER, named, strategy_to_json
from qstar.result import Result
from qstar.search import BestOfN, Greedy
from qstar.select import make_selector
from qstar.session import Strategy
from qstar.solver import Solver
from qstar.tree import ROOT, Answer, write_json

UNIT_PROBLEMS = 32  # greedy completions whose median length is the unit of a budget
LONGEST = 4000  # characters of an answer that are kept


@dataclass(frozen=True)
class Search:
    """A strategy under the name that the tables give it."""

    label: str
    strategy: Strategy

    def seeds(self, count: int) -> list[int]:
        """What is drawn differs by seed; a greedy completion draws nothing."""
        return list(range(1 if isinstance(self.strategy, Greedy) else count))

    def to_json(self, seeds: int, has_q: bool) -> dict[str, Any]:
        described = strategy_to_json(self.strategy)
        name = described.pop("name")
        return {
            "label": self.label,
            "name": name,
            "settings": described,
            "seeds": self.seeds(seeds),
            "anytime": bool(getattr(self.strategy, "anytime", False)),
            "read_off": reads_off(self.strategy, has_q),
        }


@dataclass(frozen=True)
class Plan:
    """What a run does to each problem.

    Attributes:
        searches, selects, budgets, seeds: every combination is a point; budgets are multiples, as "4x".
        stop_on_pass: a problem ends at its first answer that the verifier passes.
        trees: keep every tree.
        in_flight: problems that share a forward pass.
        options: of the command line, for `resume`.
    """

    searches: tuple[Search, ...]
    selects: tuple[str, ...] = ("auto",)
    budgets: tuple[str, ...] = ("1x", "4x", "16x", "64x")
    seeds: int = 1
    trees: bool = False
    in_flight: int = 16
    options: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        labels = [search.label for search in self.searches]
        if not labels or len(set(labels)) < len(labels):
            raise ValueError(f"name one or more searches, each once, not {', '.join(labels) or 'none'}")
        if self.seeds < 1 or self.in_flight < 1:
            raise ValueError(f"seeds and in-flight are at least 1, not {self.seeds} and {self.in_flight}")
        for select in self.selects:
            make_selector(select)
        if not self.selects or not self.budgets:
            raise ValueError("name at least one selector and one budget")
        for budget in self.budgets:
            multiple(budget)
        if sorted(self.budgets, key=multiple) != list(self.budgets):
            raise ValueError(f"give the budgets in ascending order, not {', '.join(self.budgets)}")


# ---------------------------------------------------------------- the run


class Bench:
    """A run in its folder.

    Args:
        folder: where; begun there, or gone on with if it holds the same run.
        task, items: what is solved; `split` says which part of the task the items are.
        dev: problems whose greedy completions say what 1x is.
        solver: the engine, the verifier and the seed's owner; its search and budget are not used.
        plan: what is done to each problem.
        model: facts about the model, for the manifest.
        progress: a bar on stderr.
    """

    def __init__(
        self,
        folder: str | os.PathLike[str],
        task: Task,
        items: Sequence[Item],
        solver: Solver,
        plan: Plan,
        *,
        dev: Sequence[Item] = (),
        split: str = "test",
        source: str | None = None,
        model: Mapping[str, Any] | None = None,
        progress: bool = False,
    ) -> None:
        if not items:
            raise ValueError(f"task {task.name} has no problems to solve")
        self.folder, self.task, self.plan, self.progress = Path(folder), task, plan, progress
        self.items = {item.problem.id: item for item in items}
        self.dev, self.split, self.source, self.model = dev, split, source, dict(model or {})
        self.solver = copy.copy(solver)  # its search, budget and seed change from job to job
        self.solver.select = lambda answers: None  # selectors are applied to each budget's answers, below
        self.verifier_name = named(solver.verifier) or NO_VERIFIER
        self.has_q = (
            getattr(solver.engine, "q_head", None) is not None or getattr(solver.engine, "_q", None) is not None
        )
        self.manifest: dict[str, Any] = {}
        self.clocks: dict[str, Clocks] = {}
        self.done: set[tuple[Any, ...]] = set()
        self._grades: dict[str, dict[Attempt, bool]] = {}
        self._written = 0.0

    def run(self) -> Path:
        """Solves what is not solved yet; returns the folder.

        Raises:
            BenchLocked: another process works there.
            BenchMismatch: another run was begun there.
            KeyboardInterrupt: the same command goes on where this ended.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with locked(self.folder):
            self._begin()
            lines = read_lines(self.folder, mend=True)
            self.done = {_key(line) for line in lines}
            with (self.folder / LINES).open("a") as file, self._bar() as bar:
                for search in self.plan.searches:
                    for seed in search.seeds(self.plan.seeds):
                        for budget in self._budgets(search):
                            self._job(search, seed, budget, file, bar)
            self._write_totals(complete=True)
        return self.folder

    # -- the manifest -----------------------------------------------------------------------------------------

    def _begin(self) -> None:
        """Writes the manifest, or compares with the one there."""
        path = self.folder / MANIFEST
        described = self._described()
        if path.is_file():
            self.manifest = read_manifest(self.folder)
            compare(self.manifest, described, self.folder)
            totals = self.folder / TOTALS
            if totals.is_file():
                searches = json.loads(totals.read_text())["searches"]
                self.clocks = {label: Clocks.from_json(clocks) for label, clocks in searches.items()}
            return
        if any(entry.name != LOCK for entry in self.folder.iterdir()):
            raise FileExistsError(f"{self.folder} holds something else than a run: name another folder")
        unit, measured = self._unit()
        self.manifest = {
            **described,
            "unit_tokens": unit,
            "unit_from": measured,
            "options": dict(self.plan.options),
            "threads": torch.get_num_threads(),
            "device": str(getattr(self.solver.engine, "device", "cpu")),
            "cpu": processor(),
            "gpu": torch.cuda.get_device_name() if torch.cuda.is_available() else None,
            "versions": versions(),
            "created": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
        }
        if self.task.name == "game24":
            from benchmarks.game24_baselines import baselines

            self.manifest["task"]["baselines"] = baselines(self.split)
        write_json(path, self.manifest)

    def _described(self) -> dict[str, Any]:
        """What makes this run this run, as plain data."""
        items, plan = list(self.items.values()), self.plan
        described = {
            "format": FORMAT,
            "version": VERSION,
            "task": {
                "name": self.task.name,
                "source": self.source or self.task.source,
                "sha256": digest(items),
                "split": self.split,
                "problems": len(items),
            },
            "model": self.model,
            "searches": [search.to_json(plan.seeds, self.has_q) for search in plan.searches],
            "selects": list(plan.selects),
            "budgets": list(plan.budgets),
            "seeds": list(range(plan.seeds)),
            "verifier": self.verifier_name,
            "stop_on_pass": self.solver.stop_on_pass,
            "oracle": False,
        }
        return dict(json.loads(json.dumps(described)))

    def _unit(self) -> tuple[float, dict[str, Any]]:
        """Median length of greedy completions of development problems, and how it was measured.

        A task without any gives its own: nothing but their length is looked at.
        """
        items = list(self.dev or self.items.values())[:UNIT_PROBLEMS]
        solver = copy.copy(self.solver)
        solver.search, solver.budget = Greedy(), Budget()
        lengths, errors = [], []
        for result in solver.solve_many([item.problem for item in items], in_flight=self.plan.in_flight):
            lengths += [result.tree.length[node] for node in result.tree.rollouts[ROOT]]
            errors += [] if result.error is None else [result.error]
        if not lengths:
            raise errors[0] if errors else KeyboardInterrupt
        unit = max(1.0, float(statistics.median(lengths)))
        return unit, {"split": "dev" if self.dev else self.split, "problems": len(lengths)}

    # -- solving ----------------------------------------------------------------------------------------------

    def _budgets(self, search: Search) -> list[str | None]:
        """One run for all budgets, or one for each."""
        if takes_any_budget(search.strategy) or reads_off(search.strategy, self.has_q):
            return [None]
        return list(self.plan.budgets)

    def _job(self, search: Search, seed: int, budget: str | None, file: Any, bar: Any) -> None:
        """One search with one seed over all problems that are not done."""
        waiting = [
            i.problem for i in self.items.values() if (search.label, seed, i.problem.id, budget) not in self.done
        ]
        if not waiting:
            return
        solver, clocks = copy.copy(self.solver), Clocks()
        solver.search, solver.seed = search.strategy, seed
        solver.budget = self._budget(search, budget)
        if solver.verifier is not None:
            solver.verifier = TimedVerifier(solver.verifier, clocks)
        before = self.clocks.get(search.label, Clocks())
        grade = clocks.timed("grading", self._grade)
        meter, ended = Meter(), 0
        start = time.perf_counter()
        with timed_engine(solver.engine, clocks):
            for result in solver.solve_many(waiting, on_event=meter, in_flight=self._in_flight(search)):
                if result.stop_reason == "interrupted":
                    continue
                ended += 1
                meter.end_round()
                line = self._line(search, seed, budget, result, meter, grade)
                file.write(json.dumps(line, allow_nan=False) + "\n")
                file.flush()
                self._keep_tree(search, seed, budget, result)
                del meter.traces[result.problem.id]
                clocks.seconds = time.perf_counter() - start
                self.clocks[search.label] = before + clocks
                self._write_totals(complete=False)
                bar.update(1)
                bar.set_postfix_str(search.label, refresh=False)
                meter.pause()
        if ended < len(waiting):  # solve_many ends early at Ctrl-C, and only then
            raise KeyboardInterrupt

    def _budget(self, search: Search, budget: str | None) -> Budget:
        if takes_any_budget(search.strategy):
            return Budget()
        return Budget(multiple=multiple(budget or self.plan.budgets[-1]), unit=self.manifest["unit_tokens"])

    def _in_flight(self, search: Search) -> int:
        """A search with one stream a problem takes four times as many problems to fill a pass."""
        single = isinstance(search.strategy, Greedy) or (
            isinstance(search.strategy, BestOfN) and search.strategy.wave == 1
        )
        return self.plan.in_flight * (4 if single and self.plan.in_flight > 1 else 1)

    # -- a line -----------------------------------------------------------------------------------------------

    def _line(
        self,
        search: Search,
        seed: int,
        budget: str | None,
        result: Result,
        meter: Meter,
        grade: Callable[[Item, Attempt], bool],
    ) -> dict[str, Any]:
        """What is kept of one search of one problem."""
        item, tree, trace = self.items[result.problem.id], result.tree, meter.trace(result.problem.id)
        by_time = sorted(tree.answers, key=lambda answer: answer.at_tokens)
        solved_at = next((a.at_tokens for a in by_time if grade(item, _attempt(a))), None)
        points = []
        for name in [budget] if budget else ["1x"] if takes_any_budget(search.strategy) else self.plan.budgets:
            cap = math.inf
            if budget is None and not takes_any_budget(search.strategy):
                cap = Budget(multiple=multiple(name)).cap(len(tree.prompt), self.manifest["unit_tokens"]) or math.inf
            found = answers_within(tree, trace, cap)
            spent = trace.within(cap)
            for select in self.plan.selects:
                chosen = make_selector(select)(found)
                points.append(
                    {
                        "select": select,
                        "budget": name,
                        "answer": None if chosen is None else _said(item, chosen)[:LONGEST],
                        "graded": chosen is not None and grade(item, _attempt(chosen)),
                        "found": solved_at is not None and solved_at <= cap,
                        "answers": sum(answer.count for answer in found),
                        "distinct": len({answer.text for answer in found}),
                        "tokens": int(min(cap, result.ledger.tokens)),
                        "flops": spent.flops,
                        "seconds": spent.seconds,
                    }
                )
        ledger = result.ledger.to_dict()
        return {
            "search": search.label,
            "seed": seed,
            "id": item.problem.id,
            "run_budget": budget,
            "statement": item.problem.prompt[:200],
            "stop_reason": result.stop_reason,
            "error": None if result.error is None else f"{type(result.error).__name__}: {result.error}",
            "seconds": trace.seconds,
            "ledger": {**ledger, "total": ledger["tokens"], "forwards": ledger["passes"]},
            "prompt_tokens": len(tree.prompt),
            "nodes": len(tree),
            "solved_at": solved_at,
            "points": points,
        }

    def _grade(self, item: Item, attempt: Attempt) -> bool:
        """Each distinct attempt once, in all searches of a problem."""
        known = self._grades.setdefault(item.problem.id, {})
        if attempt not in known:
            known[attempt] = self.task.grade(item, [attempt])[0]
        return known[attempt]

    # -- files ------------------------------------------------------------------------------------------------

    def _keep_tree(self, search: Search, seed: int, budget: str | None, result: Result) -> None:
        if not self.plan.trees:
            return
        tree, engine = result.tree, self.solver.engine
        parts = [result.problem.id, search.label, str(seed), *([budget] if budget else [])]
        name = ".".join(re.sub(r"[^\w-]", "_", part) for part in parts)
        texts = [engine.decode(tokens) if node != ROOT else "" for node, tokens in enumerate(tree.tokens)]
        tree.save(self.folder / TREES / f"{name}.json", extra={"texts": texts, "problem": result.problem.prompt})

    def _write_totals(self, complete: bool) -> None:
        """At the end, and now and then before it, so that little is lost of the clocks of a run that is killed."""
        now = time.monotonic()
        if not complete and now - self._written < 1.0:
            return
        self._written = now
        whole = sum(self.clocks.values(), Clocks())
        searches = {label: clocks.to_json() for label, clocks in self.clocks.items()}
        write_json(self.folder / TOTALS, {**whole.to_json(), "searches": searches, "complete": complete})

    def _bar(self) -> Any:
        from tqdm import tqdm

        jobs = [
            (search, budget)
            for search in self.plan.searches
            for budget in self._budgets(search) * len(search.seeds(self.plan.seeds))
        ]
        total = len(jobs) * len(self.items)
        return tqdm(total=total, initial=len(self.done), unit="problem", disable=not self.progress, file=sys.stderr)


def _attempt(answer: Answer) -> Attempt:
    return Attempt(answer.text, answer.answer)


def _said(item: Item, answer: Answer) -> str:
    return answer.text if item.entry_point or answer.answer is None else answer.answer


def _key(line: Mapping[str, Any]) -> tuple[Any, ...]:
    return line["search"], line["seed"], line["id"], line["run_budget"]


# ---------------------------------------------------------------- gold


def replay(
    folder: str | os.PathLike[str], task: Task, items: Sequence[Item], *, damaged: bool = False, progress: bool = False
) -> list[str]:
    """Runs the whole bench on an engine that says the items' own solutions, or damaged ones.

    Returns the ids of the problems whose answer was graded right: all of them, or with `damaged` none, if the
    loader, the prompt and the grader are right.
    """
    from qstar.engine.table import ScriptedEngine

    if isinstance(task.grade, CodeGrader):  # the slowest of the reference programs, on a busy machine
        task = replace(task, grade=replace(task.grade, timeout=60.0))
    texts = {item.problem.id: task.damage(item) if damaged else item.solution for item in items}
    engine = ScriptedEngine(lambda problem: {texts[problem.id]: 1.0})
    solver = Solver(engine)
    # the script knows a prompt by its text, and two problems may have the same one
    plan = Plan((Search("greedy", Greedy()),), budgets=("1x",), in_flight=1)
    name = f"scripted, {'damaged' if damaged else 'gold'}"
    Bench(folder, task, items, solver, plan, dev=items[:1], model={"name": name}, progress=progress).run()
    return [line["id"] for line in read_lines(folder) if line["points"][0]["graded"]]
