"""Workflow commands of GitHub Actions: lines of a log that the runner obeys."""

from __future__ import annotations

from collections.abc import Mapping

#: Characters of a message and of a title that GitHub keeps and a reader can use.
MAX_MESSAGE, MAX_TITLE = 4_000, 200


def command(name: str, properties: Mapping[str, str | int], message: str) -> str:
    """``::name key=value,…::message``; properties that are empty or 0 are left out.

    Escaped as actions/toolkit does (packages/core/src/command.ts), so that neither a property
    nor the message can end the command or begin another.
    """
    given = ",".join(f"{key}={_property(str(v))}" for key, v in properties.items() if v)
    return f"::{name}{' ' if given else ''}{given}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
