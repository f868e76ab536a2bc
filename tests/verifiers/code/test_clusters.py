"""Behaviour groups, submissions, pass@k and n@k."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifiers.code import Pool
from verifiers.code.clusters import behaviours, choose, cluster, n_at_k, pass_at_k, passes

PROGRAMS = [
    "def f(x): return x * x",
    "def f(n):\n    return n ** 2",
    "def f(x): return x + x",
    "def f(x): raise ValueError(id(x))",
    "def f(x): return [][x]",
    "while True: pass",
    "def f(x):\n    while x == 2: pass\n    return x * x",
    "def f(x): return float(x * x)",
    "def f(x): return object()",
    "x = (",
    "def f(x): return (lambda t: sum([t] * t))(x)",
]


def test_programs_are_grouped_by_what_they_do(pool: Pool) -> None:
    found = behaviours(PROGRAMS, [[1], [2], [3]], "f", timeout=0.3, pool=pool)
    assert cluster(found) == [[0, 1, 10], [2], [6], [7], [8], [3], [4], [5], [9]]
    assert found[0].shown == ("1", "4", "9")
    assert not found[5].works


def test_arguments_changed_in_place_are_behaviour(best_pool: Pool) -> None:
    programs = ["def f(xs): xs.sort()", "def f(xs): xs.reverse()", "def f(a):\n    a[:] = sorted(a)"]
    assert cluster(behaviours(programs, [[[3, 1, 2]]], "f", pool=best_pool)) == [[0, 2], [1]]


def test_sets_and_dicts_compare_without_order(best_pool: Pool) -> None:
    programs = ["def f(): return {'a': 1, 'b': 2}, {1, 9}", "def f(): return {'b': 2, 'a': 1}, {9, 1}"]
    assert cluster(behaviours(programs, [[]], "f", pool=best_pool)) == [[0, 1]]


def test_example_tests_passed_by_each(best_pool: Pool) -> None:
    found = passes(PROGRAMS, ["assert f(2) == 4", "assert f(3) == 9"], timeout=0.3, pool=best_pool)
    assert [sum(row) for row in found] == [2, 2, 1, 0, 0, 0, 1, 2, 0, 0, 2]
    assert found[2] == (True, False)
    assert found[6] == (False, True)


def test_submissions_take_turns_among_clusters() -> None:
    groups = [[0, 3, 5], [1, 4], [2]]
    assert choose(groups, 2) == [0, 1]
    assert choose(groups, 5) == [0, 1, 2, 3, 4]
    assert choose(groups, 99) == [0, 1, 2, 3, 4, 5]
    assert choose([], 3) == []


@given(st.lists(st.booleans(), min_size=1, max_size=8), st.data())
def test_pass_at_k_is_the_mean_over_all_subsets(correct: list[bool], data: st.DataObject) -> None:
    k = data.draw(st.integers(1, len(correct)))
    subsets = [any(subset) for subset in itertools.combinations(correct, k)]
    assert pass_at_k(len(correct), sum(correct), k) == pytest.approx(sum(subsets) / len(subsets))


@pytest.mark.parametrize("arguments", [(3, 1, 4), (3, 4, 1), (3, 1, 0), (3, -1, 1)])
def test_pass_at_k_refuses(arguments: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="pass@"):
        pass_at_k(*arguments)


def test_n_at_k_equals_pass_at_k_when_all_are_submitted() -> None:
    correct = [True] * 3 + [False] * 7
    examples = [()] * 10
    rng = random.Random(1)
    assert n_at_k(correct, examples, None, n=4, k=4, draws=20000, rng=rng) == pytest.approx(
        pass_at_k(10, 3, 4), abs=0.02
    )
    assert n_at_k(correct, examples, None, n=1, k=5, draws=20000, rng=rng) == pytest.approx(0.3, abs=0.02)


def test_filtering_and_clustering_help(best_pool: Pool) -> None:
    """Ten samples: three right ones alike, seven wrong in six ways, four of which fail the example."""
    programs = [f"def f(x): return x * x  # {i}" for i in range(3)] + ["def f(x): return 4"] * 2
    programs += ["def f(x): return x + 2", *(f"def f(x): return {i}" for i in range(4))]
    correct = [i < 3 for i in range(10)]
    examples = passes(programs, "assert f(2) == 4", pool=best_pool)
    found = behaviours(programs, [[1], [3], [5]], "f", pool=best_pool)

    def rate(examples: list[tuple[bool, ...]], clusters: bool) -> float:
        rng = random.Random(0)
        return n_at_k(correct, examples, found if clusters else None, n=1, k=10, draws=500, rng=rng)

    alone = rate([()] * 10, False)
    filtered = rate(examples, False)
    assert alone == pytest.approx(0.3, abs=0.06)
    assert filtered == pytest.approx(0.5, abs=0.06)
    assert rate(examples, True) == 1.0
    with pytest.raises(ValueError, match="samples"):
        n_at_k(correct, examples, found, n=1, k=11, rng=random.Random(0))
