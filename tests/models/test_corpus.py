"""What the bundled model reads: right completions, parts that stay apart, and what it is not asked to learn."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from transformers import PreTrainedTokenizerFast

from qstar.kinds import FUNCTION, PUZZLE, WORDS, Kind, kind
from qstar.models.corpus import (
    GSM8K_DEV,
    SEARCHED,
    Choice,
    Corpus,
    Text,
    astray,
    calculated,
    choosing_texts,
    compact,
    function_texts,
    gsm8k_texts,
    load_gsm8k,
    puzzle_texts,
    reward,
    value_texts,
    word_texts,
)
from qstar.models.puzzles import Mixture, Puzzle, game24_held_out, split
from qstar.models.train import IGNORE, Recipe, build_tokenizer, candidates, example
from verifiers.countdown import check_trace, complete_step, legal_steps, solve
from verifiers.math import check_steps, grade

DATA = Path(os.environ.get("QSTAR_DATA", Path(__file__).parents[3] / "shared" / "data"))
HANDS = {tuple(sorted(hand)) for ranks in ("801-900", "901-1000") for hand in game24_held_out(ranks)}

SOURCES: dict[Kind, Callable[[np.random.Generator], Iterator[Text]]] = {
    PUZZLE: lambda rng: puzzle_texts(Mixture(), rng, "policy"),
    WORDS: lambda rng: word_texts(rng, "policy"),
    FUNCTION: lambda rng: function_texts(rng, "policy"),
}


@pytest.fixture(scope="module")
def texts() -> dict[Kind, list[Text]]:
    """Thirty policy texts of every kind."""
    return {kind: list(islice(source(np.random.default_rng(1)), 30)) for kind, source in SOURCES.items()}


@pytest.fixture(scope="module")
def policy() -> list[Text]:
    return list(islice(Corpus().texts(np.random.default_rng(2), "policy", None), 2000))


@pytest.fixture(scope="module")
def value() -> list[Text]:
    return value_texts(np.random.default_rng(3), None, 1000)


@pytest.fixture(scope="module")
def tokenizer(texts: dict[Kind, list[Text]]) -> PreTrainedTokenizerFast:
    return build_tokenizer(Recipe(vocabulary=400), (part for each in texts.values() for t in each for part in t[1:3]))


def written(count: int) -> list[dict[str, str]]:
    """Lines such as GSM8K's, all different, the answers over a thousand."""
    return [
        {
            "question": f"Box {i} holds {i} pens and 1,000 more. How many?",
            "answer": f"There are {i}+1000 = <<{i}+1000={i + 1000}>>{i + 1000:,} pens.\n#### {i + 1000:,}",
        }
        for i in range(count)
    ]


@pytest.fixture(scope="module")
def gsm8k(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of the published form: 473 lines for choosing and 400 more."""
    file = tmp_path_factory.mktemp("gsm8k") / "train.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in written(GSM8K_DEV + 400)))
    return file


# ---------------------------------------------------------------- rewards


@pytest.mark.parametrize("kind", SOURCES)
def test_its_own_completion_is_right_and_that_of_another_problem_is_not(
    kind: Kind, texts: dict[Kind, list[Text]]
) -> None:
    own = [reward(text, text.completion) for text in texts[kind]]
    others = [reward(text, other.completion) for text, other in zip(texts[kind], texts[kind][1:]) if text != other]
    assert own == [1.0] * len(own)
    assert set(others) <= {0.0, 1.0}
    assert sum(others) <= 3  # word problems may have the same answer


@pytest.mark.parametrize("kind", SOURCES)
@pytest.mark.parametrize(
    "text", ["", "\n", "\0", "#### ", "Answer: ", "Answer: (((1", "#### \\frac{1}{", "    return (\n", "<<1/0=", "é²½"]
)
def test_whatever_is_written_has_a_reward(kind: Kind, text: str, texts: dict[Kind, list[Text]]) -> None:
    assert reward(texts[kind][0], text) == 0.0


@pytest.mark.parametrize("source", SOURCES)
def test_texts_are_of_the_kind_they_say(source: Kind, texts: dict[Kind, list[Text]]) -> None:
    for text in texts[source]:
        assert text.kind is source
        assert kind(text.prompt) is source
        assert text.prompt.endswith("\n")
        assert text.completion
        assert text.completion.strip() not in text.prompt


# ---------------------------------------------------------------- what is learned


def test_the_calculators_digits_are_not_learned_and_all_else_is(
    texts: dict[Kind, list[Text]], tokenizer: PreTrainedTokenizerFast, gsm8k: Path
) -> None:
    for text in texts[WORDS] + load_gsm8k(gsm8k, "policy")[:5]:
        asked = tokenizer(text.prompt).input_ids
        tokens, labels, *_ = example(text, tokenizer)
        assert len(tokens) == len(labels)
        assert labels[: len(asked)] == [IGNORE] * len(asked)
        learned, inside = "", False
        skipped: list[str] = []
        for token, label in zip(tokens[len(asked) :], labels[len(asked) :]):
            assert label in (IGNORE, token)
            piece = str(tokenizer.decode([token]))
            if label != IGNORE:
                learned += piece
            elif inside:
                skipped[-1] += piece
            else:
                skipped.append(piece)
            inside = label == IGNORE
        parts = [part.rpartition("=") for part in text.completion.split(">>")[:-1]]
        assert skipped == [result for *_, result in parts]
        assert all(result.replace(".", "").isdigit() for result in skipped)
        last = text.completion.rpartition(">>")[2]
        assert learned == "".join(f"{calculation}=>>" for calculation, *_ in parts) + last + "<eos>"
        assert f"#### {text.gold}" in learned


def test_of_a_puzzle_all_is_learned_but_the_expression(
    texts: dict[Kind, list[Text]], tokenizer: PreTrainedTokenizerFast
) -> None:
    for text in texts[PUZZLE]:
        steps, _, expression = text.completion.partition("Answer:")
        (span,) = calculated(text)
        assert text.completion[slice(*span)] == expression
        tokens, labels, _, _, choices = example(text, tokenizer)
        for state, _, _ in choices:  # there the shares of all steps are learned
            assert labels[state + 1] == IGNORE
            labels[state + 1] = tokens[state + 1]
        assert tokenizer.decode([label for label in labels if label != IGNORE]) == f"{steps}Answer:<eos>"


def test_all_of_a_function_is_learned(texts: dict[Kind, list[Text]], tokenizer: PreTrainedTokenizerFast) -> None:
    shifts = Text(FUNCTION, "def f(x):\n", "    return x <<1>>2 if x==3>>1 else x>=2>>1\n", "")
    for text in [*texts[FUNCTION], shifts]:
        assert calculated(text) == []
        tokens, labels, *_ = example(text, tokenizer)
        learned = [label for label in labels if label != IGNORE]
        assert tokenizer.decode(learned) == text.completion + "<eos>"
        assert labels[-len(learned) :] == tokens[-len(learned) :] == learned


def test_what_decides_an_answer_weighs_more(tokenizer: PreTrainedTokenizerFast) -> None:
    text = Text(WORDS, "Question: 3 and 4?\n", "It is <<3+4=7>>7 pens.\n#### 7", "7")
    tokens, _, weights, *_ = example(text, tokenizer, operands=3.0)
    heavy = [tokenizer.decode([token]).strip() for token, w in zip(tokens, weights) if w == 3.0]
    assert heavy == ["3", "+", "4", "7"]
    assert set(weights) == {1.0, 3.0}


# ---------------------------------------------------------------- steps astray


def lines_known(text: Text) -> list[tuple[str, bool]]:
    """The completion up to each line's end, and whether a right answer can still be reached from there."""
    known = dict(text.hopes)
    ends = {i + 1 for i, character in enumerate(text.completion) if character == "\n"} | {len(text.completion)}
    return [(text.completion[:end], known[end]) for end in sorted(ends) if end in known]


def test_what_is_said_of_a_puzzles_states_is_true() -> None:
    """Against the verifiers' own exhaustive search, from the numbers that the trace leaves."""
    drawn = puzzle_texts(Mixture(), np.random.default_rng(6), "policy", 0.7)
    seen: Counter[bool] = Counter()
    for text in islice((text for text in drawn if text.learned is not None), 60):
        numbers, target = puzzle_of(text)
        learned = text.completion[: text.learned]
        states = lines_known(text)
        assert len(states) == text.completion.count("\n")
        for trace, hope in states:
            checked = check_trace(trace, numbers, target)
            assert not checked.refuted
            rest = checked.steps[-1].remaining
            if len(rest) <= 4:
                assert (solve(rest, target, limit=1) is not None) == hope
            else:
                assert hope
        assert all(hope for trace, hope in states if len(trace) <= len(learned))
        seen[states[-1][1]] += 1
    assert min(seen.values()) >= 5


def test_the_steps_that_a_puzzle_could_have_taken_are_all_there_and_rightly_judged() -> None:
    """Against the verifiers' own list of legal steps and their exhaustive search."""
    listed = 0
    for text in islice(puzzle_texts(Mixture(), np.random.default_rng(8), "policy", 0.5), 40):
        numbers, target = puzzle_of(text)
        left, at, starts = tuple(sorted(map(Fraction, numbers))), 0, {}
        for written in text.completion.splitlines(keepends=True):
            if " left " in written:
                starts |= {at: left} if len(left) <= SEARCHED else {}
                at += len(written)
                left = check_trace(text.completion[:at], numbers, target).steps[-1].remaining
        assert [choice.at for choice in text.choices] == list(starts)
        for choice, left in zip(text.choices, starts.values()):
            assert text.completion.startswith(choice.taken, choice.at)
            shares = dict(choice.shares)
            assert choice.taken in shares
            assert sum(shares.values()) == pytest.approx(1.0 if any(shares.values()) else 0.0)
            reached = {}
            for beginning, share in choice.shares:
                line = beginning + str(complete_step(beginning, left))
                reached[check_trace(line, left, target).steps[-1].remaining] = share
            assert set(reached) == {step.remaining for step in legal_steps(left) if step.value >= 0}
            assert len(reached) == len(choice.shares)
            for rest, share in reached.items():
                assert (rest == (target,) or (len(rest) > 1 and solve(rest, target, limit=1) is not None)) == (
                    share > 0
                )
            listed += 1
    assert listed > 60


def test_the_next_tokens_of_a_step_are_known_with_their_shares(tokenizer: PreTrainedTokenizerFast) -> None:
    completion = "2+2=4 left 3 4\n3+4=7 left 7\n"
    shares = (("2+2=", 0.5), ("2*2=", 0.25), ("3-2=", 0.0), ("2*3=", 0.25))
    text = Text(PUZZLE, "Numbers: 2 2 3\nTarget: 7\n", completion, "", choices=(Choice(0, "2+2=", shares),))
    assert list(candidates(text)) == [
        (0, {"2": 1.0, "3": 0.0}),
        (1, {"+": 0.5, "*": 0.5}),
        (2, {"2": 1.0}),
        (3, {"=": 1.0}),
    ]
    tokens, labels, _, _, choices = example(text, tokenizer)
    asked = len(tokenizer(text.prompt).input_ids)
    assert [state for state, _, _ in choices] == [asked - 1, asked, asked + 1, asked + 2]
    assert tokenizer.convert_ids_to_tokens(choices[1][1]) == ["+", "*"]
    assert [label for label in labels if label != IGNORE] == tokens[asked + 4 :], "the shares stand for the labels"


def test_a_word_problem_goes_astray_in_its_last_line_only_and_calculates_rightly(gsm8k: Path) -> None:
    rng = np.random.default_rng(7)
    originals = list(islice(word_texts(rng, "policy"), 200)) + load_gsm8k(gsm8k, "policy")[:20]
    changed = list(astray(iter(originals), rng, 1.0))
    gone = early = 0
    for original, text in zip(originals, changed, strict=True):
        assert text.prompt == original.prompt
        if text.learned is None:
            assert text.completion == original.completion
            assert all(hope for _, hope in text.hopes)
            continue
        gone += 1
        assert original.completion.startswith(text.completion[: text.learned])
        assert not original.completion.startswith(text.completion)
        assert not check_steps(text.completion).refuted
        *right, last = lines_known(text)
        assert last == (text.completion, False)
        assert all(hope for _, hope in right)
        astray_line = text.completion[text.learned :]
        early += astray_line.startswith("#### ")
        if astray_line.startswith("#### "):
            assert f"={astray_line[5:]}>>" in text.completion  # with a result that it had by then
            assert not grade(text.completion, text.gold).correct
        else:
            assert "<<" in astray_line
    assert gone > 120
    assert early > 10


def test_steps_astray_are_known_but_not_learned(tokenizer: PreTrainedTokenizerFast) -> None:
    completion = "2+2=4 left 3 4\n4-3=1 left 1\n"
    text = Text(PUZZLE, "Numbers: 2 2 3\nTarget: 7\n", completion, "", ((15, True), (28, False)), 15)
    tokens, labels, _, hopes, _ = example(text, tokenizer)
    assert tokenizer.decode([label for label in labels if label != IGNORE]) == completion[:15]
    assert tokens[-1] != tokenizer.eos_token_id
    written = len(tokenizer(text.prompt).input_ids)
    at = [(tokenizer.decode(tokens[written : i + 1]), hope) for i, hope in enumerate(hopes) if not np.isnan(hope)]
    assert at == [(completion[:14], 1), (completion[:15], 1), (completion[:27], 0), (completion, 0)]


# ---------------------------------------------------------------- GSM8K


def check_parts(file: Path, questions: list[str]) -> None:
    parts = {part: load_gsm8k(file, part) for part in ("policy", "value", "dev")}
    prompts = {part: [text.prompt for text in texts] for part, texts in parts.items()}
    asked = [f"Question: {' '.join(question.split())}\n" for question in questions]
    assert Counter(prompt for each in prompts.values() for prompt in each) == Counter(asked)
    assert not set(prompts["policy"]) & set(prompts["value"])
    assert prompts["dev"] == asked[-GSM8K_DEV:]
    trained = len(asked) - GSM8K_DEV
    assert trained / 12 < len(prompts["value"]) < trained / 5  # about an eighth


def test_the_parts_of_gsm8k_are_apart_and_together_all_of_it(gsm8k: Path) -> None:
    check_parts(gsm8k, [line["question"] for line in written(GSM8K_DEV + 400)])
    for part in ("policy", "value"):
        texts = load_gsm8k(gsm8k, part)
        epoch = list(islice(gsm8k_texts(gsm8k, np.random.default_rng(0), part), len(texts)))
        assert Counter(epoch) == Counter(texts)
        assert epoch != texts


def test_a_line_of_gsm8k_is_asked_and_answered_without_commas(gsm8k: Path) -> None:
    last = load_gsm8k(gsm8k, "dev")[-1]
    assert last == Text(
        WORDS,
        "Question: Box 872 holds 872 pens and 1,000 more. How many?\n",
        "There are <<872+1000=1872>>1872 pens.\n#### 1872",
        "1872",
    )
    assert reward(last, last.completion) == 1.0
    assert reward(last, "#### 1,872") == 1.0
    assert reward(last, "#### 1873") == 0.0


def test_the_published_file() -> None:
    file = DATA / "gsm8k_train.jsonl"
    if not file.is_file():
        pytest.skip(f"{file} is not there: set QSTAR_DATA to a folder with GSM8K's train split")
    check_parts(file, [json.loads(line)["question"] for line in file.read_text(encoding="utf-8").splitlines()])
    for text in load_gsm8k(file, "value")[:60]:
        assert reward(text, text.completion) == 1.0
        for begin, end in calculated(text):
            assert text.completion[begin - 1] == "="
            assert not re.search(r"\.\d*0$", text.completion[begin:end])
            assert text.completion[end:].startswith(">>")


def test_a_file_that_is_missing_or_another_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"no\.jsonl does not exist"):
        load_gsm8k(tmp_path / "no.jsonl", "policy")
    with pytest.raises(FileNotFoundError, match=r"no\.jsonl does not exist"):
        next(gsm8k_texts(tmp_path / "no.jsonl", np.random.default_rng(0), "policy"))
    file = tmp_path / "other.jsonl"
    right = [json.dumps(line) for line in written(GSM8K_DEV + 1)]
    for lines in (
        [],
        right[:GSM8K_DEV],
        ['{"prompt": "1+1", "completion": "2"}', *right],
        [*right, '{"question": "1+1"}'],
        [*right, '{"question": "1+1", "answer": 2}'],
        [*right, "[1, 2]"],
        ["7", *right],
        ["not JSON", *right],
        ['{"question": "no end', *right],
        [*right, '{"question": "1+1", "answer": "It is 2."}'],
    ):
        file.write_text("\n".join(lines))
        with pytest.raises(ValueError, match=r"other\.jsonl is not GSM8K's train split"):
            load_gsm8k(file, "policy")


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ("Tom has 3*4 = <<3*4=12>>12 eggs.", "Tom has <<3*4=12>>12 eggs."),
        ("It costs $5 x 3 = $<<5*3=15>>15.", "It costs <<5*3=15>>15."),
        ("That is (2+3)*10% = <<(2+3)*10*.01=.5>>.5 liters", "That is <<(2+3)*10*.01=.5>>.5 liters"),
        ("3 bags * 4 pens = <<3*4=12>>12 pens", "3 bags * 4 pens = <<3*4=12>>12 pens"),
        ("He earns <<1,000*12=12,000>>12,000 a year", "He earns <<1000*12=12000>>12000 a year"),
        ("1,234,567 people, 3,4 and 5,6789", "1234567 people, 3,4 and 5,6789"),
        ("Two  spaces\tand a tab ", "Two spaces and a tab"),
        ("first\n\n  second \n", "first\nsecond"),
        ("Half of 8 is 4.", "Half of 8 is 4."),
        ("He pays $<<25*.5=12.50>>12.50 and $3.00.", "He pays $<<25*.5=12.5>>12.5 and $3."),
        ("0.05 of 100 is 5.0, version 1.10.0", "0.05 of 100 is 5, version 1.10.0"),
        ("x = 3 and y = 4", "x = 3 and y = 4"),
        ("", ""),
    ],
)
def test_a_calculation_is_written_once(steps: str, expected: str) -> None:
    assert compact(steps) == expected
    assert compact(expected) == expected


# ---------------------------------------------------------------- shares and parts


def test_the_shares_of_the_kinds(policy: list[Text], gsm8k: Path) -> None:
    shares = Corpus()
    counted = Counter(text.kind for text in policy)
    generated = shares.puzzles + shares.words + shares.functions
    for of, share in ((PUZZLE, shares.puzzles), (WORDS, shares.words), (FUNCTION, shares.functions)):
        assert counted[of] / len(policy) == pytest.approx(share / generated, abs=0.03)
    with_file = list(islice(shares.texts(np.random.default_rng(4), "policy", gsm8k), 1200))
    theirs = sum(text.prompt.startswith("Question: Box ") for text in with_file)
    assert theirs / len(with_file) == pytest.approx(shares.gsm8k / (generated + shares.gsm8k), abs=0.02)
    only = islice(Corpus(puzzles=0.0, functions=0.0).texts(np.random.default_rng(4), "value", None), 50)
    assert {text.kind for text in only} == {WORDS}


def test_the_same_seed_draws_the_same_texts(policy: list[Text]) -> None:
    again = islice(Corpus().texts(np.random.default_rng(2), "policy", None), 300)
    assert list(again) == policy[:300]


def puzzle_of(text: Text) -> Puzzle:
    numbers, target = (line.partition(": ")[2] for line in text.prompt.splitlines())
    return Puzzle(tuple(map(int, numbers.split())), int(target))


def test_no_held_out_hand_is_ever_asked(policy: list[Text], value: list[Text]) -> None:
    assert len(HANDS) == 200
    asked_of = {
        part: [puzzle_of(text) for text in texts if text.kind is PUZZLE]
        for part, texts in (("policy", policy), ("value", value))
    }
    for part, drawn in asked_of.items():
        asked = {tuple(sorted(puzzle.numbers)) for puzzle in drawn if puzzle.target == 24}
        assert len(asked) > 100
        assert not asked & HANDS
        assert {split(puzzle) for puzzle in drawn} == {part}
    for hand in HANDS:
        assert {split(Puzzle(order, 24)) for order in (hand, hand[::-1], hand[2:] + hand[:2])} == {"held out"}


def test_what_values_are_learned_on_is_new_to_the_policy(policy: list[Text], value: list[Text]) -> None:
    prompts = [text.prompt for text in value]
    assert len(set(prompts)) == len(prompts)
    assert not set(prompts) & {text.prompt for text in policy}
    unordered = {
        Puzzle(tuple(sorted(p.numbers)), p.target) for p in map(puzzle_of, (t for t in value if t.kind is PUZZLE))
    }
    for text in policy:
        if text.kind is PUZZLE:
            numbers, target = puzzle_of(text)
            assert Puzzle(tuple(sorted(numbers)), target) not in unordered


@pytest.mark.parametrize("with_gsm8k", [False, True])
def test_about_as_many_problems_as_asked(with_gsm8k: bool, gsm8k: Path) -> None:
    texts = value_texts(np.random.default_rng(5), gsm8k if with_gsm8k else None, 600)
    counted = Counter(text.kind for text in texts)
    assert 520 <= len(texts) <= 600  # some come twice
    assert min(counted[kind] for kind in Kind) > 60
    assert any(text.prompt.startswith("Question: Box ") for text in texts) is with_gsm8k


def test_problems_for_choosing_are_fixed_and_unlike_the_others(
    policy: list[Text], value: list[Text], gsm8k: Path
) -> None:
    chosen = choosing_texts(gsm8k, 20)
    assert {name: texts for name, texts in chosen.items() if name != "gsm8k"} == choosing_texts(None, 20)
    assert {name: len(texts) for name, texts in chosen.items() if name != "game24 801-900"} == {
        "countdown": 20,
        "words, other scenarios": 20,
        "functions, other specifications": 20,
        "gsm8k": 20,
    }
    hands = {tuple(sorted(puzzle_of(text).numbers)) for text in chosen["game24 801-900"]}
    assert hands == {tuple(sorted(hand)) for hand in game24_held_out("801-900")}
    assert not hands & {tuple(sorted(hand)) for hand in game24_held_out("901-1000")}
    assert {split(puzzle_of(text)) for text in chosen["countdown"]} == {"held out"}
    assert chosen["gsm8k"] == load_gsm8k(gsm8k, "dev")[:20]
    seen = {text.prompt for text in [*policy, *value]}
    assert not seen & {text.prompt for texts in chosen.values() for text in texts}
