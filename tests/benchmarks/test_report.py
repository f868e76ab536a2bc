"""`qstar report` on run folders made here: its numbers by hand, damaged folders, hostile text."""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from html.parser import HTMLParser
from statistics import fmean

import numpy as np
import pytest
from runfolder import PROMPT, UNIT, line, manifest, point, random_run, write

from benchmarks import page, plots, tables
from benchmarks.read import RunError, read, read_all
from benchmarks.report import Settings, analyse
from benchmarks.run import Bench, Plan, Search
from benchmarks.statistics import Bootstrap, mcnemar
from benchmarks.tasks import TASKS
from qstar import BestOfN, Greedy, ScriptedEngine, Solver
from qstar.cli import main

EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>\x1b[31m|`$x$\u202ex"
QUICK = Settings(bootstrap=Bootstrap(draws=200))


def both(problem, best, astar, seed=0, **changes):
    """Lines of a problem under both searches; `best` and `astar` are right or not at 1x and at 4x."""
    lines = []
    for search, right in (("best-of-n", best), ("astar", astar)):
        points = [point(s, b, r) for s in ("majority", "q") for b, r in zip(("1x", "4x"), right)]
        lines.append(line(search, problem, points, seed, **changes))
    return lines


@pytest.fixture
def small(tmp_path):
    """Three problems: astar has all at 4x, best-of-n one."""
    lines = [*both("a", (0, 0), (0, 1)), *both("b", (0, 1), (1, 1)), *both("c", (0, 0), (0, 1))]
    return write(tmp_path / "small", manifest(), lines, {"seconds": 10, "forward_seconds": 8, "verifier_seconds": 1})


@pytest.fixture
def qstar(monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)

    def run(*args):
        monkeypatch.setattr(sys, "argv", ["qstar", "report", *map(str, args)])
        try:
            main()
        except SystemExit as end:
            return (end.code or 0, *capsys.readouterr())
        return (0, *capsys.readouterr())

    return run


def rows_of(report, task=0):
    return {(row.search, row.select, row.budget): row for row in report.tasks[task].rows}


# Numbers


def test_rows_by_hand(small):
    rows = rows_of(analyse([read(small)]))
    assert list(rows) == [(s, c, b) for s in ("best-of-n", "astar") for c in ("majority", "q") for b in ("1x", "4x")]
    row = rows["best-of-n", "majority", "4x"]
    assert row.accuracy.value == row.found.value == pytest.approx(1 / 3)
    assert (row.tokens, row.flops, row.answers) == (PROMPT + 4 * UNIT, 1000.0 * (PROMPT + 4 * UNIT), 2)
    assert (row.problems, row.seeds, dict(row.errors)) == (3, 1, {})
    assert rows["astar", "q", "4x"].accuracy.value == 1.0
    assert rows["astar", "q", "4x"].accuracy.low == pytest.approx(0.025 ** (1 / 3))


def test_found_and_selected_are_told_apart(tmp_path):
    lines = [
        line("astar", name, [point("q", "1x", graded, found=True)]) for name, graded in (("a", True), ("b", False))
    ]
    row = analyse([read(write(tmp_path / "run", manifest(), lines))], QUICK).tasks[0].rows[0]
    assert (row.accuracy.value, row.found.value) == (0.5, 1.0)


def test_seeds_are_averaged_within_a_problem(tmp_path):
    lines = [line("astar", "a", [point("q", "1x", right)], seed) for seed, right in enumerate((1, 1, 0))]
    lines += [line("astar", "b", [point("q", "1x", False)], seed) for seed in range(3)]
    row = analyse([read(write(tmp_path / "run", manifest(seeds=[0, 1, 2]), lines))], QUICK).tasks[0].rows[0]
    assert row.accuracy.value == pytest.approx((2 / 3 + 0) / 2)
    assert (row.problems, row.seeds) == (2, 3)


def test_default_comparisons_are_with_best_of_n_of_the_same_select_and_budget(small):
    found = {(c.a, c.b): c for c in analyse([read(small)]).tasks[0].comparisons}
    assert [b for a, b in found if a == "astar q 4x"] == ["best-of-n majority 4x", "best-of-n q 4x"]
    assert [b for a, b in found if a == "astar majority 1x"] == ["best-of-n majority 1x"]
    assert [b for a, b in found if a == "best-of-n q 4x"] == ["best-of-n majority 4x"]
    assert [b for a, b in found if a == "best-of-n majority 4x"] == []
    c = found["astar q 4x", "best-of-n q 4x"]
    assert (c.better, c.worse, c.problems, c.tokens_ratio) == (2, 0, 3, 1.0)
    assert c.difference.value == pytest.approx(2 / 3)
    assert c.p == mcnemar(2, 0) == 0.5
    assert c.p_holm == 1.0


def test_pairs_are_on_the_same_problems_only(tmp_path):
    lines = [line("best-of-n", p, [point("q", "1x", r)]) for p, r in zip("abcd", (0, 0, 1, 1))]
    lines += [line("astar", p, [point("q", "1x", r)]) for p, r in zip("bc", (1, 1))]
    task = analyse([read(write(tmp_path / "run", manifest(), lines))], QUICK).tasks[0]
    (c,) = task.comparisons
    assert c.tokens_ratio == 1.0
    assert (c.problems, c.better, c.worse, c.difference.value) == (2, 1, 0, 0.5)


@pytest.mark.parametrize(
    ("spec", "pairs"),
    [
        ("astar/q/4x,best-of-n/majority/4x", [("astar q 4x", "best-of-n majority 4x")]),
        ("astar/4x,astar/1x", [("astar majority 4x", "astar majority 1x"), ("astar q 4x", "astar q 1x")]),
        ("q/4x,majority/4x", [(f"{s} q 4x", f"{s} majority 4x") for s in ("best-of-n", "astar")]),
        ("astar/q,greedy", [("astar q 1x", "greedy 1x"), ("astar q 4x", "greedy 1x")]),
    ],
)
def test_chosen_comparisons(tmp_path, spec, pairs):
    searches = [{"label": label, "name": label} for label in ("greedy", "best-of-n", "astar")]
    lines = [line("greedy", p, [point(s, "1x", 1, answers=1) for s in ("majority", "q")]) for p in "ab"]
    lines += [*both("a", (0, 0), (0, 1)), *both("b", (0, 1), (1, 1))]
    run = read(write(tmp_path / "run", manifest(searches=searches), lines))
    report = analyse([run], Settings((spec,), bootstrap=Bootstrap(draws=200)))
    assert [(c.a, c.b) for c in report.tasks[0].comparisons] == pairs


def test_tokens_are_compared_on_the_same_problems(tmp_path):
    lines = [line("best-of-n", p, [point("q", "1x", 1, tokens=n)]) for p, n in zip("abc", (100, 200, 9000))]
    lines += [line("astar", p, [point("q", "1x", 1, tokens=n)]) for p, n in zip("ab", (50, 100))]
    (c,) = analyse([read(write(tmp_path / "run", manifest(), lines))], QUICK).tasks[0].comparisons
    assert c.tokens_ratio == 0.5


def test_the_summary_says_who_won_and_by_how_much(tmp_path, small):
    said = analyse([read(small)]).tasks[0].summary
    assert said.startswith(
        "The most are solved by astar majority 4x: 100.0% (95% interval 29.2 to 100.0) at 220 charged"
    )
    assert "66.7 points more than best-of-n majority 4x" in said
    lines = [*both("a", (1, 1), (0, 0)), *both("b", (0, 1), (0, 1))]
    said = analyse([read(write(tmp_path / "other", manifest(), lines))]).tasks[0].summary
    assert said.startswith("The most are solved by best-of-n majority 4x: 100.0%")
    assert "astar majority 4x solves 50.0 points fewer than best-of-n majority 4x" in said
    assert "which may be chance" in said


def test_all_pairs_at_equal_budget(small):
    report = analyse([read(small)], Settings(("all",), bootstrap=Bootstrap(draws=200)))
    assert len(report.tasks[0].comparisons) == 2 * 6
    assert all(c.a.split()[-1] == c.b.split()[-1] for c in report.tasks[0].comparisons)


@pytest.mark.parametrize(("spec", "said"), [("astar,beam", "there is .*astar/q/4x"), ("astar", "write two rows")])
def test_a_comparison_of_nothing_is_named(small, spec, said):
    with pytest.raises(ValueError, match=said):
        analyse([read(small)], Settings(("astar,best-of-n", spec)))


def test_greedy_has_one_row_and_every_search_is_held_against_it(tmp_path):
    report = analyse([read(random_run(tmp_path / "run", problems=20, seeds=2))], QUICK)
    assert [(r.select, r.budget) for r in report.tasks[0].rows if r.search == "greedy"] == [("-", "1x")]
    assert {c.a for c in report.tasks[0].comparisons if c.b == "greedy 1x"} == {
        f"{search} {select} 64x" for search in ("best-of-n", "astar", "mcts") for select in ("majority", "q-vote")
    }


# Equal tokens


def test_tokens_for_the_same_number_by_hand(tmp_path):
    """astar solves its problems after 10 and 30 tokens, best-of-n after 100 and 150; the prompt is 20."""
    lines = []
    for search, solved in (("best-of-n", (100, 150, None)), ("astar", (10, 30, None))):
        for problem, at in zip("abc", solved):
            points = [point("q", "4x", bool(at), tokens=PROMPT + 200)]
            lines.append(line(search, problem, points, solved_at=at and PROMPT + at))
    run = read(write(tmp_path / "run", manifest(), lines))
    report = analyse([run], Settings(targets=(1, 2, 3), bootstrap=Bootstrap(draws=200)))
    needed = {(n.search, n.target): n for n in report.tasks[0].needed}
    assert needed["best-of-n", 2].tokens.value == PROMPT + 150
    assert needed["astar", 2].tokens.value == PROMPT + 30
    assert needed["astar", 2].multiple == 30 / UNIT
    assert needed["astar", 2].ratio.value == pytest.approx(50 / 170)
    assert needed["astar", 1].ratio.value == pytest.approx(30 / 120)
    assert needed["astar", 3].tokens.value is None
    assert needed["astar", 3].ratio is None
    assert all(n.dated for n in needed.values())


def test_a_baseline_that_never_gets_there_bounds_the_ratio(tmp_path):
    lines = [line("best-of-n", p, [point("q", "4x", p == "a")], solved_at=70.0 if p == "a" else None) for p in "ab"]
    lines += [line("astar", p, [point("q", "4x", True)], solved_at=PROMPT + 50.0) for p in "ab"]
    report = analyse([read(write(tmp_path / "run", manifest(), lines))], Settings(targets=(2,)))
    need = next(n for n in report.tasks[0].needed if n.search == "astar")
    assert need.at_most
    assert need.ratio.value == pytest.approx((PROMPT + 50) / (PROMPT + 4 * UNIT))
    assert "< 0.32" in tables.text(report)


def test_without_dates_the_grid_of_budgets_is_the_measure(small):
    task = analyse([read(small)], Settings(targets=(1, 3))).tasks[0]
    needed = {(n.search, n.target): n for n in task.needed}
    assert needed["astar", 1].tokens.value == PROMPT + UNIT
    assert needed["astar", 3].tokens.value == PROMPT + 4 * UNIT
    assert needed["best-of-n", 3].tokens.value is None
    assert not needed["astar", 1].dated
    assert any("grid only" in note for note in task.notes)


# A run that the bench made


def test_a_run_of_the_bench_is_read_line_by_line(tmp_path):
    """Right and wrong solutions of equal chance, by the whole path from the engine to the tables."""
    task = TASKS["countdown"]
    items = task.items("dev", 4)
    texts = {item.problem.id: {item.solution: 0.5, task.damage(item): 0.5} for item in items}
    solver = Solver(ScriptedEngine(lambda problem: texts[problem.id]))
    searches = (Search("greedy", Greedy()), Search("n", BestOfN(n=None)), Search("two", BestOfN(n=2)))
    plan = Plan(searches, ("majority", "likelihood"), ("1x", "3x"), seeds=2)
    Bench(tmp_path / "run", task, items, solver, plan, dev=items[:1], split="dev", model={"name": "script"}).run()
    run = read(tmp_path / "run")
    assert run.unfinished is None
    assert run.done == run.expected
    report = analyse([run], QUICK)
    rows = rows_of(report)
    points = defaultdict(lambda: defaultdict(list))
    for entry in map(json.loads, (tmp_path / "run" / "problems.jsonl").read_text().splitlines()):
        for p in entry["points"]:
            key = entry["search"], "-" if entry["search"] == "greedy" else p["select"], p["budget"]
            points[key][entry["id"]].append(p)
    assert points.keys() == rows.keys()
    for key, row in rows.items():
        for name, value in (("graded", row.accuracy.value), ("found", row.found.value), ("tokens", row.tokens)):
            means = [fmean(p[name] for p in seeds) for seeds in points[key].values()]
            assert value == pytest.approx(fmean(means))
    assert rows["n", "majority", "3x"].found.value > 0
    assert {need.search for need in report.tasks[0].needed} == {"n", "two"}
    assert report.clocks[0].share is not None


# Several runs


def test_runs_with_other_seeds_are_one_search(tmp_path):
    first = write(tmp_path / "one", manifest(), both("a", (0, 1), (1, 1)))
    second = write(tmp_path / "two", manifest(seeds=[1]), both("a", (0, 0), (1, 1), seed=1))
    report = analyse(read_all([first, second]), QUICK)
    assert rows_of(report)["best-of-n", "q", "4x"].accuracy.value == 0.5
    assert rows_of(report)["best-of-n", "q", "4x"].seeds == 2


def test_the_same_label_with_other_settings_is_another_row(tmp_path):
    first = write(tmp_path / "one", manifest(), both("a", (0, 1), (1, 1)))
    second = write(tmp_path / "two", manifest(verifier="math"), both("a", (0, 0), (0, 0)))
    searches = {row.search for row in analyse(read_all([first, second]), QUICK).tasks[0].rows}
    assert searches == {"best-of-n", "astar", "best-of-n (two)", "astar (two)"}


def test_other_models_stand_side_by_side(tmp_path):
    first = write(tmp_path / "one", manifest(), both("a", (0, 1), (1, 1)))
    second = write(tmp_path / "two", manifest(model={"name": "large"}), both("a", (1, 1), (1, 1)))
    runs = read_all([first, second])
    task = analyse(runs, Settings(("large/best-of-n,small/best-of-n",), bootstrap=Bootstrap(draws=200))).tasks[0]
    assert {row.model for row in task.rows} == {"small", "large"}
    assert ("large best-of-n q 1x", "small best-of-n q 1x") in {(c.a, c.b) for c in task.comparisons}


def test_other_problems_are_another_task(tmp_path):
    task = manifest()["task"]
    first = write(tmp_path / "one", manifest(), both("a", (0, 1), (1, 1)))
    second = write(tmp_path / "two", manifest(task=task | {"sha256": "0" * 64}), both("a", (0, 1), (1, 1)))
    titles = [t.title for t in analyse(read_all([first, second]), QUICK).tasks]
    assert titles == ["words, test (abababab)", "words, test (00000000)"]


def test_a_search_that_runs_once_per_budget_has_a_line_for_each(tmp_path):
    lines = [line("astar", "a", [point("q", b, b == "4x")]) for b in ("1x", "4x")]
    report = analyse([read(write(tmp_path / "run", manifest(), lines))], QUICK)
    assert [row.accuracy.value for row in report.tasks[0].rows] == [0.0, 1.0]
    assert report.costs[0].tokens == 2 * PROMPT + 5 * UNIT


def test_an_error_of_one_budget_leaves_the_others(tmp_path):
    lines = [line("astar", "a", [point("q", "1x", True)], run_budget="1x")]
    lines += [line("astar", "a", [point("q", "4x", False)], error="MemoryError: full", run_budget="4x")]
    rows = rows_of(analyse([read(write(tmp_path / "run", manifest(), lines))], QUICK))
    assert (rows["astar", "q", "1x"].errors, rows["astar", "q", "1x"].accuracy.value) == ({}, 1.0)
    assert rows["astar", "q", "4x"].errors == {"MemoryError": 1}


def test_what_is_missing_knows_seeds_and_budgets_of_each_search(tmp_path):
    greedy = {"label": "greedy", "name": "greedy", "seeds": [0], "read_off": True}
    beam = {"label": "beam", "name": "beam", "seeds": [0, 1], "read_off": False}
    settings = manifest(searches=[greedy, beam], seeds=[0, 1])
    lines = [line("beam", "a", [point("q", budget, True)], run_budget=budget) for budget in ("1x", "4x")]
    run = read(write(tmp_path / "run", settings, [*lines, line("greedy", "a", [point("q", "1x", True)])]))
    assert (run.done, run.expected) == (3, 3 * (1 + 2 * 2))


def test_a_run_guided_by_gold_says_so(tmp_path):
    report = analyse([read(write(tmp_path / "run", manifest(oracle=True), both("a", (1, 1), (1, 1))))], QUICK)
    assert report.tasks[0].rows[0].search == "best-of-n (oracle)"
    assert any("gold" in note for note in report.tasks[0].notes)


# Errors are counted and named


def test_errors_count_as_unsolved_and_are_named(tmp_path):
    lines = [
        *both("a", (1, 1), (1, 1)),
        line("astar", "b", [], error="RuntimeError: no room"),
        *both("c", (0, 1), (0, 1)),
    ]
    task = analyse([read(write(tmp_path / "run", manifest(), lines))], QUICK).tasks[0]
    row = next(r for r in task.rows if (r.search, r.select, r.budget) == ("astar", "q", "4x"))
    assert row.accuracy.value == pytest.approx(2 / 3)
    assert dict(row.errors) == {"RuntimeError": 1}
    assert any("astar: 1 line ended in RuntimeError" in note for note in task.notes)


def test_an_error_keeps_what_was_found_before_it(tmp_path):
    lines = [line("astar", "a", [point("q", "1x", True)], error="ValueError: late")]
    row = analyse([read(write(tmp_path / "run", manifest(), lines))], QUICK).tasks[0].rows[0]
    assert (row.accuracy.value, dict(row.errors)) == (1.0, {"ValueError": 1})


def test_where_every_line_failed_the_rows_are_still_there(tmp_path):
    lines = [line("astar", p, [], error="OSError: gone") for p in "abc"]
    rows = analyse([read(write(tmp_path / "run", manifest(), lines))], QUICK).tasks[0].rows
    assert {row.budget for row in rows} == {"1x", "4x"}
    assert all(row.accuracy.value == 0.0 and row.errors == {"OSError": 3} for row in rows)


# Folders that are not whole


def test_an_unfinished_run_is_reported_and_says_so(tmp_path):
    folder = write(tmp_path / "run", manifest(), both("a", (0, 1), (1, 1)))
    assert read(folder).unfinished.startswith("run is unfinished: 2 of 6")
    assert any("2 of 6" in note for note in analyse([read(folder)], QUICK).tasks[0].notes)


def test_a_run_without_totals_says_so(small):
    assert read(small).unfinished is None
    (small / "totals.json").unlink()
    assert "no final totals.json" in read(small).unfinished
    (small / "totals.json").write_text('{"seconds": 3, "complete": false}')
    assert "no final totals.json" in read(small).unfinished


def test_a_torn_last_line_is_dropped_and_said(small):
    text = (small / "problems.jsonl").read_text()
    (small / "problems.jsonl").write_text(text[:-40])
    run = read(small)
    assert len(run.lines) == 5
    assert "torn last line" in run.notes[0]
    assert "5 of 6" in run.unfinished


def test_a_damaged_line_in_the_middle_is_named(small):
    lines = (small / "problems.jsonl").read_text().splitlines()
    lines[2] = lines[2][:50]
    (small / "problems.jsonl").write_text("\n".join(lines) + "\n")
    with pytest.raises(RunError, match=r"problems.jsonl, line 3 is damaged: delete that line"):
        read(small)


@pytest.mark.parametrize(
    "damage", ['{"search": "astar", "id": "a"}', "[]", "7", '{"search":"astar","seed":"x","id":"a"}']
)
def test_lines_of_another_shape_are_named(small, damage):
    with (small / "problems.jsonl").open("a") as file:
        file.write(damage + "\n")
    with pytest.raises(RunError, match=r"line 7 (lacks 'seed'|is damaged)"):
        read(small)


def test_the_same_line_twice_counts_once(small):
    with (small / "problems.jsonl").open("a") as file:
        file.write(json.dumps(line("astar", "a", [point("q", "4x", False)])) + "\n")
    run = read(small)
    assert len(run.lines) == 6
    assert "twice" in run.notes[0]
    assert rows_of(analyse([run], QUICK))["astar", "q", "4x"].accuracy.value == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"format": "other"}, "not of the format"),
        ({"version": 2}, "has version 2, not 1"),
        ({"searches": None}, "lacks searches"),
        ({"searches": [{"name": "astar"}]}, "lacks searches.label"),
        ({"task": {}}, "lacks task.name"),
        ({"searches": [{"label": "astar"}]}, "lines of best-of-n, which its manifest does not name"),
    ],
)
def test_wrong_manifests_are_named(small, change, said):
    (small / "manifest.json").write_text(json.dumps(manifest() | change))
    with pytest.raises(RunError, match=said):
        read(small)


def test_wrong_folders_are_named(tmp_path, small):
    (tmp_path / "empty").mkdir()
    for path, said in ((tmp_path / "empty", "has no manifest"), (tmp_path / "none", "does not exist")):
        with pytest.raises(RunError, match=f"{said}.*--out named"):
            read(path)
    with pytest.raises(RunError, match="is no folder"):
        read(small / "manifest.json")
    (small / "manifest.json").write_text('{"format": "qstar-b')
    with pytest.raises(RunError, match="torn or no JSON"):
        read(small)


def test_a_run_with_no_line_yet_is_named(tmp_path, small):
    begun = write(tmp_path / "begun", manifest(), [])
    with pytest.raises(RunError, match=r"no problem is finished yet; go on with qstar bench --resume"):
        read_all([begun])
    assert len(read_all([begun, small, small])) == 2
    assert any("0 of 6" in note for note in analyse(read_all([begun, small]), QUICK).tasks[0].notes)


# Cost


def test_cost_by_hand(small):
    report = analyse([read(small)], QUICK)
    cost = report.costs[0]
    assert (cost.lines, cost.tokens) == (3, 3 * (PROMPT + 4 * UNIT))
    assert dict(cost.kinds) == {"prompt": 3 * PROMPT, "generated": 3 * 4 * UNIT}
    assert dict(cost.stops) == {"tokens": 3}
    assert cost.verifier_calls == 3
    (clock,) = report.clocks
    assert (clock.seconds, clock.rest, clock.share) == (10, 1, 0.1)


def test_figures_from_elsewhere_stand_apart(tmp_path):
    baselines = [{"name": "GPT-4, ToT b=5", "accuracy": 0.74, "source": "arXiv 2305.10601", "kind": "published"}]
    task = manifest()["task"] | {"baselines": baselines}
    report = analyse([read(write(tmp_path / "run", manifest(task=task), both("a", (1, 1), (1, 1))))], QUICK)
    assert "From elsewhere" in tables.text(report)
    assert re.search(r"GPT-4, ToT b=5 +74.0%  published  arXiv 2305.10601", tables.text(report))
    assert not any("GPT" in row.search for row in report.tasks[0].rows)


# Tables, page, command


def test_markdown_tables_are_whole(small):
    text = tables.markdown(analyse([read(small)], QUICK))
    blocks = [block.splitlines() for block in text.split("\n\n") if block.startswith("|")]
    assert len(blocks) == 5
    for block in blocks:
        assert len({len(re.findall(r"(?<!\\)\|", row)) for row in block}) == 1
    assert "| astar | q | 4x | 100.0 \\[29.2, 100.0\\] |" in text


def test_the_same_input_gives_the_same_bytes(tmp_path):
    folder = random_run(tmp_path / "run", problems=15, seeds=2)
    first, second = (analyse(read_all([folder]), QUICK) for _ in range(2))
    assert json.dumps(first.to_json()) == json.dumps(second.to_json())
    assert page.page(first)[0] == page.page(second)[0]


def test_the_order_in_which_problems_were_finished_does_not_show(tmp_path):
    folder = random_run(tmp_path / "run", problems=15, seeds=2)
    before = analyse([read(folder)], QUICK).to_json()
    lines = (folder / "problems.jsonl").read_text().splitlines()
    np.random.default_rng(0).shuffle(lines)
    (folder / "problems.jsonl").write_text("\n".join(lines) + "\n")
    report = analyse([read(folder)], QUICK)
    assert list(report.tasks[0].seen) == [f"p{i}" for i in range(15)]
    assert report.to_json() == before


class Elements(HTMLParser):
    """The elements and attributes of a page, as a browser would see them."""

    def __init__(self, text):
        super().__init__()
        self.found, self.open, self.text = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))
        if tag not in ("meta", "br", "img", "link"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


@pytest.fixture
def hostile(tmp_path):
    searches = [{"label": EVIL, "name": "astar"}]
    task = {"name": EVIL, "split": EVIL, "source": EVIL, "problems": 2, "baselines": [{"name": EVIL, "accuracy": 0.5}]}
    points = [point(EVIL, "4x", True, answer=EVIL, answers=3)]
    lines = [line(EVIL, EVIL, points, statement=EVIL, stop_reason=EVIL), line(EVIL, "b", [], error=EVIL)]
    model = {"name": EVIL.replace("/", "")}
    return write(tmp_path / "hostile", manifest(searches=searches, task=task, model=model), lines)


def test_hostile_text_is_shown_and_never_run(hostile):
    report = analyse(read_all([hostile]), QUICK)
    text, _ = page.page(report)
    elements = Elements(text)
    assert elements.open == []
    assert [tag for tag, _ in elements.found].count("script") == 1
    assert "img" not in [tag for tag, _ in elements.found]
    assert not any(name.startswith("on") for _, attributes in elements.found for name in attributes)
    assert "<script>alert(1)</script>" in "".join(elements.text)
    for words in (text, tables.text(report), tables.markdown(report), json.dumps(report.to_json(), ensure_ascii=False)):
        assert not set("\x1b\u202e") & set(words)
    markdown = tables.markdown(report)
    assert "&lt;script" in markdown
    assert "<" not in markdown


def test_the_page_asks_nothing_of_the_network_and_runs_only_its_own_script(small):
    text, _ = page.page(analyse([read(small)], QUICK))
    asked = [
        value for _, a in Elements(text).found for name, value in a.items() if name in ("src", "href", "xlink:href")
    ]
    assert all(value.startswith("#") for value in asked)
    assert "url(http" not in text
    assert "@import" not in text
    policy = next(a["content"] for tag, a in Elements(text).found if tag == "meta" and "http-equiv" in a)
    assert re.search(r"default-src 'none'.*script-src 'sha256-[\w+/=]+'", policy)


def test_plots_take_the_colours_of_the_page(tmp_path):
    pytest.importorskip("matplotlib", reason="plots need the extra 'report'")
    task = analyse(read_all([random_run(tmp_path / "run", problems=10, seeds=1)]), QUICK).tasks[0]
    drawn = plots.plots(task)
    assert [p.title for p in drawn] == [
        f"{y} against {x}"
        for x in ("charged tokens a problem", "seconds a problem")
        for y in ("accuracy", "pass@budget")
    ]
    for plot in drawn:
        assert plot.svg.startswith("<svg viewBox=")
        assert "var(--s3)" in plot.svg
        assert "#0102" not in plot.svg
        assert "var(--soft)" in plot.svg


def test_without_matplotlib_the_tables_are_there_and_a_hint(small, monkeypatch, qstar):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    code, out, err = qstar(small)
    assert code == 0
    assert "Paired comparisons" in out
    assert "plots need matplotlib: pip install 'qstar[report]'" in err
    assert "<h3>Accuracy and cost</h3>" in (small / "report.html").read_text()


def test_the_command(small, qstar, tmp_path):
    code, out, err = qstar(small, "--json", "all.json", "--html", "sub/page.html", "--draws", 200, "--target", 1)
    assert (code, "sub/page.html" in err) == (0, True)
    assert out.startswith("words, test: 3 problems\n")
    data = json.loads((tmp_path / "all.json").read_text())
    assert data["tasks"][0]["rows"][0]["accuracy"]["value"] == 0.0
    assert data["runs"][0]["manifest"]["model"]["revision"] == "main"
    assert (tmp_path / "sub/page.html").read_text().startswith("<!doctype html>")
    assert not (small / "report.html").exists()
    assert qstar(small, "--markdown", "--no-page")[1].startswith("### words, test: 3 problems\n")


def test_chosen_tables(small, qstar):
    _, out, _ = qstar(small, "--only", "clock,tokens", "--no-page")
    assert [title for title in tables.TITLES.values() if title in out] == [
        tables.TITLES["tokens"],
        tables.TITLES["clock"],
    ]
    code, _, err = qstar(small, "--only", "cost", "--no-page")
    assert (code, "no table named cost; there is accuracy" in err) == (2, True)


def test_tables_are_put_between_the_marks_of_a_file(small, qstar, tmp_path):
    readme = tmp_path / "README.md"
    readme.write_text(f"before\n{tables.MARK}\nstale\n{tables.MARK}\nafter\n")
    assert qstar(small, "--into", readme, "--no-page")[0] == 0
    once = readme.read_text()
    assert once.startswith("before\n")
    assert once.endswith("after\n")
    assert "stale" not in once
    assert "| best-of-n | q | 4x |" in once
    qstar(small, "--into", readme, "--no-page")
    assert readme.read_text() == once
    readme.write_text("no marks")
    code, _, err = qstar(small, "--into", readme)
    assert code == 2
    assert "does not hold the mark" in err


def test_errors_of_the_command_are_one_line(qstar, tmp_path):
    code, out, err = qstar(tmp_path)
    assert (code, out) == (2, "")
    assert err.startswith("qstar: ")
    assert err.count("\n") == 1
    assert "no manifest.json" in err
