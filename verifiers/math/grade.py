"""Grade whole completions: find the answer, compare it with the reference. Also as a reward for TRL."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from verifiers.math import fallback
from verifiers.math.equal import EXACT, Policy, equivalent
from verifiers.math.extract import extract_answer

Completion = str | Sequence[dict[str, Any]]


@dataclass(frozen=True)
class Grade:
    """The answer found in a completion (None: none), and whether it is the reference's."""

    answer: str | None
    correct: bool


def grade(completion: str, reference: str, *, policy: Policy = EXACT) -> Grade:
    """Extract the final answer of a completion and compare it; without an answer it is not correct.

    The reference is an answer, or a solution that marks one ("... #### 72"). Ends within about a second.
    """
    answer = extract_answer(completion)
    return Grade(answer, answer is not None and equivalent(answer, reference, policy=policy))


def accuracy_reward(completions: Sequence[Completion], solution: Sequence[str | None], **_: Any) -> list[float | None]:
    """1.0 for a completion whose final answer is the solution's, else 0.0; None (skipped) without a solution.

    Has the signature of `trl.rewards.accuracy_reward`; unlike it, safe in any thread. Completions are texts, or
    conversations whose last message counts. ValueError when the two lists differ in length.
    """
    if len(completions) != len(solution):
        raise ValueError(f"{len(completions)} completions but {len(solution)} solutions; one each is needed")
    return [
        None if reference is None else float(grade(_text(completion), reference).correct)
        for completion, reference in zip(completions, solution)
    ]


def reward(column: str = "solution", *, policy: Policy = EXACT) -> Callable[..., list[float | None]]:
    """A TRL reward function that reads the reference from another column, under another policy.

    The process for unusual LaTeX is started now, so that the first rewards are as right as the last.
    """
    fallback.warm_up()

    def accuracy(completions: Sequence[Completion], **columns: Any) -> list[float | None]:
        if column not in columns:
            raise ValueError(f"the data set has no column {column!r}; it has {', '.join(sorted(columns))}")
        return [
            None if reference is None else float(grade(_text(completion), reference, policy=policy).correct)
            for completion, reference in zip(completions, columns[column])
        ]

    return accuracy


def _text(completion: Completion) -> str:
    if isinstance(completion, str):
        return completion
    content = completion[-1]["content"] if completion else ""
    if isinstance(content, str):
        return content
    return "".join(str(part.get("text", "")) for part in content)  # content in parts
