"""A search that is killed goes on to the tree of an undisturbed one."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time

import pytest
import torch
from tiny import forked, save

from qstar import Budget, JournalMismatch, Problem, Solver, resume
from qstar.cli import main
from qstar.session import Journal

torch.set_num_threads(1)
PROBLEM = Problem("Say something", "p")
SEARCHES = {
    "astar": ["--search", "astar", "--set", "width=4"],
    "astar-step": ["--search", "astar", "--set", "unit=step", "--delimiter", "a", "--set", "width=3"],
    "mcts": ["--search", "mcts", "--set", "width=3", "--set", "noise=0.25"],
    "best-of-n": ["--search", "best-of-n", "--set", "wave=8"],
}


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return save(tmp_path_factory.mktemp("model"))


def options(model, search, run):
    given = ["--model", str(model), "--budget", "400", "--deterministic", "--max-new-tokens", "40", "--run", str(run)]
    return ["solve", PROBLEM.prompt, *SEARCHES[search], *given]


def command(*args):
    """In this process; its exit code."""
    sys.argv = ["qstar", *args]
    try:
        main()
    except SystemExit as end:
        return end.code or 0
    return 0


def outcome(run):
    """All that an undisturbed run and a resumed one have in common."""
    tree, result = (json.loads((run / name).read_text()) for name in ("tree.json", "result.json"))
    for field in ("seconds", "resumed"):
        result["ledger"].pop(field)
    result.pop("finished_at")
    return tree, result


def lines(run):
    journal = run / "journal.jsonl"
    return journal.read_bytes().count(b"\n") if journal.exists() else 0


def kill_at(pid, run, entries):
    """SIGKILL once the journal holds so many lines; False if the search was over before."""
    deadline = time.monotonic() + 60
    while lines(run) < entries:
        assert time.monotonic() < deadline
        if os.waitpid(pid, os.WNOHANG)[0]:
            return False
        time.sleep(0.001)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return True


@pytest.mark.parametrize("search", SEARCHES)
def test_kill_minus_nine_at_several_moments(search, model, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", [])
    whole = tmp_path / "whole"
    assert command(*options(model, search, whole)) in (0, 1)
    expected, length = outcome(whole), lines(whole)
    assert length > 8
    assert expected[1]["answers_found"] > 0
    killed = 0
    for i, moment in enumerate((1, length // 4, length // 2)):
        run = tmp_path / str(i)
        killed += kill_at(forked(options(model, search, run), tmp_path / "o"), run, moment)
        left = lines(run)
        assert command("resume", str(run)) in (0, 1)
        assert outcome(run) == expected, f"killed at line {left} of {length}"
    assert killed >= 2


def test_a_real_process_killed_twice(model, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", [])
    whole, run = tmp_path / "whole", tmp_path / "run"
    command(*options(model, "mcts", whole))
    script = "from qstar.cli import main; main()"
    alike = {**os.environ, "OMP_NUM_THREADS": "1"}  # sums over several threads differ in their last bits on some CPUs
    asked = [sys.executable, "-c", script, *options(model, "mcts", run)]
    started = subprocess.Popen(asked, stdout=subprocess.DEVNULL, env=alike)
    deadline = time.monotonic() + 100
    while lines(run) < 5 and started.poll() is None and time.monotonic() < deadline:
        time.sleep(0.005)
    started.kill()
    started.wait()
    before = lines(run)
    assert before >= 5
    assert kill_at(forked(["resume", str(run)], tmp_path / "o"), run, before + 5)
    assert lines(run) >= before + 5
    assert not (run / "result.json").exists()
    command("resume", str(run))
    assert outcome(run) == outcome(whole)
    assert (run / "journal.jsonl").read_bytes() == (whole / "journal.jsonl").read_bytes()


def test_a_torn_tail_of_the_journal(model, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", [])
    whole = tmp_path / "whole"
    command(*options(model, "astar", whole))
    raw = (whole / "journal.jsonl").read_bytes()
    for cut in (len(raw) // 3, len(raw) * 2 // 3, len(raw) - 2):
        run = tmp_path / str(cut)
        run.mkdir()
        (run / "journal.jsonl").write_bytes(raw[:cut])
        command("resume", str(run))
        assert outcome(run) == outcome(whole)
    damaged = tmp_path / "damaged"
    damaged.mkdir()
    (damaged / "journal.jsonl").write_bytes(raw[:400].replace(b"\n", b"") + b"\n")
    capsys.readouterr()
    assert command("resume", str(damaged)) == 2
    assert "damaged" in capsys.readouterr().err


@pytest.fixture(scope="module")
def cut_run(model, tmp_path_factory):
    """A run of best-of-n of which half is left."""
    run = tmp_path_factory.mktemp("cut") / "run"
    Solver.from_pretrained(model, **settings()).solve(PROBLEM, run=run)
    journal = run / "journal.jsonl"
    kept = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join(kept[: len(kept) // 2]))
    (run / "result.json").unlink()
    return run


def settings(**changes):
    from qstar import BestOfN

    return {"search": BestOfN(12, wave=4), "budget": Budget(tokens=400), "deterministic": True, **changes}


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"seed": 1}, "seed 0, not 1"),
        ({"budget": Budget(tokens=401)}, "budget"),
        ({"verifier": "math-steps"}, "verifier none, not math-steps"),
        ({"stop_on_pass": False}, "stop_on_pass"),
        ({"deterministic": False}, "engine"),
        ({"select": "q"}, "select"),
    ],
)
def test_changed_settings_are_named(changes, named, cut_run, model, tmp_path):
    run = shutil.copytree(cut_run, tmp_path / "run")
    before = (run / "journal.jsonl").read_bytes()
    with pytest.raises(JournalMismatch, match=f"begun with .*{named}"):
        Solver.from_pretrained(model, **settings(**changes)).solve(PROBLEM, run=run, resume=True)
    assert (run / "journal.jsonl").read_bytes() == before
    with pytest.raises(JournalMismatch, match="problem"):
        Solver.from_pretrained(model, **settings()).solve("Another one", run=run, resume=True)
    assert Solver.from_pretrained(model, **settings()).solve(PROBLEM, run=run, resume=True).error is None


def test_another_model_in_the_same_place_is_noticed(cut_run, tmp_path):
    """The journal records what was asked, not the weights: a reply that leads elsewhere is a mismatch."""
    run = shutil.copytree(cut_run, tmp_path / "run")
    journal = run / "journal.jsonl"
    header, *entries = (json.loads(line) for line in journal.read_text().splitlines())
    entries[0]["answered"][0]["digest"] = "0" * 16
    journal.write_text("".join(json.dumps(line) + "\n" for line in (header, *entries)))
    with pytest.raises(JournalMismatch, match="resume with the settings"):
        resume(run)


def test_a_run_is_resumed_from_any_folder_and_with_everything_it_was_begun_with(model, tmp_path, monkeypatch):
    monkeypatch.chdir(model.parent)
    given = settings(kv_cap_gb=0.5, dtype="bfloat16", select="majority", verifier="math-steps")
    run = tmp_path / "run"
    first = Solver.from_pretrained(model.name, **given).solve(PROBLEM, run=run)
    (run / "result.json").unlink()
    monkeypatch.chdir("/")
    again = resume(run)
    assert again.tree.to_json() == first.tree.to_json()
    header = Journal.read(run / "journal.jsonl")[0]["settings"]
    assert (header["engine"]["dtype"], header["select"], header["verifier"]) == ("bfloat16", "majority", "math-steps")


def test_parts_of_ones_own_have_to_be_given_again(model, tmp_path):
    class Mine:
        def search(self, tree, rng):
            from qstar import GREEDY, Expand, Unit

            yield Expand((0,), 1, Unit.ANSWER, GREEDY)

    for name, part in {"verifier": lambda problem, text: 0.5, "select": lambda answers: None, "search": Mine()}.items():
        run = tmp_path / name
        Solver.from_pretrained(model, **settings(**{name: part})).solve(PROBLEM, run=run)
        (run / "result.json").unlink()
        with pytest.raises(ValueError, match=r"give it again|pass search="):
            resume(run)
        assert resume(run, **{name: part}).error is None


def test_the_result_of_an_ended_run_is_the_same(model, tmp_path):
    first = Solver.from_pretrained(model, **settings()).solve(PROBLEM, run=tmp_path / "run")
    again = resume(tmp_path / "run")
    assert again.to_json() == first.to_json()
    assert (again.steps, repr(again.chosen)) == (first.steps, repr(first.chosen))
    assert again.tree.to_json() == first.tree.to_json()
    (tmp_path / "run" / "tree.json").write_text("{}")
    with pytest.raises(ValueError, match="damaged"):
        resume(tmp_path / "run")
