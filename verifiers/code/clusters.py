"""AlphaCode's tools (Li et al. 2022, arXiv:2203.07814): filter by example tests, group by behaviour on
further inputs, submit one program from each of the largest groups; and the measures pass@k and n@k.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from math import comb
from typing import Any

from verifiers.code import forms
from verifiers.code.pool import Job, Pool, default_pool
from verifiers.code.verdict import Outcome, Report, Verdict


@dataclass(frozen=True)
class Behaviour:
    """What a program does on some inputs; equal for programs that cannot be told apart on them."""

    signature: tuple[bytes | str, ...]  # digest of value and arguments after the call, or how it failed
    shown: tuple[str, ...]  # the same for people

    @property
    def works(self) -> bool:
        """True if at least one input gave a value."""
        return any(isinstance(part, bytes) for part in self.signature)


def behaviours(
    programs: Sequence[str],
    inputs: Sequence[Sequence[Any]],
    entry_point: str,
    *,
    timeout: float = 1.0,
    memory: int = 512,
    pool: Pool | None = None,
) -> list[Behaviour]:
    """What each program does with each input, a sequence of arguments; `timeout` is seconds per input.

    Equal programs are run once. Raises IsolationError where programs cannot be confined.
    """
    pool = pool or default_pool()
    tests = tuple(forms.Observe(tuple(args)) for args in inputs)
    distinct = list(dict.fromkeys(programs))
    jobs = [
        Job(p, tests, entry_point, timeout=timeout * len(tests), test_timeout=timeout, memory=memory) for p in distinct
    ]
    found = {job.program: _behaviour(*result) for job, result in zip(jobs, pool.map(jobs, pool.examine))}
    return [found[p] for p in programs]


def _behaviour(report: Report, observed: dict[int, tuple[str, bytes]]) -> Behaviour:
    signature: list[bytes | str] = []
    shown: list[str] = []
    for i, outcome in enumerate(report.tests):
        text, digest = observed.get(i, (_failure(outcome), None))
        signature.append(digest or text)
        shown.append(text)
    return Behaviour(tuple(signature), tuple(shown))


def _failure(outcome: Outcome) -> str:
    """How it failed: the verdict, and the kind of an exception but not its text."""
    kind = outcome.detail.split(":")[0] if outcome.verdict is Verdict.EXCEPTION else ""
    return f"{outcome.verdict}: {kind}" if kind else str(outcome.verdict)


def cluster(found: Sequence[Behaviour]) -> list[list[int]]:
    """Indices of programs with equal behaviour, largest group first; programs that never worked come last.

    Ties keep the order of the first member.
    """
    groups: dict[tuple[bytes | str, ...], list[int]] = {}
    for i, behaviour in enumerate(found):
        groups.setdefault(behaviour.signature, []).append(i)
    return sorted(groups.values(), key=lambda g: (not found[g[0]].works, -len(g), g[0]))


def passes(
    programs: Sequence[str],
    tests: forms.Tests,
    *,
    entry_point: str | None = None,
    prompt: str = "",
    timeout: float = 1.0,
    memory: int = 512,
    pool: Pool | None = None,
) -> list[tuple[bool, ...]]:
    """Which of the example tests each program passes; `timeout` is seconds per test."""
    pool = pool or default_pool()
    parsed = forms.parse_tests(tests)
    distinct = list(dict.fromkeys(programs))
    jobs = [Job(p, parsed, entry_point, prompt, timeout * len(parsed), timeout, memory) for p in distinct]
    found = {job.program: tuple(t.passed for t in report.tests) for job, report in zip(jobs, pool.map(jobs))}
    return [found[p] for p in programs]


def choose(clusters: Sequence[Sequence[int]], n: int) -> list[int]:
    """At most `n` submissions: one program from each cluster in turn, starting over when all had theirs."""
    chosen: list[int] = []
    for turn in range(max(map(len, clusters), default=0)):
        for members in clusters:
            if len(chosen) == n:
                return chosen
            if turn < len(members):
                chosen.append(members[turn])
    return chosen


def pass_at_k(samples: int, correct: int, k: int) -> float:
    """Chance that `k` of `samples` programs drawn without replacement hold a correct one (Chen et al. 2021, eq. 1).

    Raises ValueError unless 0 <= correct <= samples and 1 <= k <= samples.
    """
    if not (0 <= correct <= samples and 1 <= k <= samples):
        raise ValueError(f"pass@{k} needs at least {k} samples and 0 to {samples} correct ones, got {correct}")
    return 1.0 - comb(samples - correct, k) / comb(samples, k)


def n_at_k(
    correct: Sequence[bool],
    examples: Sequence[Sequence[bool]],
    found: Sequence[Behaviour] | None,
    *,
    n: int,
    k: int,
    draws: int = 1000,
    rng: random.Random,
) -> float:
    """Chance to solve the problem with `n` submissions out of `k` samples, estimated over `draws` subsets.

    correct: per sample, whether it passes the hidden tests; examples: which example tests it passes (only
    samples that pass all of them are submitted); found: behaviours to cluster by, or None to submit the
    samples in random order. Raises ValueError if there are fewer than `k` samples.
    """
    if not 1 <= k <= len(correct):
        raise ValueError(f"n@{k} needs at least {k} samples, got {len(correct)}")
    solved = 0
    for _ in range(draws):
        drawn = [i for i in rng.sample(range(len(correct)), k) if all(examples[i])]
        groups = [[i] for i in drawn]
        if found is not None:
            groups = [[drawn[j] for j in group] for group in cluster([found[i] for i in drawn])]
        solved += any(correct[i] for i in choose(groups, n))
    return solved / draws
