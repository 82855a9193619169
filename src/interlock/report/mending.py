"""Which findings --fix can mend here: it writes only where a work tree was given."""

from __future__ import annotations

from interlock.model import Finding, Repair, Report
from interlock.report.wording import many

#: What was read of a repository whose files can be written (trees/worktree.py).
_WORK_TREE = "work tree"


def written(report: Report) -> set[str]:
    """The aliases of the repositories that --fix writes."""
    given = {alias for alias, _, read in report.repos if read == _WORK_TREE}
    return given | {report.own} - {""}


def is_mendable(report: Report, finding: Finding) -> bool:
    """True for a failing finding with an edit that can be written here."""
    if finding.status != "failing" or finding.repair is None:
        return False
    here = written(report)
    return any(edit.repo in here for edit in finding.repair.edits)


def fix_told(report: Report, repair: Repair) -> str:
    """Where the edits are, and how to make them."""
    files = ", ".join(dict.fromkeys(f"{edit.repo}: {edit.path}" for edit in repair.edits))
    here = written(report)
    elsewhere = dict.fromkeys(edit.repo for edit in repair.edits if edit.repo not in here)
    given = "".join(f" --repo {alias}=PATH" for alias in elsewhere)
    how = f"mend with --fix{given}"
    return f"{many(len(repair.edits), 'edit')} in {files}: {how}"
