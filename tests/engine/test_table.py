"""The scripted engine: texts, steps, stop strings and characters that straddle tokens."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import live, run

from qstar.budget import Budget
from qstar.engine.base import Stops
from qstar.engine.table import ScriptedEngine
from qstar.problem import Problem
from qstar.request import Sampling, Stop, Unit
from qstar.search import MCTS, AStar, BestOfN, Greedy

EOS = ScriptedEngine.EOS
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


def tree_of(engine: ScriptedEngine, strategy, prompt: str = "?", **settings):
    (done,) = run(engine, live(engine, strategy, problem=Problem(prompt, "p"), **settings))
    if done.error is not None:
        raise done.error
    return done.session.tree


def stops(**settings) -> Stops:
    return Stops(frozenset([EOS]), **{"max_new_tokens": 1000, **settings})


@settings(deadline=None, max_examples=40)
@given(texts=st.dictionaries(TEXTS, st.floats(0.1, 5), min_size=1, max_size=4), prompt=st.text("qé😀", min_size=1))
def test_every_text_comes_out_with_its_share(texts, prompt):
    """Characters of several bytes are put together again, whichever way the search took."""
    total = sum(texts.values())
    for strategy in (AStar(width=8), MCTS(width=8), AStar(unit=Unit.STEP, width=4), BestOfN(12)):
        tree = tree_of(ScriptedEngine({prompt: texts}), strategy, prompt)
        for answer in tree.answers:
            assert answer.logp == pytest.approx(math.log(texts[answer.text] / total), abs=1e-4)
        found = {a.text for a in tree.answers}
        assert found <= set(texts)
        if isinstance(strategy, AStar) and strategy.unit is Unit.TOKEN:
            assert found == set(texts)


@pytest.mark.parametrize("temperature", [0.0, 1.0])
def test_guidance_takes_what_is_valued_and_never_what_cannot_follow(temperature):
    """Of bytes that cannot follow Q knows nothing: it is NaN."""
    texts = {"right": 1.0, "rum": 2.0, "wrong": 2.0}
    engine = ScriptedEngine({"?": texts}, q=lambda problem, text: 0.9 if text.startswith("ri") else 0.3)
    guided = BestOfN(20, sampling=Sampling(temperature, guidance=6.0))
    tree = tree_of(engine, guided)
    assert {answer.text for answer in tree.answers} <= set(texts)
    if temperature == 0:
        assert [answer.text for answer in tree.answers] == ["right"], "though rum is the more probable"
    tree = tree_of(engine, AStar(unit=Unit.STEP, width=1, batch=1))
    assert sorted(answer.text for answer in tree.answers) == sorted(texts)


@settings(deadline=None, max_examples=60)
@given(
    text=st.text("ab\n é😀", max_size=14),
    delimiter=st.sampled_from(["\n", "\n\n", "é", "a\n", "😀\n"]),
)
def test_steps_end_where_the_delimiter_does(text, delimiter):
    """Each step holds something beside white space, ends at the first delimiter after it, and joins to the text."""
    engine = ScriptedEngine({"?": text}, stops=stops(delimiter=delimiter))
    tree = tree_of(engine, AStar(unit=Unit.STEP, width=1))
    (answer,) = tree.answers
    assert answer.text == text
    steps = [engine.decode(tree.tokens[node]) for node in tree.path(answer.node)]
    expected, rest = [], text
    while True:
        first = len(rest) - len(rest.lstrip())
        end = rest.find(delimiter, first) if first < len(rest) else -1
        if end < 0:
            break
        expected.append(rest[: end + len(delimiter)])
        rest = rest[end + len(delimiter) :]
    assert steps == [*expected, rest]
    assert [tree.stop[n] for n in tree.path(answer.node)] == [Stop.STEP] * len(expected) + [Stop.EOS]


@settings(deadline=None, max_examples=60)
@given(
    text=st.text("abé\n", max_size=12),
    strings=st.lists(st.sampled_from(["b\n", "é", "aba", "\n\n", "bb"]), min_size=1, max_size=2, unique=True),
    unit=st.sampled_from(list(Unit)),
)
def test_stop_strings_end_a_text_across_tokens_and_nodes_and_are_cut_off(text, strings, unit):
    engine = ScriptedEngine({"?": text}, stops=stops(strings=tuple(strings)))
    strategy = Greedy() if unit is Unit.ANSWER else AStar(unit=unit, width=1)
    tree = tree_of(engine, strategy)
    (answer,) = tree.answers
    # the first to be complete ends the text, and everything from the earliest stop string on is cut off
    ends = [text.find(s) + len(s) for s in strings if s in text]
    shown = text[: min(ends)] if ends else text
    assert answer.text == min((shown.split(s)[0] for s in strings), key=len)
    assert tree.stop[answer.node] is (Stop.STRING if ends else Stop.EOS)
    read = tree.path_tokens(answer.node)
    assert bytes(t for t in read if t != EOS).decode() == shown


def test_a_completion_that_is_too_long_is_a_dead_end():
    for unit in (Unit.TOKEN, Unit.STEP):
        for text, answers in [("abc", 1), ("abcd", 0), ("a\nb\nc\nd\n", 0), ("a\nb", 1), ("a\nb\n", 0)]:
            engine = ScriptedEngine({"?": text}, stops=stops(max_new_tokens=4))
            tree = tree_of(engine, AStar(unit=unit, width=1))
            assert len(tree.answers) == answers, (unit, text)
            assert max(tree.length) <= 4
            assert (Stop.LENGTH in tree.stop) == (not answers)


def test_the_context_bounds_prompt_and_completion_together():
    engine = ScriptedEngine({"???": "abcdef"}, stops=stops(context=7))
    tree = tree_of(engine, Greedy(), "???")
    assert not tree.answers
    assert max(tree.length) + 3 <= 7


@pytest.mark.parametrize("delimiter", ["\n", "\n\n"])
def test_a_prefix_verifier_is_asked_once_a_step_also_when_tokens_are_searched(delimiter):
    asked = []

    class Steps:
        prefixes = True

        def __call__(self, problem, text):
            asked.append(text)
            return 0.5

    text = delimiter.join(["one", "two", "three"])
    engine = ScriptedEngine({"?": text}, stops=stops(delimiter=delimiter))
    for strategy in (AStar(width=1), AStar(unit=Unit.STEP, width=1)):
        asked.clear()
        tree_of(engine, strategy, verifier=Steps())
        assert asked == ["one" + delimiter, delimiter.join(["one", "two", ""]), text]


def test_q_is_asked_of_text_prefixes():
    engine = ScriptedEngine({"?": ["yes", "yet"]}, q=lambda problem, text: len(text) / 10)
    tree = tree_of(engine, AStar(width=3))
    for node in range(1, len(tree)):
        assert tree.q[node] == pytest.approx(len(engine.decode(tree.path_tokens(node))) / 10)
    silent = tree_of(ScriptedEngine({"?": "yes"}), AStar())
    assert all(math.isnan(q) for q in silent.q)


def test_scripts_may_be_functions_and_unknown_problems_are_named():
    engine = ScriptedEngine(lambda problem: {problem.prompt.upper(): 1.0})
    assert [a.text for a in tree_of(engine, Greedy(), "abc").answers] == ["ABC"]
    with pytest.raises(ValueError, match="no text for the problem 'p'"):
        tree_of(ScriptedEngine({"?": "x"}), Greedy(), "other")


def test_each_byte_is_charged_once_however_the_texts_overlap():
    engine = ScriptedEngine({"1234": {"abcx": 1.0, "abcy": 1.0, "b": 1.0}})
    (done,) = run(engine, live(engine, AStar(width=4), problem=Problem("1234", "p"), budget=Budget(tokens=1000)))
    assert done.ledger.tokens == 4 + len({"a", "ab", "abc", "abcx", "abcy", "b"})
