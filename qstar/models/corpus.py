"""What the bundled model reads: three kinds of problems with exact graders, each as a prompt and its completion.

Puzzles (Game of 24, Countdown), word problems (generated, and GSM8K's train split), Python functions. The parts are
kept apart as their generators keep them: the policy learns from "policy", the Q head from "value".
"""

from __future__ import annotations

import json
import os
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np

from qstar.kinds import FUNCTION, PUZZLE, WORDS, Kind, asked
from qstar.models import GSM8K_DEV
from qstar.models.functions import FunctionProblem, functions
from qstar.models.functions import held_out as functions_held_out
from qstar.models.puzzles import (
    Mixture,
    Puzzle,
    Solver,
    completion,
    countdown_held_out,
    game24_held_out,
    game24_puzzles,
    prompt,
    solved,
)
from qstar.models.words import WordProblem, words
from qstar.models.words import held_out as words_held_out
from verifiers.code import run_tests
from verifiers.math import grade

Part = Literal["policy", "value"]


class Text(NamedTuple):
    """One example. `gold` is what the reward asks: a puzzle's prompt, the answer, or the hidden tests, one a line."""

    kind: Kind
    prompt: str
    completion: str
    gold: str


@dataclass(frozen=True)
class Corpus:
    """Shares of the texts."""

    puzzles: float = 0.42
    words: float = 0.32
    gsm8k: float = 0.06
    functions: float = 0.20
    mixture: Mixture = field(default_factory=partial(Mixture, game24=0.5))

    def texts(self, rng: np.random.Generator, part: Part, gsm8k: str | os.PathLike[str] | None) -> Iterator[Text]:
        """Endless texts of one part. Without the file of GSM8K's train split its share falls to the others."""
        sources: list[tuple[float, Iterator[Text]]] = [
            (self.puzzles, puzzle_texts(self.mixture, rng, part)),
            (self.words, word_texts(rng, part)),
            (self.functions, function_texts(rng, part)),
        ]
        if gsm8k is not None:
            sources.append((self.gsm8k, gsm8k_texts(gsm8k, rng, part)))
        sources = [(share, texts) for share, texts in sources if share > 0]
        shares = np.array([share for share, _ in sources])
        while True:
            yield next(sources[rng.choice(len(sources), p=shares / shares.sum())][1])


def puzzle_texts(mixture: Mixture, rng: np.random.Generator, part: Part) -> Iterator[Text]:
    for puzzle, solution in mixture.puzzles(rng, part):
        yield _asked_puzzle(puzzle)._replace(completion=completion(solution))


def word_texts(rng: np.random.Generator, part: Part) -> Iterator[Text]:
    for problem in words(rng, part):
        yield _word_text(problem)


def function_texts(rng: np.random.Generator, part: Part) -> Iterator[Text]:
    for problem in functions(rng, part):
        yield _function_text(problem)


def _asked_puzzle(puzzle: Puzzle) -> Text:
    text = prompt(*puzzle)
    return Text(PUZZLE, text, "", text)


def _word_text(problem: WordProblem) -> Text:
    return Text(WORDS, asked(problem.question, WORDS), problem.solution, problem.answer)


def _function_text(problem: FunctionProblem) -> Text:
    return Text(FUNCTION, asked(problem.prompt, FUNCTION), problem.solution, "\n".join(problem.tests))


_RESULT = re.compile(r"(?<==)[^<>=]+(?=>>)")


def calculated(text: Text) -> list[tuple[int, int]]:
    """Spans of a word problem's solution that the calculator writes: no model has to learn them."""
    return [match.span() for match in _RESULT.finditer(text.completion)] if text.kind is WORDS else []


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


def compact(steps: str) -> str:
    """Steps without the calculation that stands in words before its annotation: a token written is a token paid."""
    lines = [re.sub(r"\s+", " ", line).strip() for line in steps.split("\n")]
    return "\n".join(_IN_THOUSANDS.sub("", _WRITTEN_OUT.sub("", line)) for line in lines if line)


# ---------------------------------------------------------------- the Q head's problems


def value_texts(rng: np.random.Generator, gsm8k: str | os.PathLike[str] | None, count: int) -> list[Text]:
    """About `count` problems that the policy was not trained on: all Game of 24 puzzles of the value split first."""
    hands = [Puzzle(hand, 24) for hand in game24_puzzles(Solver(24), "value")]
    texts = [_asked_puzzle(puzzle) for puzzle in hands]
    left = max(0, count - len(texts))
    sources = [
        (0.15, (_asked_puzzle(puzzle) for puzzle, _ in Mixture(game24=0.0).puzzles(rng, "value"))),
        (0.35, word_texts(rng, "value")),
        (0.30, function_texts(rng, "value")),
    ]
    if gsm8k is not None:
        sources.append((0.20, gsm8k_texts(gsm8k, rng, "value")))
    shares = sum(share for share, _ in sources)
    for share, source in sources:
        texts += islice(source, round(share / shares * left))
    return list({text.prompt: text for text in texts}.values())


def choosing_texts(gsm8k: str | os.PathLike[str] | None, count: int = 100) -> dict[str, list[Text]]:
    """Problems for judging and choosing, by name: unlike any that model or head were trained on."""
    texts = {
        "game24 801-900": [_asked_puzzle(Puzzle(hand, 24)) for hand in game24_held_out("801-900")],
        "countdown": [
            _asked_puzzle(puzzle) for size in (3, 4, 5, 6) for puzzle in countdown_held_out(size, count // 4)
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
