"""The front door: a model, a search, a budget; problems in, results out."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import torch

from qstar.budget import Budget, Ledger
from qstar.code import program
from qstar.engine.base import Engine
from qstar.engine.hf import HFEngine
from qstar.engine.scheduler import Callback, Live, Scheduler
from qstar.judge import Judge
from qstar.kinds import FUNCTION, kind_of
from qstar.problem import Problem, Verifier
from qstar.prompting import PromptFormat, short_answer
from qstar.registry import (
    NO_VERIFIER,
    VERIFIERS,
    default_verifier,
    make_verifier,
    named,
    search_beside,
    strategy_from_json,
    strategy_to_json,
)
from qstar.result import Result
from qstar.search import MCTS, AStar
from qstar.select import SELECTORS, Selector, auto, make_selector
from qstar.session import Journal, JournalMismatch, Session, Strategy
from qstar.tree import ROOT, Tree, write_json

DEFAULT_BUDGET = Budget(multiple=16)
JOURNAL_FILE, TREE_FILE, RESULT_FILE = "journal.jsonl", "tree.json", "result.json"


class Solver:
    """Solves problems with one engine.

    Attributes:
        engine: what runs the model.
        search: a strategy, its settings inside.
        budget: caps for each problem.
        verifier: judges texts, or the name of one that does; None trusts the Q head or the vote.
        select: which answer is the one, or the name of a selector; see qstar.select.
        extract: finds the short answer in a text; None: the program, where a function is asked for, else what the
            prompt format says.
        stop_on_pass: end a problem at its first answer that the verifier passes.
        seed: of every draw.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        search: Strategy | None = None,
        budget: Budget | None = None,
        verifier: Verifier | str | None = None,
        select: Selector | str | None = None,
        extract: Callable[[str], str | None] | None = None,
        stop_on_pass: bool = True,
        seed: int = 0,
        description: Mapping[str, Any] | None = None,
    ) -> None:
        self.engine = engine
        self.search = search or AStar()
        self.budget = budget or DEFAULT_BUDGET
        self.verifier = make_verifier(verifier)
        self.select = make_selector(select) if isinstance(select, str) else select or auto()
        style = engine.prompt if isinstance(engine, HFEngine) else None
        self.extract = extract
        self._style = style or PromptFormat()
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
        verifier: Verifier | str | None = None,
        select: Selector | str | None = None,
        stop_on_pass: bool = True,
        seed: int = 0,
        **engine: Any,
    ) -> Solver:
        """Loads a model by hub id or path; without one, the bundled default.

        A model folder's `qstar.json` may name its verifier and its search, which serve where none is given
        (NO_VERIFIER: none at all). `engine` goes to `HFEngine.from_pretrained`: device, dtype, device_map, revision,
        q_head, prompt, kv_cap_gb, chunk, deterministic, tree.

        Raises:
            ValueError: a setting, name or device that does not exist; what HFEngine finds wrong with the model.
            FileNotFoundError: a path that does not exist, or holds no model.
            OSError: a hub id that is neither cached nor to be had.
        """
        if model is None:
            from qstar import models

            model = models.path()
        if search is None:
            search = strategy_from_json(search_beside(model))
        if verifier is None:
            verifier = default_verifier(model)
        _check_device(engine.get("device"), engine.get("dtype"))
        loaded = HFEngine.from_pretrained(_located(model, engine.get("revision")), **engine)
        kept = {name: str(x) if isinstance(x, os.PathLike) else x for name, x in engine.items() if name in _RECORDED}
        kept |= {"device": str(loaded.device), "dtype": str(loaded.model.dtype).removeprefix("torch.")}
        description = {
            "model": str(Path(model).expanduser().resolve()) if Path(model).expanduser().is_dir() else str(model),
            "engine": {name: x for name, x in kept.items() if isinstance(x, (str, int, float, dict))},
            "select": select if isinstance(select, str) else named(select),
        }
        return cls(
            loaded,
            search=search,
            budget=budget,
            verifier=verifier,
            select=select,
            stop_on_pass=stop_on_pass,
            seed=seed,
            description=description,
        )

    # -- solving ----------------------------------------------------------------------------------------------

    def solve(
        self,
        problem: str | Problem,
        *,
        verifier: Verifier | str | None = None,
        run: str | os.PathLike[str] | None = None,
        resume: bool = False,
        on_event: Callback | None = None,
    ) -> Result:
        """Searches one problem until its budget, its strategy, or a passing answer ends it.

        Ctrl-C ends it too, after the pass under way: what was found comes back, with the stop reason "interrupted".
        A second one does not wait.

        Args:
            problem: the statement, or a Problem with public tests.
            verifier: in place of the solver's own.
            run: a folder for the journal, the tree and the result; a search that is killed resumes from it.
            resume: continue the search in `run`; one that has ended only shows its result.
            on_event: called with every node, answer and charge.

        Raises:
            ValueError: an empty problem, a prompt longer than the context, a budget that does not cover the prompt.
            FileExistsError: `run` holds a search already.
            JournalMismatch: the search in `run` was begun with other settings, or for another problem.
        """
        problem = _identified(problem)
        if resume:
            if run is None:
                raise ValueError("resume needs the folder of the run")
            header, _ = Journal.read(Path(run) / JOURNAL_FILE)
            _compare(header, self._header(problem, self._verifier(verifier)), run)
            if ended := load_result(run):
                return ended
        searches = self._solve([problem], verifier, run, resume, on_event, in_flight=1, strict=True)
        result = next(searches)
        searches.close()
        return result

    def solve_many(
        self,
        problems: Iterable[str | Problem],
        *,
        verifier: Verifier | str | None = None,
        on_event: Callback | None = None,
        in_flight: int = 16,
    ) -> Iterator[Result]:
        """Searches many problems at once, `in_flight` of them sharing every forward pass; results as they finish.

        An error in one problem, a prompt that is too long included, comes back in its result and leaves the others
        alone. Ctrl-C ends those in flight as "interrupted", and begins no other.
        """
        yield from self._solve(problems, verifier, None, False, on_event, in_flight, strict=False)

    def _solve(
        self,
        problems: Iterable[str | Problem],
        verifier: Verifier | str | None,
        run: str | os.PathLike[str] | None,
        resume: bool,
        on_event: Callback | None,
        in_flight: int,
        strict: bool,
    ) -> Generator[Result, None, None]:
        """`strict`: a problem that cannot begin is an error, not a result."""
        if in_flight < 1:
            raise ValueError(f"in_flight must be at least 1, not {in_flight}")
        verifier = self._verifier(verifier)
        scheduler = Scheduler(self.engine, on_event=on_event)
        waiting = iter(problems)
        exhausted = False
        try:
            while True:
                while not exhausted and len(scheduler.lives) < in_flight:
                    try:
                        problem = next(waiting)
                    except StopIteration:
                        exhausted = True
                        break
                    try:
                        scheduler.add(self._live(problem, verifier, run, resume))
                    except Exception as error:
                        if strict:
                            raise
                        yield _unbegun(problem, self.budget, error)
                if not scheduler.lives:
                    return
                with _whole_passes():
                    scheduler.step()
                for live in [live for live in scheduler.lives if live.stop_reason is not None]:
                    scheduler.remove(live)
                    yield self._result(live, run)
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
        verifier: Verifier | None,
        run: str | os.PathLike[str] | None,
        resume: bool,
    ) -> Live:
        problem = _identified(problem)
        prompt = self.engine.encode(problem)
        ledger = Ledger(self.budget)
        if ledger.cap is not None and ledger.cap <= len(prompt.ids):
            raise ValueError(
                f"the budget of {ledger.cap} tokens does not cover the prompt of problem {problem.id}, which has "
                f"{len(prompt.ids)}: give more tokens, or a budget like 16x"
            )
        journal, entries = self._journal(problem, verifier, run, resume)
        tree = Tree(problem.id, prompt.ids)
        session = Session(problem, self.search, tree, seed=self.seed, ledger=ledger, journal=journal)
        judge = Judge(problem, verifier, ledger, self._extractor(problem))
        live = Live(session, judge, self.engine.open(prompt.ids), prompt, self.stop_on_pass)
        try:
            for entry in entries:
                live.replay(entry)
        except BaseException:
            session.close()
            self.engine.close(live.trie)
            raise
        return live

    def _extractor(self, problem: Problem) -> Callable[[str], str | None]:
        if self.extract is not None:
            return self.extract
        if kind_of(problem) is FUNCTION:
            return lambda text: program(problem.prompt, text).strip() or None
        return lambda text: short_answer(text, self._style)

    def _journal(
        self, problem: Problem, verifier: Verifier | None, run: str | os.PathLike[str] | None, resume: bool
    ) -> tuple[Journal | None, list[dict[str, Any]]]:
        if run is None:
            return None, []
        path = Path(run) / JOURNAL_FILE
        if resume:
            return Journal(path), Journal.read(path)[1]
        if path.exists():
            raise FileExistsError(f"{run} holds a search already: resume it, or name another folder")
        if Path(run).exists() and not Path(run).is_dir():
            raise FileExistsError(f"{run} is a file: name a folder for the run")
        return Journal(path, self._header(problem, verifier)), []

    def _verifier(self, verifier: Verifier | str | None) -> Verifier | None:
        return self.verifier if verifier is None else make_verifier(verifier)

    def _header(self, problem: Problem, verifier: Verifier | None) -> dict[str, Any]:
        asked = {"prompt": problem.prompt, "id": problem.id, "tests": list(problem.tests)}
        return {"problem": asked, "settings": self.settings(verifier)}

    def settings(self, verifier: Verifier | None) -> dict[str, Any]:
        """What a resumed search needs to know, as plain data."""
        packages = {name: version(name) for name in ("torch", "transformers", "numpy")}
        return {
            **self.description,
            "search": strategy_to_json(self.search),
            "budget": {name: value for name, value in asdict(self.budget).items() if value is not None},
            "prompt": self.engine.prompt.to_json() if isinstance(self.engine, HFEngine) else None,
            "verifier": named(verifier) or NO_VERIFIER,
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
            if self.engine.q_head is None and isinstance(self.search, AStar):
                notes.append("no Q head: the mean likelihood per token stands in for Q")
            elif self.engine.q_head is None and isinstance(self.search, MCTS):
                notes.append("no Q head: leaves are valued by rollouts")
        result = Result(
            live.session.problem, chosen, live.stop_reason or "error", live.ledger, tree, steps, notes, live.error
        )
        if run is not None:
            save(result, run, self.engine)
        return result


_RECORDED = ("device_map", "revision", "q_head", "kv_cap_gb", "chunk", "deterministic", "tree")


def solve(problem: str | Problem, model: str | os.PathLike[str] | None = None, **settings: Any) -> Result:
    """`Solver.from_pretrained(model, **settings).solve(problem)`."""
    return Solver.from_pretrained(model, **settings).solve(problem)


def resume(run: str | os.PathLike[str], *, on_event: Callback | None = None, **overrides: Any) -> Result:
    """Continues the search in the folder `run` to where it would have come undisturbed.

    Model, search, budget, prompt and seed are read from its journal; `overrides` go to `Solver.from_pretrained`. A
    verifier or selector of your own has to be given again. A search that has ended only shows its result.

    Raises:
        FileNotFoundError: no journal there.
        JournalMismatch: the settings lead elsewhere.
    """
    path = Path(run) / JOURNAL_FILE
    if not path.is_file():
        raise FileNotFoundError(f"{run} is no run folder: there is no {JOURNAL_FILE} in it")
    header, _ = Journal.read(path)
    if ended := load_result(run):
        return ended
    said = header["settings"]
    if "model" not in said:
        raise ValueError(
            f"{run} was not begun by Solver.from_pretrained: build the solver again and solve(resume=True)"
        )
    given: dict[str, Any] = {
        "search": None if "search" in overrides else strategy_from_json(said["search"]),
        "budget": Budget(**said["budget"]),
        "stop_on_pass": said["stop_on_pass"],
        "seed": said["seed"],
        "prompt": PromptFormat.from_json(said["prompt"]),
        **said["engine"],
    }
    for name, known in (("verifier", (NO_VERIFIER, *VERIFIERS)), ("select", (None, *SELECTORS))):
        if name in overrides:
            continue
        if said[name] not in known:
            raise ValueError(f"the search in {run} used a {name} of your own ({said[name]}): give it again")
        given[name] = said[name]
    solver = Solver.from_pretrained(said["model"], **{**given, **overrides})
    problem = header["problem"]
    return solver.solve(
        Problem(problem["prompt"], problem["id"], tuple(problem["tests"])), run=run, resume=True, on_event=on_event
    )


def load_result(run: str | os.PathLike[str]) -> Result | None:
    """The result of a run that has ended; None where it was killed, interrupted or stopped by an error."""
    path = Path(run) / RESULT_FILE
    if not path.is_file():
        return None
    try:
        said = json.loads(path.read_text())
        if said["stop_reason"] in ("interrupted", "error"):
            return None
        tree_data = json.loads((Path(run) / TREE_FILE).read_text())
        tree = Tree.from_json(tree_data)
        chosen = next((a for a in tree.counted_answers() if a.node == said["node"]), None)
        counts = said["ledger"]
        ledger = Ledger(Budget(**counts["budget"]), resumed=counts["resumed"], elapsed=counts["seconds"])
        ledger.restore(counts)
        problem = Problem(said["problem"], said["problem_id"])
        steps = [tree_data["texts"][node] for node in tree.path(chosen.node)] if chosen else []
    except (KeyError, TypeError, ValueError, OSError) as error:
        raise ValueError(f"{path} is damaged ({error}): remove it, and resume the run") from None
    return Result(problem, chosen, said["stop_reason"], ledger, tree, steps, said["notes"])


def _compare(recorded: Mapping[str, Any], asked: Mapping[str, Any], run: str | os.PathLike[str]) -> None:
    """Raises JournalMismatch naming the first setting that is not as it was.

    Versions of packages may differ: if that leads elsewhere, the journal will show it.
    """
    was, now = ({"problem": head["problem"], **head["settings"]} for head in (recorded, json.loads(json.dumps(asked))))
    for name in was | now:
        if name != "versions" and was.get(name) != now.get(name):
            raise JournalMismatch(
                f"{run} was begun with {name} {was.get(name)}, not {now.get(name)}: "
                "resume it as it was, or begin another run"
            )


def _identified(problem: str | Problem) -> Problem:
    """A problem with an id: by default of its statement, so that its draws do not depend on its place in a list."""
    problem = problem if isinstance(problem, Problem) else Problem(problem)
    digest = hashlib.sha256("\0".join((problem.prompt, *problem.tests)).encode()).hexdigest()[:8]
    return problem if problem.id else replace(problem, id=f"problem-{digest}")


def _unbegun(problem: str | Problem, budget: Budget, error: Exception) -> Result:
    """The result of a problem that could not begin."""
    if not isinstance(problem, Problem):
        problem = Problem(problem if isinstance(problem, str) and problem.strip() else "(empty)")
    problem = _identified(problem)
    return Result(problem, None, "error", Ledger(budget), Tree(problem.id), error=error)


@contextmanager
def _whole_passes() -> Iterator[None]:
    """Ctrl-C waits for the end of the pass, so that no tree is left half grown; a second one does not wait."""
    main = threading.current_thread() is threading.main_thread()
    if not main or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return
    pressed: list[int] = []

    def press(number: int, frame: object) -> None:
        if pressed:
            raise KeyboardInterrupt
        pressed.append(number)

    signal.signal(signal.SIGINT, press)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if pressed:
        raise KeyboardInterrupt


def _check_device(device: str | None, dtype: Any) -> None:
    """Raises ValueError for a device that is not there, or a dtype that does not exist."""
    if isinstance(dtype, str) and dtype != "auto" and not isinstance(getattr(torch, dtype, None), torch.dtype):
        raise ValueError(f"no dtype {dtype!r}; give auto, float32, bfloat16 or float16")
    if device is None:
        return
    try:
        torch.zeros(1, device=device)
    except Exception as error:  # RuntimeError, AssertionError: it depends on the back end
        there = ["cpu"] + ["cuda"] * torch.cuda.is_available() + ["mps"] * torch.backends.mps.is_available()
        raise ValueError(f"device {device!r} cannot be used here; there is {', '.join(there)}") from error


def _located(model: str | os.PathLike[str], revision: str | None) -> str:
    """`model`, or its folder in the cache where the hub cannot be reached: transformers would try for a minute."""
    from huggingface_hub import constants, snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError
    from huggingface_hub.utils import get_session

    name = str(model)
    if Path(name).expanduser().is_dir() or name.startswith((".", "/", "~")) or name.count("/") > 1:
        return name
    try:
        get_session().head(constants.ENDPOINT, timeout=5)
        return name
    except Exception:  # offline, no route, no name server, refused by a proxy
        pass
    try:
        return snapshot_download(name, revision=revision, local_files_only=True)
    except (LocalEntryNotFoundError, HFValidationError):
        raise OSError(
            f"cannot load {name!r}: there is no such folder here, it is not in the cache, and {constants.ENDPOINT} "
            "cannot be reached. Check the name and the network, or give the path of a saved model"
        ) from None


def save(result: Result, run: str | os.PathLike[str], engine: Engine) -> None:
    """Writes tree.json (with the text of every edge) and result.json into the folder `run`."""
    tree = result.tree
    texts = [engine.decode(tokens) if node != ROOT else "" for node, tokens in enumerate(tree.tokens)]
    tree.save(Path(run) / TREE_FILE, extra={"texts": texts, "problem": result.problem.prompt})
    write_json(Path(run) / RESULT_FILE, {**result.to_json(), "finished_at": time.strftime("%Y-%m-%dT%H:%M:%S%z")})
