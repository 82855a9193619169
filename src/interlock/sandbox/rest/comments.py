"""TODO."""

from interlock.sandbox.router import Routes

ROUTES = Routes()
