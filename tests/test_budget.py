"""Reading budgets and keeping the ledger."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qstar.budget import GENERATED, PROMPT, RECOMPUTED, Budget, Ledger


@pytest.mark.parametrize(
    ("text", "budget"),
    [
        ("4096", Budget(tokens=4096)),
        ("4096tok", Budget(tokens=4096)),
        ("64x", Budget(multiple=64.0)),
        ("2.5X", Budget(multiple=2.5)),
        ("30s", Budget(seconds=30.0)),
        ("2e12flops", Budget(flops=2e12)),
        ("1e3", Budget(tokens=1000)),
        ("500exp, 200 calls,10s", Budget(expansions=500, verifier_calls=200, seconds=10.0)),
    ],
)
def test_parse(text, budget):
    assert Budget.parse(text) == budget


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "write 4096"),
        ("many", "write 4096"),
        ("-5", "write 4096"),
        ("5 parsecs", "write 4096"),
        ("1,,2s", "write 4096"),
        ("0", "must be positive"),
        ("0.5", "must be positive"),
        ("100,4x", "not both"),
        ("nan", "write 4096"),
        ("1e999", "write 4096"),
    ],
)
def test_budgets_that_are_none_name_what_is_wrong(text, message):
    with pytest.raises(ValueError, match=message):
        Budget.parse(text)


def test_a_known_unit_makes_a_multiple_a_cap():
    assert Budget(multiple=4, unit=50.5).cap(prompt=10, unit=50.5) == 212
    assert Budget(tokens=99).cap(10, 50) == 99
    assert Budget(multiple=0.001, unit=50).cap(10, 50) == 11, "at least one token"
    with pytest.raises(ValueError, match="a unit is what a multiple is of"):
        Budget(unit=50.0)


@given(st.lists(st.tuples(st.sampled_from([PROMPT, GENERATED, RECOMPUTED]), st.integers(0, 99), st.floats(0, 1e6))))
def test_the_ledger_adds_up_and_comes_back_from_plain_data(charges):
    ledger = Ledger(Budget(tokens=100, flops=1e9))
    for kind, tokens, flops in charges:
        ledger.charge({kind: tokens}, flops)
    assert ledger.tokens == sum(tokens for _, tokens, _ in charges)
    assert ledger.tokens_left == 100 - ledger.tokens
    assert ledger.flops_left == pytest.approx(1e9 - sum(flops for *_, flops in charges))
    assert ledger.expansions_left == ledger.verifier_calls_left == math.inf
    again = Ledger(ledger.budget)
    again.restore(json.loads(json.dumps(ledger.counts())))
    assert again.counts() == ledger.counts()


def test_the_clock_runs_between_start_and_stop_only():
    ledger = Ledger(Budget(seconds=1000.0))
    assert ledger.seconds == 0.0
    ledger.start()
    ledger.start()
    first = ledger.seconds
    assert first >= 0
    ledger.stop()
    stopped = ledger.seconds
    assert stopped >= first
    assert ledger.seconds == stopped
    assert not ledger.out_of_time
    ledger.elapsed = 1000.0
    assert ledger.out_of_time
    json.dumps(ledger.to_dict(), allow_nan=False)
