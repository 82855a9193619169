"""Which records and values a rule speaks of, and which repos its findings concern."""

from __future__ import annotations

from collections.abc import Iterator

from interlock.documents.patterns import matches
from interlock.experiments.breach import Breach, Spot
from interlock.experiments.compare import as_text, canonical
from interlock.experiments.dataset import Dataset
from interlock.experiments.records import FieldValue, Leaf, Record, leaves
from interlock.policy.model import Condition, Rule, Side, Via, sources_of
from interlock.values import NamedTuple


class Left(NamedTuple):
    """A left record and the value that the rule is about (the record itself without a field)."""

    record: Record
    value: FieldValue


def lefts(rule: Rule, dataset: Dataset) -> Iterator[Left | Breach]:
    """The rule's left values in order; a Breach where a field is absent and must not be."""
    source, field = rule.left
    for record in dataset.records(source):
        if not holds(rule.when, dataset, source, record):
            continue
        value = dataset.field(source, record, field) if field else record.leaf()
        if value is None:
            value = when_absent(rule, record)
        if value is not None:
            yield Left(record, value)
        elif rule.absent.kind == "error":
            yield absent_breach(rule, dataset, rule.left, record)


def when_absent(rule: Rule, record: Record) -> FieldValue | None:
    """The policy's default for an absent field, standing at its record."""
    if rule.absent.kind != "default":
        return None
    return Leaf(rule.absent.default, record.part, record.steps, named=True)


def absent_breach(rule: Rule, dataset: Dataset, side: Side, record: Record) -> Breach:
    """The breach of a field that the rule requires and the record does not have."""
    repos = repos_of(rule, dataset)
    return Breach(
        key=record.name,
        field=side.field,
        member="",
        message=f"`{record.name}` has no `{side.field}` in {side.source}, and this rule needs it",
        spots=(Spot(record.leaf(), f"no `{side.field}` here"),),
        repos=repos,
        repair_in=(record.repo,),
        hint=f"add `{side.field}` to `{record.name}` in {record.path}",
    )


def holds(conditions: tuple[Condition, ...], dataset: Dataset, source: str, record: Record) -> bool:
    """True where every condition of ``when`` is met; a condition on an absent field is not."""
    return all(_met(condition, dataset, source, record) for condition in conditions)


def _met(condition: Condition, dataset: Dataset, source: str, record: Record) -> bool:
    if condition.field == "key":
        values = [record.name]
    else:
        value = dataset.field(source, record, condition.field)
        if value is None:
            return False
        values = [leaf.value for leaf in leaves(value)]
    if condition.pattern:
        return any(matches(condition.pattern, as_text(v)) for v in values) != condition.negated
    wanted = {canonical(v) for v in condition.values}
    return any(canonical(v) in wanted for v in values) != condition.negated


def repos_of(rule: Rule, dataset: Dataset) -> tuple[str, ...]:
    """The aliases of every side of the rule, in the order of the policy."""
    aliases: list[str] = []
    for name in sources_of(rule):
        aliases.extend(dataset.source(name).repos)
    return tuple(dict.fromkeys(aliases))


#: Relations that pair records; the others join values with names.
_PAIRING = ("exists-in", "equal", "same-set", "subset-of", "before")


def joined_by_key(rule: Rule) -> tuple[str, ...]:
    """The names of the sources whose records the rule looks up by their transformed keys."""
    if rule.on:
        return ()
    names = [rule.left.source] if rule.relation in _PAIRING else []
    for target in rule.targets:
        if isinstance(target, Side) and (rule.relation in _PAIRING or not target.field):
            names.append(target.source)
        elif isinstance(target, Via):
            names.extend(step.source for step in target.steps)
    return tuple(dict.fromkeys(names))


def pair_repos(left: Record, right: Record) -> tuple[str, ...]:
    """The repos of two joined records."""
    return tuple(dict.fromkeys((left.repo, right.repo)))


def repair_repos(rule: Rule, dataset: Dataset, repos: tuple[str, ...]) -> tuple[str, ...]:
    """Of ``repos``, those that have to change: all but the authority's, where one is declared."""
    if not rule.authority:
        return repos
    owning = dataset.source(rule.authority).repos
    rest = tuple(repo for repo in repos if repo not in owning)
    return rest or repos
