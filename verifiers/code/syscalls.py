"""The system calls a candidate may make, and their numbers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Architecture:
    name: str
    audit: int  # AUDIT_ARCH_*, what seccomp sees
    pivot_root: int
    numbers: dict[str, int]


@dataclass(frozen=True)
class Check:
    """A call allowed for some arguments: (32-bit word of the arguments, mask, allowed values), all of them.

    Word 2*i is the low half of argument i, 2*i + 1 the high half.
    """

    name: str
    words: tuple[tuple[int, int, tuple[int, ...]], ...]


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_ALL = 0xFFFFFFFF
_CLONE_THREAD, _CLONE_NAMESPACES = 0x00010000, 0x7E020000
_TCGETS, _TIOCGWINSZ, _FIONBIO, _FIOCLEX, _FIONCLEX = 0x5401, 0x5413, 0x5421, 0x5451, 0x5450

#: Memory, threads, time, reading files, and writing to descriptors one has.
ALLOWED: tuple[str | Check, ...] = (
    *_names("read write readv writev pread64 pwrite64 lseek close dup dup2 dup3 pipe pipe2 sendfile"),
    *_names("open openat stat fstat lstat newfstatat statx access faccessat faccessat2 statfs fstatfs"),
    *_names("readlink readlinkat getdents getdents64 getcwd chdir fchdir umask close_range"),
    *_names("mmap munmap mprotect mremap madvise brk"),
    *_names("poll ppoll select pselect6 epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2 eventfd2"),
    *_names("futex set_robust_list get_robust_list rseq set_tid_address sched_yield sched_getaffinity"),
    *_names("sched_getparam sched_getscheduler arch_prctl exit exit_group wait4"),
    *_names("nanosleep clock_nanosleep clock_gettime clock_getres gettimeofday time times"),
    *_names("getitimer setitimer alarm rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending"),
    *_names("rt_sigtimedwait sigaltstack getrandom uname sysinfo getrlimit getrusage"),
    *_names("getpid gettid getppid getpgrp getpgid getsid getuid geteuid getgid getegid getgroups"),
    *_names("getresuid getresgid"),
    Check("clone", ((0, _CLONE_THREAD | _CLONE_NAMESPACES, (_CLONE_THREAD,)),)),
    Check("prlimit64", ((0, _ALL, (0,)), (4, _ALL, (0,)), (5, _ALL, (0,)))),  # read one's own limits
    Check("ioctl", ((2, _ALL, (_TCGETS, _TIOCGWINSZ, _FIONBIO, _FIOCLEX, _FIONCLEX)),)),
    Check("fcntl", ((2, _ALL, (0, 1, 2, 3, 4, 1030)),)),  # duplicate, flags; not F_SETOWN, which signals
    # an event loop wakes itself through a connected pair; no address may be given
    Check("socketpair", ((0, _ALL, (1,)), (2, 0xF, (1,)))),
    Check("sendto", ((8, _ALL, (0,)), (9, _ALL, (0,)))),
    Check("recvfrom", ((8, _ALL, (0,)), (9, _ALL, (0,)))),
)

#: What a private scratch directory adds.
SCRATCH: tuple[str | Check, ...] = _names(
    "creat mkdir mkdirat rmdir unlink unlinkat rename renameat renameat2 link linkat symlink "
    "symlinkat truncate ftruncate fsync fdatasync flock chmod fchmod fchmodat utimensat"
)


def _table(text: str) -> dict[str, int]:
    words = text.split()
    return dict(zip(words[::2], map(int, words[1::2])))


_X86_64 = _table("""
read 0 write 1 open 2 close 3 stat 4 fstat 5 lstat 6 poll 7 lseek 8 mmap 9 mprotect 10 munmap 11 brk 12
rt_sigaction 13 rt_sigprocmask 14 rt_sigreturn 15 ioctl 16 pread64 17 pwrite64 18 readv 19 writev 20 access 21
pipe 22 select 23 sched_yield 24 mremap 25 madvise 28 dup 32 dup2 33 nanosleep 35 getitimer 36 alarm 37
setitimer 38 getpid 39 sendfile 40 sendto 44 recvfrom 45 socketpair 53 clone 56 exit 60 wait4 61 kill 62
uname 63 fcntl 72 flock 73 fsync 74 fdatasync 75 truncate 76 ftruncate 77 getdents 78 getcwd 79 chdir 80
fchdir 81 rename 82 mkdir 83 rmdir 84 creat 85 link 86 unlink 87 symlink 88 readlink 89 chmod 90 fchmod 91
umask 95 gettimeofday 96 getrlimit 97 getrusage 98 sysinfo 99 times 100 getuid 102 getgid 104 geteuid 107
getegid 108 getppid 110 getpgrp 111 getgroups 115 getresuid 118 getresgid 120 getpgid 121 getsid 124
rt_sigpending 127 rt_sigtimedwait 128 sigaltstack 131 statfs 137 fstatfs 138 sched_getparam 143
sched_getscheduler 145 arch_prctl 158 gettid 186 tkill 200 time 201 futex 202 sched_getaffinity 204
getdents64 217 set_tid_address 218 clock_gettime 228 clock_getres 229 clock_nanosleep 230 exit_group 231
epoll_wait 232 epoll_ctl 233 tgkill 234 openat 257 mkdirat 258 newfstatat 262 unlinkat 263 renameat 264
linkat 265 symlinkat 266 readlinkat 267 fchmodat 268 faccessat 269 pselect6 270 ppoll 271 set_robust_list 273
get_robust_list 274 utimensat 280 epoll_pwait 281 eventfd2 290 epoll_create1 291 dup3 292 pipe2 293
prlimit64 302 renameat2 316 seccomp 317 getrandom 318 statx 332 rseq 334 clone3 435 close_range 436
faccessat2 439 epoll_pwait2 441
""")

_AARCH64 = _table("""
getcwd 17 eventfd2 19 epoll_create1 20 epoll_ctl 21 epoll_pwait 22 dup 23 dup3 24 fcntl 25 ioctl 29 flock 32
mkdirat 34 unlinkat 35 symlinkat 36 linkat 37 renameat 38 statfs 43 fstatfs 44 truncate 45 ftruncate 46
faccessat 48 chdir 49 fchdir 50 fchmod 52 fchmodat 53 openat 56 close 57 pipe2 59 getdents64 61 lseek 62
read 63 write 64 readv 65 writev 66 pread64 67 pwrite64 68 sendfile 71 pselect6 72 ppoll 73 readlinkat 78
newfstatat 79 fstat 80 fsync 82 fdatasync 83 utimensat 88 exit 93 exit_group 94 set_tid_address 96 futex 98
set_robust_list 99 get_robust_list 100 nanosleep 101 getitimer 102 setitimer 103 clock_gettime 113
clock_getres 114 clock_nanosleep 115 sched_getscheduler 120 sched_getparam 121 sched_getaffinity 123
sched_yield 124 kill 129 tkill 130 tgkill 131 sigaltstack 132 rt_sigaction 134 rt_sigprocmask 135
rt_sigpending 136 rt_sigtimedwait 137 rt_sigreturn 139 getresuid 148 getresgid 150 times 153 getpgid 155
getsid 156 getgroups 158 uname 160 getrlimit 163 getrusage 165 umask 166 gettimeofday 169 getpid 172
getppid 173 getuid 174 geteuid 175 getgid 176 getegid 177 gettid 178 sysinfo 179 socketpair 199 sendto 206
recvfrom 207 brk 214 munmap 215 mremap 216 clone 220 mmap 222 mprotect 226 madvise 233 wait4 260
prlimit64 261 renameat2 276 seccomp 277 getrandom 278 statx 291 rseq 293 clone3 435 close_range 436
faccessat2 439 epoll_pwait2 441
""")

ARCHITECTURES = {
    "x86_64": Architecture("x86_64", 0xC000003E, 155, _X86_64),
    "aarch64": Architecture("aarch64", 0xC00000B7, 41, _AARCH64),
}
