"""Tests as a reward: a function in the form TRL's GRPOTrainer calls."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

from verifiers.code import forms
from verifiers.code.pool import Job, Pool, TestError, default_pool

_FENCE = re.compile(r"```(?:[Pp]ython3?|py)?[ \t]*\n(.*?)(?:```|\Z)", re.DOTALL)


def extract_program(text: str) -> str:
    """The last fenced block of an answer, or all of it if it has none."""
    blocks: list[str] = _FENCE.findall(text)
    return blocks[-1] if blocks else text


class CodeReward:
    """`reward_funcs=CodeReward()`: 1.0 for a program that passes, 0.0 for one that fails.

    Columns of the data set: `tests` (any form of `parse_tests`), and, where needed, `entry_point` and
    `prelude`: code put before the completion, and trusted code for the tests (HumanEval's prompt). A row
    whose `tests` is None, or cannot be run, gets no reward (None); the latter with a warning. With `fraction`
    the reward is the share of tests passed.
    """

    __name__ = "code_reward"  # TRL logs rewards under this name

    def __init__(
        self, *, timeout: float = 3.0, memory: int = 512, fraction: bool = False, pool: Pool | None = None
    ) -> None:
        self.timeout, self.memory, self.fraction, self.pool = timeout, memory, fraction, pool

    def __call__(
        self,
        prompts: Sequence[Any] | None = None,
        completions: Sequence[Any] = (),
        completion_ids: Sequence[Any] | None = None,
        *,
        tests: Sequence[Any],
        entry_point: Sequence[str | None] | None = None,
        prelude: Sequence[str | None] | None = None,
        **_: Any,
    ) -> list[float | None]:
        """One reward per completion, a string or a list of chat messages."""
        entries = entry_point or [None] * len(completions)
        preludes = prelude or [None] * len(completions)
        rows = list(zip(completions, tests, entries, preludes, strict=True))
        graded = [i for i, row in enumerate(rows) if row[1] is not None]
        rewards: list[float | None] = [None] * len(rows)
        jobs = [self._job(*rows[i]) for i in graded]
        pool = self.pool or default_pool()
        for i, report in zip(graded, pool.map(jobs, pool.try_run)):
            if isinstance(report, TestError):
                warnings.warn(f"a row gets no reward: {report}", stacklevel=2)
                continue
            share = sum(t.passed for t in report.tests) / len(report.tests)
            rewards[i] = share if self.fraction else float(report.passed)
        return rewards

    def _job(self, completion: Any, tests: Any, entry: str | None, prelude: str | None) -> Job:
        text = completion if isinstance(completion, str) else _last_message(completion)
        program = (prelude or "") + extract_program(text)
        stop_early = not self.fraction
        return Job(program, forms.parse_tests(tests), entry, prelude or "", self.timeout, None, self.memory, stop_early)


def _last_message(messages: Sequence[Mapping[str, Any]]) -> str:
    return str(messages[-1]["content"] or "") if messages else ""
