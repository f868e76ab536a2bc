"""What is said of a text: its short answer, the verifier's verdict, and text the verifier forces."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
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
        # by text, and whether it was judged as a finished one: what comes up again is not judged again
        self._said: dict[tuple[str, bool], Judgement] = {}
        self._news: list[tuple[str, bool]] = []
        self._of_prefixes = bool(getattr(self.verifier, "prefixes", False))
        self._prefix = getattr(self.verifier, "prefix", None)  # None: prefixes are judged as finished texts are
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
        said = self._ask(text, finished=self._prefix is None) if self._of_prefixes else None
        if said is None:
            return child
        if said.verdict is Verdict.FAIL:
            return replace(child, refuted=True, verdict=said.verdict.value, score=said.score)
        return child if said.verdict is Verdict.UNKNOWN and said.score == 0.5 else replace(child, score=said.score)

    def completion(self, text: str) -> str | None:
        """What must follow `text`, if the verifier knows."""
        if self._complete is None:
            return None
        try:
            said: str | None = self._complete(self.problem, text)
        except Exception as error:
            raise _raised(error) from error
        return said

    def news(self) -> list[tuple[str, bool, str, float]]:
        """What the verifier has said since the last call: text, whether finished, verdict, score."""
        news, self._news = self._news, []
        return [(*key, self._said[key].verdict.value, self._said[key].score) for key in news]

    def recall(self, said: Iterable[Sequence[Any]]) -> None:
        """Takes over what `news` gave in an earlier process."""
        self._said |= {(text, finished): Judgement(Verdict(verdict), s) for text, finished, verdict, s in said}

    def _ask(self, text: str, finished: bool = True) -> Judgement | None:
        if self.verifier is None:
            return None
        key = (text, finished)
        if key not in self._said:
            if self.ledger.verifier_calls_left < 1:
                return None
            self.ledger.verifier_calls += 1
            try:
                judges = self.verifier if finished else self._prefix
                assert judges is not None
                self._said[key] = judgement(judges(self.problem, text))
            except Exception as error:
                raise _raised(error) from error
            self._news.append(key)
        return self._said[key]


def _raised(error: Exception) -> VerifierError:
    return VerifierError(f"the verifier raised {type(error).__name__}: {error}")
