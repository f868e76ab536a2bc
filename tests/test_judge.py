"""What the judge asks of a verifier, what it charges, and what it makes of the replies."""

from __future__ import annotations

import pytest

from qstar.budget import Budget, Ledger
from qstar.judge import Judge, VerifierError
from qstar.kinds import KindVerifier
from qstar.problem import Problem, Verdict
from qstar.request import Child, Stop

PROBLEM = Problem("anything")
CHILD = Child((1,), -1.0, Stop.EOS, 1, 0.0, (), 0)


class Asked:
    """Passes "right", fails "wrong", knows nothing of the rest; remembers what it was asked."""

    prefixes = True

    def __init__(self) -> None:
        self.finished: list[str] = []
        self.unfinished: list[str] = []

    def __call__(self, problem: Problem, text: str) -> Verdict:
        self.finished.append(text)
        return {"right": Verdict.PASS, "wrong": Verdict.FAIL}.get(text, Verdict.UNKNOWN)

    def prefix(self, problem: Problem, text: str) -> Verdict:
        self.unfinished.append(text)
        return Verdict.FAIL if text == "wrong" else Verdict.UNKNOWN

    def complete(self, problem: Problem, text: str) -> str | None:
        raise ZeroDivisionError(text)


def judge(verifier: object, calls: int | None = None, answer: str | None = "1") -> Judge:
    return Judge(PROBLEM, verifier, Ledger(Budget(verifier_calls=calls)), lambda text: answer)  # type: ignore[arg-type]


def test_the_same_text_is_asked_and_charged_once_as_each_of_prefix_and_whole() -> None:
    verifier = Asked()
    one = judge(verifier)
    for _ in range(3):
        assert one.finished(CHILD, "right").verdict == "pass"
        assert one.unfinished(CHILD, "right").verdict is None
    assert (verifier.finished, verifier.unfinished) == (["right"], ["right"])
    assert one.ledger.verifier_calls == 2
    another = judge(verifier)
    another.recall(one.news())
    assert one.news() == []
    assert another.finished(CHILD, "right").verdict == "pass"
    assert another.ledger.verifier_calls == 0


def test_without_calls_left_nothing_is_judged() -> None:
    one = judge(Asked(), calls=1)
    assert one.finished(CHILD, "wrong").verdict == "fail"
    left = one.finished(CHILD, "right")
    assert (left.verdict, left.answer) == (None, "1")
    assert one.ledger.verifier_calls == 1


def test_a_wrong_prefix_is_refuted_and_a_whole_text_that_answers_nothing_fails() -> None:
    assert judge(Asked()).unfinished(CHILD, "wrong").refuted
    assert not judge(Asked()).unfinished(CHILD, "right").refuted
    assert judge(Asked()).finished(CHILD, "else").verdict == "unknown"
    assert judge(Asked(), answer=None).finished(CHILD, "else").verdict == "fail"


def test_what_the_verifier_raises_is_said_to_be_the_verifiers() -> None:
    with pytest.raises(VerifierError, match="the verifier raised ZeroDivisionError: 1/0") as raised:
        judge(Asked()).completion("1/0")
    assert isinstance(raised.value.__cause__, ZeroDivisionError)
    with pytest.raises(VerifierError, match="the verifier raised ValueError"):
        judge(lambda problem, text: 2.0).finished(CHILD, "right")


@pytest.mark.parametrize("text", ["4x6=", "4 % 6 =", "4^6=", "4,6=", "4*6=24 left 1 1 24\n1?1="])
def test_no_calculation_of_a_models_own_making_ends_a_puzzle(text: str) -> None:
    one = Judge(Problem("4 1 6 1"), KindVerifier(), Ledger(Budget()), lambda text: None)
    assert one.completion(text) is None
