"""Every sandbox that a test makes is held to GitHub's own descriptions, where npm can fetch them.

A test need not do anything for it. One that is wrong on purpose asks for ``contract`` and says
what it expects.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from contract.oracle import Contract, held, watch

_CONTRACT = Contract()
#: Why workers could not check anything, as they told the process that writes the summary.
_OFF: pytest.StashKey[set[str]] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--live``: see ``contract/test_scenario.py``."""
    text = "also run the contract scenario against the organisation that INTERLOCK_LIVE_ORG names"
    parser.addoption("--live", action="store_true", default=False, help=text)


def pytest_configure(config: pytest.Config) -> None:
    """Attach before any test or fixture can make a sandbox."""
    os.environ.pop("GITHUB_ACTIONS", None)  # what is shown depends on it: tests say where they run
    config.stash[_OFF] = set()
    watch(_CONTRACT)


@pytest.fixture(scope="session", autouse=True)
def _nothing_left() -> Iterator[None]:
    """What fixtures of modules do after their last test is held as well."""
    with held(_CONTRACT):
        yield


@pytest.fixture(autouse=True)
def contract() -> Iterator[Contract]:
    """What this test's sandboxes are held to."""
    with held(_CONTRACT) as found:
        yield found


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Keep the reason for the summary, or hand it over to who writes it."""
    if _CONTRACT.off:
        session.config.stash[_OFF].add(_CONTRACT.off)
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["contract_off"] = _CONTRACT.off


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over what a worker of pytest-xdist says."""
    why = getattr(node, "workeroutput", {}).get("contract_off")
    if why:
        node.config.stash[_OFF].add(why)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say where sandboxes were not held to GitHub's descriptions."""
    reasons = config.stash[_OFF]
    for why in sorted(reasons):
        terminalreporter.write_line(f"sandboxes not held to GitHub's own descriptions: {why}")
