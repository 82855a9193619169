"""interlock policy show | validate | test."""

from __future__ import annotations

import argparse
import sys

from interlock.cli import policy_test
from interlock.cli.explaining import policy_here
from interlock.cli.options import add_world
from interlock.policy.explain import explain
from interlock.policy.show import show


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``interlock policy``."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    for name, text in (
        ("show", "print the effective policy, with where each value came from"),
        ("validate", "check the policy; exit 2 with every problem and its place"),
    ):
        add_world(actions.add_parser(name, help=text, description=f"{text}."))
    text = "show which findings a changed policy adds and takes away, repository by repository"
    policy_test.add_arguments(actions.add_parser("test", help=text, description=f"{text}."))


def run(arguments: argparse.Namespace) -> int:
    """Show, validate or test."""
    if arguments.action == "test":
        return policy_test.run(arguments)
    found = policy_here(arguments)
    if arguments.action == "show":
        sys.stdout.write(show(found.policy))
        return 0
    policy = found.policy
    for notice in policy.notices:
        sys.stdout.write(f"note: {notice}\n")
    for problem in explain(policy):
        place = f"{problem.path}:{problem.line}:{problem.column}"
        sys.stdout.write(f"note: {place}: {problem.message}\n")
    layers = ", ".join(
        layer.name + (f" at {layer.revision[:12]}" if layer.revision else "")
        for layer in policy.layers
    )
    sys.stdout.write(
        f"{found.file} is valid: {len(policy.repos)} repos, {len(policy.sources)} sources, "
        f"{len(policy.consistency)} consistency rules (from {layers})\n"
    )
    return 0
