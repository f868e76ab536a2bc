"""All commands, put together."""

from __future__ import annotations

import typer

from qstar.cli.bench import bench
from qstar.cli.maze import maze
from qstar.cli.report import report
from qstar.cli.solve import resume, solve
from qstar.cli.verify import verify

app = typer.Typer(
    help="Search the token tree of a language model under a budget.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    add_completion=False,
)
app.command()(solve)
app.command()(resume)
app.command()(maze)
app.command()(bench)
app.command()(report)
app.add_typer(verify, name="verify")
