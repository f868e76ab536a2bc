"""The candidate's end of the channel: loads a program, does what the judge asks, sends back plain data.

From the first line of the program on, nothing in this process can be trusted, this module included. That
is fine: there is nothing here to find, and all that leaves is data that the judge checks.

    judge -> candidate   [operation, ...]     first of all ["load", source, names]
    candidate -> judge   ["ok", value, [[index, argument], ...]]     arguments a call has changed
                         ["error", builtin exception, line]     ["malformed", line]
                         ["callback", number, args, kwargs]     a function of the test is called; the answer
                                                                is ["ok", value] or ["error", kind, text]
"""

from __future__ import annotations

import atexit
import builtins
import os
import random
import sys
import threading
import types
from collections.abc import Callable
from typing import Any

from verifiers.code import wire

MAX_SOURCE = 16 << 20  # bytes
MAX_LINE = 500  # characters of an error line
OUT_OF_MEMORY = 77  # exit status when not even a reply could be built


def serve(fd: int, *, script: bool) -> None:
    """Answer on `fd` until it closes. A `script` runs as `__main__` on the standard streams."""
    sys.argv[:] = [""]
    random.seed(0)
    session = _Session(fd, script)
    while (request := _receive(fd)) is not None:
        try:
            reply = session.answer(request)
        except MemoryError:
            os._exit(OUT_OF_MEMORY)
        _send(fd, reply)


def _receive(fd: int, read: Callable[[int, int], bytes] = os.read) -> bytes | None:
    """The next message, None when the judge is gone."""
    header = _exactly(fd, wire.HEADER.size, read)
    return None if header is None else _exactly(fd, wire.HEADER.unpack(header)[0], read)


def _exactly(fd: int, n: int, read: Callable[[int, int], bytes]) -> bytes | None:
    data = bytearray()
    while len(data) < n:
        piece = read(fd, min(n - len(data), 1 << 20))
        if not piece:
            return None
        data += piece
    return bytes(data)


def _send(fd: int, message: bytes, write: Callable[[int, Any], int] = os.write) -> None:
    view = memoryview(wire.HEADER.pack(len(message)) + message)
    while view:
        view = view[write(fd, view) :]


class _Session:
    def __init__(self, fd: int, script: bool) -> None:
        self.fd, self.script = fd, script
        self.module = types.ModuleType("__main__" if script else "candidate")
        self.objects: list[Any] = []  # what the judge knows by number
        self.numbers: dict[int, int] = {}

    # ------------------------------------------------------------ values

    def number(self, value: Any) -> int:
        key = id(value)  # objects in the table stay alive, so ids stay theirs
        if key not in self.numbers:
            self.numbers[key] = len(self.objects)
            self.objects.append(value)
        return self.numbers[key]

    def resolve(self, number: int) -> Any:
        """The judge numbers our objects even, functions of its own odd."""
        return self.callback(number // 2) if number % 2 else self.objects[number // 2]

    def callback(self, number: int) -> Callable[..., Any]:
        def function(*args: Any, **kwargs: Any) -> Any:
            _send(self.fd, self.encode(["callback", number, args, kwargs]))
            status, *rest = self.decode(_receive(self.fd) or b"")
            if status == "error":
                raise getattr(builtins, rest[0], Exception)(rest[1])
            return rest[0]

        return function

    def encode(self, value: Any) -> bytes:
        return wire.encode(value, opaque=self.number, bounded=True)

    def decode(self, message: bytes) -> Any:
        return wire.decode(message, resolve=self.resolve, names=wire.ALL_NAMES)

    # ------------------------------------------------------------ requests

    def answer(self, request: bytes) -> bytes:
        operation, *operands = self.decode(request)
        try:
            reply: Any = getattr(self, operation)(*operands)
            return self.encode(reply)
        except MemoryError:
            return wire.encode(["error", "MemoryError", "MemoryError"])
        except wire.WireError as error:
            return wire.encode(["malformed", _last_line(error)])
        except BaseException as error:
            try:
                return wire.encode(["error", _builtin_name(error), _last_line(error)])
            except BaseException:
                return wire.encode(["error", "Exception", "an exception that cannot be described"])

    def load(self, source: bytes, names: list[str]) -> list[Any]:
        """Run the program; the objects it defines under `names`."""
        try:
            code = compile(source.decode("utf-8", "strict"), "<candidate>", "exec", dont_inherit=True, optimize=0)
        except MemoryError:
            raise
        except Exception as error:
            return ["malformed", _last_line(error)]
        sys.modules[self.module.__name__] = self.module
        if self.script:
            self.run_script(code)
        else:
            exec(code, self.module.__dict__)
        return ["ok", {n: self.module.__dict__[n] for n in names if n in self.module.__dict__}, []]

    def run_script(self, code: types.CodeType) -> None:
        """What the interpreter does with a main program, its shutdown included."""
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        try:
            exec(code, self.module.__dict__)
        except SystemExit as leaving:
            if leaving.code not in (None, 0):
                raise
        finally:
            threading._shutdown()  # type: ignore[attr-defined]
            atexit._run_exitfuncs()
            sys.stdout.flush()

    def call(self, function: Any, args: list[Any], kwargs: dict[str, Any]) -> list[Any]:
        """Call it; with the arguments it has changed in place."""
        mutable = [i for i, a in enumerate(args) if type(a) in (list, dict, set, bytearray)]
        before = {i: wire.encode(args[i], opaque=self.number, names=wire.ALL_NAMES) for i in mutable}
        value = function(*args, **kwargs)
        changed = []
        for i in mutable:
            if wire.encode(args[i], opaque=self.number, names=wire.ALL_NAMES) != before[i]:
                changed.append([i, args[i]])
        return ["ok", value, changed]

    def get(self, owner: Any, name: str) -> list[Any]:
        return ["ok", getattr(owner, name), []]

    def set(self, owner: Any, name: str, value: Any) -> list[Any]:
        setattr(owner, name, value)
        return ["ok", None, []]

    def item(self, owner: Any, key: Any) -> list[Any]:
        return ["ok", owner[key], []]

    def length(self, owner: Any) -> list[Any]:
        return ["ok", len(owner), []]

    def text(self, owner: Any) -> list[Any]:
        return ["ok", str(owner), []]

    def iterate(self, owner: Any) -> list[Any]:
        return ["ok", [iter(owner)], []]

    def next(self, iterator: Any) -> list[Any]:
        """A list of the next item, empty at the end."""
        for value in iterator:
            return ["ok", [value], []]
        return ["ok", [], []]


def _builtin_name(error: BaseException) -> str:
    """The nearest built-in exception it derives from."""
    for kind in type(error).__mro__:
        if wire.ALL_NAMES.get(kind.__name__) is kind:
            return kind.__name__
    return "Exception"


def _last_line(error: BaseException) -> str:
    """As the last line of a traceback would say it."""
    try:
        text = str(error)
    except BaseException as again:
        text = f"<str() raised {type(again).__name__}>"
    name = type(error).__name__
    if isinstance(error, SyntaxError) and type(error.lineno) is int:
        text = f"{error.msg} (line {error.lineno})"
    text = " ".join(str.__str__(text).split())
    return f"{name}: {text}"[:MAX_LINE] if text else str(name)[:MAX_LINE]
