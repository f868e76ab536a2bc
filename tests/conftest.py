"""Lets every test folder import the helpers that lie here (`worlds`)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

SMALL_MODELS = {Path(__file__).parent / folder for folder in ("models", "value")}


@pytest.fixture(scope="module", autouse=True)
def one_thread(request: pytest.FixtureRequest) -> Iterator[None]:
    """Small models gain little from a second thread, and lose much where other processes want it."""
    threads = torch.get_num_threads()
    if request.path.parent in SMALL_MODELS:
        torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)
