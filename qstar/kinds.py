"""The kinds of problems that have verifiers of their own: how one is recognised, put to a model, and judged."""

from __future__ import annotations

import re
from enum import Enum
from functools import cached_property

from qstar import countdown
from qstar.arithmetic import StepsVerifier
from qstar.code import ExamplesVerifier
from qstar.countdown import CountdownVerifier
from qstar.problem import Judgement, Problem


class Kind(str, Enum):
    PUZZLE = "puzzle"
    FUNCTION = "function"
    WORDS = "words"


PUZZLE, FUNCTION, WORDS = Kind

_DEFINITION = re.compile(r"^\s*(?:async\s+)?def\s+\w+\s*\(", re.MULTILINE)
_PUZZLE_WORDS = frozenset(
    re.findall(
        r"\w+",
        """a add addition all allowed an and answer any are arithmetic basic be brackets by can card cards combine
        countdown create digit digits divide division do each equal equals equation every exactly expression find five
        for form four from game get give given gives goal have here hit how i in into is it make makes math may me
        multiplication multiply must my need number numbers obtain of on once one only operation operations operator
        operators or order out parentheses play please puzzle reach result should show six solution solve subtract
        subtraction target that the them these this three to together total try two use used using value want way we
        what which with write you""",
    )
)
# What a puzzle says of its target; "find the total of 3, 4 and 5" says none.
_GOAL = re.compile(
    r"\b(?:game|countdown|puzzle|target)\b|(?:\b(?:makes?|reach|get|obtain|gives?|equals?|into|hit)\b|=|->|→)"
    r"\s*:?\s*(?:a total of\s+|(?:to|the|number|result|value|of)\s+)*\d",
    re.IGNORECASE,
)
_CALCULATION = re.compile(r"\d\s*[-+*/×÷−^]\s*\d|[-+*/×÷−^.]\d|[$€£%]")  # and decimals, signs, amounts
_BARE = re.compile(r"[\s\d,;]+")


def kind(statement: str) -> Kind:
    """A puzzle says nothing but whole numbers and which one to make of them; a function is begun by its `def`."""
    if _DEFINITION.search(statement):
        return FUNCTION
    only = set(re.findall(r"[^\W\d_]+", statement.lower())) <= _PUZZLE_WORDS
    if only and (_GOAL.search(statement) or _BARE.fullmatch(statement)) and not _CALCULATION.search(statement):
        try:
            countdown.puzzle(statement)
        except ValueError:
            return WORDS
        return PUZZLE
    return WORDS


def kind_of(problem: Problem) -> Kind:
    """The kind of a problem; one with public tests asks for a function."""
    return FUNCTION if problem.tests else kind(problem.prompt)


def asked(statement: str, of: Kind | None = None) -> str:
    """The statement as the bundled model reads it; its kind is recognised where none is given."""
    of = of or kind(statement)
    if of is PUZZLE:
        return countdown.rewrite(statement)
    if of is FUNCTION:
        return statement.rstrip() + "\n"
    return f"Question: {' '.join(statement.split())}\n"


class KindVerifier:
    """Judges each problem by the verifier of its kind.

    A puzzle by exact arithmetic, its steps completed; a function by the examples of its docstring and its public
    tests, in the sandbox; a word problem by its calculations, which are also completed: it never passes, since right
    calculations may answer another question.
    """

    prefixes = True

    @cached_property
    def _verifiers(self) -> dict[Kind, CountdownVerifier | ExamplesVerifier | StepsVerifier]:
        return {PUZZLE: CountdownVerifier(), FUNCTION: ExamplesVerifier(), WORDS: StepsVerifier()}

    def __call__(self, problem: Problem, text: str) -> Judgement:
        return self._verifiers[kind_of(problem)](problem, text)

    def prefix(self, problem: Problem, text: str) -> Judgement:
        verifier = self._verifiers[kind_of(problem)]
        return verifier.prefix(problem, text) if isinstance(verifier, ExamplesVerifier) else verifier(problem, text)

    def complete(self, problem: Problem, text: str) -> str | None:
        verifier = self._verifiers[kind_of(problem)]
        return None if isinstance(verifier, ExamplesVerifier) else verifier.complete(problem, text)
