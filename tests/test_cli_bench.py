"""`qstar bench` as a person uses it."""

from __future__ import annotations

import json
import sys

import pytest
import torch

from benchmarks.folder import read_lines, read_manifest
from qstar.cli import main

torch.set_num_threads(1)
SMALL = ("--split", "dev", "--limit", "2", "--search", "greedy,best-of-n,wide=astar", "--budget", "1x,3x")


@pytest.fixture
def qstar(monkeypatch, capsys, tmp_path):
    """Runs a command line: exit code, standard output, standard error."""
    monkeypatch.chdir(tmp_path)

    def run(*args):
        monkeypatch.setattr(sys, "argv", ["qstar", *map(str, args)])
        code = 0
        try:
            main()
        except SystemExit as end:
            code = end.code or 0
        return code, *capsys.readouterr()

    return run


def test_the_bundled_model_on_two_puzzles_and_again(qstar, tmp_path):
    command = ("bench", "game24", *SMALL, "--set", "wide.width=12", "--out", "r", "--trees")
    code, out, err = qstar(*command)
    assert code == 0, err
    rows = [line.split()[:4] for line in out.splitlines()[1:] if line[:1].isalpha()]
    assert rows == [
        ["greedy", "auto", "1x", "2"],
        *(["best-of-n", "auto", budget, "2"] for budget in ("1x", "3x")),
        *(["wide", "auto", budget, "2"] for budget in ("1x", "3x")),
    ]
    assert "% forward" in out
    manifest = read_manifest(tmp_path / "r")
    _, best_of_n, wide = manifest["searches"]
    assert (wide["name"], wide["settings"]["width"], best_of_n["settings"]["wave"]) == ("astar", 12, 1)
    assert (manifest["task"]["split"], manifest["unit_from"]) == ("dev", {"split": "dev", "problems": 32})
    assert manifest["verifier"] != "none", "the model's own"
    assert manifest["model"]["parameters"] > 0
    assert len(manifest["model"]["sha256"]) == 64
    assert str(tmp_path) not in json.dumps(manifest), "nothing of this machine's folders"
    assert {row["kind"] for row in manifest["task"]["baselines"]} == {"computed"}
    assert len(list((tmp_path / "r" / "trees").iterdir())) == 6

    lines = (tmp_path / "r" / "problems.jsonl").read_text()
    (tmp_path / "r" / "problems.jsonl").write_text(lines[:-100])
    code, out, err = qstar("bench", "--resume", "r", "--quiet")
    assert code == 0, err
    points = [[p["graded"] for p in json.loads(line)["points"]] for line in lines.splitlines()]
    assert [[p["graded"] for p in line["points"]] for line in read_lines(tmp_path / "r")] == points

    code, _, err = qstar(*command, "--seeds", "2")
    assert code == 2
    assert "was begun with searches" in err


def test_gold_on_the_command_line(qstar):
    assert qstar("bench", "game24", "--gold", "--limit", "3") == (
        0,
        "game24: 3 of 3 gold solutions are graded right\n",
        "",
    )
    code, out, _ = qstar("bench", "words", "--gold", "damaged", "--limit", "3")
    assert (code, out) == (0, "words: 0 of 3 damaged solutions are graded right\n")


def test_gold_that_fails_is_an_exit_code(qstar, tmp_path):
    row = {"problem": "1+1?", "solution": "It is $\\boxed{3}$.", "answer": "2", "id": "a"}
    (tmp_path / "own.jsonl").write_text(json.dumps(row))
    code, _, err = qstar("bench", "math-500", "--gold", "--data", "own.jsonl")
    assert code == 1
    assert "not as they should be: a" in err


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("bench",), "name a task, or a run to --resume"),
        (("bench", "gsm9k"), "no task named 'gsm9k'; there is words, countdown"),
        (("bench", "game24", "svamp"), "one task at a time: game24, or svamp?"),
        (("bench", "game24", "--gold", "silver"), "takes right or damaged, not 'silver'"),
        (("bench", "game24", "--search", "dfs"), "no search named 'dfs'; there is greedy"),
        (("bench", "game24", "--search", "greedy,greedy"), "each once"),
        (("bench", "game24", "--set", "depth=3"), "has the setting 'depth'"),
        (("bench", "game24", "--set", "mcts.width=x", "--search", "mcts"), "width takes a whole number"),
        (("bench", "game24", "--budget", "4096"), "like 16x, not '4096'"),
        (("bench", "game24", "--select", "best"), "no selector named 'best'"),
        (("bench", "game24", "--verifier", "magic"), "no verifier named 'magic'"),
        (("bench", "gsm8k", "--data", "nowhere.jsonl"), "nowhere.jsonl does not exist"),
        (("bench", "--resume", "nowhere"), "nowhere is no run of qstar bench"),
    ],
)
def test_what_is_given_wrongly_is_named(qstar, args, message):
    code, out, err = qstar(*args)
    assert (code, out) == (2, "")
    assert message in err
    assert len(err.splitlines()) == 1
