"""What of a changed policy's effect may be shown in a repository: see interlock.report.sharing."""

from __future__ import annotations

from interlock.report.policy_changes import PolicyChanges
from interlock.report.sharing import finding_for, notices_for
from interlock.report.sharing_words import UNREAD_HINT
from interlock.report.unchecked import Gap


def changes_for(changes: PolicyChanges, visible: frozenset[str] | None) -> PolicyChanges:
    """The changes as they may be shown where ``visible`` is shown; None stands for everything.

    Findings are compared before, as they are; each is told for itself.
    """
    if visible is None:
        return changes
    hidden = [
        (one.alias, one.name)
        for one in changes.members
        if one.alias not in visible and one.name.lower() not in visible
    ]
    return changes._replace(
        changes=tuple(
            one._replace(finding=finding_for(one.finding, visible)) for one in changes.changes
        ),
        unread=tuple(_gap(gap, visible) for gap in changes.unread),
        notices=notices_for(changes.notices, hidden),
    )


def _gap(gap: Gap, visible: frozenset[str]) -> Gap:
    if visible.issuperset(gap.repos):
        return gap
    return gap._replace(hint=UNREAD_HINT.format(repo=", ".join(gap.repos)))
