"""Reading a smaller budget off a run is the same as running with it."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
from worlds import STRATEGIES, World, live, run

from benchmarks.readoff import Spent, Trace, answers_within, reads_off, takes_any_budget
from qstar.budget import Budget
from qstar.request import Unit
from qstar.search import MCTS, AStar, BestOfN, Greedy, Leaf

CAPS = (4, 7, 11, 18, 33, 60)
EXACT = {name: STRATEGIES[name] for name in ("greedy", "astar", "astar-one", "astar-proof", "mcts-q")}
EXACT |= {"best-of-n": BestOfN(24, wave=1), "best-of-n-endless": BestOfN(None, wave=1), "mcts": MCTS(width=3, leaves=1)}
BY_STEPS = {name: STRATEGIES[name] for name in ("astar-step", "astar-drawn", "mcts-step")}


def searched(strategy, world_seed, cap, passing):
    """A run of one problem: its tree, and the trace of its events. Scores of 1 - passing and above pass."""
    world, trace = World(world_seed, newline=True, hint="value"), Trace()
    (done,) = run(
        world,
        live(
            world,
            strategy,
            budget=Budget(tokens=cap),
            seed=world_seed,
            verifier=lambda problem, text: min(1.0, world.scores[text] + passing),
            stop_on_pass=True,
        ),
        on_event=lambda event: trace.drawn(event) if event["type"] == "draw" else None,
    )
    assert done.error is None
    return done, trace


def both(strategy, world_seed, passing):
    """For each cap: the counts of texts read off the run with the largest, and found by a run of its own."""
    whole, trace = searched(strategy, world_seed, 90, passing)
    for cap in CAPS:
        own, _ = searched(strategy, world_seed, cap, passing)
        found = answers_within(whole.session.tree, trace, cap)
        counted: Counter[str] = Counter()
        counted_own: Counter[str] = Counter()
        for answer in found:
            counted[answer.text] += answer.count
        for answer in own.session.tree.counted_answers():
            counted_own[answer.text] += answer.count
        yield cap, counted, counted_own


@pytest.mark.parametrize("name", EXACT)
@pytest.mark.parametrize("passing", [0.0, 0.05], ids=["to-the-end", "until-one-passes"])
def test_the_same_answers_as_often(name, passing):
    some = 0
    for seed in range(6):
        for cap, read, own in both(EXACT[name], seed, passing):
            assert read == own, (seed, cap)
            some += bool(own)
    assert some


@pytest.mark.parametrize("name", BY_STEPS)
def test_drawn_steps_never_more(name):
    """A run of its own follows texts it knows at no cost after its cap; nothing is read off that it has not found."""
    same = several = 0
    for seed in range(6):
        for cap, read, own in both(BY_STEPS[name], seed, 0.0):
            assert read <= own, (seed, cap)
            same += read == own
            several += 1
    assert same > 0.4 * several  # the rest drew on, at no cost, from nodes it knew: cold draws repeat a lot


def test_waves_have_nothing_to_show_until_they_are_through():
    """Why samples are drawn one after the other: a wave looks at its budget."""
    differing = 0
    for seed in range(6):
        differing += sum(read != own for _, read, own in both(BestOfN(24, wave=8), seed, 0.0))
    assert differing
    assert not reads_off(BestOfN(24, wave=8), has_q=True)


def test_which_searches_can_be_read_off():
    assert reads_off(BestOfN(wave=1), False)
    assert reads_off(AStar(unit=Unit.STEP), False)
    assert reads_off(MCTS(), has_q=True)
    assert not reads_off(MCTS(), has_q=False), "rollouts under way together look at the budget"
    assert reads_off(MCTS(leaves=1), has_q=False)
    assert not reads_off(MCTS(leaf=Leaf.ROLLOUT), has_q=True)
    assert not reads_off(object(), True), "a strategy that does not say it is anytime"
    assert takes_any_budget(Greedy())
    assert not takes_any_budget(BestOfN())


def test_what_was_spent_by_a_cap():
    trace = Trace()
    for tokens, flops, seconds in ((10, 1.0, 0.5), (14, 2.0, 0.5), (20, 4.0, 1.0)):
        trace.charged(tokens, flops, seconds)
    assert trace.seconds == 2.0
    assert trace.within(14) == Spent(14, 2.0, 1.0)
    assert trace.within(17) == Spent(17, 3.0, 1.5), "half of the last pass"
    assert trace.within(20) == trace.within(1000) == Spent(20, 4.0, 2.0)
    assert trace.within(5) == Spent(5, 0.5, 0.25)
    assert Trace().within(9) == Spent(0, 0.0, 0.0)
