"""What the hooks do about credentials: the lines that are staged, pushed, or of named files."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False  # typing itself would cost as much as git does
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from interlock.cli.secrets_run import Found
    from interlock.cli.touched import Credentials
    from interlock.values import Any

ONLY = ("secret/*",)
#: What is scanned, as words of secrets_run.Asked and of worlds.Selection alike.
STAGED = {"staged": True}
#: Without a hit no fingerprint is made; with one, the whole check makes it under the right key.
_NO_KEY = b"no hit"


def check_credentials(names: Sequence[str] = (), *, if_asked: bool = False) -> int:
    """The exit code, after what was found is told; nothing heavy is imported without a hit.

    ``names`` are the files that pre-commit passes. What is staged is scanned; on a push, what its
    commits add; files that have nothing staged, as with `--all-files`, are scanned whole.
    With ``if_asked`` the policy has to ask for it.
    """
    from interlock.cli.failing import guarded

    def command() -> int:
        from interlock.cli.touched import credentials
        from interlock.secrets.fingerprints import top_of

        top = top_of(".")
        if not top:
            return _told(os.getcwd(), STAGED, if_asked=if_asked)  # which says what is missing
        words = credentials(top)
        if words is not None and if_asked and not words.asked:
            return 0
        chosen = pushed()
        if not chosen:
            chosen = STAGED if _are_staged(top, names) else {"paths": tuple(names)}
        if words is not None and words.plain and nothing(top, words, chosen):
            return 0
        return _told(top, chosen, if_asked=if_asked)

    return guarded(command)


def pushed() -> dict[str, Any]:
    """What a push, or `pre-commit run --from-ref A --to-ref B`, is about; {} for a commit.

    https://pre-commit.com/#pre-push: without the refs everything is pushed, the first commit too.
    A push brings every commit of it, so what a later one takes away again counts as well.
    """
    base, head = (os.environ.get(f"PRE_COMMIT_{name}_REF", "") for name in ("FROM", "TO"))
    pushing = bool(os.environ.get("PRE_COMMIT_REMOTE_NAME"))
    if base and head:
        return {"base": base, "head": head, "each": pushing}
    if not pushing:
        return {}
    return {"head": os.environ.get("PRE_COMMIT_LOCAL_BRANCH", "") or "HEAD", "each": True}


def nothing(top: str, words: Credentials, chosen: dict[str, Any]) -> bool:
    """True where the built-in rules find nothing, and nothing that is accepted changes."""
    from interlock.cli.secrets_run import Asked, look

    asked = Asked(exclude=words.exclude, baseline=words.baseline, key=_NO_KEY, **chosen)
    return _is_nothing(look(asked, top), words.baseline)


def _is_nothing(found: Found, baseline: str) -> bool:
    return not (found.hits or baseline in found.seen or any(found.seen.values()))


def _are_staged(top: str, names: Iterable[str]) -> bool:
    """True where each of the named files has something staged."""
    if not names:
        return True
    from interlock.trees.process import git
    from interlock.trees.staged import DIFF

    listed = git(top, *DIFF, own=True).split(b"\0")
    staged = {name.decode("utf-8", "surrogateescape") for name in listed[1::2]}
    return staged.issuperset(names)


def _told(top: str, chosen: dict[str, Any], *, if_asked: bool) -> int:
    """The whole check of credentials, by the policy's severities and waivers."""
    from interlock.cli.checking import check
    from interlock.cli.remembered import remember
    from interlock.cli.staged import options_of_hook
    from interlock.cli.worlds import Selection
    from interlock.report.exit_code import exit_code

    if "head" in chosen:
        each, base = chosen["each"], chosen.get("base", "")
        selection = Selection("range" if base else "rev", chosen["head"], base, each=each)
    elif "paths" in chosen:
        selection = Selection("worktree", paths=chosen["paths"])
    else:
        selection = Selection("staged")
    options = options_of_hook(ONLY)._replace(folder=top, selection=selection)
    checked = check(options)
    if checked.found.file:
        remember(top, checked.found)
    if if_asked and checked.found.policy.secrets is None:
        return 0
    report = checked.report
    if report.findings or report.notices:
        from interlock.report.text import render

        sys.stdout.write(render(report, colour=sys.stdout.isatty()))
    return exit_code(report)
