"""The bundled Countdown model: what it was trained on, that it loads like any other, that it is of use."""

import csv
import os
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import AutoModelForCausalLM, AutoTokenizer

from qstar import models
from qstar.models import train_countdown
from qstar.models.measure_countdown import countdown_held_out, solve_rates
from qstar.models.memory import keep_memory
from qstar.models.puzzles import (
    Countdown,
    Mixture,
    Puzzle,
    Solver,
    completion,
    expression,
    game24_held_out,
    game24_puzzles,
    solved,
    split,
)
from verifiers import countdown as exact

DATA = Path(os.environ.get("QSTAR_DATA", Path(__file__).parents[3] / "shared" / "data"))


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    """Small models gain little from a second thread, and lose much where other processes want it."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def model():
    keep_memory()
    return AutoModelForCausalLM.from_pretrained(models.path(), local_files_only=True).eval()


@pytest.fixture(scope="module")
def tokenizer():
    return AutoTokenizer.from_pretrained(models.path(), local_files_only=True)


@pytest.fixture(scope="module")
def solver():
    return Solver(24)


# ---------------------------------------------------------------- puzzles


def check(puzzle, solution):
    text = completion(solution)
    trace, _, answer = text.partition("Answer: ")
    checked = exact.check_trace(trace, puzzle.numbers, puzzle.target)
    assert checked.solved
    assert not checked.refuted
    assert exact.check_expression(answer.strip(), puzzle.numbers, puzzle.target)
    assert solved(puzzle, text)
    assert not solved(Puzzle(puzzle.numbers, puzzle.target + 1), text)


@pytest.mark.parametrize("part", ["policy", "value", "held out"])
def test_every_training_text_is_a_correct_solution_of_its_split(part):
    for puzzle, solution in islice(Mixture().puzzles(np.random.default_rng(1), part), 300):
        assert split(puzzle) == part
        check(puzzle, solution)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 13), min_size=2, max_size=4), st.integers(1, 40))
def test_solvable_agrees_with_exhaustive_exact_search(numbers, target):
    state = tuple(sorted(numbers))
    solver = Solver(target)
    assert solver.solvable(state) == (exact.solve(numbers, target, limit=1) is not None)
    if solver.solvable(state):
        check(Puzzle(tuple(numbers), target), solver.sample(state, np.random.default_rng(0)))


def test_solutions_vary_and_prefer_whole_numbers(solver):
    rng = np.random.default_rng(0)
    assert len({expression(solver.sample((1, 2, 4, 6), rng)) for _ in range(100)}) >= 4
    needs_fractions = expression(solver.sample((3, 3, 8, 8), rng))
    assert exact.parse_expression(needs_fractions)[0] == 24


@given(st.permutations([1, 3, 5, 8]), st.integers(1, 100))
def test_the_order_of_the_numbers_does_not_change_the_split(numbers, target):
    assert split(Puzzle(tuple(numbers), target)) == split(Puzzle((1, 3, 5, 8), target))


def test_held_out_ranks_are_the_published_ones(solver):
    table = DATA / "game24.csv"
    if not table.exists():
        pytest.skip(f"{table} is not here; set QSTAR_DATA to the folder with game24.csv")
    rows = {int(row["Rank"]): row["Puzzles"] for row in csv.DictReader(table.open())}
    hands = {rank: tuple(sorted(map(int, text.split()))) for rank, text in rows.items()}
    for first in (801, 901):
        assert game24_held_out(f"{first}-{first + 99}") == [hands[r] for r in range(first, first + 100)]
    ours = {hand for part in ("policy", "value", "held out") for hand in game24_puzzles(solver, part)}
    assert ours == set(hands.values())
    assert set(game24_puzzles(solver, "held out")) == {hands[r] for r in range(801, 1001)}


def test_countdown_for_measuring_is_held_out_and_solvable():
    puzzles = countdown_held_out(4, 20)
    assert len({(tuple(sorted(p.numbers)), p.target) for p in puzzles}) == 20
    assert all(split(p) == "held out" and exact.solve(p.numbers, p.target, limit=1) for p in puzzles)


@pytest.mark.parametrize("text", ["", "Answer: ", "Answer: 4*6*(1", "4*6*1*1", "Answer: 4*6\n", "Answer: 24"])
def test_wrong_answers_earn_nothing(text):
    assert not solved(Puzzle((4, 1, 6, 1), 24), text)


# ---------------------------------------------------------------- model and tokenizer


def test_an_unknown_name_lists_the_bundled_ones():
    with pytest.raises(ValueError, match="countdown"):
        models.path("gpt-17")


def test_small_and_computing_in_float32(model):
    assert (models.path() / "model.safetensors").stat().st_size <= 8_000_000
    assert sum(p.numel() for p in model.parameters()) <= 4_000_000
    assert model.dtype == torch.float32


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126) | st.just("\n"), max_size=80))
def test_text_survives_the_tokenizer(tokenizer, text):
    assert tokenizer.decode(tokenizer.encode(text)) == text


def test_digits_are_single_tokens_and_nothing_is_added(tokenizer):
    assert tokenizer.tokenize("Numbers: 75 100\n") == ["Numbers: ", "7", "5", " ", "1", "0", "0", "\n"]
    assert tokenizer.eos_token_id not in tokenizer.encode("Target: 24\n")
    assert tokenizer.padding_side == "left"


def test_tokenizer_is_the_recipe_s(tokenizer):
    assert tokenizer.get_vocab() == train_countdown.build_tokenizer(256).get_vocab()


def test_solves_what_random_steps_do_not(model, tokenizer):
    puzzles = [Puzzle(numbers, 24) for numbers in game24_held_out("801-900")[:30]]
    rates = solve_rates(model, tokenizer, puzzles, 16, quiet=True)
    rng = np.random.default_rng(0)
    lucky = np.mean(
        [
            exact.check_trace(exact.random_trace(p.numbers, rng), p.numbers, 24).solved
            for p in puzzles
            for _ in range(50)
        ]
    )
    assert rates["per_sample"] > 5 * lucky
    assert rates["within_16"] >= 0.6


# ---------------------------------------------------------------- recipe


@pytest.fixture
def tiny():
    """A hundred quick steps: ended by tokens, not by the clock of a busy machine."""
    mixture = Mixture(game24=0.0, countdown=Countdown(sizes=(3,), size_weights=(1.0,)))
    sizes = {"layers": 1, "width": 32, "heads": 2, "feed_forward": 64, "batch": 16, "pool": 4}
    return train_countdown.Recipe(minutes=4.0, tokens=60_000, mixture=mixture, **sizes)


def test_recipe_learns_and_what_it_writes_loads(tiny, tmp_path):
    trained = train_countdown.train(tiny, tmp_path, quiet=True)
    tokenizer = AutoTokenizer.from_pretrained(tmp_path)
    loaded = AutoModelForCausalLM.from_pretrained(tmp_path)
    tokens = tokenizer("Numbers: 1 2 3\nTarget: 9\n", return_tensors="pt").input_ids
    torch.testing.assert_close(loaded(tokens).logits, trained(tokens).logits, rtol=0, atol=0.05)
    text = torch.tensor([tokenizer.encode("Numbers: 1 2 3\nTarget: 9\n1+2=3 left 3 3\n3*3=9 left 9\n")])
    untrained = train_countdown.build_model(tiny, tokenizer)
    assert loaded(text, labels=text).loss < untrained(text, labels=text).loss - 1


def test_a_killed_run_continues(tiny, tmp_path, monkeypatch):
    recipe = replace(tiny, checkpoint_seconds=0.0)
    save, saved = train_countdown._save, []

    def save_then_die(*arguments):
        save(*arguments)
        saved.append(replace(arguments[-1]))
        if len(saved) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(train_countdown, "_save", save_then_die)
    with pytest.raises(KeyboardInterrupt):
        train_countdown.train(recipe, tmp_path, quiet=True)
    with pytest.raises(ValueError, match="another recipe"):
        train_countdown.train(replace(recipe, seed=1), tmp_path, quiet=True)
    resumed = []
    rates = []

    def observe(path, settings, model, algorithms, rng, progress):
        resumed.append(replace(progress))
        rates.append(algorithms[0].param_groups[0]["lr"])

    monkeypatch.setattr(train_countdown, "_save", observe)
    train_countdown.train(recipe, tmp_path, quiet=True)
    assert len(resumed) > 50
    assert resumed[0].steps == saved[-1].steps + 1
    assert resumed[0].tokens > saved[-1].tokens
    assert resumed[0].seconds >= saved[-1].seconds
    for rate, before, progress in zip(rates, [saved[-1], *resumed], resumed, strict=False):
        spent = max(progress.seconds / (60 * recipe.minutes), before.tokens / recipe.tokens)
        assert rate == pytest.approx(recipe.muon_rate * train_countdown.rate(recipe, spent))
    assert not (tmp_path / "checkpoint.pt").exists()


def test_labels_are_the_completion_only(tiny, tokenizer):
    pool = next(train_countdown.batches(tiny, tokenizer, np.random.default_rng(0)))
    for batch in pool:
        for tokens, labels in zip(batch.tokens, batch.labels, strict=True):
            asked = tokenizer.decode(tokens[: int((labels != train_countdown.IGNORE).nonzero()[0])])
            learned = tokenizer.decode(labels[labels != train_countdown.IGNORE])
            assert asked.startswith("Numbers: ")
            assert asked.endswith("\n")
            assert asked.count("\n") == 2
            assert learned.endswith("\n<eos>")
