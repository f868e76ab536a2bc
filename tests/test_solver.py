"""The front door in Python: Solver, solve_many, results, and where it may be called from."""

from __future__ import annotations

import asyncio
import json
import math
import threading

import pytest
import torch
from tiny import save

import qstar
from qstar import AStar, BestOfN, Budget, Greedy, Problem, Sampling, ScriptedEngine, Solver, Tree, Unit
from qstar.budget import Ledger
from qstar.engine.base import Stops
from qstar.prompting import PromptFormat
from qstar.registry import default_search, make_strategy, strategy_from_json, strategy_to_json
from qstar.result import Result, outline
from qstar.solver import load_result

torch.set_num_threads(1)
SUM = "What is 2+3?"
SCRIPT = {
    SUM: {"2+3=6\nThe answer is 6.": 3.0, "2+3=5\nThe answer is 5.": 2.0, "3+2=5\nThe answer is 5.0.": 2.0},
    "Say hi": "Hi!",
}


def solver(script=SCRIPT, **settings):
    stops = Stops(frozenset([ScriptedEngine.EOS]), max_new_tokens=200)
    return Solver(
        ScriptedEngine(script, stops=stops),
        **{"search": BestOfN(24, wave=8), "budget": Budget(tokens=5000), **settings},
    )


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return save(tmp_path_factory.mktemp("model"))


# -- one problem ----------------------------------------------------------------------------------------------------


def test_a_problem_a_search_a_budget():
    result = solver(search=Greedy()).solve("Say hi")
    assert (result.answer, result.text, result.stop_reason) == ("Hi!", "Hi!", "finished")
    assert result.steps == ["Hi!"]
    assert result.ledger.tokens == len("Say hi") + len("Hi!")
    assert math.isnan(result.score)


def test_the_vote_is_by_equivalence_and_the_verifier_comes_before_it():
    assert solver(seed=1).solve(SUM).answer in ("5", "5.0"), "four of seven draws, in two spellings"
    assert solver(seed=1, select="likelihood").solve(SUM).answer == "6"
    judged = solver(verifier=lambda problem, text: text.startswith("3+2")).solve(SUM)
    assert (judged.stop_reason, judged.answer, judged.verified) == ("verified", "5.0", True)


def test_the_verifier_of_a_call_is_in_place_of_the_solvers_own():
    own = solver(verifier=lambda problem, text: False, stop_on_pass=False)
    assert not own.solve(SUM).verified
    assert own.solve(SUM, verifier=lambda problem, text: "6" in text).answer == "6"
    assert own.solve(SUM, verifier="none").chosen.verdict is None
    assert own.solve(SUM, verifier="math-steps").chosen.verdict == "unknown"
    with pytest.raises(ValueError, match="no verifier named 'magic'"):
        own.solve(SUM, verifier="magic")


def test_wrong_calculations_are_refuted_and_not_continued():
    search = AStar(unit=Unit.STEP, width=12, sampling=Sampling(1.0))
    result = solver(search=search, verifier="math-steps").solve(SUM)
    tree = result.tree
    refuted = [n for n in range(1, len(tree)) if tree.refuted[n]]
    assert [bytes(tree.tokens[n]) for n in refuted] == [b"2+3=6\n"]
    assert not any(tree.children[n] for n in refuted)
    assert {a.answer for a in result.answers} <= {"5", "5.0"}
    assert result.answers


def test_the_calculator_fills_in_annotations():
    written = {"Sum": {"<<12*3=35>>35 so The answer is 35.": 1.0, "<<12*3=36>>36 so The answer is 36.": 1e-6}}
    result = solver(written, search=Greedy(), verifier="math-steps").solve("Sum")
    assert result.answer == "36"
    assert result.text == "<<12*3=36>>36 so The answer is 36."
    assert result.ledger.tokens_by["forced"] == 2
    plain = solver(written, search=Greedy(), verifier="none").solve("Sum")
    assert plain.answer == "35"
    finished = solver(written, search=BestOfN(2), verifier=None).solve("Sum", verifier="math-steps")
    assert {a.verdict for a in finished.answers} <= {"unknown"}


def test_events_tell_the_whole_story():
    events = []
    result = solver().solve(SUM, on_event=events.append)
    kinds = [event["type"] for event in events]
    assert set(kinds) == {"node", "draw", "answer", "charge", "end"}
    assert kinds.count("node") == len(result.tree) - 1
    assert kinds.count("answer") == len(result.tree.answers)
    assert events[-1]["ledger"]["tokens"] == result.ledger.tokens


@pytest.mark.parametrize(
    ("problem", "settings", "message"),
    [
        ("", {}, "is empty"),
        (" \n", {}, "is empty"),
        ("unknown to the script", {}, "the script has no text"),
        (SUM, {"budget": Budget(tokens=len(SUM))}, "does not cover the prompt"),
    ],
)
def test_what_cannot_begin_raises(problem, settings, message):
    with pytest.raises(ValueError, match=message):
        solver(**settings).solve(problem)


def test_an_error_of_the_verifier_is_in_the_result():
    calls = []

    def verifier(problem, text):
        calls.append(text)
        if len(calls) == 2:
            raise ZeroDivisionError("oh")
        return 0.5

    result = solver(verifier=verifier).solve(SUM)
    assert result.stop_reason == "error"
    assert "the verifier raised ZeroDivisionError: oh" in str(result.error)
    assert isinstance(result.error.__cause__, ZeroDivisionError)
    assert result.answer is not None


# -- many problems --------------------------------------------------------------------------------------------------


def key(result):
    ledger = {name: x for name, x in result.ledger.to_dict().items() if name != "seconds"}
    return (
        result.problem.prompt,
        json.dumps(result.tree.to_json()),
        result.stop_reason,
        result.answer,
        json.dumps(ledger),
    )


@pytest.mark.parametrize("in_flight", [1, 3, 16])
def test_many_problems_give_what_each_gives_alone(model, in_flight):
    """With one token a call, results do not depend on what else is in the batch, nor on the place in the list."""
    search = qstar.MCTS(width=3, simulations=12)
    one = Solver.from_pretrained(
        model, search=search, budget=Budget(tokens=150), deterministic=True, prompt=PromptFormat(max_new_tokens=20)
    )
    statements = ["one", "two", "three, which is longer", "four", "five"]
    alone = [key(one.solve(statement)) for statement in statements]
    assert sorted(map(key, one.solve_many(statements, in_flight=in_flight))) == sorted(alone)


def test_results_come_as_they_finish():
    script = {"long": "x" * 150, "short": "y", "middle": "z" * 40}
    many = solver(script, search=Greedy()).solve_many(["long", "short", "middle"])
    assert [result.problem.prompt for result in many] == ["short", "middle", "long"]


def test_problems_are_taken_when_there_is_room():
    taken = []

    def problems():
        for i in range(6):
            taken.append(i)
            yield Problem("Say hi", str(i))

    many = solver(search=Greedy()).solve_many(problems(), in_flight=2)
    next(many)
    assert len(taken) <= 3
    assert len(list(many)) == 5


def test_one_problem_that_fails_leaves_the_others_alone(model):
    one = Solver.from_pretrained(model, search=Greedy(), budget=Budget(tokens=200))

    def verifier(problem, text):
        if problem.prompt == "bad":
            raise RuntimeError("oh")
        return 0.5

    problems = ["fine", "", "long " * 80, "bad", Problem("fine too", "named"), None]
    results = list(one.solve_many(problems, verifier=verifier))
    assert len(results) == len(problems)
    by_prompt = {result.problem.prompt: result for result in results}
    assert "context" in str(by_prompt["long " * 80].error)
    assert by_prompt["fine"].error is None
    assert by_prompt["fine too"].problem.id == "named"
    failed = [result for result in results if result.error is not None]
    assert {result.stop_reason for result in failed} == {"error"}
    assert all(result.to_json()["error"] for result in failed)
    assert len(failed) in (3, 4), "`bad` asks the verifier only if the random model ends its text"


def test_a_generator_closed_early_frees_the_engine(model):
    one = Solver.from_pretrained(model, search=BestOfN(40), budget=Budget(tokens=400))
    many = one.solve_many([f"problem {i}" for i in range(6)], in_flight=4)
    next(many)
    assert one.engine.runner.used_slots > 0
    many.close()
    assert one.engine.runner.used_slots == 0
    scripted = solver(search=Greedy())
    many = scripted.solve_many([Problem("Say hi", str(i)) for i in range(5)])
    next(many)
    assert scripted.engine._known
    many.close()
    assert not scripted.engine._known
    with pytest.raises(ValueError, match="in_flight"):
        next(scripted.solve_many(["Say hi"], in_flight=0))


def test_an_exception_of_the_caller_keeps_what_was_found(tmp_path):
    def stop(event):
        if event["type"] == "answer":
            raise LookupError("enough")

    one = solver()
    with pytest.raises(LookupError):
        one.solve(SUM, run=tmp_path / "run", on_event=stop)
    assert Tree.load(tmp_path / "run" / "tree.json").answers
    assert not one.engine._known


# -- where it may be called from ------------------------------------------------------------------------------------


def test_inside_a_running_event_loop_and_in_threads():
    expected = key(solver().solve(SUM))

    async def notebook():
        return key(solver().solve(SUM)), key(await asyncio.to_thread(solver().solve, SUM))

    assert asyncio.run(notebook()) == (expected, expected)
    found = []
    threads = [threading.Thread(target=lambda: found.append(key(solver().solve(SUM)))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 3


def test_ctrl_c_comes_back_with_what_was_found():
    """The key is pressed in the middle of a pass; the pass is finished, the result is whole."""
    import os
    import signal

    def verifier(problem, text):
        os.kill(os.getpid(), signal.SIGINT)
        return 0.5

    result = solver(verifier=verifier).solve(SUM)
    assert result.stop_reason == "interrupted"
    assert result.answer is not None
    assert Tree.from_json(result.tree.to_json()).to_json() == result.tree.to_json()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_result_in_a_notebook():
    html = solver({"p": "<b>bold</b>"}, search=Greedy()).solve("p")._repr_html_()
    assert "&lt;b&gt;bold&lt;/b&gt;" in html
    assert "<b>bold" not in html
    nothing = Result(Problem("p"), None, "tokens", Ledger(), Tree("p", (1,)))
    assert "tokens" in nothing._repr_html_()
    assert nothing.to_json()["answer"] is None


def test_the_outline_shows_every_node_once_or_says_how_many_are_left():
    result = solver(search=AStar(unit=Unit.STEP, width=6)).solve(SUM)
    texts = {node: bytes(t for t in tokens if t < 256).decode() for node, tokens in enumerate(result.tree.tokens)}
    assert len(outline(result.tree, texts).splitlines()) == len(result.tree) - 1
    short = outline(result.tree, texts, most=2).splitlines()
    assert len(short) == 3
    assert short[-1] == f"... {len(result.tree) - 3} more nodes"


# -- settings -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "strategy",
    [
        Greedy(),
        BestOfN(5, sampling=Sampling(0.7, top_p=0.9)),
        AStar(unit=Unit.STEP, sampling=Sampling(0.5), h=qstar.Future.LOG_Q),
        AStar(width=None),
        qstar.MCTS(simulations=7, backup=qstar.Backup.MAX, noise=0.25),
    ],
)
def test_a_strategy_survives_json(strategy):
    assert strategy_from_json(json.loads(json.dumps(strategy_to_json(strategy)))) == strategy


def test_settings_of_a_strategy_are_checked():
    assert make_strategy("astar", {"lam": "1e-3", "unit": "step", "width": None}) == AStar(
        lam=1e-3, unit=Unit.STEP, width=None
    )
    for name, settings, message in [
        ("dfs", {}, "no search named 'dfs'; there is greedy"),
        ("astar", {"depth": 3}, "astar has no setting 'depth'; it has g, lam"),
        ("astar", {"width": "wide"}, "width takes a whole number or null, not 'wide'"),
        ("astar", {"batch": None}, "batch takes a whole number, not None"),
        ("astar", {"batch": True}, "batch takes a whole number, not True"),
        ("astar", {"lam": [1]}, "lam takes a number"),
        ("astar", {"unit": "word"}, "unit is one of token, step, answer, not 'word'"),
        ("astar", {"sampling": "hot"}, "sampling takes settings of its own or null"),
        ("astar", {"sampling": {"heat": 1}}, "sampling has no setting 'heat'"),
        ("mcts", {"revisit": "yes"}, "revisit takes true or false"),
    ]:
        with pytest.raises(ValueError, match=message):
            make_strategy(name, settings)


def test_what_a_model_folder_names_is_checked(tmp_path):
    path = tmp_path / "qstar.json"
    assert default_search(tmp_path) is None
    path.write_text('{"search": "mcts"}')
    with pytest.raises(ValueError, match="search is an object with a name"):
        default_search(tmp_path)
    path.write_text('{"verifier": "magic"}')
    with pytest.raises(ValueError, match=r"qstar\.json: no verifier named 'magic'"):
        Solver.from_pretrained(tmp_path)


def test_the_bundled_model_solves_easy_puzzles_and_says_so_in_a_run_folder(tmp_path):
    result = qstar.Solver.from_pretrained(budget=Budget(tokens=4000)).solve(
        "Make 24 from 6 4 1 1", run=tmp_path / "run"
    )
    assert result.verified
    assert result.stop_reason == "verified"
    kept = load_result(tmp_path / "run")
    assert (kept.answer, kept.ledger.tokens, kept.steps) == (result.answer, result.ledger.tokens, result.steps)
