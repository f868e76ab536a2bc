"""Countdown and the Game of 24: reading the puzzle in a person's words, and verifying an attempt."""

from __future__ import annotations

import re
from functools import lru_cache

from qstar.problem import Ending, Judgement, Problem, Verdict
from verifiers.countdown import check_expression, check_trace, complete_step, expression

_TARGET = re.compile(
    r"(?:target|makes?|reach|gets?|obtain|gives?|equals?|equal to|into|hit|total of|=|->|→)\s*:?\s*"
    r"(?:(?:of|to|the number)\s+)?(\d+)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?<![\w.])\d{1,6}(?![\w.]*\d)")


@lru_cache(1024)
def puzzle(statement: str) -> tuple[tuple[int, ...], int]:
    """The numbers and the target: "4 1 6 1", "Make 24 from 4, 1, 6 and 1", "Numbers: 3 7 25 50 Target: 128".

    Four numbers and nothing else are a Game of 24. Raises ValueError if there is no puzzle in the text.
    """
    text = re.sub(r"game of 24|\b24[- ]game", " ", statement, flags=re.IGNORECASE)
    targets = list(_TARGET.finditer(text))
    if targets:
        target = int(targets[-1][1])
        text = text[: targets[-1].start(1)] + " " + text[targets[-1].end(1) :]
    numbers = tuple(int(n) for n in _NUMBER.findall(text))
    if not targets:
        target = 24
        if len(numbers) != 4:
            numbers = ()
    if not 2 <= len(numbers) <= 8:
        raise ValueError(
            f"no puzzle in {statement!r}: name two to eight numbers and a target, as in "
            "'Make 24 from 4 1 6 1' or 'Numbers: 3 7 25 50 Target: 128'"
        )
    return numbers, target


def rewrite(statement: str) -> str:
    """The statement in the form the bundled model was trained on."""
    numbers, target = puzzle(statement)
    return f"Numbers: {' '.join(map(str, numbers))}\nTarget: {target}\n"


class CountdownVerifier:
    """PASS for an expression of every number once that reaches the target; FAIL also for a wrong or illegal step, or
    when the last number is not the target.

    It looks only at what was written, at the end of a line: it does not ask whether the target can still be reached.
    After "7+9=" the result and the numbers left are forced, and where only the target is left also the rest: the
    expression that the steps make. Which steps to take is the model's, the sums are not. An "Answer:" of the model's
    own is completed likewise; before the last step there is nothing to answer, and the line ends there.
    """

    prefixes = True

    def __call__(self, problem: Problem, text: str) -> Judgement:
        numbers, target = puzzle(problem.prompt)
        steps, found, answer = text.partition("Answer:")
        if found:
            right = check_expression(answer.strip(), numbers, target)
            return Judgement(Verdict.PASS, 1.0) if right else Judgement(Verdict.FAIL, 0.0)
        trace = check_trace(steps, numbers, target)
        if trace.refuted or (len(trace.steps) == len(numbers) - 1 and not trace.solved):
            return Judgement(Verdict.FAIL, 0.0)
        return Judgement(Verdict.UNKNOWN, 0.5)

    def complete(self, problem: Problem, text: str) -> str | None:
        numbers, target = puzzle(problem.prompt)
        steps, asked, answer = text.partition("Answer:")
        if asked:
            trace = check_trace(steps, numbers, target)
            if answer:
                return None
            return f" {expression(trace.steps)}\n" if trace.solved else "\n"
        written = complete_step(text, numbers)
        if written is None:
            return None
        if not written.endswith(f"left {target}"):
            return f"{written}\n"
        return Ending(f"{written}\nAnswer: {expression(check_trace(text + written, numbers, target).steps)}\n")
