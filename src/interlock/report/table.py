"""Every output format by name; a reporter is imported when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from interlock.model import Report

#: Format -> module of interlock.report that has render(report, colour=, show_all=).
FORMATS: dict[str, str] = {
    "text": "text",
    "json": "json",
    "sarif": "sarif",
    "github": "github",
    "markdown": "markdown",
}


def reporter(name: str) -> Callable[..., str]:
    """The render function of a format."""
    render: Callable[..., str] = import_module(f"interlock.report.{FORMATS[name]}").render
    return render


def render(report: Report, name: str, *, colour: bool = False, show_all: bool = False) -> str:
    """The report in the format ``name``."""
    return reporter(name)(report, colour=colour, show_all=show_all)
