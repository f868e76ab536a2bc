"""Run Python as an ordinary user, from a root process whose interpreter that user might not reach."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

from verifiers.code import confine

ROOT = Path(__file__).resolve().parents[3]


def python_as_nobody(code: str, timeout: float) -> str:
    """Standard output of `code`. Where a folder above the interpreter or the project is closed to others, the
    child sees a copy of the tree in a mount namespace of its own that is open just there."""
    needed = [os.path.realpath(sys.base_prefix), sys.prefix, str(ROOT)]

    def become_nobody() -> None:
        confine.unshare(confine.CLONE_NEWNS)
        confine._mount("none", "/", None, confine.MS_REC | confine.MS_PRIVATE)
        held = {path: os.open(path, os.O_PATH) for path in needed}
        for closed in sorted({c for path in needed if (c := _closed_ancestor(path))}):
            confine._mount("tmpfs", closed, "tmpfs", 0, "mode=755")
            for path, fd in held.items():
                if path.startswith(closed + "/"):
                    os.makedirs(path, exist_ok=True)
                    confine._mount(f"/proc/self/fd/{fd}", path, None, confine.MS_BIND | confine.MS_REC)
        confine.drop_privileges(confine.NOBODY)

    done = subprocess.run(
        [sys.executable, "-B", "-c", f"import sys; sys.path[:0] = {[str(ROOT), str(Path(__file__).parent)]!r}\n{code}"],
        preexec_fn=become_nobody,
        capture_output=True,
        text=True,
        timeout=timeout,
        cwd="/",
        env={"PATH": os.environ["PATH"]},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def _closed_ancestor(path: str) -> str | None:
    for folder in [*Path(path).parents][::-1]:
        if not os.stat(folder).st_mode & stat.S_IXOTH:
            return str(folder)
    return None
