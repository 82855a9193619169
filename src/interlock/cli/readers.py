"""Who reads what a run writes: its user alone, or everybody who can read a repository."""

from __future__ import annotations

import os
from collections.abc import Sequence

from interlock.policy.model import Policy
from interlock.trees.remotes import same_repo
from interlock.values import NamedTuple

#: What --shown-to takes.
CHOICES = ("me", "repo")


class Readers(NamedTuple):
    """Those who can read the repository ``name`` (owner/name; "" for the checkout's own).

    ``visibility`` is its class, "" where that is not known.
    """

    name: str
    visibility: str


def readers(choice: str = "") -> Readers | None:
    """Who reads the output; None for the user alone. ``choice`` is "" for where the run is.

    In GitHub Actions logs, annotations, summaries and alerts are read by those who read the
    repository that runs, whichever one is checked out.
    https://docs.github.com/actions/reference/workflows-and-actions/variables
    """
    in_actions = os.environ.get("GITHUB_ACTIONS") == "true"
    if choice == "me" or not (choice or in_actions):
        return None
    name = os.environ.get("GITHUB_REPOSITORY", "") if in_actions else ""
    return Readers(name, _visibility(name) if name else "")


def visible_in(found: Readers, policy: Policy, own: str, names: Sequence[str]) -> frozenset[str]:
    """The repos whose content they may see.

    ``own`` is the alias of the checkout ("" for none), ``names`` are those of its remotes.
    """
    from interlock.report.sharing import visible_to

    here = not found.name or any(same_repo(found.name, one) for one in names)
    mine = tuple(one for one in ((found.name, *names) if here else (found.name,)) if one)
    # A fork is not in the policy; its checkout is told by --as, its member file or a remote.
    alias = _alias(policy, mine[:1]) or (own if here else "") or _alias(policy, mine)
    bound = policy.repos.get(alias, ())
    name = ""
    if len(bound) > 1:
        fitting = [one for other in mine for one in bound if same_repo(one, other)]
        name = next(iter((*fitting, *mine)), "")
    which = name or next(iter(bound), "")
    known = {which.lower(): found.visibility} if found.visibility else {}
    return visible_to(policy, alias, known, name)


def _alias(policy: Policy, names: Sequence[str]) -> str:
    for alias, bound in policy.repos.items():
        if any(same_repo(one, name) for one in bound for name in names):
            return alias
    return ""


def _visibility(name: str) -> str:
    """The class of the repository that runs, as the event says; "" where it does not.

    https://docs.github.com/webhooks/webhook-events-and-payloads
    """
    import json

    try:
        with open(os.environ.get("GITHUB_EVENT_PATH", ""), encoding="utf-8") as file:
            repository = json.load(file)["repository"]
        if not same_repo(str(repository["full_name"]), name):
            return ""
        said = repository.get("visibility") or {True: "private", False: "public"}.get(
            repository.get("private"), ""
        )
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return ""
    return said if said in ("public", "internal", "private") else ""
