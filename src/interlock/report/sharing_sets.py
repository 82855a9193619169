"""What of change sets may be shown in a repository: see interlock.report.sharing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from interlock.changes.change_set import ChangeSet
from interlock.changes.members import Member
from interlock.report.change_set_words import Shown
from interlock.report.sharing import findings_for, notices_for
from interlock.report.sharing_words import UNREAD_HINT
from interlock.trees.base import Entry, Unread
from interlock.values import NamedTuple

#: Stands for experiments that only hidden repositories have.
UNNAMED = "not shown here"


class _Unshown(NamedTuple):
    """A tree of which only its name is told."""

    label: str

    def entries(self, prefix: str) -> Sequence[Entry]:
        """See Tree."""
        del prefix
        return ()

    def read(self, entries: Sequence[Entry]) -> Iterator[tuple[Entry, bytes | Unread]]:
        """See Tree."""
        del entries
        return iter(())


def sets_for(shown: Shown, visible: frozenset[str] | None) -> Shown:
    """The sets as they may be shown where ``visible`` is shown; None stands for everything.

    Members of hidden repositories keep their owner/name and state, and the name of the branch that
    was asked for. Experiments are named that a shown member or a finding names.
    """
    if visible is None:
        return shown
    hidden = [row for row in shown.repos if not _is_shown(*row, visible)]
    return shown._replace(
        sets=tuple(_set(one, shown.branch, visible) for one in shown.sets),
        notices=notices_for(shown.notices, hidden),
    )


def _is_shown(alias: str, name: str, visible: frozenset[str]) -> bool:
    return alias in visible or name.lower() in visible


def _set(found: ChangeSet, branch: str, visible: frozenset[str]) -> ChangeSet:
    judged = found.verdict
    alone = tuple(findings_for(one, visible) for one in found.alone)
    findings = findings_for(judged.findings, visible)
    known = {finding.key for one in (*alone, findings) for finding in one}
    for member, keys in zip(found.members, found.touches, strict=False):
        if _is_shown(member.alias, member.name, visible):
            known.update(keys)
    every = (*found.members, *(one for one, _ in found.ignored))
    names = {one.label: _member(one, branch, visible).label for one in every}
    secret = {one.label for one in every if not _is_shown(one.alias, one.name, visible)}
    told = visible.union(one.label for one in every) - secret
    return found._replace(
        keys=tuple(dict.fromkeys(key if key in known else UNNAMED for key in found.keys)),
        members=tuple(_member(one, branch, visible) for one in found.members),
        needs=tuple(
            tuple(need._replace(findings=findings_for(need.findings, visible)) for need in needs)
            for needs in found.needs
        ),
        alone=alone,
        ignored=tuple((_member(one, branch, visible), why) for one, why in found.ignored),
        verdict=judged._replace(
            findings=findings,
            half_landed=findings_for(judged.half_landed, visible),
            unread=tuple(
                (names.get(who, who), why if who in told else UNREAD_HINT.format(repo="it"))
                for who, why in judged.unread
            ),
        ),
        touches=(),
    )


def _member(member: Member, branch: str, visible: frozenset[str]) -> Member:
    if _is_shown(member.alias, member.name, visible):
        return member
    known = member.branch == branch
    label = member.label if known or member.label.startswith(f"{member.alias}#") else member.alias
    return member._replace(
        label=label,
        branch=branch if known else "",
        base=None if member.base is None else _Unshown(label),
        head=None if member.head is None else _Unshown(label),
        trailers=(),
        problem=UNREAD_HINT.format(repo=member.alias) if member.problem else "",
        paths=None,
    )
