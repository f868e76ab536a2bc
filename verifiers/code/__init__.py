"""Run programs that a model wrote, confined, and judge them by tests they never see.

    from verifiers.code import run_tests
    report = run_tests("def f(x): return x + 1", ["assert f(1) == 2"])
    report.verdict, report.isolation

Linux only: elsewhere the import works and running raises IsolationError.
"""

from verifiers.code.forms import Assert, Call, Check, Script, parse_tests
from verifiers.code.pool import Job, Pool, TestError, default_pool, run_tests
from verifiers.code.verdict import Isolation, IsolationError, Outcome, Report, Verdict

__all__ = [
    "Assert",
    "Call",
    "Check",
    "Isolation",
    "IsolationError",
    "Job",
    "Outcome",
    "Pool",
    "Report",
    "Script",
    "TestError",
    "Verdict",
    "default_pool",
    "parse_tests",
    "run_tests",
]
