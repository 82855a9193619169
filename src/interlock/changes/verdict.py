"""What a set comes to: consistent alone, only together, or not; and how it can land."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations

from interlock.changes.members import Member
from interlock.changes.needs import Need, elsewhere
from interlock.changes.order import MAX_TRIED, Landed, Landing, Orders
from interlock.changes.worlds import Worlds
from interlock.model import Finding
from interlock.values import Literal, NamedTuple

#: alone: no member needs another. together: only all of them are what was asked for.
#: inconsistent: something is wrong when all have landed, or a repository has no change yet.
#: unknown: nothing is known to be wrong, but a repository could not be read.
Kind = Literal["alone", "together", "inconsistent", "unknown"]


class Verdict(NamedTuple):
    """What a set comes to. Members are given by index.

    ``findings`` remain when all have landed. ``missing`` are aliases that need a change and have
    none. ``unread`` are (alias or label, reason). ``landing`` says what may land next, now that
    the merged members have. ``half_landed`` are the findings of the default branches as they are.
    """

    kind: Kind
    findings: tuple[Finding, ...]
    missing: tuple[str, ...]
    unread: tuple[tuple[str, str], ...]
    landing: Landing
    half_landed: tuple[Finding, ...] = ()


def verdict(
    worlds: Worlds,
    members: Sequence[Member],
    needs: Sequence[tuple[Need, ...]],
    aliases: Sequence[str],
) -> Verdict:
    """Judge a set; ``needs`` are those of each member, ``aliases`` the policy's, in its order."""
    landed = frozenset(at for at, one in enumerate(members) if one.has_landed)
    able = _preferred(members, aliases)
    everything = landed | set(able)
    whole = worlds.after(everything)
    unread = [*whole.unread]
    unread += [(one.label, one.problem) for one in members if one.state == "unknown"]
    missing = _missing(members, everything, whole.findings, needs, aliases)
    current = worlds.after(landed).findings if landed else ()
    # What is broken now need not be mended in one step: it must not get worse.
    broken = {finding.identity for finding in current}

    def safe(state: Landed) -> bool:
        return all(finding.identity in broken for finding in worlds.after(state).findings)

    if whole.findings or missing or unread:
        kind: Kind = "inconsistent" if whole.findings or missing else "unknown"
        landing = Landing(None, (), dict.fromkeys(able, ()))
    else:
        free = not any(needs) and _any_order(safe, landed, able)
        kind = "alone" if free else "together"
        landing = Orders(able, safe).landing(landed)
    return Verdict(kind, whole.findings, missing, tuple(unread), landing, current)


def _preferred(members: Sequence[Member], aliases: Sequence[str]) -> tuple[int, ...]:
    """Those that may land; what the policy lists first reads first, and so lands first."""
    able = [at for at, one in enumerate(members) if one.can_land]
    places = {alias: at for at, alias in enumerate(aliases)}
    able.sort(key=lambda at: (places.get(members[at].alias, len(places)), members[at].label, at))
    return tuple(able)


def _any_order(safe: Callable[[Landed], bool], landed: Landed, able: tuple[int, ...]) -> bool:
    """True where nothing breaks whatever lands first; above the bound each one is tried alone."""
    counts = range(len(able)) if len(able) <= MAX_TRIED else (0, 1)
    states = (landed | set(some) for count in counts for some in combinations(able, count))
    return all(safe(state) for state in states)


def _missing(
    members: Sequence[Member],
    everything: Landed,
    findings: Sequence[Finding],
    needs: Sequence[tuple[Need, ...]],
    aliases: Sequence[str],
) -> tuple[str, ...]:
    """The aliases that still have to change and have no change that can be counted on."""
    present = {members[at].alias for at in everything}
    present |= {one.alias for one in members if one.state == "unknown"}
    asked = {n.alias for of_one in needs for n in of_one if n.companions}
    asked |= {alias for finding in findings for alias in elsewhere(finding)}
    return tuple(alias for alias in aliases if alias in asked - present)
