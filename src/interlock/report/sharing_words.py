"""What is said of a finding whose other side is not shown: plain sentences without its values."""

from __future__ import annotations

from collections.abc import Sequence

from interlock.model import Finding

#: The note of a place whose content is not shown.
ELSEWHERE = "what stands there is not shown here"
UNREAD_HINT = (
    "give the run a credential that may read {repo} (INTERLOCK_TOKEN); the exact reason is not "
    "shown here: `interlock check` on your machine tells it"
)
#: {what} is the entry and its field, {all} every side, {first} the one to change first, {rest}
#: the others. One that is not listed "differs".
_SENTENCES = {
    "exists-in": "{entry} is in {first}, but not in {rest}",
    "references": "{what} in {first} names something that is not in {rest}",
    "member-of": "{what} in {first} names something that is not in {rest}",
    "sum": "{what} in {all} does not add up as it should",
    "unique": "{what} in {all} has a value that may stand only once",
    "exclusive": "{entry} of {first} claims what an entry of {rest} claims too",
    "before": "{what} in {first} does not come before what {rest} has",
}
_DIFFERS = "{what} differs between {all}"


def message_of(finding: Finding) -> str:
    """One sentence made of the key (where it is shown), the field and the repos alone."""
    first, rest = _sides(finding)
    if not rest:
        about = f" (`{finding.key}`)" if finding.key else ""
        return f"{first or 'another repository'} breaks this rule{about}"
    entry = f"`{finding.key}`" if finding.key else "an entry"
    what = entry
    if finding.field:
        what = f"{entry}: `{finding.field}`" if finding.key else f"`{finding.field}` of an entry"
    sentence = _SENTENCES.get(finding.relation, _DIFFERS)
    return sentence.format(
        entry=entry, what=what, first=first, rest=_listed(rest), all=_listed([first, *rest])
    )


def hint_of(finding: Finding, hidden: Sequence[str]) -> str:
    """Where to look, and who has to change."""
    there = _listed(hidden)
    if finding.repair_in and all(alias in hidden for alias in finding.repair_in):
        verb = "has" if len(hidden) == 1 else "have"
        return f"{there} {verb} to change: `interlock check` on your machine shows all you may read"
    return f"open {there}, or run `interlock check` on your machine: it shows all that you may read"


def _sides(finding: Finding) -> tuple[str, list[str]]:
    """The side to change first and the others; by owner/name where an alias has several."""
    placed = dict.fromkeys(
        (place.repo, place.name)
        for place in finding.places
        if not (place.repo == "policy" and not place.name)
    )
    aliases = [alias for alias, _ in placed]
    named = [name if aliases.count(alias) > 1 and name else alias for alias, name in placed]
    named += [alias for alias in finding.repos if alias not in aliases]
    return (named[0], named[1:]) if named else ("", [])


def _listed(names: Sequence[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
