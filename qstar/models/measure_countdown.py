"""Solve rates of a Countdown model without any search: greedy, a sample at T = 1, any of n samples.

    python -m qstar.models.measure_countdown --model DIR --ranks 801-900 --samples 64

Game of 24 ranks 801-900 are for choosing, 901-1000 for reporting once. `--size N` measures Countdown
puzzles of N numbers from the held-out twentieth instead.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence

import numpy as np
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, PreTrainedModel, PreTrainedTokenizerBase

from qstar import models
from qstar.models.memory import keep_memory
from qstar.models.puzzles import Countdown, Puzzle, game24_held_out, prompt, solved, split
from qstar.value.rollout import rollouts


def countdown_held_out(size: int, count: int, seed: int = 0) -> list[Puzzle]:
    """Different Countdown puzzles of one size that the recipe never trains on."""
    rng = np.random.default_rng(seed)
    countdown = Countdown(sizes=(size,), size_weights=(1.0,))
    found: dict[tuple[tuple[int, ...], int], Puzzle] = {}
    while len(found) < count:
        puzzle, _ = countdown.sample(rng)
        if split(puzzle) == "held out":
            found.setdefault((tuple(sorted(puzzle.numbers)), puzzle.target), puzzle)
    return list(found.values())


def solve_rates(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    puzzles: Sequence[Puzzle],
    samples: int,
    *,
    seed: int = 0,
    quiet: bool = False,
) -> dict[str, float]:
    """Shares of puzzles solved: greedy, per sample at T = 1, and within all `samples`."""
    prompts = [prompt(*puzzle) for puzzle in puzzles]

    def rewards(count: int, temperature: float) -> np.ndarray:
        continued = rollouts(model, tokenizer, prompts, count, temperature=temperature, seed=seed, quiet=quiet)
        texts = [tokenizer.batch_decode(row) for row in continued]
        return np.array([[solved(puzzle, text) for text in row] for puzzle, row in zip(puzzles, texts, strict=True)])

    sampled = rewards(samples, 1.0)
    return {
        "puzzles": len(puzzles),
        "greedy": float(rewards(1, 0.0).mean()),
        "per_sample": float(sampled.mean()),
        f"within_{samples}": float(sampled.any(axis=1).mean()),
    }


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m qstar.models.measure_countdown", description=__doc__)
    parser.add_argument("--model", help="folder (default: the bundled model)")
    parser.add_argument("--ranks", default="801-900", choices=["801-900", "901-1000"])
    parser.add_argument("--size", type=int, choices=[3, 4, 5, 6])
    parser.add_argument("--count", type=int, default=100, help="Countdown puzzles (default 100)")
    parser.add_argument("--samples", type=int, default=64)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args(argv)
    if arguments.size:
        puzzles = countdown_held_out(arguments.size, arguments.count, arguments.seed)
    else:
        puzzles = [Puzzle(numbers, 24) for numbers in game24_held_out(arguments.ranks)]
    keep_memory()
    folder = arguments.model or str(models.path())
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    rates = solve_rates(model, tokenizer, puzzles, arguments.samples, seed=arguments.seed)
    print(json.dumps(rates))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
