"""What every strategy can rely on: caps that hold, every position computed once, problems that do not meet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from worlds import GREEDY, PROBLEM, ROOT, STRATEGIES, World, live, plain, run, solve

from qstar.budget import FORCED, GENERATED, PROMPT, Budget
from qstar.engine.scheduler import Scheduler
from qstar.problem import Ending, Judgement, Problem, Verdict
from qstar.request import Expand, Sampling, Stop, Submit, Unit, Wait
from qstar.search import MCTS, AStar, BestOfN, Future, Gain, Greedy

CAPS = {"tokens": "tokens", "expansions": "expansions", "verifier_calls": "verifier_calls"}


class Counting:
    """A verifier that counts its calls by itself."""

    prefixes = True

    def __init__(self, world: World, passing: float = 2.0) -> None:
        self.world, self.passing, self.calls = world, passing, 0

    def __call__(self, problem: Problem, text: str) -> Judgement:
        self.calls += 1
        score = self.world.scores.get(text, 0.5)
        return Judgement(Verdict.PASS if score >= self.passing else Verdict.UNKNOWN, score)


def undated(live: Any) -> list[Any]:
    """The nodes of a search, each by its path: without their order and the dates of its answers."""
    tree = live.session.tree
    columns = (tree.count, tree.stop, tree.logp, tree.q, tree.score, tree.refuted, tree.visits, tree.value_sum)
    return sorted([tree.path_tokens(n), *(repr(column[n]) for column in columns)] for n in range(len(tree)))


@settings(deadline=None, max_examples=50)
@example(seed=25, name="best-of-n", tokens=22, expansions=None, calls=13, hint=None, max_rows=1)
@example(seed=18869, name="best-of-n", tokens=19, expansions=12, calls=10, hint=None, max_rows=1)
@given(
    seed=st.integers(0, 10**6),
    name=st.sampled_from(sorted(STRATEGIES)),
    tokens=st.integers(3, 70) | st.none(),
    expansions=st.integers(1, 60) | st.none(),
    calls=st.integers(1, 40) | st.none(),
    hint=st.sampled_from([None, "value"]),
    max_rows=st.sampled_from([1, 3, 256]),
)
def test_no_cap_is_ever_crossed(seed, name, tokens, expansions, calls, hint, max_rows):
    world = World(seed, newline=True, hint=hint)
    verifier, budget = Counting(world), Budget(tokens=tokens, expansions=expansions, verifier_calls=calls)
    (done,) = run(world, live(world, STRATEGIES[name], budget=budget, verifier=verifier, seed=seed), max_rows=max_rows)
    ledger, tree = done.ledger, done.session.tree
    spent = {"tokens": ledger.tokens, "expansions": ledger.expansions, "verifier_calls": ledger.verifier_calls}
    assert done.error is None
    for cap, n in spent.items():
        assert n <= (getattr(budget, cap) or n)
    assert verifier.calls == ledger.verifier_calls
    computed = sum(world.computed.values())
    assert max(world.computed.values(), default=0) <= 1, "every position is computed once"
    assert ledger.tokens == (computed - 1 + len(tree.prompt) if computed else 0), "and charged once"
    assert all(0 < a.at_tokens <= ledger.tokens for a in tree.answers)

    # the same search without caps: it ends differently only if a cap was in the way
    free = world.__class__(seed, newline=True, hint=hint)
    whole = run(free, live(free, STRATEGIES[name], verifier=Counting(free), seed=seed), max_rows=max_rows)[0]
    assert whole.stop_reason == "finished"
    needed = {"tokens": whole.ledger.tokens, "expansions": whole.ledger.expansions}
    needed["verifier_calls"] = whole.ledger.verifier_calls
    if done.stop_reason == "finished":
        assert undated(done) == undated(whole)  # independent completions are begun as the budget covers them
    else:
        assert getattr(budget, done.stop_reason) is not None
        assert needed[done.stop_reason] >= getattr(budget, done.stop_reason)
    if all(needed[cap] < (getattr(budget, cap) or 10**9) for cap in needed):
        assert done.stop_reason == "finished"
    mine = {tree.path_tokens(a.node) for a in tree.answers}
    assert mine <= {t for t, _ in world.sequences()}


@pytest.mark.parametrize("name", sorted(STRATEGIES))
def test_equal_seeds_equal_trees(name):
    def tree(seed: int, problem: Problem = PROBLEM) -> dict[str, Any]:
        world = World(7, newline=True)
        return plain(solve(world, STRATEGIES[name], verifier=world.judge, seed=seed, problem=problem))["tree"]

    assert tree(0) == tree(0)
    draws = name not in ("greedy", "astar", "astar-one", "astar-step", "astar-proof")
    assert (len({str(tree(seed)) for seed in range(6)}) > 1) == draws
    other = tree(0, Problem("world", "another"))
    if name != "mcts-q":  # which draws root noise only: from the seed
        assert (other["nodes"] != tree(0)["nodes"]) == draws, "another problem draws other numbers"


def test_problems_in_flight_together_have_the_trees_they_have_alone():
    world = World(9, newline=True)
    problems = [Problem("world", f"p{i}") for i in range(len(STRATEGIES))]
    settings = [{"problem": p, "seed": i, "budget": Budget(tokens=40)} for i, p in enumerate(problems)]
    alone = [plain(solve(world, s, verifier=world.judge, **kw)) for s, kw in zip(STRATEGIES.values(), settings)]
    lives = [live(world, s, verifier=world.judge, **kw) for s, kw in zip(STRATEGIES.values(), settings)]
    run(world, *lives, max_rows=10_000)
    assert [plain(each) for each in lives] == alone


def test_a_crowded_batch_delays_a_search_and_changes_nothing_else():
    """With fewer rows than streams the charge at which a node was found moves, and only that."""
    for name in ("astar-step", "mcts-step", "astar-drawn", "mcts"):
        world = World(9, newline=True)

        def tree(max_rows: int, world: World = world, name: str = name) -> dict[str, Any]:
            (done,) = run(world, live(world, STRATEGIES[name], verifier=world.judge), max_rows=max_rows)
            data = plain(done)["tree"]
            for answer in data["answers"]:
                del answer["at_tokens"]
            return data

        assert tree(1) == tree(2) == tree(256)


def test_a_draw_depends_on_seed_problem_node_and_number_alone():
    """Drawn one by one, in threes, or while others run, the continuations are the same."""
    world = World(4, newline=True)

    class Draws:
        def __init__(self, *widths: int) -> None:
            self.widths = widths

        def search(self, tree, rng):
            for width in self.widths:
                yield Expand((ROOT,), width, Unit.ANSWER, Sampling())

    def counts(strategy: Any, *others: Any) -> dict[tuple[int, ...], int]:
        each = live(world, strategy)
        run(world, each, *(live(world, o, problem=Problem("world", f"q{i}")) for i, o in enumerate(others)))
        tree = each.session.tree
        return {tree.tokens[n]: tree.count[n] for n in tree.rollouts[ROOT]}

    one_by_one = counts(Draws(*[1] * 12))
    assert one_by_one == counts(Draws(12)) == counts(Draws(3, 4, 5), MCTS(), BestOfN(9)) == counts(Draws(5, 7))


# -- why a search ended -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(STRATEGIES))
def test_the_first_answer_that_passes_ends_the_search(name):
    world = World(3, newline=True, hint="value")
    verifier = Counting(world, passing=0.0)
    done = solve(world, STRATEGIES[name], verifier=verifier, stop_on_pass=True)
    assert done.stop_reason == "verified"
    assert done.session.tree.answers[-1].verdict == "pass"
    other = solve(world, STRATEGIES[name], verifier=Counting(world, passing=0.0))
    assert other.stop_reason == "finished"
    assert len(other.session.tree) >= len(done.session.tree)


def test_time_is_checked_between_passes():
    assert solve(World(1), AStar(), budget=Budget(seconds=1e-9)).stop_reason == "seconds"
    assert solve(World(1), AStar(), budget=Budget(seconds=1e9)).stop_reason == "finished"


def test_flops_are_a_hard_cap_too():
    class Costly(World):
        def flops(self, positions: int, context: int) -> float:
            return positions * (10.0 + context)

    for cap in (1.0, 40.0, 100.0, 300.0):
        done = solve(Costly(2), AStar(), budget=Budget(flops=cap))
        assert done.ledger.flops <= cap
        assert done.stop_reason == "flops"
    assert done.ledger.flops > 250.0


def test_a_budget_below_the_prompt_computes_nothing():
    world = World(2)
    done = solve(world, AStar(), budget=Budget(tokens=2))
    assert (done.stop_reason, done.ledger.tokens, len(done.session.tree)) == ("tokens", 0, 1)
    assert not world.computed


def test_an_interrupted_search_keeps_its_tree():
    world = World(5)
    scheduler = Scheduler(world)
    lives = [live(world, BestOfN(40, wave=8)), live(world, AStar(), problem=Problem("world", "q"))]
    for each in lives:
        scheduler.add(each)
    for _ in range(3):
        scheduler.step()
    assert scheduler.interrupt() == lives
    assert [each.stop_reason for each in lives] == ["interrupted"] * 2
    assert all(len(each.session.tree) > 1 for each in lives)
    cut = lives[0].session.tree
    assert Stop.BUDGET in cut.stop, "continuations under way are kept as they are"
    assert not scheduler.lives


def test_a_verifier_that_raises_ends_its_own_problem_only():
    world = World(6)

    def raises(problem: Problem, text: str) -> float:
        raise ZeroDivisionError("in the user's code")

    def nonsense(problem: Problem, text: str) -> Any:
        return "yes"

    def beyond(problem: Problem, text: str) -> float:
        return 1.5

    bad = [
        live(world, AStar(), verifier=v, problem=Problem("w", f"b{i}"))
        for i, v in enumerate((raises, nonsense, beyond))
    ]
    good = live(world, MCTS(), verifier=world.judge)
    run(world, *bad, good)
    assert [each.stop_reason for each in bad] == ["error"] * 3
    assert "ZeroDivisionError: in the user's code" in str(bad[0].error)
    assert isinstance(bad[0].error.__cause__, ZeroDivisionError)
    assert "not str" in str(bad[1].error)
    assert "[0, 1]" in str(bad[2].error)
    assert plain(good) == plain(solve(World(6), MCTS(), verifier=world.judge))


def test_expansions_cannot_spin_while_others_run():
    """Requests beyond the cap wait; they are not answered with nothing again and again."""
    done = solve(World(1), BestOfN(None, wave=8), budget=Budget(expansions=2))
    assert (done.stop_reason, done.ledger.expansions) == ("expansions", 2)
    assert sum(done.session.tree.count[n] for n in done.session.tree.rollouts[ROOT]) == 4


def test_a_multiple_is_prompt_plus_n_greedy_completions():
    for seed in range(10):
        world = World(seed)
        greedy = solve(world, Greedy()).session.tree
        done = solve(world, BestOfN(50), budget=Budget(multiple=2.5))
        assert done.ledger.cap == 3 + max(1, round(2.5 * greedy.length[1]))
        assert done.ledger.tokens <= done.ledger.cap or done.ledger.tokens == greedy.length[1] + 2


def test_the_greedy_completion_does_not_hide_an_answer_from_the_search():
    """A one-token completion has the tokens of a child of the root."""
    world = World(0, 2, 1, flat=0.01)
    seeds = [s for s in range(40) if World(s, 2, 1).table[()].argmax() == world.eos]
    for seed in seeds:
        strategy = AStar(g=Gain.LOGP, h=Future.ZERO, proof=True, batch=1, width=None)
        tree = solve(World(seed, 2, 1), strategy, budget=Budget(multiple=50.0)).session.tree
        assert [tree.tokens[n] for n in tree.rollouts[ROOT]] == [(world.eos,)]
        assert (world.eos,) in [tree.tokens[n] for n in tree.children[ROOT]]
    assert seeds


# -- forced tokens, refuted steps, events -------------------------------------------------------------------------


@dataclass(frozen=True)
class Echo:
    """Forces "c" after every "b"."""

    def __call__(self, problem: Problem, text: str) -> float:
        return 0.5

    def complete(self, problem: Problem, text: str) -> str | None:
        return "c" if text.endswith("b") else None


def test_forced_tokens_are_charged_and_left_out_of_the_likelihood():
    world = World(12, 3, 4)
    done = solve(world, BestOfN(60), verifier=Echo())
    tree, b, c = done.session.tree, 1, 2
    forced = 0
    for node in tree.rollouts[ROOT]:
        tokens, logp = tree.tokens[node], 0.0
        where = [i for i, t in enumerate(tokens) if t == c and i and tokens[i - 1] == b]
        assert tree.forced[node] == tuple(where)
        for i, token in enumerate(tokens):
            logp += 0.0 if i in where else world.table[tokens[:i]][token]
        assert tree.logp[node] == pytest.approx(logp, abs=1e-5)
        forced += len(where)
        assert all(tokens[i] == b for i in range(len(tokens) - 1) if i + 1 in where)
    assert forced
    by = done.ledger.tokens_by
    assert by[FORCED] > 0
    assert by[PROMPT] == 3
    assert by[GENERATED] + by[FORCED] == sum(world.computed.values()) - 1


class Closes:
    """After "bb" the rest is certain: two lines and the end."""

    prefixes = True

    def __call__(self, problem: Problem, text: str) -> float:
        return 0.5

    def complete(self, problem: Problem, text: str) -> str | None:
        return Ending("a\nb\n") if text.endswith("bb") else None


@pytest.mark.parametrize("strategy", [BestOfN(80), AStar(unit=Unit.STEP, sampling=Sampling()), AStar(unit=Unit.STEP)])
@pytest.mark.parametrize("seed", range(3))
def test_what_is_certain_to_the_end_ends_there_and_is_not_forwarded(strategy, seed):
    world = World(seed, 3, 7, newline=True, flat=5.0)
    done = solve(world, strategy, verifier=Closes(), seed=seed, budget=Budget(tokens=400))
    tree, a, b, newline = done.session.tree, 0, 1, 2
    closed = [answer for answer in tree.answers if "bb" in answer.text]
    assert closed
    for answer in closed:
        path = tree.path_tokens(answer.node)
        assert path[-7:] == (b, b, a, newline, b, newline, world.eos)
        assert answer.text.endswith("bba\nb\n")
        assert answer.text.index("bb") == len(answer.text) - 6
        edge = tree.tokens[answer.node]
        assert tree.forced[answer.node] == tuple(range(len(edge) - 5, len(edge)))
        assert tree.stop[answer.node] is Stop.EOS
    assert done.ledger.tokens == sum(world.computed.values()) - 1 + len(tree.prompt)
    assert not any("bb" in world.decode(path) for _, path in world.computed)
    assert not done.ledger.tokens_by.get(FORCED)


class Carry:
    """Forces "a" and the end of the line after every "b"."""

    prefixes = True

    def __call__(self, problem: Problem, text: str) -> float:
        return 0.5

    def complete(self, problem: Problem, text: str) -> str | None:
        return "a\n" if text.endswith("b") and len(text) < 4 else None


@dataclass(frozen=True)
class Script:
    """Asks what it is told to."""

    requests: list[Expand]

    def search(self, tree, rng):
        for request in self.requests:
            _ = yield request


def test_a_width_of_zero_values_a_node_after_its_forced_tokens_and_charges_them_once():
    valued = 0
    for seed in range(6):
        world = World(seed, 3, 5, newline=True, hint="state")
        steps = [Expand((ROOT,), 12, Unit.STEP, Sampling())]
        drawn = solve(world, Script(steps), verifier=Carry(), seed=seed)
        tree = drawn.session.tree
        assert tree.q[ROOT] == pytest.approx(world.best_score[()]), "expanded, so valued"
        ends = [n for n in tree.children[ROOT] if tree.is_open(n) and tree.forced[n]]
        assert all(tree.q[n] == 0.5 for n in ends)
        for node in ends:
            valued += 1
            looked = solve(world, Script([*steps, Expand((node,), 0)]), verifier=Carry(), seed=seed)
            assert looked.session.tree.q[node] == pytest.approx(world.best_score[tree.path_tokens(node)])
            assert not looked.session.tree.children[node]
            assert looked.ledger.tokens_by[FORCED] - drawn.ledger.tokens_by.get(FORCED, 0) == len(tree.forced[node])
            then = Expand((node,), 3, Unit.STEP, Sampling())
            straight = solve(world, Script([*steps, then]), verifier=Carry(), seed=seed)
            both = solve(world, Script([*steps, Expand((node,), 0), then]), verifier=Carry(), seed=seed)
            assert both.ledger.tokens == straight.ledger.tokens
            assert both.session.tree.to_json() == straight.session.tree.to_json()
    assert valued > 3


def test_a_refuted_step_is_a_dead_end():
    world = World(3, newline=True)

    class NoA:
        prefixes = True

        def __call__(self, problem: Problem, text: str) -> float:
            return 0.0 if text.startswith("a") and text.endswith("\n") else 0.5

    for strategy in (AStar(width=4), AStar(unit=Unit.STEP, width=8), MCTS(width=4), MCTS(unit=Unit.STEP, width=8)):
        tree = solve(world, strategy, verifier=NoA()).session.tree
        dead = [n for n in range(len(tree)) if tree.refuted[n]]
        assert dead
        for node in range(len(tree)):
            text = world.decode(tree.path_tokens(node))
            expected = text.startswith("a") and text.endswith("\n") and not tree.is_terminal(node)
            assert tree.refuted[node] == (expected and node in tree.children[tree.parent[node]])
            assert not tree.refuted[node] or not tree.children[node]


def test_events_tell_what_happened():
    world, events = World(3), []
    (done,) = run(world, live(world, MCTS(simulations=20), verifier=world.judge), on_event=events.append)
    tree = done.session.tree
    nodes = [e["node"] for e in events if e["type"] == "node"]
    assert nodes == list(range(1, len(tree)))
    assert [e["answer"] for e in events if e["type"] == "answer"] == tree.answers
    charges = [e["ledger"]["tokens"] for e in events if e["type"] == "charge"]
    assert charges == sorted(charges)
    assert charges[-1] == done.ledger.tokens
    assert (events[-1]["type"], events[-1]["reason"]) == ("end", "finished")
    assert {e["problem"] for e in events} == {"p"}


def test_wait_any_goes_on_with_the_shorter_continuation():
    world = World(0, 2, 4, flat=50.0)
    order = []

    class Two:
        def search(self, tree, rng):
            long = yield Submit(Expand((ROOT,), 1, Unit.ANSWER, GREEDY))
            short = yield Submit(Expand((ROOT,), 2))
            order.append((yield Wait((long, short)))[0])
            order.append((yield Wait((long,)))[0])

    assert solve(world, Two()).session.tree.length[-1] > 1
    assert order == [1, 0]


@pytest.mark.parametrize("name", sorted(STRATEGIES))
def test_a_known_unit_runs_no_greedy_completion(name):
    world = World(4, newline=True)
    by_unit = solve(world, STRATEGIES[name], budget=Budget(multiple=6, unit=4), seed=1)
    by_tokens = solve(World(4, newline=True), STRATEGIES[name], budget=Budget(tokens=3 + 24), seed=1)
    assert plain(by_unit) == plain(by_tokens)


@pytest.mark.parametrize("name", ["best-of-n", "astar-step", "mcts", "mcts-step"])
def test_every_draw_that_finishes_a_text_is_told(name):
    draws = []
    world = World(7, newline=True)
    (done,) = run(
        world,
        live(world, STRATEGIES[name], budget=Budget(tokens=60), seed=3),
        on_event=lambda event: draws.append(event) if event["type"] == "draw" else None,
    )
    tree = done.session.tree
    drawn = [a for a in tree.counted_answers() if tree.count[a.node]]
    assert drawn
    for a in drawn:
        rollout = a.node in tree.rollouts[tree.parent[a.node]]
        edge = {"parent": tree.parent[a.node], "tokens": tree.tokens[a.node], "rollout": rollout}
        of_answer = [event["at_tokens"] for event in draws if edge.items() <= event.items()]
        assert (len(of_answer), min(of_answer)) == (a.count, a.at_tokens)
    assert len(draws) == sum(a.count for a in drawn)


def test_what_is_forced_at_a_position_is_asked_once():
    class Forces(Counting):
        def __init__(self, world):
            super().__init__(world)
            self.asked: list[str] = []

        def complete(self, problem, text):
            self.asked.append(text)
            return "a" if text.endswith("b") else None

    world = World(2, depth=6)
    forces = Forces(world)
    done = solve(world, BestOfN(40, wave=16), verifier=forces, seed=1)
    assert done.ledger.tokens_by[FORCED]
    assert len(forces.asked) == len(set(forces.asked)) > 10
    assert all(a.text.replace("ba", "").count("b") == 0 for a in done.session.tree.answers if len(a.text) < 6)
