"""One spelling for what writers spell in many ways: characters, LaTeX decoration, wrappers.

Everything here is a linear pass over the text; nothing is interpreted.
"""

from __future__ import annotations

import re
import unicodedata

# Superscripts, fractions, operators and signs, as the LaTeX (or ASCII) that means the same.
_CHARACTERS = {
    "−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-", "‒": "-", "﹣": "-", "－": "-", "⁻": "-",
    "×": r"\times ", "✕": r"\times ", "✖": r"\times ", "⋅": r"\cdot ", "·": r"\cdot ", "∙": r"\cdot ",
    "÷": r"\div ", "∕": "/", "⁄": "/", "±": r"\pm ", "∓": r"\mp ", "√": r"\sqrt ", "∛": r"\sqrt[3]",
    "≤": r"\le ", "≥": r"\ge ", "⩽": r"\le ", "⩾": r"\ge ", "≦": r"\le ", "≧": r"\ge ", "≠": r"\ne ",
    "≈": r"\approx ", "≃": r"\approx ", "≅": r"\approx ", "∈": r"\in ", "∉": r"\notin ",
    "∪": r"\cup ", "∩": r"\cap ", "∖": r"\setminus ", "∅": r"\emptyset ", "∞": r"\infty ",
    "ℝ": r"\mathbb{R}", "ℤ": r"\mathbb{Z}", "ℚ": r"\mathbb{Q}", "ℕ": r"\mathbb{N}", "ℂ": r"\mathbb{C}",
    "π": r"\pi ", "α": r"\alpha ", "β": r"\beta ", "γ": r"\gamma ", "δ": r"\delta ", "ε": r"\epsilon ",
    "θ": r"\theta ", "λ": r"\lambda ", "μ": r"\mu ", "ρ": r"\rho ", "σ": r"\sigma ", "τ": r"\tau ",
    "φ": r"\phi ", "ϕ": r"\phi ", "ω": r"\omega ", "Δ": r"\Delta ", "Ω": r"\Omega ",
    "°": r"^\circ ", "º": r"^\circ ", "′": "'", "’": "'", "‘": "'", "“": '"', "”": '"',
    "⌊": r"\lfloor ", "⌋": r"\rfloor ", "⌈": r"\lceil ", "⌉": r"\rceil ", "⟨": r"\langle ", "⟩": r"\rangle ",
    "…": "...", "∣": "|", "，": ", ", "。": ". ", "．": ".", "：": ":", "；": "; ", "（": "(", "）": ")",
    "【": "[", "】": "]", "｛": "{", "｝": "}", "％": "%", "＝": "=", "＋": "+", "＊": "*", "／": "/",
    "＄": "$", "￥": "¥", "、": ", ", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u3000": " ",
    "\u200b": "", "\u2060": "", "\ufeff": "", "\u2061": "", "\u2062": "",
}  # fmt: skip
_TABLE = str.maketrans(_CHARACTERS)
_SUPERSCRIPTS = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ]+")
_SUBSCRIPTS = re.compile("[₀₁₂₃₄₅₆₇₈₉]+")
_FROM_SCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ₀₁₂₃₄₅₆₇₈₉", "0123456789+-n0123456789")
_ROOT_SIGN = re.compile(r"([√∛])\s*(\d+(?:\.\d+)?)")
_VULGAR = re.compile("[½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅐⅛⅜⅝⅞⅑⅒]")
_CJK_NUMERAL = re.compile("[〇零一二两兩三四五六七八九十百千万萬亿億]+(?:点[〇零一二三四五六七八九]+)?")
_CJK_DIGITS = {c: i for i, pair in enumerate(["〇零", "一", "二两兩", "三", *"四五六七八九"]) for c in pair}
_CJK_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}


def characters(text: str) -> str:
    """ASCII digits, one minus sign, LaTeX names for mathematical characters."""
    if text.isascii():
        return text
    text = _SUPERSCRIPTS.sub(lambda m: "^{" + m.group().translate(_FROM_SCRIPTS) + "}", text)
    text = _SUBSCRIPTS.sub(lambda m: "_{" + m.group().translate(_FROM_SCRIPTS) + "}", text)
    text = _VULGAR.sub(lambda m: " " + unicodedata.normalize("NFKC", m.group()), text)
    text = _ROOT_SIGN.sub(lambda m: _CHARACTERS[m.group(1)].strip() + "{" + m.group(2) + "}", text)
    text = re.sub("([0-9])\u0305", r"\\overline{\1}", text)
    text = text.translate(_TABLE)
    return text if text.isascii() else "".join(map(_ascii_digit, text))


def cjk_number(text: str) -> str | None:
    """The decimal spelling of a text that is one Chinese or Japanese numeral ("二十三" is "23")."""
    if len(text) > 40 or not _CJK_NUMERAL.fullmatch(text):
        return None
    whole, _, fraction = text.partition("点")
    if all(c in _CJK_DIGITS for c in whole):  # positional: 二〇二四
        value = int("".join(str(_CJK_DIGITS[c]) for c in whole))
    else:
        value = section = digit = 0
        for c in whole:
            if c in _CJK_DIGITS:
                digit = _CJK_DIGITS[c]
            elif _CJK_UNITS[c] < 10**4:
                section += (digit or 1) * _CJK_UNITS[c]
                digit = 0
            else:
                value = (value + section + digit) * _CJK_UNITS[c]
                section = digit = 0
        value += section + digit
    decimals = "".join(str(_CJK_DIGITS[c]) for c in fraction)
    return f"{value}.{decimals}" if decimals else str(value)


def _ascii_digit(c: str) -> str:
    if ord(c) < 128:
        return c
    digit = unicodedata.decimal(c, None)
    if digit is not None:
        return str(digit)
    return unicodedata.normalize("NFKC", c) if "\uff01" <= c <= "\uff5e" else c


_SPACING = re.compile(
    r"(?<!\\)\\(?:(?:enspace|thinspace|hfill|displaystyle|textstyle|limits|nolimits|left|right"
    r"|[bB]ig{1,2}[lrm]?|middle|allowbreak|noindent)(?![A-Za-z])|q?quad|[,;:>\s])|~"
)
_EMPTY_DELIMITER = re.compile(r"\\(?:left|right)\s*\.")
_NEGATIVE_SPACE = re.compile(r"\\!\s*")
_GROUPING = re.compile(r"(?<=\d)\s*\{\s*,\s*\}\s*(?=\d)")
_FONTS = re.compile(r"\\(?:mathrm|mathbf|mathit|mathsf|mathcal|boldsymbol|bm|operatorname\*?|rm|bf|it"
                    r"|textstyle|emph|underline|mathop|mathord|displaylines)(?![A-Za-z])\s*")  # fmt: skip
_UPRIGHT_WORD = re.compile(r"\\(?:mathrm|mathbf|mathit|mathsf|rm)\s*\{\s*([A-Za-z]{2,})\s*\}")
_TEXT = r"(?:text|textbf|textit|textrm|textsf|texttt|textnormal|mbox|hbox)"
_SYNONYMS = {
    "dfrac": "frac", "tfrac": "frac", "cfrac": "frac", "ast": "times", "cdotp": "cdot", "bullet": "cdot",
    "leq": "le", "leqslant": "le", "leqq": "le", "geq": "ge", "geqslant": "ge", "geqq": "ge", "neq": "ne",
    "lt": "<", "gt": ">", "land": "and", "lor": "or", "wedge": "and", "vee": "or", "colon": ":",
    "dbinom": "binom", "tbinom": "binom", "varnothing": "emptyset", "backslash": "setminus",
    "lbrace": "{", "rbrace": "}", "lbrack": "[", "rbrack": "]", "vert": "|", "lvert": "|", "rvert": "|",
    "mid": "|", "degree": "^\\circ", "dots": "...", "ldots": "...", "cdots": "...", "simeq": "approx",
    "thickapprox": "approx", "Rightarrow": "implies", "Longrightarrow": "implies", "varphi": "phi",
    "varepsilon": "epsilon", "vartheta": "theta", "bigcup": "cup", "bigcap": "cap", "smallsetminus": "setminus",
    "mathbbm": "mathbb", "Bbb": "mathbb", "tg": "tan", "ctg": "cot", "arctg": "arctan", "sh": "sinh",
    "ch": "cosh", "iff": "implies", "to": "implies", "rightarrow": "implies", "sim": "approx", "rbrac": "}",
    "tan": "tan", "ge": "ge", "le": "le", "ne": "ne", "euro": "€", "pounds": "£", "textdollar": "$",
}  # fmt: skip
_LITERAL = {"<", ">", ":", "...", "€", "£", "$", "|", "[", "]", "^\\circ"}
_COMMAND = re.compile(r"\\([A-Za-z]+)")
# A doubled backslash before a command is an escape too many, unless it ends a matrix row.
_DOUBLED = re.compile(
    r"(?<!\\)\\\\(?=(?:[dtc]?frac|sqrt|text(?:bf|it|rm|normal)?|mbox|boxed|fbox|left|right|pi|le|ge|leq|geq|ne"
    r"|neq|cup|cap|infty|in|pm|mp|times|cdot|div|circ|begin|end|quad|mathrm|mathbf|mathbb|sin|cos|tan|log|ln"
    r"|overline|binom|theta|alpha|beta|approx|angle|degree)(?![A-Za-z]))"
)
_SPACES = re.compile(r"\s+")
_NUMBERS_ON_LINES = re.compile(r"(?<=\d)\s*\n\s*(?=\d)")
_GLUED_WORDS = re.compile(r"(?<=[\d)}])(or|and)(?=[A-Za-z(\\{-])")


def repair(text: str) -> str:
    """Undo what careless escaping did: form feeds and backspaces for \\f and \\b, doubled backslashes."""
    if "\x0c" in text or "\x08" in text:
        text = text.replace("\x0crac", r"\frac").replace("\x08oxed", r"\boxed")
        text = text.replace("\x08inom", r"\binom").replace("\x08egin", r"\begin")
    return _DOUBLED.sub(lambda _: "\\", text) if "\\\\" in text else text


def latex(text: str) -> str:
    """LaTeX without spacing, sizing and fonts, and with one name for each command."""
    if "\\" in text or "~" in text:
        text = re.sub(r"\\+$", "", text)
        text = _EMPTY_DELIMITER.sub(" ", text)
        text = _NEGATIVE_SPACE.sub("", text)
        text = _SPACING.sub(" ", text)
        text = _UPRIGHT_WORD.sub(r"\\text{\1}", text)
        text = _FONTS.sub(" ", text)
        text = _COMMAND.sub(_synonym, text)
    if "{" in text:
        text = _GROUPING.sub(",", text)
    if "\n" in text:
        text = _NUMBERS_ON_LINES.sub(", ", text)
    text = _GLUED_WORDS.sub(r" \1 ", text)
    return _SPACES.sub(" ", text).strip()


def _synonym(match: re.Match[str]) -> str:
    name = match.group(1)
    if re.fullmatch(_TEXT, name):
        return r"\text"
    same = _SYNONYMS.get(name, name)
    if same in ("{", "}"):
        return "\\" + same
    return same + " " if same in _LITERAL else "\\" + same


_WRAPPERS = [("$$", "$$"), ("$", "$"), ("\\(", "\\)"), ("\\[", "\\]"), ("**", "**"), ("`", "`"), ('"', '"')]
_COMMANDS_AROUND = ("\\boxed", "\\fbox", "\\text", "\\mathrm", "\\mathbf", "\\textbf", "\\mbox", "\\displaystyle")


def unwrap(text: str) -> str:
    """The answer inside math delimiters, emphasis, quotes, \\boxed and \\text; final punctuation dropped."""
    for _ in range(12 if len(text) < 10_000 else 0):
        before, text = text, text.strip()
        while text and text[-1] in ".,;:!" and not text.endswith(("...", "\\,", "\\;", "\\:", "\\!")):
            if text[-1] == "!" and re.search(r"[0-9a-z)}!]!$", text):
                break  # a factorial
            text = text[:-1].rstrip()
        for left, right in _WRAPPERS:
            inner = text[len(left) : -len(right)]
            if len(text) > len(left) + len(right) and text.startswith(left) and text.endswith(right):
                if left[0] in '$*`"' and left[0] in inner.replace("\\$", ""):
                    continue
                if (left, right) == ("\\[", "\\]") and "\\]" in inner:
                    continue
                text = inner
                break
        for command in _COMMANDS_AROUND:
            if text.startswith(command):
                rest = text[len(command) :].lstrip()
                if rest.startswith("{") and closing_brace(rest, 0) == len(rest) - 1:
                    text = rest[1:-1]
        if text == before:
            break
    return text


def closing_brace(text: str, start: int) -> int:
    """Index of the brace that closes the one at `start`; -1 when it never closes."""
    return braces(text[start:]).get(0, -1 - start) + start


def braces(text: str) -> dict[int, int]:
    """Index of the closing brace for every brace that closes, in one pass."""
    pairs, opened = {}, []
    for match in _BRACE.finditer(text):
        if match.group() == "{":
            opened.append(match.start())
        elif match.group() == "}" and opened:
            pairs[opened.pop()] = match.start()
    return pairs


_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
