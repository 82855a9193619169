"""Whether a member of a set may land next: the rules of the status on its commit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from interlock.changes.change_set import ChangeSet
from interlock.changes.members import Member
from interlock.changes.order import MAX_TRIED
from interlock.trees.merged import CONFLICT
from interlock.values import Literal, NamedTuple

#: Our own statuses begin so: they are left out of what is waited for, else all wait for ever.
OWN = "interlock/"

#: unread: not all of them could be read.
Checks = Literal["green", "pending", "red", "none", "unread"]


class Standing(NamedTuple):
    """How far a change is. ``current`` is False where it was pushed to since that was recorded."""

    approved: bool
    checks: Checks
    current: bool = True


class Gate(NamedTuple):
    """The status of one member. ``waits`` are the labels of those that it waits for."""

    state: Literal["success", "pending", "failure"]
    summary: str
    waits: tuple[str, ...] = ()


#: What is known of a change that nobody asked about: nothing good.
_UNKNOWN = Standing(approved=False, checks="none")


def checks_of(contexts: Iterable[tuple[str, str]], required: Sequence[str] | None = None) -> Checks:
    """What the checks of one commit come to, ours left out.

    ``contexts`` are (name, "success", "neutral", "skipped", "pending" or anything else, which is
    red); of several of one name all count. ``required`` are the names that the branch asks for,
    None where that is unknown. No check at all is not green, unless the branch is known to ask for
    none.
    """
    said: dict[str, list[str]] = {}
    for name, state in contexts:
        if not name.startswith(OWN):
            said.setdefault(name, []).append(state)
    wanted = [name for name in required or () if not name.startswith(OWN)]
    found = [said.get(name, ["pending"]) for name in wanted] if wanted else said.values()
    states = [state for some in found for state in some]
    if not states:
        return "none" if required is None else "green"
    if any(state not in ("success", "neutral", "skipped", "pending") for state in states):
        return "red"
    return "pending" if "pending" in states else "green"


def gates(
    change_set: ChangeSet, standings: Mapping[str, Standing], window: int
) -> tuple[Gate, ...]:
    """The gate of each member, in their order.

    ``standings`` are by label. ``window`` is how long, in seconds, the policy lets a set be half
    landed where no order is safe; 0 for not at all.
    """
    return tuple(_gate(change_set, at, standings, window) for at in range(len(change_set.members)))


def _gate(change_set: ChangeSet, at: int, standings: Mapping[str, Standing], window: int) -> Gate:
    member = change_set.members[at]
    if member.state == "merged":
        return Gate("success", "has landed")
    if member.state in ("closed", "missing"):
        return Gate("failure", "was closed without landing")
    refused = _refused(change_set)
    if refused is not None:
        return refused
    if change_set.verdict.kind == "alone":
        return Gate("success", "is consistent alone")
    if member.state == "draft":
        return Gate("pending", "is a draft")
    waiting = [
        (other.label, _not_ready(other, standings.get(other.label, _UNKNOWN)))
        for other in change_set.members
        if _change(other) != _change(member) and other.state not in ("merged", "closed", "missing")
    ]
    waiting = [(label, why) for label, why in waiting if why]
    if waiting:
        reasons = "; ".join(f"{label} {why}" for label, why in waiting)
        return Gate("pending", f"waits: {reasons}", tuple(label for label, _ in waiting))
    return _turn(change_set, at, window)


def _refused(change_set: ChangeSet) -> Gate | None:
    """What is wrong with the set as a whole."""
    judged = change_set.verdict
    if judged.unread:
        reasons = "; ".join(f"{who} could not be read: {why}" for who, why in judged.unread)
        return Gate("failure", f"unknown: {reasons}")
    if judged.missing:
        closed = [m.label for m in change_set.members if m.state in ("closed", "missing")]
        told = f" ({', '.join(closed)} was closed without landing)" if closed else ""
        verb = "is" if len(judged.missing) == 1 else "are"
        names = " and ".join(judged.missing)
        return Gate("failure", f"{names} {verb} missing{told}", judged.missing)
    conflicts = [one for one in judged.findings if one.message.endswith(CONFLICT)]
    if conflicts:
        names = " and ".join(dict.fromkeys(one for f in conflicts for one in f.repair_in))
        return Gate("failure", f"the change of {names} conflicts with what has landed: rebase it")
    if judged.findings:
        # A rule's name is the policy's: what a finding says may come from a repository that
        # not everybody who reads this may see.
        rules = list(dict.fromkeys(finding.rule for finding in judged.findings))
        more = {1: "", 2: " and 1 more rule"}.get(len(rules), f" and {len(rules) - 1} more rules")
        if len(change_set.members) == 1:
            return Gate("failure", f"breaks {rules[0]}{more}: `interlock check` says where")
        return Gate("failure", f"inconsistent when all have landed: {rules[0]}{more}")
    return None


def _not_ready(member: Member, standing: Standing) -> str:
    """Why a sibling cannot be counted on yet; "" where it can."""
    if member.state == "draft":
        return "is a draft"
    if not standing.current:
        return "was pushed to since it was looked at"
    reasons = [] if standing.approved else ["is not approved"]
    told = {
        "red": "has a failing check",
        "pending": "has a check that runs",
        "none": "has no check",
        "unread": "has checks that could not be read",
    }
    if standing.checks != "green":
        reasons.append(told[standing.checks])
    return " and ".join(reasons)


def _change(member: Member) -> tuple[str, str]:
    """The pull request itself: a repository of two aliases has one for both of them."""
    return member.name.lower(), member.label.rpartition("#")[2]


def _turn(change_set: ChangeSet, at: int, window: int) -> Gate:
    """Whether it is this member's turn."""
    landing = change_set.verdict.landing
    if at in landing.next:
        return Gate("success", "can land next")
    before = landing.after.get(at, ())
    mine = _change(change_set.members[at])
    others = [change_set.members[other] for other in before]
    after = tuple(other.label for other in others if _change(other) != mine)
    if after:
        return Gate("pending", f"after {', '.join(after)}", after)
    if before:
        return Gate("success", "can land next")
    tried = f"none was found for more than {MAX_TRIED}" if landing.limited else "none is safe"
    if window:
        return Gate("success", f"no order ({tried}): land the whole set within its window")
    return Gate("failure", f"no order ({tried}), and the policy accepts no window")
