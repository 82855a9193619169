"""Which experiment a ticket is about: what its form was filled with, or a line in its text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from interlock.changes.naming import TRAILER, trailers
from interlock.values import NamedTuple

#: How GitHub writes down an issue form: each field's label as a heading, then what was given.
#: https://docs.github.com/communities/using-templates-to-encourage-useful-issues-and-pull-requests/syntax-for-githubs-form-schema
_HEADING = re.compile(r"### +(.*?)[ #]*")
_EMPTY = "_No response_"
#: Characters of a key, and of a text that is looked at (GitHub's bound is 65,536).
_KEY, _TEXT = 200, 200_000


class Named(NamedTuple):
    """The experiment's key, "" for none; ``problem`` says why. ``form``: a form's field says it."""

    key: str
    problem: str = ""
    form: bool = False


def experiment_of(text: str, field: str) -> Named:
    """The experiment that a ticket's text names: under the heading ``field``, else by a trailer."""
    text = text[:_TEXT].replace("\r\n", "\n")
    given = list(_under(text, field))
    if given:
        return named(given, f"the field `{field}`")._replace(form=True)
    lines = trailers(text)
    if lines.values:
        return named(list(lines.values), f"`{TRAILER}`")
    told = f"; {lines.warnings[0]}" if lines.warnings else ""
    return Named("", f"it has no field `{field}` and no line `{TRAILER}: <key>`{told}")


def named(values: list[str], where: str) -> Named:
    """The one key among ``values``, which stand at ``where``."""
    keys = list(dict.fromkeys(value.strip().strip("`").strip() for value in values))
    keys = [key for key in keys if key and key != _EMPTY]
    if not keys:
        return Named("", f"{where} is empty")
    if len(keys) > 1:
        return Named("", f"{where} names more than one experiment: an issue is about one")
    if len(keys[0]) > _KEY or not keys[0].isprintable():
        return Named("", f"{where} is no key: at most {_KEY} characters on one line")
    return Named(keys[0])


def _under(text: str, field: str) -> Iterator[str]:
    """The lines below the first heading ``field`` that hold something; "" where none does."""
    inside = False
    for line in text.split("\n"):
        heading = _HEADING.fullmatch(line.rstrip())
        if heading is not None:
            if inside:
                return
            inside = heading[1].strip().casefold() == field.strip().casefold()
            if inside:
                yield ""
        elif inside and line.strip():
            yield line
