"""Every case of the case files, both ways round, and the laws an equivalence keeps."""

import casefiles
import pytest

from verifiers.math import Verdict, check_steps, equivalent, extract_answer

ANSWERS = casefiles.answers()
VERDICTS = {"right": Verdict.RIGHT, "wrong": Verdict.WRONG, "open": Verdict.UNCHECKED}


def test_there_are_cases_of_every_kind() -> None:
    assert len(ANSWERS) >= 500
    for kind in casefiles.ANSWER_KINDS:
        verdicts = [same for k, same, _, _ in ANSWERS if k == kind]
        assert 3 <= sum(verdicts) < len(verdicts) - 2, kind


@pytest.mark.parametrize("kind", casefiles.ANSWER_KINDS)
def test_answers(kind: str) -> None:
    wrong = [
        (a, b, same)
        for k, same, a, b in ANSWERS
        if k == kind and (equivalent(a, b) != same or equivalent(b, a) != same)
    ]
    assert not wrong


def test_reflexive_and_stable_under_white_space() -> None:
    for _, same, a, b in ANSWERS:
        assert equivalent(a, a)
        assert equivalent(f"  {a}\n", f"\t{a} ")
        assert equivalent(f" {a}\n", f"\n{b}  ") == same
        assert equivalent(a.replace(" ", "  "), b) == same


def test_delimiters_do_not_matter() -> None:
    for kind, same, a, b in ANSWERS:
        if kind in ("words_choices", "percent_units") or "$" in a + b or not a.isascii():
            continue
        assert equivalent(f"\\boxed{{{a}}}", b) == same, (a, b)
        assert equivalent(f"\\({a}\\)", f"The answer is \\boxed{{{b}}}.") == same, (a, b)


@pytest.mark.parametrize(("answer", "text"), casefiles.rows("extract"))
def test_extract(answer: str, text: str) -> None:
    assert extract_answer(text) == (None if answer == "-" else answer)


@pytest.mark.parametrize(("verdict", "text"), casefiles.rows("steps"))
def test_steps(verdict: str, text: str) -> None:
    assert [step.verdict for step in check_steps(text).steps] == [VERDICTS[verdict]]
    if verdict != "wrong":
        assert not check_steps(text).refuted
