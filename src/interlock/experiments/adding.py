"""Mends that add what the authority has and another source lacks: a member, or a record.

Only what rules under the same authority decide is written. Where the neighbours of the new entry
have more than that, nothing is, since half an entry would go live.
"""

from __future__ import annotations

from collections.abc import Sequence

from interlock.documents.base import Steps, Value
from interlock.experiments.breach import Mend
from interlock.experiments.compare import as_text
from interlock.experiments.dataset import Dataset
from interlock.experiments.fields import matches_of
from interlock.experiments.new_entry import Entry, TornError, entry_at, lacking, value_of
from interlock.experiments.records import (
    DocumentPart,
    LayeredPart,
    Leaf,
    Record,
    children,
    plain,
)
from interlock.experiments.related import ANY, Related, bases_of, pattern_of, patterns, related
from interlock.policy.model import FieldSpec, KeySpec, Rule

#: So many records are asked what an entry has besides; more say no more.
_NEIGHBOURS = 1_000


class CannotAdd(ValueError):
    """An entry that cannot be added safely; the text says why."""


def add_member(
    dataset: Dataset,
    sources: tuple[str, str],
    records: tuple[Record, Record],
    field: str,
    member: Leaf,
) -> Mend:
    """Add ``member`` of the authority's set to the target's.

    ``sources`` and ``records`` are the authority's and the target's, ``field`` the target's.
    """
    target, record = sources[1], records[1]
    try:
        spec = _spec(dataset, target, field)
        holder, neighbours = _container(spec, record)
        name = as_text(member.value)
        if isinstance(holder.value, list):
            return _element(dataset, sources, records, spec, holder, member)
        fields = _fields(dataset, sources, records[0], record, bases_of(record))
        if name in holder.value:
            holder, name, neighbours = _inside(spec, holder, name)
        entry, without = entry_at((*holder.steps, name), fields)
        return _insert(sources, field, holder, name, entry, without, neighbours)
    except CannotAdd as error:
        return _refused(member, str(error))
    except TornError:
        return _refused(member, f"{sources[0]} says two things of `{as_text(member.value)}`")


def _spec(dataset: Dataset, target: str, field: str) -> FieldSpec:
    spec = dataset.source(target).fields.get(field)
    if spec is None:
        raise CannotAdd(f"`{field}` of {target} is no field that can be written")
    return spec


def _refused(leaf: Leaf, why: str) -> Mend:
    return Mend("insert", leaf, None, "", None, refusal=why)


def _container(spec: FieldSpec, record: Record) -> tuple[Leaf, list[Value]]:
    """The map or list that holds the members of a set, and what is in it."""
    path = spec.path
    steps = pattern_of(path) if path is not None else None
    if path is None or steps is None:
        raise CannotAdd("where the new entry belongs cannot be told from the path in the policy")
    depth = steps.index(ANY) if ANY in steps else len(steps)
    short = path._replace(segments=path.segments[:depth])
    found = [match for match in matches_of(record, short) if not match.hollow]
    if len(found) != 1 or type(found[0].value) not in (dict, list):
        raise CannotAdd("there is no map or list yet into which it could be written")
    value = found[0].value
    inside = list(value.values()) if isinstance(value, dict) else value
    return Leaf(value, record.part, found[0].steps), inside


def _inside(spec: FieldSpec, holder: Leaf, name: str) -> tuple[Leaf, str, list[Value]]:
    """What a member that is there lacks: the map to write into, the name, what others have."""
    steps = (pattern_of(spec.path) if spec.path is not None else None) or ()
    rest = steps[steps.index(ANY) + 1 :] if ANY in steps else ()
    here = Leaf(holder.value[name], holder.part, (*holder.steps, name))
    others = [one for other, one in holder.value.items() if other != name]
    for step in rest:
        others = [one[step] for one in others if type(one) is dict and step in one]
        if not isinstance(step, str) or type(here.value) is not dict:
            break
        if step not in here.value:
            return here, step, others
        here = here._replace(value=here.value[step], steps=(*here.steps, step))
    raise CannotAdd("where the missing value belongs cannot be told from the path in the policy")


def _element(
    dataset: Dataset,
    sources: tuple[str, str],
    records: tuple[Record, Record],
    spec: FieldSpec,
    holder: Leaf,
    member: Leaf,
) -> Mend:
    """A new element of a list: the value itself, or an object named by it."""
    entry = Entry()
    for other, value, names, _ in related(dataset, sources[0], records[0], sources[1], records[1]):
        inside = children(value) if value is not None else None
        name = as_text(member.value)
        same_list = not names and (other.by, other.path) == (spec.by, spec.path)
        if same_list and isinstance(inside, dict) and name in inside:
            entry.decide(plain(inside[name]), loose=False)
    if entry.decided:
        return _insert(sources, "", holder, "", entry, set(), list(holder.value))
    steps = pattern_of(spec.path) if spec.path is not None else None
    after = steps[steps.index(ANY) + 1 :] if steps and ANY in steps else ()
    place = entry
    for step in (*after, *([spec.by] if spec.by else [])):
        if not isinstance(step, str):
            raise CannotAdd("where the new entry belongs cannot be told from the path")
        place = place.member(step)
    place.decide(member.value, loose=False)
    return _insert(sources, "", holder, "", entry, set(), list(holder.value))


def _fields(
    dataset: Dataset,
    sources: tuple[str, str],
    deciding: Record,
    record: Record | None,
    bases: dict[str, Steps],
) -> list[Related]:
    found = []
    for spec, value, names, loose in related(dataset, sources[0], deciding, sources[1], record):
        field = patterns(spec, value, names, loose, bases)
        if field is not None:
            found.append(field)
    return found


def _insert(
    sources: tuple[str, str],
    what: str,
    holder: Leaf,
    name: str,
    entry: Entry,
    without: set[str],
    neighbours: Sequence[Value],
) -> Mend:
    """The mend, where the entry has all that its neighbours have."""
    authority, target = sources
    others = f"{target}'s other `{what}`" if what else f"the entries beside it in {target}"
    if not neighbours and not entry.decided:
        raise CannotAdd("there is no entry beside it that would show how one is written")
    missing = list(dict.fromkeys(lacking(entry, neighbours)))
    if missing == [""]:
        why = f"{authority} gives none" if "" in without else "no rule relates it"
        raise CannotAdd(f"{others} have a value, and {why}: write it by hand")
    if missing:
        given = [m for m in missing if m.partition(".")[0] in without]
        why = f"{authority} does not give" if given == missing else "no rule relates"
        names = ", ".join(f"`{m}`" for m in missing[:5]) + (" …" if len(missing) > 5 else "")
        raise CannotAdd(f"{others} also have {names}, which {why}: write it by hand")
    return Mend("insert", holder, value_of(entry, neighbours), name, None)


def add_record(dataset: Dataset, rule: Rule, record: Record, target: str) -> Mend:
    """Add a record with the key of the authority's ``record`` to the source ``target``."""
    try:
        return _record(dataset, rule, record, target)
    except CannotAdd as error:
        return _refused(record.leaf(), str(error))
    except TornError:
        return _refused(record.leaf(), f"{rule.authority} says two things of `{record.name}`")


def _record(dataset: Dataset, rule: Rule, record: Record, target: str) -> Mend:
    spec = dataset.source(target)
    if rule.on or rule.join:
        raise CannotAdd("the keys are related by a transform, so the new one is yours to name")
    if rule.options.get("per"):
        raise CannotAdd("which file it goes to depends on a field, so it is yours to write")
    if spec.pattern:
        raise CannotAdd(f"{target} is code")
    if not spec.each:
        raise CannotAdd(f"{target} keeps each record in a file of its own: write it by hand")
    if len(dataset.index(rule.authority).get(record.key, ())) > 1:
        raise CannotAdd(f"{rule.authority} has `{record.name}` more than once")
    path = pattern_of(spec.each[-1])
    if len(spec.each) > 1 or path is None or path[-1:] != (ANY,) or ANY in path[:-1]:
        raise CannotAdd("where the new entry belongs cannot be told from `each` in the policy")
    part, others = _only_part(dataset, target, path[:-1], record)
    if any(isinstance(step, int) and step < 0 for step in path[:-1]):
        raise CannotAdd("where the new entry belongs cannot be told from `each` in the policy")
    holder = Leaf(_at(part, path[:-1]), part, _names(path[:-1]))
    listed = isinstance(holder.value, list)
    name = "" if listed else _name(spec.key, record)
    steps = (*holder.steps, len(holder.value) if listed else name)
    bases: dict[str, Steps] = {"@": steps, "$": (), "^": ()}
    entry, without = entry_at(
        steps, _fields(dataset, (rule.authority, target), record, None, bases)
    )
    neighbours = [other.value for other in others[:_NEIGHBOURS]]
    _keyed(entry, spec.key, record, neighbours, listed=listed)
    return _insert((rule.authority, target), "", holder, name, entry, without, neighbours)


def _names(path: Sequence[object]) -> Steps:
    return tuple(step for step in path if isinstance(step, (str, int)))


def _only_part(
    dataset: Dataset, target: str, path: Sequence[object], record: Record
) -> tuple[DocumentPart, list[Record]]:
    """The one document that the records of ``target`` stand in, and those records."""
    captured = [
        (spec.name, text)
        for spec, text in zip(dataset.source(target).key, record.key, strict=False)
        if spec.kind == "capture"
    ]
    parts: dict[tuple[str, str, int], DocumentPart] = {}
    others: list[Record] = []
    seen: set[int] = set()
    for other in dataset.records(target):
        if any(other.captures.get(name) != text for name, text in captured):
            continue
        others.append(other)
        if id(other.part) in seen:
            continue
        seen.add(id(other.part))
        layers = other.part.layers if isinstance(other.part, LayeredPart) else (other.part,)
        for layer in layers:
            if isinstance(layer, DocumentPart) and _at(layer, path):
                parts[layer.file.repo, layer.file.path, layer.number] = layer
                break
    if len(parts) != 1:
        count = f"{len(parts)} places that could take it" if parts else "no entry beside it yet"
        raise CannotAdd(f"{target} has {count}: write it by hand")
    return next(iter(parts.values())), others


def _at(part: DocumentPart, path: Sequence[object]) -> Value:
    """The container at ``path`` in a document; None where there is none."""
    value = part.file.document.values[part.number]
    for step in path:
        listed = type(value) is list and isinstance(step, int) and -len(value) <= step < len(value)
        if not listed and not (type(value) is dict and step in value):
            return None
        value = value[step]
    return value if type(value) in (dict, list) else None


def _name(key: Sequence[KeySpec], record: Record) -> str:
    """The member name of the new record."""
    if len(key) == len(record.key):
        for spec, text in zip(key, record.key, strict=True):
            if spec.kind == "name":
                return text
    raise CannotAdd("what the new entry is called cannot be told from `key` in the policy")


def _keyed(
    entry: Entry,
    key: Sequence[KeySpec],
    record: Record,
    neighbours: Sequence[Value],
    *,
    listed: bool,
) -> None:
    """Write the parts of the key that stand in the record itself."""
    if len(key) != len(record.key):
        raise CannotAdd("the keys of the two sources have different parts")
    for spec, text in zip(key, record.key, strict=True):
        if spec.kind == "capture" or (spec.kind == "name" and not listed):
            continue
        steps = pattern_of(spec.path) if spec.kind == "path" and spec.path is not None else None
        if spec.path is None or spec.path.start != "@" or not steps or ANY in steps:
            raise CannotAdd("how the new entry is keyed cannot be told from `key` in the policy")
        place, beside = entry, list(neighbours)
        for step in steps:
            place = place.member(str(step))
            beside = [one[step] for one in beside if type(one) is dict and step in one]
        numbers = {type(one) for one in beside} == {int} and text.isdecimal()
        place.decide(int(text) if numbers else text, loose=False)
