"""exists-in: a record has a counterpart with the same key in every target."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import product

from interlock.experiments.breach import AnyMend, AnySpot, Breach, Mend, Missing, Spot
from interlock.experiments.dataset import Dataset, Key
from interlock.experiments.near import Names
from interlock.experiments.records import Record
from interlock.experiments.relations.added import added_record
from interlock.experiments.relations.base import Relation
from interlock.experiments.scope import lefts, repair_repos
from interlock.policy.model import Rule, Side
from interlock.values import NamedTuple

#: Near misses are looked up for so many records of a run; after that they only cost time.
MAX_SUGGESTIONS = 200
#: One value of each ``per`` field; () where there are none.
Combination = tuple[str, ...]


def check(rule: Rule, dataset: Dataset) -> Iterator[Breach]:
    """One breach for each record and target (and value of ``per``) without a counterpart."""
    targets = [t for t in rule.targets if isinstance(t, Side)]
    usable = [t for t in targets if not dataset.incomplete(t.source)]
    extents = {t.source: _Extent(rule, dataset, t.source) for t in usable}
    lookups = 0
    lonely: dict[str, _Lonely] = {}
    for left in lefts(rule, dataset):
        if isinstance(left, Breach):
            yield left
            continue
        record = left.record
        key = dataset.join_key(rule.left.source, record, rule.on, rule.join)
        if key is None:
            continue
        for target in usable:
            found = dataset.index(target.source, rule.on, rule.join).get(key, ())
            if found and target.source == rule.left.source:
                found = [other for other in found if other is not record]
            for per in extents[target.source].lacking(key, found):
                near = None
                if lookups < MAX_SUGGESTIONS and not found:
                    lookups += 1
                    if target.source not in lonely:
                        lonely[target.source] = _lonely(rule, dataset, target.source)
                    near = lonely[target.source].nearest("/".join(key))
                yield _breach(rule, dataset, record, target.source, per, near)


class _Lonely(NamedTuple):
    """The records of a target that have no counterpart on the left either."""

    names: Names
    records: dict[str, Record]

    def nearest(self, name: str) -> Record | None:
        """The record that was probably meant: one of a close name."""
        near = self.names.nearest(name)
        return self.records[near] if near is not None else None


def _lonely(rule: Rule, dataset: Dataset, source: str) -> _Lonely:
    mine = dataset.index(rule.left.source, rule.on, rule.join)
    table = dataset.index(source, rule.on, rule.join)
    records = {"/".join(key): found[0] for key, found in table.items() if key not in mine}
    return _Lonely(Names(records), records)


class _Extent:
    """For which values of the ``per`` fields records of one target lack a counterpart."""

    def __init__(self, rule: Rule, dataset: Dataset, source: str) -> None:
        self._names: tuple[str, ...] = rule.options.get("per", ())
        self._dataset, self._source = dataset, source
        self._itself = source == rule.left.source  # then no two records have the same counterparts
        self._by_key: dict[Key, list[Combination]] = {}
        known = self._of(dataset.records(source)) if self._names else set()
        #: Every combination that the target knows; where it knows none, one counterpart is wanted.
        self._wanted = sorted(known) or [()]

    def lacking(self, key: Key, found: Sequence[Record]) -> list[Combination]:
        """Those that none of ``found``, the target's records of ``key``, has."""
        if not found or not self._names:
            return [] if found else self._wanted
        lacking = self._by_key.get(key)
        if lacking is None:
            have = self._of(found)
            lacking = [one for one in self._wanted if one not in have]
            if not self._itself:
                self._by_key[key] = lacking
        return lacking

    def _of(self, records: Iterable[Record]) -> set[Combination]:
        texts, source = self._dataset.texts, self._source
        return {
            combination
            for record in records
            for combination in product(*(texts(source, record, name) for name in self._names))
        }


def _breach(
    rule: Rule,
    dataset: Dataset,
    record: Record,
    source: str,
    per: tuple[str, ...],
    near: Record | None,
) -> Breach:
    names: tuple[str, ...] = rule.options.get("per", ())
    extent = ", ".join(f"{n} {v}" for n, v in zip(names, per, strict=False))
    where = f"{source} ({extent})" if extent else source
    own = Spot(record.leaf(), f"{rule.left.source} has `{record.name}`")
    expected: AnySpot = missing_spot(dataset, source, record, per)
    if near is not None:
        expected = Spot(near.leaf(), f"`{near.name}` is close to `{record.name}`")
    aliases = dict.fromkeys((record.repo, *dataset.source(source).repos))
    repos = tuple(aliases)
    authority = rule.authority == source
    spots: tuple[AnySpot, ...] = (own, expected)
    return Breach(
        key=record.name,
        field="",
        member="/".join((source, *per)),
        message=f"`{record.name}` is in {rule.left.source}, but not in {where}",
        spots=spots,
        repos=repos,
        repair_in=repair_repos(rule, dataset, repos),
        values=(record.name,),
        hint=(f"did you mean `{near.name}`? Otherwise " if near is not None else "")
        + (
            f"remove `{record.name}` from {record.path}: {source} decides"
            if authority
            else f"{rule.authority} decides: add `{record.name}` to {where}"
            if rule.authority == rule.left.source
            else f"add `{record.name}` to {where}, or take it out of {rule.left.source}"
        ),
        mend=_mend(rule, dataset, record, source, near),
    )


def _mend(
    rule: Rule, dataset: Dataset, record: Record, source: str, near: Record | None
) -> AnyMend | None:
    if rule.authority != rule.left.source or source == rule.authority:
        return None
    if near is not None:
        why = f"`{near.name}` in {source} may be meant: rename it, or write `{record.name}` by hand"
        return Mend("insert", record.leaf(), None, "", None, refusal=why)
    return lambda: added_record(dataset, rule, record, source)


def missing_spot(
    dataset: Dataset, source: str, record: Record, per: tuple[str, ...] = ()
) -> Missing:
    """Where a record of ``source`` with this key would stand, as well as can be told."""
    spec = dataset.source(source)
    selected = dataset.selected(source)
    repo = selected[0][0] if selected else None
    name = repo.name if repo else ""
    path = ""
    for glob in (*spec.files, *spec.layers):
        if glob.regex is None:
            path = glob.text
        elif glob.captures == ("key",) and len(record.key) == 1 and "*" not in glob.text:
            path = glob.text.replace("{key}", record.key[0])
        if path:
            break
    if not path and selected and len(selected[0][1].files) == 1:
        path = selected[0][1].files[0].path
    what = " ".join(("no", f"`{record.name}`", "in", source, *per))
    return Missing(spec.repos[0], name, path, what)


RELATION = Relation(
    name="exists-in",
    summary="a record has a counterpart in every other place",
    what=(
        "For each record of the left source, every target must hold a record with the same key. "
        "`per: [env]` asks for one for each value of that field."
    ),
    why=(
        "An experiment takes a change in each of its repositories; the forgotten one is found "
        "when the data is already dirty."
    ),
    example="{id: in-every-repo, each: plan, when: {status: [ready, live]}, "
    "exists-in: [training, serving]}",
    fix="With the left source as `authority`, and records that share a file, `--fix` adds the "
    "entry where rules relate all that its neighbours have to the same authority. Otherwise the "
    "missing entry holds decisions that only its author can make.",
    since="0.1.0",
    check=check,
)
