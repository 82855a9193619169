"""The change sets of a policy's repositories as GitHub has them now, and who may land next."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from interlock.changes.change_set import ChangeSet, change_sets, single
from interlock.changes.counting import REMEMBERED, related
from interlock.changes.gate import Gate, Standing, checks_of, gates
from interlock.changes.members import Member
from interlock.errors import UsageError
from interlock.github.clones import Clones
from interlock.github.hub import Hub
from interlock.github.overview import Event, Overview, look, look_closer
from interlock.github.policies import Held
from interlock.github.proposals import ARCHIVED, MOVED, Proposed, counts, label_of, proposed
from interlock.github.pulls import Detail, Pull, Where
from interlock.policy.model import Policy
from interlock.trees.access import Access
from interlock.values import NamedTuple

#: A comment of ours begins with the first; the second names the pull requests it speaks of.
MARKER = "<!-- interlock:change-set -->"
REMINDER = "<!-- interlock:reminder -->"
_WITH = re.compile(r"^<!-- interlock:with (?P<labels>[^\s<>]+(?: [^\s<>]+)*) -->$", re.MULTILINE)
#: What a stranger's is told that needs others: nobody waits for it, and it lands by nobody's word.
STRANGE = Gate("pending", "is a stranger's fork: it counts once somebody who may push approves it")
#: What a pull request is told that has to wait for nobody.
FREE = Gate("success", "needs no change in another repository")


class Judged(NamedTuple):
    """A set and the gate of each of its members."""

    found: ChangeSet
    gates: tuple[Gate, ...]


class Loose(NamedTuple):
    """A pull request that is in no set, its label and its gate."""

    label: str
    pull: Pull
    gate: Gate


class Picture(NamedTuple):
    """All that a run found.

    ``over`` are labels of landed and closed pull requests that are in no set any more.
    """

    overview: Overview
    proposed: Proposed
    sets: tuple[Judged, ...]
    loose: tuple[Loose, ...]
    details: Mapping[Where, Detail]
    over: tuple[str, ...] = ()


class Looking(NamedTuple):
    """What a run looks with. ``now`` is in seconds since 1970, ``today`` an ISO day.

    ``log`` is the repository (owner/name) whose readers may read what the run prints, "" where that
    is the policy's.
    """

    hub: Hub
    held: Held
    access: Access
    now: int
    today: str
    log: str = ""


def hidden_line(labels: Iterable[str]) -> str:
    """The line of a comment that names its siblings, so that the next run looks at them too."""
    return f"<!-- interlock:with {' '.join(labels)} -->"


def hinted(detail: Detail | None) -> frozenset[str]:
    """The labels that our own comment names."""
    found: set[str] = set()
    for one in detail.comments if detail is not None else ():
        if one.ours and one.body.startswith(f"{MARKER}\n"):
            line = _WITH.search(one.body)
            found.update(line["labels"].split(" ") if line else ())
    return frozenset(found)


def picture(looking: Looking, event: Event | None = None) -> Picture:
    """The sets around one pull request; all of them where no ``event`` is given.

    Raises GitHubError where GitHub cannot be asked.
    """
    policy, hub = looking.held.policy, looking.hub
    names = list(dict.fromkeys(name for bound in policy.repos.values() for name in bound))
    overview = look(hub, names, event, statuses=event is None)
    if event is not None:
        event, overview = _heard(hub, names, event, overview)
    with Clones(looking.access, hub) as clones:
        found = proposed(policy, overview, clones, looking.now, looking.today, event)
        wanted = _wanted(policy, overview, event)
        sets: list[ChangeSet] = []
        closer = _of_event(overview, event)
        strange, closer = _strangers(hub, found, closer)
        loose = list(_alone(overview, found, strange, wanted))
        members = [one for one in found.members if one.label not in strange]
        ended: set[str] = set()
        for near in related(found.ground, members, looking.now, wanted):
            mine = change_sets(found.ground, near.members)
            sets += mine
            loose += _loose(overview, found, near.members, mine)
            if event is not None:
                ended.update(o.label for o in near.others if looking.now - o.ended <= REMEMBERED)
        loose += _outside(policy, overview, found, event)
        chosen = [*_looked_at(found, sets, loose, (wanted or set()) | ended)]
        closer = look_closer(hub, chosen, closer)
        asked = {*_of_event(overview, event), *(one.where for one in chosen)}
        details = {where: closer[where] for where in asked if where in closer}
        over, details = _over(hub, found, sets, ended, details)
    told = [_openly(overview, one) for one in sets]
    judged = tuple(Judged(one, _gates(found, one, details, policy)) for one in told)
    return Picture(overview, found, judged, tuple(loose), details, over)


def _heard(
    hub: Hub, names: Sequence[str], event: Event, overview: Overview
) -> tuple[Event, Overview]:
    """The event by the policy's name of its repository, which may have been renamed since.

    Raises UsageError where the policy names no such repository, or it has no such pull request.
    """
    asked = event.name.lower()
    if asked not in overview.repos:
        moved = [o.name for o in overview.repos.values() if o.full_name.lower() == asked]
        if not moved:
            raise UsageError(
                f"{event.name} is none of the policy's repos: name it under `repos` there, or "
                "pass --pull of one that is"
            )
        event = Event(moved[0], event.number)
        overview = look(hub, names, event)
    if overview.event is None and not overview.repos[event.name.lower()].problem:
        raise UsageError(f"{event.name} has no pull request #{event.number}")
    return event, overview


def _wanted(policy: Policy, overview: Overview, event: Event | None) -> frozenset[str] | None:
    if event is None:
        return None
    numbers = {event.number, *_of_same_commit(overview, event)}
    labels = {
        label_of(policy, alias, name, number)
        for alias, names in policy.repos.items()
        for name in names
        if name.lower() == event.name.lower()
        for number in numbers
    }
    return hinted(overview.detail) | labels


def _of_same_commit(overview: Overview, event: Event) -> Iterable[int]:
    """Other open pull requests of the event's commit: they share its status."""
    mine = overview.event
    known = overview.repos[event.name.lower()].pulls
    return [
        one.number
        for one in known
        if mine is not None and one.head == mine.head and one.state in ("open", "draft")
    ]


def _of_event(overview: Overview, event: Event | None) -> dict[Where, Detail]:
    """What the overview told of the event's pull request."""
    detail = overview.detail
    return {event.where: detail} if event is not None and detail is not None else {}


def _strangers(
    hub: Hub, found: Proposed, known: Mapping[Where, Detail]
) -> tuple[frozenset[str], dict[Where, Detail]]:
    """The labels of strangers' pull requests that nobody has approved who may push there.

    With ``known`` and the details that were asked for to see that.
    """
    may = {
        label: one
        for label, one in found.pulls.items()
        if one.stranger and one.state not in ("merged", "missing")
    }
    closer = look_closer(hub, (one for one in may.values() if one.state != "closed"), known)
    endorsed = {where for where, one in closer.items() if one.endorsed}
    return frozenset(label for label, one in may.items() if one.where not in endorsed), closer


def _alone(
    overview: Overview, found: Proposed, strange: frozenset[str], wanted: frozenset[str] | None
) -> Iterable[Loose]:
    """Strangers' pull requests: in nobody's set, and free only where they need nobody."""
    chosen = strange if wanted is None else strange & wanted
    members = [one for one in found.members if one.label in chosen]
    for one in _loose(overview, found, members, ()):
        yield one if one.gate == FREE else one._replace(gate=STRANGE)


def _loose(
    overview: Overview, found: Proposed, members: Sequence[Member], sets: Sequence[ChangeSet]
) -> Iterable[Loose]:
    """Those of ``members`` that may land and are in no set: free, unless wrong in themselves."""
    inside = {one.label for each in sets for one in each.members}
    for one in members:
        if one.label not in inside and one.state in ("open", "draft", "unknown"):
            alone = single(found.ground, one)
            gate = FREE if alone is None else gates(_openly(overview, alone), {}, 0)[0]
            if one.state == "unknown":
                gate = Gate("failure", f"unknown: {_plain(overview, one.problem)}")
            yield Loose(one.label, found.pulls[one.label], gate)


def _outside(
    policy: Policy, overview: Overview, found: Proposed, event: Event | None
) -> Iterable[Loose]:
    """Open pull requests that change nothing which the policy reads; the event's alone if any."""
    taken = {one.where for one in found.pulls.values()}
    for alias, names in policy.repos.items():
        for name in names:
            repo = overview.repos[name.lower()]
            known = {one.number: one for one in repo.pulls}
            if event is not None and event.name.lower() != name.lower():
                continue
            if event is not None:
                same = _of_same_commit(overview, event)
                known = {number: one for number, one in known.items() if number in same}
                known |= {event.number: overview.event} if overview.event else {}
            for number, pull in known.items():
                if pull.where in taken or pull.state not in ("open", "draft"):
                    continue
                gate = Gate("success", "changes nothing that the policy reads")
                if pull.base_ref != repo.default:
                    # Its status stays when it is retargeted: it must not open the gate there.
                    waits = counts(policy, alias, pull)
                    told = f"is not for {repo.default}: looked at once it is"
                    gate = Gate("pending" if waits else "success", told)
                yield Loose(label_of(policy, alias, name, number), pull, gate)


def _looked_at(
    found: Proposed,
    sets: Sequence[ChangeSet],
    loose: Sequence[Loose],
    wanted: AbstractSet[str],
) -> Iterable[Pull]:
    """Every member, what our comments spoke of before, and what has left its set."""
    yield from (found.pulls[one.label] for each in sets for one in each.members)
    # A sweep knows the status of every head already: only what changes is looked at closer.
    yield from (one.pull for one in loose if not _free(one))
    yield from (pull for label, pull in found.pulls.items() if label in wanted)


def _over(
    hub: Hub,
    found: Proposed,
    sets: Sequence[ChangeSet],
    ended: AbstractSet[str],
    details: dict[Where, Detail],
) -> tuple[tuple[str, ...], dict[Where, Detail]]:
    """What has ended and is in no set any more: of these, and of what our comments speak of."""
    inside = {one.label for each in sets for one in each.members}
    spoken = {label for detail in details.values() for label in hinted(detail)}
    chosen = {
        label: found.pulls[label]
        for label in sorted((ended | spoken) - inside)
        if label in found.pulls and found.pulls[label].state in ("merged", "closed")
    }
    return tuple(chosen), look_closer(hub, chosen.values(), details)


def _free(one: Loose) -> bool:
    """True where its status says already what it should: then its comment does too."""
    said = one.pull.said
    return said is not None and said.description.endswith(one.gate.summary)


def _openly(overview: Overview, one: ChangeSet) -> ChangeSet:
    """The set with no reason why something was not read but GitHub's."""
    unread = tuple((who, _plain(overview, why)) for who, why in one.verdict.unread)
    return one._replace(verdict=one.verdict._replace(unread=unread))


def _plain(overview: Overview, why: str) -> str:
    """The reason where it is GitHub's: others may name files that not everybody may see."""
    known = {repo.problem for repo in overview.repos.values()} | {ARCHIVED, MOVED}
    return why if why in known else "its content could not be read"


def _gates(
    found: Proposed,
    one: ChangeSet,
    details: Mapping[Where, Detail],
    policy: Policy,
) -> tuple[Gate, ...]:
    standings = {}
    for member in one.members:
        pull = found.pulls[member.label]
        detail = details.get(pull.where)
        if detail is not None:
            repo = found.repos[member.label]
            checks = checks_of(repo.counted(detail.contexts), repo.required)
            # A red check stays red, whatever those come to that could not be read.
            if not detail.whole and checks != "red":
                checks = "unread"
            current = detail.head == pull.head
            standings[member.label] = Standing(detail.approved, checks, current)
    return gates(one, standings, policy.change_sets.window)
