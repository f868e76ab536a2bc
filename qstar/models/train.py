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
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy
from torch.utils.data import DataLoader, IterableDataset
from tqdm import tqdm
from transformers import GenerationConfig, PreTrainedTokenizerFast, Qwen3Config, Qwen3ForCausalLM

from qstar.models.corpus import Corpus, Text, calculated, deciding
from qstar.models.memory import keep_memory
from qstar.value.q_head import QHead, QHeadConfig

PAD, EOS = "<pad>", "<eos>"
# What is one token at most, before bytes are merged within it: a line end; a digit, a mark or a word with its space.
PIECES = r" ?\d|\n| ?(?:<<|>>>|>>|####|\"\"\")| ?\p{L}+| ?_+| ?[^\s\d\p{L}]|[^\S\n]+"
IGNORE = -100
SAMPLE = 20_000  # texts from which the vocabulary is learned


@dataclass(frozen=True)
class Recipe:
    """Everything that decides the weights, except the order in which two cores add."""

    tokens: int = 25_000_000
    """Of texts forwarded, padding not counted. The learning rate follows the share of them that is spent."""
    seed: int = 0
    layers: int = 6
    width: int = 256
    heads: int = 4
    feed_forward: int = 688
    context: int = 1024
    longest: int = 400
    """Longer texts are left out."""
    vocabulary: int = 2048
    batch: int = 4096
    """Tokens in one batch, padding counted."""
    operands: float = 3.0
    """Weight of the tokens of a word problem that decide its answer: operands, operators, the last line."""
    critic: float = 1.0
    """Weight of the states' loss beside the tokens'."""
    muon_rate: float = 0.02
    """Peak learning rate of the matrices inside the layers (Muon)."""
    adam_rate: float = 3e-3
    """Peak learning rate of embeddings and norms (AdamW)."""
    weight_decay: float = 0.01
    warmup: float = 0.02
    decay: float = 0.6
    """Shares of the run in which the learning rate rises to its peak and falls from it to zero."""
    half: bool = True
    """Multiply matrices in bf16; weights and sums stay fp32. On a CPU with units for it (AVX512-BF16, AMX) a step takes
    half the time, on one without it takes longer."""
    compiled: bool = True
    """Compile the layers, which needs a C++ compiler: a step takes two thirds of the time after a minute's wait."""
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
    """[texts, length], IGNORE on prompts, on what the calculator writes, on steps astray, on padding, and where
    `shares` say more."""
    weights: Tensor
    """[texts, length] of the labels in the loss."""
    hopes: Tensor
    """[texts, length] 1 where a right answer can be reached from the state after this token, 0 where not, else NaN."""
    chosen: Tensor
    """[choices] states, as indices into texts x length, of which all next tokens are known that begin a legal step."""
    choice: Tensor
    """[candidates] which of the choices each of those tokens belongs to."""
    candidates: Tensor
    """[candidates] the tokens."""
    shares: Tensor
    """[candidates] how often each shall be taken; all 0 in a state from which no right answer can be reached."""


@dataclass(frozen=True)
class Batches(IterableDataset):
    """Endless batches, each with the state of the random generator after it, and this process's CPU seconds so far.

    A resumed training goes on `at` such a state (None: from the beginning) with the very next text; those that were
    waiting for others of their length are left out. What `batches` raises is raised.
    """

    recipe: Recipe
    tokenizer: PreTrainedTokenizerFast
    gsm8k: Path | None
    at: dict[str, Any] | None = None

    def __iter__(self) -> Iterator[tuple[Batch, dict[str, Any], float]]:
        rng = np.random.default_rng(self.recipe.seed)
        if self.at is not None:
            rng.bit_generator.state = self.at
        for batch in batches(self.recipe, self.tokenizer, self.recipe.corpus.texts(rng, "policy", self.gsm8k)):
            yield batch, dict(rng.bit_generator.state), time.process_time()


def batches(recipe: Recipe, tokenizer: PreTrainedTokenizerFast, texts: Iterable[Text]) -> Iterator[Batch]:
    """Batches of texts of about equal length, each as soon as there are enough of that length.

    Few shapes, whole batches only: matrix kernels are prepared anew for every shape. ValueError when a thousand texts
    in a row are too long.
    """
    waiting: defaultdict[int, list[Example]] = defaultdict(list)
    too_long = 0
    for text in texts:
        one = example(text, tokenizer, recipe.operands)
        if len(one.tokens) > recipe.longest:
            too_long += 1
            if too_long == 1000:
                raise ValueError(f"1000 texts in a row have more than {recipe.longest} tokens; allow longer ones")
            continue
        too_long = 0
        length = -(-len(one.tokens) // 16) * 16
        waiting[length].append(one)
        if len(waiting[length]) == max(1, recipe.batch // length):
            yield _pad(waiting.pop(length), tokenizer.pad_token_id, length)


class Example(NamedTuple):
    """The columns of a `Batch` for one text; `choices` are states with their candidates and the shares of those."""

    tokens: list[int]
    labels: list[int]
    weights: list[float]
    hopes: list[float]
    choices: list[tuple[int, list[int], list[float]]]


def example(text: Text, tokenizer: PreTrainedTokenizerFast, operands: float = 1.0) -> Example:
    """The tokens of prompt, completion and end, which of them are to be learned, and what is known of the states."""
    encode = tokenizer.backend_tokenizer.encode  # a fraction of the tokenizer's own time for texts as short as these
    asked, written = encode(text.prompt).ids, encode(text.completion)
    given, decisive = calculated(text), deciding(text)
    # A search asks before the last token of a step is forwarded as well as after it.
    hope = {end - before: known for end, known in text.hopes for before in (0, 1)}
    within = lambda at, spans: any(at[0] < end and begin < at[1] for begin, end in spans)  # noqa: E731
    tokens, labels, weights = [*asked], [IGNORE] * len(asked), [1.0] * len(asked)
    hopes = [math.nan] * len(asked)
    known, choices = dict(candidates(text)), []
    for token, at in zip(written.ids, written.offsets):
        learned = not within(at, given) and (text.learned is None or at[0] < text.learned)
        if shares := known.get(at[0]):
            ids = [id for character in shares for id in encode(character).ids]
            choices.append((len(tokens) - 1, ids, list(shares.values())))
            learned = learned and not any(shares.values())
        tokens.append(token)
        labels.append(token if learned else IGNORE)
        weights.append(operands if within(at, decisive) else 1.0)
        hopes.append(hope.get(at[1], math.nan))
    if text.learned is None:
        stop = tokenizer.eos_token_id
        return Example([*tokens, stop], [*labels, stop], [*weights, 1.0], [*hopes, math.nan], choices)
    return Example(tokens, labels, weights, hopes, choices)


def candidates(text: Text) -> Iterator[tuple[int, dict[str, float]]]:
    """Places of the completion where the characters are known that a legal step goes on with, and their shares.

    Those of the steps that have begun as the text does, as `Text.choices` lists them: every character of their
    beginnings is a token. They add up to 1, or are all 0 where the target is lost.
    """
    for choice in text.choices:
        alive = choice.shares
        for i, taken in enumerate(choice.taken):
            shares: defaultdict[str, float] = defaultdict(float)
            for beginning, share in alive:
                shares[beginning[i]] += share
            total = sum(shares.values()) or 1.0
            yield choice.at + i, {character: share / total for character, share in shares.items()}
            alive = tuple(entry for entry in alive if entry[0][i] == taken)


def _pad(examples: Sequence[Example], pad: int, length: int) -> Batch:
    columns = [torch.full((len(examples), length), fill) for fill in (pad, IGNORE, 1.0, math.nan)]
    chosen: list[int] = []
    choice: list[int] = []
    tokens: list[int] = []
    shares: list[float] = []
    for row, one in enumerate(examples):
        for column, values in zip(columns, one[: len(columns)], strict=True):
            column[row, : len(one.tokens)] = torch.tensor(values)
        for state, ids, wanted in one.choices:
            choice += [len(chosen)] * len(ids)
            chosen.append(row * length + state)
            tokens += ids
            shares += wanted
    whole = [torch.tensor(column, dtype=torch.long) for column in (chosen, choice, tokens)]
    return Batch(*(*columns, *whole, torch.tensor(shares, dtype=torch.float)))


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
    """Momentum, orthogonalised (Jordan et al. 2024), for matrices; as torch's, but in fp32 unless `half`.

    On a CPU without units for bf16 torch's takes twice the time: a sixth of every training step.
    """

    def __init__(
        self,
        matrices: Iterable[Tensor],
        lr: float,
        weight_decay: float,
        momentum: float = 0.95,
        half: bool = False,
    ) -> None:
        super().__init__(matrices, {"lr": lr, "weight_decay": weight_decay, "momentum": momentum, "half": half})

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # type: ignore[override]
        for group in self.param_groups:
            alike: defaultdict[torch.Size, list[tuple[Tensor, Tensor]]] = defaultdict(list)
            for matrix in group["params"]:
                gradient, state = matrix.grad, self.state[matrix]
                if "momentum" not in state:
                    state["momentum"] = torch.zeros_like(matrix)
                mean = state["momentum"]
                mean.lerp_(gradient, 1 - group["momentum"])
                alike[matrix.shape].append((matrix, gradient.lerp(mean, group["momentum"])))
            for (rows, columns), members in alike.items():
                directions = torch.stack([direction for _, direction in members])
                updates = orthogonalised(directions.bfloat16() if group["half"] else directions)
                for (matrix, _), update in zip(members, updates):
                    matrix.mul_(1 - group["lr"] * group["weight_decay"])
                    matrix.sub_(update, alpha=group["lr"] * max(1.0, rows / columns) ** 0.5)


def orthogonalised(matrices: Tensor, steps: int = 5) -> Tensor:
    """About U V^T of each matrix U S V^T of [n, rows, columns], by Newton and Schulz's iteration.

    Singular values end between 0.7 and 1.2.
    """
    a, b, c = 3.4445, -4.7750, 2.0315
    tall = matrices.shape[1] > matrices.shape[2]
    x = matrices.mT if tall else matrices
    x = x / x.norm(dim=(1, 2), keepdim=True).clamp(min=1e-7)
    for _ in range(steps):
        gram = x @ x.mT
        x = torch.baddbmm(x, torch.baddbmm(gram, gram, gram, beta=b, alpha=c), x, beta=a)
    return x.mT if tall else x


def optimizers(model: nn.Module, critic: nn.Module, recipe: Recipe) -> list[torch.optim.Optimizer]:
    """Muon for the matrices inside the layers, AdamW for the rest."""
    matrices = [p for name, p in model.named_parameters() if p.ndim == 2 and ".layers." in name]
    inside = set(map(id, matrices))
    others = [p for p in (*model.parameters(), *critic.parameters()) if id(p) not in inside]
    return [
        Muon(matrices, lr=recipe.muon_rate, weight_decay=recipe.weight_decay, half=recipe.half),
        torch.optim.AdamW(others, lr=recipe.adam_rate, betas=(0.9, 0.95), weight_decay=0.0, fused=True),
    ]


def build_critic(recipe: Recipe) -> QHead:
    """What reads off a hidden state whether a right answer can be reached, now and after a next token.

    It is thrown away: what stays is that the hidden states know. The Q head is trained on the model's own rollouts.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(recipe.seed)
        return QHead(QHeadConfig(hidden_size=recipe.width)).train()


class Losses(NamedTuple):
    """Means of one batch, in nats."""

    tokens: float
    states: float


def step(
    model: Qwen3ForCausalLM,
    critic: QHead,
    algorithms: Sequence[torch.optim.Optimizer],
    batch: Batch,
    weight: float,
    half: bool = True,
) -> Losses:
    """One update of the weights; the losses before it.

    `weight` is that of the states' loss, `half` says that matrices are multiplied in bf16.
    """
    with torch.autocast("cpu", torch.bfloat16, enabled=half):
        losses = _losses(model, critic, batch)
    (losses[0] + weight * losses[1]).backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    for algorithm in algorithms:
        algorithm.step()
        algorithm.zero_grad()
    return Losses(*(loss.item() for loss in losses))


def _losses(model: Qwen3ForCausalLM, critic: QHead, batch: Batch) -> tuple[Tensor, Tensor]:
    """Mean loss of tokens and of states, with their gradients.

    Where a state's next tokens are known with their shares, the loss of the token is the cross-entropy with those
    instead of with the one that was drawn: for a text that `Solver.sample` made the gradient has the same mean and
    less variance. Whether a right answer can be reached is asked of V after steps, and of Q for every such token.
    """
    hidden = model.model(input_ids=batch.tokens, use_cache=False).last_hidden_state.flatten(0, 1)
    labels, weights = (
        nn.functional.pad(column[:, 1:], (0, 1), value=IGNORE).flatten() for column in (batch.labels, batch.weights)
    )
    hopes = batch.hopes.flatten()
    learned, known = (labels != IGNORE).nonzero()[:, 0], (~hopes.isnan()).nonzero()[:, 0]
    logits = _rowwise(model.lm_head, hidden, learned)
    each = cross_entropy(logits, labels[learned], reduction="none")
    tokens, count = (each * weights[learned]).sum(), weights[learned].sum()
    asked: list[tuple[Tensor, Tensor]] = []
    if len(known):
        asked.append((_rowwise(critic.value_logits, hidden, known), hopes[known]))
    if len(batch.chosen):
        place = batch.choice, batch.candidates
        logp = _rowwise(model.lm_head, hidden, batch.chosen).float().log_softmax(-1)[place]
        tokens = tokens - (batch.shares * logp).sum()
        count = count + batch.shares.sum()
        embedding = model.lm_head.weight.detach()
        advantage = _rowwise(lambda states: critic.advantages(states, embedding), hidden, batch.chosen)[place]
        q = _rowwise(critic.value_logits, hidden, batch.chosen)[batch.choice] + advantage
        asked.append((q, (batch.shares > 0).float()))
    of_states = [binary_cross_entropy_with_logits(logits.float(), right) for logits, right in asked]
    return tokens / count.clamp(min=1.0), sum(of_states, torch.zeros(())) / max(1, len(of_states))


def _rowwise(function: Callable[[Tensor], Tensor], hidden: Tensor, rows: Tensor) -> Tensor:
    """`function` of some rows, in one of few shapes: matrix kernels are prepared anew for every shape."""
    padding = -len(rows) % 256
    return function(hidden[nn.functional.pad(rows, (0, padding))])[: len(rows)]


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
    progress, at = Progress(), None
    settings = json.loads(json.dumps({**asdict(recipe), "gsm8k": gsm8k is not None}))
    if checkpoint.exists():
        progress, at = _restore(checkpoint, settings, [model, critic], algorithms)
    groups = [group for algorithm in algorithms for group in algorithm.param_groups]  # new ones when restored
    clock, cpu_clock = time.monotonic() - progress.seconds, time.process_time() - progress.cpu_seconds
    saved = progress.seconds
    bar = tqdm(total=100, unit="%", disable=quiet)
    if recipe.compiled:
        for layer in model.model.layers:
            layer.compile(dynamic=True)
    # The texts are made by a process beside this one, some batches ahead.
    ahead = DataLoader(
        Batches(recipe, tokenizer, gsm8k, at),
        batch_size=None,
        num_workers=1,
        prefetch_factor=32,
        worker_init_fn=_yield_cores,
    )
    for batch, at, seconds_ahead in ahead:
        progress.seconds = time.monotonic() - clock
        progress.cpu_seconds = time.process_time() - cpu_clock + seconds_ahead
        spent = progress.tokens / recipe.tokens
        if spent >= 1:
            break
        for group, peak in zip(groups, peaks, strict=True):
            group["lr"] = peak * rate(recipe, spent)
        losses = step(model, critic, algorithms, batch, recipe.critic, recipe.half)
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
            _save(checkpoint, settings, [model, critic], algorithms, at, progress)
    bar.close()
    export(model.eval(), tokenizer, out)
    (out / "training.json").write_text(
        json.dumps({"recipe": settings, **asdict(progress), "threads": torch.get_num_threads()}, indent=2) + "\n"
    )
    checkpoint.unlink(missing_ok=True)
    return model


def _yield_cores(worker: int) -> None:
    """The training waits for its slowest thread, so the maker of texts steps back."""
    if hasattr(os, "nice"):
        os.nice(5)


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
    at: dict[str, Any],
    progress: Progress,
) -> None:
    state = {
        "recipe": settings,
        "networks": [network.state_dict() for network in networks],
        "optimizers": [algorithm.state_dict() for algorithm in algorithms],
        "rng": at,
        "progress": asdict(progress),
    }
    torch.save(state, path.with_suffix(".new"))
    os.replace(path.with_suffix(".new"), path)


def _restore(
    path: Path,
    settings: dict[str, Any],
    networks: Sequence[nn.Module],
    algorithms: Sequence[torch.optim.Optimizer],
) -> tuple[Progress, dict[str, Any]]:
    state = torch.load(path, weights_only=True)
    if state["recipe"] != settings:
        raise ValueError(f"{path} was made by another recipe; use that one, or another --out")
    for network, saved in zip(networks, state["networks"], strict=True):
        network.load_state_dict(saved)
    for algorithm, saved in zip(algorithms, state["optimizers"], strict=True):
        algorithm.load_state_dict(saved)
    return Progress(**state["progress"]), state["rng"]


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m qstar.models.train", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder of the model and its checkpoint")
    parser.add_argument("--gsm8k", required=True, help="JSONL file of GSM8K's train split, or none")
    parser.add_argument("--tokens", type=int, default=Recipe.tokens, help=f"(default {Recipe.tokens})")
    parser.add_argument("--seed", type=int, default=Recipe.seed)
    flag = argparse.BooleanOptionalAction
    parser.add_argument("--half", action=flag, default=Recipe.half, help="multiply in bf16, for CPUs with units for it")
    parser.add_argument("--compile", action=flag, default=Recipe.compiled, help="compile the layers: needs C++")
    arguments = parser.parse_args(argv)
    gsm8k = None if arguments.gsm8k == "none" else Path(arguments.gsm8k)
    recipe = Recipe(arguments.tokens, arguments.seed, half=arguments.half, compiled=arguments.compile)
    train(recipe, arguments.out, gsm8k)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
