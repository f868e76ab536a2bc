"""What word problems are made of: people, things, random phrasings, and stories whose solutions calculate themselves.

A scenario is a function from a `Teller` to a `Story`: facts told in order, sentences that distract, and the questions
that may be asked, each with the steps to its answer. `[a|b|]` in any text is a choice of phrasings, one of them empty
here; choices may be nested.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeVar

import numpy as np

from qstar.models.words.vocabulary import FEMALE, KINDS, MALE, SMALL

T = TypeVar("T")
_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_EXPRESSION = re.compile(r"[\d.+\-*/() ]+")


class Unsuitable(Exception):
    """The numbers drawn make no sensible problem; draw again."""


@dataclass(frozen=True)
class Person:
    """Prints as the name."""

    name: str
    he: str
    him: str
    his: str

    def __str__(self) -> str:
        return self.name

    @property
    def He(self) -> str:
        return self.he.capitalize()

    @property
    def His(self) -> str:
        return self.his.capitalize()


@dataclass(frozen=True)
class Thing:
    """A countable noun. Prints as the plural."""

    one: str
    many: str

    def __str__(self) -> str:
        return self.many

    def of(self, count: int | Fraction) -> str:
        """Singular for one, else plural."""
        return self.one if count == 1 else self.many


@dataclass(frozen=True)
class Step:
    """A line of a solution: `text` with `{}` where the calculation goes, and the calculation."""

    text: str
    expression: str


@dataclass(frozen=True)
class Ask:
    question: str
    steps: tuple[Step, ...]


@dataclass
class Story:
    """Facts in the order of telling, distractors, and what may be asked."""

    facts: list[str] = field(default_factory=list)
    distractors: list[str] = field(default_factory=list)
    asks: list[Ask] = field(default_factory=list)

    def tell(self, *sentences: str) -> None:
        """Facts that every question needs or may ignore: whole sentences."""
        self.facts.extend(sentences)

    def distract(self, *sentences: str) -> None:
        """Sentences with numbers that no question needs; at most one of them is told, and often none."""
        self.distractors.extend(sentences)

    def ask(self, question: str, *steps: tuple[str, str]) -> None:
        """A question and the steps to its answer, each (text with {} for the calculation, expression).

        Expressions hold numbers and + - * / ( ) only, written out: "3*12-7". The last one's value is the answer.
        """
        if not steps:
            raise ValueError(f"the question {question!r} has no steps")
        self.asks.append(Ask(question, tuple(Step(text, expression) for text, expression in steps)))


class Teller:
    """Draws what a scenario needs; no person or thing comes twice in one story."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng
        self._used: set[str] = set()

    def number(self, low: int, high: int, step: int = 1) -> int:
        """A multiple of `step` from `low` to `high`, both possible. Small numbers come more often in wide ranges."""
        if high < low:
            raise Unsuitable(f"no number from {low} to {high}")
        first, last = -(-low // step), high // step
        if last < first:
            raise Unsuitable(f"no multiple of {step} from {low} to {high}")
        if last - first > 60 and self.rng.random() < 0.5:
            last = first + (last - first) // 4
        return int(self.rng.integers(first, last + 1)) * step

    def divisor(self, number: int, low: int = 2, high: int | None = None) -> int:
        """A divisor of `number` from `low` to `high`. Raises Unsuitable where there is none."""
        found = [d for d in range(low, min(high or number // 2, number) + 1) if number % d == 0]
        if not found:
            raise Unsuitable(f"{number} has no divisor there")
        return int(self.rng.choice(found))

    def pick(self, *options: T) -> T:
        return options[int(self.rng.integers(len(options)))]

    def chance(self, probability: float) -> bool:
        return bool(self.rng.random() < probability)

    def person(self) -> Person:
        """Somebody new."""
        female = self.chance(0.5)
        name = self._new(FEMALE if female else MALE)
        return Person(name, "she", "her", "her") if female else Person(name, "he", "him", "his")

    def thing(self, *kinds: str) -> Thing:
        """Something new of one of these kinds (keys of vocabulary.KINDS), or of any."""
        kind = self.pick(*(kinds or tuple(KINDS)))
        return Thing(*self._new(KINDS[kind]))

    def new(self, *options: str) -> str:
        """One of the options that this story has not drawn yet."""
        return self._new(options)

    def _new(self, options: Sequence[T]) -> T:
        left = [option for option in options if str(option) not in self._used]
        if not left:
            raise Unsuitable("nothing new is left to draw")
        drawn = left[int(self.rng.integers(len(left)))]
        self._used.add(str(drawn))
        return drawn

    def phrase(self, text: str) -> str:
        """`text` with one option of every `[a|b]`, tidied."""
        while match := _CHOICE.search(text):
            text = text[: match.start()] + self.pick(*match[1].split("|")) + text[match.end() :]
        text = re.sub(r"\s+", " ", text).strip()
        return re.sub(r" ([.,?!;:])", r"\1", text)


Scenario = Callable[[Teller], Story]
SCENARIOS: dict[str, Scenario] = {}


def scenario(tell: Scenario) -> Scenario:
    """Registers a scenario under its function's name. Raises ValueError for a name that is taken."""
    register(tell.__name__, tell)
    return tell


def register(name: str, tell: Scenario) -> None:
    """A scenario under a name of its own. Raises ValueError for one that is taken."""
    if name in SCENARIOS:
        raise ValueError(f"two scenarios are named {name}")
    SCENARIOS[name] = tell


def fill(text: str, slots: Mapping[str, object]) -> str:
    """`text` with its {slots} filled; those that are not named stay, as {} for the calculation."""
    for name, value in slots.items():
        text = text.replace(f"{{{name}}}", str(value))
    return text


# ---------------------------------------------------------------- numbers


def money(cents: int) -> str:
    """An amount for texts: $3, $2.50."""
    return f"${cents // 100}" if cents % 100 == 0 else f"${cents / 100:.2f}"


def plain(value: Fraction) -> str:
    """A number as steps write it: whole, or with at most four decimals. Raises Unsuitable for others."""
    if value.denominator == 1:
        return str(value.numerator)
    if 10000 % value.denominator:
        raise Unsuitable(f"{value} has no short decimal form")
    return f"{float(value):.4f}".rstrip("0")


def calculate(expression: str) -> Fraction:
    """The exact value of + - * / ( ) over decimal numbers. ValueError for anything else, ours to mend."""
    if not _EXPRESSION.fullmatch(expression):
        raise ValueError(f"no expression: {expression!r}")
    exact = re.sub(r"\d+(\.\d+)?", lambda m: f"Fraction('{m[0]}')", expression)
    try:
        return Fraction(eval(exact, {"Fraction": Fraction, "__builtins__": {}}))  # our own scenarios' text only
    except ZeroDivisionError:
        raise Unsuitable(f"{expression} divides by zero") from None


def whole(expression: str, largest: int | None = None) -> int:
    """The value of an expression, for stories that count. Raises Unsuitable unless it is whole, positive and so small."""
    value = calculate(expression)
    if value.denominator != 1 or value < 1 or (largest is not None and value > largest):
        raise Unsuitable(f"{expression} = {value}")
    return int(value)


def in_words(number: int) -> str | None:
    """Small numbers as words."""
    return SMALL[number] if 0 <= number < len(SMALL) else None
