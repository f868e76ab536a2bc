"""Functions from a docstring: the examples that a prompt shows, the program that an answer makes, its judgement."""

from __future__ import annotations

import ast
import doctest
import io
import re
import tokenize
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from qstar.problem import Judgement, Problem, Verdict
from verifiers.code.verdict import IsolationError

if TYPE_CHECKING:
    from verifiers.code import Pool, Report

LONGEST_CHECKED = 20_000  # characters of a program whose prefixes are checked
MOST_OPEN = 30  # blocks that are closed in trial

_CODE_LINE = re.compile(r"^(?:(?:def|async|class|import|from)\b|@\w)", re.MULTILINE)
_DEFINITION = re.compile(r"^(?:async[ \t]+)?def[ \t]+(\w+)", re.MULTILINE)
_AFTER_LINE = re.compile(r"after (.*) on line (\d+)")


class SandboxUnavailable(IsolationError):
    """This machine cannot run a model's programs confined, so none is run."""


# ---------------------------------------------------------------- what a prompt says


@lru_cache(1024)
def public_examples(prompt: str) -> tuple[str, ...]:
    """The doctest examples of the last function of a prompt, as assert statements.

    `>>> f(2)` with `4` below becomes `assert f(2) == 4`; statements before an example stay in front of it; an example
    that prints is compared by what it prints. Examples that should raise are left out. Empty if there are none.
    """
    docstring = _docstring(prompt)
    if ">>>" not in docstring:
        return ()
    try:
        examples = doctest.DocTestParser().get_examples(docstring)
    except ValueError:  # not laid out as doctest wants it
        return ()
    asserts: list[str] = []
    setup = ""
    for example in examples:
        made = _assertion(example)
        if made is None and example.exc_msg is None and not example.want and _parses(example.source):
            setup += example.source
        elif made is not None:
            asserts.append(setup + made)
    return tuple(asserts)


def _assertion(example: doctest.Example) -> str | None:
    try:
        said = ast.parse(example.source.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    wanted = example.want.strip()
    if not wanted or example.exc_msg is not None:
        return None
    call = example.source.strip()
    call = ast.unparse(said) if "\n" in call or "#" in call else call  # a comment would swallow the comparison
    if isinstance(said, ast.Call) and isinstance(said.func, ast.Name) and said.func.id == "print":
        return f"assert str({ast.unparse(said.args[0])}) == {wanted!r}" if len(said.args) == 1 else None
    try:
        ast.literal_eval(wanted)
    except (SyntaxError, ValueError, TypeError, RecursionError, MemoryError):
        return f"assert repr({call}) == {wanted!r}"
    return f"assert {call} == {' '.join(wanted.split())}" if "\n" in wanted else f"assert {call} == {wanted}"


@lru_cache(1024)
def _code(prompt: str) -> str:
    """The part of a prompt that is code and ends in the function to complete; empty if there is none."""
    starts = [0, *(m.start() for m in _CODE_LINE.finditer(prompt))]
    for start in starts:
        code = prompt[start:].split("\n```")[0]
        if _DEFINITION.search(code) and _parses(f"{code.rstrip()}\n{_indentation(code)}pass\n"):
            return code.rstrip() + "\n"
    return ""


def _indentation(code: str) -> str:
    """That of the body which the last function of `code` begins: of the line that ends its docstring."""
    last = code.rstrip().split("\n")[-1]
    return _margin(last) or "    "


def _docstring(prompt: str) -> str:
    code = _code(prompt)
    if not code:
        return ""
    functions = [n for n in _parsed(f"{code}{_indentation(code)}pass\n").body if isinstance(n, ast.FunctionDef)]
    return (ast.get_docstring(functions[-1]) or "") if functions else ""


def program(prompt: str, completion: str) -> str:
    """The program that an answer makes: the body put under its prompt, or the whole program it is.

    What was thought before is left out. A fenced block is taken for the answer. A whole program keeps what the prompt
    has before its last function: imports and helpers.
    """
    from verifiers.code import extract_program

    code = _code(prompt)
    completion = completion.rpartition("</think>")[2]
    answer = extract_program(completion) if "```" in completion else completion
    first = next((line for line in answer.split("\n") if line.strip()), "")
    if first[:1] not in (" ", "\t") and _DEFINITION.search(answer):
        start = None if _parses(answer) else _CODE_LINE.search(answer)  # prose before the program is left out
        return _preamble(code) + (answer[start.start() :] if start else answer)
    return code + answer if code else answer


def _preamble(code: str) -> str:
    definitions = list(_DEFINITION.finditer(code))
    return code[: definitions[-1].start()] if definitions else ""


# ---------------------------------------------------------------- unfinished programs


def refuted(prompt: str, text: str) -> bool:
    """Whether an unfinished body can no longer become valid Python.

    Only its complete lines count. Nothing is said of answers that are no code from their first line on, of open
    brackets and strings, and of very long texts.
    """
    code = _code(prompt)
    text = text.replace("\r\n", "\n").replace("\r", "\n")  # as Python reads it
    lines, newline, _ = text.rpartition("\n")
    if not newline or not lines.strip() or "```" in text or not code:
        return False
    first = next(line for line in lines.split("\n") if line.strip())
    if first[:1] in (" ", "\t"):
        return _refuted(f"{code}{lines}\n")
    return bool(_CODE_LINE.match(first)) and _refuted(f"{_preamble(code)}{lines}\n")


@lru_cache(4096)
def _refuted(source: str) -> bool:
    if len(source) > LONGEST_CHECKED:
        return False
    before = None
    for _ in range(MOST_OPEN):
        try:
            return _strays(_parsed(source))
        except SyntaxError as error:
            if before is None and not error.msg.startswith("unmatched") and _is_open(source):
                return False
            if before == (error.msg, error.lineno):
                return True  # the trial did not help
            before = error.msg, error.lineno
            more = _continuation(source, error.msg)
            if more is None:
                return True
            source += more
        except ValueError:  # a null byte, half a character
            return True
        except (RecursionError, MemoryError):
            return False
    return False


def _continuation(source: str, message: str) -> str | None:
    """Lines that close what the last line may have left open; None if that is not what is wrong."""
    lines = source.split("\n")
    after = _AFTER_LINE.search(message)
    if "expected an indented block" in message and after:
        margin = _margin(lines[int(after[2]) - 1])
        if "'match'" in after[1]:
            return f"{margin}    case _:\n{margin}        pass\n"
        return f"{margin}    pass\n"
    if "expected 'except' or 'finally' block" in message:
        for n in range(len(lines) - 1, -1, -1):
            if lines[n].split("#")[0].strip() == "try:":
                margin = _margin(lines[n])
                below = [line for line in lines[n + 1 :] if line.strip() and not line.lstrip().startswith("#")]
                if all(len(_margin(line)) > len(margin) for line in below):
                    return f"{margin}finally:\n{margin}    pass\n"
        return None
    last = next((line for line in reversed(lines) if line.strip() and not line.lstrip().startswith("#")), "")
    return f"{_margin(last)}def _(): pass\n" if last.lstrip().startswith("@") else None


def _margin(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _is_open(source: str) -> bool:
    """Whether the text ends inside brackets, a triple-quoted string or a continued line."""
    if source.endswith("\\\n"):
        return True
    try:
        for _ in tokenize.generate_tokens(io.StringIO(source).readline):
            pass
    except tokenize.TokenError as error:
        return "EOF in multi-line" in str(error)
    except (SyntaxError, ValueError, RecursionError):
        return False
    return False


def _strays(tree: ast.Module) -> bool:
    """Whether a return or yield stands outside a function."""
    inner = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
    todo: list[ast.AST] = [node for node in tree.body if not isinstance(node, inner)]
    while todo:
        node = todo.pop()
        if isinstance(node, (ast.Return, ast.Yield, ast.YieldFrom)):
            return True
        todo += [child for child in ast.iter_child_nodes(node) if not isinstance(child, inner)]
    return False


def _parsed(source: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what Python thinks of a model's string escapes
        return ast.parse(source)


def _parses(source: str) -> bool:
    try:
        return not _strays(_parsed(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False


# ---------------------------------------------------------------- judgements


@dataclass(frozen=True)
class ExamplesVerifier:
    """Runs an answer, confined, on the examples its problem shows: those of the docstring and the public tests.

    A finished text is called: PASS if every example holds, else FAIL. The score of a FAIL is half the share of examples
    that hold: of several wrong programs the nearer one is chosen and guides the search, and none is worth as much as a
    program that nobody has judged (0.5). Without examples a program that Python can read is UNKNOWN. An unfinished text
    goes to `prefix`, which runs nothing: FAIL if it can no longer become valid Python, else UNKNOWN.

    Attributes:
        timeout: seconds for all examples of one program.
        test_timeout: seconds for each.
        memory: MiB.
        pool: where programs run; the pool of the process if none is given.
    """

    timeout: float = 2.0
    test_timeout: float = 1.0
    memory: int = 256
    pool: Pool | None = field(default=None, compare=False, repr=False)

    prefixes = True

    def __call__(self, problem: Problem, text: str) -> Judgement:
        """Judges a finished text. Raises SandboxUnavailable, and what `run_tests` finds wrong with public tests."""
        made = program(problem.prompt, text)
        examples = tuple(dict.fromkeys((*problem.tests, *public_examples(problem.prompt))))
        if not examples:
            return Judgement(Verdict.UNKNOWN, 0.5) if made.strip() and _parses(made) else Judgement(Verdict.FAIL, 0.0)
        report = _run(made, examples, self.timeout, self.test_timeout, self.memory, False, self.pool)
        held = sum(test.passed for test in report.tests) / len(report.tests)
        return Judgement(Verdict.PASS, 1.0) if report.passed else Judgement(Verdict.FAIL, 0.5 * held)

    def prefix(self, problem: Problem, text: str) -> Judgement:
        """Judges an unfinished text by its syntax alone."""
        return Judgement(Verdict.FAIL, 0.0) if refuted(problem.prompt, text) else Judgement(Verdict.UNKNOWN, 0.5)


def graded(program_text: str, tests: Sequence[str], *, timeout: float = 5.0, pool: Pool | None = None) -> bool:
    """Whether a program passes every test, confined. Raises SandboxUnavailable, and ValueError without tests."""
    return _run(program_text, tests, timeout, None, 512, True, pool).passed


def _run(
    text: str,
    tests: Sequence[str],
    timeout: float,
    test_timeout: float | None,
    memory: int,
    stop_early: bool,
    pool: Pool | None,
) -> Report:
    from verifiers.code import run_tests

    limits: dict[str, Any] = {"timeout": timeout, "test_timeout": test_timeout, "memory": memory}
    try:
        return run_tests(text, list(tests), stop_early=stop_early, pool=pool, **limits)
    except IsolationError as error:
        raise SandboxUnavailable(
            f"programs cannot be run safely here: {error}. Use Linux with Landlock or user namespaces (in a container, "
            "allow these to it), or do without this verifier: --verifier none"
        ) from error
