"""`qstar solve` and `qstar resume`."""

from __future__ import annotations

import gc
import importlib.util
import json
import math
import sys
import time
from contextlib import redirect_stdout
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml

from qstar.budget import Budget

Flag = typer.Option


def _take_defaults(context: typer.Context, path: Path | None) -> Path | None:
    """Makes the options in a YAML file the defaults of this command."""
    if path is None:
        return None
    if not path.is_file():
        raise FileNotFoundError(f"config file {path} does not exist")
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ValueError(f"config file {path} is no YAML: {_one_line(error)}") from None
    if not isinstance(data, dict):
        raise ValueError(f"config file {path} must map option names to values")
    names = {option.lstrip("-"): p.name for p in context.command.params for option in p.opts if p.name != "config"}
    defaults = {}
    for key, value in data.items():
        name = names.get(str(key).replace("_", "-"))
        if name is None:
            raise ValueError(f"config file {path}: no option named {key}; there is {', '.join(names)}")
        if name == "setting" and isinstance(value, dict):
            value = [f"{k}={json.dumps(v)}" for k, v in value.items()]
        defaults[name] = [value] if name in ("setting", "stop") and isinstance(value, str) else value
    context.default_map = defaults
    return path


def solve(
    context: typer.Context,
    problem: Annotated[str | None, typer.Argument(help="The problem; '-' reads it from standard input.")] = None,
    file: Annotated[Path | None, Flag(help="Read the problem from a file.")] = None,
    model: Annotated[str | None, Flag(help="Hub id or folder; the bundled model by default.")] = None,
    search: Annotated[
        str | None,
        Flag(help="greedy, best-of-n, astar or mcts; by default what the model's qstar.json says, else astar."),
    ] = None,
    budget: Annotated[
        str | None, Flag(help="4096 (tokens), 64x (greedy completions), 30s, 500exp; comma-joined.")
    ] = None,
    setting: Annotated[
        list[str] | None,
        Flag("--set", help="A setting of the search, as width=4, unit=step or sampling={temperature: 0.8}."),
    ] = None,
    verifier: Annotated[
        str | None, Flag(help="by-kind, countdown, examples, math-steps, none, or path.py:function.")
    ] = None,
    select: Annotated[str | None, Flag(help="auto, verifier, q, q-vote, majority, q-mass, mass or likelihood.")] = None,
    template: Annotated[str | None, Flag(help="auto, chat, plain, or a text with {problem}.")] = None,
    system: Annotated[str | None, Flag(help="System prompt.")] = None,
    shots: Annotated[Path | None, Flag(help="Few-shot examples: JSONL of problem and solution.")] = None,
    answer_format: Annotated[str | None, Flag(help="A sentence after the problem, such as 'End with #### N.'")] = None,
    answer: Annotated[str | None, Flag(help="Text that the short answer follows, such as 'Answer:'.")] = None,
    delimiter: Annotated[str | None, Flag(help=r"What ends a step; \n is a new line.")] = None,
    stop: Annotated[list[str] | None, Flag(help="A text that ends a completion; may be repeated.")] = None,
    max_new_tokens: Annotated[int | None, Flag(help="Longest completion.")] = None,
    thinking: Annotated[bool | None, Flag(help="Switch <think> on or off, where the chat template can.")] = None,
    device: Annotated[str | None, Flag(help="cpu, cuda, mps.")] = None,
    dtype: Annotated[str, Flag(help="auto, float32, bfloat16, float16.")] = "auto",
    q_head: Annotated[str | None, Flag(help="Hub id or folder of a Q head.")] = None,
    kv_cap_gb: Annotated[float | None, Flag(help="Memory for keys and values.")] = None,
    seed: Annotated[int, Flag(help="Of every draw.")] = 0,
    deterministic: Annotated[
        bool, Flag("--deterministic", help="Results that do not depend on the batch: slower.")
    ] = False,
    run: Annotated[Path | None, Flag(help="Folder for journal, tree and result; runs/<time> by default.")] = None,
    config: Annotated[
        Path | None,
        Flag(help="YAML file of these options; the command line wins.", is_eager=True, callback=_take_defaults),
    ] = None,
    show_tree: Annotated[bool, Flag("--show-tree", help="Print the tree.")] = False,
    as_json: Annotated[bool, Flag("--json", help="Print one JSON object and nothing else.")] = False,
    quiet: Annotated[bool, Flag("--quiet", help="Print the answer and nothing else.")] = False,
) -> None:
    """Search for the answer to one problem.

    Exit code 0: there is an answer; 1: there is none, or the verifier raised; 2: something was given wrongly;
    130: interrupted, and what was found is shown.
    """
    statement, settings = _statement(problem, file), _solver_settings(context.params)
    _quieten()
    from qstar.problem import Problem
    from qstar.solver import Solver

    folder = run or _new_folder()
    with _Output(as_json or quiet):
        solver = Solver.from_pretrained(**settings)
        gc.collect()
        gc.freeze()  # a growing tree makes the collector walk; it need not walk over the libraries each time
        with _Progress(quiet or as_json) as progress:
            result = solver.solve(Problem(statement), run=folder, on_event=progress)
    _show(result, folder, show_tree, as_json, quiet)


def resume(
    run: Annotated[Path, typer.Argument(help="The folder of a search that was interrupted.")],
    verifier: Annotated[str | None, Flag(help="path.py:function, if the search used a verifier of your own.")] = None,
    show_tree: Annotated[bool, Flag("--show-tree", help="Print the tree.")] = False,
    as_json: Annotated[bool, Flag("--json", help="Print one JSON object and nothing else.")] = False,
    quiet: Annotated[bool, Flag("--quiet", help="Print the answer and nothing else.")] = False,
) -> None:
    """Continue a search that was killed, to the tree it would have had undisturbed.

    A search that has ended only shows its result.
    """
    _quieten()
    import qstar.solver

    overrides = {"verifier": load_verifier(verifier)} if verifier else {}
    with _Output(as_json or quiet), _Progress(quiet or as_json) as progress:
        result = qstar.solver.resume(run, on_event=progress, **overrides)
    _show(result, run, show_tree, as_json, quiet)


def _quieten() -> None:
    """No messages of transformers, no bars but ours."""
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()


def _new_folder() -> Path:
    """A folder named by the time, which no run has yet."""
    folder = first = Path("runs") / time.strftime("%Y%m%d-%H%M%S")
    number = 1
    while folder.exists():
        number += 1
        folder = first.with_name(f"{first.name}-{number}")
    return folder


def _statement(problem: str | None, file: Path | None) -> str:
    if (problem is None) == (file is None):
        raise ValueError("give the problem as an argument, or with --file, or '-' for standard input")
    if file is not None:
        if not file.is_file():
            raise FileNotFoundError(f"problem file {file} does not exist")
        text = file.read_text(encoding="utf-8")
    else:
        text = sys.stdin.read() if problem == "-" else problem or ""
    if not text.strip():
        raise ValueError(f"the problem{f' in {file}' if file else ''} is empty: give it a statement to solve")
    return text.strip()


def _solver_settings(options: dict[str, Any]) -> dict[str, Any]:
    """From options to the arguments of Solver.from_pretrained."""
    from qstar import models
    from qstar.prompting import PromptFormat, load_shots
    from qstar.registry import make_strategy, search_beside
    from qstar.select import make_selector

    model = options["model"] or models.path()
    changes = {name: options[name] for name in ("template", "system", "answer_format", "thinking", "max_new_tokens")}
    changes |= {"answer": options["answer"], "delimiter": _unescaped(options["delimiter"])}
    changes |= {"stop": tuple(map(_unescaped, options["stop"])) if options["stop"] else None}
    changes |= {"shots": load_shots(options["shots"]) if options["shots"] else None}
    prompt = replace(PromptFormat.beside(model), **{name: x for name, x in changes.items() if x is not None})
    search = search_beside(model, options["search"])
    search |= dict(parse_setting(text) for text in options["setting"] or ())
    if options["select"]:
        make_selector(options["select"])
    return {
        **{name: options[name] for name in ("device", "dtype", "q_head", "kv_cap_gb", "deterministic", "seed")},
        "model": model,
        "prompt": prompt,
        "search": make_strategy(search.pop("name"), search),
        "budget": Budget.parse(options["budget"]) if options["budget"] else None,
        "select": options["select"],
        "verifier": load_verifier(options["verifier"]) if options["verifier"] else None,
    }


def parse_setting(text: str) -> tuple[str, Any]:
    """Name and value of `--set name=value`; the value is YAML."""
    key, equals, value = text.partition("=")
    if not equals:
        raise ValueError(f"--set takes name=value, not {text!r}")
    try:
        return key.strip(), yaml.safe_load(value)
    except yaml.YAMLError as error:
        raise ValueError(f"--set {text!r}: {_one_line(error)}") from None


def load_verifier(name: str) -> Any:
    """A verifier by name, or a function in a Python file, as path.py:function. The file is run: it is yours."""
    from qstar.registry import NO_VERIFIER, VERIFIERS

    if name == NO_VERIFIER or name in VERIFIERS:
        return name
    path, _, function = name.rpartition(":")
    if not path.endswith(".py"):
        known = ", ".join((*VERIFIERS, NO_VERIFIER))
        raise ValueError(f"no verifier named {name!r}; there is {known}, or path.py:function")
    if not Path(path).is_file():
        raise FileNotFoundError(f"verifier file {path} does not exist")
    spec = importlib.util.spec_from_file_location(Path(path).stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise ValueError(f"verifier file {path} cannot be loaded: {type(error).__name__}: {error}") from error
    verifier = getattr(module, function, None)
    if not callable(verifier):
        raise ValueError(f"{path} has no function {function!r}")
    return verifier() if isinstance(verifier, type) else verifier


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())


def _unescaped(text: str | None) -> str | None:
    return None if text is None else text.replace("\\n", "\n").replace("\\t", "\t")


class _Progress:
    """A bar of model tokens on stderr, from the second second on."""

    def __init__(self, silent: bool) -> None:
        self.silent = silent

    def __enter__(self) -> _Progress:
        from tqdm import tqdm

        self.bar = tqdm(unit="tok", delay=2, disable=self.silent, leave=False, file=sys.stderr, dynamic_ncols=True)
        self.answers = 0
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.close()

    def __call__(self, event: dict[str, Any]) -> None:
        if event["type"] == "answer":
            self.answers += 1
            self.bar.set_postfix_str(f"{self.answers} answers", refresh=False)  # a refresh would not wait for `delay`
        elif event["type"] == "charge":
            self.bar.total = event["ledger"]["cap"]
            self.bar.update(event["ledger"]["tokens"] - self.bar.n)


class _Output(redirect_stdout):  # type: ignore[type-arg]
    """Keeps standard output for the result alone: what a verifier prints goes to standard error."""

    def __init__(self, kept: bool) -> None:
        super().__init__(sys.stderr if kept else sys.stdout)


def _show(result: Any, folder: Path, show_tree: bool, as_json: bool, quiet: bool) -> None:
    from qstar.result import outline
    from qstar.solver import TREE_FILE

    tree_file = folder / TREE_FILE
    if as_json:
        print(json.dumps({**result.to_json(), "run": str(folder), "tree": str(tree_file)}, allow_nan=False))
    elif quiet:
        if result.answer is not None:
            print(result.answer)
    else:
        _tell(result, tree_file)
        if show_tree:
            texts = json.loads(tree_file.read_text())["texts"]
            print("\n" + outline(result.tree, dict(enumerate(texts))))
    if result.error is not None:
        print(f"qstar: {_one_line(result.error)} (what was found is in {tree_file})", file=sys.stderr)
    elif result.stop_reason == "interrupted":
        print(f"qstar: interrupted; qstar resume {folder} goes on", file=sys.stderr)
        raise SystemExit(130)
    if result.error is not None or result.answer is None:
        raise SystemExit(1)


def _tell(result: Any, tree_file: Path) -> None:
    ledger = result.ledger
    if result.chosen is None:
        print("no finished answer")
    else:
        verdict = {"pass": "verified", "fail": "fails the verifier"}.get(result.chosen.verdict or "", "not verified")
        q = "" if math.isnan(result.chosen.q) else f", Q {result.chosen.q:.2f}"
        print(f"answer   {result.answer}   ({verdict}{q})")
        for i, line in enumerate("".join(result.steps).strip("\n").split("\n")):
            print(("path     " if i == 0 else "         ") + line)
    spent = ", ".join(f"{n} {kind}" for kind, n in ledger.tokens_by.items())
    cap = f" of {ledger.cap}" if ledger.cap is not None else ""
    print(f"spent    {ledger.tokens}{cap} model tokens ({spent}), {ledger.passes} passes, {ledger.seconds:.2f} s")
    print(f"stopped  {result.stop_reason}; {len(result.tree)} nodes, {len(result.tree.answers)} answers found")
    for note in result.notes:
        print(f"note     {note}")
    print(f"tree     {tree_file}")
