"""The front door: a model, a search, a budget; problems in, results out."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, is_dataclass, replace
from enum import Enum
from importlib.metadata import version
from pathlib import Path
from typing import Any

from qstar.budget import Budget, Ledger
from qstar.countdown import CountdownVerifier
from qstar.engine.base import Engine
from qstar.engine.hf import HFEngine
from qstar.engine.scheduler import Callback, Live, Scheduler
from qstar.judge import Judge
from qstar.problem import Problem, Verifier
from qstar.prompting import SETTINGS_FILE, PromptFormat, short_answer
from qstar.result import Result
from qstar.search import STRATEGIES, AStar
from qstar.select import Selector, auto, exactly
from qstar.session import Journal, Session, Strategy
from qstar.tree import ROOT, Tree, write_json

DEFAULT_BUDGET = Budget(multiple=16)
JOURNAL_FILE, TREE_FILE, RESULT_FILE = "journal.jsonl", "tree.json", "result.json"

NO_VERIFIER = object()  # in place of a verifier: not even the one that the model's folder names
VERIFIERS: dict[str, Callable[[], Verifier]] = {"countdown": CountdownVerifier}


class Solver:
    """Solves problems with one engine.

    Attributes:
        engine: what runs the model.
        search: a strategy, its settings inside.
        budget: caps for each problem.
        verifier: judges texts; None trusts the Q head or the vote.
        select: which answer is the one; see qstar.select.
        extract: finds the short answer in a text.
        stop_on_pass: end a problem at its first answer that the verifier passes.
        seed: of every draw.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        search: Strategy | None = None,
        budget: Budget | None = None,
        verifier: Verifier | None = None,
        select: Selector | None = None,
        extract: Callable[[str], str | None] | None = None,
        stop_on_pass: bool = True,
        seed: int = 0,
        description: Mapping[str, Any] | None = None,
    ) -> None:
        self.engine = engine
        self.search = search or AStar()
        self.budget = budget or DEFAULT_BUDGET
        self.verifier = verifier
        self.select = select or auto(exactly)
        style = engine.prompt if isinstance(engine, HFEngine) else None
        self.extract = extract or (lambda text: short_answer(text, style or PromptFormat()))
        self.stop_on_pass = stop_on_pass
        self.seed = seed
        self.description = dict(description or {})

    @classmethod
    def from_pretrained(
        cls,
        model: str | os.PathLike[str] | None = None,
        *,
        search: Strategy | None = None,
        budget: Budget | None = None,
        verifier: Any = None,
        select: Selector | None = None,
        stop_on_pass: bool = True,
        seed: int = 0,
        **engine: Any,
    ) -> Solver:
        """Loads a model by hub id or path; without one, the bundled default.

        A model folder's `qstar.json` may name its verifier, which serves where none is given (NO_VERIFIER: none at
        all). `engine` goes to
        `HFEngine.from_pretrained`: device, dtype, device_map, revision, q_head, prompt, kv_cap_gb, chunk,
        deterministic, tree.
        """
        if model is None:
            from qstar import models

            model = models.path()
        if verifier is None:
            verifier = default_verifier(model)
        elif verifier is NO_VERIFIER:
            verifier = None
        loaded = HFEngine.from_pretrained(model, **engine)
        return cls(
            loaded,
            search=search,
            budget=budget,
            verifier=verifier,
            select=select,
            stop_on_pass=stop_on_pass,
            seed=seed,
            description={"model": str(model), "device": str(loaded.device), "deterministic": loaded.deterministic},
        )

    # -- solving ----------------------------------------------------------------------------------------------

    def solve(
        self,
        problem: str | Problem,
        *,
        verifier: Verifier | None = None,
        run: str | os.PathLike[str] | None = None,
        resume: bool = False,
        on_event: Callback | None = None,
    ) -> Result:
        """Searches one problem until its budget, its strategy, or a passing answer ends it.

        Ctrl-C ends it too: what was found comes back, with the stop reason "interrupted".

        Args:
            problem: the statement, or a Problem with public tests.
            verifier: in place of the solver's own.
            run: a folder for the journal, the tree and the result; a search that is killed resumes from it.
            resume: continue the search in `run`.
            on_event: called with every node, answer and charge.

        Raises:
            ValueError: an empty problem, a prompt longer than the context, a budget that does not cover the prompt.
            FileExistsError: `run` holds a search already.
            JournalMismatch: the search in `run` was begun with other settings.
        """
        return next(iter(self._solve([problem], verifier, run, resume, on_event, in_flight=1)))

    def solve_many(
        self,
        problems: Iterable[str | Problem],
        *,
        verifier: Verifier | None = None,
        on_event: Callback | None = None,
        in_flight: int = 16,
    ) -> Iterator[Result]:
        """Searches many problems at once, `in_flight` of them sharing every forward pass; results as they finish.

        An error in one problem comes back in its result and leaves the others alone.
        """
        yield from self._solve(problems, verifier, None, False, on_event, in_flight)

    def _solve(
        self,
        problems: Iterable[str | Problem],
        verifier: Verifier | None,
        run: str | os.PathLike[str] | None,
        resume: bool,
        on_event: Callback | None,
        in_flight: int,
    ) -> Iterator[Result]:
        if in_flight < 1:
            raise ValueError(f"in_flight must be at least 1, not {in_flight}")
        scheduler = Scheduler(self.engine, on_event=on_event)
        waiting = enumerate(problems)
        ended: list[Live] = []
        exhausted = False
        try:
            while True:
                while not exhausted and len(scheduler.lives) < in_flight:
                    try:
                        number, problem = next(waiting)
                    except StopIteration:
                        exhausted = True
                        break
                    scheduler.add(self._live(problem, number, verifier or self.verifier, run, resume))
                if not scheduler.lives:
                    return
                scheduler.step()
                ended = [live for live in scheduler.lives if live.stop_reason is not None]
                while ended:
                    scheduler.remove(ended[0])
                    yield self._result(ended.pop(0), run)
        except KeyboardInterrupt:
            for live in scheduler.interrupt():
                yield self._result(live, run)
        except BaseException:
            for live in scheduler.interrupt():  # nothing found is lost
                self._result(live, run)
            raise

    def _live(
        self,
        problem: str | Problem,
        number: int,
        verifier: Verifier | None,
        run: str | os.PathLike[str] | None,
        resume: bool,
    ) -> Live:
        problem = Problem(problem) if isinstance(problem, str) else problem
        problem = problem if problem.id else replace(problem, id=f"problem-{number}")
        prompt = self.engine.encode(problem)
        ledger = Ledger(self.budget)
        if ledger.cap is not None and ledger.cap <= len(prompt.ids):
            raise ValueError(
                f"the budget of {ledger.cap} tokens does not cover the prompt of problem {problem.id}, which has "
                f"{len(prompt.ids)}: give more tokens, or a budget like 16x"
            )
        journal, entries = self._journal(problem, run, resume)
        tree = Tree(problem.id, prompt.ids)
        session = Session(problem, self.search, tree, seed=self.seed, ledger=ledger, journal=journal)
        judge = Judge(problem, verifier, ledger, self.extract)
        live = Live(session, judge, self.engine.open(prompt.ids), prompt, self.stop_on_pass)
        for entry in entries:
            live.replay(entry)
        return live

    def _journal(
        self, problem: Problem, run: str | os.PathLike[str] | None, resume: bool
    ) -> tuple[Journal | None, list[dict[str, Any]]]:
        if run is None:
            return None, []
        path = Path(run) / JOURNAL_FILE
        if resume:
            entries = Journal.read(path)[1]
            return Journal(path), entries
        if path.exists():
            raise FileExistsError(f"{run} holds a search already: resume it, or name another folder")
        header = {"problem": {"prompt": problem.prompt, "id": problem.id, "tests": list(problem.tests)}}
        return Journal(path, header | {"settings": self.settings()}), []

    def settings(self) -> dict[str, Any]:
        """What a resumed search needs to know, as plain data."""
        packages = {name: version(name) for name in ("torch", "transformers", "numpy")}
        return {
            **self.description,
            "search": strategy_to_json(self.search),
            "budget": {name: value for name, value in asdict(self.budget).items() if value is not None},
            "prompt": self.engine.prompt.to_json() if isinstance(self.engine, HFEngine) else None,
            "verifier": next((n for n, v in VERIFIERS.items() if type(self.verifier) is v), repr(self.verifier)),
            "stop_on_pass": self.stop_on_pass,
            "seed": self.seed,
            "versions": packages,
        }

    def _result(self, live: Live, run: str | os.PathLike[str] | None) -> Result:
        tree = live.session.tree
        chosen = self.select(list(tree.counted_answers()))
        steps = []
        if chosen is not None:
            steps = [self.engine.decode(tree.tokens[node]) for node in tree.path(chosen.node)]
        notes = []
        if isinstance(self.engine, HFEngine):
            notes += [self.engine.note] if self.engine.note else []
            if self.engine.q_head is None and not isinstance(self.search, _WITHOUT_VALUES):
                notes.append("no Q head: the mean likelihood per token stands in for Q")
        result = Result(
            live.session.problem, chosen, live.stop_reason or "error", live.ledger, tree, steps, notes, live.error
        )
        if run is not None:
            save(result, run, self.engine)
        return result


_WITHOUT_VALUES = (STRATEGIES["greedy"], STRATEGIES["best-of-n"])


def solve(problem: str | Problem, model: str | os.PathLike[str] | None = None, **settings: Any) -> Result:
    """`Solver.from_pretrained(model, **settings).solve(problem)`."""
    return Solver.from_pretrained(model, **settings).solve(problem)


def resume(run: str | os.PathLike[str], *, on_event: Callback | None = None, **overrides: Any) -> Result:
    """Continues the search in the folder `run` to where it would have come undisturbed.

    Model, search, budget, prompt and seed are read from its journal; `overrides` go to `Solver.from_pretrained`. A
    verifier of your own has to be given again.

    Raises:
        FileNotFoundError: no journal there.
        JournalMismatch: the settings or versions lead elsewhere.
    """
    path = Path(run) / JOURNAL_FILE
    if not path.is_file():
        raise FileNotFoundError(f"{run} is no run folder: there is no {JOURNAL_FILE} in it")
    header, _ = Journal.read(path)
    said = header["settings"]
    if "model" not in said:
        raise ValueError(f"{run} was not begun by Solver.from_pretrained: build the solver again and solve(resume=True)")
    given: dict[str, Any] = {
        "search": strategy_from_json(said["search"]),
        "budget": Budget(**said["budget"]),
        "stop_on_pass": said["stop_on_pass"],
        "seed": said["seed"],
        "device": said["device"],
        "deterministic": said["deterministic"],
        "prompt": PromptFormat.from_json(said["prompt"]),
    }
    if said["verifier"] == "None":
        given["verifier"] = NO_VERIFIER
    elif said["verifier"] in VERIFIERS:
        given["verifier"] = VERIFIERS[said["verifier"]]()
    elif "verifier" not in overrides:
        raise ValueError(f"the search in {run} used a verifier of your own ({said['verifier']}): give it again")
    solver = Solver.from_pretrained(said["model"], **{**given, **overrides})
    problem = header["problem"]
    return solver.solve(
        Problem(problem["prompt"], problem["id"], tuple(problem["tests"])), run=run, resume=True, on_event=on_event
    )


def default_verifier(model: str | os.PathLike[str]) -> Verifier | None:
    """The verifier that a model folder's `qstar.json` names, if any."""
    path = Path(model) / SETTINGS_FILE
    if not path.is_file():
        return None
    name = json.loads(path.read_text()).get("verifier")
    if name is not None and name not in VERIFIERS:
        raise ValueError(f"{path} names the verifier {name!r}; there is {', '.join(VERIFIERS)}")
    return VERIFIERS[name]() if name else None


def save(result: Result, run: str | os.PathLike[str], engine: Engine) -> None:
    """Writes tree.json (with the text of every edge) and result.json into the folder `run`."""
    tree = result.tree
    texts = [engine.decode(tokens) if node != ROOT else "" for node, tokens in enumerate(tree.tokens)]
    tree.save(Path(run) / TREE_FILE, extra={"texts": texts, "problem": result.problem.prompt})
    write_json(Path(run) / RESULT_FILE, {**result.to_json(), "finished_at": time.strftime("%Y-%m-%dT%H:%M:%S%z")})


def strategy_to_json(strategy: Strategy) -> dict[str, Any]:
    """Name and settings; a strategy that qstar does not know is described by its repr."""
    name = next((name for name, kind in STRATEGIES.items() if type(strategy) is kind), None)
    if name is None or not is_dataclass(strategy):
        return {"name": None, "repr": repr(strategy)}
    return {"name": name, **json.loads(json.dumps(asdict(strategy), default=lambda x: x.value))}


def strategy_from_json(data: Mapping[str, Any]) -> Strategy:
    """The strategy that `strategy_to_json` described."""
    if data["name"] is None:
        raise ValueError(f"the search was {data['repr']}, which is not one of {', '.join(STRATEGIES)}: pass search=")
    return make_strategy(data["name"], {name: value for name, value in data.items() if name != "name"})


def make_strategy(name: str, settings: Mapping[str, Any]) -> Strategy:
    """A strategy by name with its settings as plain data. Raises ValueError naming what is wrong."""
    from qstar.request import Sampling

    if name not in STRATEGIES:
        raise ValueError(f"no search named {name!r}; there is {', '.join(STRATEGIES)}")
    kind = STRATEGIES[name]
    fields = kind.__dataclass_fields__
    given: dict[str, Any] = {}
    for key, value in settings.items():
        if key not in fields:
            raise ValueError(f"{name} has no setting {key!r}; it has {', '.join(fields)}")
        default = fields[key].default
        if isinstance(value, Mapping):
            value = Sampling(**value)
        elif isinstance(default, Enum):
            value = _member(type(default), key, value)
        given[key] = value
    return kind(**given)


def _member(kind: type[Enum], key: str, value: Any) -> Enum:
    try:
        return kind(value)
    except ValueError:
        raise ValueError(f"{key} is one of {', '.join(str(m.value) for m in kind)}, not {value!r}") from None
