"""What the bundled model reads: three kinds of problems with exact graders, each as a prompt and its completion.

Puzzles (Game of 24, Countdown), word problems (generated, and GSM8K's train split), Python functions. The parts are
kept apart as their generators keep them: the policy learns from "policy", the Q head from "value".
"""

from __future__ import annotations

import json
import os
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np

from qstar.kinds import FUNCTION, PUZZLE, WORDS, Kind, asked
from qstar.models import GSM8K_DEV
from qstar.models.functions import FunctionProblem, functions
from qstar.models.functions import held_out as functions_held_out
from qstar.models.puzzles import (
    Countdown,
    Mixture,
    Puzzle,
    State,
    Step,
    beginning,
    completion,
    countdown_held_out,
    game24_held_out,
    game24_puzzles,
    legal_steps,
    line,
    prompt,
    solved,
    solver,
)
from qstar.models.words import WordProblem, words
from qstar.models.words import held_out as words_held_out
from verifiers.code import run_tests
from verifiers.math import complete, grade

Part = Literal["policy", "value"]
SEARCHED = 4  # numbers of a puzzle's state, at most, whose steps are all searched through


class Choice(NamedTuple):
    """The steps that could have been taken where a text takes one, exhaustively.

    Attributes:
        at: how many characters of the completion are before the step.
        taken: how the step begins that is taken.
        shares: how often each beginning shall be taken; 0 where no right answer can be reached after it.
    """

    at: int
    taken: str
    shares: tuple[tuple[str, float], ...]


class Text(NamedTuple):
    """One example.

    Attributes:
        gold: what the reward asks: a puzzle's prompt, the answer, or the hidden tests, one a line.
        hopes: whether a right answer can still be reached, after so many characters of the completion.
        learned: so many characters of the completion are an example to follow, what comes after is a step astray;
            None: all of it, and then the end.
        choices: what else its steps could have been, where that is known.
    """

    kind: Kind
    prompt: str
    completion: str
    gold: str
    hopes: tuple[tuple[int, bool], ...] = ()
    learned: int | None = None
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class Corpus:
    """Shares of the texts."""

    puzzles: float = 0.44
    words: float = 0.43
    gsm8k: float = 0.06
    functions: float = 0.07
    astray: float = 0.35
    """Share of the puzzles and word problems that end in a step astray."""
    mixture: Mixture = field(default_factory=Mixture)

    def texts(self, rng: np.random.Generator, part: Part, gsm8k: str | os.PathLike[str] | None) -> Iterator[Text]:
        """Endless texts of one part. Without the file of GSM8K's train split its share falls to the others."""
        sources: list[tuple[float, Iterator[Text]]] = [
            (self.puzzles, puzzle_texts(self.mixture, rng, part, self.astray)),
            (self.words, astray(word_texts(rng, part), rng, self.astray)),
            (self.functions, function_texts(rng, part)),
        ]
        if gsm8k is not None:
            sources.append((self.gsm8k, astray(gsm8k_texts(gsm8k, rng, part), rng, self.astray)))
        sources = [(share, texts) for share, texts in sources if share > 0]
        shares = np.array([share for share, _ in sources])
        while True:
            yield next(sources[rng.choice(len(sources), p=shares / shares.sum())][1])


def puzzle_texts(mixture: Mixture, rng: np.random.Generator, part: Part, wrong: float = 0.0) -> Iterator[Text]:
    """Endless puzzles with a solution; of those with three numbers or more, this share with a step astray."""
    for puzzle, solution in mixture.puzzles(rng, part):
        text = _asked_puzzle(puzzle)
        if len(puzzle.numbers) > 2 and rng.random() < wrong:
            yield _puzzle_astray(text, puzzle, solution, rng)
        else:
            written = completion(solution)
            hopes, choices = _hopes(written, [True] * len(solution)), _choices(puzzle, solution)
            yield text._replace(completion=written, hopes=hopes, choices=choices)


def _puzzle_astray(text: Text, puzzle: Puzzle, solution: Sequence[Step], rng: np.random.Generator) -> Text:
    """Some steps of the solution and a random one, which may happen to be right as well: exhaustive search tells."""
    size = len(puzzle.numbers)
    left = int(rng.integers(3, min(5, size) + 1))  # numbers before the random step: more are too many to search
    followed = solution[: size - left]
    state = followed[-1].rest if followed else tuple(sorted(puzzle.numbers))
    steps = [step for step in legal_steps(state) if isinstance(step.value, int) or rng.random() < 0.1]
    taken = steps[rng.integers(len(steps))]
    written = "".join(map(line, (*followed, taken)))
    solvable = solver(puzzle.target).solvable(taken.rest)
    hopes = _hopes(written, [*[True] * len(followed), solvable])
    choices = _choices(puzzle, (*followed, taken))
    return text._replace(completion=written, hopes=hopes, learned=sum(map(len, map(line, followed))), choices=choices)


def _choices(puzzle: Puzzle, steps: Sequence[Step]) -> tuple[Choice, ...]:
    """What each of the steps could have been, where the numbers are few enough to search."""
    state: State = tuple(sorted(puzzle.numbers))
    at, choices = 0, []
    for step in steps:
        if len(state) <= SEARCHED:
            known = solver(puzzle.target).shares(state)
            choices.append(Choice(at, beginning(step), tuple((beginning(other), share) for other, share in known)))
        at, state = at + len(line(step)), step.rest
    return tuple(choices)


def _hopes(text: str, of_lines: Sequence[bool]) -> tuple[tuple[int, bool], ...]:
    """`Text.hopes` for the first lines: known at the end of each, and after the "=" with which it is decided."""
    hopes, at = [], 0
    for written, hope in zip(text.splitlines(keepends=True), of_lines):
        if "=" in written:
            hopes.append((at + written.index("=") + 1, hope))
        at += len(written)
        hopes.append((at, hope))
    return tuple(hopes)


def word_texts(rng: np.random.Generator, part: Part) -> Iterator[Text]:
    for problem in words(rng, part):
        yield _word_text(problem)


def function_texts(rng: np.random.Generator, part: Part) -> Iterator[Text]:
    for problem in functions(rng, part):
        yield _function_text(problem)


_CALCULATION = re.compile(r"<<([^<>=]+)=([^<>=]+)>>")
_OPERAND = re.compile(r"(?<![\d.])\d+(?:\.\d+)?(?![\d.])")


def astray(texts: Iterator[Text], rng: np.random.Generator, wrong: float) -> Iterator[Text]:
    """Word problems, this share of them ended by a step astray.

    It calculates something else than the solution does, or answers before the last step with what is known by then.
    """
    for text in texts:
        lines = text.completion.splitlines(keepends=True)
        steps = [i for i, written in enumerate(lines) if _CALCULATION.search(written)]
        text = text._replace(hopes=_hopes(text.completion, [True] * len(lines)))
        if steps and rng.random() < wrong:
            at = steps[rng.integers(len(steps))]
            before = "".join(lines[:at])
            if at > steps[0] and rng.random() < 0.25:
                other = _early_answer(before, text.gold)
            else:
                other = _another_calculation(text.prompt + before, lines[at], rng)
            if other is not None:
                hopes = _hopes(before + other, [*[True] * at, False])
                text = text._replace(completion=before + other, hopes=hopes, learned=len(before))
        yield text


def _early_answer(before: str, gold: str) -> str | None:
    """The last result so far as the answer; None where it happens to be the answer."""
    _, result = _CALCULATION.findall(before)[-1]
    return None if result == gold else f"#### {result}"


def _another_calculation(before: str, written: str, rng: np.random.Generator) -> str | None:
    """The line with another operator or another number of those at hand, rightly calculated; None for no change."""
    found = _CALCULATION.search(written)
    assert found is not None
    calculation = found[1]
    operators = [i for i, character in enumerate(calculation) if character in "+-*/" and i]
    operands = list(_OPERAND.finditer(calculation))
    at_hand = sorted({match[0] for match in _OPERAND.finditer(before)})
    if operators and rng.random() < 0.4:
        i = operators[rng.integers(len(operators))]
        changed = calculation[:i] + "+-*/"[rng.integers(4)] + calculation[i + 1 :]
    elif operands and at_hand:
        operand = operands[rng.integers(len(operands))]
        other = at_hand[rng.integers(len(at_hand))]
        changed = calculation[: operand.start()] + other + calculation[operand.end() :]
    else:
        return None
    result = complete(f"<<{changed}=")
    if not result or result == found[2]:
        return None
    rest = written[found.end() :]
    if rest.startswith(found[2]):
        rest = result + rest[len(found[2]) :]
    return f"{written[: found.start()]}<<{changed}={result}>>{rest}"


def _asked_puzzle(puzzle: Puzzle) -> Text:
    text = prompt(*puzzle)
    return Text(PUZZLE, text, "", text)


def _word_text(problem: WordProblem) -> Text:
    return Text(WORDS, asked(problem.question, WORDS), problem.solution, problem.answer)


def _function_text(problem: FunctionProblem) -> Text:
    return Text(FUNCTION, asked(problem.prompt, FUNCTION), problem.solution, "\n".join(problem.tests))


_RESULT = re.compile(r"(?<==)[^<>=]+(?=>>)")
_EXPRESSION = re.compile(r"(?<=Answer:) .*\n")
_DECIDING = re.compile(r"(?<=<<)[^<>=]+|(?<=#### ).+")


def calculated(text: Text) -> list[tuple[int, int]]:
    """Spans of the completion that need not be learned, because the verifier writes them.

    The result of an annotated calculation, and the expression that a puzzle's steps make. The results of a puzzle's
    steps are written as well, but who looks ahead has to know them.
    """
    written = {WORDS: _RESULT, PUZZLE: _EXPRESSION}.get(text.kind)
    return [match.span() for match in written.finditer(text.completion)] if written else []


def deciding(text: Text) -> list[tuple[int, int]]:
    """Spans of a word problem's solution that decide its answer: what is calculated, and the last line."""
    return [match.span() for match in _DECIDING.finditer(text.completion)] if text.kind is WORDS else []


# ---------------------------------------------------------------- GSM8K (arXiv 2110.14168)


def gsm8k_texts(path: str | os.PathLike[str], rng: np.random.Generator, part: Part) -> Iterator[Text]:
    """Endless epochs over the policy's seven eighths of GSM8K's train split, or over the other eighth."""
    texts = load_gsm8k(path, part)
    while True:
        for i in rng.permutation(len(texts)):
            yield texts[i]


def load_gsm8k(path: str | os.PathLike[str], part: Part | Literal["dev"]) -> list[Text]:
    """The texts of one part, in the file's order: JSONL with question and answer, as published.

    Raises FileNotFoundError, or ValueError for a file without such lines.
    """
    file = Path(path)
    if not file.is_file():
        raise FileNotFoundError(f"{file} does not exist: give the file of GSM8K's train split, or none")
    try:
        lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
        solved = [(line["question"], *line["answer"].rpartition("\n#### ")) for line in lines]
        whole = len(solved) > GSM8K_DEV and all(question and marked for question, _, marked, _ in solved)
    except (ValueError, KeyError, TypeError, AttributeError):
        whole = False
    if not whole:
        raise ValueError(
            f"{file} is not GSM8K's train split: expected more than {GSM8K_DEV} lines, each with question and answer"
        )
    texts = []
    for question, steps, _, answer in solved[-GSM8K_DEV:] if part == "dev" else solved[:-GSM8K_DEV]:
        if part == "dev" or (zlib.crc32(question.encode()) % 8 == 0) == (part == "value"):
            answer = answer.replace(",", "")
            texts.append(Text(WORDS, asked(question, WORDS), f"{compact(steps)}\n#### {answer}", answer))
    return texts


_WRITTEN_OUT = re.compile(r"[$£€]?[\d(][\d\s.,+\-*/x×÷%$()=]*=\s*\$?(?=<<)")
_IN_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_LAST_ZEROS = re.compile(r"(?<![\d.])(?:(\d+)\.0+|(\d*\.\d*[1-9])0+)(?!\d|\.\d)")


def compact(steps: str) -> str:
    """Steps without the calculation that stands in words before its annotation: a token written is a token paid."""
    lines = [re.sub(r"\s+", " ", line).strip() for line in steps.split("\n")]
    plain = (_IN_THOUSANDS.sub("", _WRITTEN_OUT.sub("", line)) for line in lines if line)
    return "\n".join(_LAST_ZEROS.sub(r"\1\2", line) for line in plain)  # as the calculator writes them


# ---------------------------------------------------------------- the Q head's problems


def value_texts(rng: np.random.Generator, gsm8k: str | os.PathLike[str] | None, count: int) -> list[Text]:
    """Up to `count` problems that the policy was not trained on."""
    others = Mixture(game24=0.0, wider24=0.65, countdown=Countdown((3, 4, 5, 6), (0.1, 0.2, 0.3, 0.4)))  # the hard ones
    sources = [
        (0.14, map(_asked_puzzle, _hands(rng))),
        (0.36, (_asked_puzzle(puzzle) for puzzle, _ in others.puzzles(rng, "value"))),
        (0.37, word_texts(rng, "value")),
        (0.11, function_texts(rng, "value")),
    ]
    if gsm8k is not None:
        sources.append((0.02, gsm8k_texts(gsm8k, rng, "value")))
    shares = sum(share for share, _ in sources)
    texts = [text for share, source in sources for text in islice(source, round(share / shares * count))]
    return list({text.prompt: text for text in texts}.values())[:count]


def _hands(rng: np.random.Generator) -> Iterator[Puzzle]:
    """All Game of 24 puzzles of the value split, then again with their numbers in other orders, endlessly.

    How hard a puzzle is for the model depends on the order.
    """
    hands = game24_puzzles("value")
    yield from (Puzzle(hand, 24) for hand in hands)
    while True:
        yield from (Puzzle(tuple(map(int, rng.permutation(hand))), 24) for hand in hands)


def choosing_texts(gsm8k: str | os.PathLike[str] | None, count: int = 100) -> dict[str, list[Text]]:
    """Problems for judging and choosing, by name: unlike any that model or head were trained on."""
    texts = {
        "game24 801-900": [_asked_puzzle(Puzzle(hand, 24)) for hand in game24_held_out("801-900")],
        "countdown": [
            _asked_puzzle(puzzle)
            for size in (3, 4, 5, 6)
            for puzzle, _ in islice(countdown_held_out(size, "dev"), count // 4)
        ],
        "words, other scenarios": [_word_text(problem) for problem in words_held_out(count, "dev")],
        "functions, other specifications": [_function_text(problem) for problem in functions_held_out(count, "dev")],
    }
    return texts | ({} if gsm8k is None else {"gsm8k": load_gsm8k(gsm8k, "dev")[:count]})


# ---------------------------------------------------------------- rewards


def reward(text: Text, written: str) -> float:
    """1 where the completion answers its problem, by the exact grader of its kind. Model text never raises."""
    if text.kind is PUZZLE:
        numbers, target = (line.partition(": ")[2] for line in text.gold.splitlines())
        return float(solved(Puzzle(tuple(map(int, numbers.split())), int(target)), written))
    if text.kind is WORDS:
        return float(grade(written, text.gold).correct)
    return float(run_tests(text.prompt + written, text.gold.splitlines()).passed)
