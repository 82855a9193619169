"""One check, from options to a report; shared by the command and the hooks."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping

from interlock.cli.credentials import HERE, Scan, asks_only, is_asked, joined, scan
from interlock.cli.found import MEMBER_FILE, POLICY_FILE, Found
from interlock.cli.links import web_links
from interlock.cli.worlds import OwnTrees, Selection, own_trees, past_world, world_of
from interlock.documents.kept import Kept
from interlock.engine import PastWorld, Request, run
from interlock.errors import NoPolicyError, UsageError
from interlock.model import Report, Severity
from interlock.policy.model import NO_POLICY
from interlock.trees.access import Access
from interlock.trees.base import Tree, World
from interlock.trees.checkouts import Checkout, find_checkout, same_repo
from interlock.trees.objects import Objects
from interlock.trees.siblings import Given, Siblings
from interlock.values import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from interlock.cli.readers import Readers


class Options(NamedTuple):
    """What a check was asked for. ``now`` is in seconds since 1970.

    ``branch`` is what the run is for, where nothing is checked out. ``ages`` asks how long old
    findings have been there, which a hook has no time for. ``found`` is the policy where it is
    known already, ``kept`` are documents of earlier runs. ``readers`` are those who read what the
    run writes, None for the user alone.
    """

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
    access: Access | None = None
    branch: str = ""
    ages: bool = False
    found: Found | None = None
    kept: Kept | None = None
    readers: Readers | None = None


class Checked(NamedTuple):
    """A report, with what a fix needs: where files can be written."""

    report: Report
    found: Found
    roots: Mapping[str, str]


class Opened(NamedTuple):
    """The policy and the worlds of a run, readable until the siblings are closed."""

    found: Found
    own: Checkout | None
    objects: Objects
    siblings: Siblings
    head: World
    base: World | None
    changed: frozenset[str] | None


class Opening:
    """Finds the policy and builds its worlds; git's processes end with the context."""

    def __init__(self, options: Options) -> None:
        """Nothing is read before the context is entered."""
        self._options = options
        self._own = checkout_of(options)
        self._siblings = Siblings(self._own, options.given, options.access)

    def __enter__(self) -> Opened:
        """Raises InterlockError for what the user has to mend first."""
        try:
            return _open(self._options, self._own, self._siblings)
        except BaseException:
            self._siblings.close()
            raise

    def __exit__(self, *_: object) -> None:
        """Close what was opened."""
        self._siblings.close()


def checkout_of(options: Options) -> Checkout | None:
    """The checkout around the folder; None where a policy file is given and there is none.

    A CI checkout is on no branch: then it counts as on the one that the run is for.
    """
    try:
        own = find_checkout(options.folder)
        return own if own.branch else own._replace(branch=options.branch)
    except UsageError:
        if options.policy:
            return None
        raise


def _open(options: Options, own: Checkout | None, siblings: Siblings) -> Opened:
    objects = siblings.objects(own.top if own is not None else options.folder, own=True)
    if own is None and options.selection.kind != "worktree":
        raise UsageError(
            f"{options.folder} is not in a git repository: it has nothing staged and no revisions"
        )
    trees = own_trees(own, objects, options.selection) if own is not None else None
    tree = trees.head if trees is not None else None
    if asks_only(options.only):
        before = _before(options, trees)
        found = options.found or _policy(options, before or tree, own, siblings)
        if before is not None and trees is not None:
            found = _told_of_edits(found, trees.changed or ())
        refuse_unknown_of(options, found)
        changed = frozenset[str]() if trees is not None and trees.base is not None else None
        return Opened(found, own, objects, siblings, {}, None, changed)
    found = options.found or _policy(options, tree, own, siblings)
    refuse_strangers(options, found.policy.repos, found.file)
    refuse_unknown_of(options, found)
    if found.own in options.given and options.selection.kind == "worktree":
        found = found._replace(own="")
    own_name = own.names[0] if own is not None and own.names else ""
    head = world_of(found.policy, found.own, own_name, tree, siblings, {})
    if trees is None or trees.base is None:
        return Opened(found, own, objects, siblings, head, None, None)
    if not found.own and found.policy.repos:
        raise UsageError(
            f"this checkout is none of the repos of {found.file}: pass --as ALIAS, "
            "or set its remote"
        )
    base = world_of(found.policy, found.own, own_name, trees.base, siblings, head)
    return Opened(found, own, objects, siblings, head, base, trees.changed)


def _before(options: Options, trees: OwnTrees | None) -> Tree | None:
    """The tree whose policy judges the credentials of a pull request: it does not judge its own."""
    ranged = options.selection.kind == "range" and not options.selection.each
    return trees.base if trees is not None and ranged else None


def _told_of_edits(found: Found, changed: Collection[str]) -> Found:
    """``found`` with a notice where the change edits what it comes from."""
    edited = sorted({POLICY_FILE, MEMBER_FILE, *found.local}.intersection(changed))
    if not edited:
        return found
    said = f"this change edits {', '.join(edited)}: credentials are judged by what it was before"
    notices = (*found.policy.notices, said)
    return found._replace(policy=found.policy._replace(notices=notices))


def refuse_unknown_of(options: Options, found: Found) -> None:
    """Raise UsageError where a rule was asked for that nothing is called."""
    if options.only and options.found is None:
        from interlock.cli.asked import refuse_unknown

        refuse_unknown(options.only, found.policy, found.file)


def refuse_strangers(options: Options, repos: Collection[str], file: str) -> None:
    """Raise UsageError where --repo names none of ``repos``, the aliases of ``file``."""
    for alias in options.given:
        if alias not in repos:
            from interlock.policy.suggest import suggestion

            hint = suggestion(alias, repos)
            raise UsageError(f"--repo {alias}: {file} has no repo `{alias}`; {hint}")


def _policy(options: Options, tree: Tree | None, own: Checkout | None, siblings: Siblings) -> Found:
    from interlock.cli.situation import find_policy  # half of a hook's modules

    try:
        return find_policy(tree, own, siblings, options.policy, options.alias)
    except UsageError as error:
        # A fork's run can hold no token that reads the policy: it looks by the built-in rules.
        away = options.deferred and not options.policy
        if not asks_only(options.only) or not (away or isinstance(error, NoPolicyError)):
            raise
        said = "" if isinstance(error, NoPolicyError) else f"{error}: the built-in rules were used"
        return Found(NO_POLICY._replace(notices=(said,) if said else ()), options.alias, "")


def check(options: Options) -> Checked:
    """Run the check; raises InterlockError for what the user has to mend first."""
    with Opening(options) as run_in:
        found, own, head = run_in.found, run_in.own, run_in.head
        request = request_of(options, found, head, own, run_in.objects, run_in.siblings)
        request = request._replace(base=run_in.base, changed=run_in.changed, kept=options.kept)
        made = _scan(options, found, own)
        if made is not None:
            request = request._replace(credentials=made.findings)
        if options.ages:
            request = request._replace(known_past=_known_past(options, run_in))
        report = run(request)._replace(
            own_name=_own_name(found, own),
            policy="" if options.policy else _own_file(found),
            links=web_links(head),
        )
        # What was read in place of a sibling is known only once it was read.
        report = report._replace(notices=report.notices + run_in.siblings.notices)
        report = joined(report, made) if made is not None else report
    visible = visible_of(options, found, own)
    if visible is not None:
        from interlock.report.sharing import report_for

        report = report_for(report, visible)
    roots = {a: given.path for a, given in options.given.items() if not given.revision}
    if own is not None and found.own and options.selection.kind in ("worktree", "staged"):
        roots.setdefault(found.own, own.top)
    return Checked(report, found, roots)


def _scan(options: Options, found: Found, own: Checkout | None) -> Scan | None:
    """The scan for credentials; None where the policy and the rules asked for want none."""
    if not is_asked(found.policy, options.only):
        return None
    where = own.top if own is not None else options.folder
    name = _own_name(found, own) or (own.names[0] if own is not None and own.names else "")
    return scan(found, where, name, options.selection, _day(options.now))


def visible_of(options: Options, found: Found, own: Checkout | None) -> frozenset[str] | None:
    """The repos whose content the readers of the output may see; None for all of them."""
    if options.readers is None:
        return None
    from interlock.cli.readers import visible_in

    names = own.names if own is not None else ()
    visible = visible_in(options.readers, found.policy, found.own, names)
    reader = options.readers.name
    mine = not (reader and names) or any(same_repo(reader, name) for name in names)
    # What is in no policy is shown where it runs itself.
    return visible | {HERE} if mine and not found.own else visible


def request_of(
    options: Options,
    found: Found,
    head: World,
    own: Checkout | None,
    objects: Objects,
    siblings: Siblings,
) -> Request:
    """What the engine is asked for the whole of a world."""
    return Request(
        policy=found.policy,
        head=head,
        own=found.own,
        today=_day(options.now),
        only=options.only,
        fail_level=options.fail_level,
        require_all=options.require_all,
        deferred=options.deferred,
        notices=found.policy.notices,
        past=lambda grace: past_world(head, options.now - grace, own, objects, siblings),
    )


def _known_past(options: Options, run_in: Opened) -> PastWorld:
    head, own, objects, siblings = run_in.head, run_in.own, run_in.objects, run_in.siblings
    return lambda age: past_world(head, options.now - age, own, objects, siblings, local=True)


def _own_name(found: Found, own: Checkout | None) -> str:
    """Which of the repositories of our alias this checkout is, as the policy names it."""
    names = found.policy.repos.get(found.own, ())
    mine = own.names if own is not None else ()
    fitting = [name for name in names if any(same_repo(name, one) for one in mine)]
    return names[0] if len(names) == 1 else next(iter(fitting), "")


def _own_file(found: Found) -> str:
    """The file of this checkout that brought the policy in, "" where there is none."""
    if not found.own:
        return ""
    return MEMBER_FILE if "//" in found.file else found.file


def _day(now: int) -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(now))
