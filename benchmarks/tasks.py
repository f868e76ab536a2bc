"""The tasks: where their problems come from, how they are put, and how an attempt is graded.

    task = TASKS["gsm8k"]
    items = task.items(split="test", limit=100, data="folder/of/data")
    task.grade(items[0], [Attempt("... #### 18", "18")])

A search is given `item.problem` and nothing else. `Problem.tests` holds what is public of a function's tests: the
examples of its docstring, or MBPP's assertions.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from benchmarks.graders import Attempt, CodeGrader, Item, grade_math, grade_puzzle
from benchmarks.rows import Part, Published, Row, column
from qstar.models import GSM8K_DEV
from qstar.problem import Problem, Reference

DATA = "QSTAR_DATA"  # environment variable: a folder to read public data sets from, in place of the hub


@dataclass(frozen=True)
class Task:
    """A family of problems with a grader.

    Attributes:
        name: as on the command line.
        about: one line.
        make: the items of a split: called with split, limit, data and shown.
        grade: which of several attempts at an item are right.
        damage: a text close to the item's solution that is wrong.
        splits: what there is; the last is the one reported.
        source: hub id, or "generated".
        usual: how many problems are taken where no limit is given; None is all of them.
    """

    name: str
    about: str
    make: Callable[[str, int | None, str | None, int | None], list[Item]]
    grade: Callable[[Item, Sequence[Attempt]], list[bool]]
    damage: Callable[[Item], str]
    splits: tuple[str, ...]
    source: str = "generated"
    usual: int | None = None

    def items(
        self, split: str = "test", limit: int | None = None, data: str | None = None, shown: int | None = None
    ) -> list[Item]:
        """The first `limit` problems of a split.

        Args:
            split: "test", or "dev" for choosing anything.
            limit: how many; by default `usual`.
            data: a hub id, a folder or a file in place of the published source.
            shown: how many of a problem's tests are public, where they are one list (MBPP).

        Raises:
            ValueError: a split, setting or column that does not exist.
            FileNotFoundError, OSError, ImportError: the data are not to be had.
        """
        if split not in self.splits:
            raise ValueError(f"task {self.name} has no split {split!r}; it has {', '.join(self.splits)}")
        if limit is not None and limit < 1:
            raise ValueError(f"a limit is at least 1, not {limit}")
        if data is not None and self.source == "generated":
            raise ValueError(f"the problems of task {self.name} are generated: it takes no data")
        if shown is not None and self.name != "mbpp":
            raise ValueError(f"shown is a setting of the task mbpp, not of {self.name}")
        limit = limit or self.usual
        items = self.make(split, limit, data, shown)[:limit]
        ids = [item.problem.id for item in items]
        if len(set(ids)) < len(ids):
            twice = next(name for name in ids if ids.count(name) > 1)
            raise ValueError(f"two problems of task {self.name} have the id {twice!r}: give each its own")
        return items


def task_named(name: str) -> Task:
    """Raises ValueError for a task that does not exist."""
    if name not in TASKS:
        raise ValueError(f"no task named {name!r}; there is {', '.join(TASKS)}")
    return TASKS[name]


def digest(items: Sequence[Item]) -> str:
    """SHA-256 over statements, public tests, answers and hidden tests: two runs are of the same problems or not."""
    hashed = hashlib.sha256()
    for item in items:
        problem, reference = item.problem, item.reference
        parts = [problem.id, problem.prompt, problem.tests, reference.answer, reference.tests]
        hashed.update(json.dumps(parts).encode())
    return hashed.hexdigest()


# ---------------------------------------------------------------- generated: word problems, puzzles, functions


def _words(split: str, limit: int | None, data: str | None, shown: int | None) -> list[Item]:
    from qstar.models.words import held_out

    problems = held_out(limit or 500, "dev" if split == "dev" else "held out")
    return [Item(Problem(p.question, p.id), Reference(p.id, p.answer), p.solution) for p in problems]


def _functions(split: str, limit: int | None, data: str | None, shown: int | None) -> list[Item]:
    from qstar.models.functions import held_out

    problems = held_out(limit or 300, "dev" if split == "dev" else "held out")
    return [
        Item(Problem(p.prompt, p.id, p.examples), Reference(p.id, p.solution, p.tests), p.solution, defined(p.prompt))
        for p in problems
    ]


def _game24(split: str, limit: int | None, data: str | None, shown: int | None) -> list[Item]:
    from qstar.models.puzzles import game24_held_out, solver

    first = 801 if split == "dev" else 901
    rng = np.random.default_rng(24)
    items = []
    for rank, numbers in enumerate(game24_held_out(f"{first}-{first + 99}")[:limit], first):
        solution = solver(24).sample(tuple(sorted(numbers)), rng)
        items.append(_puzzle_item(f"game24-{rank}", numbers, 24, solution))
    return items


def _countdown(sizes: Sequence[int], split: str, limit: int | None, data: str | None, shown: int | None) -> list[Item]:
    """Puzzles that no recipe trains on, all different, the sizes in turn; half of them are for choosing."""
    from qstar.models.puzzles import countdown_held_out

    made = [countdown_held_out(size, "dev" if split == "dev" else "held out") for size in sizes]
    items = []
    for i in range(limit or 200):
        (numbers, target), solution = next(made[i % len(sizes)])
        items.append(_puzzle_item(f"countdown-{'-'.join(map(str, numbers))}-{target}", numbers, target, solution))
    return items


def _puzzle_item(name: str, numbers: Sequence[int], target: int, solution: Sequence[Any]) -> Item:
    from qstar.models.puzzles import completion
    from verifiers.countdown import expression

    statement = f"Make {target} from {' '.join(map(str, numbers))}"
    return Item(Problem(statement, name), Reference(name, expression(solution)), completion(solution))


def _damaged_puzzle(item: Item) -> str:
    return item.solution.rstrip("\n") + "+1\n"


# ---------------------------------------------------------------- public data sets


def _public(
    source: Published, item: Callable[..., Item], split: str, limit: int | None, data: str | None, shown: int | None
) -> list[Item]:
    rows = source.rows(split, data or os.environ.get(DATA))
    settings = {} if shown is None else {"shown": shown}
    return [item(row, number, **settings) for number, row in enumerate(rows[:limit], 1)]


def _plain_number(value: Any) -> str:
    """51.0 as 51."""
    text = str(value).strip().replace(",", "")
    return re.sub(r"\.0+$", "", text)


def _gsm8k_item(row: Row, number: int) -> Item:
    question, solution = str(column(row, number, "question")), str(column(row, number, "answer"))
    name = str(row.get("id") or f"gsm8k-{number}")
    gold = solution.rpartition("####")[2].strip().replace(",", "")
    return Item(Problem(question, name), Reference(name, gold), f"{solution.rpartition('####')[0]}#### {gold}")


def _svamp_item(row: Row, number: int) -> Item:
    body, question = (str(column(row, number, name)).strip() for name in ("Body", "Question"))
    name = str(row.get("ID") or f"svamp-{number}")
    gold = _plain_number(column(row, number, "Answer"))
    ends = "" if body.endswith((".", ",", "?", "!", ";")) else "."
    return Item(Problem(f"{body}{ends} {question}", name), Reference(name, gold), f"#### {gold}")


def _math_item(row: Row, number: int) -> Item:
    statement, gold = (str(column(row, number, name)) for name in ("problem", "answer"))
    name = str(row.get("unique_id") or row.get("id") or f"math-{number}")
    solution = str(row.get("solution") or f"The answer is $\\boxed{{{gold}}}$.")
    return Item(Problem(statement, name), Reference(name, gold), solution)


def _humaneval_item(row: Row, number: int) -> Item:
    from qstar.code import public_examples

    prompt, body, tests, entry = (
        str(column(row, number, name)) for name in ("prompt", "canonical_solution", "test", "entry_point")
    )
    name = str(row.get("task_id") or f"humaneval-{number}")
    return Item(Problem(prompt, name, public_examples(prompt)), Reference(name, body, (tests,)), body, entry)


def _mbpp_item(row: Row, number: int, shown: int = 3) -> Item:
    """`shown` of the assertions are in the prompt; all of them grade. The usual protocol shows all three."""
    from verifiers.code import Assert
    from verifiers.code.forms import free_names, trusted_code

    statement, code = str(column(row, number, "text", "prompt")), str(column(row, number, "code"))
    setup = str(row.get("test_setup_code") or "\n".join(row.get("test_imports") or ()))
    asserts = [str(test) for test in column(row, number, "test_list")]
    if not 0 <= shown <= len(asserts):
        raise ValueError(f"shown is from 0 to the {len(asserts)} tests of a problem, not {shown}")
    name = f"mbpp-{row.get('task_id', number)}"
    tests = tuple(f"{setup}\n{test}" if setup else test for test in asserts)
    entry = free_names(trusted_code([Assert(test) for test in tests], "")).entry or ""
    return Item(Problem(statement, name, tests[:shown]), Reference(name, code, tests), code, entry)


# ---------------------------------------------------------------- damage


def _damaged_math(item: Item) -> str:
    """The worked solution with another answer at its end."""
    steps = item.solution.rpartition("####")[0] if "####" in item.solution else ""
    gold = item.reference.answer
    wrong = str(int(gold) + 1) if re.fullmatch(r"-?\d+", gold) else f"{gold}+1"
    return f"{steps}#### {wrong}" if steps or "\\" not in gold else f"The answer is $\\boxed{{{wrong}}}$."


_CHANGED = """

def _changed(value):
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, float, complex)):
        return value + 1
    if isinstance(value, str):
        return value + "x"
    if isinstance(value, list):
        return [*value, "x"]
    if isinstance(value, tuple):
        return (*value, "x")
    if isinstance(value, set):
        return {*value, "x"}
    if isinstance(value, dict):
        return {**value, "x": "x"}
    return "x" if value is None else None

_right = NAME
NAME = lambda *given, **named: _changed(_right(*given, **named))
"""


def _damaged_code(item: Item) -> str:
    """The canonical program, its results a little off."""
    return item.solution.rstrip() + _CHANGED.replace("NAME", item.entry_point)


def defined(prompt: str) -> str:
    """The name of the last function that a prompt begins. Raises ValueError if it begins none."""
    names = re.findall(r"^def[ \t]+(\w+)", prompt, re.MULTILINE)
    if not names:
        raise ValueError(f"no function is begun in {prompt[:80]!r}")
    return str(names[-1])


# ---------------------------------------------------------------- the table

GSM8K = Published(
    "openai/gsm8k",
    "main",
    {"dev": Part("train", "gsm8k_train.jsonl", tail=GSM8K_DEV), "test": Part("test", "gsm8k_test.jsonl")},
)
SVAMP = Published("ChilleD/SVAMP", None, {"test": Part("train+test", "svamp.json")})
MATH = Published("HuggingFaceH4/MATH-500", None, {"test": Part("test", "math500.jsonl")})
HUMANEVAL = Published("openai/openai_humaneval", None, {"test": Part("test", "HumanEval.jsonl.gz")})
MBPP = Published(
    "google-research-datasets/mbpp",
    "full",
    {"dev": Part("validation", "mbpp.jsonl", ids=(511, 600)), "test": Part("test", "mbpp.jsonl", ids=(11, 510))},
)

BOTH, TEST = ("dev", "test"), ("test",)
_OF_SIZE = {
    f"countdown-{n}": Task(
        f"countdown-{n}",
        f"Countdown with {n} numbers",
        partial(_countdown, (n,)),
        grade_puzzle,
        _damaged_puzzle,
        BOTH,
        usual=200,
    )
    for n in (3, 4, 5, 6)
}
_LISTED = [
    Task("words", "word problems of held-out scenarios", _words, grade_math, _damaged_math, BOTH, usual=500),
    Task(
        "countdown",
        "Countdown, three to six numbers in turn",
        partial(_countdown, (3, 4, 5, 6)),
        grade_puzzle,
        _damaged_puzzle,
        BOTH,
        usual=200,
    ),
    *_OF_SIZE.values(),
    Task("game24", "Game of 24, ranks 901-1000 (dev: 801-900)", _game24, grade_puzzle, _damaged_puzzle, BOTH),
    Task("functions", "Python functions from docstrings", _functions, CodeGrader(), _damaged_code, BOTH, usual=300),
    Task("svamp", "SVAMP", partial(_public, SVAMP, _svamp_item), grade_math, _damaged_math, TEST, SVAMP.hub),
    Task("gsm8k", "GSM8K", partial(_public, GSM8K, _gsm8k_item), grade_math, _damaged_math, BOTH, GSM8K.hub),
    Task("math-500", "MATH-500", partial(_public, MATH, _math_item), grade_math, _damaged_math, TEST, MATH.hub),
    Task(
        "humaneval",
        "HumanEval",
        partial(_public, HUMANEVAL, _humaneval_item),
        CodeGrader(),
        _damaged_code,
        TEST,
        HUMANEVAL.hub,
    ),
    Task("mbpp", "MBPP", partial(_public, MBPP, _mbpp_item), CodeGrader(), _damaged_code, BOTH, MBPP.hub),
]
TASKS: dict[str, Task] = {task.name: task for task in _LISTED}
