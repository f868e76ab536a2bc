"""Small models and tokenizers for tests of the front door, and an engine whose model says what it is told."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from engine.families import SIZE, model
from engine.families import tokenizer as letters
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors
from transformers import AutoConfig, AutoModelForCausalLM, PreTrainedModel, PreTrainedTokenizerFast

from qstar.engine.base import Forwarded, Want
from qstar.engine.hf import HFEngine

CHAT = (
    "{% for m in messages %}[{{ m['role'] }}]{{ m['content'] }}\n{% endfor %}"
    "{% if add_generation_prompt %}[assistant]{% endif %}"
)
WITH_BOS = "{{ bos_token }}" + CHAT
THINKING = (
    CHAT + "{% if enable_thinking is defined and not enable_thinking %}<think></think>{% else %}<think>{% endif %}"
)
NO_SYSTEM = "{% if messages[0]['role'] == 'system' %}{{ raise_exception('no system role') }}{% endif %}" + CHAT

MERGES = [("Ċ", "Ċ"), (".", "ĊĊ"), ("Q", "u"), ("Ċ", "Qu"), ("a", "b"), ("ab", "c"), ("b", "c"), ("1", "2"), ("Ġ", "a")]
SPECIAL = ("<pad>", "<bos>", "<eos>", "<turn>")


def byte_pairs(
    *, adds_bos: bool = False, chat: str | None = None, eos: str | None = "<eos>"
) -> PreTrainedTokenizerFast:
    """A byte-level BPE, so that tokens hold several characters, or a part of one."""
    pieces = [*SPECIAL, *sorted(pre_tokenizers.ByteLevel.alphabet()), *(a + b for a, b in MERGES)]
    tok = Tokenizer(models.BPE({piece: i for i, piece in enumerate(pieces)}, MERGES))
    tok.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    tok.decoder = decoders.ByteLevel()
    if adds_bos:
        tok.post_processor = processors.TemplateProcessing("<bos> $A", special_tokens=[("<bos>", 1)])
    given = {"bos_token": "<bos>", "pad_token": "<pad>", "additional_special_tokens": ["<turn>"]}
    made = PreTrainedTokenizerFast(tokenizer_object=tok, **given, **({"eos_token": eos} if eos else {}))
    made.chat_template = chat
    return made


def llama(vocabulary: int, context: int = 256) -> PreTrainedModel:
    settings = {**SIZE, "vocab_size": vocabulary, "max_position_embeddings": context}
    torch.manual_seed(0)
    return AutoModelForCausalLM.from_config(AutoConfig.for_model("llama", **settings)).eval()


class Dictated(HFEngine):
    """The model is run, and then says the tokens of `script` (the rest is EOS) with a probability near 1."""

    script: Sequence[int] = ()

    def forward(self, wants: Sequence[Want]) -> Forwarded:
        out = super().forward(wants)
        logits = out.logits.clone()
        for row, want in enumerate(wants):
            depth = want.trie.depth[want.at]
            logits[row, self.script[depth] if depth < len(self.script) else 2] += 100.0
        return Forwarded(logits, out.hidden)


def save(folder: Path, *, chat: str | None = None, eos: Sequence[int] = (2, *range(20, 40)), **tokenizer: Any) -> Path:
    """A random model of single letters with its tokenizer; many letters end its text, so that it has answers."""
    net, tok = model("llama"), letters()
    net.generation_config.eos_token_id = list(eos)
    tok.chat_template = chat
    for name, value in tokenizer.items():
        setattr(tok, name, value)
    net.save_pretrained(folder)
    tok.save_pretrained(folder)
    return folder


def forked(args: Sequence[str], output: Path) -> int:
    """Starts the command line in a process of its own, without loading torch again; its output goes to files."""
    pid = os.fork()
    if pid:
        return pid
    code = 99
    try:
        for stream, suffix in ((1, ".out"), (2, ".err")):
            os.dup2(os.open(output.with_suffix(suffix), os.O_WRONLY | os.O_CREAT | os.O_TRUNC), stream)
        sys.stdout, sys.stderr = os.fdopen(1, "w"), os.fdopen(2, "w")
        sys.argv = ["qstar", *args]
        from qstar.cli import main

        try:
            main()
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)
