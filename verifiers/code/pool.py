"""Pairs of warm servers, a candidate's and a judge's, and the verifications that run on them."""

from __future__ import annotations

import atexit
import contextlib
import math
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, fields
from typing import Any, TypeVar, overload

from verifiers.code import candidate, forms, judge, wire
from verifiers.code.verdict import Isolation, IsolationError, Outcome, Report, Verdict

T = TypeVar("T")
MIB = 1 << 20
LEAST_MEMORY = 64  # MiB; below it the interpreter itself does not fit
JUDGED_AT_MOST = 500  # programs by one judge process
GRACE = 0.1  # seconds a judge has to report after its candidate was stopped


class TestError(ValueError):
    """A test cannot be run, whatever the program does."""

    __test__ = False  # no test class, whatever pytest thinks of its name


@dataclass(frozen=True)
class Job:
    """A program and how to verify it. Raises ValueError for settings that make no sense."""

    program: str
    tests: tuple[forms.Test, ...]
    entry_point: str | None = None  # needed by Check, Call and Observe; taken from the code of asserts
    prompt: str = ""  # trusted code before the tests, e.g. HumanEval's prompt with its helper functions
    timeout: float = 3.0  # seconds for the program on all its tests
    test_timeout: float | None = None  # seconds for one test; the next ones then still get their turn
    memory: int = 512  # MiB of address space
    stop_early: bool = False  # after the first failure

    def __post_init__(self) -> None:
        for name in ("timeout", "test_timeout"):
            seconds = getattr(self, name)
            if seconds is not None and not 0 < seconds < math.inf:
                raise ValueError(f"{name} must be a positive number of seconds, not {seconds!r}")
        if not LEAST_MEMORY <= self.memory <= 1 << 20:
            raise ValueError(f"memory is in MiB, at least {LEAST_MEMORY} and at most 1048576, not {self.memory!r}")
        if not self.tests:
            raise ValueError("no tests: a program cannot be judged without any")
        forms.completed(self.prompt)
        if self.entry_point is None and any(not isinstance(t, (forms.Assert, forms.Script)) for t in self.tests):
            raise ValueError("entry_point is needed: the name of the function that the tests call")
        if len({isinstance(t, forms.Script) for t in self.tests}) > 1:
            raise ValueError("tests on standard input and tests of functions cannot be mixed")


class _Server:
    """A forkserver process; `start` gives it a child to run, `finish` ends that child."""

    def __init__(self, role: str, level: int, modules: Sequence[str], packages: Sequence[str]) -> None:
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
        boot = (
            f"import sys; sys.path.insert(0, {root!r}); from verifiers.code.forkserver import main; "
            f"sys.path.remove({root!r}); "
            f"main({role!r}, {theirs.fileno()}, {int(level)}, {list(modules)!r}, {list(packages)!r})"
        )
        bare = role == "candidate"  # what it starts with, programs see
        ours = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON") or k == "PYTHONPATH"}
        environment = {"LANG": "C.UTF-8", "HOME": "/tmp"} if bare else ours
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, *(("-s", "-S", "-B") if bare else ()), "-c", boot],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={**environment, "PYTHONHASHSEED": "0"},
                cwd="/" if bare else None,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        try:
            level, detail = self._receive()
        except EOFError:
            level, detail = 0, "the server process did not start"
        if not level:
            self.close()
            raise IsolationError(detail)

    def _receive(self) -> Any:
        packet = self.control.recv(wire.PACKET)
        if not packet:
            raise EOFError
        return wire.decode(packet)

    def start(self, seconds: float, memory: int, fds: Sequence[int]) -> None:
        socket.send_fds(self.control, [wire.encode([seconds, memory])], list(fds))

    def finish(self) -> tuple[int, int]:
        """Kill the child if it still runs; its wait status and peak memory in KiB."""
        self.control.send(wire.encode([]))
        status, peak = self._receive()
        return status, peak

    def close(self) -> None:
        self.control.close()
        try:
            self.process.wait(2)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class _Worker:
    """A candidate server and a judge, used by one thread at a time."""

    def __init__(self, level: Isolation, modules: Sequence[str], packages: Sequence[str]) -> None:
        self.candidate = _Server("candidate", level, modules, packages)
        try:
            self.judges = _Server("judge", level, (), ())
        except BaseException:
            self.candidate.close()
            raise
        self.level = level
        self._judge: socket.socket | None = None
        self._judged = 0

    def close(self) -> None:
        if self._judge:
            self._judge.close()
        self.candidate.close()
        self.judges.close()

    def judge(self) -> socket.socket:
        """A clean judge, to send a job to."""
        if self._judge is None:
            ours, theirs = socket.socketpair()
            with theirs:
                self.judges.start(0, judge.MEMORY, [theirs.fileno()])
            self._judge, self._judged = ours, 0
        self._judged += 1
        return self._judge

    def keep_judge(self, clean: bool) -> None:
        """After a job: go on with the same judge if that left no trace in it."""
        if self._judge and not (clean and self._judged < JUDGED_AT_MOST):
            self._judge.close()
            self._judge = None
            self.judges.finish()

    def verify(self, job: Job) -> tuple[Report, dict[int, tuple[str, bytes]]]:
        """The report, and what Observe calls returned: short text and digest by index."""
        start = time.monotonic()
        outcomes: dict[int, Outcome] = {}
        observed: dict[int, tuple[str, bytes]] = {}
        peak = 0
        todo = list(range(len(job.tests)))
        while todo:
            left = job.timeout - (time.monotonic() - start)
            if left <= 0:
                late = Outcome(Verdict.TIMEOUT, f"not reached within the {job.timeout:g} s of the program")
                outcomes.update(dict.fromkeys(todo, late))
                break
            session = _Session(self, job, todo, left)
            peak = max(peak, session.run())
            outcomes.update(session.outcomes)
            observed.update(session.observed)
            todo = [i for i in todo if i not in outcomes]
            if job.stop_early and not all(o.passed for o in outcomes.values()):
                outcomes.update(dict.fromkeys(todo, Outcome(Verdict.NOT_RUN)))
                break
        ordered = tuple(outcomes[i] for i in range(len(job.tests)))
        return Report(ordered, time.monotonic() - start, peak / 1024, self.level), observed


class _Session:
    """One candidate process and its judge, for as many of the tests as the candidate lives through."""

    def __init__(self, worker: _Worker, job: Job, todo: Sequence[int], seconds: float) -> None:
        self.worker, self.job = worker, job
        script = isinstance(job.tests[0], forms.Script)
        self.todo = list(todo[:1] if script else todo)
        first = job.tests[self.todo[0]]
        self.script = first if isinstance(first, forms.Script) else None
        self.seconds = min(seconds, job.test_timeout or seconds) if script else seconds
        self.outcomes: dict[int, Outcome] = {}
        self.observed: dict[int, tuple[str, bytes]] = {}
        self.gone: tuple[Sequence[int], str, float] | None = None  # the tests the candidate died in
        self.test_error = ""
        self.names = forms.free_names(forms.trusted_code(job.tests, forms.completed(job.prompt)))

    def run(self) -> int:
        """Fill `outcomes`; the peak memory in KiB."""
        end = "failed"
        try:
            sock = self.worker.judge()
            self._start(sock)
            try:
                end = self._listen(sock, time.monotonic() + self.seconds)
            finally:
                status, peak = self.worker.candidate.finish()
            if end == "late":  # the judge notices that the candidate is gone
                self._listen(sock, time.monotonic() + GRACE)
        finally:
            self.worker.keep_judge(self.names.pure and not self.job.prompt and end == "done")
        if self.test_error:
            raise TestError(self.test_error)
        self._conclude(end, status)
        return peak

    def _start(self, sock: socket.socket) -> None:
        """Start the candidate and hand the other end of its channel, with the job, to the judge."""
        with contextlib.ExitStack() as lent:  # closed here once the children hold them
            asking, answering = (lent.enter_context(s) for s in socket.socketpair())
            judge_fds, candidate_fds = [asking.fileno()], [answering.fileno()]
            if self.script is not None:
                stdin = os.memfd_create("stdin")
                lent.callback(os.close, stdin)
                reading, writing = os.pipe()
                lent.callback(os.close, reading)
                lent.callback(os.close, writing)
                with open(stdin, "wb", closefd=False) as file:
                    file.write(self.script.stdin.encode("utf-8", "surrogatepass"))
                os.lseek(stdin, 0, os.SEEK_SET)
                judge_fds.append(reading)
                candidate_fds += [stdin, writing]
            self.worker.candidate.start(self.seconds, self.job.memory * MIB, candidate_fds)
            try:
                judge.send(sock, self._message(), judge_fds)
            except BaseException:
                self.worker.candidate.finish()
                raise

    def _listen(self, sock: socket.socket, deadline: float) -> str:
        """Take messages until the judge is "done", has "died", or is "late"."""
        try:
            while True:
                sock.settimeout(max(1e-3, deadline - time.monotonic()))
                message = judge.receive(sock)
                if not message:
                    return "done"
                self._take(*message)
        except TimeoutError:
            return "late"
        except (EOFError, ConnectionError, wire.WireError):
            return "died"
        finally:
            sock.settimeout(None)

    def _message(self) -> dict[str, Any]:
        job = self.job
        tests = [job.tests[i] for i in self.todo]
        entry = job.entry_point or self.names.entry
        return {
            "source": job.program.encode("utf-8", "surrogatepass"),
            "tests": [[type(t).__name__, *(getattr(t, f.name) for f in fields(t))] for t in tests],
            "entry_point": entry,
            "names": self.names.wanted | ({entry} if entry else set()),
            "modules": self.names.modules - {entry},
            "prompt": forms.completed(job.prompt),
            "test_timeout": job.test_timeout,
            "stop_early": job.stop_early,
        }

    def _take(self, place: int, verdict: str, detail: str, seconds: float, digest: bytes = b"") -> None:
        """One message of the judge; place -1 is the loading of the program, which fails every test."""
        which = self.todo if place < 0 else [self.todo[place]]
        if verdict == judge.TEST_ERROR:
            self.test_error = detail
        elif verdict == judge.GONE:
            self.gone = (which, detail, seconds)
        elif verdict == judge.OBSERVED:
            self.outcomes[which[0]] = Outcome(Verdict.PASS, detail, seconds)
            self.observed[which[0]] = (detail, digest)
        else:
            self.outcomes.update(dict.fromkeys(which, Outcome(Verdict(verdict), detail, seconds)))

    def _conclude(self, end: str, status: int) -> None:
        """A verdict for the test in which something died."""
        unheard = [i for i in self.todo if i not in self.outcomes][:1]
        if end == "late":
            which: Sequence[int] = self.gone[0] if self.gone else unheard
            verdict, detail, seconds = Verdict.TIMEOUT, f"still running after {self.seconds:.3g} s", self.seconds
        elif self.gone:
            which, said, seconds = self.gone
            verdict, detail = _death(status)
            if self.script is not None and os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0:
                verdict, detail = (Verdict.WRONG, said) if said else (Verdict.PASS, "")
        elif end == "died":
            which, seconds = unheard, 0.0
            verdict, detail = Verdict.MALFORMED, "what the program returned was too much for the judge"
        else:
            return
        self.outcomes.update({i: Outcome(verdict, detail, seconds) for i in which if i not in self.outcomes})


def _death(status: int) -> tuple[Verdict, str]:
    """What a wait status says about a process that did not answer."""
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if number == signal.SIGXCPU:
            return Verdict.TIMEOUT, "used up its processor time"
        name = signal.Signals(number).name
        if number == signal.SIGKILL:
            return Verdict.KILLED, "closed its reply channel, or used up its processor time"
        if number == signal.SIGSYS:
            return Verdict.KILLED, "tried to send a signal to a process"
        return Verdict.KILLED, f"died of {name}"
    code = os.WEXITSTATUS(status)
    if code == candidate.OUT_OF_MEMORY:
        return Verdict.MEMORY, "out of memory"
    return Verdict.KILLED, f"exited with status {code} before it answered"


# ---------------------------------------------------------------- the pool

#: Run once per worker: what it lists got through the walls.
CANARY = """
import os, socket

def escapes():
    attempts = dict(
        read=lambda: open("/etc/passwd"),
        write=lambda: os.open("/var/tmp", os.O_TMPFILE | os.O_RDWR),
        connect=lambda: socket.socket(),
        start=lambda: os.fork() or os._exit(0),
        execute=lambda: os.execv("/bin/true", ["true"]),
        trace=lambda: os.pidfd_open(os.getppid() or 1),
    )
    through = []
    for name, attempt in attempts.items():
        try:
            attempt()
            through.append(name)
        except OSError:
            pass
    return through
"""


class Pool:
    """Warm workers, by default one more than processors, reused; safe to use from several threads.

    `isolation` is the least level accepted; the best available is used, or exactly `level` if given.
    `modules` names third-party modules that programs may import (they see the installed packages then).
    Raises IsolationError if this machine cannot confine programs that far. Close it, or use it as a context
    manager; a pool does not survive a fork.
    """

    def __init__(
        self,
        workers: int | None = None,
        *,
        isolation: Isolation | str = Isolation.RESTRICTED,
        level: Isolation | str | None = None,
        modules: Sequence[str] = (),
    ) -> None:
        if sys.platform != "linux":
            raise IsolationError(
                f"programs can be confined on Linux only, this is {sys.platform}; use a container or VM"
            )
        least = Isolation.parse(isolation)
        choice = sorted(Isolation, reverse=True) if level is None else [Isolation.parse(level)]
        if choice[0] < least:
            raise IsolationError(f"level {choice[0]} is below the isolation demanded, {least}")
        self.workers = workers or len(os.sched_getaffinity(0)) + 1  # each waits for the kernel now and then
        self._modules = tuple(modules)
        self._packages = tuple(p for p in sys.path if p.endswith(("site-packages", "dist-packages"))) if modules else ()
        self._pid = os.getpid()
        self._idle: queue.LifoQueue[_Worker | None] = queue.LifoQueue()
        self._closed = False
        self.refused: dict[Isolation, str] = {}  # why a better level is not available
        for self.level in choice:
            if self.level < least:
                break
            try:
                self._idle.put(self._new_worker())
                break
            except IsolationError as error:
                self.refused[self.level] = str(error)
        if self._idle.empty():
            reasons = "; ".join(f"{level}: {reason}" for level, reason in self.refused.items())
            raise IsolationError(f"cannot confine programs here at isolation {least} ({reasons}); nothing was run")
        for _ in range(self.workers - 1):
            self._idle.queue.insert(0, None)  # started when first needed

    def _new_worker(self) -> _Worker:
        worker = _Worker(self.level, self._modules, self._packages)
        try:
            trial = Job(CANARY, (forms.Call((), []),), "escapes", timeout=10)
            report, _ = worker.verify(trial)
            if not report.passed:
                raise IsolationError(f"the confinement does not hold: {report.verdict}: {report.detail}")
        except BaseException:
            worker.close()
            raise
        return worker

    def run(self, job: Job) -> Report:
        """Verify one program. Raises TestError if a test cannot be run whatever the program does."""
        return self.examine(job)[0]

    def try_run(self, job: Job) -> Report | TestError:
        """As `run`, with the error as a result, so that one bad test does not end a long run."""
        try:
            return self.run(job)
        except TestError as error:
            return error

    def examine(self, job: Job) -> tuple[Report, dict[int, tuple[str, bytes]]]:
        """As `run`, with what Observe calls returned: a short text and a digest, by index of the test."""
        if len(job.program) > candidate.MAX_SOURCE:
            line = f"the source has {len(job.program)} characters, {candidate.MAX_SOURCE} are allowed"
            failed = Outcome(Verdict.MALFORMED, line)
            return Report((failed,) * len(job.tests), 0.0, 0.0, self.level), {}
        try:
            with self._worker() as worker:
                return worker.verify(job)
        except (EOFError, ConnectionError):  # a server died between jobs, killed by someone or out of memory
            with self._worker() as worker:
                return worker.verify(job)

    @contextlib.contextmanager
    def _worker(self) -> Iterator[_Worker]:
        if self._closed:
            raise ValueError("the pool is closed")
        if os.getpid() != self._pid:
            raise RuntimeError("a pool does not survive a fork: make one in this process")
        worker = self._idle.get()
        try:
            worker = worker or self._new_worker()
            yield worker
        except TestError:
            raise
        except BaseException:  # its servers may be in any state
            if worker:
                worker.close()
            worker = None
            raise
        finally:
            self._idle.put(worker)
            if self._closed:
                self.close()

    @overload
    def map(self, jobs: Iterable[Job]) -> Iterator[Report]: ...
    @overload
    def map(self, jobs: Iterable[Job], how: Callable[[Job], T]) -> Iterator[T]: ...
    def map(self, jobs: Iterable[Job], how: Callable[[Job], Any] | None = None) -> Iterator[Any]:
        """`how` of each job (default `run`), in the order of `jobs`; all workers busy, a few jobs ahead."""
        waiting: deque[Future[Any]] = deque()
        with ThreadPoolExecutor(self.workers) as threads:
            for job in jobs:
                waiting.append(threads.submit(how or self.run, job))
                if len(waiting) > 4 * self.workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()

    def close(self) -> None:
        """End all processes. Verifications under way in other threads end first."""
        self._closed = True
        if os.getpid() != self._pid:
            return
        while not self._idle.empty():
            worker = self._idle.get()
            if worker:
                worker.close()

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


_default: Pool | None = None
_default_lock = threading.Lock()


def default_pool() -> Pool:
    """The pool that `run_tests` uses when given none: one per process, made on first use."""
    global _default
    with _default_lock:
        if _default is None or _default._pid != os.getpid() or _default._closed:
            _default = Pool()
            atexit.register(_default.close)
        return _default


def run_tests(
    program: str,
    tests: forms.Tests,
    *,
    timeout: float = 3.0,
    memory: int = 512,
    isolation: Isolation | str = Isolation.RESTRICTED,
    entry_point: str | None = None,
    prompt: str = "",
    test_timeout: float | None = None,
    stop_early: bool = False,
    pool: Pool | None = None,
) -> Report:
    """Run `program`, confined, on `tests` (see `parse_tests` for their forms); never raises for what it does.

    timeout: seconds for all tests together; test_timeout: for each one, the next then still get their turn.
    memory: MiB of address space. isolation: the least level accepted. entry_point: the function tested (needed
    unless asserts call it by name). prompt: trusted code with helper functions of the tests.

    Raises IsolationError below `isolation`; TestError, ValueError, TypeError or SyntaxError for tests that
    cannot be run.
    """
    job = Job(program, forms.parse_tests(tests), entry_point, prompt, timeout, test_timeout, memory, stop_early)
    pool = pool or default_pool()
    least = Isolation.parse(isolation)
    if pool.level < least:
        why = "; ".join(pool.refused.values()) or "the pool was made so"
        raise IsolationError(f"isolation {least} demanded, {pool.level} available ({why}); nothing was run")
    return pool.run(job)
