"""Caps on what one problem may cost, and the ledger of what it did cost."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

# Kinds of model tokens (positions forwarded). Every one of them counts against `Budget.tokens`.
PROMPT = "prompt"
GENERATED = "generated"
FORCED = "forced"
RECOMPUTED = "recomputed"


@dataclass(frozen=True)
class Budget:
    """Hard caps for one problem; `None` is no cap.

    Attributes:
        tokens: positions forwarded through the model, the prompt included.
        multiple: the same cap as a multiple N: prompt + N x the length of one greedy completion of this
            problem, which is run and charged first.
        unit: tokens of one greedy completion, where they are known already: `multiple` is of these, and none is run.
        flops: floating point operations of the model and its heads.
        seconds: wall clock, checked between passes: overshoot is at most one pass and one verifier call.
        expansions: nodes expanded, or valued after what was forced.
        verifier_calls: calls of the verifier, on finished and unfinished texts.
    """

    tokens: int | None = None
    multiple: float | None = None
    flops: float | None = None
    seconds: float | None = None
    expansions: int | None = None
    verifier_calls: int | None = None
    unit: float | None = None

    def __post_init__(self) -> None:
        for f in fields(self):
            value = getattr(self, f.name)
            if value is not None and not value > 0:
                raise ValueError(f"budget {f.name} must be positive, not {value}")
        if self.tokens is not None and self.multiple is not None:
            raise ValueError("give the budget tokens or a multiple, not both")
        if self.unit is not None and self.multiple is None:
            raise ValueError("a unit is what a multiple is of: give both")

    def cap(self, prompt: int, unit: float) -> int | None:
        """The cap on tokens that `multiple` means for a prompt of so many tokens."""
        return self.tokens if self.multiple is None else prompt + max(1, round(self.multiple * unit))

    @classmethod
    def parse(cls, text: str) -> Budget:
        """Reads `4096`, `4096tok`, `64x`, `30s`, `2e12flops`, `500exp`, `200calls`, or several joined by commas."""
        units = {"": "tokens", "tok": "tokens", "tokens": "tokens", "x": "multiple", "s": "seconds"}
        units |= {"flops": "flops", "exp": "expansions", "calls": "verifier_calls"}
        caps: dict[str, Any] = {}
        for part in text.replace(" ", "").split(","):
            match = re.fullmatch(r"(\d+(?:\.\d*)?(?:[eE]\d+)?)([a-zA-Z]*)", part)
            if match is None or match[2].lower() not in units or math.isinf(float(match[1])):
                raise ValueError(f"budget {part!r}: write 4096 (tokens), 64x, 30s, 2e12flops, 500exp or 200calls")
            name, value = units[match[2].lower()], float(match[1])
            caps[name] = value if name in ("multiple", "flops", "seconds") else int(value)
        return cls(**caps)


@dataclass
class Ledger:
    """Counts what was really run for one problem, and says what is still affordable.

    `resumed` holds positions recomputed after a restart: shown, but outside the cap, so that a run that was
    interrupted ends with the same tree as one that was not.
    """

    budget: Budget = field(default_factory=Budget)
    tokens_by: dict[str, int] = field(default_factory=dict)
    cap: int | None = None  # Budget.tokens, or what Budget.multiple came to
    flops: float = 0.0
    expansions: int = 0
    verifier_calls: int = 0
    passes: int = 0
    resumed: int = 0
    elapsed: float = 0.0  # seconds of earlier processes
    started: float | None = None

    def __post_init__(self) -> None:
        if self.cap is None:
            self.cap = self.budget.tokens

    @property
    def tokens(self) -> int:
        """Positions forwarded so far."""
        return sum(self.tokens_by.values())

    @property
    def seconds(self) -> float:
        return self.elapsed + (time.monotonic() - self.started if self.started is not None else 0.0)

    @property
    def tokens_left(self) -> float:
        return math.inf if self.cap is None else self.cap - self.tokens

    @property
    def flops_left(self) -> float:
        return math.inf if self.budget.flops is None else self.budget.flops - self.flops

    @property
    def expansions_left(self) -> float:
        return math.inf if self.budget.expansions is None else self.budget.expansions - self.expansions

    @property
    def verifier_calls_left(self) -> float:
        return math.inf if self.budget.verifier_calls is None else self.budget.verifier_calls - self.verifier_calls

    @property
    def out_of_time(self) -> bool:
        return self.budget.seconds is not None and self.seconds >= self.budget.seconds

    def start(self) -> None:
        if self.started is None:
            self.started = time.monotonic()

    def stop(self) -> None:
        self.elapsed, self.started = self.seconds, None

    def forbids(self, tokens: int, flops: float) -> str | None:
        """The cap that `tokens` more positions with their `flops` would cross, if any."""
        if tokens > self.tokens_left:
            return "tokens"
        return "flops" if flops > self.flops_left else None

    def charge(self, tokens: Mapping[str, int], flops: float = 0.0) -> None:
        """Books positions by kind, and their `flops`, before they are run."""
        for kind, n in tokens.items():
            self.tokens_by[kind] = self.tokens_by.get(kind, 0) + n
        self.flops += flops

    def counts(self) -> dict[str, Any]:
        """The counts as plain data, without the clock (which no replay can repeat)."""
        return {
            "tokens_by": dict(self.tokens_by),
            "flops": self.flops,
            "expansions": self.expansions,
            "verifier_calls": self.verifier_calls,
            "passes": self.passes,
            "cap": self.cap,
        }

    def restore(self, counts: Mapping[str, Any]) -> None:
        """Sets the counts to what `counts()` returned."""
        self.tokens_by = {kind: int(n) for kind, n in counts["tokens_by"].items()}
        self.flops, self.cap = counts["flops"], counts["cap"]
        self.expansions, self.verifier_calls = counts["expansions"], counts["verifier_calls"]
        self.passes = counts["passes"]

    def to_dict(self) -> dict[str, Any]:
        """Everything, as plain data."""
        budget = {name: value for name, value in vars(self.budget).items() if value is not None}
        return {
            "tokens": self.tokens,
            **self.counts(),
            "resumed": self.resumed,
            "seconds": self.seconds,
            "budget": budget,
        }
