"""The tree of partial solutions: a column per property, a row per node, and the finished answers.

Node 0 is the root, the end of the prompt. Every other node stands for the edge that leads to it: one token, one
step, or a whole answer. Identical siblings are one node with a multiplicity.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from qstar.request import Child, Other, Stop, Unit

ROOT = 0
_FINISHED = (Stop.EOS, Stop.STRING)
_ENDS = (*_FINISHED, Stop.LENGTH)
FORMAT, VERSION = "qstar.tree", 1

_COLUMNS = (
    *("parent", "tokens", "logp", "path_logp", "prior", "count", "q", "score", "stop", "length", "depth"),
    *("forced", "refuted", "visits", "value_sum", "value_max"),
)


@dataclass(frozen=True)
class Answer:
    """A finished solution.

    Attributes:
        node: its tree node.
        text: the whole completion.
        answer: the short answer found in it, if any.
        verdict, score: what the verifier said (None, NaN: there is none, or it raised).
        q: the Q head's estimate at the last token that was not forced, NaN without one.
        logp: raw log-probability of the completion, nats.
        count: how many draws ended here.
        length: tokens of the completion.
        at_tokens: model tokens charged when it was found, so that smaller budgets can be read off this run.
    """

    node: int
    text: str
    answer: str | None
    verdict: str | None
    score: float
    q: float
    logp: float
    count: int
    length: int
    at_tokens: int


class Tree:
    """Grows by `add`; strategies read the columns and write visits and values."""

    def __init__(self, problem_id: str = "", prompt: Sequence[int] = ()) -> None:
        self.problem_id = problem_id
        self.prompt = tuple(prompt)
        self.parent: list[int] = []
        self.tokens: list[tuple[int, ...]] = []
        self.logp: list[float] = []
        self.path_logp: list[float] = []  # from the root
        self.prior: list[float] = []  # among its siblings
        self.count: list[int] = []
        self.q: list[float] = []
        self.valued: set[int] = set()  # whose q is the value of their state
        self.score: list[float] = []
        self.stop: list[Stop | None] = []
        self.length: list[int] = []  # tokens from the root
        self.depth: list[int] = []  # edges from the root
        self.forced: list[tuple[int, ...]] = []  # which of the edge's tokens
        self.refuted: list[bool] = []
        self.others: list[tuple[Other, ...]] = []  # what could have been drawn instead; not saved
        self.visits: list[int] = []
        self.value_sum: list[float] = []
        self.value_max: list[float] = []
        self.children: list[Sequence[int]] = []  # by tokens and steps
        self.rollouts: list[Sequence[int]] = []  # by whole answers
        self.draws: list[int] = []  # continuations sampled from here so far
        self.answers: list[Answer] = []
        self._index: dict[tuple[int, tuple[int, ...], bool], int] = {}  # by parent, tokens, whether a rollout
        self._open: list[bool] = []  # may be expanded
        self._append(-1, [Child((), 0.0, Stop.TOKEN)], path_logp=0.0, length=0, depth=0)
        self.stop[ROOT] = None

    def __len__(self) -> int:
        return len(self.parent)

    def _append(self, parent: int, children: Sequence[Child], path_logp: float, length: int, depth: int) -> None:
        """Rows for `children`, a column at a time; the last three belong to the parent, but the depth."""
        n = len(children)
        logps = [child.logp for child in children]
        self.parent += [parent] * n
        self.tokens += [child.tokens for child in children]
        self.logp += logps
        self.path_logp += [path_logp + logp for logp in logps]
        self.prior += map(math.exp, logps)
        self.count += [child.count for child in children]
        self.q += [child.q for child in children]
        self.score += [child.score for child in children]
        self.stop += [child.stop for child in children]
        self.length += [length + len(child.tokens) for child in children]
        self.depth += [depth] * n
        self.forced += [child.forced for child in children]
        self.refuted += [child.refuted for child in children]
        self.others += [child.others for child in children]
        self.visits += [0] * n
        self.value_sum += [0.0] * n
        self.value_max += [-math.inf] * n
        self.children += [()] * n  # a list once there are any
        self.rollouts += [()] * n
        self.draws += [0] * n
        self._open += [not (child.refuted or child.stop in _ENDS) for child in children]

    def grow(self, parent: int, children: Sequence[Child], unit: Unit) -> list[int]:
        """Adds `children` below `parent` and returns their nodes; one that is there already gains its count.

        The prior of an enumerated child, or a step in turn, is its raw probability; for sampled ones see
        `share_prior`. A rollout is no child, even if it has the tokens of one: it would be missed in the search and
        weigh on its prior.
        """
        rollout = unit is Unit.ANSWER
        nodes: list[int] = []
        fresh: list[Child] = []
        for child in children:
            key = (parent, child.tokens, rollout)
            node = self._index.get(key)
            if node is None:
                node = self._index[key] = len(self) + len(fresh)
                fresh.append(child)
            elif node < len(self):
                self.count[node] += child.count
                self.others[node] = self.others[node] or child.others
            else:
                raise ValueError(f"two of the children of node {parent} are the same: merge them first")
            nodes.append(node)
        first = len(self)
        self._append(parent, fresh, self.path_logp[parent], self.length[parent], self.depth[parent] + 1)
        if fresh:
            families = self.rollouts if rollout else self.children
            families[parent] = [*families[parent], *range(first, len(self))]
        for node, child in enumerate(fresh, first):
            if child.stop in _FINISHED:
                self.answers.append(self._answer(node, child))
        self.draws[parent] += sum(child.count for child in children)
        return nodes

    def add(self, parent: int, child: Child, unit: Unit) -> int:
        """`grow` by one child."""
        return self.grow(parent, [child], unit)[0]

    def _answer(self, node: int, child: Child) -> Answer:
        return Answer(
            node=node,
            text=child.text or "",
            answer=child.answer,
            verdict=child.verdict,
            score=child.score,
            q=child.q,
            logp=self.path_logp[node],
            count=child.count or 1,
            length=self.length[node],
            at_tokens=child.at_tokens,
        )

    def know(self, node: int, value: float) -> None:
        """The Q head's value of the state after all tokens of `node`: it replaces the Q of its last drawn token."""
        if not math.isnan(value):
            self.q[node] = value
            self.valued.add(node)

    def share_prior(self, parent: int) -> None:
        """Sampled children share a prior of 1 by multiplicity (Sampled MuZero, arXiv 2104.06303)."""
        family = [child for child in self.children[parent] if self.count[child]]
        total = sum(self.count[child] for child in family)
        for child in family:
            self.prior[child] = self.count[child] / total

    def is_terminal(self, node: int) -> bool:
        """Finished: the text ended by itself."""
        return self.stop[node] in _FINISHED

    def is_dead(self, node: int) -> bool:
        """Cannot be continued to an answer: refuted, or out of room."""
        return self.refuted[node] or self.stop[node] is Stop.LENGTH

    def is_open(self, node: int) -> bool:
        """May be expanded."""
        return self._open[node]

    def path(self, node: int) -> list[int]:
        """Nodes from the first one below the root to `node`."""
        out = []
        while node != ROOT:
            out.append(node)
            node = self.parent[node]
        return out[::-1]

    def path_tokens(self, node: int) -> tuple[int, ...]:
        """Token ids after the prompt."""
        return tuple(token for n in self.path(node) for token in self.tokens[n])

    def value(self, node: int) -> float:
        """Mean of the backed-up values; NaN before the first."""
        return self.value_sum[node] / self.visits[node] if self.visits[node] else math.nan

    def counted_answers(self) -> Iterator[Answer]:
        """The answers with the number of draws that ended in each, as it is now."""
        for a in self.answers:
            yield Answer(**{**asdict(a), "count": max(self.count[a.node], 1)})

    # -- file format: docs/tree-format.md ---------------------------------------------------------------------

    def to_json(self) -> dict[str, Any]:
        """Plain data; NaN and infinities become null."""
        columns = {name: [_plain(x) for x in getattr(self, name)] for name in _COLUMNS}
        families = {"children": [*map(list, self.children)], "rollouts": [*map(list, self.rollouts)]}
        return {
            "format": FORMAT,
            "version": VERSION,
            "problem_id": self.problem_id,
            "prompt": list(self.prompt),
            "nodes": {**columns, **families, "draws": self.draws},
            "answers": [{name: _plain(x) for name, x in asdict(a).items()} for a in self.answers],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Tree:
        """Raises ValueError for anything but a tree of a version this code knows."""
        if not isinstance(data, dict) or data.get("format") != FORMAT:
            said = data.get("format") if isinstance(data, dict) else type(data).__name__
            raise ValueError(f"not a {FORMAT} file: its format is {said!r}; give one that Tree.save wrote")
        if data.get("version") != VERSION:
            raise ValueError(f"tree format version {data.get('version')!r}; this qstar reads version {VERSION}")
        try:
            return cls._from_columns(data)
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise ValueError(
                f"the tree is damaged ({type(error).__name__}: {error}); resume the run to rebuild it"
            ) from None

    @classmethod
    def _from_columns(cls, data: dict[str, Any]) -> Tree:
        tree, nodes = cls(data["problem_id"], data["prompt"]), data["nodes"]
        unknown = dict.fromkeys(("logp", "path_logp", "prior", "q", "score", "value_sum"), math.nan)
        unknown["value_max"] = -math.inf
        read: dict[str, Any] = {"stop": lambda x: None if x is None else Stop(x), "tokens": tuple, "forced": tuple}
        for name in _COLUMNS:
            column = [unknown.get(name) if x is None else x for x in nodes[name]]
            setattr(tree, name, list(map(read[name], column)) if name in read else column)
        for name in ("children", "rollouts", "draws"):
            setattr(tree, name, [x or () for x in nodes[name]] if name != "draws" else nodes[name])
        if len({len(getattr(tree, name)) for name in (*_COLUMNS, "children", "rollouts", "draws")}) > 1:
            raise ValueError("its columns differ in length")
        for a in data["answers"]:
            fields: dict[str, Any] = {k: math.nan if v is None and k in ("score", "q") else v for k, v in a.items()}
            tree.answers.append(Answer(**fields))
        tree.others = [()] * len(tree)
        tree._open = [not (refuted or stop in _ENDS) for refuted, stop in zip(tree.refuted, tree.stop)]
        for families, rollouts in ((tree.children, False), (tree.rollouts, True)):
            for parent, family in enumerate(families):
                tree._index |= {(parent, tree.tokens[node], rollouts): node for node in family}
        return tree

    def save(self, path: str | os.PathLike[str], extra: dict[str, Any] | None = None) -> Path:
        """Writes the tree, with `extra` top-level entries, in one step: a crash leaves the old file or the new."""
        return write_json(path, {**self.to_json(), **(extra or {})})

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Tree:
        """Raises FileNotFoundError, or ValueError for a file that is no tree."""
        try:
            data = json.loads(Path(path).read_text())
        except ValueError as error:  # neither JSON nor text
            raise ValueError(f"{path} is no tree file: {error}; give one that Tree.save wrote") from None
        return cls.from_json(data)


def write_json(path: str | os.PathLike[str], data: dict[str, Any]) -> Path:
    """Writes `data` beside `path` and renames it into place."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + f".{os.getpid()}.tmp")
    beside.write_text(json.dumps(data, allow_nan=False))
    os.replace(beside, path)
    return path


def _plain(x: Any) -> Any:
    if isinstance(x, float):
        return x if math.isfinite(x) else None
    return x.value if isinstance(x, Stop) else list(x) if isinstance(x, tuple) else x
