"""Game of 24 and Countdown as training text: puzzles, their solutions, and which puzzles are held out.

A puzzle is numbers and a target: combine all numbers, each exactly once, with + - * / into the target.
A solution is a sequence of steps; each replaces two of the remaining numbers by one.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache
from itertools import combinations, combinations_with_replacement
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np

from verifiers.countdown import check_expression, expression

Number = int | Fraction
State = tuple[Number, ...]
"""The numbers that remain, ascending."""
FRACTION = 0.1  # weight of a step into fractions in a random solution


class Puzzle(NamedTuple):
    numbers: tuple[int, ...]
    target: int


class Step(NamedTuple):
    left: Number
    op: str
    right: Number
    value: Number
    rest: State


# ---------------------------------------------------------------- steps and solutions


def legal_steps(state: State) -> list[Step]:
    """One step for every distinct next state.

    Sums and products are written smaller operand first and differences are never negative: neither
    loses a solution with a positive target, and both spare the model an arbitrary choice.
    """
    found: dict[State, Step] = {}
    for i, j in combinations(range(len(state)), 2):
        small, large = state[i], state[j]
        others = state[:i] + state[i + 1 : j] + state[j + 1 :]
        results = [(small, "+", large, small + large), (small, "*", large, small * large)]
        results.append((large, "-", small, large - small))
        if small:
            results.append((large, "/", small, _ratio(large, small)))
        if large and small != large:
            results.append((small, "/", large, _ratio(small, large)))
        for left, op, right, value in results:
            rest = tuple(sorted((*others, _whole(value))))
            found.setdefault(rest, Step(left, op, right, _whole(value), rest))
    return list(found.values())


def _ratio(a: Number, b: Number) -> Number:
    return a // b if isinstance(a, int) and isinstance(b, int) and a % b == 0 else Fraction(a) / Fraction(b)


def _whole(value: Number) -> Number:
    return int(value) if value.denominator == 1 else value


@dataclass(frozen=True)
class Solver:
    """Exhaustive search over distinct states, remembered, for one target."""

    target: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "solving_steps", cache(self.solving_steps))

    def solvable(self, state: State) -> bool:
        if len(state) == 2:  # most states are such; what follows is the same as `legal_steps`, without making them
            small, large = state
            goal = self.target
            return goal in (small + large, small * large, large - small) or bool(
                (small and large == goal * small) or (large and small != large and small == goal * large)
            )
        return state == (self.target,) if len(state) == 1 else bool(self.solving_steps(state))

    def solving_steps(self, state: State) -> list[Step]:
        """The legal steps after which the target can still be reached."""
        return [step for step in legal_steps(state) if self.solvable(step.rest)]

    def shares(self, state: State) -> list[tuple[Step, float]]:
        """The steps of `legal_steps` and how often `sample` takes each: 0 where the target is lost, else alike.

        Only a step into fractions is taken less often than one without.
        """
        steps = legal_steps(state)
        weights = [(1.0 if isinstance(step.value, int) else FRACTION) * self.solvable(step.rest) for step in steps]
        total = sum(weights) or 1.0
        return [(step, weight / total) for step, weight in zip(steps, weights)]

    def sample(self, state: State, rng: np.random.Generator) -> list[Step]:
        """A random solution of a solvable state."""
        solution: list[Step] = []
        while len(state) > 1:
            steps, shares = zip(*self.shares(state))
            solution.append(steps[rng.choice(len(steps), p=shares)])
            state = solution[-1].rest
        return solution


@lru_cache(maxsize=32)
def solver(target: int) -> Solver:
    """The solver for a target, with what it remembers: that of 24 is asked all the time, and stays."""
    return Solver(target)


# ---------------------------------------------------------------- text


def prompt(numbers: Iterable[Number], target: Number) -> str:
    return f"Numbers: {' '.join(map(str, numbers))}\nTarget: {target}\n"


def completion(solution: Sequence[Step]) -> str:
    """The steps, one a line with the numbers left after it, and the expression they build."""
    return "".join(map(line, solution)) + f"Answer: {expression(solution)}\n"


def line(step: Step) -> str:
    return f"{beginning(step)}{step.value} left {' '.join(map(str, step.rest))}\n"


def beginning(step: Step) -> str:
    """What of the line is a choice: all that follows can be calculated."""
    return f"{step.left}{step.op}{step.right}="


def solved(puzzle: Puzzle, text: str) -> bool:
    """Whether a completion's answer line holds a right expression: the reward. Model text never raises."""
    _, found, answer = text.partition("Answer: ")
    return bool(found) and check_expression(answer.partition("\n")[0], puzzle.numbers, puzzle.target)


# ---------------------------------------------------------------- puzzles


def game24_held_out(ranks: str) -> list[tuple[int, ...]]:
    """The Game of 24 puzzles of ranks "801-900" (for choosing) or "901-1000" (for reporting)."""
    listed = json.loads((Path(__file__).parent / "game24_held_out.json").read_text())
    return [tuple(numbers) for numbers in listed[ranks]]


@cache
def _game24_held_out() -> frozenset[tuple[int, ...]]:
    return frozenset(game24_held_out("801-900") + game24_held_out("901-1000"))


Split = Literal["policy", "value", "held out"]


def split(puzzle: Puzzle) -> Split:
    """What a puzzle is for, whatever the order of its numbers: each is for one thing only.

    Held out from all training are the listed Game of 24 ranks and a twentieth of all other puzzles. An
    eighth trains values: on puzzles the policy was trained on, its success would tell of memory.
    """
    numbers = tuple(sorted(puzzle.numbers))
    drawn = zlib.crc32(repr((numbers, puzzle.target)).encode())
    game24 = puzzle.target == 24 and len(numbers) == 4 and numbers[-1] <= 13
    if numbers in _game24_held_out() if game24 else drawn % 20 == 0:
        return "held out"
    return "value" if drawn % 8 == 1 else "policy"


def game24_puzzles(part: Split) -> list[tuple[int, ...]]:
    """The solvable Game of 24 puzzles (four numbers of 1 to 13) of one split."""
    hands = combinations_with_replacement(range(1, 14), 4)
    return [hand for hand in hands if split(Puzzle(hand, 24)) == part and solver(24).solvable(hand)]


@dataclass(frozen=True)
class Countdown:
    """Random Countdown puzzles, built forwards: random steps from random numbers give the target."""

    sizes: tuple[int, ...] = (2, 3, 4, 5, 6)
    size_weights: tuple[float, ...] = (0.15, 0.3, 0.2, 0.15, 0.2)
    largest: tuple[int, ...] = (13, 99)
    """The numbers are 1 to one of these, drawn per puzzle."""
    targets: tuple[int, int] = (10, 100)
    limit: int = 500
    """No intermediate result is larger."""

    def sample(self, rng: np.random.Generator) -> tuple[Puzzle, list[Step]]:
        """A puzzle and one solution in whole positive numbers."""
        while True:
            size = int(rng.choice(self.sizes, p=self.size_weights))
            drawn = rng.integers(1, int(rng.choice(self.largest)) + 1, size)
            numbers = tuple(int(n) for n in drawn)
            solution = self._walk(tuple(sorted(numbers)), rng)
            if solution and self.targets[0] <= solution[-1].value <= self.targets[1]:
                return Puzzle(numbers, int(solution[-1].value)), solution

    def _walk(self, state: State, rng: np.random.Generator) -> list[Step]:
        walked: list[Step] = []
        while len(state) > 1:
            steps = [s for s in legal_steps(state) if isinstance(s.value, int) and 1 <= s.value <= self.limit]
            if not steps:
                return []
            walked.append(steps[rng.integers(len(steps))])
            state = walked[-1].rest
        return walked


def countdown_held_out(size: int, part: Literal["dev", "held out"]) -> Iterator[tuple[Puzzle, list[Step]]]:
    """Different Countdown puzzles of one size that no recipe trains on, for choosing or for reporting.

    Endless, always the same, each with a solution.
    """
    rng = np.random.default_rng([24, size])
    countdown = Countdown(sizes=(size,), size_weights=(1.0,))
    seen = set()
    while True:
        puzzle, solution = countdown.sample(rng)
        key = tuple(sorted(puzzle.numbers)), puzzle.target
        for_choosing = zlib.crc32(repr(key).encode()) // 20 % 2 == 1  # of those that crc32 % 20 holds out
        if key not in seen and split(puzzle) == "held out" and for_choosing == (part == "dev"):
            seen.add(key)
            yield puzzle, solution


@dataclass(frozen=True)
class Mixture:
    """The distribution of puzzles: Game of 24 and Countdown, in proportion."""

    game24: float = 0.22
    wider24: float = 0.33
    """Share of three or four larger numbers that make 24: too many of them to know by heart."""
    wider_largest: int = 25
    ascending: float = 0.5
    """Share of prompts whose numbers stand in ascending order; the others are shuffled."""
    countdown: Countdown = Countdown()

    def puzzles(self, rng: np.random.Generator, part: Split) -> Iterator[tuple[Puzzle, list[Step]]]:
        """Endless puzzles of one split, each with a solution drawn at random."""
        hands = game24_puzzles(part)
        while True:
            drawn = rng.random()
            if drawn < self.game24:
                numbers = hands[rng.integers(len(hands))]
                puzzle, solution = Puzzle(numbers, 24), solver(24).sample(numbers, rng)
            elif drawn < self.game24 + self.wider24:
                hand = rng.integers(1, self.wider_largest + 1, size=3 + (rng.random() < 0.75))
                numbers = tuple(sorted(map(int, hand)))
                puzzle = Puzzle(numbers, 24)
                if not solver(24).solvable(numbers):
                    continue
                solution = solver(24).sample(numbers, rng)
            else:
                puzzle, solution = self.countdown.sample(rng)
            if split(puzzle) != part:
                continue
            if rng.random() < self.ascending:
                numbers = tuple(sorted(puzzle.numbers))
            else:
                numbers = tuple(int(n) for n in rng.permutation(puzzle.numbers))
            yield Puzzle(numbers, puzzle.target), solution
