"""Waivers and exceptions: a finding that somebody accepts, for a while and with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import NamedTuple

from interlock.model import Finding
from interlock.policy.durations import is_date
from interlock.policy.model import Policy, Rule, RuleException, Waiver


class Waived(NamedTuple):
    """The findings with what is waived marked, and the waivers that waived nothing."""

    findings: tuple[Finding, ...]
    expired: tuple[Waiver, ...]
    unused: tuple[Waiver, ...]


def expired(until: str, today: str) -> bool:
    """True after the last day, which is inclusive; a text that is no date counts as expired."""
    return not is_date(until) or today > until


def waive(policy: Policy, findings: Sequence[Finding], today: str) -> Waived:
    """Mark what the policy's waivers and its rules' exceptions cover."""
    live = [w for w in policy.waivers if not expired(w.until_text, today)]
    used: set[int] = set()
    exceptions = {f"experiment/{rule.id}": rule for rule in policy.consistency if rule.exceptions}
    marked = []
    for finding in findings:
        hits = [at for at, waiver in enumerate(live) if _covers(waiver, finding)]
        used.update(hits)
        reason = f"waived: {live[hits[0]].reason} ({live[hits[0]].owner})" if hits else ""
        rule = exceptions.get(finding.rule)
        if not reason and rule is not None:
            reason = _excepted(rule, finding, today)
        if reason and finding.status == "failing":
            marked.append(finding._replace(status="waived", note=reason))
        else:
            marked.append(finding)
    return Waived(
        tuple(marked),
        tuple(w for w in policy.waivers if expired(w.until_text, today)),
        tuple(w for at, w in enumerate(live) if at not in used),
    )


def _covers(waiver: Waiver, finding: Finding) -> bool:
    return (
        fnmatchcase(finding.rule, waiver.rule)
        and _any(waiver.repo, [p.repo for p in finding.places] + [p.name for p in finding.places])
        and _any(waiver.path, [place.path for place in finding.places])
        and _any(waiver.key, [finding.key])
    )


def _any(glob: str, texts: Sequence[str]) -> bool:
    return not glob or any(fnmatchcase(text, glob) for text in texts)


def _excepted(rule: Rule, finding: Finding, today: str) -> str:
    for exception in rule.exceptions:
        if not expired(exception.until, today) and _matches(exception, finding):
            return f"excepted until {exception.until}: {exception.reason}"
    return ""


def _matches(exception: RuleException, finding: Finding) -> bool:
    return (
        _any(exception.key, [finding.key])
        and _any(exception.value, finding.values)
        and _any(exception.repo, [place.repo for place in finding.places])
        and _any(exception.path, [place.path for place in finding.places])
    )
