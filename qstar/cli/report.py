"""`qstar report`: tables, comparisons and one HTML page from run folders of `qstar bench`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

Flag = typer.Option


def report(
    runs: Annotated[list[Path], typer.Argument(help="Run folders of qstar bench, finished or not.")],
    compare: Annotated[
        list[str] | None,
        Flag(help="A,B: rows named by search, select, budget or model joined by '/', or all. May be repeated."),
    ] = None,
    target: Annotated[
        list[int] | None, Flag(help="Problems solved at which tokens are compared. May be repeated.")
    ] = None,
    html: Annotated[Path | None, Flag(help="Where to write the page; report.html in the first run by default.")] = None,
    page: Annotated[bool, Flag(help="Whether to write the page.")] = True,
    data: Annotated[Path | None, Flag("--json", help="Write all numbers as JSON to this file.")] = None,
    markdown: Annotated[bool, Flag("--markdown", help="Print the tables as GitHub Markdown.")] = False,
    into: Annotated[
        Path | None, Flag(help="Replace the tables between the marks <!-- qstar report --> of this Markdown file.")
    ] = None,
    only: Annotated[
        str | None, Flag(help="Tables to print: accuracy, comparisons, tokens, elsewhere, kinds, clock; comma-joined.")
    ] = None,
    draws: Annotated[int, Flag(help="Bootstrap resamples.")] = 10_000,
    seed: Annotated[int, Flag(help="Of the resamples.")] = 0,
) -> None:
    """Accuracy and pass@budget against tokens and time, with intervals, paired tests, and what it cost."""
    from benchmarks import tables
    from benchmarks.read import read_all
    from benchmarks.report import Settings, analyse
    from benchmarks.statistics import Bootstrap

    settings = Settings(tuple(compare or ()), tuple(target or ()), Bootstrap(draws, seed))
    found = analyse(read_all(runs), settings)
    chosen = [name.strip() for name in only.split(",")] if only else []
    printed = (tables.markdown if markdown else tables.text)(found, chosen)
    if into is not None:
        tables.embed(into, tables.markdown(found, chosen))
    typer.echo(printed, nl=False)
    if data is not None:
        data.write_text(json.dumps(found.to_json(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    if page:
        from benchmarks.page import write

        where = html or runs[0] / "report.html"
        for hint in write(found, where):
            print(hint, file=sys.stderr)
        print(f"page: {where}", file=sys.stderr)
