"""A report as one HTML page that needs no network: drawings inlined, light and dark, tables that can be sorted.

All words of a run are escaped, and the page's policy lets no script run but its own.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import os
from collections.abc import Iterable
from importlib import resources
from pathlib import Path

from benchmarks import plots, tables
from benchmarks.read import Run
from benchmarks.report import Report, Seen, Task
from benchmarks.tables import Table

STYLE = resources.files("benchmarks").joinpath("page.css")
SCRIPT = resources.files("benchmarks").joinpath("page.js")


def write(report: Report, path: Path) -> list[str]:
    """Writes the page in one go; returns hints on what it lacks."""
    text, hints = page(report)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(text, encoding="utf-8")
    os.replace(draft, path)
    return hints


def page(report: Report) -> tuple[str, list[str]]:
    """The page, and hints on what it lacks."""
    style, script = STYLE.read_text(encoding="utf-8"), SCRIPT.read_text(encoding="utf-8")
    allowed = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{allowed}'; base-uri 'none'"
    title = "qstar report: " + ", ".join(dict.fromkeys(task.title for task in report.tasks))
    hints: list[str] = []
    body = "\n".join(
        [
            f"<header><h1>What search is worth</h1>{_contents(report)}</header>",
            *(_task(report, task, f"task{i}", hints) for i, task in enumerate(report.tasks)),
            _section("cost", "Cost", (_table(table) for table in tables.cost_tables(report))),
            _section("runs", "Runs", (_run(run) for run in report.runs)),
            _method(report),
        ]
    )
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}"><title>{_e(title)}</title>'
        f"<style>{style}</style>"
    )
    text = (
        f'<!doctype html>\n<html lang="en"><head>{head}</head>\n<body>{body}\n<script>{script}</script></body></html>\n'
    )
    return text, list(dict.fromkeys(hints))


def _e(words: object) -> str:
    return html.escape(str(words))


def _section(anchor: str, title: str, parts: Iterable[str]) -> str:
    return f'<section id="{anchor}"><h2>{title}</h2>{"".join(parts)}</section>'


def _contents(report: Report) -> str:
    models = ", ".join(dict.fromkeys(_e(run.model) for run in report.runs))
    links = [f'<a href="#task{i}">{_e(task.title)}</a>' for i, task in enumerate(report.tasks)]
    links += ['<a href="#cost">cost</a>', '<a href="#runs">runs</a>']
    return f"<p>{models}</p><nav>{' '.join(links)}</nav>"


def _task(report: Report, task: Task, anchor: str, hints: list[str]) -> str:
    notes = "".join(f"<li>{_e(note)}</li>" for note in task.notes)
    parts = [f"<h2>{_e(task.title)} <small>{task.problems} problems</small></h2>", f"<p>{_e(task.summary)}</p>"]
    parts += [f'<ul class="notes">{notes}</ul>'] if notes else []
    try:
        drawn = plots.plots(task) if task.rows else []
    except ImportError as error:
        hints.append(str(error))
        parts.append(f'<p class="soft">{_e(error)}</p>')
        drawn = []
    if drawn:
        figures = "".join(
            f'<figure aria-label="{_e(plot.title)}"><figcaption>{_e(plot.title)}</figcaption>{plot.svg}</figure>'
            for plot in drawn
        )
        parts.append(f'{_legend(task)}<div class="plots">{figures}</div>')
    parts += [_table(table) for table in tables.task_tables(task, report.settings.bootstrap.level)]
    parts += [_problems(task)] if task.seen else []
    return f'<section id="{anchor}">{"".join(parts)}</section>'


def _legend(task: Task) -> str:
    colours, dashes = plots.styles(task)
    models = len({model for model, _ in colours}) > 1
    keys = [
        (f'style="stroke: var(--s{colour})"', f"{model} {search}" if models else search)
        for (model, search), colour in colours.items()
    ]
    if len(dashes) > 1:
        for select, dash in dashes.items():
            pattern = " ".join(f"{1.6 * d:g}" for d in plots.DASHES[dash] if d)
            keys.append((f'stroke-dasharray="{pattern}"', select))
    key = '<li><svg viewBox="0 0 28 10" aria-hidden="true"><path d="M1 5h26" {}/></svg>{}</li>'
    items = (key.format(stroke, _e(name)) for stroke, name in keys)
    return f'<ul class="legend">{"".join(items)}</ul>'


def _table(table: Table) -> str:
    numeric = [table.numeric(i) for i in range(len(table.heads))]
    heads = "".join(
        f'<th scope="col"{_number(n)}><button>{_e(head)}</button></th>' for head, n in zip(table.heads, numeric)
    )
    rows = []
    for row in table.rows:
        cells = (f'<td{_number(n)} data-key="{_e(cell.key)}">{_e(cell.text)}</td>' for cell, n in zip(row, numeric))
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return (
        f'<h3>{_e(table.title)}</h3><div class="wide"><table><thead><tr>{heads}</tr></thead>'
        f'<tbody>{"".join(rows)}</tbody></table></div><p class="soft">{_e(table.caption)}</p>'
    )


def _number(numeric: bool) -> str:
    return ' class="number"' if numeric else ""


def _problems(task: Task) -> str:
    """A row a problem: how many seeds each search solved at its largest budget, and its first answer."""
    heads = "".join(f'<th scope="col"><button>{_e(name)}</button></th>' for name in ("problem", *task.searches))
    rows = []
    for problem, by_search in task.seen.items():
        statement = task.statements.get(problem, "")
        said = f"<small>{_e(statement)}</small>" if statement else ""
        cells = "".join(_seen(by_search.get(search)) for search in task.searches)
        rows.append(f'<tr><th scope="row" data-key="{_e(problem)}">{_e(problem)}{said}</th>{cells}</tr>')
    return (
        f"<details><summary>Problem by problem ({len(task.seen)})</summary>"
        '<p class="soft">Each search at its largest budget: seeds whose selected answer is right, of all seeds, and '
        "the answer of the first seed. A ring: a right answer was found and not selected.</p>"
        f'<div class="wide tall"><table class="problems"><thead><tr>{heads}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div></details>"
    )


def _seen(seen: Seen | None) -> str:
    if seen is None:
        return '<td data-key="-1">—</td>'
    kind = "right" if seen.right == seen.seeds else "part" if seen.right else "missed" if seen.found else "wrong"
    mark = {"right": "●", "part": "◐", "missed": "○", "wrong": "·"}[kind]
    said = seen.error or seen.answer
    short = said if len(said) <= 28 else said[:27] + "…"
    return (
        f'<td class="{kind}" data-key="{seen.right / seen.seeds + 0.001 * seen.found / seen.seeds:.4f}" '
        f'title="{_e(said)}">{mark} {seen.right}/{seen.seeds}<small>{_e(short)}</small></td>'
    )


def _run(run: Run) -> str:
    facts = json.dumps(run.manifest, ensure_ascii=False, indent=1)
    state = run.unfinished or f"{run.name} is finished"
    return f"<details><summary>{_e(state)}</summary><pre>{_e(facts)}</pre></details>"


def _method(report: Report) -> str:
    bootstrap = report.settings.bootstrap
    return (
        f'<footer class="soft"><p>Intervals: percentiles of {bootstrap.draws:,} bootstrap resamples of the problems '
        f"(seed {bootstrap.seed}), seeds of a problem averaged first; exact binomial bounds where every problem came "
        "out alike. Nx is a cap of the prompt and N greedy completions of median length on development problems. "
        "Lines that ended in an error count, with what they had found.</p></footer>"
    )
