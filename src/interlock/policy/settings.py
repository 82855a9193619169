"""Loads the rest of a policy: repos, rule settings, waivers, companions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import cast

from interlock.model import SEVERITIES, Severity
from interlock.policy.durations import is_date
from interlock.policy.model import Companion, Override, Rollout, RuleSetting, Waiver
from interlock.policy.raw import Problems, Raw, Reader, text_of
from interlock.policy.sources import globs_of

_REPO = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+\Z")
WAIVER_WORDS = ("rule", "repo", "path", "key", "reason", "owner", "until")
COMPANION_WORDS = ("id", "repo", "paths", "needs", "why")


def load_repos(raw: Raw | None, problems: Problems) -> dict[str, tuple[str, ...]]:
    """Alias -> the repositories (owner/name) bound to it."""
    repos: dict[str, tuple[str, ...]] = {}
    for alias, part in (raw.members() if raw is not None else {}).items():
        names = []
        for item in part.items():
            name = text_of(item, f"repo `{alias}`", problems)
            if name and not _REPO.match(name):
                problems.add(item, f"repo `{alias}` must be `owner/name`, not `{name}`")
            names.append(name)
        if not names:
            problems.add(part, f"repo `{alias}` needs an `owner/name`")
        repos[alias] = tuple(names)
    return repos


def load_settings(
    raw: Raw | None, known: Iterable[str], repos: Mapping[str, tuple[str, ...]], problems: Problems
) -> tuple[RuleSetting, ...]:
    """What the policy says of each rule id or glob; a name that fits no rule is a problem."""
    from fnmatch import fnmatchcase

    ids = list(known)
    found = []
    for rule, part in (raw.members() if raw is not None else {}).items():
        if not any(fnmatchcase(name, rule) for name in ids):
            problems.unknown(part, "rule", rule, ids)
        if not isinstance(part.value, dict):
            severity = _severity(part, problems)
            found.append(RuleSetting(rule, severity, (), None, part.origin()))
            continue
        words = ("severity", "overrides", "rollout")
        reader = Reader(part, f"rule `{rule}`", words, problems)
        given = reader.parts.get("severity")
        severity = _severity(given, problems) if given is not None else None
        overrides = reader.parts.get("overrides")
        listed = overrides.items() if overrides is not None else []
        found.append(
            RuleSetting(
                rule,
                severity,
                tuple(_override(o, repos, problems) for o in listed),
                _rollout(reader, problems),
                part.origin(),
            )
        )
    return tuple(found)


def _severity(raw: Raw, problems: Problems) -> Severity | None:
    value = "off" if raw.value is False else raw.value
    if value in SEVERITIES:
        return cast("Severity", value)
    problems.add(raw, "a severity is one of `error`, `warning`, `info`, `off`")
    return None


def _override(raw: Raw, repos: Mapping[str, tuple[str, ...]], problems: Problems) -> Override:
    reader = Reader(raw, "an override", ("repos", "paths", "severity"), problems)
    aliases = reader.texts("repos")
    for alias in aliases:
        if alias not in repos:
            problems.unknown(reader.parts["repos"], "repo", alias, repos)
    given = reader.require("severity")
    severity = _severity(given, problems) if given is not None else None
    paths = globs_of(reader.parts.get("paths"), "`paths`", problems)
    return Override(aliases, paths, severity or "error")


def _rollout(reader: Reader, problems: Problems) -> Rollout | None:
    part = reader.parts.get("rollout")
    if part is None:
        return None
    inner = Reader(part, "a rollout", ("pilot", "error-from"), problems)
    day = inner.text("error-from")
    if day and not is_date(day):
        problems.add(inner.parts["error-from"], "`error-from` must be a day like 2027-01-31")
    return Rollout(inner.texts("pilot"), day)


def load_waivers(raw: Raw | None, problems: Problems) -> tuple[Waiver, ...]:
    """The waivers; a date that cannot be read is kept and counts as expired."""
    found = []
    for item in raw.items() if raw is not None else ():
        reader = Reader(item, "a waiver", WAIVER_WORDS, problems)
        for word in ("rule", "reason", "owner", "until"):
            reader.require(word)
        rule, repo, path, key, reason, owner = (reader.text(w) for w in WAIVER_WORDS[:6])
        until = reader.parts.get("until")
        text = "" if until is None else str(until.value)
        found.append(Waiver(rule, repo, path, key, reason, owner, text, item.origin()))
    return tuple(found)


def load_companions(
    raw: Raw | None, repos: Mapping[str, tuple[str, ...]], problems: Problems
) -> tuple[Companion, ...]:
    """Paths in one repo whose change needs a pull request in others."""
    found = []
    for item in raw.items() if raw is not None else ():
        reader = Reader(item, "a companion", COMPANION_WORDS, problems)
        repo, needs = reader.text("repo"), reader.texts("needs")
        reader.require("repo")
        reader.require("needs")
        for word, alias in [("repo", repo), *(("needs", need) for need in needs)]:
            if alias and alias not in repos:
                problems.unknown(reader.parts[word], "repo", alias, repos)
        paths = globs_of(reader.require("paths"), "`paths`", problems)
        identity = reader.text("id") or f"{repo}-needs-{'-'.join(needs)}"
        why = reader.text("why")
        found.append(Companion(identity, repo, paths, needs, why, item.origin()))
    return tuple(found)
