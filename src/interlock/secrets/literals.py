"""Literals that stand in pieces on lines below each other, as long texts do in code."""

from __future__ import annotations

from interlock.documents.patterns import compile_pattern

_QUOTES = ("'", '"', "`")
#: What may stand after a piece and before the next: a backslash, or the sign that joins texts.
_TRAIL = " \t\\+.&"
_NEXT = r"^[ \t]*(?:\+|\.|&|<<)?[ \t]*[rbfuRBFU]{0,2}([\"'`])(.*)$"
#: Pieces of one text, and letters of a line in which one is looked for.
_MAX_PIECES = 12
_MAX_LINE = 1000


def joined(line: str, body: bytes, start: int) -> tuple[str, int]:
    """``line``, which starts at ``start`` of ``body``, with the pieces that follow its last one.

    The number says where the first piece ends; ("", 0) where nothing follows.
    """
    head = line.rstrip(_TRAIL)
    if head[-1:] not in _QUOTES or len(line) > _MAX_LINE:
        return "", 0
    quote, whole = head[-1], head[:-1]
    split, at = len(whole), start
    for _ in range(_MAX_PIECES):
        at = body.find(b"\n", at) + 1
        end = body.find(b"\n", at)
        end = end if end >= 0 else len(body)
        if not at or end - at > _MAX_LINE:
            break
        found = compile_pattern(_NEXT).search(body[at:end].decode("utf-8", "replace"))
        if found is None or found.group(1) != quote:
            break
        tail = found.group(2)
        more = tail.rstrip(_TRAIL)
        if more[-1:] != quote:
            whole += tail
            return whole, split
        whole += more[:-1]
    return (whole + quote, split) if len(whole) > split else ("", 0)
