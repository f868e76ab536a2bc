"""What people type, and which kind of problem it is taken for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qstar.countdown import puzzle
from qstar.kinds import FUNCTION, PUZZLE, WORDS, Kind, KindVerifier, asked, kind, kind_of
from qstar.problem import Problem, Verdict

DOCSTRING = 'def double(x):\n    """Twice x.\n\n    >>> double(2)\n    4\n    """\n'

STATEMENTS = {
    PUZZLE: {
        "4 1 6 1": ((4, 1, 6, 1), 24),
        "4, 1, 6, 1": ((4, 1, 6, 1), 24),
        "Make 24 from 4, 1, 6 and 1": ((4, 1, 6, 1), 24),
        "MAKE 24 FROM 4 7 8 8!": ((4, 7, 8, 8), 24),
        "Use the numbers 4, 1, 6 and 1 to make 24.": ((4, 1, 6, 1), 24),
        "Use 4, 1, 6, 1 exactly once each to get 24": ((4, 1, 6, 1), 24),
        "Can you make 24 from 4 1 6 1?": ((4, 1, 6, 1), 24),
        "How can I get 24 with 4, 1, 6, 1?": ((4, 1, 6, 1), 24),
        "How do you make 24 out of 3, 3, 8, 8?": ((3, 3, 8, 8), 24),
        "Game of 24: 4 1 6 1": ((4, 1, 6, 1), 24),
        "24 game: 5 5 5 1": ((5, 5, 5, 1), 24),
        "Please solve the game of 24 for 4 1 6 1": ((4, 1, 6, 1), 24),
        "countdown: 3 7 25 50 -> 128": ((3, 7, 25, 50), 128),
        "Numbers: 3 7 25 50\nTarget: 128\n": ((3, 7, 25, 50), 128),
        "Reach 128 with 3, 7, 25 and 50, using +, -, * and / only.": ((3, 7, 25, 50), 128),
        "With 3, 7 and 25 reach a total of 46": ((3, 7, 25), 46),
        "Find an expression that equals 24 using 2, 3, 5 and 12 once each.": ((2, 3, 5, 12), 24),
        "Given the numbers 4, 7, 8 and 8, write an equation equal to 24.": ((4, 7, 8, 8), 24),
        "I have 4, 7, 8, 8. Make 24.": ((4, 7, 8, 8), 24),
        "Arithmetic puzzle: combine 2, 4, 6 to get 20. Parentheses are allowed.": ((2, 4, 6), 20),
        "Try to hit 128 with 3, 7, 25, 50": ((3, 7, 25, 50), 128),
        "4 7 8 8 = 24": ((4, 7, 8, 8), 24),
    },
    WORDS: dict.fromkeys(
        [
            "She gets 5 apples and 3 pears, and then 4 more. How many in total?",
            "Tom has 3 boxes of 12 pencils and gives away 7. How many are left?",
            "You play 3 games of 24 points. How many points?",
            "Three numbers total 24. Two are 5 and 6. Find the other.",
            "Find the total of 3, 4 and 5.",
            "Give the total of 4, 6, 8 and 10.",
            "Add 4, 6, 8 and 10.",
            "Subtract 4 from 20, divide by 2 and multiply by 3.",
            "What is 3 + 4 * 5?",
            "2 + 3 = 5",
            "Make 24 from 1.5, 4, 4 and 1",
            "What is the average of 4, 6, 8 and 10?",
            "Make 24",
            "1 2 3",
            "Write a function that makes 24 of 4 1 6 1",
            "hello",
            "",
        ]
    ),
    FUNCTION: dict.fromkeys(
        [
            DOCSTRING,
            "from typing import List\n\n\n" + DOCSTRING,
            "Complete this:\n\n    async def f(a, b):\n        ...",
            'def make(n):\n    """Make 24 from 4 1 6 1."""\n',
        ]
    ),
}


@pytest.mark.parametrize(
    ("statement", "expected", "meant"),
    [(statement, of, meant) for of, table in STATEMENTS.items() for statement, meant in table.items()],
)
def test_what_people_type(statement: str, expected: Kind, meant: tuple[tuple[int, ...], int] | None) -> None:
    assert kind(statement) is expected
    if meant is not None:
        assert puzzle(statement) == meant
        numbers = " ".join(map(str, meant[0]))
        assert asked(statement) == f"Numbers: {numbers}\nTarget: {meant[1]}\n"


@given(st.text(max_size=80) | st.text("0123456789 makegtofr24,.+-*/=\n", max_size=60))
def test_any_text_has_a_kind_and_is_asked(statement: str) -> None:
    of = kind(statement)
    text = asked(statement)
    assert text.endswith("\n")
    if of is PUZZLE:
        assert kind(text) is PUZZLE
        assert asked(text) == text
    if of is WORDS:
        assert text.count("\n") == 1
    assert asked(statement, WORDS).startswith("Question: ")


def test_public_tests_ask_for_a_function() -> None:
    assert kind_of(Problem("Double a number.", tests=("assert double(2) == 4",))) is FUNCTION
    assert kind_of(Problem("4 1 6 1")) is PUZZLE


@pytest.mark.parametrize(
    ("statement", "text", "verdict"),
    [
        ("Make 24 from 4 1 6 1", "Answer: 4*6*1*1\n", Verdict.PASS),
        ("Make 24 from 4 1 6 1", "4*6=25 left 1 1 25\n", Verdict.FAIL),
        ("Tom has 3 boxes of 4 pencils. How many?", "<<3*4=12>>12\n#### 12", Verdict.UNKNOWN),
        ("Tom has 3 boxes of 4 pencils. How many?", "<<3*4=13>>13\n#### 13", Verdict.FAIL),
        (DOCSTRING, "    return 2 * x\n", Verdict.PASS),
        (DOCSTRING, "    return x\n", Verdict.FAIL),
    ],
)
def test_each_kind_is_judged_by_its_own_verifier(statement: str, text: str, verdict: Verdict) -> None:
    assert KindVerifier()(Problem(statement), text).verdict is verdict


def test_prefixes_and_completions_of_each_kind() -> None:
    verifier = KindVerifier()
    game, story, function = (Problem(s) for s in ("4 1 6 1", "Tom has 3 boxes of 4 pencils. How many?", DOCSTRING))
    assert verifier.complete(game, "4*6=") == "24 left 1 1 24\n"
    assert verifier.complete(story, "<<3*4=") == "12"
    assert verifier.complete(function, "    return 2 * x if 2*3=") is None
    assert verifier.prefix(function, "    return x\n").verdict is not Verdict.PASS
    assert verifier.prefix(function, "    return x x\n").verdict is Verdict.FAIL
    assert verifier.prefix(game, "4*7=28 left 1 1 28\n").verdict is Verdict.FAIL
