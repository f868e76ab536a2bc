"""Which finished answer is the one."""

from __future__ import annotations

import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qstar.select import (
    SELECTORS,
    auto,
    by_likelihood,
    by_mass,
    by_q,
    by_q_mass,
    by_q_vote,
    by_verifier,
    equivalently,
    exactly,
    groups,
    majority,
    make_selector,
)
from qstar.tree import Answer

NAN = math.nan


def answer(node=1, said="1", verdict=None, score=NAN, q=NAN, logp=-1.0, count=1, length=3):
    return Answer(node, f"... {said}", said, verdict, score, q, logp, count, length, 0)


unit = st.floats(0, 1)
verdicts = st.one_of(
    st.just((None, NAN)),
    st.just(("pass", 1.0)),
    st.just(("fail", 0.0)),
    st.floats(0.01, 0.99).map(lambda score: ("unknown", score)),
)
drawn = st.lists(
    st.tuples(
        st.sampled_from(["1", "1.0", "2", "x", "X ", None]),
        verdicts,
        st.just(NAN) | unit,
        st.floats(-50, 0),
        st.integers(1, 9),
        st.integers(1, 40),
    ),
    max_size=8,
).map(lambda rows: [answer(i, s, *v, q, p, n, k) for i, (s, v, q, p, n, k) in enumerate(rows, 1)])


def test_where_a_line_of_a_program_stands_makes_another_program():
    inside = "def f(xs):\n    for x in xs:\n        t = x\n        return t"
    after = "def f(xs):\n    for x in xs:\n        t = x\n    return t"
    for same in (exactly, equivalently):
        assert not same(inside, after)
        assert not same(after, after.replace("t", "T"))
        assert same(after, after.replace("\n", " \n\n") + "\n")
    chosen = majority()([answer(1, inside, logp=-1.0), answer(2, after, logp=-2.0, count=2)])
    assert chosen.node == 2


@given(drawn)
def test_every_selector_chooses_one_of_the_answers_or_nothing_of_nothing(answers):
    for name in SELECTORS:
        chosen = make_selector(name)(answers)
        assert (chosen is None) == (not answers)
        assert chosen is None or chosen in answers


@given(drawn)
def test_a_passing_answer_is_never_passed_over(answers):
    passing = [a for a in answers if a.verdict == "pass"]
    for select in (auto(), by_verifier):
        if passing:
            assert select(answers).verdict == "pass"


@given(drawn)
def test_a_failed_answer_is_chosen_only_where_all_failed(answers):
    chosen = auto()(answers)
    if chosen is not None and chosen.verdict == "fail":
        assert all(a.verdict == "fail" for a in answers)


@given(drawn)
def test_a_majority_is_a_count_of_draws(answers):
    votes = Counter()
    for a in answers:
        if a.answer is not None:
            votes[exactly_key(a.answer)] += a.count
    chosen = majority(exactly)(answers)
    if votes:
        assert votes[exactly_key(chosen.answer)] == max(votes.values())
    elif answers:
        assert chosen == by_likelihood(answers)


def exactly_key(text):
    return " ".join(text.split()).casefold()


@given(drawn)
def test_groups_partition_the_answers(answers):
    grouped = groups(answers, exactly)
    flat = [a.node for group in grouped for a in group]
    assert sorted(flat) == [a.node for a in answers if a.answer is not None]
    keys = [{exactly_key(a.answer) for a in group} for group in grouped]
    assert all(len(key) == 1 for key in keys)
    assert len(set.union(*keys)) == len(keys) if keys else True


@given(drawn, st.integers(2, 5))
def test_draws_may_be_split_without_changing_a_vote(answers, times):
    """Ten draws of one text and one text counted ten times are the same evidence."""
    heavy = [answer(a.node, a.answer, a.verdict, a.score, a.q, a.logp, a.count * times, a.length) for a in answers]
    assert repr(majority(exactly)(answers * times)) == repr(majority(exactly)(answers))
    assert (majority(exactly)(heavy) or answer()).node == (majority(exactly)(answers) or answer()).node


def test_equivalent_spellings_vote_together():
    answers = [
        answer(1, "0.5", count=2),
        answer(2, r"\frac{1}{2}", count=2, logp=-0.5),
        answer(3, "0.6", count=3),
    ]
    assert majority()(answers).node == 2, "together four draws, and the likelier spelling speaks"
    assert majority(exactly)(answers).node == 3
    assert equivalently("1,000", "1000")
    assert equivalently("Blue whale", "blue  whale")
    assert not equivalently("12", "13")
    assert not exactly("0.5", ".50")


def test_votes_weighted_by_q():
    answers = [answer(1, "7", q=0.2, count=3), answer(2, "8", q=0.9, count=1), answer(3, "8", q=0.1, count=1)]
    assert by_q_vote()(answers).answer == "8"
    assert majority()(answers).answer == "7"
    assert by_q(answers).node == 2
    assert by_q_vote()([answer(1, "7"), answer(2, "8", q=0.1)]).answer == "8", "no Q is no vote"


def test_auto_takes_the_best_evidence_there_is():
    select = auto()
    graded = [answer(1, "7", "unknown", 0.3, 0.9, count=9), answer(2, "8", "unknown", 0.7, 0.1)]
    assert select(graded).node == 2, "scores of a verifier come before Q and votes"
    refuted = [
        answer(1, "7", "fail", 0.0, count=9),
        answer(2, "8", "unknown", 0.5),
        answer(3, "9", "unknown", 0.5, count=2),
    ]
    assert select(refuted).node == 3, "a verifier that only refutes leaves a vote among the rest"
    unjudged = [answer(1, "7", "fail", 0.0, count=9, logp=-0.1), answer(2, "8")]
    assert select(unjudged).node == 2, "what is known to be wrong is no candidate"
    assert select([answer(1, "7", q=0.2), answer(2, "8", q=0.6)]).node == 2
    assert select([answer(1, "7"), answer(2, "8", count=2)]).node == 2


def test_an_unknown_selector_names_those_there_are():
    with pytest.raises(ValueError, match="no selector named 'best'; there is auto, verifier"):
        make_selector("best")


@given(drawn)
def test_mass_is_a_sum_of_probabilities_whatever_was_drawn_how_often(answers):
    sums: dict[str, float] = {}
    for a in answers:
        if a.answer is not None:
            sums[exactly_key(a.answer)] = sums.get(exactly_key(a.answer), 0.0) + math.exp(a.logp)
    chosen = by_mass(exactly)(answers)
    if sums:
        assert sums[exactly_key(chosen.answer)] == pytest.approx(max(sums.values()))
    else:
        assert chosen == by_likelihood(answers)


def test_mass_weighs_by_q_and_bears_any_small_probability():
    answers = [
        answer(1, "7", q=0.1, logp=-2000.0, count=9),
        answer(2, "8", q=0.9, logp=-2000.5),
        answer(3, "7.0", q=0.1, logp=-2001.0),
        answer(4, "9", q=NAN, logp=-1999.0),
    ]
    assert by_mass()(answers).node == 4
    assert by_mass()(answers[:3]).node == 1
    assert by_q_mass()(answers).node == 2
    assert by_q_vote()(answers[:3]).node == 1, "nine draws of 0.1 are as many as 0.9, and the spelling 7.0 votes too"
    assert by_mass()([]) is None
