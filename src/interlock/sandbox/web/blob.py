"""One file at one commit, line by line, so that a finding's link leads to its line."""

from __future__ import annotations

from interlock.sandbox.gitrepo import Entry, GitRepo
from interlock.sandbox.web import files
from interlock.sandbox.web.layout import page
from interlock.sandbox.web.markup import Safe, join, tag
from interlock.sandbox.web.visit import Visit, address
from interlock.sandbox.wire import Refused, Reply

#: Above this many bytes a file is not shown. https://docs.github.com/repositories/working-with-files/using-files/viewing-and-understanding-files
MAX_BYTES = 1_000_000
MAX_LINES = 20_000


def show(visit: Visit, owner: str, name: str, rest: list[str]) -> Reply:
    """``REF/PATH``; each line has the anchor ``#L<number>``."""
    repo = visit.repo(owner, name)
    git = visit.git(repo)
    found = files.parted(git, rest)
    entry = files.entry(git, found.sha, found.path)
    if entry is None:
        raise Refused(404, f"There is no file {found.path} at {found.ref}.")
    if entry.kind == "tree":
        return Reply(302, "", {"location": address(repo, "tree", found.ref, found.path)})
    where = [" at ", tag("code", found.ref)]
    if found.ref != found.sha:
        where += [", commit ", tag("code", found.sha[:7])]
    content = join(
        (
            tag("h1", found.path, class_="path"),
            tag("p", repo.full_name, *where, class_="quiet"),
            _content(git, entry),
        )
    )
    return page(visit, f"{found.path} at {found.ref}", content, repo=repo)


def _content(git: GitRepo, entry: Entry) -> Safe:
    if entry.kind != "blob":
        return _said(f"Another repository's commit {entry.sha} (a submodule).")
    if (entry.size or 0) > MAX_BYTES:
        return _said(f"The file has {entry.size:,} bytes, too many to be shown here.")
    data = git.blob(entry.sha)
    if b"\0" in data:
        return _said(f"A binary file of {len(data):,} bytes.")
    link = _said("A symbolic link, which is not followed, to:") if entry.mode == "120000" else ""
    return join((link, numbered(data.decode("utf-8", "replace"))))


def numbered(source: str) -> Safe:
    """Lines with their numbers, which are anchors."""
    if not source:
        return _said("The file is empty.")
    # Only what git and editors take for the end of a line: others would shift all numbers.
    lines = source.removesuffix("\n").split("\n")
    shown = tag("table", tag("tbody", *map(_line, range(1, MAX_LINES + 1), lines)), class_="code")
    left = len(lines) - MAX_LINES
    rest = _said(f"{left:,} more lines are not shown.") if left > 0 else ""
    return join((tag("div", shown, class_="scroll", tabindex=0), rest))


def _line(number: int, line: str) -> Safe:
    anchor = f"L{number}"
    return tag(
        "tr",
        tag("td", tag("a", number, href=f"#{anchor}"), class_="number"),
        tag("td", line.removesuffix("\r"), class_="line"),
        id=anchor,
    )


def _said(words: str) -> Safe:
    return tag("p", words, class_="notice")
