"""Patterns over text, in RE2 syntax and by the RE2 engine: linear time on hostile input."""

from __future__ import annotations

from collections.abc import Iterator

from interlock.documents.base import Span
from interlock.values import Any, NamedTuple

#: A text with more matches than this is not a configuration file.
MAX_MATCHES = 100_000
#: Memory RE2 may use for one compiled pattern, in bytes (RE2's own default is 8 MiB).
_MAX_MEMORY = 8 << 20

_compiled: dict[str, Any] = {}


class PatternError(ValueError):
    """A pattern that RE2 does not accept; the text says why."""


class TooManyError(ValueError):
    """A text with more matches than MAX_MATCHES; the text says so."""


class Found(NamedTuple):
    """One match: the text and span of each named group, and of the whole match under ""."""

    groups: dict[str, tuple[str, Span]]


def compile_pattern(pattern: str) -> Any:
    """Compile ``pattern`` once; raises PatternError with RE2's own reason."""
    compiled = _compiled.get(pattern)
    if compiled is None:
        import re2

        options = re2.Options()
        options.log_errors = False
        options.max_mem = _MAX_MEMORY
        try:
            compiled = re2.compile(pattern, options)
        except re2.error as error:
            raw = error.args[0] if error.args else error
            reason = raw.decode() if isinstance(raw, bytes) else str(raw)
            raise PatternError(
                f"the pattern {pattern!r} is not valid RE2 syntax: {reason}"
            ) from None
        _compiled[pattern] = compiled
    return compiled


def find_all(pattern: str, text: str) -> Iterator[Found]:
    """Every match of ``pattern`` in ``text``; raises TooManyError after MAX_MATCHES of them."""
    compiled = compile_pattern(pattern)
    names = compiled.groupindex
    for count, match in enumerate(compiled.finditer(text)):
        if count >= MAX_MATCHES:
            raise TooManyError(f"has more than {MAX_MATCHES:,} matches of the source's `pattern`")
        groups = {"": (match.group(), Span(*match.span()))}
        for name, number in names.items():
            if match.group(number) is not None:
                groups[name] = (match.group(number), Span(*match.span(number)))
        yield Found(groups)


def search_value(pattern: str, text: str, group: str) -> tuple[str, Span] | None:
    """The first match's group ``group``, else its first group, else the whole match."""
    match = compile_pattern(pattern).search(_readable(text))
    if match is None:
        return None
    names = match.re.groupindex
    number = names.get(group, 1 if match.re.groups else 0)
    got = match.group(number)
    return None if got is None else (got, Span(*match.span(number)))


def matches(pattern: str, text: str) -> bool:
    """True where ``pattern`` occurs anywhere in ``text``; anchor it to match the whole."""
    return compile_pattern(pattern).search(_readable(text)) is not None


def _readable(text: str) -> str:
    """``text`` as RE2 can read it: bytes of a file name that are no UTF-8 become question marks."""
    if text.isascii():
        return text
    return text.encode("utf-8", "replace").decode()
