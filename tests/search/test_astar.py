"""Best-first search against exhaustive enumeration."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import ROOT, World, solve

from qstar.budget import Budget
from qstar.problem import Verdict
from qstar.request import Child, Expand, Sampling, Stop, Unit, Wait
from qstar.search import AStar, Future, Gain
from qstar.search.astar import ALL, Promises, Rest
from qstar.search.base import Frontier
from qstar.tree import Tree

UNIFORM_COST = AStar(g=Gain.LOGP, h=Future.ZERO, proof=True, batch=1, width=None)


def best(world: World) -> tuple[tuple[int, ...], float]:
    return max(world.sequences(), key=lambda pair: pair[1])


def found(world: World, strategy: AStar) -> tuple[tuple[int, ...], float, int]:
    """The most likely answer in the tree, and the expansions it took."""
    tree = (done := solve(world, strategy)).session.tree
    answer = max(tree.answers, key=lambda a: a.logp)
    return tree.path_tokens(answer.node), answer.logp, done.ledger.expansions


@settings(deadline=None, max_examples=60)
@given(
    seed=st.integers(0, 10**6),
    letters=st.integers(2, 4),
    depth=st.integers(1, 4),
    width=st.integers(1, 6) | st.none(),
    batch=st.sampled_from([1, 1, 3]),
    hint=st.sampled_from([None, "exact", "relaxed"]),
)
def test_the_first_answer_popped_is_the_most_likely_sequence(seed, letters, depth, width, batch, hint):
    world = World(seed, letters, depth, hint=hint)
    strategy = AStar(g=Gain.LOGP, h=Future.Q, proof=True, batch=batch, width=width)
    tokens, logp, _ = found(world, strategy)
    true_tokens, true_logp = best(world)
    assert logp == pytest.approx(true_logp, abs=1e-5)
    assert tokens == true_tokens or logp == pytest.approx(true_logp, abs=1e-6)


@pytest.mark.parametrize("width", [None, 2])
def test_an_admissible_h_saves_expansions(width):
    """Never more, and strictly fewer on 90% of random worlds, with the exact h and with a looser bound.

    In the other worlds nothing can be saved: the search without h already expands the best path alone.
    """
    worlds = 100
    fewer = {"exact": 0, "relaxed": 0}
    for seed in range(worlds):
        world = World(seed, 5, 4)
        tokens, _, expansions = found(world, AStar(g=Gain.LOGP, h=Future.ZERO, proof=True, batch=1, width=width))
        for hint in fewer:
            world.hint = hint
            guided = found(world, AStar(g=Gain.LOGP, h=Future.Q, proof=True, batch=1, width=width))
            assert guided[0] == tokens
            assert guided[2] <= expansions, f"{hint}, world {seed}"
            fewer[hint] += guided[2] < expansions
            assert hint != "exact" or guided[2] == len(tokens) or width is not None
    assert min(fewer.values()) >= 0.9 * worlds


def test_with_exact_h_only_the_best_path_is_expanded():
    for seed in range(40):
        tokens, _, expansions = found(
            World(seed, hint="exact"), AStar(g=Gain.LOGP, h=Future.Q, proof=True, batch=1, width=None)
        )
        assert expansions == len(tokens)


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 10**6), lam=st.floats(1, 5), width=st.sampled_from([None, 1, 2]))
def test_weighted_astar_keeps_its_bound(seed, lam, width):
    """The cost found is at most lam times the least (Pohl 1970)."""
    world = World(seed, hint="relaxed")
    _, logp, _ = found(world, AStar(g=Gain.LOGP, h=Future.Q, lam=lam, proof=True, batch=1, width=width))
    assert -logp <= lam * -best(world)[1] + 1e-4


def test_a_q_head_in_zero_to_one_does_not_break_the_proof():
    for seed in range(30):
        world = World(seed, hint="value")
        assert found(world, AStar(g=Gain.LOGP, proof=True, batch=1, width=2))[0] == best(world)[0]


def test_the_default_finds_the_best_score_first_with_an_exact_q():
    for seed in range(25):
        world = World(seed, hint="value")
        tree = solve(world, AStar(width=4, batch=1), verifier=world.judge).session.tree
        top = max(tree.answers, key=lambda a: a.score)
        assert top.score == max(world.scores.values())
        path = tree.path(top.node)
        assert [*map(tree.parent.__getitem__, path)] == [ROOT, *path[:-1]]
        older = [n for n in range(1, top.node) if min(tree.children[n], default=math.inf) < top.node and n not in path]
        assert not older, "with the true Q nothing beside the best path is expanded before its end"


@pytest.mark.parametrize("g", list(Gain))
@pytest.mark.parametrize("h", list(Future))
def test_nodes_are_expanded_in_the_order_of_f(g, h):
    """Replays the frontier by hand from the tree's columns."""
    world = World(11, 3, 4, hint="value")
    strategy = AStar(g=g, h=h, lam=0.7, alpha=0.3, width=4, batch=1)
    tree = solve(world, strategy, verifier=world.judge).session.tree
    reward = [0.0 if tree.is_dead(n) else tree.score[n] if tree.is_terminal(n) else tree.q[n] for n in range(len(tree))]
    gain = {
        Gain.NONE: lambda n: 0.0,
        Gain.MIN: lambda n: min(reward[m] for m in tree.path(n)),
        Gain.MAX: lambda n: max(reward[m] for m in tree.path(n)),
        Gain.SUM: lambda n: sum(reward[m] for m in tree.path(n)),
        Gain.LAST: lambda n: reward[n],
        Gain.LOGP: lambda n: 0.3 * tree.path_logp[n],
    }[g]
    future = {
        Future.Q: lambda n: reward[n],
        Future.LOG_Q: lambda n: math.log(max(reward[n], 1e-9)),
        Future.ZERO: lambda n: 0.0,
    }[h]
    order = sorted((n for n in range(len(tree)) if tree.children[n]), key=lambda n: tree.children[n][0])
    waiting = {ROOT}
    for node in order:
        top = max(waiting, key=lambda n: (math.inf if n == ROOT else gain(n) + 0.7 * future(n), tree.depth[n], -n))
        assert node == top
        waiting.remove(node)
        waiting |= {child for child in tree.children[node] if tree.is_open(child)}
    assert not waiting


def test_ties_go_to_the_deeper_node_then_to_the_older():
    tree = Tree("p", (1,))
    for parent, tokens in [(0, (1,)), (0, (2,)), (1, (3,)), (1, (4,))]:
        tree.add(parent, Child(tokens, -1.0, Stop.TOKEN), Unit.TOKEN)
    frontier = Frontier(tree.depth.__getitem__)
    for node in (2, 4, 1, 3):
        frontier.push(node, 0.5)
    frontier.push(2, 0.6, offset=3)
    assert [frontier.pop()[:2] for _ in range(5)] == [(2, 3), (3, 0), (4, 0), (1, 0), (2, 0)]


def test_drawn_children_are_drawn_again_until_nothing_new_turns_up():
    """Step search reaches nearly all of the probability, not only the first draws."""
    reached = first = 0.0
    for seed in range(20):
        world = World(seed, 2, 3)
        p = {tokens: math.exp(logp) for tokens, logp in world.sequences()}
        strategy = AStar(unit=Unit.STEP, width=4, sampling=Sampling())
        tree = solve(world, strategy, seed=seed).session.tree
        reached += sum(p[tree.path_tokens(a.node)] for a in tree.answers) / 20
        once = solve(
            world, AStar(unit=Unit.STEP, width=4, sampling=Sampling()), seed=seed, budget=Budget(expansions=1)
        ).session.tree
        first += sum(p[once.path_tokens(a.node)] for a in once.answers) / 20
    assert reached > first + 0.1
    assert reached > 0.75


def drawn(*children: tuple[float, float, int]) -> Tree:
    """A root with children of these Q, probabilities and counts."""
    tree = Tree("p", (1,))
    for token, (q, p, count) in enumerate(children):
        tree.add(ROOT, Child((token,), math.log(p), Stop.STEP, count, q), Unit.STEP)
    return tree


def test_a_node_is_drawn_from_again_for_the_mean_of_what_is_still_unseen():
    mean = (0.25 * 0.9 + 0.5 * 0.1) / 0.75  # by what is probable, not by what was drawn
    tree = drawn((0.9, 0.25, 1), (0.1, 0.5, 9))
    assert AStar(unit=Unit.STEP).f_again(tree, ROOT) == pytest.approx(mean * 0.25)
    assert AStar(unit=Unit.STEP, lam=0.5).f_again(tree, ROOT) == pytest.approx(mean * 0.25 / 2)
    log_q = AStar(unit=Unit.STEP, h=Future.LOG_Q)
    assert log_q.f_again(tree, ROOT) == pytest.approx(math.log(mean * 0.25))
    assert AStar(unit=Unit.STEP).f_again(drawn((0.9, 0.75, 1), (0.9, 0.25, 1)), ROOT) < 1e-6
    assert AStar(unit=Unit.STEP).f_again(tree, ROOT, Rest(0.1)) == pytest.approx(mean * 0.1)
    assert AStar(unit=Unit.STEP).f_again(tree, ROOT, Rest(0.1, 0.7), 0.5) == pytest.approx(0.7 * 0.1 * 0.5)
    for g in Gain:
        for h in Future:
            assert math.isfinite(AStar(unit=Unit.STEP, g=g, h=h).f_again(tree, ROOT))


def test_a_node_drawn_in_vain_is_not_given_up_for_one_that_keeps_giving_rubbish():
    """Draws from the root repeat what is known, those from its child give new steps of no value."""
    tree, asked_of = drawn((0.5, 0.5, 1)), []
    search = AStar(unit=Unit.STEP, width=2, batch=1, sampling=Sampling()).search(tree, np.random.default_rng(0))
    wish = next(search)
    for ticket in range(12):
        (node,) = wish.request.nodes
        asked_of.append(node)
        assert isinstance(search.send(ticket), Wait)
        new = tree.add(1, Child((ticket,), math.log(0.01), Stop.STEP, 1, 0.01), Unit.STEP) if node == 1 else 1
        wish = search.send((ticket, [new] if node in (ROOT, 1) else []))
    search.close()
    assert asked_of[:2] == [ROOT, 1]
    assert asked_of.count(ROOT) >= 6


class Stubborn(AStar):
    """Draws from a node again only when nothing else is left."""

    def f_again(self, tree: Tree, node: int, rest: Rest = ALL, belief: float = 1.0) -> float:
        return -1.0


def test_the_search_turns_back_where_the_first_draws_disappoint():
    """With the true values, it finds better answers for the same expansions."""
    best_of = {AStar: 0.0, Stubborn: 0.0}
    for seed in range(40):
        world = World(seed, 3, 5, newline=True, hint="value")
        for kind in best_of:
            strategy = kind(unit=Unit.STEP, width=2, batch=1, sampling=Sampling())
            tree = solve(world, strategy, verifier=world.judge, seed=seed, budget=Budget(expansions=11)).session.tree
            best_of[kind] += max((a.score for a in tree.answers), default=0.0)
    assert best_of[AStar] > best_of[Stubborn] + 0.5


def asked(tree: Tree, strategy: AStar, values: dict[int, float], most: int) -> list[tuple[int, int | None]]:
    """The nodes it asks for with their widths, where valuing a node gives these and drawing gives nothing new."""
    search, requests = strategy.search(tree, np.random.default_rng(0)), []
    wish = next(search)
    while len(requests) < most:
        if isinstance(wish, Wait):
            node, width = requests[min(wish.tickets)]
            if width == 0:
                tree.know(node, values[node])
            wish = search.send((min(wish.tickets), list(tree.children[node]) if node == ROOT else []))
        else:
            (node,) = wish.request.nodes
            requests.append((node, wish.request.width))
            wish = search.send(len(requests) - 1)
    search.close()
    return requests


def test_what_was_forced_is_seen_before_more_is_drawn_and_not_earlier_than_needed():
    tree = Tree("p", (1,))
    for token, q in enumerate((0.9, 0.8, 0.7, 0.5)):
        tree.add(ROOT, Child((token, 9), math.log(0.24), Stop.STEP, 1, q, forced=(1,)), Unit.STEP)
    values = {1: 0.1, 2: 0.6, 3: 0.3}
    order = [(ROOT, 2), (1, 0), (2, 0), (3, 0), (2, 2), (4, 0)]
    assert asked(tree, AStar(unit=Unit.STEP, width=2, batch=1, sampling=Sampling()), {**values, 4: 0.4}, 6) == order
    assert tree.valued == {1, 2, 3}, "the last one had been asked for, not yet answered"


def test_without_a_q_head_nothing_is_valued():
    tree = Tree("p", (1,))
    for token in range(2):
        tree.add(ROOT, Child((token, 9), math.log(0.4), Stop.STEP, 1, forced=(1,)), Unit.STEP)
    assert asked(tree, AStar(unit=Unit.STEP, width=2, batch=1, sampling=Sampling()), {}, 3) == [
        (ROOT, 2),
        (1, 2),
        (2, 2),
    ]


def test_a_node_whose_children_fell_in_value_is_not_drawn_from_at_its_old_priority():
    tree = drawn((0.9, 0.25, 3), (0.1, 0.5, 1))
    strategy, frontier = AStar(unit=Unit.STEP), Frontier(tree.depth.__getitem__)
    frontier.push(ROOT, strategy.f_again(tree, ROOT))
    frontier.push(2, strategy.f(tree, 2))
    tree.know(1, 0.05)
    assert strategy._pop(tree, frontier, 2, Promises(tree, 1.0), {}) == [(2, 0), (ROOT, 0)]


def test_belief_is_the_posterior_mean_of_what_q_is_worth():
    """Against draws of the model itself: a node's worth about its parent's belief, its successes, none of them."""
    trust, rng = 1.5, np.random.default_rng(0)
    tree = Tree("p", (1,))
    upper = tree.add(ROOT, Child((1,), -1.0, Stop.STEP, q=0.8), Unit.STEP)
    lower = tree.add(upper, Child((2,), -1.0, Stop.STEP, q=0.6), Unit.STEP)
    other = tree.add(upper, Child((3,), -1.0, Stop.STEP, q=0.6), Unit.STEP)
    promises = Promises(tree, trust)
    assert promises.belief(lower) == 1.0
    drawing = Expand((ROOT,), 8, Unit.STEP, Sampling())
    dead = [tree.add(lower, Child((4 + i,), -1.0, Stop.STEP, q=0.1, refuted=True), Unit.STEP) for i in range(2)]
    live = tree.add(lower, Child((9,), -1.0, Stop.STEP, q=0.1), Unit.STEP)
    promises.note(drawing, [*dead, live], [*dead, live], {})
    assert promises.in_vain == pytest.approx({upper: 0.4, lower: 0.4}), "two thirds of the Q of their parent"
    promises.note(drawing, dead[:1], [], {})  # known
    alone = tree.add(other, Child((4,), -1.0, Stop.EOS, verdict="fail", score=0.0), Unit.STEP)
    promises.note(drawing, [alone], [alone], {})
    assert promises.in_vain == pytest.approx({upper: 1.0, lower: 0.4, other: 0.6})
    assert promises.belief(ROOT) == 1.0

    def posterior_mean(prior_mean: float, promised: float) -> float:
        worth = rng.gamma(trust, prior_mean / trust, size=400_000)
        return worth[rng.poisson(worth * promised) == 0].mean()

    assert promises.belief(upper) == pytest.approx(posterior_mean(1.0, 1.0), rel=0.01)
    assert promises.belief(lower) == pytest.approx(posterior_mean(promises.belief(upper), 0.4), rel=0.01)
    assert promises.belief(live) == promises.belief(lower)

    more = [Child((5 + i,), math.log(p), Stop.STEP, refuted=True) for i, p in enumerate((0.3, 0.1))]
    more = [tree.add(other, child, Unit.STEP) for child in more]
    promises.note(drawing, more, more[:1], {other: Rest(0.4, 0.5)})
    assert promises.in_vain[other] == pytest.approx(0.6 + 0.4 * 0.5 * 0.3 / (0.3 + 0.1)), "what it waited under"
    listed = tree.add(live, Child((5,), -1.0, Stop.EOS, q=0.05, verdict="fail", score=0.0), Unit.TOKEN)
    promises.note(Expand((live,)), [listed], [listed], {})
    assert promises.in_vain[live] == pytest.approx(0.05), "its own"
    below = tree.add(live, Child((6,), -1.0, Stop.EOS, q=-trust, verdict="fail", score=0.0), Unit.TOKEN)
    promises.note(Expand((live,)), [below], [below], {})
    assert promises.in_vain[live] == pytest.approx(0.05), "a bound on a log-likelihood is no promise"


def test_an_end_that_nobody_expected_is_no_broken_promise():
    """Tokens are listed whether or not they promise anything: good Q is followed as without a verifier's noes."""

    class Sure(World):
        def token_q(self, trie, tokens):
            path = tuple(tokens)
            right = [0.9 if (*path, t) == (1,) * (len(path) + 1) else 0.3 for t in range(self.vocabulary - 1)]
            return np.array([*right, 0.9 if len(path) == self.depth else 0.001])

    def judge(problem, text):
        return Verdict.PASS if text == "b" * 7 else Verdict.FAIL

    for seed in range(5):
        spent = []
        for trust in (1.0, None):
            tree = solve(Sure(seed, 2, 7), AStar(width=3, batch=1, trust=trust), verifier=judge).session.tree
            spent.append(min(answer.at_tokens for answer in tree.answers if answer.verdict == "pass"))
        assert spent[0] <= 1.5 * spent[1]


def test_a_subtree_whose_promises_break_is_left_for_another():
    """Q praises all that follows "a", where every answer is wrong; one of those that follow "b" is right."""

    class Misled(World):
        def token_q(self, trie, tokens):
            path = tuple(tokens)
            return np.array([0.9 if (*path, t)[0] == 0 else 0.5 for t in range(self.vocabulary)])

    def judge(problem, text):
        return Verdict.PASS if text.startswith("b") else Verdict.FAIL

    def tokens(trust: float | None, seed: int) -> int:
        """Charged until the first right answer."""
        strategy = AStar(unit=Unit.STEP, width=1, batch=1, trust=trust)
        tree = solve(Misled(seed, 3, 7, newline=True), strategy, verifier=judge, seed=seed).session.tree
        return min(answer.at_tokens for answer in tree.answers if answer.verdict == "pass")

    spent = {trust: [tokens(trust, seed) for seed in range(10)] for trust in (1.0, None)}
    assert sum(spent[1.0]) < 0.6 * sum(spent[None])


def test_a_proof_believes_its_bound():
    world = World(5, 3, 4, hint="exact")
    strict = AStar(g=Gain.LOGP, proof=True, batch=1)
    trees = [solve(world, replace(strict, trust=trust)).session.tree.to_json() for trust in (0.01, None)]
    assert trees[0] == trees[1]


@pytest.mark.parametrize(
    "settings",
    [
        {"batch": 0},
        {"lam": -1.0},
        {"trust": 0.0},
        {"trust": math.nan},
        {"trust": math.inf},
        {"proof": True},
        {"proof": True, "g": Gain.LOGP, "unit": Unit.STEP},
    ],
)
def test_settings_that_make_no_sense(settings):
    with pytest.raises(ValueError):
        AStar(**settings)
