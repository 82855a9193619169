"""interlock policy test: what a changed policy does to every repository that follows it."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from interlock.cli.checking import Options, checkout_of, refuse_strangers, request_of, visible_of
from interlock.cli.found import MEMBER_FILE, POLICY_FILE, Found
from interlock.cli.options import add_readers, add_selection, add_world, options_of
from interlock.cli.situation import find_policy, policy_in, read_one
from interlock.cli.worlds import OwnTrees, own_trees, world_of
from interlock.cli.writing import write_text
from interlock.engine import run as evaluate
from interlock.errors import PolicyError, UsageError
from interlock.model import SEVERITIES, Report
from interlock.report.policy_changes import PolicyChanges, compare, exit_code
from interlock.report.policy_changes_shown import as_json, as_markdown, render
from interlock.trees.base import Tree, World
from interlock.trees.checkouts import Checkout
from interlock.trees.objects import Objects
from interlock.trees.revision import RevisionTree, labelled, resolve
from interlock.trees.siblings import Siblings
from interlock.values import NamedTuple

FORMATS = ("text", "json", "markdown")
ABOUT = """\
The policy of the selected state is compared with the one before it (HEAD for the work tree and for
what is staged, the parent for --rev, where both parted for --from/--to), over the same files: those
of the selected state, beside the other repositories as `interlock check` finds them."""


class _Place(NamedTuple):
    """Where both policies are looked for; ``file`` is the one that was asked for, "" for none."""

    options: Options
    own: Checkout
    objects: Objects
    siblings: Siblings
    trees: OwnTrees
    file: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``interlock policy test``."""
    parser.epilog = ABOUT
    add_selection(parser)
    add_world(parser)
    output = parser.add_argument_group("output")
    output.add_argument("--format", choices=FORMATS, default="text", help="default: text")
    output.add_argument("--output", default="", metavar="FILE", help="write there instead")
    add_readers(output)
    output.add_argument(
        "--fail-level",
        choices=(*SEVERITIES[:3], "never"),
        default="error",
        help="exit 1 where a finding of this severity or a worse one appears (default: error)",
    )
    output.add_argument(
        "--require-all",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="exit 1 where a repository could not be read (default where CI=true)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Compare, report, and give the exit code."""
    if arguments.fail_level == "never":
        arguments.fail_level = "off"
    changes = changes_of(options_of(arguments))
    if arguments.format == "json":
        text = as_json(changes)
    elif arguments.format == "markdown":
        text = as_markdown(changes)
    else:
        colour = not arguments.output and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
        text = render(changes, colour=colour)
    write_text(arguments.output, text)
    return exit_code(changes)


def changes_of(options: Options) -> PolicyChanges:
    """Both policies over the same files: those of the selected state, beside the siblings."""
    own = checkout_of(options)
    if own is None:
        raise UsageError(
            "a policy is tested against the one committed before: run it in a checkout"
        )
    siblings = Siblings(own, options.given, options.access)
    try:
        objects = siblings.objects(own.top, own=True)
        trees = own_trees(own, objects, options.selection)
        file = _inside(own, options) if options.policy else ""
        return _changes(_Place(options, own, objects, siblings, trees, file))
    finally:
        siblings.close()


def _changes(place: _Place) -> PolicyChanges:
    options, trees = place.options, place.trees
    new = _new(place)
    old, why = _old(place)
    known = {*new.policy.repos, *(old.policy.repos if old is not None else ())}
    refuse_strangers(options, known, new.file)
    world = _world(place, new, {})
    now = _report(place, new, world)
    name = new.file if options.policy and not place.file else f"{new.file} ({trees.head.label})"
    if old is None:
        note = f"{why}, so all that this one finds counts as new"
        changes = compare(None, now._replace(notices=(note, *now.notices)), ("", name))
    else:
        before = _report(place, old, _world(place, old, world))
        changes = compare(before, now, (f"{old.file}{why}", name))
    visible = _visible(place, [one for one in (old, new) if one is not None])
    if visible is None:
        return changes
    from interlock.report.sharing_changes import changes_for

    return changes_for(changes, visible)


def _visible(place: _Place, policies: Sequence[Found]) -> frozenset[str] | None:
    """What both policies let be shown: the new one is not in force yet."""
    each = [visible_of(place.options, found, place.own) for found in policies]
    known = [one for one in each if one is not None]
    return frozenset.intersection(*known) if known else None


def _inside(own: Checkout, options: Options) -> str:
    """The path of --policy within the checkout, "" where it lies outside."""
    top = os.path.realpath(own.top)
    full = os.path.realpath(os.path.join(options.folder, options.policy))
    inside = os.path.normcase(full).startswith(os.path.join(os.path.normcase(top), ""))
    return os.path.relpath(full, top).replace(os.sep, "/") if inside else ""


def _new(place: _Place) -> Found:
    options, own, head = place.options, place.own, place.trees.head
    if place.file and read_one(head, place.file) is not None:
        return policy_in(head, place.file, own, place.siblings, options.alias)
    if place.file and options.selection.kind != "worktree":
        raise UsageError(f"there is no policy file {place.file} in {head.label}")
    return find_policy(head, own, place.siblings, options.policy, options.alias)


def _old(place: _Place) -> tuple[Found | None, str]:
    """The policy before, and " of HEAD (1a2b3c4)"; or None, and why there is none.

    A file that was asked for and is new, a draft, is compared with the policy that holds.
    """
    base = _base(place)
    if base is None:
        return None, "there is no commit before"
    file = place.file if place.file and read_one(base, place.file) is not None else ""
    if not file and all(read_one(base, name) is None for name in (POLICY_FILE, MEMBER_FILE)):
        return None, f"{base.label} has no {place.file or 'policy'}"
    try:
        found = policy_in(base, file, place.own, place.siblings, "")
    except PolicyError as error:
        first = error.problems[0].message if error.problems else str(error)
        return None, f"the policy of {base.label} cannot be used ({first})"
    except UsageError as error:
        raise UsageError(f"in {base.label}, {error}") from None
    alias = place.options.alias
    found = found._replace(own=alias) if alias in found.policy.repos else found
    return found, f" of {base.label}"


def _base(place: _Place) -> Tree | None:
    """What the selected state is compared with; None where it is the first commit."""
    base = place.trees.base
    if place.options.selection.kind == "worktree":
        found = resolve(place.objects, ("HEAD",))
        return labelled(place.objects, *found) if found is not None else None
    return base if isinstance(base, RevisionTree) else None


def _world(place: _Place, found: Found, known: World) -> World:
    """The policy's world; repositories that the other policy binds alike are read once."""
    repos = found.policy.repos
    asked = found.own in place.options.given and place.options.selection.kind == "worktree"
    own_alias = "" if asked else found.own
    alike = {
        alias: bound
        for alias, bound in known.items()
        if tuple(repo.name for repo in bound) == repos.get(alias) and alias != own_alias
    }
    own_name = place.own.names[0] if place.own.names else ""
    return world_of(found.policy, own_alias, own_name, place.trees.head, place.siblings, alike)


def _report(place: _Place, found: Found, world: World) -> Report:
    request = request_of(place.options, found, world, place.own, place.objects, place.siblings)
    report = evaluate(request)
    # What was read in place of a sibling is known only once it was read.
    return report._replace(notices=report.notices + place.siblings.notices)
