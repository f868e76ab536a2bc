"""One search of one problem: drives the strategy's generator, grows its tree, keeps its journal.

A strategy is a deterministic function of (settings, seed, replies). `ask` gives the requests it has issued,
`tell` hands it a reply; both are appended to the journal, and a later process replays them to where this one was.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Generator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np

from qstar.budget import Ledger
from qstar.problem import Problem
from qstar.request import GREEDY, Expand, Reply, Stop, Submit, Unit, Wait
from qstar.tree import ROOT, Tree

JOURNAL, JOURNAL_VERSION = "qstar.journal", 1


class Strategy(Protocol):
    """A search algorithm: a frozen dataclass of settings whose `search` yields requests and receives children."""

    def search(self, tree: Tree, rng: np.random.Generator) -> Generator[Any, Any, None]: ...


class Issued(NamedTuple):
    """A request with its ticket and, per node, the number of draws already asked of it."""

    ticket: int
    request: Expand
    first_draws: tuple[int, ...]


class JournalMismatch(RuntimeError):
    """The search asks for something else than the journal recorded: other settings, seed or version."""


class Journal:
    """A JSONL file: a header, then a line for each pass that answered requests."""

    def __init__(self, path: str | os.PathLike[str], header: Mapping[str, Any] | None = None) -> None:
        """Opens `path` for appending; a new file starts with `header`."""
        self.path = Path(path)
        if header is not None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.write_text(json.dumps({"format": JOURNAL, "version": JOURNAL_VERSION, **header}) + "\n")
        self._file = self.path.open("a")

    def append(self, entry: Mapping[str, Any]) -> None:
        self._file.write(json.dumps(entry, allow_nan=False) + "\n")
        self._file.flush()  # survives the death of this process

    def close(self) -> None:
        self._file.close()

    @staticmethod
    def read(path: str | os.PathLike[str]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """The header and the entries; a line torn by a crash is cut off the file.

        Raises:
            FileNotFoundError: no such file.
            ValueError: not a journal, or of another version.
        """
        path = Path(path)
        raw = path.read_bytes()
        whole = raw[: raw.rfind(b"\n") + 1]
        if len(whole) < len(raw):
            with path.open("r+b") as file:
                file.truncate(len(whole))
        try:
            lines = [json.loads(line) for line in whole.splitlines()]
        except ValueError as error:  # neither JSON nor text
            raise ValueError(f"{path} is damaged: {error}; begin the run anew") from None
        if not lines or not isinstance(lines[0], dict) or lines[0].get("format") != JOURNAL:
            raise ValueError(f"{path} is no qstar journal: give the folder of a run")
        if lines[0].get("version") != JOURNAL_VERSION:
            raise ValueError(f"{path}: journal version {lines[0].get('version')}, this qstar reads {JOURNAL_VERSION}")
        return lines[0], lines[1:]


def calibrated(strategy: Strategy, tree: Tree, ledger: Ledger, rng: np.random.Generator) -> Generator[Any, Any, None]:
    """`strategy`, after the greedy completion that says what `Budget.multiple` means for this problem."""
    budget = ledger.budget
    if budget.unit is not None:
        ledger.cap = budget.cap(len(tree.prompt), budget.unit)
    elif budget.multiple is not None:
        completions = yield Expand((ROOT,), 1, Unit.ANSWER, GREEDY)
        length = tree.length[completions[0]] if completions else 0
        ledger.cap = budget.cap(len(tree.prompt), length)
    yield from strategy.search(tree, rng)


class Session:
    """The state of one search; holds no model.

    Attributes:
        tree: what has been found.
        ledger: what it has cost; charged by whoever runs the model.
        finished: the strategy has ended by itself.
    """

    def __init__(
        self,
        problem: Problem,
        strategy: Strategy,
        tree: Tree,
        *,
        seed: int = 0,
        ledger: Ledger | None = None,
        journal: Journal | None = None,
    ) -> None:
        self.problem, self.strategy, self.tree, self.seed = problem, strategy, tree, seed
        self.ledger = ledger or Ledger()
        self.journal = journal
        self.finished = self.closed = False
        self.outstanding: dict[int, Expand] = {}
        self._issued: list[Issued] = []
        self._drawn: Counter[int] = Counter()
        self._ready: dict[int, tuple[Expand, Reply]] = {}  # replies that the strategy has not taken
        self._blocked: tuple[int, ...] = ()
        self._waits_for_any = False
        self._tickets = 0
        self._search = calibrated(strategy, tree, self.ledger, np.random.default_rng(seed))
        self._begun = False

    def ask(self) -> list[Issued]:
        """The requests issued since the last call, in order. Raises whatever the strategy raises."""
        self._begin()
        issued, self._issued = self._issued, []
        return issued

    def _begin(self) -> None:
        if not self._begun:
            self._begun = True
            self._advance(None)

    def tell(self, replies: Mapping[int, Reply], notes: Mapping[str, Any] | None = None) -> None:
        """Takes replies that came together, journals them in one line, and lets the strategy go on.

        The tree grows by a reply when the strategy takes it, so that a strategy that takes its replies in a fixed
        order has a tree that does not depend on when they came. After `close` the tree grows at once.
        `notes` are kept in the journal for `replay`'s caller.
        """
        requests = {ticket: self.outstanding[ticket] for ticket in replies}
        if self.journal is not None and not self.closed:
            answered = [
                {"ticket": ticket, "digest": requests[ticket].digest(), "reply": reply.to_json()}
                for ticket, reply in replies.items()
            ]
            entry = {"answered": answered, "ledger": self.ledger.counts(), **(notes or {})}
            if self.ledger.budget.seconds is not None:  # where nothing hangs on the clock, equal runs write equal files
                entry["seconds"] = round(self.ledger.seconds, 3)
            self.journal.append(entry)
        self._deliver({ticket: (requests[ticket], reply) for ticket, reply in replies.items()})

    def replay(self, entry: Mapping[str, Any]) -> list[tuple[Expand, Reply]]:
        """Takes journalled replies instead of live ones. Returns them with the requests they answered.

        Raises:
            JournalMismatch: the strategy did not ask this.
        """
        self._begin()
        taken: dict[int, tuple[Expand, Reply]] = {}
        for answered in entry["answered"]:
            ticket, digest = answered["ticket"], answered["digest"]
            request = self.outstanding.get(ticket)
            if request is None or request.digest() != digest:
                raise JournalMismatch(
                    f"journal entry {ticket}: recorded {digest}, now asked "
                    f"{request.digest() if request else 'nothing'}: resume with the settings, seed and version of it"
                )
            taken[ticket] = request, Reply.from_json(answered["reply"])
        self.ledger.restore(entry["ledger"])
        self.ledger.elapsed = entry.get("seconds", self.ledger.elapsed)
        self._deliver(taken)
        self._issued = [issued for issued in self._issued if issued.ticket not in taken]
        return list(taken.values())

    def close(self) -> None:
        """Ends the strategy; the tree keeps everything, also what the strategy had not yet taken."""
        self.closed = True
        with suppress(Exception):  # the search is over, whatever the strategy does about it
            self._search.close()
        self._deliver({})
        if self.journal is not None:
            self.journal.close()

    def _grow(self, request: Expand, reply: Reply) -> list[int]:
        nodes: list[int] = []
        for node, value in zip(request.nodes, reply.values):
            self.tree.know(node, value)
        for parent, row in zip(request.nodes, reply.children):
            grown = self.tree.grow(parent, row, request.unit)
            nodes += [node for node, child in zip(grown, row) if child.stop is not Stop.BUDGET]
            if request.sampling is not None and request.unit is not Unit.ANSWER and not request.others:
                self.tree.share_prior(parent)
        return nodes

    def _deliver(self, replies: Mapping[int, tuple[Expand, Reply]]) -> None:
        for ticket in replies:
            del self.outstanding[ticket]
        self._ready |= replies
        if self.closed:
            for ticket in sorted(self._ready):
                self._grow(*self._ready.pop(ticket))
        elif any(ticket in self._blocked for ticket in replies):
            self._advance(self._collect())

    def _collect(self) -> Any:
        ticket = next(t for t in self._ready if t in self._blocked)
        nodes = self._grow(*self._ready.pop(ticket))
        self._blocked = ()
        return (ticket, nodes) if self._waits_for_any else nodes

    def _issue(self, request: Expand) -> int:
        ticket = self._tickets
        self._tickets += 1
        for node in request.nodes:
            if not 0 <= node < len(self.tree) or not self.tree.is_open(node):
                raise ValueError(f"the strategy asked to expand node {node}, which is finished, dead or unknown")
        first_draws = tuple(self._drawn[node] for node in request.nodes)
        if request.sampling is not None and request.width is not None:
            self._drawn.update(dict.fromkeys(request.nodes, request.width))
        self.outstanding[ticket] = request
        self._issued.append(Issued(ticket, request, first_draws))
        return ticket

    def _advance(self, value: Any) -> None:
        """Runs the strategy until it has to wait."""
        while True:
            try:
                wish = self._search.send(value)
            except StopIteration:
                self.finished = True
                return
            if isinstance(wish, Submit):
                value = self._issue(wish.request)
                continue
            if isinstance(wish, Expand):
                self._blocked, self._waits_for_any = (self._issue(wish),), False
            elif isinstance(wish, Wait):
                self._blocked, self._waits_for_any = tuple(wish.tickets), True
                unknown = [t for t in wish.tickets if t not in self.outstanding and t not in self._ready]
                if unknown or not wish.tickets:
                    raise ValueError(f"the strategy waits for tickets it does not hold: {unknown}")
            else:
                raise TypeError(f"a strategy yields Expand, Submit or Wait, not {type(wish).__name__}")
            if not any(t in self._blocked for t in self._ready):
                return
            value = self._collect()
