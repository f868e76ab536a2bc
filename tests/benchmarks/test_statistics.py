"""Intervals and tests against enumeration, simulation and figures worked out by hand."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest

from benchmarks.statistics import Bootstrap, Spending, holm, mcnemar, sign_flip

THIRDS = [Fraction(n, 3) for n in range(-3, 4)]


def enumerated(differences):
    """The sign-flip p by walking through all 2^n flips."""
    observed, far = abs(sum(differences)), 0
    for signs in itertools.product((1, -1), repeat=len(differences)):
        far += abs(sum(s * d for s, d in zip(signs, differences))) >= observed
    return far / 2 ** len(differences)


@pytest.mark.parametrize("seed", range(12))
def test_sign_flip_counts_every_flip(seed):
    rng = np.random.default_rng(seed)
    differences = [THIRDS[i] for i in rng.integers(0, 7, rng.integers(1, 12))]
    assert sign_flip(differences) == pytest.approx(enumerated(differences), abs=1e-12)


def test_seeds_of_other_numbers_share_a_denominator():
    differences = [Fraction(1, 2), Fraction(-1, 3), Fraction(5, 6), Fraction(0), Fraction(1)]
    assert sign_flip(differences) == pytest.approx(enumerated(differences), abs=1e-12)


@pytest.mark.parametrize(("wins", "losses"), [(8, 2), (2, 8), (5, 5), (0, 0), (10, 0), (31, 12)])
def test_with_one_seed_the_sign_flip_is_mcnemars_exact_test(wins, losses):
    assert sign_flip([1] * wins + [-1] * losses + [0] * 7) == pytest.approx(mcnemar(wins, losses), abs=1e-12)


def test_mcnemar_by_hand():
    assert mcnemar(8, 2) == pytest.approx(2 * (1 + 10 + 45) / 1024)
    assert mcnemar(4, 4) == 1.0


def test_many_problems_do_not_overflow():
    assert sign_flip([Fraction(1, 5)] * 1300 + [Fraction(-1, 5)] * 1300) == 1.0
    assert sign_flip([1] * 700 + [-1] * 500) == pytest.approx(mcnemar(700, 500), rel=1e-6)


def test_holm_by_hand():
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.5, 0.9]) == [1.0, 1.0]
    assert holm([]) == []


@pytest.mark.parametrize(("rate", "n"), [(0.5, 60), (0.8, 150), (0.3, 300)])
def test_intervals_cover_the_truth(rate, n):
    """Of 600 simulated samples 95% of the intervals hold the rate: the band is four standard errors and a granule."""
    rng, bootstrap = np.random.default_rng(7), Bootstrap(draws=1000)
    covered = 0
    for sample in rng.random((600, n)) < rate:
        estimate = bootstrap.mean(sample.astype(float), share=True)
        covered += estimate.low <= rate <= estimate.high
    assert 0.91 <= covered / 600 <= 0.985


def test_paired_intervals_cover_and_are_narrower_than_unpaired_ones():
    rng, bootstrap = np.random.default_rng(3), Bootstrap(draws=1000)
    covered, paired, apart = 0, 0.0, 0.0
    for _ in range(300):
        ease = rng.random(120)  # what both searches share
        a, b = (rng.random(120) < 0.8 * ease + 0.2 * bonus for bonus in (1, 0))
        estimate = bootstrap.mean(a.astype(float) - b)
        covered += estimate.low <= 0.2 <= estimate.high
        paired += estimate.high - estimate.low
        for one in (a, b):
            alone = bootstrap.mean(one.astype(float), share=True)
            apart += (alone.high - alone.low) / 2
    assert 0.9 <= covered / 300 <= 0.99
    assert paired < 2 * apart


def test_seeds_are_no_extra_problems():
    """Ten seeds that always agree leave the interval as wide as one."""
    one = np.array([1.0, 0.0] * 20)
    averaged = np.repeat(one[:, None], 10, axis=1).mean(axis=1)
    assert Bootstrap().mean(averaged) == Bootstrap().mean(one)


def test_where_no_resample_differs_the_bound_is_exact():
    estimate = Bootstrap().mean([1.0] * 100, share=True)
    assert (estimate.value, estimate.high) == (1.0, 1.0)
    assert estimate.low**100 == pytest.approx(0.025)  # so bad a rate still solves all in one of 40 runs
    assert Bootstrap().mean([0.0] * 100, share=True).high == pytest.approx(1 - estimate.low)
    assert Bootstrap().mean([]).value is None


def test_the_same_seed_draws_the_same_and_another_does_not():
    values = np.random.default_rng(0).random(50)
    assert Bootstrap(seed=1).mean(values) == Bootstrap(seed=1).mean(values)
    assert Bootstrap(seed=1).mean(values) != Bootstrap(seed=2).mean(values)


@pytest.mark.parametrize(("settings", "said"), [({"draws": 5}, "resamples"), ({"level": 1.0}, "between 0 and 1")])
def test_useless_settings_are_refused(settings, said):
    with pytest.raises(ValueError, match=said):
        Bootstrap(**settings)


def test_tokens_needed_by_hand():
    """Two problems with two seeds; the prompt is 5."""
    never = np.inf
    known = Spending(np.array([[10.0, 20.0], [30.0, never]]), np.array([[10.0, 20.0], [30.0, 100.0]]), 5.0)
    for share, cap, tokens in [(0.5, 20, 5 + (10 + 20 + 20 + 20) / 4), (0.75, 30, 5 + (10 + 20 + 30 + 30) / 4)]:
        assert [float(of[0]) for of in known.needed(share)] == [cap, tokens]
    assert [float(of[0]) for of in known.needed(1.0)] == [never, never]
    assert known.all == 5 + 160 / 4
    twice = np.array([[2.0, 0.0], [0.0, 2.0]])  # resamples of one problem twice
    caps, tokens = known.needed(1.0, twice)
    assert caps.tolist() == [20.0, never]
    assert tokens.tolist() == [5 + 15, never]


def test_tokens_needed_as_a_loop_would_find_them():
    rng = np.random.default_rng(5)
    solved = np.where(rng.random((30, 3)) < 0.8, rng.integers(1, 400, (30, 3)), np.inf)
    end = np.where(np.isfinite(solved), solved, 400.0)
    known, weights = Spending(solved, end, 0.0), rng.multinomial(30, np.full(30, 1 / 30), 20).astype(float)
    caps, tokens = known.needed(0.6, weights)
    for w, cap, spent in zip(weights, caps, tokens):
        enough = [c for c in range(401) if (w[:, None] * (solved <= c)).sum() >= 0.6 * 90 - 1e-9]
        assert (enough[0] if enough else np.inf) == cap
        if enough:
            assert spent == pytest.approx((w[:, None] * np.minimum(end, cap)).sum() / 90)
