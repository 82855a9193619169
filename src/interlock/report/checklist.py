"""What a checklist says, in pieces that each format writes in its own way; and as Markdown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from interlock.changes.checklist import Checklist, Line
from interlock.report.markdown_inline import code, prose
from interlock.report.wording import many
from interlock.values import Literal, NamedTuple

#: GitHub's own bound on a comment's characters, less the marker and what frames the list.
ROOM = 65_536 - 1_000
#: What our addresses are made of; nothing in it ends a link in Markdown or in wiki markup.
_ADDRESS = re.compile(r"https?://[A-Za-z0-9._~:/?#@&=%+,;-]{1,4000}")
#: Files that a line names; characters of a name, and of a note.
_FILES, _NAME, _NOTE = 5, 200, 300
_FOOTER = "Interlock keeps this list up to date: ticks made by hand do not last."
_LATER = "Once this names its experiment, Interlock writes here what is left to do."


class Piece(NamedTuple):
    """A part of a line. text: our own words. code: a name or a path. note: somebody's sentence."""

    kind: Literal["text", "code", "note"]
    text: str
    url: str = ""


class Item(NamedTuple):
    """One line, and whether it is ticked."""

    done: bool
    pieces: tuple[Piece, ...]


#: What is said of each state; those that begin with a blank follow the change.
STATES = {
    "landed": " has landed",
    "open": " is open",
    "draft": " is a draft",
    "closed": " was closed without landing",
    "there": "nothing is left to change",
    "spare": "no rule asks for a change",
    "missing": "missing",
    "differs": "what it says of the experiment has to change",
    "unknown": "could not be read",
}


def headline(found: Checklist) -> tuple[Piece, ...]:
    """``experiment `ranker-v2`: 1 of 3 done``."""
    if found.problem:
        return (Piece("text", "which experiment is this about?"),)
    done = sum(1 for line in found.lines if line.done)
    told = f": {done} of {len(found.lines)} done"
    if not found.lines:
        told = ": no rule of the policy says what it takes"
    elif done == len(found.lines):
        told = ": all done"
    return Piece("text", "experiment "), Piece("code", found.key), Piece("text", told)


def remark(found: Checklist) -> tuple[Piece, ...]:
    """The sentence below the headline, where there is one."""
    return (Piece("note", found.problem),) if found.problem else ()


def footer(found: Checklist) -> str:
    """The last line, in our own words."""
    return _LATER if found.problem else _FOOTER


def items(found: Checklist) -> tuple[Item, ...]:
    """The lines in pieces."""
    several = Counter(line.alias for line in found.lines)
    return tuple(
        Item(line.done, tuple(_pieces(found, line, named=several[line.alias] > 1)))
        for line in found.lines
    )


def _pieces(found: Checklist, line: Line, *, named: bool) -> Iterator[Piece]:
    yield Piece("code", line.name if named and line.name else line.alias, _address(line.repo_url))
    yield Piece("text", ": ")
    told = STATES[line.state]
    if line.change:
        yield Piece("code", line.change, _address(line.change_url))
        told = told if told.startswith(" ") else f", {told}"
    yield Piece("text", told.lstrip(" ") if not line.change else told)
    if line.files:
        yield Piece("text", ". Change ")
        yield from _listed(line.files)
        yield Piece("text", " on a branch ")
        yield Piece("code", found.branch)
    if line.files and _address(line.create_url):
        yield Piece("text", ", push it, then ")
        yield Piece("text", "create the pull request", _address(line.create_url))
    if line.note:
        yield Piece("text", " (")
        yield Piece("note", line.note)
        yield Piece("text", ")")


def _listed(files: Sequence[str]) -> Iterator[Piece]:
    shown = files[:_FILES]
    for at, file in enumerate(shown):
        last = at == len(files) - 1
        if at:
            yield Piece("text", " and " if last else ", ")
        yield Piece("code", file)
    if len(files) > len(shown):
        yield Piece("text", f" and {many(len(files) - len(shown), 'file')} more")


def _address(url: str) -> str:
    """``url`` where it is plainly one, else "": then there is no link."""
    return url if _ADDRESS.fullmatch(url) else ""


def fitting(sizes: Sequence[int], room: int) -> int:
    """How many of the items fit."""
    for at, size in enumerate(sizes):
        room -= size
        if room < 0:
            return at
    return len(sizes)


def left_out(number: int) -> str:
    """What is said of items that do not fit."""
    return f"{many(number, 'line')} did not fit here."


def as_markdown(found: Checklist, room: int = ROOM) -> str:
    """As a task list of GitHub's, at most ``room`` characters."""
    head = f"### Interlock: {_markdown(headline(found))}"
    lines = [f"- [{'x' if one.done else ' '}] {_markdown(one.pieces)}" for one in items(found)]
    fit = fitting([len(line) + 1 for line in lines], room - len(head) - 500)
    parts = [head, _markdown(remark(found)), "\n".join(lines[:fit])]
    if fit < len(lines):
        parts.append(left_out(len(lines) - fit))
    return "\n\n".join(part for part in (*parts, footer(found)) if part) + "\n"


def _markdown(pieces: Sequence[Piece]) -> str:
    return "".join(_written(one) for one in pieces)


def _written(piece: Piece) -> str:
    if piece.kind == "note":
        return prose(piece.text, _NOTE)
    text = code(piece.text, _NAME) if piece.kind == "code" else piece.text
    return f"[{text}]({piece.url})" if piece.url else text
