"""Exact checks for Countdown and the Game of 24, with `fractions.Fraction` and no `eval`.

A puzzle is a multiset of numbers and a target. Answers come in two forms: an expression,
`(1+1)*4*6`, and a step trace, one step a line with the numbers that remain, ascending, rationals as a/b:

    4*6=24 left 1 1 24
    1*1=1 left 1 24
    1*24=24 left 24

A trace solves the puzzle when its last line leaves exactly the target. Text from a model never raises in
`check_expression` and `check_trace`; a bad puzzle raises ValueError.
"""

from __future__ import annotations

import re
from bisect import insort
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol, SupportsIndex

MAX_CHARS = 2_000  # of one expression, or of one line of a trace
MAX_DIGITS = 40
MAX_DEPTH = 50
MAX_NUMBERS = 8  # of a puzzle: the number of traces grows faster than factorially

Number = int | Fraction
State = tuple[Fraction, ...]

_TOKEN = re.compile(r"\s*(?:([0-9]+)|([-+*/()]))")
_STEP = re.compile(r"([-+*/0-9]+)=(-?[0-9]+(?:/[0-9]+)?)left((?:\s+-?[0-9]+(?:/[0-9]+)?)+)")
_RATIONAL = re.compile(r"-?[0-9]+(?:/[0-9]+)?")
_ASCII = str.maketrans({"×": "*", "·": "*", "÷": "/", "−": "-", "–": "-"})


class Rng(Protocol):
    """`random.Random` or `numpy.random.Generator`: all that is used is a uniform draw from [0, 1)."""

    def random(self) -> float: ...


@dataclass(frozen=True)
class Step:
    """`left op right = value`, and the numbers that remain after it, ascending."""

    left: Fraction
    op: str
    right: Fraction
    value: Fraction
    remaining: State

    def __str__(self) -> str:
        return f"{self.left}{self.op}{self.right}={self.value} left {' '.join(map(str, self.remaining))}"


@dataclass(frozen=True)
class Trace:
    """What `check_trace` found: the legal steps, whether they solve the puzzle, why it was refuted."""

    steps: tuple[Step, ...] = ()
    solved: bool = False
    refuted: bool = False
    reason: str = ""


def apply(op: str, left: Fraction, right: Fraction) -> Fraction | None:
    """`left op right`, None for a division by zero. ValueError for an operator other than + - * /."""
    if op == "+":
        return left + right
    if op == "-":
        return left - right
    if op == "*":
        return left * right
    if op == "/":
        return left / right if right else None
    raise ValueError(f"operator {op!r} is none of + - * /")


def parse_expression(text: str) -> tuple[Fraction, tuple[int, ...]]:
    """Value of an expression of integers, + - * / and brackets, and the integers in order of appearance.

    A sign is read only where a term begins. ValueError for anything else, for a division by zero, and
    beyond MAX_CHARS characters, MAX_DEPTH nested brackets or MAX_DIGITS digits in one integer.
    """
    if len(text) > MAX_CHARS:
        raise ValueError(f"expression of {len(text)} characters; at most {MAX_CHARS} are read")
    tokens = _tokens(text.translate(_ASCII))
    used: list[int] = []
    position = 0

    def peek() -> str:
        return tokens[position] if position < len(tokens) else ""

    def take() -> str:
        nonlocal position
        position += 1
        return tokens[position - 1] if position <= len(tokens) else ""

    def total(depth: int) -> Fraction:
        sign = take() if peek() in ("-", "+") else "+"
        value = product(depth)
        value = -value if sign == "-" else value
        while peek() in ("+", "-"):
            op = take()
            value = _calculate(op, value, product(depth))
        return value

    def product(depth: int) -> Fraction:
        value = factor(depth)
        while peek() in ("*", "/"):
            op = take()
            value = _calculate(op, value, factor(depth))
        return value

    def factor(depth: int) -> Fraction:
        token = take()
        if token.isdigit():
            used.append(int(token))
            return Fraction(used[-1])
        if token != "(":
            raise ValueError(f"expected a number or '(' but found {token or 'the end'!r}")
        if depth == MAX_DEPTH:
            raise ValueError(f"brackets nested more than {MAX_DEPTH} deep")
        value = total(depth + 1)
        if (closing := take()) != ")":
            raise ValueError(f"expected ')' but found {closing or 'the end'!r}")
        return value

    value = total(0)
    if position < len(tokens):
        raise ValueError(f"unexpected {peek()!r} after a complete expression")
    return value, tuple(used)


def check_expression(text: str, numbers: Sequence[Number], target: Number, all_numbers: bool = True) -> bool:
    """Whether `text` is an expression that makes `target` and uses each number exactly once.

    `all_numbers=False` lets numbers go unused, as in the television game. Model text never raises.
    """
    pool = Counter(_puzzle(numbers))
    try:
        value, used = parse_expression(text)
    except ValueError:
        return False
    counted = Counter(map(Fraction, used))
    return value == target and (counted == pool if all_numbers else counted <= pool)


def check_trace(text: str, numbers: Sequence[Number], target: Number) -> Trace:
    """Follow a step trace, which may be a prefix: a last line without its newline is not refuted yet.

    Refuted means that a finished line is no step, uses a number that is not there, or calculates or
    lists wrongly: nothing that follows can repair it. Model text never raises.
    """
    *finished, last = text.split("\n")
    steps, state, complaint = _follow(finished, numbers)
    if complaint is not None:
        return Trace(tuple(steps), refuted=True, reason=complaint)
    if last.strip() and not isinstance(step := _read_step(last, state), str):
        steps.append(step)
        state = step.remaining
        last = ""
    return Trace(tuple(steps), solved=bool(steps) and not last.strip() and state == (Fraction(target),))


def complete_step(text: str, numbers: Sequence[Number]) -> str | None:
    """What follows "7+9=" at the end of a trace of legal steps: the value and the numbers left, "16 left 4 6 16".

    None where the text does not end so, or the calculation is not possible. Model text never raises.
    """
    *finished, last = text.split("\n")
    calculation = "".join(last.translate(_ASCII).split())
    if not calculation.endswith("=") or len(calculation) > MAX_CHARS:
        return None
    _, state, complaint = _follow(finished, numbers)
    if complaint is not None:
        return None
    for step in _readings(calculation[:-1], state):
        if not isinstance(step, str):
            return f"{step.value} left {' '.join(map(str, step.remaining))}"
    return None


class Calculation(Protocol):
    """One step: `left op right = value`."""

    @property
    def left(self) -> Number: ...
    @property
    def op(self) -> str: ...
    @property
    def right(self) -> Number: ...
    @property
    def value(self) -> Number: ...


def expression(steps: Iterable[Calculation]) -> str:
    """The one expression that the steps of a puzzle make; of two equal numbers, the one calculated last is used first.

    ValueError for no steps.
    """
    built: list[tuple[Number, str]] = []

    def take(value: Number) -> str:
        for i in reversed(range(len(built))):
            if built[i][0] == value:
                return f"({built.pop(i)[1]})"
        return str(value)

    for step in steps:
        left, right = take(step.left), take(step.right)
        built.append((step.value, f"{left}{step.op}{right}"))
    if not built:
        raise ValueError("no steps make no expression")
    return built[-1][1]


def legal_steps(numbers: Iterable[Number], non_negative_integers: bool = False) -> Iterator[Step]:
    """Every distinct step from these numbers; sums and products once, the smaller number first.

    `non_negative_integers` leaves out the steps whose value is negative or no integer.
    """
    state = tuple(sorted(map(Fraction, numbers)))
    seen = set()
    for i, low in enumerate(state):
        for j in range(i + 1, len(state)):
            high = state[j]
            if (low, high) in seen:
                continue
            seen.add((low, high))
            rest = state[:i] + state[i + 1 : j] + state[j + 1 :]
            pairs = [(low, high)] if low == high else [(low, high), (high, low)]
            for op in "+-*/":
                for left, right in pairs if op in "-/" else pairs[:1]:
                    value = apply(op, left, right)
                    if value is None or (non_negative_integers and (value < 0 or value.denominator > 1)):
                        continue
                    yield Step(left, op, right, value, _with(rest, value))


def solve(
    numbers: Sequence[Number],
    target: Number,
    *,
    non_negative_integers: bool = False,
    limit: int | None = None,
) -> list[str] | None:
    """All step traces that use every number and leave the target (at most `limit`); None if there is none.

    Exhaustive and exact: None is a proof. Four numbers take milliseconds, six take minutes without
    `limit`. ValueError for an empty puzzle or one of more than MAX_NUMBERS numbers.
    """
    goal = (Fraction(target),)
    hopeless: set[State] = set()
    found: list[str] = []

    def search(state: State, lines: tuple[str, ...]) -> bool:
        if len(state) == 1:
            if state == goal and lines:
                found.append("\n".join(lines))
            return state == goal
        if state in hopeless:
            return False
        solvable = False
        for step in legal_steps(state, non_negative_integers):
            solvable |= search(step.remaining, (*lines, str(step)))
            if limit is not None and len(found) >= limit:
                return True
        if not solvable:
            hopeless.add(state)
        return solvable

    search(_puzzle(numbers), ())
    return found or None


def random_trace(numbers: Sequence[Number], rng: Rng, non_negative_integers: bool = True) -> str:
    """A trace of uniformly drawn legal steps down to one number: the baseline that knows only the rules."""
    state = _puzzle(numbers)
    lines = []
    while len(state) > 1:
        choices = list(legal_steps(state, non_negative_integers))
        step = choices[int(rng.random() * len(choices))]
        lines.append(str(step))
        state = step.remaining
    return "\n".join(lines)


def _puzzle(numbers: Sequence[Number]) -> State:
    if not 1 <= len(numbers) <= MAX_NUMBERS:
        raise ValueError(f"a puzzle has 1 to {MAX_NUMBERS} numbers, got {len(numbers)}: {list(numbers)[:20]}")
    for number in numbers:
        if isinstance(number, bool) or not isinstance(number, (Fraction, SupportsIndex)):
            raise ValueError(f"puzzle number {number!r} is neither an integer nor a Fraction")
    return tuple(sorted(Fraction(n) if isinstance(n, Fraction) else Fraction(int(n)) for n in numbers))


def _with(state: State, value: Fraction) -> State:
    numbers = list(state)
    insort(numbers, value)
    return tuple(numbers)


def _tokens(text: str) -> list[str]:
    tokens, position, text = [], 0, text.rstrip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise ValueError(f"unexpected {text[position:].strip()[:1]!r} in an expression")
        token = match.group(1) or match.group(2)
        if len(token) > MAX_DIGITS:
            raise ValueError(f"an integer of {len(token)} digits; at most {MAX_DIGITS} are read")
        tokens.append(token)
        position = match.end()
    return tokens


def _calculate(op: str, left: Fraction, right: Fraction) -> Fraction:
    value = apply(op, left, right)
    if value is None:
        raise ValueError("division by zero")
    return value


def _rational(text: str) -> Fraction | None:
    """The number written as `text`; None where it is no number, too long or over zero."""
    if len(text) > 2 * MAX_DIGITS or not _RATIONAL.fullmatch(text):
        return None
    numerator, _, denominator = text.partition("/")
    return Fraction(int(numerator), int(denominator or 1)) if int(denominator or 1) else None


def _follow(lines: Sequence[str], numbers: Sequence[Number]) -> tuple[list[Step], State, str | None]:
    """The steps that whole lines write down, the numbers they leave, and what is wrong with the first bad line."""
    state = _puzzle(numbers)
    steps: list[Step] = []
    for line in lines:
        if not line.strip():
            continue
        step = _read_step(line, state)
        if isinstance(step, str):
            return steps, state, f"{line.strip()[:80]!r}: {step}"
        steps.append(step)
        state = step.remaining
    return steps, state, None


def _read_step(line: str, state: State) -> Step | str:
    """The legal step a line writes down, or what is wrong with it."""
    if len(line) > MAX_CHARS:
        return f"a line of more than {MAX_CHARS} characters"
    calculation, _, listed = line.translate(_ASCII).partition("left")
    match = _STEP.fullmatch("".join(calculation.split()) + "left" + listed.rstrip())
    if match is None:
        return "not of the form a+b=c left ..."
    value = _rational(match.group(2))
    remaining = [_rational(word) for word in match.group(3).split()]
    complaint = "the numbers used do not remain"
    for step in _readings(match.group(1), state):
        if isinstance(step, str):
            complaint = step
        elif step.value != value:
            complaint = f"{step.left}{step.op}{step.right} is {step.value}"
        elif Counter(remaining) == Counter(step.remaining):
            return step
        else:
            complaint = f"what remains is {' '.join(map(str, step.remaining))}"
    return complaint


def _readings(calculation: str, state: State) -> Iterator[Step | str]:
    """The steps from `state` that "a+b" may mean, or why a reading is none; silent where a number is not there.

    1/3/4 may be a third over 4 or 1 over three quarters: whichever the remaining numbers allow.
    """
    for cut in range(1, len(calculation) - 1):
        op = calculation[cut]
        left, right = _rational(calculation[:cut]), _rational(calculation[cut + 1 :])
        if op not in "+-*/" or left is None or right is None:
            continue
        rest = Counter(state)
        rest.subtract((left, right))
        if min(rest.values()) < 0:
            continue
        result = apply(op, left, right)
        yield (
            "division by zero"
            if result is None
            else Step(left, op, right, result, _with(tuple(sorted(rest.elements())), result))
        )
