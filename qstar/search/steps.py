"""Steps of a node in turn, the best beginning first."""

from __future__ import annotations

import heapq
import math
from collections import defaultdict

from qstar.request import GREEDY, Begin, Expand, Other, Unit
from qstar.tree import Tree

OTHERS = 16  # tokens listed beside each that a step took
QUALITY = 2.0  # weight of log Q of a beginning beside its log-probability


class Steps:
    """Successors that are more than a token: too many to list, but they can be had one after another.

    The first step of a node is the greedy one. Every token that it could have taken instead begins other steps; the
    next one has the best beginning of all that no step before it had, and completes it greedily: limited discrepancy
    search (Harvey & Ginsberg 1995) in the order of log p + `QUALITY` log Q, or of p alone without a Q head. No step
    comes twice, and nothing that is known is forwarded again. Beside each token the `OTHERS` most probable are listed.
    """

    def __init__(self, tree: Tree, unit: Unit) -> None:
        self._tree, self._unit = tree, unit
        self._begun: set[int] = set()
        # heaps, by node: minus the priority of a beginning, the step that it leaves, and how
        self._beginnings: defaultdict[int, list[tuple[float, int, Other]]] = defaultdict(list)

    def chance(self, node: int) -> float:
        """The probability of the beginning that comes next; 0 if there is none."""
        return math.exp(self._beginnings[node][0][2].logp) if self._beginnings[node] else 0.0

    def request(self, node: int, width: int) -> Expand:
        """Asks for the next `width` steps of `node`, or as many as there are; at first for the greedy one alone."""
        if node not in self._begun:
            self._begun.add(node)
            return Expand((node,), 1, self._unit, GREEDY, others=OTHERS)
        begins = tuple(self._pop(node) for _ in range(min(width, len(self._beginnings[node]))))
        return Expand((node,), len(begins), self._unit, GREEDY, begins=begins, others=OTHERS)

    def _pop(self, node: int) -> Begin:
        _, child, other = heapq.heappop(self._beginnings[node])
        forced = tuple(i for i in self._tree.forced[child] if i < other.at)
        return Begin((*self._tree.tokens[child][: other.at], other.token), forced, other.logp)

    def note(self, child: int) -> None:
        """Notes the beginnings that leave a new child of some node at one of its tokens."""
        for other in self._tree.others[child]:
            quality = 0.0 if math.isnan(other.q) else QUALITY * math.log(max(other.q, 1e-6))
            heapq.heappush(self._beginnings[self._tree.parent[child]], (-other.logp - quality, child, other))
