"""Grade samples from a JSONL file: one object a line in, the same object with its grade out."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter
from typing import Any, TextIO

from tqdm import tqdm

from verifiers.math import fallback
from verifiers.math.equal import Policy
from verifiers.math.grade import grade
from verifiers.math.steps import Verdict, check_steps


class InputError(ValueError):
    """An input that cannot be graded; the message names file, line and remedy."""


@dataclass(frozen=True)
class Summary:
    """Counts over all samples; a row with a list of predictions counts each."""

    rows: int
    samples: int
    correct: int
    without_answer: int
    refuted_steps: int
    seconds: float

    @property
    def accuracy(self) -> float:
        return self.correct / self.samples if self.samples else 0.0


def run(
    input_path: str | Path,
    output_path: str | Path | None = None,
    *,
    prediction: str = "prediction",
    reference: str = "reference",
    decimals: int | None = None,
    units: str = "lenient",
    percent: str = "either",
    steps: bool = False,
    progress: bool = True,
) -> Summary:
    """Grade every line of a JSONL file and write the graded lines (to standard output without `output_path`).

    `prediction` and `reference` name the fields: a completion or a list of completions, and the answer or a
    solution that marks it. Each line gains `extracted` and `correct` (lists for lists), and with `steps` the wrong
    calculations. The output appears when it is complete. InputError for a wrong path, an empty file, a bad line.
    """
    policy = Policy(decimals=decimals, units=units, percent=percent)  # type: ignore[arg-type]
    source = Path(input_path)
    if not source.is_file():
        raise InputError(f"{source}: no such file; give the path of a JSONL file of samples")
    if source.stat().st_size == 0:
        raise InputError(f"{source}: the file is empty; it needs one JSON object a line")
    fallback.warm_up()
    started = perf_counter()
    rows = samples = correct = missing = refuted = 0
    with ExitStack() as stack:
        lines = stack.enter_context(source.open(encoding="utf-8"))
        sink: TextIO = sys.stdout
        partial: Path | None = None
        if output_path is not None:
            target = Path(output_path)
            if not target.parent.is_dir():
                raise InputError(f"{target.parent}: no such folder for the output; make it first")
            partial = target.with_name(target.name + ".partial")
            sink = stack.enter_context(partial.open("w", encoding="utf-8"))
        bar = tqdm(_rows(lines, source), unit=" samples", file=sys.stderr, disable=not progress)
        for number, row in bar:
            wanted = _field(row, reference, source, number, "--reference")
            given = _field(row, prediction, source, number, "--prediction")
            texts = given if isinstance(given, list) else [given]
            if not all(isinstance(text, str) for text in texts):
                raise InputError(f"{source}:{number}: {prediction!r} is neither a text nor a list of texts")
            grades = [grade(text, str(wanted), policy=policy) for text in texts]
            graded: dict[str, list[Any]] = {
                "extracted": [g.answer for g in grades],
                "correct": [g.correct for g in grades],
            }
            if steps:
                checked = [check_steps(text) for text in texts]
                graded["wrong_steps"] = [
                    [step.text for step in found.steps if step.verdict is Verdict.WRONG] for found in checked
                ]
                refuted += sum(found.refuted for found in checked)
            row |= {name: values if isinstance(given, list) else values[0] for name, values in graded.items()}
            sink.write(json.dumps(row, ensure_ascii=False) + "\n")
            rows, samples = rows + 1, samples + len(texts)
            correct += sum(g.correct for g in grades)
            missing += sum(g.answer is None for g in grades)
            bar.set_postfix(correct=f"{correct}/{samples}", refresh=False)
    if partial is not None and output_path is not None:
        os.replace(partial, output_path)
    return Summary(rows, samples, correct, missing, refuted, perf_counter() - started)


def _rows(lines: TextIO, source: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    found = False
    try:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except (json.JSONDecodeError, RecursionError) as error:
                raise InputError(f"{source}:{number}: not JSON ({error}); write one object a line") from None
            if not isinstance(row, dict):
                raise InputError(f"{source}:{number}: a {type(row).__name__}, not an object; write {{...}}")
            found = True
            yield number, row
    except UnicodeDecodeError as error:
        raise InputError(f"{source}: not UTF-8 ({error.reason}); is it compressed? unpack it first") from None
    if not found:
        raise InputError(f"{source}: only blank lines; it needs one JSON object a line")


def _field(row: dict[str, Any], name: str, source: Path, number: int, option: str) -> Any:
    if name not in row or row[name] is None:
        has = ", ".join(sorted(row)) or "none"
        raise InputError(f"{source}:{number}: no field {name!r}; it has {has}. Name the right one with {option}")
    return row[name]


def main(argv: Sequence[str] | None = None) -> int:
    """`python -m verifiers.math samples.jsonl -o graded.jsonl`; 0, or 2 with a message on a bad input."""
    parser = argparse.ArgumentParser(prog="python -m verifiers.math", description=__doc__)
    parser.add_argument("input", help="JSONL file of samples")
    parser.add_argument("-o", "--output", help="graded JSONL file (default: standard output)")
    parser.add_argument("--prediction", default="prediction", help="field of the completion(s) (%(default)s)")
    parser.add_argument("--reference", default="reference", help="field of the answer or solution (%(default)s)")
    parser.add_argument("--decimals", type=int, help="compare constants rounded to so many decimals (default: exactly)")
    parser.add_argument("--units", default="lenient", choices=["lenient", "strict", "ignore"])
    parser.add_argument("--percent", default="either", choices=["either", "exact"])
    parser.add_argument("--steps", action="store_true", help="also check the calculations in the completions")
    parser.add_argument("--quiet", action="store_true", help="no progress bar")
    options = parser.parse_args(argv)
    try:
        summary = run(
            options.input,
            options.output,
            prediction=options.prediction,
            reference=options.reference,
            decimals=options.decimals,
            units=options.units,
            percent=options.percent,
            steps=options.steps,
            progress=not options.quiet,
        )
    except (ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(json.dumps({**asdict(summary), "accuracy": round(summary.accuracy, 6)}), file=sys.stderr)
    return 0
