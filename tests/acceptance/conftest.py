"""What several acceptance tests share because it takes long to make."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from setworld import Story


@pytest.fixture(scope="session")
def runner_temp(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One RUNNER_TEMP, as the steps of one job have it: actions install Interlock once."""
    return tmp_path_factory.mktemp("runner_temp")


@pytest.fixture
def stories(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[..., Story]]:
    """Makes stories of three repositories on an embedded GitHub, and ends them."""
    from setworld import Story

    made: list[Story] = []

    def new(**more: Any) -> Story:
        made.append(Story(monkeypatch, tmp_path / str(len(made)), **more))
        return made[-1]

    yield new
    for one in made:
        one.close()


@pytest.fixture
def story(stories: Callable[..., Story]) -> Story:
    """One such story."""
    return stories()
