"""Steps of a node in turn, the best beginning first."""

from __future__ import annotations

import heapq
import math
from collections import defaultdict

from qstar.request import AMONG, LEAST_Q, Begin, Expand, Other, Sampling, Unit
from qstar.tree import Tree


class Steps:
    """Successors that are more than a token: too many to list, but they can be had one after another.

    The first step of a node takes the best token, again and again: the one with the largest log p + w log Q, where
    `guidance` is w, or with the largest p without a Q head. Every token that it could have taken instead begins other
    steps; the next one has the best beginning of all that no step before it had, in the same order, and is completed
    like the first: limited discrepancy search (Harvey & Ginsberg 1995). No step comes twice, and nothing that is known
    is forwarded again. Beside each token the `AMONG` most probable are listed.
    """

    def __init__(self, tree: Tree, unit: Unit, guidance: float) -> None:
        self._tree, self._unit, self._guidance = tree, unit, guidance
        self._best = Sampling(temperature=0.0, guidance=guidance)
        self._begun: set[int] = set()
        # heaps, by node: minus the priority of a beginning, the step that it leaves, and how
        self._beginnings: defaultdict[int, list[tuple[float, int, Other]]] = defaultdict(list)

    def coming(self, node: int) -> Other | None:
        """The beginning that comes next."""
        return self._beginnings[node][0][2] if self._beginnings[node] else None

    def request(self, node: int, width: int) -> Expand:
        """Asks for the next `width` steps of `node`, or as many as there are; at first for the best alone."""
        if node not in self._begun:
            self._begun.add(node)
            return Expand((node,), 1, self._unit, self._best, others=AMONG)
        begins = tuple(self._pop(node) for _ in range(min(width, len(self._beginnings[node]))))
        return Expand((node,), len(begins), self._unit, self._best, begins=begins, others=AMONG)

    def _pop(self, node: int) -> Begin:
        _, child, other = heapq.heappop(self._beginnings[node])
        forced = tuple(i for i in self._tree.forced[child] if i < other.at)
        return Begin((*self._tree.tokens[child][: other.at], other.token), forced, other.logp)

    def note(self, child: int) -> None:
        """Notes the beginnings that leave a new child of some node at one of its tokens."""
        for other in self._tree.others[child]:
            quality = 0.0 if math.isnan(other.q) else self._guidance * math.log(max(other.q, LEAST_Q))
            heapq.heappush(self._beginnings[self._tree.parent[child]], (-other.logp - quality, child, other))
