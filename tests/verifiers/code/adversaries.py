"""The programs of adversaries.txt, and the limits and tests they run under."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from verifiers.code import Isolation, Job, Verdict, parse_tests

TESTS = parse_tests(["assert f(3) == 10", "assert f(5) == 26"])
_FILLERS = {
    "<NUL>": "\0",
    "<PARENTHESES>": "(" * 100_000,
    "<SURROGATE>": "\ud800",
    "<TEN-MEGABYTES>": "#" + " " * 10_000_000,
    "<FORTY-MEGABYTES>": "#" + " " * 40_000_000,
}


@dataclass(frozen=True)
class Adversary:
    name: str
    program: str
    expected: dict[Isolation, set[Verdict]]

    def job(self, timeout: float | None = None) -> Job:
        """Those that must time out get little time, the others plenty, whatever else the machine does."""
        endless = any(Verdict.TIMEOUT in verdicts for verdicts in self.expected.values())
        return Job(self.program, TESTS, timeout=timeout or (0.4 if endless else 10.0), memory=256)


def _verdicts(text: str) -> set[Verdict]:
    found = re.findall("|".join(v.value for v in Verdict), text)
    assert found, text
    return {Verdict(v) for v in found}


def load() -> list[Adversary]:
    text = (Path(__file__).parent / "adversaries.txt").read_text()
    found = []
    for block in re.split(r"^== ", text, flags=re.MULTILINE)[1:]:
        head, _, program = block.partition("\n")
        name, full, *restricted = (part.strip() for part in head.split("|"))
        for mark, filler in _FILLERS.items():
            program = program.replace(mark, filler)
        expected = {Isolation.FULL: _verdicts(full), Isolation.RESTRICTED: _verdicts((restricted or [full])[0])}
        found.append(Adversary(name, program, expected))
    return found
