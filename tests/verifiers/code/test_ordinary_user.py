"""The same verdicts when an ordinary user runs the verifier."""

from __future__ import annotations

import os

import pytest
from ordinary import python_as_nobody

from verifiers.code import Isolation, IsolationError, Pool


@pytest.mark.parametrize("level", list(Isolation)[::-1], ids=str)
def test_adversaries_as_ordinary_user(level: Isolation) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can become another user; this whole run is an ordinary user's already")
    try:
        Pool(1, level=level).close()
    except IsolationError as error:
        pytest.skip(f"no isolation {level} here: {error}")
    wrong = python_as_nobody(
        f"""
import os
from adversaries import load
from verifiers.code import Pool

assert os.geteuid() == 65534
with Pool(2, level={str(level)!r}) as pool:
    adversaries = load()
    for adversary, report in zip(adversaries, pool.map([a.job() for a in adversaries])):
        assert report.isolation is pool.level
        if report.verdict not in adversary.expected[pool.level]:
            print(adversary.name, report.verdict, report.detail)
""",
        timeout=200,
    )
    assert wrong == ""
