"""Writes the mends of a report to files on this machine, and checks again."""

from __future__ import annotations

from collections.abc import Callable

from interlock.cli.checking import Checked, Options, check
from interlock.cli.mending import NewText, Where, plan
from interlock.cli.writing import write_whole
from interlock.model import Finding
from interlock.report.wording import many

_BOM = b"\xef\xbb\xbf"
#: One mend can make another one possible; after so many rounds there is no end in sight.
_ROUNDS = 10


def difference(checked: Checked) -> str:
    """A unified diff of what --fix would write first."""
    from difflib import unified_diff

    planned = plan(checked)
    lines: list[str] = []
    for (_, path), file in sorted(planned.files.items()):
        lines += unified_diff(_lines(file.old), _lines(file.new), f"a/{path}", f"b/{path}")
    text = "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )
    return text + "".join(f"not mended: {sentence}\n" for sentence in planned.refused)


def _lines(data: bytes) -> list[str]:
    """The lines of a file, ended by line breaks alone; without its byte order mark."""
    *whole, last = data.removeprefix(_BOM).decode("utf-8").split("\n")
    return [f"{line}\n" for line in whole] + ([last] if last else [])


class _Writer:
    """Writes planned files, round by round, and sees when rules send it in a circle."""

    def __init__(self) -> None:
        self.counts: dict[Where, int] = {}
        self.touched: set[Where] = set()
        self.refused: list[str] = []
        self._seen: dict[str, list[bytes]] = {}
        self._stuck: set[str] = set()

    def write(self, files: dict[Where, NewText]) -> bool:
        """True where something was written."""
        written = False
        for where, file in sorted(files.items()):
            if file.full in self._stuck:
                continue
            self.touched.add(where)
            before = self._seen.setdefault(file.full, [file.old])
            try:
                if file.new in before:
                    write_whole(file.full, before[0])
                    self._give_up(where, file, "rules want different things of it in turn")
                    self.counts.pop(where, None)
                    written = True
                else:
                    write_whole(file.full, file.new)
                    before.append(file.new)
                    self.counts[where] = self.counts.get(where, 0) + file.places
                    written = True
            except OSError as error:
                self._give_up(where, file, f"it cannot be written: {error.strerror}")
        return written

    def _give_up(self, where: Where, file: NewText, why: str) -> None:
        self._stuck.add(file.full)
        self.refused.append(f"{where[0]}:{where[1]}: {why}")


def fix(options: Options, checked: Checked, say: Callable[[str], object]) -> Checked:
    """Write what can be mended, say so, and give the report of a new check."""
    first = {f.identity: f.status for f in checked.report.findings}
    staged = options.selection.kind == "staged"
    writer, refused = _Writer(), list[str]()

    def wanted(finding: Finding) -> bool:
        """What was asked for; later also what our own mends brought about."""
        status = first.get(finding.identity)
        edits = finding.repair.edits if finding.repair is not None else ()
        ours = any((edit.repo, edit.path) in writer.touched for edit in edits)
        return status == "failing" or (status is None and ours)

    for _ in range(_ROUNDS):
        planned = plan(checked, wanted)
        refused = planned.refused
        if not writer.write(planned.files):
            break
        if staged:
            options = options._replace(selection=options.selection._replace(kind="worktree"))
        checked = check(options)
    for (repo, path), count in sorted(writer.counts.items()):
        say(f"mended {repo}:{path} ({many(count, 'place')})\n")
    for sentence in dict.fromkeys((*refused, *writer.refused)):
        say(f"not mended: {sentence}\n")
    if not writer.counts:
        say("nothing was mended\n")
    elif staged:
        say("the files are mended in the work tree: `git add` them, then commit\n")
    return checked
