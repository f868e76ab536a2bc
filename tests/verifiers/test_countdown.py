"""Countdown checks against Python's own arithmetic and against each other."""

import ast
import csv
import itertools
import os
import random
import re
from collections import Counter
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifiers.countdown import (
    check_expression,
    check_trace,
    complete_step,
    expression,
    legal_steps,
    parse_expression,
    random_trace,
    solve,
)

TRACE = "4*6=24 left 1 1 24\n1*1=1 left 1 24\n1*24=24 left 24\n"
DATA = Path(os.environ.get("QSTAR_DATA", Path(__file__).parents[3] / "shared" / "data"))

expressions = st.recursive(
    st.integers(0, 99).map(str),
    lambda inner: st.builds("({}{}{})".format, inner, st.sampled_from([" + ", "-", "*", " / "]), inner),
    max_leaves=12,
)


def by_ast(text: str) -> tuple[Fraction, tuple[int, ...]]:
    """An independent evaluation: Python's parser, our fractions."""
    operators = {
        ast.Add: Fraction.__add__,
        ast.Sub: Fraction.__sub__,
        ast.Mult: Fraction.__mul__,
        ast.Div: Fraction.__truediv__,
    }

    def value(node: ast.expr) -> Fraction:
        if isinstance(node, ast.Constant):
            return Fraction(node.value)
        return operators[type(node.op)](value(node.left), value(node.right))

    tree = ast.parse(text, mode="eval").body
    constants = [node for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    return value(tree), tuple(c.value for c in sorted(constants, key=lambda c: c.col_offset))


@given(expressions)
def test_expression_agrees_with_pythons_parser(text: str) -> None:
    try:
        expected = by_ast(text)
    except ZeroDivisionError:
        with pytest.raises(ValueError, match="division by zero"):
            parse_expression(text)
        return
    assert parse_expression(text) == expected


@given(st.text(alphabet="0123456789+-*/() =left\n.eE_x²٣", max_size=60) | st.text(max_size=60))
def test_model_text_never_raises(text: str) -> None:
    assert check_expression(text, [1, 2], 3) in (True, False)
    assert not (check_trace(text, [4, 6, 1, 1], 24).solved and check_trace(text, [4, 6, 1, 1], 24).refuted)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the end"),
        ("1+", "the end"),
        ("(1", "expected '\\)'"),
        ("1 2", "unexpected '2'"),
        ("2**3", "found '\\*'"),
        ("1.5", "unexpected '.'"),
        ("1/(2-2)", "division by zero"),
        ("(" * 100 + "1" + ")" * 100, "nested"),
        ("1" * 50, "digits"),
        ("1+" * 5000 + "1", "characters"),
        ("__import__('os')", "unexpected '_'"),
    ],
)
def test_expression_errors_name_the_thing(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_expression(text)


def test_each_number_exactly_once() -> None:
    assert check_expression("(1 + 1) × (4 + 6) + 4", [1, 1, 4, 6, 4], 24)
    assert check_expression("4*6*1*1", [1, 1, 4, 6], 24)
    assert not check_expression("4*6", [1, 1, 4, 6], 24)
    assert check_expression("4*6", [1, 1, 4, 6], 24, all_numbers=False)
    assert not check_expression("4*6*1*1*1", [1, 1, 4, 6], 24)
    assert not check_expression("12*2", [1, 1, 4, 6], 24, all_numbers=False)
    assert not check_expression("4*6*1*1", [1, 1, 4, 6], 25)
    assert check_expression("8/(3-8/3)", [3, 3, 8, 8], 24)


@pytest.mark.parametrize("numbers", [[], [1] * 9, [1.5, 2], [True, 2], ["1", 2]])
def test_bad_puzzles_are_named(numbers: list) -> None:
    for call in (lambda: check_expression("1", numbers, 1), lambda: check_trace("", numbers, 1)):
        with pytest.raises(ValueError, match="puzzle"):
            call()


def test_trace_solved_and_never_refuted_on_the_way() -> None:
    assert check_trace(TRACE, [4, 6, 1, 1], 24).solved
    assert check_trace(TRACE.rstrip(), [4, 6, 1, 1], 24).solved
    assert not check_trace(TRACE, [4, 6, 1, 1], 25).solved
    for end in range(len(TRACE) + 1):
        assert not check_trace(TRACE[:end], [4, 6, 1, 1], 24).refuted


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("4*6=25 left 1 1 25\n", "4\\*6 is 24"),
        ("4*7=28 left 1 1 28\n", "do not remain"),
        ("4*4=16 left 1 1 16\n", "do not remain"),
        ("4*6=24 left 1 24\n", "what remains is 1 1 24"),
        ("4*6=24\n", "form"),
        ("Answer: 24\n", "form"),
        (TRACE + "24*1=24 left 24\n", "do not remain"),
        ("1-1=0 left 0 4 6\n4/0=0 left 0 6\n", "division by zero"),
        ("4*6=24/0 left 1 1 24\n", "is 24"),
    ],
)
def test_trace_refuted_by_the_first_finished_wrong_line(bad: str, reason: str) -> None:
    trace = check_trace(bad, [1, 1, 4, 6], 24)
    assert trace.refuted
    assert not trace.solved
    assert re.search(reason, trace.reason)
    first = bad.rstrip("\n")
    if "\n" not in first:
        assert not check_trace(first, [1, 1, 4, 6], 24).refuted


def test_rationals_read_as_the_remaining_numbers_allow() -> None:
    trace = "8/3=8/3 left 8/3 3 8\n3-8/3=1/3 left 1/3 8\n8/1/3=24 left 24"
    assert check_trace(trace, [3, 3, 8, 8], 24).solved
    assert check_trace("1/3/4=1/12 left 1/12", [Fraction(1, 3), 4], Fraction(1, 12)).solved
    assert check_trace("1/3/4=4/3 left 4/3", [1, Fraction(3, 4)], Fraction(4, 3)).solved
    assert check_trace("2-5=-3 left -3 4\n4--3=7 left 7", [2, 4, 5], 7).solved


def reachable(numbers: tuple[Fraction, ...]) -> set[Fraction]:
    """Independent of steps: values of all binary trees, by splitting the set of numbers in two."""
    if len(numbers) == 1:
        return set(numbers)
    values = set()
    for size in range(1, len(numbers)):
        for chosen in itertools.combinations(range(len(numbers)), size):
            a = tuple(numbers[i] for i in chosen)
            b = tuple(n for i, n in enumerate(numbers) if i not in chosen)
            for x, y in itertools.product(reachable(a), reachable(b)):
                values |= {x + y, x - y, x * y} | ({x / y} if y else set())
    return values


@given(st.lists(st.integers(0, 13), min_size=2, max_size=4), st.integers(0, 30))
def test_solve_is_exhaustive_and_its_traces_check(numbers: list[int], target: int) -> None:
    traces = solve(numbers, target, limit=20)
    assert (traces is not None) == (target in reachable(tuple(map(Fraction, numbers))))
    for trace in traces or []:
        assert check_trace(trace, numbers, target).solved
    assert len(set(traces or [])) == len(traces or [])


@given(st.lists(st.integers(1, 13), min_size=1, max_size=6), st.integers(0, 2**32), st.booleans())
def test_random_traces_are_legal_and_seeded(numbers: list[int], seed: int, integers: bool) -> None:
    trace = random_trace(numbers, random.Random(seed), integers)
    assert trace == random_trace(numbers, random.Random(seed), integers)
    random_trace(numbers, np.random.default_rng(seed), integers)
    checked = check_trace(trace + "\n", numbers, 24)
    assert not checked.refuted
    assert len(checked.steps) == len(numbers) - 1
    if integers:
        assert all(step.value >= 0 and step.value.denominator == 1 for step in checked.steps)


def test_legal_steps_are_distinct_and_complete() -> None:
    steps = list(legal_steps([2, 2, 3]))
    assert len({str(step) for step in steps}) == len(steps)
    assert Counter(step.op for step in steps) == {"+": 2, "-": 3, "*": 2, "/": 3}


def test_every_published_game_of_24_has_a_solution() -> None:
    path = DATA / "game24.csv"
    if not path.exists():
        pytest.skip(f"{path} is absent; set QSTAR_DATA to the folder with game24.csv")
    with path.open() as lines:
        puzzles = [[int(n) for n in row["Puzzles"].split()] for row in csv.DictReader(lines)]
    for numbers in puzzles[::20]:
        traces = solve(numbers, 24, limit=1)
        assert traces is not None
        assert check_trace(traces[0], numbers, 24).solved


@given(st.lists(st.integers(1, 25), min_size=2, max_size=6), st.integers(0, 2**32))
def test_a_completed_step_is_a_legal_line(numbers: list[int], seed: int) -> None:
    rng = random.Random(seed)
    lines: list[str] = []
    state = [Fraction(n) for n in numbers]
    while len(state) > 1:
        step = rng.choice(list(legal_steps(state)))
        asked = "".join(line + "\n" for line in lines) + f"{step.left}{step.op}{step.right}="
        completion = complete_step(asked, numbers)
        assert completion is not None
        checked = check_trace(asked + completion + "\n", numbers, 24)
        assert not checked.refuted
        assert len(checked.steps) == len(lines) + 1
        assert complete_step(asked + completion, numbers) is None
        lines.append(asked.split("\n")[-1] + completion)
        state = list(checked.steps[-1].remaining)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "4",
        "4*6",
        "=",
        "4*=",
        "4*7=",
        "4*4=",
        "4*6=25 left 1 1 25\n1*1=",
        "1-1=0 left 0 4 6\n4/0=",
        "4*6=24",
        "4x6=",
        "4 % 6 =",
        "4^6=",
        "4=6=",
        "4.6=",
        "4(6=",
    ],
)
def test_what_is_no_legal_step_is_not_completed(text: str) -> None:
    assert complete_step(text, [4, 1, 6, 1]) is None


@given(st.text(alphabet="0123456789+-*/() =left\n.eE_x²٣", max_size=60) | st.text(max_size=60))
def test_completing_model_text_never_raises(text: str) -> None:
    for asked in (text, text + "=", "4*6=24 left 1 1 24\n" + text + "="):
        completion = complete_step(asked, [4, 6, 1, 1])
        assert completion is None or not check_trace(asked + completion + "\n", [4, 6, 1, 1], 24).refuted


@given(st.integers(0, 10_000), st.lists(st.integers(1, 20), min_size=2, max_size=5))
def test_the_expression_of_a_trace_has_its_value_and_its_numbers(seed: int, numbers: list[int]) -> None:
    steps = check_trace(random_trace(numbers, random.Random(seed), non_negative_integers=False), numbers, 24).steps
    value, used = parse_expression(expression(steps))
    assert value == steps[-1].value
    assert sorted(used) == sorted(numbers)


def test_no_steps_make_no_expression() -> None:
    with pytest.raises(ValueError, match="no steps"):
        expression([])
