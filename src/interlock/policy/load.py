"""From a policy's bytes to a Policy; everything wrong with it is told at once, with its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from interlock.policy.acceptances import load_companions, load_waivers
from interlock.policy.change_sets import load_change_sets
from interlock.policy.checklist import load_checklist
from interlock.policy.consistency import load_rule
from interlock.policy.extend import Extender, Layers
from interlock.policy.merge import laid_over
from interlock.policy.model import Layer, Policy, Rule, Source, sources_of
from interlock.policy.problems import Problems
from interlock.policy.provenance import Provenance
from interlock.policy.raw import Raw
from interlock.policy.references import Reference, remote
from interlock.policy.requires import Outdated, outdated
from interlock.policy.secrets import load_secrets, types_of
from interlock.policy.settings import load_repos, load_settings, load_share_with
from interlock.policy.shapes import Reader, named_members
from interlock.policy.sides import Scope
from interlock.policy.sources import load_source
from interlock.values import Any

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
    "change-sets",
    "checklist",
    "secrets",
    "waivers",
    "share-with",
    "member-waivers",
)
VERSION = 1


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

    ``file`` is the policy's path in its repository, or ``owner/name//path`` read at ``revision``
    of another one. ``version`` is this Interlock's own; ``built_in_rules`` are the ids that
    ``rules`` and ``waivers`` may name besides the policy's own. A policy that requires a newer
    Interlock and says ``on-outdated: skip`` comes back empty, with a notice.
    """
    problems = Problems()
    extender = Extender(layers, problems)
    extender.gather(_where(file, revision), file, data, revision)
    old = outdated(extender.raws, version, problems)
    if old is not None and old.action == "skip":
        return _nothing(extender.used, (*extender.notices, old.line))
    if old is not None and old.action == "fail":
        refused = Problems()
        refused.add(old.at, old.line)
        raise refused.error()
    if not extender.raws:
        raise problems.error()
    problems.lenient = old is not None
    _check_versions(extender.raws, problems)
    raw = laid_over(extender.raws, problems)
    policy = _build(raw, extender, layers, built_in_rules, problems)
    if problems:
        raise problems.error()
    return policy._replace(notices=(*extender.notices, *_old_notice(old, problems.ignored)))


def _where(file: str, revision: str) -> Reference:
    repo, separator, path = file.partition("//")
    if separator and revision:
        try:
            return remote(repo, path, revision)
        except ValueError:  # a path with a doubled slash
            return Reference(path=file)
    return Reference(path=file)


def _nothing(used: list[Layer], notices: tuple[str, ...]) -> Policy:
    return Policy(VERSION, {}, {}, (), (), (), (), {}, tuple(used), {}, notices, {})


def _old_notice(old: Outdated | None, ignored: int) -> tuple[str, ...]:
    if old is None:
        return ()
    if not ignored:
        return (old.line,)
    words = (
        "1 word that it does not know was"
        if ignored == 1
        else f"{ignored} words that it does not know were"
    )
    return (f"{old.line}; {words} ignored",)


def _check_versions(layers: list[Raw], problems: Problems) -> None:
    for layer in layers:
        part = layer.get("version")
        if part is None:
            problems.add(layer, "a policy needs `version: 1`, so that it can change some day")
        elif part.value is not None and (part.value != VERSION or part.value is True):
            problems.add(part, "`version` must be 1, the only one there is")


def _build(
    raw: Raw,
    extender: Extender,
    layers: Layers,
    built_in_rules: Iterable[str],
    problems: Problems,
) -> Policy:
    reader = Reader(raw, "a policy", WORDS, problems)
    repos = load_repos(_mapping(reader, "repos"), problems)
    sources = {
        name: load_source(name, part, repos, problems)
        for name, part in named_members(_mapping(reader, "sources"), "a source", problems).items()
    }
    items = reader.listing("consistency")
    rules = _rules(items, Scope(sources, None, problems, _schemas(layers, problems)), repos)
    if problems.lenient:
        sources, rules = _usable(sources, rules)
    secrets = _mapping(reader, "secrets")
    known = [
        *(f"experiment/{name}" for name in _ids(items)),
        *built_in_rules,
        *(f"secret/{name}" for name in types_of(secrets)),
    ]
    text = {word: value for word, value in raw.value.items() if word != "extends"}
    return Policy(
        version=VERSION,
        repos=repos,
        sources=sources,
        consistency=rules,
        rules=load_settings(_mapping(reader, "rules"), known, repos, problems),
        companions=load_companions(reader.listing("companions"), repos, problems),
        waivers=load_waivers(reader.listing("waivers"), known, repos, problems),
        share_with=load_share_with(_mapping(reader, "share-with"), repos, problems),
        layers=tuple(extender.used),
        provenance=Provenance(raw, tuple(extender.raws)),
        notices=(),
        text=text,
        member_waivers=reader.flag("member-waivers"),
        change_sets=load_change_sets(_mapping(reader, "change-sets"), problems),
        checklist=load_checklist(_mapping(reader, "checklist"), problems),
        secrets=load_secrets(secrets, problems),
    )


def _usable(
    sources: dict[str, Source], rules: tuple[Rule, ...]
) -> tuple[dict[str, Source], tuple[Rule, ...]]:
    """What an older Interlock can check: no source whose files only a newer one can find."""
    known = {name: one for name, one in sources.items() if one.files or one.layers}
    return known, tuple(rule for rule in rules if known.keys() >= set(sources_of(rule)))


def _schemas(layers: Layers, problems: Problems) -> Callable[[Raw], Mapping[str, Any] | None]:
    def schema(raw: Raw) -> Mapping[str, Any] | None:
        from interlock.policy.json_schemas import read_schema

        return read_schema(raw, layers, problems)

    return schema


def _mapping(reader: Reader, word: str) -> Raw | None:
    reader.members(word)  # says so where it is none
    return reader.get(word)


def _rules(items: list[Raw], scope: Scope, repos: dict[str, tuple[str, ...]]) -> tuple[Rule, ...]:
    names = [*repos, *(name for bound in repos.values() for name in bound)]
    found = (load_rule(item, scope, names) for item in items)
    return tuple(rule for rule in found if rule is not None)


def _ids(items: list[Raw]) -> list[str]:
    """The ids of all rules, of broken ones too: one mistake is told once."""
    found = (item.get("id") for item in items)
    return [part.value for part in found if part is not None and isinstance(part.value, str)]
