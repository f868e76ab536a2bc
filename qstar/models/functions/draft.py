"""A function problem before its examples: what it asks, in words and as code, and which arguments it takes."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

ARGUMENT_NAMES = {
    "ints": ("numbers", "nums", "values", "xs", "items", "data", "lst", "a", "arr", "integers", "sequence"),
    "nat": ("n", "n", "number", "limit", "m", "top", "num"),
    "big": ("n", "number", "num", "value"),
    "num": ("a", "b", "x", "y", "n", "m", "low", "high", "start", "end", "first", "second"),
    "pos": ("a", "b", "n", "m", "x", "y", "first", "second"),
    "bound": ("k", "limit", "threshold", "bound", "t", "n", "value", "target"),
    "divisor": ("d", "k", "divisor", "n", "m"),
    "length": ("k", "n", "length", "size", "count"),
    "matrix": ("matrix", "rows", "grid", "table", "lists"),
    "scores": ("scores", "counts", "prices", "ages", "d", "table", "mapping"),
    "words": ("words", "strings", "names", "items", "texts", "lst", "tokens"),
    "sentence": ("text", "sentence", "line", "s", "phrase"),
    "text": ("text", "s", "string", "word", "line", "message"),
    "letters": ("letters", "allowed", "other", "chars"),
    "char": ("letter", "c", "char", "ch", "x"),
}

TYPES = {
    "ints": "list[int]",
    "matrix": "list[list[int]]",
    "scores": "dict[str, int]",
    "words": "list[str]",
    "sentence": "str",
    "text": "str",
    "letters": "str",
    "char": "str",
}

WORDS = [
    "apple",
    "banana",
    "cherry",
    "tree",
    "river",
    "stone",
    "cloud",
    "house",
    "mouse",
    "level",
    "radar",
    "noon",
    "civic",
    "mom",
    "dad",
    "kayak",
    "book",
    "letter",
    "summer",
    "winter",
    "ant",
    "bee",
    "cat",
    "dog",
    "eel",
    "fox",
    "goat",
    "hen",
    "ice",
    "owl",
    "pig",
    "rat",
    "cow",
    "yak",
    "zebra",
    "tiger",
    "lion",
    "bear",
    "wolf",
    "otter",
    "eagle",
    "idea",
    "ocean",
    "ear",
    "eye",
    "arm",
    "leg",
    "toe",
    "lip",
    "red",
    "blue",
    "green",
    "pink",
    "gray",
    "black",
    "white",
    "orange",
    "yellow",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "up",
    "on",
    "in",
    "at",
    "it",
    "is",
    "go",
    "we",
    "am",
    "be",
    "me",
    "to",
    "the",
    "and",
    "sun",
    "moon",
    "star",
    "sky",
    "sea",
    "rain",
    "snow",
    "wind",
    "fire",
    "tea",
    "coffee",
    "milk",
    "bread",
    "rice",
    "salt",
    "sugar",
    "egg",
    "cake",
    "pie",
    "nut",
    "plum",
    "pear",
    "grape",
    "lemon",
    "melon",
    "table",
    "chair",
    "desk",
    "lamp",
    "door",
    "window",
    "roof",
    "wall",
    "pen",
    "paper",
    "ruler",
    "Anna",
    "Bob",
    "Carl",
    "Dora",
    "Eve",
    "Finn",
    "Grace",
    "Hugo",
    "Ivy",
    "Otto",
    "Paris",
    "Rome",
    "Oslo",
    "Lima",
    "Cairo",
    "Delhi",
    "Berlin",
    "March",
    "April",
    "May",
    "sees",
    "stats",
    "train",
    "bus",
    "car",
    "boat",
    "ship",
    "plane",
    "bike",
    "road",
    "street",
    "city",
    "town",
    "village",
    "test",
    "toast",
    "start",
    "text",
    "cut",
    "sit",
    "ask",
    "say",
    "play",
    "easy",
]

LETTERS = "aeiouaeiourstlnbcdmp"


@dataclass(frozen=True)
class Argument:
    name: str
    kind: str


@dataclass(frozen=True)
class Draft:
    """What a family gives: `bodies[0]` is the reference, the others are its near misses.

    Attributes:
        spec: canonical specification.
        arguments: of the function, in order.
        sentence: the docstring in words.
        bodies: lines without indentation of the function itself.
        names: candidates for the function's name.
        likes: conditions (element, second argument) that some elements of a list should meet.
        like_argument: the place of that second argument, -1 without one.
    """

    spec: str
    arguments: tuple[Argument, ...]
    sentence: str
    bodies: tuple[tuple[str, ...], ...]
    names: tuple[str, ...]
    likes: tuple[Callable[..., bool], ...] = field(default=())
    marks: tuple[int, ...] = ()  # numbers at which a condition turns
    like_argument: int = -1  # which argument's value the conditions take beside the element


class Names:
    """Gives out names that are not in use."""

    def __init__(self, draw: random.Random) -> None:
        self.draw = draw
        self.used: set[str] = set()

    def new(self, names: Sequence[str]) -> str:
        free = [name for name in names if name not in self.used] or [
            f"{name}{i}" for name in names for i in (2, 3) if f"{name}{i}" not in self.used
        ]
        name = self.draw.choice(free)
        self.used.add(name)
        return name

    def argument(self, kind: str) -> Argument:
        return Argument(self.new(ARGUMENT_NAMES[kind]), kind)


# ---------------------------------------------------------------- values for arguments


def value(
    draw: random.Random,
    argument: Argument,
    likes: Sequence[Callable[..., bool]] = (),
    other: Any = None,
    marks: Sequence[int] = (),
) -> Any:
    """A random value. Elements of lists and texts often meet `likes`; numbers are at times one of `marks`."""
    kind = argument.kind
    if kind == "ints" and marks:
        made = value(draw, argument, likes, other)
        return [draw.choice(marks) if draw.random() < 0.2 else x for x in made]
    if kind in ("num", "nat", "pos") and marks and draw.random() < 0.45:
        mark = draw.choice(marks) + draw.randint(-1, 1)
        if mark >= {"num": -99, "nat": 0, "pos": 1}[kind]:
            return mark
    if kind == "ints":
        return _repeated(draw, [_liked(draw, likes, other, _int) for _ in range(_size(draw))])
    if kind == "words":
        return _repeated(draw, [_liked(draw, likes, other, _word) for _ in range(_size(draw))])
    if kind == "sentence":
        return " ".join(_liked(draw, likes, other, _word) for _ in range(max(1, _size(draw))))
    if kind == "matrix":
        return [
            [_liked(draw, likes, other, _int) for _ in range(draw.randint(0, 3))] for _ in range(draw.randint(1, 3))
        ]
    if kind == "scores":
        keys = draw.sample(WORDS, draw.randint(1, 4))
        return {key: _liked(draw, likes, other, _int) if draw.random() < 0.5 else _int(draw) for key in keys}
    if kind == "text":
        return _text(draw)
    if kind == "letters":
        return "".join(draw.sample("abcdeiorst", draw.randint(2, 4)))
    if kind == "char":
        return draw.choice(LETTERS)
    low, high = {"nat": (0, 20), "big": (0, 9999), "num": (-12, 25), "pos": (1, 20)}.get(kind, (0, 0))
    if kind == "bound":
        low, high = (-3, 15) if draw.random() < 0.8 else (-10, 40)
    elif kind == "divisor":
        low, high = 2, 7
    elif kind == "length":
        low, high = 1, 5
    return draw.randint(low, high)


def edges(argument: Argument) -> list[Any]:
    """Values where programs go wrong."""
    choices: dict[str, list[Any]] = {
        "ints": [[], [0], [7], [-4, -4]],
        "words": [[], ["a"], ["Otto", "otto"]],
        "sentence": ["", "Anna", "a bee"],
        "matrix": [[], [[]], [[1], [], [2, 2]]],
        "scores": [{}, {"apple": 0}],
        "text": ["", "a", "A1", "  b"],
        "letters": ["", "a"],
        "nat": [0, 1, 2],
        "big": [0, 5, 100],
        "num": [0, 1, -1],
        "pos": [1, 2],
        "bound": [0, 1],
        "divisor": [1, 2],
        "length": [1, 2],
        "char": ["a"],
    }
    return choices[argument.kind]


def _size(draw: random.Random) -> int:
    return draw.choice((1, 2, 3, 3, 4, 4, 4, 5, 5, 6))


def _repeated(draw: random.Random, elements: list[Any]) -> list[Any]:
    """At times one element occurs again, often next to itself."""
    if draw.random() < 0.25:
        at = draw.randrange(len(elements))
        elements.insert(at if draw.random() < 0.6 else 0, elements[at])
    return elements


def _liked(draw: random.Random, likes: Sequence[Callable[..., bool]], other: Any, make: Callable[..., Any]) -> Any:
    made = make(draw)
    if likes and draw.random() < 0.5:
        for _ in range(6):
            if all(like(made, other) for like in likes):
                break
            made = make(draw)
    if isinstance(other, list) and other and draw.random() < 0.4:
        made = draw.choice(other)
    return made


def _int(draw: random.Random) -> int:
    kind = draw.random()
    if kind < 0.5:
        return draw.randint(-5, 12)
    return draw.randint(0, 30) if kind < 0.9 else draw.randint(-40, 120)


def _word(draw: random.Random) -> str:
    return draw.choice(WORDS)


def _text(draw: random.Random) -> str:
    kind = draw.random()
    if kind < 0.35:
        text = draw.choice(WORDS)
    elif kind < 0.7:
        text = f"{draw.choice(WORDS)} {draw.choice(WORDS)}"
    else:
        text = "".join(draw.choice("aeioubcdrstABEOST0123 -!") for _ in range(draw.randint(2, 8)))
    if draw.random() < 0.2:
        text = text.title()
    elif draw.random() < 0.12:
        text = f" {text}  "
    if draw.random() < 0.15:
        text += str(draw.randint(0, 99))
    return text
