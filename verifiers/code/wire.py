"""Plain data between the trusted side and the candidate: a compact, typed, bounded encoding.

Only the types listed here travel. A subclass of `int`, `str`, `list`, ... is reduced to the data its
base class holds, so nothing it overrides reaches the reader. Anything else is *opaque*: the writer keeps
it in a table and sends its number. Unlike pickle, decoding builds data and calls nothing a sender names.
"""

from __future__ import annotations

import builtins
import struct
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

MAX_DEPTH = 100  # nesting of containers
MAX_ITEMS = 500_000  # values in one message, and MAX_BYTES of them
MAX_BYTES = 8 << 20
HEADER = struct.Struct(">I")  # length of a message in a stream
PACKET = 65536  # bytes at most of a packet on a control socket
_DOUBLE = struct.Struct("<d")

#: Types that may be sent *to* the trusted side by name; calling them runs nothing of the sender's.
SAFE_NAMES: Mapping[str, Any] = {
    t.__name__: t
    for t in (int, float, complex, bool, str, bytes, list, tuple, dict, set, frozenset, object, type(None))
}
#: What the trusted side may name to the candidate: every builtin, and the types above.
ALL_NAMES: Mapping[str, Any] = {**vars(builtins), **SAFE_NAMES}


class WireError(ValueError):
    """The bytes are no valid message, or the value cannot be one."""


Opaque = Callable[[Any], int]  # keeps an object, returns its number
Resolve = Callable[[int], Any]  # the other way round


def _no_opaque(value: Any) -> int:
    raise WireError(f"{type(value).__name__} is not plain data")


def _no_handle(number: int) -> Any:
    raise WireError("no object with that number")


def _varint(n: int) -> bytes:
    out = bytearray()
    while n > 127:
        out.append(n & 127 | 128)
        n >>= 7
    out.append(n)
    return bytes(out)


def _int_bytes(n: int) -> bytes:
    return n.to_bytes(n.bit_length() // 8 + 1, "little", signed=True)


# ---------------------------------------------------------------- encoding


def encode(
    value: Any,
    *,
    opaque: Opaque = _no_opaque,
    names: Mapping[str, Any] = SAFE_NAMES,
    canonical: bool = False,
    bounded: bool = False,
) -> bytes:
    """Bytes of `value`; with `canonical`, sets and dicts are sorted, so that their order leaves no trace.

    Raises WireError for values nested deeper than MAX_DEPTH or, if `bounded`, larger than MAX_ITEMS and
    MAX_BYTES; and whatever `opaque` raises.
    """
    encoder = _Encoder(opaque, names, canonical, bounded)
    encoder.put(value, 0)
    return b"".join(encoder.out)


class _Encoder:
    def __init__(self, opaque: Opaque, names: Mapping[str, Any], canonical: bool, bounded: bool) -> None:
        self.opaque, self.names, self.canonical = opaque, names, canonical
        self.out: list[bytes] = []
        self.items = MAX_ITEMS if bounded else -1
        self.bytes = MAX_BYTES if bounded else -1

    def emit(self, data: bytes) -> None:
        self.out.append(data)

    def put(self, value: Any, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise WireError(f"nested deeper than {MAX_DEPTH}")
        self.items -= 1
        if self.items == 0:
            raise WireError(f"more than {MAX_ITEMS} values")
        kind = type(value)
        writer = _WRITERS.get(kind)
        if writer is None:
            kind, value = _reduced(kind, value)
            writer = _WRITERS.get(kind)
        if writer is not None:
            writer(self, value, depth)
        elif kind in _NAMEABLE and self.names.get(name := getattr(value, "__name__", "")) is value:
            self.text(b"t", name)
        else:
            self.emit(b"o" + _varint(self.opaque(value)))

    def raw(self, tag: bytes, data: bytes) -> None:
        self.emit(tag + _varint(len(data)))
        self.emit(data)
        if self.bytes >= 0:
            self.bytes -= len(data)
            if self.bytes < 0:
                raise WireError(f"more than {MAX_BYTES} bytes")

    def text(self, tag: bytes, value: str) -> None:
        self.raw(tag, value.encode("utf-8", "surrogatepass"))

    def sequence(self, tag: bytes, items: Iterable[Any], depth: int) -> None:
        items = list(items)
        if 0 <= self.items < len(items):
            raise WireError(f"more than {MAX_ITEMS} values")
        self.emit(tag + _varint(len(items)))
        for item in items:
            self.put(item, depth + 1)

    def unordered(self, tag: bytes, items: Iterable[Any], depth: int) -> None:
        """Items sorted by their bytes when canonical."""
        if not self.canonical:
            return self.sequence(tag, items, depth)
        out, parts = self.out, []
        for item in items:
            self.out = []
            self.put(item, depth + 1)
            parts.append(b"".join(self.out))
        self.out = out
        self.emit(tag + _varint(len(parts)) + b"".join(sorted(parts)))

    def mapping(self, tag: bytes, value: Any, depth: int) -> None:
        self.unordered(tag, dict.items(value), depth)


def _reduced(kind: type, value: Any) -> tuple[type, Any]:
    """`value` as the plain type it is built on, read through the base class and not through overrides."""
    mro = type.__dict__["__mro__"].__get__(kind)
    for base, plain in _BASES.items():
        if base in mro:
            return base, plain(value)
    if any(base.__name__ == "generic" and base.__module__ == "numpy" for base in mro):  # numpy scalars
        value = value.item()
    return type(value), value


_NAMEABLE = (type, type(len))
_BASES: dict[type, Callable[[Any], Any]] = {
    int: int.__int__,
    float: float.__float__,
    str: str.__str__,
    bytes: lambda v: bytes.__getitem__(v, slice(None)),
    list: lambda v: list.__getitem__(v, slice(None)),
    tuple: lambda v: tuple.__getitem__(v, slice(None)),
    dict: lambda v: v,  # written through dict.items
    set: lambda v: set(set.__iter__(v)),
    frozenset: lambda v: frozenset(frozenset.__iter__(v)),
}

_WRITERS: dict[type, Callable[[_Encoder, Any, int], object]] = {
    type(None): lambda e, v, d: e.emit(b"N"),
    bool: lambda e, v, d: e.emit(b"T" if v else b"F"),
    int: lambda e, v, d: e.raw(b"i", _int_bytes(v)),
    float: lambda e, v, d: e.emit(b"f" + _DOUBLE.pack(v)),
    complex: lambda e, v, d: e.emit(b"c" + _DOUBLE.pack(v.real) + _DOUBLE.pack(v.imag)),
    str: lambda e, v, d: e.text(b"s", v),
    bytes: lambda e, v, d: e.raw(b"b", v),
    bytearray: lambda e, v, d: e.raw(b"y", bytes(v)),
    list: lambda e, v, d: e.sequence(b"l", v, d),
    tuple: lambda e, v, d: e.sequence(b"u", v, d),
    deque: lambda e, v, d: e.sequence(b"q", [v.maxlen, *v], d),
    range: lambda e, v, d: e.sequence(b"r", (v.start, v.stop, v.step), d),
    set: lambda e, v, d: e.unordered(b"e", v, d),
    frozenset: lambda e, v, d: e.unordered(b"z", v, d),
    dict: lambda e, v, d: e.mapping(b"d", v, d),
    Counter: lambda e, v, d: e.mapping(b"C", v, d),
    OrderedDict: lambda e, v, d: e.sequence(b"O", dict.items(v), d),
    defaultdict: lambda e, v, d: e.mapping(b"D", v, d),
    Decimal: lambda e, v, d: e.text(b"m", str(v)),
    Fraction: lambda e, v, d: e.sequence(b"Q", (v.numerator, v.denominator), d),
    timedelta: lambda e, v, d: e.sequence(b"w", (v.days, v.seconds, v.microseconds), d),
    datetime: lambda e, v, d: e.text(b"h", v.isoformat()),
    date: lambda e, v, d: e.text(b"a", v.isoformat()),
    time: lambda e, v, d: e.text(b"k", v.isoformat()),
}


# ---------------------------------------------------------------- decoding


def decode(data: bytes, *, resolve: Resolve = _no_handle, names: Mapping[str, Any] = SAFE_NAMES) -> Any:
    """The value in `data`. Raises WireError for anything `encode` would not have written.

    Time and memory are linear in the data, but for hash collisions among the keys of sets and dicts:
    decode hostile bytes only in a process that can be killed.
    """
    reader = _Decoder(data, resolve, names)
    try:
        value = reader.get(0)
    except WireError:
        raise
    except (ValueError, TypeError, ArithmeticError, IndexError, KeyError, struct.error) as error:
        raise WireError(f"not a valid message: {error}") from None
    if reader.at != len(data):
        raise WireError("bytes left over after the value")
    return value


class _Decoder:
    def __init__(self, data: bytes, resolve: Resolve, names: Mapping[str, Any]) -> None:
        self.data, self.at, self.resolve, self.names = data, 0, resolve, names

    def take(self, n: int) -> bytes:
        end = self.at + n
        if end > len(self.data):
            raise WireError("the message ends early")
        piece = self.data[self.at : end]
        self.at = end
        return piece

    def varint(self) -> int:
        n = shift = 0
        while True:
            byte = self.data[self.at]
            self.at += 1
            n |= (byte & 127) << shift
            if byte < 128:
                return n
            shift += 7
            if shift > 63:
                raise WireError("length out of range")

    def raw(self) -> bytes:
        return self.take(self.varint())

    def text(self) -> str:
        return self.raw().decode("utf-8", "surrogatepass")

    def double(self) -> float:
        return float(_DOUBLE.unpack(self.take(8))[0])

    def items(self, depth: int) -> list[Any]:
        count = self.varint()
        if count > len(self.data) - self.at:  # every item takes a byte: refuse before allocating
            raise WireError("more items announced than bytes left")
        return [self.get(depth + 1) for _ in range(count)]

    def get(self, depth: int) -> Any:
        if depth > MAX_DEPTH + 2:  # an item of a dict is a tuple of its own
            raise WireError(f"nested deeper than {MAX_DEPTH}")
        reader = _READERS.get(self.take(1))
        if reader is None:
            raise WireError("unknown type")
        return reader(self, depth)


def _named(reader: _Decoder, depth: int) -> Any:
    return reader.names[reader.text()]


_READERS: dict[bytes, Callable[[_Decoder, int], Any]] = {
    b"N": lambda r, d: None,
    b"T": lambda r, d: True,
    b"F": lambda r, d: False,
    b"i": lambda r, d: int.from_bytes(r.raw(), "little", signed=True),
    b"f": lambda r, d: r.double(),
    b"c": lambda r, d: complex(r.double(), r.double()),
    b"s": lambda r, d: r.text(),
    b"b": lambda r, d: r.raw(),
    b"y": lambda r, d: bytearray(r.raw()),
    b"l": lambda r, d: r.items(d),
    b"u": lambda r, d: tuple(r.items(d)),
    b"q": lambda r, d: (lambda v: deque(v[1:], v[0]))(r.items(d)),
    b"r": lambda r, d: range(*r.items(d)),
    b"e": lambda r, d: set(r.items(d)),
    b"z": lambda r, d: frozenset(r.items(d)),
    b"d": lambda r, d: dict(r.items(d)),
    b"C": lambda r, d: Counter(dict(r.items(d))),
    b"O": lambda r, d: OrderedDict(r.items(d)),
    b"D": lambda r, d: defaultdict(None, r.items(d)),
    b"m": lambda r, d: Decimal(r.text()),
    b"Q": lambda r, d: Fraction(*r.items(d)),
    b"w": lambda r, d: timedelta(*r.items(d)),
    b"h": lambda r, d: datetime.fromisoformat(r.text()),
    b"a": lambda r, d: date.fromisoformat(r.text()),
    b"k": lambda r, d: time.fromisoformat(r.text()),
    b"t": _named,
    b"o": lambda r, d: r.resolve(r.varint()),
}
