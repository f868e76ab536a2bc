"""The trie of tokens, the engine interface, and how a token is drawn from a distribution."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
import torch

from qstar.problem import Problem
from qstar.request import Sampling

END = 0  # the trie position at the end of the prompt


class Trie:
    """Every distinct token sequence of one problem, once. Position 0 is the end of the prompt."""

    def __init__(self, prompt: Sequence[int]) -> None:
        if not prompt:
            raise ValueError("the prompt has no tokens")
        self.prompt = tuple(prompt)
        self.parent = [-1]
        self.token = [self.prompt[-1]]
        self.depth = [0]  # tokens after the prompt
        self._child: list[dict[int, int] | None] = [None]

    def __len__(self) -> int:
        return len(self.parent)

    def extend(self, at: int, token: int) -> int:
        """The position one `token` after `at`."""
        children = self._child[at]
        if children is None:
            children = self._child[at] = {}
        position = children.get(token)
        if position is None:
            position = children[token] = len(self.parent)
            self.parent.append(at)
            self.token.append(token)
            self.depth.append(self.depth[at] + 1)
            self._child.append(None)
        return position

    def walk(self, at: int, tokens: Sequence[int]) -> int:
        """The position after `tokens`."""
        for token in tokens:
            at = self.extend(at, token)
        return at

    def tokens(self, at: int) -> list[int]:
        """Token ids after the prompt."""
        out = []
        while at != END:
            out.append(self.token[at])
            at = self.parent[at]
        return out[::-1]

    def length(self, at: int) -> int:
        """Tokens including the prompt."""
        return len(self.prompt) + self.depth[at]


@dataclass
class Prompt:
    """An encoded problem.

    Attributes:
        ids: what the model reads.
        starts_inside: text that the prompt already began of the answer, such as an opened `<think>`.
    """

    ids: list[int]
    starts_inside: str = ""


class Want(NamedTuple):
    """A trie position whose next-token distribution is wanted."""

    trie: Trie
    at: int


@dataclass
class Forwarded:
    """What a pass gave, a row for each want.

    Attributes:
        logits: [wants, vocabulary], raw, float32.
        hidden: [wants, width] the state after the final norm, None where the engine has none.
    """

    logits: torch.Tensor
    hidden: torch.Tensor | None = None


@dataclass(frozen=True)
class Stops:
    """When a text is finished and when a step is.

    Attributes:
        eos: token ids that end a text.
        strings: texts that end a text, wherever token boundaries fall; they are cut off.
        delimiter: the text that ends a step.
        max_new_tokens: longest completion; longer is a dead end.
        context: most tokens of prompt and completion together.
    """

    eos: frozenset[int]
    strings: tuple[str, ...] = ()
    delimiter: str = "\n"
    max_new_tokens: int = 512
    context: int = 1 << 30


class Engine(Protocol):
    """A model, as the scheduler sees it."""

    stops: Stops
    deterministic: bool

    def encode(self, problem: Problem) -> Prompt:
        """Raises ValueError for a prompt that is empty or longer than the context."""
        ...

    def decode(self, tokens: Sequence[int]) -> str:
        """Text of a completion, without its EOS."""
        ...

    def piece(self, trie: Trie, at: int, token: int) -> str:
        """The text that `token` adds after the completion that ends at `at`."""
        ...

    def encode_forced(self, text: str) -> list[int]:
        """Token ids of a text that is put into a completion."""
        ...

    def open(self, prompt: Sequence[int]) -> Trie: ...

    def close(self, trie: Trie) -> None:
        """Frees what the engine holds for `trie`."""
        ...

    def missing(self, want: Want) -> list[int]:
        """Positions that must be forwarded, and are not yet reserved, before the distribution at `want` is known.

        First to last; END stands for the whole prompt.
        """
        ...

    def reserve(self, want: Want, positions: list[int]) -> bool:
        """Makes room in the next `forward` for `positions`, which are missing; False if this pass has none left.

        Raises MemoryError if the want would not fit even alone.
        """
        ...

    def forward(self, wants: Sequence[Want]) -> Forwarded:
        """Brings distinct reserved `wants` to their distributions, each missing token through the model once."""
        ...

    def flops(self, positions: int, context: int) -> float:
        """Cost of forwarding `positions` tokens whose mean context is `context` tokens."""
        ...

    def q(self, hidden: torch.Tensor, tokens: torch.Tensor) -> torch.Tensor | None:
        """Q of each of `tokens` [n, k] after the states `hidden` [n, width]: [n, k], or None without a Q head."""
        ...

    def v(self, hidden: torch.Tensor) -> torch.Tensor | None:
        """V of the states `hidden` [n, width]: [n], or None without a Q head."""
        ...


# -- drawing tokens -----------------------------------------------------------------------------------------------


def uniform(keys: Sequence[tuple[int, ...]], after: Sequence[int] | int = 0) -> np.ndarray:
    """A number in [0, 1) for each key (seed, problem, node, draw, position): counter-based, it depends on nothing else.

    SplitMix64 (Steele et al. 2014) chained over the parts of the key; 24 bits, exact in float32. `after` is what the
    first parts of each key were `chained` to, where `keys` holds only the others.
    """
    return (chained(keys, after) >> np.uint64(40)).astype(np.float64) * 2.0**-24


def chained(keys: Sequence[tuple[int, ...]], after: Sequence[int] | int = 0) -> np.ndarray:
    """The state that the parts of each key lead to from the state `after`, [n] uint64."""
    parts = np.array([[part & 0xFFFFFFFFFFFFFFFF for part in key] for key in keys], dtype=np.uint64)
    with np.errstate(over="ignore"):
        state = np.broadcast_to(np.array(after, dtype=np.uint64), len(parts))
        for part in _mix(parts + np.uint64(0x9E3779B97F4A7C15)).T:
            state = _mix(state ^ part)
    return state


def _mix(z: np.ndarray) -> np.ndarray:
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def warped(logits: torch.Tensor, sampling: Sampling) -> torch.Tensor:
    """Probabilities to draw from, [n, vocabulary]. ValueError for a temperature of 0: that is greedy."""
    from transformers.generation import logits_process as lp

    if not sampling.temperature:
        raise ValueError("a temperature of 0 leaves nothing to draw: take the most probable token")
    if sampling.temperature != 1:
        logits = logits / sampling.temperature
    warpers = lp.LogitsProcessorList()
    if sampling.top_k:
        warpers.append(lp.TopKLogitsWarper(sampling.top_k))
    if sampling.top_p < 1.0:
        warpers.append(lp.TopPLogitsWarper(sampling.top_p))
    if sampling.min_p:
        warpers.append(lp.MinPLogitsWarper(sampling.min_p))
    return torch.softmax(warpers(None, logits) if warpers else logits, dim=-1)  # type: ignore[arg-type]


def draw(probabilities: torch.Tensor, rows: torch.Tensor, u: torch.Tensor) -> torch.Tensor:
    """Inverse-CDF draws: token ids [n] from `probabilities[rows]`, with `u` [n] in [0, 1).

    A token of probability zero is never drawn.
    """
    cumulative = probabilities.cumsum(-1).index_select(0, rows)
    total = cumulative[:, -1]
    below_total = torch.nextafter(total, torch.zeros_like(total))
    target = torch.minimum(u.to(total) * total, below_total)
    return torch.searchsorted(cumulative, target[:, None], right=True)[:, 0]
