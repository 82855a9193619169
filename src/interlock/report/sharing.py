"""What of a report may be shown in a repository: never what stands in others that do not allow it.

A run reads several repositories, and what it writes is read by everybody who can read one of them.
So a finding loses all that comes from a repository whose content may not be shown there. Names of
repositories, rules, sources and fields are the policy's words and stay. All else stays only where
there is evidence that a repository whose content is shown has it too:

- a key, where such a repository has a record of that name, or where it stands in a quoted line or
  a path of one;
- a member, where it stands in a quoted line or a path;
- a value, only where it is the very text that is marked: a line may hold the value of another
  member, and would give away that the hidden one is the same;
- a note, where all that it quotes stands at its own place.

The identity is that of what is shown. So a fingerprint is a hash of nothing hidden, which a reader
could find out by trying the few values that there may be; it stays the same as long as what is
shown does, and hidden findings that look alike are told as one, with their number.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from interlock.model import Finding, Place, Repair, Report
from interlock.policy.model import Policy
from interlock.report.places import page_of
from interlock.report.sharing_evidence import Evidence
from interlock.report.sharing_words import ELSEWHERE, UNREAD_HINT, hint_of, message_of
from interlock.report.unchecked import UNREAD
from interlock.values import Literal

Visibility = Literal["public", "internal", "private"]

#: Why a finding has no edits any more.
REFUSAL = "the value stands in a repository whose content is not shown here"
#: Relations whose findings are about one record each, so that their places are all they speak of.
_OF_ONE = ("", "pattern", "known-keys")
#: What was read of a repository, where that is no name of a branch or a revision.
_PLAIN = ("not read", "work tree")


def visible_to(
    policy: Policy, alias: str, visibility: Mapping[str, str] = {}, name: str = ""
) -> frozenset[str]:
    """The repos whose content may be shown in the repo ``alias`` ("" for none of the policy's).

    ``visibility`` is the class of owner/name (lower case), as far as it is known; what is not known
    counts as private where it is read and as public where it is shown. Shown are

    - the repo itself. Where the alias binds several, ``name`` says which of them it is: then only
      that owner/name is in the answer, unless the alias shares with itself or with all;
    - those whose ``share-with`` names the alias, or ``*``;
    - public ones, everywhere;
    - internal ones, in internal ones of the same owner. Every member of an enterprise reads those;
      a private one may be read by outside collaborators, who are no members, so it is not enough.
      (docs.github.com, "About repositories", "About internal repositories"; owners of one policy
      may belong to different enterprises.)

    An alias that binds several owner/names is as visible as the least visible of them.
    """
    mine = (name,) if name else policy.repos.get(alias, ())
    here = {_class(one, visibility, "public") for one in mine}
    owners = {_owner(one) for one in mine}
    shown = set()
    for other, names in policy.repos.items():
        shared = policy.share_with.get(other, ())
        classes = {_class(one, visibility, "private") for one in names}
        inside = here == {"internal"} and owners == {_owner(one) for one in names}
        if (
            "*" in shared
            or (alias and alias in shared)
            or classes == {"public"}
            or (inside and len(owners) == 1 and classes <= {"public", "internal"})
        ):
            shown.add(other)
        elif alias == other:
            shown.add(name.lower() if name and len(names) > 1 else other)
    return frozenset(shown)


def _class(name: str, visibility: Mapping[str, str], unknown: Visibility) -> str:
    return (visibility.get(name.lower()) or unknown).lower()


def _owner(name: str) -> str:
    return name.lower().partition("/")[0]


def finding_for(finding: Finding, visible: frozenset[str] | None) -> Finding:
    """The finding as it may be shown where ``visible`` is shown; None stands for everything.

    It keeps its rule, relation, severity, status, repos, age, what the policy says, and the note
    on why it does not count. Places elsewhere keep the alias and the owner/name alone.
    """
    if visible is None:
        return finding
    hidden = _hidden(finding, visible)
    if not hidden:
        return finding
    if finding.rule == UNREAD:
        return finding._replace(hint=UNREAD_HINT.format(repo=", ".join(hidden)))
    seen = Evidence([p for p in finding.places if _is_shown(p, visible)], finding.field)
    known = any(alias in visible for alias in finding.known_in)
    key = finding.key if known or seen.has(finding.key) else ""
    member = finding.member if seen.has(finding.member) else ""
    values = tuple(value for value in finding.values if value == key or seen.marks(value))
    secret = [one for one in (finding.key, finding.member, *finding.values) if one not in values]
    secret = [one for one in secret if one and one not in (key, member)]
    # A near miss of a hidden name would tell what it is like.
    unnamed = finding.relation == "exists-in" and not key
    places = (
        seen.told(place, secret, named=not unnamed)
        if _is_shown(place, visible)
        else _elsewhere(place)
        for place in finding.places
    )
    told = finding._replace(
        key=key,
        member=member,
        values=values,
        places=tuple(dict.fromkeys(places)),
        known_in=tuple(alias for alias in finding.known_in if alias in visible),
        repair=_repair(finding.repair, visible, seen),
    )
    return told._replace(message=message_of(told), hint=hint_of(told, hidden))


def findings_for(
    findings: Iterable[Finding], visible: frozenset[str] | None
) -> tuple[Finding, ...]:
    """The findings as they may be shown; those that then say the same are one, with a number."""
    if visible is None:
        return tuple(findings)
    told: list[Finding] = []
    first: dict[Finding, int] = {}
    number: Counter[int] = Counter()
    for finding in findings:
        one = finding_for(finding, visible)
        # What stayed whole is told as it is; edits may hold what cannot be looked up.
        if one is finding or (one.repair is not None and one.repair.edits):
            told.append(one)
            continue
        at = first.setdefault(one, len(told))
        number[at] += 1
        if at == len(told):
            told.append(one)
    return tuple(
        one._replace(message=f"{one.message} ({number[at]} times)") if number[at] > 1 else one
        for at, one in enumerate(told)
    )


def report_for(report: Report, visible: frozenset[str] | None) -> Report:
    """The report as it may be shown where ``visible`` is shown; None stands for everything.

    Links to other repositories lead to their first page, without a revision. What is not told of
    them (branches, ages of copies, folders of this machine) is left out of notices.
    """
    if visible is None:
        return report
    rows = [row for row in report.repos if not _is_bound(row[0], row[1], visible)]
    placed = {
        (place.repo, place.name)
        for finding in report.findings
        for place in finding.places
        if not _is_shown(place, visible)
    }
    hidden = {text for row in (*rows, *placed) for text in row[:2]} - {""}
    return report._replace(
        findings=findings_for(report.findings, visible),
        notices=notices_for(report.notices, [(alias, name) for alias, name, _ in rows]),
        repos=tuple(
            (*row[:2], row[2] if row not in rows or row[2] in _PLAIN else "read")
            for row in report.repos
        ),
        links=tuple(
            (of, page_of(address) if of in hidden else address)
            for of, address in report.links
            if of not in hidden or page_of(address)
        ),
    )


def notices_for(notices: Sequence[str], hidden: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """The notices; of one that names a repo of ``hidden``, (alias, owner/name), only which."""
    told: dict[str, None] = {}
    for notice in notices:
        of = [alias for alias, name in hidden if _names(notice, alias) or _names(notice, name)]
        if of:
            aliases = ", ".join(dict.fromkeys(of))
            told[f"what there is to say of how {aliases} was read is not shown here"] = None
        else:
            told[notice] = None
    return tuple(told)


def _names(text: str, name: str) -> bool:
    whole = rf"(?<![\w-]){re.escape(name)}(?![\w-])"
    return bool(name) and re.search(whole, text, re.IGNORECASE) is not None


def _hidden(finding: Finding, visible: frozenset[str]) -> list[str]:
    """The aliases that the finding is about and whose content is not shown, each once."""
    if finding.places and not finding.relation and all(_of_policy(p) for p in finding.places):
        return []  # made of the policy's own words
    edits = finding.repair.edits if finding.repair is not None else ()
    placed = [place for place in finding.places if not _of_policy(place)]
    aliases = dict.fromkeys((*finding.repos, *(p.repo for p in placed), *(e.repo for e in edits)))
    return [alias for alias in aliases if not _is_all_shown(alias, finding, placed, visible)]


def _is_all_shown(
    alias: str, finding: Finding, placed: Sequence[Place], visible: frozenset[str]
) -> bool:
    if alias in visible:
        return True
    mine = [place for place in placed if place.repo == alias]
    alone = bool(mine) and all(_is_shown(place, visible) for place in mine)
    return alone and finding.relation in _OF_ONE


def _of_policy(place: Place) -> bool:
    """True where the place is in the policy: see interlock.experiments.materialise."""
    return place.repo == "policy" and not place.name


def _is_shown(place: Place, visible: frozenset[str]) -> bool:
    return _of_policy(place) or _is_bound(place.repo, place.name, visible)


def _is_bound(alias: str, name: str, visible: frozenset[str]) -> bool:
    return alias in visible or name.lower() in visible


def _elsewhere(place: Place) -> Place:
    return Place(place.repo, place.name, "", 0, 0, 0, 0, "", ELSEWHERE, "")


def _repair(repair: Repair | None, visible: frozenset[str], seen: Evidence) -> Repair | None:
    """The repair, if its edits write and say nothing that is hidden."""
    if repair is None:
        return None
    open_ones = all(
        edit.repo in visible and (not edit.text.strip() or seen.marks(edit.text.strip()))
        for edit in repair.edits
    )
    return repair if repair.edits and open_ones else Repair((), REFUSAL)
