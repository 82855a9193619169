"""interlock set checklist: what an experiment still takes, on its issue or its ticket in Jira."""

from __future__ import annotations

import argparse
import os
import re
import sys

from interlock.cli.set_github import add_github, looking_with, pull_of
from interlock.errors import InterlockError, UsageError
from interlock.report.exit_code import CLEAN, FINDINGS
from interlock.report.neutral import harmless
from interlock.values import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from interlock.github.issues import Issue
    from interlock.github.picture import Looking
    from interlock.policy.model import Jira
    from interlock.tickets.connection import Connection
    from interlock.tickets.ticket import Ticket


class Done(NamedTuple):
    """What was done for one ticket; ``problem`` is what was refused or could not be read."""

    name: str
    done: str
    problem: str = ""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``interlock set checklist``."""
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--issue",
        default="",
        metavar="OWNER/NAME#NUMBER",
        help="the issue (default: the event's, in Actions)",
    )
    which.add_argument("--ticket", default="", metavar="KEY", help="a ticket in Jira: ML-123")
    which.add_argument(
        "--all", action="store_true", help="every open issue or ticket with the policy's label"
    )
    add_github(parser)


def run(arguments: argparse.Namespace) -> int:
    """Write; 1 where a repository could not be read, or a ticket not be written."""
    failed = False
    with looking_with(arguments) as looking:
        jira = looking.held.policy.checklist.jira
        if arguments.ticket and jira is None:
            raise UsageError("the policy has no `checklist.jira`: its tickets are GitHub's issues")
        if arguments.issue and jira is not None:
            raise UsageError("the policy keeps its tickets in Jira: name one by --ticket")
        told = (
            _on_issues(looking, arguments) if jira is None else _in_jira(looking, jira, arguments)
        )
        for one in told:
            problem = f"; {one.problem}" if one.problem else ""
            sys.stdout.write(harmless(f"{one.name}  {one.done}{problem}") + "\n")
            failed = failed or bool(one.problem)
    return FINDINGS if failed else CLEAN


def _on_issues(looking: Looking, arguments: argparse.Namespace) -> Iterator[Done]:
    from interlock.cli.set_proposed import lists
    from interlock.github.issues import asks

    settings = looking.held.policy.checklist
    found: list[Issue] = []
    for one in _issues(looking, arguments):
        if isinstance(one, Done):
            yield one
        else:
            found.append(one)
    wanted = [(one, asks(one, settings)) for one in found]
    with lists(looking, [n.key for _, n in wanted if n is not None and n.key]) as made:
        for one, experiment in wanted:
            body, problem = "", ""
            if experiment is not None:
                body, problem = made.markdown(experiment, one.repo)
            yield _written(looking, one, body, problem, dry=arguments.dry_run)


def _issues(looking: Looking, arguments: argparse.Namespace) -> Iterator[Issue | Done]:
    from interlock.github.issues import issue, labelled

    if not arguments.all:
        yield issue(looking.hub, *_issue_of(arguments.issue))
        return
    policy = looking.held.policy
    bound = [name for names in policy.repos.values() for name in names]
    for name in {name.lower(): name for name in (*bound, looking.held.where.name)}.values():
        try:
            yield from labelled(looking.hub, name, policy.checklist.label)
        except InterlockError as error:
            yield Done(name, "its issues were not read", str(error))


def _issue_of(text: str) -> tuple[str, int]:
    try:
        return pull_of(text, os.environ)
    except UsageError:
        raise UsageError(
            f"`{text}` is no issue: write OWNER/NAME#NUMBER"
            if text
            else "which issue? Pass --issue OWNER/NAME#NUMBER; the event of this run names none"
        ) from None


def _written(looking: Looking, one: Issue, body: str, problem: str, *, dry: bool) -> Done:
    from interlock.github.issues import write

    try:
        done = write(looking.hub, one, body, dry=dry)
    except InterlockError as error:
        return Done(one.name, "not written", str(error))
    if not body and done == "unchanged":
        label = looking.held.policy.checklist.label
        why = f"it has no label `{label}` and no member filled in the form"
        return Done(one.name, f"gets no checklist: {why}", problem)
    return Done(one.name, done, problem)


def _in_jira(looking: Looking, settings: Jira, arguments: argparse.Namespace) -> Iterator[Done]:
    from interlock.cli.set_proposed import lists
    from interlock.tickets.connection import Connection
    from interlock.tickets.credentials import credentials
    from interlock.tickets.ticket import read

    who = credentials(os.environ)
    jira = Connection(settings.url, who, _say)
    tickets: list[Ticket] = []
    for key in _keys(looking, settings, jira, arguments):
        try:
            tickets.append(read(jira, key, looking.held.policy.checklist.field))
        except InterlockError as error:
            yield Done(key, "not read", str(error))
    with lists(looking, [one.experiment.key for one in tickets if one.experiment.key]) as made:
        for one in tickets:
            if not one.key.startswith(f"{settings.project}-"):
                yield Done(one.key, "left alone", f"it was moved out of {settings.project}")
            elif not one.asks(looking.held.policy.checklist.label):
                yield Done(one.key, "gets no checklist: it has neither the label nor the field")
            else:
                yield _commented(jira, one.key, *made.jira(one.experiment, cloud=jira.cloud),
                                 dry=arguments.dry_run)  # fmt: skip


def _keys(
    looking: Looking, settings: Jira, jira: Connection, arguments: argparse.Namespace
) -> list[str]:
    from interlock.tickets.ticket import labelled

    if arguments.all:
        return labelled(jira, settings.project, looking.held.policy.checklist.label)
    if not arguments.ticket:
        raise UsageError("which ticket? Pass --ticket KEY, or --all")
    if re.fullmatch(rf"{settings.project}-[1-9][0-9]{{0,9}}", arguments.ticket) is None:
        raise UsageError(
            f"`{arguments.ticket}` is no ticket of the policy's project: write {settings.project}-1"
        )
    return [arguments.ticket]


def _commented(jira: Connection, key: str, body: object, problem: str, *, dry: bool) -> Done:
    from interlock.tickets.comments import upsert

    if dry:
        return Done(key, "would be written where it differs", problem)
    try:
        return Done(key, upsert(jira, key, body), problem)
    except InterlockError as error:
        return Done(key, "not written", str(error))


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
