"""Tree attention for stock models: many branches of many trees in one row, every key kept once.

Registered with transformers as the attention implementation "qstar_tree". The row of a pass holds only new tokens;
their keys and values go into a pool of slots, and each token attends to the slots of its own ancestors. Queries of a
branch that is one token longer take the cheap way: the prompt that the branches of a tree share is read once for all
of them, without a mask; what each has beyond it is gathered. Both parts meet in one softmax, so the result is exact.
Longer runs (prompts, recomputed prefixes) go through scaled dot product attention one by one.

Outside a pass the implementation is plain `sdpa`, so a model that carries it still works in `generate`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from transformers import AttentionInterface
from transformers.integrations.sdpa_attention import sdpa_attention_forward
from transformers.masking_utils import ALL_MASK_ATTENTION_FUNCTIONS, AttentionMaskInterface

NAME = "qstar_tree"


class Pool:
    """Keys and values of all layers by slot: [key heads, slots, head width] each, allocated at first use.

    On a CPU the whole capacity is reserved at once (untouched pages cost nothing); elsewhere the pool grows by
    doubling up to the capacity.
    """

    def __init__(self, capacity: int, grow: bool) -> None:
        self.capacity = capacity
        self.allocated = min(capacity, 4096) if grow else capacity
        self.layers: dict[int, tuple[torch.Tensor, torch.Tensor]] = {}

    def layer(self, index: int, key: torch.Tensor, value: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """The tensors of a layer; `key` and `value` [1, heads, n, width] tell their shape, type and device."""
        if index not in self.layers:
            tensors = [t.new_empty(t.shape[1], self.allocated, t.shape[3]) for t in (key, value)]
            for tensor in tensors:
                tensor[:, 0] = 0  # padding points here: weight 0 times garbage could be NaN
            self.layers[index] = (tensors[0], tensors[1])
        return self.layers[index]

    def require(self, slots: int) -> None:
        """Grows until slot numbers below `slots` exist."""
        if slots <= self.allocated:
            return
        allocated = min(self.capacity, max(slots, 2 * self.allocated))
        try:
            for index, (key, value) in self.layers.items():
                self.layers[index] = (_grown(key, allocated), _grown(value, allocated))
        except torch.OutOfMemoryError:
            raise MemoryError(f"no memory for {allocated} slots of keys and values: lower kv_cap_gb") from None
        self.allocated = allocated

    @property
    def bytes_per_slot(self) -> int:
        return sum(t.shape[0] * t.shape[2] * t.element_size() for layer in self.layers.values() for t in layer)


def _grown(tensor: torch.Tensor, slots: int) -> torch.Tensor:
    if tensor.shape[1] >= slots:
        return tensor
    out = tensor.new_empty(tensor.shape[0], slots, tensor.shape[2])
    out[:, : tensor.shape[1]] = tensor
    return out


@dataclass(frozen=True)
class Run:
    """New tokens that follow one another on one path.

    Attributes:
        prompt: slots of the prompt of the path, [p].
        beyond: slots of the path after the prompt, this run's own included, [b].
        count: new tokens, the last `count` of the path.
        tree: which tree the path belongs to.
    """

    prompt: np.ndarray
    beyond: np.ndarray
    count: int
    tree: int


@dataclass
class _Span:
    """A run of several tokens: rows [start, stop) of the pass attend causally to `slots`."""

    start: int
    stop: int
    slots: slice | torch.Tensor
    length: int
    masks: dict[int | None, torch.Tensor] = field(default_factory=dict)

    def mask(self, window: int | None, device: torch.device) -> torch.Tensor:
        """[queries, keys], True where a query attends."""
        if window not in self.masks:
            key = torch.arange(self.length, device=device)
            query = torch.arange(self.length - (self.stop - self.start), self.length, device=device)
            seen = key <= query[:, None]
            if window is not None:
                seen &= key > query[:, None] - window
            self.masks[window] = seen
        return self.masks[window]


class Plan:
    """Where each token of a pass writes, and what it attends to. Made once, used by every layer."""

    def __init__(self, pool: Pool, runs: Sequence[Run], device: torch.device) -> None:
        self.pool, self.device = pool, device
        self.slots = self._tensor(
            np.concatenate([(run.beyond if len(run.beyond) else run.prompt)[-run.count :] for run in runs])
        )
        starts = np.concatenate([[0], np.cumsum([run.count for run in runs])])
        self.tokens = int(starts[-1])
        self.spans = [
            _Span(
                start,
                start + run.count,
                self._slots(np.concatenate([run.prompt, run.beyond])),
                len(run.prompt) + len(run.beyond),
            )
            for start, run in zip(starts.tolist(), runs)
            if run.count > 1 or not len(run.beyond)
        ]
        singles = [(start, run) for start, run in zip(starts.tolist(), runs) if run.count == 1 and len(run.beyond)]
        self.singles = len(singles)
        self.everything_single = not self.spans
        if singles:
            self._plan_singles([run for _, run in singles], [start for start, _ in singles])

    def _plan_singles(self, runs: list[Run], rows: list[int]) -> None:
        self.rows = self._tensor(np.array(rows))
        trees: dict[int, list[int]] = {}
        for i, run in enumerate(runs):
            trees.setdefault(run.tree, []).append(i)
        self.shares_prompt = len(trees) == 1 or len(trees) < len(runs)
        if self.shares_prompt:
            own = [run.beyond for run in runs]
            prompts = [runs[members[0]].prompt for members in trees.values()]
            self.prompt_lengths = np.array([len(prompt) for prompt in prompts])
            self.one_tree = len(trees) == 1
            if self.one_tree:
                self.prompt_slots: slice | torch.Tensor = self._slots(prompts[0])
            else:
                self.prompt_slots = self._tensor(_padded(prompts).ravel())
                members = list(trees.values())
                width = max(map(len, members))
                self.tree_rows = self._tensor(_padded([np.array(m) for m in members]).ravel())  # [trees * width]
                place = np.empty(len(runs), dtype=np.int64)
                for t, m in enumerate(members):
                    place[m] = t * width + np.arange(len(m))
                self.row_place = self._tensor(place)
            self.prompt_of = np.repeat(0, len(runs))
            for t, m in enumerate(trees.values()):
                self.prompt_of[m] = t
            self.first = np.array([len(run.prompt) for run in runs])
        else:
            own = [np.concatenate([run.prompt, run.beyond]) for run in runs]
            self.first = np.zeros(len(runs), dtype=np.int64)
        self.own_lengths = np.array([len(slots) for slots in own])
        self.lanes = _lanes(own) if self.device.type == "cpu" else None
        self.lane_steps = self.lanes.steps if self.lanes else 0
        self.own_width = int(self.own_lengths.max()) - self.lane_steps
        if self.own_width:
            gathered = [slots[: len(slots) - self.lane_steps] for slots in own]
            self.own_slots = self._tensor(_padded(gathered).ravel())
        self._own_masks: dict[int | None, torch.Tensor | None] = {}
        self._prompt_masks: dict[int | None, torch.Tensor | None] = {}

    def own_mask(self, window: int | None) -> torch.Tensor | None:
        """[singles, 1, own width + lane steps] additive, or None where every query attends to all."""
        if window not in self._own_masks:
            gathered = (self.own_lengths - self.lane_steps)[:, None]
            column = np.arange(self.own_width)
            position = np.where(column < gathered, column, -1)
            position = np.concatenate([position, gathered + np.arange(self.lane_steps)], axis=1)
            seen = position >= 0
            if window is not None:  # the query is the last of its own slots
                seen &= position > self.own_lengths[:, None] - 1 - window
            self._own_masks[window] = self._additive(seen)
        return self._own_masks[window]

    def prompt_mask(self, window: int | None) -> torch.Tensor | None:
        """[singles, 1, prompt width] additive, or None."""
        if window not in self._prompt_masks:
            column = np.arange(int(self.prompt_lengths.max()))
            seen = column < self.prompt_lengths[self.prompt_of][:, None]
            if window is not None:
                query = self.first + self.own_lengths - 1
                seen &= column > query[:, None] - window
            self._prompt_masks[window] = self._additive(seen)
        return self._prompt_masks[window]

    def _additive(self, seen: np.ndarray) -> torch.Tensor | None:
        if seen.all():
            return None
        mask = np.where(seen, np.float32(0), np.float32(-np.inf))
        return torch.from_numpy(mask)[:, None].to(self.device)

    def _tensor(self, array: np.ndarray) -> torch.Tensor:
        return torch.from_numpy(np.ascontiguousarray(array, dtype=np.int64)).to(self.device)

    def _slots(self, slots: np.ndarray) -> slice | torch.Tensor:
        """A slice where the slots are in a row: then nothing is copied."""
        n = len(slots)
        if n and slots[-1] - slots[0] == n - 1 and (n < 3 or bool((np.diff(slots) == 1).all())):
            return slice(int(slots[0]), int(slots[0]) + n)
        return self._tensor(slots)


@dataclass(frozen=True)
class _Lanes:
    """Branches that advanced side by side: `steps` slots of each lie `stride` apart, and branch i is i slots on."""

    first: int
    stride: int
    steps: int

    def view(self, tensor: torch.Tensor, branches: int) -> torch.Tensor:
        """[key heads, slots, width] to [key heads, steps, branches, width], nothing copied."""
        head, slot, unit = tensor.stride()
        size = (tensor.shape[0], self.steps, branches, tensor.shape[2])
        return tensor.as_strided(size, (head, self.stride * slot, slot, unit), self.first * slot)


def _lanes(own: Sequence[np.ndarray]) -> _Lanes | None:
    """The lanes that the last slots of all branches form, if they are worth it."""
    steps = min(map(len, own))
    if steps < 8 or len(own) < 4:
        return None
    ends = np.stack([slots[len(slots) - steps :] for slots in own])
    columns = ends - np.arange(len(own))[:, None]
    side_by_side = (columns == columns[0]).all(0)
    strides = np.diff(columns[0])
    regular = side_by_side.copy()
    regular[:-1] &= strides == strides[-1]
    gap = np.flatnonzero(~regular)
    steps = steps if not len(gap) else steps - 1 - int(gap[-1])
    if steps < 8 or strides[-1] <= 0:  # freed slots are handed out again in any order
        return None
    return _Lanes(int(ends[0, -steps]), int(strides[-1]), steps)


def _padded(arrays: Sequence[np.ndarray]) -> np.ndarray:
    out = np.zeros((len(arrays), max(map(len, arrays))), dtype=np.int64)
    for row, array in zip(out, arrays):
        row[: len(array)] = array
    return out


_PLAN: ContextVar[Plan | None] = ContextVar("qstar_plan", default=None)


@contextmanager
def using(plan: Plan) -> Iterator[None]:
    """Forward calls inside attend by `plan`."""
    token = _PLAN.set(plan)
    try:
        yield
    finally:
        _PLAN.reset(token)


def tree_attention(
    module: torch.nn.Module,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: torch.Tensor | None,
    scaling: float | None = None,
    sliding_window: int | None = None,
    softcap: float | None = None,
    s_aux: torch.Tensor | None = None,
    **kwargs: Any,
) -> tuple[torch.Tensor, None]:
    """The attention function: query [1, heads, tokens, width] to output [1, tokens, heads, value width]."""
    plan = _PLAN.get()
    if plan is None and softcap is None and s_aux is None:
        return sdpa_attention_forward(module, query, key, value, attention_mask, scaling=scaling, **kwargs)
    if plan is not None and (kwargs.get("position_bias") is not None or query.shape[2] != plan.tokens):
        raise NotImplementedError("attention with a position bias, or over other tokens than those of the pass")
    scaling = query.shape[-1] ** -0.5 if scaling is None else scaling
    heads, key_heads = query.shape[1], key.shape[1]
    if plan is None:
        return _outside(query.unflatten(1, (key_heads, -1)) * scaling, key, value, attention_mask, softcap, s_aux), None
    keys, values = plan.pool.layer(module.layer_idx, key, value)  # type: ignore[arg-type]
    keys.index_copy_(1, plan.slots, key[0])
    values.index_copy_(1, plan.slots, value[0])
    by_head = query[0].unflatten(0, (key_heads, heads // key_heads)) * scaling  # [key heads, group, tokens, width]
    settings = (sliding_window, softcap, s_aux)
    if plan.everything_single:
        out = _singles(plan, by_head, keys, values, *settings)
    else:
        out = by_head.new_empty(*by_head.shape[:3], value.shape[3])
        for span in plan.spans:
            out[:, :, span.start : span.stop] = _span(
                plan, span, by_head[:, :, span.start : span.stop], keys, values, *settings
            )
        if plan.singles:
            out.index_copy_(2, plan.rows, _singles(plan, by_head.index_select(2, plan.rows), keys, values, *settings))
    return out.flatten(0, 1).transpose(0, 1)[None], None


def _outside(
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    mask: torch.Tensor | None,
    softcap: float | None,
    sinks: torch.Tensor | None,
) -> torch.Tensor:
    """What `sdpa` does not do, outside a pass: query [batch, key heads, group, n, width], the boolean mask of sdpa."""
    n, m = query.shape[3], key.shape[2]
    if mask is None:
        mask = torch.ones(n, m, dtype=torch.bool, device=key.device).tril(m - n)[None, None]
    # a finite minimum: rows of left padding see nothing, and -inf alone would make them NaN
    additive = torch.zeros(1, device=key.device).masked_fill(~mask[:, :1], torch.finfo(torch.float32).min)
    scores = query @ key[:, :, None].transpose(-1, -2)
    weights = torch.stack([_softmax(s, softcap, additive[min(i, len(mask) - 1)], sinks) for i, s in enumerate(scores)])
    return (weights @ value[:, :, None]).flatten(1, 2).transpose(1, 2)


def _take(tensor: torch.Tensor, slots: slice | torch.Tensor) -> torch.Tensor:
    return tensor[:, slots] if isinstance(slots, slice) else tensor.index_select(1, slots)


def _softmax(
    scores: torch.Tensor, softcap: float | None, mask: torch.Tensor | None, sinks: torch.Tensor | None
) -> torch.Tensor:
    """Over the last axis of scores [key heads, group, queries, keys], in float32, in the type of the scores."""
    dtype = scores.dtype
    if softcap is not None:
        scores = softcap * torch.tanh(scores / softcap)
    if mask is not None:
        scores = scores + mask
    if sinks is not None:  # one more logit per head that takes weight and gives nothing
        sink = sinks.view(scores.shape[0], scores.shape[1], 1, 1).expand(*scores.shape[:3], 1)
        return torch.softmax(torch.cat([scores, sink.to(scores)], -1).float(), -1)[..., :-1].to(dtype)
    return torch.softmax(scores.float(), -1).to(dtype)


def _span(
    plan: Plan,
    span: _Span,
    query: torch.Tensor,
    keys: torch.Tensor,
    values: torch.Tensor,
    window: int | None,
    softcap: float | None,
    sinks: torch.Tensor | None,
) -> torch.Tensor:
    """[key heads, group, queries, value width] of a run of several tokens."""
    key, value = _take(keys, span.slots), _take(values, span.slots)
    window = window if window is not None and window < span.length else None
    if softcap is None and sinks is None:
        group = query.shape[1]
        whole = window is None and span.stop - span.start == span.length
        return torch.nn.functional.scaled_dot_product_attention(
            query.flatten(0, 1)[None],
            key.repeat_interleave(group, 0)[None],
            value.repeat_interleave(group, 0)[None],
            attn_mask=None if whole else span.mask(window, plan.device),
            is_causal=whole,
            scale=1.0,
        )[0].unflatten(0, query.shape[:2])
    scores = query @ key.transpose(1, 2)[:, None]
    mask = torch.zeros(1, device=plan.device).masked_fill(~span.mask(window, plan.device), -torch.inf)
    return _softmax(scores, softcap, mask, sinks) @ value[:, None]


def _singles(
    plan: Plan,
    query: torch.Tensor,
    keys: torch.Tensor,
    values: torch.Tensor,
    window: int | None,
    softcap: float | None,
    sinks: torch.Tensor | None,
) -> torch.Tensor:
    """[key heads, group, singles, value width] of branches that are one token longer."""
    key_heads, _, n, width = query.shape
    per_branch = query.transpose(1, 2)  # [key heads, singles, group, width]
    scores, masks = [], []
    if plan.shares_prompt:
        scores.append(_prompt_product(plan, per_branch, keys, transpose=True))
        masks.append(plan.prompt_mask(window))
    if plan.own_width:
        own_keys = keys.index_select(1, plan.own_slots).view(key_heads, n, plan.own_width, width)
        scores.append(per_branch @ own_keys.transpose(2, 3))
    if plan.lanes is not None:
        lanes = plan.lanes.view(keys, n)
        scores.append(torch.stack([q @ k.permute(1, 2, 0) for q, k in zip(per_branch, lanes)]))
    masks.append(plan.own_mask(window))
    widths = [part.shape[-1] for part in scores]
    mask = None
    if any(part is not None for part in masks):
        own_width = plan.own_width + plan.lane_steps
        sizes = [widths[0], own_width] if plan.shares_prompt else [own_width]
        mask = torch.cat(
            [torch.zeros(n, 1, size, device=plan.device) if m is None else m for m, size in zip(masks, sizes)], -1
        )
    # [key heads, group, singles, keys]: the axes of the sinks; the mask is the same for every head
    weights = _softmax(
        torch.cat(scores, -1).transpose(1, 2), softcap, None if mask is None else mask.transpose(0, 1), sinks
    ).transpose(1, 2)
    parts = list(weights.split(widths, -1))
    out = torch.zeros((), device=plan.device, dtype=values.dtype)
    if plan.shares_prompt:
        out = _prompt_product(plan, parts.pop(0), values, transpose=False)
    if plan.own_width:
        own_values = values.index_select(1, plan.own_slots).view(key_heads, n, plan.own_width, -1)
        out = out + parts.pop(0) @ own_values
    if plan.lanes is not None:
        lanes = plan.lanes.view(values, n)
        out = out + torch.stack([w @ v.transpose(0, 1) for w, v in zip(parts.pop(0), lanes)])
    return out.transpose(1, 2)


def _prompt_product(plan: Plan, left: torch.Tensor, pool: torch.Tensor, transpose: bool) -> torch.Tensor:
    """left [key heads, singles, group, a] times the prompt of each one's tree, all branches of a tree at once.

    `pool` holds the keys (transposed: a is the head width) or the values (a counts the prompt's tokens).
    """
    right = _take(pool, plan.prompt_slots)
    key_heads, n, group, a = left.shape
    if plan.one_tree:
        right = right.transpose(1, 2) if transpose else right
        return (left.reshape(key_heads, n * group, a) @ right).view(key_heads, n, group, -1)
    trees = len(plan.prompt_lengths)
    right = right.unflatten(1, (trees, -1))
    right = right.transpose(2, 3) if transpose else right
    left = left.index_select(1, plan.tree_rows).view(key_heads, trees, -1, a)
    return (left @ right).view(key_heads, len(plan.tree_rows), group, -1).index_select(1, plan.row_place)


AttentionInterface.register(NAME, tree_attention)
AttentionMaskInterface.register(NAME, ALL_MASK_ATTENTION_FUNCTIONS["sdpa"])
