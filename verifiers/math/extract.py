"""Find the final answer in free text.

What marks an answer, the last mark in the text winning: `\\boxed{}`, `#### 7`, "the answer is", "Answer:", a named
option, a correction after one of these ("wait, it is 8"). Only where there is none: a concluding sentence
("Therefore ... is 7."), then a text that is nothing but an answer. Otherwise None: no guess from stray numbers.
"""

from __future__ import annotations

import re
from collections import deque

from verifiers.math import normalize
from verifiers.math.expression import ParseError, parse
from verifiers.math.units import compound_quantity, split_unit

_MAX_TAIL = 20_000  # characters of the text's end that are searched
_MAX_ANSWER = 2_000
_MAX_MARKS = 20  # tried, from the last

_BOX = re.compile(r"\\(?:boxed|fbox|framebox)\s*(\{)?")
_HASHES = re.compile(r"####+[ \t]*([^\n]+)")
_IS = (
    r"(?:\s+(?:is|are|was|were|equals?|(?:would|should|must|will)\s+be|comes?\s+(?:out\s+)?to|becomes)\b"
    r"|'s\b|\s*[:=])"
)
_PHRASE = re.compile(
    r"(?:\b(?:final|correct|right|numerical|exact|required|best)\s+)?"
    r"\b(?:answers?|ans\.?|correct\s+(?:option|choice|result|value)|(?:right|best)\s+(?:option|choice)|final\s+(?:result|value))"
    r"(?:\*\*)?(?:\s+(?:to|of|for|in)\s+[^.:\n=]{1,60}?)?" + _IS + r"[\s:]*(?:\*\*)?",
    re.IGNORECASE,
)
_SOLUTION = re.compile(r"\b(?:solutions?|result)" + _IS + r"[\s:]*", re.IGNORECASE)
_BOUND = re.compile(
    r"\b(?:between|at\s+(?:least|most)|(?:more|less|greater|fewer)\s+than|up\s+to|over|under|above|below)\b"
)
_LINE_MARK = re.compile(
    r"^[ \t]*(?:\*\*|#+[ \t]*)?(?:A|Result|Solution|Option|Choice|R[ée]ponse|Antwort|Respuesta|Risposta|Ответ)(?:\*\*)?"
    r"[ \t]*[:：=](?:\*\*)?[ \t]*(?=\S)",
    re.MULTILINE,
)
_CJK_MARK = re.compile(
    r"(?:最终|最後の|最终的|正确)?(?:答案|答え|答)(?:应该|應該|就)?(?:是|为|為|は|等于|[:：])+[ \t]*"
)
_OPTION_IS = re.compile(
    r"\b(?:option|choice|answer)\s*\(?\**([A-J])\**\)?\s+(?:is|must\s+be|would\s+be)\s+(?:therefore\s+)?(?:the\s+)?"
    r"(?:correct|right|best|true|answer)",
    re.IGNORECASE,
)
_CHOOSE = re.compile(
    r"\bI(?:'ll| would| will)?\s+(?:choose|pick|select|go\s+with)\s+(?:option\s+|choice\s+|answer\s+)?"
    r"\(?([A-J])\)?(?=[\s.,;]|$)"
)
_CORRECTION = re.compile(
    r"\b(?:wait|actually|correction|oops|sorry|scratch\s+that|I\s+mean|hold\s+on|mistake|no)\b[^.\n]{0,80}?"
    r"(?:\b(?:it|that|this|answer|result|value)\s*(?:is|was|'s|should\s+be|must\s+be)|\b(?:make|should\s+be|must\s+be)(?:\s+(?:it|that))?|:|,)\s+"
    r"(?=[-$\\(\d*])",
    re.IGNORECASE,
)
_CONCLUSION = re.compile(
    r"(?:^|[.!?$)\]]\s+|\n\s*)(?:\*\*)?(?:So|Thus|Therefore|Hence|Consequently|In\s+conclusion|In\s+total|Altogether|Finally|Then)\b"
)
_CHATTER = re.compile(r"\s*(?:I hope (?:it|this) is correct\.?|<\|[^|\n]{1,40}\|>.*)\s*", re.DOTALL)
_NOT_X_BUT_Y = re.compile(
    r"\bnot\s+[^,;.\n]{1,40}?(?:[,;.]|\s)\s*(?:but|it\s+is|it's|it\s+should\s+be|rather|instead|that's|is)\s+(?:rather\s+)?(?P<value>[^\n]+)",
    re.IGNORECASE,
)
_Y_NOT_X = re.compile(
    r"\b(?:it|that|this)(?:\s+is|'s)\s+(?P<value>[-$\d\\][^,;\n]{0,60}),?\s+not\s+[-$\d\\]", re.IGNORECASE
)
_ENDS = re.compile(r"[.?。](?=\s|$|\*\*|[\"'”)])|(?<![0-9a-z)}])!(?=\s|$)|\n|;\s(?=[A-Za-z]{3})")
_ASIDE = re.compile(
    r"\s*(?:,\s*(?:not|and\s+not|rather|which|because|since|as|so|where|but|assuming|although)\b|\s(?:because|since|which|rather\s+than"
    r"|instead\s+of|as\s+(?:shown|required|desired|we)|so\s+the|so\s+that|when|assuming|therefore|thus|after|and\s+not|but|i\.e\.)\b"
    r"|\s\((?:since|because|not|as|rounded|approx|or|i\.e|about)|\sI\s+hope).*",
    re.IGNORECASE | re.DOTALL,
)
_SPAN = re.compile(r"\$\$(?s:.+?)\$\$|\$(?!\s*\$).+?(?<!\\)\$|\\\(.+?\\\)|\\\[(?s:.+?)\\\]")
_JOIN = re.compile(r"\s*(?:,|;|and|or|,\s*and|\s)\s*", re.IGNORECASE)
_NUMBER = re.compile(
    r"(?<![A-Za-z\d._^{])[-+]?(?:\\?\$|€|£|¥)?\s?-?(?:\d[\d,]*(?:\.\d+)?|\.\d+)(?:\s*/\s*\d+|\s\d+/\d+|\s*%)?"
)
_OPTION = re.compile(
    r"(?:\\text\s*\{\s*)?(?:(?:option|choice|answer)\s+)?\(?\**([A-J])\**(?:\)|\b)\s*\}?", re.IGNORECASE
)
_EMPTY_WORDS = re.compile(
    r"(?:in|correct|wrong|incorrect|not|below|above|as|the\s+(?:following|same|one)|clear|obvious|unknown|unclear|given|shown|what|that"
    r"|provided|now|still|simply|just|therefore|to|of|then|we|a|an|your|here|there|either|close|right|found|it|this|hard|easy|known)\b",
    re.IGNORECASE,
)
_WORDS = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{2,}")
_NOT_A_LIST_OF_WORDS = ("sqrt", "sin", "cos", "tan", "log", "ln", "pi", "and", "or", "inf", "infinity", "frac")


def extract_answer(text: str) -> str | None:
    """The final answer a text states, without delimiters; None where it states none.

    After the last `</think>` only; an unclosed `<think>` hides what follows. Several boxes joined by "and" or
    commas are one answer, "1, -2". Units, signs of currency and percent stay in the answer: `equivalent` reads them.
    """
    text = text.rpartition("</think>")[2].partition("<think>")[0][-_MAX_TAIL:]
    text = normalize.repair(text)
    for found in (_marked(text), _corrected(text), _concluded(text), _bare(text)):
        if found is not None:
            return found
    return None


def only_quantity(text: str) -> str | None:
    """The one formula of a phrase, or else its one number ("John has 24 apples"); None with none or several."""
    spans = [normalize.unwrap(m.group()) for m in _SPAN.finditer(text)]
    if not spans and "\n" in text.strip():
        return None
    spans = [span for span in spans if len(span) > 1 or span.isdigit()]
    if spans:
        return spans[0] if len(spans) == 1 else None
    if re.search(r"\\(?![$%])", text):
        return None  # a formula outside the grammar: its parts are not its value
    numbers = [m.group().strip() for m in _NUMBER.finditer(normalize.characters(text))]
    return numbers[0] if len(numbers) == 1 else None


def last_stated(text: str) -> str | None:
    """What a sentence says last: "the number is 10, which is 1,000.99"."""
    clause = re.split(r"\b(?:is|are|equals?)\s+(?=[-$\\\d])|(?<![<>!])=(?!=)", text.strip())
    return _value(clause[-1], numeric=True) if len(clause) > 1 else None


def _marked(text: str) -> str | None:
    """The answer at the last mark that really carries one."""
    certain = [(match.start(), match.group(1)) for match in _HASHES.finditer(text)]
    certain += [(m.start(), m.group(1).upper()) for p in (_OPTION_IS, _CHOOSE) for m in p.finditer(text)]
    if box := _boxes(text):
        certain.append(box)
    listed = re.search(r"^[ \t]*B[:：]", text, re.MULTILINE)  # A: ... B: ... are options
    patterns = (_PHRASE, _CJK_MARK, _SOLUTION) if listed else (_PHRASE, _CJK_MARK, _SOLUTION, _LINE_MARK)
    phrases = [match for pattern in patterns for match in pattern.finditer(text)]
    first = min([position for position, _ in certain] + [match.start() for match in phrases], default=None)
    if first is None:
        return None
    corrections = list(_CORRECTION.finditer(text, first))
    position, found = max(certain, default=(-1, None))
    for match in sorted(phrases + corrections, key=re.Match.start, reverse=True)[:_MAX_MARKS]:
        if match.start() < position:
            break
        numeric = match.start() > first or match.re is _SOLUTION
        value = _value(text[match.end() : match.end() + _MAX_ANSWER], numeric=numeric)
        if value is not None:
            found = value
            break
    return None if found is None else _cleaned(found)


def _boxes(text: str) -> tuple[int, str] | None:
    """Position and content of the last box, or of the last run of boxes that "and" or commas join."""
    boxes: list[tuple[int, int, str]] = []
    closing = normalize.braces(text)
    for match in _BOX.finditer(text):
        if boxes and match.start() < boxes[-1][1]:
            continue  # a box in a box
        if match.group(1):
            end = closing.get(match.end() - 1)
            if end is not None:
                boxes.append((match.start(), end + 1, text[match.end() : end]))
        elif word := re.match(r"-?\w+(?:\.\d+)?", text[match.end() :]):
            boxes.append((match.start(), match.end() + word.end(), word.group()))
    if not boxes:
        return None
    run = [boxes[-1]]
    for box in reversed(boxes[:-1]):
        between = text[box[1] : run[0][0]]
        if not _joins(between):
            break
        run.insert(0, box)
    inner = [re.sub(r"^\s*\\(?:boxed|fbox)\s*\{(.*)\}\s*$", r"\1", content, flags=re.DOTALL) for _, _, content in run]
    contents = list(dict.fromkeys(content.strip() for content in inner))
    return run[-1][0], ", ".join(contents)


def _joins(between: str) -> bool:
    """Whether the text between two boxes makes them parts of one answer."""
    if len(between) > 80 or "\n\n" in between:
        return False
    plain = re.sub(r"\\(?:quad|qquad|,|;|text|mathrm|\(|\)|\[|\])|[${}&\\]", " ", between).lower()
    if re.search(r"[.!?:]\s|\b(?:no|not|wait|but|actually|so|thus|instead|then|therefore|hence)\b", plain):
        return False
    return bool(re.search(r",|\band\b|\bor\b", plain)) or not plain.strip()


def _corrected(text: str) -> str | None:
    """not 7, it is 8; it is 8, not 7"""
    if "not" not in text.lower():
        return None
    if reverse := _Y_NOT_X.search(text):
        return _value(reverse.group("value"), numeric=True)
    last = deque(_NOT_X_BUT_Y.finditer(text), maxlen=1)
    return _value(last[0].group("value"), numeric=True) if last else None


def _concluded(text: str) -> str | None:
    """The value a last sentence that concludes ends with: "Therefore, the area is 12 cm^2."."""
    tail = _CHATTER.sub("", text[-1_500:]).rstrip()
    starts = [match.end() for match in _CONCLUSION.finditer(tail)]
    sentence = tail[starts[-1] :] if starts else ""
    if "\n" in sentence or not re.search(r"\b(?:is|are|equals?|be|by)\b|=", sentence):
        return None
    clause = re.split(r"\b(?:is|are|equals?|be)\b|(?<![<>!])=(?!=)", sentence)[-1]
    value = _value(clause, numeric=True)
    if value is not None and _reads(value):
        return value
    return only_quantity(sentence)


def _bare(text: str) -> str | None:
    """A text that is nothing but an answer."""
    text = text.strip()
    if not text or len(text) > 500 or (text.count("\n") > 2 and "\\" not in text):
        return None
    value = normalize.unwrap(text)
    if re.fullmatch(r"\(?[A-J]\)?\.?|yes|no|true|false", value, re.IGNORECASE):
        return value.strip("().")
    option = re.fullmatch(r"\(?([A-J])[).:]\s.*", value)
    if option:
        return value
    if normalize.cjk_number(value) is not None:
        return value
    first = _WORDS.match(value)
    if not re.search(r"\d|\\|[=<>∞π]", value) or _is_prose(value):
        return None
    if first and first.group().lower() not in _NOT_A_LIST_OF_WORDS:
        return None
    return value if _reads(value) else None


def _reads(value: str) -> bool:
    """Whether a value is inside the grammar, with or without a unit."""
    text = normalize.latex(normalize.characters(value))
    if compound_quantity(text) is not None:
        return True
    for candidate in (text, (split_unit(text) or ("",))[0]):
        try:
            if candidate:
                parse(candidate)
                return True
        except ParseError:
            continue
    return False


def _is_prose(value: str) -> bool:
    plain = re.sub(r"\\text\s*\{[^{}]*\}|\\[A-Za-z]+", " ", value)
    return len([w for w in _WORDS.findall(plain) if w.lower() not in _NOT_A_LIST_OF_WORDS]) > 4


def _value(rest: str, *, numeric: bool = False) -> str | None:
    """The answer at the start of what follows a mark; `numeric` refuses plain words."""
    rest = rest[:_MAX_ANSWER].lstrip(" \t:*_\"'“")
    if rest.startswith('\\"'):
        rest = rest[2:]
    if rest.startswith("\n"):
        rest = rest.lstrip("\n *_")
    if rest.startswith("\\boxed") or not rest:
        return None  # the box is a mark of its own
    spans = _leading_spans(rest)
    if spans is not None:
        return spans
    end = _ENDS.search(rest)
    clause = (rest[: end.start()] if end else rest).strip()
    negated = _NOT_X_BUT_Y.match(clause)
    if negated:
        return _value(negated.group("value"), numeric=numeric)
    clause = _ASIDE.sub("", clause).strip(" *_\"'`,:")
    option = re.fullmatch(_OPTION.pattern + r"(?P<more>[.:]?\s.*)?", clause, re.IGNORECASE)
    if option and (not option.group("more") or ")" in option.group()[:10] or option.group("more")[0] in ".:"):
        letter = option.group(1).upper() if option.group() != option.group(1) else option.group(1)
        return f"({letter}) {option.group('more')[1:].strip()}" if option.group("more") else letter
    statement = re.match(r".*\b(?:is|are|equals?|be)\s+(?=\S)", clause)
    if statement and _WORDS.search(statement.group()):
        return _value(clause[statement.end() :], numeric=numeric)
    empty = _EMPTY_WORDS.match(clause) and not re.match(r"a\s*[=<>+*/^-]", clause)
    if not clause or empty:
        return _quantity_in(clause) if re.search(r"\d", clause) and not clause.lower().startswith("not") else None
    if _reads(clause) and not _is_prose(clause) and re.search(r"\d|\\|[=<>]|^\(?[A-Za-z]\b", clause):
        return clause
    if _BOUND.search(clause):
        return clause if len(clause.split()) <= 6 else None
    if re.search(r"\d|\\", clause):
        return _quantity_in(clause) or (clause if not _is_prose(clause) else None)
    return None if numeric or len(clause.split()) > 5 else clause


def _leading_spans(rest: str) -> str | None:
    """$12$ and $13$: formulas at the start, joined, with what follows the last up to the end of the sentence."""
    position, spans = 0, []
    while match := _SPAN.match(rest, position):
        inner = normalize.unwrap(match.group())
        if (
            match.group().startswith("$")
            and len(re.findall(r"(?<![\\A-Za-z{])[A-Za-z]{3,}", re.sub(r"\\text\s*\{[^}]*\}", "", inner))) > 0
        ):
            break  # $20 and Bob has $30: signs of currency
        spans.append(inner)
        position = match.end()
        join = _JOIN.match(rest, position)
        if not join or not _SPAN.match(rest, join.end()):
            break
        position = join.end()
    if not spans:
        return None
    answer = ", ".join(spans)
    unit = re.match(r"\s*(%|\\%|°|(?:percent|pct)\b|[A-Za-z][A-Za-z/^ ]*(?:\d)?)", rest[position:])
    if unit and len(spans) == 1 and re.search(r"\d", answer):
        words = _ASIDE.sub("", unit.group(1)).strip()
        if words and len(words.split()) <= 3 and split_unit(f"{answer} {words}") is not None:
            return f"{answer} {words}"
    return answer


def _quantity_in(clause: str) -> str | None:
    """The quantity a clause of words states: at its start, or the only one in it."""
    plain = normalize.characters(clause)
    match = re.match(
        r"(?:about|approximately|roughly|exactly|only|around|just|therefore|thus|simply|the)?\s*", plain, re.IGNORECASE
    )
    start = match.end() if match else 0
    number = _NUMBER.match(plain, start)
    if number:
        unit = re.match(r"\s*[A-Za-z%]+(?:\s*(?:/|per)\s*[A-Za-z]+)?(?:\^\d)?", plain[number.end() :])
        if unit and split_unit(plain[start : number.end() + unit.end()]) is not None:
            return plain[start : number.end() + unit.end()].strip()
        return number.group().strip()
    return only_quantity(clause)


def _cleaned(answer: str) -> str | None:
    answer = normalize.unwrap(answer[:_MAX_ANSWER] if len(answer) < _MAX_TAIL else answer)
    aside = _NOT_X_BUT_Y.match(answer)
    if aside:
        answer = normalize.unwrap(aside.group("value"))
    return answer or None
