"""What each pull request of a picture is to be told: a status for its commits, and a comment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import quote

from interlock.changes.change_set import ChangeSet
from interlock.changes.gate import Gate
from interlock.github.comments import mine
from interlock.github.picture import MARKER, REMINDER, Judged, Looking, Loose, Picture, hidden_line
from interlock.github.pulls import CONTEXT, Comment, Detail, Pull, RepoNow, Said
from interlock.github.statuses import shortened
from interlock.report.create_link import create_link
from interlock.report.reminder import (
    Home,
    Told,
    comment,
    is_over,
    is_unfinished,
    left,
    reminding,
)
from interlock.report.sharing import visible_to
from interlock.values import Literal, NamedTuple

Reminder = Literal["keep", "renew", "remove"]
_ORDER = {"failure": 0, "pending": 1, "success": 2}


class Status(NamedTuple):
    """A status for one commit; ``known`` is what stands there, None where that is unknown."""

    commit: str
    gate: Gate
    description: str
    address: str
    known: Said | None


class Message(NamedTuple):
    """What one pull request is told.

    ``body`` goes into our comment (None leaves it as it is); ``create`` says whether one may be
    written where there is none. ``comments`` are those that are there, None where nobody looked.
    ``reminder`` says what becomes of the comment that brings an unfinished set up again: a new one
    says ``reminding``.
    """

    label: str
    pull: Pull
    repo: RepoNow
    statuses: tuple[Status, ...]
    body: str | None
    create: bool
    comments: tuple[Comment, ...] | None
    reminder: Reminder = "keep"
    reminding: str = ""


def messages(looking: Looking, picture: Picture, *, remind: bool = False) -> Iterator[Message]:
    """All of them; what is in a set first. With ``remind`` unfinished sets are brought up again."""
    found = [
        _member(looking, picture, judged, at, remind=remind)
        for judged in picture.sets
        for at in range(len(judged.found.members))
    ]
    found += [_loose(looking, picture, one) for one in picture.loose]
    found += [one for label in picture.over for one in _over(picture, label)]
    return _strictest(found)


def _strictest(found: Sequence[Message]) -> Iterator[Message]:
    """A commit has one status, and may be the head of several pull requests: the worst counts.

    One for another branch than the default one says nothing beside one for that.
    """
    worst: dict[tuple[str, str], tuple[bool, int, Status]] = {}
    for message in found:
        apart = message.pull.base_ref != message.repo.default
        for status in message.statuses:
            where = message.repo.name.lower(), status.commit
            bad = apart, _ORDER[status.gate.state], status
            if where not in worst or bad[:2] < worst[where][:2]:
                worst[where] = bad
    # A repository may have two names in the policy; its pull request is told once.
    once = {(one.repo.full_name.lower(), one.pull.number): one for one in reversed(found)}
    for one in found:
        if once[one.repo.full_name.lower(), one.pull.number] is not one or one.repo.archived:
            continue
        told = (worst[one.repo.name.lower(), each.commit][2] for each in one.statuses)
        statuses = (
            now._replace(known=was.known) for now, was in zip(told, one.statuses, strict=True)
        )
        yield one._replace(statuses=tuple(statuses))


def told(looking: Looking, picture: Picture, judged: Judged, at: int) -> Told:
    """A set as the member ``at`` is told of it; -1 stands for whoever reads the run's log."""
    policy, found = looking.held.policy, judged.found
    overview = picture.overview
    visibility = {name: repo.visibility for name, repo in overview.repos.items()}
    name = looking.log or looking.held.where.name
    bound = ((a, one.lower()) for a, names in policy.repos.items() for one in names)
    alias = next((a for a, one in bound if one == name.lower()), "")
    if at >= 0:
        alias, name = found.members[at].alias, found.members[at].name
    pulls = picture.proposed.pulls
    heads = {one.alias: pulls[one.label].head for one in found.members if one.can_land}
    homes = {
        one: Home(repo.name, repo.url, repo.default, heads.get(one, repo.default), repo.archived)
        for one, names in policy.repos.items()
        for repo in [overview.repos[names[0].lower()]]
    }
    landed = [pulls[m.label].merged for m in found.members if m.has_landed]
    page = f"{looking.hub.server}/{looking.held.where.name}/issues/new"
    first = Told(
        found=found,
        own=at,
        gates=judged.gates,
        links={one.label: _address(picture, one.label) for one in found.members},
        homes=homes,
        create={},
        visible=visible_to(policy, alias, visibility, name),
        window=policy.change_sets.window,
        since=min(landed, default=0),
        policy=looking.held.page,
        unclear=f"{page}?title={quote('Unclear: the change set comment', safe='')}",
        advisory=_advisory(looking, found, picture) if at >= 0 else "",
    )
    return first._replace(create=_links(first, homes))


def _links(one: Told, homes: Mapping[str, Home]) -> dict[str, str]:
    key, branch = (one.keys[0], "") if one.keys else ("", one.branch)
    if not key and not branch:
        return {}
    shown = [one.links[m.label] for m in one.found.present_members if m.alias in one.visible]
    return {
        alias: create_link(homes[alias].url, homes[alias].default, key, shown, branch)
        for alias in one.found.verdict.missing
        if homes[alias].url and not homes[alias].archived
    }


def _address(picture: Picture, label: str) -> str:
    repo = picture.proposed.repos[label]
    return f"{repo.url}/pull/{picture.proposed.pulls[label].number}" if repo.url else ""


def _member(
    looking: Looking, picture: Picture, judged: Judged, at: int, *, remind: bool
) -> Message:
    member = judged.found.members[at]
    pull, repo = picture.proposed.pulls[member.label], picture.proposed.repos[member.label]
    detail = picture.details.get(pull.where)
    one = told(looking, picture, judged, at)
    siblings = [other.label for other in judged.found.members if other.label != member.label]
    body = f"{hidden_line(siblings)}\n{comment(one)}" if siblings else comment(one)
    ended = member.state in ("merged", "closed", "missing")
    broken = bool(judged.found.verdict.half_landed) and member.state == "merged"
    statuses: tuple[Status, ...] = ()
    if not ended:
        said = detail.said if detail is not None else None
        statuses = tuple(_statuses(looking, picture, pull, repo, judged.gates[at], said))
    return Message(
        member.label,
        pull,
        repo,
        statuses,
        body if detail is not None else None,
        not is_over(judged.found) and (not ended or broken),
        detail.comments if detail is not None and detail.listed else None,
        _reminder(looking, judged, at, one.since, detail, remind=remind),
        reminding(one),
    )


def _reminder(
    looking: Looking,
    judged: Judged,
    at: int,
    since: int,
    detail: Detail | None,
    *,
    remind: bool,
) -> Reminder:
    """What becomes of the reminder on one member."""
    found = judged.found
    if is_over(found) or not found.members[at].can_land:
        return "remove"
    said = looking.held.policy.change_sets
    if not remind or detail is None:
        return "keep"
    ours = mine(detail.comments, MARKER)
    reminders = mine(detail.comments, REMINDER)
    alarmed = any(one.created >= since for one in reminders)
    # The alarm comes once, and then as often as any reminder.
    if found.verdict.half_landed and looking.now - since > said.window and not alarmed:
        return "renew"
    last = max((one.created for one in (*ours, *reminders)), default=looking.now)
    late = said.remind_after and looking.now - last >= said.remind_after
    return "renew" if late else "keep"


def _loose(looking: Looking, picture: Picture, one: Loose) -> Message:
    repo = picture.overview.repos[one.pull.name.lower()]
    detail = picture.details.get(one.pull.where)
    said = detail.said if detail is not None else one.pull.said
    return Message(
        one.label,
        one.pull,
        repo,
        tuple(_statuses(looking, picture, one.pull, repo, one.gate, said)),
        left() if detail is not None else None,
        False,
        detail.comments if detail is not None and detail.listed else None,
        "remove" if detail is not None else "keep",
    )


def _over(picture: Picture, label: str) -> Iterator[Message]:
    """One that ended, and whose set was given up or taken back: its comment says no more."""
    pull, repo = picture.proposed.pulls[label], picture.proposed.repos[label]
    detail = picture.details.get(pull.where)
    ours = mine(detail.comments, MARKER) if detail is not None else ()
    if detail is not None and any(is_unfinished(one.body) for one in ours):
        yield Message(label, pull, repo, (), left(), False, detail.comments, "remove")


def _statuses(
    looking: Looking,
    picture: Picture,
    pull: Pull,
    repo: RepoNow,
    gate: Gate,
    said: Said | None,
) -> Iterator[Status]:
    """For its head, and for the commits that a merge queue tries it in."""
    advisory = "" if looking.hub.app else "advisory: "
    description = shortened(f"{advisory}{gate.summary}")
    address = f"{repo.url}/pull/{pull.number}" if repo.url else ""
    yield Status(pull.head, gate, description, address, _ours(looking, picture, said))
    for commit in repo.groups.get(pull.number, ()):
        yield Status(commit, gate, description, address, None)


def _ours(looking: Looking, picture: Picture, said: Said | None) -> Said | None:
    """``said`` where this run's own account wrote it: anybody can set a status of that name."""
    if said is None:
        return None
    login = picture.overview.login.removesuffix("[bot]")
    same = said.creator.removesuffix("[bot]") == login
    return said if same and (said.bot or not looking.hub.app) else None


def says(status: Status) -> bool:
    """True where a commit's status says all that already."""
    known = status.known
    return (
        known is not None
        and known.state == status.gate.state
        and known.description == status.description
    )


def _advisory(looking: Looking, found: ChangeSet, picture: Picture) -> str:
    """Why the status binds nobody, "" where it does."""
    if not looking.hub.app:
        return (
            f"the status {CONTEXT} was set with a token that is no App's own: any workflow may "
            "set one like it, so it binds nobody"
        )
    for member in found.members:
        repo = picture.proposed.repos[member.label]
        if repo.required is None or repo.problem:
            continue
        if repo.source is None:
            return f"no rule of {member.alias} asks for the status {CONTEXT}: it binds nobody there"
        if not repo.source or (looking.hub.app.isdecimal() and int(looking.hub.app) != repo.source):
            return (
                f"the rule of {member.alias} takes the status {CONTEXT} from others than this App: "
                "name the App as its source"
            )
    return ""
