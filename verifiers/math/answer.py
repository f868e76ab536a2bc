"""What an answer may mean: the ways to read one text as mathematics.

Most answers have one reading. "1,234" may be a number or a list, "5 m" a length or a product: two answers are
equivalent when one reading of each agrees.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from verifiers.math import normalize
from verifiers.math.expression import MAX_CHARS, Node, ParseError, in_base, number, parse, symbol
from verifiers.math.extract import extract_answer, last_stated, only_quantity
from verifiers.math.units import COUNTED, Unit, compound_quantity, split_unit


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read an answer: its tree, and its unit where one is written."""

    node: Node
    unit: Unit | None = None


_MARKED = re.compile(r"\\boxed|\\fbox|####|</?think>|\banswer\b|答", re.IGNORECASE)
_SPANS = re.compile(r"(?:\$[^$]+\$\s*(?:,?\s*(?:and|or)\b|,|;|%|\\%)?\s*)+(?:[A-Za-z]+\s*)?")
_CHOICE = re.compile(
    r"(?:option |choice |answer )?\(?\s*([A-Ja-j])\s*\)\.?(?:\s*(?P<more>\S.*))?|(?:option |choice )([A-Ja-j])",
    re.DOTALL | re.IGNORECASE,
)
_CHOICE_DOT = re.compile(r"([A-J])[.:]\s+(?P<more>\S.*)", re.DOTALL)
_ONLY_LETTERS = re.compile(r"[A-Za-z][A-Za-z\s'\"-]*")
_SCALES = {"hundred": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12}
_SCALE = re.compile(
    r"(?<=[\d)}])\s*(?:\\text\s*\{\s*)?(hundred|thousand|million|billion|trillion)\b\s*\}?", re.IGNORECASE
)
_IN_BASE = re.compile(r"([0-9A-Za-z]+)\s*\(?\s*(?:\\text\s*\{\s*)?(?:in )?base[ -](\d+|[a-z]+)\s*\}?\)?", re.IGNORECASE)
_ALNUM_BASE = re.compile(r"(?:\\text\s*\{)?([0-9A-F]*[A-F][0-9A-F]*)\}?\s*_\s*\{?\s*\(?(\d\d)\)?\s*\}?")
_MODULUS = re.compile(r"(.+?)\s*\(?\\p?mod\s*\{?\s*(\d+)\s*\}?\)?")
_DECIMAL_COMMA = re.compile(r"-?(?:0,\d+|\d+,(?:\d{2}|\d{4,}))")
_GROUPED_EUROPEAN = re.compile(r"-?\d{1,3}(?:\.\d{3})+,\d+")
_MAX_TEXT = 20_000
_ORDINAL = re.compile(r"(-?\d+)(?:\^\{?)?(?:\\text\s*\{\s*)?(?:st|nd|rd|th)\}*")
_TIME = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d))?\s*(?:\\text\s*\{\s*)?(am|pm|a\.m\.|p\.m\.)?\s*\}?", re.IGNORECASE)
_PRODUCT_OF_LETTERS = re.compile(r"[a-z]{2,3}|[A-Z]{2,3}")
_SHORT_WORDS = {"no", "on", "of", "hi", "fed", "if", "or", "to", "so", "up", "us", "my", "by", "he"}
_EMPTY = {"no solution", "no solutions", "no real solution", "no real solutions", "empty set", "the empty set",
          "none", "null set", "there is no solution", "there are no solutions", "no such values"}  # fmt: skip
_REALS = {"all real numbers", "all reals", "real numbers", "the real numbers", "all real x", "any real number"}
_UNDEFINED = {"undefined": "undefined", "does not exist": "undefined", "dne": "undefined", "not defined": "undefined"}
_NUMBER_WORDS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20,
}  # fmt: skip
_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip


def readings(text: str) -> tuple[Reading, ...]:
    """The readings of an answer, likeliest first; empty where it reads as nothing but words."""
    return _readings(text) if len(text) <= 1_000 else _readings.__wrapped__(text)


@lru_cache(maxsize=8192)
def _readings(text: str) -> tuple[Reading, ...]:
    answer = _final(text)
    if len(answer) > MAX_CHARS:
        return ()
    plain = normalize.unwrap(normalize.latex(normalize.characters(answer)))
    if plain.startswith("$") and _SPANS.fullmatch(plain):
        plain = plain.replace("$", " ").strip()
    if not plain:
        return ()
    return _words(plain, answer) or tuple(_formulas(plain)) or _from_prose(answer, plain)


def plain_words(text: str) -> str:
    """What is compared where nothing can be read: the text without delimiters, case, articles and spacing."""
    answer = _final(text)
    if len(answer) > MAX_CHARS:
        return " ".join(answer.split())
    answer = normalize.unwrap(normalize.latex(normalize.characters(answer)))
    answer = re.sub(r"\\text\s*\{([^{}]*)\}", r"\1", answer)
    if re.fullmatch(r"[A-Za-z ,.'-]{2,}", answer):
        answer = re.sub(r"^(?:the|an|a)\s+", "", answer.lower())
    return " ".join(answer.split())


def _final(text: str) -> str:
    """The answer inside a longer text, the text itself where it is one already."""
    if len(text) > _MAX_TEXT:
        return extract_answer(text) or text
    text = normalize.repair(text)
    if _MARKED.search(text):
        found = extract_answer(text)
        if found is not None:
            return found
    opened = re.fullmatch(r"\s*\$?\s*\\boxed\s*\{(.*)", text, re.DOTALL)
    if opened and normalize.closing_brace(text, text.index("{")) < 0:
        return opened.group(1)
    return text


def _words(plain: str, answer: str) -> tuple[Reading, ...]:
    """Options, numerals in words, and phrases with a mathematical meaning."""
    letters = re.sub(r"\\text\s*\{([^{}]*)\}", r"\1", plain).strip()
    choice = _CHOICE.fullmatch(letters) or _CHOICE_DOT.fullmatch(letters)
    if choice and (choice.group(1) or (choice.re is _CHOICE and choice.group(3))):
        letter = (choice.group(1) or choice.group(3)).upper()
        more = choice.group("more")
        content = readings(more) if more else ()
        return (Reading(Node("choice", (), letter)), *content)
    numeral = normalize.cjk_number(letters)
    if numeral is not None:
        return (Reading(parse(numeral)),)
    lowered = " ".join(letters.lower().replace("-", " ").split())
    if lowered in _EMPTY:
        return (Reading(Node("set", ())),)
    if lowered in _REALS:
        return (Reading(symbol("set R")),)
    if lowered in _UNDEFINED:
        return (Reading(Node("text", (), "undefined")),)
    if lowered in _NUMBER_WORDS:
        return (Reading(number(_NUMBER_WORDS[lowered])), Reading(Node("text", (), lowered)))
    tens, _, ones = lowered.partition(" ")
    if tens in _TENS and (not ones or 0 < _NUMBER_WORDS.get(ones, 0) < 10):
        return (Reading(number(_TENS[tens] + _NUMBER_WORDS.get(ones, 0))),)
    if not _ONLY_LETTERS.fullmatch(letters) or len(letters) == 1:
        return ()
    run = letters.replace(" ", "")
    if lowered in ("pi", "e", "i", "inf", "infinity", "oo"):
        return ()
    if _PRODUCT_OF_LETTERS.fullmatch(letters) and letters.lower() not in _SHORT_WORDS and _neighbours(run):
        return ()
    return (Reading(Node("text", (), plain_words(plain))),)


def _neighbours(run: str) -> bool:
    """xy, abc, mn: letters that name variables, rather than a word."""
    return all(abs(ord(a) - ord(b)) <= 2 for a, b in pairwise(run))


def _formulas(plain: str) -> list[Reading]:
    found: list[Reading] = []

    def add(text: str, unit: Unit | None = None, grouped: bool = True) -> bool:
        try:
            reading = Reading(parse(text, grouped), unit)
        except ParseError:
            return False
        if reading not in found:
            found.append(reading)
        return True

    based = _IN_BASE.fullmatch(plain) or _ALNUM_BASE.fullmatch(plain)
    if based:
        base = based.group(2)
        try:
            if base.isdigit() and 2 <= int(base) <= 36:
                return [Reading(number(in_base(based.group(1), int(base))))]
            if not base.isdigit():
                return [Reading(parse(f"{based.group(1)}_{{{base}}}"))]
        except ParseError:
            return []
    time = _TIME.fullmatch(plain)
    if time and int(time.group(2)) < 60:
        hour = int(time.group(1)) % 12 + 12 * (time.group(4)[0] in "pP") if time.group(4) else int(time.group(1))
        found.append(Reading(Node("time", (), (hour, time.group(2), time.group(3) or "00"))))
        if time.group(4):
            return found
    modulus = _MODULUS.fullmatch(plain)
    if modulus:
        add(modulus.group(1), Unit(((f"modulo {modulus.group(2)}", 1),)))
        return found
    compound = compound_quantity(plain)
    if compound is not None:
        return [Reading(number(compound[0]), compound[1])]
    if _DECIMAL_COMMA.fullmatch(plain):
        add(plain.replace(",", "."))
    if _GROUPED_EUROPEAN.fullmatch(plain):
        add(plain.replace(".", "").replace(",", "."))
    ordinal = _ORDINAL.fullmatch(plain)
    if ordinal:
        return [Reading(number(int(ordinal.group(1))))]
    scaled = _SCALE.sub(lambda m: rf" \cdot 10^{{{_SCALES[m.group(1).lower()]}}} ", plain)
    split = split_unit(scaled)
    if split is not None:
        value, unit, certain = split
        value = _one_unit(value, scaled)
        pointed = value.replace(",", ".") if _DECIMAL_COMMA.fullmatch(value) else value
        if not certain:
            add(scaled)
        if add(pointed, unit) and certain and unit != COUNTED:
            return found
        if found and re.search(r"\d,\d{3}", value):
            add(value, unit, grouped=False)
        if found and certain:
            return found
    add(scaled)
    if re.search(r"\d,\s?\d{3}", scaled):
        add(scaled, None, grouped=False)
    return found


def _one_unit(value: str, whole: str) -> str:
    """5 cm, 6 cm: the unit at the end, taken off the other items too."""
    unit = whole[len(value) :].strip() if whole.startswith(value) else ""
    if unit in ("\\%", "%", "^\\circ", "^{\\circ}") or (len(unit) > 1 and not unit.startswith("^")):
        return re.sub(r"\s*" + re.escape(unit) + r"(?=\s*(?:,|;|\)|\]|\\}|\\text|and\b|or\b|\\pm|$))", "", value)
    return value


def _from_prose(answer: str, plain: str) -> tuple[Reading, ...]:
    """A sentence around the answer."""
    if not re.search(r"[A-Za-z]{2}", plain):
        return ()
    for inner in (extract_answer(answer), only_quantity(answer), last_stated(answer)):
        if inner is not None and len(inner) < len(answer):
            found = readings(inner)
            if found:
                return found
    return ()
