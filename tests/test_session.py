"""Journal, resume, and the protocol between a strategy and its session."""

from __future__ import annotations

import json
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import PROBLEM, ROOT, STRATEGIES, World, live, plain, run, solve

from qstar.budget import Budget
from qstar.problem import Ending
from qstar.request import GREEDY, Child, Expand, Reply, Sampling, Stop, Submit, Unit, Wait
from qstar.search import AStar, BestOfN, Greedy
from qstar.session import Journal, JournalMismatch, Session
from qstar.tree import Tree

BUDGETS = [
    Budget(),
    Budget(tokens=14),
    Budget(tokens=25),
    Budget(expansions=7),
    Budget(verifier_calls=5),
    Budget(multiple=6.0),
]


@dataclass(frozen=True)
class Race:
    """Keeps three long continuations in flight and goes on with whichever ends first."""

    rounds: int = 8

    def search(self, tree: Tree, rng: np.random.Generator) -> Generator[Any, Any, None]:
        flying: list[int] = []
        nodes = [ROOT]
        for _ in range(self.rounds):
            while len(flying) < 3:
                node = nodes[int(rng.integers(len(nodes)))]
                unit = (Unit.STEP, Unit.ANSWER)[int(rng.integers(2))]
                flying.append((yield Submit(Expand((node,), 2, unit, Sampling()))))
            ticket, children = yield Wait(tuple(flying))
            assert ticket in flying
            flying.remove(ticket)
            nodes += [child for child in children if tree.is_open(child)]


def journalled(path, world, strategy, **settings):
    done = solve(world, strategy, journal=Journal(path, {"seed": 0}), verifier=world.judge, **settings)
    return plain(done), Journal.read(path)[1]


@pytest.mark.parametrize("name", [*STRATEGIES, "race"])
def test_a_run_cut_at_any_entry_resumes_to_the_same_tree_and_ledger(name, tmp_path):
    strategy = STRATEGIES.get(name, Race())
    rng = np.random.default_rng(len(name))
    for i, budget in enumerate(BUDGETS):
        world = World(i, newline=True, hint=(None, "value")[i % 2])
        whole, entries = journalled(tmp_path / "whole.jsonl", world, strategy, budget=budget)
        cuts = {0, len(entries), *rng.integers(0, len(entries) + 1, 6).tolist()}
        for cut in sorted(cuts):
            world.computed.clear()
            again = solve(world, strategy, budget=budget, verifier=world.judge, entries=entries[:cut])
            assert plain(again) == whole, f"{budget}, cut at {cut} of {len(entries)}"
            prompt = len(again.session.tree.prompt)
            assert again.ledger.resumed <= sum(world.computed.values()) + prompt - 1 <= again.ledger.tokens


@dataclass(frozen=True)
class Calculator:
    """Forces the end of the line after every "b", half of the time with more, or the end of the text.

    Refutes steps that begin with "a", passes what scores high enough.
    """

    world: World
    prefixes = True

    def __call__(self, problem: Any, text: str) -> float:
        if text.endswith("\n"):
            return 0.0 if text.split("\n")[-2].startswith("a") else 0.5
        return 1.0 if self.world.scores[text] > 0.9 else self.world.scores[text]

    def complete(self, problem: Any, text: str) -> str | None:
        if not text.endswith("b") or len(text) >= self.world.depth - 1:
            return None
        return "a\n" if text.startswith("b") else "\na" if text.startswith("\n") else Ending("\na")


@settings(deadline=None, max_examples=60)
@given(
    seed=st.integers(0, 10**6),
    name=st.sampled_from(["best-of-n", "astar-step", "mcts-step", "mcts", "race"]),
    tokens=st.integers(4, 60) | st.none(),
    expansions=st.integers(1, 40) | st.none(),
    calls=st.integers(1, 30) | st.none(),
    stop_on_pass=st.booleans(),
    where=st.floats(0, 1),
    hint=st.sampled_from([None, "state"]),
)
def test_resume_is_exact_with_forced_tokens_refuted_steps_and_any_budget(
    tmp_path_factory, seed, name, tokens, expansions, calls, stop_on_pass, where, hint
):
    world, strategy = World(seed, newline=True, depth=5, hint=hint), STRATEGIES.get(name, Race())
    budget = Budget(tokens=tokens, expansions=expansions, verifier_calls=calls)
    settings = {"budget": budget, "verifier": Calculator(world), "seed": seed, "stop_on_pass": stop_on_pass}
    path = tmp_path_factory.mktemp("run") / "journal.jsonl"
    whole = plain(solve(world, strategy, journal=Journal(path, {}), **settings))
    entries = Journal.read(path)[1]
    cut = round(where * len(entries))
    assert plain(solve(world, strategy, entries=entries[:cut], **settings)) == whole


class Strict(Calculator):
    """Asked of unfinished texts by a method of its own; a finished text that is also a prefix scores otherwise."""

    def __call__(self, problem: Any, text: str) -> float:
        return self.world.scores[text]

    def prefix(self, problem: Any, text: str) -> float:
        assert text.endswith("\n")
        return 0.0 if text.split("\n")[-2].startswith("a") else 0.25


@pytest.mark.parametrize("seed", range(4))
def test_prefixes_are_judged_by_their_own_method_and_recalled(seed, tmp_path):
    world = World(seed, newline=True, depth=5)
    path, verifier = tmp_path / "run.jsonl", Strict(world)
    whole = solve(world, STRATEGIES["mcts-step"], journal=Journal(path, {}), verifier=verifier)
    tree = whole.session.tree
    assert all(answer.score == pytest.approx(world.scores[answer.text]) for answer in tree.answers)
    refuted = [node for node in range(1, len(tree)) if tree.is_dead(node) and not tree.is_terminal(node)]
    assert any(world.decode(tree.path_tokens(node)).split("\n")[-2].startswith("a") for node in refuted)
    entries = Journal.read(path)[1]
    for cut in range(len(entries) + 1):
        again = solve(world, STRATEGIES["mcts-step"], verifier=verifier, entries=entries[:cut])
        assert plain(again) == plain(whole), f"cut at {cut}"


def test_a_resumed_run_goes_on_writing_the_same_journal(tmp_path):
    path, world = tmp_path / "run.jsonl", World(5, newline=True)
    whole, entries = journalled(path, world, STRATEGIES["mcts-step"])
    lines = path.read_bytes().splitlines(keepends=True)
    torn = tmp_path / "torn.jsonl"
    torn.write_bytes(b"".join(lines[:6]) + lines[6][: len(lines[6]) // 2])  # killed while it wrote
    header, kept = Journal.read(torn)
    assert (header["seed"], kept) == (0, entries[:5])
    again = solve(world, STRATEGIES["mcts-step"], verifier=world.judge, journal=Journal(torn), entries=kept)
    assert plain(again) == whole
    assert torn.read_bytes() == path.read_bytes()


def test_a_resumed_run_has_only_the_seconds_that_are_left(tmp_path):
    path, world, budget = tmp_path / "run.jsonl", World(5, newline=True), Budget(seconds=1e6)
    whole, entries = journalled(path, world, STRATEGIES["mcts-step"], budget=budget)
    clock = [entry["seconds"] for entry in entries]
    assert clock == sorted(clock)
    entries[3]["seconds"] = 1e6 - 5e-4
    ended = solve(world, STRATEGIES["mcts-step"], verifier=world.judge, budget=budget, entries=entries[:4])
    assert ended.stop_reason == "seconds" != whole["stop_reason"]
    assert 4 <= ended.ledger.passes < whole["ledger"]["passes"]


@pytest.mark.parametrize(
    ("strategy", "seed"), [(AStar(width=2), 0), (AStar(batch=1, width=3), 0), (BestOfN(8), 0), (Greedy(), 0)]
)
def test_other_settings_do_not_fit_the_journal(strategy, seed, tmp_path):
    _, entries = journalled(tmp_path / "run.jsonl", World(5), AStar(width=3))
    with pytest.raises(JournalMismatch, match="resume with the settings"):
        solve(World(5), strategy, entries=entries, seed=seed)


def test_files_that_are_no_journal_say_so(tmp_path):
    path = tmp_path / "x.jsonl"
    for content, message in [
        (b"", "no qstar journal"),
        (b'{"format": "other"}\n', "no qstar journal"),
        (b"[1, 2]\n", "no qstar journal"),
        (b"{not json}\n", "damaged"),
        (b"\xff\xfe\x00\n", "damaged"),
        (b'{"format": "qstar.journal", "version": 99}\n', "version 99"),
    ]:
        path.write_bytes(content)
        with pytest.raises(ValueError, match=message):
            Journal.read(path)
    with pytest.raises(FileNotFoundError):
        Journal.read(tmp_path / "absent.jsonl")


# -- ask and tell, without a model --------------------------------------------------------------------------------


def session(strategy: Any) -> Session:
    return Session(PROBLEM, strategy, Tree("p", (1,)))


def child(*tokens: int, stop: Stop = Stop.STEP) -> Child:
    return Child(tokens, -1.0, stop, 1, text="", at_tokens=1)


def test_wait_any_returns_whichever_reply_came_first():
    seen = []

    class Two:
        def search(self, tree, rng):
            first = yield Submit(Expand((ROOT,), 1, Unit.STEP, GREEDY))
            second = yield Submit(Expand((ROOT,), 1, Unit.STEP, GREEDY))
            seen.append((yield Wait((first, second))))
            seen.append((yield Wait((first,))))

    s = session(Two())
    a, b = s.ask()
    assert (a.first_draws, b.first_draws) == ((0,), (1,)), "draws are numbered per node, across requests"
    s.tell({b.ticket: Reply(((child(7),),))})
    assert seen == [(b.ticket, [1])]
    assert not s.finished
    s.tell({a.ticket: Reply(((child(8),),))})
    assert seen[1] == (a.ticket, [2])
    assert s.finished
    assert s.ask() == []


@pytest.mark.parametrize(
    ("wish", "error"),
    [
        (Wait((3,)), ValueError),
        (Wait(()), ValueError),
        (Expand((5,), 1), ValueError),
        ("expand", TypeError),
        (None, TypeError),
    ],
)
def test_a_strategy_that_asks_nonsense_is_told_so(wish, error):
    class Odd:
        def search(self, tree, rng):
            yield wish

    with pytest.raises(error, match=r"strategy"):
        session(Odd()).ask()


def test_finished_and_dead_nodes_cannot_be_expanded():
    class Again:
        def search(self, tree, rng):
            for node in (yield Expand((ROOT,), 2, Unit.STEP, GREEDY)):
                yield Expand((node,), 1, Unit.STEP, GREEDY)

    for last in (Stop.EOS, Stop.STRING, Stop.LENGTH):
        s = session(Again())
        (asked,) = s.ask()
        with pytest.raises(ValueError, match="finished, dead or unknown"):
            s.tell({asked.ticket: Reply(((child(1, stop=last),),))})
        assert len(s.tree) == 2, "the tree keeps the reply"


def test_a_session_driven_by_hand_equals_the_journal_of_a_scheduler(tmp_path):
    """Drivers outside our process need no more than ask, tell and the replies."""
    world, strategy = World(8, newline=True), Race()
    whole, entries = journalled(tmp_path / "run.jsonl", world, strategy)
    s = Session(PROBLEM, strategy, Tree("p", world.encode(PROBLEM).ids))
    asked = {issued.ticket: issued for issued in s.ask()}
    for entry in json.loads(json.dumps(entries)):
        replies = {a["ticket"]: Reply.from_json(a["reply"]) for a in entry["answered"]}
        assert all(asked[a["ticket"]].request.digest() == a["digest"] for a in entry["answered"])
        s.tell(replies)
        asked |= {issued.ticket: issued for issued in s.ask()}
    assert s.finished
    s.close()  # what the strategy did not take goes into the tree, too
    assert s.tree.to_json() == whole["tree"]


def test_one_strategy_that_raises_ends_only_its_own_problem():
    world = World(4)

    class Breaks:
        def search(self, tree, rng):
            children = yield Expand((ROOT,), 3)
            yield Expand(tuple(c for c in children if tree.is_open(c)), 3)
            raise RuntimeError("no idea")

    class BreaksAtOnce:
        def search(self, tree, rng):
            raise RuntimeError("not even begun")
            yield

    class WillNotEnd:
        def search(self, tree, rng):
            try:
                yield Expand((ROOT,), 1)
            finally:
                yield Expand((ROOT,), 1)

    healthy = STRATEGIES["mcts"]
    alone = plain(solve(world, healthy, seed=3))
    breaks, at_once = live(world, Breaks()), live(world, BreaksAtOnce())
    stubborn = live(world, WillNotEnd(), budget=Budget(expansions=1))
    beside = live(world, healthy, seed=3)
    ended = run(world, breaks, at_once, stubborn, beside)
    assert len(ended) == 4
    assert plain(beside) == alone
    assert breaks.stop_reason == at_once.stop_reason == "error"
    assert str(breaks.error) == "no idea"
    assert str(at_once.error) == "not even begun"
    assert len(breaks.session.tree) > 4
    assert stubborn.stop_reason == "expansions"
