"""Strategies: frozen dataclasses whose `search(tree, rng)` reads like the paper and holds no model."""

from qstar.search.astar import AStar, Future, Gain
from qstar.search.mcts import MCTS, Backup, Leaf
from qstar.search.sampling import BestOfN, Greedy

STRATEGIES = {"greedy": Greedy, "best-of-n": BestOfN, "astar": AStar, "mcts": MCTS}

__all__ = ["MCTS", "STRATEGIES", "AStar", "Backup", "BestOfN", "Future", "Gain", "Greedy", "Leaf"]
