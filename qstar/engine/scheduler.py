"""Serves every live request of every problem with one forward pass after another.

A request becomes streams: one for each continuation that is drawn, one for each node whose successors are
enumerated. A pass forwards the distinct trie positions that the streams need next, once each, charged to the ledger
of their problem before it runs; then every stream takes its token. Faults of the engine stay below this level; an
exception in a strategy or a verifier ends its own problem only.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import torch

from qstar.budget import FORCED, GENERATED, PROMPT, RECOMPUTED, Ledger
from qstar.engine.base import END, Engine, Forwarded, Prompt, Trie, Want, chained, draw, uniform, warped
from qstar.judge import Judge, VerifierError
from qstar.problem import Ending, Verdict
from qstar.request import AMONG, LEAST_Q, Begin, Child, Expand, Other, Reply, Sampling, Stop, Unit
from qstar.session import Issued, Session
from qstar.tree import ROOT

NEVER, HERE, EARLIER = 0, 1, 2  # whether a position was forwarded: by this process, or by one it resumes

Callback = Callable[[dict[str, Any]], None]


def last_drawn(tokens: Sequence[int], forced: Collection[int]) -> int:
    """Index of the last token that was not forced; 0 if there is none."""
    return next((i for i in reversed(range(len(tokens))) if i not in forced), 0)


@dataclass(slots=True, eq=False)
class Stream:
    """One continuation under way."""

    job: Job
    row: int  # which of the request's nodes it starts from
    chance: int  # the state its random numbers are drawn from
    at: int  # trie position of its last token
    text: str  # of the whole completion so far
    start: int  # where in `text` this continuation begins
    tokens: list[int] = field(default_factory=list)
    logp: float = 0.0
    forced: list[int] = field(default_factory=list)  # which of `tokens`
    given: Begin | None = None  # how it begins: the last token of that is still to be taken
    others: list[Other] = field(default_factory=list)
    served: int = 0  # passes
    behind: int = 0  # passes it had before a restart, which it catches up first
    charged: int = 0  # what its problem had been charged up to and including its last pass
    at_tokens: int = 0  # the same when it ended
    done: bool = False

    @property
    def begun(self) -> bool:
        """Whether it has more than what it was given."""
        return bool(self.tokens) and self.given is None

    def take(self, trie: Trie, token: int, piece: str) -> None:
        self.tokens.append(token)
        self.at = trie.extend(self.at, token)
        self.text += piece

    def end(self) -> None:
        self.done = True
        self.at_tokens = self.at_tokens or self.charged


@dataclass(slots=True, eq=False)
class Job:
    """A request under way. `found` holds the distinct children of each node by their tokens."""

    ticket: int
    request: Expand
    found: list[dict[tuple[int, ...], Child]]
    complete: bool
    values: list[float]  # of the nodes
    streams: list[Stream] = field(default_factory=list)
    waiting: int = 0

    def add(self, stream: Stream, child: Child) -> None:
        """An identical child only gains a count."""
        row = self.found[stream.row]
        same = row.get(child.tokens)
        row[child.tokens] = child if same is None else replace(same, count=same.count + 1)

    def reply(self) -> Reply:
        """Drawn children in the order of their draws, however long each took."""
        rows = self.found
        if self.request.sampling is not None:
            rows = [{} for _ in rows]
            for stream in self.streams:
                if child := self.found[stream.row].get(tuple(stream.tokens)):
                    rows[stream.row].setdefault(child.tokens, child)
        return Reply(tuple(tuple(row.values()) for row in rows), self.complete, tuple(self.values))


class Live:
    """A problem in flight: its session, its trie, and what it is waiting for.

    Attributes:
        stop_reason: why it ended; None while it runs. "finished": the strategy ended; "verified": an answer passed;
            "tokens", "flops", "seconds", "expansions", "verifier_calls": that cap; "interrupted"; "error".
        error: the exception behind "error".
    """

    def __init__(self, session: Session, judge: Judge, trie: Trie, prompt: Prompt, stop_on_pass: bool = True) -> None:
        self.session, self.judge, self.trie = session, judge, trie
        self.stop_on_pass = stop_on_pass
        self.stop_reason: str | None = None
        self.error: Exception | None = None
        self.passed = False
        self.queue: list[Issued] = []  # requests not begun
        self.under_way: dict[int, list[tuple[int, int]]] = {}  # tickets begun before a restart: (served, at_tokens)
        self.cut_by: str | None = None  # the cap that has already kept something from being done
        self.jobs: list[Job] = []
        self.answered: list[Job] = []  # in this pass
        self.streams: list[Stream] = []
        self.shown_nodes, self.shown_answers = 1, 0  # of the tree, in events
        self.forced: set[int] = set()  # trie positions
        self.completions: dict[int, tuple[int, ...]] = {}  # forced tokens after a trie position
        self.texts = {ROOT: prompt.starts_inside}
        self._completions, self._completed_tokens = 0, 0
        self._positions = [END]  # of each tree node
        self._states = [NEVER]  # of each trie position
        name = session.problem.id or session.problem.prompt
        self.key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "little")

    @property
    def ledger(self) -> Ledger:
        return self.session.ledger

    def position(self, node: int) -> int:
        """Trie position of a tree node."""
        tree = self.session.tree
        for n in range(len(self._positions), len(tree)):  # parents come before their children
            self._positions.append(self.trie.walk(self._positions[tree.parent[n]], tree.tokens[n]))
        return self._positions[node]

    def state(self, position: int) -> int:
        self._states.extend([NEVER] * (len(self.trie) - len(self._states)))
        return self._states[position]

    def mark(self, position: int, state: int) -> None:
        self.state(position)
        self._states[position] = state

    @property
    def catching_up(self) -> bool:
        """Requests that were under way before a restart are not yet where they were."""
        return bool(self.under_way) or any(stream.served < stream.behind for stream in self.streams)

    def notes(self) -> dict[str, Any]:
        """What a replay needs beside the replies: how far the other requests are, what the judge has said since."""
        under_way = {job.ticket: [(stream.served, stream.at_tokens) for stream in job.streams] for job in self.jobs}
        return {"under_way": under_way, "said": self.judge.news(), "cut_by": self.cut_by}

    @property
    def expected_length(self) -> float:
        """Mean tokens of the completions that have ended; 0 before the first."""
        return self._completed_tokens / self._completions if self._completions else 0.0

    def completed(self, tokens: int, stop: Stop, times: int = 1) -> None:
        if stop is not Stop.BUDGET:
            self._completions += times
            self._completed_tokens += times * tokens

    def replay(self, entry: Mapping[str, Any]) -> None:
        """Takes an entry of the journal, and marks what an earlier process forwarded for it."""
        replayed = self.session.replay(entry)
        self.judge.recall(entry["said"])
        self.under_way = {int(ticket): streams for ticket, streams in entry["under_way"].items()}
        self.cut_by = entry["cut_by"]
        for request, reply in replayed:
            values = reply.values or (math.nan,) * len(request.nodes)
            for parent, row, value in zip(request.nodes, reply.children, values):
                if request.width == 0 and (reply.complete or not math.isnan(value)):
                    self._mark_path(self.position(parent))
                for child in row:
                    if request.unit is Unit.ANSWER:
                        self.completed(len(child.tokens), child.stop, child.count)
                    self.passed = self.passed or child.verdict == Verdict.PASS.value
                    self._mark(self.position(parent), child)

    def _mark(self, at: int, child: Child) -> None:
        """All was forwarded but the last token that was drawn, and what was forced after it."""
        last = last_drawn(child.tokens, child.forced)
        path = [at]
        for i, token in enumerate(child.tokens):
            path.append(self.trie.extend(path[-1], token))
            if i in child.forced:
                self.forced.add(path[-1])
        self._mark_path(path[last])

    def _mark_path(self, at: int) -> None:
        """An earlier process forwarded everything up to `at`."""
        while at >= END and self.state(at) == NEVER:
            self.mark(at, EARLIER)
            at = self.trie.parent[at]


class Scheduler:
    """Runs problems on one engine.

    Attributes:
        max_rows: streams served in one pass at most; problems share them evenly.
        on_event: called with `{"type": "node" | "draw" | "answer" | "charge" | "end", "problem": id, ...}`; a draw
            is one that finished a text, also where it is an answer's second.
    """

    def __init__(self, engine: Engine, *, max_rows: int = 256, on_event: Callback | None = None) -> None:
        self.engine, self.max_rows, self.on_event = engine, max_rows, on_event
        self.lives: list[Live] = []
        self._refused: list[Live] = []  # the engine had no room for a stream of theirs in this pass

    def add(self, live: Live) -> None:
        live.ledger.start()
        self.lives.append(live)

    def run(self) -> Iterator[Live]:
        """Passes until every problem has ended; yields each as it ends."""
        while self.lives:
            self.step()
            for live in [live for live in self.lives if live.stop_reason is not None]:
                self.remove(live)
                yield live

    def interrupt(self) -> list[Live]:
        """Ends every problem where it is; the trees keep all that was found."""
        lives = list(self.lives)
        for live in lives:
            self._wind_up(live, "interrupted")
            self.remove(live)
        return lives

    def remove(self, live: Live) -> None:
        self.lives.remove(live)
        live.ledger.stop()
        live.session.close()
        self.engine.close(live.trie)
        self._emit(live, "end", reason=live.stop_reason, ledger=live.ledger.to_dict())

    def step(self) -> None:
        """One forward pass for all problems, and everything that follows from it."""
        for live in self.lives:
            self._guarded(live, self._admit, live)
        share = max(1, self.max_rows // max(1, len(self.lives)))
        wants: list[Want] = []
        served: list[tuple[Live, Stream, int]] = []
        self._refused = []
        for live in self.lives:
            if live.stop_reason is None:
                served += self._guarded(live, self._claim, live, share, wants) or []
        if wants:
            self._run(wants, served)
        elif self._refused and all(live.stop_reason is None for live in self.lives):
            message = "the KV pool is full of prompts in flight: raise kv_cap_gb, or solve fewer problems at once"
            self._fail(self._refused[0], MemoryError(message))
        for live in self.lives:
            self._guarded(live, self._tell, live)
            if live.stop_reason is None:
                live.streams = [stream for stream in live.streams if not stream.done]
                if live.passed and live.stop_on_pass and not live.catching_up:
                    self._wind_up(live, "verified")
                if self.on_event is not None:
                    self._emit(live, "charge", ledger=live.ledger.to_dict())

    def _run(self, wants: list[Want], served: list[tuple[Live, Stream, int]]) -> None:
        try:
            out = self.engine.forward(wants)
        except MemoryError as error:  # the engine has already tried with less
            for live in {id(live): live for live, _, _ in served}.values():
                self._fail(live, error)
        else:
            self._take_tokens(served, out)

    # -- requests become streams ------------------------------------------------------------------------------

    def _admit(self, live: Live) -> None:
        """Turns new requests into streams; ends the problem when its budget or its strategy is at an end.

        A resumed problem first gets back the requests that were under way, and catches up with them.
        """
        live.queue += live.session.ask()
        if not live.catching_up and (reason := self._at_an_end(live)):
            return self._wind_up(live, reason)
        spent = live.cut_by is not None and live.ledger.tokens_left < 1
        while live.queue:
            begun = live.under_way.pop(live.queue[0].ticket, None)
            if begun is None and (live.catching_up or spent or live.ledger.expansions_left < 1):
                break  # what is under way may still end, on tokens that are known
            self._begin(live, live.queue.pop(0), begun)
        live.under_way = {}
        if not live.jobs:
            self._wind_up(live, live.cut_by or ("expansions" if live.queue else "finished"))

    def _begin(self, live: Live, issued: Issued, begun: list[tuple[int, int]] | None) -> None:
        """The streams of a request, for as many of its nodes as there are expansions left."""
        request = issued.request
        width = request.width if request.sampling is not None and request.width is not None else 1
        if begun is None:
            affordable = int(min(len(request.nodes), live.ledger.expansions_left))
            live.ledger.expansions += affordable
            live.cut_by = live.cut_by if affordable == len(request.nodes) else "expansions"
            begun = [(0, 0)] * (affordable * width)
        affordable = len(begun) // width
        nodes = len(request.nodes)
        job = Job(issued.ticket, request, [{} for _ in request.nodes], affordable == nodes, [math.nan] * nodes)
        draws = [divmod(i, width) for i in range(len(begun))]
        keys = [(live.session.seed, live.key, request.nodes[row], issued.first_draws[row] + k) for row, k in draws]
        chances = chained(keys).tolist() if request.sampling is not None else [0] * len(keys)
        for (row, _), chance, (behind, at_tokens) in zip(draws, chances, begun):
            node = request.nodes[row]
            at, text = live.position(node), self._text(live, node)
            job.streams.append(Stream(job, row, chance, at, text, len(text), behind=behind, at_tokens=at_tokens))
        for stream, given in zip(job.streams, request.begins):
            stream.given, stream.forced = given, list(given.forced)
            for token in given.tokens[:-1]:
                stream.take(live.trie, token, self.engine.piece(live.trie, stream.at, token))
        job.waiting = len(job.streams)
        live.streams += job.streams
        live.jobs.append(job)

    def _text(self, live: Live, node: int) -> str:
        text = live.texts.get(node)
        if text is None:
            tree, trie = live.session.tree, live.trie
            parent = tree.parent[node]
            at, text = live.position(parent), self._text(live, parent)
            for token in tree.tokens[node]:
                text += self.engine.piece(trie, at, token)
                at = trie.extend(at, token)
            live.texts[node] = text
        return text

    # -- a pass -----------------------------------------------------------------------------------------------

    def _claim(self, live: Live, share: int, wants: list[Want]) -> list[tuple[Live, Stream, int]]:
        """Picks the streams of one problem for this pass, with their rows, and charges what they need.

        In a fixed order; a stream whose next token the budget does not cover is cut off here.
        """
        served: list[tuple[Live, Stream, int]] = []
        cut: list[Stream] = []
        rows: dict[int, int] = {}
        catching_up = live.catching_up
        promised = 0.0  # tokens that the completions under way are expected to take
        for stream in live.streams:
            if catching_up and stream.served >= stream.behind:
                continue
            if stream.job.request.unit is Unit.ANSWER and live.expected_length and not catching_up:
                if promised and promised >= live.ledger.tokens_left:
                    continue  # it begins, or goes on, when those before it have ended for less
                promised += max(1.0, live.expected_length - len(stream.tokens))
            row = rows.get(stream.at)
            if row is None:
                if len(rows) >= share:
                    continue
                want = Want(live.trie, stream.at)
                positions = self.engine.missing(want)
                kinds, flops = self._price(live, want, positions, NEVER if not catching_up else EARLIER)
                if cap := live.ledger.forbids(sum(kinds.values()), flops):
                    cut.append(stream)
                    live.cut_by = cap
                    continue
                if not self.engine.reserve(want, positions):
                    self._refused.append(live)
                    continue
                self._charge(live, positions, kinds, flops)
                row = rows[stream.at] = len(wants)
                wants.append(want)
            stream.served += 1
            stream.charged = live.ledger.tokens
            served.append((live, stream, row))
        live.ledger.passes += bool(rows) and not catching_up
        if cut and len(cut) == len(live.streams):
            self._wind_up(live, live.cut_by or "tokens")
            return []
        for stream in cut:
            stream.job.complete = False
            self._guarded(live, self._end_stream, live, stream, Stop.BUDGET)
        return served

    def _price(self, live: Live, want: Want, positions: list[int], unmarked: int) -> tuple[dict[str, int], float]:
        """What `positions` are charged as, and their FLOPs; those not marked yet count as `unmarked`.

        What a resumed run repeats is outside the caps: it goes to the ledger's `resumed` when it is charged.
        """
        kinds: dict[str, int] = {}
        for p in positions:
            state = live.state(p) or unmarked
            if state == EARLIER:
                continue
            kind = RECOMPUTED if state == HERE else PROMPT if p == END else FORCED if p in live.forced else GENERATED
            kinds[kind] = kinds.get(kind, 0) + (len(live.trie.prompt) if p == END else 1)
        new = sum(kinds.values())
        return kinds, self.engine.flops(new, max(1, live.trie.length(want.at) - new // 2)) if new else 0.0

    def _charge(self, live: Live, positions: list[int], kinds: dict[str, int], flops: float) -> None:
        ledger = live.ledger
        total = sum(len(live.trie.prompt) if p == END else 1 for p in positions)
        ledger.resumed += total - sum(kinds.values())
        ledger.charge(kinds, flops)
        for p in positions:
            live.mark(p, HERE)

    def _take_tokens(self, served: list[tuple[Live, Stream, int]], out: Forwarded) -> None:
        """Every served stream takes its next token, or the list of its node's successors."""
        logp = torch.log_softmax(out.logits, dim=-1)
        self._value(served, out)
        drawing = [entry for entry in served if entry[1].job.request.sampling is not None]
        listing = [entry for entry in served if entry[1].job.request.sampling is None]
        if drawing:
            tokens = self._draw(drawing, out)
            self._list_others(drawing, tokens, logp, out)
            picked = torch.tensor([[row for _, _, row in drawing], tokens], device=logp.device)
            logps = logp[picked[0], picked[1]].tolist()
            ended: list[tuple[Live, Stream, int, Stop]] = []
            for (live, stream, row), token, p in zip(drawing, tokens, logps):
                if stop := self._guarded(live, self._append, live, stream, token, p):
                    ended.append((live, stream, row, stop))
            # of the last token that was drawn: what is forced after it changes nothing
            last = [[stream.tokens[last_drawn(stream.tokens, stream.forced)]] for _, stream, _, _ in ended]
            q = self._q(out, [row for _, _, row, _ in ended], torch.tensor(last))
            for (live, stream, _, stop), (value,) in zip(ended, q):
                self._guarded(live, self._end_stream, live, stream, stop, value)
        by_shape: dict[tuple[int | None, int], list[tuple[Live, Stream, int]]] = {}
        for entry in listing:
            request = entry[1].job.request
            by_shape.setdefault((request.width, request.offset), []).append(entry)
        for (width, offset), entries in by_shape.items():
            self._enumerate(entries, width, offset, logp, out)

    def _value(self, served: list[tuple[Live, Stream, int]], out: Forwarded) -> None:
        """Values the nodes from which continuations begin, where a search goes on from them."""
        begun = {
            (id(stream.job), stream.row): (stream, row)
            for _, stream, row in served
            if not stream.tokens and stream.job.request.unit is not Unit.ANSWER
        }
        if begun and out.hidden is not None:
            values = self.engine.v(out.hidden[[row for _, row in begun.values()]])
            if values is not None:
                for (stream, _), value in zip(begun.values(), values.tolist()):
                    stream.job.values[stream.row] = value

    def _draw(self, drawing: list[tuple[Live, Stream, int]], out: Forwarded) -> list[int]:
        """The next token of each stream: the one that it was given, or one that is drawn."""
        by_sampling: dict[Sampling, list[int]] = {}
        tokens = [0] * len(drawing)
        for i, (_, stream, _) in enumerate(drawing):
            if stream.given is not None:
                tokens[i] = stream.given.tokens[-1]
            else:
                by_sampling.setdefault(stream.job.request.sampling, []).append(i)  # type: ignore[arg-type]
        for sampling, members in by_sampling.items():
            rows = sorted({drawing[i][2] for i in members})  # streams at one position share a row
            place = dict(zip(rows, range(len(rows))))
            device = out.logits.device
            places = torch.tensor([place[drawing[i][2]] for i in members], device=device)
            group = out.logits
            if len(rows) < len(group):
                group = group.index_select(0, torch.tensor(rows, device=device))
            if sampling.guidance and out.hidden is not None:
                group = self._guided(group, out.hidden[rows], sampling.guidance)
            if sampling.temperature == 0:
                chosen = group.argmax(-1)[places]
            else:
                streams = [drawing[i][1] for i in members]
                u = uniform([(len(stream.tokens),) for stream in streams], [stream.chance for stream in streams])
                chosen = draw(warped(group, sampling), places, torch.from_numpy(u).to(device))
            for i, token in zip(members, chosen.tolist()):
                tokens[i] = token
        return tokens

    def _guided(self, logits: torch.Tensor, hidden: torch.Tensor, weight: float) -> torch.Tensor:
        """Logits [n, vocabulary] of pi Q^weight among the most probable tokens; as they are without a Q head."""
        top, tokens = logits.topk(min(AMONG, logits.shape[-1]), dim=-1)
        q = self.engine.q(hidden, tokens.to(hidden.device))
        if q is None:
            return logits
        quality = q.clamp(min=LEAST_Q).log().nan_to_num(nan=0.0)  # NaN where nothing is known of a token
        best = top + weight * quality.to(top)
        return torch.full_like(logits, -math.inf).scatter(-1, tokens, best)

    def _q(self, out: Forwarded, rows: list[int], tokens: torch.Tensor) -> list[list[float]]:
        """Q of `tokens` [n, k] after the states of n rows; NaN without a Q head."""
        if rows and out.hidden is not None:
            q = self.engine.q(out.hidden[rows], tokens.to(out.hidden.device))
            if q is not None:
                return q.tolist()
        return [[math.nan] * tokens.shape[-1]] * len(rows)

    def _list_others(
        self, drawing: list[tuple[Live, Stream, int]], tokens: list[int], logp: torch.Tensor, out: Forwarded
    ) -> None:
        """Notes what could have been drawn instead of `tokens`."""
        asking: dict[int, list[int]] = {}
        for i, (_, stream, _) in enumerate(drawing):
            if stream.given is None and (count := stream.job.request.others):
                asking.setdefault(count, []).append(i)
        for count, members in asking.items():
            rows = [drawing[i][2] for i in members]
            top, ids = logp[rows].topk(min(count + 1, logp.shape[-1]), dim=-1)
            q = self._q(out, rows, ids)
            for i, candidates, ps, values in zip(members, ids.tolist(), top.tolist(), q):
                stream = drawing[i][1]
                at, before = len(stream.tokens), stream.logp
                ranked = zip(candidates, ps, values)
                others = [Other(at, t, before + p, v) for t, p, v in ranked if t != tokens[i] and p > -math.inf]
                stream.others += others[:count]

    def _append(self, live: Live, stream: Stream, token: int, logp: float) -> Stop | None:
        """Adds a token to a stream, and what the verifier forces after it; says whether the stream ends here.

        What is forced belongs to the step that called for it, whatever lines it has.
        """
        stream.logp += logp
        if stream.given is not None:
            stream.logp, stream.given = stream.given.logp, None
        stop = self._extend(live, stream, token)
        if stop is None and live.judge.forces:
            for forced in self._forced_here(live, stream):
                stream.forced.append(len(stream.tokens))
                stop = self._extend(live, stream, forced)
                live.forced.add(stream.at)
                if stop not in (None, Stop.STEP):
                    break
        return stop

    def _forced_here(self, live: Live, stream: Stream) -> tuple[int, ...]:
        """The tokens that the verifier forces after a stream; asked once for all that come to its position."""
        forced = live.completions.get(stream.at)
        if forced is None:
            text = live.judge.completion(stream.text)
            forced = tuple(self.engine.encode_forced(text)) if text else ()
            if isinstance(text, Ending) and self.engine.stops.eos:
                forced = (*forced, min(self.engine.stops.eos))
            live.completions[stream.at] = forced
        return forced

    def _extend(self, live: Live, stream: Stream, token: int) -> Stop | None:
        piece, stop = self._landing(live, stream, token)
        stream.take(live.trie, token, piece)
        return stop

    def _landing(self, live: Live, stream: Stream, token: int) -> tuple[str, Stop | None]:
        """The text that `token` adds to the stream, and why the stream would end with it."""
        stops, trie, unit = self.engine.stops, live.trie, stream.job.request.unit
        if token in stops.eos:
            return "", Stop.EOS
        piece = self.engine.piece(trie, stream.at, token) if unit is not Unit.TOKEN or self._reads_tokens(live) else ""
        if piece and stops.strings:
            text = stream.text + piece
            if any(_completed(s, text, len(stream.text)) for s in stops.strings):
                return piece, Stop.STRING
        plain = self._plain_landing(live, stream)
        if plain is Stop.LENGTH or unit is Unit.TOKEN:
            return piece, plain
        if unit is Unit.STEP and piece:
            text = stream.text + piece
            if _completed(stops.delimiter, text, len(stream.text)):
                first = len(text) - len(text[stream.start :].lstrip())  # blank lines before a step are part of it
                if _completed(stops.delimiter, text, len(stream.text), first):
                    return piece, Stop.STEP
        return piece, None

    def _plain_landing(self, live: Live, stream: Stream) -> Stop:
        """LENGTH if one more token fills the room there is, else TOKEN."""
        stops, trie, at = self.engine.stops, live.trie, stream.at
        full = trie.depth[at] + 1 >= stops.max_new_tokens or trie.length(at) + 1 >= stops.context
        return Stop.LENGTH if full else Stop.TOKEN

    def _reads_tokens(self, live: Live) -> bool:
        """Whether anybody wants the text of a single token before its text is finished."""
        return bool(self.engine.stops.strings) or live.judge.judges_prefixes

    def _enumerate(
        self,
        entries: list[tuple[Live, Stream, int]],
        width: int | None,
        offset: int,
        logp: torch.Tensor,
        out: Forwarded,
    ) -> None:
        """Ends enumerating streams with the successors of rank `offset` to `offset + width`."""
        rows = [row for _, _, row in entries]
        vocabulary = logp.shape[-1]
        last = vocabulary if width is None else min(vocabulary, offset + width)
        top, tokens = logp[rows].topk(last, dim=-1)
        top, tokens = top[:, offset:], tokens[:, offset:]
        q = self._q(out, rows, tokens)
        for (live, stream, _), ps, ids, values in zip(entries, top.tolist(), tokens.tolist(), q):
            self._guarded(live, self._list_children, live, stream, ids, ps, values)

    def _list_children(self, live: Live, stream: Stream, ids: list[int], ps: list[float], q: list[float]) -> None:
        stream.end()
        found, before, at_tokens = stream.job.found[stream.row], len(stream.text), stream.at_tokens
        plain, reads = self._plain_landing(live, stream), self._reads_tokens(live)
        for token, p, value in zip(ids, ps, q):
            if p == -np.inf:  # and so are all that follow
                break
            if reads or token in self.engine.stops.eos:
                piece, stop = self._landing(live, stream, token)
                assert stop is not None
                self._book(live, stream, Child((token,), p, stop, 0, value, (), at_tokens), stream.text + piece, before)
            else:
                found[token,] = Child((token,), p, plain, 0, value, (), at_tokens)
        self._stream_done(live, stream)

    # -- streams become replies -------------------------------------------------------------------------------

    def _end_stream(self, live: Live, stream: Stream, stop: Stop, q: float = float("nan")) -> None:
        """Books a drawn continuation as a child."""
        stream.end()
        if stream.begun:
            child = self._drawn(stream, stop, q)
            if child.tokens in stream.job.found[stream.row]:
                stream.job.add(stream, child)
            else:
                self._book(live, stream, child, stream.text, stream.start)
            if stream.job.request.unit is Unit.ANSWER:
                live.completed(len(stream.tokens), stop)
            if stop is Stop.EOS or stop is Stop.STRING:
                self._emit_draw(live, stream, child)
        self._stream_done(live, stream)

    def _emit_draw(self, live: Live, stream: Stream, child: Child) -> None:
        request = stream.job.request
        edge = {"parent": request.nodes[stream.row], "tokens": child.tokens, "rollout": request.unit is Unit.ANSWER}
        self._emit(live, "draw", **edge, at_tokens=stream.at_tokens)

    def _drawn(self, stream: Stream, stop: Stop, q: float = float("nan")) -> Child:
        forced, others = tuple(stream.forced), tuple(stream.others)
        return Child(tuple(stream.tokens), stream.logp, stop, 1, q, forced, stream.at_tokens, others)

    def _book(self, live: Live, stream: Stream, child: Child, text: str, start: int) -> None:
        """A new child, judged; if the verifier raises it is kept without a verdict."""
        try:
            stream.job.add(stream, self._judged(live, child, text, start))
        except VerifierError:
            stream.job.add(stream, replace(child, text=text, answer=live.judge.extract(text)))
            raise

    def _judged(self, live: Live, child: Child, text: str, start: int) -> Child:
        """`child`, which begins at `start` of `text`, with what the judge says of the text."""
        stops, judge, stop = self.engine.stops, live.judge, child.stop
        if stop is Stop.EOS or stop is Stop.STRING:
            ends = [at for s in stops.strings if (at := text.find(s)) >= 0]
            child = judge.finished(child, text[: min(ends)] if ends else text)
            live.passed = live.passed or child.verdict == Verdict.PASS.value
        elif judge.judges_prefixes and stop is not Stop.LENGTH and _completed(stops.delimiter, text, start):
            child = judge.unfinished(child, text)
        return child

    def _stream_done(self, live: Live, stream: Stream) -> None:
        job = stream.job
        job.waiting -= 1
        if not job.waiting:
            live.jobs.remove(job)
            live.answered.append(job)

    def _tell(self, live: Live) -> None:
        """Hands over what this pass has answered."""
        replies = {job.ticket: job.reply() for job in sorted(live.answered, key=lambda job: job.ticket)}
        live.answered = []
        if replies:
            live.session.tell(replies, live.notes())
        tree = live.session.tree
        if self.on_event is not None:
            for node in range(live.shown_nodes, len(tree)):
                self._emit(live, "node", node=node, parent=tree.parent[node], tokens=list(tree.tokens[node]))
            for answer in tree.answers[live.shown_answers :]:
                self._emit(live, "answer", answer=answer)
            live.shown_nodes, live.shown_answers = len(tree), len(tree.answers)

    # -- the end of a problem ---------------------------------------------------------------------------------

    def _at_an_end(self, live: Live) -> str | None:
        """What ends the problem before its next pass, if anything does."""
        ledger = live.ledger
        if live.passed and live.stop_on_pass:
            return "verified"
        if live.session.finished:
            return None
        if ledger.out_of_time:
            return "seconds"
        if ledger.verifier_calls_left < 1 and live.judge.verifier is not None:
            return "verifier_calls"
        return None

    def _wind_up(self, live: Live, reason: str) -> None:
        """Ends a problem; what its unfinished requests have found goes into the tree."""
        if live.stop_reason is not None:
            return
        live.stop_reason = reason
        live.session.close()
        for stream in live.streams:
            if not stream.done and stream.begun:
                stream.end()
                stream.job.add(stream, self._drawn(stream, Stop.BUDGET))
        for job in live.jobs:
            job.complete = False
        live.answered += live.jobs
        live.streams, live.jobs = [], []
        self._tell(live)

    def _guarded(self, live: Live, call: Callable[..., Any], *args: Any) -> Any:
        """`call(*args)`; an exception ends this problem and no other."""
        if live.stop_reason is not None:
            return None
        try:
            return call(*args)
        except Exception as error:
            self._fail(live, error)
            return None

    def _fail(self, live: Live, error: Exception) -> None:
        live.error = error
        self._wind_up(live, "error")

    def _emit(self, live: Live, kind: str, **fields: Any) -> None:
        if self.on_event is not None:
            self.on_event({"type": kind, "problem": live.session.problem.id, **fields})


def _completed(mark: str, text: str, since: int, first: int = 0) -> bool:
    """Whether `text` holds a `mark` that begins at `first` or later and ends after `since`."""
    return text.find(mark, max(first, since - len(mark) + 1)) >= 0
