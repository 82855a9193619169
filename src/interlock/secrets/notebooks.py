"""Notebooks as lines: cells' sources and outputs as people see them, with their places.

In the raw file every quote is escaped and images are one line of base64: rules miss the first and
drown in the second. Fields are walked in the order of the file (nbformat sorts them, so outputs
stand before the source), which is how each text's own line is known.
"""

from __future__ import annotations

from interlock.secrets.model import Text
from interlock.secrets.notebooklines import Lines
from interlock.values import Any

#: Fields of outputs in format 3 that hold text; the others are images.
_OLD_TEXTS = {"text": ".txt", "html": ".html", "latex": ".md", "json": ".json"}
#: Data that is drawn, or kept for widgets, and never read; SVG is text.
_DRAWN = ("image/", "audio/", "video/", "font/", "application/pdf", "application/octet-stream")
_MARKUP = ("text/html", "image/svg+xml")
_WIDGETS = "application/vnd.jupyter.widget"
#: Names whose values are not settings: what was pasted into Markdown, and the state of widgets.
_SKIPPED = ("attachments", "widgets")
#: Values of one metadata tree or JSON output that are looked at.
_MAX_VALUES = 100_000


class BrokenNotebook(ValueError):
    """No notebook: it is scanned as the text that it is."""


def notebook_text(path: str, content: bytes) -> Text:
    """The lines of all cells and text outputs; raises BrokenNotebook where it cannot be read."""
    from json import loads

    made = Lines(content)
    try:
        value = loads(content, object_pairs_hook=_once)
        if "cells" not in value and "worksheets" not in value:
            raise BrokenNotebook(path)
        number = 0
        for name, part in value.items():
            if name == "cells":
                number = _cells(made, part, number)
            elif name == "worksheets":  # format 3
                for sheet in part:
                    number = _cells(made, sheet.get("cells", ()), number)
            else:
                _tree(made, {name: part}, 0)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise BrokenNotebook(path) from None
    return made.text(path)


def _once(items: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose names occur once: of two a parser keeps the last, and hides the first."""
    made = dict(items)
    if len(made) < len(items):
        raise ValueError
    return made


def _cells(made: Lines, cells: Any, before: int) -> int:
    """The number of the last cell, of which ``before`` stand before these."""
    number = before
    for cell in cells:
        number += 1
        _cell(made, cell, number)
    return number


def _cell(made: Lines, cell: Any, number: int) -> None:
    kind = ".ipynb" if cell.get("cell_type") == "code" else ".md"
    for name, part in cell.items():
        if name in ("source", "input"):
            made.source(part, number, kind)
        elif name == "outputs":
            for output in part:
                _output(made, output, number)
        elif name == "attachments":
            for held in part.values():
                _data(made, held, number)
        else:
            _tree(made, {name: part}, number)


def _output(made: Lines, output: Any, number: int) -> None:
    for name, part in output.items():
        if name == "traceback":
            for frame in part if isinstance(part, list) else [part]:
                made.shown(frame, number, ".txt")
        elif name in ("evalue", *_OLD_TEXTS):
            made.shown(part, number, _OLD_TEXTS.get(name, ".txt"))
        elif name == "data":
            _data(made, part, number)


def _data(made: Lines, data: Any, number: int) -> None:
    """One output in several forms, each under its MIME type."""
    for mime, part in data.items():
        if mime.startswith((*_DRAWN, _WIDGETS)) and mime != "image/svg+xml":
            continue
        if isinstance(part, (dict, list)) and "json" in mime:
            _tree(made, part, number)
        else:
            made.shown(part, number, ".html" if mime in _MARKUP else ".txt")


def _tree(made: Lines, value: Any, number: int) -> None:
    """Names and values that are texts: metadata, parameters, JSON that was shown."""
    stack: list[tuple[str, Any]] = [("", value)]
    for _ in range(_MAX_VALUES):
        if not stack:
            return
        name, one = stack.pop()
        if isinstance(one, str):
            made.setting(name, one, number)
        elif isinstance(one, dict):
            stack += [(str(k), v) for k, v in reversed(one.items()) if k not in _SKIPPED]
        elif isinstance(one, list):
            stack += [(name, inner) for inner in reversed(one)]
