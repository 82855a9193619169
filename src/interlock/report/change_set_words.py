"""What is said of a change set, in one sentence a thing: the same in every format."""

from __future__ import annotations

from collections.abc import Iterator

from interlock.changes.change_set import ChangeSet
from interlock.changes.members import Member, State
from interlock.changes.needs import elsewhere
from interlock.changes.order import MAX_TRIED
from interlock.report.wording import age, many
from interlock.values import NamedTuple

#: Experiments that a headline names; the rest is counted.
_KEYS = 3
#: What a member's state is called.
STATES: dict[State, str] = {
    "open": "open",
    "draft": "a draft",
    "merged": "landed",
    "closed": "closed without landing",
    "missing": "missing",
    "unknown": "not read",
}


class Shown(NamedTuple):
    """The sets of a branch, which holds changes of the repos ``changed``.

    ``repos`` are (alias, owner/name), ``window`` is in seconds.
    """

    branch: str
    own: str
    repos: tuple[tuple[str, str], ...]
    sets: tuple[ChangeSet, ...]
    window: int
    notices: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


class Row(NamedTuple):
    """A line of the table: the repo, its change, its state, and what is wrong about it."""

    alias: str
    change: str
    state: str
    wrong: str


def headline(found: ChangeSet) -> str:
    """``2 of 3 changes for experiment `ranker-v2`: serving is missing``."""
    return f"{number(found, 'change')} for {about(found.keys)}: {outcome(found)}"


def number(found: ChangeSet, unit: str) -> str:
    """``2 of 3 changes``; ``1 change`` where there is no other."""
    present = len(found.present)
    every = present + len(found.verdict.missing)
    return many(1, unit) if every == 1 else f"{present} of {many(every, unit)}"


def are(names: list[str] | tuple[str, ...], what: str) -> str:
    """``a and b are missing``."""
    return f"{listed(names)} {'is' if len(names) == 1 else 'are'} {what}"


def about(keys: tuple[str, ...]) -> str:
    """The experiments by name."""
    if not keys:
        return "no experiment"
    named = [f"`{key}`" for key in keys[:_KEYS]]
    if len(keys) > _KEYS:
        named.append(f"{len(keys) - _KEYS:,} more")
    return f"{'experiment' if len(keys) == 1 else 'experiments'} {listed(named)}"


def outcome(found: ChangeSet) -> str:
    """What the set comes to, in a few words."""
    judged = found.verdict
    if judged.missing:
        return are(judged.missing, "missing")
    if judged.findings:
        return f"inconsistent, {many(len(judged.findings), 'finding')} when all have landed"
    if judged.unread:
        return f"unknown, {listed([who for who, _ in judged.unread])} could not be read"
    if all(one.has_landed for one in found.members):
        return "all have landed"
    if judged.kind == "alone":
        return "each is consistent alone"
    return "consistent only together"


def rows(shown: Shown, found: ChangeSet) -> Iterator[Row]:
    """Every member, every missing repository, and what could not be read; in the policy's order."""
    places = {alias: at for at, (alias, _) in reversed(list(enumerate(shown.repos)))}
    lines = [_row(found, at, one) for at, one in enumerate(found.members)]
    for alias in found.verdict.missing:
        there = [one for one in found.members if one.alias == alias]
        if not there:
            lines.append(Row(alias, f"no branch {shown.branch}", "missing", _wrong(found, alias)))
    known = {row.alias for row in lines} | {one.label for one in found.members}
    lines += [
        Row(who, "", "not read", why) for who, why in found.verdict.unread if who not in known
    ]
    yield from sorted(lines, key=lambda row: places.get(row.alias, len(places)))


def _row(found: ChangeSet, at: int, member: Member) -> Row:
    change = member.head.label if member.head is not None else member.label
    state = STATES[member.state]
    return Row(member.alias, change, state, member.problem or _wrong(found, member.alias, at))


def _wrong(found: ChangeSet, alias: str, at: int | None = None) -> str:
    findings = [f for f in found.verdict.findings if alias in (elsewhere(f) or f.repair_in)]
    if findings:
        return many(len(findings), "finding")
    if at is not None and found.members[at].can_land and found.alone[at]:
        return "inconsistent alone"
    return "nothing"


def reasons(found: ChangeSet) -> Iterator[str]:
    """Why the changes belong together: what each of them needs, and by which rule."""
    for member, needs in zip(found.members, found.needs, strict=True):
        by_why: dict[tuple[str, str], list[str]] = {}
        for need in needs:
            for finding in need.findings:
                by_why.setdefault((finding.rule, finding.why), []).append(need.alias)
            for one in need.companions:
                by_why.setdefault((f"companion {one.id}", one.why), []).append(need.alias)
        for (rule, why), aliases in by_why.items():
            told = f"the change of {member.alias} needs {listed(list(dict.fromkeys(aliases)))}"
            yield f"{told}: `{rule}`{f' ({why})' if why else ''}"


def landing(found: ChangeSet, window: int) -> str:
    """In which order to land; "" where nothing is left to land, or nothing may.

    ``window`` is how long the policy accepts a set that is half landed, in seconds.
    """
    judged = found.verdict
    if judged.kind not in ("alone", "together") or not any(m.can_land for m in found.members):
        return ""
    if judged.kind == "alone":
        return "any order"
    told = judged.landing
    if told.order is not None:
        names = [_named(found, at) for at in told.order]
        tried = f" (not every order of more than {MAX_TRIED} was tried)" if told.limited else ""
        return f"{', then '.join(names)}{tried}"
    tried = "none was found" if told.limited else "none is safe"
    if not window:
        return f"{tried}, and the policy accepts no window in which the set is half landed"
    return f"{tried}: land all of them within {age(window)}"


def half_landed(found: ChangeSet) -> str:
    """What is wrong on the default branches now that a part has landed; "" for nothing."""
    judged = found.verdict
    if not judged.half_landed:
        return ""
    there = [one.alias for one in found.members if one.has_landed]
    rest = [one.alias for one in found.members if not one.has_landed]
    missing = listed([*dict.fromkeys((*rest, *judged.missing))]) if rest or judged.missing else ""
    told = f"{listed(list(dict.fromkeys(there)))} landed" + (
        f", {missing} did not" if missing else ""
    )
    return (
        f"half landed: {told}; {many(len(judged.half_landed), 'finding')} on the default branches"
    )


def _named(found: ChangeSet, at: int) -> str:
    """A member by its alias; by its label too, where the repository has several."""
    member = found.members[at]
    several = sum(1 for one in found.members if one.alias == member.alias) > 1
    return f"{member.alias} ({member.name}, {member.label})" if several else member.alias


def steps(shown: Shown, found: ChangeSet) -> Iterator[str]:
    """What to do next."""
    names: dict[str, list[str]] = {}
    for alias, name in shown.repos:
        names.setdefault(alias, []).append(name)
    for alias in found.verdict.missing:
        where = " or ".join(names.get(alias, [alias]))
        yield f"make the change of {alias} on a branch `{shown.branch}` of {where}"
    for who, why in found.verdict.unread:
        yield f"{who}: {why}"


def nothing(shown: Shown) -> str:
    """What is said where there is no set."""
    if not shown.changed:
        return f"branch `{shown.branch}` holds nothing that the default branches have not"
    where = listed(shown.changed)
    return f"the change of {where} on branch `{shown.branch}` needs none in another repository"


def listed(names: list[str] | tuple[str, ...]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
