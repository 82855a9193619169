"""One check, from options to a report; shared by the command and the hooks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from interlock.cli.situation import Found, find_policy
from interlock.cli.worlds import Selection, own_trees, past_world, world_of
from interlock.engine import Request, run
from interlock.errors import UsageError
from interlock.model import Report, Severity
from interlock.trees.base import World
from interlock.trees.checkouts import Checkout, find_checkout
from interlock.trees.siblings import Given, Siblings


class Options(NamedTuple):
    """What a check was asked for. ``now`` is in seconds since 1970."""

    folder: str
    selection: Selection
    now: int
    policy: str = ""
    alias: str = ""
    given: Mapping[str, Given] = {}
    only: tuple[str, ...] = ()
    fail_level: Severity = "error"
    require_all: bool = False
    deferred: bool = False


class Checked(NamedTuple):
    """A report, with what a fix needs: where files can be written."""

    report: Report
    found: Found
    world: World
    roots: Mapping[str, str]


def check(options: Options) -> Checked:
    """Run the check; raises InterlockError for what the user has to mend first."""
    own = _checkout(options)
    siblings = Siblings(own, options.given)
    try:
        return _check(options, own, siblings)
    finally:
        siblings.close()


def _checkout(options: Options) -> Checkout | None:
    try:
        return find_checkout(options.folder)
    except UsageError:
        if options.policy:
            return None
        raise


def _check(options: Options, own: Checkout | None, siblings: Siblings) -> Checked:
    where = own.top if own is not None else options.folder
    objects = siblings.objects(where, own=True)
    trees = own_trees(own, objects, options.selection) if own is not None else None
    head_tree = trees.head if trees is not None else None
    found = find_policy(head_tree, own, siblings, options.policy, options.alias)
    if found.own in options.given and options.selection.kind == "worktree":
        found = found._replace(own="")
    own_name = own.names[0] if own is not None and own.names else ""
    head = world_of(found.policy, found.own, own_name, head_tree, siblings, {})
    base = None
    changed = None
    if trees is not None and trees.base is not None:
        if not found.own:
            raise UsageError(
                f"this checkout is none of the repos of {found.file}: pass --as ALIAS, "
                "or set its remote"
            )
        base = world_of(found.policy, found.own, own_name, trees.base, siblings, head)
        changed = trees.changed
    request = Request(
        policy=found.policy,
        head=head,
        own=found.own,
        today=_day(options.now),
        base=base,
        changed=changed,
        only=options.only,
        fail_level=options.fail_level,
        require_all=options.require_all,
        deferred=options.deferred,
        notices=found.policy.notices,
        past=lambda grace: past_world(head, options.now - grace, own, objects),
    )
    roots = {a: given.path for a, given in options.given.items() if not given.revision}
    if own is not None and found.own and options.selection.kind in ("worktree", "staged"):
        roots.setdefault(found.own, own.top)
    return Checked(run(request), found, head, roots)


def _day(now: int) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(now, tz=UTC).date().isoformat()
