"""Greedy and best-of-n against the distribution they draw from."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import ROOT, World, live, run, solve

from qstar.engine import scheduler
from qstar.engine.base import draw, uniform, warped
from qstar.request import Expand, Sampling, Unit
from qstar.search import BestOfN, Greedy

CHI2_999 = {5: 20.5, 10: 29.6, 20: 45.3, 40: 73.4, 80: 124.8}  # upper 0.1% points by degrees of freedom


def assert_frequencies(counts: np.ndarray, p: np.ndarray) -> None:
    """Pearson's chi-square with rare outcomes pooled."""
    n = counts.sum()
    rare = p * n < 5
    counts = np.append(counts[~rare], counts[rare].sum())
    expected = np.append(p[~rare], p[rare].sum()) * n
    statistic = float(((counts - expected) ** 2 / np.maximum(expected, 1e-9))[expected > 0].sum())
    bound = next(x for df, x in CHI2_999.items() if df >= len(counts) - 1)
    assert statistic < bound, f"chi-square {statistic:.1f} with {len(counts) - 1} degrees of freedom"


def test_best_of_n_draws_from_the_model():
    world = World(1, 3, 2)
    tree = solve(world, BestOfN(4000, wave=2000)).session.tree
    p = {tokens: math.exp(logp) for tokens, logp in world.sequences()}
    counts = {tree.path_tokens(a.node): a.count for a in tree.counted_answers()}
    assert sum(counts.values()) == 4000
    assert_frequencies(np.array([counts.get(t, 0) for t in p]), np.array(list(p.values())))
    for answer in tree.answers:
        assert answer.logp == pytest.approx(math.log(p[tree.path_tokens(answer.node)]), abs=1e-5)


@pytest.mark.parametrize(
    "sampling",
    [
        Sampling(),
        Sampling(0.5),
        Sampling(2.0, top_k=3),
        Sampling(top_p=0.7),
        Sampling(min_p=0.3),
        Sampling(1.3, 0, 0.9),
        Sampling(guidance=2.0),
        Sampling(0.7, top_k=4, guidance=0.5),
    ],
)
def test_a_draw_has_the_warped_distribution_and_the_raw_likelihood(sampling):
    world = World(8, 5, 1, flat=2.0, hint="value")
    q = [*(world.best_score[letter,] for letter in range(5)), world.score(())]
    raw = np.exp(world.table[()]) * np.array(q) ** sampling.guidance
    p = raw ** (1 / sampling.temperature) / (raw ** (1 / sampling.temperature)).sum()
    ranked = np.sort(p)[::-1]
    if sampling.top_k:
        p = np.where(p >= ranked[sampling.top_k - 1], p, 0)
    if sampling.top_p < 1:
        kept = ranked[: int(np.searchsorted(ranked.cumsum(), sampling.top_p)) + 1]
        p = np.where(p >= kept[-1], p, 0)
    p = np.where(p >= sampling.min_p * p.max(), p, 0)
    p /= p.sum()

    class Draws:
        def search(self, tree, rng):
            yield Expand((ROOT,), 3000, Unit.TOKEN, sampling)

    tree = solve(world, Draws()).session.tree
    counts = np.zeros(world.vocabulary)
    for child in tree.children[ROOT]:
        counts[tree.tokens[child][0]] = tree.count[child]
        assert tree.logp[child] == pytest.approx(world.table[()][tree.tokens[child][0]], abs=1e-5)
        assert tree.prior[child] == tree.count[child] / 3000
    assert counts[p == 0].sum() == 0
    assert_frequencies(counts, p)


def test_priors_of_drawn_children_are_their_shares_of_all_draws():
    world = World(3, newline=True)

    class Twice:
        def search(self, tree, rng):
            yield Expand((ROOT,), 5, Unit.STEP, Sampling())
            yield Expand((ROOT,), 7, Unit.STEP, Sampling())
            yield Expand((ROOT,), 9, Unit.ANSWER, Sampling())

    tree = solve(world, Twice()).session.tree
    assert sum(tree.count[c] for c in tree.children[ROOT]) == 12
    assert tree.draws[ROOT] == 21
    for child in tree.children[ROOT]:
        assert tree.prior[child] == tree.count[child] / 12, "answers drawn from the same node do not weigh in"


def test_greedy_takes_the_most_probable_token_each_time():
    for seed in range(20):
        world = World(seed)
        tree = solve(world, Greedy(), seed=seed).session.tree
        tokens: tuple[int, ...] = ()
        while not tokens or tokens[-1] != world.eos:
            tokens = (*tokens, int(world.table[tokens].argmax()))
        assert tree.path_tokens(1) == tokens
        assert len(tree) == 2


def test_guidance_stays_among_the_most_probable_tokens(monkeypatch):
    monkeypatch.setattr(scheduler, "AMONG", 2)
    world = World(8, 5, 1, flat=2.0, hint="value")
    tree = solve(world, BestOfN(500, sampling=Sampling(guidance=1.0))).session.tree
    first = {tree.path_tokens(answer.node)[0] for answer in tree.answers}
    assert first == set(np.argsort(world.table[()])[-2:])


def test_without_a_q_head_nothing_guides():
    world = World(8)
    plain, guided = (solve(world, BestOfN(50, sampling=Sampling(guidance=w))).session.tree for w in (0.0, 2.0))
    assert [a.count for a in plain.answers] == [a.count for a in guided.answers]
    assert [plain.path_tokens(a.node) for a in plain.answers] == [guided.path_tokens(a.node) for a in guided.answers]


def test_endless_best_of_n_ends_when_nothing_new_turns_up():
    world = World(5, 2, 1, flat=20.0)
    done = solve(world, BestOfN(None, wave=8))
    assert done.stop_reason == "finished"
    assert len(done.session.tree.answers) == 3


@pytest.mark.parametrize("n", [1, 2, 7, 30])
def test_n_is_n_and_a_wave_is_never_exceeded(n):
    world = World(5)
    each = live(world, BestOfN(n, wave=8))
    flying = []
    ask = each.session.ask
    each.session.ask = lambda: flying.append(sum(r.width for r in each.session.outstanding.values())) or ask()
    run(world, each)
    assert max(flying) <= 8
    assert sum(a.count for a in each.session.tree.counted_answers()) == n


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(*[st.integers(-(2**70), 2**70)] * 5), min_size=1, max_size=20, unique=True))
def test_uniform_numbers_depend_on_their_key_alone(keys):
    together = uniform(keys)
    assert ((together >= 0) & (together < 1)).all()
    assert together.tolist() == [float(uniform([key])[0]) for key in keys]


def test_uniform_numbers_are_uniform_in_every_part_of_the_key():
    for part in range(5):
        u = uniform([tuple(i if j == part else 3 for j in range(5)) for i in range(4000)])
        assert_frequencies(np.histogram(u, bins=20, range=(0, 1))[0], np.full(20, 0.05))
        neighbours = np.histogram2d(u[:-1], u[1:], bins=4, range=((0, 1), (0, 1)))[0].ravel()
        assert_frequencies(neighbours, np.full(16, 1 / 16))


@settings(deadline=None, max_examples=80)
@given(
    weights=st.lists(st.sampled_from([0.0, 1e-9, 0.1, 1.0, 30.0]), min_size=1, max_size=8),
    u=st.floats(0, 1, exclude_max=True, width=32),
)
def test_impossible_tokens_are_never_drawn(weights, u):
    p = torch.tensor([weights])
    if p.sum() == 0:
        return
    p = p / p.sum()
    token = int(draw(p, torch.tensor([0]), torch.tensor([u]))[0])
    assert p[0, token] > 0


def test_temperature_zero_is_left_to_greedy():
    with pytest.raises(ValueError):
        warped(torch.zeros(1, 3), Sampling(temperature=0.0))
