"""What a candidate server sets up once, and what each of its children goes through before it runs code."""

from __future__ import annotations

import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass

from verifiers.code import candidate, confine
from verifiers.code.verdict import Isolation

SCRATCH_BYTES, SCRATCH_FILES = 16 << 20, 256
THREADS = 64
CHANNEL = 3  # the descriptor a child talks to its judge through; 0, 1, 2 are its standard streams


@dataclass(frozen=True)
class Confinement:
    """The prepared parts: `fork` makes a child, `run` confines it for good and serves the judge."""

    level: Isolation
    landlock: confine.Landlock | None
    filter: bytes
    uid: int | None  # whom a child becomes
    pid_namespace: int | None  # the server's own, to return to after each child

    @classmethod
    def prepare(cls, level: Isolation, packages: Sequence[str], control: socket.socket) -> Confinement:
        """Confine this server at `level`. Raises OSError where the kernel refuses.

        For FULL it returns in a new process, the first of its pid namespace; the old one only waits.
        """
        readable = confine.Readable.interpreter(packages)
        program = confine.seccomp_program(scratch=level is Isolation.FULL)
        if level is Isolation.RESTRICTED:
            read, listed = confine.visible_entries(readable)
            landlock = confine.Landlock.build(read, listed, confine.DEVICES)
            return cls(level, landlock, program, _unprivileged_user(), None)
        root = os.geteuid() == 0
        confine.enter_user_namespace()
        server = os.fork()
        if server != 0:
            control.close()
            os.waitpid(server, 0)
            os._exit(0)
        confine.die_with_parent()
        own = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
        confine.enter_own_root(readable)
        scratch = os.path.dirname(confine.SCRATCH_DIR)
        writable = (scratch, *confine.DEVICES)
        extra = confine.Landlock.build(("/",), (), writable) if confine.landlock_abi() else None
        return cls(level, extra, program, confine.INNER_ID if root else None, own)

    def fork(self) -> int:
        """`os.fork`; with FULL the child is the first process of a pid namespace, so that all of its
        descendants die with it."""
        if self.pid_namespace is None:
            return os.fork()
        confine.unshare(confine.CLONE_NEWPID)
        pid = os.fork()
        if pid != 0:
            confine.setns(self.pid_namespace, confine.CLONE_NEWPID)
        return pid

    def run(self, fds: list[int], seconds: float, memory: int) -> None:
        """In the child: take the descriptors (channel, and stdin and stdout for a script), give up every
        right, then serve. Returns only when the judge has closed the channel."""
        os.setsid()
        if self.level is Isolation.FULL:
            confine.enter_scratch(SCRATCH_BYTES, SCRATCH_FILES)
        else:
            confine.die_with_parent()
        confine.drop_privileges(self.uid)
        confine.die_with_parent()  # again: a change of user clears it
        channel, *streams = fds
        null = os.open("/dev/null", os.O_RDWR)
        stdin, stdout = streams or (null, null)
        kept = [os.dup(fd) for fd in (stdin, stdout, null, channel)]
        if self.landlock is not None:
            self.landlock.apply()
        for target, fd in enumerate(kept):
            os.dup2(fd, target)
        os.closerange(CHANNEL + 1, os.sysconf("SC_OPEN_MAX"))
        confine.set_limits(
            memory=memory,
            cpu=int(2 * seconds) + 2,
            file_size=SCRATCH_BYTES,
            threads=THREADS if self.level is Isolation.FULL else None,
        )
        confine.apply_seccomp(self.filter)
        candidate.serve(CHANNEL, script=bool(streams))


def _unprivileged_user() -> int | None:
    """NOBODY when this process is root and NOBODY can read the standard library; else stay who one is,
    without capabilities."""
    if os.geteuid() != 0:
        return None
    trial = os.fork()
    if trial == 0:
        status = 1
        try:
            confine.drop_privileges(confine.NOBODY)
            open(os.__file__).close()
            status = 0
        finally:
            os._exit(status)
    return confine.NOBODY if os.waitpid(trial, 0)[1] == 0 else None
