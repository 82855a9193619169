"""Every hook: one table from which the manifest and the documentation are generated."""

from __future__ import annotations

from interlock.values import NamedTuple


class Hook(NamedTuple):
    """One pre-commit hook: its console script and what the manifest says of it.

    ``always_run`` and no file names: a deletion must be seen, and pre-commit passes none for it.
    With ``filenames`` it is the other way round, for what a deletion cannot break.
    """

    id: str
    name: str
    entry: str
    description: str
    stages: tuple[str, ...] = ("pre-commit", "pre-push", "manual")
    filenames: bool = False


HOOKS: tuple[Hook, ...] = (
    Hook(
        "interlock",
        "interlock: every enabled family",
        "interlock-hook",
        "Everything that the policy enables, in one process.",
    ),
    Hook(
        "experiment-consistency",
        "interlock: experiments agree across repositories",
        "interlock-experiment-consistency",
        "The staged change against the other repositories of its experiments.",
    ),
    Hook(
        "no-credentials",
        "interlock: no credentials",
        "interlock-no-credentials",
        "No credential in the lines that are staged or pushed; no policy is needed.",
        filenames=True,
    ),
    Hook(
        "policy-valid",
        "interlock: the policy is valid",
        "interlock-policy-valid",
        "The policy of this repository, as staged, loads without a problem.",
    ),
)
