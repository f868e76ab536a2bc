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
        """a add all and answer by combine countdown divide each every exactly expression find five four from game get
        give given goal in into is it make makes multiply number numbers of once one only operations out play puzzle
        reach result six solve subtract target that the them these this three times to total use using value with
        you""",
    )
)


def kind(statement: str) -> Kind:
    """A puzzle says nothing but numbers and what to do with them; a function is begun by its `def`."""
    if _DEFINITION.search(statement):
        return FUNCTION
    if set(re.findall(r"[^\W\d_]+", statement.lower())) <= _PUZZLE_WORDS:
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
