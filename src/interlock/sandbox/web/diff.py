"""Changed files with their unified diff."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from hashlib import sha256

from interlock.sandbox.gitdiff import Changed
from interlock.sandbox.records import Repo
from interlock.sandbox.web.markup import Safe, badge, join, link, tag
from interlock.sandbox.web.visit import address

#: Changes beyond these are counted, not shown.
MAX_FILES = 300
MAX_LINES = 20_000
#: A file with more changed lines begins folded.
_FOLDED = 400
_HUNK = re.compile(r"@@ -(\d{1,9})(?:,\d{1,9})? \+(\d{1,9})(?:,\d{1,9})? @@")
_KINDS = {"+": "added", "-": "removed", "\\": "note"}


def changed(repo: Repo, sha: str, found: Sequence[Changed]) -> Safe:
    """All files that differ, at the commit ``sha``."""
    if not found:
        return tag("p", "No file differs.", class_="quiet")
    plus, minus = sum(f.additions for f in found), sum(f.deletions for f in found)
    files = f"{len(found)} file{'' if len(found) == 1 else 's'}"
    parts: list[object] = [tag("p", f"{files} changed: ", _counts(plus, minus), class_="quiet")]
    left = MAX_LINES
    for file in found[:MAX_FILES]:
        parts.append(_file(repo, sha, file, left))
        left -= min(left, (file.patch or "").count("\n") + 1)
    if len(found) > MAX_FILES:
        parts.append(
            tag("p", f"{len(found) - MAX_FILES} more files are not shown.", class_="notice")
        )
    return join(parts)


def _counts(plus: int, minus: int) -> Safe:
    return tag(
        "span",
        tag("span", f"+{plus}", class_="plus"),
        " ",
        tag("span", f"\N{MINUS SIGN}{minus}", class_="minus"),
        class_="counts",
    )


def _file(repo: Repo, sha: str, file: Changed, left: int) -> Safe:
    name = f"{file.before} → {file.path}" if file.before else file.path
    shown: object = tag("code", name)
    heading = join(
        (
            tag("h3", shown),
            " ",
            badge(file.status, "plain"),
            " ",
            _counts(file.additions, file.deletions),
        )
    )
    body: list[object] = []
    if file.status != "removed":
        body.append(
            tag("p", link(address(repo, "blob", sha, file.path), "View the file"), class_="view")
        )
    lines = (file.patch or "").split("\n")
    if not file.patch:
        body.append(
            tag(
                "p",
                "No lines to show: the file is binary, very large, or only renamed.",
                class_="notice",
            )
        )
    elif len(lines) > left:
        body.append(tag("p", "Not shown: the page is long enough.", class_="notice"))
    else:
        table = tag("table", tag("tbody", *_lines(lines)), class_="code diff")
        body.append(tag("div", table, class_="scroll", tabindex=0))
    return tag(
        "details",
        tag("summary", heading),
        *body,
        class_="file",
        # As GitHub names the place, so that its links work here.
        id=f"diff-{sha256(file.path.encode('utf-8', 'surrogateescape')).hexdigest()}",
        open=len(lines) <= _FOLDED,
    )


def _lines(lines: Sequence[str]) -> Iterator[Safe]:
    old = new = 0
    for line in lines:
        if found := _HUNK.match(line):
            old, new = int(found[1]), int(found[2])
            yield _row("hunk", "", "", "", line)
            continue
        kind = _KINDS.get(line[:1], "same")
        before = old if kind in ("same", "removed") else ""
        after = new if kind in ("same", "added") else ""
        old += before != ""
        new += after != ""
        yield _row(kind, before, after, line[:1], line[1:])


def _row(kind: str, old: int | str, new: int | str, sign: str, line: str) -> Safe:
    return tag(
        "tr",
        tag("td", old, class_="number"),
        tag("td", new, class_="number"),
        tag("td", sign, class_="sign"),
        tag("td", line.removesuffix("\r"), class_="line"),
        class_=kind,
    )
