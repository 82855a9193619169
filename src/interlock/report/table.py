"""Every output format by name; a reporter is imported when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from interlock.model import Report

#: Format -> "module:function"; the function takes (report, colour=, show_all=) and gives text.
FORMATS: dict[str, str] = {
    "text": "interlock.report.text:render",
    "json": "interlock.report.plain_json:render",
    "sarif": "interlock.report.sarif:render",
    "github": "interlock.report.github:render",
    "markdown": "interlock.report.markdown:render",
}


def reporter(name: str) -> Callable[..., str]:
    """The function of a format; KeyError for a name that is not in the table."""
    module, _, function = FORMATS[name].partition(":")
    found: Callable[..., str] = getattr(import_module(module), function)
    return found


def render(report: Report, name: str, *, colour: bool = False, show_all: bool = False) -> str:
    """The report in the format ``name``: whole lines, ready to be written as UTF-8."""
    return reporter(name)(report, colour=colour, show_all=show_all)
