"""Whatever the text: one second, 512 MB, any thread, no exception."""

import asyncio
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from verifiers.math import check_steps, complete, equivalent, extract_answer

MILLION = 10**6
HOSTILE = [
    "(10^9)!", "9^9^9^9", r"\binom{10^9}{5\cdot10^8}", "((((9!)!)!)!)!", "e^{e^{e^{e^{e^{e}}}}}", "1e99999999",
    r"\sum_{k=1}^{2000}\sum_{j=1}^{2000}\frac{1}{k+j}", r"\sum_{k=1}^{2000}k!", "2^{131000}/3^{80000}", "1e19999+x",
    r"\sin(10^{100000})", r"\Gamma(10^9)", "((x+1)^{10000})^{10000}", "x^x^x^x^x^x", "gcd(9^{9999},7^{9999})",
    "(" * 10_000 + "1" + ")" * 10_000, r"\frac{" * 10_000, r"\sqrt{" * 5_000 + "2" + "}" * 5_000, "2^" * 3_000 + "2",
    "9" * MILLION, "1" * MILLION + "." + "2" * MILLION, "1," * MILLION, "-" * MILLION, "$" * MILLION, "万" * MILLION,
    "1+" * 2_500 + "1", "\\boxed{" * 10_000 + "1" + "}" * 10_000, "the answer is " * 50_000, "not " * 200_000,
    "5 " + "a" * 290 + "!", "5 " + "a b " * 70 + "!", "3 * " * 200_000 + "= 5", "1=" * 300_000, "<<1+" * 100_000,
    ",".join(f"\\sqrt{{{i}}}" for i in range(400)), r"\begin{pmatrix}" * 500, "\ud800", "\x00" * 1000, "²" * MILLION,
]  # fmt: skip
CALLS = [
    lambda text: equivalent(text, "3"),
    lambda text: equivalent("x+" + text, text + "+1"),
    extract_answer,
    check_steps,
    lambda text: complete("<<" + text + "="),
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:24]))
def test_every_call_ends_in_time_off_the_main_thread(text: str) -> None:
    times: list[float] = []
    failures: list[BaseException] = []

    def calls() -> None:
        for call in CALLS:
            start = time.thread_time()
            try:
                call(text)
            except BaseException as error:
                failures.append(error)
            times.append(time.thread_time() - start)

    thread = threading.Thread(target=calls)
    thread.start()
    thread.join()
    assert not failures
    assert max(times) < 1.0


def test_memory() -> None:
    program = (
        "import resource; resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))\n"
        "from tests.verifiers.math.test_math_hostile import CALLS, HOSTILE\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "for text in HOSTILE[::2]:\n"
        "    for call in CALLS: call(text)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)"
    )
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", program], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 512 * 1024  # kB


def test_same_verdicts_in_many_threads() -> None:
    pairs = [
        ("\\sqrt{8}", "2\\sqrt{2}"),
        ("\\sin 2x", "2\\sin x\\cos x"),
        ("\\sqrt{2}", "1.4142"),
        ("e^{\\pi}", "\\pi^{e}"),
    ] * 25
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda pair: equivalent(*pair), pairs))
    assert together == [True, True, False, False] * 25


def test_under_asyncio() -> None:
    async def grade() -> list[bool]:
        return await asyncio.gather(*(asyncio.to_thread(equivalent, "(10^9)!", f"{i}") for i in range(8)))

    assert asyncio.run(grade()) == [False] * 8
