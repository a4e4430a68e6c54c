"""Waiting on a condition of the real store, never on time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

SECONDS = 30


def wait_until(condition: Callable[[], Any], what: str) -> Any:
    """The condition's value once it is true."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        if value := condition():
            return value
        time.sleep(0.1)
    pytest.fail(f"{what} did not come within {SECONDS} s")
