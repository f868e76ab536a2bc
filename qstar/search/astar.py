"""A* over partial solutions: expand the node with the largest f = g + lambda * h."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np

from qstar.request import Expand, Sampling, Submit, Unit, Wait
from qstar.search.base import Frontier, estimate
from qstar.search.steps import Steps
from qstar.tree import ROOT, Tree

STALE = 0.01  # part of its priority that a waiting node may have lost unnoticed
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


class Rest(NamedTuple):
    """What a node may still give: the probability that something new comes of it, at most, and the Q of that."""

    chance: float
    q: float = math.nan


ALL = Rest(1.0)


class Promises:
    """How far Q is believed at each node, by what it has promised below that node in vain.

    Of the continuations tried below a node, Q says that E succeed, E the sum of what was promised of each. Take the
    number of those that do as Poisson with mean x E, and x, what Q's word is worth there, as Gamma-distributed with
    shape `trust` about the belief m in its parent: if none succeeds, the posterior mean is m trust / (trust + m E).
    Levels are chained as if each had its own dead ends, which is simple and errs on the side of turning elsewhere.
    """

    def __init__(self, tree: Tree, trust: float | None) -> None:
        self._tree, self._trust = tree, trust or math.inf
        self.in_vain: dict[int, float] = {}  # by node: E

    def note(self, request: Expand, children: Sequence[int], new: Sequence[int], rests: Mapping[int, Rest]) -> None:
        """Books the dead ends among the new of its children: refuted, out of room, or finished with a score of 0.

        Of a token that was listed its own Q was promised. What was drawn was asked for under the Q of its parent, or
        of what that still had to give: so much was promised of all, and of each in proportion to its probability.
        """
        if self._trust == math.inf:
            return
        tree = self._tree
        dead = [child for child in new if not tree.is_open(child) and estimate(tree, child) == 0.0]
        if not dead:
            return
        together: defaultdict[int, float] = defaultdict(float)
        for child in children:
            together[tree.parent[child]] += math.exp(tree.logp[child])
        for child in dead:
            parent = tree.parent[child]
            if request.sampling is None and not math.isnan(tree.q[child]):
                promised = tree.q[child]
            else:
                rest = rests.get(parent, ALL)
                share = math.exp(tree.logp[child]) / (together[parent] or 1.0)
                promised = share * rest.chance * (estimate(tree, parent) if math.isnan(rest.q) else rest.q)
            if promised > 0:  # an estimate that is no probability promises nothing
                for node in tree.path(parent):
                    self.in_vain[node] = self.in_vain.get(node, 0.0) + promised

    def belief(self, node: int) -> float:
        """The part of Q to be believed at `node`."""
        belief = 1.0
        if self.in_vain:
            for above in self._tree.path(node):
                if in_vain := self.in_vain.get(above):
                    belief *= self._trust / (self._trust + belief * in_vain)
        return belief


@dataclass(frozen=True)
class AStar:
    """Best-first search over tokens or steps.

    The default finds answers: g = 0 and h = Q, both of one unit. A log-likelihood of tens of nats beside a Q in
    [0, 1] would be uniform-cost search in disguise; the likelihood-aware form is alpha * log p + lam * log Q
    (`g=LOGP, h=LOG_Q`). Where the model has no Q head, the mean likelihood per token stands in for Q.

    Steps come one after another, the best beginning first (`Steps`), or they are drawn, if a sampling is given. Either
    way those that a node gave are not all there are: it waits in the frontier once more, as in partial expansion
    (Yoshizumi et al. 2000), under the Q of the beginning that comes next times its probability; without a Q head, and
    for what is drawn, the mean value of what the node gave stands in for that Q, and for what is drawn the probability
    of all that is left.

    Q may be wrong about a whole subtree, and a search by Q alone would go through all of it. What was promised of a
    child that turned out to be a dead end is booked at every node above, and their Q is believed the less for it
    (`Promises`), so that the search turns elsewhere. It is h that shrinks, where h is a probability or its logarithm.

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
        trust: successes that Q may promise in vain below a node before it counts half there; None: always in full.
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
    trust: float | None = 1.0
    proof: bool = False
    anytime = True

    def __post_init__(self) -> None:
        if self.batch < 1 or (self.width is not None and self.width < 1):
            raise ValueError(f"batch and width must be at least 1, not {self.batch} and {self.width}")
        weights = (self.alpha, self.lam, self.guidance)
        if not all(0 <= weight < math.inf for weight in weights):
            raise ValueError(f"alpha, lam and guidance are weights, finite and not negative: {weights}")
        if self.trust is not None and not 0 < self.trust < math.inf:
            raise ValueError(f"trust is a number of promises above 0, or None: {self.trust}")
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
        promises = Promises(tree, None if self.proof else self.trust)
        rests: dict[int, Rest] = {}  # of nodes that wait once more
        vain: Counter[int] = Counter()  # draws of a node since one was new
        barren: list[int] = []  # nodes drawn in vain for long
        round_start = len(tree)
        while frontier or flying:
            while frontier and sum(len(request.nodes) for request in flying.values()) + at_once <= self.batch:
                popped = self._pop(tree, frontier, at_once, promises, rests)
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
                    frontier.push(node, self.f(tree, node, promises.belief(node)))
                continue
            new = [child for child in children if child not in known]
            known.update(new)
            promises.note(request, children, new, rests)
            belief = {node: promises.belief(node) for node in request.nodes}  # that of a new child is its parent's
            for child in new:
                if steps is not None:
                    steps.note(child)
                if tree.is_open(child) or (self.proof and tree.is_terminal(child)):
                    frontier.push(child, self.f(tree, child, belief[tree.parent[child]]))
            if self.proof and self.width is not None:
                self._push_rest(tree, frontier, request.nodes, children, request.offset)
            if steps is not None:
                for node in request.nodes:
                    if coming := steps.coming(node):
                        rests[node] = Rest(math.exp(coming.logp), coming.q)
                        wanting = len(tree.children[node]) < self._width
                        again = math.inf if wanting else self.f_again(tree, node, rests[node], belief[node])
                        frontier.push(node, again)
            if self.sampling is None:
                continue
            fertile = {tree.parent[child] for child in new}
            for node in request.nodes:
                vain[node] = 0 if node in fertile else vain[node] + self._width
                # draws that keep finding nothing say that there is less to find
                rests[node] = Rest(1 / (vain[node] + 1))
                if vain[node] < PATIENCE:
                    frontier.push(node, self.f_again(tree, node, rests[node], belief[node]))
                else:
                    barren.append(node)
            if not frontier and not flying and len(tree) > round_start:
                # draw from all once more, as long as a round finds something new
                for node in barren:
                    frontier.push(node, self.f_again(tree, node, rests[node], promises.belief(node)))
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

    def f(self, tree: Tree, node: int, belief: float = 1.0) -> float:
        """The priority of `node`, where Q counts `belief` of what it says."""
        return self._gain(tree, node) + self.lam * self._future(tree, node, belief)

    def f_again(self, tree: Tree, node: int, rest: Rest = ALL, belief: float = 1.0) -> float:
        """The priority of continuing `node` once more.

        What is unseen, and what the children weigh, is so by the model's own probabilities, at T = 1.
        """
        children = tree.children[node]
        p = [math.exp(tree.path_logp[child] - tree.path_logp[node]) for child in children]
        unseen = max(1e-9, min(1.0 - sum(p), rest.chance))
        value = rest.q
        if math.isnan(value):
            value = sum(p_child * estimate(tree, child) for p_child, child in zip(p, children)) / max(sum(p), 1e-30)
        value *= belief
        gain = 0.0 if node == ROOT else self._gain(tree, node)
        if self.h is Future.LOG_Q:
            weight = self.alpha if self.g is Gain.LOGP else self.lam
            return gain + self.lam * math.log(max(value, 1e-9)) + weight * math.log(unseen)
        if self.g is Gain.LOGP:
            return gain + self.lam * self._future(tree, node, belief) + self.alpha * math.log(unseen)
        return gain + self.lam * (0.0 if self.h is Future.ZERO else value * unseen)

    def _gain(self, tree: Tree, node: int) -> float:
        if self.g is Gain.NONE:
            return 0.0
        if self.g is Gain.LOGP:
            return self.alpha * tree.path_logp[node]
        if self.g is Gain.LAST:
            return _reward(tree, node)
        rewards = [_reward(tree, n) for n in tree.path(node)]
        return min(rewards) if self.g is Gain.MIN else max(rewards) if self.g is Gain.MAX else sum(rewards)

    def _future(self, tree: Tree, node: int, belief: float) -> float:
        if self.h is Future.ZERO or (self.proof and tree.is_terminal(node)):
            return 0.0
        if self.g is Gain.LOGP and self.h is Future.Q:
            q = 0.0 if math.isnan(tree.q[node]) else tree.q[node]
            return min(q, 0.0) if self.proof else q  # a bound on the log-likelihood to come is at most 0
        q = estimate(tree, node) * belief
        return math.log(max(q, 1e-9)) if self.h is Future.LOG_Q else q

    def _pop(
        self, tree: Tree, frontier: Frontier, most: int, promises: Promises, rests: Mapping[int, Rest]
    ) -> list[tuple[int, int]]:
        """Up to `most` nodes with their offsets; none if the best entry is an answer."""
        popped: list[tuple[int, int]] = []
        while frontier and len(popped) < most:
            node, offset, priority = frontier.pop()
            again = bool(tree.children[node]) and not offset
            if (again or promises.in_vain) and priority < math.inf:
                belief = promises.belief(node)  # which may be less than it was, as may be the value of its children
                rest = rests.get(node, ALL)
                now = self.f_again(tree, node, rest, belief) if again else self.f(tree, node, belief)
                if now < priority - STALE * abs(priority):
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
