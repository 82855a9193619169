"""What an experiment takes in each repository, and how far it has come: the ticket's checklist."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from interlock.changes.change_set import ChangeSet
from interlock.changes.family import Family, family_of
from interlock.changes.members import Member
from interlock.changes.naming import set_branch
from interlock.changes.pages import Pages
from interlock.changes.worlds import Ground
from interlock.engine import Request, run
from interlock.experiments.dataset import Dataset
from interlock.model import SEVERITIES, Finding
from interlock.values import Literal, NamedTuple

#: landed: its change has landed. there: it holds the experiment, and no rule asks for more.
#: open, draft: its change may land. closed: its change was closed without landing.
#: missing: it needs a change and has none. differs: likewise, of what it holds already.
#: spare: it does not hold the experiment, and no rule asks for it yet. unknown: not read.
State = Literal["landed", "there", "open", "draft", "closed", "missing", "differs", "spare",
                "unknown"]  # fmt: skip
DONE: tuple[State, ...] = ("landed", "there", "spare")
_NEEDED: tuple[State, ...] = ("closed", "missing", "differs")


#: What git says of a repository may name what is in it.
_REASON = "the log of the run that wrote this says why"


class Line(NamedTuple):
    """One repository of a checklist, or one of its changes.

    ``name`` is its owner/name, "" where the alias stands for several and which of them is open.
    ``change`` is what people call the change ("serving#12"), "" for none. ``files`` are the paths
    to change, or globs of them; ``create_url`` opens the pull request that is missing. ``note`` is
    a sentence more.
    """

    alias: str
    name: str
    repo_url: str
    change: str
    change_url: str
    state: State
    files: tuple[str, ...] = ()
    create_url: str = ""
    note: str = ""

    @property
    def done(self) -> bool:
        """True where nothing is left to do."""
        return self.state in DONE


class Checklist(NamedTuple):
    """The lines of the experiment ``key``, in the policy's order of repos.

    ``branch`` is the one that links its changes. ``problem`` is why the ticket names none.
    """

    key: str
    branch: str
    lines: tuple[Line, ...]
    problem: str = ""


def checklist(
    ground: Ground,
    key: str,
    sets: Sequence[ChangeSet],
    loose: Sequence[Member],
    pages: Pages,
    closed: Collection[str] = (),
) -> Checklist:
    """The checklist of the experiment ``key``; of ``sets`` only those that are about it count.

    ``loose`` are changes of its records that need nobody else, and so may be in no set. ``closed``
    are the aliases whose content is not to be shown where the ticket is.
    """
    about = [found for found in sets if key in found.keys]
    writer = _Writer(ground, key, about, loose, pages, closed)
    return Checklist(key, set_branch(key), tuple(writer.lines()))


class _Writer:
    """Writes the lines of one experiment."""

    def __init__(
        self,
        ground: Ground,
        key: str,
        sets: Sequence[ChangeSet],
        loose: Sequence[Member],
        pages: Pages,
        closed: Collection[str],
    ) -> None:
        self._ground, self._key, self._pages, self._closed = ground, key, pages, closed
        self._data = Dataset(ground.policy, ground.world, ground.selections)
        self._family = family_of(self._data, key)
        self._members = [one for found in sets for one in found.members]
        inside = {one.label for one in self._members}
        apart = sorted((one for one in loose if one.label not in inside), key=lambda m: m.ended)
        self._members += [one for one in apart if one.state in ("open", "draft", "unknown")]
        self._landed = {one.repo: one for one in apart if one.has_landed}
        self._missing = {alias for found in sets for alias in found.verdict.missing}
        self._wrong = _findings(ground, self._family, key)

    def lines(self) -> Iterator[Line]:
        """Each repository's lines, in the policy's order."""
        taking = set(self._family.aliases) | {one.alias for one in self._members} | self._missing
        for alias in self._ground.policy.repos:
            if alias not in taking:
                continue
            members = [one for one in self._members if one.alias == alias]
            going = [one for one in members if one.state not in ("closed", "missing")]
            if going or members:
                yield from (self._of_member(one) for one in going or members[-1:])
            else:
                yield from self._of_repo(alias)

    def _of_member(self, member: Member) -> Line:
        states: dict[str, State] = {"merged": "landed", "missing": "missing"}
        state = states.get(member.state) or _KEPT[member.state]
        line = self._line(member.alias, member.name, state, member.problem)
        url = self._pages.change(member.name, member.label)
        return line._replace(change=member.label, change_url=url)

    def _of_repo(self, alias: str) -> Iterator[Line]:
        unread = self._family.unread.get(alias, "")
        if unread:
            yield self._line(alias, self._only_name(alias), "unknown", unread)
            return
        holding = self._family.holding(alias)
        wrong = [finding for finding in self._wrong if alias in finding.repair_in]
        for name in holding:
            landed = self._landed.get((alias, name.lower()))
            if alias in self._missing or not all(_only_lacks(finding) for finding in wrong):
                yield self._line(alias, name, "differs", "")
            else:
                yield self._of_member(landed) if landed else self._line(alias, name, "there", "")
        if not holding:
            asked = alias in self._missing or wrong or self._family.requires(alias)
            spare = not asked and (self._family.required or self._family.held or self._members)
            yield self._line(alias, self._only_name(alias), "spare" if spare else "missing", "")

    def _line(self, alias: str, name: str, state: State, note: str) -> Line:
        shown = alias not in self._closed
        if note and not shown:
            note = _REASON
        files = self._family.files(alias, shown=shown) if state in _NEEDED else ()
        create = self._pages.create(name) if state in _NEEDED and name else ""
        if not name and state in _NEEDED:
            names = " or ".join(self._ground.policy.repos[alias])
            note = note or f"it goes to {names}"
        repo_url = self._pages.repo(name) if name else ""
        return Line(alias, name, repo_url, "", "", state, files, create, note)

    def _only_name(self, alias: str) -> str:
        names = self._ground.policy.repos[alias]
        return names[0] if len(names) == 1 else ""


_KEPT: dict[str, State] = {
    "open": "open",
    "draft": "draft",
    "closed": "closed",
    "unknown": "unknown",
}


def _only_lacks(finding: Finding) -> bool:
    """True where the finding is that a record is nowhere: who holds it has nothing to change."""
    return finding.relation == "exists-in"


def _findings(ground: Ground, family: Family, key: str) -> tuple[Finding, ...]:
    """What is wrong about the experiment on the default branches as they are now."""
    if not family.held:
        return ()
    report = run(
        Request(
            policy=ground.policy,
            head=ground.world,
            own="",
            today=ground.today,
            only=family.rules,
            past=ground.past,
            selections=ground.selections,
        )
    )
    levels = SEVERITIES[: SEVERITIES.index(ground.fail_level) + 1]
    failing = (f for f in report.findings if f.status == "failing" and f.severity in levels)
    return tuple(finding for finding in failing if finding.key == key)
