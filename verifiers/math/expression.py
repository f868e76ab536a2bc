"""The syntax tree of an answer, and the parser that builds it from plain text or LaTeX.

A whitelist grammar of our own: what it does not know is a ParseError, never a guess, and nothing is ever
evaluated by Python. Length, nesting and digits are limited, so parsing is linear and shallow.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

MAX_CHARS = 6_000
MAX_TOKENS = 2_500
MAX_DEPTH = 40
MAX_DIGITS = 20_000  # of one number inside an expression; longer plain numbers are compared as text

Separators = tuple[str, ...]


class ParseError(ValueError):
    """The text is outside the grammar, or beyond its limits."""


@dataclass(frozen=True, slots=True)
class Node:
    """One operation: its kind, operands, and a value (a number, a name, an operator) where it has one.

    num, sym, neg, add, mul, div, pow, root (index, radicand), fn (name), fact, percent, degree, pm (sign),
    list, seq (its two brackets), set, builder, union, cap, setminus, rel (operators), matrix (columns),
    ratio, sum (sum or prod: variable, from, to, body), call (an unknown function), opaque, text.
    """

    kind: str
    args: tuple[Node, ...] = ()
    value: Any = None


def number(value: int | Fraction) -> Node:
    return Node("num", (), Fraction(value))


def symbol(name: str) -> Node:
    return Node("sym", (), name)


ZERO, ONE, INFINITY = number(0), number(1), symbol("infty")

FUNCTIONS = {
    "sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "arccot", "asin", "acos", "atan",
    "sinh", "cosh", "tanh", "coth", "arcsinh", "arccosh", "arctanh", "ln", "log", "lg", "exp", "sqrt", "cbrt",
    "abs", "floor", "ceil", "max", "min", "gcd", "lcm", "det", "Re", "Im", "Gamma", "comb", "C", "binom", "sgn",
}  # fmt: skip
_ALIASES = {"asin": "arcsin", "acos": "arccos", "atan": "arctan", "lg": "log", "comb": "binom"}
_GREEK = {
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu",
    "xi", "rho", "sigma", "tau", "phi", "chi", "psi", "omega", "Delta", "Omega", "Phi", "Psi", "Sigma", "Theta",
    "Lambda", "Pi", "ell", "hbar", "triangle", "angle", "prime", "star",
}  # fmt: skip
_CONSTANTS = {"pi": "pi", "infty": "infty", "inf": "infty", "infinity": "infty", "oo": "infty", "emptyset": ""}
_RELATIONS = {
    "=": "=", "==": "=", "<": "<", ">": ">", "<=": "<=", ">=": ">=", "!=": "!=", "=<": "<=", "=>": "implies",
    "\\le": "<=", "\\ge": ">=", "\\ne": "!=", "\\approx": "~", "\\equiv": "=", "\\in": "in", "\\implies": "implies",
    "->": "implies", "~": "~",
}  # fmt: skip
_STOP_WORDS = {
    "the", "is", "it", "so", "we", "of", "at", "to", "by", "an", "as", "are", "was", "he", "she", "on", "no", "my",
    "if", "be", "up", "us", "all", "any", "its", "yes", "cm", "km", "kg", "mm", "ft", "then",
}  # fmt: skip
_CALLED = set("fghFGH")  # letters that are functions when brackets follow

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<repeat>\d*\.\d*?(?:\\overline\s*\{\s*\d+\s*\}|\\(?:dot|bar|overline)\s*\{?\s*\d\s*\}?(?:\d*\\dot\s*\{?\s*\d\s*\}?)?
                 |\(\d+\)(?![\d.])|\d+\.\.\.))
    | (?P<number>GROUPED(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+|\d+\.(?!\d|\.))(?P<exponent>[eE][-+]?\d+(?![\d.]))?
    | (?P<text>\\text\s*\{(?P<words>[^{}]*)\})
    | (?P<row>\\\\(?:\[[^\]]*\])?)
    | (?P<environment>\\(?:begin|end)\s*\{\s*[a-zA-Z]+\*?\s*\})
    | (?P<command>\\[A-Za-z]+)
    | (?P<escape>\\.)
    | (?P<letters>[A-Za-z]+)
    | (?P<operator><=|>=|!=|==|=<|=>|->|\*\*|\.\.\.|//|.)
    )""".replace("GROUPED", r"[1-9]\d{0,2}(?:[, ]\d{3})+(?![\d,])"),
    re.VERBOSE | re.DOTALL,
)
_UNGROUPED = re.compile(_TOKEN.pattern.replace(r"[1-9]\d{0,2}(?:[, ]\d{3})+(?![\d,])", r"\d+"), _TOKEN.flags)


@dataclass(frozen=True, slots=True)
class Token:
    kind: str
    text: str
    glued: bool  # no white space before it
    value: Any = None


def tokenize(text: str, grouped: bool = True) -> list[Token]:
    """Tokens of a normalised text; `grouped` reads 1,234 and 1 234 as one number."""
    if len(text) > MAX_CHARS:
        raise ParseError(f"{len(text)} characters; at most {MAX_CHARS} are parsed")
    tokens: list[Token] = []
    pattern, position, text = _TOKEN if grouped else _UNGROUPED, 0, text.strip()
    while position < len(text):
        match = pattern.match(text, position)
        if match is None or len(tokens) >= MAX_TOKENS:
            raise ParseError("unreadable, or too many tokens")
        kind = match.lastgroup or ""
        start = match.start() if text[match.start()] != " " else match.start() + 1
        glued = start == position and match.start() == start
        position = match.end()
        word = match.group().strip()
        if match.group("repeat"):
            tokens.append(Token("number", word, glued, _repeating(word)))
        elif match.group("number"):
            tokens.append(Token("number", word, glued, decimal(match.group("number"), match.group("exponent"))))
        elif match.group("text") is not None:
            tokens.append(Token("text", match.group("words").strip(), glued))
        elif kind == "command":
            tokens.append(Token("command", word, glued))
        elif kind in ("row", "environment"):
            tokens.append(Token(kind, word, glued))
        elif word in ("$", "\\$"):
            continue  # a sign of currency inside: ($5, $10)
        elif kind == "escape":
            tokens.append(Token("op", word if word in ("\\{", "\\}", "\\|", "\\%") else word[-1], glued))
        else:
            tokens.append(Token("letters" if kind == "letters" else "op", word, glued))
    return tokens


def decimal(text: str, exponent: str | None = None) -> Fraction:
    """The exact value of a decimal numeral such as 1,234.50 or .5, times ten to the `exponent` ("e-7")."""
    whole, _, fraction = text.replace(",", "").replace(" ", "").partition(".")
    digits = whole + fraction
    power = int(exponent[1:]) if exponent and len(exponent) < 8 else 0
    if len(digits) + abs(power) > MAX_DIGITS or (exponent and len(exponent) >= 8):
        raise ParseError(f"a number of more than {MAX_DIGITS} digits")
    value = to_int(digits)
    shift = power - len(fraction)
    return Fraction(value * 10**shift) if shift >= 0 else Fraction(value, 10**-shift)


def to_int(digits: str) -> int:
    """int(digits) without the interpreter's limit on the length of numerals."""
    if len(digits) <= 4_000:
        return int(digits or "0")
    half = len(digits) // 2
    return to_int(digits[:-half]) * 10**half + to_int(digits[-half:])


def _repeating(text: str) -> Fraction:
    """0.1\\overline{6}, 0.1(6), 0.\\dot{1}42\\dot{7} or 0.1666... as a fraction."""
    whole, _, rest = text.partition(".")
    if rest.endswith("..."):
        digits = rest[:-3]
        for size in range(1, len(digits) // 2 + 1):
            block = digits[-size:]
            times = 0
            while digits.endswith(block * (times + 1)):
                times += 1
            if times >= (3 if size == 1 else 2) or (size == 1 and times == 2 and len(digits) <= 3):
                fixed, repeated = digits[: len(digits) - size * times], block
                break
        else:
            raise ParseError(f"{text} repeats no block of digits")
    else:
        fixed = re.match(r"\d*", rest).group()  # type: ignore[union-attr]
        repeated = "".join(re.findall(r"\d", rest[len(fixed) :]))
    if len(text) > 200:
        raise ParseError("a repeating decimal of more than 200 characters")
    scale, period = 10 ** len(fixed), 10 ** len(repeated) - 1
    return Fraction(int(whole or 0)) + Fraction(int(fixed or 0) * period + int(repeated), scale * period)


def parse(text: str, grouped: bool = True) -> Node:
    """The tree of a normalised text (`normalize.characters`, then `normalize.latex`). ParseError otherwise."""
    tokens = tokenize(text, grouped)
    if not tokens:
        raise ParseError("nothing to parse")
    parser = _Parser(tokens)
    try:
        node = parser.separated(0)
    except RecursionError:
        raise ParseError("nested too deeply") from None
    if parser.peek() is not None:
        raise ParseError(f"unexpected {parser.tokens[parser.at].text!r}")
    return node


class _Parser:
    """Recursive descent, one method a level of precedence, loosest first."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.bars = 0  # open |...|

    def peek(self, ahead: int = 0) -> Token | None:
        return self.tokens[self.at + ahead] if self.at + ahead < len(self.tokens) else None

    def sees(self, *texts: str, ahead: int = 0) -> bool:
        token = self.peek(ahead)
        return token is not None and token.text in texts and token.kind != "text"

    def take(self) -> Token:
        token = self.peek()
        if token is None:
            raise ParseError("the text ends in the middle of an expression")
        self.at += 1
        return token

    def expect(self, *texts: str) -> Token:
        if not self.sees(*texts):
            found = self.peek()
            raise ParseError(f"expected {texts[0]!r}, found {found.text if found else 'the end'!r}")
        return self.take()

    # answers, separated by commas, semicolons, "and", "or"

    def separator(self) -> str:
        """The separator here, consumed: "," binds closer than ";" and "or". Empty where there is none."""
        seen = ""
        while (token := self.peek()) is not None:
            word = token.text.strip().lower()
            if token.text in (",", ";") and token.kind == "op":
                level = token.text
            elif word in ("and", "or", "\\and", "\\or", "&", "und", "et") and token.kind != "op":
                level = "or" if word.strip("\\") == "or" else ","
            else:
                break
            self.at += 1
            seen = level if level != "," else seen or level
        return seen

    def separated(self, depth: int, first: Node | None = None) -> Node:
        """relation (separator relation)*: one node, or a list of them."""
        items = [first or self.relation(depth)]
        levels: list[str] = []
        while level := self.separator():
            if self.peek() is None or self.closes():
                break
            levels.append(level)
            items.append(self.relation(depth))
        if not levels:
            return items[0]
        if len(set(levels)) == 2:  # x = 1, y = 2 or x = 3, y = 4
            groups = [[items[0]]]
            for level, item in zip(levels, items[1:]):
                if level != ",":
                    groups.append([])
                groups[-1].append(item)
            if len(groups[0]) > 1 and all(len(group) == len(groups[0]) for group in groups):
                return Node("list", tuple(Node("list", tuple(group)) for group in groups))
        return Node("list", tuple(items), "or" if "or" in levels else None)

    def closes(self) -> bool:
        return self.sees(")", "]", "}", "\\}", "\\rangle", "\\rfloor", "\\rceil", "&") or (
            self.bars > 0 and self.sees("|", "\\|")
        )

    # relations and sets

    def relation(self, depth: int) -> Node:
        sides = [self.union(depth)]
        operators = []
        while (token := self.peek()) is not None and token.kind != "text":
            operator = _RELATIONS.get(token.text)
            if operator is None and token.text in ("\\notin", "\\not"):
                self.take()
                if token.text == "\\not":
                    self.expect("=", "\\in")
                operator = "!="
            elif operator is None:
                break
            else:
                self.take()
            if operator in ("<", ">") and self.sees("="):
                self.take()
                operator += "="
            operators.append(operator)
            sides.append(self.union(depth))
        if "implies" in operators:  # the conclusion is the answer
            last = len(operators) - operators[::-1].index("implies")
            sides, operators = sides[last:], operators[last:]
        return Node("rel", tuple(sides), tuple(operators)) if operators else sides[0]

    def union(self, depth: int) -> Node:
        node = self.ratio(depth)
        while (token := self.peek()) is not None:
            if token.text in ("\\cup", "\\cap", "\\setminus"):
                kind = {"\\cup": "union", "\\cap": "cap", "\\setminus": "setminus"}[token.text]
            elif self.is_union(node, token):
                kind = "union"
            else:
                break
            self.take()
            node = Node(kind, (node, self.ratio(depth)))
        return node

    def is_union(self, node: Node, token: Token) -> bool:
        """(1, 2) U (3, 4), (1, 2) union (3, 4)"""
        if token.text == "U":
            return node.kind in ("seq", "set", "union") and self.sees("(", "[", "{", "\\{", ahead=1)
        return token.text.lower() == "union" and token.kind in ("letters", "text")

    def ratio(self, depth: int) -> Node:
        parts = [self.sum(depth)]
        while self.sees(":") and self.peek(1) is not None:
            self.take()
            parts.append(self.sum(depth))
        return parts[0] if len(parts) == 1 else Node("ratio", tuple(parts))

    # arithmetic

    def sum(self, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise ParseError(f"nested more than {MAX_DEPTH} deep")
        terms = [self.product(depth)]
        while (token := self.peek()) is not None and token.kind in ("op", "command"):
            if token.text in ("+", "-"):
                self.take()
                term = self.product(depth)
                terms.append(Node("neg", (term,)) if token.text == "-" else term)
            elif token.text in ("\\pm", "\\mp"):
                self.take()
                left = terms[0] if len(terms) == 1 else Node("add", tuple(terms))
                terms = [Node("pm", (left, self.product(depth)), token.text)]
            else:
                break
        return terms[0] if len(terms) == 1 else Node("add", tuple(terms))

    def product(self, depth: int) -> Node:
        node = self.signed(depth)
        while (token := self.peek()) is not None:
            if token.kind in ("op", "command") and token.text in ("*", "\\times", "\\cdot"):
                self.take()
                node = Node("mul", (node, self.signed(depth)))
            elif token.text in ("/", "\\div", "//") and token.kind != "text":
                self.take()
                node = Node("div", (node, self.signed(depth)))
            elif self.times_letter(node):
                self.take()
                node = Node("mul", (node, self.signed(depth)))
            elif token.text in ("\\bmod", "\\mod") or (token.text == "mod" and token.kind == "letters"):
                self.take()
                node = Node("fn", (node, self.signed(depth)), "mod")
            elif token.text == "U" and node.kind in ("seq", "set"):
                break  # a union in plain text
            elif self.starts_factor():
                previous = self.tokens[self.at - 1]
                if token.kind == "number" and previous.kind == "number":
                    fraction = self.mixed(node, previous, token)
                    if fraction is None:
                        raise ParseError("two numbers side by side")
                    node = fraction
                    continue
                node = self.adjacent(node, self.power(depth))
            else:
                break
        return node

    def times_letter(self, node: Node) -> bool:
        """Whether the x here is a multiplication sign: 3 x 4, 3x10^8."""
        token, after = self.peek(), self.peek(1)
        if token is None or token.text not in ("x", "X") or after is None or after.kind != "number":
            return False
        return self.tokens[self.at - 1].kind == "number" and token.glued == after.glued

    def mixed(self, node: Node, whole: Token, numerator: Token) -> Node | None:
        """1 1/2: an integer, a space, a proper fraction of integers."""
        if not (self.sees("/", ahead=1) and (below := self.peek(2)) is not None and below.kind == "number"):
            return None
        if "." in whole.text + numerator.text + below.text or not 0 <= numerator.value < below.value:
            return None
        if node.kind != "num":
            return None
        self.at += 3
        part = numerator.value / below.value
        return number(node.value + part if node.value >= 0 else node.value - part)

    def adjacent(self, left: Node, right: Node) -> Node:
        """Two factors side by side: their product, or the mixed number 1\\frac{1}{2}."""
        if left.kind == "num" and left.value.denominator == 1 and right.kind == "div" and left.value:
            above, below = right.args
            from_frac = self.sees("}", ahead=-1) or self.tokens[self.at - 1].kind == "number"  # not 2(1/2)
            if from_frac and above.kind == below.kind == "num" and 0 <= above.value < below.value:
                part = above.value / below.value
                return number(left.value + part if left.value > 0 else left.value - part)
        return Node("mul", (left, right))

    def starts_factor(self) -> bool:
        token = self.peek()
        if token is None or token.kind in ("row", "text"):
            return False
        if token.kind == "environment":
            return token.text.startswith("\\begin")
        if token.kind == "letters":
            return token.text.lower() not in ("and", "or", "mod", "union", "und", "et", "if", "for", "where")
        if token.kind == "op":
            return token.text in ("(", "[", "{", "\\{") or (token.text in ("|", "\\|") and self.bars == 0)
        return token.kind == "number" or token.text not in (
            "\\cup", "\\cap", "\\setminus", "\\pm", "\\mp", "\\times", "\\cdot", "\\div", "\\and", "\\or", "\\bmod",
            "\\mod", "\\rangle", "\\rfloor", "\\rceil", "\\notin", "\\not", "\\pmod", *_RELATIONS,
        )  # fmt: skip

    def signed(self, depth: int) -> Node:
        signs = 0
        while self.sees("+", "-"):
            signs += self.take().text == "-"
        if self.sees("\\pm", "\\mp"):
            sign = self.take().text
            node = Node("pm", (ZERO, self.power(depth)), sign)
        else:
            node = self.power(depth)
        if signs % 2 == 0:
            return node
        return number(-node.value) if node.kind == "num" and node.value else Node("neg", (node,))

    def power(self, depth: int) -> Node:
        """postfix (^ exponent)?, right associative: the sign of -2^2 stays outside."""
        base = self.postfix(self.primary(depth + 1), depth)
        while self.sees("^", "**"):
            self.take()
            if self.sees("\\circ"):
                self.take()
                base = Node("degree", (base,))
                continue
            braced = self.sees("{")
            if braced and self.sees("\\circ", ahead=1) and self.sees("}", ahead=2):
                self.at += 3
                base = Node("degree", (base,))
                continue
            if self.sees("\\prime", "'"):
                raise ParseError("a derivative")
            if braced:
                exponent = self.group(depth)
            elif self.tokens[self.at - 1].text == "^" and self.short_exponent():
                exponent = self.script(depth)
            else:
                exponent = self.signed(depth + 1)
            base = self.postfix(Node("pow", (base, exponent)), depth)
        return base

    def short_exponent(self) -> bool:
        """x^2y is x²y, also in plain text; x^10 takes the whole numeral; x^-1 and 9^9^9 go on to the right."""
        token = self.peek()
        return token is not None and token.kind == "letters" and len(token.text) > 1 and token.text not in FUNCTIONS

    def script(self, depth: int) -> Node:
        """One letter of a run as exponent or subscript."""
        token = self.take()
        if token.kind == "letters" and len(token.text) > 1:
            self.at -= 1
            self.tokens[self.at] = Token("letters", token.text[1:], True)
            return symbol(token.text[0])
        self.at -= 1
        return self.primary(depth + 1)

    def postfix(self, node: Node, depth: int) -> Node:
        while (token := self.peek()) is not None and token.kind == "op":
            if token.text == "!":
                self.take()
                double = self.sees("!")
                self.at += double
                node = Node("fact", (node,), 2 if double else 1)
            elif token.text in ("%", "\\%"):
                self.take()
                node = Node("percent", (node,))
            elif token.text == "_" and node.kind == "num":
                self.take()
                node = _in_base(self.tokens[self.at - 2].text, self.raw_script())
            else:
                break
        return node

    def raw_script(self) -> str:
        """A subscript as text, without its braces."""
        if not self.sees("{"):
            return self.take().text
        self.take()
        parts = []
        while not self.sees("}"):
            parts.append(self.take().text)
            if len(parts) > 20:
                raise ParseError("a subscript of more than 20 tokens")
        self.take()
        return "".join(parts)

    def group(self, depth: int) -> Node:
        """{ ... }"""
        if not self.sees("{"):  # \frac12, \sqrt2: one digit or letter
            token = self.take()
            if token.kind == "number" and len(token.text) > 1 and token.text.isdigit():
                self.at -= 1
                self.tokens[self.at] = Token("number", token.text[1:], True, decimal(token.text[1:]))
                return number(int(token.text[0]))
            self.at -= 1
            return self.script(depth) if token.kind == "letters" else self.primary(depth + 1)
        self.take()
        bars, self.bars = self.bars, 0
        node = self.separated(depth + 1)
        self.expect("}")
        self.bars = bars
        return node

    def primary(self, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise ParseError(f"nested more than {MAX_DEPTH} deep")
        token = self.take()
        if token.kind == "number":
            return number(token.value)
        if token.kind == "letters":
            return self.letters(token, depth)
        if token.kind == "command":
            return self.command(token, depth)
        if token.kind == "environment":
            return self.environment(token.text, depth)
        if token.kind == "text":
            return self.words(token.text)
        if token.text in ("(", "["):
            return self.bracket(token.text, depth)
        if token.text == "{":
            return self.brace(depth, "}")
        if token.text == "\\{":
            return self.brace(depth, "\\}")
        if token.text in ("|", "\\|"):
            self.bars += 1
            inner = self.separated(depth + 1)
            self.expect("|", "\\|")
            self.bars -= 1
            return Node("fn", (inner,), "abs")
        raise ParseError(f"unexpected {token.text!r}")

    def words(self, text: str) -> Node:
        if re.fullmatch(r"[A-Za-z]", text):
            return symbol(text)
        if re.fullmatch(r"\(?[A-Za-z]\)?", text) or not text:
            return Node("text", (), text.strip("()"))
        return Node("text", (), " ".join(text.split()).lower())

    def bracket(self, opening: str, depth: int) -> Node:
        """(a), (a, b), [a, b), [[1, 2], [3, 4]]; also the ]a, b[ of some countries is not read."""
        bars, self.bars = self.bars, 0
        if self.sees(")", "]"):
            self.take()
            self.bars = bars
            return Node("seq", (), opening + self.tokens[self.at - 1].text)
        content = self.separated(depth + 1)
        closing = self.expect(")", "]").text
        self.bars = bars
        items = content.args if content.kind == "list" else (content,)
        if len(items) == 1 and content.kind != "list":
            if opening == "[" and closing == "]" and items[0].kind in ("seq",) and items[0].value == "[]":
                return _matrix([items[0].args])
            return content if opening + closing in ("()", "[]") else Node("seq", items, opening + closing)
        if opening + closing == "[]" and all(item.kind == "seq" and item.value == "[]" for item in items):
            return _matrix([item.args for item in items])
        return Node("seq", tuple(items), opening + closing)

    def brace(self, depth: int, closing: str) -> Node:
        bars, self.bars = self.bars, 0
        if self.sees(closing):
            self.take()
            self.bars = bars
            return Node("set", ())
        start = self.at
        name = self.take()
        if name.kind == "letters" and len(name.text) == 1:
            domain = None
            if self.sees("\\in"):
                self.take()
                domain = self.sum(depth + 1)
            if self.sees("|", ":", "\\|"):
                self.take()
                condition = self.separated(depth + 1)
                self.expect(closing)
                self.bars = bars
                return Node("builder", (condition,) if domain is None else (condition, domain), name.text)
        self.at = start
        content = self.separated(depth + 1)
        self.expect(closing)
        self.bars = bars
        items = content.args if content.kind == "list" else (content,)
        if closing == "}":  # a bare brace does not print: {1, 2} is a list, {x} is x
            return content
        return Node("set", items)

    def letters(self, token: Token, depth: int) -> Node:
        word = token.text
        if word in FUNCTIONS and (self.sees("(") or word not in ("C", "Re", "Im", "Gamma")):
            return self.function(word, depth)
        lowered = word.lower()
        if word in ("pi", "Pi", "PI"):
            return symbol("pi")
        if lowered in ("inf", "infinity", "oo"):
            return INFINITY
        if lowered in _GREEK and len(word) > 2:
            return self.named(word, depth)
        if len(word) == 1:
            return self.named(word, depth)
        for name in ("sqrt", "sin", "cos", "tan", "ln", "log", "pi"):  # xsin, 2sqrt, rpi
            if word.endswith(name) and len(word) - len(name) <= 2:
                self.at -= 1
                self.tokens[self.at : self.at + 1] = [
                    Token("letters", word[: -len(name)], token.glued),
                    Token("letters", name, True),
                ]
                self.at += 1
                return self.letters(self.tokens[self.at - 1], depth)
        after = self.peek()
        prose = after is not None and after.kind == "letters" and len(after.text) > 1 and after.text not in FUNCTIONS
        looks_like_word = len(word) > 4 or lowered in _STOP_WORDS or re.search("[aeiou]", lowered[1:-1])
        if token.value is None and (looks_like_word or (prose and not word.isupper())):
            raise ParseError(f"the word {word!r}")
        self.tokens.insert(self.at, Token("letters", word[1:], True, "run"))  # xy^2 is x times y^2
        return self.named(word[0], depth)

    def named(self, name: str, depth: int) -> Node:
        """A variable with its subscript and primes, or an unknown function applied to its arguments."""
        while (token := self.peek()) is not None and token.text in ("_", "'") and token.kind == "op":
            self.take()
            name += "'" if token.text == "'" else "_" + self.raw_script()
        alone = self.sees("(") and self.sees(")", ahead=2) and (inner := self.peek(1)) is not None
        if self.sees("(") and (
            name[0] in _CALLED or (alone and inner is not None and inner.kind == "letters" and name not in ("e", "i"))
        ):
            self.take()
            arguments = self.separated(depth + 1)
            self.expect(")")
            return Node("call", arguments.args if arguments.kind == "list" else (arguments,), name)
        return symbol(name)

    def command(self, token: Token, depth: int) -> Node:
        name = token.text[1:]
        if name == "frac":
            above, below = self.group(depth), self.group(depth)
            return Node("div", (above, below))
        if name == "sqrt":
            index = number(2)
            if self.sees("["):
                self.take()
                index = self.sum(depth + 1)
                self.expect("]")
            return Node("root", (index, self.group(depth) if not self.sees("(") else self.primary(depth + 1)))
        if name == "binom":
            return Node("fn", (self.group(depth), self.group(depth)), "binom")
        if name in ("boxed", "fbox"):
            return self.group(depth)
        if name in FUNCTIONS:
            return self.function(name, depth)
        if name == "pi":
            return symbol("pi")
        if name == "infty":
            return INFINITY
        if name == "emptyset":
            return Node("set", ())
        if name == "mathbb":
            return symbol("set " + self.raw_script())
        if name in ("sum", "prod"):
            return self.bounded_sum(name, depth)
        if name in ("lfloor", "lceil", "langle"):
            inner = self.separated(depth + 1)
            self.expect({"lfloor": "\\rfloor", "lceil": "\\rceil", "langle": "\\rangle"}[name])
            if name == "langle":
                return Node("seq", inner.args if inner.kind == "list" else (inner,), "()")
            return Node("fn", (inner,), "floor" if name == "lfloor" else "ceil")
        if name in ("overline", "vec", "overrightarrow", "hat", "widehat", "bar", "tilde", "dot", "overset"):
            return Node("call", (self.group(depth),), name)
        if name in _GREEK:
            return self.named(name, depth)
        raise ParseError(f"the command \\{name}")

    def function(self, name: str, depth: int) -> Node:
        """A known function, its powers and its arguments: \\sin^2 x, log_2 8, max(1, 2), \\cos 2x."""
        name = _ALIASES.get(name, name)
        base: Node | None = None
        exponent: Node | None = None
        for _ in range(2):
            if self.sees("_"):
                self.take()
                base = self.group(depth)
            if self.sees("^", "**"):
                self.take()
                exponent = self.group(depth) if not self.sees("-", "+") else self.signed(depth)
        if self.sees("(", "[") or (self.sees("{") and name in ("sqrt", "cbrt", "exp", "abs", "floor", "ceil", "log")):
            opening = self.take().text
            bars, self.bars = self.bars, 0
            inner = self.separated(depth + 1)
            self.expect({"(": ")", "[": "]", "{": "}"}[opening])
            self.bars = bars
            arguments = inner.args if inner.kind == "list" else (inner,)
        else:
            arguments = (self.argument(depth),)
        if exponent == number(-1) and name in ("sin", "cos", "tan", "sinh", "cosh", "tanh", "cot"):
            name, exponent = "arc" + name, None
        if name == "sqrt":
            node = Node("root", (number(2), *arguments[:1]))
        elif name == "cbrt":
            node = Node("root", (number(3), *arguments[:1]))
        elif name == "exp":
            node = Node("pow", (symbol("e"), arguments[0]))
        else:
            node = Node("fn", arguments if base is None else (*arguments, base), "binom" if name == "C" else name)
        return node if exponent is None else Node("pow", (node, exponent))

    def argument(self, depth: int) -> Node:
        """The factors a function without brackets takes: \\sin 2x \\cos y is sin(2x) times cos(y)."""
        node = self.signed(depth + 1)
        while self.starts_factor() and not self.sees("(", "[", "{", "|"):
            token = self.peek()
            assert token is not None
            if token.text.lstrip("\\") in FUNCTIONS:
                break
            node = Node("mul", (node, self.power(depth + 1)))
        return node

    def bounded_sum(self, name: str, depth: int) -> Node:
        self.expect("_")
        start = self.group(depth)
        self.expect("^")
        stop = self.group(depth)
        if start.kind != "rel" or start.value != ("=",) or start.args[0].kind != "sym":
            raise ParseError(f"a \\{name} without its variable")
        return Node("sum", (*start.args, stop, self.product(depth + 1)), name)

    def environment(self, text: str, depth: int) -> Node:
        """Matrices, and what array, aligned or cases put in rows."""
        name = re.sub(r"\W|begin", "", text, count=0)
        if name == "array":
            if self.sees("{"):
                self.raw_script()
        elif name not in ("cases", "matrix", "pmatrix", "bmatrix", "vmatrix", "Vmatrix", "Bmatrix", "smallmatrix"):
            raise ParseError(f"the environment {name}")
        rows: list[tuple[Node, ...]] = []
        row: list[Node] = []
        while True:
            token = self.peek()
            if token is None:
                raise ParseError("a matrix without its end")
            if token.kind in ("row", "environment") and not token.text.startswith("\\begin"):
                self.take()
                if row:
                    rows.append(tuple(row))
                row = []
                if token.kind == "environment":
                    break
            elif token.text in ("&", "\\hline", ","):
                self.take()
            else:
                row.append(self.relation(depth + 1))
        if name == "cases":
            return Node("list", tuple(entry for row in rows for entry in row))
        matrix = _matrix(rows)
        return Node("fn", (matrix,), "det") if name in ("vmatrix", "Vmatrix") else matrix


def _matrix(rows: list[tuple[Node, ...]]) -> Node:
    if not rows or any(len(row) != len(rows[0]) for row in rows):
        raise ParseError("the rows of a matrix differ in length")
    return Node("matrix", tuple(entry for row in rows for entry in row), len(rows[0]))


_BASE_NAMES = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "sixteen": 16, "hex": 16, "bin": 2, "oct": 8, "dec": 10,
}  # fmt: skip


def in_base(digits: str, base: int) -> Fraction:
    """The value of a numeral in base 2 to 36; ParseError for a digit the base does not have."""
    try:
        return Fraction(int(digits.replace(" ", ""), base))
    except ValueError:
        raise ParseError(f"{digits!r} is no numeral in base {base}") from None


def _in_base(digits: str, base: str) -> Node:
    base = base.strip("()").lower()
    if base not in _BASE_NAMES and not (base.isdigit() and len(base) <= 2 and 2 <= int(base) <= 36):
        raise ParseError(f"{base!r} is no base")
    return number(in_base(digits, _BASE_NAMES.get(base) or int(base)))


def walk(node: Node, visit: Callable[[Node], None]) -> None:
    """Call `visit` on every node of the tree, operands first."""
    for argument in node.args:
        walk(argument, visit)
    visit(node)


def symbols_of(node: Node) -> frozenset[str]:
    """Names of the variables in a tree (constants included)."""
    names: set[str] = set()
    walk(node, lambda n: names.add(n.value) if n.kind == "sym" else None)
    return frozenset(names)
