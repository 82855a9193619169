"""Options that several sub-commands share, and the environment that they stand for."""

from __future__ import annotations

import argparse
import os
import time

from interlock.cli.cache_folder import cache_folder
from interlock.cli.checking import Options
from interlock.cli.readers import CHOICES, readers
from interlock.cli.worlds import Selection, selection_of
from interlock.errors import UsageError
from interlock.trees.access import Access
from interlock.trees.siblings import Given


def add_world(parser: argparse.ArgumentParser) -> None:
    """--policy, --as and --repo: which policy, and where its repositories are."""
    parser.add_argument(
        "--policy",
        default="",
        metavar="FILE",
        help="the policy file (default: interlock.yaml, or the one .interlock.yaml names)",
    )
    parser.add_argument(
        "--as",
        dest="alias",
        default="",
        metavar="ALIAS",
        help="which repo of the policy this checkout is (default: by its remote)",
    )
    parser.add_argument(
        "--offline",
        action="store_true",
        help="use checkouts and cached copies only; a stale copy is said",
    )
    parser.add_argument(
        "--repo",
        action="append",
        default=[],
        metavar="ALIAS=PATH[@REV]",
        help="where a repo of the policy lies; its work tree, or a revision of it",
    )


def add_selection(parser: argparse.ArgumentParser) -> None:
    """--staged, --rev, --from and --to: which state of this repository is checked."""
    group = parser.add_argument_group("which state to check (default: the work tree)")
    group.add_argument("--staged", action="store_true", help="what is staged for the next commit")
    group.add_argument("--rev", default="", metavar="REV", help="one commit, against its parent")
    group.add_argument(
        "--from",
        dest="start",
        default="",
        metavar="REV",
        help="a range, as a pull request would be: from where REV and --to parted",
    )
    group.add_argument(
        "--to", dest="end", default="", metavar="REV", help="end of the range (default HEAD)"
    )


def add_readers(parser: argparse._ActionsContainer) -> None:
    """--shown-to: who reads the output."""
    parser.add_argument(
        "--shown-to",
        choices=CHOICES,
        default="",
        help="me, or all who can read this repository: then of others only what the policy's "
        "share-with or their visibility allows (default: me; repo in GitHub Actions)",
    )


def access(*, network: bool) -> Access:
    """Where cached copies of other repositories lie, and what may be used to refresh them.

    INTERLOCK_CACHE names the folder (default: the user's cache folder); INTERLOCK_TOKEN is sent to
    GITHUB_SERVER_URL's host alone.
    """
    host = os.environ.get("GITHUB_SERVER_URL", "https://github.com").rpartition("/")[2]
    token = os.environ.get("INTERLOCK_TOKEN", "")
    return Access(cache_folder(), network, int(time.time()), token=token, host=host)


def given_repos(texts: list[str]) -> dict[str, Given]:
    """``alias=path[@rev]`` by alias; raises UsageError for anything else."""
    found = {}
    for text in texts:
        alias, sign, rest = text.partition("=")
        if not sign or not alias or not rest:
            raise UsageError(f"--repo {text}: write ALIAS=PATH or ALIAS=PATH@REVISION")
        path, at, revision = rest.rpartition("@")
        if not at or os.path.isdir(rest):
            path, revision = rest, ""
        found[alias] = Given(path, revision)
    return found


def options_of(arguments: argparse.Namespace) -> Options:
    """The options of a check, completed from the environment (CI, GitHub's event)."""
    has_selection = hasattr(arguments, "staged")
    selection = (
        selection_of(arguments.staged, arguments.rev, arguments.start, arguments.end)
        if has_selection
        else Selection("worktree")
    )
    in_ci = os.environ.get("CI", "").lower() == "true"
    require_all = getattr(arguments, "require_all", None)
    return Options(
        folder=os.getcwd(),
        access=access(network=not getattr(arguments, "offline", False)),
        selection=selection,
        now=int(time.time()),
        policy=arguments.policy,
        alias=arguments.alias,
        given=given_repos(arguments.repo),
        only=tuple(getattr(arguments, "rules", ()) or ()),
        fail_level=getattr(arguments, "fail_level", "error"),
        require_all=in_ci if require_all is None else require_all,
        deferred=getattr(arguments, "deferred", False) or _holds_no_credentials(),
        branch=_branch(),
        readers=readers(getattr(arguments, "shown_to", "")),
    )


def _branch() -> str:
    """The branch that a run of GitHub Actions is for; "" for a fork's, whose names are its own.

    https://docs.github.com/actions/reference/workflows-and-actions/variables
    """
    if os.environ.get("GITHUB_ACTIONS") != "true" or _holds_no_credentials():
        return ""
    ref = os.environ.get("GITHUB_REF", "")
    pushed = ref.removeprefix("refs/heads/") if ref.startswith("refs/heads/") else ""
    return os.environ.get("GITHUB_HEAD_REF") or pushed


def _holds_no_credentials() -> bool:
    """True in a run for a fork's or Dependabot's pull request: GitHub gives those no secrets.

    https://docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows
    """
    if os.environ.get("GITHUB_EVENT_NAME") != "pull_request":
        return False
    if os.environ.get("GITHUB_ACTOR") == "dependabot[bot]":
        return True
    path = os.environ.get("GITHUB_EVENT_PATH", "")
    try:
        import json

        with open(path, encoding="utf-8") as file:
            head = json.load(file)["pull_request"]["head"]["repo"]
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return head is None or head.get("fork") is True
