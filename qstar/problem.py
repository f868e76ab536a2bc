"""What is asked, what the answer is, and who may judge: three types, so that a search never holds a gold answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, NamedTuple


@dataclass(frozen=True)
class Problem:
    """What a user would have: the statement and, for code, the public tests."""

    prompt: str
    id: str = ""
    tests: tuple[str, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.prompt.strip():
            raise ValueError(f"problem {self.id or '(unnamed)'} is empty: give it a statement to solve")


@dataclass(frozen=True)
class Reference:
    """What only graders and training may see: the gold answer or the hidden tests of the problem `id`."""

    id: str
    answer: str = ""
    tests: tuple[str, ...] = ()


class Verdict(str, Enum):
    """PASS and FAIL are final; UNKNOWN is all that can be said of a prefix that is not refuted."""

    PASS = "pass"
    FAIL = "fail"
    UNKNOWN = "unknown"


class Judgement(NamedTuple):
    """A verdict with its score in [0, 1], the value a search backs up."""

    verdict: Verdict
    score: float


class Ending(str):
    """Forced text that nothing follows: no forward pass is spent on what is certain to the end.

    The model's end-of-text token is appended. A model that has none, and ends at a stop string, needs it in the text.
    """


# A verifier sees the problem and a text, and returns a Judgement, a Verdict, a bool, or a score in [0, 1].
# An object with the attribute `prefixes = True` is also asked about unfinished texts, by its method
# `prefix(problem, text)` if it has one: FAIL there prunes.
# An object with `complete(problem, text) -> str | None` may force text after an unfinished one (a calculator's result),
# and with an `Ending` also the end.
Verifier = Callable[[Problem, str], "Judgement | Verdict | bool | float"]

_SCORES = {Verdict.PASS: 1.0, Verdict.FAIL: 0.0, Verdict.UNKNOWN: 0.5}


def judgement(said: Judgement | Verdict | bool | float) -> Judgement:
    """Brings what a verifier returned into one form.

    Raises:
        TypeError: it is none of the four accepted kinds.
        ValueError: a score outside [0, 1].
    """
    if isinstance(said, Judgement):
        verdict, score = said
    elif isinstance(said, Verdict):
        verdict, score = said, _SCORES[said]
    elif isinstance(said, (bool, int, float)) or hasattr(said, "__float__"):
        score = float(said)
        verdict = Verdict.PASS if score >= 1.0 else Verdict.FAIL if score <= 0.0 else Verdict.UNKNOWN
    else:
        raise TypeError(f"a verifier returns a Judgement, Verdict, bool or float, not {type(said).__name__}")
    if not 0.0 <= score <= 1.0:
        raise ValueError(f"a verifier's score lies in [0, 1], not {score}")
    return Judgement(verdict, score)
