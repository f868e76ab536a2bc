"""Generated function problems: the reference passes, near misses do not, and the parts are apart."""

from __future__ import annotations

import ast
import itertools
import random
import time
from collections.abc import Iterator

import numpy as np
import pytest

from qstar.code import graded, public_examples
from qstar.models import functions as models
from qstar.models.functions import FunctionProblem, blocks, functions, held_out, pipelines, split
from verifiers.code import Job, default_pool, parse_tests

PARTS = ("policy", "value", "dev", "held out")


def drawn(count: int, part: str = "policy", seed: int = 0) -> list[FunctionProblem]:
    return list(itertools.islice(functions(np.random.default_rng(seed), part), count))


def verdicts(programs: list[tuple[str, tuple[str, ...]]]) -> list[bool]:
    """Whether each program passes its tests, in the sandbox."""
    jobs = [Job(text, parse_tests(list(tests)), timeout=10) for text, tests in programs]
    return [report.passed for report in default_pool().map(jobs)]


def test_the_reference_passes_its_examples_and_hidden_tests_in_the_sandbox():
    problems = drawn(250) + drawn(40, "held out")
    passed = verdicts([(p.program, p.examples + p.tests) for p in problems])
    assert [p.spec for p, ok in zip(problems, passed) if not ok] == []


def test_a_body_for_another_specification_fails_the_hidden_tests():
    by_arguments: dict[str, list[FunctionProblem]] = {}
    for problem in drawn(700, seed=1):
        function = ast.parse(problem.program).body[0]
        assert isinstance(function, ast.FunctionDef)
        kinds = [type(a).__name__ for a in _first_call(problem).args]
        by_arguments.setdefault(",".join([*kinds, *(a.arg for a in function.args.args)]), []).append(problem)
    swapped = []
    for family in by_arguments.values():
        for problem, other in itertools.pairwise(family):
            if problem.spec != other.spec:
                swapped.append((problem.prompt + other.solution, problem.tests))
    assert len(swapped) > 150
    assert sum(verdicts(swapped[:250])) <= 3


def _first_call(problem: FunctionProblem) -> ast.Call:
    statement = ast.parse(problem.tests[0]).body[0]
    assert isinstance(statement, ast.Assert)
    assert isinstance(statement.test, ast.Compare)
    assert isinstance(statement.test.left, ast.Call)
    return statement.test.left


NEAR = {
    "ints>filter(even)>count": "len([x for x in {a} if x % 2 == 1])",
    "ints>filter(even)>sum": "sum(x for x in {a} if x > 0)",
    "ints>map(double)>list": "[x * x for x in {a}]",
    "ints>map(square)>max": "max((abs(x) for x in {a}), default=0)",
    "ints>filter(above_5)>list": "[x for x in {a} if x >= 5]",
    "words>filter(longer_than_3)>list": "[x for x in {a} if len(x) == 3]",
    "chars>filter(vowel)>count": 'sum(x in "aeio" for x in {a})',
}


@pytest.fixture(scope="module")
def simple() -> dict[str, list[FunctionProblem]]:
    """A few problems of each of the specifications above."""
    found: dict[str, list[FunctionProblem]] = {spec: [] for spec in NEAR}
    draw = random.Random(0)
    for source, spec in ((spec.split(">")[0], spec) for spec in NEAR):
        (plan,) = (made for made in _plans(source) if made.spec == spec)
        while len(found[spec]) < 10:
            problem = models._problem(pipelines.draft(plan, draw), draw)
            found[spec] += [problem] if problem else []
    return found


def _plans(source: str) -> Iterator[pipelines.Plan]:
    (start,) = (s for s in blocks.SOURCES if s.key == source)
    kind = start.element
    for reduction in pipelines.REDUCTIONS:
        for predicate in blocks.PREDICATES[kind]:
            if kind in reduction.elements:
                yield pipelines.Plan(start, (predicate,), False, None, reduction)
        for chosen in blocks.MAPS[kind]:
            if chosen.out in reduction.elements:
                yield pipelines.Plan(start, (), False, chosen, reduction)


@pytest.mark.parametrize("spec", NEAR)
def test_near_misses_fail(spec, simple):
    programs = []
    for problem in simple[spec]:
        assert graded(problem.program, problem.tests)
        (argument,) = (a.arg for a in ast.parse(problem.program).body[0].args.args)
        programs.append((f"{problem.prompt}    return {NEAR[spec].format(a=argument)}\n", problem.tests))
    assert sum(verdicts(programs)) <= 2


def test_a_problem_is_well_formed():
    for p in drawn(600, seed=2):
        assert p.prompt.endswith('"""\n')
        assert public_examples(p.prompt) == p.examples
        assert 2 <= len(p.examples) <= 3
        assert 6 <= len(p.tests) <= 10
        calls = [test.split(" == ")[0] for test in p.examples + p.tests]
        assert len(set(calls)) == len(calls), "hidden tests show nothing that the docstring has shown"
        lines = p.solution.split("\n")
        assert lines.pop() == ""
        assert 1 <= len(lines) <= 8
        assert all(line.startswith("    ") and line == line.rstrip() for line in lines)
        assert len(p.prompt) < 900
        results = {test.split(" == ", 1)[1] for test in p.examples + p.tests}
        assert len(results) > 1, "a constant would pass"
        sentence = ast.get_docstring(ast.parse(p.program).body[0]).split("\n")[0]  # type: ignore[arg-type, union-attr]
        assert sentence[0].isupper() or not sentence[0].isalpha()
        assert not set("{}") & set(sentence), sentence
        assert "  " not in sentence, sentence


def test_parts_share_no_specification():
    specs = {part: {p.spec for p in drawn(400, part)} for part in PARTS}
    for part, found in specs.items():
        assert {split(spec) for spec in found} == {part}
    for one, other in itertools.combinations(PARTS, 2):
        assert not specs[one] & specs[other]


def test_shares_of_the_parts():
    counts = dict.fromkeys(PARTS, 0)
    for i in range(20_000):
        counts[split(f"ints>filter(above_{i})>sum")] += 1
    shares = [counts[part] / 20_000 for part in PARTS]
    assert shares == pytest.approx([0.80, 0.08, 0.04, 0.08], abs=0.01)


def test_what_is_held_out_is_fixed_and_of_distinct_specifications():
    problems = held_out(200)
    assert held_out(200) == problems
    assert len({p.spec for p in problems}) == 200
    assert len({p.id for p in problems}) == 200
    assert held_out(40) == problems[:40]
    assert {split(p.spec) for p in held_out(30, "dev")} == {"dev"}


def test_the_same_generator_gives_the_same_problems():
    assert drawn(50, seed=7) == drawn(50, seed=7)
    assert drawn(50, seed=7) != drawn(50, seed=8)


def test_variety(simple):
    problems = drawn(1500, seed=4)
    assert len({p.spec for p in problems}) > 1200
    assert len({p.prompt for p in problems}) == 1500
    assert len({p.prompt.split("(")[0] for p in problems}) > 700, "names"
    for alike in simple.values():  # one specification, in many words and bodies
        assert len({p.prompt.split('"""')[1].split("\n")[0] for p in alike}) >= 8
        assert len({p.solution for p in alike}) >= 5


def test_a_part_that_does_not_exist_is_named():
    with pytest.raises(ValueError, match="no part 'train'"):
        next(functions(np.random.default_rng(0), "train"))  # type: ignore[arg-type]


def test_problems_come_fast_enough():
    drawn(50)
    started = time.process_time()
    drawn(300, seed=9)
    assert time.process_time() - started < 2.0  # 500 a second are wanted; an idle core gives more
