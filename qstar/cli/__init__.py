"""The command `qstar`."""

from __future__ import annotations

import sys


def main() -> None:
    """Runs the command line; errors that a person can mend are one line on stderr, exit code 2."""
    from qstar.cli.app import app

    try:
        app()
    except (ValueError, OSError, MemoryError, RuntimeError, ImportError) as error:
        print(f"qstar: {error}", file=sys.stderr)
        raise SystemExit(2) from None
