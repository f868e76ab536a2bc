"""Any Hugging Face causal language model as an engine."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, PreTrainedModel, PreTrainedTokenizerBase

from qstar.engine import attention
from qstar.engine.base import Forwarded, Prompt, Stops, Trie, Want
from qstar.engine.runners import ForkRunner, Head, TreeRunner, device_of
from qstar.problem import Problem
from qstar.prompting import Prompter, PromptFormat, eos_ids
from qstar.value import QHead

_WINDOW = 8  # tokens of context that decide how the next one reads


class HFEngine:
    """A model with its tokenizer, its prompt format, its Q head, and the runner that suits it.

    Attributes:
        tree: True where tree attention reproduces the model's own logits; False where it has to fork rows.
        note: what a user should know about that, or "".
    """

    def __init__(
        self,
        model: PreTrainedModel,
        tokenizer: PreTrainedTokenizerBase,
        *,
        prompt: PromptFormat | None = None,
        q_head: QHead | None = None,
        kv_cap_gb: float | None = None,
        chunk: int = 1024,
        deterministic: bool = False,
        tree: bool | None = None,
    ) -> None:
        """Probes the model.

        Args:
            model, tokenizer: as loaded by transformers. The model's attention implementation becomes "qstar_tree",
                which is its `sdpa` outside our passes.
            prompt: how problems are put to it.
            q_head: see qstar.value; called as `q(hidden, embedding, tokens)`.
            kv_cap_gb: memory for keys and values; by default 40% of what is free, on a CPU at most 4.
            chunk: tokens of one forward call at most.
            deterministic: one token a call, so that a result depends on its path only.
            tree: False forces the fallback, True forbids it; None probes.

        Raises:
            ValueError: no EOS and no stop string, a chat template that is missing, `tree=True` on a model without.
        """
        self.model, self.tokenizer = model.eval(), tokenizer
        self.prompt = prompt or PromptFormat()
        self.deterministic = deterministic
        self.prompter = Prompter(tokenizer, self.prompt)
        config = model.config.get_text_config()
        eos = eos_ids(tokenizer, getattr(model.generation_config, "eos_token_id", None))
        if not eos and not self.prompter.stop:
            raise ValueError(
                f"{tokenizer.name_or_path or 'the tokenizer'} has no EOS token, so no text would ever end: "
                'give a stop string (PromptFormat(stop=("\\n\\n",)), --stop) or set tokenizer.eos_token'
            )
        self.context = int(getattr(config, "max_position_embeddings", None) or 1 << 30)
        self.stops = Stops(eos, self.prompter.stop, self.prompt.delimiter, self.prompt.max_new_tokens, self.context)
        self.head = Head(model)
        self.q_head = q_head.eval().to(self.device) if q_head is not None else None
        self.tree, self.note = self._probe(tree)
        self.runner: TreeRunner | ForkRunner = (
            TreeRunner(model, self.head, self._slots(kv_cap_gb), chunk=chunk, one_by_one=deterministic)
            if self.tree
            else ForkRunner(model, self.head)
        )
        self._pieces: dict[int, str | None] = {}
        self._forced = lru_cache(1 << 16)(partial(_encode_after_sign, tokenizer))
        self._anchor = next(iter(tokenizer("a", add_special_tokens=False).input_ids), 0)
        self._concatenates = self._pieces_concatenate()
        self._size_flops(config)

    @classmethod
    def from_pretrained(
        cls,
        name: str | os.PathLike[str],
        *,
        device: str | None = None,
        dtype: str | torch.dtype = "auto",
        device_map: Any = None,
        revision: str | None = None,
        q_head: str | os.PathLike[str] | QHead | None = None,
        prompt: PromptFormat | None = None,
        **settings: Any,
    ) -> HFEngine:
        """Loads a model by hub id or path.

        Args:
            name: hub id or folder. A folder's `qstar.json` gives the prompt format, its `q_head` folder the Q head.
            device: "cpu", "cuda", "mps"; by default the best there is.
            dtype: as in transformers; "auto" takes the checkpoint's, but float32 on a CPU.
            device_map, revision: as in transformers.
            q_head: hub id, path or module; by default the folder `q_head` beside the model, if there is one.
            prompt, settings: as for the constructor.

        Raises:
            FileNotFoundError: a path that does not exist, or holds no model.
            OSError: what the hub said.
        """
        name = str(name)
        looks_like_path = name.startswith((".", "/", "~")) or (os.sep in name and name.count("/") != 1)
        path = Path(name).expanduser()
        if path.is_dir() and not (path / "config.json").is_file():
            raise FileNotFoundError(f"{path} holds no model: there is no config.json in it")
        if looks_like_path and not path.is_dir():
            raise FileNotFoundError(f"no folder {path}: give the path of a saved model, or a hub id")
        source = str(path) if path.is_dir() else name
        device = device or _best_device()
        if dtype == "auto" and device == "cpu" and device_map is None:
            dtype = torch.float32
        try:
            tokenizer = AutoTokenizer.from_pretrained(source, revision=revision)
            model = AutoModelForCausalLM.from_pretrained(source, revision=revision, dtype=dtype, device_map=device_map)
        except OSError as error:
            raise OSError(
                f"cannot load {name!r}: it is no folder here, and the hub did not give it. "
                f"Check the name, the network, or log in for a gated model. ({str(error).splitlines()[0]})"
            ) from error
        if device_map is None:
            model.to(device=torch.device(device))  # type: ignore[call-arg]
        if q_head is None and path.is_dir() and (path / "q_head" / "config.json").is_file():
            q_head = path / "q_head"
        if isinstance(q_head, (str, os.PathLike)):
            q_head = QHead.from_pretrained(str(q_head))
        prompt = prompt or (PromptFormat.beside(path) if path.is_dir() else PromptFormat())
        return cls(model, tokenizer, prompt=prompt, q_head=q_head, **settings)

    @property
    def device(self) -> torch.device:
        return device_of(self.model)

    # -- text -------------------------------------------------------------------------------------------------

    def encode(self, problem: Problem) -> Prompt:
        ids, inside = self.prompter.encode(problem)
        if not ids:
            raise ValueError(f"the prompt of problem {problem.id or '(unnamed)'} has no tokens")
        if len(ids) >= self.context:
            raise ValueError(
                f"the prompt of problem {problem.id or '(unnamed)'} has {len(ids)} tokens, and the model's context "
                f"only {self.context}: shorten it, or give fewer examples"
            )
        return Prompt(ids, inside)

    def decode(self, tokens: Sequence[int]) -> str:
        tokens = [token for token in tokens if token not in self.stops.eos]
        return str(self.tokenizer.decode(tokens, skip_special_tokens=False, clean_up_tokenization_spaces=False))

    def encode_forced(self, text: str) -> list[int]:
        """Tokens for `text` in the middle of a line."""
        return self._forced(text)

    def piece(self, trie: Trie, at: int, token: int) -> str:
        if self._concatenates:
            if token not in self._pieces:
                self._pieces[token] = self._alone(token)
            piece = self._pieces[token]
            if piece is not None:
                return piece
        before = _last_tokens(trie, at, _WINDOW)
        old, new = self.decode(before), self.decode([*before, token])
        if new.endswith("\ufffd"):
            return ""  # a character is unfinished
        return new[len(old.rstrip("\ufffd")) :]

    def _alone(self, token: int) -> str | None:
        """The text a token adds anywhere; None if it holds a part of a character."""
        before, both = self.decode([self._anchor]), self.decode([self._anchor, token])
        return None if "\ufffd" in both or not both.startswith(before) else both[len(before) :]

    def _pieces_concatenate(self) -> bool:
        """Whether texts of tokens simply follow one another, tried on random sequences."""
        generator = torch.Generator().manual_seed(0)
        vocabulary = len(self.tokenizer)
        special = set(self.tokenizer.all_special_ids)
        for _ in range(20):
            ids = torch.randint(vocabulary, (24,), generator=generator).tolist()
            pieces = [(token, self._alone(token)) for token in ids if token not in special]
            known = [(token, piece) for token, piece in pieces if piece is not None]
            whole = self.decode([self._anchor, *(token for token, _ in known)])
            if whole != self.decode([self._anchor]) + "".join(piece for _, piece in known):
                return False
        return True

    # -- the model --------------------------------------------------------------------------------------------

    def open(self, prompt: Sequence[int]) -> Trie:
        trie = Trie(prompt)
        self.runner.open(trie)
        return trie

    def close(self, trie: Trie) -> None:
        self.runner.close(trie)

    def missing(self, want: Want) -> list[int]:
        return self.runner.missing(want)

    def reserve(self, want: Want, positions: list[int]) -> bool:
        return self.runner.reserve(want, positions)

    def forward(self, wants: Sequence[Want]) -> Forwarded:
        return Forwarded(*self.runner.forward(wants))

    @property
    def _guide(self) -> QHead | None:
        """The Q head, where the states that it reads are the model's own."""
        return self.q_head if self.head.exact else None

    def q(self, hidden: torch.Tensor, tokens: torch.Tensor) -> torch.Tensor | None:
        if self._guide is None:
            return None
        embedding = self.model.get_output_embeddings().weight
        with torch.inference_mode():
            return self._guide.q(hidden.float(), embedding, tokens)

    def v(self, hidden: torch.Tensor) -> torch.Tensor | None:
        if self._guide is None:
            return None
        with torch.inference_mode():
            return self._guide.values(hidden.float())

    def flops(self, positions: int, context: int) -> float:
        return positions * (self._flops_per_token + self._flops_per_key * context)

    def _size_flops(self, config: Any) -> None:
        """2 operations per weight a token meets, and 4 per head width and layer for each key it attends to."""
        embedding = self.model.get_input_embeddings().weight
        weights = sum(p.numel() for p in self.model.parameters())
        tied = self.model.get_output_embeddings().weight is embedding
        names = ("num_local_experts", "n_routed_experts", "num_experts", "moe_num_experts")
        experts = next((n for name in names if (n := getattr(config, name, None))), None)
        self._flops_per_token = 2.0 * (weights - (0 if tied else embedding.numel()))
        if experts:  # a token meets only the experts it is routed to
            inside = sum(p.numel() for name, p in self.model.named_parameters() if ".experts." in name)
            chosen = getattr(config, "num_experts_per_tok", None) or getattr(config, "moe_k", None) or experts
            share = chosen / experts
            self._flops_per_token -= 2.0 * inside * (1 - share)
        heads = getattr(config, "num_attention_heads", 0) or 0
        width = getattr(config, "head_dim", None) or config.hidden_size // max(heads, 1)
        self._flops_per_key = 4.0 * config.num_hidden_layers * heads * width if self.tree else 0.0

    def _slots(self, kv_cap_gb: float | None) -> int:
        """Pool size from the cap, at the bytes per slot that the probe saw."""
        if kv_cap_gb is not None and kv_cap_gb <= 0:
            raise ValueError(f"kv_cap_gb must be positive, not {kv_cap_gb}")
        total = kv_cap_gb * 1e9 if kv_cap_gb is not None else 0.4 * _free_bytes(self.device)
        if kv_cap_gb is None and self.device.type == "cpu":
            total = min(total, 4e9)  # reserved at once: more would keep this process from forking
        return max(64, min(int(total / self._bytes_per_slot), 1 << 20))

    def _probe(self, wanted: bool | None) -> tuple[bool, str]:
        """Compares a small tree with separate uncached passes, token by token."""
        before = self.model.config._attn_implementation
        why = ""
        if wanted is not False:
            try:
                self.model.set_attn_implementation(attention.NAME)
                why = self._difference()
            except Exception as error:  # whatever a model's code does with inputs it does not expect
                why = f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
            if not why:
                return True, ""
            if wanted:
                raise ValueError(f"{type(self.model).__name__} cannot run as a tree: {why}")
            with contextlib.suppress(Exception):
                self.model.set_attn_implementation(before)
        self._check_head_plainly()
        return (
            False,
            f"{type(self.model).__name__} runs without tree attention, by forked rows: slower, and a jump back"
            f" is forwarded again{f' ({why})' if why else ''}",
        )

    def _difference(self) -> str:
        """Runs a tree both ways; "" if the logits agree."""
        config = self.model.config.get_text_config()
        if getattr(config, "attention_chunk_size", None):
            return "chunked attention"
        if _rope_types(getattr(config, "rope_parameters", None)) & {"longrope", "dynamic"}:
            return "rotary frequencies that depend on the longest text of a pass"
        generator = torch.Generator().manual_seed(0)
        ids = torch.randint(config.vocab_size, (14,), generator=generator).tolist()
        runner = TreeRunner(self.model, self.head, 64)
        trie = Trie(ids[:5])
        runner.open(trie)
        first = trie.walk(0, ids[5:7])
        wants = [
            Want(trie, trie.walk(first, ids[7:8])),
            Want(trie, trie.walk(0, ids[8:11])),
            Want(trie, trie.walk(first, ids[11:14])),
        ]
        tree: list[torch.Tensor] = []
        for group in ([wants[0]], wants[1:]):
            for want in group:
                runner.reserve(want, runner.missing(want))
            tree.extend(runner.forward(group)[0])
        self._bytes_per_slot = runner.pool.bytes_per_slot
        if self._bytes_per_slot == 0:
            return "no attention layer asked for tree attention"
        for want, logits in zip(wants, tree):
            expected, hidden = self._plain([*trie.prompt, *trie.tokens(want.at)])
            if not _close(logits, expected, half=self.model.dtype != torch.float32):
                return f"logits differ by {(logits - expected).abs().max():.2g}"
        self.head.check(hidden[None], expected[None].to(self.model.dtype))
        kept = hidden if self.head.exact else expected.to(self.model.dtype)
        self._bytes_per_slot += kept.numel() * kept.element_size()
        return ""

    def _plain(self, ids: list[int]) -> tuple[torch.Tensor, torch.Tensor]:
        """Logits and state after `ids`, by the model alone."""
        with torch.inference_mode():
            logits = self.model(torch.tensor([ids], device=self.device), use_cache=False).logits
        hidden = self.head.caught(logits[0])
        return logits[0, -1].float(), hidden[-1]

    def _check_head_plainly(self) -> None:
        logits, hidden = self._plain([1, 2, 3])
        self.head.check(hidden[None], logits[None].to(self.model.dtype))


def _encode_after_sign(tokenizer: PreTrainedTokenizerBase, text: str) -> list[int]:
    """Tokens of `text` in the middle of a line: some tokenizers put a space before the first."""
    anchored = tokenizer("=" + text, add_special_tokens=False).input_ids
    alone = tokenizer("=", add_special_tokens=False).input_ids
    if anchored[: len(alone)] == alone:
        return list(anchored[len(alone) :])
    return list(tokenizer(text, add_special_tokens=False).input_ids)


def _rope_types(parameters: Any) -> set[str]:
    """The kinds of rotary embedding that a config names, for all layers or by kind of layer."""
    if not isinstance(parameters, dict):
        return set()
    inner = [_rope_types(value) for value in parameters.values()]
    return {str(parameters.get("rope_type"))}.union(*inner)


def _close(a: torch.Tensor, b: torch.Tensor, half: bool) -> bool:
    """Equal up to the rounding of the type: 1e-4 of the largest logit in float32, 3% in norm in half precision."""
    difference, b = a.float() - b.float(), b.float()
    if half:
        return float(difference.norm()) <= 3e-2 * float(b.norm())
    return float(difference.abs().max()) <= 1e-4 * (1 + float(b.abs().max()))


def _last_tokens(trie: Trie, at: int, count: int) -> list[int]:
    out: list[int] = []
    while at != 0 and len(out) < count:
        out.append(trie.token[at])
        at = trie.parent[at]
    return out[::-1]


def _best_device() -> str:
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def _free_bytes(device: torch.device) -> float:
    if device.type == "cuda":
        return float(torch.cuda.mem_get_info(device)[0])
    if device.type == "mps":
        return float(torch.mps.recommended_max_memory()) - torch.mps.driver_allocated_memory()
    try:
        return float(os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    except (ValueError, OSError, AttributeError):
        return 4e9
