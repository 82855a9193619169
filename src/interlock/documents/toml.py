"""TOML: values by tomli, which gives no positions; those come from ``toml_nodes`` when asked."""

from __future__ import annotations

import re

import tomli

from interlock.documents.base import DocumentProblem, Node, Parsed, Span, Value
from interlock.documents.limits import (
    MAX_DEPTH,
    MAX_DIGITS,
    MAX_RADIX_DIGITS,
    TOO_LONG,
    StopError,
    excess,
)
from interlock.documents.toml_bounds import check_bounds, deepest

_RADIX = rf"0[xob][0-9a-fA-F_]{{{MAX_RADIX_DIGITS},}}"
_DIGITS = r"[0-9_]+"
#: tomli's messages about something that stands twice; it points behind the second one.
_TWICE = ("Cannot overwrite a value", "Cannot declare")


def read_toml(text: str) -> Parsed:
    """The one table of a text."""
    try:
        check_bounds(text)
        value = tomli.loads(text)
    except StopError as stop:
        return _fatal(stop.problem)
    except tomli.TOMLDecodeError as error:
        return _fatal(_malformed(error, text))
    except RecursionError:
        return _fatal(deepest(text).problem)
    except ValueError as error:
        return _fatal(_too_long(text) or _unusable(str(error)))
    long = len(text) > MAX_RADIX_DIGITS and re.search(_RADIX, text)
    too_long = _too_long(text) if long and _has_huge(value) else None
    over = excess((value,))
    if over or too_long:
        return _fatal(too_long or _deep_problem(text, over))
    return Parsed((value,), toml_positions)


def toml_positions(text: str) -> tuple[Node, ...]:
    """The root table's node; () where the text cannot be read."""
    from interlock.documents.toml_nodes import Locator

    try:
        return (Locator(text).run(),)
    except (IndexError, LookupError, TypeError, ValueError):
        # Only text that was not accepted gets here: it has no values to point at.
        return ()


def _fatal(problem: DocumentProblem) -> Parsed:
    return Parsed((), toml_positions, (problem,))


def _unusable(reason: str) -> DocumentProblem:
    return DocumentProblem(f"is not usable TOML: {reason}", Span(0, 0), fatal=True)


def _malformed(error: tomli.TOMLDecodeError, text: str) -> DocumentProblem:
    """tomli counts in text without carriage returns, so only its line and column are used."""
    start = 0
    for _ in range(error.lineno - 1):
        start = text.find("\n", start) + 1
    end = text.find("\n", start)
    end = len(text) if end == -1 else end
    at = min(start + error.colno - 1, len(text))
    reason = error.msg[:1].lower() + error.msg[1:]
    if error.msg.startswith(_TWICE):
        if not text[start:end].strip():
            end = len(text[:start].rstrip())
            start = text.rfind("\n", 0, end) + 1
        at, stop = start, end
        reason += "; this key or table stands twice"
    else:
        stop = min(at + 1, len(text))
    return DocumentProblem(f"is not valid TOML: {reason}", Span(at, stop), fatal=True)


def _too_long(text: str) -> DocumentProblem | None:
    """The first number with too many digits, where there is one."""
    found = re.search(_RADIX, text)
    if found is None:
        digits = re.finditer(_DIGITS, text)
        found = next((run for run in digits if len(run.group()) > MAX_DIGITS), None)
    return found and DocumentProblem(TOO_LONG, Span(*found.span()), fatal=True)


def _has_huge(value: Value) -> bool:
    """True where a whole number in ``value`` has more digits than may be written out."""
    stack = [value]
    while stack:
        one = stack.pop()
        if type(one) is int and one.bit_length() > MAX_RADIX_DIGITS * 4:
            return True
        if type(one) in (dict, list):
            stack.extend(one.values() if type(one) is dict else one)
    return False


def _deep_problem(text: str, over: str) -> DocumentProblem:
    """Where the depth is over the bound."""
    level = list(toml_positions(text))
    for _ in range(MAX_DEPTH):
        level = [
            below
            for node in level
            for below in (
                node.children.values() if isinstance(node.children, dict) else node.children or ()
            )
            if below.children is not None
        ]
    span = level[0].span if level else Span(0, 0)
    return DocumentProblem(over, span, fatal=True)
