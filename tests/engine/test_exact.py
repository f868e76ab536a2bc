"""The logits of every node of random trees equal plain passes without a cache."""

from __future__ import annotations

from unittest import mock

import families
import numpy as np
import pytest
import torch
from transformers import PreTrainedModel

from qstar.engine import attention
from qstar.engine.base import Want
from qstar.engine.hf import HFEngine

FAMILIES = [*families.TREE, *families.FORK]


def grow(
    engine: HFEngine, plain: PreTrainedModel, rng: np.random.Generator, passes: int, trees: int = 2
) -> list[float]:
    """Random wants at random places of random trees; how far each row is from a plain pass.

    In float32 the largest difference, as a share of the largest logit; in half precision the norms' ratio.
    """
    vocabulary = 101
    tries = [engine.open(rng.integers(3, vocabulary, rng.integers(1, 14)).tolist()) for _ in range(trees)]
    differences = []
    for _ in range(passes):
        wants: dict[tuple[int, int], Want] = {}
        for _ in range(rng.integers(1, 7)):
            trie = tries[rng.integers(trees)]
            at = int(rng.integers(max(0, len(trie) - 12), len(trie)))
            for _ in range(rng.choice([0, 1, 1, 1, 3])):
                at = trie.extend(at, int(rng.integers(3, vocabulary)))
            want = Want(trie, at)
            if (id(trie), at) not in wants and engine.reserve(want, engine.missing(want)):
                wants[id(trie), at] = want
        out = engine.forward(list(wants.values()))
        for row, (trie, at) in zip(out.logits, wants.values()):
            with torch.inference_mode():
                expected = plain(torch.tensor([[*trie.prompt, *trie.tokens(at)]]), use_cache=False).logits[0, -1]
            expected = expected.float()
            if plain.dtype == torch.float32:
                differences.append(float((row - expected).abs().max() / (1 + expected.abs().max())))
            else:
                differences.append(float((row - expected).norm() / expected.norm()))
    for trie in tries:
        engine.close(trie)
    return differences


@pytest.mark.parametrize("family", FAMILIES)
def test_float32(family: str) -> None:
    engine = HFEngine(families.model(family), families.tokenizer(), kv_cap_gb=0.01)
    assert engine.tree == (family in families.TREE), engine.note
    differences = grow(engine, families.model(family), np.random.default_rng(1), passes=25)
    assert len(differences) > 25
    assert max(differences) < 1e-4


@pytest.mark.parametrize("family", [*families.TREE])
def test_with_eviction(family: str) -> None:
    engine = HFEngine(families.model(family), families.tokenizer(), kv_cap_gb=1e-9)  # the smallest pool: 64 slots
    differences = grow(engine, families.model(family), np.random.default_rng(2), passes=40)
    assert max(differences) < 1e-4
    assert engine.runner.peak_slots == 64


@pytest.mark.parametrize("family", [*families.TREE])
def test_branches_side_by_side(family: str) -> None:
    """Branches of two trees that advance together, as samples do: their keys lie in lanes and are not copied."""
    engine, plain = HFEngine(families.model(family), families.tokenizer(), kv_cap_gb=0.01), families.model(family)
    rng = np.random.default_rng(5)
    tries = [engine.open(rng.integers(3, 101, n).tolist()) for n in (9, 4)]
    ends = [Want(tries[i % 2], tries[i % 2].walk(0, rng.integers(3, 101, 1 + i // 4).tolist())) for i in range(7)]
    in_lanes = 0
    for step in range(14):
        if step == 11:
            del ends[2]  # one is finished
        for want in ends:
            assert engine.reserve(want, engine.missing(want))
        with mock.patch.object(attention, "_lanes", wraps=attention._lanes) as lanes:
            logits = engine.forward(ends).logits
        in_lanes += attention._lanes(*lanes.call_args.args) is not None
        for (trie, at), row in zip(ends, logits):
            with torch.inference_mode():
                expected = plain(torch.tensor([[*trie.prompt, *trie.tokens(at)]]), use_cache=False).logits[0, -1]
            assert float((row - expected).abs().max()) < 1e-4 * (1 + float(expected.abs().max()))
        ends = [Want(trie, trie.extend(at, int(rng.integers(3, 101)))) for trie, at in ends]
    assert in_lanes >= 3


@pytest.mark.parametrize("family", ["llama", "qwen3", "gemma2", "gpt2", "deepseek_v3"])
def test_bfloat16(family: str) -> None:
    plain, engine = families.model(family, torch.bfloat16), families.model(family, torch.bfloat16)
    differences = grow(
        HFEngine(engine, families.tokenizer(), kv_cap_gb=0.01, tree=True), plain, np.random.default_rng(3), 15
    )
    assert max(differences) < 3e-2


@pytest.mark.parametrize("family", ["llama", "gemma2"])
def test_deterministic_results_depend_on_the_path_only(family: str) -> None:
    """The same path alone, in a batch, and after an eviction: equal to the last bit."""
    rng = np.random.default_rng(4)
    prompt, path = rng.integers(3, 101, 9).tolist(), rng.integers(3, 101, 8).tolist()
    rows = []
    for crowd in (0, 5, 40):
        engine = HFEngine(families.model(family), families.tokenizer(), kv_cap_gb=1e-9, deterministic=True)
        trie = engine.open(prompt)
        at = trie.walk(0, path)
        for depth in (1, 2):  # the second time from the pool, or recomputed
            wants = [Want(trie, at)]
            wants += [Want(trie, trie.walk(0, rng.integers(3, 101, depth).tolist())) for _ in range(crowd)]
            distinct = {want.at: want for want in wants if engine.reserve(want, engine.missing(want))}
            rows.append(engine.forward(list(distinct.values())).logits[0])
    assert all(torch.equal(rows[0], row) for row in rows[1:])


def test_a_path_larger_than_the_pool_is_named() -> None:
    engine = HFEngine(families.model("llama"), families.tokenizer(), kv_cap_gb=1e-9)
    trie = engine.open([5] * 40)
    want = Want(trie, trie.walk(0, [5] * 60))
    with pytest.raises(MemoryError, match="kv_cap_gb"):
        engine.reserve(want, engine.missing(want))


def test_generate_still_works_on_the_same_model() -> None:
    net, plain = families.model("llama"), families.model("llama")
    HFEngine(net, families.tokenizer(), kv_cap_gb=0.01)
    ids = torch.tensor([[1, 17, 23, 42]])
    ours = net.generate(ids, max_new_tokens=12, do_sample=False, pad_token_id=0)
    assert torch.equal(ours, plain.generate(ids, max_new_tokens=12, do_sample=False, pad_token_id=0))


def test_slots_that_are_handed_out_backwards() -> None:
    """Branches whose slots descend are no lanes; nothing is read from the wrong place."""
    engine, plain = HFEngine(families.model("llama"), families.tokenizer(), kv_cap_gb=1e-9), families.model("llama")
    rng = np.random.default_rng(6)
    keep = engine.open([5, 6])
    for _ in range(6):
        trie = engine.open([7, 8, 9])
        ends = [Want(trie, trie.walk(0, [10 + i])) for i in range(4)]
        for _ in range(11):
            for want in ends:
                assert engine.reserve(want, engine.missing(want))
            logits = engine.forward(ends).logits
            with torch.inference_mode():
                ids = torch.tensor([[*trie.prompt, *trie.tokens(ends[2].at)]])
                expected = plain(ids, use_cache=False).logits[0, -1]
            assert float((logits[2] - expected).abs().max()) < 1e-4 * (1 + float(expected.abs().max()))
            ends = [Want(trie, trie.extend(want.at, int(rng.integers(3, 101)))) for want in ends]
        engine.close(trie)
        engine.reserve(Want(keep, 0), engine.missing(Want(keep, 0)))


def test_a_failed_call_leaves_nothing_behind() -> None:
    """What was reserved for it is forwarded again; a want that has to wait is not an error, and evicts nothing."""
    engine, plain = HFEngine(families.model("llama"), families.tokenizer(), kv_cap_gb=1e-9), families.model("llama")
    trie, other = engine.open([5] * 30), engine.open([6] * 40)
    want = Want(trie, trie.walk(0, [7, 8]))
    engine.reserve(want, engine.missing(want))
    with mock.patch.object(engine.model, "forward", side_effect=MemoryError("full")), pytest.raises(MemoryError):
        engine.forward([want])
    assert engine.missing(want) == [0, 1, 2]
    engine.reserve(want, engine.missing(want))
    row = engine.forward([want]).logits[0]
    with torch.inference_mode():
        expected = plain(torch.tensor([[*trie.prompt, 7, 8]]), use_cache=False).logits[0, -1]
    assert float((row - expected).abs().max()) < 1e-4 * (1 + float(expected.abs().max()))
    assert not engine.reserve(Want(other, 0), engine.missing(Want(other, 0)))
    assert engine.missing(want) == []
    engine.close(trie)
    assert engine.reserve(Want(other, 0), engine.missing(Want(other, 0)))


@pytest.mark.parametrize("kind", ["longrope", "dynamic"])
def test_rotary_frequencies_that_depend_on_the_pass_run_by_forked_rows(kind: str) -> None:
    family = {"longrope": "phi3", "dynamic": "llama"}[kind]
    rope = {"rope_type": kind, "factor": 4.0, "rope_theta": 10000.0, "original_max_position_embeddings": 32}
    rope |= {"short_factor": [1.0] * 4, "long_factor": [3.0] * 4} if kind == "longrope" else {}
    config = families.model(family).config
    config.rope_parameters, config.original_max_position_embeddings = rope, 32
    engine = HFEngine(type(families.model(family))(config).eval(), families.tokenizer())
    assert not engine.tree
    assert "rotary" in engine.note
