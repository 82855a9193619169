"""What a scan asks for: the policy's rules, its baseline and what it leaves out."""

from __future__ import annotations

import os

from interlock.cli.secrets_run import Asked


def whole_tree(top: str, file: str = "") -> Asked:
    """The scan of the checkout at ``top`` ("" for none), with ``file`` as its baseline where given.

    Raises PolicyError and UsageError where there is a policy that cannot be used.
    """
    asked = _by_policy(top) if _has_policy(top) else Asked()
    return asked._replace(baseline=file) if file else asked


def _has_policy(top: str) -> bool:
    """Whether it is worth looking for one: to find none costs as much as a small scan."""
    from interlock.cli.found import MEMBER_FILE, POLICY_FILE

    return bool(top) and any(
        os.path.lexists(os.path.join(top, name)) for name in (POLICY_FILE, MEMBER_FILE)
    )


def _by_policy(top: str) -> Asked:
    from interlock.cli.credentials import asked_for
    from interlock.cli.situation import find_policy
    from interlock.cli.worlds import Selection
    from interlock.trees.checkouts import find_checkout
    from interlock.trees.siblings import Siblings
    from interlock.trees.worktree import WorkTree

    own = find_checkout(top)
    siblings = Siblings(own, {})
    try:
        found = find_policy(WorkTree(own.top), own, siblings, "", "")
    finally:
        siblings.close()
    return asked_for(found.policy.secrets, Selection("worktree"), top)
