"""The policy of a run, and what it was made of."""

from __future__ import annotations

from interlock.policy.model import Policy
from interlock.values import NamedTuple

#: What a policy and a member file are called.
POLICY_FILE, MEMBER_FILE = "interlock.yaml", ".interlock.yaml"


class Found(NamedTuple):
    """A policy and the alias under which this checkout takes part ("" where it does not).

    ``remotes`` are the policy files of other repositories that took part: (folder, the revisions
    tried in order, path). ``local`` are the files of this repository that took part.
    """

    policy: Policy
    own: str
    file: str
    remotes: tuple[tuple[str, tuple[str, ...], str], ...] = ()
    local: tuple[str, ...] = ()
