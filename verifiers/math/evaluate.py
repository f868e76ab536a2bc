"""Is one scalar expression the same as another? Three number systems over one syntax tree.

- `Exact`: rational arithmetic, a proof either way, up to MAX_BITS.
- `Modular`: rational functions of the variables (pi, e and i included) at random points modulo a 61-bit prime:
  identities are decided with an error of about degree / 2^61 (Schwartz-Zippel), whatever the size of constants.
- `Numeric`: everything else at random real points, with as many digits as the magnitudes in the expression
  ask for: 2^-99 and 1/2004! are far from zero. Both sides must be real at the same points, which is what
  keeps sqrt(x^2) from x, and log(x^2) from 2 log(x).

Every operation is bounded in size before it runs, and a deadline is checked between operations.
"""

from __future__ import annotations

import hashlib
import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import mpmath

from verifiers.math.expression import Node, symbols_of

MAX_BITS = 1 << 17
MAX_DIGITS = 4_000  # working precision
MAX_TERMS = 2_000  # of a finite sum
PRIME = (1 << 61) - 31
_GUARD = 50  # decimal digits beyond the magnitudes of the expression
_POINTS = 6


class Undefined(ArithmeticError):
    """A division by zero, a logarithm of zero, infinity."""


class Unsupported(ArithmeticError):
    """This number system cannot hold the value, or only at too great a cost."""


class OutOfTime(ArithmeticError):
    """The deadline passed; nothing is decided."""


@dataclass
class Clock:
    """A deadline in seconds of wall time from its making, checked between operations."""

    seconds: float = 0.8
    end: float = field(init=False)

    def __post_init__(self) -> None:
        self.end = time.monotonic() + self.seconds

    @property
    def left(self) -> float:
        return self.end - time.monotonic()

    def check(self) -> None:
        if time.monotonic() > self.end:
            raise OutOfTime


class _System:
    """Evaluates a tree bottom-up; each number system fills in its operations."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.bound: dict[str, Any] = {}  # the variables of sums

    def __call__(self, node: Node) -> Any:
        self.clock.check()
        method: Callable[[Node], Any] | None = getattr(self, "_" + node.kind, None)
        if method is None:
            raise Unsupported(node.kind)
        return method(node)

    def _sym(self, node: Node) -> Any:
        if node.value in self.bound:
            return self.bound[node.value]
        return self.symbol(node.value)

    def symbol(self, name: str) -> Any:
        raise Unsupported(name)

    def _neg(self, node: Node) -> Any:
        return -self(node.args[0])

    def _add(self, node: Node) -> Any:
        total = self(node.args[0])
        for term in node.args[1:]:
            total = self.add(total, self(term))
        return total

    def _mul(self, node: Node) -> Any:
        product = self(node.args[0])
        for factor in node.args[1:]:
            product = self.multiply(product, self(factor))
        return product

    def _div(self, node: Node) -> Any:
        return self.divide(self(node.args[0]), self(node.args[1]))

    def _ratio(self, node: Node) -> Any:
        if len(node.args) != 2:
            raise Unsupported("a ratio of three")
        return self._div(node)

    def _percent(self, node: Node) -> Any:
        return self.divide(self(node.args[0]), self.integer(100))

    def _sum(self, node: Node) -> Any:
        """A finite sum or product of few terms."""
        variable, start, stop, body = node.args
        low, high = exact(start, self.clock), exact(stop, self.clock)
        if low is None or high is None or low.denominator > 1 or high.denominator > 1 or high - low > MAX_TERMS:
            return self.unknown(node)
        combine = self.add if node.value == "sum" else self.multiply
        total = self.integer(0 if node.value == "sum" else 1)
        outer = self.bound.get(variable.value)
        for k in range(int(low), int(high) + 1):
            self.bound[variable.value] = self.integer(k)
            total = combine(total, self(body))
        self.bound.pop(variable.value, None)
        if outer is not None:
            self.bound[variable.value] = outer
        return total

    def unknown(self, node: Node) -> Any:
        raise Unsupported(node.kind)

    def integer(self, value: int) -> Any:
        raise NotImplementedError

    def add(self, a: Any, b: Any) -> Any:
        return a + b

    def multiply(self, a: Any, b: Any) -> Any:
        return a * b

    def divide(self, a: Any, b: Any) -> Any:
        raise NotImplementedError


class Exact(_System):
    """Rational constants as fractions of at most MAX_BITS bits."""

    def integer(self, value: int) -> Fraction:
        return Fraction(value)

    def _num(self, node: Node) -> Fraction:
        return node.value

    def fits(self, bits: float) -> None:
        if bits > MAX_BITS:
            raise Unsupported(f"a number of {bits:.0f} bits")

    def add(self, a: Fraction, b: Fraction) -> Fraction:
        self.fits(max(_bits(a), _bits(b)) + a.denominator.bit_length())
        return a + b

    def multiply(self, a: Fraction, b: Fraction) -> Fraction:
        self.fits(_bits(a) + _bits(b))
        return a * b

    def divide(self, a: Fraction, b: Fraction) -> Fraction:
        if not b:
            raise Undefined("division by zero")
        return self.multiply(a, 1 / b)

    def _pow(self, node: Node) -> Fraction:
        base, exponent = self(node.args[0]), self(node.args[1])
        if exponent.denominator > 1:
            return self.root(exponent.denominator, self.power(base, exponent.numerator))
        return self.power(base, exponent.numerator)

    def power(self, base: Fraction, exponent: int) -> Fraction:
        if not base and exponent <= 0:
            raise Undefined("zero to a power that is not positive")
        if abs(base) == 1:
            return base if exponent % 2 else Fraction(1)
        self.fits(_bits(base) * abs(exponent) if base else 0)
        return base**exponent

    def _root(self, node: Node) -> Fraction:
        index, radicand = self(node.args[0]), self(node.args[1])
        if index.denominator > 1 or index < 2:
            raise Unsupported("a root of that index")
        return self.root(index.numerator, radicand)

    def root(self, index: int, radicand: Fraction) -> Fraction:
        """The root where it is rational; odd roots of negative numbers are negative."""
        if radicand < 0 and index % 2 == 0:
            raise Unsupported("not real")
        if index > 1_000:
            raise Unsupported("a root of that index")
        above, below = _integer_root(abs(radicand.numerator), index), _integer_root(radicand.denominator, index)
        if above is None or below is None:
            raise Unsupported("irrational")
        return Fraction(above if radicand >= 0 else -above, below)

    def _fact(self, node: Node) -> Fraction:
        n = self(node.args[0])
        if n.denominator > 1 or n < 0:
            raise Undefined("the factorial of something else than a natural number")
        self.fits(int(n) * math.log2(int(n) + 1) if n < 1 << 40 else math.inf)
        if node.value == 2:
            return Fraction(math.prod(range(int(n), 0, -2)))
        return Fraction(math.factorial(int(n)))

    def _fn(self, node: Node) -> Fraction:
        if node.value == "det":
            return determinant(self, node.args[0])
        values = [self(argument) for argument in node.args]
        whole = all(value.denominator == 1 for value in values)
        match node.value, values:
            case "abs", [x]:
                return abs(x)
            case "floor", [x]:
                return Fraction(math.floor(x))
            case "ceil", [x]:
                return Fraction(math.ceil(x))
            case "sgn", [x]:
                return Fraction((x > 0) - (x < 0))
            case "max", [_, *_]:
                return max(values)
            case "min", [_, *_]:
                return min(values)
            case "mod", [x, y] if y:
                return x % y
            case "gcd", [_, *_] if whole:
                return Fraction(math.gcd(*map(int, values)))
            case "lcm", [_, *_] if whole:
                self.fits(sum(map(_bits, values)))
                return Fraction(math.lcm(*map(int, values)))
            case "binom", [n, k] if whole and n >= 0:
                smaller = min(k, n - k)
                if smaller < 0:
                    return Fraction(0)
                self.fits(float(smaller) * (math.log2(n / smaller) + 2) if smaller and n < 1 << 60 else 0)
                return Fraction(math.comb(int(n), int(smaller)))
        raise Unsupported(node.value)


class Modular(_System):
    """Rational functions at one random point modulo PRIME; i is a square root of -1 there."""

    def __init__(self, clock: Clock, seed: bytes) -> None:
        super().__init__(clock)
        self.seed = seed

    def integer(self, value: int) -> int:
        return value % PRIME

    def symbol(self, name: str) -> int:
        if name == "i":
            return _I
        if name == "infty" or name.startswith("set "):
            raise Unsupported(name)
        return _draw(self.seed, name, PRIME)

    def _num(self, node: Node) -> int:
        return self.divide(node.value.numerator % PRIME, node.value.denominator % PRIME)

    def _fact(self, node: Node) -> int:
        return self.constant(node)

    _fn = _fact

    def constant(self, node: Node) -> int:
        if symbols_of(node):
            raise Unsupported(node.kind)
        value = Exact(self.clock)(node)
        return self.divide(value.numerator % PRIME, value.denominator % PRIME)

    def _pow(self, node: Node) -> int:
        exponent = Exact(self.clock)(node.args[1])
        if exponent.denominator > 1 or abs(exponent) > 10_000:
            raise Unsupported("a power that is no small integer")
        base = self(node.args[0]) % PRIME
        if not base and exponent <= 0:
            raise Undefined("zero to a power that is not positive")
        return pow(base, exponent.numerator, PRIME)

    def add(self, a: int, b: int) -> int:
        return (a + b) % PRIME

    def multiply(self, a: int, b: int) -> int:
        return a * b % PRIME

    def divide(self, a: int, b: int) -> int:
        if b % PRIME == 0:
            raise Undefined("division by zero")
        return a * pow(b, -1, PRIME) % PRIME


class Numeric(_System):
    """Real or complex values of `digits` decimal digits at one random real point."""

    def __init__(self, clock: Clock, digits: int, seed: bytes, log_base: int | None = None) -> None:
        super().__init__(clock)
        self.ctx = _context()
        self.ctx.dps = digits
        self.seed = seed
        self.log_base = log_base
        self.magnitude = 0.0  # of the greatest and the smallest value met, in decimal digits

    def __call__(self, node: Node) -> Any:
        value = super().__call__(node)
        if value:
            size = self.ctx.mag(value)
            if abs(size) > 1 << 22:
                raise Unsupported("beyond the range of numbers")
            self.magnitude = max(self.magnitude, abs(size) * 0.302)
        return value

    def integer(self, value: int) -> Any:
        return self.ctx.mpf(value)

    def _num(self, node: Node) -> Any:
        return self.ctx.mpf(node.value.numerator) / node.value.denominator

    def symbol(self, name: str) -> Any:
        if name == "pi":
            return +self.ctx.pi
        if name == "e":
            return +self.ctx.e
        if name == "i":
            return self.ctx.mpc(0, 1)
        if name == "infty" or name.startswith("set "):
            raise Undefined(name)
        size = Fraction(_draw(self.seed, name, 1 << 60), 1 << 59) + Fraction(1, 7)
        trial = self.seed[-1] if self.seed else 0  # the first point is all positive, the second all negative
        negative = trial if trial < 2 else _draw(self.seed, name + "-", 2)
        return self._num(Node("num", (), -size if negative else size))

    def divide(self, a: Any, b: Any) -> Any:
        if not b:
            raise Undefined("division by zero")
        return a / b

    def _degree(self, node: Node) -> Any:
        return self(node.args[0]) * self.ctx.pi / 180

    def _pow(self, node: Node) -> Any:
        base = self(node.args[0])
        rational = exact(node.args[1], self.clock)
        if rational is not None and rational.denominator % 2 and rational.denominator > 1:
            return self.power(self.odd_root(base, rational.denominator), self.integer(rational.numerator))
        return self.power(base, self(node.args[1]))

    def power(self, base: Any, exponent: Any) -> Any:
        if not base:
            if not self.ctx.re(exponent) > 0:
                raise Undefined("zero to a power that is not positive")
            return self.integer(0)
        if abs(exponent) * (abs(self.ctx.mag(base)) + 2) > 1 << 22:
            raise Unsupported("a power beyond the range of numbers")
        return self.real(self.ctx.power(base, exponent))

    def odd_root(self, base: Any, index: int) -> Any:
        """The real root where there is one."""
        if index > 1_000:
            raise Unsupported("a root of that index")
        if self.ctx.im(base) == 0 and self.ctx.re(base) < 0:
            return -self.ctx.root(-self.ctx.re(base), index)
        return self.ctx.root(base, index)

    def _root(self, node: Node) -> Any:
        index = exact(node.args[0], self.clock)
        radicand = self(node.args[1])
        if index == 2:
            return self.ctx.sqrt(radicand)
        if index is not None and index.denominator == 1 and index > 0 and index % 2:
            return self.odd_root(radicand, int(index))
        return self.power(radicand, self.divide(self.integer(1), self(node.args[0])))

    def _fact(self, node: Node) -> Any:
        if node.value == 2:
            raise Unsupported("a double factorial")
        return self.factorial(self(node.args[0]))

    def factorial(self, x: Any) -> Any:
        if abs(x) > 3_000 or self.ctx.dps > 1_500:
            raise Unsupported("a factorial that large")
        if self.ctx.isint(x) and x < 0:
            raise Undefined("the factorial of a negative integer")
        return self.ctx.gamma(x + 1)

    def _call(self, node: Node) -> Any:
        """An unknown function: some number that depends on its name and arguments alone."""
        arguments = [self.ctx.nstr(self(argument), 20) for argument in node.args]
        return self.symbol(f"{node.value}({','.join(arguments)})")

    def unknown(self, node: Node) -> Any:
        return self.symbol(canonical(node))

    def real(self, value: Any) -> Any:
        """Without an imaginary part that is only rounding."""
        if isinstance(value, self.ctx.mpc) and abs(value.imag) <= abs(value.real) * self.ctx.eps * 2**20:
            return value.real
        return value

    def snapped(self, x: Any) -> Any:
        """The integer x must be if it is within rounding of it."""
        nearest = self.ctx.nint(x)
        return nearest if abs(x - nearest) < self.ctx.mpf(10) ** (-self.ctx.dps // 2) else x

    def _fn(self, node: Node) -> Any:
        ctx, name = self.ctx, node.value
        if name == "det":
            return determinant(self, node.args[0])
        values = [self(argument) for argument in node.args]
        x = values[0]
        if name in ("log", "ln"):
            base = values[1] if len(values) == 2 else self.log_base if name == "log" else None
            if not x or base == 1 or (base is not None and not base):
                raise Undefined("a logarithm of zero")
            return self.real(ctx.log(x) if base is None else ctx.log(x) / ctx.log(base))
        if name == "abs" and len(values) == 1:
            return abs(x)
        if name == "binom" and len(values) == 2:
            n, k = values
            return self.factorial(n) / (self.factorial(k) * self.factorial(n - k))
        if name == "Gamma" and len(values) == 1:
            return self.factorial(x - 1)
        if name in ("Re", "Im") and len(values) == 1:
            return ctx.re(x) if name == "Re" else ctx.im(x)
        if len(values) == 1 and name in _ONE_ARGUMENT:
            return self.one_argument(name, x)
        if any(ctx.im(value) for value in values):
            raise Unsupported("an order of complex numbers")
        if name in ("max", "min"):
            return (max if name == "max" else min)(values)
        if name in ("floor", "ceil", "sgn") and len(values) == 1:
            x = self.snapped(ctx.re(x))
            return {"floor": ctx.floor, "ceil": ctx.ceil, "sgn": ctx.sign}[name](x)
        if name == "mod" and len(values) == 2 and values[1]:
            return x - values[1] * ctx.floor(self.snapped(x / values[1]))
        raise Unsupported(name)

    def one_argument(self, name: str, x: Any) -> Any:
        function, inverse = _ONE_ARGUMENT[name]
        if abs(x) > 1 << 20:
            raise Unsupported("an argument that large")
        value = self.real(getattr(self.ctx, function)(x))
        if not inverse:
            return value
        if abs(value) < self.ctx.mpf(10) ** (-self.ctx.dps // 2):
            raise Undefined(name)
        return 1 / value


_ONE_ARGUMENT = {
    "sin": ("sin", False), "cos": ("cos", False), "tan": ("tan", False), "cot": ("tan", True),
    "sec": ("cos", True), "csc": ("sin", True), "arcsin": ("asin", False), "arccos": ("acos", False),
    "arctan": ("atan", False), "arccot": ("acot", False), "sinh": ("sinh", False), "cosh": ("cosh", False),
    "tanh": ("tanh", False), "coth": ("tanh", True), "arcsinh": ("asinh", False), "arccosh": ("acosh", False),
    "arctanh": ("atanh", False),
}  # fmt: skip


def exact(node: Node, clock: Clock) -> Fraction | None:
    """The rational value of a constant expression; None where it has none, or one beyond MAX_BITS."""
    if node.kind == "num":
        return node.value
    try:
        return Exact(clock)(node)
    except (Undefined, Unsupported):
        return None


def same(a: Node, b: Node, clock: Clock, decimals: int | None = None) -> bool:
    """Whether two scalar expressions have the same value wherever they are defined.

    `decimals` calls constants the same when they differ by at most half a unit of that decimal place.
    What cannot be decided within the limits is False. OutOfTime when the clock runs out.
    """
    if a == b:
        return True
    x, y = exact(a, clock), exact(b, clock)
    if x is not None and y is not None:
        return x == y or (decimals is not None and abs(x - y) * 2 * 10**decimals <= 1)
    seed = hashlib.sha256("\0".join(sorted(map(canonical, (a, b)))).encode("utf-8", "replace")).digest()
    variables = symbols_of(a) | symbols_of(b)
    constant = not variables - {"pi", "e", "i"}
    if degree(a) + degree(b) < 1_000_000 and not (constant and decimals is not None):
        try:
            return _same_modular(a, b, clock, seed)
        except Unsupported:
            pass
    rounding = decimals if constant else None
    bases: tuple[int | None, ...] = (None, 10) if _has_plain_log(a) or _has_plain_log(b) else (None,)
    try:
        return any(_same_numeric(a, b, clock, seed, base, constant, rounding) for base in bases)
    except Unsupported:
        return canonical(a) == canonical(b)


def approximate(node: Node, clock: Clock) -> Any:
    """A real constant to 60 digits as an mpmath number; None where there is none."""
    try:
        value = Numeric(clock, 60, b"")(node)
    except (Undefined, Unsupported):
        return None
    return value if not symbols_of(node) - {"pi", "e"} and not _context().im(value) else None


def at(node: Node, name: str, value: Fraction, clock: Clock) -> Any:
    """The value of an expression in one variable at a rational point: Fraction, mpmath number or None."""
    point = substituted(node, name, Node("num", (), value))
    rational = exact(point, clock)
    return rational if rational is not None else approximate(point, clock)


def determinant(system: _System, matrix: Node) -> Any:
    """By expansion along the first row, up to 5 x 5."""
    if matrix.kind != "matrix" or matrix.value > 5 or len(matrix.args) != matrix.value**2:
        raise Unsupported("a determinant")
    n = matrix.value
    rows = [[system(entry) for entry in matrix.args[i * n : i * n + n]] for i in range(n)]

    def minor(rows: list[list[Any]]) -> Any:
        if len(rows) == 1:
            return rows[0][0]
        total = system.integer(0)
        for j, entry in enumerate(rows[0]):
            term = system.multiply(entry, minor([row[:j] + row[j + 1 :] for row in rows[1:]]))
            total = system.add(total, term if j % 2 == 0 else -term)
        return total

    return minor(rows)


def degree(node: Node) -> int:
    """A bound on the degree of a rational function."""
    match node.kind:
        case "sym":
            return 1
        case "pow":
            exponent = node.args[1].value if node.args[1].kind == "num" else 100
            return degree(node.args[0]) * min(math.ceil(abs(exponent)), 10**9)
        case "sum":
            return MAX_TERMS * (degree(node.args[3]) + 1)
    return sum(map(degree, node.args))


def canonical(node: Node) -> str:
    """A spelling in which the order of sums and products does not matter."""
    parts = [canonical(argument) for argument in node.args]
    if node.kind in ("add", "mul"):
        parts.sort()
    value = node.value
    if isinstance(value, Fraction):  # decimal spelling would take quadratic time
        value = f"{value.numerator:x}/{value.denominator:x}"
    return f"{node.kind}:{value}({','.join(parts)})"


def _same_modular(a: Node, b: Node, clock: Clock, seed: bytes) -> bool:
    agreed = 0
    for trial in range(6):
        system = Modular(clock, seed + bytes([trial]))
        values: list[int | None] = []
        for node in (a, b):
            try:
                values.append(system(node) % PRIME)
            except Undefined:
                values.append(None)
        if None in values:
            continue
        if values[0] != values[1]:
            return False
        agreed += 1
        if agreed == 2:
            return True
    return False


def _same_numeric(
    a: Node, b: Node, clock: Clock, seed: bytes, base: int | None, constant: bool, decimals: int | None
) -> bool:
    agreed = imaginary = 0
    wants_complex = "i" in symbols_of(a) | symbols_of(b)
    for trial in range(1 if constant else _POINTS):
        point = seed + bytes([trial])
        digits = _GUARD
        for _ in range(2):  # the first pass measures how many digits the second needs
            systems = [Numeric(clock, digits, point, base) for _ in range(2)]
            values: list[Any] = []
            for system, node in zip(systems, (a, b)):
                try:
                    values.append(system(node))
                except Undefined:
                    break
            magnitude = max(system.magnitude for system in systems)
            if len(values) < 2 or digits > _GUARD:
                break
            if decimals is None and not _close(systems[0].ctx, values[0], values[1], 30 - digits, magnitude):
                break
            digits = _GUARD + 4 * math.ceil(magnitude)
            if digits > MAX_DIGITS:
                raise Unsupported(f"{digits} digits")
        if len(values) < 2:
            continue
        ctx = systems[0].ctx
        real = [not ctx.im(value) for value in values]
        if not any(real) and not constant and not wants_complex:
            # neither side is defined over the reals
            imaginary += _close(ctx, values[0], values[1], 15 - digits, magnitude)
            continue
        if decimals is not None:
            return bool(abs(values[0] - values[1]) * 2 <= ctx.mpf(10) ** -decimals)
        if not _close(ctx, values[0], values[1], 15 - digits, magnitude):
            return False
        agreed += 1
    return agreed + imaginary >= (1 if constant else 3)


def _close(ctx: Any, x: Any, y: Any, exponent: int, magnitude: float) -> bool:
    """Whether x - y is within rounding, given the greatest magnitude met on the way."""
    return bool(abs(x - y) <= ctx.mpf(10) ** (exponent + math.ceil(magnitude)))


def _has_plain_log(node: Node) -> bool:
    if node.kind == "fn" and node.value == "log" and len(node.args) == 1:
        return True
    return any(map(_has_plain_log, node.args))


def substituted(node: Node, name: str, value: Node) -> Node:
    if node.kind == "sym":
        return value if node.value == name else node
    if not node.args:
        return node
    return Node(node.kind, tuple(substituted(argument, name, value) for argument in node.args), node.value)


def _bits(value: Fraction) -> int:
    return value.numerator.bit_length() + value.denominator.bit_length()


def _integer_root(n: int, k: int) -> int | None:
    """The k-th root of a natural number where it is one (Newton's method from above)."""
    if n < 2:
        return n
    if k >= n.bit_length():
        return None
    if k == 2:
        root = math.isqrt(n)
    else:
        root = 1 << -(-n.bit_length() // k)
        while (closer := ((k - 1) * root + n // root ** (k - 1)) // k) < root:
            root = closer
    return root if root**k == n else None


def _draw(seed: bytes, name: str, below: int) -> int:
    return int.from_bytes(hashlib.sha256(seed + name.encode("utf-8", "replace")).digest(), "big") % below


_I = next(pow(g, (PRIME - 1) // 4, PRIME) for g in range(2, 100) if pow(g, (PRIME - 1) // 2, PRIME) == PRIME - 1)

_local = threading.local()
_priming = threading.Lock()
_primed = False


def _context() -> Any:
    """This thread's mpmath context. The constants all threads share are computed once, to full length:
    mpmath replaces a cached constant by a longer one in two steps that threads could come between."""
    global _primed
    if not _primed:
        with _priming:
            if not _primed:
                ctx = mpmath.MPContext()
                ctx.dps = MAX_DIGITS + 100
                _ = [+constant for constant in (ctx.pi, ctx.e, ctx.ln2, ctx.ln10)]
                _primed = True
    if not hasattr(_local, "ctx"):
        _local.ctx = mpmath.MPContext()
    return _local.ctx
