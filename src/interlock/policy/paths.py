"""Paths and patterns as a policy writes them, checked where they stand."""

from __future__ import annotations

from collections.abc import Iterator

from interlock.documents.path_syntax import LibraryFilter, PathSyntaxError, compile_path
from interlock.documents.paths import JsonPath, Segment
from interlock.policy.problems import Problems
from interlock.policy.raw import Raw
from interlock.policy.regexes import group_names, pattern_error
from interlock.policy.shapes import MAX_LENGTH, text_of


def path_of(raw: Raw, what: str, problems: Problems) -> JsonPath | None:
    """The compiled path; a problem at the character that cannot be read."""
    text = text_of(raw, what, problems)
    if not text:
        return None
    if len(text) > MAX_LENGTH:
        problems.add(raw, f"{what}: a path has at most {MAX_LENGTH} characters")
        return None
    try:
        path = compile_path(text)
        for expression in _filters(path.segments):
            expression.compile()
    except PathSyntaxError as error:
        problems.inside(raw, error.offset, f"{what}: {error}")
        return None
    except RecursionError:
        problems.add(raw, f"{what} is nested too deep")
        return None
    return path


def _filters(segments: tuple[Segment, ...]) -> Iterator[LibraryFilter]:
    for segment in segments:
        if isinstance(segment.argument, LibraryFilter):
            yield segment.argument
        elif segment.kind == "union":
            yield from _filters(segment.argument)


def pattern_of(raw: Raw, what: str, problems: Problems) -> tuple[str, tuple[str, ...]]:
    """An RE2 pattern and its named groups; a problem and ("", ()) where RE2 refuses it."""
    text = text_of(raw, what, problems)
    error = pattern_error(text) if text else ""
    if error:
        problems.add(raw, f"{what}: {error}")
        return "", ()
    return text, group_names(text) if text else ()
