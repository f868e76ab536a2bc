"""Accuracy and pass@budget against charged tokens and wall clock, drawn with matplotlib as SVG for a page.

Colours are CSS variables of the page (`--s0`, `--s1`, ...), so that one drawing serves light and dark.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.report import Row, Task
from benchmarks.statistics import Estimate

COLOURS = 8
DASHES = ((None, None), (5.0, 2.0), (1.5, 1.5), (6.0, 2.0, 1.5, 2.0), (9.0, 2.0), (3.0, 1.0, 1.0, 1.0, 1.0, 1.0))
_INK, _GRID = "#0a0b0c", "#0d0e0f"  # stand-ins that the page's colours replace


@dataclass(frozen=True)
class Plot:
    """A drawing with its title, for people who cannot see it too."""

    title: str
    svg: str


@dataclass(frozen=True)
class Curve:
    """One search read one way: rows in the order of their budgets."""

    search: tuple[str, str]
    select: str
    rows: Sequence[Row]


def curves(task: Task) -> list[Curve]:
    """The rows of a task put together by (model, search) and select."""
    found: dict[tuple[tuple[str, str], str], list[Row]] = {}
    for row in task.rows:
        found.setdefault(((row.model, row.search), row.select), []).append(row)
    return [Curve(search, select, sorted(rows, key=lambda r: r.multiple)) for (search, select), rows in found.items()]


def styles(task: Task) -> tuple[dict[tuple[str, str], int], dict[str, int]]:
    """The number of each search's colour and of each select's dash."""
    searches = list(dict.fromkeys((row.model, row.search) for row in task.rows))
    selects = list(dict.fromkeys(row.select for row in task.rows if row.select != "-"))
    return {name: i % COLOURS for i, name in enumerate(searches)}, {s: i % len(DASHES) for i, s in enumerate(selects)}


def plots(task: Task) -> list[Plot]:
    """The four drawings of a task.

    Raises:
        ImportError: matplotlib is not there; the message says how to get it.
    """
    try:
        import matplotlib
    except ImportError:
        raise ImportError("plots need matplotlib: pip install 'qstar[report]'") from None
    drawn = []
    across: dict[str, Callable[[Row], float]] = {
        "charged tokens a problem": lambda row: row.tokens,
        "seconds a problem": lambda row: row.seconds,
    }
    up: dict[str, Callable[[Row], Estimate]] = {
        "accuracy": lambda row: row.accuracy,
        "pass@budget": lambda row: row.found,
    }
    own = curves(task)
    once = [c for i, c in enumerate(own) if c.search not in [earlier.search for earlier in own[:i]]]
    for x_name, x in across.items():
        for y_name, y in up.items():
            title = f"{y_name} against {x_name}"
            settings: Any = {"svg.fonttype": "none", "svg.hashsalt": f"{task.title} {title}", "font.size": 11}
            with matplotlib.rc_context(settings):
                drawn.append(Plot(title, _draw(task, own if y_name == "accuracy" else once, x, y, x_name, y_name)))
    return drawn


def _draw(
    task: Task,
    curves: Sequence[Curve],
    x: Callable[[Row], float],
    y: Callable[[Row], Estimate],
    x_name: str,
    y_name: str,
) -> str:
    from matplotlib.figure import Figure
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    colours, dashes = styles(task)
    figure = Figure(figsize=(5.6, 3.7), layout="tight")
    axes: Any = figure.add_subplot()
    for curve in curves:
        rows = [row for row in curve.rows if x(row) > 0 and y(row).value is not None]
        if not rows:
            continue
        colour = _stand_in(colours[curve.search])
        at, means = [x(row) for row in rows], [100 * (y(row).value or 0.0) for row in rows]
        low, high = ([100 * (bound or 0.0) for bound in side] for side in zip(*((y(r).low, y(r).high) for r in rows)))
        if len(rows) == 1:
            axes.errorbar(at, means, [[means[0] - low[0]], [high[0] - means[0]]], color=colour, marker="o", capsize=3)
            continue
        line = axes.plot(at, means, color=colour, marker="o", markersize=4, linewidth=1.8)[0]
        if y_name == "accuracy" and curve.select in dashes:
            line.set_dashes(DASHES[dashes[curve.select]])
        axes.fill_between(at, low, high, color=colour, alpha=0.13, linewidth=0)
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0) if _narrow(curves, x) else (1.0,)))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}" if value >= 1 else f"{value:g}"))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.set_xlabel(x_name, color=_INK)
    axes.set_ylabel(f"{y_name}, %", color=_INK)
    axes.grid(color=_GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(which="both", colors=_INK, length=0)
    for side in axes.spines.values():
        side.set_visible(False)
    file = io.StringIO()
    figure.savefig(file, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return _for_page(file.getvalue())


def _narrow(curves: Sequence[Curve], x: Callable[[Row], float]) -> bool:
    values = [x(row) for curve in curves for row in curve.rows if x(row) > 0]
    return bool(values) and max(values) / min(values) < 1000


def _stand_in(colour: int) -> str:
    return f"#01020{colour}"


def _for_page(svg: str) -> str:
    """The drawing without its file's head, in the page's colours and type."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r'(<g) id="[a-zA-Z0-9_.]+"', r"\1", svg)  # the same in every drawing, and nothing refers to them
    svg = re.sub(r'^<svg [^>]*?viewBox="([^"]+)"[^>]*>', r'<svg viewBox="\1" aria-hidden="true">', svg, count=1)
    svg = re.sub(r"font: ([\d.]+)px [^;\"]*", r"font: \1px system-ui, sans-serif", svg)
    svg = svg.replace(_INK, "var(--soft)").replace(_GRID, "var(--line)")
    for colour in range(COLOURS):
        svg = svg.replace(_stand_in(colour), f"var(--s{colour})")
    return svg
