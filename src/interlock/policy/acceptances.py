"""Loads what a policy accepts and what it asks for beside: waivers and companions."""

from __future__ import annotations

from collections.abc import Sequence

from interlock.policy.model import Companion, Waiver
from interlock.policy.modifiers import EXCEPTION_NEEDS, check_repo, day_of
from interlock.policy.problems import Problems
from interlock.policy.raw import Raw
from interlock.policy.settings import Repos, check_rule, repo_names
from interlock.policy.shapes import KEBAB, Reader, globs_of

WAIVER_GLOBS = ("repo", "path", "key")
WAIVER_WORDS = ("rule", *WAIVER_GLOBS, "reason", "owner", "until")
WAIVER_NEEDS = {
    "rule": "the rule's id, or a glob of ids",
    "reason": EXCEPTION_NEEDS["reason"],
    "owner": "who answers for it",
    "until": EXCEPTION_NEEDS["until"],
}
COMPANION_WORDS = ("id", "repo", "paths", "needs", "why")


def load_waivers(
    items: Sequence[Raw],
    known: Sequence[str],
    repos: Repos,
    problems: Problems,
    *,
    member: str = "",
) -> tuple[Waiver, ...]:
    """The waivers; a date that cannot be read is kept and counts as expired.

    ``member`` is the alias whose own file holds them: they are about that repo alone.
    """
    return tuple(_waiver(item, known, repos, problems, member) for item in items)


def _waiver(
    raw: Raw, known: Sequence[str], repos: Repos, problems: Problems, member: str
) -> Waiver:
    reader = Reader(raw, "a waiver", WAIVER_WORDS, problems)
    reader.needs(WAIVER_NEEDS)
    if not member and not set(WAIVER_GLOBS) & set(reader.parts):
        reader.unclear(
            "a waiver needs `repo`, `path` or `key`",
            "to turn a rule off everywhere, say `off` under `rules`",
        )
    rule, repo, path, key, reason, owner = (reader.text(word) for word in WAIVER_WORDS[:6])
    if rule:
        check_rule(reader.parts["rule"], rule, known, problems)
    check_repo(reader.get("repo"), repo, repo_names(repos), problems)
    if member and repo and repo != member:
        problems.add(reader.parts["repo"], f"this file can waive findings in `{member}` only")
    globs_of(reader.get("path"), "`path`", problems)
    until = day_of(reader.get("until"), problems)
    return Waiver(rule, member or repo, path, key, reason, owner, until, raw.origin())


def load_companions(
    items: Sequence[Raw], repos: Repos, problems: Problems
) -> tuple[Companion, ...]:
    """Paths in one repo whose change needs a pull request in others."""
    found: dict[str, Companion] = {}
    for item in items:
        companion = _companion(item, repos, problems)
        if companion.id in found:
            line = found[companion.id].origin.line
            problems.add(
                item,
                f"`{companion.id}` is already the id of the companion in line {line}",
                "give each an `id`",
            )
        found[companion.id] = companion
    return tuple(found.values())


def _companion(raw: Raw, repos: Repos, problems: Problems) -> Companion:
    reader = Reader(raw, "a companion", COMPANION_WORDS, problems)
    reader.needs(dict.fromkeys(("repo", "paths", "needs"), ""))
    repo, needs = reader.text("repo"), reader.texts("needs")
    given = [(reader.parts["repo"], repo)] if repo else []
    for item, alias in [*given, *needs]:
        if alias not in repos:
            problems.unknown(item, "repo", alias, repos)
    name = reader.text("id")
    if name and not KEBAB.match(name):
        problems.add(
            reader.parts["id"],
            f"`{name}` cannot be an id",
            "write it in lower case with hyphens: `schema-needs-docs`",
        )
    aliases = tuple(alias for _, alias in needs)
    return Companion(
        name or f"{repo}-needs-{'-'.join(aliases)}",
        repo,
        globs_of(reader.get("paths"), "`paths`", problems),
        aliases,
        reader.text("why"),
        raw.origin(),
    )
