"""A sandbox with one pull request, and a connection to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

pytest.importorskip("graphql", reason="the sandbox's GraphQL needs graphql-core")
from githubline import Line

from interlock.sandbox import Sandbox
from interlock.sandbox.process import Clock

START = 1_767_225_600.0


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(clock=Clock(START)) as made:
        made.org("acme", admins=("alice",), members=("bob",))
        made.repo("acme/a", {"x.txt": "1\n"})
        made.commit("acme/a", "change", {"x.txt": "2\n"}, start="main")
        made.pull("acme/a", "change", login="alice")
        yield made


@pytest.fixture
def line(sandbox: Sandbox) -> Line:
    return Line(sandbox, sandbox.token("alice"))
