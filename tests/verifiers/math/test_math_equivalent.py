"""Properties of `equivalent` against arithmetic done elsewhere."""

from fractions import Fraction

import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from verifiers.math import Policy, equivalent

fractions = st.fractions(min_value=-(10**6), max_value=10**6, max_denominator=10**4)
polynomials = st.lists(st.integers(-9, 9), min_size=1, max_size=5)


def as_latex(value: Fraction) -> str:
    sign = "-" if value < 0 else ""
    return f"{sign}\\frac{{{abs(value.numerator)}}}{{{value.denominator}}}"


@given(fractions, fractions)
def test_fractions_agree_with_python(x: Fraction, y: Fraction) -> None:
    assert equivalent(str(x), as_latex(y)) == (x == y)
    assert equivalent(str(x), as_latex(x))
    assert equivalent(f"{x} + {abs(y)}", str(x + abs(y)))


@given(st.integers(-(10**40), 10**40), st.integers(0, 30))
def test_decimals_of_any_length(digits: int, shift: int) -> None:
    text = f"{Fraction(digits, 10**shift)}"
    assert equivalent(f"{digits}e-{shift}", text)
    assert equivalent(f"{digits:,}", str(digits))
    assert not equivalent(f"{digits + 1}e-{shift}", text)


@given(st.integers(1, 60), st.integers(1, 60), st.integers(1, 60))
def test_surds(a: int, b: int, c: int) -> None:
    assert equivalent(f"\\sqrt{{{a * a * b}}}", f"{a}\\sqrt{{{b}}}")
    assert equivalent(f"\\frac{{{a}}}{{\\sqrt{{{b}}}}}", f"\\frac{{{a}\\sqrt{{{b}}}}}{{{b}}}")
    equal = sympy.sqrt(a) + sympy.sqrt(b) == sympy.sqrt(c)
    assert equivalent(f"\\sqrt{{{a}}}+\\sqrt{{{b}}}", f"\\sqrt{{{c}}}") == equal


@settings(max_examples=60)
@given(polynomials, polynomials, polynomials)
def test_products_of_polynomials(p: list[int], q: list[int], r: list[int]) -> None:
    x = sympy.Symbol("x")
    left, right, other = (sympy.Add(*(c * x**i for i, c in enumerate(cs))) for cs in (p, q, r))
    product = sympy.expand(left * right)
    assert equivalent(f"({left})*({right})", str(product))
    assert equivalent(sympy.latex(left * right), sympy.latex(product))
    assert equivalent(str(product), str(other)) == (sympy.expand(product - other) == 0)


@given(st.lists(st.integers(-50, 50), min_size=2, max_size=6, unique=True), st.randoms(use_true_random=False))
def test_lists_have_no_order_and_tuples_do(items: list[int], random: object) -> None:
    shuffled = items.copy()
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, two = ", ".join(map(str, items)), ", ".join(map(str, shuffled))
    assert equivalent(one, two)
    assert equivalent(f"\\{{{one}\\}}", f"\\{{{two}\\}}")
    assert equivalent(f"({one})", f"({two})") == (items == shuffled)
    assert not equivalent(one, f"{two}, 51")


@given(st.integers(-20, 20), st.integers(1, 20), st.sampled_from("[("), st.sampled_from("])"))
def test_intervals_and_inequalities(low: int, width: int, left: str, right: str) -> None:
    high = low + width
    below, above = ("\\le" if left == "[" else "<"), ("\\le" if right == "]" else "<")
    interval = f"{left}{low}, {high}{right}"
    assert equivalent(f"{low} {below} x {above} {high}", interval)
    assert not equivalent(f"{low} {below} x {above} {high + 1}", interval)
    flipped = "<" if left == "[" else "\\le"
    assert not equivalent(f"{low} {flipped} x {above} {high}", interval)


@given(st.text(max_size=40))
def test_any_text_is_itself_and_never_raises(text: str) -> None:
    assert equivalent(text, text)
    assert equivalent(text, "3") == equivalent("3", text)


@given(st.text(alphabet="0123456789.,+-*/^()[]{}\\|<>=$%! xyfracsqtpi\n", max_size=40))
def test_symmetric_on_formula_like_noise(text: str) -> None:
    assume(text != "x+1")
    assert equivalent(text, "x+1") == equivalent("x+1", text)


def test_exact_by_default_and_rounded_on_request() -> None:
    assert not equivalent("0.3333", "1/3")
    assert equivalent("0.3333", "1/3", policy=Policy(decimals=4))
    assert not equivalent("0.3333", "1/3", policy=Policy(decimals=5))
    assert equivalent("4.123105625617661", "\\sqrt{17}", policy=Policy(decimals=6))
    assert equivalent("(0.6, 2.667]", "(3/5, 8/3]", policy=Policy(decimals=3))
    assert not equivalent("x+0.333", "x+1/3", policy=Policy(decimals=2))


def test_unit_and_percent_policies() -> None:
    assert equivalent("5 km", "5")
    assert not equivalent("5 km", "5", policy=Policy(units="strict"))
    assert equivalent("5 km", "5 km", policy=Policy(units="strict"))
    assert equivalent("5 km", "5 m", policy=Policy(units="ignore"))
    assert equivalent("50%", "50")
    assert not equivalent("50%", "50", policy=Policy(percent="exact"))
    assert equivalent("50%", "1/2", policy=Policy(percent="exact"))


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({"decimals": -1}, "decimals"),
        ({"units": "some"}, "units"),
        ({"percent": 1}, "percent"),
        ({"seconds": 9}, "seconds"),
    ],
)
def test_bad_policies_are_named(settings: dict, name: str) -> None:
    with pytest.raises(ValueError, match=name):
        Policy(**settings)


def test_only_strings_are_compared() -> None:
    with pytest.raises(TypeError, match="int and str"):
        equivalent(5, "5")  # type: ignore[arg-type]
