"""What the strategies share: the value of a node, and a frontier."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable

from qstar.request import Sampling, Unit
from qstar.tree import Tree

SAMPLED = Sampling(temperature=1.0)


def likelihood(tree: Tree, node: int) -> float:
    """exp of the mean raw log-probability per token of the path: in (0, 1], comparable across lengths."""
    return math.exp(tree.path_logp[node] / max(tree.length[node], 1))


def estimate(tree: Tree, node: int) -> float:
    """The value of a node in [0, 1]: what the verifier said of a finished text, else Q, else the likelihood."""
    if tree.is_dead(node):
        return 0.0
    score, q = tree.score[node], tree.q[node]
    if score == score and (q != q or tree.is_terminal(node)):  # x == x: not NaN
        return score
    return q if q == q else likelihood(tree, node)


def sampling_for(unit: Unit, sampling: Sampling | None) -> Sampling | None:
    """Tokens are enumerated unless a sampling is given; anything longer has to be sampled, by default at T = 1."""
    return sampling if sampling is not None or unit is Unit.TOKEN else SAMPLED


class Frontier:
    """A priority queue of nodes, largest priority first; ties go to the deeper node, then to the older one."""

    def __init__(self, depth: Callable[[int], int]) -> None:
        self._depth = depth
        self._heap: list[tuple[float, int, int, int]] = []

    def __len__(self) -> int:
        return len(self._heap)

    def push(self, node: int, priority: float, offset: int = 0) -> None:
        """`offset` > 0 stands for the children of `node` from that rank on."""
        heapq.heappush(self._heap, (-priority, -self._depth(node), node, offset))

    def pop(self) -> tuple[int, int, float]:
        """Node, offset, priority."""
        priority, _, node, offset = heapq.heappop(self._heap)
        return node, offset, -priority
