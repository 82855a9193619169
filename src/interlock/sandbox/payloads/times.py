"""Times and node ids as GitHub writes them."""

from __future__ import annotations

from datetime import UTC, datetime


def iso(seconds: float) -> str:
    """``2026-11-21T05:50:59Z``."""
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def iso_or_none(seconds: float | None) -> str | None:
    """The same, or None."""
    return None if seconds is None else iso(seconds)


def from_git(date: str) -> str:
    """The moment of a git date such as ``1700000000 +0100``."""
    return iso(int(date.split(" ", maxsplit=1)[0] or 0))


def node(prefix: str, number: int) -> str:
    """A GraphQL node id that says what it is."""
    return f"{prefix}_{number}"
