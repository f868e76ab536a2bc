"""The command `qstar`."""

from __future__ import annotations

import json
import sys


def main() -> None:
    """Runs the command line. An error that a person can mend is one line on stderr, with the exit code 2."""
    from qstar.cli.app import app

    try:
        app()
    except KeyboardInterrupt:
        print("qstar: interrupted", file=sys.stderr)
        raise SystemExit(130) from None
    except (ValueError, OSError, MemoryError, RuntimeError, ImportError) as error:
        message = " ".join(str(error).split()) or type(error).__name__
        print(f"qstar: {message}", file=sys.stderr)
        if "--json" in sys.argv:
            print(json.dumps({"error": message, "kind": type(error).__name__}))
        raise SystemExit(2) from None
