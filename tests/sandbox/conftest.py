"""A sandbox with one organisation and one repository for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

pytest.importorskip("graphql", reason="the sandbox's GraphQL needs graphql-core")
from interlock.sandbox import Sandbox
from interlock.sandbox.process import Clock

#: 2026-01-01T00:00:00Z: time stands still unless a test lets it pass.
START = 1_767_225_600.0


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(clock=Clock(START)) as made:
        made.org("acme", admins=("alice",), members=("bob",))
        made.org("acme").default_permission = "write"
        made.repo("acme/a", {"x.txt": "1\n", "d/y.txt": "2\n"})
        yield made


@pytest.fixture
def alice(sandbox: Sandbox) -> str:
    return sandbox.token("alice")


@pytest.fixture
def bob(sandbox: Sandbox) -> str:
    return sandbox.token("bob")
