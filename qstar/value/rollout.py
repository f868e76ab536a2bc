"""Continuations sampled from a language model in batches: what Monte-Carlo returns are made of."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from tqdm import tqdm
from transformers import PreTrainedModel, PreTrainedTokenizerBase


def rollouts(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    prompts: Sequence[str],
    count: int,
    *,
    temperature: float = 1.0,
    max_new_tokens: int = 160,
    seed: int = 0,
    batch: int = 128,
    quiet: bool = False,
) -> list[list[list[int]]]:
    """`count` continuations of every prompt as token ids, each up to and with its end-of-text token.

    Temperature 0 is greedy decoding. The tokenizer must pad on the left. Sampling draws from a generator
    state of its own, so equal seeds give equal rollouts and nothing outside is disturbed. ValueError for
    a tokenizer that pads on the right or has no padding token.
    """
    if tokenizer.padding_side != "left" or tokenizer.pad_token_id is None:
        raise ValueError("rollouts need a tokenizer with a pad token and padding_side='left'")
    sampling = {"do_sample": True, "temperature": temperature, "top_k": 0, "top_p": 1.0}
    order = sorted(range(len(prompts)), key=lambda i: len(prompts[i]))
    size = max(1, batch // count)
    found: list[list[list[int]]] = [[] for _ in prompts]
    with (
        torch.random.fork_rng(devices=[]),
        torch.inference_mode(),
        tqdm(total=len(prompts), desc="rollouts", disable=quiet) as bar,
    ):
        torch.manual_seed(seed)
        for start in range(0, len(order), size):
            chunk = order[start : start + size]
            inputs = tokenizer([prompts[i] for i in chunk], return_tensors="pt", padding=True)
            generated = model.generate(  # type: ignore[operator]
                input_ids=inputs["input_ids"].to(model.device),
                attention_mask=inputs["attention_mask"].to(model.device),
                num_return_sequences=count,
                max_new_tokens=max_new_tokens,
                **(sampling if temperature else {"do_sample": False}),
            )[:, inputs["input_ids"].shape[1] :].tolist()
            for row, tokens in enumerate(generated):
                found[chunk[row // count]].append(_until_end(tokens, tokenizer.eos_token_id))
            bar.update(len(chunk))
    return found


def _until_end(tokens: list[int], eos: int | None) -> list[int]:
    return tokens[: tokens.index(eos) + 1] if eos in tokens else tokens
