"""Linux confinement through ctypes: namespaces and a root of one's own, Landlock, seccomp, limits.

Everything here is one-way and for the calling process; call it in a process made for the purpose.
Functions raise OSError naming the step that failed.
"""

from __future__ import annotations

import ctypes
import errno
import glob
import os
import platform
import resource
import stat
import struct
import sys
import sysconfig
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from verifiers.code.syscalls import ALLOWED, ARCHITECTURES, SCRATCH, Check

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x00020000, 0x04000000, 0x08000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
MS_BIND, MS_REC, MS_PRIVATE, MNT_DETACH = 0x1000, 0x4000, 0x40000, 2
MS_NOSUID, MS_NODEV, MS_NOEXEC = 2, 4, 8
MOUNT_ATTR_RDONLY, MOUNT_ATTR_NOSUID, AT_RECURSIVE = 1, 2, 0x8000
PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS = 1, 38
SYS_MOUNT_SETATTR, SYS_LANDLOCK = 442, 444  # the same numbers on every architecture
INNER_ID = 1000  # the user and group a candidate sees itself as
NOBODY = 65534  # who it is outside when the verifier runs as root
SCRATCH_DIR = "/box/tmp"  # the only writable directory, reachable as /tmp

_libc = ctypes.CDLL(None, use_errno=True)


def _check(result: int, step: str) -> int:
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{step}: {os.strerror(code)}")
    return result


def die_with_parent() -> None:
    _check(_libc.prctl(PR_SET_PDEATHSIG, 9, 0, 0, 0), "prctl(PDEATHSIG)")


def unshare(flags: int) -> None:
    _check(_libc.unshare(flags), "unshare")


def setns(fd: int, kind: int) -> None:
    _check(_libc.setns(fd, kind), "setns")


def _mount(source: str, target: str, kind: str | None, flags: int, options: str | None = None) -> None:
    args = [None if a is None else a.encode() for a in (source, target, kind, options)]
    result = _libc.mount(args[0], args[1], args[2], ctypes.c_ulong(flags), args[3])
    _check(result, f"mount {target}")


def _read_only(path: str, recursive: bool = True) -> None:
    attributes = struct.pack("=QQQQ", MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID, 0, 0, 0)
    flags = AT_RECURSIVE if recursive else 0
    result = _libc.syscall(SYS_MOUNT_SETATTR, -100, path.encode(), flags, attributes, len(attributes))
    _check(result, f"make {path} read-only")


# ---------------------------------------------------------------- namespaces and the root


def enter_user_namespace() -> None:
    """New user, pid, mount, network, ipc and uts namespaces; the pid one holds for children to come.

    As root, the caller keeps its own user as 0 and owns NOBODY as INNER_ID; else its user is INNER_ID.
    """
    uid, gid = os.geteuid(), os.getegid()
    maps = {"uid_map": f"{INNER_ID} {uid} 1", "gid_map": f"{INNER_ID} {gid} 1", "setgroups": "deny"}
    if uid == 0:
        maps = {"uid_map": f"0 0 1\n{INNER_ID} {NOBODY} 1", "gid_map": f"0 0 1\n{INNER_ID} {NOBODY} 1"}
    ready, go = os.pipe(), os.pipe()
    caller = os.getpid()
    helper = os.fork()  # only a process outside may map more than one user
    if helper == 0:
        status = 1
        try:
            os.close(go[1])
            if os.read(go[0], 1):
                for name in ("setgroups", "uid_map", "gid_map"):
                    if name in maps:
                        with open(f"/proc/{caller}/{name}", "w") as file:
                            file.write(maps[name])
                status = 0
        finally:
            os._exit(status)
    try:
        unshare(CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS)
        os.write(go[1], b".")
    finally:
        for fd in (*ready, *go):
            os.close(fd)
        _, status = os.waitpid(helper, 0)
    if status != 0:
        raise OSError(errno.EPERM, "could not map users into the namespace")


@dataclass(frozen=True)
class Readable:
    """What a candidate may read: the interpreter's library and the system's shared objects."""

    trees: tuple[str, ...]
    hidden: tuple[str, ...]  # directories within `trees` that stay out of sight

    @classmethod
    def interpreter(cls, packages: Sequence[str] = ()) -> Readable:
        """The standard library and, of installed packages, only those in the directories `packages`."""
        paths = sysconfig.get_paths(vars={"base": sys.base_prefix, "platbase": sys.base_prefix})
        library = {paths["stdlib"], paths["platstdlib"], os.path.join(sys.base_prefix, "lib"), *packages}
        system = {d for d in ("/lib", "/lib64", "/usr/lib", "/usr/lib64") if os.path.isdir(d)}
        trees = {os.path.realpath(d) for d in library if os.path.isdir(d)} | system
        kept = {os.path.realpath(d) for d in packages}
        hidden = {
            os.path.realpath(found)
            for tree in trees
            for where in ("", "python*/")
            for name in ("site-packages", "dist-packages")
            for found in glob.glob(os.path.join(tree, where + name))
        }
        return cls(tuple(sorted(trees)), tuple(sorted(hidden - kept)))


DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random")


def enter_own_root(readable: Readable) -> None:
    """Replace the root by an empty read-only tmpfs holding `readable`, devices, and a place for /tmp.

    Needs the mount namespace of `enter_user_namespace`.
    """
    _mount("none", "/", None, MS_REC | MS_PRIVATE)
    real = [t for t in readable.trees if not os.path.islink(t)]
    sources = {path: os.open(path, os.O_PATH | os.O_CLOEXEC) for path in (*real, *DEVICES)}
    links = {t: os.readlink(t) for t in readable.trees if os.path.islink(t)}
    root = "/tmp"  # anything under it was opened above
    _mount("tmpfs", root, "tmpfs", MS_NOSUID | MS_NODEV, "size=1m,nr_inodes=256,mode=755")
    for path, fd in sources.items():
        target = root + path
        if os.path.exists(target):
            os.close(fd)
            continue  # lies within a tree already there
        os.makedirs(os.path.dirname(target), exist_ok=True)
        if stat.S_ISDIR(os.fstat(fd).st_mode):
            os.mkdir(target)
        else:
            os.close(os.open(target, os.O_CREAT | os.O_WRONLY))
        _mount(f"/proc/self/fd/{fd}", target, None, MS_BIND | MS_REC)
        _read_only(target)
        os.close(fd)
    for path, to in links.items():
        os.symlink(to, root + path)
    for path in readable.hidden:
        if os.path.isdir(root + path):
            _mount("tmpfs", root + path, "tmpfs", MS_NOSUID | MS_NODEV, "size=4k,nr_inodes=2,mode=555")
    os.makedirs(root + SCRATCH_DIR)
    os.symlink(SCRATCH_DIR, root + "/tmp")
    os.mkdir(root + "/old")
    os.chdir(root)
    _check(_libc.syscall(ARCHITECTURES[platform.machine()].pivot_root, b".", b"old"), "pivot_root")
    os.chdir("/")
    _check(_libc.umount2(b"/old", MNT_DETACH), "leave the old root")
    os.rmdir("/old")
    _read_only("/", recursive=False)


def enter_scratch(size: int, inodes: int) -> None:
    """For this process alone: mount, network and ipc namespaces, and a fresh SCRATCH_DIR of `size` bytes and
    `inodes` files at most."""
    unshare(CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC)
    options = f"size={size},nr_inodes={inodes},mode=1777"
    _mount("tmpfs", SCRATCH_DIR, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, options)
    os.chdir(SCRATCH_DIR)


# ---------------------------------------------------------------- privileges and limits


def drop_privileges(uid: int | None) -> None:
    """Become `uid` (and the group of that number) with no capability, now or later."""
    if uid is not None:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    header, data = struct.pack("=Ii", 0x20080522, 0), bytes(24)
    _check(_libc.capset(header, data), "capset")
    _check(_libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl(NO_NEW_PRIVS)")


def set_limits(*, memory: int, cpu: int, file_size: int, threads: int | None) -> None:
    """Hard resource limits: bytes of address space, seconds, bytes of a file, threads of this user."""
    limits = {
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_CPU: cpu,
        resource.RLIMIT_FSIZE: file_size,
        resource.RLIMIT_NOFILE: 64,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
    }
    if threads is not None:
        limits[resource.RLIMIT_NPROC] = threads
    for which, value in limits.items():
        hard = resource.getrlimit(which)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(which, (value, value))


# ---------------------------------------------------------------- Landlock

_FS_READ_FILE, _FS_WRITE_FILE, _FS_READ_DIR, _FS_TRUNCATE = 1 << 2, 1 << 1, 1 << 3, 1 << 14
_FS_CHANGE = 1 << 4 | 1 << 5 | 1 << 7 | 1 << 8 | 1 << 12 | 1 << 13  # remove and make files, folders, symlinks; rename
_FS_BY_ABI = {1: 13, 2: 14, 3: 15, 4: 15}  # how many file rights the kernel knows; 16 from ABI 5


def landlock_abi() -> int:
    """Version of Landlock in the kernel, 0 if there is none."""
    return max(0, int(_libc.syscall(SYS_LANDLOCK, None, 0, 1)))


@dataclass(frozen=True)
class Landlock:
    """A ruleset ready to be applied; close-on-exec descriptor."""

    fd: int

    @classmethod
    def build(cls, read: Iterable[str], list_only: Iterable[str] = (), write: Iterable[str] = ()) -> Landlock:
        """Reading within `read`, names within `list_only`, everything within `write`; all else is denied,
        and with it TCP, abstract sockets and signals to others as far as the kernel's ABI goes."""
        abi = landlock_abi()
        if abi == 0:
            raise OSError(errno.ENOSYS, "the kernel has no Landlock")
        handled = (1 << _FS_BY_ABI.get(abi, 16)) - 1
        attributes = struct.pack("=QQQ", handled, 3, 3)[: 24 if abi >= 6 else 16 if abi >= 4 else 8]
        fd = _check(_libc.syscall(SYS_LANDLOCK, attributes, len(attributes), 0), "landlock ruleset")
        ruleset = cls(fd)
        everything = _FS_READ_FILE | _FS_READ_DIR | _FS_WRITE_FILE | _FS_TRUNCATE | _FS_CHANGE
        for path in read:
            ruleset._allow(path, _FS_READ_FILE | _FS_READ_DIR, handled)
        for path in list_only:
            ruleset._allow(path, _FS_READ_DIR, handled)
        for path in write:
            ruleset._allow(path, everything, handled)
        return ruleset

    def _allow(self, path: str, access: int, handled: int) -> None:
        parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            if not os.path.isdir(path):
                access &= _FS_READ_FILE | _FS_WRITE_FILE | _FS_TRUNCATE
            rule = struct.pack("=Qi", access & handled, parent)
            _check(_libc.syscall(SYS_LANDLOCK + 1, self.fd, 1, rule, 0), f"landlock rule for {path}")
        finally:
            os.close(parent)

    def apply(self) -> None:
        _check(_libc.syscall(SYS_LANDLOCK + 2, self.fd, 0), "landlock")


def visible_entries(readable: Readable) -> tuple[list[str], list[str]]:
    """`readable` as (paths to read, directories to list): Landlock cannot take `hidden` out of a tree."""
    read: list[str] = []
    listed: list[str] = []
    for tree in readable.trees:
        real = os.path.realpath(tree)
        inside = [h for h in readable.hidden if os.path.realpath(h).startswith(real + "/")]
        _split(real, inside, read, listed)
    return read, listed


def _split(tree: str, hidden: Sequence[str], read: list[str], listed: list[str]) -> None:
    if tree in hidden:
        return
    if not any(h.startswith(tree + "/") for h in hidden):
        read.append(tree)
        return
    listed.append(tree)
    for name in os.listdir(tree):
        path = os.path.join(tree, name)
        if not os.path.islink(path):
            _split(path, hidden, read, listed)


# ---------------------------------------------------------------- seccomp

_LD, _JEQ, _JGE, _AND, _RET = 0x20, 0x15, 0x35, 0x54, 0x06
_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_NR, _ARCH, _ARGS = 0, 4, 16
_X32_BIT = 0x40000000


class _FilterProgram(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def seccomp_program(*, scratch: bool) -> bytes:
    """Classic BPF that allows what computing needs and fails the rest with EPERM.

    Processes cannot be made (threads can), sockets cannot be opened, nothing can be executed, and
    sending a signal ends the process. `scratch` adds what writing files needs.
    """
    machine = ARCHITECTURES[platform.machine()]
    allowed = (*ALLOWED, *(SCRATCH if scratch else ()))
    code = [(_LD, 0, 0, _ARCH), (_JEQ, 1, 0, machine.audit), (_RET, 0, 0, _KILL), (_LD, 0, 0, _NR)]
    if machine.name == "x86_64":
        code += [(_JGE, 0, 1, _X32_BIT), (_RET, 0, 0, _ERRNO | errno.EPERM)]
    plain = [n for n in allowed if isinstance(n, str)]
    for check in (c for c in allowed if isinstance(c, Check)):
        if check.name in machine.numbers:
            code += _checked(machine.numbers[check.name], check)
    for name, verdict in (("clone3", _ERRNO | errno.ENOSYS), ("kill", _KILL), ("tkill", _KILL), ("tgkill", _KILL)):
        code += [(_JEQ, 0, 1, machine.numbers[name]), (_RET, 0, 0, verdict)]
    for name in plain:
        if name in machine.numbers:
            code += [(_JEQ, 0, 1, machine.numbers[name]), (_RET, 0, 0, _ALLOW)]
    code.append((_RET, 0, 0, _ERRNO | errno.EPERM))
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in code)


def _checked(number: int, check: Check) -> list[tuple[int, int, int, int]]:
    """Allow system call `number` when every (argument word & mask) is one of the values, else EPERM."""
    body: list[tuple[int, int, int, int]] = []
    for word, mask, values in check.words:
        body += [(_LD, 0, 0, _ARGS + 4 * word), (_AND, 0, 0, mask)]
        for i, value in enumerate(values):
            body.append((_JEQ, len(values) - i, 0, value))  # over the refusal below
        body.append((_RET, 0, 0, _ERRNO | errno.EPERM))
    body.append((_RET, 0, 0, _ALLOW))
    return [(_JEQ, 0, len(body), number), *body]


def apply_seccomp(program: bytes) -> None:
    """Install a filter for good; needs `drop_privileges` first."""
    number = ARCHITECTURES[platform.machine()].numbers["seccomp"]
    argument = _FilterProgram(len(program) // 8, program)
    _check(_libc.syscall(number, 1, 0, ctypes.byref(argument)), "seccomp")
