"""Functions judged by the examples they show: what a prompt says, what a text makes, and searches guided by it."""

from __future__ import annotations

import ast
import inspect
import statistics
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qstar.budget import Budget, Ledger
from qstar.code import ExamplesVerifier, SandboxUnavailable, graded, program, public_examples, refuted
from qstar.judge import Judge
from qstar.problem import Judgement, Problem, Verdict
from qstar.request import Child, Stop
from verifiers.code import IsolationError, pool

PROMPT = '''def total(xs, k):
    """Add up the numbers greater than k.

    >>> total([1, 5, 9], 4)
    14
    >>> total([], 0)
    0
    >>> total([3, 3], 2)
    6
    """
'''
RIGHT = "    return sum(x for x in xs if x > k)\n"
PROBLEM = Problem(PROMPT, "total")
UNKNOWN = Judgement(Verdict.UNKNOWN, 0.5)
FAIL = Judgement(Verdict.FAIL, 0.0)
PASS = Judgement(Verdict.PASS, 1.0)


@pytest.fixture(scope="module")
def verifier() -> ExamplesVerifier:
    return ExamplesVerifier(test_timeout=0.5, timeout=1.0)


# ---------------------------------------------------------------- examples and programs


def test_examples_of_a_docstring():
    assert public_examples(PROMPT) == (
        "assert total([1, 5, 9], 4) == 14",
        "assert total([], 0) == 0",
        "assert total([3, 3], 2) == 6",
    )


@pytest.mark.parametrize(
    ("docstring", "examples"),
    [
        (">>> f(1)\n2", ("assert f(1) == 2",)),
        (">>> f(1)  # one\n2", ("assert f(1) == 2",)),
        (">>> f('a\\\\'b')\n\"a'b\"", ("assert f('a\\'b') == \"a'b\"",)),
        (">>> x = [1]\n>>> f(x)\n[1,\n 2]", ("x = [1]\nassert f(x) == [1, 2]",)),
        (">>> f(\n...     1)\n2", ("assert f(1) == 2",)),
        (">>> print(f(1))\ntwo words", ("assert str(f(1)) == 'two words'",)),
        (">>> f(1)\n<object>", ("assert repr(f(1)) == '<object>'",)),
        (">>> f(1)\nTraceback (most recent call last):\nValueError: no", ()),
        (">>> f(1)\n2\n\nText between.\n\n>>> f(2)\n3", ("assert f(1) == 2", "assert f(2) == 3")),
        (">>>f(1)\n2", ()),  # not laid out as doctest wants it
        (">>> f(\n2", ()),
        ("no example", ()),
    ],
)
def test_forms_of_examples(docstring, examples):
    assert public_examples(f'def f(x):\n    """Do it.\n\n{textwrap.indent(docstring, "    ")}\n    """\n') == examples


def test_examples_are_those_of_the_last_function():
    helper = 'import math\n\n\ndef g(x):\n    """>>> g(1)\n    1\n    """\n    return x\n\n\n'
    assert public_examples(helper + PROMPT) == public_examples(PROMPT)
    assert public_examples(f"Complete this function:\n\n```python\n{PROMPT}```\n") == public_examples(PROMPT)
    assert public_examples("What is >>> 3?") == ()
    assert public_examples("def f(x):\n") == ()


@given(st.text(max_size=120), st.text(max_size=60))
def test_any_prompt_and_any_text_are_read(prompt, text):
    assert isinstance(public_examples(prompt), tuple)
    assert isinstance(program(prompt, text), str)
    assert refuted(prompt, text) in (True, False)


def test_a_body_completes_its_prompt_and_a_program_replaces_it():
    whole = "def total(xs, k):\n    return 0\n"
    imports = "from typing import List\n\n\n"
    assert program(PROMPT, RIGHT) == PROMPT + RIGHT
    assert program(imports + PROMPT, whole) == imports + whole
    assert program(PROMPT, f"Here you are:\n```python\n{whole}```\nIt is easy.") == whole
    assert program(PROMPT, f"```\n{RIGHT}```") == PROMPT + RIGHT
    assert program(PROMPT, f"Here you are:\n{whole}") == whole
    assert program(PROMPT, "    def inner():\n        return 1\n    return inner()\n").startswith(PROMPT)
    assert program("Write a function that adds.", whole) == whole
    thought = f"<think>\nPerhaps\n```python\n{whole.replace('0', '1')}```\nNo.\n</think>\n"
    assert program(PROMPT, thought + RIGHT) == PROMPT + "\n" + RIGHT
    assert program(PROMPT, f"{thought}```python\n{whole}```") == whole


# ---------------------------------------------------------------- finished texts


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (RIGHT, PASS),
        (RIGHT.rstrip("\n"), PASS),
        (f"```python\ndef total(xs, k):\n{RIGHT}```", PASS),
        ("    return 0\n", Judgement(Verdict.FAIL, 0.5 / 3)),
        ("    return sum(xs)\n", Judgement(Verdict.FAIL, 0.5 * 2 / 3)),
        ("    return 'x'\n", FAIL),
        ("    return (\n", FAIL),
        ("", FAIL),
        ("I do not know.", FAIL),
    ],
)
def test_a_finished_text_is_judged_by_its_examples(verifier, text, said):
    assert verifier(PROBLEM, text) == pytest.approx(said)


def test_public_tests_count_with_the_examples(verifier):
    stricter = Problem(PROMPT, tests=("assert total([2, 8], 5) == 8", "assert total([1, 5, 9], 4) == 14"))
    assert verifier(stricter, RIGHT) == PASS
    assert verifier(stricter, "    return {3: 6, 2: 0, 0: 0}.get(len(xs) and xs[0], 14)\n") == (Verdict.FAIL, 0.375)
    plain = Problem("Write total(xs, k).", tests=stricter.tests)
    assert verifier(plain, f"def total(xs, k):\n{RIGHT}") == PASS


def test_without_examples_nothing_is_known_of_a_program(verifier):
    silent = Problem('def f(x):\n    """Double x."""\n')
    assert verifier(silent, "    return 2 * x\n") == UNKNOWN
    assert verifier(silent, "    return 2 *\n") == FAIL
    assert verifier(silent, "return 2 * x\n") == FAIL


@pytest.mark.parametrize(
    "body",
    [
        "while True: pass",
        "import os; os._exit(0)",
        "import os; os.kill(os.getppid(), 9)",
        "import sys; sys.exit(0)",
        "return [0] * 10 ** 10",
        "return total(xs, k)",
        "open('/etc/passwd').read(); return 14",
        "class E(int):\n        __eq__ = lambda s, o: True\n    return E()",
        "return '\ud800'",
        "return 1 \x00",
        "return " + "(" * 5000,
        "return " + "-" * 30_000 + "1",
        "x = '" + "a" * 200_000 + "'",
    ],
)
def test_hostile_programs_fail(verifier, body):
    started = time.monotonic()
    assert verifier(PROBLEM, f"    {body}\n").verdict is Verdict.FAIL
    assert verifier.prefix(PROBLEM, f"    {body}\n").verdict in (Verdict.FAIL, Verdict.UNKNOWN)
    assert time.monotonic() - started < 10
    assert verifier(PROBLEM, RIGHT) == PASS, "the next program is judged as ever"


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet="    \n()[]:=xk+0'\"\\#ifreturn", max_size=60))
def test_random_text_is_judged(text):
    assert ExamplesVerifier(test_timeout=0.5, timeout=1.0)(PROBLEM, text).score <= 1.0


def test_any_thread_may_judge(verifier):
    texts = [RIGHT, "    return 0\n"] * 8
    with ThreadPoolExecutor(4) as threads:
        said = list(threads.map(lambda text: verifier(PROBLEM, text).verdict, texts))
    assert said == [Verdict.PASS, Verdict.FAIL] * 8


def test_grading():
    assert graded(PROMPT + RIGHT, ["assert total([1, 2], 1) == 2"])
    assert not graded(PROMPT + RIGHT, ["assert total([1, 2], 1) == 2", "assert total([], 1) == 1"])
    with pytest.raises(ValueError, match="no tests"):
        graded(PROMPT + RIGHT, [])


def test_a_machine_without_a_sandbox_is_told_what_to_do(monkeypatch, verifier):
    def refuse() -> None:
        raise IsolationError("no Landlock")

    monkeypatch.setattr(pool, "default_pool", refuse)
    with pytest.raises(SandboxUnavailable, match=r"safely here: no Landlock\. Use Linux .* --verifier none"):
        verifier(PROBLEM, RIGHT)
    assert verifier.prefix(PROBLEM, RIGHT) == UNKNOWN, "syntax needs no sandbox"


# ---------------------------------------------------------------- unfinished texts


@pytest.mark.parametrize(
    "text",
    [
        "    return (\n    ]\n",
        "    x = = 2\n",
        "   return 1\n",
        "    if xs\n",
        "    return k +\n",
        "    return k)\n",
        "    for x in xs:\n    return x\n",
        "      x = 1\n    y = 2\n",
        "    x = 1\n      y = 2\n",
        '    x = "abc\n',
        "    else:\n        pass\n",
        "    try:\n        x = 1\n    y = 2\n",
        "    x = 1\nreturn x\n",
        "    \x00\n",
        "    @f\n    x = 1\n",
        "import math\ndef f(xs):\nreturn 1\n",
    ],
)
def test_what_cannot_become_python_is_refuted(text, verifier):
    assert verifier.prefix(PROBLEM, text) == FAIL
    assert verifier.prefix(PROBLEM, text + "    return 1") == FAIL, "nor does it help to go on"
    with pytest.raises((SyntaxError, ValueError)):
        compile(program(PROMPT, text), "", "exec")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "    retu",
        "    return )",  # the line is not finished
        "    if xs:\n",
        "    if xs:\n        # why\n",
        "    try:\n        for x in xs:\n",
        "    try:\n        pass\n    except ValueError:\n",
        "    try:\n        try:\n            if k:\n",
        "    x = [\n        1,\n",
        "    x = [k\n         if xs\n",
        '    x = """a\n  b\n',
        "    x = 1 + \\\n",
        "    @f\n",
        "    match xs:\n",
        "    match xs:\n        case 1:\n",
        "    # note\n",
        "\n\n",
        "    while True:\n        with open(k) as y:\n",
        "    async def g():\n",
        "    x = '\\d'\n",
        "Here is the function:\n",
        "import os\ndef total(xs, k):\n    return 1\n",
        "```python\ndef total(\n",
        "    x = " + "-" * 15_000 + "1\n",
        "    x = 1\r    y = 2\r    if xs:\n",
        "    x = 1\r    try:\n        y = 2\n",
        "    x = 1 + \\\r\n        k\r\n    if xs:\r\n",
    ],
)
def test_what_may_become_python_is_not_refuted(text, verifier):
    assert verifier.prefix(PROBLEM, text) == UNKNOWN


@pytest.mark.parametrize("module", [statistics, textwrap, inspect], ids=lambda module: module.__name__)
def test_no_prefix_of_python_is_refuted(module):
    """Functions of the standard library, cut after every line and in the middle of some."""
    source = inspect.getsource(module)
    bodies = [n for n in ast.parse(source).body if isinstance(n, ast.FunctionDef)]
    for function in bodies[:25]:
        text = ast.get_source_segment(source, function) or ""
        lines = text.split("\n")
        at = function.body[0].lineno - function.lineno
        head, body = "\n".join(lines[:at]) + "\n", "\n".join(lines[at:]) + "\n"
        if function.decorator_list or not head.startswith("def"):
            continue
        ends = [i + 1 for i, c in enumerate(body) if c == "\n"]
        assert [body[:end] for end in ends + [end - 3 for end in ends] if refuted(head, body[:end])] == []


def test_a_prefix_that_reads_right_may_still_go_on(verifier):
    """The same text is failed at its end and not before it."""
    judge = Judge(PROBLEM, verifier, Ledger(Budget()), lambda text: text)
    text = "    xs = [x for x in xs if x > k]\n"
    child = Child((1,), -1.0, Stop.STEP)
    assert not judge.unfinished(child, text).refuted
    done = judge.finished(child, text)
    assert (done.verdict, done.score) == ("fail", 0.0)
    assert not judge.unfinished(child, text).refuted
    assert judge.finished(child, text + "    return sum(xs)\n").verdict == "pass"
    assert judge.unfinished(child, "    return return\n").refuted
