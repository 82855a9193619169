"""detect-secrets' filters, asked with what they take; the two costly ones only where they can act.

Which arguments a filter takes is found out once for a run instead of at every call.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from interlock.values import Any, NamedTuple

_PATH = "detect_secrets.filters."
_PRAGMA = _PATH + "allowlist.is_line_allowlisted"
_REFERENCE = _PATH + "heuristic.is_indirect_reference"
#: What is_indirect_reference's pattern needs: whatever stands before its last sign may be empty.
_CALLED = re.compile(r"[:=!]\s*[\w.-]+[\[(][^\v]*[\])]")
#: It looks at no longer line.
_LONGEST = 1000


class Filters(NamedTuple):
    """Each tells whether a file, a line or a value on it is left out."""

    path: Callable[[str], bool]
    line: Callable[[str, str, Any], bool]
    value: Callable[[str, str, Any, Any, str], bool]


def prepared() -> Filters:
    """The filters that detect-secrets' settings name now."""
    from detect_secrets.filters.common import is_invalid_file

    # whether the file is one is the caller's to see: what is read may be no file that lies there
    files = [one for one in _taking({"filename"}, {"filename"}) if one[0] is not is_invalid_file]
    lines = _taking({"line"}, {"filename", "line", "context"})
    values = _taking({"secret"}, {"filename", "secret", "plugin", "line"})
    around = _taking({"context"}, {"filename", "secret", "plugin", "line", "context"})
    # these have answered already, for the same line
    around = [one for one in around if one[0] not in {known for known, _ in lines}]

    # the base's own of one argument never raise: most of what is found passes through these
    lone = [one for one, names in values if names == ("secret",) and _is_own(one)]
    values = [one for one in values if one[0] not in lone]

    def path(filename: str) -> bool:
        return _out(files, {"filename": filename})

    def line(filename: str, text: str, context: Any) -> bool:
        return _out(lines, {"filename": filename, "line": text, "context": context})

    def value(filename: str, text: str, context: Any, plugin: Any, secret: str) -> bool:
        if any(function(secret) for function in lone):
            return True
        given = {"filename": filename, "secret": secret, "plugin": plugin, "line": text}
        return _out(values, given) or _out(around, {**given, "context": context})

    return Filters(path, line, value)


_Call = tuple[Callable[..., bool], tuple[str, ...]]


def _taking(needed: set[str], given: set[str]) -> list[_Call]:
    """The filters that take all of ``needed``, and can be called with what is ``given``."""
    from detect_secrets.settings import get_filters

    made = []
    for one in get_filters():
        takes = one.injectable_variables
        if needed <= takes:
            made.append((_faster(one), tuple(sorted(takes & given))))
    return made


def _out(calls: list[_Call], given: dict[str, Any]) -> bool:
    for function, names in calls:
        try:
            if len(names) == 1:
                if function(given[names[0]]):
                    return True
            elif function(**{name: given[name] for name in names}):
                return True
        except TypeError:  # it needs more than is given: detect-secrets passes over it, too
            pass
    return False


def _is_own(one: Any) -> bool:
    return str(one.__module__).startswith("detect_secrets.filters.heuristic")


def _faster(one: Any) -> Callable[..., bool]:
    """The same answers as the filter's own."""
    if one.path == _PRAGMA:

        def allowed(filename: str, line: str, context: Any) -> bool:
            if "pragma" not in line and "pragma" not in context.previous_line:
                return False
            return bool(one(filename=filename, line=line, context=context))

        return allowed
    if one.path == _REFERENCE:
        return lambda line: len(line) <= _LONGEST and _CALLED.search(line) is not None
    return one  # type: ignore[no-any-return]
