"""Units of measurement and currencies at the end (or the front) of an answer.

A unit is a vector of base dimensions and a factor: 5 km is 5000 m, and km is not m. Other words ("apples",
"ways") are counted things: they carry no dimension and are not compared.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

Dimensions = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """`factor` times the product of base dimensions to their powers; no dimensions for counted things."""

    dimensions: Dimensions = ()
    factor: Fraction = Fraction(1)


COUNTED = Unit()
PERCENT = Unit((("percent", 1),))
DEGREE = Unit((("angle", 1),))

_PREFIXES = {"k": 1000, "c": Fraction(1, 100), "m": Fraction(1, 1000), "d": Fraction(1, 10)}
_BASES: dict[str, tuple[str, int, Fraction | int | str]] = {}  # name -> dimension, power, factor


def _define(dimension: str, power: int, **names: Fraction | int | str) -> None:
    for joined, factor in names.items():
        for name in joined.split("_"):
            _BASES[name] = (dimension, power, Fraction(factor))


_define("length", 1, m_meter_meters_metre_metres=1, km_kilometer_kilometers_kilometre_kilometres_kms=1000,
        cm_centimeter_centimeters_centimetre_centimetres="0.01", dm_decimeter_decimeters="0.1",
        mm_millimeter_millimeters_millimetre_millimetres="0.001", nm_nanometer_nanometers="1e-9",
        inch_inches="0.0254", ft_foot_feet="0.3048", yd_yard_yards="0.9144", mi_mile_miles="1609.344")  # fmt: skip
_define("mass", 1, g_gram_grams_gm="1", kg_kilogram_kilograms_kgs=1000, mg_milligram_milligrams="0.001",
        t_ton_tons_tonne_tonnes=1_000_000, lb_lbs_pound_pounds="453.59237", oz_ounce_ounces="28.349523125")  # fmt: skip
_define("time", 1, s_sec_secs_second_seconds=1, ms_millisecond_milliseconds="0.001", min_mins_minute_minutes=60,
        h_hr_hrs_hour_hours=3600, day_days=86400, week_weeks=604800, month_months=2_629_746,
        year_years_yr_yrs=31_556_952)  # fmt: skip
_define("length", 3, L_l_liter_liters_litre_litres="0.001", mL_ml_milliliter_milliliters_millilitre="0.000001",
        gallon_gallons="0.003785411784", quart_quarts="0.000946352946", cup_cups="0.0002365882365")  # fmt: skip
_define("length", 2, acre_acres="4046.8564224", hectare_hectares_ha=10_000)
_define("angle", 1, degree_degrees_deg=1)
_define("percent", 1, percent_percentage_pct_percents=1)
_define("usd", 1, dollar_dollars_USD_usd_bucks=1, cent_cents="0.01")
for _currency, _names in {
    "eur": "euro euros EUR", "gbp": "GBP quid", "cny": "yuan RMB rmb CNY", "inr": "rupee rupees INR Rs",
    "rub": "rubles", "jpy": "yen JPY", "temperature c": "celsius", "temperature f": "fahrenheit",
    "energy": "J joule joules", "power": "W watt watts", "force": "N newton newtons", "frequency": "Hz hertz",
    "charge": "C", "mol": "mol moles",
}.items():  # fmt: skip
    _define(_currency, 1, **{"_".join(_names.split()): 1})

_SYMBOLS = {"$": "usd", "€": "eur", "£": "gbp", "¥": "cny", "₹": "inr"}
_SHORT = {"m", "g", "s", "h", "t", "L", "l", "J", "W", "N", "C"}  # also variables: units only when set apart
_COMPOSITE = {"mph": "miles per hour", "kmh": "km per hour", "kph": "km per hour", "mps": "m per s"}
_WORD = re.compile(r"[A-Za-z]+")
# A number (or what ends like one), then the unit: words, powers, slashes.
_TRAILING = re.compile(
    r"(?P<value>.*?[\d)}\]!.]|.*?\\pi|.*?\bpi|[^\s\\]{1,12})(?P<gap>\s*)"
    r"(?=[A-Za-z$€£¥₹]|\\text)(?P<unit>(?:\\text\s*\{[^{}]*\}|[A-Za-z.$€£¥₹/\s-]|\^\{?-?[123]\}?)+)",
    re.DOTALL,
)
_LEADING = re.compile(
    r"(?P<sign>-?)\s*(?P<unit>US\$|\\?\$|€|£|¥|₹|USD|EUR|Rs\.?)\s*(?=[-\d.(\\])(?P<value>.+)", re.DOTALL
)


def parse_unit(text: str) -> Unit | None:
    """The unit a text names ("cm^2", "square feet", "miles per hour"), COUNTED for other words.

    None for what can be no unit: a function, a conjunction, a lone variable.
    """
    text = re.sub(r"\\text\s*\{([^{}]*)\}", r" \1 ", text).replace("{", "").replace("}", "").strip()
    if not text:
        return None
    if text in _SYMBOLS or text.lstrip("\\") in _SYMBOLS:
        return Unit(((_SYMBOLS[text.lstrip("\\")], 1),))
    dimensions: dict[str, int] = {}
    factor = Fraction(1)
    sign, power, known, counted = 1, 1, False, False
    words = re.findall(r"[A-Za-z.]+|\^\s*-?\d|/|[$€£¥₹]", text)
    for index, word in enumerate(words):
        after = words[index + 1] if index + 1 < len(words) else ""
        if word in _COMPOSITE:
            inner = parse_unit(_COMPOSITE[word])
            assert inner is not None
            return inner
        lowered = word.lower().rstrip(".")
        if word in _SYMBOLS:
            dimension, base_power, base_factor = _SYMBOLS[word], 1, Fraction(1)
        elif word == "/" or lowered in ("per", "an", "a", "each"):
            sign = -1
            continue
        elif word.startswith("^"):
            continue
        elif lowered in ("square", "sq", "cubic", "cu"):
            power = 2 if lowered[0] == "s" else 3
            continue
        elif lowered in ("squared", "cubed"):
            continue
        else:
            entry = _BASES.get(word.rstrip(".")) or (_BASES.get(lowered) if len(lowered) > 1 else None)
            if entry is None:
                if lowered in _NEVER or (len(lowered) < 3 and lowered not in _SMALL_WORDS):
                    return None
                counted = True
                continue
            dimension, base_power, base_factor = entry[0], entry[1], Fraction(entry[2])
        known = True
        if after.startswith("^"):
            power = int(after[1:].strip())
        elif after.lower() in ("squared", "cubed"):
            power = 2 if after.lower() == "squared" else 3
        dimensions[dimension] = dimensions.get(dimension, 0) + sign * base_power * power
        factor *= base_factor ** (sign * power)
        power = 1
    if not known:
        return COUNTED if counted or "unit" in text else None
    return Unit(tuple(sorted((d, p) for d, p in dimensions.items() if p)), factor)


_NEVER = {
    "and", "or", "if", "is", "are", "not", "for", "where", "with", "sin", "cos", "tan", "log", "ln", "pi", "sqrt",
    "inf", "infinity", "mod", "base", "no", "plus", "minus", "times", "over", "to", "from", "than", "but",
    "then", "so", "when", "all", "oo", "union", "theta", "alpha", "beta", "am", "pm", "million", "billion",
    "thousand", "hundred", "dozen", "trillion", "remainder", "half", "wait", "e",
}  # fmt: skip
_SMALL_WORDS = {"of", "on", "by", "at", "in", "a", "an", "up"}


def split_unit(text: str) -> tuple[str, Unit, bool] | None:
    """(value, unit, certain) of an answer that ends or begins with a unit; None where there is none.

    `certain` is False where the letters may as well be variables: "5 m".
    """
    leading = _LEADING.fullmatch(text)
    if leading:
        unit = parse_unit(leading.group("unit").replace("US$", "$").lstrip("\\").rstrip("."))
        rest = split_unit(leading.group("value"))
        value = rest[0] if rest and not rest[1].dimensions else leading.group("value")
        if unit is not None:
            return leading.group("sign") + value, unit, True
    for mark in ("\\%", "%"):
        if text.endswith(mark):
            value = text[: -len(mark)].rstrip().removesuffix("\\").rstrip("$ ")
            return (value, PERCENT, True) if value else None
    if re.search(r"\^\s*\{?\s*\\circ\s*\}?$", text):
        if re.search(r"sin|cos|tan|cot|sec|csc", text):
            return None
        return re.sub(r"\s*\^\s*\{?\s*\\circ\s*\}?$", "", text), DEGREE, True
    trailing = _TRAILING.fullmatch(text) if len(text) < 300 else None
    if trailing is None:
        scaled = re.fullmatch(r"(.+?)\s*\^\s*\{?\s*\\circ\s*\}?\s*([CF]|\\text\s*\{\s*[CF]\s*\})", text)
        if scaled:
            return scaled.group(1), Unit(((f"temperature {'c' if 'C' in scaled.group(2) else 'f'}", 1),)), True
        return None
    value, unit_text = trailing.group("value").strip(), trailing.group("unit").strip()
    if not value or not unit_text:
        return None
    words = _WORD.findall(unit_text.replace("\\text", " "))
    one_letter = len(words) == 1 and len(words[0]) == 1
    if one_letter and not trailing.group("gap") and "\\text" not in unit_text:
        decimal = re.fullmatch(r"-?\d[\d,]*\.\d+", value)
        if not decimal or words[0] not in _SHORT:
            return None  # 5m is five times m
    unit = parse_unit(unit_text)
    if unit is None:
        return None
    certain = "\\text" in unit_text or not any(word in _SHORT for word in words)
    return value, unit, certain


def dimension_of(word: str) -> tuple[str, Fraction] | None:
    """(dimension, factor) of one unit word or sign of currency; None for other words."""
    if word in _SYMBOLS:
        return _SYMBOLS[word], Fraction(1)
    entry = _BASES.get(word) or (_BASES.get(word.lower()) if len(word) > 1 else None)
    return None if entry is None else (f"{entry[0]} {entry[1]}" if entry[1] != 1 else entry[0], Fraction(entry[2]))


_COMPOUND = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]+)\.?\s*(?:and)?\s*(\d+(?:\.\d+)?)\s*([a-z]+)\.?", re.IGNORECASE)


def compound_quantity(text: str) -> tuple[Fraction, Unit] | None:
    """5 feet 3 inches, in the base unit of their dimension; None for anything else."""
    match = _COMPOUND.fullmatch(text) if len(text) < 100 else None
    if match is None:
        return None
    one, two = parse_unit(match.group(2)), parse_unit(match.group(4))
    if one is None or two is None or not one.dimensions or one.dimensions != two.dimensions:
        return None
    return Fraction(match.group(1)) * one.factor + Fraction(match.group(3)) * two.factor, Unit(one.dimensions)
