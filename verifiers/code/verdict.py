"""What a verification says: verdicts, outcomes, reports. Plain data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum


class Verdict(str, Enum):
    """How a program did on a test. The value is the text shown to people."""

    PASS = "pass"
    WRONG = "wrong answer"
    EXCEPTION = "exception"  # the program raised; detail holds the last traceback line
    TIMEOUT = "timeout"
    MEMORY = "memory"
    KILLED = "killed"  # the process died before it answered: a signal, os._exit, a crash of the interpreter
    NO_ENTRY_POINT = "no entry point"  # the program does not define the function the test calls
    MALFORMED = "malformed"  # source that does not compile, or a reply that is no (or too large a) message
    NOT_RUN = "not run"  # an earlier test failed and `stop_early` was asked for

    def __str__(self) -> str:
        return self.value


class Isolation(IntEnum):
    """How a program was confined, weakest first. Nothing weaker than RESTRICTED ever runs."""

    RESTRICTED = 1  # Landlock, seccomp, resource limits
    FULL = 2  # the same, inside user, pid, mount, network and ipc namespaces with a root of its own

    def __str__(self) -> str:
        return self.name.lower()

    @classmethod
    def parse(cls, value: Isolation | str | int) -> Isolation:
        """An Isolation from itself, its name in any case, or its number. Raises ValueError otherwise."""
        try:
            return cls[value.upper()] if isinstance(value, str) else cls(value)
        except (KeyError, ValueError):
            raise ValueError(f"isolation must be 'full' or 'restricted', not {value!r}") from None


class IsolationError(RuntimeError):
    """This machine cannot confine a program as demanded, so nothing was run."""


@dataclass(frozen=True)
class Outcome:
    """One test."""

    verdict: Verdict
    detail: str = ""  # one line; for WRONG what came back, for EXCEPTION the last traceback line
    seconds: float = 0.0  # wall clock of this test

    @property
    def passed(self) -> bool:
        return self.verdict is Verdict.PASS


@dataclass(frozen=True)
class Report:
    """One program on all its tests."""

    tests: tuple[Outcome, ...]
    seconds: float  # wall clock of the whole verification
    peak_memory: float  # MiB resident at most in one of its processes, interpreter included
    isolation: Isolation  # what really applied

    @property
    def passed(self) -> bool:
        return all(test.passed for test in self.tests)

    @property
    def first_failure(self) -> Outcome | None:
        return next((test for test in self.tests if not test.passed), None)

    @property
    def verdict(self) -> Verdict:
        """PASS when every test passed, else the verdict of the first that did not."""
        failure = self.first_failure
        return failure.verdict if failure else Verdict.PASS

    @property
    def detail(self) -> str:
        failure = self.first_failure
        return failure.detail if failure else ""

    def to_json(self) -> dict[str, object]:
        """The report as JSON-ready data."""
        return {
            "passed": self.passed,
            "verdict": self.verdict.value,
            "detail": self.detail,
            "tests": [
                {"verdict": t.verdict.value, "detail": t.detail, "seconds": round(t.seconds, 4)} for t in self.tests
            ],
            "seconds": round(self.seconds, 4),
            "peak_memory_mib": round(self.peak_memory, 1),
            "isolation": str(self.isolation),
        }
