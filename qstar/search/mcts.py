"""Monte-Carlo tree search with PUCT (AlphaZero, Silver et al. 2018; for language models arXiv 2309.17179)."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np

from qstar.request import Expand, Sampling, Submit, Unit, Wait
from qstar.search.base import SAMPLED, estimate, sampling_for
from qstar.tree import ROOT, Tree

PATIENCE = 8  # fruitless draws in a row before a node counts as exhausted


class Backup(str, Enum):
    """How a node sums up the values found below it."""

    MEAN = "mean"
    MAX = "max"


class Leaf(str, Enum):
    """Where the value of a new leaf comes from."""

    AUTO = "auto"  # Q where the model has a Q head, else a rollout
    Q = "q"  # V of the leaf, or sum over its children of prior * Q
    ROLLOUT = "rollout"  # complete the text once and judge it


@dataclass(frozen=True)
class MCTS:
    """Select by PUCT, expand, evaluate, back up.

    Drawn children are not all there are: a node is drawn from again as its visits grow (progressive widening,
    Couetoux et al. 2011), and when nothing is left to find below the children it has.

    Attributes:
        simulations: leaves evaluated at most; None leaves it to the budget.
        width: children per expansion.
        leaves: leaves selected together; a virtual loss keeps them apart. Finished answers met on the way cost
            nothing and take no place among them.
        unit, sampling: tokens are enumerated unless a sampling is given; steps are drawn.
        c_init, c_base: exploration, c = c_init + log((N + c_base + 1) / c_base).
        dirichlet, noise: Dirichlet alpha at the root, and its weight (AlphaZero's self-play has 0.25; here 0).
        backup: MEAN, or MAX (PG-TD, arXiv 2303.05510).
        leaf, rollout: how a leaf is valued, and how a rollout draws.
        revisit: visit finished answers again, as in games: visit counts then converge on the best action. By
            default a subtree in which nothing is left to find is not entered again.
    """

    simulations: int | None = None
    width: int = 8
    leaves: int = 4
    unit: Unit = Unit.TOKEN
    sampling: Sampling | None = None
    c_init: float = 1.25
    c_base: float = 19652.0
    dirichlet: float = 0.3
    noise: float = 0.0
    backup: Backup = Backup.MEAN
    leaf: Leaf = Leaf.AUTO
    rollout: Sampling = SAMPLED
    revisit: bool = False
    anytime = True

    def __post_init__(self) -> None:
        if self.leaves < 1 or self.width < 1:
            raise ValueError(f"leaves and width must be at least 1, not {self.leaves} and {self.width}")
        if self.simulations is not None and self.simulations < 1:
            raise ValueError(f"simulations must be at least 1, not {self.simulations}")
        if self.revisit and self.simulations is None:
            raise ValueError("revisit needs a number of simulations: finished answers cost nothing to visit")

    def search(self, tree: Tree, rng: np.random.Generator) -> Generator[Any, Any, None]:
        run = _Run(self, tree, rng)
        sampling = sampling_for(self.unit, self.sampling)
        # tokens come together; steps end at different times: the next begins when the oldest is done, and replies
        # are taken in the order of the requests, so that the search does not depend on what shares its batch
        at_once = self.leaves if self.unit is Unit.TOKEN else 1
        flying: dict[int, list[list[int]]] = {}  # expansions and rollouts under way, by ticket: their paths
        rollouts: set[int] = set()
        while True:
            while sum(map(len, flying.values())) + at_once <= self.leaves:
                selected = run.selected
                paths = run.select_leaves(at_once)
                if run.selected == selected:  # nothing is left to enter
                    break
                if not paths:
                    continue
                nodes = tuple(path[-1] for path in paths)
                flying[(yield Submit(Expand(nodes, self.width, self.unit, sampling)))] = paths
            if not flying:
                return
            ticket, found = yield Wait((min(flying),))
            paths = flying.pop(ticket)
            if ticket in rollouts:
                ends = {tree.parent[end]: end for end in found}
                values: list[float | None] = [estimate(tree, ends[p[-1]]) if p[-1] in ends else 0.0 for p in paths]
            else:
                run.expanded(path[-1] for path in paths)
                values = [run.leaf_value(path[-1]) for path in paths]
            unknown: list[list[int]] = []
            for path, value in zip(paths, values):
                if value is None:
                    unknown.append(path)
                else:
                    run.back_up(path, value)
            if unknown:
                nodes = tuple(path[-1] for path in unknown)
                ticket = yield Submit(Expand(nodes, 1, Unit.ANSWER, self.rollout))
                rollouts.add(ticket)
                flying[ticket] = unknown


class _Run:
    """The state of one search that is not in the tree: what is in flight and what is closed."""

    def __init__(self, settings: MCTS, tree: Tree, rng: np.random.Generator) -> None:
        self.settings, self.tree, self.rng = settings, tree, rng
        self.in_flight: dict[int, int] = {}  # virtual visits
        self.flying_leaves: set[int] = set()
        self.selected = 0  # simulations begun
        self.most = math.inf if settings.simulations is None else settings.simulations
        self.booked: Counter[int] = Counter()  # children of a node that the search knows of
        self.fruitless: Counter[int] = Counter()  # draws in a row that found no new child
        self.closed: set[int] = set()  # nothing left to find below
        self.open_children: dict[int, int] = {}  # of an expanded node, those not closed
        self.drawn = sampling_for(settings.unit, settings.sampling) is not None
        self.redraw: set[int] = set()  # drawn nodes whose children are all closed
        self.rounds: Counter[int] = Counter()  # of draws from a node
        self.root_noise: dict[int, float] = {}

    def select_leaves(self, most: int) -> list[list[int]]:
        """Up to `most` paths to leaves; finished answers met on the way are backed up and do not count."""
        tree, settings = self.tree, self.settings
        leaves: list[list[int]] = []
        revisits = 0
        while len(leaves) + revisits < most and self.selected < self.most and ROOT not in self.closed:
            path = self.select()
            if path is None:  # everything left to enter is in flight
                break
            self.selected += 1
            if tree.is_open(path[-1]):
                leaves.append(path)
                continue
            self.back_up(path, estimate(tree, path[-1]))  # finished: its value is known
            if not settings.revisit:
                self.close(path[-1])
            else:
                revisits += 1
        return leaves

    def select(self) -> list[int] | None:
        """The path from the root to a leaf, marked as in flight; None if every leaf left is in flight already."""
        tree = self.tree
        crowded: set[int] = set()  # every leaf below is in flight
        while ROOT not in crowded and ROOT not in self.flying_leaves:
            node, path = ROOT, [ROOT]
            while node in self.open_children and node not in self.redraw and not self.widens(node):
                best = self.best_child(node, crowded)
                if best < 0:
                    crowded.add(node)
                    break
                node = best
                path.append(node)
            else:
                for n in path:
                    self.in_flight[n] = self.in_flight.get(n, 0) + 1
                if tree.is_open(node):
                    self.flying_leaves.add(node)
                return path
        return None

    def widens(self, node: int) -> bool:
        """Whether a drawn node is to be drawn from once more: rounds grow as the square root of its visits."""
        return self.may_give_more(node) and self.tree.visits[node] >= self.settings.width * self.rounds[node] ** 2

    def may_give_more(self, node: int) -> bool:
        """Whether drawing from `node` may still find a new child; enumerated children are all there are."""
        return self.drawn and self.fruitless[node] < PATIENCE

    def best_child(self, parent: int, crowded: set[int]) -> int:
        """The child with the largest Q + P * c * sqrt(N_parent) / (1 + N), visits in flight counted as losses.

        -1 if there is none to enter.
        """
        s, tree, in_flight = self.settings, self.tree, self.in_flight
        visits, q, prior = tree.visits, tree.q, tree.prior
        n_parent = visits[parent] + in_flight.get(parent, 0)
        explore = (s.c_init + math.log((n_parent + s.c_base + 1) / s.c_base)) * math.sqrt(n_parent)
        unvisited = tree.value(parent) if visits[parent] else 0.0  # where the Q head says nothing
        noise = self._noise() if parent == ROOT and s.noise else {}
        best, best_score = -1, -math.inf
        for child in tree.children[parent]:
            if child in self.closed or child in self.flying_leaves or child in crowded:
                continue
            n, p = visits[child] + in_flight.get(child, 0), prior[child]
            if not visits[child]:
                value = q[child] if q[child] == q[child] else unvisited  # x == x: not NaN
            elif s.backup is Backup.MAX:
                value = tree.value_max[child]
            else:
                value = tree.value_sum[child] / n
            if noise:
                p = (1 - s.noise) * p + s.noise * noise.get(child, 0.0)
            score = value + explore * p / (1 + n)
            if score > best_score:
                best, best_score = child, score
        return best

    def expanded(self, nodes: Iterable[int]) -> None:
        """Books the children that an expansion found; a node left without any is closed."""
        tree = self.tree
        for node in nodes:
            self.redraw.discard(node)
            self.rounds[node] += 1
            fresh = tree.children[node][self.booked[node] :]
            self.booked[node] += len(fresh)
            self.open_children[node] = self.open_children.get(node, 0) + len(fresh)
            self.fruitless[node] = 0 if fresh else self.fruitless[node] + 1
            if not fresh and self.open_children[node] == 0:
                if self.may_give_more(node):
                    self.redraw.add(node)  # known texts cost nothing to draw again
                else:
                    self.close(node)
            elif not self.settings.revisit:
                for child in fresh:
                    if tree.is_dead(child):
                        self.close(child)

    def close(self, node: int) -> None:
        """Nothing is left below `node`. A drawn parent that loses its last open child may be drawn from again."""
        while node not in self.closed:
            self.closed.add(node)
            if node == ROOT:
                return
            node = self.tree.parent[node]
            self.open_children[node] -= 1
            if self.open_children[node]:
                return
            if self.drawn:
                self.redraw.add(node)
                return

    def leaf_value(self, node: int) -> float | None:
        """V, or the sum over the children of prior * Q, or None where a rollout has to tell."""
        tree, children = self.tree, self.tree.children[node]
        if not children:
            return 0.0
        by_q = self.settings.leaf is Leaf.Q or (
            self.settings.leaf is Leaf.AUTO and not all(math.isnan(tree.q[child]) for child in children)
        )
        if not by_q:
            return None
        if node in tree.valued:
            return tree.q[node]
        total = sum(tree.prior[child] for child in children)
        return sum(tree.prior[child] * estimate(tree, child) for child in children) / total

    def back_up(self, path: list[int], value: float) -> None:
        """Adds `value` to every node of `path` and takes the virtual visits back."""
        tree = self.tree
        for node in path:
            tree.visits[node] += 1
            tree.value_sum[node] += value
            tree.value_max[node] = max(tree.value_max[node], value)
            self.in_flight[node] -= 1
        self.flying_leaves.discard(path[-1])

    def _noise(self) -> dict[int, float]:
        """Dirichlet noise for the children that the root had at first."""
        if not self.root_noise:
            family = self.tree.children[ROOT]
            draw = self.rng.dirichlet([self.settings.dirichlet] * len(family))
            self.root_noise = dict(zip(family, draw.tolist()))
        return self.root_noise
