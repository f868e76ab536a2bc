"""Functions that are no pipeline: branches, chains of operations, pairs, dictionaries, and classic loops."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

from qstar.models.functions.draft import Argument, Draft, Names

Lines = tuple[str, ...]
_Value = tuple[str, str, tuple[str, ...]]  # key, code, said of the arguments


def _others(draw: random.Random, pool: Sequence[int], avoid: int, count: int) -> list[int]:
    return draw.sample([i for i in pool if i != avoid], count)


# ---------------------------------------------------------------- branches

# condition on numbers: key, code, said of the arguments
_ONE = (
    ("even", "{a} % 2 == 0", ("{a} is even", "{a} is an even number")),
    ("odd", "{a} % 2 == 1", ("{a} is odd", "{a} is not even")),
    ("positive", "{a} > 0", ("{a} is positive", "{a} is greater than zero")),
    ("negative", "{a} < 0", ("{a} is negative", "{a} is below zero")),
    ("zero", "{a} == 0", ("{a} is zero", "{a} equals 0")),
    *(
        (f"multiple_of_{d}", f"{{a}} % {d} == 0", (f"{{a}} is divisible by {d}", f"{{a}} is a multiple of {d}"))
        for d in (3, 4, 5, 7)
    ),
    *(
        (f"above_{c}", f"{{a}} > {c}", (f"{{a}} is greater than {c}", f"{{a}} is more than {c}", f"{{a}} exceeds {c}"))
        for c in (3, 5, 8, 10, 15)
    ),
    *((f"below_{c}", f"{{a}} < {c}", (f"{{a}} is less than {c}", f"{{a}} is smaller than {c}")) for c in (2, 4, 6, 10)),
    *(
        (
            f"from_{a}_to_{b}",
            f"{a} <= {{a}} <= {b}",
            (f"{{a}} is from {a} to {b}", f"{{a}} is between {a} and {b} inclusive"),
        )
        for a, b in ((1, 5), (0, 9), (3, 12))
    ),
)
_TWO = (
    ("greater", "{a} > {b}", ("{a} is greater than {b}", "{a} is larger than {b}", "{a} exceeds {b}")),
    ("less", "{a} < {b}", ("{a} is less than {b}", "{a} is smaller than {b}")),
    ("equal", "{a} == {b}", ("{a} equals {b}", "{a} and {b} are equal", "both are the same")),
    ("even_sum", "({a} + {b}) % 2 == 0", ("{a} + {b} is even", "the sum of {a} and {b} is even")),
    ("multiple", "{a} % {b} == 0", ("{a} is divisible by {b}", "{a} is a multiple of {b}")),
    ("both_even", "{a} % 2 == 0 and {b} % 2 == 0", ("both {a} and {b} are even", "{a} and {b} are both even")),
    ("some_even", "{a} % 2 == 0 or {b} % 2 == 0", ("{a} or {b} is even", "at least one of {a} and {b} is even")),
    *(
        (f"sum_above_{c}", f"{{a}} + {{b}} > {c}", (f"their sum is greater than {c}", f"{{a}} plus {{b}} exceeds {c}"))
        for c in (10, 15, 20)
    ),
    *(
        (
            f"gap_below_{c}",
            f"abs({{a}} - {{b}}) < {c}",
            (f"{{a}} and {{b}} differ by less than {c}", f"the difference of {{a}} and {{b}} is less than {c}"),
        )
        for c in (3, 5)
    ),
)
_ONE_VALUES = (
    ("same", "{a}", ("{a}", "{a} itself", "{a} unchanged")),
    ("double", "2 * {a}", ("twice {a}", "the double of {a}", "{a} times 2")),
    ("triple", "3 * {a}", ("three times {a}", "the triple of {a}")),
    ("half", "{a} // 2", ("half of {a}, rounded down,", "{a} divided by 2 without remainder")),
    ("square", "{a} * {a}", ("the square of {a}", "{a} squared")),
    ("cube", "{a} ** 3", ("the cube of {a}", "{a} cubed")),
    ("negate", "-{a}", ("minus {a}", "the negative of {a}")),
    *(
        (f"add_{c}", f"{{a}} + {c}", (f"{{a}} plus {c}", f"{c} more than {{a}}", f"{{a}} + {c}"))
        for c in (1, 2, 3, 5, 10)
    ),
    *(
        (f"subtract_{c}", f"{{a}} - {c}", (f"{{a}} minus {c}", f"{c} less than {{a}}", f"{{a}} - {c}"))
        for c in (1, 2, 3, 4)
    ),
    *((f"number_{c}", str(c), (str(c),)) for c in (0, 1, -1, 100)),
)
_TWO_VALUES = (
    ("sum", "{a} + {b}", ("the sum of {a} and {b}", "{a} plus {b}", "their sum")),
    ("difference", "{a} - {b}", ("{a} minus {b}", "{a} - {b}")),
    ("reverse_difference", "{b} - {a}", ("{b} minus {a}", "{b} - {a}")),
    ("product", "{a} * {b}", ("the product of {a} and {b}", "{a} times {b}", "their product")),
    ("a", "{a}", ("{a}", "{a} itself")),
    ("b", "{b}", ("{b}", "{b} itself")),
    ("larger", "max({a}, {b})", ("the larger of {a} and {b}", "the larger of the two")),
    ("smaller", "min({a}, {b})", ("the smaller of {a} and {b}", "the smaller of the two")),
    ("distance", "abs({a} - {b})", ("the distance between {a} and {b}", "the absolute difference of the two")),
    ("quotient", "{a} // {b}", ("{a} divided by {b}, rounded down,", "the whole quotient of {a} and {b}")),
    ("remainder", "{a} % {b}", ("the remainder of {a} divided by {b}", "{a} modulo {b}")),
    ("sum_of_squares", "{a} * {a} + {b} * {b}", ("the sum of the squares of {a} and {b}",)),
    ("number_0", "0", ("0", "zero")),
    ("number_-1", "-1", ("-1",)),
)
_LABELS = (
    ("small", "big"), ("low", "high"), ("no", "yes"), ("cold", "warm"), ("bad", "good"), ("odd", "even"), ("b", "a"),
    ("fail", "pass"), ("stop", "go"), ("minus", "plus"), ("left", "right"), ("young", "old"), ("slow", "fast"),
)  # fmt: skip


def branches(draw: random.Random) -> Draft:
    """If this, return that; otherwise the other."""
    names = Names(draw)
    two = draw.random() < 0.45
    conditions, values = (_TWO, _TWO_VALUES) if two else (_ONE, _ONE_VALUES)
    if two:
        pair = draw.choice((("a", "b"), ("x", "y"), ("m", "n"), ("first", "second"), ("p", "q")))
        arguments = tuple(Argument(name, "pos") for name in pair)
    else:
        arguments = (Argument(names.new(("n", "n", "x", "number", "value", "num", "a")), "num"),)
    where = {"a": arguments[0].name, "b": arguments[-1].name}
    cases = draw.choices((1, 2), (7, 3))[0]
    labels = not two and draw.random() < 0.25
    tests = draw.sample(range(len(conditions)), cases)
    if labels:
        pair = draw.choice(_LABELS)
        texts = [*pair, draw.choice(("middle", "other", "none"))][: cases + 1]
        outcomes: list[_Value] = [(text, f'"{text}"', (f'"{text}"',)) for text in texts]
    else:
        outcomes = [values[i] for i in draw.sample(range(len(values)), cases + 1)]
    spec = ("numbers:" if two else "number:") + ">".join(
        f"if({conditions[i][0]},{outcomes[n][0]})" for n, i in enumerate(tests)
    )
    style = draw.choices(("if", "else", "inline"), (5, 3, 2 if cases == 1 else 0))[0]

    def body(tests: Sequence[int], outcomes: Sequence[_Value], style: str = "if") -> Lines:
        codes = [conditions[i][1].format(**where) for i in tests]
        results = [outcome[1].format(**where) for outcome in outcomes]
        if style == "inline":
            return (f"return {results[0]} if {codes[0]} else {results[1]}",)
        lines: list[str] = []
        for n, code in enumerate(codes):
            lines += [f"{'elif' if n and style == 'else' else 'if'} {code}:", f"    return {results[n]}"]
        if style == "else":
            return (*lines, "else:", f"    return {results[-1]}")
        return (*lines, f"return {results[-1]}")

    swapped = [tests[0], *(_others(draw, range(len(conditions)), tests[-1], 1) if cases == 2 else ())]
    near = [
        body(_others(draw, range(len(conditions)), tests[0], 1) + tests[1:], outcomes),
        body(tests, [outcomes[1], outcomes[0], *outcomes[2:]]),
        body(swapped, outcomes) if cases == 2 else body(tests, [outcomes[0], outcomes[0]]),
    ]
    reference = body(tests, outcomes)
    for sign, other in ((" >= ", " > "), (" <= ", " < "), (" > ", " >= "), (" < ", " <= ")):
        if sign in reference[0]:  # the bound on the other side of the line
            near.append((reference[0].replace(sign, other, 1), *reference[1:]))
            break
    marks = tuple(sorted({int(n) for i in tests for n in re.findall(r"\b\d+", conditions[i][1])}))
    said_tests = [draw.choice(conditions[i][2]).format(**where) for i in tests]
    said = [draw.choice(outcome[2]).format(**where) for outcome in outcomes]
    plain = [text.rstrip(",") for text in said]
    if cases == 1:
        sentence = draw.choice(
            (
                "Return {0} if {t}, otherwise {1}.",
                "If {t}, return {0}; otherwise return {1}.",
                "If {t} the result is {0}, else it is {1}.",
                "Give {0} when {t}, and {1} when not.",
                "Return {0} when {t} and {1} in all other cases.",
            )
        ).format(*plain, t=said_tests[0])
    else:
        sentence = draw.choice(
            (
                "Return {0} if {t}, {1} if {u}, and otherwise {2}.",
                "If {t}, return {0}; else if {u}, return {1}; otherwise return {2}.",
                "Give {0} when {t}; if not, give {1} when {u}; else {2}.",
            )
        ).format(*plain, t=said_tests[0], u=said_tests[1])
    spec += f">else({outcomes[-1][0]})"
    name = conditions[tests[0]][0]
    return Draft(
        spec,
        arguments,
        sentence,
        (body(tests, outcomes, style), *near),
        (f"if_{name}", f"choose_{name}", "choose", "pick", "decide", "classify"),
        marks=marks,
    )


# ---------------------------------------------------------------- chains


@dataclass(frozen=True)
class Step:
    key: str
    code: str  # {v} is the value so far
    orders: tuple[str, ...]  # {it} is the value so far
    name: str
    binds: bool = True  # as tightly as a call, so that it needs no brackets


def _steps(*rows: tuple[str, str, tuple[str, ...], str]) -> tuple[Step, ...]:
    return tuple(Step(key, code, orders, name) for key, code, orders, name in rows)


_NUMBER_STEPS = (
    *(Step(f"add_{c}", f"{{v}} + {c}", (f"add {c} to {{it}}", f"increase {{it}} by {c}"), f"add_{c}", False) for c in range(1, 11)),
    *(Step(f"subtract_{c}", f"{{v}} - {c}", (f"subtract {c} from {{it}}", f"decrease {{it}} by {c}"), f"subtract_{c}", False) for c in range(1, 8)),
    *(Step(f"multiply_{c}", f"{{v}} * {c}", (f"multiply {{it}} by {c}",), f"times_{c}", False) for c in range(3, 11)),
    Step("double", "{v} * 2", ("double {it}", "multiply {it} by 2", "multiply {it} by two"), "double", False),
    Step("square", "{v} ** 2", ("square {it}", "multiply {it} by itself"), "square", False),
    Step("halve", "{v} // 2", ("halve {it}, rounding down", "divide {it} by 2 (rounding down)"), "halve", False),
    *(Step(f"divide_{c}", f"{{v}} // {c}", (f"divide {{it}} by {c}, rounding down",), f"divide_{c}", False) for c in (3, 4, 5)),
    *(Step(f"modulo_{c}", f"{{v}} % {c}", (f"take {{it}} modulo {c}", f"take the remainder of {{it}} divided by {c}"), f"modulo_{c}", False) for c in (3, 5, 7, 10)),
    Step("negate", "-{v}", ("negate {it}", "flip the sign of {it}"), "negate", False),
    Step("abs", "abs({v})", ("take the absolute value of {it}", "drop the sign of {it}"), "absolute"),
)  # fmt: skip
_TEXT_STEPS = (
    *_steps(
        ("reverse", "{v}[::-1]", ("reverse {it}", "turn {it} around", "write {it} backwards"), "reverse"),
        ("upper", "{v}.upper()", ("convert {it} to upper case", "make {it} upper case", "put {it} in capital letters"), "upper"),
        ("lower", "{v}.lower()", ("convert {it} to lower case", "make {it} lower case"), "lower"),
        ("capitalize", "{v}.capitalize()", ("capitalize {it}",), "capitalize"),
        ("swapcase", "{v}.swapcase()", ("swap the case of all letters of {it}",), "swap_case"),
        ("strip", "{v}.strip()", ("strip spaces from both ends of {it}", "remove the spaces around {it}"), "strip"),
        ("twice", "{v} * 2", ("repeat {it} twice", "write {it} two times"), "repeat"),
        ("thrice", "{v} * 3", ("repeat {it} three times",), "triple"),
        ("drop_first", "{v}[1:]", ("drop the first character of {it}", "remove the first character of {it}"), "drop_first"),
        ("drop_last", "{v}[:-1]", ("drop the last character of {it}", "remove the last character of {it}"), "drop_last"),
        ("every_second", "{v}[::2]", ("keep every second character of {it}, starting with the first",), "every_second"),
        ("sort", '"".join(sorted({v}))', ("sort the characters of {it}",), "sort"),
        ("first_word", '{v}.split(" ")[0]', ("keep only what comes before the first space of {it}",), "first_word"),
    ),
    *_steps(*((f"first_{c}", f"{{v}}[:{c}]", (f"keep the first {c} characters of {{it}}", f"cut {{it}} to {c} characters"), f"first_{c}") for c in (2, 3, 4, 5))),
    *_steps(*((f"last_{c}", f"{{v}}[-{c}:]", (f"keep the last {c} characters of {{it}}",), f"last_{c}") for c in (2, 3, 4))),
    *_steps(*((f"remove_{c}", f'{{v}}.replace("{c}", "")', (f'remove every "{c}" from {{it}}', f"delete all {c} from {{it}}"), f"without_{c}") for c in "aeot")),
    *_steps(*((f"swap_{a}_{b}", f'{{v}}.replace("{a}", "{b}")', (f'replace every "{a}" in {{it}} by "{b}"', f"change each {a} of {{it}} to {b}"), f"{a}_to_{b}") for a, b in (("a", "o"), ("e", "i"), ("s", "z"), ("o", "u"), ("t", "d")))),
    *_steps(("no_spaces", '{v}.replace(" ", "")', ("remove all spaces from {it}", "delete the spaces of {it}"), "no_spaces"), ("underscores", '{v}.replace(" ", "_")', ("replace spaces in {it} by underscores",), "underscores"), ("dashes", '{v}.replace(" ", "-")', ('replace each space of {it} by "-"',), "dashes")),
    *(Step(f"append_{n}", f'{{v}} + "{c}"', (f'append "{c}" to {{it}}', f'add "{c}" at the end of {{it}}'), f"add_{n}", False) for c, n in (("!", "bang"), ("?", "question"), (".", "dot"), ("s", "s"), ("ing", "ing"))),
    *(Step(f"prepend_{n}", f'"{c}" + {{v}}', (f'put "{c}" in front of {{it}}', f'prepend "{c}" to {{it}}'), f"prefix_{n}", False) for c, n in (("-", "dash"), ("un", "un"), ("re", "re"), ("#", "hash"))),
)  # fmt: skip
_LIST_STEPS = (
    *_steps(
        ("sort", "sorted({v})", ("sort {it}", "put {it} in ascending order"), "sort"),
        ("descending", "sorted({v}, reverse=True)", ("sort {it} in descending order", "sort {it} from large to small"), "descending"),
        ("reverse", "{v}[::-1]", ("reverse {it}", "turn the order of {it} around"), "reverse"),
        ("drop_first", "{v}[1:]", ("drop the first of {it}", "remove the first element of {it}"), "drop_first"),
        ("drop_last", "{v}[:-1]", ("drop the last of {it}", "remove the last element of {it}"), "drop_last"),
        ("every_second", "{v}[::2]", ("keep every second of {it}, starting with the first",), "every_second"),
        ("distinct", "sorted(set({v}))", ("sort {it} without duplicates",), "distinct"),
        ("unique", "list(dict.fromkeys({v}))", ("remove duplicates from {it}, keeping the order",), "unique"),
        ("double", "[2 * x for x in {v}]", ("double each of {it}", "multiply each of {it} by two"), "double"),
        ("square", "[x * x for x in {v}]", ("square each of {it}",), "square"),
        ("increase", "[x + 1 for x in {v}]", ("add one to each of {it}", "increase each of {it} by 1"), "increase"),
        ("evens", "[x for x in {v} if x % 2 == 0]", ("keep only the even ones of {it}",), "evens"),
        ("odds", "[x for x in {v} if x % 2 == 1]", ("keep only the odd ones of {it}",), "odds"),
        ("positives", "[x for x in {v} if x > 0]", ("keep only the positive ones of {it}", "drop whatever is not positive from {it}"), "positives"),
        ("absolute", "[abs(x) for x in {v}]", ("take the absolute value of each of {it}",), "absolute"),
    ),
    *_steps(*((f"first_{c}", f"{{v}}[:{c}]", (f"keep the first {c} of {{it}}", f"take the first {c} elements of {{it}}"), f"first_{c}") for c in (2, 3, 4))),
    *_steps(*((f"last_{c}", f"{{v}}[-{c}:]", (f"keep the last {c} of {{it}}",), f"last_{c}") for c in (2, 3))),
    *(Step(f"append_{c}", f"{{v}} + [{c}]", (f"append {c} to {{it}}", f"put {c} at the end of {{it}}"), f"append_{c}", False) for c in (0, 1)),
    *(Step(f"prepend_{c}", f"[{c}] + {{v}}", (f"put {c} in front of {{it}}",), f"prepend_{c}", False) for c in (0, 1)),
)  # fmt: skip
_LIST_ENDS = _steps(
    ("sum", "sum({v})", ("add up {it}", "return the sum of {it}"), "sum"),
    ("length", "len({v})", ("count {it}", "return how many there are in {it}"), "count"),
    ("max", "max({v}, default=0)", ("return the largest of {it} (0 if there is none)",), "max"),
)
_CHAINS = (
    ("num", _NUMBER_STEPS, ("n", "x", "number", "value", "num", "a"), ("{a}", "the number {a}", "{a}")),
    ("text", _TEXT_STEPS, ("text", "s", "string", "word", "line"), ("{a}", "the string", "the text {a}", "the text")),
    (
        "ints",
        _LIST_STEPS,
        ("numbers", "nums", "values", "xs", "lst", "items"),
        ("{a}", "the list", "the list {a}", "the numbers"),
    ),
)


def chain(draw: random.Random) -> Draft:
    """Do this, then that."""
    kind, steps, argument_names, subjects = draw.choices(_CHAINS, (4, 4, 3))[0]
    length = draw.choices((1, 2, 3), (2, 5, 3))[0]
    chosen = draw.sample(steps, length)
    if kind == "ints" and draw.random() < 0.25:
        chosen[-1] = draw.choice(_LIST_ENDS)
    argument = Argument(draw.choice(argument_names), kind)
    style = draw.choices(("nested", "steps"), (6, 4))[0]

    def body(chosen: Sequence[Step], style: str = "nested") -> Lines:
        value, tight, lines = argument.name, True, []
        for n, step in enumerate(chosen):
            bracketed = value if tight or "({v})" in step.code or " in {v}" in step.code else f"({value})"
            value, tight = step.code.format(v=bracketed), step.binds and not step.code.endswith(("* 2", "* 3"))
            if style == "steps" and n + 1 < len(chosen):
                lines.append(f"{argument.name} = {value}")
                value, tight = argument.name, True
        return (*lines, f"return {value}")

    near = []
    for n in range(length):
        swapped = draw.choice([s for s in steps if s not in chosen])
        near.append(body([*chosen[:n], swapped, *chosen[n + 1 :]]))
    if length > 1:
        near += [body(chosen[::-1]), body(chosen[:-1])] if chosen[-1] not in _LIST_ENDS else [body(chosen[1:])]
    subject = draw.choice(subjects).format(a=argument.name)
    later = {
        "num": ("it", "the result"),
        "text": ("it", "the result"),
        "ints": ("what is left", "the result", "these"),
    }[kind]
    orders = [draw.choice(s.orders).format(it=subject if n == 0 else draw.choice(later)) for n, s in enumerate(chosen)]
    if length > 1 and draw.random() < 0.25:
        said = "First " + ", then ".join(orders)
    else:
        glue = draw.choice((", then ", " and then ", " and ")) if length == 2 else ", "
        last = draw.choice((" and finally ", ", then ", " and "))
        said = glue.join(orders[:2]) if length < 3 else glue.join(orders[:-1]) + last + orders[-1]
        said = said[0].upper() + said[1:]
    said += (
        draw.choice((".", ".", ", and return the result.", " and return it."))
        if not orders[-1].startswith("return")
        else "."
    )
    spec = {"num": "number", "text": "text", "ints": "list"}[kind] + ":" + ">".join(s.key for s in chosen)
    joined = "_".join(s.name for s in chosen[:2])
    return Draft(
        spec,
        (argument,),
        said,
        (body(chosen, style), *near[:4]),
        (joined, chosen[0].name, "transform", "change", "process"),
    )


# ---------------------------------------------------------------- pairs

_PAIR_VALUES = (
    ("sum", "{p} + {q}", "the sums", "sums"),
    ("difference", "{q} - {p}", "the differences (second minus first)", "differences"),
    ("product", "{p} * {q}", "the products", "products"),
    ("larger", "max({p}, {q})", "the larger ones", "larger"),
    ("smaller", "min({p}, {q})", "the smaller ones", "smaller"),
    ("distance", "abs({p} - {q})", "the absolute differences", "distances"),
    ("square_gap", "({p} - {q}) ** 2", "the squared differences", "squared_gaps"),
)
_PAIR_TESTS = (
    ("rising", "{p} < {q}", "the first is smaller than the second", "rising"),
    ("falling", "{p} > {q}", "the first is larger than the second", "falling"),
    ("equal", "{p} == {q}", "both are equal", "equal"),
    ("different", "{p} != {q}", "the two differ", "different"),
    ("even_sum", "({p} + {q}) % 2 == 0", "the sum is even", "even_sum"),
    ("odd_sum", "({p} + {q}) % 2 == 1", "the sum is odd", "odd_sum"),
    ("both_even", "{p} % 2 == 0 and {q} % 2 == 0", "both are even", "both_even"),
    ("both_positive", "{p} > 0 and {q} > 0", "both are positive", "both_positive"),
    ("multiple", "{p} != 0 and {q} % {p} == 0", "the second is a multiple of a non-zero first", "multiple"),
    *(
        (f"sum_above_{c}", f"{{p}} + {{q}} > {c}", f"the sum is greater than {c}", f"sum_above_{c}")
        for c in (5, 10, 20)
    ),
    *((f"close_{c}", f"abs({{p}} - {{q}}) <= {c}", f"the two differ by at most {c}", f"close_{c}") for c in (1, 2, 5)),
)
_PAIR_ENDS = (
    ("list", ("[{g}]",), ("the list of {V}", "a list of {V}", "{V} in a list"), "list"),
    ("sum", ("sum({g})",), ("the sum of {V}", "the total of {V}"), "sum"),
    (
        "max",
        ("max(({g}), default=0)",),
        ("the largest of {V} (0 if there are none)", "the maximum of {V}, or 0 if there are none"),
        "max",
    ),
    (
        "min",
        ("min(({g}), default=0)",),
        ("the smallest of {V} (0 if there are none)", "the minimum of {V}, or 0 if there are none"),
        "min",
    ),
    ("distinct", ("len(set({g}))",), ("how many different values there are among {V}",), "distinct"),
)


def pairs(draw: random.Random) -> Draft:
    """Two lists side by side, or the neighbours in one."""
    names = Names(draw)
    adjacent = draw.random() < 0.5
    if adjacent:
        arguments: tuple[Argument, ...] = (names.argument("ints"),)
        name = arguments[0].name
        iterable = f"zip({name}, {name}[1:])"
        noun = draw.choice(
            (
                f"each number of {name} and the one after it",
                f"neighbouring numbers in {name}",
                "each two adjacent numbers",
                f"consecutive elements of {name}",
            )
        )
        of_pairs = draw.choice(
            (f"neighbouring pairs in {name}", "pairs of adjacent numbers", f"consecutive pairs of {name}")
        )
    else:
        pair = draw.choice((("a", "b"), ("xs", "ys"), ("first", "second"), ("left", "right"), ("nums1", "nums2")))
        arguments = tuple(Argument(names.new((n,)), "ints") for n in pair)
        iterable = f"zip({pair[0]}, {pair[1]})"
        noun = draw.choice(
            (
                f"the elements of {pair[0]} and {pair[1]} at the same position",
                f"corresponding numbers of {pair[0]} and {pair[1]}",
                "the two lists, element by element",
            )
        )
        of_pairs = draw.choice(
            (
                f"positions at which, comparing {pair[0]} with {pair[1]},",
                f"pairs of corresponding elements of {pair[0]} and {pair[1]}",
            )
        )
    p, q = draw.choice([two for two in (("x", "y"), ("a", "b"), ("u", "v"), ("i", "j")) if not set(two) & names.used])
    values = draw.sample(_PAIR_VALUES, 2)
    tests = draw.sample(_PAIR_TESTS, 2)
    shape = draw.choices(("values", "filtered", "count", "all", "any"), (4, 4, 3, 1.2, 1.2))[0]
    end = draw.choice(_PAIR_ENDS)
    source = "adjacent" if adjacent else "two"

    def body(
        shape: str, value: int, test: int, end: tuple[str, tuple[str, ...], tuple[str, ...], str], loop: bool = False
    ) -> Lines:
        v, t = values[value][1].format(p=p, q=q), tests[test][1].format(p=p, q=q)
        head = f"for {p}, {q} in {iterable}"
        if shape in ("values", "filtered"):
            condition = f" if {t}" if shape == "filtered" else ""
            if loop and end[0] in ("list", "sum"):
                out = "result" if end[0] == "list" else "total"
                inside = [f"{out}.append({v})" if end[0] == "list" else f"{out} += {v}"]
                inside = [f"if {t}:", f"    {inside[0]}"] if shape == "filtered" else inside
                return (
                    f"{out} = {'[]' if end[0] == 'list' else '0'}",
                    f"{head}:",
                    *("    " + line for line in inside),
                    f"return {out}",
                )
            return (f"return {end[1][0].format(g=f'{v} {head}{condition}')}",)
        if shape == "count":
            if loop:
                return ("count = 0", f"{head}:", f"    if {t}:", "        count += 1", "return count")
            return (f"return sum(1 {head} if {t})",)
        return (f"return {shape}({t} {head})",)

    reference = body(shape, 0, 0, end, draw.random() < 0.4)
    others = [e for e in _PAIR_ENDS if e is not end]
    near = {
        "values": [body(shape, 1, 0, end), body(shape, 0, 0, draw.choice(others)), body("filtered", 0, 0, end)],
        "filtered": [
            body(shape, 1, 0, end),
            body(shape, 0, 1, end),
            body("values", 0, 0, end),
            body(shape, 0, 0, draw.choice(others)),
        ],
        "count": [body(shape, 0, 1, end), body("values", 0, 0, _PAIR_ENDS[1])],
        "all": [body("all", 0, 1, end), body("any", 0, 0, end)],
        "any": [body("any", 0, 1, end), body("all", 0, 0, end)],
    }[shape]
    value, test = values[0], tests[0]
    if shape in ("values", "filtered"):
        said = f"{value[2]} of {noun}"
        if shape == "filtered":
            said = f"{value[2]} of {noun}, wherever {test[2]}"
        said = draw.choice(("Return {}.", "Compute {}.", "Find {}.")).format(draw.choice(end[2]).format(V=said))
        spec = (
            f"{source}:{value[0]}>{end[0]}" if shape == "values" else f"{source}:filter({test[0]})>{value[0]}>{end[0]}"
        )
        found: tuple[str, ...] = (f"{end[3]}_{value[3]}", f"{value[3]}", f"pair_{value[3]}", f"{source}_{value[3]}")
    elif shape == "count":
        said = draw.choice(
            ("Count the {} where {}.", "Return the number of {} where {}.", "Return how many {} there are where {}.")
        ).format(of_pairs.rstrip(","), test[2])
        spec, found = f"{source}:count({test[0]})", (f"count_{test[3]}", f"{test[3]}_pairs", "count_pairs")
    else:
        said = (
            f"Return True if for {'every' if shape == 'all' else 'any'} two of {noun.removeprefix('each ')} {test[2]}."
        )
        if adjacent:
            said = f"Check whether in {'all' if shape == 'all' else 'any of the'} {of_pairs} {test[2]}."
        spec, found = f"{source}:{shape}({test[0]})", (f"{shape}_{test[3]}", f"is_{test[3]}", "check_pairs")
    return Draft(spec, arguments, said, (reference, *near), found)


# ---------------------------------------------------------------- dictionaries

_ITEM_TESTS = (
    *((f"value_above_{c}", f"{{v}} > {c}", f"value is greater than {c}") for c in (0, 5, 10)),
    *((f"value_below_{c}", f"{{v}} < {c}", f"value is less than {c}") for c in (3, 8, 12)),
    ("value_even", "{v} % 2 == 0", "value is even"),
    ("value_odd", "{v} % 2 == 1", "value is odd"),
    ("value_above", "{v} > {k}", "value is greater than {k}"),
    ("value_below", "{v} < {k}", "value is less than {k}"),
    ("value_equal", "{v} == {k}", "value equals {k}"),
    *((f"key_longer_{c}", f"len({{n}}) > {c}", f"key has more than {c} letters") for c in (3, 4)),
    ("key_short", "len({n}) < 5", "key has fewer than five letters"),
    ("key_vowel", '{n}[0] in "aeiou"', "key starts with a vowel"),
    *((f"key_has_{c}", f'"{c}" in {{n}}', f'key contains "{c}"') for c in "aeo"),
)  # fmt: skip
_ITEM_ENDS = (
    ("keys", "sorted({n} for {n}, {v} in {d}.items() if {t})", "the sorted keys of {d} whose {T}", "keys"),
    (
        "keys_upper",
        "sorted({n}.upper() for {n}, {v} in {d}.items() if {t})",
        "the upper-cased keys whose {T}, sorted",
        "names",
    ),
    ("sum", "sum({v} for {n}, {v} in {d}.items() if {t})", "the sum of the values of all entries whose {T}", "sum"),
    ("count", "sum(1 for {n}, {v} in {d}.items() if {t})", "the number of entries of {d} whose {T}", "count"),
    ("dict", "{{{n}: {v} for {n}, {v} in {d}.items() if {t}}}", "a dictionary of only the entries whose {T}", "select"),
    (
        "double",
        "{{{n}: 2 * {v} for {n}, {v} in {d}.items() if {t}}}",
        "the entries of {d} whose {T}, with doubled values, as a dictionary",
        "double",
    ),
    (
        "square",
        "{{{n}: {v} * {v} for {n}, {v} in {d}.items() if {t}}}",
        "a dictionary with the squared values of the entries whose {T}",
        "square",
    ),
    (
        "invert",
        "{{{v}: {n} for {n}, {v} in {d}.items() if {t}}}",
        "a dictionary from value to key of the entries whose {T}",
        "invert",
    ),
    (
        "values",
        "sorted({v} for {n}, {v} in {d}.items() if {t})",
        "the sorted values of the entries whose {T}",
        "values",
    ),
    ("join", '"-".join({n} for {n}, {v} in {d}.items() if {t})', 'the keys whose {T}, joined by "-"', "join"),
)


def entries(draw: random.Random) -> Draft:
    """Entries of a dictionary."""
    names = Names(draw)
    main = names.argument("scores")
    tests, ends = draw.sample(_ITEM_TESTS, 2), draw.sample(_ITEM_ENDS, 2)
    needs = "{k}" in tests[0][1]
    if not needs and "{k}" in tests[1][1]:
        tests[1] = _ITEM_TESTS[6] if tests[0] is not _ITEM_TESTS[6] else _ITEM_TESTS[7]
    extra = (names.argument("bound"),) if needs else ()
    n, v = draw.choice(
        [two for two in (("key", "value"), ("k", "v"), ("name", "score")) if not set(two) & names.used]
        or [("word", "amount")]
    )
    where = {"n": n, "v": v, "d": main.name, "k": extra[0].name if extra else ""}

    def body(test: int, end: int) -> Lines:
        return (f"return {ends[end][1].format(t=tests[test][1].format(**where), **where)}",)

    said = ends[0][2].format(d=main.name, T=tests[0][2].format(**where))
    said = draw.choice(("Return {}.", "Find {}.", "Given a dictionary, return {}.", "Compute {}.")).format(said)
    found = (f"{ends[0][3]}_where", f"{ends[0][3]}_by_{tests[0][0].split('_')[0]}", f"{ends[0][3]}_entries", "entries")
    return Draft(
        f"dict:filter({tests[0][0]})>{ends[0][0]}", (main, *extra), said, (body(0, 0), body(1, 0), body(0, 1)), found
    )


# ---------------------------------------------------------------- classics

# spec, name, kinds and names of arguments, sentences, body, near misses
_CLASSICS: tuple[tuple[str, tuple[str, ...], tuple[tuple[str, str], ...], tuple[str, ...], str, tuple[str, ...]], ...] = (
    ("factorial", ("factorial", "fact"), (("n", "nat"),), ("Return the factorial of n.", "Multiply all whole numbers from 1 to n.", "Compute n! (1 for n = 0)."), "result = 1\nfor i in range(2, n + 1):\n    result *= i\nreturn result", ("return sum(range(n + 1))", "return n * n")),
    ("fibonacci", ("fibonacci", "fib"), (("n", "nat"),), ("Return the n-th Fibonacci number; the sequence starts 0, 1, 1, 2.", "Compute the n-th number of the Fibonacci sequence 0, 1, 1, 2, 3, ..."), "a, b = 0, 1\nfor _ in range(n):\n    a, b = b, a + b\nreturn a", ("return n", "a, b = 1, 1\nfor _ in range(n):\n    a, b = b, a + b\nreturn a")),
    ("gcd", ("gcd", "common_divisor"), (("a", "pos"), ("b", "pos")), ("Return the greatest common divisor of a and b.", "Find the largest number that divides both a and b."), "while b:\n    a, b = b, a % b\nreturn a", ("return min(a, b)", "return a % b")),
    ("lcm", ("lcm", "common_multiple"), (("a", "pos"), ("b", "pos")), ("Return the least common multiple of a and b.", "Find the smallest positive number that both a and b divide."), "m = a\nwhile m % b != 0:\n    m += a\nreturn m", ("return a * b", "return max(a, b)")),
    ("is_prime", ("is_prime", "prime"), (("n", "nat"),), ("Check whether n is a prime number.", "Return True if n is prime."), "if n < 2:\n    return False\nfor d in range(2, n):\n    if n % d == 0:\n        return False\nreturn True", ("return n % 2 == 1", "return n > 1")),
    ("divisors", ("divisors", "factors"), (("n", "nat"),), ("Return all divisors of n in ascending order.", "List the numbers from 1 to n that divide n."), "return [d for d in range(1, n + 1) if n % d == 0]", ("return [d for d in range(2, n) if n % d == 0]", "return list(range(1, n + 1))")),
    ("divisor_count", ("count_divisors", "divisor_count"), (("n", "nat"),), ("Count the divisors of n.", "Return how many numbers from 1 to n divide n."), "return sum(1 for d in range(1, n + 1) if n % d == 0)", ("return n", "return sum(d for d in range(1, n + 1) if n % d == 0)")),
    ("digit_sum", ("digit_sum", "sum_digits"), (("n", "big"),), ("Return the sum of the digits of n.", "Add up the decimal digits of n."), "total = 0\nwhile n > 0:\n    total += n % 10\n    n //= 10\nreturn total", ("return len(str(n))", "return n % 10")),
    ("digit_reverse", ("reverse_number", "reverse_digits"), (("n", "big"),), ("Return n with its digits in reverse order.", "Reverse the digits of the number n."), "return int(str(n)[::-1])", ("return n", 'return int("".join(sorted(str(n))))')),
    ("binary", ("to_binary", "binary"), (("n", "nat"),), ("Return n in binary, as a string.", "Write n in base 2 without any prefix."), "return bin(n)[2:]", ("return str(n)", "return bin(n)")),
    ("collatz", ("collatz_steps", "collatz"), (("n", "pos"),), ("Count the steps until n is 1: halve it if even, else triple it and add one.", "How often must n be halved (when even) or tripled plus one (when odd) until it is 1?"), "steps = 0\nwhile n != 1:\n    n = n // 2 if n % 2 == 0 else 3 * n + 1\n    steps += 1\nreturn steps", ("return n", "return n // 2")),
    ("power", ("power", "raise_to"), (("a", "num"), ("n", "length")), ("Return a to the power of n.", "Multiply a by itself n times over, that is a ** n."), "result = 1\nfor _ in range(n):\n    result *= a\nreturn result", ("return a * n", "return n ** abs(a)")),
    ("palindrome", ("is_palindrome", "palindrome"), (("s", "text"),), ("Check whether s reads the same backwards.", "Return True if s is a palindrome."), "return s == s[::-1]", ("return len(s) < 2", "return s[:1] == s[-1:]")),
    ("palindrome_case", ("is_palindrome", "same_backwards"), (("s", "text"),), ("Check whether s reads the same backwards, ignoring case.", "Return True if s is a palindrome when case does not matter."), "s = s.lower()\nreturn s == s[::-1]", ("return s == s[::-1]", "return s[:1] == s[-1:]")),
    ("anagram", ("is_anagram", "same_letters"), (("a", "text"), ("b", "text")), ("Check whether a and b consist of the same letters.", "Return True if a is an anagram of b."), "return sorted(a) == sorted(b)", ("return a == b", "return len(a) == len(b)")),
    ("common_prefix", ("common_prefix", "shared_start"), (("a", "text"), ("b", "text")), ("Return the longest common prefix of a and b.", "Return the part with which both a and b begin."), 'i = 0\nwhile i < min(len(a), len(b)) and a[i] == b[i]:\n    i += 1\nreturn a[:i]', ("return a", 'return a if b.startswith(a) else ""')),
    ("rotate_left", ("rotate_left", "rotate"), (("numbers", "ints"), ("k", "length")), ("Move the first k of the numbers to the end.", "Rotate the list to the left by k places (k is at most its length)."), "return numbers[k:] + numbers[:k]", ("return numbers[-k:] + numbers[:-k]", "return numbers[k:]")),
    ("rotate_right", ("rotate_right", "rotate"), (("numbers", "ints"), ("k", "length")), ("Move the last k of the numbers to the front.", "Rotate the list to the right by k places."), "return numbers[-k:] + numbers[:-k]", ("return numbers[k:] + numbers[:k]", "return numbers[-k:]")),
    ("second_largest", ("second_largest", "runner_up"), (("numbers", "ints"),), ("Return the second largest of the different numbers, or 0 if there is none.", "Find the second highest distinct value; give 0 when there are fewer than two."), "ordered = sorted(set(numbers))\nreturn ordered[-2] if len(ordered) > 1 else 0", ("return max(numbers, default=0)", "ordered = sorted(set(numbers))\nreturn ordered[1] if len(ordered) > 1 else 0")),
    ("second_smallest", ("second_smallest", "second_lowest"), (("numbers", "ints"),), ("Return the second smallest of the different numbers, or 0 if there is none.", "Find the second lowest distinct value; give 0 when there are fewer than two."), "ordered = sorted(set(numbers))\nreturn ordered[1] if len(ordered) > 1 else 0", ("return min(numbers, default=0)", "ordered = sorted(set(numbers))\nreturn ordered[-2] if len(ordered) > 1 else 0")),
    ("has_duplicates", ("has_duplicates", "any_repeated"), (("values", "ints"),), ("Check whether any value occurs more than once.", "Return True if the list has duplicates."), "return len(set(values)) != len(values)", ("return len(values) > 1", "return len(set(values)) == len(values)")),
    ("is_sorted", ("is_sorted", "ascending"), (("values", "ints"),), ("Check whether the values are in ascending order.", "Return True if no value is smaller than the one before it."), "return values == sorted(values)", ("return values == sorted(values, reverse=True)", "return len(values) < 2")),
    ("common", ("common", "in_both"), (("a", "ints"), ("b", "ints")), ("Return the sorted distinct numbers that are in both a and b.", "Find the common elements of a and b, without duplicates, in ascending order."), "return sorted(set(a) & set(b))", ("return sorted(set(a) | set(b))", "return sorted(set(a) - set(b))")),
    ("union", ("union", "in_either"), (("a", "ints"), ("b", "ints")), ("Return the sorted distinct numbers that are in a or b.", "Merge a and b into one sorted list without duplicates."), "return sorted(set(a) | set(b))", ("return sorted(set(a) & set(b))", "return sorted(a + b)")),
    ("only_first", ("only_first", "difference"), (("a", "ints"), ("b", "ints")), ("Return the sorted distinct numbers of a that are not in b.", "Which numbers are in a but not in b? Return them in ascending order without duplicates."), "return sorted(set(a) - set(b))", ("return sorted(set(b) - set(a))", "return sorted(set(a) & set(b))")),
    ("merge", ("merge", "merge_sorted"), (("a", "ints"), ("b", "ints")), ("Return all numbers of a and b in one sorted list.", "Merge the two lists and sort the result."), "return sorted(a + b)", ("return a + b", "return sorted(set(a + b))")),
    ("interleave", ("interleave", "alternate"), (("a", "ints"), ("b", "ints")), ("Take elements of a and b in turn, up to the length of the shorter list.", "Interleave a and b, stopping with the shorter one."), "result = []\nfor x, y in zip(a, b):\n    result.append(x)\n    result.append(y)\nreturn result", ("return a + b", "return [x + y for x, y in zip(a, b)]")),
    ("flatten", ("flatten", "join_rows"), (("rows", "matrix"),), ("Put the elements of all rows into one list.", "Flatten a list of lists."), "return [x for row in rows for x in row]", ("return rows[0]", "return sorted(x for row in rows for x in row)")),
    ("row_sums", ("row_sums", "sum_rows"), (("rows", "matrix"),), ("Return the sum of each row.", "Add up every row and return the sums in a list."), "return [sum(row) for row in rows]", ("return sum(sum(row) for row in rows)", "return [len(row) for row in rows]")),
    ("longest_row", ("longest_row", "row_length"), (("rows", "matrix"),), ("Return the length of the longest row, 0 if there are no rows.", "How many elements has the longest of the rows (0 without rows)?"), "return max((len(row) for row in rows), default=0)", ("return len(rows)", "return min((len(row) for row in rows), default=0)")),
    ("run_length", ("longest_run", "run"), (("values", "ints"),), ("Return the length of the longest run of equal neighbours.", "How many equal values stand next to each other at most?"), "best = run = 0\nlast = None\nfor x in values:\n    run = run + 1 if x == last else 1\n    last = x\n    best = max(best, run)\nreturn best", ("return len(values)", "return len(set(values))")),
    ("alternating", ("alternating_sum", "plus_minus"), (("values", "ints"),), ("Add and subtract the values in turn, starting with adding.", "Return the alternating sum first - second + third - ..."), "return sum(values[::2]) - sum(values[1::2])", ("return sum(values)", "return sum(values[1::2]) - sum(values[::2])")),
    ("running_max", ("running_max", "maxima"), (("values", "ints"),), ("For each position, return the largest value so far.", "Return the list of running maxima."), "result = []\nfor x in values:\n    if not result or x > result[-1]:\n        result.append(x)\n    else:\n        result.append(result[-1])\nreturn result", ("return sorted(values)", "return [max(values)] * len(values) if values else []")),
    ("clamp", ("clamp", "limit"), (("x", "num"), ("low", "bound")), ("Return x, but at least low.", "Return x, or low if x is below it."), "return max(x, low)", ("return min(x, low)", "return x")),
    ("title", ("title_words", "capitalize_all"), (("text", "sentence"),), ("Capitalize every word of the text.", "Return the text with each word capitalized, words joined by one space."), 'return " ".join(word.capitalize() for word in text.split())', ("return text.capitalize()", "return text.upper()")),
    ("word_reverse", ("reverse_words", "turn_words"), (("text", "sentence"),), ("Return the words of the text in reverse order.", "Put the last word first and so on."), 'return " ".join(text.split()[::-1])', ("return text[::-1]", "return text")),
    ("acronym", ("acronym", "initials"), (("text", "sentence"),), ("Return the upper-case initials of the words.", "Make an acronym of the text."), 'return "".join(word[0].upper() for word in text.split())', ("return text[:1].upper()", "return text.upper()")),
    ("char_once", ("unique_chars", "all_different"), (("s", "text"),), ("Check whether no character occurs twice in s.", "Return True if all characters of s are different."), "return len(set(s)) == len(s)", ("return len(set(s)) != len(s)", "return len(s) < 2")),
    ("first_repeated", ("first_repeated", "repeated"), (("s", "text"),), ("Return the first character that has occurred before, or an empty string.", 'Find the first repeated character of s ("" if there is none).'), 'seen = set()\nfor c in s:\n    if c in seen:\n        return c\n    seen.add(c)\nreturn ""', ("return s[:1]", "return s[-1:]")),
    ("group_by_length", ("group_by_length", "by_length"), (("words", "words"),), ("Group the words by their length, in a dictionary.", "Return a dictionary from length to the list of the words of that length."), "groups = {}\nfor word in words:\n    groups.setdefault(len(word), []).append(word)\nreturn groups", ("return {len(word): word for word in words}", "return {word: len(word) for word in words}")),
    ("lengths", ("word_lengths", "lengths"), (("words", "words"),), ("Return a dictionary from each word to its length.", "Map every word to its number of letters."), "return {word: len(word) for word in words}", ("return {len(word): word for word in words}", "return [len(word) for word in words]")),
    ("count_char", ("count_char", "occurrences"), (("s", "text"), ("c", "char")), ("Count how often c occurs in s.", "Return the number of times c appears in s."), "count = 0\nfor x in s:\n    if x == c:\n        count += 1\nreturn count", ("return s.find(c)", "return len(s)")),
    ("countdown", ("countdown", "count_down"), (("n", "nat"),), ("Return the numbers from n down to 1.", "Count down from n to 1, in a list."), "return list(range(n, 0, -1))", ("return list(range(1, n + 1))", "return list(range(n, -1, -1))")),
    ("triangle", ("stars", "triangle"), (("n", "length"),), ("Return a list of n strings with 1, 2, ..., n stars.", "Draw a triangle: n rows, the i-th of i stars."), 'return ["*" * i for i in range(1, n + 1)]', ('return ["*"] * n', 'return ["*" * n for i in range(n)]')),
    ("fizz", ("fizz", "fizzbuzz"), (("n", "nat"),), ('Return "fizz" if n is divisible by 3, "buzz" if by 5, "fizzbuzz" if by both, else n as a string.',), 'if n % 15 == 0:\n    return "fizzbuzz"\nif n % 3 == 0:\n    return "fizz"\nif n % 5 == 0:\n    return "buzz"\nreturn str(n)', ("return str(n)", 'return "fizz" if n % 3 == 0 else str(n)')),
)  # fmt: skip


def classic(draw: random.Random) -> Draft:
    """One of the small functions that everybody writes once."""
    spec, names, arguments, sentences, body, near = draw.choice(_CLASSICS)
    given = tuple(Argument(name, kind) for name, kind in arguments)
    bodies = tuple(tuple(text.split("\n")) for text in (body, *near))
    return Draft(f"classic:{spec}", given, draw.choice(sentences), bodies, names)
