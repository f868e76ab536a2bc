"""What a solved problem comes back with."""

from __future__ import annotations

import html
import math
from dataclasses import dataclass, field
from typing import Any

from qstar.budget import Ledger
from qstar.problem import Problem
from qstar.tree import ROOT, Answer, Tree


@dataclass
class Result:
    """The best complete answer, why the search stopped, what it cost, and all of the evidence.

    Attributes:
        problem: what was asked.
        chosen: the selected answer, None if no text was finished.
        stop_reason: "verified" (an answer passed), "finished" (the strategy ended), "tokens", "flops", "seconds",
            "expansions" or "verifier_calls" (that cap), "interrupted", or "error".
        ledger: what was charged.
        tree: everything that was found.
        steps: the text of each edge on the way to the answer.
        notes: what a reader of the figures should know, such as a missing Q head.
        error: the exception behind the stop reason "error".
    """

    problem: Problem
    chosen: Answer | None
    stop_reason: str
    ledger: Ledger
    tree: Tree
    steps: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    error: Exception | None = None

    @property
    def answer(self) -> str | None:
        """The short answer, or where none was found the whole text, without its thinking if that came to an end."""
        from qstar.prompting import after_thinking

        if self.chosen is None:
            return None
        return self.chosen.answer or (after_thinking(self.chosen.text) or self.chosen.text).strip()

    @property
    def text(self) -> str | None:
        """The whole completion."""
        return None if self.chosen is None else self.chosen.text

    @property
    def score(self) -> float:
        """What the verifier said of the answer, else its Q; NaN if neither is there."""
        if self.chosen is None:
            return math.nan
        return self.chosen.score if not math.isnan(self.chosen.score) else self.chosen.q

    @property
    def verified(self) -> bool:
        return self.chosen is not None and self.chosen.verdict == "pass"

    @property
    def answers(self) -> list[Answer]:
        """All finished texts."""
        return list(self.tree.counted_answers())

    def to_json(self) -> dict[str, Any]:
        """Plain data; NaN becomes null."""
        return {
            "problem": self.problem.prompt,
            "problem_id": self.problem.id,
            "answer": self.answer,
            "text": self.text,
            "score": None if math.isnan(self.score) else self.score,
            "verdict": self.chosen.verdict if self.chosen else None,
            "node": self.chosen.node if self.chosen else None,
            "stop_reason": self.stop_reason,
            "answers_found": len(self.tree.answers),
            "nodes": len(self.tree),
            "ledger": self.ledger.to_dict(),
            "notes": self.notes,
            "error": None if self.error is None else f"{type(self.error).__name__}: {self.error}",
        }

    def _repr_html_(self) -> str:
        rows: list[tuple[str, Any]] = [
            ("answer", self.answer),
            ("score", f"{self.score:.3g}"),
            ("stopped by", self.stop_reason),
        ]
        rows += [("model tokens", self.ledger.tokens), ("seconds", f"{self.ledger.seconds:.2f}")]
        rows += [("nodes", len(self.tree)), ("answers found", len(self.tree.answers))]
        cells = "".join(f"<tr><th>{k}</th><td><pre>{html.escape(str(v))}</pre></td></tr>" for k, v in rows)
        return f"<table>{cells}</table>"


def outline(tree: Tree, text: dict[int, str], most: int = 60) -> str:
    """The tree as indented lines, best-visited children first: what `--show-tree` prints.

    `text` gives the text of each node's edge. At most `most` lines.
    """
    lines: list[str] = []
    best = {a.node: a for a in tree.answers}

    def show(node: int, indent: int) -> None:
        if len(lines) >= most:
            return
        if node != ROOT:
            facts = [f"p {tree.prior[node]:.2f}"]
            facts += [f"q {tree.q[node]:.2f}"] if not math.isnan(tree.q[node]) else []
            facts += [f"n {tree.visits[node]} v {tree.value(node):.2f}"] if tree.visits[node] else []
            facts += [f"x{tree.count[node]}"] if tree.count[node] > 1 else []
            facts += ["refuted"] if tree.refuted[node] else []
            if node in best:
                facts.append(f"answer {best[node].answer} {best[node].verdict or ''}".rstrip())
            lines.append(f"{'  ' * (indent - 1)}{text.get(node, '').strip()!r}  [{', '.join(facts)}]")
        family = [*tree.children[node], *tree.rollouts[node]]
        for child in sorted(family, key=lambda c: (-tree.visits[c], -tree.prior[c], c)):
            show(child, indent + 1)

    show(ROOT, 0)
    hidden = len(tree) - 1 - len(lines)
    return "\n".join(lines + ([f"... {hidden} more nodes"] if hidden > 0 else []))
