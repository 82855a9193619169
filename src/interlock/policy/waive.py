"""Waivers and exceptions: a finding that somebody accepts, for a while and with a reason."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from interlock.model import Finding, Place
from interlock.policy.durations import is_date
from interlock.policy.globbing import fits
from interlock.policy.model import Policy, Rule, Waiver
from interlock.trees.globs import compile_glob
from interlock.values import NamedTuple

#: What nobody could check cannot be waived either.
_OPEN = ("unknown", "deferred")


class Waived(NamedTuple):
    """The findings with what is waived marked, and the waivers that are over or waived nothing.

    A rule's exceptions are among the waivers, with the rule's id and owner.
    """

    findings: tuple[Finding, ...]
    expired: tuple[Waiver, ...]
    unused: tuple[Waiver, ...]


class _Acceptance(NamedTuple):
    """A waiver or an exception; ``value`` is a glob over the finding's values."""

    waiver: Waiver
    value: str
    note: str


def expired(until: str, today: str) -> bool:
    """True after the last day, which is inclusive; a text that is no date counts as expired.

    Both are ISO days: YYYY-MM-DD.
    """
    return not is_date(until) or today > until


def waive(
    policy: Policy, findings: Sequence[Finding], today: str, unread: Collection[str] = ()
) -> Waived:
    """Mark what the policy's waivers and its rules' exceptions cover on the day ``today``.

    ``unread`` are the ids of rules that could not be evaluated: a waiver of one of them is not
    called unused. The first acceptance that covers a finding gives its note.
    """
    every = [*_of_waivers(policy.waivers), *_of_rules(policy.consistency)]
    live = [one for one in every if not expired(one.waiver.until_text, today)]
    used: set[int] = set()
    marked = []
    for finding in findings:
        hits = [] if finding.status in _OPEN else _covering(live, finding)
        used.update(hits)
        if hits:
            finding = finding._replace(status="waived", note=live[hits[0]].note)  # noqa: PLW2901
        marked.append(finding)
    idle = (one.waiver for at, one in enumerate(live) if at not in used)
    return Waived(
        tuple(marked),
        tuple(one.waiver for one in every if expired(one.waiver.until_text, today)),
        tuple(w for w in idle if not any(fits(w.rule, rule) for rule in unread)),
    )


def _of_waivers(waivers: Iterable[Waiver]) -> Iterable[_Acceptance]:
    for waiver in waivers:
        note = f"waived until {waiver.until_text}: {waiver.reason} ({waiver.owner})"
        yield _Acceptance(waiver, "", note)


def _of_rules(rules: Iterable[Rule]) -> Iterable[_Acceptance]:
    for rule in rules:
        for one in rule.exceptions:
            waiver = Waiver(
                f"experiment/{rule.id}",
                one.repo,
                one.path,
                one.key,
                one.reason,
                rule.owner,
                one.until,
                one.origin,
            )
            yield _Acceptance(waiver, one.value, f"excepted until {one.until}: {one.reason}")


def _covering(live: Sequence[_Acceptance], finding: Finding) -> list[int]:
    return [at for at, one in enumerate(live) if _covers(one, finding)]


def _covers(one: _Acceptance, finding: Finding) -> bool:
    waiver = one.waiver
    return (
        fits(waiver.rule, finding.rule)
        and (not waiver.key or fits(waiver.key, finding.key))
        and (not one.value or any(fits(one.value, value) for value in finding.values))
        and _stands(waiver, finding)
    )


def _stands(waiver: Waiver, finding: Finding) -> bool:
    """True where one place of the finding is in the waiver's repo and path."""
    if waiver.path:
        glob = compile_glob(waiver.path)
        return any(
            glob.match(place.path) is not None and _is_in(waiver.repo, place)
            for place in finding.places
        )
    if not waiver.repo:
        return True
    named = any(fits(waiver.repo, repo) for repo in finding.repos)
    return named or any(_is_in(waiver.repo, place) for place in finding.places)


def _is_in(repo: str, place: Place) -> bool:
    return not repo or fits(repo, place.repo) or fits(repo, place.name)
