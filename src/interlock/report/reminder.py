"""The comment on each pull request of a change set: what is missing, and where to click.

Everything that a pull request's author controls is data here, and what stands in other
repositories is shown only where the policy lets it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape

from interlock.changes.change_set import ChangeSet
from interlock.changes.gate import Gate
from interlock.changes.linking import names_of
from interlock.changes.members import Member, State
from interlock.changes.naming import set_branch
from interlock.model import Checked, Finding, Report
from interlock.report.change_set_words import (
    STATES,
    about,
    are,
    landing,
    listed,
    number,
    reasons,
)
from interlock.report.markdown import finding_block
from interlock.report.markdown_inline import code, fenced, html_code, prose
from interlock.report.order import ordered
from interlock.report.places import is_plain_address
from interlock.report.sharing import findings_for
from interlock.report.wording import many
from interlock.values import NamedTuple

#: Findings that are quoted, and characters of them all; GitHub takes 65,536 in a comment.
_QUOTED, _ROOM = 10, 40_000
#: Characters of a comment: GitHub takes 65,536, and the marker and the siblings stand before it.
LIMIT = 60_000
_HEADLINE = "### "
#: A longer key is written by hand into a waiver.
_MAX_KEY = 200
_STATES: dict[State, str] = {**STATES, "unknown": "could not be read"}


class Home(NamedTuple):
    """A repository on GitHub: owner/name, its page, its default branch.

    ``shown`` is the revision that its files are shown at: a pull request's where it has one. In
    one that is ``archived`` nothing can be changed.
    """

    name: str
    url: str
    default: str
    shown: str
    archived: bool = False


class Told(NamedTuple):
    """A set as one of its members is told of it.

    ``own`` is the index of that member, ``links`` are addresses by label and ``homes``
    repositories by alias, ``create`` addresses by alias that open a missing pull request.
    ``visible`` are the repos whose content may be shown there. ``since`` is when the first member
    landed (seconds since 1970). ``policy`` is the page of the policy
    and ``unclear`` the one to report unclear messages at. ``advisory`` says why the status binds
    nobody, "" where it does.
    """

    found: ChangeSet
    own: int
    gates: tuple[Gate, ...]
    links: Mapping[str, str]
    homes: Mapping[str, Home]
    create: Mapping[str, str]
    visible: frozenset[str]
    window: int
    since: int = 0
    policy: str = ""
    unclear: str = ""
    advisory: str = ""

    @property
    def branch(self) -> str:
        """The branch of this member, where others of the same name are linked with it."""
        own = self.found.members[self.own] if self.own >= 0 else None
        return own.branch if own is not None and names_of(own) else ""

    @property
    def keys(self) -> tuple[str, ...]:
        """The experiments that may be named here."""
        touches = zip(self.found.members, self.found.touches, strict=False)
        known = {
            key
            for at, (one, keys) in enumerate(touches)
            if at == self.own or one.alias in self.visible
            for key in keys
        }
        return tuple(key for key in self.found.keys if key in known)


def is_over(found: ChangeSet) -> bool:
    """True where all of a set has landed and nothing is wrong."""
    landed = all(one.has_landed for one in found.members)
    return landed and found.verdict.kind in ("alone", "together")


def comment(told: Told) -> str:
    """The body, below the marker; one line where the set is over."""
    if is_over(told.found):
        return f"{_done(told)}\n"
    parts = [f"{_HEADLINE}{prose(headline(told))}"]
    broken = alarm(told)
    if broken:
        parts.append(f"**{prose(broken)}**")
    parts.append("\n".join(_table(told)))
    parts += [f"**{label}:** {text}" for label, text in _next(told)]
    parts += _findings(told)
    parts += _details(told)
    return "\n\n".join(_fitting(parts)) + "\n"


def is_unfinished(body: str) -> bool:
    """True for a comment that says what is left to do: it has a headline, and others one line."""
    return any(line.startswith(_HEADLINE) for line in body.splitlines())


def _fitting(parts: list[str]) -> Iterator[str]:
    """The parts for which there is room, each whole."""
    room, left_out = LIMIT, 0
    for part in parts:
        if len(part) > room:
            left_out += 1
        else:
            room -= len(part) + 2
            yield part
    if left_out:
        yield f"**{many(left_out, 'part')} of this did not fit here.**"


def left() -> str:
    """The body on a pull request that is in no set any more."""
    return "Interlock: this pull request needs no change in another repository any more.\n"


def reminding(told: Told) -> str:
    """The comment that brings an unfinished set up again; it is written anew, so people see it."""
    parts = [f"Interlock: {prose(headline(told))}.", prose(alarm(told))]
    parts.append("The first comment of Interlock here says what is left to do.")
    return "\n\n".join(part for part in parts if part) + "\n"


def headline(told: Told) -> str:
    """``2 of 3 pull requests for experiment `ranker-v2`: serving is missing``."""
    return f"{number(told.found, 'pull request')} for {_about(told)}: {outcome(told)}"


def outcome(told: Told) -> str:
    """What the set comes to for a person who reads no further."""
    judged = told.found.verdict
    if judged.missing:
        return are(judged.missing, "missing")
    if judged.unread:
        return f"unknown, {listed([who for who, _ in judged.unread])} could not be read"
    if judged.findings:
        return f"they do not agree yet ({many(len(judged.findings), 'finding')})"
    rest = [m.label for m in told.found.members if m.can_land]
    if len(rest) < len(told.found.members):
        return are(rest, "left to land") if rest else "done"
    return "they agree" if judged.kind == "together" else "each can land alone"


def alarm(told: Told) -> str:
    """What is wrong on the default branches now that a part has landed, and since when."""
    if not told.found.verdict.half_landed:
        return ""
    landed = [one.label for one in told.found.members if one.has_landed]
    rest = [one.label for one in told.found.members if one.can_land]
    missing = [f"{alias} has none" for alias in told.found.verdict.missing]
    waiting = [f"{label} has not landed" for label in rest]
    what = "; ".join((*waiting, *missing)) or "they do not agree"
    return f"Half landed since {moment(told.since)}: {listed(landed)} landed, {what}"


def moment(seconds: int) -> str:
    """A time as people compare it: ``2026-11-21 14:02 UTC``."""
    import time

    return time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(seconds))


def _about(told: Told) -> str:
    return about(told.keys) if told.keys else "an experiment"


def _done(told: Told) -> str:
    members = many(len(told.found.members), "pull request")
    return f"Interlock: {prose(f'all {members} for {_about(told)} have landed')}."


def _table(told: Told) -> Iterator[str]:
    """As HTML: in a cell of a Markdown table code spans do not hold."""
    yield "<table>"
    yield "<tr><th>repo</th><th>pull request</th><th>state</th><th>left to do</th></tr>"
    for at, member in enumerate(told.found.members):
        state = _STATES[member.state]
        gate = told.gates[at] if at < len(told.gates) else None
        todo = gate.summary if gate is not None and member.state != "merged" else ""
        # The reasons are long, and stand below.
        todo = outcome(told) if todo.startswith("unknown: ") else todo
        mine = " (this one)" if at == told.own else ""
        change = f"{_link(told, member)}{mine}"
        yield _row(html_code(member.alias), change, state, html_code(todo) if todo else "")
    for alias in told.found.verdict.missing:
        if alias not in {one.alias for one in told.found.present_members}:
            yield _row(html_code(alias), _create(told, alias, "create it"), "missing", "open it")
    yield "</table>"


def _row(*cells: str) -> str:
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _link(told: Told, member: Member) -> str:
    address = told.links.get(member.label, "")
    shown = html_code(member.label)
    if not is_plain_address(address):
        return shown
    return f'<a href="{escape(address)}">{shown}</a>'


def _create(told: Told, alias: str, text: str) -> str:
    address = told.create.get(alias, "")
    return f'<a href="{escape(address)}">{text}</a>' if is_plain_address(address) else "none yet"


def _next(told: Told) -> Iterator[tuple[str, str]]:
    found = told.found
    for alias in found.verdict.missing:
        home = told.homes.get(alias)
        where = code(home.name) if home is not None else code(alias)
        if home is not None and home.archived:
            yield f"Next for {prose(alias)}", f"{where} is archived: nothing can be changed there"
            continue
        branch = "a branch"
        if told.keys or told.branch:
            branch = code(set_branch(told.keys[0]) if told.keys else told.branch)
        link = told.create.get(alias, "")
        click = f", then [open its pull request]({link})" if is_plain_address(link) else ""
        yield f"Next for {prose(alias)}", f"push the change to {branch} of {where}{click}"
    for who, why in found.verdict.unread:
        yield "Not read", prose(f"{who}: {why}", 400)
    order = landing(found, told.window)
    if order and len(found.members) > 1:
        yield "Landing order", prose(order)
    for member, why in found.ignored:
        yield "Left out", prose(f"{member.label} {why}")
    if told.advisory:
        yield "Advisory", prose(told.advisory)


def _findings(told: Told) -> Iterator[str]:
    judged = told.found.verdict
    shown = findings_for(judged.findings or judged.half_landed, told.visible)
    report = _report(told, tuple(one._replace(repair=None) for one in shown))
    if not report.findings:
        return
    blocks, room, left_out = [], _ROOM, 0
    for at, finding in enumerate(ordered(report)):
        block = finding_block(report, finding).replace("<details open>", "<details>", 1)
        if at < _QUOTED and len(block) < room:
            room -= len(block)
            blocks.append(block)
        else:
            left_out += 1
    if left_out:
        blocks.append(f"**{many(left_out, 'finding')} did not fit here.**")
    yield f"**Not consistent yet** ({many(len(report.findings), 'finding')}):"
    yield from blocks


def _report(told: Told, findings: tuple[Finding, ...]) -> Report:
    own = told.found.members[told.own]
    links = tuple(
        (home.name, f"{home.url}/blob/{home.shown}/") for home in told.homes.values() if home.url
    )
    nothing = Checked(0, 0, 0, 0)
    return Report(
        findings, (), nothing, (), "change", "error", True, own.alias, links, own_name=own.name
    )


def _details(told: Told) -> Iterator[str]:
    """Why this is here, how to say that it does not apply, and where to say it is unclear."""
    lines = [f"- {prose(why)}" for why in reasons(told.found)]
    if lines:
        yield (
            "<details><summary>Why these belong together</summary>\n\n"
            + "\n".join(lines)
            + "\n\n</details>"
        )
    yield (
        "<details><summary>It does not apply?</summary>\n\n"
        + "\n\n".join(_waiver(told))
        + "\n\n</details>"
    )


def _waiver(told: Told) -> Iterator[str]:
    rules = [n.findings[0].rule for of in told.found.needs for n in of if n.findings]
    rules += [finding.rule for finding in told.found.verdict.findings]
    link = f"[the policy]({told.policy})" if is_plain_address(told.policy) else "the policy"
    if rules and told.keys and len(told.keys[0]) <= _MAX_KEY:
        yield f"Add a waiver to {link}; it is reviewed there, and ends by itself:"
        yield fenced(
            [
                "waivers:",
                f"  - rule: {rules[0]}",
                f"    key: {_quoted(told.keys[0])}",
                "    reason: …",
                '    owner: "@…"',
                "    until: YYYY-MM-DD",
            ]
        )
    else:
        yield f"Say so in {link}: its rules and companions decide what belongs together."
    if is_plain_address(told.unclear):
        yield f"Is this message unclear or wrong? [Tell those who keep the rules]({told.unclear})."


def _quoted(key: str) -> str:
    """A key as a YAML string."""
    import json

    return json.dumps(key, ensure_ascii=True)
