"""Check the calculations a text writes down, while it is being written.

Two notations: annotated, `<<48/2=24>>`, and plain, "3 x 4 = 12", "$0.20 * 50 = $10", chained equalities. Each is
right, wrong, or not checkable (variables, scales in words, mixed units). A calculation is judged once nothing that
follows can change it: an annotation at its `>>`, a plain one at the end of its clause. So what a prefix refutes
stays refuted, and reading a text token by token costs the new token, not the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from fractions import Fraction
from itertools import pairwise

from verifiers.math.evaluate import Clock, Exact, Undefined, Unsupported
from verifiers.math.expression import Node, ParseError, decimal, number
from verifiers.math.units import dimension_of

MAX_LEXEMES = 80  # of one side of an equation
MAX_ANNOTATION = 400  # characters
MAX_NUMERAL = 400
MAX_DEPTH = 30
SECONDS = 0.5  # of one call


class Verdict(Enum):
    RIGHT = "right"
    WRONG = "wrong"
    UNCHECKED = "not checkable"


@dataclass(frozen=True)
class Step:
    """One equality as it was written, the verdict, and the value of its left side where that is known.

    `open`: the text ended before the calculation surely did, so more text may still change the verdict.
    """

    text: str
    verdict: Verdict
    value: Fraction | None = None
    annotated: bool = False
    open: bool = False


@dataclass(frozen=True)
class Steps:
    """The calculations of a text in order, and whether one of them is wrong beyond repair."""

    steps: tuple[Step, ...]
    refuted: bool


def check_steps(text: str, *, prefix: bool = False) -> Steps:
    """Judge every calculation in a text.

    With `prefix` the text may go on, and its last calculation is judged only when it surely has ended. Without, the
    end of the text ends it: it is in `steps` with `open` set, and refutes only if neither further digits nor a
    further term look able to mend it ("3 * 4 = 1", "2 * 3 + 4 = 6").
    """
    checker = StepChecker()
    checker.feed(text)
    if prefix:
        return Steps(tuple(checker.steps), checker.refuted)
    closed = checker.refuted
    last = checker.finish()
    return Steps(tuple(checker.steps), closed or any(step.verdict is Verdict.WRONG and not m for step, m in last))


def complete(text: str, places: int = 6) -> str | None:
    """The result that belongs after a text ending in `<<expression=`; None where there is nothing to calculate.

    Exact where a decimal of at most `places` digits after the point is, else rounded to that many.
    """
    start = text.rfind("<<", max(0, len(text) - MAX_ANNOTATION))
    if start < 0 or ">>" in text[start:] or not text.endswith("=") or text[start:].count("=") != 1:
        return None
    side = _read(_lexemes(text[start + 2 : -1]))
    values = side.values if side else ()
    return _numeral(values[0], places) if values and _is_short(values[0]) else None


class StepChecker:
    """The incremental form: `feed` each piece of text as it comes, look at `refuted`.

    Several checkers may share a beginning: `copy` costs the unfinished calculation only.
    """

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self.refuted = False
        self._rest = ""  # characters that do not make a whole lexeme yet
        self._annotation: str | None = None  # inside << >>
        self._sides: list[list[_Lexeme]] = []  # finished sides of the equation being read
        self._side: list[_Lexeme] = []

    def copy(self) -> StepChecker:
        """A checker in the same state; feeding one leaves the other alone."""
        twin = StepChecker()
        twin.steps, twin.refuted = self.steps.copy(), self.refuted
        twin._rest, twin._annotation = self._rest, self._annotation
        twin._sides, twin._side = [side.copy() for side in self._sides], self._side.copy()
        return twin

    def feed(self, text: str) -> bool:
        """Read more text; whether a calculation is refuted by now."""
        self._rest += text
        self._consume(final=False)
        return self.refuted

    def finish(self) -> list[tuple[Step, bool]]:
        """End the text: the steps its last equation made, each with whether more text could have mended it."""
        before = len(self.steps)
        self._consume(final=True)
        side = _read_prefix(self._side)
        self._close(open_end=True)
        return [(step, step.open and _mendable(step, side)) for step in self.steps[before:]]

    def _consume(self, final: bool) -> None:
        position, text, clock = 0, self._rest, Clock(SECONDS)
        while position < len(text):
            if clock.left < 0:  # only a huge text gets here: what remains of it stays unchecked
                position = len(text)
                self._annotation = None
                self._reset()
                break
            if self._annotation is not None:
                position = self._annotated(text, position)
                continue
            match = _LEXEME.match(text, position)
            assert match is not None  # its last alternative is any character
            if not final and match.end() > len(text) - 2 and _MAY_GROW.fullmatch(text, match.start()):
                break
            if not final and len(text) - match.start() < 8 and _NUMERAL_MAY_GROW.fullmatch(text, match.start()):
                break
            position = match.end()
            self._lexeme(_Lexeme.of(match))
        self._rest = text[position:]
        if len(self._rest) > MAX_NUMERAL:
            self._rest = ""
            self._reset()

    def _annotated(self, text: str, position: int) -> int:
        """Collect an annotation up to its >>; one that a new line or its length breaks off is dropped."""
        assert self._annotation is not None
        stop = min((i for i in (text.find(">", position), text.find("\n", position)) if i >= 0), default=-1)
        if stop < 0:
            self._annotation += text[position:]
            position = len(text)
        elif text[stop] == ">":
            self._annotation += text[position : stop + 1]
            position = stop + 1
        else:
            self._annotation, position = None, stop
            return position
        if self._annotation.endswith(">>"):
            self._judge_annotation(self._annotation[:-2])
            self._annotation = None
        elif len(self._annotation) > MAX_ANNOTATION:
            self._annotation = None
        return position

    def _judge_annotation(self, content: str) -> None:
        sides: list[list[_Lexeme]] = [[]]
        for lexeme in _lexemes(content):
            if lexeme.kind == "=":
                sides.append([])
            else:
                sides[-1].append(lexeme)
        if len(sides) < 2:
            return
        read = [_read(side) for side in sides]
        for i, (left, right) in enumerate(pairwise(read)):
            written = f"{_spelled(sides[i])}={_spelled(sides[i + 1])}"
            self._add(_judged(written, left, right, annotated=True))

    def _add(self, step: Step) -> None:
        self.steps.append(step)
        self.refuted = self.refuted or (step.verdict is Verdict.WRONG and not step.open)

    def _lexeme(self, lexeme: _Lexeme) -> None:
        if lexeme.kind == "<<":
            self._annotation = ""
        elif lexeme.kind == "end":
            self._close()
        elif lexeme.kind == "=":
            self._sides.append(self._side)
            self._side = []
            if len(self._sides) > 20:
                self._reset()
        elif lexeme.kind == "word" and lexeme.text.lower() in _BREAKS:
            if lexeme.text in ("and", "with") and self._side:
                self._side.append(lexeme)  # 17/3 = 5 and 2/3, 15/4 = 3 with remainder 3
            self._close()
        else:
            self._side.append(lexeme)
            if self._sides and _trails_off(self._side):
                self._close()
            elif len(self._side) > MAX_LEXEMES:
                self._reset()

    def _reset(self) -> None:
        self._sides, self._side = [], []

    def _close(self, open_end: bool = False) -> None:
        """Judge the equation read so far."""
        sides = [*self._sides, self._side] if self._side else self._sides
        self._reset()
        if len(sides) < 2:
            return
        read = [_read_suffix(sides[0]), *map(_read, sides[1:-1]), _read_prefix(sides[-1])]
        for i, (left, right) in enumerate(pairwise(read)):
            if not any(map(_calculates, (left, right), sides[i : i + 2])):
                continue  # x = 12 states, it does not calculate
            if i == 0 and left and not left.operations and len(sides[0]) > 1:
                left = None  # "2 bathrooms = 2 * 48": a name for the result
            step = _judged(f"{_spelled(sides[i])} = {_spelled(sides[i + 1])}", left, right)
            if open_end and i == len(read) - 2:
                step = replace(step, open=True)
            self._add(step)


def _calculates(side: _Side | None, lexemes: Sequence[_Lexeme]) -> bool:
    if side is not None:
        return side.operations > 0
    return any(lexeme.kind == "op" and lexeme.text in "+-*/^" for lexeme in lexemes)


# lexemes


@dataclass(frozen=True, slots=True)
class _Lexeme:
    """kind: number, clock, word, currency, op (+ - * / // ^ ( ) { } % ! frac sqrt), =, <<, end or noise."""

    kind: str
    text: str
    spaced: bool = False  # white space before it

    @staticmethod
    def of(match: re.Match[str]) -> _Lexeme:
        kind, text, spaced = match.lastgroup or "", match.group().strip(" \t"), match.group()[:1] in (" ", "\t")
        if kind == "number":
            return _Lexeme("number", text, spaced)
        if kind == "word":
            operator = _WORD_OPERATORS.get(text.lower())
            return _Lexeme(*operator, spaced) if operator else _Lexeme("word", text, spaced)
        if kind == "command":
            return _Lexeme(*_COMMANDS.get(text[1:], ("end", text)), spaced)
        if kind == "equals":
            return _Lexeme("=", "=", spaced)
        if kind == "open":
            return _Lexeme("<<", text, spaced)
        if kind == "clock":
            return _Lexeme("clock", text, spaced)
        if kind == "script":
            return _Lexeme("op", text, spaced)
        return _Lexeme(*_MARKS.get(text, ("end", text)), spaced)


_NUMERAL = r"\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+"
_LEXEME = re.compile(
    rf"""[ \t]*(?:
      (?P<open><<)
    | (?P<clock>\d{{1,2}}:\d\d(?!\d))
    | (?P<number>{_NUMERAL})
    | (?P<command>\\[A-Za-z]+)
    | (?P<equals>==?(?![=>]))
    | (?P<word>[A-Za-z]+(?:'[a-z]+)?)
    | (?P<script>[²³])
    | (?P<mark>\*\*|//|\\.|[<>]=|(?<![\d)])!=|=>|->|.|\n)
    | [ \t]+)""",
    re.VERBOSE | re.DOTALL,
)
_MAY_GROW = re.compile(r"[ \t]*(?:\\[A-Za-z]*|[A-Za-z']+|<|=+|[!>*/-]|)[ \t]*")
_NUMERAL_MAY_GROW = re.compile(rf"[ \t]*(?:{_NUMERAL}|\d+)?(?:\d|[.,]\d{{0,2}}|:\d?)?")
_WORD_OPERATORS = {
    "times": ("op", "*"), "plus": ("op", "+"), "minus": ("op", "-"), "equals": ("=", "="), "equal": ("=", "="),
}  # fmt: skip
_COMMANDS = {
    "times": ("op", "*"), "cdot": ("op", "*"), "div": ("op", "/"), "frac": ("op", "frac"), "dfrac": ("op", "frac"),
    "tfrac": ("op", "frac"), "sqrt": ("op", "sqrt"), "left": ("noise", ""), "right": ("noise", ""),
    "text": ("noise", ""), "mathrm": ("noise", ""), "boxed": ("noise", ""), "textbf": ("noise", ""),
}  # fmt: skip
_MARKS = {
    **{c: ("op", c) for c in "+-*/^(){}%"}, "!": ("op", "!"), "**": ("op", "**"), "×": ("op", "*"), "·": ("op", "*"),
    "∗": ("op", "*"), "⋅": ("op", "*"), "÷": ("op", "/"), "//": ("op", "//"), "−": ("op", "-"), "–": ("op", "-"),
    "\\%": ("op", "%"),
    "[": ("op", "("), "]": ("op", ")"), "$": ("currency", "$"), "\\$": ("currency", "$"), "€": ("currency", "€"),
    "£": ("currency", "£"), "&": ("noise", ""), "\\,": ("noise", ""), "\\!": ("noise", ""), "\\;": ("noise", ""),
    "": ("noise", ""), "_": ("word", "_"), "≈": ("end", "≈"),
}  # fmt: skip
# Words after which a new clause begins.
_BREAKS = set(
    """and or so then which but because therefore thus hence if is are was were has have had will gives give we he she
    they since while when also with that this where leaving leaves in on after before using who spends makes make
    costs cost earns gets his her their its let making meaning""".split()  # noqa: SIM905
)
# Words that may change what the numbers mean: a mismatch beside them proves nothing.
_SCALES = set(
    """half halves third thirds quarter quarters double twice triple dozen dozens hundred hundreds thousand thousands
    million millions billion k squared cubed mod remainder r rem more less fewer off discount tax tip about around
    approximately roughly rounded nearly almost average per percent pm am pairs pair score base approx round up down
    """.split()  # noqa: SIM905
)
_UNIT_LETTERS = set("mgshLl")


def _lexemes(text: str) -> list[_Lexeme]:
    found: list[_Lexeme] = []
    position = 0
    while position < len(text) and len(found) <= MAX_LEXEMES:
        match = _LEXEME.match(text, position)
        assert match is not None
        position = match.end()
        found.append(_Lexeme.of(match))
    return found


def _spelled(side: Sequence[_Lexeme]) -> str:
    return "".join((" " if lexeme.spaced else "") + lexeme.text for lexeme in side).strip()


def _trails_off(side: Sequence[_Lexeme]) -> bool:
    """Three words in a row after the number: the equation has ended."""
    return len(side) > 3 and all(lexeme.kind == "word" for lexeme in side[-3:])


# the value of a side


@dataclass(frozen=True)
class _Side:
    """What one side is worth: its readings (a percent sign may mean hundredths or be a unit)."""

    values: tuple[Fraction, ...]
    operations: int
    numerals: tuple[str, ...]  # the operands as written
    doubtful: bool = False  # beside words or letters that may change the meaning
    dimensions: frozenset[tuple[str, Fraction]] = field(default_factory=frozenset)
    named: bool = False  # beside words

    @property
    def shown(self) -> str | None:
        """The numeral, when the side is nothing but one."""
        return self.numerals[0] if len(self.numerals) == 1 and not self.operations else None


class _Reader:
    """Recursive descent over lexemes; units after numbers are skipped and remembered."""

    def __init__(self, lexemes: Sequence[_Lexeme], percent: Fraction) -> None:
        self.lexemes = [lexeme for lexeme in lexemes if lexeme.kind != "noise"]
        self.at = 0
        self.percent = percent
        self.numerals: list[str] = []
        self.operations = 0
        self.doubtful = False
        self.words: list[str] = []
        self.part_of = False
        self.braces = 0  # open ones around words
        self.spacing: set[bool] = set()  # of the slashes: 7/12 / 1/12 means a quotient of fractions

    def peek(self, ahead: int = 0) -> _Lexeme:
        i = self.at + ahead
        return self.lexemes[i] if i < len(self.lexemes) else _END

    def sees(self, *texts: str) -> bool:
        return self.peek().kind == "op" and self.peek().text in texts

    def sum(self, depth: int = 0) -> Node:
        if depth > MAX_DEPTH:
            raise ParseError("nested too deeply")
        terms = [self.product(depth)]
        while self.sees("+", "-") and self.continues(1):
            negative = self.peek().text == "-"
            self.at += 1
            self.operations += 1
            term = self.product(depth)
            terms.append(Node("neg", (term,)) if negative else term)
        return terms[0] if len(terms) == 1 else Node("add", tuple(terms))

    def product(self, depth: int) -> Node:
        node = self.signed(depth)
        while True:
            if self.sees("*", "/", "//") and self.continues(1):
                kind = {"*": "mul", "/": "div", "//": "floor"}[self.peek().text]
                self.at += 1
                if kind == "div":
                    self.spacing.add(self.peek(-1).spaced or self.peek().spaced)
            elif self.is_times() or self.is_of():
                kind = "mul"
                self.part_of = self.part_of or self.is_of()
                self.at += 1
            elif self.sees("(") and not self.peek().spaced and self.continues(0):
                kind = "mul"
            else:
                return node
            self.operations += 1
            operand = self.signed(depth)
            if kind == "floor":
                node = Node("fn", (Node("div", (node, operand)),), "floor")
            else:
                node = Node(kind, (node, operand))

    def continues(self, ahead: int) -> bool:
        """Whether an operand stands at this distance (a dash before a word is punctuation)."""
        lexeme = self.peek(ahead)
        if lexeme.kind == "currency" or (lexeme.kind == "op" and lexeme.text in ("-", "+")):
            return self.continues(ahead + 1) if ahead < 4 else False
        if lexeme.kind == "op" and lexeme.text in ("(", "{"):
            return self.continues(ahead + 1) if ahead < MAX_DEPTH else False
        return lexeme.kind == "number" or (lexeme.kind == "op" and lexeme.text in ("frac", "sqrt"))

    def is_times(self) -> bool:
        """x between operands; 2x + 3 and 2x(3) have a variable."""
        letter, after = self.peek(), self.peek(1)
        if letter.kind != "word" or letter.text not in ("x", "X"):
            return False
        bracket = after.kind == "op" and after.text in ("(", "frac", "sqrt") and after.spaced == letter.spaced
        return after.kind in ("number", "currency") or (bracket and letter.spaced)

    def is_of(self) -> bool:
        """20% of 50, 1/2 of 48"""
        if self.peek().text != "of" or not self.continues(1) or self.at == 0:
            return False
        before = self.lexemes[self.at - 1]
        return before.text == "%" or (self.at > 1 and self.lexemes[self.at - 2].text in ("/", "frac"))

    def signed(self, depth: int) -> Node:
        signs = 0
        while self.peek().kind == "currency" or self.sees("-", "+"):
            if self.peek().kind == "currency":
                self.words.append(self.peek().text)
            signs += self.peek().text == "-"
            self.at += 1
        node = self.power(depth)
        return Node("neg", (node,)) if signs % 2 else node

    def power(self, depth: int) -> Node:
        node = self.atom(depth + 1)
        if self.peek().kind == "op" and self.peek().text in ("²", "³"):
            self.operations += 1
            node = Node("pow", (node, number(2 if self.peek().text == "²" else 3)))
            self.at += 1
        if self.sees("^", "**") and self.continues(1):
            self.at += 1
            self.operations += 1
            node = Node("pow", (node, self.signed(depth + 1)))
        self.units()
        return node

    def atom(self, depth: int) -> Node:
        lexeme = self.peek()
        self.at += 1
        if lexeme.kind == "number":
            node = self.mixed(number(decimal(lexeme.text)), lexeme)
            self.numerals.append(lexeme.text)
        elif lexeme.kind == "op" and lexeme.text in ("(", "{"):
            node = self.sum(depth)
            if not self.sees(")", "}"):
                raise ParseError("an open bracket")
            self.at += 1
        elif lexeme.kind == "op" and lexeme.text == "frac":
            self.operations += 1
            digits = self.peek().text
            if self.peek().kind == "number" and len(digits) == 2 and digits.isdigit():  # \frac12
                self.at += 1
                node = Node("div", (number(int(digits[0])), number(int(digits[1]))))
            else:
                node = Node("div", (self.atom(depth), self.atom(depth)))
        elif lexeme.kind == "op" and lexeme.text == "sqrt":
            self.operations += 1
            node = Node("root", (number(2), self.atom(depth)))
        else:
            raise ParseError(f"no operand: {lexeme.text!r}")
        while self.sees("!", "%"):
            if self.peek().text == "!":
                if self.peek().spaced:
                    break
                self.operations += 1
                node = Node("fact", (node,), 1)
            else:
                node = Node("mul", (node, number(self.percent)))
            self.at += 1
        return node

    def mixed(self, whole: Node, lexeme: _Lexeme) -> Node:
        """1 1/2"""
        above, slash, below = self.peek(), self.peek(1), self.peek(2)
        fraction = above.kind == below.kind == "number" and slash.text == "/" and above.spaced and not slash.spaced
        if not fraction or "." in lexeme.text + above.text + below.text:
            return whole
        if not 0 < decimal(above.text) < decimal(below.text):
            return whole
        self.at += 3
        return number(whole.value + decimal(above.text) / decimal(below.text))

    def units(self) -> None:
        """Words after an operand: apples, km, /hour, per day. A lone letter that is no unit is a variable."""
        while True:
            lexeme = self.peek()
            if lexeme.kind == "currency" and self.peek(1).kind != "number":
                self.words.append(lexeme.text)
                self.at += 1
            elif lexeme.kind == "word" and not self.is_times() and not self.is_of():
                article = lexeme.text == "a" and self.peek(1).kind == "word"
                if len(lexeme.text) == 1 and lexeme.text not in _UNIT_LETTERS and not article:
                    raise ParseError(f"the variable {lexeme.text}")
                self.words.append(lexeme.text)
                self.doubtful = (
                    self.doubtful or lexeme.text.lower() in _SCALES or (len(lexeme.text) == 1 and not article)
                )
                self.at += 1
            elif (self.sees("{") and self.peek(1).kind == "word") or (self.sees("}") and self.braces):
                self.braces += 1 if self.sees("{") else -1  # \text{ cm}
                self.at += 1
            elif self.sees("/") and self.peek(1).kind == "word" and len(self.peek(1).text) > 1:
                self.at += 2
            elif (
                self.sees("-") and not self.peek().spaced and self.peek(1).kind == "word" and len(self.peek(1).text) > 1
            ):
                self.at += 2  # a 12-inch rope
            elif (
                self.sees("^")
                and self.words
                and self.peek(1).kind == "number"
                and self.lexemes[self.at - 1].kind == "word"
            ):
                self.at += 2  # 5 cm^2
            else:
                return


_END = _Lexeme("end", "")


def _read(lexemes: Sequence[_Lexeme], whole: bool = True) -> _Side | None:
    """The side if all of it (or, not `whole`, a beginning that ends cleanly) is one expression."""
    values: list[Fraction] = []
    reader = _Reader((), Fraction(1))
    has_percent = any(lexeme.text == "%" for lexeme in lexemes)
    for percent in (Fraction(1, 100), Fraction(1)) if has_percent else (Fraction(1),):
        reader = _Reader(lexemes, percent)
        try:
            node = reader.sum()
            rest = reader.peek()
            if rest is not _END and (whole or not _ends_cleanly(rest, reader)):
                return None
            value = Exact(Clock(0.2))(node)
            if rest.kind in ("number", "currency") or len(reader.spacing) == 2 or (reader.part_of and not whole):
                reader.doubtful = True
        except (ParseError, Undefined, Unsupported, RecursionError):
            return None
        if value not in values:
            values.append(value)
    dimensions = frozenset(d for d in map(dimension_of, reader.words) if d is not None)
    doubtful = reader.doubtful or (
        has_percent and any(lexeme.text in "+-" for lexeme in lexemes if lexeme.kind == "op")
    )
    doubtful = doubtful or any(re.match("0[0-9]", numeral) for numeral in reader.numerals)
    return _Side(tuple(values), reader.operations, tuple(reader.numerals), doubtful, dimensions, bool(reader.words))


def _read_prefix(lexemes: Sequence[_Lexeme]) -> _Side | None:
    """What a last side begins with; a final ! may be no factorial."""
    side = _read(lexemes, whole=False)
    if side is None or lexemes[-1].text != "!":
        return side
    plain = _read(lexemes[:-1], whole=False)
    return replace(plain, values=(*plain.values, *side.values)) if plain else side


def _ends_cleanly(rest: _Lexeme, reader: _Reader) -> bool:
    """Whether what follows the expression is words or a bracketed remark, not more of a formula."""
    after = reader.peek(1)
    if rest.kind == "word":
        return len(rest.text) > 1
    if rest.kind == "number":  # 18 of the 24 marbles
        return reader.lexemes[reader.at - 1].kind == "word"
    if rest.kind == "op" and rest.text == "(":
        return rest.spaced and (after is _END or (after.kind == "word" and len(after.text) > 1))
    if rest.kind == "currency":
        return rest.spaced
    if rest.kind == "op" and rest.text in ("-", "**", "*"):
        return after is _END or (after.kind == "word" and len(after.text) > 1 and rest.text == "-" and rest.spaced)
    return rest.kind == "op" and rest.text in (")", "}")


def _read_suffix(lexemes: Sequence[_Lexeme]) -> _Side | None:
    """The longest expression a first side ends with, where words set it off from what precedes."""
    for start in range(len(lexemes)):
        lexeme = lexemes[start]
        if lexeme.kind in ("word", "noise") or (
            lexeme.kind == "op" and lexeme.text in (")", "}", "*", "/", "^", "%", "!")
        ):
            continue
        before = lexemes[start - 1] if start else None
        if before is not None:
            is_word = before.kind == "word" and (len(before.text) > 1 or before.text in "aAI") and lexeme.spaced
            bullet = start == 1 and before.text in ("*", "-", "+") and lexeme.spaced
            numbering = start == 2 and before.text == ")" and lexemes[0].kind == "number"
            if not (is_word or bullet or numbering or before.kind == "noise" or before.text == "**"):
                continue
            if is_word and lexeme.kind == "op" and lexeme.text in "+-":
                continue  # "the bikes + 12"
        side = _read(lexemes[start:])
        if side is None and lexeme.text == "-" and lexeme.kind == "op" and not start:
            continue
        if side is not None:
            earlier = start > 2 and any(other.kind in ("number", "op") for other in lexemes[1:start])
            earlier = earlier or (start > 0 and lexemes[0].kind == "number" and lexemes[start - 1].text != ")")
            span = before is not None and before.kind == "word" and side.operations == 1  # weeks 1-2
            earlier = earlier or (span and any(x.text == "-" and not x.spaced for x in lexemes[start:]))
            bullet = lexeme.text in "-+" and lexeme.kind == "op" and not start and lexemes[1].spaced
            if bullet and (unsigned := _read(lexemes[1:])) is not None:
                side = replace(unsigned, values=(*unsigned.values, *side.values))
            return replace(side, doubtful=side.doubtful or earlier)
    return None


def _judged(text: str, left: _Side | None, right: _Side | None, annotated: bool = False) -> Step:
    if left is None or right is None:
        return Step(text, Verdict.UNCHECKED, left.values[0] if left else None, annotated)
    value = left.values[0]
    if any(_agree(x, left, y, right) for x in left.values for y in right.values):
        return Step(text, Verdict.RIGHT, value, annotated)
    doubtful = left.doubtful or right.doubtful or _mixes_units(left.dimensions | right.dimensions)
    part = left.operations == 1 and 0 < value < 1 <= right.values[0] and re.search(r"\d/\d", text)  # 1/4 = 15 miles
    if doubtful or part or _from_rounded(left, right) or _whole_part(left, right):
        return Step(text, Verdict.UNCHECKED, value, annotated)
    return Step(text, Verdict.WRONG, value, annotated)


def _agree(x: Fraction, left: _Side, y: Fraction, right: _Side) -> bool:
    """Equal, or one side is a decimal numeral that rounds or cuts off the other."""
    if x == y:
        return True
    for numeral in (left.shown, right.shown):
        if numeral is not None and "." in numeral:
            ulp = Fraction(1, 10 ** len(numeral.partition(".")[2]))
            shown, exact = (x, y) if numeral == left.shown else (y, x)
            cut_off = 0 <= abs(exact) - abs(shown) < ulp and shown * exact >= 0
            binary = ulp < Fraction(1, 10**9) and abs(x - y) < Fraction(1, 10**9) * abs(exact)  # 0.30000000000000004
            if cut_off or abs(x - y) * 2 <= ulp or binary:
                return True
    return False


def _from_rounded(left: _Side, right: _Side) -> bool:
    """33.33 * 3 = 100: a rounder result than its operands, within what their rounding leaves open."""
    shown = right.shown
    if shown is None or not left.operations:
        return False
    places = [len(numeral.partition(".")[2]) for numeral in left.numerals]
    if max(places) < 2 or len(shown.partition(".")[2]) >= max(places):
        return False
    spread = Fraction(0)
    for numeral, digits in zip(left.numerals, places):
        if digits >= 2 and decimal(numeral):
            spread += abs(left.values[0] / decimal(numeral)) / (2 * 10**digits)
    return abs(left.values[0] - right.values[0]) <= spread


def _whole_part(left: _Side, right: _Side) -> bool:
    """13 / 6 = 2 full cycles, 17 / 3 = 5 and 2/3"""
    value = left.values[0]
    return right.named and value.denominator > 1 and right.shown is not None and abs(value - right.values[0]) < 1


def _mixes_units(dimensions: frozenset[tuple[str, Fraction]]) -> bool:
    """Minutes beside hours, cents beside dollars."""
    return len({dimension for dimension, _ in dimensions}) < len(dimensions)


def _mendable(step: Step, side: _Side | None) -> bool:
    """Whether an unfinished wrong equality looks as if more text could make it right."""
    if step.value is None or not _is_short(step.value) or side is None or side.shown is None:
        return True
    left = step.text.rpartition("=")[0]
    operators = len(re.findall(r"[-+*/^×·÷]|\\\w+|\bx\b", left.lstrip(" -")))
    if operators > 1 or side.shown in re.findall(_NUMERAL, left):
        return True
    return _numeral(step.value, 6).startswith(side.shown.replace(",", ""))


def _is_short(value: Fraction) -> bool:
    return value.numerator.bit_length() + value.denominator.bit_length() < 2_000


def _numeral(value: Fraction, places: int) -> str:
    """A decimal numeral, rounded half away from zero."""
    scaled = abs(value) * 10**places
    digits = str((scaled.numerator * 2 + scaled.denominator) // (2 * scaled.denominator)).rjust(places + 1, "0")
    whole, fraction = (digits[:-places], digits[-places:].rstrip("0")) if places else (digits, "")
    sign = "-" if value < 0 and int(digits) else ""
    return f"{sign}{whole}.{fraction}" if fraction else sign + whole
