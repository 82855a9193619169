"""Writes what is to be told, and only what is new: each step can be killed and run again.

The status goes before the comment where it closes the gate, and after it where a pull request
leaves its set: so a run that was killed leaves nothing that the next one does not find.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from interlock.errors import GitHubError
from interlock.github.comments import listed, mine, remove, upsert
from interlock.github.hub import Hub
from interlock.github.picture import MARKER, REMINDER
from interlock.github.pulls import CONTEXT
from interlock.github.statuses import report
from interlock.github.telling import Message, Status, says
from interlock.values import NamedTuple


class Written(NamedTuple):
    """What was done for one pull request, in words; ``problem`` is what GitHub refused."""

    label: str
    done: tuple[str, ...]
    problem: str = ""


def write_all(hub: Hub, messages: Iterable[Message], *, dry: bool = False) -> Iterator[Written]:
    """Write each; what is refused for one does not keep the others from being told."""
    for message in messages:
        done: list[str] = []
        try:
            for step in _steps(hub, message, dry=dry):
                done.append(step)  # noqa: PERF402  what was done before a refusal is told
        except GitHubError as error:
            yield Written(message.label, tuple(done), str(error))
        else:
            yield Written(message.label, tuple(done))


def _steps(hub: Hub, message: Message, *, dry: bool) -> Iterator[str]:
    if message.create:
        yield from _statuses(hub, message, dry=dry)
        yield from _comment(hub, message, dry=dry)
        yield from _reminder(hub, message, dry=dry)
    else:
        yield from _reminder(hub, message, dry=dry)
        yield from _comment(hub, message, dry=dry)
        yield from _statuses(hub, message, dry=dry)


def _reminder(hub: Hub, message: Message, *, dry: bool) -> Iterator[str]:
    if message.reminder == "keep" or message.comments is None:
        return
    repo, number = message.repo.full_name, message.pull.number
    there = hub.to(repo), repo, number, REMINDER
    removed = remove(*there, message.comments, dry=dry)
    if message.reminder == "renew":
        upsert(*there, message.reminding, (), dry=dry)
        yield "reminded"
    elif removed != "unchanged":
        yield "reminder removed"


def _statuses(hub: Hub, message: Message, *, dry: bool) -> Iterator[str]:
    head = message.pull.head
    for status in message.statuses:
        if says(status):
            continue
        if dry or _said(hub, message, status, known=status.commit == head):
            where = "" if status.commit == head else " in the merge queue"
            yield f"status {status.gate.state}{where}"


def _said(hub: Hub, message: Message, status: Status, *, known: bool) -> bool:
    """Write it; what a merge group's commit says is looked at first, since nobody did yet."""
    return report(
        hub.to(message.repo.full_name),
        message.repo.full_name,
        status.commit,
        CONTEXT,
        status.gate.state,
        status.description,
        status.address,
        look=not known,
    )


def _comment(hub: Hub, message: Message, *, dry: bool) -> Iterator[str]:
    if message.body is None:
        return
    repo, number = message.repo.full_name, message.pull.number
    connection = hub.to(repo)
    known = message.comments
    if known is None:
        known = tuple(listed(connection, repo, number))
    if not message.create and not mine(known, MARKER):
        return
    done = upsert(connection, repo, number, MARKER, message.body, known, dry=dry)
    if done != "unchanged":
        yield f"comment {done}"
