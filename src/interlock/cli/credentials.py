"""The scan for credentials as a part of a check: when it is made, on what, what it finds."""

from __future__ import annotations

from collections.abc import Iterable

from interlock.cli.found import Found
from interlock.cli.worlds import Selection
from interlock.model import Finding, Report
from interlock.policy.model import Policy, Secrets
from interlock.secrets.model import Rule, Scanned
from interlock.values import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from interlock.cli.secrets_run import Asked

#: What a checkout is called that has no name in a policy.
HERE = "here"
PREFIX = "secret/"


class Scan(NamedTuple):
    """What a scan found; ``alias`` is what the findings call the repository."""

    findings: tuple[Finding, ...]
    notices: tuple[str, ...]
    scanned: Scanned
    alias: str


def asks_only(only: Iterable[str]) -> bool:
    """True where nothing but kinds of credentials is asked for: that needs no policy."""
    asked = list(only)
    return bool(asked) and all(one.startswith(PREFIX) for one in asked)


def is_asked(policy: Policy, only: Iterable[str]) -> bool:
    """True where the policy says `secrets` and they are not left out, or where they are named."""
    asked = list(only)
    if not asked:
        return policy.secrets is not None
    if any(one.startswith(PREFIX) for one in asked):
        return True
    if policy.secrets is None:
        return False
    from fnmatch import fnmatchcase

    known = ids_of(policy)
    return any(fnmatchcase(name, one) for one in asked for name in _names(known))


def ids_of(policy: Policy) -> tuple[str, ...]:
    """The ids of every kind of credential that is looked for."""
    from interlock.secrets.pages import ids

    own = policy.secrets.rules if policy.secrets is not None else ()
    return tuple(dict.fromkeys((*ids(), *(PREFIX + rule.type for rule in own))))


def _names(ids: Iterable[str]) -> list[str]:
    return [name for one in ids for name in (one, one.removeprefix(PREFIX))]


def scan(found: Found, where: str, name: str, selection: Selection, day: str) -> Scan:
    """Look for credentials in the checkout at ``where``, owner/name ``name``, on ``day``.

    Raises UsageError and TreeError where it cannot be read, and InterlockError where a change adds
    lines of which none was looked at.
    """
    from interlock.cli.secrets_baseline_judged import look_and_judge
    from interlock.report.secret_findings import report_of

    asked = asked_for(found.policy.secrets, selection, where)
    seen, judged = look_and_judge(asked, day, where)
    scanned = seen.scanned
    if selection.kind == "worktree" and not selection.paths:
        scanned = scanned._replace(what="work tree")
    told = report_of(judged, scanned, asked.rules)
    alias = found.own or HERE
    findings = (_placed(finding, alias, name) for finding in told.findings)
    return Scan(tuple(findings), told.notices, scanned, alias)


def asked_for(secrets: Secrets | None, selection: Selection, where: str) -> Asked:
    """What to scan in the checkout at ``where``, by the policy's words."""
    from interlock.cli.secrets_run import Asked

    said = secrets or Secrets()
    asked = Asked(rules=_rules(said), exclude=said.exclude, baseline=said.baseline)
    return narrowed(asked, selection, where)


def narrowed(asked: Asked, selection: Selection, where: str) -> Asked:
    """``asked`` of what is selected in the checkout at ``where``."""
    if selection.paths:
        return asked._replace(paths=selection.paths)
    if selection.each:
        return asked._replace(base=selection.base, head=selection.rev, each=True)
    if selection.kind == "staged":
        return asked._replace(staged=True)
    if selection.kind == "range":
        return asked._replace(base=selection.base, head=selection.rev)
    if selection.kind == "rev":
        return asked._replace(head=selection.rev, **_parent(selection.rev, where))
    return asked


def _parent(rev: str, where: str) -> dict[str, Any]:
    """The base of one commit; of the first one everything was added."""
    from interlock.errors import UsageError
    from interlock.secrets.changes import commit

    commit(where, rev)
    try:
        return {"base": commit(where, f"{rev}^")}
    except UsageError:
        return {"each": True}


def _rules(secrets: Secrets) -> tuple[Rule, ...]:
    from interlock.secrets.custom import with_own

    return with_own(secrets.rules)


def _placed(finding: Finding, alias: str, name: str) -> Finding:
    """The finding as one of the repository ``alias``; a waiver can name it by its key."""
    places = tuple(place._replace(repo=alias, name=name) for place in finding.places)
    return finding._replace(places=places, repos=(alias,))


def joined(report: Report, made: Scan) -> Report:
    """``report``, which has the findings already, with what was scanned."""
    from interlock.report.secret_extent import with_scan

    return report._replace(
        checked=with_scan(report.checked, made.scanned),
        notices=(*report.notices, *made.notices),
        own=report.own or made.alias,
    )
