"""LaTeX beyond the grammar: sympy in a killable process, or a refusal with a hint."""

import os
import threading
import time
import warnings

import pytest

from verifiers.math import equivalent, fallback
from verifiers.math.evaluate import Clock

INTEGRAL = r"\int_0^1 x\,dx"
needs_latex = pytest.mark.skipif(not fallback.available(), reason="needs the extra: pip install 'qstar[latex]'")


def test_without_the_extra_unequal_with_one_hint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fallback, "available", lambda: False)
    monkeypatch.setattr(fallback, "_hinted", False)
    with pytest.warns(UserWarning, match=r"qstar\[latex\]"):
        assert not equivalent(INTEGRAL, "1/2")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert not equivalent(INTEGRAL, "1/2")
    assert not fallback.warm_up()


@needs_latex
def test_calculus() -> None:
    assert fallback.warm_up()
    assert equivalent(INTEGRAL, "1/2")
    assert equivalent("1/2", INTEGRAL)
    assert equivalent(r"\lim_{x\to 0}\frac{\sin x}{x}", "1")
    assert equivalent(r"\int 2x\,dx", "x^2")
    assert not equivalent(INTEGRAL, "1/3")
    assert not equivalent(r"\int_0^5 3x\,dx", "3")


@needs_latex
def test_a_stuck_comparison_is_killed_and_the_next_one_works() -> None:
    assert fallback.warm_up()
    times = []

    def stuck() -> None:
        start = time.monotonic()
        assert not equivalent(r"\int_0^{\infty} e^{-x^{9}} \binom{10^9}{5\cdot 10^8} dx", "3")
        times.append(time.monotonic() - start)

    thread = threading.Thread(target=stuck)
    thread.start()
    thread.join()
    assert times
    assert times[0] < 1.0
    assert equivalent(INTEGRAL, "1/2")


@needs_latex
def test_a_dead_process_is_replaced() -> None:
    assert fallback.warm_up()
    worker = fallback._pool.borrow(Clock(5))
    assert worker is not None
    os.kill(worker.process.pid, 9)
    fallback._pool.give_back(worker, sound=True)
    equivalent(INTEGRAL, "1/2")  # meets the dead process
    assert fallback.warm_up()
    assert equivalent(INTEGRAL, "1/2")
