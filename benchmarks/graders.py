"""Whether an attempt is right, by the gold answer or by tests that no search has seen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from qstar.code import program
from qstar.countdown import puzzle
from qstar.problem import Problem, Reference
from verifiers.code import Check, Job, Pool, TestError, default_pool, parse_tests
from verifiers.countdown import check_expression
from verifiers.math import equivalent, grade


class Attempt(NamedTuple):
    """A finished text, and the short answer that was found in it."""

    text: str
    answer: str | None


@dataclass(frozen=True)
class Item:
    """A problem of a task.

    Attributes:
        problem: all that a search sees.
        reference: the gold answer, or the hidden tests; for graders only.
        solution: a text that answers it, as a model would write it.
        entry_point: the function that is asked for, if one is.
    """

    problem: Problem
    reference: Reference
    solution: str
    entry_point: str = ""


def grade_math(item: Item, attempts: Sequence[Attempt]) -> list[bool]:
    """Equivalence with the gold answer."""
    gold = item.reference.answer
    return [equivalent(a.answer, gold) if a.answer is not None else grade(a.text, gold).correct for a in attempts]


def grade_puzzle(item: Item, attempts: Sequence[Attempt]) -> list[bool]:
    """An expression of every number, each once, that makes the target."""
    numbers, target = puzzle(item.problem.prompt)
    return [check_expression(_expression(a), numbers, target) for a in attempts]


_MARKED = re.compile(r"answer(?:\s+is)?\s*:?\s*(.*)", re.IGNORECASE)


def _expression(attempt: Attempt) -> str:
    """What follows the last "Answer", else the last line; without "= 24" after it."""
    lines = attempt.text.strip().splitlines() or [""]
    marked = [match[1] for line in lines if (match := _MARKED.search(line))]
    said = (marked or [attempt.answer or lines[-1]])[-1]
    return said.partition("=")[0].strip(" \t$`*.")


@dataclass(frozen=True)
class CodeGrader:
    """Every hidden test, in the sandbox.

    Attributes:
        timeout: seconds for a program on all tests.
    """

    timeout: float = 10.0
    pool: Pool | None = None

    def __call__(self, item: Item, attempts: Sequence[Attempt]) -> list[bool]:
        """Raises TestError, naming the problem, if its tests cannot be run whatever the program does."""
        tests = parse_tests(list(item.reference.tests))
        statement = item.problem.prompt
        helpers = statement if any(isinstance(test, Check) for test in tests) else ""  # HumanEval's tests use them
        limits: dict[str, Any] = {"timeout": self.timeout, "stop_early": True}
        jobs = [Job(program(statement, a.text), tests, item.entry_point or None, helpers, **limits) for a in attempts]
        pool = self.pool or default_pool()
        reports = [pool.try_run(jobs[0])] if len(jobs) == 1 else list(pool.map(jobs, pool.try_run))
        for report in reports:
            if isinstance(report, TestError):
                raise TestError(f"the tests of {item.problem.id} cannot be run: {report}")
        return [not isinstance(report, TestError) and report.passed for report in reports]
