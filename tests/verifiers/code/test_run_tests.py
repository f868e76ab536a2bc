"""Forms of tests, verdicts, limits and errors of the public functions."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verifiers.code import (
    Assert,
    Call,
    Check,
    Isolation,
    IsolationError,
    Job,
    Pool,
    Script,
    TestError,
    Verdict,
    parse_tests,
    run_tests,
)


def verdicts(pool: Pool, program: str, tests: Any, **settings: Any) -> list[str]:
    return [str(t.verdict) for t in run_tests(program, tests, pool=pool, **settings).tests]


ADD = "def add(a, b=1):\n    return a + b"


@pytest.mark.parametrize(
    "tests",
    [
        "assert add(1, 2) == 3",
        ["assert add(1, 2) == 3", "assert add(1) == 2"],
        Assert("assert add(x) == 5", setup="x = 4"),
        [Call((1, 2), 3), Call((1,), 5, {"b": 4})],
        {"input": [1, 2], "output": 3},
        {"args": [1], "kwargs": {"b": 7}, "expected": 8},
        "def check(candidate):\n    assert candidate(1, 2) == 3\n    assert [*map(candidate, range(3))] == [1, 2, 3]",
        Check("def check(f):\n    assert f(1) + f(2) == 5"),
    ],
    ids=repr,
)
def test_forms_pass_the_right_program_and_fail_a_wrong_one(pool: Pool, tests: Any) -> None:
    assert run_tests(ADD, tests, entry_point="add", pool=pool).passed
    wrong = run_tests(ADD.replace("a + b", "a - b"), tests, entry_point="add", pool=pool)
    assert wrong.verdict is Verdict.WRONG
    assert not wrong.passed


@pytest.mark.parametrize(
    ("program", "printed", "verdict"),
    [
        ("print(int(input()) * 2)", "8\n", Verdict.PASS),
        ("print(int(input()) * 2, end='  \\n\\n\\n')", "8", Verdict.PASS),
        ("print(int(input()) * 3)", "8\n", Verdict.WRONG),
        ("import sys; sys.stdout.write(str(2 * int(sys.stdin.readline())))", "8", Verdict.PASS),
        ("import os; os.write(1, b'%d' % (2 * int(open(0).read()))); os._exit(0)", "8", Verdict.PASS),
        ("import os; os._exit(0)", "8", Verdict.WRONG),
        ("import os; print(8, flush=True); os._exit(3)", "8", Verdict.KILLED),
        ("import sys; print(8); sys.exit()", "8", Verdict.PASS),
        ("import sys; print(8); sys.exit(1)", "8", Verdict.EXCEPTION),
        ("print(8); 1 / 0", "8", Verdict.EXCEPTION),
        ("if __name__ == '__main__': print(8)", "8", Verdict.PASS),
        ("import atexit; atexit.register(print, 8)", "8", Verdict.PASS),
        ("import threading; threading.Thread(target=lambda: print(8)).start()", "8", Verdict.PASS),
        ("while True: pass", "8", Verdict.TIMEOUT),
        ("while True: print('x' * 10000)", "8", Verdict.MALFORMED),
        ("print(8", "8", Verdict.MALFORMED),
        ("a = bytearray(10**10)", "8", Verdict.MEMORY),
        ("import sys; sys.stdin.close(); sys.stdout.close()", "8", Verdict.EXCEPTION),
        ("print(8, file=__import__('sys').stderr)", "8", Verdict.WRONG),
    ],
)
def test_scripts(pool: Pool, program: str, printed: str, verdict: Verdict) -> None:
    seconds = 0.3 if verdict is Verdict.TIMEOUT else 10
    report = run_tests(program, Script("4\n", printed), timeout=seconds, pool=pool)
    assert report.verdict is verdict, report


def test_each_script_runs_afresh(pool: Pool) -> None:
    program = "import os\nn = int(input())\nif n == 2: os._exit(1)\nprint(n)"
    tests = [Script(str(n), str(n)) for n in (1, 2, 3)]
    assert verdicts(pool, program, tests) == ["pass", "killed", "pass"]


def test_tests_go_on_after_one_that_ended_the_program(pool: Pool) -> None:
    program = """
import os
def f(x):
    while x == 2: pass
    if x == 3: os._exit(0)
    if x == 4: raise KeyError(x)
    return x
"""
    tests = [f"assert f({i}) == {i}" for i in range(1, 6)]
    assert verdicts(pool, program, tests, timeout=20, test_timeout=0.5) == [
        "pass",
        "timeout",
        "killed",
        "exception",
        "pass",
    ]
    assert verdicts(pool, program, tests, timeout=0.5) == ["pass", *["timeout"] * 4]
    assert verdicts(pool, program, tests[2:], stop_early=True) == ["killed", "not run", "not run"]


def test_a_program_that_does_not_load_fails_every_test_once(pool: Pool) -> None:
    start = time.monotonic()
    assert verdicts(pool, "while True: pass", ["assert f()"] * 20, timeout=20, test_timeout=0.3) == ["timeout"] * 20
    assert time.monotonic() - start < 2
    assert verdicts(pool, "1 / 0", ["assert f()"] * 3) == ["exception"] * 3


def test_arguments_changed_in_place_are_seen(pool: Pool) -> None:
    program = "def sort(xs):\n    xs.sort()\ndef fill(d, s, b):\n    d['k'] = 1; s.add(2); b[:] = b'z'"
    tests = [
        "xs = [3, 1]\nys = xs\nassert sort(xs) is None\nassert ys == [1, 3]",
        "d, s, b = {}, {1}, bytearray()\nfill(d, s, b)\nassert (d, s, b) == ({'k': 1}, {1, 2}, b'z')",
    ]
    assert verdicts(pool, program, tests) == ["pass", "pass"]


def test_functions_of_the_test_can_be_arguments(pool: Pool) -> None:
    program = "def apply(f, x):\n    try: return f(x)\n    except ValueError as error: return str(error)"
    tests = [
        "assert apply(lambda x: x * 2, 4) == 8",
        "assert apply(len, 'abc') == 3",
        "def fail(x): raise ValueError('no')\nassert apply(fail, 1) == 'no'",
    ]
    assert verdicts(pool, program, tests) == ["pass"] * 3


def test_exceptions_can_be_expected(pool: Pool) -> None:
    program = "class Mine(LookupError): pass\ndef f(x):\n    raise Mine(x)"
    test = (
        "try:\n    f('a')\nexcept LookupError as error:\n    assert 'a' in str(error)\nelse:\n    raise AssertionError"
    )
    assert verdicts(pool, program, test) == ["pass"]
    report = run_tests(program, "f(3)", pool=pool)
    assert (report.verdict, report.detail) == (Verdict.EXCEPTION, "Mine: 3")


def test_names_left_unbound_by_an_odd_answer_are_the_programs_fault(pool: Pool) -> None:
    test = "def check(f):\n    for last in f():\n        pass\n    assert last == 3"
    assert verdicts(pool, "def f(): return []", test, entry_point="f") == ["wrong answer"]
    assert verdicts(pool, "def f(): return [3]", test, entry_point="f") == ["pass"]


def test_loops_of_a_test_cannot_be_cut_short(pool: Pool) -> None:
    tests = ["assert all(map(f, [1, 2]))", "assert not any(map(f, [1]))", "for _ in map(f, [1]):\n    assert False"]
    assert verdicts(pool, "def f(x): raise StopIteration", tests) == ["exception"] * 3
    assert verdicts(pool, "def f(x): raise StopAsyncIteration", tests) == ["exception"] * 3


@pytest.mark.parametrize("bare", ["except:", "except BaseException:"])
def test_test_code_that_swallows_everything_saves_no_dead_program(pool: Pool, bare: str) -> None:
    test = f"try:\n    f()\n{bare}\n    pass"
    assert verdicts(pool, "import os\ndef f(): os._exit(0)", test) == ["killed"]
    assert verdicts(pool, "def f():\n    while True: pass", test, timeout=0.3) == ["timeout"]
    assert verdicts(pool, "def f(): return 'x' * 10**8", test) == ["malformed"]


def test_objects_of_the_program(pool: Pool) -> None:
    program = """
class Node:
    def __init__(self, value): self.value, self.next = value, None
    def __iter__(self):
        while self is not None:
            yield self.value
            self = self.next
    def __len__(self): return sum(1 for _ in self)
    def __getitem__(self, i): return list(self)[i]
    def __eq__(self, other): return True
    def __str__(self): return f"<{self.value}>"
    def __sub__(self, other): return 0
    __rsub__ = __add__ = __sub__
def total(node): return sum(node)
def generate():
    yield from (1, 2)
"""
    setup = "a, b = Node(1), Node(2)\na.next = b"
    good = """
        total(a) == 3; list(a) == [1, 2]; len(a) == 2; a[1] == 2; a.next.value == 2; a.next is b; a != b
        [*generate()] == [1, 2]; str(a) == '<1>'
    """.replace("\n", ";").split(";")
    good = [f"assert {code.strip()}" for code in good if code.strip()]
    judged_by_itself = ["assert a == b", "assert a == 3", "assert Node(7)", "assert a in [b]", "assert 9 in a"]
    judged_by_itself += ["assert abs(a - 3) == 0", "assert 3 - a == 0", "assert not a", "assert a < 3"]
    tests = [Assert(code, setup) for code in good + judged_by_itself]
    expected = ["pass"] * len(good) + ["wrong answer"] * len(judged_by_itself)
    assert verdicts(pool, program, tests, entry_point="total") == expected


def test_names_of_the_test_are_its_own(pool: Pool) -> None:
    """Builtins, the standard library and the prompt's helpers come from the trusted side."""
    program = (
        "def helper(x): return 0\nclass math:\n    isclose = lambda *a: True\ndef abs(x): return 0\ndef f(x): return 5"
    )
    tests = ["assert math.isclose(f(1), 1)", "assert abs(f(1)) == 0", "assert helper(f(1)) == 0", "assert f(1) == 5"]
    prompt = "def helper(x):\n    return x"
    expected = ["wrong answer"] * 3 + ["pass"]
    assert verdicts(pool, program, tests, entry_point="f", prompt=prompt) == expected


def test_a_program_may_redefine_the_builtin_under_test(pool: Pool) -> None:
    assert verdicts(pool, "def sum(a, b): return a * b", "assert sum(2, 3) == 6") == ["pass"]


def test_state_of_one_verification_does_not_reach_the_next(pool: Pool) -> None:
    dirty = "import builtins, math, sys\nmath.tau = 0\nbuiltins.stain = 1\nsys.setrecursionlimit(50)\ndef f(): return 1"
    clean = (
        "import builtins, math, sys\ndef f(): return math.tau > 6, hasattr(builtins, 'stain'), sys.getrecursionlimit()"
    )
    test = "import math\nmath.pi = 3\nassert f() == 1"
    for _ in range(3):
        assert verdicts(pool, dirty, test) == ["pass"]
        assert verdicts(pool, clean, "assert f() == (True, False, 1000)") == ["pass"]
        assert verdicts(pool, "def f(): return 1", "import math\nassert math.pi > 3.1 and f()") == ["pass"]


def test_a_verdict_is_the_same_every_time(pool: Pool) -> None:
    program = "import random\nx = random.random()\ndef f(): return [x, list({'a', 'b', 'c', 'd'}), random.random()]"
    found = {run_tests(program, "assert f() == 0", pool=pool).detail for _ in range(5)}
    assert len(found) == 1


def test_ordinary_means_work(pool: Pool) -> None:
    program = """
import contextlib, hashlib, io, os, tempfile, time
def f():
    with open(os.devnull, "w") as null, contextlib.redirect_stdout(null): print("x")
    captured = io.StringIO()
    with contextlib.redirect_stdout(captured): print("y")
    return captured.getvalue(), len(os.urandom(3)), hashlib.sha256(b"").hexdigest()[:4], time.time() > 0
"""
    assert verdicts(pool, program, "assert f() == ('y\\n', 3, 'e3b0', True)") == ["pass"]


def test_tests_draw_the_same_inputs_every_time(pool: Pool) -> None:
    test = "import random\nassert f(random.random()) == 0"
    assert len({run_tests("def f(x): return x", test, pool=pool).detail for _ in range(3)}) == 1


@pytest.mark.parametrize("setting", ["PYTHONOPTIMIZE=2", "PYTHONWARNINGS=error", "PYTHONDEVMODE=1"])
def test_asserts_count_however_the_caller_was_started(setting: str) -> None:
    code = (
        "from verifiers.code import run_tests\n"
        "for body in ('x', 'x + 1'): print(run_tests(f'def f(x): return {body}', 'assert f(1) == 2').verdict)"
    )
    done = subprocess.run(["env", setting, sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout == "wrong answer\npass\n", done.stderr


def test_test_code_led_astray_by_an_answer_is_stopped(pool: Pool) -> None:
    program = "def f(): return 10**9"
    start = time.monotonic()
    assert verdicts(pool, program, "n = f()\nwhile n: pass", timeout=0.5) == ["timeout"]
    assert verdicts(pool, program, "assert 10 ** f() == 1", timeout=0.5) == ["timeout"]
    assert verdicts(pool, "def f():\n    while True: yield 0", "assert list(f()) == []", timeout=0.5) == ["timeout"]
    assert time.monotonic() - start < 1.5 + 3 * 0.3
    assert verdicts(pool, "def f(): return 10**11", "assert [0] * f() == 1") == ["wrong answer"]


def test_reports(pool: Pool) -> None:
    report = run_tests(
        "import time\ndef f():\n    time.sleep(0.2)\n    return bytearray(50 << 20)[0]", "assert f() == 1", pool=pool
    )
    assert report.verdict is Verdict.WRONG
    assert report.detail == "assert f() == 1: got 0"
    assert 0.2 <= report.tests[0].seconds <= report.seconds
    assert 60 < report.peak_memory < 200
    assert report.isolation is pool.level
    assert report.to_json()["verdict"] == "wrong answer"


@settings(max_examples=25, deadline=None)
@given(
    value=st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text()
        | st.binary(),
        lambda inner: (
            st.lists(inner, max_size=3) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner, max_size=3)
        ),
        max_leaves=8,
    )
)
def test_values_cross_the_sandbox_and_come_back(best_pool: Pool, value: Any) -> None:
    same = [Call((value,), value), Call((value,), [value]), Assert(f"assert f({value!r}) == {value!r}")]
    assert verdicts(best_pool, "def f(x): return x", same, entry_point="f") == ["pass", "wrong answer", "pass"]


@pytest.mark.parametrize(
    ("tests", "settings", "error", "words"),
    [
        ([], {}, ValueError, "no tests"),
        ("", {}, ValueError, "empty test"),
        ("# nothing", {}, ValueError, "empty test"),
        ("assert f(", {}, SyntaxError, "closed"),
        (3, {}, TypeError, "a test is"),
        ({"in": 1}, {}, TypeError, "'input' and 'output'"),
        ([Call((object(),), 1)], {"entry_point": "f"}, TypeError, "plain data"),
        ([Call((1,), 1)], {}, ValueError, "entry_point"),
        ([Script("", ""), "assert f()"], {}, ValueError, "mixed"),
        ("assert f()", {"timeout": 0}, ValueError, "timeout"),
        ("assert f()", {"timeout": float("inf")}, ValueError, "timeout"),
        ("assert f()", {"memory": 1 << 30}, ValueError, "MiB"),
        ("assert f()", {"memory": 1}, ValueError, "MiB"),
        ("assert f()", {"isolation": "none"}, ValueError, "full"),
        ("assert f()", {"prompt": "Write a function"}, ValueError, "prompt"),
        ("assert f(object())", {}, TestError, "plain data"),
    ],
    ids=repr,
)
def test_errors_of_the_caller(best_pool: Pool, tests: Any, settings: dict[str, Any], error: type, words: str) -> None:
    with pytest.raises(error, match=words):
        run_tests("def f(x=1): return x", tests, pool=best_pool, **settings)
    assert run_tests("def f(x=1): return x", "assert f() == 1", pool=best_pool).passed


def test_below_the_isolation_demanded_nothing_runs() -> None:
    with (
        Pool(1, level="restricted") as pool,
        pytest.raises(IsolationError, match="full demanded, restricted available"),
    ):
        run_tests("def f(): pass", "f()", isolation="full", pool=pool)
    with pytest.raises(IsolationError, match="below"):
        Pool(1, level="restricted", isolation=Isolation.FULL)


def test_without_user_namespaces_the_pool_falls_back_and_says_why() -> None:
    """Inside a user namespace whose own limit of user namespaces is set to none."""
    code = """
import os
from verifiers.code import Isolation, IsolationError, Pool, confine, run_tests
try:
    confine.enter_user_namespace()
    with open("/proc/sys/user/max_user_namespaces", "w") as limit:
        limit.write("0")
except OSError as error:
    print("skip:", error)
    os._exit(0)
child = os.fork()  # the first of the new pid namespace
if child:
    os._exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
with Pool(1) as pool:
    assert pool.level is Isolation.RESTRICTED, pool.level
    assert "unshare" in pool.refused[Isolation.FULL], pool.refused
    report = run_tests("def f(x): return x + 1", "assert f(1) == 2", pool=pool)
    assert report.passed and report.isolation is Isolation.RESTRICTED
try:
    Pool(1, isolation="full")
except IsolationError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    if done.stdout.startswith("skip:"):
        pytest.skip(f"a namespace without user namespaces could not be made: {done.stdout}")
    assert "unshare" in done.stdout, done.stderr
    assert "nothing was run" in done.stdout


def test_a_canary_that_escapes_stops_the_pool(monkeypatch: pytest.MonkeyPatch) -> None:
    from verifiers.code import pool as module

    monkeypatch.setattr(module, "CANARY", "def escapes(): return ['write']")
    with pytest.raises(IsolationError, match="does not hold"):
        Pool(1)


def test_other_platforms_import_and_refuse_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    code = (
        "import sys; sys.platform = 'darwin'; sys.modules['resource'] = sys.modules['pwd'] = None\n"
        "import verifiers.code\n"
        "try: verifiers.code.run_tests('', 'assert f()')\n"
        "except verifiers.code.IsolationError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "darwin" in done.stdout


def test_nothing_heavy_is_imported() -> None:
    code = "import sys, verifiers.code; print({m.split('.')[0] for m in sys.modules} & {'torch', 'numpy', 'qstar'})"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "set()\n"


def test_servers_killed_from_outside_are_replaced(best_pool: Pool) -> None:
    with Pool(1) as pool:
        for role in ("candidate", "judges"):
            worker = pool._idle.queue[-1]
            server = getattr(worker, role).process
            server.kill()
            server.wait()
            assert pool.run(Job(ADD, parse_tests("import math\nassert add(1) == 2"))).passed


def test_a_closed_pool_refuses() -> None:
    pool = Pool(1)
    pool.close()
    with pytest.raises(ValueError, match="closed"):
        pool.run(Job(ADD, parse_tests("assert add(1) == 2")))


def test_modules_that_programs_may_import() -> None:
    numpy = pytest.importorskip("numpy")
    program = "import numpy as np\ndef f(xs): return np.sum(np.array(xs)), np.float64(0.5), np.array(xs).tolist()"
    with Pool(1, modules=["numpy"]) as pool:
        report = pool.run(Job(program, parse_tests("assert f([1, 2]) == (3, 0.5, [1, 2])"), timeout=20, memory=2048))
        assert report.passed, (report, numpy.__version__)
    with Pool(1) as pool:
        assert pool.run(Job(program, parse_tests("assert f([1, 2])"))).detail.startswith("ModuleNotFoundError")
