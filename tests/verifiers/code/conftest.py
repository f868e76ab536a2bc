"""Pools at each level this machine offers, and the public data sets when they are there."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from verifiers.code import Isolation, IsolationError, Pool

sys.path.insert(0, str(Path(__file__).parent))  # for the helper modules beside the tests


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if sys.platform != "linux":
        here = Path(__file__).parent
        for item in items:
            if here in item.path.parents and "platform" not in item.name:
                item.add_marker(pytest.mark.skip(reason="programs are confined on Linux only"))


@pytest.fixture(scope="session", params=list(Isolation)[::-1], ids=str)
def pool(request: pytest.FixtureRequest) -> Iterator[Pool]:
    """One pool per level; a level that the machine lacks is skipped with its reason."""
    try:
        pool = Pool(2, level=request.param)
    except IsolationError as error:
        pytest.skip(f"no isolation {request.param} here: {error}")
    with pool:
        yield pool


@pytest.fixture(scope="session")
def best_pool() -> Iterator[Pool]:
    with Pool(2) as pool:
        yield pool


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of public data sets: $QSTAR_DATA, or ../shared/data beside the repository."""
    root = Path(__file__).resolve().parents[3]
    folder = Path(os.environ.get("QSTAR_DATA", root.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"public data sets not found in {folder}; set QSTAR_DATA")
    return folder
