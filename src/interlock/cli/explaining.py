"""Finds the policy for commands that explain: a policy that cannot be found is no error there."""

from __future__ import annotations

import argparse

from interlock.cli.checking import checkout_of
from interlock.cli.found import Found
from interlock.cli.options import options_of
from interlock.cli.situation import find_policy
from interlock.trees.siblings import Siblings
from interlock.trees.worktree import WorkTree


def policy_here(arguments: argparse.Namespace) -> Found:
    """The policy of the work tree; raises UsageError or PolicyError where there is none."""
    options = options_of(arguments)
    own = checkout_of(options)
    siblings = Siblings(own, options.given, options.access)
    try:
        tree = WorkTree(own.top) if own is not None else None
        return find_policy(tree, own, siblings, options.policy, options.alias)
    finally:
        siblings.close()
