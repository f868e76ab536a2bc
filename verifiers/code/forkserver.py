"""Warm processes that fork one child per verification: `candidate` servers (confined) and `judge` servers.

A server is exec'ed by the pool, so it holds nothing of the caller's memory; a candidate server never
sees a test. Its control socket carries one packet per message:

    pool -> server   spawn: [seconds, memory, role-specific descriptors attached]     kill: []
    server -> pool   hello: [isolation or 0, detail]     ended: [wait status, peak KiB]

The server ends, and everything it started with it, when the control socket closes.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import select
import signal
import socket
import sys
from collections.abc import Callable, Sequence

from verifiers.code import wire
from verifiers.code.sandbox import Confinement
from verifiers.code.verdict import Isolation

MAX_FDS = 3
Child = Callable[[list[int], float, int], None]  # descriptors, seconds, bytes of memory

#: Imported once per server, so that programs find them warm.
WARM = """
abc array ast bisect calendar cmath collections collections.abc copy dataclasses datetime decimal
enum fractions functools hashlib heapq io itertools json math numbers operator pprint queue random
re statistics string struct textwrap threading time traceback types typing unicodedata warnings
"""


def main(role: str, fd: int, level: int, modules: Sequence[str], packages: Sequence[str]) -> None:
    """Serve `role` ("candidate" or "judge") on the control socket `fd` until it closes."""
    control = socket.socket(fileno=fd)
    fork: Callable[[], int] = os.fork
    try:
        sys.path.extend(packages)
        for name in (*WARM.split(), *modules):
            importlib.import_module(name)
        if role == "candidate":
            confinement = Confinement.prepare(Isolation(level), packages, control)
            fork, child = confinement.fork, confinement.run
        else:
            from verifiers.code import judge

            child = judge.serve
    except Exception as error:  # told to the pool, which decides what to do
        control.send(wire.encode([0, f"{type(error).__name__}: {error}"]))
        return
    control.send(wire.encode([level, ""]))
    gc.collect()
    gc.freeze()  # a collection in a child would copy every page
    _serve(control, fork, child)


def _serve(control: socket.socket, fork: Callable[[], int], child: Child) -> None:
    while True:
        packet, fds, _, _ = socket.recv_fds(control, wire.PACKET, MAX_FDS)
        if not packet:
            return
        message = wire.decode(packet)
        if not message:  # a kill that arrives after the end
            continue
        seconds, memory = message
        pid = fork()
        if pid == 0:
            status = 70
            try:
                child(fds, seconds, memory)
                status = 0
            finally:
                os._exit(status)
        for fd in fds:
            os.close(fd)
        status, peak = _wait(control, pid)
        with contextlib.suppress(BrokenPipeError):
            control.send(wire.encode([status, peak]))


def _wait(control: socket.socket, pid: int) -> tuple[int, int]:
    """Wait for `pid`, killing it when told to or when the pool is gone."""
    pidfd = os.pidfd_open(pid)
    watched = select.poll()
    watched.register(pidfd, select.POLLIN)
    watched.register(control, select.POLLIN)
    try:
        while True:
            ready = dict(watched.poll())
            if pidfd in ready:
                break
            packet = control.recv(wire.PACKET)
            signal.pidfd_send_signal(pidfd, signal.SIGKILL)
            if not packet:
                break
            watched.unregister(control)
    finally:
        os.close(pidfd)
    _, status, usage = os.wait4(pid, 0)
    return status, usage.ru_maxrss
