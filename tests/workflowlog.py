"""What the runner of GitHub Actions obeys in a log, for the tests; after ActionCommand.cs."""

from __future__ import annotations

import re
from typing import NamedTuple

#: What .NET's TrimStart removes and str.lstrip does not, or the other way round, is escaped anyway.
OLD_STYLE = re.compile(r"##\w*\[")


class Obeyed(NamedTuple):
    """A command as the runner understands it."""

    name: str
    properties: dict[str, str]
    message: str


def obeyed(log: str) -> list[Obeyed]:
    """Every command in ``log``; both styles, at the beginning of a line or anywhere in it."""
    found = []
    for line in re.split(r"\r\n|\n|\r", log):
        text = line.lstrip()
        head, sign, data = text[2:].partition("::")
        if text.startswith("::") and sign:
            name, _, rest = head.partition(" ")
            pairs = (pair.split("=", 1) for pair in rest.split(",") if "=" in pair)
            found.append(Obeyed(name, {k: _property(v) for k, v in pairs}, _data(data)))
        elif OLD_STYLE.search(line):
            found.append(Obeyed(line, {}, ""))
    return found


def _data(text: str) -> str:
    return text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")


def _property(text: str) -> str:
    text = text.replace("%0D", "\r").replace("%0A", "\n").replace("%3A", ":").replace("%2C", ",")
    return text.replace("%25", "%")
