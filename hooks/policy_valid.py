"""The hook ``policy-valid``: the policy, as staged, loads without a problem."""

from __future__ import annotations

import os
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Load the staged policy; 2 and every problem with its place where it is not valid."""
    del argv
    from interlock.cli.failing import guarded

    return guarded(_validate)


def _validate() -> int:
    from interlock.cli.cache_folder import cache_folder
    from interlock.cli.situation import find_policy
    from interlock.cli.worlds import Selection, own_trees
    from interlock.trees.access import Access
    from interlock.trees.checkouts import find_checkout
    from interlock.trees.siblings import Siblings

    own = find_checkout(os.getcwd())
    # A hook never uses the network: what the last check fetched is there.
    siblings = Siblings(own, {}, Access(cache_folder()))
    try:
        objects = siblings.objects(own.top, own=True)
        tree = own_trees(own, objects, Selection("staged")).head
        find_policy(tree, own, siblings, "", "")
    finally:
        siblings.close()
    return 0


def run() -> None:
    """The console script."""
    raise SystemExit(main())
