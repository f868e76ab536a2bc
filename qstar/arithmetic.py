"""Calculations in worked solutions: refuted where they are wrong, and completed where they are annotated."""

from __future__ import annotations

from qstar.problem import Judgement, Problem, Verdict


class StepsVerifier:
    """FAIL for a text that holds a wrong calculation; never PASS: right calculations may answer another question.

    After `<<48/2=` the result is forced, as GSM8K's calculator does (arXiv 2110.14168).
    """

    prefixes = True

    def __call__(self, problem: Problem, text: str) -> Judgement:
        from verifiers.math import check_steps

        return Judgement(Verdict.FAIL, 0.0) if check_steps(text).refuted else Judgement(Verdict.UNKNOWN, 0.5)

    def complete(self, problem: Problem, text: str) -> str | None:
        from verifiers.math import complete

        return complete(text)
