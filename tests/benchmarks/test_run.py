"""A run in its folder: what is recorded, what is read off, and how it goes on after being killed."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import sys
from pathlib import Path

import pytest
import torch

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.folder import BenchLocked, BenchMismatch, multiple, printed, read_lines, read_manifest, table
from benchmarks.run import Bench, Plan, Search
from benchmarks.tasks import TASKS
from qstar import AStar, BestOfN, Budget, Greedy, Problem, Sampling, ScriptedEngine, Solver, Tree, Unit
from qstar.engine.base import Stops

torch.set_num_threads(1)
GREEDY, SAMPLES, STEPS = Search("greedy", Greedy()), Search("best-of-n", BestOfN(wave=1)), Search("astar", AStar())
STEPS = Search("astar", AStar(unit=Unit.STEP, width=4, sampling=Sampling(1.0)))
ROWS = [
    {"question": f"What is {a}+{b}?", "answer": f"#### {a + b}", "id": f"{a}+{b}"} for a in (1, 2, 3) for b in (4, 5)
]


@pytest.fixture
def items(tmp_path):
    """Six sums."""
    file = tmp_path / "sums.jsonl"
    file.write_text("\n".join(map(json.dumps, ROWS)))
    return TASKS["gsm8k"].items(data=str(file))


def said(problem: Problem) -> dict[str, float]:
    """Right two times in seven; the likeliest text is wrong."""
    a, b = int(problem.prompt[8]), int(problem.prompt[10])
    return {f"{a}+{b}={n}\n#### {n}": weight for n, weight in ((a + b, 2.0), (a + b + 1, 3.0), (a + b + 10, 2.0))}


def engine(script=said, q=None):
    return ScriptedEngine(script, q=q, stops=Stops(frozenset([ScriptedEngine.EOS]), max_new_tokens=100))


def bench(folder, items, *searches, solver=None, **plan):
    plan = {"budgets": ("1x", "4x", "16x"), "in_flight": 3, **plan}
    solver = solver or Solver(engine())
    return Bench(folder, TASKS["gsm8k"], items, solver, Plan(searches or (GREEDY, SAMPLES), **plan))


def by_key(folder):
    return {(line["search"], line["seed"], line["id"], line["run_budget"]): line for line in read_lines(folder)}


def timeless(line):
    """A line without its clocks, as plain data."""
    points = [{k: x for k, x in point.items() if k != "seconds"} for point in line["points"]]
    ledger = {k: x for k, x in line["ledger"].items() if k != "seconds"}
    return {k: x for k, x in {**line, "points": points, "ledger": ledger}.items() if k != "seconds"}


# -- what is recorded -----------------------------------------------------------------------------------------------


def test_a_run_says_what_it_was(items, tmp_path):
    folder = bench(tmp_path / "r", items, seeds=2, selects=("auto", "majority")).run()
    manifest = read_manifest(folder)
    assert manifest["task"]["problems"] == 6
    assert (manifest["selects"], manifest["budgets"], manifest["seeds"]) == (
        ["auto", "majority"],
        ["1x", "4x", "16x"],
        [0, 1],
    )
    assert [(s["label"], s["name"], s["seeds"]) for s in manifest["searches"]] == [
        ("greedy", "greedy", [0]),
        ("best-of-n", "best-of-n", [0, 1]),
    ]
    assert manifest["unit_tokens"] == len("1+4=6\n#### 6") + 1, "median greedy completion, its end included"
    assert (manifest["verifier"], manifest["oracle"], manifest["unit_from"]["problems"]) == ("none", False, 6)
    lines = by_key(folder)
    assert len(lines) == 6 + 12
    assert len((folder / "problems.jsonl").read_text().splitlines()) == 18
    greedy = lines["greedy", 0, "1+4", None]
    assert [(p["budget"], p["select"], p["graded"], p["found"]) for p in greedy["points"]] == [
        ("1x", "auto", False, False),
        ("1x", "majority", False, False),
    ]
    assert greedy["points"][0]["tokens"] == greedy["ledger"]["total"] == greedy["prompt_tokens"] + 12
    totals = json.loads((folder / "totals.json").read_text())
    assert totals["complete"]
    assert set(totals["searches"]) == {"greedy", "best-of-n"}
    parts = sum(totals[f"{name}_seconds"] for name in ("forward", "verifier", "grading", "rest"))
    assert totals["seconds"] == pytest.approx(parts)
    shared = sum(line["seconds"] for line in lines.values())
    assert 0.3 * totals["seconds"] < shared <= totals["seconds"], "the problems' shares add up to what was searched"


def test_points_grow_with_the_budget_and_keep_to_it(items, tmp_path):
    folder = bench(tmp_path / "r", items, SAMPLES, selects=("majority",)).run()
    unit = read_manifest(folder)["unit_tokens"]
    found = []
    for line in read_lines(folder):
        for point in line["points"]:
            cap = line["prompt_tokens"] + round(multiple(point["budget"]) * unit)
            assert point["tokens"] <= min(cap, line["ledger"]["total"])
            assert point["found"] == (line["solved_at"] is not None and line["solved_at"] <= cap)
            assert point["found"] or not point["graded"]
        counts = [point["answers"] for point in line["points"]]
        seconds = [point["seconds"] for point in line["points"]]
        assert counts == sorted(counts)
        assert seconds == sorted(seconds)
        assert seconds[-1] <= line["seconds"] + 1e-9
        found.append([point["found"] for point in line["points"]])
    assert [sum(column) for column in zip(*found)][-1] == 6, "nobody misses two of seven in sixteen draws or more"


def test_a_budget_read_off_is_the_budget_run(items, tmp_path):
    """Through the whole bench: the same answers, chosen alike, as `solve` with that budget."""
    solver = Solver(engine(), verifier=lambda problem, text: ("=" in text and None) or 0.5)
    folder = bench(
        tmp_path / "r", items[:3], SAMPLES, STEPS, solver=solver, selects=("majority", "auto"), budgets=("1x", "5x")
    ).run()
    unit, same = read_manifest(folder)["unit_tokens"], 0
    for line in read_lines(folder):
        search = next(s for s in (SAMPLES, STEPS) if s.label == line["search"])
        item = next(item for item in items if item.problem.id == line["id"])
        for point in line["points"]:
            own = Solver(
                engine(),
                verifier=solver.verifier,
                search=search.strategy,
                select=point["select"],
                budget=Budget(multiple=multiple(point["budget"]), unit=unit),
            ).solve(item.problem)
            if search is SAMPLES:
                assert point["answer"] == own.answer
                assert point["answers"] == sum(a.count for a in own.answers)
            assert point["distinct"] <= len({a.text for a in own.answers}), "never more than a run of its own"
            same += point["answer"] == own.answer
    assert same >= 0.9 * 2 * 3 * 2 * 2


def test_a_search_that_looks_at_its_budget_runs_once_for_each(items, tmp_path):
    waves = Search("waves", BestOfN(wave=8))
    folder = bench(tmp_path / "r", items, waves).run()
    assert not read_manifest(folder)["searches"][0]["read_off"]
    lines = by_key(folder)
    assert {key[3] for key in lines} == {"1x", "4x", "16x"}
    assert len(lines) == 18
    assert all([p["budget"] for p in line["points"]] == [key[3]] for key, line in lines.items())
    assert [(row.budget, row.problems) for row in table(folder)] == [("1x", 6), ("4x", 6), ("16x", 6)]


def test_selectors_differ_on_one_run(items, tmp_path):
    def q(problem, text):
        right = int(problem.prompt[8]) + int(problem.prompt[10])
        return 0.9 if text.endswith(f"#### {right}") else 0.1

    searches = (SAMPLES,)
    folder = bench(
        tmp_path / "r", items, *searches, solver=Solver(engine(q=q)), selects=("majority", "q"), budgets=("64x",)
    ).run()
    rows = {row.select: row for row in table(folder)}
    assert rows["q"].accuracy == rows["q"].found == 1.0
    assert rows["majority"].accuracy < 0.5, "the likeliest text is wrong"
    assert len(read_lines(folder)) == 6, "one run for both"


def test_what_a_verifier_passes_ends_a_problem_and_its_time_is_counted(items, tmp_path):
    golds = {item.problem.id: item.reference.answer for item in items}

    class Exact:
        prefixes = True

        def __call__(self, problem, text):
            return text.endswith(f"#### {golds[problem.id]}")

        def prefix(self, problem, text):
            return 0.5

    folder = bench(tmp_path / "r", items, SAMPLES, solver=Solver(engine(), verifier=Exact()), budgets=("64x",)).run()
    lines = read_lines(folder)
    assert {line["stop_reason"] for line in lines} == {"verified"}
    assert all(line["solved_at"] == line["ledger"]["total"] for line in lines)
    totals = json.loads((folder / "totals.json").read_text())
    assert totals["verifier_seconds"] > 0
    assert totals["forward_seconds"] > 0
    assert "Exact" in read_manifest(folder)["verifier"]


def test_errors_are_lines(items, tmp_path):
    def raises(problem, text):
        if problem.id == "2+4":
            raise RuntimeError("no")
        return 0.5

    folder = bench(tmp_path / "r", items, SAMPLES, solver=Solver(engine(), verifier=raises), budgets=("4x",)).run()
    errors = {line["id"]: line["error"] for line in read_lines(folder) if line["error"]}
    assert list(errors) == ["2+4"]
    assert "the verifier raised RuntimeError: no" in errors["2+4"]
    assert [row.errors for row in table(folder)] == [1]
    assert table(folder)[0].problems == 6


def test_trees_on_demand(items, tmp_path):
    folder = bench(tmp_path / "r", items, GREEDY, trees=True).run()
    trees = sorted((folder / "trees").iterdir())
    assert len(trees) == 6
    assert trees[0].name == "1_4.greedy.0.json"
    assert Tree.load(trees[0]).problem_id == "1+4"
    assert not (bench(tmp_path / "s", items, GREEDY).run() / "trees").exists()


def test_the_unit_is_measured_on_development_problems(items, tmp_path):
    long = [type(i)(Problem("What is 1+1? " + "x" * 9, f"d{n}"), i.reference, "") for n, i in enumerate(items[:3])]
    solver = Solver(engine(lambda problem: {"y" * 49: 1.0} if problem.id.startswith("d") else said(problem)))
    plan = Plan((SAMPLES,), budgets=("2x",))
    folder = Bench(tmp_path / "r", TASKS["gsm8k"], items, solver, plan, dev=long).run()
    manifest = read_manifest(folder)
    assert (manifest["unit_tokens"], manifest["unit_from"]) == (50, {"split": "dev", "problems": 3})
    assert {line["ledger"]["cap"] - line["prompt_tokens"] for line in read_lines(folder)} == {100}


def test_the_table_reads_as_text(items, tmp_path):
    text = printed(table(bench(tmp_path / "r", items, selects=("auto",)).run()))
    head, *rows = text.splitlines()
    assert head.split() == [
        "search",
        "select",
        "budget",
        "problems",
        "accuracy",
        "pass@budget",
        "tokens",
        "seconds",
        "errors",
    ]
    assert [row.split()[:4] for row in rows] == [
        ["greedy", "auto", "1x", "6"],
        *(["best-of-n", "auto", budget, "6"] for budget in ("1x", "4x", "16x")),
    ]


# -- killed and resumed ---------------------------------------------------------------------------------------------


def killed_after(folder, items, calls):
    """Runs in a process that is killed, without warning, at the so-many-th call of its verifier."""
    pid = os.fork()
    if pid == 0:
        left = [calls]

        def verifier(problem, text):
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return 0.5

        bench(folder, items, solver=Solver(engine(), verifier=verifier)).run()
        os._exit(0)
    _, status = os.waitpid(pid, 0)
    return os.WIFSIGNALED(status)


def verifier(problem, text):
    return 0.5


@pytest.fixture(autouse=True)
def _same_name(monkeypatch):
    """The verifiers of these tests are closures; what tells runs apart is not their names."""
    monkeypatch.setattr("benchmarks.run.named", lambda part: part and getattr(part, "__name__", type(part).__name__))


def test_killed_at_any_moment_it_goes_on(items, tmp_path):
    whole = by_key(bench(tmp_path / "whole", items, solver=Solver(engine(), verifier=verifier)).run())
    kills = 0
    for calls in (1, 7, 8, 14, 25):
        folder = tmp_path / f"killed{calls}"
        kills += killed_after(folder, items, calls)
        before = by_key(folder) if (folder / "manifest.json").exists() else {}
        again = bench(folder, items, solver=Solver(engine(), verifier=verifier)).run()
        after = by_key(again)
        assert {key: timeless(line) for key, line in after.items()} == {k: timeless(x) for k, x in whole.items()}
        assert all(after[key] == line for key, line in before.items()), "what was done is not done again"
        assert json.loads((again / "totals.json").read_text())["complete"]
    assert kills >= 4


def test_a_torn_line_is_done_again(items, tmp_path):
    folder = bench(tmp_path / "r", items).run()
    file = folder / "problems.jsonl"
    whole = file.read_bytes()
    file.write_bytes(whole[:-40])
    assert len(read_lines(folder)) == 11, "as a reader sees it"
    bench(folder, items).run()
    lines = [timeless(json.loads(line)) for line in whole.splitlines()]
    assert [timeless(line) for line in read_lines(folder)] == lines


def test_damage_in_the_middle_is_named(items, tmp_path):
    folder = bench(tmp_path / "r", items).run()
    file = folder / "problems.jsonl"
    file.write_text(file.read_text().replace('{"search"', "{", 1))
    with pytest.raises(ValueError, match=r"problems.jsonl, line 1 is damaged .* remove it, and resume"):
        bench(folder, items).run()


def test_a_run_that_has_ended_stays_as_it_is(items, tmp_path):
    folder = bench(tmp_path / "r", items).run()
    before = (folder / "problems.jsonl").read_bytes(), (folder / "manifest.json").read_bytes()
    bench(folder, items).run()
    assert ((folder / "problems.jsonl").read_bytes(), (folder / "manifest.json").read_bytes()) == before


def test_ctrl_c_keeps_what_is_done(items, tmp_path):
    lines = tmp_path / "r" / "problems.jsonl"

    def pressed(problem, text):
        if lines.exists() and len(lines.read_text().splitlines()) >= 8:
            raise KeyboardInterrupt
        return 0.5

    pressed.__name__ = "verifier"
    with pytest.raises(KeyboardInterrupt):
        bench(tmp_path / "r", items, solver=Solver(engine(), verifier=pressed), in_flight=1).run()
    assert 8 <= len(read_lines(tmp_path / "r")) < 12
    assert not any(line["stop_reason"] == "interrupted" for line in read_lines(tmp_path / "r"))
    bench(tmp_path / "r", items, solver=Solver(engine(), verifier=verifier)).run()
    assert len(by_key(tmp_path / "r")) == 12


def test_other_settings_are_refused_by_name(items, tmp_path):
    folder = bench(tmp_path / "r", items, SAMPLES).run()
    for changed, message in (
        ({"seeds": 2}, r"begun with searches .*\[0\].*, not .*\[0, 1\]"),
        ({"selects": ("majority",)}, r'begun with selects \["auto"\], not \["majority"\]'),
        ({"budgets": ("1x", "64x")}, r'begun with budgets \["1x", "4x", "16x"\], not \["1x", "64x"\]'),
    ):
        with pytest.raises(BenchMismatch, match=message):
            bench(folder, items, SAMPLES, **changed).run()
    with pytest.raises(BenchMismatch, match=r'begun with searches .*"wave": 1.* not .*"n": 5'):
        bench(folder, items, Search("best-of-n", BestOfN(5, wave=1))).run()
    with pytest.raises(BenchMismatch, match=r'begun with task sha256 ".*", not '):
        bench(folder, items[:5], SAMPLES).run()
    with pytest.raises(BenchMismatch, match="begun with verifier"):
        bench(folder, items, SAMPLES, solver=Solver(engine(), verifier=verifier)).run()
    with pytest.raises(BenchMismatch, match="begun with stop_on_pass true, not false"):
        bench(folder, items, SAMPLES, solver=Solver(engine(), stop_on_pass=False)).run()


def test_two_runs_keep_out_of_each_others_way(items, tmp_path):
    folder = bench(tmp_path / "r", items, GREEDY).run()
    before = (folder / "problems.jsonl").read_bytes()
    with (folder / "lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(BenchLocked, match=rf"another run works in .* \(process {os.getpid()}\)"):
            bench(folder, items, GREEDY).run()
    assert (folder / "problems.jsonl").read_bytes() == before
    bench(folder, items, GREEDY).run()


def test_folders_that_are_no_runs(items, tmp_path):
    with pytest.raises(FileNotFoundError, match=r"is no run of qstar bench: there is no manifest.json"):
        read_manifest(tmp_path)
    (tmp_path / "manifest.json").write_text('{"format": "other"}')
    with pytest.raises(ValueError, match="is no manifest of qstar bench"):
        read_manifest(tmp_path)
    (tmp_path / "manifest.json").write_text('{"format": "qstar-bench", "version": 99}')
    with pytest.raises(ValueError, match="version 99, this qstar reads 1"):
        read_manifest(tmp_path)
    (tmp_path / "manifest.json").write_text("{")
    with pytest.raises(ValueError, match="is damaged"):
        read_manifest(tmp_path)
    own = tmp_path / "own"
    own.mkdir()
    (own / "thesis.tex").write_text("precious")
    with pytest.raises(FileExistsError, match="holds something else than a run"):
        bench(own, items).run()


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        ({"searches": ()}, "name one or more searches"),
        ({"searches": (GREEDY, GREEDY)}, "each once, not greedy, greedy"),
        ({"selects": ("best",)}, "no selector named 'best'"),
        ({"selects": ()}, "at least one selector"),
        ({"budgets": ("4x", "1x")}, "ascending order, not 4x, 1x"),
        ({"budgets": ("4096",)}, "like 16x, not '4096'"),
        ({"seeds": 0}, "at least 1, not 0"),
        ({"in_flight": 0}, "at least 1, not 1 and 0"),
    ],
)
def test_plans_that_make_no_sense(plan, message):
    with pytest.raises(ValueError, match=message):
        Plan(**{"searches": (GREEDY,), **plan})
