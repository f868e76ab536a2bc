"""The mouse in the maze: a world small enough to learn by heart, and to know exactly.

The mouse walks for a few steps. Eating the small cheese is worth 1, the big pile 10, the poison -10; pile and poison
end the walk, as do its last step and a dead end. A state knows how many steps are left and which cheese is eaten, so
that the world is a finite Markov decision process: tabular Q-learning can be laid beside exact value iteration.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

MOUSE, FLOOR, CHEESE, PILE, POISON, WALL = "M.cCx#"
REWARD = {CHEESE: 1.0, PILE: 10.0, POISON: -10.0}
MOVES = {"↑": (-1, 0), "↓": (1, 0), "←": (0, -1), "→": (0, 1)}
MOST_STATES = 20_000

DEFAULT = """
cM..
.x..
...C
"""


class State(NamedTuple):
    """Where the mouse is, the steps it has left, and the cheese it has eaten."""

    row: int
    column: int
    left: int
    eaten: frozenset[tuple[int, int]] = frozenset()


@dataclass(frozen=True)
class Maze:
    """A grid of `M` mouse, `.` floor, `c` cheese, `C` big pile, `x` poison and `#` wall; at most `steps` moves."""

    rows: tuple[str, ...]
    steps: int = 5

    @classmethod
    def parse(cls, text: str, steps: int = 5) -> Maze:
        """Reads a layout, a line a row; blanks around it and spaces between cells do not count.

        Raises ValueError that names the offending cell, row or number.
        """
        return cls(tuple(line.replace(" ", "") for line in text.strip().splitlines()), steps)

    def __post_init__(self) -> None:
        if not self.rows or not self.rows[0]:
            raise ValueError("the maze is empty: draw rows of M (mouse) . c C x #")
        for r, row in enumerate(self.rows, 1):
            if len(row) != len(self.rows[0]):
                raise ValueError(f"maze row {r} has {len(row)} cells, row 1 has {len(self.rows[0])}: make them equal")
            if odd := set(row) - set("M.cCx#"):
                raise ValueError(f"maze row {r} holds {min(odd)!r}: write M . c C x or #")
        if (mice := "".join(self.rows).count(MOUSE)) != 1:
            raise ValueError(f"the maze needs one mouse M, and has {mice}")
        if self.steps < 1:
            raise ValueError(f"the mouse needs at least one step, not {self.steps}")
        if self.is_over(self.start):
            raise ValueError("the mouse cannot move: make room beside M")

    @property
    def text(self) -> str:
        return "\n".join(self.rows)

    @property
    def start(self) -> State:
        row = next(r for r, cells in enumerate(self.rows) if MOUSE in cells)
        return State(row, self.rows[row].index(MOUSE), self.steps)

    def moves(self, state: State) -> list[str]:
        """The moves that stay in the grid and out of walls; none once the walk is over."""
        if state.left == 0 or self.rows[state.row][state.column] in (PILE, POISON):
            return []
        return [move for move in MOVES if self._cell(state, move) not in ("", WALL)]

    def is_over(self, state: State) -> bool:
        return not self.moves(state)

    def step(self, state: State, move: str) -> tuple[State, float]:
        """The next state and its reward. Raises ValueError for a move that is not legal here."""
        if move not in self.moves(state):
            raise ValueError(f"the mouse at row {state.row + 1}, column {state.column + 1} cannot go {move}")
        cell, (dr, dc) = self._cell(state, move), MOVES[move]
        at = (state.row + dr, state.column + dc)
        fresh = at not in state.eaten
        eaten = state.eaten | {at} if cell == CHEESE else state.eaten
        return State(*at, state.left - 1, eaten), REWARD.get(cell, 0.0) if fresh else 0.0

    def walk(self, moves: Sequence[str], gamma: float = 1.0) -> tuple[list[State], float]:
        """The states visited, the first included, and the discounted return. Raises ValueError as `step` does."""
        states, total = [self.start], 0.0
        for t, move in enumerate(moves):
            state, reward = self.step(states[-1], move)
            states.append(state)
            total += gamma**t * reward
        return states, total

    def states(self) -> list[State]:
        """Every state that can be reached and is not over, those with most steps left first.

        Raises ValueError for a maze that is too large for a table.
        """
        found, level = [], [self.start]
        while level:
            found += level
            if len(found) > MOST_STATES:
                raise ValueError(f"the maze has more than {MOST_STATES} states: take fewer steps or less cheese")
            nexts = dict.fromkeys(self.step(state, move)[0] for state in level for move in self.moves(state))
            level = sorted((s for s in nexts if not self.is_over(s)), key=lambda s: (s[:3], sorted(s.eaten)))
        return found

    def bounds(self) -> tuple[float, float]:
        """Least and greatest return that any walk can have."""
        cells = "".join(self.rows)
        return (REWARD[POISON] if POISON in cells else 0.0), cells.count(CHEESE) + (10.0 if PILE in cells else 0.0)

    def _cell(self, state: State, move: str) -> str:
        row, column = state.row + MOVES[move][0], state.column + MOVES[move][1]
        inside = 0 <= row < len(self.rows) and 0 <= column < len(self.rows[0])
        return self.rows[row][column] if inside else ""


Table = Mapping[State, Mapping[str, float]]  # Q(s, a) of the legal moves


def value_iteration(maze: Maze, gamma: float) -> dict[State, dict[str, float]]:
    """Q*(s, a) = r + gamma * max Q*(s', .), exact: one sweep, from the last step backwards."""
    q: dict[State, dict[str, float]] = {}
    for state in reversed(maze.states()):
        q[state] = {}
        for move in maze.moves(state):
            after, reward = maze.step(state, move)
            q[state][move] = reward + gamma * max(q.get(after, {"": 0.0}).values())
    return q


@dataclass(frozen=True)
class QLearning:
    """Tabular Q-learning (Watkins 1989) with epsilon-greedy exploration.

    Attributes:
        alpha: learning rate in (0, 1].
        gamma: discount in [0, 1].
        epsilon: share of moves made at random, in [0, 1].
        episodes: walks from the start.
        seed: of the moves made at random.
    """

    alpha: float = 0.2
    gamma: float = 0.95
    epsilon: float = 0.3
    episodes: int = 5000
    seed: int = 0

    def __post_init__(self) -> None:
        if not 0 < self.alpha <= 1:
            raise ValueError(f"alpha, the learning rate, lies in (0, 1], not {self.alpha}")
        for name in ("gamma", "epsilon"):
            if not 0 <= (value := getattr(self, name)) <= 1:
                raise ValueError(f"{name} lies in [0, 1], not {value}")
        if self.episodes < 0:
            raise ValueError(f"episodes cannot be {self.episodes}")

    def learn(self, maze: Maze) -> dict[State, dict[str, float]]:
        """Q(s, a) after `episodes` walks, 0 where no walk came by."""
        rng = np.random.default_rng(self.seed)
        q = {state: dict.fromkeys(maze.moves(state), 0.0) for state in maze.states()}
        for _ in range(self.episodes):
            state = maze.start
            while state in q:
                moves = list(q[state])
                if rng.random() < self.epsilon:
                    move = moves[int(rng.integers(len(moves)))]
                else:
                    move = greedy(q, state)
                after, reward = maze.step(state, move)
                target = reward + self.gamma * max(q.get(after, {"": 0.0}).values())
                q[state][move] += self.alpha * (target - q[state][move])
                state = after
        return q


def greedy(q: Table, state: State) -> str:
    """argmax of Q(s, .), the first of equals."""
    return max(q[state], key=q[state].__getitem__)


def route(maze: Maze, q: Table) -> list[str]:
    """The moves of the greedy policy from the start."""
    state, moves = maze.start, []
    while state in q:
        moves.append(greedy(q, state))
        state, _ = maze.step(state, moves[-1])
    return moves


def error(q: Table, exact: Table) -> float:
    """max |Q - Q*| over the states and moves."""
    return max((abs(q[s][a] - exact[s][a]) for s in exact for a in exact[s]), default=math.nan)


SIGNS = {MOUSE: "🐭", FLOOR: "  ", CHEESE: "🧀", PILE: "🏆", POISON: "💀", WALL: "██"}


def draw(maze: Maze, moves: Sequence[str] = (), *, emoji: bool = True) -> str:
    """The grid, with the arrows of a walk on the cells it leaves; the number of the step where it passes twice."""
    cells = [[SIGNS[cell] if emoji else f" {cell}" for cell in row] for row in maze.rows]
    states, _ = maze.walk(moves)
    for state, move in zip(states, moves):
        if maze.rows[state.row][state.column] in (FLOOR, MOUSE) and state != maze.start:
            cells[state.row][state.column] = f"{move} "
    bar = ["─" * 4] * len(maze.rows[0])
    lines = ["┌" + "┬".join(bar) + "┐"]
    for r, row in enumerate(cells):
        lines += ["│" + "│".join(f" {cell} " for cell in row) + "│"]
        lines += ["├" + "┼".join(bar) + "┤" if r < len(cells) - 1 else "└" + "┴".join(bar) + "┘"]
    return "\n".join(lines)
