"""The case files, by kind. Written for this project; docs/math-verifier.md explains the doubtful ones."""

from pathlib import Path

FOLDER = Path(__file__).parent / "cases"
ANSWER_KINDS = sorted(path.stem for path in FOLDER.glob("*.tsv") if path.stem not in ("extract", "steps"))


def rows(kind: str) -> list[list[str]]:
    """The rows of one file; ⏎ stands for a line break."""
    lines = (FOLDER / f"{kind}.tsv").read_text(encoding="utf-8").splitlines()
    return [line.replace("⏎", "\n").split("\t") for line in lines if not line.startswith("#")]


def answers() -> list[tuple[str, bool, str, str]]:
    """(kind, whether equivalent, left, right) of every answer case."""
    return [(kind, verdict == "=", a, b) for kind in ANSWER_KINDS for verdict, a, b in rows(kind)]
