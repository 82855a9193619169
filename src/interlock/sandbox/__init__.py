"""An embedded GitHub for demos and tests, over real bare git repositories.

It speaks REST (``/api/v3``), GraphQL (``/api/graphql``) and git's smart HTTP on one local port.
Every behaviour cites the page of GitHub's documentation that it follows.
"""

from __future__ import annotations

from interlock.sandbox.exchange import Exchange, Logged
from interlock.sandbox.facade import Sandbox
from interlock.sandbox.faults import Fault
from interlock.sandbox.world import Event

__all__ = ["Event", "Exchange", "Fault", "Logged", "Sandbox"]
