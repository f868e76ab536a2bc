"""Generated word problems: their calculations, their wording, and which part they are for."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import islice

import numpy as np
import pytest

from qstar.kinds import WORDS, kind
from qstar.models.words import DEV, HELD_OUT, SCENARIOS, VALUE, WordProblem, compose, held_out, split, words
from qstar.models.words.story import in_words
from verifiers.countdown import parse_expression
from verifiers.math import check_steps, grade

SEEDS = 24
KNOWN = {"0.5", "1", "2", "3", "4", "5", "7", "10", "12", "24", "30", "52", "60", "100", "365"}  # not told, but known


@pytest.fixture(scope="module")
def problems() -> dict[str, list[WordProblem]]:
    return {name: [compose(name, np.random.default_rng(seed)) for seed in range(SEEDS)] for name in sorted(SCENARIOS)}


def value(expression: str) -> Fraction:
    """By another parser than the one that wrote the solution: decimals as fractions of integers."""
    whole = re.sub(
        r"\d+\.\d+", lambda m: f"({m[0].replace('.', '').lstrip('0') or 0}/{10 ** len(m[0].split('.')[1])})", expression
    )
    return parse_expression(whole)[0]


@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_calculations_are_right_and_the_last_is_the_answer(name: str, problems: dict[str, list[WordProblem]]) -> None:
    for problem in problems[name]:
        *lines, last = problem.solution.split("\n")
        assert last == f"#### {problem.answer}"
        assert len(lines) == problem.steps >= 1
        found = ""
        for line in lines:
            ((expression, found, said),) = re.findall(r"<<([^=<>]+)=([\d.]+)>>([\d.]*\d)", line)
            assert value(expression) == Fraction(found), line
            assert said == found
        assert found == problem.answer
        assert Fraction(found) > 0
        assert not check_steps(problem.solution).refuted
        assert grade(problem.solution, problem.answer).correct
        assert not grade(problem.solution, problem.answer + "1").correct


@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_questions_read_like_questions(name: str, problems: dict[str, list[WordProblem]]) -> None:
    for problem in problems[name]:
        assert not re.search(r"[\[\]|{}\0]|  |\n", problem.question), problem.question
        assert not re.search(r"[\[\]|{}\0]|  ", problem.solution), problem.solution
        assert "?" in problem.question or re.search(r"\b(how|what)\b", problem.question.lower()), problem.question
        assert kind(problem.question) is WORDS
    assert len({problem.question for problem in problems[name]}) > SEEDS // 2


def test_the_first_step_uses_what_the_question_tells(problems: dict[str, list[WordProblem]]) -> None:
    told = []
    for problem in (problem for found in problems.values() for problem in found):
        question = re.sub(r"(?<=\d),(?=\d{3})", "", problem.question.lower())
        numbers = {float(n) for n in re.findall(r"\d+(?:\.\d+)?", question)}
        numbers |= {float(i) for i in range(13) if re.search(rf"\b{in_words(i)}\b", question)}
        numbers |= {float(n) for n in KNOWN}
        first = problem.solution.split("<<")[1].split("=")[0]
        told.append(all(float(n) in numbers for n in re.findall(r"\d+(?:\.\d+)?", first)))
    assert np.mean(told) >= 0.97


def test_scenarios_and_questions_of_the_parts_are_apart() -> None:
    parts = ("policy", "value", "dev", "held out")
    drawn = {part: list(islice(words(np.random.default_rng(3), part), 1200)) for part in parts}
    for part, found in drawn.items():
        assert {split(p.scenario, p.question) for p in found} == {part}
    assert {p.scenario for p in drawn["dev"]} == DEV
    assert {p.scenario for p in drawn["held out"]} == HELD_OUT
    assert {p.scenario for p in drawn["policy"]} == set(SCENARIOS) - DEV - HELD_OUT - VALUE
    assert {p.scenario for p in drawn["value"]} >= VALUE
    assert np.mean([p.scenario in VALUE for p in drawn["value"]]) == pytest.approx(0.5, abs=0.1)
    assert not {p.question for p in drawn["policy"]} & {p.question for p in drawn["value"]}


def test_equal_seeds_give_equal_problems() -> None:
    first, same, other = (list(islice(words(np.random.default_rng(s), "policy"), 30)) for s in (1, 1, 2))
    assert first == same != other


@pytest.mark.parametrize("part", ["dev", "held out"])
def test_held_out_problems_are_fixed_and_different(part: str) -> None:
    found = held_out(120, part)
    assert found == held_out(120, part)
    assert found[:40] == held_out(40, part)
    assert len({p.question for p in found}) == len({p.id for p in found}) == 120


@pytest.mark.parametrize("name", [name for name in sorted(SCENARIOS) if name.startswith(("woven_", "flow_"))])
def test_a_drawn_story_is_always_another_and_calculates_only_what_is_needed(name: str) -> None:
    rng = np.random.default_rng(11)
    shapes = set()
    for _ in range(60):
        problem = compose(name, rng)
        steps = re.findall(r"<<([^<>=]+)=([^<>=]+)>>", problem.solution)
        for i, (_, result) in enumerate(steps[:-1]):
            later = [number for calculation, _ in steps[i + 1 :] for number in re.findall(r"[\d.]+", calculation)]
            assert result in later, problem.solution
        assert steps[-1][1] == problem.answer
        shapes.add(re.sub(r"\d+", "0", "|".join(calculation for calculation, _ in steps)))
    assert len(shapes) >= 8
