"""`python -m benchmarks speed | verifiers | game24`.

`verifiers` runs both verifiers' benchmarks; `verifiers math` or `verifiers code` runs one, with its options.
`game24` prints what solves the Game of 24 without a model.
"""

from __future__ import annotations

import sys
from collections.abc import Callable


def _verifiers(arguments: list[str]) -> int:
    from benchmarks import verify_code, verify_math

    which = {"math": verify_math.main, "code": verify_code.main}
    if arguments and arguments[0] in which:
        return which[arguments[0]](arguments[1:])
    return verify_math.main(arguments) or verify_code.main(arguments)


def _speed(arguments: list[str]) -> int:
    from benchmarks import speed

    return speed.main(arguments)


def _game24(arguments: list[str]) -> int:
    from benchmarks import game24_baselines

    return game24_baselines.main(arguments)


COMMANDS: dict[str, Callable[[list[str]], int]] = {"speed": _speed, "verifiers": _verifiers, "game24": _game24}


def main() -> int:
    if len(sys.argv) < 2 or sys.argv[1] not in COMMANDS:
        print(f"usage: python -m benchmarks {{{','.join(COMMANDS)}}} [options]", file=sys.stderr)
        return 2
    return COMMANDS[sys.argv[1]](sys.argv[2:])


if __name__ == "__main__":
    raise SystemExit(main())
