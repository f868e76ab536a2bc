"""The bundled model: the puzzles it was trained on, that it loads like any other, that it is of use."""

import csv
import os
import re
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import AutoModelForCausalLM, AutoTokenizer

from qstar import BestOfN, Budget, Problem, Solver, models
from qstar.models.memory import keep_memory
from qstar.models.puzzles import (
    Mixture,
    Puzzle,
    completion,
    countdown_held_out,
    game24_held_out,
    game24_puzzles,
    prompt,
    solved,
    split,
)
from qstar.models.puzzles import Solver as Exhaustive
from verifiers import countdown as exact

DATA = Path(os.environ.get("QSTAR_DATA", Path(__file__).parents[3] / "shared" / "data"))


@pytest.fixture(scope="module")
def model():
    keep_memory()
    return AutoModelForCausalLM.from_pretrained(models.path(), local_files_only=True).eval()


@pytest.fixture(scope="module")
def tokenizer():
    return AutoTokenizer.from_pretrained(models.path(), local_files_only=True)


@pytest.fixture(scope="module")
def solver():
    return Exhaustive(24)


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
    solver = Exhaustive(target)
    assert solver.solvable(state) == (exact.solve(numbers, target, limit=1) is not None)
    if solver.solvable(state):
        check(Puzzle(tuple(numbers), target), solver.sample(state, np.random.default_rng(0)))


def test_solutions_vary_and_prefer_whole_numbers(solver):
    rng = np.random.default_rng(0)
    assert len({exact.expression(solver.sample((1, 2, 4, 6), rng)) for _ in range(100)}) >= 4
    needs_fractions = exact.expression(solver.sample((3, 3, 8, 8), rng))
    assert exact.parse_expression(needs_fractions)[0] == 24


@given(st.permutations([1, 3, 5, 8]), st.integers(1, 100))
def test_the_order_of_the_numbers_does_not_change_the_split(numbers, target):
    assert split(Puzzle(tuple(numbers), target)) == split(Puzzle((1, 3, 5, 8), target))


def test_held_out_ranks_are_the_published_ones():
    table = DATA / "game24.csv"
    if not table.exists():
        pytest.skip(f"{table} is not here; set QSTAR_DATA to the folder with game24.csv")
    rows = {int(row["Rank"]): row["Puzzles"] for row in csv.DictReader(table.open())}
    hands = {rank: tuple(sorted(map(int, text.split()))) for rank, text in rows.items()}
    for first in (801, 901):
        assert game24_held_out(f"{first}-{first + 99}") == [hands[r] for r in range(first, first + 100)]
    ours = {hand for part in ("policy", "value", "held out") for hand in game24_puzzles(part)}
    assert ours == set(hands.values())
    assert set(game24_puzzles("held out")) == {hands[r] for r in range(801, 1001)}


def test_countdown_for_measuring_is_held_out_and_solvable():
    for part in ("dev", "held out"):
        drawn = list(islice(countdown_held_out(4, part), 20))
        assert len({(tuple(sorted(p.numbers)), p.target) for p, _ in drawn}) == 20
        for puzzle, solution in drawn:
            assert split(puzzle) == "held out"
            check(puzzle, solution)
    dev, reported = ({p for p, _ in islice(countdown_held_out(3, part), 200)} for part in ("dev", "held out"))
    assert not dev & reported


@pytest.mark.parametrize("text", ["", "Answer: ", "Answer: 4*6*(1", "4*6*1*1", "Answer: 4*6\n", "Answer: 24"])
def test_wrong_answers_earn_nothing(text):
    assert not solved(Puzzle((4, 1, 6, 1), 24), text)


# ---------------------------------------------------------------- model and tokenizer


def test_an_unknown_name_lists_the_bundled_ones():
    with pytest.raises(ValueError, match=models.path().name):
        models.path("gpt-17")


def test_small_and_computing_in_float32(model):
    folder = models.path()
    assert sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) <= 20_000_000
    assert model.dtype == torch.float32
    assert {"config.json", "model.safetensors", "qstar.json", "q_head"} <= {file.name for file in folder.iterdir()}


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126) | st.just("\n"), max_size=80))
def test_text_survives_the_tokenizer(tokenizer, text):
    text = re.sub(r"<\|?\w+\|?>", "", text)  # a special token is no text
    assert tokenizer.decode(tokenizer.encode(text)) == text


def test_digits_are_single_tokens_and_nothing_is_added(tokenizer):
    pieces = [tokenizer.decode([token]) for token in tokenizer.encode("Numbers: 75 100\n")]
    assert [piece.strip() for piece in pieces if piece.strip().isdigit()] == list("75100")
    assert pieces[-1] == "\n"
    assert tokenizer.eos_token_id not in tokenizer.encode("Target: 24\n")
    assert tokenizer.padding_side == "left"


def test_solves_what_random_steps_do_not():
    """As anybody would use it: its own prompt format and verifier, eight attempts at each of 20 puzzles."""
    puzzles = [Puzzle(numbers, 24) for numbers in game24_held_out("801-900")[:20]]
    solver = Solver.from_pretrained(search=BestOfN(8), budget=Budget(expansions=1))
    problems = [Problem(prompt(*puzzle), id=str(i)) for i, puzzle in enumerate(puzzles)]
    results = {result.tree.problem_id: result for result in solver.solve_many(problems)}
    right = np.mean([solved(puzzle, results[str(i)].text or "") for i, puzzle in enumerate(puzzles)])
    rng = np.random.default_rng(0)
    traces = [[exact.random_trace(p.numbers, rng) for _ in range(8)] for p in puzzles for _ in range(10)]
    lucky = np.mean(
        [any(exact.check_trace(t, puzzles[i // 10].numbers, 24).solved for t in ts) for i, ts in enumerate(traces)]
    )
    assert right > 2 * lucky
    assert right >= 0.3
