"""The folder of a run: manifest, lines, lock, and the table of what is in it. Its format: docs/bench.md."""

from __future__ import annotations

import contextlib
import json
import os
import re
import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FORMAT, VERSION = "qstar-bench", 1
MANIFEST, LINES, TOTALS, LOCK, TREES = "manifest.json", "problems.jsonl", "totals.json", "lock", "trees"


class BenchMismatch(ValueError):
    """The run in a folder was begun with other settings."""


class BenchLocked(RuntimeError):
    """Another process works in the folder."""


def multiple(budget: str) -> float:
    """64.0 of "64x"."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)x", budget.strip(), re.IGNORECASE)
    if match is None or not float(match[1]) > 0:
        raise ValueError(f"a budget of a bench is a multiple of a greedy completion, like 16x, not {budget!r}")
    return float(match[1])


def read_manifest(folder: str | os.PathLike[str]) -> dict[str, Any]:
    """Raises FileNotFoundError, or ValueError for a folder that holds no run of this version."""
    path = Path(folder) / MANIFEST
    if not path.is_file():
        raise FileNotFoundError(f"{folder} is no run of qstar bench: there is no {MANIFEST} in it")
    try:
        manifest = json.loads(path.read_text())
    except ValueError as error:
        raise ValueError(f"{path} is damaged ({error}): begin another run") from None
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise ValueError(f"{path} is no manifest of qstar bench")
    if manifest.get("version") != VERSION:
        raise ValueError(f"{path}: version {manifest.get('version')}, this qstar reads {VERSION}")
    return manifest


def read_lines(folder: str | os.PathLike[str], mend: bool = False) -> list[dict[str, Any]]:
    """The lines of a run; one torn by a crash is left out, and with `mend` cut off the file."""
    path = Path(folder) / LINES
    if not path.is_file():
        return []
    raw = path.read_bytes()
    whole = raw[: raw.rfind(b"\n") + 1]
    if mend and len(whole) < len(raw):
        with path.open("r+b") as file:
            file.truncate(len(whole))
    lines = []
    for number, text in enumerate(whole.splitlines(), 1):
        try:
            lines.append(json.loads(text))
        except ValueError as error:
            raise ValueError(f"{path}, line {number} is damaged ({error}): remove it, and resume the run") from None
    return lines


def compare(was: Mapping[str, Any], now: Mapping[str, Any], folder: Path) -> None:
    """Raises BenchMismatch naming what differs. The facts of the machine may: they do not change what is solved."""
    for name, value in now.items():
        before = was.get(name)
        if name == "task":
            before = {key: x for key, x in (before or {}).items() if key != "baselines"}
        if before == value:
            continue
        if isinstance(value, dict) and isinstance(before, dict):
            name = next(f"{name} {key}" for key in value | before if value.get(key) != before.get(key))
            before, value = (side.get(name.partition(" ")[2]) for side in (before, value))
        raise BenchMismatch(
            f"the run in {folder} was begun with {name} {_short(before)}, not {_short(value)}: "
            "resume it as it was, or name another folder"
        )


def _short(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 300 else text[:300] + "..."


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keeps other processes out of the folder; the system lets go when this one ends, however it does."""
    import fcntl

    with (folder / LOCK).open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            raise BenchLocked(
                f"another run works in {folder} (process {holder}): wait for it, or name another folder"
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


@dataclass(frozen=True)
class Row:
    """Means over the problems of a point; seeds are averaged within a problem."""

    search: str
    select: str
    budget: str
    problems: int
    accuracy: float
    found: float
    tokens: float
    seconds: float
    errors: int


def table(folder: str | os.PathLike[str]) -> list[Row]:
    """A row for every search, selector and budget of a run, as far as it has come."""
    manifest = read_manifest(folder)
    points: dict[tuple[str, str, str], dict[str, list[dict[str, Any]]]] = {}
    for line in read_lines(folder):
        for point in line["points"]:
            key = line["search"], point["select"], point["budget"]
            points.setdefault(key, {}).setdefault(line["id"], []).append({**point, "error": line["error"]})
    labels = [search["label"] for search in manifest["searches"]]

    def order(key: tuple[str, str, str]) -> tuple[int, int, float]:
        return labels.index(key[0]), manifest["selects"].index(key[1]), multiple(key[2])

    def mean(by_problem: Mapping[str, list[dict[str, Any]]], name: str) -> float:
        return statistics.fmean(statistics.fmean(p[name] for p in seeds) for seeds in by_problem.values())

    rows = []
    for key in sorted(points, key=order):
        found, *means = (mean(points[key], name) for name in ("found", "graded", "tokens", "seconds"))
        errors = sum(p["error"] is not None for seeds in points[key].values() for p in seeds)
        rows.append(Row(*key, len(points[key]), means[0], found, means[1], means[2], errors))
    return rows


def printed(rows: Sequence[Row]) -> str:
    """The table as text."""
    head = ["search", "select", "budget", "problems", "accuracy", "pass@budget", "tokens", "seconds", "errors"]
    cells = [
        [
            *(r.search, r.select, r.budget, str(r.problems), f"{r.accuracy:.1%}", f"{r.found:.1%}"),
            *(f"{r.tokens:.0f}", f"{r.seconds:.3f}", str(r.errors)),
        ]
        for r in rows
    ]
    widths = [max(map(len, column)) for column in zip(head, *cells)]
    lines = [
        "  ".join(x.ljust(w) if i < 3 else x.rjust(w) for i, (x, w) in enumerate(zip(line, widths))).rstrip()
        for line in (head, *cells)
    ]
    return "\n".join(lines)
