"""Training the Q head on Monte-Carlo returns of the model's own rollouts.

    python -m qstar.value.train --out DIR --gsm8k TRAIN.jsonl           the Q head of the bundled model

A rollout's return is 1 where the exact grader accepts its answer, else 0. Every state s_t of a rollout (the prompt,
and after each token) with its next token a_t is an example: binary cross-entropy of the return under V(s_t) and
under Q(s_t, a_t). What the head then estimates is P(success) when the model goes on sampling at T = 1.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits
from tqdm import tqdm
from transformers import PreTrainedModel

from qstar import models
from qstar.engine.hf import HFEngine
from qstar.models.corpus import Text, choosing_texts, reward, value_texts
from qstar.models.memory import keep_memory
from qstar.problem import Problem, Verifier
from qstar.prompting import PromptFormat
from qstar.value.q_head import QHead, QHeadConfig
from qstar.value.rollout import rollouts

NO_TOKEN = -1
JUDGED = 1 << 16  # states judged at once
ROWS = 256  # rollouts forwarded at once


@dataclass(frozen=True)
class States:
    """States of rollouts, one row each, rollouts one after another; n rows in all."""

    hidden: Tensor
    """[n, d] final hidden state, after the final norm, at the last token of the state; in half precision."""
    next_token: Tensor
    """[n] the token the rollout went on with; NO_TOKEN after its last."""
    returns: Tensor
    """[n] return of the rollout, in [0, 1]."""
    problem: Tensor
    """[n] index of the problem."""
    half: Tensor
    """[n] true in one row a rollout: the state at half the tokens that it drew, rounded down."""
    weight: Tensor
    """[n] how many draws came out as this rollout."""


@dataclass(frozen=True)
class Fit:
    """Settings of `fit_q_head`."""

    rank: int = 32
    inner_size: int = 384
    epochs: int = 16
    batch: int = 4096
    rate: float = 4e-3
    weight_decay: float = 0.01
    half: bool = False
    """Multiply matrices in bf16: faster on a CPU with units for it, slower on one without."""
    seed: int = 0


# ---------------------------------------------------------------- data


def collect(
    engine: HFEngine,
    problems: Sequence[Problem],
    reward: Callable[[int, str], float],
    count: int,
    *,
    verifier: Verifier | str | None = None,
    seed: int = 0,
    quiet: bool = False,
) -> States:
    """Roll out `count` continuations of every problem and read the hidden state of every token.

    `reward(problem index, text of a finished continuation)` gives the return, in [0, 1]; others return 0.
    """
    continued = rollouts(engine, problems, count, verifier=verifier, seed=seed, quiet=quiet)
    asked = [engine.encode(problem).ids for problem in problems]
    flat = [
        (i, rollout, 0.0 if rollout.text is None else reward(i, rollout.text))
        for i, found in enumerate(tqdm(continued, desc="grading", disable=quiet))
        for rollout in found
    ]
    flat.sort(key=lambda entry: len(asked[entry[0]]) + len(entry[1].tokens))
    # one allocation for all states: pieces kept from every batch would tear holes in the memory of the next
    ends = np.cumsum([len(rollout.tokens) + 1 for _, rollout, _ in flat]).tolist()
    n = ends[-1] if ends else 0
    states = States(
        hidden=torch.empty(n, engine.model.get_output_embeddings().weight.shape[1], dtype=torch.half),
        next_token=torch.full((n,), NO_TOKEN),
        returns=torch.empty(n),
        problem=torch.empty(n, dtype=torch.long),
        half=torch.zeros(n, dtype=torch.bool),
        weight=torch.empty(n),
    )
    for start in tqdm(range(0, len(flat), ROWS), desc="hidden states", disable=quiet):
        chunk = flat[start : start + ROWS]
        hidden = final_hidden(engine.model, [[*asked[i], *rollout.tokens] for i, rollout, _ in chunk], 0)
        for (i, rollout, returned), row, end in zip(chunk, hidden, ends[start : start + ROWS], strict=True):
            length, begin = len(rollout.tokens), len(asked[i]) - 1
            first = end - length - 1
            states.hidden[first:end] = row[begin : begin + length + 1]
            states.next_token[first : end - 1] = torch.tensor(rollout.tokens)
            states.returns[first:end] = returned
            states.problem[first:end] = i
            states.half[first + rollout.half] = True
            states.weight[first:end] = rollout.count
    return states


def joined(parts: Sequence[States]) -> States:
    """The rows of all parts, one part after another."""
    names = list(States.__dataclass_fields__)
    return States(**{name: torch.cat([getattr(part, name) for part in parts]) for name in names})


def final_hidden(model: PreTrainedModel, rows: Sequence[Sequence[int]], pad: int) -> Tensor:
    """[rows, length, d]: the final hidden state of every token, padded on the right.

    Causal attention keeps right padding out of the tokens before it, so no mask is needed.
    """
    length = max(map(len, rows))
    tokens = torch.tensor([[*row, *[pad] * (length - len(row))] for row in rows], device=model.device)
    with torch.inference_mode():
        return model.base_model(input_ids=tokens, use_cache=False).last_hidden_state.float().cpu()


# ---------------------------------------------------------------- fitting


def q_head_loss(
    head: QHead, embedding: Tensor, hidden: Tensor, next_token: Tensor, returns: Tensor, weight: Tensor
) -> Tensor:
    """Weighted mean binary cross-entropy of the returns under V of each state, plus that under Q of each action."""

    def loss(logits: Tensor, rows: Tensor) -> Tensor:
        each = binary_cross_entropy_with_logits(logits.float(), returns[rows], weight=weight[rows], reduction="sum")
        return each / weight[rows].sum()

    value = head.value_logits(hidden)
    total = loss(value, torch.ones_like(next_token, dtype=torch.bool))
    acted = next_token != NO_TOKEN
    if acted.any():
        advantage = head.advantages(hidden[acted], embedding, next_token[acted].unsqueeze(1)).squeeze(1)
        total = total + loss(value[acted] + advantage, acted)
    return total


def fit_q_head(
    hidden: Tensor,
    next_token: Tensor,
    returns: Tensor,
    embedding: Tensor,
    fit: Fit | None = None,
    *,
    weight: Tensor | None = None,
    quiet: bool = False,
) -> QHead:
    """A Q head fitted to states [n, d], their next tokens [n] (NO_TOKEN: none) and returns [n] in [0, 1].

    `weight` [n] > 0 counts a state several times; by default all count once.

    `embedding` is the base model's output embedding [vocabulary, d]. ValueError for arrays of different
    lengths or no states.
    """
    fit = fit or Fit()
    n = len(hidden)
    weight = torch.ones(n) if weight is None else weight
    lengths = [len(next_token), len(returns), len(weight)]
    if not n or set(lengths) != {n}:
        said = "{} next tokens, {} returns, {} weights".format(*lengths)
        raise ValueError(f"{n} states, {said}: all must be equal, > 0")
    generator = torch.Generator().manual_seed(fit.seed)
    config = QHeadConfig(hidden_size=hidden.shape[1], rank=fit.rank, inner_size=fit.inner_size)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(fit.seed)
        head = QHead(config).train()
    optimizer = torch.optim.AdamW(head.parameters(), lr=fit.rate, weight_decay=fit.weight_decay)
    steps = fit.epochs * -(-n // fit.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, fit.rate, total_steps=steps + 1)
    bar = tqdm(total=steps, desc="fitting", disable=quiet)
    for _ in range(fit.epochs):
        for rows in torch.randperm(n, generator=generator).split(fit.batch):
            state = hidden[rows].float()
            with torch.autocast("cpu", torch.bfloat16, enabled=fit.half):
                loss = q_head_loss(head, embedding, state, next_token[rows], returns[rows], weight[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            bar.update()
    bar.close()
    return head.eval()


# ---------------------------------------------------------------- judging


def auc(scores: Sequence[float] | np.ndarray, labels: Sequence[bool] | np.ndarray) -> float:
    """P(a right one scores higher than a wrong one), ties half; NaN unless there are both."""
    score, right = np.asarray(scores, dtype=float), np.asarray(labels, dtype=bool)
    if right.all() or not right.any():
        return float("nan")
    difference = score[right][:, None] - score[~right][None, :]
    return float((difference > 0).mean() + 0.5 * (difference == 0).mean())


def auc_within(scores: np.ndarray, labels: np.ndarray, problem: np.ndarray) -> tuple[float, int]:
    """Mean AUC over the problems that have right and wrong rollouts, and how many those are."""
    each = [auc(scores[problem == p], labels[problem == p]) for p in np.unique(problem)]
    known = [value for value in each if not np.isnan(value)]
    return (float(np.mean(known)) if known else float("nan")), len(known)


def calibration_error(
    scores: np.ndarray, labels: np.ndarray, bins: int = 10, *, weight: np.ndarray | None = None
) -> float:
    """Expected calibration error: mean |mean score - share right| over equal-width bins, by the weight in them."""
    weight = np.ones(len(scores)) if weight is None else weight
    which = np.minimum((scores * bins).astype(int), bins - 1)
    gaps = [abs((weight * (scores - labels))[which == b].sum()) for b in np.unique(which)]
    return float(sum(gaps) / weight.sum())


def judge(head: QHead, states: States, embedding: Tensor) -> dict[str, float]:
    """How well V ranks rollouts of the same problem at half the tokens they drew, and how well V and Q are calibrated.

    Ranking is among distinct rollouts; success and calibration count every draw.
    """
    acted = states.next_token != NO_TOKEN
    values, qs = [], []
    with torch.inference_mode():
        for rows in torch.arange(len(acted)).split(JUDGED):
            hidden, token = states.hidden[rows].float(), states.next_token[rows]
            values.append(head.values(hidden))
            asked = acted[rows]
            qs.append(head.q(hidden[asked], embedding, token[asked].unsqueeze(1)).squeeze(1))
    value, q = torch.cat(values).numpy(), torch.cat(qs).numpy()
    returns, problem, half = states.returns.numpy(), states.problem.numpy(), states.half.numpy()
    weight, next_token = states.weight.numpy(), acted.numpy()
    ranking, problems = auc_within(value[half], returns[half] > 0.5, problem[half])
    return {
        "auc_half": ranking,
        "problems": problems,
        "distinct rollouts": int(half.sum()),
        "success": float(np.average(returns[half], weights=weight[half])),
        "ece_half": calibration_error(value[half], returns[half], weight=weight[half]),
        "ece_v": calibration_error(value, returns, weight=weight),
        "ece_q": calibration_error(q, returns[next_token], weight=weight[next_token]),
    }


# ---------------------------------------------------------------- the bundled head


@dataclass(frozen=True)
class Share:
    """What one of several processes rolls out: every `of`-th text, from the `first` on."""

    folder: Path
    texts: Sequence[Text]
    samples: int
    seed: int
    first: int = 0
    of: int = 1

    def collect(self, engine: HFEngine) -> States:
        mine = range(self.first, len(self.texts), self.of)
        problems = [Problem(self.texts[i].prompt, id=str(i)) for i in mine]
        graded = lambda i, written: reward(self.texts[mine[i]], written)  # noqa: E731
        quiet = self.first > 0
        states = collect(engine, problems, graded, self.samples, verifier="by-kind", seed=self.seed, quiet=quiet)
        return replace(states, problem=torch.tensor(mine)[states.problem])


def rollout_engine(folder: Path) -> HFEngine:
    """The model of a folder, for prompts that are in its form already."""
    style = replace(PromptFormat.beside(folder), template="{problem}", statement=None)
    return HFEngine.from_pretrained(folder, prompt=style)


def _save(to: str, share: Share) -> Path:
    """A process's own part, as a file: tensors of gigabytes do not go through a pipe."""
    keep_memory()
    torch.set_num_threads(max(1, torch.get_num_threads() // share.of))
    path = Path(to) / f"{share.first}.pt"
    torch.save(asdict(share.collect(rollout_engine(share.folder))), path)
    return path


def collect_texts(
    engine: HFEngine, folder: Path, texts: Sequence[Text], samples: int, seed: int, processes: int = 1
) -> States:
    """`collect` for texts of the corpus; with several processes the problems are dealt out to them.

    Each of those loads the model of `folder`, which is that of `engine`, for itself.
    """
    if processes == 1:
        return Share(folder, texts, samples, seed).collect(engine)
    shares = [Share(folder, texts, samples, seed, first, processes) for first in range(processes)]
    with TemporaryDirectory() as to, ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        return joined([States(**torch.load(path)) for path in pool.map(partial(_save, to), shares)])


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m qstar.value.train", description=__doc__)
    parser.add_argument("--model", type=Path, default=None, help="folder (default: the bundled model)")
    parser.add_argument("--out", type=Path, required=True, help="folder for the head, e.g. MODEL/q_head")
    parser.add_argument("--gsm8k", required=True, help="JSONL file of GSM8K's train split, or none")
    parser.add_argument("--problems", type=int, default=5000, help="problems to roll out (default 5000)")
    parser.add_argument("--samples", type=int, default=12, help="rollouts of every problem (default 12)")
    parser.add_argument("--processes", type=int, default=1, help="that make rollouts side by side (default 1)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--judge", action="store_true", help="judge the head that is in --out, and train none")
    arguments = parser.parse_args(argv)
    keep_memory()
    started = time.monotonic()
    folder = arguments.model or models.path()
    gsm8k = None if arguments.gsm8k == "none" else Path(arguments.gsm8k)
    engine = rollout_engine(folder)
    states = partial(collect_texts, engine, folder, processes=arguments.processes)
    embedding = engine.model.get_output_embeddings().weight.detach().float()
    report: dict[str, object] = {}
    if arguments.judge:
        head = QHead.from_pretrained(str(arguments.out)).eval()
    else:
        training = value_texts(np.random.default_rng(arguments.seed), gsm8k, arguments.problems)
        seen = states(training, arguments.samples, arguments.seed)
        fit = Fit(seed=arguments.seed, half=True)
        head = fit_q_head(seen.hidden, seen.next_token, seen.returns, embedding, fit, weight=seen.weight)
        head.config.base_model_name_or_path = folder.name
        head.save_pretrained(arguments.out)
        report = {
            "fit": asdict(fit),
            "problems": len(training),
            "rollouts of each": arguments.samples,
            "seconds": time.monotonic() - started,
            "trained on": judge(head, seen, embedding),
        }
    for name, texts in choosing_texts(gsm8k).items():
        report[name] = judge(head, states(texts, 24, arguments.seed + 1), embedding)
    told = arguments.out / ("judged.json" if arguments.judge else "training.json")
    told.write_text(json.dumps(report, indent=2) + "\n")
    print(json.dumps(report, indent=2))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
