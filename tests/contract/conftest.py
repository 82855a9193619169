"""The tests of the oracle itself need the descriptions; elsewhere they only add to tests."""

from __future__ import annotations

import os

import pytest
from contract.descriptions import REQUIRED, missing


@pytest.fixture(scope="session", autouse=True)
def described() -> None:
    """Skip, and say why, where npm cannot fetch the descriptions."""
    why = missing()
    if why and os.environ.get(REQUIRED) == "1":
        pytest.fail(f"{REQUIRED}=1, but {why}")
    if why:
        pytest.skip(why)
