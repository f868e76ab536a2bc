"""`qstar verify math` and `qstar verify code`: grade samples made elsewhere."""

from __future__ import annotations

import typer

verify = typer.Typer(help="Grade samples made elsewhere: JSONL in, JSONL out.", no_args_is_help=True)
_PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}


@verify.command(context_settings=_PASS_ON)
def math(context: typer.Context) -> None:
    """Grade short answers by equivalence."""
    from verifiers.math.cli import main

    raise SystemExit(main(context.args))


@verify.command(context_settings=_PASS_ON)
def code(context: typer.Context) -> None:
    """Run programs against tests, isolated."""
    from verifiers.code.cli import main

    raise SystemExit(main(context.args))
