"""Arithmetic word problems with worked solutions, generated: what the bundled model learns to solve.

    for problem in words(rng, "policy"): problem.question, problem.solution, problem.answer

Splits are by scenario: a scenario is held out with all its phrasings, not only with its numbers.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import numpy as np

from qstar.models.words import comparison, events, everyday, flows, groups, money, rates, shares, woven  # noqa: F401  the scenarios register themselves
from qstar.models.words.story import SCENARIOS, Ask, Story, Teller, Unsuitable, calculate, in_words, plain

Part = Literal["policy", "value", "dev", "held out"]
LARGEST = 100_000

# Scenarios that nothing is trained on, drawn by checksum: `dev` for choosing, `held out` for reporting.
DEV = frozenset({"so_many_each", "savings_jar", "two_sizes", "pages", "daily_habits", "craft_profit"})
HELD_OUT = frozenset(
    {
        *("missing_price", "subscriptions", "shelves", "machine_output", "scores"),
        *("stand_profit", "shopping_trip", "renting", "three_counts", "raising_funds"),
    }
)

# Half of the value part are scenarios that the policy never sees, so that the Q head knows how it errs in those. The
# other half takes an eighth of the problems of the others.
VALUE = frozenset({"days_compared", "nested", "steady_growth", "bus_stops", "woven_colors"})

# Scenarios of which every problem belongs to one part.
_WHOLE: dict[str, Part] = {
    **dict.fromkeys(DEV, "dev"),
    **dict.fromkeys(HELD_OUT, "held out"),
    **dict.fromkeys(VALUE, "value"),
}

# How often a module's scenarios come, beside 1 for the others: where each story is another, more can be learned.
_WEIGHT = {"woven": 3.0, "flows": 3.0, "everyday": 0.5}


@dataclass(frozen=True)
class WordProblem:
    """Question, solution (a step a line, each with its `<<calculation=result>>`, then `#### answer`), and answer."""

    id: str
    question: str
    solution: str
    answer: str
    scenario: str
    steps: int


def split(scenario: str, question: str) -> Part:
    """What a problem is for."""
    if scenario in _WHOLE:
        return _WHOLE[scenario]
    return "value" if zlib.crc32(question.encode()) % 8 == 0 else "policy"


def words(rng: np.random.Generator, part: Part) -> Iterator[WordProblem]:
    """Endless problems of one part, every scenario as often as `_WEIGHT` says; but see VALUE."""
    names = [name for name in sorted(SCENARIOS) if part in _parts(name)]
    often = np.cumsum([_weight(name) for name in names])
    while True:
        if part == "value" and rng.random() < 0.5:
            name = sorted(VALUE)[int(rng.integers(len(VALUE)))]
        elif part in ("policy", "value"):
            name = names[int(np.searchsorted(often, rng.random() * often[-1], side="right"))]
        else:  # what is measured on stays as it was drawn
            name = names[int(rng.integers(len(names)))]
        problem = compose(name, rng)
        while split(name, problem.question) != part:
            problem = compose(name, rng)
        yield problem


def held_out(count: int, part: Part = "held out") -> list[WordProblem]:
    """The same `count` problems every time, all different."""
    found: dict[str, WordProblem] = {}
    for problem in words(np.random.default_rng(24), part):
        found.setdefault(problem.id, problem)
        if len(found) == count:
            break
    return list(found.values())


def _weight(scenario: str) -> float:
    return _WEIGHT.get(SCENARIOS[scenario].__module__.rpartition(".")[2], 1.0)


def _parts(scenario: str) -> tuple[Part, ...]:
    return (_WHOLE[scenario],) if scenario in _WHOLE else ("policy", "value")


# ---------------------------------------------------------------- composing


def compose(name: str, rng: np.random.Generator) -> WordProblem:
    """A problem of one scenario, drawn until its numbers make sense."""
    while True:
        teller = Teller(rng)
        try:
            story = SCENARIOS[name](teller)
            return _compose(name, story, teller)
        except Unsuitable:
            continue


def _compose(name: str, story: Story, teller: Teller) -> WordProblem:
    ask = teller.pick(*story.asks)
    lines, answer = solution(ask, teller)
    sentences = [teller.phrase(fact) for fact in story.facts]
    if story.distractors and teller.chance(0.3):
        place = teller.number(1, len(sentences)) if sentences else 0
        sentences.insert(place, teller.phrase(teller.pick(*story.distractors)))
    sentences.append(teller.phrase(ask.question))
    question = _hand(" ".join(sentence[0].upper() + sentence[1:] for sentence in sentences), teller)
    return WordProblem(
        id=f"{name}-{zlib.crc32(question.encode()):08x}",
        question=question,
        solution="".join(line + "\n" for line in lines) + f"#### {answer}",
        answer=answer,
        scenario=name,
        steps=len(lines),
    )


def solution(ask: Ask, teller: Teller) -> tuple[list[str], str]:
    """The written steps, and the answer. Raises Unsuitable for values no such problem would have."""
    lines = []
    value = Fraction(0)
    for step in ask.steps:
        value = calculate(step.expression)
        if value < 0 or value > LARGEST:
            raise Unsuitable(f"{step.expression} = {value}")
        result = plain(value)
        line = teller.phrase(step.text.replace("{}", "\0"))
        line = line.replace("\0", f"<<{step.expression.replace(' ', '')}={result}>>{result}")
        lines.append(line[0].upper() + line[1:])
    if value == 0:
        raise Unsuitable("nothing is left to answer")
    return lines, plain(value)


def _hand(text: str, teller: Teller) -> str:
    """How somebody types it: small numbers as words now and then, once in a while no capitals or end mark."""
    if teller.chance(0.3):
        rate = 0.6
        text = re.sub(
            r"(?<![\w.$,/:])\d{1,2}(?![\w%/:]|[.,]\d)",
            lambda match: (in_words(int(match[0])) or match[0]) if teller.chance(rate) else match[0],
            text,
        )
        text = re.sub(r"(^|[.?!] )([a-z])", lambda match: match[1] + match[2].upper(), text)
    if teller.chance(0.04):
        text = text.lower()
    if teller.chance(0.04):
        text = text.rstrip(".?")
    return text
