"""The forms a test can take. Their code and values are trusted: they run outside the sandbox."""

from __future__ import annotations

import ast
import builtins
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from verifiers.code import wire


@dataclass(frozen=True)
class Assert:
    """Statements that raise unless the program is right: `assert f(2) == 4`."""

    code: str
    setup: str = ""  # run once, before the tests of a program


@dataclass(frozen=True)
class Call:
    """A call and the value it must return, compared with `==` between plain data."""

    args: Sequence[Any]
    expected: Any
    kwargs: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Script:
    """The program runs as `__main__`; what it prints must match line by line, up to trailing space."""

    stdin: str
    stdout: str


@dataclass(frozen=True)
class Check:
    """HumanEval's form: code that defines `check(candidate)`, called with the entry point."""

    code: str


@dataclass(frozen=True)
class Observe:
    """No test: a call whose result is recorded (see clusters)."""

    args: Sequence[Any]
    kwargs: Mapping[str, Any] = field(default_factory=dict)


Test = Assert | Call | Script | Check | Observe
Tests = str | Test | Mapping[str, Any] | Sequence[str | Test | Mapping[str, Any]]

_DEFINES_CHECK = re.compile(r"^def check\s*\(", re.MULTILINE)


def parse_tests(tests: Tests, *, setup: str = "") -> tuple[Test, ...]:
    """Tests from what data sets hold: code with asserts or `check(candidate)`, `{"input", "output"}` mappings
    (a string input is stdin, a list is arguments), the dataclasses above, or a list of these. `setup` is
    trusted code that runs once before asserts given as strings.

    Raises ValueError when there is nothing to test, SyntaxError for test code that does not parse, TypeError
    for anything else.
    """
    several = isinstance(tests, Iterable) and not isinstance(tests, (str, Mapping))
    parsed = tuple(_parse(t, setup) for t in (tests if several else [tests]))  # type: ignore[union-attr, list-item]
    if not parsed:
        raise ValueError("no tests: a program cannot be judged without any")
    return parsed


def _parse(test: Any, setup: str) -> Test:
    if isinstance(test, str):
        test = Check(test) if _DEFINES_CHECK.search(test) else Assert(test, setup)
    elif isinstance(test, Mapping):
        test = _from_mapping(test)
    if isinstance(test, (Assert, Check)):
        _statements(getattr(test, "setup", ""))
        if not _statements(test.code):
            raise ValueError("an empty test: it would pass whatever the program does")
    elif isinstance(test, (Call, Observe)):
        try:
            wire.encode([list(test.args), dict(test.kwargs), getattr(test, "expected", None)], names=wire.ALL_NAMES)
        except wire.WireError as error:
            raise TypeError(f"a test holds what cannot be sent as plain data: {error}") from None
    elif not isinstance(test, Script):
        raise TypeError(f"a test is code, a mapping, Assert, Call, Script or Check, not {type(test).__name__}")
    return test


@lru_cache(4096)
def _statements(code: str) -> int:
    return len(ast.parse(code).body)


@lru_cache(4096)
def completed(prompt: str) -> str:
    """A prompt as code that runs: the function it leaves without a body gets one. ValueError if it is no code."""
    for code in (prompt, prompt.rstrip() + "\n    pass\n"):
        try:
            _statements(code)
            return code
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            pass
    raise ValueError("prompt must be Python code: it runs before the tests, to define what they use")


def _from_mapping(test: Mapping[str, Any]) -> Test:
    if "args" in test:
        return Call(test["args"], test["expected"], test.get("kwargs", {}))
    try:
        given, wanted = test["input"], test["output"]
    except KeyError:
        raise TypeError(
            f"a test mapping has 'input' and 'output', or 'args' and 'expected'; got {sorted(test)}"
        ) from None
    if isinstance(given, str):
        return Script(given, wanted)
    return Call(given, wanted)


def trusted_code(tests: Sequence[Test], prompt: str) -> tuple[str, ...]:
    """Every piece of code of the trusted side, in the order it runs."""
    setups = dict.fromkeys(t.setup for t in tests if isinstance(t, Assert) and t.setup)
    return (prompt, *setups, *(t.code for t in tests if isinstance(t, (Assert, Check))))


@dataclass(frozen=True)
class Names:
    """What trusted code uses without defining it."""

    wanted: frozenset[str]  # from the program
    modules: frozenset[str]  # of the standard library: `math.isclose` in a test is ours, not the program's
    entry: str | None  # the function under test, as far as one can tell: the first that is called
    pure: bool  # asserts over builtins and the program alone: running them leaves no trace in a process


@lru_cache(4096)  # the same tests meet many programs
def free_names(codes: tuple[str, ...]) -> Names:
    """Names for the judge to bind. Code that does not parse counts as empty."""
    loaded: dict[str, None] = {}
    called: dict[str, None] = {}
    bound: set[str] = set()
    owners: set[str] = set()
    pure = True
    for code in codes:
        try:
            tree = ast.parse(code)
        except SyntaxError:
            continue
        pure = pure and all(isinstance(statement, ast.Assert) for statement in tree.body)
        for node in ast.walk(tree):
            if isinstance(node, ast.Name):
                if isinstance(node.ctx, ast.Load):
                    loaded[node.id] = None
                else:
                    bound.add(node.id)
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                bound.add(node.name)
            elif isinstance(node, ast.arg):
                bound.add(node.arg)
            elif isinstance(node, ast.alias):
                bound.add((node.asname or node.name).split(".")[0])
            elif isinstance(node, ast.ExceptHandler) and node.name:
                bound.add(node.name)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                called[node.func.id] = None
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                owners.add(node.value.id)
    free = [n for n in loaded if n not in bound and not hasattr(builtins, n)]
    modules = {n for n in free if n in sys.stdlib_module_names and n in owners and n not in called}
    calls = [n for n in called if n in free and n not in modules]
    shadowing = [n for n in called if n not in bound and n not in free]  # a program may redefine `sum`
    entry = calls[0] if calls else shadowing[0] if len(shadowing) == 1 else None
    touching = {n for n in loaded if n.startswith("__") or n in ("exec", "eval", "setattr", "open")}
    return Names(frozenset(free) - modules, frozenset(modules), entry, pure and not modules and not touching)
