"""The maze against brute force over all walks, Q-learning against the exact values, searches against both."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner
from worlds import live, run

from qstar.cli.app import app
from qstar.engine.base import Trie
from qstar.engine.maze import NAMES, MazeEngine
from qstar.maze import DEFAULT, MOVES, Maze, QLearning, draw, error, greedy, route, value_iteration
from qstar.problem import Problem
from qstar.request import Unit
from qstar.search import MCTS, AStar
from qstar.tree import ROOT

MAZE = Maze.parse(DEFAULT)


def walks(maze: Maze, moves: tuple[str, ...] = ()):
    """Every finished walk."""
    state = maze.walk(moves)[0][-1]
    if maze.is_over(state):
        yield moves
    for move in maze.moves(state):
        yield from walks(maze, (*moves, move))


@st.composite
def mazes(draw_value):
    height, width = draw_value(st.integers(1, 3)), draw_value(st.integers(2, 4))
    cells = draw_value(st.lists(st.sampled_from("...ccCx#"), min_size=height * width, max_size=height * width))
    cells[draw_value(st.integers(0, height * width - 1))] = "M"
    text = "\n".join("".join(cells[r * width : (r + 1) * width]) for r in range(height))
    try:
        return Maze.parse(text, draw_value(st.integers(1, 5)))
    except ValueError as problem:
        assume("cannot move" not in str(problem))
        raise


@settings(deadline=None, max_examples=60)
@given(maze=mazes(), gamma=st.sampled_from([1.0, 0.9, 0.5, 0.0]))
def test_value_iteration_equals_brute_force(maze, gamma):
    best: dict[str, float] = {}
    for moves in walks(maze):
        best[moves[0]] = max(best.get(moves[0], -math.inf), maze.walk(moves, gamma)[1])
    exact = value_iteration(maze, gamma)
    assert exact[maze.start] == pytest.approx(best)
    assert maze.walk(route(maze, exact), gamma)[1] == pytest.approx(max(best.values()))


@settings(deadline=None, max_examples=20)
@given(maze=mazes(), gamma=st.sampled_from([1.0, 0.9]))
def test_q_learning_becomes_exact_where_every_move_is_tried(maze, gamma):
    """The world is deterministic: with alpha 1 and random walks every entry ends at Q*."""
    exact = value_iteration(maze, gamma)
    assume(len(exact) <= 25)
    learned = QLearning(alpha=1.0, gamma=gamma, epsilon=1.0, episodes=3000).learn(maze)
    tried = {s: {a for a in q if q[a]} for s, q in learned.items()}
    assert learned.keys() == exact.keys()
    assert learned[maze.start] == pytest.approx(exact[maze.start])
    assert all(learned[s][a] == pytest.approx(exact[s][a]) for s in tried for a in tried[s])


def test_the_default_maze_teaches_its_lesson():
    """The cheese is next to the mouse, but who eats it comes too late for the pile."""
    exact, learned = value_iteration(MAZE, 0.95), QLearning().learn(MAZE)
    assert exact[MAZE.start]["←"] == 1.0
    assert greedy(exact, MAZE.start) == "→"
    assert MAZE.walk(route(MAZE, learned), 0.95)[1] == pytest.approx(10 * 0.95**3)
    visited = MAZE.walk(route(MAZE, learned))[0][:-1]
    assert error(learned, {s: exact[s] for s in visited}) < 0.01
    assert QLearning(seed=1).learn(MAZE) != learned == QLearning().learn(MAZE)
    assert QLearning(gamma=0.95, episodes=0).learn(MAZE)[MAZE.start] == dict.fromkeys("↓←→", 0.0)


def test_rewards_end_and_eaten_cheese():
    _, total = MAZE.walk("←→←→←")
    assert total == 1.0, "cheese is eaten once"
    assert MAZE.walk("↓")[1] == -10.0
    assert MAZE.is_over(MAZE.walk("↓")[0][-1])
    assert MAZE.walk("→→↓↓", 0.5)[1] == 10 * 0.5**3
    for moves in ("↑", "↓↓", "→→→", "?", "←→←→←→"):
        with pytest.raises(ValueError, match="cannot go"):
            MAZE.walk(moves)


@pytest.mark.parametrize(
    ("text", "steps", "message"),
    [
        ("", 5, "empty"),
        ("M..\n..", 5, "row 2 has 2 cells"),
        ("M.?", 5, "row 1 holds '\\?'"),
        ("...", 5, "one mouse M, and has 0"),
        ("MM.", 5, "has 2"),
        ("M.C", 0, "at least one step"),
        ("M#C", 5, "cannot move"),
    ],
)
def test_layouts_that_are_none(text, steps, message):
    with pytest.raises(ValueError, match=message):
        Maze.parse(text, steps)


def test_a_maze_too_large_for_a_table_says_so():
    with pytest.raises(ValueError, match="more than 20000 states"):
        Maze.parse("\n".join(["M" + "c" * 5] + ["c" * 6] * 4), 20).states()


@pytest.mark.parametrize("settings", [{"alpha": 0}, {"alpha": 1.5}, {"gamma": 1.1}, {"epsilon": -1}, {"episodes": -1}])
def test_learning_rates_that_are_none(settings):
    with pytest.raises(ValueError, match=next(iter(settings))):
        QLearning(**settings)


@settings(deadline=None, max_examples=40)
@given(maze=mazes(), gamma=st.sampled_from([1.0, 0.9]), temperature=st.sampled_from([None, 0.5, 3.0]))
def test_the_engine_speaks_the_walks_and_its_q_foretells_their_scores(maze, gamma, temperature):
    exact = value_iteration(maze, gamma)
    engine = MazeEngine(maze, exact, gamma=gamma, temperature=temperature)
    trie = Trie(engine.encode(engine.problem()).ids)
    scores = {m: engine.judge(engine.problem(), "".join(m)).score for m in walks(maze)}
    assert all(0 <= score <= 1 for score in scores.values())
    mass = 0.0
    for moves in scores:
        tokens = [NAMES.index(move) for move in moves]
        logp = sum(engine.logp(trie, tokens[:i])[token] for i, token in enumerate([*tokens, engine.EOS]))
        mass += math.exp(logp)
        for i, token in enumerate(tokens):
            q = engine.token_q(trie, tokens[:i])
            below = max(s for m, s in scores.items() if m[: i + 1] == moves[: i + 1])
            assert q[token] == pytest.approx(below)
        assert engine.token_q(trie, tokens)[engine.EOS] == pytest.approx(scores[moves])
    assert mass == pytest.approx(1.0), "the walks are all there is"


def test_the_engine_refuses_other_problems_and_priors_without_q():
    with pytest.raises(ValueError, match="own maze"):
        MazeEngine(MAZE).encode(Problem("What is 1 + 1?"))
    with pytest.raises(ValueError, match="needs a Q-table"):
        MazeEngine(MAZE, temperature=1.0)


def search(engine: MazeEngine, strategy):
    problem = engine.problem()
    (done,) = run(engine, live(engine, strategy, problem=problem, verifier=engine.judge))
    return done


def test_astar_with_the_exact_q_walks_straight_to_the_best():
    exact = value_iteration(MAZE, 0.95)
    done = search(MazeEngine(MAZE, exact, gamma=0.95), AStar(width=5, batch=1))
    first = done.session.tree.answers[0]
    assert MAZE.walk(first.text, 0.95)[1] == pytest.approx(max(exact[MAZE.start].values()))
    assert first.at_tokens == first.length, "one token of prompt, and no expansion beside the path"


def test_steps_in_turn_stay_on_the_walks():
    """A whole walk is one step here, and the Q of moves that there are not is NaN."""
    exact = value_iteration(MAZE, 0.95)
    done = search(MazeEngine(MAZE, exact, gamma=0.95), AStar(unit=Unit.STEP, width=1, batch=1, guidance=100.0))
    found = [answer.text for answer in done.session.tree.answers]
    assert MAZE.walk(found[0], 0.95)[1] == pytest.approx(max(exact[MAZE.start].values())), "the best comes first"
    assert sorted(found) == sorted("".join(moves) for moves in walks(MAZE))


@pytest.mark.parametrize("with_q", [True, False])
def test_mcts_visits_the_best_first_move_most(with_q):
    exact = value_iteration(MAZE, 0.95)
    engine = MazeEngine(MAZE, exact if with_q else None, gamma=0.95)
    tree = search(engine, MCTS(simulations=300, width=5, revisit=True)).session.tree
    most = max(tree.children[ROOT], key=tree.visits.__getitem__)
    assert NAMES[tree.tokens[most][0]] == greedy(exact, MAZE.start)


def test_drawing():
    plain = draw(MAZE, "→↓→↓", emoji=False).splitlines()
    assert plain[1] == "│  c │  M │ ↓  │  . │"
    assert plain[3] == "│  . │  x │ →  │ ↓  │"
    assert len({len(line) for line in plain}) == 1
    assert "🐭" in draw(MAZE)


def cli(*arguments: str):
    return CliRunner().invoke(app, ["maze", *arguments])


def test_the_command_prints_one_object():
    report = json.loads(cli("--json", "--episodes", "3000").stdout)
    exact = value_iteration(MAZE, 0.95)
    assert report["exact"]["return"] == pytest.approx(10 * 0.95**3)
    assert len(report["q"]) == len(exact)
    assert report["q"][0]["exact"] == pytest.approx(exact[MAZE.start])
    for found in report["searches"].values():
        assert found["return"] == pytest.approx(report["exact"]["return"], abs=1e-6)
        assert found["found_at_tokens"] <= found["tokens"]


def test_the_command_shows_the_table_the_route_and_the_searches(tmp_path):
    out = cli().stdout
    assert all(word in out for word in ("Q-learning", "Greedy route", "A*", "MCTS", "🐭", *MOVES))
    layout = tmp_path / "maze.txt"
    layout.write_text("M c .\n# x C\n")
    out = cli("--layout", str(layout), "--steps", "3", "--q", "exact", "--prior", "softmax", "--gamma", "1").stdout
    assert "→→↓ worth 11.00" in out
    assert "3 steps" in out


def test_the_command_names_what_is_wrong(tmp_path):
    layout = tmp_path / "maze.txt"
    layout.write_text("M.\n.")
    for arguments, message in [
        (["--layout", str(layout)], "row 2"),
        (["--alpha", "2"], "alpha"),
        (["--q", "none", "--prior", "softmax"], "--q learned"),
        (["--expansions", "0"], "expansions"),
        (["--simulations", "0"], "simulations"),
    ]:
        result = cli(*arguments)
        assert result.exit_code != 0
        assert message in str(result.exception), arguments
