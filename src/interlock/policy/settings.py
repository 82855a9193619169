"""Loads what a policy says of repositories and of rules: repos, share-with, rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from interlock.model import SEVERITIES, Severity
from interlock.policy.durations import is_date
from interlock.policy.globbing import fits
from interlock.policy.model import Override, Rollout, RuleSetting
from interlock.policy.problems import Problems
from interlock.policy.raw import Raw
from interlock.policy.references import REPO
from interlock.policy.shapes import Reader, globs_of, named_members, one_of, texts_of

SETTING_WORDS = ("severity", "overrides", "rollout")
OVERRIDE_WORDS = ("repos", "paths", "severity")
ROLLOUT_WORDS = ("pilot", "error-from")
Repos = Mapping[str, tuple[str, ...]]


def load_repos(raw: Raw | None, problems: Problems) -> dict[str, tuple[str, ...]]:
    """Alias -> the repositories (owner/name) bound to it."""
    repos: dict[str, tuple[str, ...]] = {}
    for alias, part in named_members(raw, "a repo", problems).items():
        names = []
        for item, name in texts_of(part, f"repo `{alias}`", problems):
            if not REPO.match(name):
                problems.add(item, f"repo `{alias}` must be `owner/name`, not `{name}`")
            names.append(name)
        repos[alias] = tuple(dict.fromkeys(names))
    return repos


def repo_names(repos: Repos) -> list[str]:
    """Every alias, and every owner/name bound to one."""
    return [*repos, *dict.fromkeys(name for bound in repos.values() for name in bound)]


def load_share_with(
    raw: Raw | None, repos: Repos, problems: Problems
) -> dict[str, tuple[str, ...]]:
    """Alias -> the aliases in whose findings its values may be shown ("*" for all of them)."""
    shared = {}
    for alias, part in (raw.members() if raw is not None else {}).items():
        if alias not in repos:
            problems.unknown(part, "repo", alias, repos, named=True)
        shared[alias] = _aliases(part, "`share-with`", repos, problems, star=True)
    return shared


def _aliases(
    raw: Raw, what: str, repos: Repos, problems: Problems, *, star: bool = False
) -> tuple[str, ...]:
    found = []
    for item, alias in texts_of(raw, what, problems):
        if alias not in repos and not (star and alias == "*"):
            problems.unknown(item, "repo", alias, repos)
        found.append(alias)
    return tuple(found)


def load_settings(
    raw: Raw | None, known: Sequence[str], repos: Repos, problems: Problems
) -> tuple[RuleSetting, ...]:
    """What the policy says of each rule id or glob; one that fits no rule is a problem."""
    members = raw.members() if raw is not None else {}
    found = (_setting(rule, part, known, repos, problems) for rule, part in members.items())
    return tuple(setting for setting in found if setting is not None)


def _setting(
    rule: str, raw: Raw, known: Sequence[str], repos: Repos, problems: Problems
) -> RuleSetting | None:
    if not check_rule(raw, rule, known, problems, named=True):
        return None
    reader = Reader(raw, f"the setting of `{rule}`", SETTING_WORDS, problems)
    severity: Severity | None = None
    if "severity" in reader:
        severity = one_of(
            reader.parts["severity"], f"the severity of `{rule}`", SEVERITIES, problems, "error"
        )
    if severity is not None and "rollout" in reader:
        problems.add(
            reader.parts["severity"], f"`{rule}` has a rollout, which says its severity", named=True
        )
    overrides = tuple(_override(item, repos, problems) for item in reader.listing("overrides"))
    rollout = _rollout(reader.get("rollout"), repos, problems)
    return RuleSetting(rule, severity, overrides, rollout, raw.origin())


def check_rule(
    raw: Raw, rule: str, known: Sequence[str], problems: Problems, *, named: bool = False
) -> bool:
    """True where an id or a glob of ids fits a rule that exists; else a problem."""
    if any(fits(rule, name) for name in known):
        return True
    if problems.lenient:
        problems.ignored += 1
    else:
        problems.unknown(raw, "rule", rule, known, named=named)
    return False


def _override(raw: Raw, repos: Repos, problems: Problems) -> Override:
    reader = Reader(raw, "an override", OVERRIDE_WORDS, problems)
    reader.require("severity")
    if not {"repos", "paths"} & set(reader.parts):
        reader.unclear("an override needs `repos` or `paths`", "it says where it holds")
    given = reader.get("repos")
    aliases = _aliases(given, "`repos`", repos, problems) if given is not None else ()
    paths = globs_of(reader.get("paths"), "`paths`", problems)
    return Override(aliases, paths, reader.one_of("severity", SEVERITIES, "error"))


def _rollout(raw: Raw | None, repos: Repos, problems: Problems) -> Rollout | None:
    if raw is None:
        return None
    reader = Reader(raw, "a rollout", ROLLOUT_WORDS, problems)
    day = reader.text("error-from")
    if day and not is_date(day):
        problems.add(reader.parts["error-from"], "`error-from` must be a day like 2027-01-31")
    known, pilot = repo_names(repos), reader.texts("pilot")
    for item, name in pilot:
        if name not in known:
            problems.unknown(item, "repo", name, known)
    return Rollout(tuple(name for _, name in pilot), day)
