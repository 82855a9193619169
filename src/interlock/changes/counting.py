"""Which of many changes can have to do with one another, and which that ended still count."""

from __future__ import annotations

from collections.abc import Sequence

from interlock.changes.linking import Candidate, nearby
from interlock.changes.members import Member
from interlock.changes.records import Touched, tokens_of, touched
from interlock.changes.worlds import Ground, Worlds
from interlock.values import NamedTuple

#: Seconds after which what has landed or was closed is no part of a set any more: two weeks.
REMEMBERED = 14 * 86_400
#: Seconds within which a set that is done is still told so: a sweep may come late.
TOLD = 86_400


class Near(NamedTuple):
    """Changes that share records or names, over others too: ``members`` are those that count.

    ``others`` ended, and are no part of any set any more.
    """

    members: tuple[Member, ...]
    others: tuple[Member, ...]


def related(
    ground: Ground,
    members: Sequence[Member],
    now: int,
    wanted: frozenset[str] | None = None,
) -> tuple[Near, ...]:
    """``members`` in groups: two of different groups share neither a record nor a name.

    Of those that ended only the ones count that were open together with one that may still land,
    and the last ones without which the default branches were not wrong. ``now`` is in seconds. With
    ``wanted`` only the groups are looked at that hold a member of these labels.
    """
    read = [(one, touched(ground, one)) for one in members]
    candidates = [Candidate(one, what, ()) for one, what in read]
    groups = []
    for near in nearby(candidates):
        if wanted is not None and wanted.isdisjoint(read[at][0].label for at in near):
            continue
        found = _counting(ground, [read[at] for at in near], now)
        rest = (read[at][0] for at in near)
        groups.append(Near(found, tuple(one for one in rest if one not in found)))
    return tuple(groups)


def _counting(
    ground: Ground, near: Sequence[tuple[Member, Touched]], now: int
) -> tuple[Member, ...]:
    """The open ones, those that were open at the same time, and those that broke something."""
    current = [one for one, _ in near if one.state not in ("merged", "closed", "missing")]
    ended = [one for one, _ in near if one not in current and now - one.ended <= REMEMBERED]
    began = min((one.opened for one in current), default=now)
    beside = [one for one in ended if one.ended > began]
    earlier = [one for one in ended if one.has_landed and one not in beside]
    broken = _unfinished(
        ground,
        [*earlier, *(one for one in beside if one.has_landed)],
        [what for _, what in near],
    )
    chosen = [*current, *beside, *(one for one in broken if one not in beside)]
    if not current and not broken:
        chosen = _just_over(ended, now)
    return tuple(one for one, _ in near if one in chosen)


def _just_over(ended: Sequence[Member], now: int) -> list[Member]:
    """Those that landed lately, with what was open together with them: a set that is done."""
    last = [one for one in ended if one.has_landed and now - one.ended <= TOLD]
    began = min((one.opened for one in last), default=now)
    return [one for one in ended if one.has_landed and one.ended > began]


def _unfinished(
    ground: Ground, landed: Sequence[Member], near: Sequence[Touched]
) -> tuple[Member, ...]:
    """The last of ``landed`` without which the default branches were not wrong.

    () where nothing is wrong that was not before all of them.
    """
    if not landed:
        return ()
    order = sorted(landed, key=lambda one: one.ended)
    sources = [name for what in near for name in what.sources]
    worlds = Worlds(ground, order, sources, tokens_of(near))
    for count in range(len(order), -1, -1):
        if not worlds.after(frozenset(range(count))).findings:
            return tuple(order[count:])
    return ()
