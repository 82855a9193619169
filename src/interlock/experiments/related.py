"""What the rules under one authority say about the fields of another source's record."""

from __future__ import annotations

from collections.abc import Iterator

from interlock.documents.base import Steps
from interlock.documents.paths import JsonPath
from interlock.experiments.compare import as_text
from interlock.experiments.dataset import Dataset
from interlock.experiments.records import FieldValue, Leaf, Record, children
from interlock.experiments.scope import holds
from interlock.policy.model import FieldSpec, Rule, Side
from interlock.values import NamedTuple

ANY = object()
#: Names, numbers and ANY (which fits every one), from the root of the document.
Pattern = tuple[object, ...]


class Related(NamedTuple):
    """A field of the target that the authority decides.

    ``pattern`` is where the field stands; ``value`` what the authority's field selects, keyed by
    what each ANY of the pattern fits. ``names_only``: the pattern's last ANY fits these names and
    nothing is said of their values. ``loose``: the rule compares what values say, not their type.
    """

    pattern: Pattern
    value: FieldValue | None
    names_only: bool
    loose: bool


def bases_of(record: Record) -> dict[str, Steps]:
    """Where paths with each start begin, seen from a record."""
    bases: dict[str, Steps] = {"@": record.steps, "$": ()}
    for up, (_, steps) in enumerate(record.outer):
        bases["^" * (up + 1)] = steps
    return bases


def related(
    dataset: Dataset, authority: str, deciding: Record, target: str, record: Record | None
) -> Iterator[tuple[FieldSpec, FieldValue | None, bool, bool]]:
    """Each field of ``target`` that a rule relates to the authority's record ``deciding``.

    Gives (the field's spec, the authority's value or None, names only, loose). ``record`` is the
    target's joined record, None where there is none yet.
    """
    for rule in dataset.policy.consistency:
        if rule.authority != authority or rule.severity == "off" or rule.compare == "share":
            continue
        if rule.relation not in ("equal", "same-set"):
            continue
        for mine, theirs in _sides(rule, authority, target):
            spec = dataset.source(target).fields.get(theirs)
            if spec is None or not _applies(rule, dataset, authority, deciding, target, record):
                continue
            value = dataset.field(authority, deciding, mine)
            names = rule.relation == "same-set"
            yield spec, value, names, rule.compare != "typed"


def _sides(rule: Rule, authority: str, target: str) -> Iterator[tuple[str, str]]:
    """(the authority's field, the target's field) of each pair that the rule relates."""
    sides = [side for side in rule.targets if isinstance(side, Side)]
    if rule.left.source == authority:
        yield from ((rule.left.field, s.field) for s in sides if s.source == target)
    elif rule.left.source == target:
        yield from ((s.field, rule.left.field) for s in sides if s.source == authority)


def _applies(
    rule: Rule,
    dataset: Dataset,
    authority: str,
    deciding: Record,
    target: str,
    record: Record | None,
) -> bool:
    """Whether the rule joins these two records, and its ``when`` holds."""
    if record is None:
        if rule.on or rule.join or (rule.when and rule.left.source != authority):
            return False
    else:
        mine = dataset.join_key(authority, deciding, rule.on, rule.join)
        if mine is None or mine != dataset.join_key(target, record, rule.on, rule.join):
            return False
    left = deciding if rule.left.source == authority else record
    return left is None or holds(rule.when, dataset, rule.left.source, left)


def patterns(
    spec: FieldSpec, value: FieldValue | None, names: bool, loose: bool, bases: dict[str, Steps]
) -> Related | None:
    """The related field as a pattern from the root; None where its path cannot be written to."""
    if spec.path is None or spec.by or spec.kind not in ("path", "keys", "values"):
        return None
    steps = pattern_of(spec.path)
    base = bases.get(spec.path.start)
    if steps is None or base is None:
        return None
    whole: Pattern = (*base, *steps)
    if spec.kind == "keys":
        whole = whole if whole and whole[-1] is ANY else (*whole, ANY)
        return Related(whole, named(value), names_only=True, loose=loose)
    if names:
        if ANY not in steps:
            listed = value is not None and isinstance(children(value), list)
            return Related(whole, value, names_only=False, loose=loose) if listed else None
        whole = whole[: len(base) + steps.index(ANY) + 1]
        return Related(whole, named(value), names_only=True, loose=loose)
    return Related(whole, value, names_only=False, loose=loose) if spec.kind == "path" else None


def named(value: FieldValue | None) -> FieldValue | None:
    """A set as a map from its names."""
    if value is None:
        return None
    below = children(value)
    if isinstance(below, dict):
        return below
    return {as_text(one.value): one for one in below or () if isinstance(one, Leaf)}


def pattern_of(path: JsonPath) -> Pattern | None:
    """A path as names, numbers and ANY; None for one with filters, unions or descendants."""
    steps: list[object] = []
    for segment in path.segments:
        if segment.descend or segment.kind not in ("name", "index", "wildcard"):
            return None
        steps.append(ANY if segment.kind == "wildcard" else segment.argument)
    return tuple(steps)
