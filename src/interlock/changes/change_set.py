"""Change sets, derived from what is proposed: who belongs together, and what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from interlock.changes.linking import Candidate, Group, link
from interlock.changes.members import Member
from interlock.changes.needs import Need, needs_of
from interlock.changes.records import Touched, alters_anything, tokens_of, touched
from interlock.changes.verdict import Verdict, verdict
from interlock.changes.worlds import Ground, Outcome, Worlds
from interlock.model import Finding
from interlock.values import NamedTuple


class ChangeSet(NamedTuple):
    """The changes that carry one experiment, or a few that hang together.

    ``keys`` are the experiments. ``needs`` and ``alone`` go with ``members``: what each needs
    elsewhere, and what is wrong where it lands alone. ``ignored`` are (change, why): those that
    claim to belong here and do not count. ``touches`` are the keys of the records that each member
    changes.
    """

    keys: tuple[str, ...]
    members: tuple[Member, ...]
    needs: tuple[tuple[Need, ...], ...]
    alone: tuple[tuple[Finding, ...], ...]
    ignored: tuple[tuple[Member, str], ...]
    verdict: Verdict
    touches: tuple[tuple[str, ...], ...] = ()

    @property
    def present_members(self) -> tuple[Member, ...]:
        """The members that count: open or landed."""
        return tuple(one for one in self.members if one.can_land or one.has_landed)

    @property
    def present(self) -> tuple[tuple[str, str], ...]:
        """The repositories, as (alias, owner/name), whose change is there: open or landed."""
        return tuple(dict.fromkeys((one.alias, one.name) for one in self.present_members))


def change_sets(ground: Ground, members: Sequence[Member]) -> tuple[ChangeSet, ...]:
    """The sets among ``members``; a change that breaks nothing elsewhere is in none.

    One of a repository that the policy does not name, be it of the same name under another owner,
    counts for nothing.
    """
    known = {(r.alias, r.name.lower()) for repos in ground.world.values() for r in repos}
    read = [(one, touched(ground, one)) for one in members if one.repo in known]
    candidates = []
    alone: list[tuple[Finding, ...]] = []
    merged = [member for member in members if member.has_landed]
    for member, what in read:
        outcome = _alone(ground, member, what, merged)
        needs = needs_of(ground.policy, member, outcome.findings, what.paths)
        # Only companions ask for a change that touches no record.
        alters = bool(what.records) or (bool(ground.policy.companions) and alters_anything(member))
        unread = bool(outcome.unread or what.unread)
        candidates.append(Candidate(member, what, needs, alters, unread))
        alone.append(outcome.findings)
    return tuple(_of(ground, candidates, alone, group) for group in link(candidates))


def single(ground: Ground, member: Member) -> ChangeSet | None:
    """The set of one change that is wrong in itself, or leaves open whether it is; else None.

    Nobody else has to be told of it, so ``change_sets`` has none of these.
    """
    what = touched(ground, member)
    outcome = _alone(ground, member, what)
    if not (outcome.findings or outcome.unread or what.unread):
        return None
    needs = needs_of(ground.policy, member, outcome.findings, what.paths)
    return _of(ground, [Candidate(member, what, needs)], [outcome.findings], Group((0,), ()))


def _alone(ground: Ground, member: Member, what: Touched, merged: Sequence[Member] = ()) -> Outcome:
    """The world in which only this change lands, or has landed, and none of ``merged`` has."""
    if not (member.can_land or member.has_landed):
        return Outcome((), ())
    others = [one for one in merged if one is not member]
    worlds = Worlds(ground, (member, *others), what.sources, tokens_of([what]))
    return worlds.after(frozenset({0}))


def _of(
    ground: Ground,
    candidates: Sequence[Candidate],
    alone: Sequence[tuple[Finding, ...]],
    group: Group,
) -> ChangeSet:
    mine = [candidates[at] for at in group.members]
    members = tuple(one.member for one in mine)
    needs = tuple(one.needs for one in mine)
    touches = [one.touched for one in mine]
    sources = [name for what in touches for name in what.sources]
    worlds = Worlds(ground, members, sources, tokens_of(touches))
    judged = verdict(worlds, members, needs, tuple(ground.policy.repos))
    unseen = [
        (one.member.label, one.touched.unread)
        for one in mine
        if one.touched.unread and one.member.state != "unknown"
    ]
    if unseen:
        kind = "unknown" if judged.kind in ("alone", "together") else judged.kind
        judged = judged._replace(kind=kind, unread=(*judged.unread, *unseen))
    wrong = [alone[at] for at in group.members]
    return ChangeSet(
        _keys(mine, [finding for found in wrong for finding in found]),
        members,
        needs,
        tuple(wrong),
        tuple((candidates[at].member, why) for at, why in group.ignored),
        judged,
        tuple(one.touched.keys for one in mine),
    )


def _keys(candidates: Sequence[Candidate], findings: Iterable[Finding]) -> tuple[str, ...]:
    """The experiments: what the findings are about, else the records that several touch."""
    about = dict.fromkeys(finding.key for finding in findings if finding.relation)
    if about:
        return tuple(about)
    touching = [key for one in candidates for key in one.touched.keys]
    shared = [key for key in touching if touching.count(key) > 1]
    return tuple(dict.fromkeys(shared or touching))
