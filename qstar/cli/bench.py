"""`qstar bench`."""

from __future__ import annotations

import gc
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from benchmarks.graders import Item
    from benchmarks.run import Bench, Search
    from benchmarks.tasks import Task

Flag = typer.Option


def bench(
    task: Annotated[
        str | None,
        typer.Argument(
            help="words, countdown, countdown-3 to -6, game24, functions, svamp, gsm8k, math-500, humaneval or mbpp."
        ),
    ] = None,
    texts: Annotated[str, typer.Argument(hidden=True)] = "right",
    model: Annotated[str | None, Flag(help="Hub id or folder; the bundled model by default.")] = None,
    search: Annotated[
        str, Flag(help="Searches, comma-joined; label=name for a second one of a kind.")
    ] = "greedy,best-of-n,astar,mcts",
    select: Annotated[str, Flag(help="Selectors read off each search, comma-joined.")] = "auto",
    budget: Annotated[str, Flag(help="Multiples of a greedy completion, ascending.")] = "1x,4x,16x,64x",
    seeds: Annotated[int, Flag(help="How many.")] = 1,
    limit: Annotated[int | None, Flag(help="Only the first problems.")] = None,
    split: Annotated[str, Flag(help="test, or dev for choosing anything.")] = "test",
    data: Annotated[str | None, Flag(help="Hub id, folder or file in place of the published source.")] = None,
    shown: Annotated[int | None, Flag(help="MBPP: tests that are public, 3 in the usual protocol.")] = None,
    verifier: Annotated[str | None, Flag(help="As in qstar solve; by default the model's own. none: none.")] = None,
    setting: Annotated[
        list[str] | None,
        Flag("--set", help="A setting of every search that has it, or of one: width=4, astar.width=4."),
    ] = None,
    out: Annotated[Path | None, Flag(help="Folder of the run; runs/bench-TASK-<time> by default.")] = None,
    resume: Annotated[Path | None, Flag(help="Go on with the run in this folder, with its own settings.")] = None,
    trees: Annotated[bool, Flag("--trees", help="Keep every tree.")] = False,
    in_flight: Annotated[int, Flag(help="Problems that share a forward pass.")] = 16,
    exhaust: Annotated[bool, Flag("--exhaust", help="Do not end a problem at an answer that is verified.")] = False,
    q_head: Annotated[str | None, Flag(help="Hub id or folder of a Q head.")] = None,
    device: Annotated[str | None, Flag(help="cpu, cuda, mps.")] = None,
    dtype: Annotated[str, Flag(help="auto, float32, bfloat16, float16.")] = "auto",
    gold: Annotated[
        bool,
        Flag("--gold", help="No model: replay the gold solutions, or '--gold damaged' ones, and print the score."),
    ] = False,
    quiet: Annotated[bool, Flag("--quiet", help="No progress bar.")] = False,
) -> None:
    """Measure searches on a task: accuracy and pass@budget against what they cost.

    The run is a folder. The same command, or --resume, goes on with one that was killed.
    """
    from benchmarks.folder import printed, read_manifest, table

    if resume is not None:
        options = dict(read_manifest(resume)["options"])
        if not options:
            raise ValueError(f"{resume} was not begun by this command: run what began it again")
        out = resume
    else:
        here: dict[str, Any] = {
            "task": task,
            "model": model,
            "search": search,
            "select": select,
            "budget": budget,
            "seeds": seeds,
        }
        here |= {"limit": limit, "split": split, "data": data, "shown": shown, "verifier": verifier}
        here |= {"setting": list(setting or ()), "trees": trees, "in_flight": in_flight, "exhaust": exhaust}
        options = here | {"q_head": q_head, "device": device, "dtype": dtype}
    if options["task"] is None:
        raise ValueError("name a task, or a run to --resume")
    if gold:
        return _gold(options, texts, out, quiet)
    if texts != "right":
        raise ValueError(f"one task at a time: {options['task']}, or {texts}?")
    folder = out or Path("runs") / f"bench-{options['task']}-{time.strftime('%Y%m%d-%H%M%S')}"
    started = made(options, folder, progress=not quiet and sys.stderr.isatty())
    gc.collect()
    gc.freeze()
    print(f"run      {folder}", file=sys.stderr)
    try:
        started.run()
    except KeyboardInterrupt:
        print(f"qstar: interrupted; qstar bench --resume {folder} goes on", file=sys.stderr)
        raise SystemExit(130) from None
    print(printed(table(folder)))
    totals = json.loads((folder / "totals.json").read_text())
    if totals["seconds"]:
        shares = {name: totals[f"{name}_seconds"] / totals["seconds"] for name in ("forward", "verifier", "grading")}
        said = ", ".join(f"{share:.0%} {name}" for name, share in shares.items())
        print(f"\n{totals['seconds']:.1f} s: {said}, {totals['rest_seconds'] / totals['seconds']:.0%} the rest")


def made(options: dict[str, Any], folder: Path, progress: bool) -> Bench:
    """The run that the options of the command describe."""
    from benchmarks.facts import model_facts
    from benchmarks.run import Bench, Plan
    from benchmarks.tasks import task_named
    from qstar import models
    from qstar.cli.solve import load_verifier
    from qstar.solver import Solver

    task = task_named(options["task"])
    model = options["model"] or models.path()
    plan = Plan(
        tuple(_searches(model, _listed(options["search"]), options["setting"])),
        _listed(options["select"]),
        _listed(options["budget"]),
        options["seeds"],
        options["trees"],
        options["in_flight"],
        options,
    )
    items = task.items(options["split"], options["limit"], options["data"], options["shown"])
    _quieten()
    solver = Solver.from_pretrained(
        model,
        verifier=load_verifier(options["verifier"]) if options["verifier"] else None,
        stop_on_pass=not options["exhaust"],
        **{name: options[name] for name in ("device", "dtype", "q_head")},
    )
    return Bench(
        folder,
        task,
        items,
        solver,
        plan,
        dev=_development(task, options),
        split=options["split"],
        source=options["data"],
        model=model_facts(solver, model),
        progress=progress,
    )


def _development(task: Task, options: dict[str, Any]) -> list[Item]:
    """Problems to measure the length of a greedy completion on; none where the task's data hold none."""
    from benchmarks.run import UNIT_PROBLEMS

    if "dev" not in task.splits:
        return []
    try:
        return task.items("dev", UNIT_PROBLEMS, options["data"], options["shown"])
    except (ValueError, FileNotFoundError):  # a file of somebody's own is one split
        return []


def _searches(model: Any, names: tuple[str, ...], settings: list[str]) -> list[Search]:
    """Strategies by name, with the model folder's own unit and the settings given."""
    from benchmarks.run import Search
    from qstar.cli.solve import parse_setting
    from qstar.registry import make_strategy, search_beside
    from qstar.search import STRATEGIES

    given = [parse_setting(text) for text in settings]
    labelled = [text.partition("=")[::2] if "=" in text else (text, text) for text in names]
    used: set[str] = set()
    made = []
    for label, name in labelled:
        if name not in STRATEGIES:
            raise ValueError(f"no search named {name!r}; there is {', '.join(STRATEGIES)}")
        described = search_beside(model, name)
        if name == "best-of-n":
            described["wave"] = 1  # so that every smaller budget can be read off: see benchmarks.readoff
        for key, value in given:
            of, dot, setting = key.rpartition(".")
            if of == label if dot else setting in STRATEGIES[name].__dataclass_fields__:  # type: ignore[attr-defined]
                described[setting] = value
                used.add(key)
        made.append(Search(label, make_strategy(described.pop("name"), described)))
    if unused := [key for key, _ in given if key not in used]:
        raise ValueError(f"none of {', '.join(label for label, _ in labelled)} has the setting {unused[0]!r}")
    return made


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _quieten() -> None:
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()


def _gold(options: dict[str, Any], texts: str, out: Path | None, quiet: bool) -> None:
    """Prints the score of a task's own solutions; exit code 1 if it is not what it must be."""
    from benchmarks.run import replay
    from benchmarks.tasks import task_named

    if texts not in ("right", "damaged"):
        raise ValueError(f"--gold takes right or damaged, not {texts!r}")
    task = task_named(options["task"])
    items = task.items(options["split"], options["limit"], options["data"], options["shown"])
    damaged, progress = texts == "damaged", not quiet and sys.stderr.isatty()
    with tempfile.TemporaryDirectory() as temporary:
        passed = set(replay(out or Path(temporary) / "run", task, items, damaged=damaged, progress=progress))
    said = "damaged" if damaged else "gold"
    print(f"{task.name}: {len(passed)} of {len(items)} {said} solutions are graded right")
    wrong = [item.problem.id for item in items if (item.problem.id in passed) == damaged]
    if wrong:
        print(f"qstar: not as they should be: {', '.join(wrong[:20])}", file=sys.stderr)
        raise SystemExit(1)
