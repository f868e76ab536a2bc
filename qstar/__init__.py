"""qstar: search the token tree of a language model under a budget.

    import qstar
    result = qstar.solve("Make 24 from 4 1 6 1", budget=qstar.Budget.parse("64x"))
    print(result.answer, result.stop_reason, result.ledger.tokens)

Names are loaded when they are first used, so that `import qstar` is quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOME = {
    "qstar.budget": ("Budget", "Ledger"),
    "qstar.engine.hf": ("HFEngine",),
    "qstar.engine.table": ("ScriptedEngine", "TableEngine"),
    "qstar.problem": ("Ending", "Judgement", "Problem", "Reference", "Verdict", "Verifier"),
    "qstar.prompting": ("PromptFormat",),
    "qstar.request": ("GREEDY", "Expand", "Sampling", "Submit", "Unit", "Wait"),
    "qstar.result": ("Result",),
    "qstar.search": ("MCTS", "AStar", "Backup", "BestOfN", "Future", "Gain", "Greedy", "Leaf"),
    "qstar.session": ("JournalMismatch", "Session", "Strategy"),
    "qstar.solver": ("Solver", "resume", "solve"),
    "qstar.tree": ("ROOT", "Answer", "Tree"),
}
_WHERE = {name: module for module, names in _HOME.items() for name in names}

__all__ = sorted(_WHERE)


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'qstar' has no attribute {name!r}")
    return getattr(import_module(_WHERE[name]), name)


def __dir__() -> list[str]:
    return __all__
