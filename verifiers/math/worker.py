"""The process in which LaTeX beyond our grammar is parsed (latex2sympy2_extended) and compared (sympy).

Run as a script with a memory limit in MB; it imports nothing of this package. One JSON line in, {"a", "b",
"seconds"}; one out, {"equal": true | false | null}. The libraries are imported once, each comparison runs in a fork
of this process that is killed at its deadline: whatever it got stuck in, the next one starts clean in milliseconds.
"""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import sys
from typing import Any

_WARMING = [
    (r"\int_0^1 x\,dx", "2"),
    (r"\lim_{x\to 0}\frac{\sin x}{x}", "2"),
    (r"\sum_{k=1}^{n} k", r"\frac{n^2}{2}"),
    (r"\frac{d}{dx} e^{x}", "x"),
]


def main() -> None:
    limit = int(sys.argv[1]) << 20
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    reply = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    for a, b in _WARMING:  # what is imported and cached now, every fork has
        _equal(a, b)
    print("ready", file=reply, flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        print(json.dumps({"equal": _in_fork(request)}), file=reply, flush=True)


def _in_fork(request: dict[str, Any]) -> bool | None:
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(read_end)
            seconds = int(request["seconds"]) + 1
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
            os.write(write_end, b"1" if _equal(request["a"], request["b"]) else b"0")
        finally:
            os._exit(0)  # no clean-up of the parent's buffers
    os.close(write_end)
    ready, _, _ = select.select([read_end], [], [], request["seconds"])
    answer = os.read(read_end, 1) if ready else b""
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(read_end)
    return answer == b"1" if answer else None


def _equal(a: str, b: str) -> bool:
    """Whether sympy proves the two the same; doubt is False."""
    import sympy
    from latex2sympy2_extended import latex2sympy

    x, y = latex2sympy(a), latex2sympy(b)
    if x == y:
        return True
    if isinstance(x, sympy.Expr) and isinstance(y, sympy.Expr):
        difference = (x - y).doit()
        return bool(difference == 0 or sympy.simplify(difference) == 0)
    if isinstance(x, sympy.Eq) and isinstance(y, sympy.Eq):
        sides = sympy.simplify((x.lhs - x.rhs).doit()), sympy.simplify((y.lhs - y.rhs).doit())
        ratio = sympy.simplify(sides[0] / sides[1]) if sides[1] != 0 else sympy.nan
        return bool(ratio.is_number and ratio.is_finite and ratio != 0)
    if isinstance(x, sympy.MatrixBase) and isinstance(y, sympy.MatrixBase):
        return x.shape == y.shape and sympy.simplify(x - y).is_zero_matrix is True
    return bool(x.doit() == y.doit()) if hasattr(x, "doit") and hasattr(y, "doit") else False


if __name__ == "__main__":
    main()
