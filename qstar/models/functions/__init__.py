"""Small Python functions as training text: a signature with a docstring and examples, a body, and hidden tests.

The problems are built from blocks: sources, predicates, maps and reductions that fit together, branches, chains of
operations, pairs, dictionaries and classics. A specification names the blocks; what is held out is whole
specifications, not other words or examples for the same one. All code that runs here is the project's own.
"""

from __future__ import annotations

import builtins
import random
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import CodeType
from typing import Any, Literal

import numpy as np

from qstar.models.functions import families, pipelines
from qstar.models.functions.draft import TYPES, Draft, edges, value

Split = Literal["policy", "value", "dev", "held out"]

HELD_OUT_SEED = 20_260
LONGEST_VALUE = 90  # characters of an argument list or a result, written out
GENERIC = ("f", "func", "solve", "compute", "process", "run", "task", "answer", "calc", "helper", "solution")


@dataclass(frozen=True)
class FunctionProblem:
    """A function to write.

    Attributes:
        id: stable, from the specification and the examples.
        spec: the blocks, such as "ints>filter(even)>map(square)>sum"; problems are split by it.
        prompt: signature and docstring, ending with the line of the closing quotes.
        solution: a reference body, each line indented and ended.
        examples: those of the docstring, as assert statements.
        tests: the hidden ones.
    """

    id: str
    spec: str
    prompt: str
    solution: str
    examples: tuple[str, ...]
    tests: tuple[str, ...]

    @property
    def program(self) -> str:
        """The prompt with the reference body."""
        return self.prompt + self.solution


def split(spec: str) -> Split:
    """The part a specification belongs to: 80% policy, 8% value, 4% dev, 8% held out."""
    place = zlib.crc32(spec.encode()) % 100
    return "policy" if place < 80 else "value" if place < 88 else "dev" if place < 92 else "held out"


def functions(rng: np.random.Generator, part: Split) -> Iterator[FunctionProblem]:
    """Endless problems of one part. Each takes about a millisecond, in a rare part a few.

    Raises ValueError for a part that does not exist.
    """
    if part not in ("policy", "value", "dev", "held out"):
        raise ValueError(f"no part {part!r}: policy, value, dev or held out")
    while True:
        draw = random.Random(int(rng.integers(2**63)))
        draft = _draft(draw, part)
        problem = draft and _problem(draft, draw)
        if problem:
            yield problem


def held_out(count: int, part: Split = "held out") -> list[FunctionProblem]:
    """The same `count` problems at every call, each of its own specification as far as these reach."""
    rng = np.random.default_rng(HELD_OUT_SEED)
    found: dict[str, FunctionProblem] = {}
    misses = 0
    for problem in functions(rng, part):
        if len(found) >= count:
            break
        key = problem.spec if misses < 2000 else problem.id
        misses = 0 if key not in found else misses + 1
        found.setdefault(key, problem)
    return list(found.values())


_FAMILIES: tuple[tuple[Callable[[random.Random], Draft], float], ...] = (
    (families.branches, 15),
    (families.chain, 16),
    (families.pairs, 8),
    (families.entries, 4),
    (families.classic, 4),
)
_PIPELINES = 55
_MAKERS = [None, *(make for make, _ in _FAMILIES)]
_MAKER_WEIGHTS = [_PIPELINES, *(weight for _, weight in _FAMILIES)]


def _draft(draw: random.Random, part: Split) -> Draft | None:
    make = draw.choices(_MAKERS, _MAKER_WEIGHTS)[0]
    if make is None:
        made = pipelines.plan(draw)
        return pipelines.draft(made, draw) if split(made.spec) == part else None
    draft = make(draw)
    return draft if split(draft.spec) == part else None


# ---------------------------------------------------------------- examples


_ALLOWED = {
    name: getattr(builtins, name)
    for name in [
        "abs",
        "all",
        "any",
        "bin",
        "bool",
        "dict",
        "enumerate",
        "int",
        "isinstance",
        "len",
        "list",
        "map",
        "max",
        "min",
        "range",
        "reversed",
        "set",
        "sorted",
        "str",
        "sum",
        "tuple",
        "zip",
    ]
}


@dataclass(frozen=True)
class _Row:
    """One call: the arguments as text, the result, and which near misses give another one."""

    call: str
    result: Any
    tells: tuple[bool, ...]


def _compiled(draft: Draft, bodies: tuple[tuple[str, ...], ...]) -> list[Callable[..., Any]]:
    """Our own bodies as callables, in one compilation."""
    names = ", ".join(a.name for a in draft.arguments)
    text = "".join(f"def f{i}({names}):\n" + "".join(f"    {line}\n" for line in b) for i, b in enumerate(bodies))
    code: CodeType = compile(text, "<reference>", "exec")
    scope: dict[str, Any] = {"__builtins__": _ALLOWED}
    exec(code, scope)
    return [scope[f"f{i}"] for i in range(len(bodies))]


_FAILED = object()


def _outcome(function: Callable[..., Any], arguments: list[Any]) -> Any:
    try:
        return function(*arguments)
    except (TypeError, ValueError, IndexError, KeyError, ZeroDivisionError, OverflowError):
        return _FAILED


def _rows(draft: Draft, draw: random.Random, count: int = 14) -> list[_Row]:
    reference, *near = _compiled(draft, draft.bodies)
    rows: dict[str, _Row] = {}
    for arguments in _arguments(draft, draw, count):
        call = ", ".join(map(repr, arguments))
        if call in rows or len(call) > LONGEST_VALUE:
            continue
        result = _outcome(reference, arguments)
        if result is _FAILED or result is None or len(repr(result)) > LONGEST_VALUE:
            continue
        if isinstance(result, int) and abs(result) > 10**9:
            continue
        tells = tuple(_outcome(f, arguments) != result for f in near)
        rows[call] = _Row(call, result, tells)
    return list(rows.values())


def _arguments(draft: Draft, draw: random.Random, count: int) -> Iterator[list[Any]]:
    """Random arguments, then edge cases."""
    pair = draft.spec.startswith("numbers:")
    ranged = draft.spec.startswith("a_to_b")
    for n in range(count + 4):
        typical = [value(draw, a, marks=draft.marks) for a in draft.arguments]
        if draft.likes and len(typical) == 1 + (draft.like_argument > 0):
            other = typical[draft.like_argument] if draft.like_argument > 0 else None
            marks = (*draft.marks, other) if isinstance(other, int) else draft.marks
            typical[0] = value(draw, draft.arguments[0], draft.likes, other, marks)
        elif draft.spec.startswith("classic:") and len(typical) == 2 and type(typical[0]) is type(typical[1]):
            typical = _related(draw, typical)
        if pair and draw.random() < 0.3:  # equal, or with a sum or a gap at which a condition may turn
            first, mark = typical[0], draw.choice((0, *draft.marks))
            typical[1] = max(1, draw.choice((first, first + mark, first - mark, mark - first, 2 * first)))
        if ranged:
            typical = [typical[0], typical[0] + draw.randint(0, 9)]
        if n >= count:  # one argument at an edge
            place = 0 if n < count + 3 else draw.randrange(len(typical))
            choices = edges(draft.arguments[place])
            typical[place] = choices[0] if n == count else draw.choice(choices)
        yield typical


def _related(draw: random.Random, pair: list[Any]) -> list[Any]:
    """Two values of one kind that often have something in common."""
    a, b = pair
    if draw.random() < 0.4:
        return pair
    if isinstance(a, list):
        return [a, draw.sample(a, len(a) // 2) + b]
    if isinstance(a, str):
        return [a, draw.choice(("".join(draw.sample(a, len(a))), a[: len(a) // 2] + b))]
    factor = draw.randint(2, 4)
    return [a * factor, b * factor]


def _problem(draft: Draft, draw: random.Random) -> FunctionProblem | None:
    """The draft with examples and tests; None if its values do not tell it from its near misses."""
    rows = _rows(draft, draw)
    if len(rows) < 9 or len({repr(row.result) for row in rows}) < 2:
        return None
    # Examples say as much as they can: the row that tells most near misses, one with another result, at times an edge.
    random_rows = rows[: max(len(rows) - 4, 3)]
    first = max(random_rows, key=lambda row: (sum(row.tells), bool(row.result), draw.random()))
    second = max(
        (row for row in rows if row is not first),
        key=lambda row: (
            sum(t and not f for t, f in zip(row.tells, first.tells)),
            row.result != first.result,
            draw.random(),
        ),
    )
    shown = [first, second]
    if draw.random() < 0.45:
        shown.append(draw.choice([row for row in rows if row not in shown]))
    if draw.random() < 0.3:
        draw.shuffle(shown)
    hidden = _hidden([row for row in rows if row not in shown], draw)
    if len(hidden) < 6 or not all(any(row.tells[i] for row in hidden) for i in range(len(draft.bodies) - 1)):
        return None  # a near miss does the same: a block that never matters, or values that do not show it
    name = _name(draft, draw)
    return FunctionProblem(
        id=f"functions-{zlib.crc32(repr((draft.spec, [row.call for row in shown], name)).encode()):08x}",
        spec=draft.spec,
        prompt=_prompt(draft, name, shown, draw),
        solution="".join(f"    {line}\n" for line in draft.bodies[0]),
        examples=tuple(f"assert {name}({row.call}) == {row.result!r}" for row in shown),
        tests=tuple(f"assert {name}({row.call}) == {row.result!r}" for row in hidden),
    )


def _hidden(rows: list[_Row], draw: random.Random, most: int = 10) -> list[_Row]:
    """Up to `most` rows: first those that tell near misses not told yet, then rows with other results."""
    chosen: list[_Row] = []
    for i in range(len(rows[0].tells) if rows else 0):
        if not any(row.tells[i] for row in chosen):
            telling = [row for row in rows if row.tells[i]]
            chosen += [max(telling, key=lambda row: sum(row.tells))] if telling else []
    rest = [row for row in rows if row not in chosen]
    draw.shuffle(rest)
    seen = {repr(row.result) for row in chosen}
    rest.sort(key=lambda row: repr(row.result) in seen)
    chosen += rest[: draw.randint(6, most) - len(chosen)]
    draw.shuffle(chosen)
    return chosen


def _name(draft: Draft, draw: random.Random) -> str:
    taken = {a.name for a in draft.arguments}
    name = draw.choice(GENERIC) if draw.random() < 0.15 else draw.choice(draft.names)
    return f"do_{name}" if name in taken or hasattr(builtins, name) else name


def _prompt(draft: Draft, name: str, shown: list[_Row], draw: random.Random) -> str:
    arguments, result = [a.name for a in draft.arguments], ""
    if draw.random() < 0.12:
        arguments = [f"{a.name}: {TYPES.get(a.kind, 'int')}" for a in draft.arguments]
        result = _type(shown[0].result)
        result = f" -> {result}" if result else ""
    examples = "".join(f"    >>> {name}({row.call})\n    {row.result!r}\n" for row in shown)
    return f'def {name}({", ".join(arguments)}){result}:\n    """{draft.sentence}\n\n{examples}    """\n'


def _type(result: Any) -> str:
    """The annotation for a result; empty where its elements do not show."""
    if isinstance(result, list):
        kinds = {_type(x) for x in result}
        return f"list[{kinds.pop()}]" if len(kinds) == 1 else ""
    if isinstance(result, dict):
        keys, values = {_type(x) for x in result}, {_type(x) for x in result.values()}
        return f"dict[{keys.pop()}, {values.pop()}]" if len(keys) == len(values) == 1 else ""
    return type(result).__name__
