"""Applies the edits of a report to files on this machine, and checks again."""

from __future__ import annotations

import os
from collections.abc import Callable

from interlock.cli.checking import Checked, Options, check
from interlock.cli.writing import write_whole
from interlock.errors import UsageError
from interlock.experiments.repair import text_checksum
from interlock.model import Edit

_BOM = b"\xef\xbb\xbf"


def planned(checked: Checked) -> tuple[dict[tuple[str, str], list[Edit]], list[str]]:
    """The edits for each (repo, path) that can be written here, and what cannot, as sentences."""
    plan: dict[tuple[str, str], list[Edit]] = {}
    refused: list[str] = []
    for finding in checked.report.findings:
        if finding.status != "failing" or finding.repair is None:
            continue
        for edit in finding.repair.edits:
            where = (edit.repo, edit.path)
            if edit.repo not in checked.roots:
                refused.append(
                    f"{edit.repo}:{edit.path} is another repository: mend it there, "
                    f"or pass --repo {edit.repo}=PATH"
                )
            elif any(_overlap(edit, other) for other in plan.get(where, ())):
                if edit not in plan[where]:
                    refused.append(f"{edit.path}: two mends want the same text; run --fix again")
            else:
                plan.setdefault(where, []).append(edit)
    return plan, list(dict.fromkeys(refused))


def _overlap(one: Edit, other: Edit) -> bool:
    return (one.start < other.end and other.start < one.end) or one.start == other.start


def difference(checked: Checked) -> str:
    """A unified diff of what --fix would write."""
    from difflib import unified_diff

    plan, refused = planned(checked)
    lines: list[str] = []
    for (repo, path), edits in sorted(plan.items()):
        old = _read(checked, repo, path).removeprefix(_BOM).decode("utf-8")
        new = _spliced(old, edits)
        lines += unified_diff(
            old.splitlines(keepends=True),
            new.splitlines(keepends=True),
            f"a/{path}",
            f"b/{path}",
        )
    lines += [f"not mended: {sentence}\n" for sentence in refused]
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )


def fix(options: Options, checked: Checked, say: Callable[[str], object]) -> Checked:
    """Write what can be mended, say so, and give the report of a new check."""
    plan, refused = planned(checked)
    written = 0
    for (repo, path), edits in sorted(plan.items()):
        data = _read(checked, repo, path)
        bom = _BOM if data.startswith(_BOM) else b""
        old = data.removeprefix(_BOM).decode("utf-8")
        if any(edit.checksum != text_checksum(old) for edit in edits):
            refused.append(f"{path} differs from what was checked: stage it, or leave --staged out")
            continue
        full = os.path.join(checked.roots[repo], path)
        try:
            write_whole(full, bom + _spliced(old, edits).encode("utf-8"))
        except OSError as error:
            raise UsageError(f"{full} cannot be written: {error.strerror}") from None
        written += len(edits)
        say(f"mended {repo}:{path} ({len(edits)} {'place' if len(edits) == 1 else 'places'})\n")
    for sentence in refused:
        say(f"not mended: {sentence}\n")
    if not written:
        say("nothing was mended\n")
        return checked
    if options.selection.kind == "staged":
        say("the files are mended in the work tree: `git add` them, then commit\n")
        options = options._replace(selection=options.selection._replace(kind="worktree"))
    return check(options)


def _spliced(text: str, edits: list[Edit]) -> str:
    for edit in sorted(edits, key=lambda e: e.start, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def _read(checked: Checked, repo: str, path: str) -> bytes:
    full = os.path.join(checked.roots[repo], path)
    root = os.path.realpath(checked.roots[repo])
    if not os.path.realpath(full).startswith(root + os.sep):
        raise UsageError(f"{full} leads out of {root}: it is not written")
    try:
        with open(full, "rb") as file:
            return file.read()
    except OSError as error:
        raise UsageError(f"{full} cannot be read: {error.strerror}") from None
