"""How trie positions get through a model: as one tree, or, for models that cannot, as rows that are forked.

`TreeRunner` keeps the keys and values of every position in the pool and forwards each position once. `ForkRunner` keeps
whole caches of rows of equal length, for models whose state is no list of keys (Mamba, hybrids) or whose attention
cannot be replaced; it forks rows with `reorder_cache`, and where a search jumps back to a state it no longer holds, it
forwards the path again, which is charged.
"""

from __future__ import annotations

import copy
import heapq
import inspect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

import numpy as np
import torch
from transformers import DynamicCache, PreTrainedModel

from qstar.engine.attention import Plan, Pool, Run, using
from qstar.engine.base import END, Trie, Want


def device_of(model: PreTrainedModel) -> torch.device:
    """Where the model takes its token ids."""
    weight = model.get_input_embeddings().weight
    assert isinstance(weight, torch.Tensor)
    return weight.device


class Runner(Protocol):
    """The part of an engine that holds the model's state."""

    def open(self, trie: Trie) -> None: ...

    def close(self, trie: Trie) -> None: ...

    def missing(self, want: Want) -> list[int]: ...

    def reserve(self, want: Want, positions: list[int]) -> bool: ...

    def forward(self, wants: Sequence[Want]) -> tuple[torch.Tensor, torch.Tensor]:
        """At each want: raw logits [wants, vocabulary], float32, and the state after the final norm [wants, width]."""
        ...


class Head:
    """The last layer: catches the state it is given, and computes logits again from a state that was kept.

    Attributes:
        exact: whether `logits` repeats what the model computes; `check` finds out. If not, the logits themselves are
            kept in place of the state.
    """

    def __init__(self, model: PreTrainedModel) -> None:
        linear = model.get_output_embeddings()
        if linear is None:
            raise ValueError(f"{type(model).__name__} has no output embeddings: a causal language model is needed")
        self.linear, self.exact = linear, True
        config = model.config.get_text_config()
        self.softcap = getattr(config, "final_logit_softcapping", None)
        self.factor = getattr(config, "logit_scale", None)  # Cohere
        self.divisor = getattr(config, "logits_scaling", None)  # Granite
        self._caught: torch.Tensor | None = None
        linear.register_forward_pre_hook(self._catch)

    def _catch(self, module: torch.nn.Module, args: tuple[Any, ...]) -> None:
        self._caught = args[0]

    def caught(self, logits: torch.Tensor) -> torch.Tensor:
        """What to keep of the last forward call, which returned `logits` [n, vocabulary]: [n, width]."""
        hidden, self._caught = self._caught, None
        assert hidden is not None
        return hidden.reshape(len(logits), -1) if self.exact else logits

    def logits(self, kept: torch.Tensor) -> torch.Tensor:
        """[n, width] to raw logits [n, vocabulary], float32."""
        if not self.exact:
            return kept.float()
        with torch.inference_mode():
            logits = self.linear(kept)  # what follows is done as the models do it, in their type
            logits = logits if self.factor is None else logits * self.factor
            logits = logits if self.divisor is None else logits / self.divisor
            logits = logits if self.softcap is None else torch.tanh(logits / self.softcap) * self.softcap
        self._caught = None
        return logits.float()

    def check(self, hidden: torch.Tensor, logits: torch.Tensor) -> None:
        """Compares with what the model computed."""
        close = 1e-4 if logits.dtype == torch.float32 else 2e-2
        self.exact = bool(
            (self.logits(hidden) - logits.float()).abs().max() <= close * (1 + logits.float().abs().max())
        )


class _Piece(NamedTuple):
    """A run in one forward call: its token ids, the position id of the first, and how many of its ends to keep."""

    run: Run
    ids: Sequence[int]
    first: int
    keep: int


@dataclass
class _Resident:
    """What the pool holds of one trie, by position."""

    number: int
    prompt: np.ndarray | None = None  # slots
    slot: list[int] = field(default_factory=lambda: [-1])  # of END: the slot of the prompt's last token
    children: list[int] = field(default_factory=lambda: [0])  # resident ones
    used: list[int] = field(default_factory=lambda: [0])  # the last pass that wanted it
    paths: dict[int, list[int]] = field(default_factory=dict)  # slots beyond the prompt, of the last pass's positions

    def cover(self, trie: Trie) -> None:
        more = len(trie) - len(self.slot)
        if more > 0:
            self.slot.extend([-1] * more)
            self.children.extend([0] * more)
            self.used.extend([0] * more)


class TreeRunner:
    """Tree attention over a pool of slots.

    Attributes:
        chunk: tokens of one forward call at most.
        one_by_one: forward every token alone (prompts in chunks from their beginning), so that each result depends
            on its path only and not on the batch around it.
        peak_slots: most slots in use at once.
    """

    def __init__(
        self, model: PreTrainedModel, head: Head, slots: int, *, chunk: int = 1024, one_by_one: bool = False
    ) -> None:
        self.model, self.head, self.chunk, self.one_by_one = model, head, chunk, one_by_one
        self.device = device_of(model)
        self.pool = Pool(slots, grow=self.device.type != "cpu")
        self.hidden: torch.Tensor | None = None  # [slots, width] what the head keeps of every position
        self.peak_slots = 0
        self._dummy_mask = torch.zeros(1, 1, 1, 1, device=self.device)
        self._tries: dict[Trie, _Resident] = {}
        self._opened = 0
        self._fresh = 0  # slots never used
        self._prompt_slots = 0  # of the tries in flight: never evicted
        self._free: list[int] = []
        self._pass = 1
        self._pinned: set[tuple[int, int]] = set()
        self._leaves: list[tuple[int, int, int, Trie]] = []  # (last use, tie, position, trie), lazily kept
        self._ties = 0
        self._reserved: list[tuple[Trie, int, int]] = []  # (trie, last position, count) of the coming pass

    def open(self, trie: Trie) -> None:
        self._opened += 1
        self._tries[trie] = _Resident(self._opened)

    def close(self, trie: Trie) -> None:
        resident = self._tries.pop(trie)
        self._free_prompt(resident)
        self._pinned = {pin for pin in self._pinned if pin[0] != resident.number}
        self._leaves = [leaf for leaf in self._leaves if leaf[3] is not trie]
        heapq.heapify(self._leaves)
        self._free.extend(slot for slot in resident.slot[1:] if slot >= 0)
        self._reserved = [entry for entry in self._reserved if entry[0] is not trie]
        if not self._tries:  # everything is free: start again with slots in a row
            self._fresh, self._free, self._leaves = 0, [], []

    @property
    def used_slots(self) -> int:
        return self._fresh - len(self._free)

    def missing(self, want: Want) -> list[int]:
        resident, parent = self._tries[want.trie], want.trie.parent
        resident.cover(want.trie)
        out, at = [], want.at
        while resident.slot[at] < 0:
            out.append(at)
            if at == END:
                break
            at = parent[at]
        return out[::-1]

    def reserve(self, want: Want, positions: list[int]) -> bool:
        trie = want.trie
        resident = self._tries[trie]
        anchor = trie.parent[positions[0]] if positions else want.at
        pin = (resident.number, anchor)
        newly_pinned = pin not in self._pinned
        self._pinned.add(pin)
        prompt = len(trie.prompt) if positions and positions[0] == END else 0
        count = len(positions) - bool(prompt) + prompt
        if not self._make_room(count):
            if newly_pinned:
                self._pinned.discard(pin)
            if trie.length(want.at) > self.pool.capacity:
                raise MemoryError(
                    f"the KV pool has {self.pool.capacity} slots, too few for a path of {trie.length(want.at)} tokens: "
                    "raise kv_cap_gb"
                )
            return False
        for position in positions:
            if position == END:
                resident.prompt = self._slots_in_a_row(prompt)
                resident.slot[END] = int(resident.prompt[-1])
                self._prompt_slots += prompt
                self._reserved.append((trie, END, prompt))
            else:
                resident.slot[position] = self._one_slot()
                resident.children[trie.parent[position]] += 1
        beyond = len(positions) - bool(prompt)
        if beyond:
            self._reserved.append((trie, want.at, beyond))
        resident.used[want.at] = self._pass
        self._pinned.update((resident.number, position) for position in positions)
        if positions and want.at != END:
            self._push_leaf(trie, want.at)
        self.peak_slots = max(self.peak_slots, self.used_slots)
        return True

    def forward(self, wants: Sequence[Want]) -> tuple[torch.Tensor, torch.Tensor]:
        reserved, self._reserved = self._reserved, []
        paths: dict[Trie, dict[int, list[int]]] = {}
        pieces: list[_Piece] = []
        for trie, last, count in reserved:
            pieces += self._pieces(trie, last, count, paths.setdefault(trie, {}))
        for trie, kept in paths.items():
            self._tries[trie].paths = kept
        try:
            computed = self._run(pieces)  # slots and logits
        except BaseException:
            for entry in reserved:
                self._release(*entry)
            raise
        finally:
            self._pinned.clear()
            self._pass += 1
        return self._gather(wants, computed)

    def _run(self, pieces: list[_Piece]) -> list[tuple[np.ndarray, torch.Tensor]]:
        """Forward calls of at most `chunk` tokens, or of one piece each."""
        computed: list[tuple[np.ndarray, torch.Tensor]] = []
        batch: list[_Piece] = []
        size = 0
        for piece in pieces:
            if batch and (self.one_by_one or size + piece.run.count > self.chunk):
                computed += self._call(batch)
                batch, size = [], 0
            batch.append(piece)
            size += piece.run.count
        return computed + (self._call(batch) if batch else [])

    def _release(self, trie: Trie, last: int, count: int) -> None:
        """Takes back what was reserved for a run that did not come to be."""
        resident = self._tries[trie]
        resident.paths.clear()
        if last == END:
            self._free_prompt(resident)
            return
        for _ in range(count):
            self._free.append(resident.slot[last])
            resident.slot[last] = -1
            last = trie.parent[last]
            resident.children[last] -= 1

    def _gather(
        self, wants: Sequence[Want], computed: list[tuple[np.ndarray, torch.Tensor]]
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Logits and states of the wants: from this pass where they were computed in it, else from the kept state."""
        assert self.hidden is not None
        slots = np.array([self._tries[want.trie].slot[want.at] for want in wants])
        index = torch.from_numpy(slots).to(self.device)
        hidden = self.hidden.index_select(0, index)
        if not computed:
            return self._head_again(hidden), hidden
        fresh = np.concatenate([slots for slots, _ in computed])
        logits = computed[0][1] if len(computed) == 1 else torch.cat([logits for _, logits in computed])
        if len(fresh) == len(slots) and (fresh == slots).all():
            return logits.float(), hidden
        row_of = dict(zip(fresh.tolist(), range(len(fresh))))
        rows = [row_of.get(slot, -1) for slot in slots.tolist()]
        out = logits[rows].float()
        kept = [i for i, row in enumerate(rows) if row < 0]
        if kept:
            out[kept] = self._head_again(hidden[kept])
        return out, hidden

    def _head_again(self, hidden: torch.Tensor) -> torch.Tensor:
        if self.one_by_one:
            return torch.cat([self.head.logits(row[None]) for row in hidden])
        return self.head.logits(hidden)

    # -- running ----------------------------------------------------------------------------------------------

    def _pieces(self, trie: Trie, last: int, count: int, paths: dict[int, list[int]]) -> Iterator[_Piece]:
        """The run that ends at `last`, cut into calls: by chunks, or token by token."""
        resident = self._tries[trie]
        prompt = resident.prompt
        assert prompt is not None
        if last == END:
            for start in range(0, count, self.chunk):
                stop = min(count, start + self.chunk)
                run = Run(prompt[:stop], np.empty(0, np.int64), stop - start, resident.number)
                yield _Piece(run, trie.prompt[start:stop], start, keep=int(stop == count))
            return
        beyond = np.array(self._path(trie, last, paths))
        ids = trie.tokens(last)[-count:] if count > 1 else [trie.token[last]]
        done, size = len(beyond) - count, 1 if self.one_by_one else self.chunk
        for start in range(0, count, size):
            stop = min(count, start + size)
            run = Run(prompt, beyond[: done + stop], stop - start, resident.number)
            yield _Piece(run, ids[start:stop], len(prompt) + done + start, keep=stop - start)

    def _path(self, trie: Trie, at: int, paths: dict[int, list[int]]) -> list[int]:
        """Slots from the first position after the prompt to `at`; grown from the last pass's where it can be."""
        resident = self._tries[trie]
        tail: list[int] = []
        while at != END and at not in resident.paths and at not in paths:
            tail.append(at)
            at = trie.parent[at]
        known = resident.paths.get(at) or paths.get(at) or []
        path = known + [resident.slot[position] for position in reversed(tail)]
        paths[tail[0] if tail else at] = path
        return path

    def _call(self, batch: list[_Piece]) -> list[tuple[np.ndarray, torch.Tensor]]:
        """One forward call; where memory runs out, two halves of it. The slots and logits of what is kept."""
        try:
            return [self._model_call(batch)]
        except torch.OutOfMemoryError:
            if len(batch) == 1:
                raise MemoryError(
                    f"no memory on {self.device} for a call of {batch[0].run.count} tokens: lower chunk or kv_cap_gb"
                ) from None
        torch.cuda.empty_cache()
        half = len(batch) // 2
        return self._call(batch[:half]) + self._call(batch[half:])

    def _model_call(self, batch: list[_Piece]) -> tuple[np.ndarray, torch.Tensor]:
        plan = Plan(self.pool, [piece.run for piece in batch], self.device)
        ids = np.concatenate([piece.ids for piece in batch])
        positions = np.concatenate([np.arange(piece.first, piece.first + piece.run.count) for piece in batch])
        ends = np.cumsum([piece.run.count for piece in batch])
        rows = np.concatenate([np.arange(end - max(piece.keep, 1), end) for piece, end in zip(batch, ends)])
        kept = torch.from_numpy(rows).to(self.device) if len(rows) < plan.tokens else 0
        with using(plan), torch.inference_mode():
            logits = self.model(
                input_ids=torch.from_numpy(ids)[None].to(self.device),
                position_ids=torch.from_numpy(positions)[None].to(self.device),
                attention_mask=self._dummy_mask,
                use_cache=False,
                logits_to_keep=kept,
            ).logits[0]
            hidden = self.head.caught(logits)
            if self.hidden is None or len(self.hidden) < self.pool.allocated:
                grown = hidden.new_empty(self.pool.allocated, hidden.shape[1])
                if self.hidden is not None:
                    grown[: len(self.hidden)] = self.hidden
                self.hidden = grown
            slots = plan.slots if isinstance(kept, int) else plan.slots[kept]
            self.hidden.index_copy_(0, slots, hidden)
        return slots.cpu().numpy(), logits

    # -- slots ------------------------------------------------------------------------------------------------

    def _make_room(self, count: int) -> bool:
        """Evicts until `count` slots are free; evicts nothing if that could not be enough."""
        if self.pool.capacity - self.used_slots >= count:
            return True
        kept = self._prompt_slots + sum(position != END for _, position in self._pinned)
        if count > self.pool.capacity - kept:
            return False
        while self.pool.capacity - self.used_slots < count:
            if not self._evict():
                return False
        return True

    def _one_slot(self) -> int:
        if self._free:
            return self._free.pop()
        self._fresh += 1
        self.pool.require(self._fresh)
        return self._fresh - 1

    def _slots_in_a_row(self, count: int) -> np.ndarray:
        """Slots for a prompt: new ones, else freed ones that follow one another, else any."""
        if self._fresh + count <= self.pool.capacity:
            self._fresh += count
            self.pool.require(self._fresh)
            return np.arange(self._fresh - count, self._fresh)
        free = np.sort(np.array(self._free, dtype=np.int64))
        if len(free) >= count:
            starts = np.flatnonzero(free[count - 1 :] - free[: len(free) - count + 1] == count - 1)
            if len(starts):
                slots = free[starts[0] : starts[0] + count]
                self._free = np.setdiff1d(free, slots).tolist()
                return slots
        return np.array([self._one_slot() for _ in range(count)])

    def _free_prompt(self, resident: _Resident) -> None:
        if resident.prompt is not None:
            self._free.extend(resident.prompt.tolist())
            self._prompt_slots -= len(resident.prompt)
            resident.prompt, resident.slot[END] = None, -1

    def _push_leaf(self, trie: Trie, position: int) -> None:
        self._ties += 1
        heapq.heappush(self._leaves, (self._tries[trie].used[position], self._ties, position, trie))

    def _evict(self) -> bool:
        """Frees the slot of the leaf that was wanted longest ago; False if all are needed by the coming pass."""
        put_back = []
        found = False
        while self._leaves and not found:
            used, tie, position, trie = heapq.heappop(self._leaves)
            resident = self._tries.get(trie)
            if resident is None or resident.slot[position] < 0 or resident.children[position]:
                continue
            if (resident.number, position) in self._pinned:
                put_back.append((used, tie, position, trie))
                continue
            if resident.used[position] != used:
                heapq.heappush(self._leaves, (resident.used[position], tie, position, trie))
                continue
            self._free.append(resident.slot[position])
            resident.slot[position] = -1
            resident.paths.clear()
            parent = trie.parent[position]
            resident.children[parent] -= 1
            resident.used[parent] = max(resident.used[parent], used)
            if parent != END and not resident.children[parent]:
                self._push_leaf(trie, parent)
            found = True
        for entry in put_back:
            heapq.heappush(self._leaves, entry)
        return found


@dataclass(eq=False)
class _Rows:
    """A cache whose row i stands after the trie position `positions[i]`."""

    cache: Any
    positions: list[int]
    hidden: torch.Tensor  # [rows, width]


class ForkRunner:
    """Exact for any model with a cache that `reorder_cache` forks; batches only rows that were forked together.

    Attributes:
        keep: batches of rows kept per trie besides the prompt's.
    """

    def __init__(self, model: PreTrainedModel, head: Head, *, keep: int = 4) -> None:
        self.model, self.head, self.keep = model, head, keep
        names = inspect.signature(model.forward).parameters
        # Mamba calls it by its own names, of before and since transformers 5.24
        self._cache = next((name for name in ("cache", "cache_params") if name in names), "past_key_values")
        self.device = device_of(model)
        self.pool = None
        self._rows: dict[Trie, list[_Rows]] = {}
        self._reserved: list[Want] = []

    def open(self, trie: Trie) -> None:
        self._rows[trie] = []

    def close(self, trie: Trie) -> None:
        self._rows.pop(trie)
        self._reserved = [want for want in self._reserved if want.trie is not trie]

    def _find(self, trie: Trie, position: int) -> tuple[_Rows, int] | None:
        for rows in reversed(self._rows[trie]):
            if position in rows.positions:
                return rows, rows.positions.index(position)
        return None

    def missing(self, want: Want) -> list[int]:
        trie = want.trie
        if self._find(trie, want.at):
            return []
        if want.at != END and self._find(trie, trie.parent[want.at]):
            return [want.at]
        path, at = [], want.at
        while at != END:
            path.append(at)
            at = trie.parent[at]
        return [END, *reversed(path)]

    def reserve(self, want: Want, positions: list[int]) -> bool:
        # two wants that both need the prompt would forward it twice: the second waits for the first
        if positions[:1] == [END] and any(w.trie is want.trie for w in self._reserved):
            return False
        self._reserved.append(want)
        return True

    def forward(self, wants: Sequence[Want]) -> tuple[torch.Tensor, torch.Tensor]:
        self._reserved = []
        rows_of: list[tuple[torch.Tensor, torch.Tensor]] = [(torch.empty(0), torch.empty(0))] * len(wants)
        forks: dict[int, tuple[_Rows, list[int], list[int]]] = {}
        fresh: dict[Trie, list[_Rows]] = {}
        for i, (trie, at) in enumerate(wants):
            if found := self._find(trie, at):
                hidden = found[0].hidden[found[1]]
                rows_of[i] = self.head.logits(hidden[None])[0], hidden
            elif at != END and (found := self._find(trie, trie.parent[at])):
                _, sources, members = forks.setdefault(id(found[0]), (found[0], [], []))
                sources.append(found[1])
                members.append(i)
            else:
                cache = DynamicCache(config=self.model.config)
                logits, hidden = self._call(torch.tensor([[*trie.prompt, *trie.tokens(at)]]), cache)
                fresh.setdefault(trie, []).append(_Rows(cache, [at], hidden))
                rows_of[i] = logits[0], hidden[0]
        for rows, sources, members in forks.values():
            cache = copy.deepcopy(rows.cache)
            cache.reorder_cache(torch.tensor(sources, device=self.device))
            trie, at_row = wants[members[0]].trie, [wants[i].at for i in members]
            logits, hidden = self._call(torch.tensor([[trie.token[at]] for at in at_row]), cache)
            fresh.setdefault(trie, []).append(_Rows(cache, at_row, hidden))
            for i, row in zip(members, zip(logits, hidden)):
                rows_of[i] = row
        for trie, batches in fresh.items():
            kept = self._rows[trie] + batches
            prompt = [rows for rows in kept if rows.positions == [END]][:1]
            self._rows[trie] = prompt + [rows for rows in kept if rows not in prompt][-self.keep :]
        return torch.stack([logits for logits, _ in rows_of]), torch.stack([hidden for _, hidden in rows_of])

    def _call(self, ids: torch.Tensor, cache: Any) -> tuple[torch.Tensor, torch.Tensor]:
        """Forwards `ids` [rows, n]: logits and states at the last position of each row."""
        with torch.inference_mode():
            out = self.model(input_ids=ids.to(self.device), use_cache=True, logits_to_keep=1, **{self._cache: cache})
        logits = out.logits[:, -1]
        return logits.float(), self.head.caught(logits)
