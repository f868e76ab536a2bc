"""What is said of a text: its short answer, the verifier's verdict, and text the verifier forces."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from qstar.budget import Ledger
from qstar.problem import Judgement, Problem, Verdict, Verifier, judgement
from qstar.request import Child


class VerifierError(RuntimeError):
    """The user's verifier raised; `__cause__` is what it raised."""


@dataclass
class Judge:
    """Applies the verifier of one problem and charges its calls.

    Attributes:
        problem, verifier, ledger: what is judged, by whom, at whose cost.
        extract: finds the short answer in a finished text.
    """

    problem: Problem
    verifier: Verifier | None
    ledger: Ledger
    extract: Callable[[str], str | None]

    def __post_init__(self) -> None:
        self._said: dict[str, Judgement] = {}  # a text that comes up again is not judged again
        self._news: list[str] = []
        self._of_prefixes = bool(getattr(self.verifier, "prefixes", False))
        self._complete = getattr(self.verifier, "complete", None)

    @property
    def judges_prefixes(self) -> bool:
        return self._of_prefixes

    @property
    def forces(self) -> bool:
        return self._complete is not None

    def finished(self, child: Child, text: str) -> Child:
        """`child`, whose text is complete, with answer, verdict and score."""
        child = replace(child, text=text, answer=self.extract(text))
        said = self._ask(text)
        if said is None:
            return child
        if said.verdict is Verdict.UNKNOWN and child.answer is None:  # finished, and nothing was answered
            said = Judgement(Verdict.FAIL, 0.0)
        return replace(child, verdict=said.verdict.value, score=said.score)

    def unfinished(self, child: Child, text: str) -> Child:
        """`child`, refuted if the verifier fails its text."""
        said = self._ask(text) if self._of_prefixes else None
        if said is None:
            return child
        if said.verdict is Verdict.FAIL:
            return replace(child, refuted=True, verdict=said.verdict.value, score=said.score)
        return child if said.verdict is Verdict.UNKNOWN and said.score == 0.5 else replace(child, score=said.score)

    def completion(self, text: str) -> str | None:
        """What must follow `text`, if the verifier knows."""
        return self._complete(self.problem, text) if self._complete is not None else None

    def news(self) -> dict[str, Judgement]:
        """What the verifier has said since the last call."""
        news, self._news = self._news, []
        return {text: self._said[text] for text in news}

    def recall(self, said: Mapping[str, Sequence[Any]]) -> None:
        """Takes over what `news` gave in an earlier process."""
        self._said |= {text: Judgement(Verdict(verdict), score) for text, (verdict, score) in said.items()}

    def _ask(self, text: str) -> Judgement | None:
        if self.verifier is None:
            return None
        if text not in self._said:
            if self.ledger.verifier_calls_left < 1:
                return None
            self.ledger.verifier_calls += 1
            try:
                self._said[text] = judgement(self.verifier(self.problem, text))
            except Exception as error:
                raise VerifierError(f"the verifier raised {type(error).__name__}: {error}") from error
            self._news.append(text)
        return self._said[text]
