"""Reads git's configuration files without running git; includes are not followed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from interlock.values import NamedTuple

_SECTION = re.compile(r'\[\s*([\w.-]+)(?:\s+"((?:[^"\\]|\\.)*)")?\s*\]')
_KEY = re.compile(r"([A-Za-z][\w-]*)[ \t]*(?:(=)[ \t]*)?")
#: What git takes for blank; Unicode has more.
_BLANKS = " \t\r"
_ESCAPES = {"n": "\n", "t": "\t", "b": "\b"}


class Setting(NamedTuple):
    """One setting: ``[section "sub"] key = value``. Section and key are in lower case."""

    section: str
    sub: str
    key: str
    value: str


def settings(text: str) -> Iterator[Setting]:
    """The settings of a file, in order; lines that git would refuse are passed over."""
    section, sub = "", ""
    lines = iter(text.replace("\r\n", "\n").split("\n"))
    for line in lines:
        rest = line.strip(_BLANKS)
        heading = _SECTION.match(rest)
        if heading:
            section, _, old = heading.group(1).lower().partition(".")
            quoted = heading.group(2)
            sub = old if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
            rest = rest[heading.end() :].lstrip(_BLANKS)
        found = _KEY.match(rest)
        if found:
            raw = rest[found.end() :]
            value, more = _value(raw)
            while more:
                value, more = _value(raw := raw[:-1] + next(lines, ""))
            yield Setting(section, sub, found.group(1).lower(), value if found.group(2) else "true")


def _value(raw: str) -> tuple[str, bool]:
    """A value without quotes, escapes and comment; True where it goes on in the next line."""
    if not any(sign in raw for sign in '"\\#;'):
        return raw.strip(_BLANKS), False
    done: list[str] = []
    kept, quoted, at = 0, False, 0
    while at < len(raw):
        sign = raw[at]
        at += 1
        if sign == "\\":
            if at == len(raw):
                return "", True
            done.append(_ESCAPES.get(raw[at], raw[at]))
            at += 1
            kept = len(done)
        elif sign == '"':
            quoted = not quoted
            kept = len(done)
        elif sign in "#;" and not quoted:
            break
        else:
            done.append(sign)
            if quoted or sign not in _BLANKS:
                kept = len(done)
    return "".join(done[:kept]), False
