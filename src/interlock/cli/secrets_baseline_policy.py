"""What a scan of a whole checkout asks for: the policy's words where there is a policy."""

from __future__ import annotations

from interlock.cli.secrets_run import Asked


def whole_tree(top: str, file: str = "") -> Asked:
    """The scan of the checkout at ``top``; ``file`` is the baseline where one was named.

    Raises PolicyError and UsageError where there is a policy that cannot be used.
    """
    asked = _by_policy(top)
    return asked._replace(baseline=file) if file else asked


def _by_policy(top: str) -> Asked:
    from interlock.cli.credentials import asked_for
    from interlock.cli.situation import find_policy
    from interlock.cli.worlds import Selection
    from interlock.errors import NoPolicyError
    from interlock.trees.checkouts import find_checkout
    from interlock.trees.siblings import Siblings
    from interlock.trees.worktree import WorkTree

    own = find_checkout(top)
    siblings = Siblings(own, {})
    try:
        found = find_policy(WorkTree(own.top), own, siblings, "", "")
    except NoPolicyError:
        return Asked()
    finally:
        siblings.close()
    return asked_for(found.policy.secrets, Selection("worktree"), top)
