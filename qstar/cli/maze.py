"""`qstar maze`: a mouse learns its maze, and two searches walk it through the interface that a language model has."""

from __future__ import annotations

import json
import time
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import typer

from qstar.maze import DEFAULT, MOVES, Maze, QLearning, State, Table, draw, error, route, value_iteration

Flag = typer.Option
SHOWN = 40  # rows of the Q-table


class Prior(str, Enum):
    uniform = "uniform"
    softmax = "softmax"


class Source(str, Enum):
    learned = "learned"
    exact = "exact"
    none = "none"


def maze(
    layout: Annotated[
        Path | None, Flag(help="A file of rows of M mouse, . floor, c cheese, C pile, x poison, #.")
    ] = None,
    steps: Annotated[int, Flag(help="Moves at most.")] = 5,
    alpha: Annotated[float, Flag(help="Learning rate.")] = 0.2,
    gamma: Annotated[float, Flag(help="Discount.")] = 0.95,
    epsilon: Annotated[float, Flag(help="Share of random moves while learning.")] = 0.3,
    episodes: Annotated[int, Flag(help="Walks to learn from.")] = 5000,
    seed: Annotated[int, Flag(help="Of the random moves and draws.")] = 0,
    prior: Annotated[Prior, Flag(help="What the mouse would do without a search.")] = Prior.uniform,
    temperature: Annotated[float, Flag(help="Of the softmax prior, in units of reward.")] = 1.0,
    q: Annotated[Source, Flag(help="The Q that guides the searches.")] = Source.learned,
    expansions: Annotated[int, Flag(help="Budget of A*.")] = 40,
    simulations: Annotated[int, Flag(help="Budget of MCTS.")] = 200,
    as_json: Annotated[bool, Flag("--json", help="Print one JSON object and nothing else.")] = False,
) -> None:
    """A mouse, a cheese, a big pile and poison: Q-learning against the exact values, then A* and MCTS."""
    from qstar.budget import Budget
    from qstar.engine.maze import MazeEngine
    from qstar.search import MCTS, AStar

    world = Maze.parse(layout.read_text() if layout else DEFAULT, steps)
    learning = QLearning(alpha, gamma, epsilon, episodes, seed)
    began = time.perf_counter()
    learned = learning.learn(world)
    seconds = time.perf_counter() - began
    exact = value_iteration(world, gamma)
    guide = {Source.learned: learned, Source.exact: exact, Source.none: None}[q]
    if prior is Prior.softmax and guide is None:
        raise ValueError("--prior softmax needs a Q to take it from: give --q learned or --q exact")
    engine = MazeEngine(world, guide, gamma=gamma, temperature=temperature if prior is Prior.softmax else None)
    searches = {
        "A*": _search(engine, AStar(width=5, batch=1), Budget(expansions=expansions), seed),
        "MCTS": _search(engine, MCTS(simulations, width=5, leaves=1, revisit=True), Budget(), seed),
    }
    report: dict[str, Any] = {
        "maze": {"rows": list(world.rows), "steps": steps},
        "learning": {"alpha": alpha, "gamma": gamma, "epsilon": epsilon, "episodes": episodes, "seed": seed},
        "q": [_row(world, state, learned, exact) for state in world.states()],
        "max_error": error(learned, exact),
        "learned": _walk(world, route(world, learned), gamma),
        "exact": _walk(world, route(world, exact), gamma),
        "prior": prior.value,
        "guide": q.value,
        "searches": searches,
    }
    if as_json:
        typer.echo(json.dumps(report, ensure_ascii=False))
        return
    typer.echo(
        f"A mouse and {steps} steps; 🧀 +1, 🏆 +10, 💀 -10, later rewards times {gamma} a step.\n{draw(world)}\n"
    )
    typer.echo(f"Q-learning, {episodes} walks in {seconds:.2f} s: alpha {alpha}, epsilon {epsilon}, seed {seed}")
    typer.echo(_table(world, learned, exact))
    on_route = _states(world, route(world, learned))
    error_there = error(learned, {state: exact[state] for state in on_route})
    elsewhere = f"{report['max_error']:.2g} anywhere, moves that were hardly ever tried included"
    typer.echo(f"\nlargest error |Q - Q*|: {error_there:.2g} on the greedy route, {elsewhere}\n")
    typer.echo(f"Greedy route, {_worth(report['learned'])}; the best there is, {_worth(report['exact'])}")
    typer.echo(draw(world, report["learned"]["moves"]) + "\n")
    typer.echo(_searches(searches, f"guided by {q.value} Q" if guide else "without Q", prior.value))


def _search(engine: Any, strategy: Any, budget: Any, seed: int) -> dict[str, Any]:
    """What a search found, what it spent until then and in all."""
    from qstar.budget import Ledger
    from qstar.engine.scheduler import Live, Scheduler
    from qstar.judge import Judge
    from qstar.session import Session
    from qstar.tree import ROOT, Tree

    problem = engine.problem()
    prompt = engine.encode(problem)
    ledger, tree = Ledger(budget), Tree(problem.id, prompt.ids)
    judge = Judge(problem, engine.judge, ledger, lambda text: text)
    session = Session(problem, strategy, tree, seed=seed, ledger=ledger)
    scheduler = Scheduler(engine)
    scheduler.add(Live(session, judge, engine.open(prompt.ids), prompt, stop_on_pass=False))
    (live,) = scheduler.run()
    if live.error is not None:
        raise live.error
    best = max(tree.answers, key=lambda answer: answer.score, default=None)
    first = {engine.decode(tree.tokens[child]): tree.visits[child] for child in tree.children[ROOT]}
    return {
        "moves": best.text if best else None,
        "return": engine.total(best.score) if best else None,
        "found_at_tokens": best.at_tokens if best else None,
        "answers": len(tree.answers),
        "nodes": len(tree),
        "tokens": ledger.tokens,
        "expansions": ledger.expansions,
        "verifier_calls": ledger.verifier_calls,
        "stop_reason": live.stop_reason,
        "first_moves": first if any(first.values()) else None,
    }


def _states(world: Maze, moves: list[str]) -> list[State]:
    return [state for state in world.walk(moves)[0] if not world.is_over(state)]


def _walk(world: Maze, moves: list[str], gamma: float) -> dict[str, Any]:
    return {"moves": "".join(moves), "return": world.walk(moves, gamma)[1]}


def _worth(walk: dict[str, Any]) -> str:
    return f"{walk['moves']} worth {walk['return']:.2f}"


def _row(world: Maze, state: State, learned: Table, exact: Table) -> dict[str, Any]:
    place = {"left": state.left, "row": state.row + 1, "column": state.column + 1, "eaten": len(state.eaten)}
    return {**place, "q": learned[state], "exact": exact[state]}


def _table(world: Maze, learned: Table, exact: Table) -> str:
    """A line a state: where, Q of each move with the best one starred, and the true best."""
    lines = ["  left  row,col " + "".join(f"{move:>9} " for move in MOVES) + "  best in truth"]
    states = world.states()
    for state in states[:SHOWN]:
        q, best = learned[state], max(exact[state].values())
        cells = "".join(
            f"{q[move]:9.2f}{'*' if q[move] == max(q.values()) else ' '}" if move in q else " " * 9 + "·"
            for move in MOVES
        )
        true = "".join(move for move in MOVES if exact[state].get(move) == best)
        fed = "🧀" if state.eaten else "  "
        lines.append(f"  {state.left:4}   {state.row + 1},{state.column + 1} {fed} {cells}   {best:6.2f} {true}")
    more = len(states) - SHOWN
    return "\n".join(lines + ([f"  ... and {more} states more: --json has them all"] if more > 0 else []))


def _searches(searches: dict[str, dict[str, Any]], guide: str, prior: str) -> str:
    lines = [f"Search in the same maze, {guide}, prior {prior}"]
    for name, found in searches.items():
        if found["moves"] is None:
            lines.append(f"  {name:5} found no finished walk: give it a larger budget")
        else:
            lines.append(f"  {name:5} {_worth(found)}, found after {found['found_at_tokens']} tokens")
        spent = f"{found['tokens']} tokens, {found['expansions']} expansions, {found['verifier_calls']} verifier calls"
        lines.append(f"        in all {spent}; {found['answers']} walks finished; ended by: {found['stop_reason']}")
        visits = found["first_moves"] or {}
        for move, n in sorted(visits.items(), key=lambda pair: -pair[1]):
            lines.append(f"        {move} {'█' * round(30 * n / sum(visits.values())) or '▏'} {n}")
    return "\n".join(lines)
