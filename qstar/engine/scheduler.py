"""Serves every live request of every problem with one forward pass after another.

A request becomes streams: one for each continuation that is drawn, one for each node whose successors are
enumerated. A pass forwards the distinct trie positions that the streams need next, once each, charged to the ledger
of their problem before it runs; then every stream takes its token. Faults of the engine stay below this level; an
exception in a strategy or a verifier ends its own problem only.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import torch

from qstar.budget import FORCED, GENERATED, PROMPT, RECOMPUTED, Ledger
from qstar.engine.base import END, Engine, Forwarded, Prompt, Trie, Want, draw, uniform, warped
from qstar.judge import Judge
from qstar.problem import Verdict
from qstar.request import Child, Expand, Reply, Sampling, Stop, Unit
from qstar.session import Session
from qstar.tree import ROOT

NEVER, HERE, EARLIER = 0, 1, 2  # whether a position was forwarded: by this process, or by one it resumes
RESUMED = "resumed"

Callback = Callable[[dict[str, Any]], None]


@dataclass(slots=True, eq=False)
class Stream:
    """One continuation under way."""

    job: Job
    row: int  # which of the request's nodes it starts from
    draw: int
    at: int  # trie position of its last token
    text: str  # of the whole completion so far
    start: int  # where in `text` this continuation begins
    tokens: list[int] = field(default_factory=list)
    logp: float = 0.0
    forced: int = 0
    done: bool = False


@dataclass(slots=True, eq=False)
class Job:
    """A request under way. `found` holds the distinct children of each node by their tokens."""

    ticket: int
    request: Expand
    found: list[dict[tuple[int, ...], Child]]
    waiting: int = 0
    complete: bool = True


class Live:
    """A problem in flight: its session, its trie, and what it is waiting for.

    Attributes:
        stop_reason: why it ended; None while it runs. "finished": the strategy ended; "verified": an answer passed;
            "tokens", "flops", "seconds", "expansions", "verifier_calls": that cap; "interrupted"; "error".
        error: the exception behind "error".
    """

    def __init__(
        self, session: Session, judge: Judge, trie: Trie, prompt: Prompt, stop_on_pass: bool = True
    ) -> None:
        self.session, self.judge, self.trie = session, judge, trie
        self.stop_on_pass = stop_on_pass
        self.stop_reason: str | None = None
        self.error: Exception | None = None
        self.passed = False
        self.jobs: list[Job] = []
        self.streams: list[Stream] = []
        self.forced: set[int] = set()  # trie positions
        self.texts = {ROOT: prompt.starts_inside}
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

    def replay(self, entry: Mapping[str, Any]) -> None:
        """Takes a journalled reply, and marks what an earlier process forwarded for it."""
        request = self.session.replay(entry)
        self.mark(END, EARLIER)
        for parent, row in zip(request.nodes, entry["reply"]["children"]):
            self._mark_path(self.position(parent))
            for child in row:
                self._mark_path(self.trie.walk(self.position(parent), child["tokens"][:-1]))

    def _mark_path(self, at: int) -> None:
        while self.state(at) == NEVER:
            self.mark(at, EARLIER)
            at = self.trie.parent[at]


class Scheduler:
    """Runs problems on one engine.

    Attributes:
        max_rows: streams served in one pass at most; problems share them evenly.
        on_event: called with `{"type": "node" | "answer" | "charge" | "end", "problem": id, ...}`.
    """

    def __init__(self, engine: Engine, *, max_rows: int = 256, on_event: Callback | None = None) -> None:
        self.engine, self.max_rows, self.on_event = engine, max_rows, on_event
        self.lives: list[Live] = []

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
        for live in self.lives:
            if live.stop_reason is None:
                served += self._claim(live, share, wants)
        if wants:
            self._take_tokens(served, self.engine.forward(wants))
        for live in self.lives:
            if live.stop_reason is None:
                live.streams = [stream for stream in live.streams if not stream.done]
                if live.passed and live.stop_on_pass:
                    self._wind_up(live, "verified")
                if self.on_event is not None:
                    self._emit(live, "charge", ledger=live.ledger.to_dict())

    # -- requests become streams ------------------------------------------------------------------------------

    def _admit(self, live: Live) -> None:
        """Turns new requests into streams; ends the problem when its budget or its strategy is at an end."""
        session, ledger = live.session, live.ledger
        while True:
            if reason := self._exhausted_cap(live):
                return self._wind_up(live, reason)
            issued = session.ask()
            if not issued:
                break
            for ticket, request, first_draws in issued:
                affordable = int(min(len(request.nodes), ledger.expansions_left))
                ledger.expansions += affordable
                job = Job(
                    ticket, request, [{} for _ in request.nodes], complete=affordable == len(request.nodes)
                )
                width = request.width if request.sampling is not None and request.width is not None else 1
                for row, node in enumerate(request.nodes[:affordable]):
                    text, at = self._text(live, node), live.position(node)
                    for k in range(width):
                        live.streams.append(Stream(job, row, first_draws[row] + k, at, text, len(text)))
                job.waiting = width * affordable
                live.jobs.append(job)
                if not job.waiting:
                    self._answer(live, job)
        if not live.jobs:
            self._wind_up(live, "finished")

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
        reason = None
        for stream in live.streams:
            row = rows.get(stream.at)
            if row is None:
                if len(rows) >= share:
                    continue
                want = Want(live.trie, stream.at)
                positions = self.engine.missing(want)
                kinds = self._kinds(live, positions)
                if cap := self._forbidding_cap(live, want, kinds):
                    cut.append(stream)
                    reason = cap
                    continue
                if not self.engine.reserve(want):
                    continue
                self._charge(live, want, positions, kinds)
                row = rows[stream.at] = len(wants)
                wants.append(want)
            served.append((live, stream, row))
        live.ledger.passes += bool(rows)
        for stream in cut:
            stream.job.complete = False
            self._guarded(live, self._end_stream, live, stream, Stop.BUDGET)
        if cut and len(cut) == len(live.streams):
            self._wind_up(live, reason or "tokens")
        return served

    def _kinds(self, live: Live, positions: list[int]) -> Counter[str]:
        """How many of the positions are charged as what."""
        kinds: Counter[str] = Counter()
        for p in positions:
            first_time = PROMPT if p == END else FORCED if p in live.forced else GENERATED
            kind = {NEVER: first_time, HERE: RECOMPUTED, EARLIER: RESUMED}[live.state(p)]
            kinds[kind] += len(live.trie.prompt) if p == END else 1
        return kinds

    def _flops(self, live: Live, want: Want, positions: int) -> float:
        return self.engine.flops(positions, max(1, live.trie.length(want.at) - positions // 2))

    def _forbidding_cap(self, live: Live, want: Want, kinds: Counter[str]) -> str | None:
        """The cap that these positions would cross, if any. What a resumed run repeats is outside the caps."""
        new = sum(kinds.values()) - kinds[RESUMED]
        if new > live.ledger.tokens_left:
            return "tokens"
        return "flops" if new and self._flops(live, want, new) > live.ledger.flops_left else None

    def _charge(self, live: Live, want: Want, positions: list[int], kinds: Counter[str]) -> None:
        live.ledger.resumed += kinds.pop(RESUMED, 0)
        if new := sum(kinds.values()):
            flops = self._flops(live, want, new)
            for kind, n in kinds.items():
                live.ledger.charge(kind, n, flops * n / new)
        for p in positions:
            live.mark(p, HERE)

    def _take_tokens(self, served: list[tuple[Live, Stream, int]], out: Forwarded) -> None:
        """Every served stream takes its next token, or the list of its node's successors."""
        logp = torch.log_softmax(out.logits, dim=-1)
        drawing = [entry for entry in served if entry[1].job.request.sampling is not None]
        listing = [entry for entry in served if entry[1].job.request.sampling is None]
        if drawing:
            tokens = self._draw(drawing, out.logits)
            rows = torch.tensor([row for _, _, row in drawing], device=logp.device)
            logps = logp[rows, tokens].tolist()
            ended: list[tuple[Live, Stream, int, Stop]] = []
            for (live, stream, row), token, p in zip(drawing, tokens.tolist(), logps):
                if stop := self._guarded(live, self._append, live, stream, token, p):
                    ended.append((live, stream, row, stop))
            q = self._q(
                out, [row for _, _, row, _ in ended], [stream.tokens[-1] for _, stream, _, _ in ended]
            )
            for (live, stream, _, stop), value in zip(ended, q):
                self._guarded(live, self._end_stream, live, stream, stop, value)
        by_shape: dict[tuple[int | None, int], list[tuple[Live, Stream, int]]] = {}
        for entry in listing:
            request = entry[1].job.request
            by_shape.setdefault((request.width, request.offset), []).append(entry)
        for (width, offset), entries in by_shape.items():
            self._enumerate(entries, width, offset, logp, out)

    def _draw(self, drawing: list[tuple[Live, Stream, int]], logits: torch.Tensor) -> torch.Tensor:
        """The next token of each stream, [n]."""
        by_sampling: dict[Sampling, list[int]] = {}
        for i, (_, stream, _) in enumerate(drawing):
            by_sampling.setdefault(stream.job.request.sampling, []).append(i)  # type: ignore[arg-type]
        tokens = torch.empty(len(drawing), dtype=torch.long, device=logits.device)
        for sampling, members in by_sampling.items():
            rows, inverse = np.unique([drawing[i][2] for i in members], return_inverse=True)
            group = logits[torch.from_numpy(rows).to(logits.device)]
            if sampling.temperature == 0:
                chosen = group.argmax(-1)[torch.from_numpy(inverse).to(logits.device)]
            else:
                keys = [
                    (
                        live.session.seed,
                        live.key,
                        stream.job.request.nodes[stream.row],
                        stream.draw,
                        len(stream.tokens),
                    )
                    for live, stream, _ in (drawing[i] for i in members)
                ]
                u = torch.from_numpy(uniform(keys)).to(logits.device)
                chosen = draw(warped(group, sampling), torch.from_numpy(inverse).to(logits.device), u)
            tokens[members] = chosen
        return tokens

    def _q(self, out: Forwarded, rows: list[int], tokens: list[int]) -> list[float]:
        """Q of each token after the state of its row; NaN without a Q head."""
        if rows and out.hidden is not None:
            q = self.engine.q(out.hidden[rows], torch.tensor(tokens, device=out.hidden.device))
            if q is not None:
                return q.tolist()
        return [float("nan")] * len(rows)

    def _append(self, live: Live, stream: Stream, token: int, logp: float) -> Stop | None:
        """Adds a token to a stream, and what the verifier forces after it; says whether the stream ends here."""
        stream.logp += logp
        stop = self._extend(live, stream, token)
        if stop is None and live.judge.forces:
            text = live.judge.completion(stream.text)
            for forced in self.engine.encode_forced(text) if text else ():
                stop = self._extend(live, stream, forced)
                stream.forced += 1
                live.forced.add(stream.at)
                if stop is not None:
                    break
        return stop

    def _extend(self, live: Live, stream: Stream, token: int) -> Stop | None:
        piece, stop = self._landing(live, stream, token)
        stream.tokens.append(token)
        stream.at = live.trie.extend(stream.at, token)
        stream.text += piece
        return stop

    def _landing(self, live: Live, stream: Stream, token: int) -> tuple[str, Stop | None]:
        """The text that `token` adds to the stream, and why the stream would end with it."""
        stops, trie, unit = self.engine.stops, live.trie, stream.job.request.unit
        if token in stops.eos:
            return "", Stop.EOS
        piece = self.engine.piece(trie, stream.at, token)
        if piece:
            text = stream.text + piece
            if any(text.find(s, max(0, len(stream.text) - len(s) + 1)) >= 0 for s in stops.strings):
                return piece, Stop.STRING
            if unit is Unit.STEP:
                end = text.find(
                    stops.delimiter, max(stream.start, len(stream.text) - len(stops.delimiter) + 1)
                )
                if end >= 0 and text[stream.start :].strip():
                    return piece, Stop.STEP
        if trie.depth[stream.at] + 1 >= stops.max_new_tokens:
            return piece, Stop.LENGTH
        return piece, Stop.TOKEN if unit is Unit.TOKEN else None

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
        k = tokens.shape[-1]
        q = self._q(out, [row for row in rows for _ in range(k)], tokens.flatten().tolist())
        for i, ((live, stream, _), ps, ids) in enumerate(zip(entries, top.tolist(), tokens.tolist())):
            self._guarded(live, self._list_children, live, stream, ids, ps, q[i * k : (i + 1) * k])

    def _list_children(
        self, live: Live, stream: Stream, ids: list[int], ps: list[float], q: list[float]
    ) -> None:
        found = stream.job.found[stream.row]
        for token, p, value in zip(ids, ps, q):
            if p == -np.inf:
                continue
            piece, stop = self._landing(live, stream, token)
            assert stop is not None
            child = Child((token,), p, stop, q=value, at_tokens=live.ledger.tokens)
            found[child.tokens] = self._judged(live, child, stream.text, piece)
        self._stream_done(live, stream)

    # -- streams become replies -------------------------------------------------------------------------------

    def _end_stream(self, live: Live, stream: Stream, stop: Stop, q: float = float("nan")) -> None:
        """Books a drawn continuation as a child; an identical one only gains a count."""
        found, tokens = stream.job.found[stream.row], tuple(stream.tokens)
        child = found.get(tokens)
        if child is not None:
            found[tokens] = replace(child, count=child.count + 1)
        elif tokens:
            child = Child(tokens, stream.logp, stop, 1, q, stream.forced, live.ledger.tokens)
            found[tokens] = self._judged(live, child, "", stream.text)
        self._stream_done(live, stream)

    def _judged(self, live: Live, child: Child, before: str, piece: str) -> Child:
        """`child` with what the judge says of its text, `before + piece`."""
        stops, judge = self.engine.stops, live.judge
        if child.stop.terminal:
            text = before + piece
            for s in stops.strings:
                text = text.split(s, 1)[0]
            child = judge.finished(child, text)
            live.passed = live.passed or child.verdict == Verdict.PASS.value
        elif judge.judges_prefixes and (child.stop is Stop.STEP or stops.delimiter in piece):
            child = judge.unfinished(child, before + piece)
        return child

    def _stream_done(self, live: Live, stream: Stream) -> None:
        stream.done = True
        job = stream.job
        job.waiting -= 1
        if not job.waiting:
            self._answer(live, job)

    def _answer(self, live: Live, job: Job) -> None:
        live.jobs.remove(job)
        self._tell(live, job)

    def _tell(self, live: Live, job: Job) -> None:
        tree = live.session.tree
        nodes, answers = len(tree), len(tree.answers)
        live.session.tell(job.ticket, Reply(tuple(tuple(row.values()) for row in job.found), job.complete))
        if self.on_event is not None:
            for node in range(nodes, len(tree)):
                self._emit(live, "node", node=node, parent=tree.parent[node], tokens=list(tree.tokens[node]))
            for answer in tree.answers[answers:]:
                self._emit(live, "answer", answer=answer)

    # -- the end of a problem ---------------------------------------------------------------------------------

    def _exhausted_cap(self, live: Live) -> str | None:
        """The cap that ends the problem before its next pass, if any."""
        ledger = live.ledger
        if live.session.finished:
            return None
        if ledger.out_of_time:
            return "seconds"
        if ledger.expansions_left < 1 and not live.jobs:
            return "expansions"
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
            tokens = tuple(stream.tokens)
            if not stream.done and tokens:
                cut = Child(tokens, stream.logp, Stop.BUDGET, 1, forced=stream.forced)
                stream.job.found[stream.row].setdefault(tokens, cut)
        for job in live.jobs:
            job.complete = False
            self._tell(live, job)
        live.streams, live.jobs = [], []

    def _guarded(self, live: Live, call: Callable[..., Any], *args: Any) -> Any:
        """`call(*args)`; an exception ends this problem and no other."""
        if live.stop_reason is not None:
            return None
        try:
            return call(*args)
        except Exception as error:
            live.error = error
            self._wind_up(live, "error")
            return None

    def _emit(self, live: Live, kind: str, **fields: Any) -> None:
        if self.on_event is not None:
            self.on_event({"type": kind, "problem": live.session.problem.id, **fields})
