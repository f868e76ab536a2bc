"""Where the time of a run goes: in the model, in verifiers, in grading, and the rest; and to which problem."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

import torch

from benchmarks.readoff import Trace
from qstar.engine.hf import HFEngine
from qstar.problem import Problem, Verifier

T = TypeVar("T")


@dataclass
class Clocks:
    """Seconds of one search: all of them, inside the model, inside the verifier, and in grading."""

    seconds: float = 0.0
    forward: float = 0.0
    verifier: float = 0.0
    grading: float = 0.0

    def to_json(self) -> dict[str, float]:
        rest = self.seconds - self.forward - self.verifier - self.grading
        return {
            "seconds": self.seconds,
            "forward_seconds": self.forward,
            "verifier_seconds": self.verifier,
            "grading_seconds": self.grading,
            "rest_seconds": max(0.0, rest),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, float]) -> Clocks:
        return cls(*(data[f"{name}seconds"] for name in ("", "forward_", "verifier_", "grading_")))

    def __add__(self, other: Clocks) -> Clocks:
        return Clocks(*(a + b for a, b in zip(asdict(self).values(), asdict(other).values())))

    def timed(self, name: str, call: Callable[..., T], wait: Callable[[], None] = lambda: None) -> Callable[..., T]:
        """`call`, its seconds added to the clock `name`."""

        def inner(*args: Any, **named_args: Any) -> T:
            start = time.perf_counter()
            try:
                out = call(*args, **named_args)
                wait()
                return out
            finally:
                setattr(self, name, getattr(self, name) + time.perf_counter() - start)

        return inner


class TimedVerifier:
    """A verifier with a clock on everything it is asked."""

    def __init__(self, verifier: Verifier, clocks: Clocks) -> None:
        self._verifier = verifier
        self._judge = clocks.timed("verifier", verifier)
        for name in ("prefix", "complete"):
            if hasattr(verifier, name):
                setattr(self, name, clocks.timed("verifier", getattr(verifier, name)))

    def __call__(self, problem: Problem, text: str) -> Any:
        return self._judge(problem, text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._verifier, name)


@contextlib.contextmanager
def timed_engine(engine: Any, clocks: Clocks) -> Iterator[None]:
    """Times the passes of the model and of its Q head."""
    on_gpu = isinstance(engine, HFEngine) and str(engine.device).startswith("cuda")
    wait = torch.cuda.synchronize if on_gpu else lambda: None
    model = ("forward", "q", "v")
    for name in model:
        setattr(engine, name, clocks.timed("forward", getattr(engine, name), wait))
    try:
        yield
    finally:
        for name in model:
            delattr(engine, name)


class Meter:
    """Follows the events of a search of many problems: draws, charges, and each problem's share of the clock.

    The problems in flight share the time of a round, a pass and what follows from it, in equal parts.
    """

    def __init__(self) -> None:
        self.traces: dict[str, Trace] = {}
        self._round: dict[str, tuple[int, float]] = {}
        self._since = time.perf_counter()

    def __call__(self, event: dict[str, Any]) -> None:
        kind, problem = event["type"], event["problem"]
        if kind == "draw":
            self.trace(problem).drawn(event)
        elif kind == "charge":
            if problem in self._round:
                self.end_round()
            self._round[problem] = event["ledger"]["tokens"], event["ledger"]["flops"]
        elif kind == "end":
            self._round[problem] = event["ledger"]["tokens"], event["ledger"]["flops"]

    def trace(self, problem: str) -> Trace:
        return self.traces.setdefault(problem, Trace())

    def end_round(self) -> None:
        """Hands the seconds since the last round out."""
        now = time.perf_counter()
        for problem, (tokens, flops) in self._round.items():
            self.trace(problem).charged(tokens, flops, (now - self._since) / len(self._round))
        self._round = {}
        self._since = now

    def pause(self) -> None:
        """What has passed since the last round is nobody's."""
        self._since = time.perf_counter()
