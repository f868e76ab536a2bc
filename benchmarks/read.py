"""Reads run folders of `qstar bench`, finished or not. What they say is taken for hostile text and cleaned."""

from __future__ import annotations

import json
import math
import os
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.folder import FORMAT, LINES, MANIFEST, TOTALS, VERSION


class RunError(ValueError):
    """A folder is no run, or a damaged one. The message names the file and the remedy."""


@dataclass(frozen=True)
class Point:
    """A search read by one selector at one budget; counts as of then, and the error that ended it, if one did."""

    answer: str
    graded: bool
    found: bool
    answers: float
    tokens: float
    flops: float
    seconds: float
    error: str = ""


@dataclass(frozen=True)
class Line:
    """One problem under one search with one seed: a line of the file, or one a budget where each was run by itself.

    Attributes:
        search, seed, id: which.
        stop_reason, error: why it ended; an empty error is none.
        statement: the problem's first words, where the run keeps them.
        seconds, tokens, kinds, flops, verifier_calls: what was charged in all; tokens by kind.
        prompt: tokens of the prompt.
        dated: whether the run says when a right answer was first there.
        solved_at: charged tokens by then, None if there never was one.
        points: by (select, budget).
        parts: lines of the file.
    """

    search: str
    seed: int
    id: str
    stop_reason: str
    error: str
    statement: str
    seconds: float
    prompt: float
    tokens: int
    kinds: Mapping[str, int]
    flops: float
    verifier_calls: int
    dated: bool
    solved_at: float | None
    points: Mapping[tuple[str, str], Point]
    parts: int = 1

    @property
    def key(self) -> tuple[str, int, str]:
        return self.search, self.seed, self.id


@dataclass(frozen=True)
class Run:
    """A run folder as it lies on disk.

    Attributes:
        name: what tables call it.
        path: the folder.
        manifest: its manifest.json.
        lines: one a (search, seed, problem).
        totals: its totals.json, None while it is unfinished.
        notes: what was dropped in reading, in words.
    """

    name: str
    path: Path
    manifest: Mapping[str, Any]
    lines: Sequence[Line]
    totals: Mapping[str, Any] | None
    notes: Sequence[str] = ()

    @property
    def model(self) -> str:
        """The last part of the model's name."""
        model = self.manifest["model"]
        return str(model.get("name") or model.get("path") or "model").rstrip("/").split("/")[-1]

    @property
    def problems(self) -> int:
        """How many the manifest says, 0 if it does not."""
        problems = self.manifest["task"].get("problems", 0)
        return len(problems) if isinstance(problems, list) else int(problems or 0)

    @property
    def expected(self) -> int:
        """Lines of the finished run, 0 if the manifest does not say."""
        jobs = 0
        for search in self.manifest["searches"]:
            seeds = search.get("seeds", self.manifest["seeds"])
            apart = self.manifest.get("budgets", [""]) if search.get("read_off") is False else [""]
            jobs += len(seeds) * len(apart)
        return self.problems * jobs

    @property
    def done(self) -> int:
        return sum(line.parts for line in self.lines)

    @property
    def unfinished(self) -> str | None:
        """What is missing, in words; None if nothing is."""
        if self.done < self.expected:
            return f"{self.name} is unfinished: {self.done} of {self.expected} lines are there; --resume goes on"
        if self.totals is None or self.totals.get("complete") is False:
            return f"{self.name} has no final totals.json: it still runs, or was stopped just before its end"
        return None


def read(folder: str | os.PathLike[str]) -> Run:
    """Reads a run folder, finished or not.

    Raises:
        RunError: no run, another format, or a line that is damaged in its middle. (A torn last line is what a kill
            leaves; it is dropped and said so.)
    """
    path = Path(folder)
    where = path / MANIFEST
    if not where.is_file():
        what = "has no manifest.json" if path.is_dir() else "is no folder" if path.exists() else "does not exist"
        raise RunError(f"{path} is no run of qstar bench: it {what}; give the folder that --out named")
    manifest = _clean_all(_load(where, "nothing can be told without it; run qstar bench again into a new folder"))
    if manifest.get("format") != FORMAT:
        raise RunError(f"{where} is not of the format {FORMAT}: give a folder that qstar bench wrote")
    if manifest.get("version") != VERSION:
        theirs = clean(manifest.get("version"))
        raise RunError(f"{where} has version {theirs}, not {VERSION}: report it with the qstar that wrote it")
    _check(where, manifest)
    lines, notes = _lines(path / LINES)
    labels = [search["label"] for search in manifest["searches"]]
    strange = sorted({line.search for line in lines} - set(labels))
    if strange:
        raise RunError(
            f"{path / LINES} has lines of {', '.join(strange)}, which its manifest does not name: the two "
            "files are of different runs; run qstar bench again into a new folder"
        )
    totals = path / TOTALS
    read_totals = _load(totals, "delete it, and qstar bench --resume writes it again") if totals.exists() else None
    return Run(clean(path.resolve().name), path, manifest, lines, read_totals, notes)


def read_all(folders: Sequence[str | os.PathLike[str]]) -> list[Run]:
    """Reads several runs and tells apart those of the same name; the same folder twice counts once.

    Raises:
        RunError: as `read`, or none of the runs holds a line.
    """
    runs = [read(folder) for folder in {Path(folder).resolve(): folder for folder in folders}.values()]
    if not runs:
        raise RunError("no run was given: name one or more folders that qstar bench wrote")
    if not any(run.lines for run in runs):
        names = ", ".join(str(run.path) for run in runs)
        raise RunError(f"{names}: no problem is finished yet; go on with qstar bench --resume {runs[0].path}")
    times = Counter(run.name for run in runs)
    return [run if times[run.name] == 1 else replace(run, name=clean(run.path)) for run in runs]


def clean(text: Any, most: int = 120) -> str:
    """One line without control, format or surrogate characters, at most `most` long."""
    if text is None:
        return ""
    flat = " ".join(str(text)[: 4 * most].split())
    if not flat.isprintable():
        hidden = ("Cc", "Cf", "Cs")
        flat = "".join("\N{REPLACEMENT CHARACTER}" if unicodedata.category(c) in hidden else c for c in flat)
    return flat if len(flat) <= most else flat[: most - 1] + "…"


def _clean_all(data: Any) -> Any:
    if isinstance(data, dict):
        return {clean(key): _clean_all(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_clean_all(value) for value in data]
    return clean(data, 1000) if isinstance(data, str) else data


def _load(path: Path, remedy: str) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError):
        raise RunError(f"{path} is torn or no JSON: {remedy}") from None
    if not isinstance(data, dict):
        raise RunError(f"{path} holds no JSON object: {remedy}")
    return data


def _check(where: Path, manifest: Mapping[str, Any]) -> None:
    """A manifest has what the tables are made from."""
    kinds = {"task": dict, "model": dict, "searches": list, "seeds": list}
    wrong = [name for name, kind in kinds.items() if not isinstance(manifest.get(name), kind)]
    if not wrong:
        wrong += [] if "name" in manifest["task"] else ["task.name"]
        labelled = all(isinstance(s, dict) and isinstance(s.get("label"), str) for s in manifest["searches"])
        wrong += [] if labelled else ["searches.label"]
    if wrong:
        raise RunError(f"{where} lacks {', '.join(wrong)}: run qstar bench again into a new folder")


def _lines(path: Path) -> tuple[list[Line], list[str]]:
    """The lines of problems.jsonl, and what had to be dropped."""
    if not path.exists():
        return [], []
    texts = path.read_bytes().split(b"\n")
    torn = texts.pop()  # what follows the last end of line: nothing, or a line that was being written
    notes = [f"the torn last line of {path.parent.name}/{path.name} was dropped"] if torn else []
    found: dict[tuple[str, int, str], Line] = {}
    twice = 0
    for number, text in enumerate(texts, 1):
        if not text.strip():
            continue
        try:
            line = _line(json.loads(text.decode("utf-8")))
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as error:
            what = f"lacks {error}" if isinstance(error, KeyError) else "is damaged"
            remedy = "delete that line, and qstar bench --resume does its problem again"
            raise RunError(f"{path}, line {number} {what}: {remedy}") from None
        before = found.get(line.key)
        if before is not None:
            twice += _same_budget(before, line)
            line = _join(before, line)
        found[line.key] = line
    if twice:
        notes.append(f"{twice} problems are twice in {path.parent.name} at the same budget: the later line counts")
    return list(found.values()), notes


def _line(data: Mapping[str, Any]) -> Line:
    ledger = data.get("ledger") or {}
    kinds = ledger.get("tokens_by") or {}
    total = ledger.get("tokens", ledger.get("total"))
    solved_at, error = data.get("solved_at"), clean(data.get("error"), 300)
    points = {}
    for point in data.get("points") or []:
        points[clean(point["select"]), clean(point["budget"])] = Point(
            answer=clean(point.get("answer"), 200),
            graded=bool(point["graded"]),
            found=bool(point["found"]),
            **{name: _number(point.get(name)) for name in ("answers", "tokens", "flops", "seconds")},
            error=error,
        )
    return Line(
        search=clean(data["search"], 1000),
        seed=int(data["seed"]),
        id=clean(data["id"]),
        stop_reason=clean(data.get("stop_reason")),
        error=error,
        statement=clean(data.get("statement"), 300),
        seconds=_number(data.get("seconds", ledger.get("seconds"))),
        prompt=_number(data.get("prompt_tokens", kinds.get("prompt"))),
        tokens=int(_number(sum(kinds.values()) if total is None else total)),
        kinds={clean(kind): int(_number(n)) for kind, n in kinds.items()},
        flops=_number(ledger.get("flops")),
        verifier_calls=int(_number(ledger.get("verifier_calls"))),
        dated="solved_at" in data,
        solved_at=None if solved_at is None else _number(solved_at),
        points=points,
    )


def _same_budget(before: Line, line: Line) -> bool:
    return bool(before.points.keys() & line.points.keys()) or not (before.points and line.points)


def _join(before: Line, line: Line) -> Line:
    """Two lines of a problem: other budgets of a search that plans each of them, or the same one again."""
    points = {**before.points, **line.points}
    if _same_budget(before, line):
        return replace(line, points=points)
    return replace(
        line,
        error=line.error or before.error,
        seconds=before.seconds + line.seconds,
        tokens=before.tokens + line.tokens,
        kinds=dict(Counter(before.kinds) + Counter(line.kinds)),
        flops=before.flops + line.flops,
        verifier_calls=before.verifier_calls + line.verifier_calls,
        dated=False,  # each budget is a search of its own
        solved_at=None,
        points=points,
        parts=before.parts + line.parts,
    )


def _number(value: Any) -> float:
    """A finite number, 0 for none."""
    number = 0.0 if value is None else float(value)
    if not math.isfinite(number):
        raise ValueError("not a finite number")
    return number
