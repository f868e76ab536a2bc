"""Facts of the model and the machine, for a manifest."""

from __future__ import annotations

import contextlib
import hashlib
import os
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Any

from qstar.engine.hf import HFEngine
from qstar.solver import Solver


def model_facts(solver: Solver, model: str | os.PathLike[str]) -> dict[str, Any]:
    """Name, size and weights of a model, without where on this machine it lies."""
    engine, path = solver.engine, Path(model).expanduser()
    local = path.is_dir()
    facts: dict[str, Any] = {"name": path.resolve().name if local else str(model)}
    if isinstance(engine, HFEngine):
        config = engine.model.config
        facts["revision"] = getattr(config, "_commit_hash", None)
        facts["parameters"] = sum(p.numel() for p in engine.model.parameters())
        facts["dtype"] = str(engine.model.dtype).removeprefix("torch.")
        facts["q_head"] = engine.q_head is not None
    if local:
        hashed = hashlib.sha256()
        for file in sorted(path.rglob("*.safetensors")):
            hashed.update(file.read_bytes())
        facts["sha256"] = hashed.hexdigest()
    return facts


def versions() -> dict[str, str]:
    names = ("qstar", "torch", "transformers", "numpy", "sympy")
    found = {"python": platform.python_version()}
    for name in names:
        with contextlib.suppress(ImportError):
            found[name] = version(name)
    return found


def processor() -> str:
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return f"{line.partition(':')[2].strip()}, {os.cpu_count()} cores"
    return f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores"
