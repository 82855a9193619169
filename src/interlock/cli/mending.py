"""Which edits of a report can be made here, together, and what the files then say."""

from __future__ import annotations

import os
from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable, Sequence

from interlock.cli.checking import Checked
from interlock.documents.base import Document
from interlock.documents.rehearse import misread, spliced
from interlock.documents.second_reader import disagrees
from interlock.experiments.repair import text_checksum
from interlock.model import Change, Edit, Finding
from interlock.trees.checkouts import same_repo
from interlock.values import NamedTuple

_BOM = b"\xef\xbb\xbf"

#: A repository's alias and a path in it.
Where = tuple[str, str]


class Step(NamedTuple):
    """An edit, what it does, and the number of the finding that it belongs to."""

    edit: Edit
    change: Change
    unit: int


class NewText(NamedTuple):
    """A file as it is and as it would be, in bytes; ``places`` counts the edits."""

    full: str
    old: bytes
    new: bytes
    places: int


class Plan(NamedTuple):
    """What would be written, and why the rest would not be, as sentences."""

    files: dict[Where, NewText]
    refused: list[str]


def plan(checked: Checked, wanted: Callable[[Finding], bool] = lambda _: True) -> Plan:
    """Plan the mends of the failing findings that are ``wanted``; reads files, writes none.

    The edits of one finding are made together or not at all. What a file would say is read and
    compared with what is meant before anything is written.
    """
    units = [f for f in checked.report.findings if mendable(f) and wanted(f)]
    refused: list[str] = []
    steps = _placed(checked, units, refused)
    files: dict[Where, tuple[str, bytes, Document]] = {}
    dropped: set[int] = set()
    for where, mine in steps.items():
        reason, read = _read(checked, where, mine)
        if read is None:
            refused.append(reason)
            dropped |= {step.unit for step in mine}
        else:
            files[where] = read
    while True:
        failed = set()
        for where, (_, _, document) in files.items():
            failed |= _unproved(document, [s for s in steps[where] if s.unit not in dropped])
        if not failed:
            break
        for unit in sorted(failed):
            paths = ", ".join(dict.fromkeys(e.path for e in _edits(units[unit])))
            refused.append(f"{paths}: the file would not say what it should, with all mends made")
        dropped |= failed
    planned = {}
    for where, (full, data, document) in files.items():
        made = [step.edit for step in steps[where] if step.unit not in dropped]
        text = _text(document, made)
        if made and disagrees(document, text):
            refused.append(
                f"{where[1]}: another YAML reader would read the mended file differently"
            )
        elif made:
            bom = _BOM if document.bom else b""
            new = bom + text.encode("utf-8", "surrogatepass")
            planned[where] = NewText(full, data, new, len(made))
    return Plan(planned, list(dict.fromkeys(refused)))


def mendable(finding: Finding) -> bool:
    """True for a failing finding with edits."""
    return finding.status == "failing" and bool(_edits(finding))


def _edits(finding: Finding) -> Sequence[Edit]:
    return finding.repair.edits if finding.repair is not None else ()


def _placed(
    checked: Checked, units: Sequence[Finding], refused: list[str]
) -> dict[Where, list[Step]]:
    """The steps for each file, without those that clash."""
    torn = _torn(units)
    steps: dict[Where, list[Step]] = {}
    taken: dict[Where, _Taken] = {}
    for number, finding in enumerate(units):
        repair = finding.repair
        assert repair is not None
        mine = [Step(e, c, number) for e, c in zip(repair.edits, repair.changes, strict=True)]
        reasons = [r for step in mine if (r := _elsewhere(checked, step))]
        if any(_span(step.edit) in torn for step in mine):
            where = mine[0].edit.path
            reasons.append(f"{where}: two rules want different things there; let one source decide")
        elif any(taken.setdefault(_file(s.edit), _Taken()).clashes(s.edit) for s in mine):
            reasons.append(f"{mine[0].edit.path}: two mends want the same text; run --fix again")
        refused += reasons
        if reasons:
            continue
        for step in mine:
            if taken[_file(step.edit)].take(step.edit):
                steps.setdefault(_file(step.edit), []).append(step)
    return steps


class _Taken:
    """The edits of one file so far, found by where they stand."""

    def __init__(self) -> None:
        self._edits: set[Edit] = set()
        self._points: list[int] = []
        self._spans: list[tuple[int, int]] = []

    def clashes(self, edit: Edit) -> bool:
        """True where another edit reaches into the text of this one, or this into another's."""
        if edit in self._edits:
            return False
        point = bisect_right(self._points, edit.start)
        if point < len(self._points) and self._points[point] < edit.end:
            return True
        span = bisect_left(self._spans, (edit.end, -1))
        return span > 0 and self._spans[span - 1][1] > edit.start

    def take(self, edit: Edit) -> bool:
        """False where the very same edit was taken before."""
        if edit in self._edits:
            return False
        self._edits.add(edit)
        if edit.start == edit.end:
            insort(self._points, edit.start)
        else:
            insort(self._spans, (edit.start, edit.end))
        return True


def _file(edit: Edit) -> Where:
    return edit.repo, edit.path


def _span(edit: Edit) -> tuple[str, str, int, int]:
    return edit.repo, edit.path, edit.start, edit.end


def _torn(units: Iterable[Finding]) -> set[tuple[str, str, int, int]]:
    """Spans that different findings want to hold different texts."""
    wanted: dict[tuple[str, str, int, int], set[str]] = {}
    for finding in units:
        for edit in _edits(finding):
            if edit.start < edit.end:
                wanted.setdefault(_span(edit), set()).add(edit.text)
    return {span for span, texts in wanted.items() if len(texts) > 1}


def _elsewhere(checked: Checked, step: Step) -> str:
    """Why a file is not one that is written here; "" where it is."""
    repo, owner = step.edit.repo, step.change.owner
    if repo not in checked.roots:
        return (
            f"{repo}:{step.edit.path} is another repository: mend it there, "
            f"or pass --repo {repo}=PATH"
        )
    several = len(checked.found.policy.repos.get(repo, ())) > 1
    if several and repo == checked.report.own and not same_repo(owner, checked.report.own_name):
        return f"{owner}:{step.edit.path} is another repository: mend it there"
    return ""


def _read(
    checked: Checked, where: Where, steps: Sequence[Step]
) -> tuple[str, tuple[str, bytes, Document] | None]:
    """The file as it lies there now, or why it is not written."""
    from interlock.documents.read import read_document

    root = os.path.realpath(checked.roots[where[0]])
    full = os.path.join(checked.roots[where[0]], where[1])
    real = os.path.realpath(full)
    if not real.startswith(root + os.sep):
        return f"{full} leads out of {root}: it is not written", None
    if ".git" in real[len(root) :].lower().split(os.sep):
        return f"{full} leads into git's own files: it is not written", None
    try:
        with open(full, "rb") as file:
            data = file.read()
    except OSError as error:
        return f"{full} cannot be read: {error.strerror}", None
    document = read_document(where[1], data, steps[0].change.format)
    checksum = text_checksum(document.text)
    if not document.values or any(step.edit.checksum != checksum for step in steps):
        return f"{where[1]} differs from what was checked: stage it, or leave --staged out", None
    return "", (full, data, document)


def _text(document: Document, edits: Iterable[Edit]) -> str:
    return spliced(document.text, [(e.start, e.end, e.text) for e in edits])


def _unproved(document: Document, steps: Sequence[Step]) -> set[int]:
    """The findings whose edits, with those before them, do not give what is meant."""
    if not steps or _good(document, steps):
        return set()
    kept: list[Step] = []
    failed: set[int] = set()
    waiting = [list(steps)]
    while waiting:
        batch = waiting.pop()
        if _good(document, [*kept, *batch]):
            kept += batch
        elif len(batch) == 1:
            failed.add(batch[0].unit)
        else:
            half = len(batch) // 2
            waiting += [batch[half:], batch[:half]]
    return failed


def _good(document: Document, steps: Sequence[Step]) -> bool:
    text = _text(document, [step.edit for step in steps])
    return not misread(document, text, [step.change for step in steps])
