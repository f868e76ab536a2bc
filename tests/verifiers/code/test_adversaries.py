"""Every hostile program gets its verdict, at every level, and leaves nothing behind."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from adversaries import Adversary, load

from verifiers.code import Job, Pool, Report, Verdict, run_tests

ADVERSARIES = load()
SLOW = 0.3  # seconds a time-out may be late


def test_there_are_at_least_120_of_them() -> None:
    assert len({a.name for a in ADVERSARIES}) == len(ADVERSARIES) >= 120


@pytest.fixture(scope="module")
def reports(pool: Pool) -> dict[str, Report]:
    return dict(zip([a.name for a in ADVERSARIES], pool.map([a.job() for a in ADVERSARIES])))


@pytest.mark.parametrize("adversary", ADVERSARIES, ids=lambda a: a.name)
def test_verdict(adversary: Adversary, reports: dict[str, Report], pool: Pool) -> None:
    report = reports[adversary.name]
    assert report.verdict in adversary.expected[pool.level], report
    assert report.isolation is pool.level


def test_timeouts_are_reported_in_time(pool: Pool) -> None:
    loops = [a for a in ADVERSARIES if a.expected[pool.level] == {Verdict.TIMEOUT}]
    assert len(loops) > 10
    late = []
    for adversary in loops[::3]:
        start = time.monotonic()
        report = pool.run(adversary.job(timeout=0.3))
        elapsed = time.monotonic() - start
        if report.verdict is Verdict.TIMEOUT and elapsed > 0.3 + SLOW:
            late.append((adversary.name, elapsed))
    assert not late


def test_details_cannot_drive_a_terminal(reports: dict[str, Report]) -> None:
    assert all(test.detail.isprintable() for report in reports.values() for test in report.tests)


def test_nothing_is_left(pool: Pool, reports: dict[str, Report]) -> None:
    """After all of them: the verifier works, no process but the servers lives, no file was made."""
    assert pool.run(_honest()).passed
    for place in ("/", "/tmp", "/dev/shm", "/var/tmp"):
        assert "left-behind" not in os.listdir(place)
    servers = set(_descendants(os.getpid()))
    for adversary in ADVERSARIES[:20]:
        pool.run(adversary.job(timeout=0.2))
    time.sleep(0.1)
    assert set(_descendants(os.getpid())) <= servers | _judges(pool)


def test_no_descriptor_or_memory_leaks(pool: Pool) -> None:
    def open_files() -> int:
        return len(os.listdir("/proc/self/fd")) + sum(
            len(os.listdir(f"/proc/{pid}/fd"))
            for pid in _descendants(os.getpid())
            if os.access(f"/proc/{pid}/fd", os.R_OK)
        )

    hostile = [
        a for a in ADVERSARIES if a.name in ("os._exit(0)", "memory bomb", "syntax error", "closes the reply channel")
    ]
    jobs = [_honest(), *(a.job(0.2) for a in hostile)]
    for job in jobs * 2:
        pool.run(job)
    before = open_files()
    for job in jobs * 20:
        pool.run(job)
    assert open_files() <= before + 1  # one judge more or less


def _honest() -> Job:
    return Adversary("", "def f(x): return x * x + 1", {}).job()


def _descendants(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in map(int, (task / "children").read_text().split()):
            found += [child, *_descendants(child)]
    return found


def _judges(pool: Pool) -> set[int]:
    """Children of the judge servers, which come and go."""
    workers = [w for w in pool._idle.queue if w]
    return {child for w in workers for child in _descendants(w.judges.process.pid)}


def test_pool_ends_with_its_caller() -> None:
    """A caller killed at once leaves no process, though a program is looping."""
    script = (
        "import os, threading, time; from verifiers.code import Job, Pool, Job, parse_tests\n"
        "pool = Pool(1); job = Job('while True: pass', parse_tests('assert f()'), timeout=60)\n"
        "threading.Thread(target=pool.run, args=(job,), daemon=True).start()\n"
        "time.sleep(1); print('ready', flush=True); time.sleep(60)"
    )
    caller = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=Path(__file__).parents[3])
    assert caller.stdout
    assert caller.stdout.readline() == b"ready\n"
    family = _descendants(caller.pid)
    assert len(family) >= 3
    caller.kill()
    caller.wait()
    caller.stdout.close()
    deadline = time.monotonic() + 5
    while (alive := [p for p in family if _running(p)]) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not alive


def _running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_default_pool_in_threads() -> None:
    """Time and memory limits hold in any thread."""
    from concurrent.futures import ThreadPoolExecutor

    programs = ["def f(x): return x * x + 1", "while True: pass", "def f(x): return bytearray(10**10)"] * 4
    with ThreadPoolExecutor(6) as threads:
        found = list(threads.map(lambda p: run_tests(p, "assert f(3) == 10", timeout=1).verdict, programs))
    assert found == [Verdict.PASS, Verdict.TIMEOUT, Verdict.MEMORY] * 4
