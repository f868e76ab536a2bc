"""The building blocks of the function problems: what each does, as code, and the ways people say it.

In code `{x}` is the element and `{k}` a second argument. In phrases `{are}`, `{have}`, `{s}` agree with the noun,
`{X}` is a noun phrase ("the even numbers") and `{k}` the name of that argument.
"""

from __future__ import annotations

from dataclasses import dataclass

VOWELS = "aeiou"


@dataclass(frozen=True)
class Predicate:
    """A condition on an element. `adjectives` stand before the noun, `clauses` after "that"."""

    key: str
    code: tuple[str, ...]
    clauses: tuple[str, ...]
    adjectives: tuple[str, ...] = ()
    name: str = ""
    parameter: str | None = None  # the kind of the second argument it needs


@dataclass(frozen=True)
class Map:
    """What is made of an element."""

    key: str
    code: tuple[str, ...]
    phrases: tuple[str, ...]
    out: str  # the type it gives: int, word, char
    name: str = ""
    parameter: str | None = None


def _p(
    key: str,
    code: str | tuple[str, ...],
    *clauses: str,
    adj: tuple[str, ...] = (),
    name: str = "",
    parameter: str | None = None,
) -> Predicate:
    return Predicate(key, (code,) if isinstance(code, str) else code, clauses, adj, name or key, parameter)


def _m(
    key: str, code: str | tuple[str, ...], out: str, *phrases: str, name: str = "", parameter: str | None = None
) -> Map:
    return Map(key, (code,) if isinstance(code, str) else code, phrases, out, name or key, parameter)


# ---------------------------------------------------------------- whole numbers

INT_PREDICATES = [
    _p("even", ("{x} % 2 == 0", "not {x} % 2"), "{are} even", "can be halved evenly", adj=("even",)),
    _p("odd", ("{x} % 2 == 1", "{x} % 2 != 0"), "{are} odd", "{are} not even", adj=("odd",)),
    _p("positive", "{x} > 0", "{are} positive", "{are} greater than zero", adj=("positive",)),
    _p("negative", "{x} < 0", "{are} negative", "{are} below zero", adj=("negative",)),
    _p("nonnegative", "{x} >= 0", "{are} not negative", "{are} at least zero", adj=("non-negative",)),
    _p("nonzero", "{x} != 0", "{are} not zero", "differ{s} from zero", adj=("non-zero",)),
    _p(
        "prime",
        "{x} > 1 and all({x} % d for d in range(2, {x}))",
        "{are} prime",
        adj=("prime",),
    ),
    _p("two_digit", "10 <= {x} <= 99", "{have} exactly two digits", "{are} from 10 to 99", adj=("two-digit",)),
    _p("one_digit", "0 <= {x} <= 9", "{are} from 0 to 9", "{are} between 0 and 9 inclusive"),
    *(
        _p(
            f"multiple_of_{d}",
            f"{{x}} % {d} == 0",
            f"{{are}} divisible by {d}",
            f"{{are}} a multiple of {d}",
            f"can be divided by {d}",
            name=f"multiples_of_{d}",
        )
        for d in (3, 4, 5, 6, 7, 10)
    ),
    *(
        _p(f"above_{c}", f"{{x}} > {c}", f"{{are}} greater than {c}", f"{{are}} larger than {c}", f"exceed{{s}} {c}")
        for c in (1, 2, 3, 5, 8, 10, 12, 20)
    ),
    *(
        _p(f"below_{c}", f"{{x}} < {c}", f"{{are}} less than {c}", f"{{are}} smaller than {c}", f"{{are}} below {c}")
        for c in (3, 5, 6, 10, 15, 20)
    ),
    *(
        _p(f"at_least_{c}", f"{{x}} >= {c}", f"{{are}} at least {c}", f"{{are}} {c} or more", f"{{are}} not below {c}")
        for c in (4, 7, 10)
    ),
    *(
        _p(f"at_most_{c}", f"{{x}} <= {c}", f"{{are}} at most {c}", f"{{are}} {c} or less", f"{{are}} not above {c}")
        for c in (4, 7, 10)
    ),
    *(
        _p(
            f"from_{a}_to_{b}",
            f"{a} <= {{x}} <= {b}",
            f"{{are}} from {a} to {b}",
            f"{{are}} between {a} and {b} inclusive",
            f"lie{{s}} between {a} and {b} (both included)",
        )
        for a, b in ((1, 10), (3, 8), (5, 15), (10, 20))
    ),
    *(
        _p(f"not_{c}", f"{{x}} != {c}", f"{{are}} not {c}", f"{{are}} not equal to {c}", f"differ{{s}} from {c}")
        for c in (1, 3, 5)
    ),
    *(
        _p(f"ends_in_{d}", f"abs({{x}}) % 10 == {d}", f"end{{s}} in {d}", f"{{have}} {d} as the last digit")
        for d in (1, 3, 5, 7)
    ),
    _p(
        "above",
        "{x} > {k}",
        "{are} greater than {k}",
        "{are} larger than {k}",
        "exceed{s} {k}",
        "{are} above {k}",
        parameter="bound",
    ),
    _p(
        "below",
        "{x} < {k}",
        "{are} less than {k}",
        "{are} smaller than {k}",
        "{are} below {k}",
        parameter="bound",
    ),
    _p("at_least", "{x} >= {k}", "{are} at least {k}", "{are} {k} or more", parameter="bound"),
    _p("at_most", "{x} <= {k}", "{are} at most {k}", "{are} {k} or less", parameter="bound"),
    _p("other_than", "{x} != {k}", "{are} not equal to {k}", "differ{s} from {k}", parameter="bound"),
    _p(
        "divisible_by",
        "{x} % {k} == 0",
        "{are} divisible by {k}",
        "{are} a multiple of {k}",
        parameter="divisor",
    ),
    _p("not_divisible_by", "{x} % {k} != 0", "{are} not divisible by {k}", parameter="divisor"),
    _p("in_other", "{x} in {k}", "{are} also in {k}", "occur{s} in {k}", name="shared", parameter="ints"),
    _p(
        "not_in_other", "{x} not in {k}", "{are} not in {k}", "{are} missing from {k}", name="missing", parameter="ints"
    ),
]

INT_MAPS = [
    _m(
        "square",
        ("{x} * {x}", "{x} ** 2"),
        "int",
        "the squares of {X}",
        "{X}, each squared",
        "{X} squared",
        name="squares",
    ),
    _m("cube", ("{x} ** 3", "{x} * {x} * {x}"), "int", "the cubes of {X}", "{X}, each cubed", name="cubes"),
    _m(
        "double",
        ("2 * {x}", "{x} * 2"),
        "int",
        "{X}, each doubled",
        "the doubles of {X}",
        "{X} times two",
        name="doubled",
    ),
    _m("triple", ("3 * {x}", "{x} * 3"), "int", "{X}, each tripled", "{X} times three", name="tripled"),
    _m(
        "half", "{x} // 2", "int", "the halves of {X}, rounded down", "{X}, each halved and rounded down", name="halves"
    ),
    _m(
        "negate",
        "-{x}",
        "int",
        "{X} with the sign flipped",
        "the negatives of {X}",
        "{X}, each negated",
        name="negated",
    ),
    _m("abs", "abs({x})", "int", "the absolute values of {X}", "the sizes of {X} without their signs", name="absolute"),
    *(
        _m(f"add_{c}", f"{{x}} + {c}", "int", f"{{X}}, each increased by {c}", f"{{X}} plus {c} each", name=f"plus_{c}")
        for c in (1, 2, 3, 5, 10)
    ),
    *(
        _m(
            f"subtract_{c}",
            f"{{x}} - {c}",
            "int",
            f"{{X}}, each decreased by {c}",
            f"{{X}} minus {c} each",
            name=f"minus_{c}",
        )
        for c in (1, 2, 4)
    ),
    *(
        _m(f"times_{c}", (f"{{x}} * {c}", f"{c} * {{x}}"), "int", f"{{X}}, each multiplied by {c}", f"{{X}} times {c}")
        for c in (4, 5, 10)
    ),
    *(
        _m(
            f"mod_{c}",
            f"{{x}} % {c}",
            "int",
            f"the remainders of {{X}} divided by {c}",
            f"{{X}} modulo {c}",
            name=f"remainders_{c}",
        )
        for c in (3, 4, 5)
    ),
    _m(
        "last_digit",
        "abs({x}) % 10",
        "int",
        "the last digits of {X}",
        "the final digit of each of {X}",
        name="last_digits",
    ),
    _m("digit_sum", "sum(int(d) for d in str(abs({x})))", "int", "the digit sums of {X}", name="digit_sums"),
    _m(
        "digit_count",
        "len(str(abs({x})))",
        "int",
        "the numbers of digits of {X}",
        "how many digits {X} have",
        name="digits",
    ),
    _m("floor_zero", "max({x}, 0)", "int", "{X} with negatives replaced by 0", name="clipped"),
    _m("plus", "{x} + {k}", "int", "{X}, each increased by {k}", "{X} plus {k} each", parameter="bound"),
    _m("times", "{x} * {k}", "int", "{X}, each multiplied by {k}", "{X} times {k}", parameter="bound"),
    _m(
        "cap",
        "min({x}, {k})",
        "int",
        "{X}, each capped at {k}",
        "{X} cut down to at most {k}",
        name="capped",
        parameter="bound",
    ),
    _m("distance", "abs({x} - {k})", "int", "the distances of {X} from {k}", name="distances", parameter="bound"),
    _m("str", "str({x})", "word", "{X} as strings", "{X} turned into strings", name="strings"),
    _m("parity", '"even" if {x} % 2 == 0 else "odd"', "word", '"even" or "odd" for each of {X}', name="parities"),
    _m("sign", '"+" if {x} > 0 else "-"', "word", '"+" for each positive and "-" for each other of {X}', name="signs"),
]

# ---------------------------------------------------------------- words

WORD_PREDICATES = [
    *(
        _p(
            f"longer_than_{c}",
            f"len({{x}}) > {c}",
            f"{{are}} longer than {c} letters",
            f"{{have}} more than {c} letters",
            f"{{have}} a length greater than {c}",
        )
        for c in (2, 3, 4, 5)
    ),
    *(
        _p(
            f"shorter_than_{c}",
            f"len({{x}}) < {c}",
            f"{{are}} shorter than {c} letters",
            f"{{have}} fewer than {c} letters",
        )
        for c in (4, 5, 6)
    ),
    *(
        _p(
            f"of_length_{c}",
            f"len({{x}}) == {c}",
            f"{{have}} exactly {c} letters",
            f"{{are}} {c} letters long",
            adj=(f"{c}-letter",),
        )
        for c in (3, 4, 5)
    ),
    _p(
        "starts_with_vowel",
        ('{x}[0].lower() in "aeiou"', '{x}[0] in "aeiouAEIOU"'),
        "start{s} with a vowel",
        "begin{s} with a vowel",
        name="vowel_start",
    ),
    _p("ends_with_vowel", '{x}[-1] in "aeiou"', "end{s} with a vowel", "{have} a vowel at the end", name="vowel_end"),
    _p(
        "capitalized",
        "{x}[0].isupper()",
        "start{s} with a capital letter",
        "begin{s} with an upper-case letter",
        adj=("capitalized",),
    ),
    _p("lowercase", "{x}.islower()", "{are} all lower case", "{have} no capital letter", adj=("lower-case",)),
    _p("palindrome", "{x} == {x}[::-1]", "read{s} the same backwards", "{are} a palindrome", name="palindromes"),
    _p("even_length", "len({x}) % 2 == 0", "{have} an even length", "{have} an even number of letters"),
    _p("odd_length", "len({x}) % 2 == 1", "{have} an odd length", "{have} an odd number of letters"),
    _p("distinct_letters", "len(set({x})) == len({x})", "{have} no repeated letter", "use{s} no letter twice"),
    _p("same_ends", "{x}[0] == {x}[-1]", "start{s} and end{s} with the same letter"),
    *(
        _p(
            f"starts_with_{c}",
            (f'{{x}}.startswith("{c}")', f'{{x}}[0] == "{c}"'),
            f"start{{s}} with {c}",
            f'begin{{s}} with "{c}"',
        )
        for c in "abcst"
    ),
    *(
        _p(
            f"contains_{c}",
            f'"{c}" in {{x}}',
            f'contain{{s}} "{c}"',
            f"{{have}} the letter {c} in them",
            name=f"with_{c}",
        )
        for c in "aeiort"
    ),
    *(
        _p(
            f"lacks_{c}",
            f'"{c}" not in {{x}}',
            f'do not contain "{c}"',
            f"lack{{s}} the letter {c}",
            name=f"without_{c}",
        )
        for c in "aeo"
    ),
    *(
        _p(
            f"ends_with_{c}",
            (f'{{x}}.endswith("{c}")', f'{{x}}[-1] == "{c}"'),
            f"end{{s}} with {c}",
            f'end{{s}} in "{c}"',
        )
        for c in "esty"
    ),
    _p(
        "longer_than",
        "len({x}) > {k}",
        "{are} longer than {k}",
        "{have} more than {k} letters",
        parameter="length",
    ),
    _p("shorter_than", "len({x}) < {k}", "{are} shorter than {k}", "{have} fewer than {k} letters", parameter="length"),
    _p("of_length", "len({x}) == {k}", "{have} exactly {k} letters", "{have} length {k}", parameter="length"),
    _p(
        "starts_with",
        ("{x}.startswith({k})", "{x}[0] == {k}"),
        "start{s} with {k}",
        "begin{s} with {k}",
        parameter="char",
    ),
    _p(
        "ends_with",
        ("{x}.endswith({k})", "{x}[-1] == {k}"),
        "end{s} with {k}",
        "{have} {k} at the end",
        parameter="char",
    ),
    _p("contains", "{k} in {x}", "contain{s} {k}", "{have} {k} in them", name="containing", parameter="char"),
    _p("lacks", "{k} not in {x}", "lack{s} {k}", "{are} without {k}", name="without", parameter="char"),
    _p("in_other", "{x} in {k}", "{are} also in {k}", "occur{s} in {k}", name="shared", parameter="words"),
    _p(
        "not_in_other",
        "{x} not in {k}",
        "{are} not in {k}",
        "{are} missing from {k}",
        name="missing",
        parameter="words",
    ),
]

WORD_MAPS = [
    _m("upper", "{x}.upper()", "word", "{X} in upper case", "{X}, upper-cased", "{X} in capital letters"),
    _m("lower", "{x}.lower()", "word", "{X} in lower case", "{X}, lower-cased"),
    _m(
        "capitalize",
        "{x}.capitalize()",
        "word",
        "{X}, capitalized",
        "{X} with a capital first letter",
        name="capitalized",
    ),
    _m(
        "reverse",
        "{x}[::-1]",
        "word",
        "{X}, each reversed",
        "{X} written backwards",
        "{X} spelled in reverse",
        name="reversed",
    ),
    _m("length", "len({x})", "int", "the lengths of {X}", "the numbers of letters of {X}", name="lengths"),
    _m("first", "{x}[0]", "char", "the first letters of {X}", "the initials of {X}", name="initials"),
    _m("last", "{x}[-1]", "char", "the last letters of {X}", "the final letters of {X}", name="last_letters"),
    _m("first_2", "{x}[:2]", "word", "the first two letters of {X}", "the first 2 characters of {X}", name="starts"),
    _m("first_3", "{x}[:3]", "word", "the first three letters of {X}", "{X} cut to three letters", name="short"),
    _m("last_2", "{x}[-2:]", "word", "the last two letters of {X}", "the last 2 characters of {X}", name="ends"),
    _m(
        "drop_first", "{x}[1:]", "word", "{X} without their first letter", "{X}, the first letter removed", name="tails"
    ),
    _m("drop_last", "{x}[:-1]", "word", "{X} without their last letter", "{X}, the last letter removed", name="heads"),
    _m("twice", ("{x} * 2", "{x} + {x}"), "word", "{X}, each repeated twice", "{X} written twice", name="repeated"),
    _m("plural", '{x} + "s"', "word", '{X} with "s" added', "{X} followed by s", name="plurals"),
    _m("shout", '{x} + "!"', "word", '{X} with "!" added', "{X} followed by an exclamation mark", name="shouted"),
    _m(
        "vowel_count",
        ('sum(c in "aeiou" for c in {x})', 'len([c for c in {x} if c in "aeiou"])'),
        "int",
        "the numbers of vowels in {X}",
        "how many vowels {X} have",
        name="vowels",
    ),
    _m("a_count", '{x}.count("a")', "int", 'the counts of "a" in {X}', "how often a occurs in {X}", name="a_counts"),
    _m("sort", '"".join(sorted({x}))', "word", "{X} with their letters sorted", name="sorted_letters"),
    _m(
        "no_a",
        '{x}.replace("a", "")',
        "word",
        '{X} with every "a" removed',
        "{X} without the letter a",
        name="without_a",
    ),
    _m("swap_e", '{x}.replace("e", "3")', "word", '{X} with every "e" replaced by "3"', name="leet"),
    _m(
        "count_of", "{x}.count({k})", "int", "how often {k} occurs in {X}", "the counts of {k} in {X}", parameter="char"
    ),
    _m("first_k", "{x}[:{k}]", "word", "the first {k} letters of {X}", "{X} cut to {k} letters", parameter="length"),
    _m("suffixed", "{x} + {k}", "word", "{X} with {k} added", "{X} followed by {k}", parameter="char"),
]

# ---------------------------------------------------------------- characters

CHAR_PREDICATES = [
    _p(
        "vowel",
        ('{x} in "aeiouAEIOU"', '{x}.lower() in "aeiou"'),
        "{are} vowels",
        "{are} one of a, e, i, o, u",
        name="vowels",
    ),
    _p(
        "consonant",
        '{x}.isalpha() and {x}.lower() not in "aeiou"',
        "{are} consonants",
        "{are} letters but no vowels",
        name="consonants",
    ),
    _p("digit", "{x}.isdigit()", "{are} digits", "{are} decimal digits", name="digits"),
    _p("letter", "{x}.isalpha()", "{are} letters", "{are} letters of the alphabet", name="letters"),
    _p("upper", "{x}.isupper()", "{are} upper case", "{are} capital letters", adj=("upper-case",), name="uppercase"),
    _p("lower", "{x}.islower()", "{are} lower case", "{are} small letters", adj=("lower-case",), name="lowercase"),
    _p("space", ('{x} == " "', "{x}.isspace()"), "{are} spaces", "{are} blanks", name="spaces"),
    _p("not_space", '{x} != " "', "{are} not spaces", "{are} not blank", name="no_spaces"),
    _p("not_digit", "not {x}.isdigit()", "{are} not digits", "{are} no digits", name="no_digits"),
    _p(
        "not_vowel",
        ('{x} not in "aeiouAEIOU"', '{x}.lower() not in "aeiou"'),
        "{are} not vowels",
        "{are} no vowels",
        name="no_vowels",
    ),
    _p("alnum", "{x}.isalnum()", "{are} letters or digits", "{are} alphanumeric", adj=("alphanumeric",)),
    _p("not_alnum", "not {x}.isalnum()", "{are} neither letters nor digits", name="symbols"),
    *(
        _p(f"is_{c}", f'{{x}} == "{c}"', f'{{are}} "{c}"', f"{{are}} the letter {c}", f"equal{{s}} {c}")
        for c in "aelost"
    ),
    *(_p(f"not_{c}", f'{{x}} != "{c}"', f'{{are}} not "{c}"', f"differ{{s}} from {c}") for c in "aeost"),
    *(_p(f"before_{c}", f'"a" <= {{x}} < "{c}"', f'{{are}} from "a" up to but without "{c}"') for c in "gmt"),
    _p("is", "{x} == {k}", "{are} equal to {k}", "{are} the same as {k}", name="equal", parameter="char"),
    _p("is_not", "{x} != {k}", "{are} not {k}", "differ{s} from {k}", name="other", parameter="char"),
    _p("in", "{x} in {k}", "occur{s} in {k}", "{are} also in {k}", name="shared", parameter="letters"),
    _p("not_in", "{x} not in {k}", "do not occur in {k}", "{are} not in {k}", name="missing", parameter="letters"),
]

CHAR_MAPS = [
    _m("upper", "{x}.upper()", "char", "{X} in upper case", "{X}, upper-cased"),
    _m("lower", "{x}.lower()", "char", "{X} in lower case", "{X}, lower-cased"),
    _m("swapcase", "{x}.swapcase()", "char", "{X} with upper and lower case swapped", name="swapped"),
    _m("twice", ("{x} * 2", "{x} + {x}"), "word", "{X}, each written twice", "{X}, each doubled", name="doubled"),
    _m("thrice", "{x} * 3", "word", "{X}, each written three times", name="tripled"),
    *(
        _m(
            f"vowel_to_{name}",
            f'"{c}" if {{x}} in "aeiou" else {{x}}',
            "char",
            f'{{X}} with every lower-case vowel replaced by "{c}"',
            f'{{X}}, where "{c}" stands for each of a, e, i, o, u',
            name=f"mask_{name}",
        )
        for c, name in (("*", "star"), ("_", "line"), ("#", "hash"))
    ),
    *(
        _m(
            f"digit_to_{name}",
            f'"{c}" if {{x}}.isdigit() else {{x}}',
            "char",
            f'{{X}} with every digit replaced by "{c}"',
            f'{{X}}, where "{c}" stands for each digit',
            name=f"hide_{name}",
        )
        for c, name in (("*", "star"), ("#", "hash"), ("0", "zero"))
    ),
    _m(
        "space_to_line",
        '"_" if {x} == " " else {x}',
        "char",
        '{X} with every space replaced by "_"',
        name="underscored",
    ),
    _m("hide", '"*" if {x} == {k} else {x}', "char", '{X} with {k} replaced by "*"', name="hidden", parameter="char"),
    _m("dashed", '{x} + "-"', "word", '{X}, each followed by "-"'),
]

PREDICATES = {"int": INT_PREDICATES, "word": WORD_PREDICATES, "char": CHAR_PREDICATES}
MAPS = {"int": INT_MAPS, "word": WORD_MAPS, "char": CHAR_MAPS}


@dataclass(frozen=True)
class Source:
    """Where the elements come from.

    `arguments`: kinds of the arguments; in code and phrases `{a}` and `{b}` are their names. `loops`: the iterable of
    each nested loop, `{row}` the variable of the outer one. `plain`: it is a list or a string as it stands.
    """

    key: str
    element: str
    arguments: tuple[str, ...]
    loops: tuple[str, ...]
    nouns: tuple[tuple[str, str], ...]  # plural, singular
    tails: tuple[str, ...]
    intros: tuple[str, ...] = ()
    plain: bool = False
    weight: float = 1.0


_NUMBERS: tuple[tuple[str, str], ...] = (
    ("numbers", "number"),
    ("numbers", "number"),
    ("integers", "integer"),
    ("values", "value"),
)
_NUMBERS += (("elements", "element"), ("entries", "entry"))
_WORDS = (("words", "word"), ("words", "word"), ("strings", "string"))
_CHARS = (("characters", "character"), ("characters", "character"), ("symbols", "symbol"))
_LISTED = ("", " in the list", " in {a}", " of {a}", " of the list", " in the given list")
_TEXT = ("", " in {a}", " of {a}", " in the string", " of the text")
_INTRO_INTS = ("a list of integers", "a list of numbers", "some numbers", "a list {a}")
_INTRO_WORDS = ("a list of words", "a list of strings", "some words", "a list {a}")
_INTRO_TEXT = ("a string", "a text", "some text", "a string {a}")

SOURCES = [
    Source("ints", "int", ("ints",), ("{a}",), _NUMBERS, _LISTED, _INTRO_INTS, True, 9),
    Source(
        "tail",
        "int",
        ("ints",),
        ("{a}[1:]",),
        _NUMBERS,
        (" in {a} after the first one", " of {a} except the first"),
        (),
        True,
        0.7,
    ),
    Source(
        "init",
        "int",
        ("ints",),
        ("{a}[:-1]",),
        _NUMBERS,
        (" in {a} before the last one", " of {a} except the last"),
        (),
        True,
        0.5,
    ),
    Source(
        "even_places",
        "int",
        ("ints",),
        ("{a}[::2]",),
        _NUMBERS,
        (" at even positions of {a}", " of {a} with an even index"),
        (),
        True,
        0.7,
    ),
    Source(
        "odd_places",
        "int",
        ("ints",),
        ("{a}[1::2]",),
        _NUMBERS,
        (" at odd positions of {a}", " of {a} with an odd index"),
        (),
        True,
        0.5,
    ),
    Source(
        "first_k",
        "int",
        ("ints", "length"),
        ("{a}[:{b}]",),
        _NUMBERS,
        (" among the first {b} of {a}", " in the first {b} places of {a}"),
        (),
        True,
        0.7,
    ),
    Source(
        "to_n",
        "int",
        ("nat",),
        ("range(1, {a} + 1)",),
        (("numbers", "number"), ("integers", "integer")),
        (" from 1 to {a}", " between 1 and {a} inclusive"),
        ("a number {a}",),
        False,
        1.5,
    ),
    Source(
        "below_n",
        "int",
        ("nat",),
        ("range({a})",),
        (("numbers", "number"), ("integers", "integer")),
        (" from 0 up to but not including {a}", " from 0 to {a} - 1"),
        (),
        False,
        0.8,
    ),
    Source(
        "a_to_b",
        "int",
        ("num", "num"),
        ("range({a}, {b} + 1)",),
        (("numbers", "number"), ("integers", "integer")),
        (" from {a} to {b}", " between {a} and {b} (both included)"),
        (),
        False,
        1.0,
    ),
    Source(
        "digits",
        "int",
        ("big",),
        ("map(int, str({a}))",),
        (("digits", "digit"),),
        (" of {a}", " of the number {a}", " in {a}"),
        ("a number {a}",),
        False,
        1.2,
    ),
    Source(
        "matrix",
        "int",
        ("matrix",),
        ("{a}", "{row}"),
        _NUMBERS,
        (" in all the rows of {a}", " in the lists of {a}"),
        ("a list of lists", "a table of numbers"),
        False,
        0.8,
    ),
    Source(
        "values",
        "int",
        ("scores",),
        ("{a}.values()",),
        (("values", "value"),),
        (" of the dictionary", " in the dictionary {a}", " of {a}"),
        ("a dictionary",),
        False,
        0.8,
    ),
    Source("words", "word", ("words",), ("{a}",), _WORDS, _LISTED, _INTRO_WORDS, True, 4.5),
    Source(
        "split",
        "word",
        ("sentence",),
        ("{a}.split()",),
        (("words", "word"),),
        (" in the text", " of {a}", " in the sentence", " of the sentence {a}"),
        ("a sentence", "a text", "a string of words"),
        True,
        2.2,
    ),
    Source(
        "keys",
        "word",
        ("scores",),
        ("{a}",),
        (("keys", "key"),),
        (" of the dictionary", " of {a}", " in the dictionary {a}"),
        ("a dictionary",),
        False,
        0.5,
    ),
    Source("chars", "char", ("text",), ("{a}",), _CHARS, _TEXT, _INTRO_TEXT, True, 4.5),
    Source(
        "reversed_chars",
        "char",
        ("text",),
        ("{a}[::-1]",),
        _CHARS,
        (" of {a} read backwards", " of {a} from the end to the start"),
        (),
        True,
        0.5,
    ),
]
