"""Tasks: what is loaded, what a search sees of it, and graders that take gold and refuse what is damaged."""

from __future__ import annotations

import csv
import gzip
import json
import os
import sys
import types
from pathlib import Path

import pytest
import torch

from benchmarks.game24_baselines import PUBLISHED, baselines, chance, exhaustive
from benchmarks.graders import Attempt, CodeGrader
from benchmarks.run import replay
from benchmarks.tasks import TASKS, digest, task_named
from qstar.countdown import puzzle
from verifiers.code import TestError
from verifiers.countdown import solve

torch.set_num_threads(1)
DATA = Path(os.environ.get("QSTAR_DATA", Path(__file__).parents[3] / "shared" / "data"))
GENERATED = [name for name, task in TASKS.items() if task.source == "generated"]
FILES = {"svamp": "svamp.json", "gsm8k": "gsm8k_test.jsonl", "humaneval": "HumanEval.jsonl.gz", "mbpp": "mbpp.jsonl"}
GSM8K = [
    {"question": "Ann has 3 bags of 4 nuts. How many nuts?", "answer": "3*4=<<3*4=12>>12 nuts\n#### 12"},
    {"question": "A car costs $1,200. Two cost?", "answer": "2*1200=<<2*1200=2400>>2400\n#### 2,400"},
]
MATH = [
    {"problem": "Half of $\\frac{3}{2}$?", "solution": "It is $\\boxed{\\frac{3}{4}}$.", "answer": "\\frac{3}{4}"},
    {"problem": "Solve $x^2=2$, $x>0$.", "solution": "So $x=\\boxed{\\sqrt{2}}$.", "answer": "\\sqrt{2}"},
    {"problem": "Which day follows Monday?", "solution": "\\boxed{\\text{Tuesday}}", "answer": "\\text{Tuesday}"},
    {"problem": "Where is $x>1$?", "solution": "In $\\boxed{(1,\\infty)}$.", "answer": "(1,\\infty)"},
]


@pytest.fixture
def data():
    if not DATA.is_dir():
        pytest.skip(f"public data sets not found in {DATA}; set QSTAR_DATA")
    return str(DATA)


@pytest.fixture
def written(tmp_path):
    """Writes rows to a file of any kind and gives its path."""

    def write(rows, name):
        path = tmp_path / name
        text = json.dumps(rows) if ".json" in name and "jsonl" not in name else "\n".join(map(json.dumps, rows))
        if ".csv" in name:
            with path.open("w", newline="") as file:
                writer = csv.DictWriter(file, list(rows[0]))
                writer.writeheader()
                writer.writerows(rows)
        elif name.endswith(".gz"):
            path.write_bytes(gzip.compress(text.encode()))
        else:
            path.write_text(text)
        return str(path)

    return write


# -- gold and damage ------------------------------------------------------------------------------------------------


def replayed(task, items, folder):
    """How many gold, and how many damaged solutions the whole bench grades right."""
    return len(replay(folder / "gold", task, items)), len(replay(folder / "damaged", task, items, damaged=True))


@pytest.mark.parametrize("name", GENERATED)
def test_gold_of_our_own_tasks(name, tmp_path):
    items = TASKS[name].items(limit=8)
    assert replayed(TASKS[name], items, tmp_path) == (8, 0)


@pytest.mark.parametrize("name", FILES)
def test_gold_of_public_sets_through_the_whole_bench(name, data, tmp_path):
    items = TASKS[name].items(limit=12, data=data)
    assert replayed(TASKS[name], items, tmp_path) == (12, 0)


def test_gold_of_math(written, tmp_path):
    items = TASKS["math-500"].items(data=written(MATH, "own.jsonl"))
    assert replayed(TASKS["math-500"], items, tmp_path) == (4, 0)


@pytest.mark.parametrize(("name", "count"), [("svamp", 1000), ("gsm8k", 1319), ("humaneval", 164), ("mbpp", 500)])
def test_every_gold_solution_of_the_public_sets(name, count, data):
    task = TASKS[name]
    items = task.items(data=data)
    assert len(items) == count
    if name == "mbpp":
        items = items[::5]  # the agreement tests of the code verifier run them all
    grade = CodeGrader(timeout=60.0) if isinstance(task.grade, CodeGrader) else task.grade
    for item in items:
        graded = grade(item, [Attempt(item.solution, None), Attempt(task.damage(item), None)])
        assert graded == [True, False], item.problem.id


# -- what a search sees ---------------------------------------------------------------------------------------------


def test_a_problem_holds_no_gold(data):
    for name in ("gsm8k", "humaneval", "mbpp"):
        for item in TASKS[name].items(limit=30, data=data, shown=0 if name == "mbpp" else None):
            seen = json.dumps([item.problem.prompt, item.problem.tests, dict(item.problem.data)])
            assert item.solution not in seen
            assert not set(item.reference.tests[len(item.problem.tests) :]) & set(item.problem.tests)
    word = TASKS["words"].items(limit=1)[0]
    assert word.solution not in word.problem.prompt


def test_public_tests(data):
    first = TASKS["humaneval"].items(limit=1, data=data)[0]
    assert first.problem.tests == (
        "assert has_close_elements([1.0, 2.0, 3.0], 0.5) == False",
        "assert has_close_elements([1.0, 2.8, 3.0, 4.0, 5.0, 2.0], 0.3) == True",
    )
    usual, one = (TASKS["mbpp"].items(limit=2, data=data, shown=shown)[0] for shown in (None, 1))
    assert (len(usual.problem.tests), len(one.problem.tests)) == (3, 1)
    assert usual.reference.tests == one.reference.tests
    ours = TASKS["functions"].items(limit=2)[0]
    assert ours.problem.tests
    assert not set(ours.problem.tests) & set(ours.reference.tests)


def test_splits_do_not_meet(data):
    for name in ("game24", "countdown", "words", "functions", "gsm8k", "mbpp"):
        given = None if name in GENERATED else data
        dev, test = ({i.problem.prompt for i in TASKS[name].items(split, 30, given)} for split in ("dev", "test"))
        assert len(dev) >= 29, name
        assert not dev & test, name
    ranks = [item.problem.id for item in TASKS["game24"].items()]
    assert (ranks[0], ranks[-1], len(ranks)) == ("game24-901", "game24-1000", 100)
    assert len(TASKS["gsm8k"].items("dev", data=data)) == 473


def test_countdown_takes_sizes():
    sizes = [len(puzzle(item.problem.prompt)[0]) for item in TASKS["countdown"].items(limit=8)]
    assert sizes == [3, 4, 5, 6] * 2
    for item in TASKS["countdown-5"].items(limit=3):
        numbers, target = puzzle(item.problem.prompt)
        assert len(numbers) == 5
        assert solve(numbers, target, limit=1)


# -- graders --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("Answer: (10-4)*(9-5)", True),
        ("10-4=6 left 5 6 9\nso the answer is (10 - 4) * (9 - 5) = 24.", True),
        ("$(10-4)*(9-5)$", True),
        ("Answer: 24", False),
        ("Answer: (10-4)*4", False),
        ("Answer: __import__('os').getcwd()", False),
        ("", False),
    ],
)
def test_puzzles_by_their_expression(text, right):
    item = TASKS["game24"].items()[0]
    item = type(item)(type(item.problem)("Make 24 from 4 5 9 10", "p"), item.reference, item.solution)
    assert TASKS["game24"].grade(item, [Attempt(text, None)]) == [right]


def test_words_by_equivalence(written):
    task = TASKS["gsm8k"]
    item = task.items(data=written(GSM8K, "own.jsonl"))[1]
    said = [("so 2400", "2400"), ("$2,400", "$2,400"), ("... #### 2400.0", None), ("240", "240"), ("no idea", None)]
    assert task.grade(item, [Attempt(*each) for each in said]) == [True, True, True, False, False]


def test_programs_in_every_form(data):
    task = TASKS["humaneval"]
    item = task.items(limit=1, data=data)[0]
    whole = item.problem.prompt + item.solution
    said = [item.solution, f"Here you are:\n```python\n{whole}\n```\nIt loops.", whole, "    return False\n", "", "((("]
    assert task.grade(item, [Attempt(text, None) for text in said]) == [True, True, True, False, False, False]


def test_hidden_tests_that_cannot_be_run_name_their_problem(written):
    row = {"text": "Write f.", "code": "def f(x): return x", "test_list": ["assert f(object())"]}
    item = TASKS["mbpp"].items(data=written([row], "own.jsonl"), shown=1)[0]
    with pytest.raises(TestError, match="the tests of mbpp-1 cannot be run"):
        TASKS["mbpp"].grade(item, [Attempt(item.solution, None)])


# -- loading --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["own.jsonl", "own.json", "own.csv", "own.jsonl.gz", "own.json.gz"])
def test_the_same_columns_in_any_file(name, written):
    items = TASKS["gsm8k"].items(data=written(GSM8K, name))
    assert [(i.problem.prompt, i.reference.answer) for i in items] == [
        (GSM8K[0]["question"], "12"),
        (GSM8K[1]["question"], "2400"),
    ]
    assert digest(items) == digest(TASKS["gsm8k"].items(data=written(GSM8K, "again.jsonl")))
    assert digest(items[:1]) != digest(items)


def test_from_the_hub(monkeypatch, data):
    asked = []

    def load_dataset(name, config, split):
        asked.append((name, config, split))
        if name == "no/such":
            raise RuntimeError("404")
        return json.loads((DATA / "svamp.json").read_text())[:3] if "SVAMP" in name else GSM8K

    monkeypatch.delenv("QSTAR_DATA", raising=False)
    monkeypatch.setitem(sys.modules, "datasets", types.SimpleNamespace(load_dataset=load_dataset))
    assert [item.problem.id for item in TASKS["svamp"].items()] == ["chal-1", "chal-2", "chal-3"]
    assert len(TASKS["gsm8k"].items("dev")) == 2
    assert len(TASKS["gsm8k"].items(data="some/copy")) == 2
    assert asked == [
        ("ChilleD/SVAMP", None, "train+test"),
        ("openai/gsm8k", "main", "train"),
        ("some/copy", None, "test"),
    ]
    with pytest.raises(OSError, match=r"cannot load no/such \(test\) from the hub: 404; a file does, too: --data"):
        TASKS["gsm8k"].items(data="no/such")
    monkeypatch.setitem(sys.modules, "datasets", None)
    with pytest.raises(ImportError, match=r"pip install 'qstar\[datasets\]', or give a file with --data"):
        TASKS["gsm8k"].items()


NO_TESTS = {"text": "Write f.", "code": "def f(x): return x", "test_list": ["assert f(1) == 1"] * 3}


@pytest.mark.parametrize(
    ("name", "content", "settings", "message"),
    [
        ("own.jsonl", '{"q": "?"}', {}, "row 1 has no column 'question'; it has q"),
        ("own.jsonl", '{"question": "?"}\n{"quest', {}, r"own\.jsonl, line 2: not valid JSON"),
        ("own.jsonl", '"text"', {}, "row 1 is no object"),
        ("own.json", "[]", {}, "there are no rows"),
        ("own.parquet", "PAR1", {}, r"own\.parquet: data are read from \.jsonl, \.json, \.csv"),
        ("own.jsonl.gz", "no gzip", {}, r"own\.jsonl\.gz cannot be read as gzipped UTF-8"),
        (
            "own.jsonl",
            json.dumps({**GSM8K[0], "id": "a"}) + "\n" + json.dumps({**GSM8K[1], "id": "a"}),
            {},
            "the id 'a'",
        ),
        ("gsm8k_test.jsonl", json.dumps(GSM8K[0]), {"split": "dev"}, r"split dev is in gsm8k_train\.jsonl, not in"),
        ("mbpp.own.jsonl", json.dumps(NO_TESTS), {"shown": 9}, "shown is from 0 to the 3 tests of a problem, not 9"),
    ],
)
def test_wrong_files_are_named(name, content, settings, message, tmp_path):
    (tmp_path / name).write_text(content)
    task = TASKS["mbpp" if "mbpp" in name else "gsm8k"]
    with pytest.raises(ValueError, match=message):
        task.items(data=str(tmp_path / name), **settings)


@pytest.mark.parametrize(
    ("name", "settings", "message"),
    [
        ("svamp", {"split": "dev"}, "task svamp has no split 'dev'; it has test"),
        ("words", {"data": "x.jsonl"}, "the problems of task words are generated: it takes no data"),
        ("gsm8k", {"shown": 1}, "shown is a setting of the task mbpp, not of gsm8k"),
        ("game24", {"limit": 0}, "a limit is at least 1"),
        ("gsm9k", {}, "no task named 'gsm9k'; there is words, "),
    ],
)
def test_wrong_settings_are_named(name, settings, message):
    with pytest.raises(ValueError, match=message):
        task_named(name).items(**settings)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"nowhere\.jsonl does not exist"):
        TASKS["gsm8k"].items(data=str(tmp_path / "nowhere.jsonl"))


# -- the Game of 24 without a model ---------------------------------------------------------------------------------


def test_the_chance_of_random_steps():
    assert chance((24,)) == 1.0
    assert chance((23,)) == 0.0
    assert chance((4, 6)) == pytest.approx(1 / 5), "4+6, 4*6, 6-4, 6/4, 4/6"
    assert chance((1, 24)) == pytest.approx(1 / 4), "25, 24 (twice, once counted), 23, 1/24"


def test_exhaustive_search_counts_states():
    assert exhaustive((24,)).until_solved == 1
    two = exhaustive((4, 6))
    assert (two.states, two.solved) == (6, True)
    assert 1 < two.until_solved <= 6
    hopeless = exhaustive((1, 1, 1, 1))
    assert not hopeless.solved
    assert hopeless.until_solved == hopeless.states


def test_baselines():
    rows = {row["name"]: row for row in baselines("test")}
    one, many = (rows[f"uniformly random legal steps, {n}"] for n in ("1 attempt", "1000 attempts"))
    assert 0 < one["accuracy"] < 0.02 < 0.8 < many["accuracy"] < 1
    assert rows["exhaustive search"]["accuracy"] == 1.0
    assert [row["accuracy"] for row in PUBLISHED] == [0.073, 0.04, 0.09, 0.45, 0.74]
    assert all("2305.10601" in rows[row["name"]]["source"] for row in PUBLISHED)
    assert not any(row["kind"] == "published" for row in baselines("dev")), "published for other ranks"
