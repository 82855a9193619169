"""Which other repositories have to change too, where one change would land alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from interlock.changes.members import Member
from interlock.model import Finding
from interlock.policy.model import Companion, Policy
from interlock.values import NamedTuple


class Need(NamedTuple):
    """Why ``alias`` has to change too: findings that name it, companions that ask for it."""

    alias: str
    findings: tuple[Finding, ...]
    companions: tuple[Companion, ...]


def needs_of(
    policy: Policy, member: Member, alone: Sequence[Finding], paths: Iterable[str]
) -> tuple[Need, ...]:
    """What ``member`` needs, in the policy's order of repos; () for most changes.

    ``alone`` are the findings of the world in which only it lands that the base world has not;
    ``paths`` what it changes of the paths that companions speak of.
    """
    changed = list(paths)
    asked = [one for one in policy.companions if one.repo == member.alias and fits(one, changed)]
    found = []
    for alias in policy.repos:
        if alias == member.alias:
            continue
        findings = tuple(one for one in alone if alias in elsewhere(one))
        companions = tuple(one for one in asked if alias in one.needs)
        if findings or companions:
            found.append(Need(alias, findings, companions))
    return tuple(found)


def elsewhere(finding: Finding) -> tuple[str, ...]:
    """The repos that have to change for a finding of the policy's own rules.

    A built-in rule is about one source: another repo cannot mend it.
    """
    return finding.repair_in if finding.relation else ()


def fits(companion: Companion, paths: Iterable[str]) -> bool:
    """True where one of ``paths`` is of those that the companion speaks of."""
    return any(glob.match(path) is not None for path in paths for glob in companion.paths)
