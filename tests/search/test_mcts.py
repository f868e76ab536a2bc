"""PUCT against a textbook implementation, and where its visits converge."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import PROBLEM, ROOT, World, live, run, solve

from qstar.request import Expand, Submit, Unit
from qstar.search import MCTS, Backup, Leaf
from qstar.tree import Tree


@dataclass
class Node:
    """A node of the textbook search."""

    prior: float
    q: float
    visits: int = 0
    values: list[float] = field(default_factory=list)
    children: dict[int, Node] = field(default_factory=dict)


def textbook(world: World, simulations: int, backup: Backup) -> dict[tuple[int, ...], int]:
    """AlphaZero's search, one leaf at a time, with a leaf worth the sum of prior * Q. Visits by token path."""

    def value(node: Node) -> float:
        return max(node.values) if backup is Backup.MAX else sum(node.values) / node.visits

    def puct(parent: Node, child: Node) -> float:
        c = 1.25 + math.log((parent.visits + 19652 + 1) / 19652)
        q = value(child) if child.visits else child.q
        return q + c * child.prior * math.sqrt(parent.visits) / (1 + child.visits)

    root = Node(1.0, math.nan)
    for _ in range(simulations):
        node, tokens, path = root, (), [root]
        while node.children:
            token = max(node.children, key=lambda t: puct(node, node.children[t]))
            node, tokens = node.children[token], (*tokens, token)
            path.append(node)
        if tokens and tokens[-1] == world.eos:
            leaf = world.score(tokens)
        else:
            q = world.token_q(None, tokens)
            p = {t: math.exp(x) for t, x in enumerate(world.table[tokens]) if x > -math.inf}
            leaf = sum(p[t] * q[t] for t in p)
            node.children = {t: Node(p[t], q[t]) for t in sorted(p, key=p.__getitem__, reverse=True)}
        for each in path:
            each.visits += 1
            each.values.append(leaf)

    def visits(node: Node, tokens: tuple[int, ...]) -> dict[tuple[int, ...], int]:
        out = {tokens: node.visits}
        for token, child in node.children.items():
            out |= visits(child, (*tokens, token))
        return out

    return visits(root, ())


@pytest.mark.parametrize("backup", list(Backup))
def test_visits_equal_the_textbook(backup):
    for seed in range(12):
        world = World(seed, hint="value")
        strategy = MCTS(simulations=150, width=4, leaves=1, leaf=Leaf.Q, backup=backup, revisit=True)
        tree = solve(world, strategy, verifier=world.judge).session.tree
        found = {tree.path_tokens(n): tree.visits[n] for n in range(len(tree))}
        assert found == textbook(world, 150, backup)


@pytest.mark.parametrize("backup", list(Backup))
@pytest.mark.parametrize("leaves", [1, 4])
def test_visits_converge_on_the_best_first_action(backup, leaves):
    worlds = 0
    for seed in range(60):
        world = World(seed, 3, 2, hint="value", flat=20.0)
        ranked = sorted(world.token_q(None, ()))
        if ranked[-1] - ranked[-2] < 0.1:
            continue  # nearly as good: it takes longer
        worlds += 1
        best = max(range(world.vocabulary), key=world.token_q(None, ()).__getitem__)
        share = []
        for simulations in (60, 900):
            strategy = MCTS(simulations=simulations, width=4, leaves=leaves, backup=backup, revisit=True)
            tree = solve(world, strategy, verifier=world.judge).session.tree
            visits = {tree.tokens[child][0]: tree.visits[child] for child in tree.children[ROOT]}
            share.append(visits[best] / sum(visits.values()))
        assert max(visits, key=visits.__getitem__) == best
        assert share[1] > 0.6
        assert share[1] >= share[0] - 0.05
        if backup is Backup.MAX:
            assert tree.value_max[ROOT] == max(world.scores.values())
        else:
            assert tree.value(ROOT) > 0.7 * max(world.scores.values())
    assert worlds >= 10


@settings(deadline=None, max_examples=40)
@given(
    seed=st.integers(0, 10**6),
    leaves=st.integers(1, 6),
    simulations=st.integers(1, 80),
    revisit=st.booleans(),
    backup=st.sampled_from(list(Backup)),
    unit=st.sampled_from([Unit.TOKEN, Unit.STEP]),
    hint=st.sampled_from([None, "value"]),
)
def test_visits_add_up(seed, leaves, simulations, revisit, backup, unit, hint):
    """Virtual losses are all taken back: a node's visits are those of its children and its own."""
    world = World(seed, newline=True, hint=hint)
    strategy = MCTS(simulations, 3, leaves, unit, revisit=revisit, backup=backup)
    tree = solve(world, strategy, verifier=world.judge).session.tree
    assert tree.visits[ROOT] <= simulations
    assert not revisit or tree.visits[ROOT] == simulations
    for node in range(len(tree)):
        below = sum(tree.visits[child] for child in tree.children[node])
        own = tree.visits[node] - below
        if node in (rollout for family in tree.rollouts for rollout in family):
            assert tree.visits[node] == 0
        elif tree.is_open(node):
            assert own == 1 if unit is Unit.TOKEN and tree.children[node] else own >= 0
        else:
            assert revisit or own <= 1
        assert 0 <= tree.value_sum[node] <= tree.visits[node] + 1e-9
        assert tree.visits[node] == 0 or tree.value(node) <= tree.value_max[node] + 1e-9


def test_leaves_of_a_round_are_distinct_and_spread_by_virtual_loss():
    """Along the search as it runs; one leaf at a time is told apart from four at a time by the requests."""

    def rounds(leaves: int) -> list[tuple[int, ...]]:
        world = World(1, 4, 4, hint="value")
        search = live(world, MCTS(leaves=leaves, width=5, leaf=Leaf.Q), verifier=world.judge)
        requests: list[tuple[int, ...]] = []
        issue = search.session._issue
        search.session._issue = lambda request: requests.append(request.nodes) or issue(request)
        run(world, search)
        return requests

    four = rounds(4)
    assert max(map(len, four)) == 4
    assert all(len(set(nodes)) == len(nodes) for nodes in four)
    full = sum(len(nodes) == 4 for nodes in four)
    assert full > 0.8 * len(four)
    assert all(len(nodes) == 1 for nodes in rounds(1))
    flat = [node for nodes in four for node in nodes]
    assert len(set(flat)) == len(flat), "an expanded node is not expanded again"


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 10**6), leaf=st.sampled_from(list(Leaf)), leaves=st.integers(1, 5))
def test_without_a_budget_everything_is_found_once(seed, leaf, leaves):
    world = World(seed, 3, 3, hint="value")
    tree = solve(world, MCTS(width=4, leaf=leaf, leaves=leaves), verifier=world.judge).session.tree
    children = [node for family in tree.children for node in family]
    found = [tree.path_tokens(n) for n in children if tree.is_terminal(n)]
    assert sorted(found) == sorted(tokens for tokens, _ in world.sequences())


def test_a_drawn_node_is_drawn_from_again_as_its_visits_grow():
    """With the square root of its visits, though the children it has are not yet searched to their end."""
    grown = 0
    for seed in range(20):
        world = World(seed, 3, 6, newline=True, hint="value")
        tree = solve(world, MCTS(40, width=2, leaves=1, unit=Unit.STEP), verifier=world.judge, seed=seed).session.tree
        rounds = tree.draws[ROOT] // 2
        assert rounds >= 1
        assert (rounds - 1) ** 2 * 2 <= tree.visits[ROOT] or not any(map(tree.is_open, tree.children[ROOT]))
        grown += rounds >= 4
    assert grown >= 15


def test_a_leaf_without_q_is_worth_its_rollout():
    world = World(6)
    tree = solve(world, MCTS(simulations=1, leaves=1), verifier=world.judge).session.tree
    (rollout,) = tree.rollouts[ROOT]
    assert tree.value(ROOT) == tree.score[rollout] == world.scores[tree.answers[-1].text]
    assert rollout not in tree.children[ROOT]


def test_a_leaf_whose_state_is_valued_is_worth_that():
    world = World(6, hint="state")
    tree = solve(world, MCTS(simulations=1, leaves=1)).session.tree
    assert tree.value(ROOT) == pytest.approx(world.best_score[()])


def test_root_noise_is_dirichlet_drawn_from_the_seed():
    world = World(3, 4, 3, hint="value")

    def visits(seed: int, noise: float) -> list[int]:
        tree = solve(world, MCTS(simulations=60, width=5, noise=noise, revisit=True), seed=seed).session.tree
        return [tree.visits[child] for child in tree.children[ROOT]]

    assert visits(0, 0.0) == visits(1, 0.0)
    assert visits(0, 0.5) == visits(0, 0.5)
    assert len({tuple(visits(seed, 0.5)) for seed in range(5)}) > 1


def test_dead_ends_are_worth_nothing_and_not_entered_again():
    world = World(2, 3, 4, newline=True)

    class Strict:
        prefixes = True

        def __call__(self, problem, text):
            return 0.0 if "b\n" in text else 0.5

    tree = solve(world, MCTS(unit=Unit.STEP, width=6, simulations=60), verifier=Strict()).session.tree
    dead = [n for n in range(len(tree)) if tree.refuted[n]]
    assert dead
    assert all(not tree.children[n] and not tree.rollouts[n] and tree.visits[n] == 0 for n in dead)


@pytest.mark.parametrize("settings", [{"leaves": 0}, {"width": 0}, {"revisit": True}])
def test_settings_that_make_no_sense(settings):
    with pytest.raises(ValueError):
        MCTS(**settings)


def test_a_strategy_only_needs_a_tree():
    """No engine: the generator is driven by hand, as its docstring promises."""
    tree = Tree(PROBLEM.id, (1,))
    search = MCTS(width=2, leaf=Leaf.Q).search(tree, None)
    assert next(search) == Submit(Expand((ROOT,), 2))
