"""The recipe of the bundled model, at a size that trains in seconds."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from transformers import AutoModelForCausalLM, AutoTokenizer

from qstar.models import train as recipes
from qstar.models.corpus import Corpus, puzzle_texts
from qstar.models.puzzles import Countdown, Mixture

EASY = Mixture(game24=0.0, wider24=0.0, countdown=Countdown(sizes=(3,), size_weights=(1.0,)))
TINY = recipes.Recipe(
    tokens=30_000,
    layers=2,
    width=32,
    heads=2,
    feed_forward=64,
    vocabulary=320,
    batch=512,
    compiled=False,
    corpus=Corpus(words=0.0, functions=0.0, mixture=EASY),
)


@pytest.fixture(scope="module", autouse=True)
def small_sample() -> Any:
    """A small vocabulary is learned from few texts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recipes, "SAMPLE", 200)
        yield


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    folder = tmp_path_factory.mktemp("trained")
    return folder, recipes.train(TINY, folder, None, quiet=True)


@pytest.fixture(scope="module")
def tokenizer(trained: tuple[Path, Any]) -> Any:
    return AutoTokenizer.from_pretrained(trained[0])


def test_it_learns_and_what_it_writes_loads(trained: tuple[Path, Any], tokenizer: Any) -> None:
    folder, model = trained
    loaded = AutoModelForCausalLM.from_pretrained(folder)
    assert loaded.dtype == torch.float32
    assert tokenizer.padding_side == "left"
    asked = "Numbers: 1 2 3\nTarget: 9\n"
    tokens = tokenizer(asked, return_tensors="pt").input_ids
    torch.testing.assert_close(loaded(tokens).logits, model(tokens).logits, rtol=0, atol=0.05)
    text = torch.tensor([tokenizer.encode(asked + "1+2=3 left 3 3\n3*3=9 left 9\n")])
    untrained = recipes.build_model(TINY, tokenizer)
    assert loaded(text, labels=text).loss < untrained(text, labels=text).loss - 1
    told = json.loads((folder / "training.json").read_text())
    assert told["loss"] < 4
    assert told["states_loss"] < 0.6, "a guess costs ln 2"
    assert not (folder / "checkpoint.pt").exists()


def test_every_layer_begins_as_the_identity(tokenizer: Any) -> None:
    model = recipes.build_model(TINY, tokenizer).model
    tokens = torch.arange(2, 30)[None]
    with torch.no_grad():
        assert torch.equal(model(input_ids=tokens).last_hidden_state, model.norm(model.embed_tokens(tokens)))


@pytest.mark.parametrize("shape", [(24, 24), (16, 40), (40, 16)])
def test_muon_is_that_of_torch_but_more_exact(shape: tuple[int, int]) -> None:
    generator = torch.Generator().manual_seed(0)
    start = torch.randn(shape, generator=generator)
    ours, theirs = (torch.nn.Parameter(start.clone()) for _ in range(2))
    pair = recipes.Muon([ours], lr=0.1, weight_decay=0.1), torch.optim.Muon([theirs], lr=0.1, weight_decay=0.1)
    for _ in range(3):
        gradient = torch.randn(shape, generator=generator)
        for parameter, algorithm in zip((ours, theirs), pair):
            parameter.grad = gradient.clone()
            algorithm.step()
    assert (ours - start).norm() > 1
    assert (ours - theirs).norm() < 0.05 * (ours - start).norm()
    exact = recipes.orthogonalised(start[None])[0]
    values = torch.linalg.svdvals(exact)
    assert values.min() > 0.5
    assert values.max() < 1.3


def test_a_killed_run_continues(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = replace(TINY, tokens=8_000, checkpoint_seconds=0.0)
    save, saved = recipes._save, []

    def save_then_die(*arguments: Any) -> None:
        save(*arguments)
        saved.append(replace(arguments[-1]))
        if len(saved) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(recipes, "_save", save_then_die)
    with pytest.raises(KeyboardInterrupt):
        recipes.train(recipe, tmp_path, None, quiet=True)
    with pytest.raises(ValueError, match="another recipe"):
        recipes.train(replace(recipe, seed=1), tmp_path, None, quiet=True)
    resumed, rates = [], []

    def observe(path: Path, settings: Any, model: Any, algorithms: Any, rng: Any, progress: Any) -> None:
        resumed.append(replace(progress))
        rates.append(algorithms[0].param_groups[0]["lr"])

    monkeypatch.setattr(recipes, "_save", observe)
    recipes.train(recipe, tmp_path, None, quiet=True)
    assert resumed[0].steps == saved[-1].steps + 1
    assert resumed[0].tokens > saved[-1].tokens
    assert resumed[-1].tokens >= recipe.tokens
    for rate, before in zip(rates, [saved[-1], *resumed]):
        assert rate == pytest.approx(recipe.muon_rate * recipes.rate(recipe, before.tokens / recipe.tokens))
    assert not (tmp_path / "checkpoint.pt").exists()


@given(st.text(max_size=60))
def test_any_text_survives_the_tokenizer(tokenizer: Any, text: str) -> None:
    ids = tokenizer.encode(text.replace("<pad>", "").replace("<eos>", ""))
    assert tokenizer.decode(ids) == text.replace("<pad>", "").replace("<eos>", "")


@given(st.text("0123456789 \n<>=#abc.+", min_size=1, max_size=40))
def test_digits_and_line_ends_are_tokens_of_their_own_and_nothing_is_added(tokenizer: Any, text: str) -> None:
    pieces = [tokenizer.decode([token]) for token in tokenizer.encode(text)]
    assert "".join(pieces) == text
    for piece in pieces:
        assert len(piece.removeprefix(" ")) == 1 or not any(c.isdigit() or c == "\n" for c in piece)
    assert tokenizer.eos_token_id not in tokenizer.encode(text)


def test_a_resumed_training_goes_on_with_the_next_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recipes, "batches", lambda recipe, tokenizer, texts: texts)
    recipe = replace(TINY, corpus=Corpus(functions=0.0))
    drawn = list(islice(recipes.Batches(recipe, None, None), 12))
    resumed = islice(recipes.Batches(recipe, None, None, drawn[4][1]), 7)
    assert [text for text, *_ in resumed] == [text for text, *_ in drawn[5:]]


def some_batches(recipe: Any, tokenizer: Any, mixture: Mixture, count: int) -> list[Any]:
    return list(
        islice(recipes.batches(recipe, tokenizer, puzzle_texts(mixture, np.random.default_rng(0), "policy")), count)
    )


def test_labels_are_the_completion_only_and_batches_keep_to_their_size(tokenizer: Any) -> None:
    recipe = replace(TINY, batch=400)
    for batch in some_batches(recipe, tokenizer, Mixture(), 12):
        rows, length = batch.tokens.shape
        assert rows == recipe.batch // length
        assert length % 16 == 0
        assert (batch.tokens[:, -16:] != tokenizer.pad_token_id).any(dim=1).all(), "none is shorter than it could be"
        whole = batch.labels.flatten()
        told = batch.chosen[batch.choice[batch.shares > 0]] + 1  # where shares say more than the text
        assert (whole[told] == recipes.IGNORE).all()
        whole[told] = batch.tokens.flatten()[told]
        for tokens, labels in zip(batch.tokens, whole.view(rows, length), strict=True):
            learned = labels != recipes.IGNORE
            asked = tokenizer.decode(tokens[: int(learned.nonzero()[0])])
            assert asked.startswith("Numbers: ")
            assert asked.endswith("\n")
            assert asked.count("\n") == 2
            assert torch.equal(labels[learned], tokens[learned])
            assert tokenizer.decode(labels[learned]).endswith("\nAnswer:<eos>")
            written = tokenizer.decode(tokens[tokens != tokenizer.pad_token_id]).removeprefix(asked)
            expression = written.partition("Answer:")[2].removesuffix("<eos>")
            assert tokenizer.decode(labels[learned]) == written.replace(expression, "")


def test_the_loss_is_that_of_the_known_shares_and_elsewhere_of_the_text(tokenizer: Any) -> None:
    texts = list(islice(puzzle_texts(Mixture(), np.random.default_rng(2), "policy", 0.5), 12))
    examples = [recipes.example(text, tokenizer) for text in texts]
    batch = recipes._pad(examples, tokenizer.pad_token_id, max(len(one.tokens) for one in examples))
    model, critic = recipes.build_model(TINY, tokenizer), recipes.build_critic(TINY)
    tokens, states = recipes._losses(model, critic, batch)
    expected, count, of_v, of_q = 0.0, 0.0, [], []
    for one in examples:
        with torch.no_grad():
            out = model(torch.tensor([one.tokens]), output_hidden_states=True)
            logp = out.logits[0].log_softmax(-1)
            value, q = critic(out.hidden_states[-1][0], model.lm_head.weight)
        for i, label in enumerate(one.labels[1:]):
            if label != recipes.IGNORE:
                expected, count = expected - float(logp[i, label]), count + 1
        of_v += [float((v if hope else 1 - v).log()) for v, hope in zip(value, one.hopes) if hope == hope]
        for state, ids, shares in one.choices:
            assert one.labels[state + 1] == recipes.IGNORE
            expected, count = expected - float(logp[state, ids] @ torch.tensor(shares)), count + sum(shares)
            of_q += [float((q[state, id] if share else 1 - q[state, id]).log()) for id, share in zip(ids, shares)]
    assert any(not any(shares) for one in examples for _, _, shares in one.choices), "some have lost the target"
    assert float(tokens) == pytest.approx(expected / count, rel=1e-4)
    assert float(states) == pytest.approx(-(np.mean(of_v) + np.mean(of_q)) / 2, rel=1e-4)


def test_half_precision_learns_as_well(tokenizer: Any) -> None:
    pool = some_batches(TINY, tokenizer, EASY, 8)
    losses = {}
    for half in (False, True):
        model, critic = recipes.build_model(TINY, tokenizer), recipes.build_critic(TINY)
        algorithms = recipes.optimizers(model, critic, replace(TINY, half=half))
        losses[half] = [recipes.step(model, critic, algorithms, batch, 1.0, half).tokens for batch in pool * 3]
        assert all(parameter.dtype == torch.float32 for parameter in model.parameters())
    assert np.mean(losses[True][-5:]) < np.mean(losses[True][:5]) - 1
    assert losses[True] == pytest.approx(losses[False], rel=0.1)


def test_longer_texts_are_left_out(tokenizer: Any) -> None:
    texts = list(islice(puzzle_texts(Mixture(), np.random.default_rng(0), "policy"), 1000))
    longest = int(np.median([len(tokenizer.encode(text.prompt + text.completion)) for text in texts]))
    some = list(recipes.batches(replace(TINY, longest=longest), tokenizer, texts))
    sizes = [int((row != tokenizer.pad_token_id).sum()) for batch in some for row in batch.tokens]
    assert 300 < len(sizes) < 700
    assert max(sizes) <= longest
    with pytest.raises(ValueError, match="more than 9 tokens"):
        next(recipes.batches(replace(TINY, longest=9), tokenizer, texts))
