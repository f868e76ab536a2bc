"""Run folders as `qstar bench` writes them, without a model: each search finds right answers by chance."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

UNIT, PROMPT = 50, 20


def manifest(**changes):
    """A manifest of two searches read by two selectors."""
    data = {
        "format": "qstar-bench",
        "version": 1,
        "task": {"name": "words", "source": "generated", "sha256": "ab" * 32, "split": "test", "problems": 3},
        "model": {"name": "org/small", "revision": "main", "parameters": 1000},
        "searches": [{"label": "best-of-n", "name": "best-of-n"}, {"label": "astar", "name": "astar"}],
        "selects": ["majority", "q"],
        "budgets": ["1x", "4x"],
        "unit_tokens": UNIT,
        "seeds": [0],
        "verifier": None,
        "stop_on_pass": False,
        "oracle": False,
        "versions": {"qstar": "0.1.0"},
        "created": "2026-01-01T00:00:00",
    }
    return data | changes


def point(select, budget, graded, found=None, answer="7", answers=2, tokens=None):
    tokens = PROMPT + UNIT * int(budget.rstrip("x")) if tokens is None else tokens
    right = graded if found is None else found
    spent = {"tokens": tokens, "flops": 1000.0 * tokens, "seconds": tokens / 1000}
    return {
        "select": select,
        "budget": budget,
        "answer": answer,
        "graded": graded,
        "found": right,
        "answers": answers,
    } | spent


def line(search, problem, points, seed=0, error=None, **changes):
    tokens = max((p["tokens"] for p in points), default=PROMPT)
    ledger = {"tokens": tokens, "tokens_by": {"prompt": PROMPT, "generated": tokens - PROMPT}, "flops": 1000.0 * tokens}
    data = {"search": search, "seed": seed, "id": problem, "stop_reason": "error" if error else "tokens"}
    data |= {"error": error, "seconds": tokens / 1000, "ledger": ledger | {"verifier_calls": 1, "seconds": 0.1}}
    return data | {"prompt_tokens": PROMPT, "points": points} | changes


def write(folder: Path, manifest, lines, totals=None) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "manifest.json").write_text(json.dumps(manifest))
    (folder / "problems.jsonl").write_text("".join(json.dumps(entry) + "\n" for entry in lines))
    if totals:
        (folder / "totals.json").write_text(json.dumps(totals))
    return folder


def random_run(
    folder: Path,
    problems=60,
    seeds=3,
    task="game24",
    searches=(("greedy", 0), ("best-of-n", 1.0), ("astar", 2.5), ("mcts", 2.0)),
    seed=0,
    **changes,
) -> Path:
    """A finished run of `problems` problems of mixed difficulty; a search's number says how much better it samples."""
    rng = np.random.default_rng(seed)
    ease = rng.beta(0.6, 2.5, problems)
    selects, budgets = ["majority", "q-vote"], ["1x", "4x", "16x", "64x"]
    lines = []
    for label, skill in searches:
        for s in range(seeds):
            for i in range(problems):
                if label == "greedy":
                    right = bool(rng.random() < ease[i])
                    points = [point(select, "1x", right, answers=1, tokens=PROMPT + 45) for select in selects]
                    lines.append(line(label, f"p{i}", points, s, solved_at=PROMPT + 45 if right else None))
                    continue
                hits = rng.random(64) < min(1, ease[i] * skill * 0.7)
                first = int(hits.argmax()) + 1 if hits.any() else None
                points = []
                for select in selects:
                    for budget in budgets:
                        n = int(budget[:-1])
                        share = hits[:n].mean()
                        chance = share if select == "majority" else min(1.0, 1.6 * share)
                        graded = bool(share > 0 and rng.random() < chance)
                        answer = f"{i}" if graded else f"wrong {rng.integers(9)}"
                        points.append(point(select, budget, graded, bool(share > 0), answer, n))
                at = PROMPT + UNIT * first if first else None
                lines.append(line(label, f"p{i}", points, s, solved_at=at, statement=f"Make 24 from {i} 4 6 8"))
    settings = {
        "task": {"name": task, "source": "generated", "sha256": "cd" * 32, "split": "test", "problems": problems}
    }
    settings |= {"searches": [{"label": label, "name": label} for label, _ in searches], "seeds": list(range(seeds))}
    settings |= {"selects": selects, "budgets": budgets}
    totals = {"seconds": 100.0, "forward_seconds": 80.0, "verifier_seconds": 9.0, "rest_seconds": 11.0}
    return write(folder, manifest(**settings) | changes, lines, totals)
