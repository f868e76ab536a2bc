"""Strategies and verifiers by name, their settings as plain data, and the file beside a model that names them."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, is_dataclass
from enum import Enum
from pathlib import Path
from types import NoneType
from typing import Any, TypeVar, cast, get_args, get_type_hints

from qstar.arithmetic import StepsVerifier
from qstar.code import ExamplesVerifier
from qstar.countdown import CountdownVerifier
from qstar.kinds import KindVerifier
from qstar.problem import Verifier
from qstar.search import STRATEGIES
from qstar.session import Strategy

SETTINGS_FILE = "qstar.json"  # beside a model: the prompt format, verifier and search it was made for

NO_VERIFIER = "none"  # in place of a verifier: not even the one that the model's folder names
VERIFIERS: dict[str, type] = {
    "by-kind": KindVerifier,
    "countdown": CountdownVerifier,
    "examples": ExamplesVerifier,
    "math-steps": StepsVerifier,
}


def read_settings(model: str | os.PathLike[str]) -> dict[str, Any]:
    """What the file qstar.json of a model folder says: prompt, verifier, search. Empty where there is none.

    Raises ValueError for a file that is no JSON object, or has other entries.
    """
    path = Path(model).expanduser() / SETTINGS_FILE
    if not path.is_file():
        return {}
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{path} is no JSON: {error}") from None
    if not isinstance(data, dict) or (unknown := set(data) - {"prompt", "verifier", "search"}):
        said = f"has {', '.join(sorted(unknown))}" if isinstance(data, dict) else "is no object"
        raise ValueError(f"{path} {said}; it holds prompt, verifier and search")
    return data


def default_verifier(model: str | os.PathLike[str]) -> str | None:
    """The name of the verifier in a model folder's `qstar.json`, if any."""
    name = read_settings(model).get("verifier")
    if name is not None and name not in VERIFIERS:
        raise ValueError(f"{Path(model) / SETTINGS_FILE}: no verifier named {name!r}; there is {', '.join(VERIFIERS)}")
    return name


def default_search(model: str | os.PathLike[str]) -> dict[str, Any] | None:
    """Name and settings of the search in a model folder's `qstar.json`, if any."""
    search = read_settings(model).get("search")
    if search is not None and not (isinstance(search, dict) and "name" in search):
        raise ValueError(f"{Path(model) / SETTINGS_FILE}: search is an object with a name and its settings")
    return search


def search_beside(model: str | os.PathLike[str], name: str | None = None) -> dict[str, Any]:
    """Name and settings of the search to use with a model: its own, or the one named.

    A search named in place of the model's own keeps its unit, tokens or steps: it belongs to the model's texts.
    """
    own = default_search(model) or {"name": "astar"}
    if name is None or name == own["name"]:
        return dict(own)
    has_unit = "unit" in own and name in STRATEGIES and hasattr(STRATEGIES[name], "unit")
    return {"name": name, "unit": own["unit"]} if has_unit else {"name": name}


def make_verifier(verifier: Verifier | str | None) -> Verifier | None:
    """A verifier by name; anything else as it is. Raises ValueError for a name that does not exist."""
    if verifier is None or verifier == NO_VERIFIER:
        return None
    if not isinstance(verifier, str):
        return verifier
    if verifier not in VERIFIERS:
        raise ValueError(f"no verifier named {verifier!r}; there is {', '.join(VERIFIERS)}, {NO_VERIFIER}")
    made: Verifier = VERIFIERS[verifier]()
    return made


def named(part: Any) -> str | None:
    """How a verifier or selector is written down: the same in every process."""
    if part is None:
        return None
    for name, kind in VERIFIERS.items():
        if type(part) is kind:
            return name
    of = part if hasattr(part, "__qualname__") else type(part)
    return f"{of.__module__}.{of.__qualname__}"


def strategy_to_json(strategy: Strategy) -> dict[str, Any]:
    """Name and settings; a strategy that qstar does not know is described by its repr."""
    name = next((name for name, kind in STRATEGIES.items() if type(strategy) is kind), None)
    if name is None or not is_dataclass(strategy):
        return {"name": None, "repr": repr(strategy)}
    return {"name": name, **json.loads(json.dumps(asdict(strategy), default=lambda x: x.value))}


def strategy_from_json(data: Mapping[str, Any]) -> Strategy:
    """The strategy that `strategy_to_json` described."""
    if data["name"] is None:
        raise ValueError(f"the search was {data['repr']}, which is not one of {', '.join(STRATEGIES)}: pass search=")
    return make_strategy(data["name"], {name: value for name, value in data.items() if name != "name"})


def make_strategy(name: str, settings: Mapping[str, Any]) -> Strategy:
    """A strategy by name with its settings as plain data. Raises ValueError naming what is wrong."""
    if name not in STRATEGIES:
        raise ValueError(f"no search named {name!r}; there is {', '.join(STRATEGIES)}")
    strategy: Strategy = _read(STRATEGIES[name], name, settings)
    return strategy


Settings = TypeVar("Settings")


def _read(kind: type[Settings], label: str, data: Mapping[str, Any]) -> Settings:
    """A dataclass of settings from plain data. Raises ValueError naming the setting that is wrong."""
    hints = {name: hint for name, hint in get_type_hints(kind).items() if name in kind.__dataclass_fields__}  # type: ignore[attr-defined]
    for key in data:
        if key not in hints:
            raise ValueError(f"{label} has no setting {key!r}; it has {', '.join(hints)}")
    return kind(**{key: _value(hints[key], key, value) for key, value in data.items()})


def _value(hint: Any, key: str, value: Any) -> Any:
    """`value` as the type of a setting: a number, a switch, a member of an enumeration, or settings of their own."""
    kinds = [kind for kind in get_args(hint) or (hint,) if kind is not NoneType]
    if value is None and NoneType in get_args(hint):
        return None
    (kind,) = kinds
    if issubclass(kind, Enum):
        try:
            return kind(value)
        except ValueError:
            raise ValueError(f"{key} is one of {', '.join(str(m.value) for m in kind)}, not {value!r}") from None
    if is_dataclass(kind) and isinstance(value, Mapping):
        return _read(cast(type, kind), key, value)
    if kind is float and isinstance(value, (int, str)) and not isinstance(value, bool):
        with suppress(ValueError):  # YAML takes 1e-3 for a text
            return float(value)
    if isinstance(value, kind) and (kind is bool or not isinstance(value, bool)):
        return value
    what = {int: "a whole number", float: "a number", bool: "true or false"}.get(kind, "settings of its own")
    raise ValueError(f"{key} takes {what}{' or null' if NoneType in get_args(hint) else ''}, not {value!r}")
