"""What a strategy asks for and what it gets: plain data between the search and whoever runs the model."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import asdict, dataclass
from enum import Enum
from typing import Any, NamedTuple


class Unit(str, Enum):
    """What one edge of the tree holds."""

    TOKEN = "token"
    STEP = "step"  # up to and including the token that completes the step delimiter
    ANSWER = "answer"  # up to the end of the text


class Stop(str, Enum):
    """Why a continuation ended where it did."""

    TOKEN = "token"  # the unit was one token
    STEP = "step"  # the delimiter is complete
    EOS = "eos"
    STRING = "string"  # a stop string is complete
    LENGTH = "length"  # the context, or the longest allowed completion, is full: a dead end, never an answer
    BUDGET = "budget"  # cut off by the budget

    @property
    def terminal(self) -> bool:
        return self in (Stop.EOS, Stop.STRING)


AMONG = 16  # tokens, the most probable, of which Q is asked where it guides a draw
LEAST_Q = 1e-6  # where its logarithm is taken


@dataclass(frozen=True)
class Sampling:
    """How to draw a token; applied to the raw distribution in the order guidance, temperature, top_k, top_p, min_p.

    A guidance of w draws from pi(a) Q(s, a)^w instead of pi(a), as policies are improved by a value in ILQL
    (arXiv 2206.11871) and Q# (arXiv 2502.20548), and among the `AMONG` most probable tokens only: of others Q knows
    little. Where the model has no Q head there is no guidance.
    """

    temperature: float = 1.0
    top_k: int = 0
    top_p: float = 1.0
    min_p: float = 0.0
    guidance: float = 0.0

    def __post_init__(self) -> None:
        if self.temperature < 0 or self.top_k < 0 or not 0 < self.top_p <= 1 or not 0 <= self.min_p <= 1:
            raise ValueError(f"not a way to sample: {self}")
        if not 0 <= self.guidance < math.inf:
            raise ValueError(f"guidance weighs log Q and cannot be negative: {self.guidance}")


GREEDY = Sampling(temperature=0.0)


class Begin(NamedTuple):
    """The first tokens of a continuation, which of them are forced, and the log-probability of the others in nats."""

    tokens: tuple[int, ...]
    forced: tuple[int, ...]
    logp: float


class Other(NamedTuple):
    """A token that could have been taken instead of another one of an edge.

    Attributes:
        at: the index of that one.
        logp: log-probability of the edge up to and with it, forced tokens left out. Nats.
        q: estimated probability that it leads to a right answer; NaN where nothing estimates it.
    """

    at: int
    token: int
    logp: float
    q: float


@dataclass(frozen=True)
class Expand:
    """Continue each of `nodes` in `width` ways.

    Attributes:
        nodes: tree nodes, none of them terminal.
        width: children per node; `None` is the whole vocabulary (TOKEN without sampling only), 0 only values the nodes.
        unit: how far each child goes.
        sampling: how to draw; `None` enumerates the `width` most probable tokens (TOKEN only).
        offset: with enumeration, the rank of the first child: 8 continues where a width of 8 ended.
        begins: how each of the `width` continuations of the only node begins; the empty tuple: they are drawn whole.
        others: so many of the most probable tokens are told beside each that was drawn.
    """

    nodes: tuple[int, ...]
    width: int | None = 8
    unit: Unit = Unit.TOKEN
    sampling: Sampling | None = None
    offset: int = 0
    begins: tuple[Begin, ...] = ()
    others: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "nodes", tuple(self.nodes))
        if not self.nodes or len(set(self.nodes)) < len(self.nodes):
            raise ValueError(f"a request names one or more distinct nodes, not {self.nodes}")
        if self.width is not None and self.width < 0:
            raise ValueError(f"width cannot be negative: {self.width}")
        if self.sampling is None and self.unit is not Unit.TOKEN:
            raise ValueError(f"a {self.unit.value} is sampled: give Expand a Sampling (GREEDY for the most probable)")
        if self.sampling is not None and (not self.width or self.offset):
            raise ValueError("sampled children need a width of at least 1 and take no offset")
        if self.sampling is None and (self.begins or self.others):
            raise ValueError("begins and others are for drawn continuations: give Expand a Sampling")
        single = len(self.nodes) == 1 and len(self.begins) == self.width
        if self.begins and not (single and all(begin.tokens for begin in self.begins)):
            raise ValueError(f"{len(self.begins)} begins for {len(self.nodes)} nodes of width {self.width}")

    def digest(self) -> str:
        """Names the request in the journal; a replay that asks for something else is an error."""
        said = {name: x for name, x in asdict(self).items() if x or name not in ("begins", "others")}
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Submit:
    """`ticket = yield Submit(request)`: start it and go on."""

    request: Expand


@dataclass(frozen=True)
class Wait:
    """`ticket, children = yield Wait(tickets)`: until the first of these submitted requests is answered."""

    tickets: tuple[int, ...]


@dataclass(slots=True)  # not frozen: made by the hundred thousand
class Child:
    """One continuation.

    Attributes:
        tokens: the token ids of the edge.
        logp: sum of the raw log-probabilities (T = 1) of its tokens, forced ones left out. Nats.
        stop: why it ended.
        count: how many of the draws came out as exactly this continuation; 0 for an enumerated child.
        q: estimated probability that this continuation leads to a right answer; NaN where nothing estimates it.
        forced: which of the tokens were forced.
        at_tokens: model tokens charged when it ended.
        others: the most probable tokens that were not drawn, where the request asked for them.
        text, answer, verdict, score, refuted: what the judge said; filled in before the tree sees it.
    """

    tokens: tuple[int, ...]
    logp: float
    stop: Stop
    count: int = 0
    q: float = math.nan
    forced: tuple[int, ...] = ()
    at_tokens: int = 0
    others: tuple[Other, ...] = ()
    text: str | None = None
    answer: str | None = None
    verdict: str | None = None
    score: float = math.nan
    refuted: bool = False

    def to_json(self) -> dict[str, Any]:
        """Only what differs from the defaults; NaN never appears."""
        out: dict[str, Any] = {"tokens": list(self.tokens), "logp": self.logp, "stop": self.stop.value}
        out |= {"count": self.count} if self.count else {}
        out |= {"forced": list(self.forced)} if self.forced else {}
        out |= {"at_tokens": self.at_tokens} if self.at_tokens else {}
        if self.others:
            out["others"] = [[*other[:3], None if math.isnan(other.q) else other.q] for other in self.others]
        out |= {name: x for name in ("q", "score") if not math.isnan(x := getattr(self, name))}
        out |= {name: x for name in ("text", "answer", "verdict") if (x := getattr(self, name)) is not None}
        return out | ({"refuted": True} if self.refuted else {})

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Child:
        lists = {"tokens": tuple(data["tokens"]), "forced": tuple(data.get("forced", ()))}
        told = data.get("others", ())
        others = tuple(Other(at, token, logp, math.nan if q is None else q) for at, token, logp, q in told)
        return cls(**{**data, **lists, "others": others, "stop": Stop(data["stop"])})


@dataclass(frozen=True)
class Reply:
    """The children of each requested node, in the order of the request.

    Attributes:
        complete: False where the budget cut.
        values: P(success) from each requested node, as the Q head sees it after all of its tokens; NaN, or empty,
            where nothing says so.
    """

    children: tuple[tuple[Child, ...], ...]
    complete: bool = True
    values: tuple[float, ...] = ()

    def to_json(self) -> dict[str, Any]:
        out: dict[str, Any] = {"children": [[c.to_json() for c in row] for row in self.children]}
        out["complete"] = self.complete
        known = any(not math.isnan(value) for value in self.values)
        return out | ({"values": [None if math.isnan(v) else v for v in self.values]} if known else {})

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Reply:
        values = tuple(math.nan if value is None else value for value in data.get("values", ()))
        return cls(tuple(tuple(map(Child.from_json, row)) for row in data["children"]), data["complete"], values)
