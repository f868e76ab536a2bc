"""`qstar solve` and `qstar resume`."""

from __future__ import annotations

import importlib.util
import json
import math
import sys
import time
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml

from qstar.budget import Budget

Flag = typer.Option


def solve(
    problem: Annotated[str | None, typer.Argument(help="The problem; '-' reads it from standard input.")] = None,
    file: Annotated[Path | None, Flag(help="Read the problem from a file.")] = None,
    model: Annotated[str | None, Flag(help="Hub id or folder; the bundled model by default.")] = None,
    search: Annotated[str | None, Flag(help="greedy, best-of-n, astar or mcts.")] = None,
    budget: Annotated[str | None, Flag(help="4096 (tokens), 64x (greedy completions), 30s, 500exp; comma-joined.")] = None,
    setting: Annotated[list[str] | None, Flag("--set", help="A setting of the search, as width=4 or unit=step.")] = None,
    verifier: Annotated[str | None, Flag(help="A name (countdown), 'none', or path.py:function.")] = None,
    select: Annotated[str | None, Flag(help="auto, verifier, q, q-vote, majority or likelihood.")] = None,
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
    deterministic: Annotated[bool, Flag(help="Results that do not depend on the batch: slower.")] = False,
    run: Annotated[Path | None, Flag(help="Folder for journal, tree and result; runs/<time> by default.")] = None,
    config: Annotated[Path | None, Flag(help="YAML file of these options; the command line wins.")] = None,
    show_tree: Annotated[bool, Flag(help="Print the tree.")] = False,
    as_json: Annotated[bool, Flag("--json", help="Print one JSON object and nothing else.")] = False,
    quiet: Annotated[bool, Flag(help="Print the answer and nothing else.")] = False,
) -> None:
    """Search for the answer to one problem."""
    given = {name: value for name, value in locals().items() if name not in ("config", "show_tree", "as_json", "quiet")}
    options = _with_config(given, config)
    with _said_as_json(as_json):
        statement = _statement(options["problem"], options["file"])
        from transformers.utils import logging

        from qstar.problem import Problem
        from qstar.solver import Solver

        logging.set_verbosity_error()
        logging.disable_progress_bar()
        folder = Path(options["run"] or Path("runs") / time.strftime("%Y%m%d-%H%M%S"))
        solver = Solver.from_pretrained(**_solver_settings(options))
        with _Progress(quiet or as_json) as progress:
            result = solver.solve(Problem(statement), run=folder, on_event=progress)
    _show(result, folder, show_tree, as_json, quiet)


def resume(
    run: Annotated[Path, typer.Argument(help="The folder of a search that was interrupted.")],
    verifier: Annotated[str | None, Flag(help="path.py:function, if the search used a verifier of your own.")] = None,
    show_tree: Annotated[bool, Flag(help="Print the tree.")] = False,
    as_json: Annotated[bool, Flag("--json", help="Print one JSON object and nothing else.")] = False,
    quiet: Annotated[bool, Flag(help="Print the answer and nothing else.")] = False,
) -> None:
    """Continue a search that was killed, to the tree it would have had undisturbed."""
    with _said_as_json(as_json):
        from transformers.utils import logging

        import qstar.solver

        logging.set_verbosity_error()
        logging.disable_progress_bar()
        overrides = {"verifier": load_verifier(verifier)} if verifier else {}
        with _Progress(quiet or as_json) as progress:
            result = qstar.solver.resume(run, on_event=progress, **overrides)
    _show(result, run, show_tree, as_json, quiet)


def _with_config(given: dict[str, Any], config: Path | None) -> dict[str, Any]:
    """The options, those not given filled from the YAML file."""
    if config is None:
        return given
    if not config.is_file():
        raise FileNotFoundError(f"config file {config} does not exist")
    try:
        data = yaml.safe_load(config.read_text()) or {}
    except yaml.YAMLError as error:
        raise ValueError(f"config file {config} is no YAML: {error}") from None
    if not isinstance(data, dict):
        raise ValueError(f"config file {config} must map option names to values")
    data = {str(key).replace("-", "_"): value for key, value in data.items()}
    data["setting"] = data.pop("set", None)
    unknown = set(data) - set(given)
    if unknown:
        raise ValueError(f"config file {config}: no option named {', '.join(sorted(unknown))}")
    if isinstance(data["setting"], dict):
        data["setting"] = [f"{key}={value}" for key, value in data["setting"].items()]
    unset = (None, False, 0, "auto")
    return {k: data[k] if v in unset and data.get(k) is not None else v for k, v in given.items()}


def _statement(problem: str | None, file: Path | None) -> str:
    if (problem is None) == (file is None):
        raise ValueError("give the problem as an argument, or with --file, or '-' for standard input")
    if file is not None:
        if not file.is_file():
            raise FileNotFoundError(f"problem file {file} does not exist")
        text = file.read_text()
    else:
        text = sys.stdin.read() if problem == "-" else problem or ""
    if not text.strip():
        raise ValueError(f"the problem{f' in {file}' if file else ''} is empty: give it a statement to solve")
    return text.strip()


def _solver_settings(options: dict[str, Any]) -> dict[str, Any]:
    """From options to the arguments of Solver.from_pretrained."""
    from dataclasses import replace

    from qstar import models
    from qstar.prompting import PromptFormat, load_shots
    from qstar.select import SELECTORS, exactly
    from qstar.solver import make_strategy

    model = options["model"] or models.path()
    prompt = PromptFormat.beside(model)
    changes = {name: options[name] for name in ("template", "system", "answer_format", "thinking", "max_new_tokens")}
    changes |= {"answer": options["answer"], "delimiter": _unescaped(options["delimiter"])}
    changes |= {"stop": tuple(map(_unescaped, options["stop"])) if options["stop"] else None}
    changes |= {"shots": load_shots(options["shots"]) if options["shots"] else None}
    prompt = replace(prompt, **{name: value for name, value in changes.items() if value is not None})
    settings: dict[str, Any] = {"model": model, "prompt": prompt, "seed": options["seed"]}
    settings |= {name: options[name] for name in ("device", "dtype", "q_head", "kv_cap_gb", "deterministic")}
    strategy = {}
    for text in options["setting"] or ():
        key, equals, value = text.partition("=")
        if not equals:
            raise ValueError(f"--set takes name=value, not {text!r}")
        strategy[key.strip()] = yaml.safe_load(value)
    settings["search"] = make_strategy(options["search"] or "astar", strategy)
    settings["budget"] = Budget.parse(str(options["budget"])) if options["budget"] else None
    if options["select"]:
        if options["select"] not in SELECTORS:
            raise ValueError(f"no selector named {options['select']!r}; there is {', '.join(SELECTORS)}")
        settings["select"] = SELECTORS[options["select"]](exactly)
    if options["verifier"]:
        settings["verifier"] = load_verifier(options["verifier"])
    return settings


def load_verifier(name: str) -> Any:
    """A verifier by name, or a function in a Python file, as path.py:function. The file is run: it is yours."""
    from qstar.solver import NO_VERIFIER, VERIFIERS

    if name == "none":
        return NO_VERIFIER
    if name in VERIFIERS:
        return VERIFIERS[name]()
    path, _, function = name.rpartition(":")
    if not path.endswith(".py"):
        raise ValueError(f"no verifier named {name!r}; there is {', '.join(VERIFIERS)}, none, or path.py:function")
    if not Path(path).is_file():
        raise FileNotFoundError(f"verifier file {path} does not exist")
    spec = importlib.util.spec_from_file_location(Path(path).stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    if not hasattr(module, function):
        raise ValueError(f"{path} has no function {function!r}")
    return getattr(module, function)


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
            self.bar.set_postfix_str(f"{self.answers} answers")
        elif event["type"] == "charge":
            self.bar.total = event["ledger"]["cap"]
            self.bar.update(event["ledger"]["tokens"] - self.bar.n)


class _said_as_json:
    """With --json an error is an object on stdout, too."""

    def __init__(self, wanted: bool) -> None:
        self.wanted = wanted

    def __enter__(self) -> None: ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if self.wanted and isinstance(error, Exception):
            print(json.dumps({"error": str(error), "kind": type(error).__name__}))
            raise SystemExit(2)


def _show(result: Any, folder: Path, show_tree: bool, as_json: bool, quiet: bool) -> None:
    from qstar.result import outline
    from qstar.solver import TREE_FILE

    tree_file = folder / TREE_FILE
    if as_json:
        print(json.dumps({**result.to_json(), "run": str(folder), "tree": str(tree_file)}))
    elif quiet:
        print(result.answer if result.answer is not None else "")
    else:
        _tell(result, tree_file)
        if show_tree:
            texts = json.loads(tree_file.read_text())["texts"]
            print("\n" + outline(result.tree, dict(enumerate(texts))))
    if result.error is not None:
        print(f"qstar: {result.error} (what was found is in {tree_file})", file=sys.stderr)
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
        for i, step in enumerate(result.steps):
            for j, line in enumerate(step.rstrip("\n").split("\n")):
                print(("path     " if i == j == 0 else "         ") + line)
    spent = ", ".join(f"{n} {kind}" for kind, n in ledger.tokens_by.items())
    cap = f" of {ledger.cap}" if ledger.cap is not None else ""
    print(f"spent    {ledger.tokens}{cap} model tokens ({spent}), {ledger.passes} passes, {ledger.seconds:.2f} s")
    print(f"stopped  {result.stop_reason}; {len(result.tree)} nodes, {len(result.tree.answers)} answers found")
    for note in result.notes:
        print(f"note     {note}")
    print(f"tree     {tree_file}")
