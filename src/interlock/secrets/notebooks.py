"""Notebooks as lines: cells' sources and outputs as people see them, with their places.

In the raw file every quote is escaped and images are one line of base64: rules miss the first and
drown in the second.
"""

from __future__ import annotations

from interlock.secrets.model import Text
from interlock.values import Any

#: Output data that holds text; images, widgets and plots do not.
_TEXTUAL = ("text/plain", "text/html", "text/markdown", "text/latex", "application/json")


class BrokenNotebook(ValueError):
    """No notebook: it is scanned as the text that it is."""


def notebook_text(path: str, content: bytes) -> Text:
    """The lines of all cells and text outputs; raises BrokenNotebook where it cannot be read."""
    from json import loads

    try:
        value = loads(content)
        cells = value["cells"] if "cells" in value else _old(value)
        made = _Lines(content)
        for number, cell in enumerate(cells, start=1):
            made.add(cell.get("source", cell.get("input", "")), number)
            for output in cell.get("outputs", ()):
                _output(made, output, number)
        made.add_metadata(value.get("metadata", {}))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise BrokenNotebook(path) from None
    return Text(path, b"".join(made.lines), tuple(made.numbers), tuple(made.cells))


def _old(value: Any) -> list[Any]:
    """Format 3 kept its cells in worksheets."""
    return [cell for sheet in value["worksheets"] for cell in sheet["cells"]]


def _output(made: _Lines, output: Any, number: int) -> None:
    for field in ("text", "traceback", "evalue"):
        made.add(output.get(field, ""), number)
    data = output.get("data", {})
    for kind in _TEXTUAL:
        if kind in data:
            got = data[kind]
            if kind == "application/json" and not isinstance(got, str):
                from json import dumps

                got = dumps(got, indent=0, ensure_ascii=False)
            made.add(got, number)


class _Lines:
    """Collects lines; each is looked for in the file from where the last one was found."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._at = self._counted = 0
        self._number = 1
        self.lines: list[bytes] = []
        self.numbers: list[int] = []
        self.cells: list[int] = []

    def add(self, source: Any, cell: int) -> None:
        """A source: a text or a list of texts, each the line of the file that holds it."""
        parts = [source] if isinstance(source, str) else source
        for part in parts:
            if not isinstance(part, str) or not part:
                continue
            number = self._place(part)
            for line in part.splitlines():
                self.lines.append(line.encode("utf-8", "replace") + b"\n")
                self.numbers.append(number)
                self.cells.append(cell)

    def add_metadata(self, value: Any) -> None:
        """Kernel and parameter settings: names and values that are texts."""
        stack = [value]
        while stack:
            one = stack.pop()
            if isinstance(one, dict):
                for name, inner in one.items():
                    if isinstance(inner, str) and isinstance(name, str):
                        self.add(f'"{name}": "{inner}"', 0)
                    else:
                        stack.append(inner)
            elif isinstance(one, list):
                stack += one

    def _place(self, part: str) -> int:
        """The line of the file on which ``part`` stands, else the last one that was known."""
        from json import dumps

        for ascii_only in (False, True):
            raw = dumps(part, ensure_ascii=ascii_only).encode("utf-8", "replace")
            found = self._content.find(raw, self._at)
            if found >= 0:
                self._number += self._content.count(b"\n", self._counted, found)
                self._counted, self._at = found, found + len(raw)
                break
            if part.isascii():
                break
        return self._number
