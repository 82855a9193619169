"""From a policy's bytes to a Policy; everything wrong with it is told at once, with its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from interlock.errors import PolicyError
from interlock.policy.consistency import load_rule
from interlock.policy.extend import Extender, Layers, laid_over
from interlock.policy.model import Layer, Origin, Policy, Rule, Source
from interlock.policy.raw import Problems, Raw, Reader
from interlock.policy.settings import load_companions, load_repos, load_settings, load_waivers
from interlock.policy.sources import load_source

WORDS = (
    "version",
    "requires",
    "on-outdated",
    "extends",
    "repos",
    "sources",
    "consistency",
    "rules",
    "companions",
    "waivers",
    "share-with",
)
ON_OUTDATED = ("warn", "skip", "fail")
_REQUIRES = re.compile(r"interlock\s*>=\s*(\d+(?:\.\d+){0,2})\s*\Z")


def load_policy(
    file: str,
    data: bytes,
    layers: Layers,
    *,
    version: str,
    built_in_rules: Iterable[str],
    revision: str = "",
) -> Policy:
    """The effective policy; raises PolicyError with every problem found.

    ``version`` is this Interlock's own; ``built_in_rules`` are the ids that ``rules:`` may name
    besides the policy's own. A policy that requires a newer Interlock and says
    ``on-outdated: skip`` comes back empty, with a notice.
    """
    problems = Problems()
    extender = Extender(layers, problems)
    extender.gather(file, data, revision)
    if not extender.raws:
        raise PolicyError(tuple(problems.found))
    raw = laid_over(extender.raws)
    notice, outdated = _outdated(raw, version, problems)
    if outdated == "skip":
        return _empty(extender.used, notice)
    policy = _build(raw, extender.used, notice, built_in_rules, problems)
    fatal = problems.found
    if outdated == "warn":
        fatal = [p for p in fatal if " is not a word of " not in p.message]
    if fatal:
        raise PolicyError(tuple(fatal))
    return policy


def _outdated(raw: Raw, version: str, problems: Problems) -> tuple[tuple[str, ...], str]:
    part = raw.get("requires")
    if part is None:
        return (), ""
    found = _REQUIRES.match(str(part.value))
    if found is None:
        problems.add(part, "`requires` must be like `interlock>=0.3`")
        return (), ""
    if _numbers(found.group(1)) <= _numbers(version):
        return (), ""
    action = raw.get("on-outdated")
    chosen = str(action.value) if action is not None else "warn"
    if chosen not in ON_OUTDATED:
        chosen = "fail"
    line = (
        f"this policy requires Interlock {found.group(1)} or newer and this is {version}: "
        "run `pip install -U interlock` or `pre-commit autoupdate`"
    )
    if chosen == "fail":
        problems.add(part, line)
    if chosen == "skip":
        line += "; nothing was checked (`on-outdated: skip`)"
    return (line,), chosen


def _numbers(version: str) -> tuple[int, ...]:
    parts = [int(n) for n in re.findall(r"\d+", version)[:3]]
    return tuple(parts + [0] * (3 - len(parts)))


def _build(
    raw: Raw,
    used: list[Layer],
    notices: tuple[str, ...],
    built_in_rules: Iterable[str],
    problems: Problems,
) -> Policy:
    reader = Reader(raw, "a policy", WORDS, problems)
    version = reader.require("version")
    if version is not None and version.value != 1:
        problems.add(version, "`version` must be 1, the only one there is")
    reader.one_of("on-outdated", ON_OUTDATED, "warn")
    parts = reader.parts
    repos = load_repos(parts.get("repos"), problems)
    sources = {
        name: load_source(name, part, repos, problems)
        for name, part in (parts["sources"].members() if "sources" in parts else {}).items()
    }
    rules = _rules(parts.get("consistency"), sources, problems)
    known = [*built_in_rules, *(f"experiment/{rule.id}" for rule in rules)]
    share = parts["share-with"].members() if "share-with" in parts else {}
    return Policy(
        version=1,
        repos=repos,
        sources=sources,
        consistency=rules,
        rules=load_settings(parts.get("rules"), known, repos, problems),
        companions=load_companions(parts.get("companions"), repos, problems),
        waivers=load_waivers(parts.get("waivers"), problems),
        share_with={n: tuple(str(i.value) for i in p.items()) for n, p in share.items()},
        layers=tuple(used),
        provenance=Provenance(raw),
        notices=notices,
        text=raw.value,
    )


def _rules(raw: Raw | None, sources: Mapping[str, Source], problems: Problems) -> tuple[Rule, ...]:
    rules: dict[str, Rule] = {}
    for item in raw.items() if raw is not None else ():
        rule = load_rule(item, sources, problems)
        if rule is None:
            continue
        if rule.id in rules:
            line = rules[rule.id].origin.line
            problems.add(item, f"a rule with the id `{rule.id}` stands already in line {line}")
        rules[rule.id] = rule
    return tuple(rules.values())


def _empty(used: list[Layer], notices: tuple[str, ...]) -> Policy:
    return Policy(1, {}, {}, (), (), (), (), {}, tuple(used), {}, notices, {})


class Provenance(Mapping[str, Origin]):
    """Dotted path of the effective policy -> where it was written; computed when asked."""

    def __init__(self, raw: Raw) -> None:
        """Keep the raw policy."""
        self._raw = raw
        self._table: dict[str, Origin] | None = None

    def _all(self) -> dict[str, Origin]:
        if self._table is None:
            self._table = {}
            self._fill(self._raw, "")
        return self._table

    def _fill(self, raw: Raw, path: str) -> None:
        table: Any = self._table
        below = (
            raw.members().items()
            if not isinstance(raw.value, list)
            else ((str(at), item) for at, item in enumerate(raw.items()))
        )
        for name, part in below:
            inner = f"{path}.{name}" if path else name
            table[inner] = part.origin()
            if isinstance(part.value, (dict, list)):
                self._fill(part, inner)

    def __getitem__(self, path: str) -> Origin:
        return self._all()[path]

    def __iter__(self) -> Any:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())
