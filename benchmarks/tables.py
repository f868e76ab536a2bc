"""The tables of a report, once as data and then as text or GitHub Markdown (`benchmarks.page` has the HTML)."""

from __future__ import annotations

import html
import math
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from benchmarks.report import Clock, Comparison, Cost, Needed, Published, Report, Row, Task
from benchmarks.statistics import Estimate

NOTHING = "—"
TITLES = {
    "accuracy": "Accuracy and cost",
    "comparisons": "Paired comparisons",
    "tokens": "Tokens for the same number solved",
    "elsewhere": "From elsewhere",
    "kinds": "Tokens by kind",
    "clock": "Wall clock",
}
MARK = "<!-- qstar report -->"


class Cell(NamedTuple):
    """What is shown, and what a column is sorted by."""

    text: str
    key: float | str


@dataclass(frozen=True)
class Table:
    """Rows of cells under heads; a column of numbers is one whose cells all sort by numbers."""

    title: str
    caption: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]

    def numeric(self, column: int) -> bool:
        return all(not isinstance(row[column].key, str) for row in self.rows)


def task_tables(task: Task, level: float = 0.95) -> Iterator[Table]:
    """The tables of one task; empty ones are left out."""
    wide = f"{100 * level:g}%"
    models = len({row.model for row in task.rows}) > 1
    if task.rows:
        caption = (
            f"Per cent of problems with {wide} bootstrap intervals over problems. Accuracy: the selected answer is "
            "right. pass@budget: any answer finished within the budget is. Tokens, FLOPs, seconds and answers are "
            "means a problem; every token that was forwarded is charged."
        )
        yield _results(task.rows, models, caption)
    if task.comparisons:
        caption = (
            f"Accuracy of A minus B in points, on the same problems, with the paired {wide} bootstrap interval. p: "
            "exact sign flips of the per-problem differences (with one seed, McNemar's exact test), then Holm-adjusted "
            "over this table. Tokens: those that A was charged, in units of B's."
        )
        yield _comparisons(task.comparisons, caption)
    if task.needed:
        caption = (
            "The smallest budget under which a search holds a right answer for so many problems, the mean tokens "
            f"charged under it, and their ratio to {task.needed[0].baseline}'s, with {wide} intervals of "
            "resampled problems."
        )
        yield _needed(task.needed, models, caption)
    if task.published:
        yield _published(task.published)


def cost_tables(report: Report) -> Iterator[Table]:
    """What the runs cost."""
    if report.costs:
        yield _costs(report.costs)
    if report.clocks:
        yield _clocks(report.clocks)


def text(report: Report, only: Sequence[str] = ()) -> str:
    """Everything for a terminal, or the tables that `only` names."""
    return _document(report, only, lambda title: f"{title}\n{'=' * _width(title)}", _text, lambda words: words)


def markdown(report: Report, only: Sequence[str] = ()) -> str:
    """Everything as GitHub Markdown, or the tables that `only` names."""
    return _document(report, only, lambda title: f"### {_escape(title)}", _markdown, _escape)


def embed(path: Path, document: str) -> None:
    """Puts `document` between the two marks of a Markdown file.

    Raises:
        ValueError: the file does not hold the mark exactly twice.
    """
    parts = path.read_text(encoding="utf-8").split(MARK)
    if len(parts) != 3:
        raise ValueError(f"{path} does not hold the mark {MARK} twice: write it before and after the place for tables")
    path.write_text(f"{parts[0]}{MARK}\n\n{document}\n{MARK}{parts[2]}", encoding="utf-8")


def percent(estimate: Estimate) -> Cell:
    if estimate.value is None or estimate.low is None or estimate.high is None:
        return Cell(NOTHING, -1.0)
    low, high = 100 * estimate.low, 100 * estimate.high
    return Cell(f"{100 * estimate.value:.1f} [{low:.1f}, {high:.1f}]", estimate.value)


def count(value: float) -> Cell:
    """A number of things: 1,234 or, when small, 12.3."""
    return Cell(f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.1f}", value)


def big(value: float) -> Cell:
    """FLOPs with a prefix: 12.3 G."""
    if value <= 0:
        return Cell(NOTHING, 0.0)
    power = min(int(math.log10(value) // 3), 6)
    return Cell(f"{value / 1000**power:.3g} {('', 'k', 'M', 'G', 'T', 'P', 'E')[power]}".rstrip(), value)


def seconds(value: float | None) -> Cell:
    return Cell(NOTHING, -1.0) if value is None else Cell(f"{value:,.0f}" if value >= 100 else f"{value:.3g}", value)


def share(value: float | None) -> Cell:
    return Cell(NOTHING, -1.0) if value is None else Cell(f"{100 * value:.1f}%", value)


def p_value(value: float) -> Cell:
    return Cell(f"{value:.3f}" if value >= 0.001 else f"{value:.1e}", value)


def _word(value: str) -> Cell:
    return Cell(value, value)


def _results(rows: Sequence[Row], models: bool, caption: str) -> Table:
    heads = ["search", "select", "budget", "accuracy %", "pass@budget %", "tokens", "FLOPs", "seconds", "answers"]
    heads = (["model"] if models else []) + heads + ["problems", "seeds", "errors"]
    cells = []
    for row in rows:
        cells.append(
            [
                *([_word(row.model)] if models else []),
                _word(row.search),
                _word(row.select),
                Cell(row.budget, row.multiple),
                percent(row.accuracy),
                percent(row.found),
                count(row.tokens),
                big(row.flops),
                seconds(row.seconds),
                count(row.answers),
                count(row.problems),
                count(row.seeds),
                Cell(
                    ", ".join(f"{n} {name}" for name, n in row.errors.items()) or "0", float(sum(row.errors.values()))
                ),
            ]
        )
    return Table(TITLES["accuracy"], caption, heads, cells)


def _comparisons(comparisons: Sequence[Comparison], caption: str) -> Table:
    heads = ["A", "B", "A − B, points", "A better", "B better", "problems", "p", "p Holm", "tokens A/B"]
    cells = []
    for c in comparisons:
        d = c.difference
        value, low, high = (100 * (v or 0.0) for v in (d.value, d.low, d.high))
        cells.append(
            [
                _word(c.a),
                _word(c.b),
                Cell(f"{value:+.1f} [{low:+.1f}, {high:+.1f}]", value),
                count(c.better),
                count(c.worse),
                count(c.problems),
                p_value(c.p),
                p_value(c.p_holm),
                _ratio(Estimate(c.tokens_ratio)),
            ]
        )
    return Table(TITLES["comparisons"], caption, heads, cells)


def _ratio(estimate: Estimate | None, at_most: bool = False) -> Cell:
    if estimate is None or estimate.value is None:
        return Cell(NOTHING, math.inf)
    low, high = (NOTHING if v is None else f"{v:.2f}" for v in (estimate.low, estimate.high))
    interval = "" if estimate.low is None and estimate.high is None else f" [{low}, {high}]"
    return Cell(f"{'< ' if at_most else ''}{estimate.value:.2f}{interval}", estimate.value)


def _needed(needed: Sequence[Needed], models: bool, caption: str) -> Table:
    heads = (["model"] if models else []) + ["solved", "search", "budget", "tokens", "ratio"]
    cells = []
    for need in needed:
        low, high = (NOTHING if v is None else f"{v:,.0f}" for v in (need.tokens.low, need.tokens.high))
        reached = need.tokens.value is not None
        tokens = f"{need.tokens.value:,.0f} [{low}, {high}]" if reached else "never"
        multiple = NOTHING if need.multiple is None else f"{need.multiple:.2f}x"
        ratio = Cell("1", 1.0) if need.search == need.baseline else _ratio(need.ratio, need.at_most)
        cells.append(
            [
                *([_word(need.model)] if models else []),
                Cell(f"{need.target} of {need.problems}", float(need.target)),
                _word(need.search),
                Cell(multiple, math.inf if need.multiple is None else need.multiple),
                Cell(tokens, math.inf if need.tokens.value is None else need.tokens.value),
                ratio,
            ]
        )
    return Table(TITLES["tokens"], caption, heads, cells)


def _published(published: Sequence[Published]) -> Table:
    caption = (
        "Figures that these runs did not measure: other models under their authors' own conditions, or no model at "
        "all. They say what the task is like, not how these searches compare."
    )
    heads = ["who", "solved", "kind", "source", "note"]
    words = [[_word(p.name), share(p.accuracy), _word(p.kind), _word(p.source), _word(p.note)] for p in published]
    return Table(TITLES["elsewhere"], caption, heads, words)


def _costs(costs: Sequence[Cost]) -> Table:
    kinds = list(dict.fromkeys(kind for cost in costs for kind in cost.kinds))
    heads = ["run", "task", "model", "search", "lines", "tokens", *kinds]
    heads += ["FLOPs", "verifier calls", "seconds", "tokens/s", "stopped by", "errors"]
    cells = []
    for c in costs:
        cells.append(
            [
                *map(_word, (c.run, c.task, c.model, c.search)),
                count(c.lines),
                count(c.tokens),
                *(count(c.kinds.get(kind, 0)) for kind in kinds),
                big(c.flops),
                count(c.verifier_calls),
                seconds(c.seconds),
                count(round(c.tokens / c.seconds) if c.seconds else 0),
                _word(", ".join(f"{reason} {n}" for reason, n in c.stops.items())),
                count(c.errors),
            ]
        )
    caption = (
        "Whole runs at their largest budget. Seconds are the sum of the problems' shares of the wall clock, which "
        "problems in flight together divide among them."
    )
    return Table(TITLES["kinds"], caption, heads, cells)


def _clocks(clocks: Sequence[Clock]) -> Table:
    heads = [
        "run",
        "task",
        "model",
        "wall clock s",
        "forward s",
        "verifiers s",
        "grading s",
        "rest s",
        "rest",
        "tokens/s",
    ]
    cells = []
    for c in clocks:
        rate = count(round(c.tokens / c.seconds)) if c.seconds else Cell(NOTHING, -1.0)
        cells.append(
            [
                *map(_word, (c.run, c.task, c.model)),
                *map(seconds, (c.seconds, c.forward, c.verifier, c.grading, c.rest)),
                share(c.share),
                rate,
            ]
        )
    caption = "Where the wall clock of each run went. Rest: outside the model's forward passes, the "
    caption += "verifiers, and the grading after the search."
    return Table(TITLES["clock"], caption, heads, cells)


# Text and Markdown


def _document(
    report: Report,
    only: Sequence[str],
    heading: Callable[[str], str],
    write: Callable[[Table], str],
    said: Callable[[str], str],
) -> str:
    unknown = [name for name in only if name not in TITLES]
    if unknown:
        raise ValueError(f"no table named {', '.join(unknown)}; there is {', '.join(TITLES)}")
    titles = {TITLES[name] for name in only or TITLES}
    parts = []
    for task in report.tasks:
        parts += [heading(f"{task.title}: {task.problems} problems"), said(task.summary)]
        parts += ["\n".join(f"* {said(note)}" for note in task.notes)] if task.notes else []
        shown = task_tables(task, report.settings.bootstrap.level)
        parts += [write(table) for table in shown if table.title in titles]
    parts += [write(table) for table in cost_tables(report) if table.title in titles]
    return "\n\n".join(parts) + "\n"


def _width(string: str) -> int:
    """Columns of a terminal."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1 for c in string)


def _text(table: Table) -> str:
    columns = [[head, *(row[i].text for row in table.rows)] for i, head in enumerate(table.heads)]
    widths = [max(map(_width, column)) for column in columns]
    lines = []
    for cells in zip(*columns):
        padded = []
        for i, (cell, width) in enumerate(zip(cells, widths)):
            space = " " * (width - _width(cell))
            padded.append(space + cell if table.numeric(i) else cell + space)
        lines.append("  ".join(padded).rstrip())
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join([table.title, *lines])


def _markdown(table: Table) -> str:
    lines = ["| " + " | ".join(map(_escape, table.heads)) + " |"]
    lines.append("|" + "|".join("---:" if table.numeric(i) else "---" for i in range(len(table.heads))) + "|")
    lines += ["| " + " | ".join(_escape(cell.text) for cell in row) + " |" for row in table.rows]
    return f"**{_escape(table.title)}.** {_escape(table.caption)}\n\n" + "\n".join(lines)


def _escape(words: str) -> str:
    """Markdown that shows `words` as they are."""
    escaped = html.escape(words, quote=False)
    return "".join("\\" + c if c in "\\`*_[]|~#$" else c for c in escaped)
