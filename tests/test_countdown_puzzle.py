"""Puzzles in a person's words, and the verifier that goes with them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qstar.countdown import CountdownVerifier, puzzle, rewrite
from qstar.problem import Ending, Problem, Verdict

numbers = st.lists(st.integers(1, 999), min_size=2, max_size=8)
PHRASES = [
    "Make {t} from {n}",
    "make {t} out of {n}.",
    "Use {n} to make {t}",
    "Use the numbers {n} to reach {t}!",
    "Using {n}, get {t}.",
    "Can you make {t} with {n}?",
    "Combine {n} into {t}",
    "Numbers: {n}\nTarget: {t}",
    "Numbers: {n} Target: {t}\n",
    "Target: {t}. Numbers: {n}.",
    "{n} = {t}",
    "How do I obtain {t} from {n}?",
    "Countdown: {n} must give {t}",
    "I have {n} and want to get to {t}",
    "With {n} reach a total of {t}",
]


@pytest.mark.parametrize("phrase", PHRASES)
@given(numbers, st.integers(1, 999), st.sampled_from([" ", ", ", " and ", ","]))
def test_a_puzzle_is_read_in_many_words(phrase, given_numbers, target, between):
    said = phrase.format(n=between.join(map(str, given_numbers)), t=target)
    assert puzzle(said) == (tuple(given_numbers), target)


def test_the_game_of_24():
    assert puzzle("4 1 6 1") == ((4, 1, 6, 1), 24)
    assert puzzle("Game of 24: 4, 1, 6, 1") == ((4, 1, 6, 1), 24)
    assert puzzle("Play the Game of 24 with 4 1 6 1") == ((4, 1, 6, 1), 24)
    assert puzzle("Make 24 from 24 1 1 1") == ((24, 1, 1, 1), 24)


@given(numbers, st.integers(1, 999))
def test_the_form_the_model_was_trained_on_reads_back(given_numbers, target):
    said = f"Numbers: {' '.join(map(str, given_numbers))} Target: {target}"
    assert puzzle(rewrite(said)) == (tuple(given_numbers), target)
    assert rewrite(rewrite(said)) == rewrite(said)


@pytest.mark.parametrize(
    "statement", ["hello", "Make 24", "1 2 3", "Make 7 from 7", "Make 5 from 1 2 3 4 5 6 7 8 9", "", "-"]
)
def test_what_is_no_puzzle_says_how_one_is_written(statement):
    with pytest.raises(ValueError, match="name two to eight numbers and a target, as in"):
        puzzle(statement)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text):
    try:
        found, target = puzzle(text)
    except ValueError:
        return
    assert 2 <= len(found) <= 8
    assert target >= 0


PROBLEM = Problem("Make 24 from 4 1 6 1")


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("", Verdict.UNKNOWN),
        ("4*6=24 left 1 1 24\n", Verdict.UNKNOWN),
        ("4*6=25 left 1 1 25\n", Verdict.FAIL),  # wrong
        ("4*7=28 left 1 1 28\n", Verdict.FAIL),  # there is no 7
        ("4*6=24 left 1 1 24\n1*24=24 left 1 24\n24+1=25 left 25", Verdict.FAIL),  # nothing is left to mend it
        ("4*6=24 left 1 1 24\n1*24=24 left 1 24\n24*1=24 left 24\n", Verdict.UNKNOWN),
        ("Answer: 4*6*1*1", Verdict.PASS),
        ("1*1=1 left 4 6 1\n4*6=24 left 1 24\n24*1=24 left 24\nAnswer: 4*6*(1*1)\n", Verdict.PASS),
        ("Answer: 4*6", Verdict.FAIL),  # not every number
        ("Answer: 4*6*1*1*1", Verdict.FAIL),
        ("Answer: 24", Verdict.FAIL),
        ("Answer: 4+6+1+1", Verdict.FAIL),
        ("Answer: __import__('os')", Verdict.FAIL),
        ("Answer: 9**9**9**9", Verdict.FAIL),
        ("Answer:", Verdict.FAIL),
    ],
)
def test_the_verifier_judges_what_was_written(text, verdict):
    assert CountdownVerifier()(PROBLEM, text).verdict is verdict


@pytest.mark.parametrize(
    ("text", "forced"),
    [
        ("4*6=", "24 left 1 1 24\n"),
        ("4*6=24 left 1 1 24\n1*24=24 left 1 24\n1*24=", Ending("24 left 24\nAnswer: 1*(1*(4*6))\n")),
        ("4*6=24 left 1 1 24\n1*24=24 left 1 24\n1+24=", "25 left 25\n"),
        ("4*6=24 left 1 1 24\n1*24=24 left 1 24\n1*24=24 left 24\nAnswer:", " 1*(1*(4*6))\n"),
        ("4*6=24 left 1 1 24\n1*24=24 left 1 24\n1+24=25 left 25\nAnswer:", "\n"),
        ("4*6=24 left 1 1 24\nAnswer:", "\n"),
        ("Answer:", "\n"),
        ("4*6=24 left 1 1 24\n1*24=24 left 1 24\n1*24=24 left 24\nAnswer: ", None),  # it is being written
        ("4*7=", None),
        ("", None),
    ],
)
def test_sums_and_the_expression_are_written_for_the_model(text, forced):
    written = CountdownVerifier().complete(PROBLEM, text)
    assert written == forced
    assert isinstance(written, Ending) == isinstance(forced, Ending)
    if isinstance(written, Ending):
        assert CountdownVerifier()(PROBLEM, text + written).verdict is Verdict.PASS
