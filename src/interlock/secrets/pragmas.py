"""The comments by which detect-secrets accepts a line: `pragma: allowlist secret` and its forms.

The forms are those of detect-secrets 1.5, as its documentation and its filter give them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from interlock.documents.patterns import compile_pattern
from interlock.secrets.model import Text
from interlock.values import Any

#: The marks of its comments; in .yaml files only the first counts.
_MARKS = r"(?:#|//|'|--)"
_BLOCK = r"/\*"
_HERE = r" *pragma: ?(?:allow|white)list[ -]secret"
_NEXT = r" *pragma: ?allowlist[ -]nextline[ -]secret"
#: Of a longer line only the end is looked at: a comment stands there.
_TAIL = 500


def allowed(text: Text, start: int, number: int) -> bool:
    """True where the line of ``text`` that begins at ``start`` (its number from 0) is accepted.

    The pragma is on the line itself, or alone on the line above it in the same file and cell.
    """
    body = text.body
    end = body.find(b"\n", start)
    if end < 0:
        end = len(body)
    if _search(_here(text.path), body[max(start, end - _TAIL) : end]):
        return True
    return bool(start) and _follows(text, number) and _is_next(text, start - 1)


def _is_next(text: Text, end: int) -> bool:
    """Whether the line that ends at ``end`` accepts the one below it."""
    start = text.body.rfind(b"\n", 0, end) + 1
    return end - start <= _TAIL and _search(_next(text.path), text.body[start:end])


def _follows(text: Text, number: int) -> bool:
    """Whether the line before in the body is the line before in the file."""
    if text.cells and text.cells[number] != text.cells[number - 1]:
        return False
    return not text.numbers or text.numbers[number] - text.numbers[number - 1] <= 1


def reaching_out(text: Text) -> tuple[int, ...]:
    """The lines of the file below a pragma of ``text`` that are not in ``text`` themselves.

    For the added lines of a change: what a new pragma accepts may have been there before.
    """
    if not text.numbers or b"nextline" not in text.body:
        return ()
    found = []
    at = 0
    for number, line in enumerate(text.body.split(b"\n")[: len(text.numbers)]):
        last = number + 1 == len(text.numbers)
        if (
            b"pragma" in line
            and _is_next(text, at + len(line))
            and (last or not _follows(text, number + 1))
        ):
            found.append(text.numbers[number] + 1)
        at += len(line) + 1
    return tuple(found)


def watched(texts: Iterable[Text], seen: dict[str, tuple[int, ...]]) -> Iterator[Text]:
    """``texts`` as they are; notes in ``seen`` each path, with what its pragmas reach out to."""
    for text in texts:
        seen[text.path] = seen.get(text.path, ()) + reaching_out(text)
        yield text


def _search(pattern: str, line: bytes) -> bool:
    compiled: Any = compile_pattern(pattern)
    return compiled.search(line.rstrip().decode("utf-8", "replace")) is not None


def _here(path: str) -> str:
    if path.endswith(".yaml"):
        return "#" + _HERE
    return rf"{_MARKS}{_HERE}|(?:{_BLOCK}{_HERE}.*\*/|<!--[# \t]*{_HERE}.*-->)[ \t]*$"


def _next(path: str) -> str:
    if path.endswith(".yaml"):
        return rf"^[ \t]*#{_NEXT}"
    block = rf"(?:{_BLOCK}{_NEXT}.*\*/|<!--[# \t]*{_NEXT}.*-->)[ \t]*$"
    return rf"^[ \t]*(?:{_MARKS}{_NEXT}|{block})"
