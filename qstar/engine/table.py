"""Engines without a network: any function from a token sequence to a distribution, and scripted texts.

They keep the same books as a model: every position is computed once and charged.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import torch

from qstar.engine.base import END, Forwarded, Prompt, Stops, Trie, Want
from qstar.problem import Problem


class TableEngine(ABC):
    """Computes distributions from token sequences. Subclasses say what they are, and how tokens read as text."""

    deterministic = True

    def __init__(self, vocabulary: int, stops: Stops) -> None:
        self.vocabulary, self.stops = vocabulary, stops
        self._known: dict[Trie, dict[int, np.ndarray]] = {}
        self._reserved: dict[Trie, set[int]] = {}
        self._of_row: list[Want] = []

    @abstractmethod
    def logp(self, trie: Trie, tokens: Sequence[int]) -> np.ndarray:
        """Log-probabilities [vocabulary] of the next token after `tokens`."""

    def token_q(self, trie: Trie, tokens: Sequence[int]) -> np.ndarray | None:
        """Q of each next token [vocabulary] after `tokens`, or None."""
        return None

    def state_v(self, trie: Trie, tokens: Sequence[int]) -> float | None:
        """V of the state after `tokens`, or None."""
        return None

    @abstractmethod
    def encode(self, problem: Problem) -> Prompt: ...

    @abstractmethod
    def decode(self, tokens: Sequence[int]) -> str: ...

    @abstractmethod
    def encode_forced(self, text: str) -> list[int]: ...

    def piece(self, trie: Trie, at: int, token: int) -> str:
        return self.decode([token])

    def open(self, prompt: Sequence[int]) -> Trie:
        trie = Trie(prompt)
        self._known[trie], self._reserved[trie] = {}, set()
        return trie

    def close(self, trie: Trie) -> None:
        self._known.pop(trie, None)
        self._reserved.pop(trie, None)

    def missing(self, want: Want) -> list[int]:
        known, reserved, out, at = self._known[want.trie], self._reserved[want.trie], [], want.at
        while at not in known and at not in reserved:
            out.append(at)
            if at == END:
                break
            at = want.trie.parent[at]
        return out[::-1]

    def reserve(self, want: Want, positions: list[int]) -> bool:
        self._reserved[want.trie].update(positions)
        return True

    def forward(self, wants: Sequence[Want]) -> Forwarded:
        for trie, reserved in self._reserved.items():
            for at in reserved:
                self._known[trie][at] = self.logp(trie, trie.tokens(at))
            reserved.clear()
        self._of_row = list(wants)
        logits = np.stack([self._known[want.trie][want.at] for want in wants])
        hidden = torch.arange(len(wants))[:, None]  # a row stands for its want
        return Forwarded(torch.from_numpy(logits).float(), hidden)

    def q(self, hidden: torch.Tensor, tokens: torch.Tensor) -> torch.Tensor | None:
        rows = hidden[:, 0].tolist()
        wants = {row: self._of_row[row] for row in rows}
        of_row = {row: self.token_q(want.trie, want.trie.tokens(want.at)) for row, want in wants.items()}
        if any(q is None for q in of_row.values()):
            return None
        return torch.tensor([[float(of_row[row][t]) for t in listed] for row, listed in zip(rows, tokens.tolist())])  # type: ignore

    def v(self, hidden: torch.Tensor) -> torch.Tensor | None:
        wants = [self._of_row[row] for row in hidden[:, 0].tolist()]
        values = [self.state_v(want.trie, want.trie.tokens(want.at)) for want in wants]
        return None if any(value is None for value in values) else torch.tensor(values)

    def flops(self, positions: int, context: int) -> float:
        return 0.0


class ScriptedEngine(TableEngine):
    """Replays given texts: try a strategy, a verifier or a grader without a model.

    The tokens are the bytes of UTF-8 and one EOS. At every prefix the next byte has the share of weight of the texts
    that continue so.

    Args:
        script: for each problem statement its texts with their weights (a single text, or a sequence, weighs evenly).
            A function from a Problem to the same does as well.
        q: value of a text prefix in [0, 1], as a Q head would give; None has no Q head.
    """

    EOS = 256

    def __init__(
        self,
        script: Mapping[str, str | Sequence[str] | Mapping[str, float]] | Callable[[Problem], Mapping[str, float]],
        *,
        q: Callable[[Problem, str], float] | None = None,
        stops: Stops | None = None,
    ) -> None:
        super().__init__(257, stops or Stops(frozenset([self.EOS]), max_new_tokens=100_000))
        self._script, self._q = script, q
        self._problems: dict[tuple[int, ...], tuple[Problem, list[tuple[bytes, float]]]] = {}

    def encode(self, problem: Problem) -> Prompt:
        if callable(self._script):
            texts = self._script(problem)
        elif problem.prompt in self._script:
            given = self._script[problem.prompt]
            given = [given] if isinstance(given, str) else given
            texts = given if isinstance(given, Mapping) else {text: 1.0 / len(given) for text in given}
        else:
            raise ValueError(f"the script has no text for the problem {problem.id or problem.prompt!r}")
        ids = tuple(problem.prompt.encode())
        self._problems[ids] = (problem, [(text.encode(), weight) for text, weight in texts.items()])
        return Prompt(list(ids))

    def decode(self, tokens: Sequence[int]) -> str:
        return bytes(token for token in tokens if token != self.EOS).decode(errors="replace")

    def piece(self, trie: Trie, at: int, token: int) -> str:
        """Whole characters only: a byte that leaves one unfinished adds nothing yet."""
        before = bytes(trie.tokens(at)[-3:])
        start = next((i for i in range(len(before)) if _is_open_utf8(before[i:])), len(before))
        tail = before[start:] + bytes([token])
        return "" if _is_open_utf8(tail) else tail.decode(errors="replace")

    def encode_forced(self, text: str) -> list[int]:
        return list(text.encode())

    def logp(self, trie: Trie, tokens: Sequence[int]) -> np.ndarray:
        mass = np.zeros(self.vocabulary)
        prefix = bytes(tokens)
        for text, weight in self._problems[trie.prompt][1]:
            if text.startswith(prefix):
                mass[text[len(prefix)] if len(text) > len(prefix) else self.EOS] += weight
        with np.errstate(divide="ignore"):
            return np.log(mass / mass.sum()) if mass.sum() else np.log(np.eye(self.vocabulary)[self.EOS])

    def token_q(self, trie: Trie, tokens: Sequence[int]) -> np.ndarray | None:
        if self._q is None:
            return None
        problem, texts = self._problems[trie.prompt]
        out = np.full(self.vocabulary, math.nan)
        nexts = {text[len(tokens)] for text, _ in texts if text.startswith(bytes(tokens)) and len(text) > len(tokens)}
        for token in nexts | {self.EOS}:
            out[token] = self._q(problem, self.decode([*tokens, token]))
        return out

    def state_v(self, trie: Trie, tokens: Sequence[int]) -> float | None:
        return None if self._q is None else self._q(self._problems[trie.prompt][0], self.decode(tokens))


def _is_open_utf8(tail: bytes) -> bool:
    """Whether `tail` is the beginning of a character that needs more bytes."""
    if not tail:
        return False
    need = 2 if 0xC0 <= tail[0] < 0xE0 else 3 if 0xE0 <= tail[0] < 0xF0 else 4 if 0xF0 <= tail[0] < 0xF8 else 1
    return len(tail) < need and all(0x80 <= byte < 0xC0 for byte in tail[1:])
