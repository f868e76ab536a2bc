"""What a smaller budget would have found, read off one run of an anytime search.

Every answer is dated with the model tokens that its problem had been charged, in the order of the charges, when it
ended. What a search does does not depend on its cap until the cap cuts: so the answers dated up to a cap are those of
a run under that cap. There is one exception. A run of its own may still follow, at no cost, texts that are known
already, after the cap has kept another stream from going on; such answers are dated later here. Reading off never
finds more than the run of its own.

It takes a search that does not look at its budget: independent completions under way together are begun, and
finished, as the budget is expected to cover them. So samples have to be drawn one after the other (`BestOfN(wave=1)`),
and leaves be valued by Q or rolled out one at a time. Everything else is run once for each budget.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from qstar.search import MCTS, BestOfN, Greedy, Leaf
from qstar.session import Strategy
from qstar.tree import Answer, Tree

Edge = tuple[int, tuple[int, ...], bool]  # parent, tokens, whether a rollout


def reads_off(strategy: Strategy, has_q: bool) -> bool:
    """Whether all budgets can be read off the run with the largest; `has_q`: the model has a Q head."""
    if isinstance(strategy, BestOfN):
        return strategy.wave == 1
    if isinstance(strategy, MCTS):
        by_q = strategy.leaf is Leaf.Q or (strategy.leaf is Leaf.AUTO and has_q)
        return by_q or strategy.leaves == 1
    return bool(getattr(strategy, "anytime", False))


def takes_any_budget(strategy: Strategy) -> bool:
    """Whether it makes no use of a budget: it has one point."""
    return isinstance(strategy, Greedy)


class Spent(NamedTuple):
    """Where a problem stood after a pass; `seconds` is its share of the wall clock."""

    tokens: int
    flops: float
    seconds: float


@dataclass
class Trace:
    """What is to be remembered of one search beside its tree.

    Attributes:
        draws: for every edge that ended a text, when each draw of it did, in charged tokens.
        spent: after each pass.
    """

    draws: dict[Edge, list[int]] = field(default_factory=lambda: defaultdict(list))
    spent: list[Spent] = field(default_factory=list)
    seconds: float = 0.0

    def drawn(self, event: Mapping[str, Any]) -> None:
        """Takes a scheduler's event of the type "draw"."""
        self.draws[event["parent"], tuple(event["tokens"]), event["rollout"]].append(event["at_tokens"])

    def charged(self, tokens: int, flops: float, seconds: float) -> None:
        """Takes what has been spent up to now, and the seconds that are new."""
        self.seconds += seconds
        self.spent.append(Spent(tokens, flops, self.seconds))

    def within(self, cap: float) -> Spent:
        """What had been spent when one token more than `cap` was first needed."""
        i = bisect_right(self.spent, cap, key=lambda spent: spent.tokens)
        if i == len(self.spent):
            return self.spent[-1] if self.spent else Spent(0, 0.0, self.seconds)
        before = self.spent[i - 1] if i else Spent(0, 0.0, 0.0)
        return Spent(int(cap), *_between(before, self.spent[i], cap))


def _between(a: Spent, b: Spent, tokens: float) -> tuple[float, float]:
    """FLOPs and seconds at `tokens`, a part of the way from `a` to `b`."""
    share = (tokens - a.tokens) / (b.tokens - a.tokens)
    return a.flops + share * (b.flops - a.flops), a.seconds + share * (b.seconds - a.seconds)


def answers_within(tree: Tree, trace: Trace, cap: float) -> list[Answer]:
    """The answers found up to `cap` charged tokens, each with the number of draws that had ended in it."""
    found = []
    for answer in tree.answers:
        if answer.at_tokens > cap:
            continue
        parent = tree.parent[answer.node]
        edge = parent, tree.tokens[answer.node], answer.node in tree.rollouts[parent]
        times = sum(at <= cap for at in trace.draws.get(edge, ()))
        found.append(replace(answer, count=max(times, 1)))
    return found
