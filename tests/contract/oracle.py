"""Holds what passes through sandboxes to GitHub's own descriptions."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import pytest
from contract.descriptions import REQUIRED, missing

from interlock.sandbox import Event, Exchange, Sandbox


class Contract:
    """What was found wrong; ``expect`` takes out what a test does on purpose."""

    def __init__(self) -> None:
        """Begin with nothing."""
        #: Why nothing can be checked here; empty where all is.
        self.off = ""
        self.checked = 0
        self._found: list[str] = []
        self._expected: list[tuple[str, str]] = []

    def attach(self, sandbox: Sandbox) -> None:
        """See all that passes through a sandbox from now on."""
        sandbox.on_exchange(self.observe)
        sandbox.on_event(self.hear)

    def expect(self, part: str, why: str) -> None:
        """Violations with ``part`` in their text are meant in this test; one has to occur."""
        self._expected.append((part, why))

    def observe(self, exchange: Exchange) -> None:
        """Check one exchange."""
        self.checked += 1
        try:
            # Imported when first needed: GitHub's GraphQL schema takes two seconds.
            if exchange.kind == "graphql":
                from contract.graph import violations
            else:
                from contract.rest import violations
            self._found += violations(exchange)
        except Exception as error:  # noqa: BLE001  the sandbox must answer, whatever we think
            self._found.append(f"the oracle failed at {exchange.method} {exchange.path}: {error!r}")

    def hear(self, event: Event) -> None:
        """Check the payload of one event."""
        self.checked += 1
        try:
            from contract.payloads import violations

            self._found += violations(event)
        except Exception as error:  # noqa: BLE001  likewise
            self._found.append(f"the oracle failed at the event {event.name}: {error!r}")

    def drained(self) -> list[str]:
        """What was found since the last call, each once, but for what was meant."""
        found = dict.fromkeys(self._found)
        expected = [] if self.off else self._expected
        self._found, self._expected = [], []
        unmet = []
        for part, why in expected:
            meant = [each for each in found if part in each]
            if not meant:
                unmet.append(f"expected, and did not occur: {part} ({why})")
            for each in meant:
                del found[each]
        return [*found, *unmet]


@contextmanager
def held(contract: Contract) -> Iterator[Contract]:
    """Fail at the end where something was wrong meanwhile, or before and nobody said so yet."""
    yield contract
    if left := contract.drained():
        pytest.fail("not as GitHub describes it:\n  " + "\n  ".join(left), pytrace=False)


def watch(contract: Contract) -> None:
    """Attach to every sandbox that this process makes from now on, whoever makes it."""
    made = Sandbox.__init__

    @wraps(made)
    def attached(self: Sandbox, *given: Any, **more: Any) -> None:
        contract.off = missing()
        if contract.off and os.environ.get(REQUIRED) == "1":
            pytest.fail(f"{REQUIRED}=1, but {contract.off}")
        made(self, *given, **more)
        if not contract.off:
            contract.attach(self)

    Sandbox.__init__ = attached  # type: ignore[method-assign]
