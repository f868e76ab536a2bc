"""Functions that take elements from a source, filter them, map them and reduce them."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from qstar.models.functions.blocks import MAPS, PREDICATES, SOURCES, Map, Predicate, Source
from qstar.models.functions.draft import Argument, Draft, Names

Lines = tuple[str, ...]

ELEMENT_NAMES = {
    "int": ("x", "x", "n", "number", "value", "num", "i"),
    "word": ("word", "word", "w", "s", "item"),
    "char": ("c", "c", "ch", "char", "letter"),
}


@dataclass(frozen=True)
class Flow:
    """A loop over elements: `expression` for each that meets `condition`."""

    loops: tuple[tuple[str, str], ...]  # variable, iterable
    condition: str | None
    expression: str
    plain: bool  # the iterable is a list or string, and nothing is done to its elements
    bare: bool  # nothing is done to the elements

    @property
    def variable(self) -> str:
        return self.loops[-1][0]

    def each(self, expression: str | None = None) -> str:
        """A generator expression without its brackets, or the iterable where that is the same."""
        expression = expression or self.expression
        if self.bare and expression == self.variable:
            return self.loops[-1][1]
        loops = " ".join(f"for {name} in {iterable}" for name, iterable in self.loops)
        return f"{expression} {loops}" + (f" if {self.condition}" if self.condition else "")

    def bracketed(self) -> str:
        return self.each() if self.bare else f"({self.each()})"

    def listed(self) -> str:
        if self.plain:
            return self.each()
        return f"list({self.each()})" if self.bare else f"[{self.each()}]"

    def loop(self, *inside: str) -> Lines:
        """The for statement(s) with `inside` where an element passes."""
        lines: list[str] = []
        for name, iterable in self.loops:
            lines.append("    " * len(lines) + f"for {name} in {iterable}:")
        if self.condition:
            lines.append("    " * len(lines) + f"if {self.condition}:")
        return (*lines, *("    " * len(lines) + line for line in inside))


Render = Callable[[Flow, Names, str], Lines]  # the last is the style: direct, loop or steps


@dataclass(frozen=True)
class Reduction:
    """What becomes of the elements. `phrases` hold {X}, the noun phrase; `{np}` is it without "the"."""

    key: str
    elements: tuple[str, ...]
    phrases: tuple[str, ...]
    render: Render
    name: str
    orders: tuple[str, ...] = ()  # imperative sentences
    default: str = ""  # what an empty input gives
    weight: float = 1.0
    maps: bool = True  # may follow a map
    needs: bool = False  # makes no sense without filter or map


def _accumulate(start: str, step: str, names: Sequence[str]) -> Callable[[Flow, Names], Lines]:
    def lines(flow: Flow, using: Names) -> Lines:
        total = using.new(names)
        inside = step.format(t=total, e=flow.expression)
        return (f"{total} = {start}", *flow.loop(inside), f"return {total}")

    return lines


def _of_list(direct: str, loop: Callable[[Flow, Names], Lines] | None, names: Sequence[str]) -> Render:
    """`direct` has {g}, the elements as the one argument of a call, {a}, as one of several, {l}, as a list."""

    def render(flow: Flow, using: Names, style: str) -> Lines:
        if style == "loop" and loop is not None:
            return loop(flow, using)
        if style == "direct" or flow.plain:
            return (f"return {direct.format(g=flow.each(), a=flow.bracketed(), l=flow.listed())}",)
        kept = using.new(names)
        return (f"{kept} = {flow.listed()}", f"return {direct.format(g=kept, a=kept, l=kept)}")

    return render


_TOTAL = ("total", "result", "s", "acc")
_KEPT = ("result", "chosen", "found", "kept", "out")
_COUNT = ("count", "total", "result", "found")


def _collected(end: str) -> Callable[[Flow, Names], Lines]:
    def lines(flow: Flow, using: Names) -> Lines:
        out = using.new(_KEPT)
        inside = f"{out}.append({flow.expression})"
        return (f"{out} = []", *flow.loop(inside), f"return {end.format(o=out)}")

    return lines


def _best(sign: str, default: str, key: str = "{}") -> Callable[[Flow, Names], Lines]:
    def lines(flow: Flow, using: Names) -> Lines:
        best = using.new(("best", "result", "top"))
        simple = flow.expression == flow.variable
        value = flow.expression if simple else using.new(("value", "v", "y"))
        test = f"if {best} is None or {key.format(value)} {sign} {key.format(best)}:"
        inside = (*(() if simple else (f"{value} = {flow.expression}",)), test, f"    {best} = {value}")
        return (f"{best} = None", *flow.loop(*inside), f"return {default} if {best} is None else {best}")

    return lines


def _count(flow: Flow, using: Names, style: str) -> Lines:
    if style == "loop":
        return _accumulate("0", "{t} += 1", _COUNT)(flow, using)
    if style == "steps" or not flow.condition:
        return (f"return len({flow.listed()})",)
    return (f"return sum({flow.each('1')})",)


def _product(flow: Flow, using: Names, style: str) -> Lines:
    return _accumulate("1", "{t} *= {e}", ("product", "result", "total", "p"))(flow, using)


def _first(default: str) -> Render:
    def render(flow: Flow, using: Names, style: str) -> Lines:
        if style == "loop":
            return (*flow.loop(f"return {flow.expression}"), f"return {default}")
        found = using.new(("found", "result", "matches"))
        return (f"{found} = {flow.listed()}", f"return {found}[0] if {found} else {default}")

    return render


def _last(default: str) -> Render:
    def render(flow: Flow, using: Names, style: str) -> Lines:
        if style == "loop":
            last = using.new(("last", "result", "found"))
            return (f"{last} = {default}", *flow.loop(f"{last} = {flow.expression}"), f"return {last}")
        found = using.new(("found", "matches", "kept"))
        return (f"{found} = {flow.listed()}", f"return {found}[-1] if {found} else {default}")

    return render


def _mean(flow: Flow, using: Names, style: str) -> Lines:
    kept = using.new(_KEPT)
    return (f"{kept} = {flow.listed()}", f"return sum({kept}) // len({kept}) if {kept} else 0")


def _spread(flow: Flow, using: Names, style: str) -> Lines:
    kept = using.new(_KEPT)
    return (f"{kept} = {flow.listed()}", f"return max({kept}) - min({kept}) if {kept} else 0")


def _counts(flow: Flow, using: Names, style: str) -> Lines:
    counts = using.new(("counts", "result", "freq", "tally"))
    simple = flow.expression == flow.variable
    key = flow.expression if simple else using.new(("key", "y"))
    inside = (*(() if simple else (f"{key} = {flow.expression}",)), f"{counts}[{key}] = {counts}.get({key}, 0) + 1")
    return (f"{counts} = {{}}", *flow.loop(*inside), f"return {counts}")


def _unique(flow: Flow, using: Names, style: str) -> Lines:
    out = using.new(_KEPT)
    simple = flow.expression == flow.variable
    value = flow.expression if simple else using.new(("value", "y"))
    inside = (
        *(() if simple else (f"{value} = {flow.expression}",)),
        f"if {value} not in {out}:",
        f"    {out}.append({value})",
    )
    return (f"{out} = []", *flow.loop(*inside), f"return {out}")


def _running(flow: Flow, using: Names, style: str) -> Lines:
    total, sums = using.new(("total", "s")), using.new(("sums", "result", "out"))
    inside = (f"{total} += {flow.expression}", f"{sums}.append({total})")
    return (f"{total} = 0", f"{sums} = []", *flow.loop(*inside), f"return {sums}")


def _position(flow: Flow, using: Names, style: str) -> Lines:
    i = using.new(("i", "index", "pos"))
    return (
        f"for {i}, {flow.variable} in enumerate({flow.loops[-1][1]}):",
        f"    if {flow.condition}:",
        f"        return {i}",
        "return -1",
    )


def _positions(flow: Flow, using: Names, style: str) -> Lines:
    i = using.new(("i", "index", "pos"))
    return (f"return [{i} for {i}, {flow.variable} in enumerate({flow.loops[-1][1]}) if {flow.condition}]",)


def _join(glue: str) -> Render:
    def build(flow: Flow, using: Names) -> Lines:
        out = using.new(("result", "out", "text2"))
        return (f'{out} = ""', *flow.loop(f"{out} += {flow.expression}"), f"return {out}")

    return _of_list(f'"{glue}".join({{g}})', None if glue else build, ("parts", "kept", "result"))


_N, _W, _C = ("int",), ("word",), ("char",)
_ANY, _TEXTS = ("int", "word", "char"), ("word", "char")
_LISTS = ("a list of {X}", "the list of {X}", "{X}", "{X}", "{X} as a list", "{X} in a list")

REDUCTIONS = [
    Reduction(
        "list",
        _ANY,
        _LISTS,
        _of_list("{l}", _collected("{o}"), _KEPT),
        "list",
        ("Collect {X} in a list",),
        weight=5,
        needs=True,
    ),
    Reduction(
        "sum",
        _N,
        ("the sum of {X}", "the sum of {X}", "the total of {X}", "what {X} add up to"),
        _of_list("sum({g})", _accumulate("0", "{t} += {e}", _TOTAL), _KEPT),
        "sum",
        ("Add up {X}", "Sum {X}"),
        weight=5,
    ),
    Reduction(
        "count",
        _ANY,
        ("the number of {np}", "how many {np} there are", "the count of {np}"),
        _count,
        "count",
        ("Count the {np}", "Count all {np}"),
        weight=5,
        maps=False,
        needs=True,
    ),
    Reduction("product", _N, ("the product of {X}", "{X} multiplied together"), _product, "product", ("Multiply {X}",)),
    Reduction(
        "max",
        _N,
        ("the largest of {X}", "the maximum of {X}", "the greatest of {X}"),
        _of_list("max({a}, default=0)", _best(">", "0"), _KEPT),
        "max",
        default="0",
        weight=2.5,
    ),
    Reduction(
        "min",
        _N,
        ("the smallest of {X}", "the minimum of {X}", "the least of {X}"),
        _of_list("min({a}, default=0)", _best("<", "0"), _KEPT),
        "min",
        default="0",
        weight=2.5,
    ),
    Reduction(
        "mean", _N, ("the average of {X}, rounded down", "the mean of {X} rounded down"), _mean, "average", default="0"
    ),
    Reduction(
        "spread",
        _N,
        ("the difference between the largest and the smallest of {X}", "the range (largest minus smallest) of {X}"),
        _spread,
        "range",
        default="0",
    ),
    Reduction(
        "longest",
        _W,
        ("the longest of {X}", "the first of {X} with the greatest length"),
        _of_list('max({a}, key=len, default="")', _best(">", '""', "len({})"), _KEPT),
        "longest",
        default="an empty string",
        weight=2.5,
    ),
    Reduction(
        "shortest",
        _W,
        ("the shortest of {X}", "the first of {X} with the smallest length"),
        _of_list('min({a}, key=len, default="")', _best("<", '""', "len({})"), _KEPT),
        "shortest",
        default="an empty string",
        weight=2,
    ),
    Reduction(
        "first_in_order",
        _TEXTS,
        ("the alphabetically first of {X}", "the smallest of {X} in alphabetical order"),
        _of_list('min({a}, default="")', _best("<", '""'), _KEPT),
        "min",
        default="an empty string",
    ),
    Reduction(
        "last_in_order",
        _TEXTS,
        ("the alphabetically last of {X}", "the largest of {X} in alphabetical order"),
        _of_list('max({a}, default="")', _best(">", '""'), _KEPT),
        "max",
        default="an empty string",
    ),
    Reduction("first", _N, ("the first of {X}",), _first("-1"), "first", default="-1", weight=1.5, needs=True),
    Reduction("first", _TEXTS, ("the first of {X}",), _first('""'), "first", default="an empty string", needs=True),
    Reduction("last", _N, ("the last of {X}",), _last("-1"), "last", default="-1", needs=True),
    Reduction("last", _TEXTS, ("the last of {X}",), _last('""'), "last", default="an empty string", needs=True),
    Reduction(
        "sorted",
        _ANY,
        ("{X} in ascending order", "{X}, sorted", "a sorted list of {X}"),
        _of_list("sorted({g})", None, _KEPT),
        "sorted",
        ("Sort {X}",),
        weight=2.5,
    ),
    Reduction(
        "descending",
        _ANY,
        ("{X} in descending order", "{X} sorted from largest to smallest"),
        _of_list("sorted({a}, reverse=True)", None, _KEPT),
        "descending",
        weight=1.5,
    ),
    Reduction(
        "by_length",
        _W,
        ("{X} sorted by length", "{X} from shortest to longest"),
        _of_list("sorted({a}, key=len)", None, _KEPT),
        "by_length",
        ("Sort {X} by their length",),
    ),
    Reduction(
        "reversed",
        _ANY,
        ("{X} in reverse order", "a list of {X} from last to first"),
        _of_list("{l}[::-1]", _collected("{o}[::-1]"), _KEPT),
        "reversed",
        weight=1.5,
        needs=True,
    ),
    Reduction(
        "unique_sorted",
        _ANY,
        ("the distinct values of {X} in ascending order", "{X} sorted and without duplicates"),
        _of_list("sorted(set({g}))", None, _KEPT),
        "unique",
        weight=1.5,
    ),
    Reduction("unique", _ANY, ("{X} without duplicates, in their order",), _unique, "unique"),
    Reduction(
        "distinct",
        _ANY,
        ("the number of different values among {X}", "how many different values {X} have"),
        _of_list("len(set({g}))", None, _KEPT),
        "distinct",
        weight=1.5,
    ),
    Reduction("running", _N, ("the running totals of {X}", "the list of partial sums of {X}"), _running, "running"),
    Reduction(
        "counts",
        _TEXTS,
        ("a dictionary with the count of each of {X}", "how often each of {X} occurs, as a dictionary"),
        _counts,
        "counts",
        weight=1.5,
    ),
    Reduction(
        "join",
        _C,
        ("{X} as one string", "a string of {X}", "{X}", "{X} joined together"),
        _join(""),
        "join",
        weight=6,
        needs=True,
    ),
    Reduction("join", _W, ("{X} joined into one string", "one string made of {X}"), _join(""), "join", weight=1),
    Reduction("join_space", _W, ("{X} joined by spaces", "{X} with spaces between them"), _join(" "), "join", weight=2),
    Reduction("join_dash", _TEXTS, ('{X} joined by "-"', "{X} with dashes between them"), _join("-"), "dashed"),
    Reduction(
        "join_comma", _TEXTS, ('{X} joined by ", "', "{X} separated by a comma and a space"), _join(", "), "listed"
    ),
    Reduction(
        "position",
        _ANY,
        ("the index of the first of {X}", "the position (from 0) of the first of {X}"),
        _position,
        "index",
        default="-1",
        maps=False,
        needs=True,
    ),
    Reduction(
        "positions",
        _ANY,
        ("the indices of {X}", "the positions (from 0) of {X}"),
        _positions,
        "indices",
        maps=False,
        needs=True,
    ),
]

OPENERS = (
    "Return {V}.",
    "Return {V}.",
    "Return {V}.",
    "Compute {V}.",
    "Find {V}.",
    "Give back {V}.",
    "Get {V}.",
    "Determine {V}.",
)
GIVEN = ("Given {I}, return {V}.", "Take {I} and return {V}.", "For {I}, return {V}.", "Returns {V}, given {I}.")
KEEP = ("Keep only", "Take", "Select", "Pick out", "Look only at", "Find")
FORM = ("Take", "Form", "Make a list of", "Compute")
AND_RETURN = (", and return ", " and return ", ", then return ", "; return ", ". Return ")
EMPTY = (", or {d} if there are none", ", {d} if there is none", " ({d} when there are none)", " or {d} for none")


# ---------------------------------------------------------------- composition


@dataclass(frozen=True)
class Plan:
    """The blocks of one function."""

    source: Source
    predicates: tuple[Predicate, ...]
    either: bool  # of two predicates one is enough
    map: Map | None
    reduction: Reduction
    quantifier: str = ""  # all, any, none: then the last predicate is what is asked

    @property
    def spec(self) -> str:
        keys = sorted(p.key for p in self.predicates)
        glue = "|" if self.either else "&"
        parts = [f"filter({glue.join(keys)})"] if keys else []
        if self.quantifier:
            *before, asked = (p.key for p in self.predicates)
            parts = [f"filter({key})" for key in before]
            return ">".join((self.source.key, *parts, f"{self.quantifier}({asked})"))
        parts += [f"map({self.map.key})"] if self.map else []
        return ">".join((self.source.key, *parts, self.reduction.key))

    @property
    def parameters(self) -> tuple[str, ...]:
        blocks: tuple[Predicate | Map, ...] = (*self.predicates, *((self.map,) if self.map else ()))
        return tuple(b.parameter for b in blocks if b.parameter)


@cache
def _weights(kind: str) -> list[float]:
    return [0.6 if b.parameter else 1.0 for b in PREDICATES[kind]]


@cache
def _map_weights(kind: str) -> list[float]:
    return [0.6 if b.parameter else 1.0 for b in MAPS[kind]]


@cache
def _reductions(kind: str, mapped: bool, filtered: bool, source: str) -> list[Reduction]:
    found = [r for r in REDUCTIONS if kind in r.elements and (r.maps or not mapped)]
    found = [r for r in found if not r.needs or mapped or filtered]
    found = [
        r for r in found if not r.key.startswith("position") or (filtered and source in ("ints", "words", "chars"))
    ]
    return [r for r in found if kind == "char" or r.key != "join" or source != "chars" or mapped]


_SOURCE_WEIGHTS = [s.weight for s in SOURCES]


def plan(draw: random.Random) -> Plan:
    """Random blocks that fit together."""
    while True:
        source = draw.choices(SOURCES, _SOURCE_WEIGHTS)[0]
        kind = source.element
        shape = draw.choices(("r", "fr", "mr", "fmr", "ffr", "ffmr", "q", "fq"), (6, 30, 22, 22, 8, 3, 6, 3))[0]
        predicates = tuple(draw.choices(PREDICATES[kind], _weights(kind), k=shape.count("f") + shape.count("q")))
        chosen = draw.choices(MAPS[kind], _map_weights(kind))[0] if "m" in shape else None
        out = chosen.out if chosen else kind
        if "q" in shape:
            made = Plan(source, predicates, False, None, REDUCTIONS[0], draw.choice(("all", "any", "none")))
        else:
            fitting = _reductions(out, chosen is not None, bool(predicates), source.key)
            reduction = draw.choices(fitting, [r.weight for r in fitting])[0]
            either = len(predicates) == 2 and draw.random() < 0.4
            made = Plan(source, predicates, either, chosen, reduction)
        if len(made.parameters) <= (0 if len(source.arguments) > 1 else 1) and len({p.key for p in predicates}) == len(
            predicates
        ):
            return made


def draft(made: Plan, draw: random.Random) -> Draft:
    """Words, code and near misses for a plan."""
    names = Names(draw)
    arguments = [names.argument(kind) for kind in (*made.source.arguments, *made.parameters)]
    if made.source.key == "a_to_b":
        pair = draw.choice((("a", "b"), ("low", "high"), ("start", "end"), ("first", "last"), ("m", "n")))
        arguments = [Argument(name, "num") for name in pair]
        names.used |= set(pair)
    other = arguments[-1].name if made.parameters else ""
    element = names.new(ELEMENT_NAMES[made.source.element])
    row = names.new(("row", "line", "part")) if len(made.source.loops) > 1 else ""
    style = draw.choices(("direct", "loop", "steps"), (5, 3, 2))[0]
    taken = set(names.used)

    def body(variant: Plan, style: str) -> Lines:
        names.used = set(taken)
        return _body(variant, arguments, element, row, other, names, style)

    bodies = [body(made, style), *(body(variant, "direct") for variant in _variants(made, draw))]
    met = () if made.source.key == "keys" else made.predicates[:1] if made.either else made.predicates
    likes = tuple(_test(p.code[0]) for p in met)
    marks = {int(n) for p in made.predicates for n in re.findall(r"-?\b\d+", p.code[0]) if abs(int(n)) <= 99}
    return Draft(
        made.spec,
        tuple(arguments),
        _sentence(made, arguments, other, draw),
        tuple(bodies),
        _function_names(made),
        likes,
        tuple(sorted(marks)) if made.source.element == "int" else (),
        len(arguments) - 1 if made.parameters else -1,
    )


@cache
def _test(code: str) -> Callable[..., bool]:
    made: Callable[..., bool] = eval(f"lambda x, k: {code.format(x='x', k='k')}")  # a block of ours
    return made


def _body(made: Plan, arguments: list[Argument], element: str, row: str, other: str, names: Names, style: str) -> Lines:
    draw = names.draw
    places = {"a": arguments[0].name, "b": arguments[1].name if len(arguments) > 1 else "", "row": row}
    iterables = [loop.format(**places) for loop in made.source.loops]
    loops = tuple(zip((row, element) if row else (element,), iterables))
    tests = [draw.choice(p.code).format(x=element, k=other) for p in made.predicates]
    if made.quantifier:
        *before, asked = tests
        return _quantified(
            Flow(loops, " and ".join(before) or None, element, False, False), asked, made.quantifier, style, draw
        )
    if len(tests) == 2 and made.either:
        condition = " or ".join(f"({t})" if " and " in t else t for t in tests)
    else:
        condition = " and ".join(tests)
    expression = draw.choice(made.map.code).format(x=element, k=other) if made.map else element
    bare = not condition and expression == element and len(loops) == 1
    return made.reduction.render(
        Flow(loops, condition or None, expression, bare and made.source.plain, bare), names, style
    )


def _quantified(flow: Flow, asked: str, quantifier: str, style: str, draw: random.Random) -> Lines:
    negated = f"not ({asked})" if " " in asked else f"not {asked}"
    if style == "loop":
        found, test = ("False", negated) if quantifier == "all" else ("True" if quantifier == "any" else "False", asked)
        condition = f"{flow.condition} and {test}" if flow.condition else test
        return (
            *replace(flow, condition=condition).loop(f"return {found}"),
            "return False" if quantifier == "any" else "return True",
        )
    call = f"{'all' if quantifier == 'all' else 'any'}({flow.each(asked)})"
    return (f"return not {call}" if quantifier == "none" else f"return {call}",)


def _variants(made: Plan, draw: random.Random, most: int = 4) -> list[Plan]:
    """Near misses: one block another one."""
    kind, out = made.source.element, made.map.out if made.map else made.source.element
    found: list[Plan] = []
    for i, predicate in enumerate(made.predicates):
        if shifted := _shifted(predicate):
            found.append(replace(made, predicates=(*made.predicates[:i], shifted, *made.predicates[i + 1 :])))
        others = [p for p in PREDICATES[kind] if p.parameter in (None, predicate.parameter) and p.key != predicate.key]
        swapped = draw.choice(others)
        if swapped not in made.predicates:
            found.append(replace(made, predicates=(*made.predicates[:i], swapped, *made.predicates[i + 1 :])))
    if made.quantifier:
        found += [replace(made, quantifier=q) for q in ("all", "any", "none") if q != made.quantifier]
    else:
        if made.predicates and made.reduction.key not in ("position", "positions"):
            found.append(replace(made, predicates=made.predicates[1:], either=False))
        if made.map:
            others_ = [
                m
                for m in MAPS[kind]
                if m.out == out and m.key != made.map.key and m.parameter in (None, made.map.parameter)
            ]
            found += [replace(made, map=draw.choice(others_))] if others_ else []
            if out == kind:
                found.append(replace(made, map=None))
        fitting = _reductions(out, made.map is not None, bool(made.predicates), made.source.key)
        others__ = [r for r in fitting if r.key != made.reduction.key]
        found.append(replace(made, reduction=draw.choice(others__)))
    draw.shuffle(found)
    return found[:most]


def _shifted(predicate: Predicate) -> Predicate | None:
    """The predicate with its bound on the other side of the line."""
    code = predicate.code[0]
    for sign, other in ((" >= ", " > "), (" <= ", " < "), (" > ", " >= "), (" < ", " <= ")):
        if sign in code:
            return replace(predicate, code=(code.replace(sign, other, 1),))
    return None


# ---------------------------------------------------------------- words


def _agree(clause: str, plural: bool, k: str) -> str:
    clause = clause.format(
        are="are" if plural else "is", have="have" if plural else "has", s="" if plural else "s", k=k
    )
    if not plural:
        for many, one in (
            ("do not", "does not"),
            (" in them", " in it"),
            ("is vowels", "is a vowel"),
            ("is digits", "is a digit"),
        ):
            clause = clause.replace(many, one)
        for noun in ("consonants", "letters", "spaces", "blanks"):
            clause = clause.replace(f"is {noun}", f"is a {noun[:-1]}")
    return clause


def _phrase(
    source: Source, predicates: Sequence[Predicate], either: bool, names: dict[str, str], k: str, draw: random.Random
) -> str:
    """The noun phrase for the elements that meet the predicates, plural, without "the"."""
    noun = draw.choice(source.nouns)[0]
    tail = draw.choice(source.tails).format(**names)
    if not predicates:
        return noun + tail
    clauses = [_agree(draw.choice(p.clauses), True, k) for p in predicates]
    if len(predicates) == 2 and (either or not predicates[0].adjectives or draw.random() < 0.4):
        glue = " or " if either else draw.choice((" and ", " and ", " and also "))
        first, second = clauses
        if first.startswith("are ") and second.startswith("are ") and draw.random() < 0.6:
            second = second.removeprefix("are ")
        return f"{noun}{tail} {draw.choice(('that', 'which', 'that'))} {first}{glue}{second}"
    first_predicate, clause = predicates[0], clauses[-1]
    if first_predicate.adjectives and (len(predicates) == 2 or draw.random() < 0.7):
        noun = f"{draw.choice(first_predicate.adjectives)} {noun}"
        if len(predicates) == 1:
            return noun + tail
    last = predicates[-1]
    if clause.startswith("are ") and not last.adjectives and draw.random() < 0.4 and source.element != "char":
        return draw.choice((f"{noun} {clause[4:]}{tail}", f"{noun}{tail} {clause[4:]}"))
    return f"{noun}{tail} {draw.choice(('that', 'that', 'which'))} {clause}"


def _sentence(made: Plan, arguments: list[Argument], k: str, draw: random.Random) -> str:
    names = {"a": arguments[0].name, "b": arguments[1].name if len(arguments) > 1 else ""}
    if made.quantifier:
        return _asked(made, names, k, draw)
    phrase = _phrase(made.source, made.predicates, made.either, names, k, draw)
    listed = draw.choice(("the ", "the ", "the ", "all ", "all the ")) + phrase
    if made.map:
        listed = draw.choice(made.map.phrases).format(X=listed if "sizes" not in listed else phrase, k=k)
    reduction = made.reduction
    ending = draw.choice(EMPTY).format(d=reduction.default) if reduction.default else ""
    if reduction.orders and made.source.key != "a_to_b" and draw.random() < 0.3:
        return draw.choice(reduction.orders).format(X=listed, np=phrase) + draw.choice((".", " and return the result."))
    if draw.random() < 0.2 and (by_steps := _by_steps(made, phrase, k, ending, draw)):
        return by_steps
    said = draw.choice(reduction.phrases).format(X=listed, np=phrase) + ending
    if made.source.intros and draw.random() < 0.25:
        intro = draw.choice(made.source.intros).format(**names)
        return draw.choice(GIVEN).format(I=intro, V=said)
    return draw.choice(OPENERS).format(V=said)


def _by_steps(made: Plan, phrase: str, k: str, ending: str, draw: random.Random) -> str:
    """First this, then that: the blocks in the order in which they are applied. Empty where that would sound odd."""
    reduction = made.reduction
    rest = draw.choice(("these", "them", "what is left", "those"))
    if reduction.key in ("position", "positions", "list", "join"):
        return ""
    if reduction.key == "count":
        left = draw.choice(("how many are left", "how many there are", "their number"))
        return f"{draw.choice(KEEP)} the {phrase}{draw.choice(AND_RETURN)}{left}."
    start = ""
    if made.predicates:
        start = f"{draw.choice(KEEP)} the {phrase}"
        listed = draw.choice(made.map.phrases).format(X=rest, k=k) if made.map else rest
    elif made.map:
        start = f"{draw.choice(FORM)} {draw.choice(made.map.phrases).format(X=f'the {phrase}', k=k)}"
        listed = draw.choice(("the results", "these", "them"))
    else:
        return ""
    return f"{start}{draw.choice(AND_RETURN)}{draw.choice(reduction.phrases).format(X=listed, np='')}{ending}."


def _asked(made: Plan, names: dict[str, str], k: str, draw: random.Random) -> str:
    *before, asked = made.predicates
    clause = draw.choice(asked.clauses)
    many = _phrase(made.source, before, False, names, k, draw)
    plural, quantifier = _agree(clause, True, k), made.quantifier
    if before or draw.random() < 0.5:
        word = {
            "all": ("all the", "all"),
            "any": ("some of the", "at least some of the"),
            "none": ("none of the", "no"),
        }[quantifier]
        said = f"{draw.choice(word)} {many} {plural}"
    else:
        noun, tail = draw.choice(made.source.nouns)[1], draw.choice(made.source.tails).format(**names)
        word = {"all": ("every", "each"), "any": ("any", "at least one"), "none": ("no", "not a single")}[quantifier]
        said = f"{draw.choice(word)} {noun}{tail} {_agree(clause, False, k)}"
    return draw.choice(
        ("Return True if {}.", "Check whether {}.", "Tell whether {}.", "Return whether {}.", "Is it true that {}?")
    ).format(said)


def _function_names(made: Plan) -> tuple[str, ...]:
    noun = {"int": "numbers", "word": "words", "char": "characters"}[made.source.element]
    verb = made.quantifier or made.reduction.name
    blocks = [p.name for p in made.predicates] + ([made.map.name] if made.map else [])
    if made.quantifier:
        return (f"{verb}_{blocks[-1]}", f"are_{verb}_{blocks[-1]}", f"check_{blocks[-1]}")
    short = blocks[-1] if blocks else noun
    if verb == "list":
        return ("_".join(blocks), f"{short}_{noun}", f"get_{short}", f"list_{short}")
    return (
        f"{verb}_{'_'.join(blocks) or noun}",
        f"{verb}_{short}",
        f"{verb}_of_{short}",
        f"{short}_{verb}",
        f"{verb}_{noun}",
    )
