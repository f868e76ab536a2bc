"""The recipe of the bundled model: a small Qwen3 trained from scratch on two CPU cores.

    python -m qstar.models.train --out DIR --gsm8k TRAIN.jsonl

Killed at any moment, the same command continues from the last checkpoint in DIR. In the end DIR holds a model and
a tokenizer for `from_pretrained`, and `training.json` with what was run. The file of GSM8K's train split comes from
https://github.com/openai/grade-school-math; `--gsm8k none` trains without it.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np
import torch
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
from torch import Tensor, nn
from tqdm import tqdm
from transformers import GenerationConfig, PreTrainedTokenizerFast, Qwen3Config, Qwen3ForCausalLM

from qstar.models.corpus import Corpus, Text, calculated, deciding
from qstar.models.memory import keep_memory

PAD, EOS = "<pad>", "<eos>"
# What is one token at most, before bytes are merged within it: a line end; a digit, a mark or a word with its space.
PIECES = r" ?\d|\n| ?(?:<<|>>>|>>|####|\"\"\")| ?\p{L}+| ?_+| ?[^\s\d\p{L}]|[^\S\n]+"
IGNORE = -100
SAMPLE = 20_000  # texts from which the vocabulary is learned


@dataclass(frozen=True)
class Recipe:
    """Everything that decides the weights, except the order in which two cores add."""

    tokens: int = 17_300_000
    """Of texts forwarded, padding not counted. The learning rate follows the share of them that is spent."""
    seed: int = 0
    layers: int = 4
    width: int = 256
    heads: int = 4
    feed_forward: int = 688
    context: int = 1024
    longest: int = 400
    """Longer texts are left out."""
    vocabulary: int = 2048
    batch: int = 3072
    """Tokens in one batch, padding counted."""
    pool: int = 1024
    """Texts drawn together and sorted by length, so that little of a batch is padding."""
    operands: float = 3.0
    """Weight of the tokens of a word problem that decide its answer: operands, operators, the last line."""
    critic: float = 0.5
    """Weight of the states' loss beside the tokens'."""
    muon_rate: float = 0.02
    """Peak learning rate of the matrices inside the layers (Muon)."""
    adam_rate: float = 3e-3
    """Peak learning rate of embeddings and norms (AdamW)."""
    weight_decay: float = 0.01
    warmup: float = 0.02
    decay: float = 0.6
    """Shares of the run in which the learning rate rises to its peak and falls from it to zero."""
    checkpoint_seconds: float = 60.0
    corpus: Corpus = field(default_factory=Corpus)


# ---------------------------------------------------------------- tokenizer and model


def build_tokenizer(recipe: Recipe, texts: Iterable[str]) -> PreTrainedTokenizerFast:
    """Byte pairs merged within words and spaces: every digit, line end and mark is a token of its own."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(PIECES), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=recipe.vocabulary,
        special_tokens=[PAD, EOS],
        initial_alphabet=sorted(alphabet),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token=PAD,
        eos_token=EOS,
        model_max_length=recipe.context,
        padding_side="left",
        clean_up_tokenization_spaces=False,
    )


def build_model(recipe: Recipe, tokenizer: PreTrainedTokenizerFast) -> Qwen3ForCausalLM:
    """A Qwen3 with weights drawn from the recipe's seed.

    Its normalised queries and keys learn to copy in a fraction of the tokens that a Llama needs, and so does starting
    each layer as the identity.
    """
    config = Qwen3Config(
        vocab_size=len(tokenizer),
        hidden_size=recipe.width,
        intermediate_size=recipe.feed_forward,
        num_hidden_layers=recipe.layers,
        num_attention_heads=recipe.heads,
        num_key_value_heads=recipe.heads,
        head_dim=recipe.width // recipe.heads,
        max_position_embeddings=recipe.context,
        tie_word_embeddings=True,
        bos_token_id=None,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(recipe.seed)
        # At these short lengths plain attention trains faster on a CPU than the flash kernel.
        model = Qwen3ForCausalLM._from_config(config, attn_implementation="eager")
    for layer in model.model.layers:
        nn.init.zeros_(layer.self_attn.o_proj.weight)
        nn.init.zeros_(layer.mlp.down_proj.weight)
    return model


# ---------------------------------------------------------------- data


@dataclass(frozen=True)
class Batch:
    tokens: Tensor
    """[texts, length], padded on the right."""
    labels: Tensor
    """[texts, length], IGNORE on prompts, on what the calculator writes, on steps astray, and on padding."""
    weights: Tensor
    """[texts, length] of the labels in the loss."""
    hopes: Tensor
    """[texts, length] 1 where a right answer can be reached from the state after this token, 0 where not, else NaN."""


def batches(recipe: Recipe, tokenizer: PreTrainedTokenizerFast, texts: Iterator[Text]) -> Iterator[list[Batch]]:
    """Endless pools of batches of texts of about equal length, in the texts' random order."""
    while True:
        pool = list(islice(texts, recipe.pool))
        examples = [example(text, tokenizer, recipe.operands) for text in pool]
        examples = sorted((e for e in examples if len(e.tokens) <= recipe.longest), key=lambda e: len(e.tokens))
        if not examples:
            raise ValueError(f"none of {recipe.pool} texts has {recipe.longest} tokens or fewer; allow longer ones")
        groups: list[list[Example]] = [[]]
        for one in examples:
            if groups[-1] and (len(groups[-1]) + 1) * len(one.tokens) > recipe.batch:
                groups.append([])
            groups[-1].append(one)
        order = sorted(range(len(groups)), key=lambda i: crc32(repr(groups[i][0]).encode()))
        yield [_pad(groups[i], tokenizer.pad_token_id) for i in order]


class Example(NamedTuple):
    """The columns of a `Batch` for one text."""

    tokens: list[int]
    labels: list[int]
    weights: list[float]
    hopes: list[float]


def example(text: Text, tokenizer: PreTrainedTokenizerFast, operands: float = 1.0) -> Example:
    """The tokens of prompt, completion and end, which of them are to be learned, and what is known of the states."""
    asked = tokenizer(text.prompt).input_ids
    written = tokenizer(text.completion, return_offsets_mapping=True)
    given, decisive = calculated(text), deciding(text)
    # A search asks before the last token of a step is forwarded as well as after it.
    hope = {end - before: known for end, known in text.hopes for before in (0, 1)}
    within = lambda at, spans: any(at[0] < end and begin < at[1] for begin, end in spans)  # noqa: E731
    tokens, labels, weights = [*asked], [IGNORE] * len(asked), [1.0] * len(asked)
    hopes = [math.nan] * len(asked)
    for token, at in zip(written.input_ids, written.offset_mapping):
        learned = not within(at, given) and (text.learned is None or at[0] < text.learned)
        tokens.append(token)
        labels.append(token if learned else IGNORE)
        weights.append(operands if within(at, decisive) else 1.0)
        hopes.append(hope.get(at[1], math.nan))
    if text.learned is None:
        stop = tokenizer.eos_token_id
        return Example([*tokens, stop], [*labels, stop], [*weights, 1.0], [*hopes, math.nan])
    return Example(tokens, labels, weights, hopes)


def _pad(examples: Sequence[Example], pad: int) -> Batch:
    # Few distinct shapes: matrix kernels are prepared anew for every shape.
    length = -(-max(len(example.tokens) for example in examples) // 4) * 4
    columns = [torch.full((len(examples), length), fill) for fill in (pad, IGNORE, 1.0, math.nan)]
    for row, one in enumerate(examples):
        for column, values in zip(columns, one, strict=True):
            column[row, : len(one.tokens)] = torch.tensor(values)
    return Batch(*columns)


# ---------------------------------------------------------------- training


@dataclass
class Progress:
    """What a run has spent; saved with every checkpoint."""

    seconds: float = 0.0
    cpu_seconds: float = 0.0
    """Of all cores together."""
    steps: int = 0
    tokens: int = 0
    """Tokens of texts forwarded, padding not counted."""
    loss: float = 0.0
    """Running mean, in nats a token."""
    states_loss: float = 0.0
    """Running mean, in nats a state; ln 2 would be a guess."""


def rate(recipe: Recipe, spent: float) -> float:
    """The learning rate as a share of its peak, when this share of the run is behind."""
    return max(0.0, min(1.0, (spent + 1e-3) / recipe.warmup, (1 - spent) / recipe.decay))


class Muon(torch.optim.Optimizer):
    """Momentum, orthogonalised (Jordan et al. 2024), for matrices; as torch's, but in fp32.

    Without matrix units for bf16, as on most CPUs, torch's takes twice the time: a sixth of every training step.
    """

    def __init__(self, matrices: Iterable[Tensor], lr: float, weight_decay: float, momentum: float = 0.95) -> None:
        super().__init__(matrices, {"lr": lr, "weight_decay": weight_decay, "momentum": momentum})

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # type: ignore[override]
        for group in self.param_groups:
            for matrix in group["params"]:
                gradient, state = matrix.grad, self.state[matrix]
                if "momentum" not in state:
                    state["momentum"] = torch.zeros_like(matrix)
                mean = state["momentum"]
                mean.lerp_(gradient, 1 - group["momentum"])
                update = orthogonalised(gradient.lerp(mean, group["momentum"]))
                rows, columns = matrix.shape
                matrix.mul_(1 - group["lr"] * group["weight_decay"])
                matrix.sub_(update, alpha=group["lr"] * max(1.0, rows / columns) ** 0.5)


def orthogonalised(matrix: Tensor, steps: int = 5) -> Tensor:
    """About U V^T of the matrix U S V^T, by Newton and Schulz's iteration: singular values between 0.7 and 1.2."""
    a, b, c = 3.4445, -4.7750, 2.0315
    tall = matrix.shape[0] > matrix.shape[1]
    x = matrix.T if tall else matrix
    x = x / x.norm().clamp(min=1e-7)
    for _ in range(steps):
        gram = x @ x.T
        x = torch.addmm(x, torch.addmm(gram, gram, gram, beta=b, alpha=c), x, beta=a)
    return x.T if tall else x


def optimizers(model: nn.Module, critic: nn.Module, recipe: Recipe) -> list[torch.optim.Optimizer]:
    """Muon for the matrices inside the layers, AdamW for the rest."""
    matrices = [p for name, p in model.named_parameters() if p.ndim == 2 and ".layers." in name]
    inside = set(map(id, matrices))
    others = [p for p in (*model.parameters(), *critic.parameters()) if id(p) not in inside]
    return [
        Muon(matrices, lr=recipe.muon_rate, weight_decay=recipe.weight_decay),
        torch.optim.AdamW(others, lr=recipe.adam_rate, betas=(0.9, 0.95), weight_decay=0.0, fused=True),
    ]


def build_critic(recipe: Recipe) -> nn.Linear:
    """What reads off a hidden state whether a right answer can still be reached.

    It is thrown away: what stays is that the hidden states know. The Q head is trained on the model's own rollouts.
    """
    critic = nn.utils.skip_init(nn.Linear, recipe.width, 1)
    nn.init.zeros_(critic.weight)
    nn.init.zeros_(critic.bias)
    return critic


class Losses(NamedTuple):
    """Means of one batch, in nats."""

    tokens: float
    states: float


def step(
    model: Qwen3ForCausalLM,
    critic: nn.Module,
    algorithms: Sequence[torch.optim.Optimizer],
    batch: Batch,
    weight: float,
) -> Losses:
    """One update of the weights; the losses before it. `weight` is that of the states' loss.

    In fp32: at this width bf16 autocast costs more in conversions than its products save.
    """
    hidden = model.model(input_ids=batch.tokens, use_cache=False).last_hidden_state
    labels, weights = batch.labels[:, 1:], batch.weights[:, 1:]
    learned, known = labels != IGNORE, ~batch.hopes.isnan()
    each = nn.functional.cross_entropy(model.lm_head(hidden[:, :-1][learned]), labels[learned], reduction="none")
    tokens = (each * weights[learned]).sum() / weights[learned].sum().clamp(min=1.0)
    states = torch.zeros(())
    if known.any():
        states = nn.functional.binary_cross_entropy_with_logits(critic(hidden[known]).squeeze(-1), batch.hopes[known])
    (tokens + weight * states).backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    for algorithm in algorithms:
        algorithm.step()
        algorithm.zero_grad()
    return Losses(tokens.item(), states.item())


def train(recipe: Recipe, out: Path, gsm8k: Path | None, *, quiet: bool = False) -> Qwen3ForCausalLM:
    """Train until the recipe's tokens are spent, continuing from the checkpoint in `out` if there is one.

    `gsm8k` is the file of GSM8K's train split, or None to do without. Writes the model, the tokenizer and
    `training.json` to `out`. ValueError when the checkpoint there belongs to another recipe.
    """
    keep_memory()
    out.mkdir(parents=True, exist_ok=True)
    checkpoint = out / "checkpoint.pt"
    if checkpoint.exists():
        tokenizer = PreTrainedTokenizerFast.from_pretrained(out)
    else:
        drawn = islice(recipe.corpus.texts(np.random.default_rng(recipe.seed), "policy", gsm8k), SAMPLE)
        tokenizer = build_tokenizer(recipe, (part for text in drawn for part in (text.prompt, text.completion)))
        tokenizer.save_pretrained(out)
        _amend(out / "tokenizer_config.json", tokenizer_class="PreTrainedTokenizerFast")
    model = build_model(recipe, tokenizer).train()
    critic = build_critic(recipe)
    algorithms = optimizers(model, critic, recipe)
    peaks = [group["lr"] for algorithm in algorithms for group in algorithm.param_groups]
    rng = np.random.default_rng(recipe.seed)
    progress = Progress()
    settings = json.loads(json.dumps({**asdict(recipe), "gsm8k": gsm8k is not None}))
    if checkpoint.exists():
        progress = _restore(checkpoint, settings, [model, critic], algorithms, rng)
    groups = [group for algorithm in algorithms for group in algorithm.param_groups]  # new ones when restored
    clock, cpu_clock = time.monotonic() - progress.seconds, time.process_time() - progress.cpu_seconds
    saved = progress.seconds
    bar = tqdm(total=100, unit="%", disable=quiet)
    texts = recipe.corpus.texts(rng, "policy", gsm8k)
    for batch in (batch for pool in batches(recipe, tokenizer, texts) for batch in pool):
        progress.seconds = time.monotonic() - clock
        progress.cpu_seconds = time.process_time() - cpu_clock
        spent = progress.tokens / recipe.tokens
        if spent >= 1:
            break
        for group, peak in zip(groups, peaks, strict=True):
            group["lr"] = peak * rate(recipe, spent)
        losses = step(model, critic, algorithms, batch, recipe.critic)
        share = max(0.02, 1 / (1 + progress.steps))
        progress.loss += (losses.tokens - progress.loss) * share
        progress.states_loss += (losses.states - progress.states_loss) * share
        progress.steps += 1
        progress.tokens += int((batch.tokens != tokenizer.pad_token_id).sum())
        bar.update(round(100 * spent) - bar.n)
        told = {"loss": f"{progress.loss:.4f}", "states": f"{progress.states_loss:.3f}"}
        bar.set_postfix(told | {"tokens": f"{progress.tokens / 1e6:.2f}M"}, refresh=False)
        if progress.seconds - saved >= recipe.checkpoint_seconds:
            saved = progress.seconds
            _save(checkpoint, settings, [model, critic], algorithms, rng, progress)
    bar.close()
    export(model.eval(), tokenizer, out)
    (out / "training.json").write_text(
        json.dumps({"recipe": settings, **asdict(progress), "threads": torch.get_num_threads()}, indent=2) + "\n"
    )
    checkpoint.unlink(missing_ok=True)
    return model


def export(model: Qwen3ForCausalLM, tokenizer: PreTrainedTokenizerFast, out: Path) -> None:
    """Write the model beside its tokenizer, for `from_pretrained`: weights rounded to fp16, which load as fp32."""
    model.generation_config = GenerationConfig(eos_token_id=tokenizer.eos_token_id, pad_token_id=tokenizer.pad_token_id)
    weights = {name: value.half() for name, value in model.state_dict().items()}
    if model.config.tie_word_embeddings:
        del weights["lm_head.weight"]  # the same as the embeddings
    model.save_pretrained(out, state_dict=weights)
    # Half the bytes on disk; computing stays fp32, which every CPU does fast.
    _amend(out / "config.json", dtype="float32")


def _amend(path: Path, **entries: str) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), **entries}, indent=2) + "\n")


def _save(
    path: Path,
    settings: dict[str, Any],
    networks: Sequence[nn.Module],
    algorithms: Sequence[torch.optim.Optimizer],
    rng: np.random.Generator,
    progress: Progress,
) -> None:
    state = {
        "recipe": settings,
        "networks": [network.state_dict() for network in networks],
        "optimizers": [algorithm.state_dict() for algorithm in algorithms],
        "rng": rng.bit_generator.state,
        "progress": asdict(progress),
    }
    torch.save(state, path.with_suffix(".new"))
    os.replace(path.with_suffix(".new"), path)


def _restore(
    path: Path,
    settings: dict[str, Any],
    networks: Sequence[nn.Module],
    algorithms: Sequence[torch.optim.Optimizer],
    rng: np.random.Generator,
) -> Progress:
    state = torch.load(path, weights_only=True)
    if state["recipe"] != settings:
        raise ValueError(f"{path} was made by another recipe; use that one, or another --out")
    for network, saved in zip(networks, state["networks"], strict=True):
        network.load_state_dict(saved)
    for algorithm, saved in zip(algorithms, state["optimizers"], strict=True):
        algorithm.load_state_dict(saved)
    rng.bit_generator.state = state["rng"]
    return Progress(**state["progress"])


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m qstar.models.train", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder of the model and its checkpoint")
    parser.add_argument("--gsm8k", required=True, help="JSONL file of GSM8K's train split, or none")
    parser.add_argument("--tokens", type=int, default=Recipe.tokens, help=f"(default {Recipe.tokens})")
    parser.add_argument("--seed", type=int, default=Recipe.seed)
    arguments = parser.parse_args(argv)
    gsm8k = None if arguments.gsm8k == "none" else Path(arguments.gsm8k)
    train(Recipe(arguments.tokens, arguments.seed), arguments.out, gsm8k)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
