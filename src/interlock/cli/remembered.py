"""Gives a hook the policy and the documents that earlier runs kept, and keeps those of this one."""

from __future__ import annotations

from collections.abc import Mapping

from interlock.cli import touched
from interlock.cli.found import Found
from interlock.cli.kept import git_dir_of, load, save
from interlock.documents.kept import Kept
from interlock.policy.kept import frozen, thawed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from interlock.cli.checking import Options
    from interlock.policy.model import Origin, Secrets

POLICY, DOCUMENTS = "policy", "documents"


def policy(options: Options, seen: touched.Look) -> Found | None:
    """The policy of the last run, where it still is the one."""
    kept = load(seen.git_dir, POLICY)

    def again() -> Mapping[str, Origin]:
        from interlock.cli.checking import Opening

        with Opening(options) as run:
            return run.found.policy.provenance

    try:
        state, policy, *rest = kept
        found = Found(thawed(policy, again), *rest)
    except (ValueError, TypeError, LookupError):
        return None
    return found if state == seen.state else None


def documents(folder: str) -> Kept:
    """What earlier runs read."""
    git_dir = git_dir_of(folder)
    known = load(git_dir, DOCUMENTS) if git_dir else None
    return Kept(known if isinstance(known, dict) else {})


def keep_documents(folder: str, kept: Kept) -> None:
    """Keep what this run read."""
    git_dir = git_dir_of(folder) if kept.changed else ""
    if git_dir:
        save(git_dir, DOCUMENTS, kept.used)


def remember(folder: str, found: Found) -> None:
    """Keep the policy, and which paths are of any source: a commit beside them needs no check."""
    from interlock.trees.glob_search import covering

    own = [source for source in found.policy.sources.values() if found.own in source.repos]
    globs = [glob for source in own for glob in (*source.files, *source.layers)]
    patterns = [covering(glob.text) if glob.regex else escaped(glob.text) for glob in globs]
    if found.policy.notices:
        patterns = [".*"]  # what the policy has to say is said at every commit
    remotes = [(where, names) for where, names, _ in found.remotes]
    words = _words(found.policy.secrets)
    git_dir, state = touched.remember(folder, found.local, remotes, patterns, words)
    if not git_dir:
        return
    try:
        policy = frozen(found.policy)
    except ValueError:
        return
    save(git_dir, POLICY, (state, policy, *found[1:]))


def _words(secrets: Secrets | None) -> tuple[bool, bool, tuple[str, ...], str]:
    """What the policy says of credentials, for a run that does not load it."""
    if secrets is None:
        return touched.NO_WORDS
    return True, not secrets.rules, secrets.exclude, secrets.baseline


def escaped(text: str) -> str:
    """A pattern that matches just ``text``."""
    import re

    return re.escape(text)
