"""Rows of a data set: from a file (JSONL, JSON, CSV, each perhaps gzipped), a folder of such files, or the hub."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Row = Mapping[str, Any]

_KINDS = (".jsonl", ".json", ".csv")


def read_rows(path: Path) -> list[Row]:
    """The rows of a file.

    Raises FileNotFoundError, or ValueError naming the line that is wrong.
    """
    if not path.is_file():
        raise FileNotFoundError(f"data file {path} does not exist: give a file, a folder, or a hub id")
    kind = next((s for s in reversed(path.suffixes) if s in _KINDS), None)
    if kind is None:
        raise ValueError(f"{path}: data are read from {', '.join(_KINDS)}, each perhaps with .gz")
    try:
        raw = path.read_bytes()
        text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8-sig")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise ValueError(f"{path} cannot be read as {'gzipped ' * (path.suffix == '.gz')}UTF-8: {error}") from None
    if kind == ".csv":
        rows: list[Any] = list(csv.DictReader(io.StringIO(text)))
    elif kind == ".json":
        rows = _parsed(text, f"{path}")
        rows = rows if isinstance(rows, list) else [rows]
    else:
        lines = enumerate(text.split("\n"), 1)
        rows = [_parsed(line, f"{path}, line {number}") for number, line in lines if line.strip()]
    wrong = next((number for number, row in enumerate(rows, 1) if not isinstance(row, dict)), None)
    if wrong is not None or not rows:
        raise ValueError(f"{path}: " + (f"row {wrong} is no object" if wrong else "there are no rows in it"))
    return rows


def _parsed(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{where}: not valid JSON ({error})") from None


@dataclass(frozen=True)
class Part:
    """Where the rows of one split are found, and which of them belong to it.

    Attributes:
        hub_split: what `datasets` calls it; "a+b" is both.
        file: its name in a folder of data.
        tail: only that many last rows.
        ids: only rows whose `task_id` lies between these two, both included.
    """

    hub_split: str
    file: str
    tail: int | None = None
    ids: tuple[int, int] | None = None

    def of(self, rows: Sequence[Row]) -> list[Row]:
        if self.ids is not None:
            first, last = self.ids
            rows = [row for row in rows if first <= int(row["task_id"]) <= last]
        return list(rows[-self.tail :] if self.tail else rows)


@dataclass(frozen=True)
class Published:
    """A public data set: its name on the hub, and its splits."""

    hub: str
    config: str | None
    parts: Mapping[str, Part]

    def rows(self, split: str, data: str | None) -> list[Row]:
        """The rows of `split`: from the hub, or from `data`, a hub id, a folder, or a file.

        A file under another name than the published one is somebody's own, and is the split as it stands.

        Raises:
            ValueError: a split that does not exist, or a file that cannot be read.
            FileNotFoundError: `data` is a path and not there.
            ImportError: the hub is asked for, and `datasets` is not installed.
        """
        if split not in self.parts:
            raise ValueError(f"{self.hub} has no split {split!r} here; there is {', '.join(self.parts)}")
        part = self.parts[split]
        if data is None or not _is_path(data):
            return part.of(self._from_hub(data or self.hub, part.hub_split))
        path = Path(data).expanduser()
        if path.is_dir():
            return part.of(read_rows(path / part.file))
        published = {known.file for known in self.parts.values()}
        if path.name not in published:
            return read_rows(path)
        if path.name != part.file:
            raise ValueError(f"the split {split} is in {part.file}, not in {path.name}: give its folder")
        return part.of(read_rows(path))

    def _from_hub(self, name: str, hub_split: str) -> list[Row]:
        try:
            from datasets import load_dataset
        except ImportError:
            raise ImportError(
                f"{name} comes from the hub with the library datasets: pip install 'qstar[datasets]', "
                "or give a file with --data"
            ) from None
        try:
            loaded = load_dataset(name, self.config if name == self.hub else None, split=hub_split)
        except Exception as error:  # whatever the library, the network or the hub raise
            raise OSError(f"cannot load {name} ({hub_split}) from the hub: {error}; a file does, too: --data") from None
        return [dict(row) for row in loaded]


def _is_path(data: str) -> bool:
    """A hub id is `owner/name` and nothing on this disk."""
    local = Path(data).expanduser()
    return local.exists() or data.startswith((".", "/", "~")) or data.count("/") != 1 or bool(local.suffix)


def column(row: Row, number: int, *names: str) -> Any:
    """The first of the columns `names` that a row has. Raises ValueError naming row and columns."""
    for name in names:
        if row.get(name) is not None:
            return row[name]
    raise ValueError(f"row {number} has no column {' or '.join(map(repr, names))}; it has {', '.join(map(str, row))}")
