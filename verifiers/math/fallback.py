"""LaTeX beyond our grammar, compared by sympy in a killable process (`worker.py`).

Needs the extra `latex`; without it, or on a system without fork, such answers are unequal and one warning says so.
The process starts when first needed, which may take longer than one call has: `warm_up` starts it and waits.
"""

from __future__ import annotations

import atexit
import contextlib
import importlib.util
import json
import os
import queue
import select
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable
from pathlib import Path

from verifiers.math import normalize
from verifiers.math.evaluate import Clock

MEMORY_MB = 512
MAX_CHARS = 2_000
_WORKERS = 2


class _Worker:
    """One process; `ask` is used by one thread at a time."""

    def __init__(self) -> None:
        command = [sys.executable, str(Path(__file__).with_name("worker.py")), str(MEMORY_MB)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True
        )
        self.buffer = b""
        self.ready = False

    def line(self, clock: Clock) -> str | None:
        """The next line it prints, None when the clock runs out first. EOFError when the process has ended."""
        assert self.process.stdout is not None
        descriptor = self.process.stdout.fileno()
        while b"\n" not in self.buffer:
            readable, _, _ = select.select([descriptor], [], [], max(0.0, clock.left))
            if not readable:
                return None
            data = os.read(descriptor, 4096)
            if not data:
                raise EOFError
            self.buffer += data
        first, _, self.buffer = self.buffer.partition(b"\n")
        return first.decode()

    def wait_ready(self, clock: Clock) -> bool:
        self.ready = self.ready or self.line(clock) is not None
        return self.ready

    def ask(self, a: str, b: str, clock: Clock) -> bool | None:
        assert self.process.stdin is not None
        seconds = clock.left - 0.05  # the worker gives up before we do
        if seconds <= 0:
            return None
        request = json.dumps({"a": a, "b": b, "seconds": seconds}) + "\n"
        self.process.stdin.write(request.encode())
        self.process.stdin.flush()
        answer = self.line(clock)
        if answer is None:
            raise EOFError  # it does not keep its deadline: a new one is better
        return json.loads(answer)["equal"]

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):  # what was still to be written has no reader now
                    pipe.close()


class _Pool:
    """At most _WORKERS processes, lent to one caller each."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.idle: queue.LifoQueue[_Worker] = queue.LifoQueue()
        self.count = 0
        self.pid = os.getpid()

    def borrow(self, clock: Clock) -> _Worker | None:
        with self.lock:
            if self.pid != os.getpid():  # after a fork the processes are the parent's
                self.idle, self.count, self.pid = queue.LifoQueue(), 0, os.getpid()
            if self.idle.empty() and self.count < _WORKERS:
                self.count += 1
                try:
                    return _Worker()
                except OSError:
                    self.count -= 1
                    return None
        try:
            return self.idle.get(timeout=max(0.0, clock.left))
        except queue.Empty:
            return None

    def give_back(self, worker: _Worker, sound: bool) -> None:
        if sound:
            self.idle.put(worker)
            return
        worker.stop()
        with self.lock:
            self.count -= 1

    def close(self) -> None:
        while self.pid == os.getpid() and not self.idle.empty():
            self.idle.get_nowait().stop()


_pool = _Pool()
atexit.register(_pool.close)


def available() -> bool:
    """Whether LaTeX beyond our grammar can be compared here."""
    return hasattr(os, "fork") and importlib.util.find_spec("latex2sympy2_extended") is not None


def warm_up(seconds: float = 30.0) -> bool:
    """Start the process and wait for it, so that no call waits; whether it is ready. False without the extra."""
    return available() and _with_worker(Clock(seconds), lambda worker, clock: worker.wait_ready(clock)) is True


def equivalent(a: str, b: str, clock: Clock, *, hint: bool = True) -> bool:
    """Whether sympy proves two LaTeX answers the same before the clock runs out.

    `hint` lets the one warning be given where the extra is missing.
    """
    if max(len(a), len(b)) > MAX_CHARS or "\\" not in a + b:
        return False
    texts = [normalize.unwrap(normalize.characters(normalize.repair(text))) for text in (a, b)]
    if not all(texts):
        return False
    if not available():
        if hint:
            _hint()
        return False
    return _with_worker(clock, lambda w, c: w.ask(texts[0], texts[1], c) if w.wait_ready(c) else None) is True


def _with_worker(clock: Clock, use: Callable[[_Worker, Clock], bool | None]) -> bool | None:
    worker = _pool.borrow(clock)
    if worker is None:
        return None
    sound = False
    try:
        answer = use(worker, clock)
        sound = True
        return answer
    except (EOFError, OSError, ValueError):
        return None
    finally:
        _pool.give_back(worker, sound)


_hinted = False


def _hint() -> None:
    global _hinted
    if not _hinted:
        _hinted = True
        message = "LaTeX beyond the built-in grammar counts as unequal; pip install 'qstar[latex]' to compare it"
        warnings.warn(message, stacklevel=2)
