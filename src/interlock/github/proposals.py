"""The pull requests of a policy's repositories as members of change sets, with their ground."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from interlock.changes.members import Member
from interlock.changes.naming import id_of_branch, trailers
from interlock.changes.worlds import Ground, ground_of
from interlock.github.clones import Clones, Opened
from interlock.github.overview import Event, Overview
from interlock.github.pulls import Pull, RepoNow
from interlock.policy.matching import reads
from interlock.policy.model import Policy
from interlock.trees.base import Repo, World
from interlock.trees.objects import TooLarge
from interlock.values import NamedTuple

ARCHIVED = "its repository is archived: nothing can land there"
MOVED = "it was pushed to while it was read: the next run reads it again"


class Proposed(NamedTuple):
    """What is proposed. ``pulls`` and ``repos`` are by a member's label."""

    ground: Ground
    members: tuple[Member, ...]
    pulls: Mapping[str, Pull]
    repos: Mapping[str, RepoNow]


def label_of(policy: Policy, alias: str, name: str, number: int) -> str:
    """What people call it: ``serving#12``, and ``owner/name#12`` where an alias has many."""
    return f"{alias if len(policy.repos[alias]) == 1 else name}#{number}"


def proposed(
    policy: Policy,
    overview: Overview,
    clones: Clones,
    now: int,
    today: str,
    event: Event | None = None,
) -> Proposed:
    """Read everything that can have to do with a change set.

    A pull request takes part where it is for the default branch and changes what the policy
    reads, or where it says that it belongs to a set.
    """
    world: World = {}
    members: list[Member] = []
    pulls: dict[str, Pull] = {}
    repos: dict[str, RepoNow] = {}
    links: dict[tuple[str, str], frozenset[str]] = {}
    named = _named_alike(policy, overview)
    for alias, names in policy.repos.items():
        found = []
        for name in names:
            repo = overview.repos[name.lower()]
            able = [o for o in _with(repo, overview, event) if o.base_ref == repo.default]
            chosen = [o for o in able if counts(policy, alias, o) or (alias, o.head_ref) in named]
            opened = Opened(None, problem=repo.problem)
            if not repo.problem:
                opened = clones.open(policy, alias, repo, chosen)
            if opened.links and len(chosen) < len(able):
                # What a link leads to may lie anywhere: all of them have to be looked at.
                chosen = able
                opened = clones.open(policy, alias, repo, chosen)
            found.append(Repo(alias, name, opened.tip, opened.problem))
            links[alias, name.lower()] = opened.links
            for one in chosen:
                label = label_of(policy, alias, name, one.number)
                pulls[label], repos[label] = one, repo
                member = _member(label, alias, one, opened)
                if repo.archived and one.state in ("open", "draft"):
                    member = member._replace(
                        base=None, head=None, state="unknown", problem=ARCHIVED
                    )
                members.append(member)
        world[alias] = tuple(found)
    # Only rules with a grace ask for it, and each moment once.
    past = cache(lambda grace: clones.past(policy, world, now - grace))
    ground = ground_of(policy, world, today, links)._replace(past=past)
    return Proposed(ground, tuple(members), pulls, repos)


def _with(repo: RepoNow, overview: Overview, event: Event | None) -> Sequence[Pull]:
    """The repository's pull requests, and the event's where it was too old to be listed."""
    pull = overview.event
    mine = event is not None and pull is not None and event.name.lower() == repo.name.lower()
    if not mine or pull is None or any(one.number == pull.number for one in repo.pulls):
        return repo.pulls
    return (*repo.pulls, pull)


def _named_alike(policy: Policy, overview: Overview) -> frozenset[tuple[str, str]]:
    """(alias, branch) of what a companion asks for: a branch of that name is elsewhere too."""
    held: dict[str, set[str]] = {}
    for name, repo in overview.repos.items():
        for one in repo.pulls:
            if not one.from_fork:
                held.setdefault(one.head_ref, set()).add(name)
    return frozenset(
        (alias, branch)
        for alias in dict.fromkeys(need for one in policy.companions for need in one.needs)
        for branch, names in held.items()
        if len(names) > 1
    )


def counts(policy: Policy, alias: str, pull: Pull) -> bool:
    """True where it may change what the policy reads, or says that it belongs to a set."""
    if pull.paths is None or any(reads(policy, alias, path) for path in pull.paths):
        return True
    return bool(id_of_branch(pull.head_ref) or trailers(pull.body).values)


def _member(label: str, alias: str, pull: Pull, opened: Opened) -> Member:
    about = Member(
        label,
        alias,
        pull.name,
        pull.head_ref,
        None,
        None,
        "unknown",
        tuple(dict.fromkeys(trailers(pull.body).values)),
        pull.from_fork,
        opened.problem or MOVED,
        pull.paths,
        pull.created,
        pull.merged or pull.closed,
    )
    sides = opened.sides.get(pull.number)
    if sides is None:
        return about if pull.state in ("open", "draft") else about._replace(state=pull.state)
    said = dict.fromkeys((*about.trailers, *_said(opened, pull)))
    changed = sides.head.since
    return about._replace(
        base=sides.base,
        head=sides.head,
        state=pull.state,
        trailers=tuple(said),
        problem="",
        # What git says: GitHub lists some files only, and without the old name of a renamed one.
        paths=frozenset(changed.changes) if changed is not None else None,
    )


def _said(opened: Opened, pull: Pull) -> Iterator[str]:
    """The trailers of its last commit."""
    assert opened.tip is not None
    got = opened.tip.objects.get(pull.head)
    if got is not None and not isinstance(got, TooLarge):
        yield from trailers(got[2].partition(b"\n\n")[2].decode("utf-8", "replace")).values
