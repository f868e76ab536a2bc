"""Grading a file of samples."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from verifiers.code.cli import InputError, main, run


def write(path: Path, rows: list[Any]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


RIGHT, WRONG = "def f(x): return x + 1", "def f(x): return x"
TEST = {"tests": ["assert f(1) == 2"]}


def test_samples_are_graded_with_pass_at_k(tmp_path: Path) -> None:
    samples = [
        {"task_id": t, "program": p, **TEST}
        for t, ps in {"a": [RIGHT, WRONG, WRONG], "b": [WRONG] * 3}.items()
        for p in ps
    ]
    summary = run(write(tmp_path / "in", samples), tmp_path / "out", k=[1, 2, 5], progress=False)
    assert summary["samples"] == 6
    assert summary["passed"] == 1
    assert summary["verdicts"] == {"pass": 1, "wrong answer": 5}
    assert summary["pass@k"] == pytest.approx({"pass@1": (1 / 3) / 2, "pass@2": (2 / 3) / 2})
    graded = [json.loads(line) for line in (tmp_path / "out").read_text().splitlines()]
    assert [row["passed"] for row in graded] == [True] + [False] * 5
    assert graded[1]["program"] == WRONG
    assert graded[1]["report"]["tests"][0]["verdict"] == "wrong answer"
    assert graded[1]["report"]["isolation"] == summary["isolation"]


def test_forms_of_rows(tmp_path: Path) -> None:
    prompt = 'import math\n\ndef f(x):\n    """ Add one. """\n'
    check = "def check(candidate):\n    assert math.isclose(candidate(1), 2)"
    rows = [
        {"task_id": "H/0", "completion": "    return x + 1\n"},
        {"task_id": "H/0", "solution": prompt + "    return x + 1\n"},
        {"task_id": "H/0", "solution": f"```python\n{RIGHT}\n```"},
        {"program": RIGHT, "test_list": ["assert f(y) == 2"], "test_setup_code": "y = 1"},
        {"program": "print(int(input()) + 1)", "tests": [{"input": "1", "output": "2"}]},
        {"program": RIGHT, "tests": [{"input": [1], "output": 2}], "entry_point": "f"},
        {"program": RIGHT, "prompt": "Write a function.", "tests": ["assert f(1) == 2"], "entry_point": "f"},
    ]
    problems = write(tmp_path / "problems", [{"task_id": "H/0", "prompt": prompt, "test": check, "entry_point": "f"}])
    summary = run(write(tmp_path / "in", rows), problems_path=problems, progress=False)
    assert summary["passed"] == len(rows), summary


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "no such file"),
        ("", "empty"),
        ("\n\n", "empty"),
        ('{"program": ""}\n{"x"\n', "line 2: not valid JSON"),
        ("[1]\n", "line 1: a JSON object was expected"),
        ('{"tests": ["assert 1"]}\n', "line 1: no program"),
        ('{"program": ""}\n', "line 1: no tests"),
        ('{"program": "", "tests": ["assert ("]}\n', "line 1"),
        ('{"program": "", "tests": [{"input": [1], "output": 1}]}\n', "line 1: entry_point is needed"),
        (b"\xff\xfe", "UTF-8"),
    ],
    ids=repr,
)
def test_errors_name_the_file_and_the_remedy(tmp_path: Path, content: Any, words: str) -> None:
    path = tmp_path / "in"
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError, match=words) as caught:
        run(path, progress=False)
    assert str(path) in str(caught.value)


def test_a_test_that_cannot_be_run_stops_nothing(tmp_path: Path) -> None:
    rows = [{"program": RIGHT, "tests": ["assert f(object())"]}, {"program": RIGHT, **TEST}]
    summary = run(write(tmp_path / "in", rows), tmp_path / "out", k=[1], progress=False)
    assert summary["verdicts"] == {"test error": 1, "pass": 1}
    assert summary["pass@k"] == {"pass@1": 1.0}
    first, second = (json.loads(line) for line in (tmp_path / "out").read_text().splitlines())
    assert first["passed"] is None
    assert "plain data" in first["error"]
    assert second["passed"]


def test_an_output_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        run(write(tmp_path / "in", [{"program": RIGHT, **TEST}]), tmp_path / "no" / "out", progress=False)


def test_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    samples = write(tmp_path / "in", [{"program": RIGHT, **TEST}])
    assert main([str(samples), "-o", str(tmp_path / "out"), "-k", "1"]) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out)["pass@k"] == {"pass@1": 1.0}
    assert main([str(tmp_path / "other")]) == 2
    assert "no such file" in capsys.readouterr().err


def test_as_a_module(tmp_path: Path) -> None:
    samples = write(tmp_path / "in", [{"program": RIGHT, **TEST}])
    command = [sys.executable, "-m", "verifiers.code", str(samples), "-o", str(tmp_path / "out")]
    done = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[3])
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["passed"] == 1
    assert "sample" in done.stderr  # the progress bar
