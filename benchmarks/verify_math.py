"""Speed and verdicts of the math verifier, with Math-Verify beside it where that is installed.

    python -m benchmarks.verify_math [--public cases.json] [--seconds 5]

Speed is on answers that never repeat (both graders cache), on one core. Verdicts are on the case files of the tests
and, with `--public`, on a file of other people's cases: a JSON list of {"gold", "pred", "label"} where "precision"
may name the decimal places a label assumes; such labels are scored exactly and rounded.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import perf_counter

from verifiers.math import Policy, StepChecker, equivalent, warm_up

CASES = Path(__file__).parents[1] / "tests" / "verifiers" / "math" / "cases"
Grader = Callable[[str, str], bool]
Row = tuple[str, ...]

# Pairs of spellings; {a} to {d} are drawn anew for each case. About one in three is made wrong below.
MIXED = [
    (r"\frac{{{a}}}{{{b}}}", "{a}/{b}"),
    (r"{a}\sqrt{{{b}}}", r"\sqrt{{{b}}}\cdot {a}"),
    (r"x^2+{a}x+{b}", r"{b}+x(x+{a})"),
    (r"({a}, {b})", r"\left({a},{b}\right)"),
    (r"\{{{a}, {b}, {c}\}}", r"\{{{c}, {a}, {b}\}}"),
    (r"[{a}, {a}{b})", r"{a} \le x < {a}{b}"),
    (r"{a}x + {b}y = {c}", r"y = \frac{{{c}-{a}x}}{{{b}}}"),
    (r"\begin{{pmatrix}}{a}&{b}\\{c}&{d}\end{{pmatrix}}", r"\begin{{bmatrix}}{a} & {b} \\ {c} & {d}\end{{bmatrix}}"),
    (r"{a}\%", "{a} percent"),
    (r"{a}.{b}", "{a}.{b}0"),
    (r"\boxed{{{a}\pi}}", r"\frac{{{a}\pi}}{{1}}"),
    (r"The answer is ${a}{b}$.", "{a}{b}"),
    (r"x = {a}", "{a}"),
    (r"{a}+{b}i", "{b}i+{a}"),
    (r"\frac{{{a}}}{{\sqrt{{{b}}}}}", r"\frac{{{a}\sqrt{{{b}}}}}{{{b}}}"),
    (r"{a} \text{{ cm}}", "{a}"),
    (r"\sin^2 ({a}x) + {b}", r"{b} + 1 - \cos^2({a}x)"),
    (r"{a} \pm \sqrt{{{b}}}", r"{a}+\sqrt{{{b}}}, {a}-\sqrt{{{b}}}"),
    (r"\log_{{{a}}} {b}", r"\frac{{\ln {b}}}{{\ln {a}}}"),
    (r"(-\infty, {a}) \cup ({a}{b}, \infty)", r"({a}{b}, \infty) \cup (-\infty, {a})"),
]
SENTENCE = "She buys {a} packs of {b}, {a} * {b} = <<{a}*{b}={c}>>{c} pencils in all.\n"


def main(argv: Sequence[str] | None = None) -> int:
    """Print the tables; 0."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.verify_math", description=__doc__.split("\n")[0])
    parser.add_argument("--public", type=Path, help="JSON file of cases written elsewhere")
    parser.add_argument("--seconds", type=float, default=5.0, help="for each measurement of speed (%(default)s)")
    parser.add_argument("--peer-cases", action="store_true", help="the peer on our cases too: minutes, it gets stuck")
    options = parser.parse_args(argv)
    graders: dict[str, Grader] = {"verifiers.math": lambda prediction, gold: equivalent(prediction, gold)}
    peer = math_verify()
    if peer is not None:
        graders["Math-Verify"] = peer
    print(f"latex2sympy2_extended: {'in use' if warm_up() else 'not installed'}\n")
    print_table(["cases per second, one core", *graders], list(speed(graders, options.seconds)))
    print_table(["steps checked", "per second"], [step_speed(options.seconds)])
    if CASES.is_dir():
        judged = graders if options.peer_cases else {"verifiers.math": graders["verifiers.math"]}
        print_table(["own cases, right verdicts", "cases", *judged], list(verdicts(judged)))
    if options.public is not None:
        print_table(
            ["public cases", "cases", "right", "false positives", "right, rounded", "false positives, rounded"],
            list(public(graders, options.public)),
        )
    return 0


def math_verify() -> Grader | None:
    """Math-Verify as its own documentation calls it, None where it is not installed."""
    try:
        from math_verify import parse, verify
    except ImportError:
        return None

    def grade(prediction: str, gold: str) -> bool:
        delimited = [text if "$" in text or "\\boxed" in text else f"${text}$" for text in (gold, prediction)]
        return bool(verify(parse(delimited[0]), parse(delimited[1])))

    return grade


def speed(graders: dict[str, Grader], seconds: float) -> Iterator[Row]:
    for name, make in (("plain numbers", plain_pairs), ("mixed", mixed_pairs)):
        rates = []
        for grader in graders.values():
            pairs, graded, start = make(random.Random(0)), 0, perf_counter()
            while perf_counter() - start < seconds:
                for _ in range(20):
                    grader(*next(pairs))
                graded += 20
            rates.append(f"{graded / (perf_counter() - start):,.0f}")
        yield name, *rates


def plain_pairs(rng: random.Random) -> Iterator[tuple[str, str]]:
    while True:
        n = rng.randrange(-(10**7), 10**7)
        yield f"{n:,}", str(n + rng.randrange(2))


def mixed_pairs(rng: random.Random) -> Iterator[tuple[str, str]]:
    while True:
        left, right = rng.choice(MIXED)
        numbers = {name: rng.randrange(2, 10_000) for name in "abcd"}
        a = left.format(**numbers)
        numbers["a"] += rng.randrange(3) == 0
        yield a, right.format(**numbers)


def step_speed(seconds: float) -> Row:
    rng, steps, start = random.Random(0), 0, perf_counter()
    while perf_counter() - start < seconds:
        checker = StepChecker()
        for _ in range(5):
            a, b = rng.randrange(2, 99), rng.randrange(2, 99)
            for piece in SENTENCE.format(a=a, b=b, c=a * b).split(" "):
                checker.feed(piece + " ")
        steps += len(checker.steps)
    return "token by token", f"{steps / (perf_counter() - start):,.0f}"


def verdicts(graders: dict[str, Grader]) -> Iterator[Row]:
    total, sums = 0, [0] * len(graders)
    for path in sorted(CASES.glob("*.tsv")):
        if path.stem in ("extract", "steps"):
            continue
        lines = path.read_text(encoding="utf-8").splitlines()
        rows = [line.split("\t") for line in lines if not line.startswith("#")]
        right = [sum(safely(grade, a, b) == (v == "=") for v, a, b in rows) for grade in graders.values()]
        total, sums = total + len(rows), [s + r for s, r in zip(sums, right)]
        yield path.stem, str(len(rows)), *(f"{r / len(rows):.1%}" for r in right)
    yield "all", str(total), *(f"{s / total:.1%}" for s in sums)


def public(graders: dict[str, Grader], path: Path) -> Iterator[Row]:
    cases = json.loads(path.read_text(encoding="utf-8"))
    for name, grade in graders.items():
        got = [safely(grade, case["pred"], case["gold"]) for case in cases]
        if name == "verifiers.math":
            rounded = [
                equivalent(case["pred"], case["gold"], policy=Policy(decimals=case.get("precision") or 6))
                for case in cases
            ]
        else:
            rounded = got  # it always rounds to six places
        cells = []
        for answers in (got, rounded):
            right = sum(answer == bool(case["label"]) for answer, case in zip(answers, cases))
            cells += [f"{right / len(cases):.1%}", str(sum(a and not c["label"] for a, c in zip(answers, cases)))]
        yield name, str(len(cases)), *cells


def safely(grade: Grader, prediction: str, gold: str) -> bool:
    try:
        return grade(prediction, gold)
    except Exception:  # a peer that raises has not accepted
        return False


def print_table(head: list[str], rows: list[Row]) -> None:
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    for row in (head, ["-" * width for width in widths], *rows):
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |")
    print()


if __name__ == "__main__":
    sys.exit(main())
