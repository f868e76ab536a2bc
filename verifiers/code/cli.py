"""Grade samples from a file: `python -m verifiers.code samples.jsonl -o graded.jsonl`."""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, TextIO, TypeVar

from verifiers.code.clusters import pass_at_k
from verifiers.code.forms import completed, parse_tests
from verifiers.code.pool import Job, Pool, TestError
from verifiers.code.reward import extract_program
from verifiers.code.verdict import Isolation, IsolationError

T = TypeVar("T")


class InputError(ValueError):
    """A file cannot be graded; the text names it, the line and the remedy."""


def run(
    input_path: str | Path,
    output_path: str | Path | None = None,
    *,
    problems_path: str | Path | None = None,
    timeout: float = 3.0,
    memory: int = 512,
    isolation: Isolation | str = Isolation.RESTRICTED,
    workers: int | None = None,
    k: Sequence[int] = (1, 10, 100),
    progress: bool = True,
) -> dict[str, Any]:
    """Grade every sample of a JSONL file, write it with its report to `output_path`, return a summary.

    A line holds `program` (or `solution`, or `completion`, put after `prompt`), `tests` (or `test`,
    `test_list`), and, where needed, `entry_point`, `prompt`, `setup` and `task_id`. What depends on the task
    only may stand in `problems_path` instead, a JSONL file with `task_id`s.

    timeout: seconds a sample; memory: MiB; k: for pass@k, where every task has that many samples. A sample
    whose tests cannot be run has an `error` instead of a report and counts nowhere.
    Raises InputError for a file or line that cannot be graded, IsolationError below `isolation`.
    """
    problems = {str(row.get("task_id")): row for _, row in _rows(problems_path)} if problems_path else {}
    samples = list(_rows(input_path))
    jobs = [
        _job(input_path, n, {**problems.get(str(row.get("task_id")), {}), **row}, timeout, memory) for n, row in samples
    ]
    graded: dict[str, list[bool]] = defaultdict(list)
    verdicts: dict[str, int] = defaultdict(int)
    with Pool(workers, isolation=isolation) as pool, _output(output_path) as out:
        reports = _progress(pool.map(jobs, pool.try_run), len(jobs), progress)
        level = str(pool.level)
        for (n, row), report in zip(samples, reports):
            if isinstance(report, TestError):
                result: dict[str, Any] = {"passed": None, "error": str(report)}
                verdicts["test error"] += 1
            else:
                result = {"passed": report.passed, "report": report.to_json()}
                graded[str(row.get("task_id", n))].append(report.passed)
                verdicts[str(report.verdict)] += 1
            if out:
                out.write(json.dumps({**row, **result}) + "\n")
    return {
        "samples": len(samples),
        "tasks": len(graded),
        "passed": verdicts["pass"],
        "verdicts": {name: count for name, count in verdicts.items() if count},
        "pass@k": _pass_at(graded, k),
        "isolation": level,
    }


def _pass_at(graded: Mapping[str, Sequence[bool]], ks: Iterable[int]) -> dict[str, float]:
    """Means of the unbiased estimate, for each k that every task has samples for."""
    fewest = min(map(len, graded.values()), default=0)
    return {
        f"pass@{k}": sum(pass_at_k(len(g), sum(g), k) for g in graded.values()) / len(graded) for k in ks if k <= fewest
    }


def _rows(path: str | Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Numbered lines of a JSONL file."""
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        raise InputError(f"{path}: no such file; give the path of a JSONL file, one sample a line") from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read as UTF-8 text ({error})") from None
    found = False
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise InputError(f"{path}, line {number}: not valid JSON ({error}); each line is one JSON object") from None
        if not isinstance(row, dict):
            raise InputError(f"{path}, line {number}: a JSON object was expected, found {type(row).__name__}")
        found = True
        yield number, row
    if not found:
        raise InputError(f"{path}: the file is empty; it should hold one JSON object a line")


def _job(path: str | Path, number: int, row: Mapping[str, Any], timeout: float, memory: int) -> Job:
    where = f"{path}, line {number}"
    program = next(
        (row[name] for name in ("completion", "program", "solution") if isinstance(row.get(name), str)), None
    )
    if program is None:
        raise InputError(
            f"{where}: no program; expected text in 'program', 'solution' or 'completion', got {sorted(row)}"
        )
    prompt = row.get("prompt", "")
    program = prompt + program if "completion" in row else extract_program(program)
    tests = next((row[name] for name in ("tests", "test", "test_list") if row.get(name)), None)
    if tests is None:
        raise InputError(f"{where}: no tests; expected 'tests', 'test' or 'test_list', here or in the problems file")
    entry = row.get("entry_point")
    try:
        trusted = _if_code(prompt) if entry else ""
        parsed = parse_tests(tests, setup=row.get("setup", row.get("test_setup_code", "")))
        return Job(program, parsed, entry, trusted, timeout, None, memory)
    except (TypeError, ValueError, SyntaxError, AttributeError) as error:
        raise InputError(f"{where}: {error}") from None


def _if_code(prompt: str) -> str:
    """The prompt, or nothing if it is prose."""
    try:
        return completed(prompt)
    except ValueError:
        return ""


def _progress(reports: Iterable[T], total: int, wanted: bool) -> Iterable[T]:
    if not wanted:
        return reports
    try:
        from tqdm import tqdm
    except ImportError:  # this package stands alone
        return reports
    return tqdm(reports, total=total, unit="sample", file=sys.stderr)


def _output(path: str | Path | None) -> AbstractContextManager[TextIO | None]:
    if path is None:
        return nullcontext()
    try:
        return open(path, "w", encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror}); give a path in a folder that exists") from None


def main(argv: Sequence[str] | None = None) -> int:
    """The command line; 2 for input that cannot be graded, 3 where programs cannot be confined."""
    parser = argparse.ArgumentParser(prog="python -m verifiers.code", description=__doc__)
    parser.add_argument("input", help="JSONL file, one sample a line")
    parser.add_argument("-o", "--output", help="JSONL file for the samples with their reports")
    parser.add_argument("--problems", help="JSONL file with tests, prompts and entry points by task_id")
    parser.add_argument("--timeout", type=float, default=3.0, help="seconds a sample (default 3)")
    parser.add_argument("--memory", type=int, default=512, help="MiB a sample (default 512)")
    parser.add_argument("--isolation", choices=[str(i) for i in Isolation], default="restricted", help="least accepted")
    parser.add_argument("--workers", type=int, help="verifications at a time (default: processors + 1)")
    parser.add_argument("-k", type=int, nargs="+", default=[1, 10, 100], help="for pass@k")
    parser.add_argument("--quiet", action="store_true", help="no progress bar")
    args = parser.parse_args(argv)
    try:
        summary = run(
            args.input,
            args.output,
            problems_path=args.problems,
            timeout=args.timeout,
            memory=args.memory,
            isolation=args.isolation,
            workers=args.workers,
            k=args.k,
            progress=not args.quiet,
        )
    except (ValueError, IsolationError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 3 if isinstance(error, IsolationError) else 2
    print(json.dumps(summary, indent=2))
    return 0
