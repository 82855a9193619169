"""interlock policy test: what a changed policy does to every repository that follows it."""

from __future__ import annotations

import argparse
import os
import sys

from interlock.cli.checking import Options, checkout_of, request_of
from interlock.cli.found import Found
from interlock.cli.options import add_selection, add_world, options_of
from interlock.cli.situation import find_policy
from interlock.cli.worlds import OwnTrees, own_trees, world_of
from interlock.cli.writing import write_text
from interlock.engine import run as evaluate
from interlock.errors import PolicyError, UsageError
from interlock.model import SEVERITIES, Report
from interlock.report.policy_changes import (
    PolicyChanges,
    as_json,
    as_markdown,
    compare,
    render,
    worst,
)
from interlock.trees.base import Tree, World
from interlock.trees.checkouts import Checkout
from interlock.trees.objects import Objects
from interlock.trees.revision import revision_tree
from interlock.trees.siblings import Siblings

FORMATS = ("text", "json", "markdown")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``interlock policy test``."""
    add_selection(parser)
    add_world(parser)
    output = parser.add_argument_group("output")
    output.add_argument("--format", choices=FORMATS, default="text", help="default: text")
    output.add_argument("--output", default="", metavar="FILE", help="write there instead")
    output.add_argument(
        "--fail-level",
        choices=(*SEVERITIES[:3], "never"),
        default="never",
        help="exit 1 where a finding of this severity or a worse one appears (default: never)",
    )
    output.add_argument(
        "--require-all",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="exit 1 where a repository could not be read (default where CI=true)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Compare, report, and give the exit code."""
    level = arguments.fail_level
    arguments.fail_level = "info"
    options = options_of(arguments)
    changes = changes_of(options)
    if arguments.format == "json":
        text = as_json(changes)
    elif arguments.format == "markdown":
        text = as_markdown(changes)
    else:
        colour = not arguments.output and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
        text = render(changes, colour=colour)
    write_text(arguments.output, text)
    unread = any(gap.status == "unknown" for gap in changes.unread)
    failing = level != "never" and worst(changes, level)
    return 1 if failing or (unread and options.require_all) else 0


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
        base = trees.base or revision_tree(objects, "HEAD")
        new = find_policy(trees.head, own, siblings, options.policy, options.alias)
        old = _before(options, base, own, siblings)
        world: World = {}
        reports = []
        for found in (new, old):
            world = _world(found, own, trees, siblings, world)
            reports.append(_report(options, found, world, own, objects, siblings))
    finally:
        siblings.close()
    names = (f"{old.file} of {base.label}", f"{new.file} ({trees.head.label})")
    if options.policy:
        names = names[0], new.file
    return compare(reports[1], reports[0], names)


def _before(options: Options, base: Tree, own: Checkout, siblings: Siblings) -> Found:
    try:
        return find_policy(base, own, siblings, "", options.alias)
    except UsageError as error:
        raise UsageError(
            f"there is nothing to compare with: in {base.label}, {error}; "
            "`interlock check` shows what the policy finds"
        ) from None
    except PolicyError as error:
        raise UsageError(f"the policy of {base.label} cannot be used: {error}") from None


def _world(found: Found, own: Checkout, trees: OwnTrees, siblings: Siblings, known: World) -> World:
    """The policy's world; repositories that the other policy binds alike are read once."""
    repos = found.policy.repos
    alike = {
        alias: bound
        for alias, bound in known.items()
        if tuple(repo.name for repo in bound) == repos.get(alias) and alias != found.own
    }
    own_name = own.names[0] if own.names else ""
    return world_of(found.policy, found.own, own_name, trees.head, siblings, alike)


def _report(
    options: Options,
    found: Found,
    world: World,
    own: Checkout,
    objects: Objects,
    siblings: Siblings,
) -> Report:
    report = evaluate(request_of(options, found, world, own, objects, siblings))
    return report._replace(notices=report.notices + siblings.notices)
