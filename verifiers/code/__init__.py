"""Run programs that a model wrote, confined, and judge them by tests they never see.

    from verifiers.code import run_tests
    report = run_tests("def f(x): return x + 1", ["assert f(1) == 2"])
    report.verdict, report.isolation

Linux only: elsewhere the import works and running raises IsolationError.
"""

from verifiers.code.clusters import Behaviour, behaviours, choose, cluster, n_at_k, pass_at_k, passes
from verifiers.code.forms import Assert, Call, Check, Script, parse_tests
from verifiers.code.pool import Job, Pool, TestError, default_pool, run_tests
from verifiers.code.reward import CodeReward, extract_program
from verifiers.code.verdict import Isolation, IsolationError, Outcome, Report, Verdict

__all__ = [
    "Assert",
    "Behaviour",
    "Call",
    "Check",
    "CodeReward",
    "Isolation",
    "IsolationError",
    "Job",
    "Outcome",
    "Pool",
    "Report",
    "Script",
    "TestError",
    "Verdict",
    "behaviours",
    "choose",
    "cluster",
    "default_pool",
    "extract_program",
    "n_at_k",
    "parse_tests",
    "pass_at_k",
    "passes",
    "run_tests",
]
