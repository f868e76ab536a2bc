"""Are two answers the same answer?

`equivalent` reads both sides (`answer.readings`), then compares by kind: scalars by value (`evaluate.same`),
lists and sets without order, tuples with it, intervals and inequalities as sets of reals, equations up to a
constant factor, matrices by entry, options by letter, quantities by value and unit.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any, Literal

from verifiers.math import evaluate, fallback
from verifiers.math.answer import Reading, plain_words, readings
from verifiers.math.evaluate import Clock, OutOfTime
from verifiers.math.expression import INFINITY, Node, number, symbol, symbols_of
from verifiers.math.units import DEGREE, PERCENT, Unit

MAX_ITEMS = 60  # of a list or set; the number of comparisons grows with its square


@dataclass(frozen=True)
class Policy:
    """What counts as the same.

    decimals: None compares exactly; d lets constants differ by half a unit of the d-th decimal place.
    units: "lenient" lets one side leave its unit out, "strict" wants the same unit on both, "ignore" drops units.
    percent: "either" takes 28% for 28 as well as for 0.28, "exact" for 0.28 alone.
    seconds: wall time after which the answer is False.
    """

    decimals: int | None = None
    units: Literal["lenient", "strict", "ignore"] = "lenient"
    percent: Literal["either", "exact"] = "either"
    seconds: float = 0.8

    def __post_init__(self) -> None:
        if self.decimals is not None and not 0 <= self.decimals <= 100:
            raise ValueError(f"decimals is {self.decimals}; it must be None or 0 to 100")
        if self.units not in ("lenient", "strict", "ignore"):
            raise ValueError(f"units is {self.units!r}; it must be lenient, strict or ignore")
        if self.percent not in ("either", "exact"):
            raise ValueError(f"percent is {self.percent!r}; it must be either or exact")
        if not 0 < self.seconds <= 0.9:
            raise ValueError(f"seconds is {self.seconds}; it must be above 0 and at most 0.9")


EXACT = Policy()

_CALCULUS = re.compile(r"\\(?:sum|prod|int|lim)(?![a-z])|\\frac\s*\{\s*d\s*\}")
_PLAIN = re.compile(r"\s*([-+−]?)\$?(\d+|[1-9]\d{0,2}(?:,\d{3})+)?(?:\.(\d*))?\s*\.?\s*", re.ASCII)
_NUMERAL_CHARACTERS = frozenset("0123456789.,+-−$ \t\n")


def equivalent(prediction: str, reference: str, *, policy: Policy = EXACT) -> bool:
    """Whether two answers mean the same. Symmetric and reflexive; what cannot be decided in time is False.

    Both are answers, or texts with a marked answer (`extract_answer`). TypeError when one is no string.
    """
    if not isinstance(prediction, str) or not isinstance(reference, str):
        kinds = f"{type(prediction).__name__} and {type(reference).__name__}"
        raise TypeError(f"equivalent compares two strings, got {kinds}")
    if prediction == reference:
        return True
    a, b = _plain_number(prediction), _plain_number(reference)
    if a is not None and b is not None:
        if a == b:
            return True
        if policy.decimals is None or max(map(len, (*a, *b))) > 4_000:
            return False
    clock = Clock(policy.seconds)
    try:
        return _Comparison(clock, policy).texts(prediction, reference)
    except (OutOfTime, RecursionError, MemoryError):
        return False


def _plain_number(text: str) -> tuple[str, str, str] | None:
    """(sign, whole, fraction) without idle zeros; numerals of any length, without conversion."""
    if len(text) > 1_000 and not _NUMERAL_CHARACTERS.issuperset(text):
        return None
    match = _PLAIN.fullmatch(text)
    if match is None or not (match.group(2) or match.group(3)):
        return None
    whole = (match.group(2) or "").replace(",", "").lstrip("0")
    fraction = (match.group(3) or "").rstrip("0")
    sign = "-" if match.group(1) in ("-", "−") and (whole or fraction) else ""
    return sign, whole, fraction


class _Comparison:
    """One call of `equivalent`: a clock and a policy, and the rules by kind of answer."""

    def __init__(self, clock: Clock, policy: Policy) -> None:
        self.clock = clock
        self.policy = policy

    def texts(self, a: str, b: str) -> bool:
        left, right = readings(a), readings(b)
        if left and right and left[0].node.kind == right[0].node.kind == "choice":
            return left[0].node == right[0].node
        if any(self.quantities(x, y) for x in left for y in right):
            return True
        if left and right:
            return bool(_CALCULUS.search(a + b)) and fallback.equivalent(a, b, self.clock, hint=False)
        return plain_words(a) == plain_words(b) != "" or fallback.equivalent(a, b, self.clock)

    # units

    def quantities(self, a: Reading, b: Reading) -> bool:
        """Values and units: equal units convert, percent and degree may be left out."""
        u, v = a.unit or NO_UNIT, b.unit or NO_UNIT
        if self.policy.units == "ignore" and PERCENT not in (u, v):
            u = v = NO_UNIT
        if u.dimensions == v.dimensions:
            if u.factor == v.factor:
                return self.nodes(a.node, b.node)
            return self.scalars(_scaled(a.node, u.factor), _scaled(b.node, v.factor))
        if PERCENT in (u, v):
            value, other = (a.node, b.node) if u == PERCENT else (b.node, a.node)
            if (v if u == PERCENT else u).dimensions:
                return False
            if self.policy.percent == "either" and self.nodes(value, other):
                return True
            return self.scalars(_scaled(value, Fraction(1, 100)), other)
        if DEGREE in (u, v) and (not u.dimensions or not v.dimensions):
            value, other = (a.node, b.node) if u == DEGREE else (b.node, a.node)
            radians = Node("mul", (value, Node("div", (symbol("pi"), number(180)))))
            return (self.policy.units == "lenient" and self.nodes(value, other)) or self.scalars(radians, other)
        if self.policy.units == "strict" or (u.dimensions and v.dimensions):
            return False
        return self.nodes(a.node, b.node)

    # kinds

    def nodes(self, a: Node, b: Node) -> bool:
        self.clock.check()
        if a == b:
            return True
        whole_a, whole_b = a, b
        (label_a, a), (label_b, b) = labelled(a), labelled(b)
        if label_a is not None and label_b is not None:
            renamed = self.same_label(label_a, label_b, b)
            if renamed is None:
                return is_relation(whole_a) and is_relation(whole_b) and self.relations(whole_a, whole_b)
            b = renamed
        elif label_a is not None and is_relation(b):
            return self.labelled_set(label_a, a, b) or self.relations(whole_a, b)
        elif label_b is not None and is_relation(a):
            return self.labelled_set(label_b, b, a) or self.relations(a, whole_b)
        a, b = _unfold(a), _unfold(b)
        if a == b:
            return True
        kinds = {a.kind, b.kind}
        if "text" in kinds or "choice" in kinds:
            return self.words(a, b)
        if kinds & {"matrix"} or _is_matrix(a) or _is_matrix(b):
            return self.matrices(a, b)
        if kinds == {"time"} or "time" in kinds:
            return False  # equal times are equal nodes
        if self.is_set(a) or self.is_set(b):
            parts = ("seq", "set", "list", "rel")
            return all(node.kind in parts or self.is_set(node) for node in (a, b)) and self.sets(a, b)
        if kinds & {"list", "seq", "set"}:
            return self.collections(a, b)
        if "rel" in kinds:
            return kinds == {"rel"} and self.relations(a, b)
        if kinds == {"ratio"} and len(a.args) == len(b.args) > 2:
            return self.proportional(a.args, b.args)
        return self.scalars(a, b)

    def labelled_set(self, label: Node, value: Node, relation: Node) -> bool:
        """x ∈ [-2, 7] against -2 <= x <= 7"""
        value = _unfold(value)
        interval = value.kind == "seq" and len(value.args) == 2
        return (
            (interval or self.is_set(value))
            and _variables(label) == _variables(relation)
            and self.sets(value, relation)
        )

    def scalars(self, a: Node, b: Node) -> bool:
        return evaluate.same(a, b, self.clock, self.policy.decimals)

    def words(self, a: Node, b: Node) -> bool:
        """A word, or an option's letter, which may be written as a variable."""
        letters = [_letter(node) for node in (a, b)]
        if "choice" in (a.kind, b.kind):
            return letters[0] is not None and letters[0] == letters[1]
        names = [node.value if node.kind in ("text", "sym") else None for node in (a, b)]
        return names[0] is not None and str(names[0]).lower() == str(names[1] or "").lower()

    def same_label(self, a: Node, b: Node, value: Node) -> Node | None:
        """The value under the other label's names; None when the labels differ."""
        if a == b or {a.kind, b.kind} == {"sym", "call"}:
            return value
        if a.kind == b.kind == "call" and a.value == b.value and len(a.args) == len(b.args):
            for x, y in zip(a.args, b.args):  # f(x) = x^2 is f(t) = t^2
                if x.kind == y.kind == "sym":
                    value = evaluate.substituted(value, y.value, x)
                elif not self.scalars(x, y):
                    return None
            return value
        if a.kind == b.kind == "seq":
            return value if len(a.args) == len(b.args) and self.collections(a, b) else None
        if a.kind in ("sym", "call") or b.kind in ("sym", "call"):
            return None
        return value if evaluate.canonical(a) == evaluate.canonical(b) else None

    def matrices(self, a: Node, b: Node) -> bool:
        x, y = _entries(a), _entries(b)
        if x is None or y is None:
            if a.kind == "seq" or b.kind == "seq":  # a column may be written as a tuple
                vector, column = (a, y) if a.kind == "seq" else (b, x)
                if column and len(column[0]) == 1 and vector.value == "()" and len(vector.args) == len(column):
                    return all(self.scalars(row[0], item) for row, item in zip(column, vector.args))
            return False
        if (len(x), len(x[0])) != (len(y), len(y[0])):
            return False
        return all(self.scalars(p, q) for row, other in zip(x, y) for p, q in zip(row, other))

    # lists, tuples, finite sets

    def collections(self, a: Node, b: Node) -> bool:
        if a.kind == b.kind == "seq":
            if len(a.args) == len(b.args) == 2 and a.value != b.value:
                return False  # intervals with other ends
            return self.in_order(a.args, b.args)
        if "seq" in (a.kind, b.kind):
            sequence, other = (a, b) if a.kind == "seq" else (b, a)
            labels = [label for label in (labelled(item)[0] for item in other.args) if label is not None]
            if other.value == "or" or (labels and not _many_labels(other.args)):
                return False  # the values of one unknown are no point
            if sequence.value == "[]" and len(sequence.args) == 2:
                return False  # an interval
            if other.kind != "list":
                return len(sequence.args) == 1 and self.nodes(sequence.args[0], other)
            return self.in_order(sequence.args, other.args)
        items, others = _items(a), _items(b)
        if "set" in (a.kind, b.kind) or any(item.kind == "seq" for item in items):
            items, others = self.distinct(items), self.distinct(others)
        if a.kind == b.kind == "list" and _many_labels(items) != _many_labels(others):
            return self.in_order(items, others)
        return self.without_order(items, others)

    def in_order(self, a: Sequence[Node], b: Sequence[Node]) -> bool:
        return len(a) == len(b) <= MAX_ITEMS and all(self.nodes(x, y) for x, y in zip(a, b))

    def without_order(self, a: Sequence[Node], b: Sequence[Node]) -> bool:
        if len(a) != len(b) or len(a) > MAX_ITEMS:
            return False
        rest = list(b)
        for item in a:
            found = next((i for i, other in enumerate(rest) if self.nodes(item, other)), None)
            if found is None:
                return False
            rest.pop(found)
        return True

    def distinct(self, items: Sequence[Node]) -> list[Node]:
        kept: list[Node] = []
        for item in items[: MAX_ITEMS + 1]:
            if not any(self.nodes(item, other) for other in kept):
                kept.append(item)
        return kept

    def proportional(self, a: Sequence[Node], b: Sequence[Node]) -> bool:
        """2:4:6 is 1:2:3"""
        first, other = a[0], b[0]
        return all(self.scalars(Node("mul", (x, other)), Node("mul", (y, first))) for x, y in zip(a, b))

    # sets of reals

    def is_set(self, node: Node) -> bool:
        """Whether a node can only be meant as a set of reals (a pair in brackets may be a point)."""
        match node.kind:
            case "union" | "cap" | "setminus" | "builder":
                return True
            case "sym":
                return str(node.value).startswith("set ")
            case "seq":
                return len(node.args) == 2 and (node.value in ("[)", "(]") or any(map(_infinite, node.args)))
            case "rel":
                return bool(set(node.value) & {"<", ">", "<=", ">=", "!="}) and len(_variables(node)) == 1
            case "list":
                return bool(node.args) and all(self.is_set(item) for item in node.args)
        return False

    def sets(self, a: Node, b: Node) -> bool:
        """The same real numbers: tried at every boundary either side names, and between and beyond them."""
        if a.kind == b.kind == "rel":
            if len(_variables(a) | _variables(b)) > 1:
                return False
            if self.relations(a, b):
                return True
        if a.kind == b.kind == "seq":
            return self.collections(a, b)
        points = {a.kind, b.kind} == {"seq", "list"} and "or" not in (a.value, b.value)
        if points and not any(is_relation(item) for item in (*a.args, *b.args)):
            return self.collections(a, b)
        a, b = _one_name(a), _one_name(b)
        names = {next(iter(_variables(node)), "") for node in (a, b) if _variables(node)}
        try:
            return len(names) <= 1 and self.same_members(a, b, next(iter(names), "x"))
        except evaluate.Unsupported:
            return evaluate.canonical(a) == evaluate.canonical(b)

    def same_members(self, a: Node, b: Node, name: str) -> bool:
        bounds: list[tuple[Any, Node]] = []
        for bound in self.boundaries(a, name) + self.boundaries(b, name):
            value = evaluate.approximate(bound, self.clock)
            if value is None:
                raise evaluate.Unsupported("a boundary that is no real number")
            bounds.append((value, bound))
        if len(bounds) > MAX_ITEMS:
            raise evaluate.Unsupported("too many boundaries")
        bounds.sort(key=lambda pair: pair[0])
        points = [bound for _, bound in bounds]
        places = [float(value) for value, _ in bounds] or [0.0]
        if not all(map(math.isfinite, places)):
            raise evaluate.Unsupported("boundaries beyond floating point")
        low, high = Fraction(places[0]), Fraction(places[-1])
        reach = 1 + max(abs(low), abs(high))
        edges = [low - 1000 * reach, low - reach, *map(Fraction, places), high + reach, high + 1000 * reach]
        for start, stop in pairwise(edges):
            points += [number(start + (stop - start) * k / 9) for k in (1, 4, 6, 8)]
        return all(self.member(a, p, name) == self.member(b, p, name) for p in points)

    def boundaries(self, node: Node, name: str) -> list[Node]:
        """Where membership may change, as far as the set names it."""
        match node.kind:
            case "seq" if len(node.args) == 2:
                return [end for end in node.args if not _infinite(end)]
            case "set" | "list" | "union" | "cap" | "setminus":
                return [bound for item in node.args for bound in self.item_boundaries(item, name)]
            case "builder":
                return self.boundaries(node.args[0], name)
            case "rel":
                return [root for x, y in zip(node.args, node.args[1:]) for root in self.roots(x, y, name)]
            case "sym" if node.value == "set R":
                return []
        if not is_relation(node) and node.kind != "sym" and not _variables(node):
            return [node]
        raise evaluate.Unsupported(node.kind)

    def item_boundaries(self, item: Node, name: str) -> Sequence[Node]:
        is_part = is_relation(item) or item.kind in ("seq", "set", "union", "cap", "setminus", "builder")
        if is_part or (item.kind == "sym" and str(item.value).startswith("set ")):
            return self.boundaries(item, name)
        return _items(_unfold(item))

    def roots(self, x: Node, y: Node, name: str) -> list[Node]:
        """Solutions of x = y where that is linear in the variable, or in an absolute value of it."""
        if _infinite(x) or _infinite(y):
            return []
        for side, other in ((x, y), (y, x)):
            if side.kind == "fn" and side.value == "abs" and not _variables(other):
                return [
                    *self.roots(side.args[0], other, name),
                    *self.roots(side.args[0], Node("neg", (other,)), name),
                ]
        difference = Node("add", (x, Node("neg", (y,))))
        zero, one, two = (evaluate.substituted(difference, name, number(k)) for k in (0, 1, 2))
        slope = Node("add", (one, Node("neg", (zero,))))
        straight = self.exactly(Node("add", (two, zero)), Node("add", (one, one)))
        if not straight or self.exactly(slope, number(0)):
            return []
        return [Node("neg", (Node("div", (zero, slope)),))]

    def exactly(self, a: Node, b: Node) -> bool:
        return evaluate.same(a, b, self.clock)

    def member(self, node: Node, point: Node, name: str) -> bool:
        match node.kind:
            case "seq" if len(node.args) == 2:
                low, high = node.args
                above = self.holds(low, "<=" if node.value[0] == "[" else "<", point)
                return above and self.holds(point, "<=" if node.value[1] == "]" else "<", high)
            case "set":
                return any(self.scalars(item, point) for part in node.args for item in _items(_unfold(part)))
            case "union":
                return any(self.member(part, point, name) for part in node.args)
            case "cap":
                return all(self.member(part, point, name) for part in node.args)
            case "setminus":
                return self.member(node.args[0], point, name) and not self.member(node.args[1], point, name)
            case "list":
                parts = (self.member(part, point, name) for part in node.args)
                return any(parts) if node.value == "or" or not is_relation(node.args[0]) else all(parts)
            case "builder":
                return self.member(node.args[0], point, node.value)
            case "sym" if node.value == "set R":
                return True
            case "rel":
                name = next(iter(_variables(node)), name)
                sides = [evaluate.substituted(side, name, point) for side in node.args]
                return all(self.holds(x, op, y) for x, op, y in zip(sides, node.value, sides[1:]))
        if not _variables(node):
            return self.scalars(node, point)
        raise evaluate.Unsupported(node.kind)

    def holds(self, x: Node, operator: str, y: Node) -> bool:
        """x operator y, between real constants or infinities; False where a side is undefined."""
        if operator == "in":
            return self.member(y, x, "")
        if _infinite(x) or _infinite(y):
            return operator in ("<", "<=", "!=") and (_infinite(x) == -1 or _infinite(y) == 1)
        a, b = evaluate.approximate(x, self.clock), evaluate.approximate(y, self.clock)
        if a is None or b is None:
            return False
        if self.scalars(x, y):
            return operator in ("=", "<=", ">=", "~")
        return {"<": a < b, "<=": a < b, ">": a > b, ">=": a > b, "!=": True}.get(operator, False)

    # equations and inequalities

    def relations(self, a: Node, b: Node) -> bool:
        """The same sides, or differences of sides that are proportional."""
        (sides, operators), (others, theirs) = _ascending(a), _ascending(b)
        if operators == theirs and self.in_order(sides, others):
            return True
        if operators == theirs and set(operators) <= {"=", "!="} and self.in_order(sides, others[::-1]):
            return True
        if len(operators) != 1 or len(theirs) != 1 or {"in"} & {*operators, *theirs}:
            return False
        x = Node("add", (sides[0], Node("neg", (sides[1],))))
        y = Node("add", (others[0], Node("neg", (others[1],))))
        names = _variables(x) | _variables(y)
        if not names:
            return False
        for trial in (Fraction(17, 7), Fraction(-31, 11)):
            p, q = x, y
            for index, name in enumerate(sorted(names)):
                value = number(trial + Fraction(index * 5 + 1, 13))
                p, q = evaluate.substituted(p, name, value), evaluate.substituted(q, name, value)
            u, v = evaluate.approximate(p, self.clock), evaluate.approximate(q, self.clock)
            if not u or not v:
                continue
            if operators != theirs or (operators[0] not in ("=", "!=") and (u > 0) != (v > 0)):
                return False
            return self.exactly(Node("mul", (x, q)), Node("mul", (y, p)))
        return False


NO_UNIT = Unit()


def is_relation(node: Node) -> bool:
    return node.kind == "rel"


def labelled(node: Node) -> tuple[Node | None, Node]:
    """(label, value) of x = 5, f(x) = x^2, |AB| = 1, x ∈ [1, 2]; (None, node) of anything else.

    A chain x = 2 + 3 = 5 is its label and its last side; what is only approximated keeps the exact side.
    """
    if node.kind != "rel":
        return None, node
    sides, operators = list(node.args), list(node.value)
    if "~" in operators:
        cut = operators.index("~")
        exact_part = sides[: cut + 1]
        if cut == 0 and _is_label(exact_part[0]):
            return exact_part[0], sides[1]
        sides, operators = exact_part, operators[:cut]
        if not operators:
            return None, sides[0]
    if operators == ["in"]:
        return (sides[0], sides[1]) if _is_label(sides[0]) else (None, node)
    if set(operators) != {"="}:
        return None, Node("rel", tuple(sides), tuple(operators))
    if _is_label(sides[0]):
        return sides[0], sides[-1]
    if len(sides) == 2 and _is_label(sides[1]) and sides[1].kind in ("sym", "call") and not _variables(sides[0]):
        return sides[1], sides[0]
    if not any(map(_variables, sides)):
        return None, sides[-1]
    return None, Node("rel", tuple(sides), tuple(operators))


def _is_label(node: Node) -> bool:
    """A name that an answer gives its value: x, x_1, f(x), AB, |AB|, AB:CD, (x, y)."""
    match node.kind:
        case "sym":
            return node.value not in ("pi", "e", "i", "infty") and not node.value.startswith("set ")
        case "call":
            return True
        case "seq" | "ratio" | "div":
            return bool(node.args) and all(map(_is_label, node.args))
        case "fn":
            return node.value == "abs" and _is_label(node.args[0])
        case "mul":
            names = [leaf.value for leaf in _leaves(node)]
            named = all(isinstance(name, str) for name in names)
            return named and (all(name[0].isupper() for name in names) or names[0] in ("angle", "triangle"))
    return False


def _leaves(node: Node) -> list[Node]:
    if node.kind != "mul":
        return [node]
    return [leaf for factor in node.args for leaf in _leaves(factor)]


def _unfold(node: Node) -> Node:
    """± as a list of both values, and lists of such lists as one."""
    both = _plus_minus(node)
    if both is not None:
        return Node("list", both)
    if node.kind in ("list", "set") and any(_plus_minus(labelled(item)[1]) for item in node.args):
        items: list[Node] = []
        for item in node.args:
            items += _plus_minus(labelled(item)[1]) or (item,)
        return Node(node.kind, tuple(items), node.value)
    return node


def _plus_minus(node: Node) -> tuple[Node, Node] | None:
    """The two values of an expression with ±, all its signs taken together."""
    if node.kind in ("list", "set", "rel", "seq") or not _has(node, "pm"):
        return None
    return _signed(node, "\\pm"), _signed(node, "\\mp")


def _signed(node: Node, plus: str) -> Node:
    args = tuple(_signed(argument, plus) for argument in node.args)
    if node.kind == "pm":
        return Node("add", (args[0], args[1] if node.value == plus else Node("neg", (args[1],))))
    return Node(node.kind, args, node.value) if args else node


def _has(node: Node, kind: str) -> bool:
    return node.kind == kind or any(_has(argument, kind) for argument in node.args)


def _items(node: Node) -> Sequence[Node]:
    if node.kind in ("list", "set"):
        return [inner for item in node.args for inner in (item.args if _plus_minus(item) else (item,))]
    return (node,)


def _many_labels(items: Sequence[Node]) -> bool:
    labels = {evaluate.canonical(label) for label in (labelled(item)[0] for item in items) if label is not None}
    return len(labels) > 1


def _variables(node: Node) -> frozenset[str]:
    return frozenset(
        name for name in symbols_of(node) if name not in ("pi", "e", "i", "infty") and not name.startswith("set ")
    )


def _one_name(node: Node) -> Node:
    """0 < f(x) < 1 with f(x) as a variable of its own."""
    if node.kind != "rel":
        return node
    varying = [side for side in node.args if _variables(side)]
    if len(varying) != 1 or varying[0].kind != "call":
        return node
    name = symbol(evaluate.canonical(varying[0]))
    return Node("rel", tuple(name if side == varying[0] else side for side in node.args), node.value)


def _infinite(node: Node) -> int:
    """1 for infinity, -1 for minus infinity, else 0."""
    if node == INFINITY:
        return 1
    return -1 if node.kind == "neg" and node.args[0] == INFINITY else 0


def _letter(node: Node) -> str | None:
    if node.kind in ("choice", "sym", "text") and len(str(node.value)) == 1:
        return str(node.value).upper()
    return None


def _scaled(node: Node, factor: Fraction) -> Node:
    return node if factor == 1 else Node("mul", (number(factor), node))


def _ascending(node: Node) -> tuple[tuple[Node, ...], tuple[str, ...]]:
    """Sides and operators of a relation, with < and <= only."""
    if set(node.value) & {">", ">="} and not set(node.value) & {"<", "<="}:
        turned = {">": "<", ">=": "<="}
        return node.args[::-1], tuple(turned.get(op, op) for op in node.value[::-1])
    return node.args, node.value


def _is_matrix(node: Node) -> bool:
    if node.kind == "fn":
        return False
    return node.kind == "matrix" or (
        node.kind in ("add", "mul", "neg", "div", "pow") and any(map(_is_matrix, node.args))
    )


def _entries(node: Node) -> list[list[Node]] | None:
    """The entries of a matrix, or of a sum, multiple or product of matrices."""
    match node.kind:
        case "matrix":
            return [list(node.args[i : i + node.value]) for i in range(0, len(node.args), node.value)]
        case "neg":
            inner = _entries(node.args[0])
            return inner and [[Node("neg", (x,)) for x in row] for row in inner]
        case "add":
            parts = [_entries(argument) for argument in node.args]
            total = parts[0]
            for part in parts[1:]:
                if not total or not part or (len(part), len(part[0])) != (len(total), len(total[0])):
                    return None
                total = [[Node("add", (x, y)) for x, y in zip(row, other)] for row, other in zip(total, part)]
            return total
        case "div":
            inner = _entries(node.args[0])
            return inner and [[Node("div", (x, node.args[1])) for x in row] for row in inner]
        case "mul":
            left, right = _entries(node.args[0]), _entries(node.args[1])
            if left and right:
                if len(left[0]) != len(right):
                    return None
                columns = list(zip(*right))
                return [[_dot(row, column) for column in columns] for row in left]
            matrix, factor = (left, node.args[1]) if left else (right, node.args[0])
            return matrix and [[Node("mul", (factor, x)) for x in row] for row in matrix]
        case "pow":
            base = _entries(node.args[0])
            transposed = base and node.args[1] in (symbol("T"), symbol("top"))
            return [list(column) for column in zip(*base)] if base and transposed else None
    return None


def _dot(row: Sequence[Node], column: Sequence[Node]) -> Node:
    return Node("add", tuple(Node("mul", (x, y)) for x, y in zip(row, column)))
