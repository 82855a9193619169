"""What several acceptance tests share because it takes long to make."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def runner_temp(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One RUNNER_TEMP, as the steps of one job have it: actions install Interlock once."""
    return tmp_path_factory.mktemp("runner_temp")
