"""Steps in turn, against exhaustive enumeration."""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import GREEDY, ROOT, World, live, run, solve

from qstar.budget import Budget
from qstar.request import LEAST_Q, Begin, Expand, Sampling, Unit
from qstar.search import AStar, Future
from qstar.search.steps import Steps


@dataclass(frozen=True)
class All:
    """Every step of the root, so many at a time."""

    width: int
    guidance: float
    unit: Unit = Unit.STEP
    anytime = True

    def search(self, tree: Any, rng: Any) -> Generator[Any, Any, None]:
        steps = Steps(tree, self.unit, self.guidance)
        while not tree.children[ROOT] or steps.coming(ROOT):
            for child in (yield steps.request(ROOT, self.width)):
                steps.note(child)


def in_turn(world: World, guidance: float) -> list[tuple[int, ...]]:
    """All steps of the root: at every token the best, then always the best that leaves one of those found."""
    newline = world.names.find("\n")

    def is_step(tokens: tuple[int, ...]) -> bool:
        blank = all(token == newline for token in tokens)  # an empty line is the beginning of a step, not one
        return bool(tokens) and (tokens[-1] == world.eos or (tokens[-1] == newline and not blank))

    p: dict[tuple[int, ...], float] = {(): 0.0}
    for prefix in list(world.table):
        if prefix in p and not is_step(prefix):
            p |= {(*prefix, token): p[prefix] + logp for token, logp in enumerate(world.table[prefix])}

    def rank(beginning: tuple[int, ...]) -> float:
        if world.hint is None:
            return p[beginning]
        q = world.score(beginning[:-1]) if beginning[-1] == world.eos else world.best_score.get(beginning, 0.0)
        return p[beginning] + guidance * math.log(max(q, LEAST_Q))

    found: list[tuple[int, ...]] = []
    left: list[tuple[int, ...]] = [()]
    while left:
        step = max(left, key=rank) if found else ()
        while not is_step(step):
            step = max(((*step, token) for token in range(world.vocabulary)), key=rank)
        found.append(step)
        known = {step[:i] for step in found for i in range(len(step) + 1)}
        left = [b for b, logp in p.items() if logp > -math.inf and b not in known and b[:-1] in known]
    return found


@settings(deadline=None, max_examples=60)
@given(
    seed=st.integers(0, 10**6),
    letters=st.integers(2, 4),
    depth=st.integers(1, 4),
    newline=st.booleans(),
    hint=st.sampled_from([None, "value"]),
    width=st.integers(1, 5),
    guidance=st.sampled_from([0.0, 0.5, 2.0]),
)
def test_every_step_comes_once_and_the_best_beginning_first(seed, letters, depth, newline, hint, width, guidance):
    world = World(seed, letters, depth, newline=newline, hint=hint)
    tree = solve(world, All(width, guidance)).session.tree
    taken = [tree.tokens[child] for child in tree.children[ROOT]]
    expected = in_turn(world, guidance)
    assert sorted(taken) == sorted(expected)
    assert tree.draws[ROOT] == len(taken), "none was drawn twice"
    assert max(world.computed.values()) == 1
    if width == 1:
        assert taken == expected
    for child in tree.children[ROOT]:
        logp = sum(world.table[tree.tokens[child][:i]][token] for i, token in enumerate(tree.tokens[child]))
        assert tree.logp[child] == pytest.approx(logp, abs=1e-5)
        assert tree.prior[child] == pytest.approx(math.exp(logp), abs=1e-5)
    assert sum(tree.prior[child] for child in tree.children[ROOT]) == pytest.approx(1)


def test_a_step_costs_only_what_its_beginning_left_open():
    world = World(1, 3, 6)
    spent: list[int] = []

    class Two:
        def search(self, tree, rng):
            (first,) = yield Expand((ROOT,), 1, Unit.STEP, GREEDY)
            spent.append(done.ledger.tokens)
            a, b, c, *_ = tree.tokens[first]
            begin = Begin((a, b, (c + 1) % 3), (), -1.25)
            (other,) = yield Expand((ROOT,), 1, Unit.STEP, GREEDY, begins=(begin,))
            spent.append(done.ledger.tokens)
            tokens = tree.tokens[other]
            assert tokens[:3] == begin.tokens
            rest = [world.table[tokens[:i]][tokens[i]] for i in range(3, len(tokens))]
            assert rest
            assert tree.logp[other] == pytest.approx(begin.logp + sum(rest), abs=1e-5)
            spent.append(len(rest))  # the last token of a step is not forwarded: as many as were drawn

    done = live(world, Two())
    run(world, done)
    assert done.error is None
    assert spent[1] - spent[0] == spent[2]


def test_a_search_by_steps_in_turn_finds_everything():
    for seed in range(20):
        world = World(seed, 3, 3, newline=seed % 2 == 1, hint="value")
        tree = solve(world, AStar(unit=Unit.STEP, width=2), seed=seed).session.tree
        found = {tree.path_tokens(answer.node) for answer in tree.answers}
        assert found == {tokens for tokens, logp in world.sequences() if logp > -math.inf}
        assert max(tree.count) == 1


@pytest.mark.parametrize("budget", [Budget(), Budget(multiple=8)])
def test_whole_answers_can_be_taken_in_turn(budget):
    """They are no children, and the first may be there already."""
    world = World(2, 2, 2)
    done = solve(world, AStar(unit=Unit.ANSWER, width=2), budget=budget)
    tree = done.session.tree
    found = {tree.path_tokens(answer.node) for answer in tree.answers}
    assert found == {tokens for tokens, logp in world.sequences() if logp > -math.inf}
    assert done.stop_reason == "finished"


def test_a_search_goes_on_where_another_has_been():
    world = World(6, 3, 3, newline=True)

    class Both:
        def search(self, tree, rng):
            yield Expand((ROOT,), 3, Unit.STEP, Sampling())
            yield from AStar(unit=Unit.STEP, width=1, batch=1).search(tree, rng)

    tree = solve(world, Both()).session.tree
    found = {tree.path_tokens(answer.node) for answer in tree.answers}
    assert found == {tokens for tokens, logp in world.sequences() if logp > -math.inf}


def test_a_new_node_gives_as_many_steps_as_asked_for_before_it_waits():
    world = World(4, 3, 3, newline=True)
    for width in (1, 2, 4):
        tree = solve(world, AStar(unit=Unit.STEP, width=width, batch=1, h=Future.Q)).session.tree
        first = tree.children[ROOT][: min(width, len(tree.children[ROOT]))]
        assert list(first) == list(range(1, len(first) + 1))


@pytest.mark.parametrize(
    "settings",
    [
        {"sampling": None, "unit": Unit.TOKEN, "others": 3},
        {"sampling": Sampling(), "begins": (Begin((1,), (), 0.0),), "width": 2},
        {"sampling": Sampling(), "begins": (Begin((), (), 0.0),), "width": 1},
        {"nodes": (0, 1), "sampling": Sampling(), "begins": (Begin((1,), (), 0.0),) * 2, "width": 2},
    ],
)
def test_requests_that_make_no_sense(settings):
    with pytest.raises(ValueError, match="begin"):
        Expand(**{"nodes": (0,), **settings})
