"""A* over partial solutions: expand the node with the largest f = g + lambda * h."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from enum import Enum
from itertools import groupby
from typing import Any

import numpy as np

from qstar.request import Expand, Sampling, Submit, Unit, Wait
from qstar.search.base import Frontier, estimate
from qstar.search.steps import Steps
from qstar.tree import ROOT, Tree

PATIENCE = 64  # draws in vain, which cost no tokens, before a node has to wait for all others


class Gain(str, Enum):
    """g, what the path has earned so far."""

    NONE = "none"
    MIN = "min"  # MIN, MAX, SUM, LAST: Q*'s aggregations of the step rewards (arXiv 2406.14283, eq. 5)
    MAX = "max"
    SUM = "sum"
    LAST = "last"
    LOGP = "logp"  # alpha * sum of log p: minus the cost of the classical reading


class Future(str, Enum):
    """h, what is still to come."""

    Q = "q"
    LOG_Q = "log_q"
    ZERO = "zero"


@dataclass(frozen=True)
class AStar:
    """Best-first search over tokens or steps.

    The default finds answers: g = 0 and h = Q, both of one unit. A log-likelihood of tens of nats beside a Q in
    [0, 1] would be uniform-cost search in disguise; the likelihood-aware form is alpha * log p + lam * log Q
    (`g=LOGP, h=LOG_Q`). Where the model has no Q head, the mean likelihood per token stands in for Q.

    Steps come one after another, the best beginning first (`Steps`), or they are drawn, if a sampling is given. Either
    way those that a node gave are not all there are: it waits in the frontier once more, as in partial expansion
    (Yoshizumi et al. 2000), under the mean value of what it gave times a probability: that of the beginning that comes
    next, or of all that was not drawn yet. The search turns back to it when what it gave has disappointed.

    A step that ends in tokens a verifier forced has the Q of its last drawn token, which knows nothing of them. Popped
    for the first time it is only valued after them, and waits once more under that: A* with lazy evaluation
    (Cohen, Phillips & Likhachev 2014). They have to be forwarded anyway when it is expanded.

    The classical reading (cost -log p, admissible h, the first terminal popped is optimal) is
    `AStar(g=LOGP, h=ZERO or Q, proof=True, batch=1)` with token units: successors then range lazily over the whole
    vocabulary, and the first answer popped is the exact maximum-likelihood sequence.

    Attributes:
        g, alpha: gain of the path, and its weight if it is LOGP.
        h, lam: estimate of the future, and its weight; lam > 1 with a cost-like g is weighted A*.
        width: children per expansion; of steps in turn, as many before the node waits, and then one at a time.
        batch: nodes expanded together.
        unit, sampling: what a child is, and how it is drawn. Without a sampling children come in the order of their
            probability: tokens exactly so, steps by how they begin.
        guidance: weight of log Q beside log p in that order, and token by token in what completes a step.
        proof: finished nodes wait in the frontier, and the first popped ends the search. Otherwise the search is
            anytime: every answer is recorded when it is found, and the budget ends it.
    """

    g: Gain = Gain.NONE
    lam: float = 1.0
    alpha: float = 1.0
    h: Future = Future.Q
    width: int | None = 8
    batch: int = 4
    unit: Unit = Unit.TOKEN
    sampling: Sampling | None = None
    guidance: float = 2.0
    proof: bool = False
    anytime = True

    def __post_init__(self) -> None:
        if self.batch < 1 or (self.width is not None and self.width < 1):
            raise ValueError(f"batch and width must be at least 1, not {self.batch} and {self.width}")
        weights = (self.alpha, self.lam, self.guidance)
        if not all(0 <= weight < math.inf for weight in weights):
            raise ValueError(f"alpha, lam and guidance are weights, finite and not negative: {weights}")
        if self.proof and (self.unit is not Unit.TOKEN or self.sampling is not None or self.g is not Gain.LOGP):
            raise ValueError("proof needs g=LOGP and enumerated tokens: only then is a popped answer optimal")

    def search(self, tree: Tree, rng: np.random.Generator) -> Generator[Any, Any, None]:
        frontier = Frontier(tree.depth.__getitem__)
        frontier.push(ROOT, math.inf)
        steps = Steps(tree, self.unit, self.guidance) if self.sampling is None and self.unit is not Unit.TOKEN else None
        # tokens come together; steps end at different times: the next begins when the oldest is done, and replies
        # are taken in the order of the requests, so that the search does not depend on what shares its batch
        at_once = self.batch if self.unit is Unit.TOKEN else 1
        flying: dict[int, Expand] = {}
        known: set[int] = set()
        valued: set[int] = set()  # nodes, after their forced tokens
        chance: dict[int, float] = {}  # of something new from a node, at most
        vain: Counter[int] = Counter()  # draws of a node since one was new
        barren: list[int] = []  # nodes drawn in vain for long
        round_start = len(tree)
        while frontier or flying:
            while frontier and sum(len(request.nodes) for request in flying.values()) + at_once <= self.batch:
                popped = self._pop(tree, frontier, at_once, chance)
                if not popped:
                    return  # an answer was popped: nothing in the frontier can beat it
                blind = tuple(node for node, _ in popped if node not in valued and self._is_blind(tree, node))
                valued.update(blind)
                seen = [entry for entry in popped if entry[0] not in blind]
                for request in ([Expand(blind, 0)] if blind else []) + self._requests(tree, seen, steps):
                    flying[(yield Submit(request))] = request
            ticket, children = yield Wait((min(flying),))
            request = flying.pop(ticket)
            if request.width == 0:
                for node in request.nodes:
                    frontier.push(node, self.f(tree, node))
                continue
            fertile: set[int] = set()
            for child in children:
                if child not in known:
                    known.add(child)
                    fertile.add(tree.parent[child])
                    if steps is not None:
                        steps.note(child)
                    if tree.is_open(child) or (self.proof and tree.is_terminal(child)):
                        frontier.push(child, self.f(tree, child))
            if self.proof and self.width is not None:
                self._push_rest(tree, frontier, request.nodes, children, request.offset)
            if steps is not None:
                for node in request.nodes:
                    chance[node] = steps.chance(node)
                    if chance[node]:
                        wanting = len(tree.children[node]) < self._width
                        frontier.push(node, math.inf if wanting else self.f_again(tree, node, chance[node]))
            if self.sampling is None:
                continue
            for node in request.nodes:
                vain[node] = 0 if node in fertile else vain[node] + self._width
                chance[node] = 1 / (vain[node] + 1)  # draws that keep finding nothing say that there is less to find
                if vain[node] < PATIENCE:
                    frontier.push(node, self.f_again(tree, node, chance[node]))
                else:
                    barren.append(node)
            if not frontier and not flying and len(tree) > round_start:
                # draw from all once more, as long as a round finds something new
                for node in barren:
                    frontier.push(node, self.f_again(tree, node, chance[node]))
                barren, round_start = [], len(tree)

    @property
    def _width(self) -> int:
        """Children per expansion, where there are not just all."""
        return self.width or 1

    def _requests(self, tree: Tree, popped: list[tuple[int, int]], steps: Steps | None) -> list[Expand]:
        """What to ask for at the nodes that were popped, with their offsets."""
        if steps is not None:
            missing = [max(1, self._width - len(tree.children[node])) for node, _ in popped]
            return [steps.request(node, count) for (node, _), count in zip(popped, missing)]
        return [
            Expand(tuple(node for node, _ in group), self.width, self.unit, self.sampling, offset)
            for offset, group in groupby(popped, lambda entry: entry[1])
        ]

    def _is_blind(self, tree: Tree, node: int) -> bool:
        """Whether its priority hangs on the Q of a token before the last, which was forced."""
        if self.h is Future.ZERO and self.g in (Gain.NONE, Gain.LOGP):
            return False
        forced = tree.forced[node]
        return bool(forced) and forced[-1] == len(tree.tokens[node]) - 1 and not math.isnan(tree.q[node])

    def f(self, tree: Tree, node: int) -> float:
        """The priority of `node`."""
        return self._gain(tree, node) + self.lam * self._future(tree, node)

    def f_again(self, tree: Tree, node: int, chance: float = 1.0) -> float:
        """The priority of continuing `node` once more; `chance` bounds the probability that something new comes of it.

        What is unseen, and what the children weigh, is so by the model's own probabilities, at T = 1.
        """
        children = tree.children[node]
        p = [math.exp(tree.path_logp[child] - tree.path_logp[node]) for child in children]
        unseen = max(1e-9, min(1.0 - sum(p), chance))
        mean = sum(p_child * estimate(tree, child) for p_child, child in zip(p, children)) / max(sum(p), 1e-30)
        gain = 0.0 if node == ROOT else self._gain(tree, node)
        if self.h is Future.LOG_Q:
            weight = self.alpha if self.g is Gain.LOGP else self.lam
            return gain + self.lam * math.log(max(mean, 1e-9)) + weight * math.log(unseen)
        if self.g is Gain.LOGP:
            return gain + self.lam * self._future(tree, node) + self.alpha * math.log(unseen)
        return gain + self.lam * (0.0 if self.h is Future.ZERO else mean * unseen)

    def _gain(self, tree: Tree, node: int) -> float:
        if self.g is Gain.NONE:
            return 0.0
        if self.g is Gain.LOGP:
            return self.alpha * tree.path_logp[node]
        if self.g is Gain.LAST:
            return _reward(tree, node)
        rewards = [_reward(tree, n) for n in tree.path(node)]
        return min(rewards) if self.g is Gain.MIN else max(rewards) if self.g is Gain.MAX else sum(rewards)

    def _future(self, tree: Tree, node: int) -> float:
        if self.h is Future.ZERO or (self.proof and tree.is_terminal(node)):
            return 0.0
        if self.g is Gain.LOGP and self.h is Future.Q:
            q = 0.0 if math.isnan(tree.q[node]) else tree.q[node]
            return min(q, 0.0) if self.proof else q  # a bound on the log-likelihood to come is at most 0
        q = estimate(tree, node)
        return math.log(max(q, 1e-9)) if self.h is Future.LOG_Q else q

    def _pop(self, tree: Tree, frontier: Frontier, most: int, chance: Mapping[int, float]) -> list[tuple[int, int]]:
        """Up to `most` nodes with their offsets; none if the best entry is an answer."""
        popped: list[tuple[int, int]] = []
        while frontier and len(popped) < most:
            node, offset, priority = frontier.pop()
            again = bool(tree.children[node]) and not offset
            if again and priority < math.inf:  # its children may have been valued since
                now = self.f_again(tree, node, chance.get(node, 1.0))
                if now < priority:
                    frontier.push(node, now)
                    continue
            if tree.is_terminal(node):
                if popped:
                    frontier.push(node, priority)
                break
            popped.append((node, offset))
        return popped

    def _push_rest(
        self, tree: Tree, frontier: Frontier, nodes: tuple[int, ...], children: list[int], offset: int
    ) -> None:
        """The successors not yet enumerated wait under a bound: h <= 0, and none is better than its parent."""
        assert self.width is not None
        for node in nodes:
            own = [child for child in children if tree.parent[child] == node]
            if len(own) == self.width:
                bound = min(self.alpha * tree.path_logp[own[-1]], self.f(tree, node))
                frontier.push(node, bound, offset + self.width)


def _reward(tree: Tree, node: int) -> float:
    """R_P, the process reward of the step that ends in `node`: the prefix verifier's score, else Q."""
    score = tree.score[node]
    return score if not math.isnan(score) else estimate(tree, node)
