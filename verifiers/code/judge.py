"""The trusted end of the channel: holds the tests, asks the candidate for values, compares.

Runs in a child of a judge server, so that a test driven astray by a hostile value (an endless loop, a
gigantic power, colliding hashes) can be killed like anything else. Test code runs here as it is; the names
it takes from the program are bound to `Remote` stand-ins.

    pool -> judge   {"source", "tests", "entry_point", "names", "modules", "prompt", "test_timeout", "stop_early"}
    judge -> pool   [index, verdict, detail, seconds] a test, index -1 when the program did not load
                    [index, "observed", text, seconds, digest]     [] at the end
"""

from __future__ import annotations

import builtins
import contextlib
import hashlib
import importlib
import os
import random
import reprlib
import select
import socket
import time
import traceback
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from verifiers.code import forms, wire
from verifiers.code.verdict import Verdict

MAX_REPLY = wire.MAX_BYTES + 16 * wire.MAX_ITEMS  # bytes
MAX_PRINTED = 8 << 20  # bytes of output of a script
MEMORY = 2 << 30  # bytes of address space for decoding and comparing
TEST_FILE = "<test>"

# Besides the verdicts, what a message to the pool may say:
GONE = "gone"  # the candidate died, the pool will know how; for a script, detail tells how its output differs
OBSERVED = "observed"
TEST_ERROR = "test error"  # the test itself cannot be run


def serve(fds: list[int], seconds: float, memory: int) -> None:
    """Judge programs until the pool closes its socket, `fds[0]`. With each comes the candidate's channel and,
    for a script, its stdout."""
    import resource  # these two exist on Linux only, the package must import elsewhere

    from verifiers.code import confine

    confine.die_with_parent()
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    pool = socket.socket(fileno=fds[0])
    while True:
        header, lent, _, _ = socket.recv_fds(pool, wire.HEADER.size, 2)
        if not header:
            return
        random.seed(0)  # tests that draw inputs draw the same ones for every program
        job = wire.decode(_exactly(pool, wire.HEADER.unpack(header)[0]), names=wire.ALL_NAMES)
        with socket.socket(fileno=lent[0]) as channel:
            for line in Judge(Channel(channel), job).run(*lent[1:]):
                send(pool, line)
        for fd in lent[1:]:
            os.close(fd)
        send(pool, [])


def send(sock: socket.socket, message: Any, fds: Sequence[int] = ()) -> None:
    data = wire.encode(message, names=wire.ALL_NAMES)
    socket.send_fds(sock, [wire.HEADER.pack(len(data))], fds)
    sock.sendall(data)


def receive(sock: socket.socket) -> Any:
    """The next message; EOFError when the other end is closed."""
    size = wire.HEADER.unpack(_exactly(sock, wire.HEADER.size))[0]
    return wire.decode(_exactly(sock, size))


def _exactly(sock: socket.socket, n: int) -> bytes:
    data = bytearray()
    while len(data) < n:
        piece = sock.recv(min(n - len(data), 1 << 20))
        if not piece:
            raise EOFError
        data += piece
    return bytes(data)


# ---------------------------------------------------------------- talking to the candidate


class Broken(BaseException):
    """The candidate can answer no more. Not an Exception, so that test code does not catch it by habit."""

    def __init__(self, verdict: str, detail: str) -> None:
        super().__init__(verdict, detail)
        self.verdict, self.detail = verdict, detail


class CandidateError(Exception):
    """The candidate raised; `line` is the last line of its traceback."""

    def __init__(self, line: str) -> None:
        self.line = line

    def __str__(self) -> str:
        return self.line


class NotPlainData(TypeError):
    """A test would have to take the word of an object that the candidate's own code speaks for."""


class CannotSend(TypeError):
    """A test hands the candidate a value that has no plain form: the test's fault."""


class Channel:
    """Requests and replies. Once `broken` it stays so, whatever test code catches."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.broken: Broken | None = None
        self.deadline: float | None = None  # of the current test, on time.monotonic
        self.last: Any = None  # what came back last, for messages
        self.remotes: dict[int, Remote] = {}
        self.callbacks: list[Any] = []

    def ask(self, operation: str, *operands: Any) -> Any:
        """The value the candidate answers with. Raises CandidateError if it raised, Broken once it is lost."""
        self.post(operation, *operands)
        return self.reply(operands)

    def post(self, operation: str, *operands: Any) -> None:
        if self.broken:
            raise self.broken
        request = self._encode([operation, *operands])
        with self._guard():
            self._send(request)

    def reply(self, operands: Sequence[Any] = ()) -> Any:
        with self._guard():
            status, *rest = self._answer()
            if status == "ok":
                value, changed = rest
                for index, argument in changed:
                    _write_back(operands[1][index], argument)
                self.last = value
                return value
            line = printable(rest[-1])
            error = _exception(rest[0], line) if status == "error" else None
        raise error or self.lost(Verdict.MALFORMED, line)

    @contextlib.contextmanager
    def _guard(self) -> Iterator[None]:
        try:
            yield
        except TimeoutError:
            raise self.lost(Verdict.TIMEOUT, "no answer within the time of one test") from None
        except (EOFError, ConnectionError):
            raise self.lost(GONE, "") from None
        except (ValueError, TypeError, LookupError, AttributeError, MemoryError) as problem:
            line = f"not a valid reply: {printable(str(problem)) or type(problem).__name__}"
            raise self.lost(Verdict.MALFORMED, line) from None

    def lost(self, verdict: str, detail: str) -> Broken:
        """Note that the candidate answers no more; the exception to raise."""
        self.broken = Broken(verdict, detail)
        return self.broken

    def _answer(self) -> Any:
        """The next reply; on the way there, calls of functions that a test passed as arguments."""
        while True:
            reply = wire.decode(self.receive(), resolve=self._remote)
            if reply[0] != "callback":
                return reply
            _, number, args, kwargs = reply
            try:
                answer = ["ok", self.callbacks[number](*args, **kwargs)]
            except Exception as error:
                answer = ["error", type(error).__name__, str(error)]
            self._send(self._encode(answer))

    def _send(self, message: bytes) -> None:
        self._watch()
        self.sock.sendall(wire.HEADER.pack(len(message)) + message)

    def receive(self) -> bytes:
        self._watch()
        size = wire.HEADER.unpack(_exactly(self.sock, wire.HEADER.size))[0]
        if size > MAX_REPLY:
            raise wire.WireError(f"{size} bytes announced, {MAX_REPLY} allowed")
        return _exactly(self.sock, size)

    def _watch(self) -> None:
        if self.deadline is not None:
            self.sock.settimeout(max(1e-3, self.deadline - time.monotonic()))

    def _encode(self, message: Any) -> bytes:
        return wire.encode(message, opaque=self._number, names=wire.ALL_NAMES)

    def _number(self, value: Any) -> int:
        """Objects of the candidate are even, functions of the test odd."""
        if type(value) is Remote:
            return 2 * object.__getattribute__(value, "_number")
        if not callable(value):
            kind = type(value).__name__
            raise CannotSend(f"a test passes a {kind} to the program; only plain data and functions can be")
        self.callbacks.append(value)
        return 2 * len(self.callbacks) - 1

    def _remote(self, number: int) -> Remote:
        if number not in self.remotes:
            self.remotes[number] = Remote(self, number)
        return self.remotes[number]


def _write_back(target: Any, value: Any) -> None:
    """Let a test see what the candidate did to a container it was given."""
    if type(target) is not type(value):
        raise wire.WireError("an argument changed its type")
    if type(target) in (list, bytearray):
        target[:] = value
    elif type(target) in (dict, set):
        target.clear()
        target.update(value)
    else:
        raise wire.WireError("an argument that cannot change has changed")


def _exception(name: str, line: str) -> CandidateError:
    """A CandidateError that is also the built-in exception `name`, so that tests can expect it. Not StopIteration,
    by which a program could end a loop of the test early."""
    kind = getattr(builtins, name, None)
    silent = (StopIteration, StopAsyncIteration)
    if isinstance(kind, type) and issubclass(kind, Exception) and kind is not Exception and kind not in silent:
        with contextlib.suppress(TypeError):  # those that take more than a line
            error: CandidateError = type(name, (CandidateError, kind), {})(line)
            return error
    return CandidateError(line)


class Remote:
    """Stands in a test for an object that stays with the candidate: a function, a class, an instance.

    Calling it, its attributes, items, length, text and iteration ask the candidate for *values*. Judgements
    are not delegated, nor arithmetic, which would show it what a test expects: it equals only itself and has
    no truth value.
    """

    __slots__ = ("_channel", "_number")

    def __init__(self, channel: Channel, number: int) -> None:
        object.__setattr__(self, "_channel", channel)
        object.__setattr__(self, "_number", number)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._channel.ask("call", self, list(args), kwargs)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._channel.ask("get", self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._channel.ask("set", self, name, value)

    def __getitem__(self, key: Any) -> Any:
        return self._channel.ask("item", self, key)

    def __len__(self) -> int:
        return int(self._channel.ask("length", self))

    def __str__(self) -> str:
        return str(self._channel.ask("text", self))

    def __iter__(self) -> Iterator[Any]:
        (iterator,) = self._channel.ask("iterate", self)
        while items := self._channel.ask("next", iterator):
            yield from items

    def __bool__(self) -> bool:
        raise NotPlainData("an object of the program has no truth value here")

    def __repr__(self) -> str:
        return "<an object of the program>"


# ---------------------------------------------------------------- the tests


class Judge:
    """One program's tests, in order, until the candidate breaks."""

    def __init__(self, channel: Channel, job: dict[str, Any]) -> None:
        self.channel, self.job = channel, job
        self.tests: list[forms.Test] = [getattr(forms, kind)(*fields) for kind, *fields in job["tests"]]
        self.entry: str | None = job["entry_point"]
        self.namespace: dict[str, Any] = {"__name__": "tests"}
        self.wanted: set[str] = job["names"]

    def run(self, stdout: int | None = None) -> Iterator[list[Any]]:
        """Messages for the pool."""
        if stdout is not None:
            (script,) = self.tests
            assert isinstance(script, forms.Script)
            yield self.timed(0, partial(self.run_script, script, stdout))
            return
        self.start_clock()
        failure = self.attempt(self.load, "")
        if failure:
            yield [-1, *failure, 0.0]
            return
        for i, test in enumerate(self.tests):
            message = self.timed(i, partial(self.run_test, test), getattr(test, "code", ""))
            yield message
            if self.channel.broken or (self.job["stop_early"] and message[1] != Verdict.PASS):
                return

    def timed(self, index: int, test: Any, source: str = "") -> list[Any]:
        start = self.start_clock()
        self.channel.last = None
        verdict, detail, *more = self.attempt(test, source) or (Verdict.PASS, "")
        return [index, str(verdict), detail, time.monotonic() - start, *more]

    def start_clock(self) -> float:
        """Give what follows the time of one test; now."""
        now, limit = time.monotonic(), self.job["test_timeout"]
        self.channel.deadline = None if limit is None else now + limit
        return now

    def attempt(self, step: Any, source: str) -> tuple[Any, ...] | None:
        """None if `step` went through and the candidate is still there, else verdict and detail."""
        result: tuple[Any, ...] | None
        try:
            result = step()
        except CannotSend as error:
            return TEST_ERROR, str(error)
        except CandidateError as error:
            memory = isinstance(error, MemoryError)
            result = (Verdict.MEMORY if memory else Verdict.EXCEPTION), error.line
        except AssertionError as error:
            result = Verdict.WRONG, self.explain(error, source)
        except BaseException as error:  # raised by test code that was given an odd value
            name = getattr(error, "name", None) if isinstance(error, NameError) else None
            if name in self.wanted:
                result = Verdict.NO_ENTRY_POINT, f"the program defines no {name!r}"
            else:
                text = f"{type(error).__name__}: {printable(str(error))}"
                result = Verdict.WRONG, f"{self.explain(error, source)}: {text}"
        if self.channel.broken:
            return self.channel.broken.verdict, self.channel.broken.detail
        return result

    def explain(self, error: BaseException, source: str) -> str:
        """The failing line of the test, and what came back last."""
        lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == TEST_FILE]
        where = ""
        if lines and lines[-1]:
            where = source.splitlines()[lines[-1] - 1].strip()
        said = f" ({printable(str(error))})" if isinstance(error, AssertionError) and str(error) else ""
        return f"{shorten(where)}{said}: got {shown(self.channel.last)}"

    def load(self) -> tuple[Any, ...] | None:
        """Run the program, bind what the tests take from it, run the trusted code that precedes them."""
        found = self.channel.ask("load", self.job["source"], sorted(self.wanted))
        if type(found) is not dict or not set(found) <= self.wanted:
            raise self.channel.lost(Verdict.MALFORMED, "not a valid reply to loading")
        for module in self.job["modules"]:
            self.namespace[module] = importlib.import_module(module)
        execute(self.job["prompt"], "<prompt>", self.namespace)
        self.namespace.pop(self.entry or "", None)
        self.namespace.update(found)
        if self.entry and self.entry not in found:
            return Verdict.NO_ENTRY_POINT, f"the program defines no {self.entry!r}"
        if self.entry and not callable(found[self.entry]):
            return Verdict.NO_ENTRY_POINT, f"{self.entry!r} is {shown(found[self.entry])}, not a function"
        for setup in dict.fromkeys(t.setup for t in self.tests if isinstance(t, forms.Assert)):
            execute(setup, "<setup>", self.namespace)
        return None

    def run_test(self, test: forms.Test) -> tuple[Any, ...] | None:
        if isinstance(test, forms.Assert):
            execute(test.code, TEST_FILE, self.namespace)
            return None
        if isinstance(test, forms.Check):
            execute(test.code, TEST_FILE, self.namespace)
            self.namespace["check"](self.namespace[self.entry or ""])
            return None
        assert isinstance(test, (forms.Call, forms.Observe))
        args = list(test.args)
        value = self.namespace[self.entry or ""](*args, **test.kwargs)
        if isinstance(test, forms.Observe):
            return OBSERVED, shown(value), digest([value, args])
        if value == test.expected:
            return None
        return Verdict.WRONG, f"expected {shown(test.expected)}, got {shown(value)}"

    def run_script(self, test: forms.Script, stdout: int) -> tuple[Any, ...] | None:
        """Start the program as a script and read what it prints while it runs."""
        self.channel.post("load", self.job["source"], [])
        os.set_blocking(stdout, False)
        waiting = select.poll()
        waiting.register(stdout, select.POLLIN)
        waiting.register(self.channel.sock, select.POLLIN)
        printed = bytearray()
        ended = False
        while ready := [fd for fd, _ in waiting.poll(0 if ended else None)]:
            if stdout in ready:
                piece = os.read(stdout, 1 << 16)
                printed += piece
                if len(printed) > MAX_PRINTED:
                    raise self.channel.lost(Verdict.MALFORMED, f"printed more than {MAX_PRINTED} bytes")
                if not piece:
                    waiting.unregister(stdout)
            else:
                ended = True  # all it printed is in the pipe by now
                waiting.unregister(self.channel.sock)
        wrong = difference(bytes(printed).decode("utf-8", "replace"), test.stdout)
        try:
            self.channel.reply()
        except Broken as broken:
            if broken.verdict == GONE:
                broken.detail = wrong
            raise
        return (Verdict.WRONG, wrong) if wrong else None


def execute(code: str, name: str, namespace: dict[str, Any]) -> None:
    """Run trusted code as it stands: asserts count, however this interpreter was started."""
    exec(compile(code, name, "exec", dont_inherit=True, optimize=0), namespace)


def difference(printed: str, wanted: str) -> str:
    """The first line in which they differ, as a message; empty if they agree up to trailing space."""
    got, right = ([line.rstrip() for line in text.rstrip().split("\n")] for text in (printed, wanted))
    for i in range(max(len(got), len(right))):
        ours, theirs = ((lines[i] if i < len(lines) else None) for lines in (got, right))
        if ours != theirs:
            return f"line {i + 1}: expected {shown(theirs)}, got {shown(ours)}"
    return ""


def digest(value: Any) -> bytes:
    """Equal for values of equal type and content; objects of the program all look the same."""
    return hashlib.sha256(wire.encode(value, opaque=lambda _: 0, canonical=True)).digest()


def shown(value: Any) -> str:
    """A short repr that no value can blow up."""
    try:
        return printable(_SHORT.repr(value))
    except Exception:
        return f"<{type(value).__name__}>"


def shorten(text: str, limit: int = 120) -> str:
    return text if len(text) <= limit else text[: limit - 3] + "..."


def printable(text: str, limit: int = 500) -> str:
    """`text` without control characters, which a terminal would obey."""
    return "".join(c if c.isprintable() else " " for c in text[:limit])


_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = 80
