"""Which changes belong to one set: by need and records, by a branch's name, by a trailer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from interlock.changes.members import Member
from interlock.changes.naming import id_of_branch, set_id
from interlock.changes.needs import Need
from interlock.changes.records import Touched
from interlock.values import NamedTuple

NO_RECORD = "changes no record of the set, as far as it can be read beside what has landed"
FORK = "comes from a fork, whose names and trailers link nothing"
#: Branches that everybody has: they say nothing of what belongs together.
_EVERYBODYS = ("main", "master", "develop", "trunk")


class Candidate(NamedTuple):
    """A change with what it touches and needs; ``alters`` is False for one that is empty.

    ``unread`` says that a repository could not be read, so that not all of its needs are known.
    """

    member: Member
    touched: Touched
    needs: tuple[Need, ...]
    alters: bool = True
    unread: bool = False


class Group(NamedTuple):
    """Indexes of the candidates of one set, and (index, why) of those that only claim to be."""

    members: tuple[int, ...]
    ignored: tuple[tuple[int, str], ...]


def link(candidates: Sequence[Candidate]) -> tuple[Group, ...]:
    """The sets, each with at least two members or with one that (perhaps) needs another repo.

    Two changes belong together where one needs the other's repository and both touch a record in
    common, or where they share a name and a record. What people wrote alone links nothing.
    """
    found = []
    for near in nearby(candidates):
        for group in _groups(candidates, near):
            members = _chosen(candidates, group)
            if len(members) > 1 or any(_is_told(candidates[at]) for at in members):
                found.append(Group(members, tuple(_ignored(candidates, members, group, near))))
    return tuple(sorted(found))


def nearby(candidates: Sequence[Candidate]) -> list[list[int]]:
    """Candidates that have a name or a record in common, over others too: only these can link."""
    leader = list(range(len(candidates)))

    def first(at: int) -> int:
        while leader[at] != at:
            leader[at] = leader[leader[at]]
            at = leader[at]
        return at

    seen: dict[object, int] = {}
    for at, one in enumerate(candidates):
        claimed = names_of(one.member._replace(from_fork=False))
        for mark in (*claimed, *one.touched.tokens):
            other = first(seen.setdefault(mark, at))
            leader[max(first(at), other)] = min(first(at), other)
    near: dict[int, list[int]] = {}
    for at in range(len(candidates)):
        near.setdefault(first(at), []).append(at)
    return list(near.values())


def _groups(candidates: Sequence[Candidate], near: Sequence[int]) -> list[frozenset[int]]:
    groups = [frozenset({at}) for at in near]
    joined = True
    while joined:
        joined = False
        for at, one in enumerate(groups):
            other = next((g for g in groups[at + 1 :] if _together(candidates, one, g)), None)
            if other is not None:
                groups = [g for g in groups if g not in (one, other)] + [one | other]
                joined = True
                break
    return groups


def _is_told(one: Candidate) -> bool:
    """True for a change that somebody else has to know of, or may have to."""
    return bool(one.needs) or (one.unread and one.member.state != "unknown")


def names_of(member: Member) -> frozenset[str]:
    """The names by which a change can be linked; none for a fork's."""
    if member.from_fork:
        return frozenset()
    named = {f"set {set_id(value)}" for value in member.trailers}
    if id_of_branch(member.branch):
        named.add(f"set {id_of_branch(member.branch)}")
    elif member.branch and member.branch not in _EVERYBODYS:
        named.add(f"branch {member.branch}")
    return frozenset(named)


def _together(candidates: Sequence[Candidate], one: frozenset[int], other: frozenset[int]) -> bool:
    mine, theirs = _names(candidates, one), _names(candidates, other)
    if mine & theirs:
        if _tokens(candidates, one) & _tokens(candidates, other):
            return True
        if _asked(candidates, one, other) or _asked(candidates, other, one):
            return True
    return any(
        _needs(candidates[a], candidates[b]) or _needs(candidates[b], candidates[a])
        for a in one
        for b in other
    )


def _names(candidates: Sequence[Candidate], group: Iterable[int]) -> frozenset[str]:
    return frozenset().union(*(names_of(candidates[at].member) for at in group))


def _tokens(candidates: Sequence[Candidate], group: Iterable[int]) -> frozenset[object]:
    return frozenset().union(*(candidates[at].touched.tokens for at in group))


def _needs(one: Candidate, other: Candidate) -> bool:
    """True where ``one`` needs a record changed in the other's repository, and it is changed."""
    wanted = {need.alias for need in one.needs if need.findings}
    may = other.member.alias in wanted or (one.unread and other.member.repo != one.member.repo)
    return may and bool(one.touched.tokens & other.touched.tokens)


def _asked(candidates: Sequence[Candidate], one: frozenset[int], other: frozenset[int]) -> bool:
    """True where a companion of ``one`` asks for the other's repository, and it is altered.

    One that cannot be read belongs to what its name says: nobody can see that it does not.
    """
    wanted = {n.alias for at in one for n in candidates[at].needs if n.companions}
    others = (candidates[at] for at in other if not candidates[at].member.from_fork)
    return any(
        c.member.state == "unknown" or (c.alters and c.member.alias in wanted) for c in others
    )


def _chosen(candidates: Sequence[Candidate], group: frozenset[int]) -> tuple[int, ...]:
    """The group without the changes that others of the same repository and records stand for.

    One that people linked by name stands for those that only touch the same records; one of the
    repository itself for a fork's; one that may still land for one that was closed.
    """
    kept = []
    for at in sorted(group):
        mine = candidates[at].member
        tokens = candidates[at].touched.tokens
        others = [
            candidates[o]
            for o in group
            if o != at
            and candidates[o].member.repo == mine.repo
            and (not tokens or tokens & candidates[o].touched.tokens)
        ]
        if not any(
            _rank(candidates, group, o) > _rank(candidates, group, candidates[at]) for o in others
        ):
            kept.append(at)
    return tuple(kept)


def _rank(
    candidates: Sequence[Candidate], group: frozenset[int], one: Candidate
) -> tuple[bool, bool, bool]:
    others = [o for o in group if candidates[o].member.repo != one.member.repo]
    named = bool(names_of(one.member) & _names(candidates, others))
    return one.member.state not in ("closed", "missing"), not one.member.from_fork, named


def _ignored(
    candidates: Sequence[Candidate],
    members: tuple[int, ...],
    group: frozenset[int],
    near: Sequence[int],
) -> Iterable[tuple[int, str]]:
    """Candidates that name the set, or touch its records, and are none of its members."""
    named = _names(candidates, members)
    for at in near:
        candidate = candidates[at]
        if at in members:
            continue
        claimed = names_of(candidate.member._replace(from_fork=False))
        if at in group:
            others = (candidates[m].member for m in members)
            better = [m.label for m in others if m.repo == candidate.member.repo]
            yield at, f"is not waited for: {', '.join(better)} stands for {candidate.member.alias}"
        elif claimed & named:
            yield at, FORK if candidate.member.from_fork else NO_RECORD
