"""The encoding: faithful for plain data, harmless for anything else."""

from __future__ import annotations

import contextlib
import enum
import math
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from datetime import timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifiers.code import wire

LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.complex_numbers(allow_nan=False)
    | st.text(st.characters())
    | st.binary()
    | st.fractions()
    | st.decimals(allow_nan=False)
    | st.dates()
    | st.times()
    | st.datetimes(timezones=st.none() | st.just(timezone.utc))
    | st.timedeltas()
    | st.builds(range, st.integers(), st.integers(), st.integers(1))
)
HASHABLE = st.recursive(LEAVES, lambda inner: st.tuples(inner, inner) | st.frozensets(inner, max_size=3), max_leaves=5)
PLAIN = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.sets(HASHABLE, max_size=4)
        | st.dictionaries(HASHABLE, inner, max_size=4)
        | st.dictionaries(HASHABLE, inner, max_size=4).map(OrderedDict)
        | st.lists(inner, max_size=4).map(deque)
    ),
    max_leaves=20,
)


def alike(a: Any, b: Any) -> bool:
    """Equal in value and in type, all the way down."""
    if type(a) is not type(b):
        return False
    if isinstance(a, (list, tuple, deque)):
        return len(a) == len(b) and all(map(alike, a, b))
    if isinstance(a, dict):
        return len(a) == len(b) and all(alike(p, q) for p, q in zip(a.items(), b.items()))
    if isinstance(a, (float, complex)):
        return repr(a) == repr(b)  # tells -0.0 from 0.0
    return bool(a == b)


@given(PLAIN)
def test_round_trip(value: Any) -> None:
    assert alike(wire.decode(wire.encode(value)), value)


@given(st.binary(max_size=200))
def test_decoding_noise_gives_plain_data_or_an_error(noise: bytes) -> None:
    try:
        value = wire.decode(noise)
    except wire.WireError:
        return
    wire.encode(value)


@given(PLAIN, st.data())
def test_decoding_damaged_messages(value: Any, data: st.DataObject) -> None:
    message = bytearray(wire.encode(value))
    message[data.draw(st.integers(0, len(message) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(wire.WireError):
        wire.decode(bytes(message))


@given(st.lists(HASHABLE, max_size=6), st.randoms(use_true_random=False))
def test_canonical_bytes_do_not_depend_on_order(items: list[Any], rng: Any) -> None:
    shuffled = list(items)
    rng.shuffle(shuffled)
    written = {wire.encode(i, canonical=True) for i in items}
    if len(written) == len(set(items)):  # of equal values such as 1 and True a set keeps the first
        for build in (set, dict.fromkeys):
            assert wire.encode(build(items), canonical=True) == wire.encode(build(shuffled), canonical=True)


Point = namedtuple("Point", "x y")


class Colour(enum.IntEnum):
    RED = 7


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (Point(1, 2), (1, 2)),
        (Colour.RED, 7),
        (type("S", (str,), {"__str__": lambda s: "other"})("text"), "text"),
        (type("L", (list,), {"__iter__": lambda s: iter([9])})([1, 2]), [1, 2]),
        (type("D", (dict,), {"items": lambda s: [(9, 9)]})({1: 2}), {1: 2}),
        (type("F", (float,), {"__float__": lambda s: 9.0})(-0.0), -0.0),
        (type("Z", (set,), {"__iter__": lambda s: iter([9])})({1}), {1}),
    ],
)
def test_subclasses_are_reduced_to_what_they_hold(value: Any, plain: Any) -> None:
    assert alike(wire.decode(wire.encode(value)), plain)


@pytest.mark.parametrize(
    "value", [Counter("aab"), OrderedDict(b=1, a=2), defaultdict(None, {1: 2}), deque([1], 3), Decimal("1E+99")]
)
def test_types_of_the_standard_library_stay(value: Any) -> None:
    again = wire.decode(wire.encode(value))
    assert type(again) is type(value)
    assert again == value


def test_nan_stays_nan() -> None:
    assert math.isnan(wire.decode(wire.encode(math.nan)))


def test_types_travel_by_name_and_functions_only_to_the_candidate() -> None:
    assert wire.decode(wire.encode([int, type(None)])) == [int, type(None)]
    with pytest.raises(wire.WireError):
        wire.encode(len)
    message = wire.encode(eval, names=wire.ALL_NAMES)
    with pytest.raises(wire.WireError):
        wire.decode(message)


def test_bounds() -> None:
    deep: list[Any] = []
    for _ in range(200):
        deep = [deep]
    with pytest.raises(wire.WireError, match="nested"):
        wire.encode(deep)
    with pytest.raises(wire.WireError, match="nested"):
        wire.decode(b"l\x01" * 200 + b"N")
    with pytest.raises(wire.WireError, match="values"):
        wire.encode([0] * (wire.MAX_ITEMS + 1), bounded=True)
    with pytest.raises(wire.WireError, match="bytes"):
        wire.encode("x" * (wire.MAX_BYTES + 1), bounded=True)


def test_opaque_objects_are_numbered_by_the_callers_table() -> None:
    table: list[Any] = []

    def keep(value: Any) -> int:
        table.append(value)
        return len(table) - 1

    thing = object()
    message = wire.encode({"a": thing}, opaque=keep)
    assert wire.decode(message, resolve=table.__getitem__) == {"a": thing}
    with pytest.raises(wire.WireError):
        wire.decode(message)
