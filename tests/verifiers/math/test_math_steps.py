"""Step checks: soundness on prefixes, incrementality, completion, and the truth of single calculations."""

import json
import os
import time
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifiers.math import StepChecker, Verdict, check_steps, complete, equivalent, extract_answer

DATA = Path(os.environ.get("QSTAR_DATA", Path(__file__).parents[4] / "shared" / "data"))
SOLUTION = (
    "Tom has 3 x 12 = <<3*12=36>>36 pencils. He gives 7 away, so 36 - 7 = <<36-7=29>>29 are left.\n"
    "That is 2*3+4 = 6+4 = 10 less than 39. At $0.25 each they cost 29 * 0.25 = $<<29*.25=7.25>>7.25.\n#### 29"
)
OPERATIONS = {"+": Fraction.__add__, "-": Fraction.__sub__, "*": Fraction.__mul__, "/": Fraction.__truediv__}


def gsm8k_train() -> list[dict]:
    path = DATA / "gsm8k_train.jsonl"
    if not path.exists():
        pytest.skip(f"{path} is absent; set QSTAR_DATA to the folder with gsm8k_train.jsonl")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@given(st.integers(0, 999), st.sampled_from("+-*/"), st.integers(1, 99), st.integers(-3, 3))
def test_single_calculations(a: int, op: str, b: int, off: int) -> None:
    value = OPERATIONS[op](Fraction(a), Fraction(b))
    shown = value + off
    if shown.denominator > 1:
        return
    expected = Verdict.RIGHT if off == 0 else Verdict.WRONG
    for text in (f"<<{a}{op}{b}={shown}>>", f"So {a} {op} {b} = {shown}.", f"{a}{op}{b}={shown}\n"):
        result = check_steps(text)
        assert [step.verdict for step in result.steps] == [expected], text
        assert result.refuted == (off != 0)


@given(st.integers(-999, 999), st.integers(1, 99))
def test_completion_is_what_the_check_accepts(a: int, b: int) -> None:
    for op in "+-*/":
        result = complete(f"text <<{a}{op}{b}=")
        assert result is not None
        assert check_steps(f"<<{a}{op}{b}={result}>>").steps[0].verdict is Verdict.RIGHT


def test_completion() -> None:
    assert complete("<<12*3=") == "36"
    assert complete("so 2*3 = <<2*3=6>>6 and <<6+1=") == "7"
    assert complete("<<1/8=") == "0.125"
    assert complete("<<10/3=") == "3.333333"
    assert complete("<<10/3=", places=2) == "3.33"
    assert complete("<<2/3=", places=0) == "1"
    for text in ("", "12*3=", "<<12*3", "<<12*3=36>>", "<<x*3=", "<<12*=", "<<1/0=", "<<9**9**9=", "<<1=1="):
        assert complete(text) is None, text


def test_no_prefix_of_a_right_text_is_refuted() -> None:
    for end in range(len(SOLUTION) + 1):
        assert not check_steps(SOLUTION[:end], prefix=True).refuted
    assert all(step.verdict is Verdict.RIGHT for step in check_steps(SOLUTION).steps if step.annotated)


def test_a_wrong_annotation_refutes_at_once_and_for_good() -> None:
    bad = SOLUTION.replace("3*12=36", "3*12=35")
    end = bad.index(">>") + 2
    for cut in range(len(bad)):
        assert check_steps(bad[:cut], prefix=True).refuted == (cut >= end)


def test_an_unfinished_equation_is_not_refuted_on_a_prefix() -> None:
    for text in ("3 * 4 = 1", "3 * 4 = 13", "2 * 3 + 4 = 6", "12 * 15 = 120", "<<3*4=1"):
        assert not check_steps(text, prefix=True).refuted
    assert check_steps("3 * 4 = 13").refuted
    assert not check_steps("3 * 4 = 1").refuted  # 12
    assert not check_steps("2 * 3 + 4 = 6").refuted  # 6 + 4


@given(st.lists(st.integers(0, len(SOLUTION)), max_size=8))
def test_pieces_do_not_matter(cuts: list[int]) -> None:
    checker = StepChecker()
    cuts = [0, *sorted(cuts), len(SOLUTION)]
    for start, stop in pairwise(cuts):
        checker = checker.copy()
        checker.feed(SOLUTION[start:stop])
    checker.finish()
    assert [s.text for s in checker.steps] == [s.text for s in check_steps(SOLUTION).steps]


def test_copies_are_independent() -> None:
    checker = StepChecker()
    checker.feed("<<3*4=")
    twin = checker.copy()
    twin.feed("13>>")
    checker.feed("12>>")
    assert twin.refuted
    assert not checker.refuted


def test_a_token_costs_the_token_not_the_text() -> None:
    def cost(history: int) -> float:
        checker = StepChecker()
        for _ in range(history):
            checker.feed("Then 3 + 4 = <<3+4=7>>7 apples are left.\n")
        best = float("inf")
        for _ in range(5):
            start = time.perf_counter()
            for token in ("So", " 5", " *", " 6", " =", " <<", "5*6", "=30", ">>", "30", ".\n"):
                checker.feed(token)
            best = min(best, time.perf_counter() - start)
        return best

    assert cost(2_000) < 5 * cost(20)


@given(st.text(max_size=80) | st.text(alphabet="0123456789+-*/=<>() .x%$\n\\{}", max_size=80))
def test_any_text_is_read(text: str) -> None:
    check_steps(text)
    complete(text)
    complete(f"<<{text}=")


def test_gsm8k_train_annotations_and_answers() -> None:
    annotated = plain = wrong_annotated = wrong_plain = 0
    for row in gsm8k_train():
        answer = extract_answer(row["answer"])
        assert answer is not None
        assert equivalent(answer, row["answer"].rpartition("####")[2])
        assert equivalent(row["answer"], answer)
        if annotated < 4_000:
            for step in check_steps(row["answer"]).steps:
                annotated += step.annotated
                plain += not step.annotated
                wrong_annotated += step.annotated and step.verdict is not Verdict.RIGHT
                wrong_plain += not step.annotated and step.verdict is Verdict.WRONG
    assert wrong_annotated / annotated < 0.001
    assert wrong_plain / plain < 0.002  # most of them are mistakes in the data
