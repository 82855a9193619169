"""exists-in: a record has a counterpart with the same key in every target."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product

from interlock.experiments.breach import AnyMend, AnySpot, Breach, Mend, Missing, Spot
from interlock.experiments.dataset import Dataset, Key, transformed
from interlock.experiments.keys import is_a_file_each
from interlock.experiments.near import MAX_LOOKUPS, Names
from interlock.experiments.records import Record
from interlock.experiments.relations.added import added_record
from interlock.experiments.relations.base import Relation
from interlock.experiments.scope import lefts, repair_repos
from interlock.policy.model import Rule, Side
from interlock.values import NamedTuple

#: Values of the ``per`` fields that are told one by one where a record lacks them.
MAX_TOLD = 20
#: One value of each ``per`` field.
Combination = tuple[str, ...]


class Lack(NamedTuple):
    """What a record has no counterpart for: for identities ("prod"), and to be read."""

    member: Combination
    text: str


#: No counterpart at all, where no ``per`` asks for more.
_ANY = Lack((), "")


def check(rule: Rule, dataset: Dataset) -> Iterator[Breach]:
    """One breach for each record and target (and value of ``per``) without a counterpart."""
    targets = [t for t in rule.targets if isinstance(t, Side)]
    usable = [_Counterparts(rule, dataset, t.source) for t in targets]
    usable = [target for target in usable if target.doubtful is not None]
    for left in lefts(rule, dataset):
        if isinstance(left, Breach):
            yield left
            continue
        key = dataset.join_key(rule.left.source, left.record, rule.on, rule.join)
        for target in usable if key is not None else ():
            if key in (target.doubtful or ()):
                continue
            lacking, near = target.lacking(left.record, key or ())
            for lack in lacking:
                yield _breach(rule, dataset, left.record, target.source, lack, near)


class _Counterparts:
    """The records of one target, as the left records look for them."""

    def __init__(self, rule: Rule, dataset: Dataset, source: str) -> None:
        self.source = source
        self._rule, self._dataset = rule, dataset
        self._per: tuple[str, ...] = rule.options.get("per", ())
        self._itself = source == rule.left.source  # then no two records have the same counterparts
        self._by_key: dict[Key, list[Lack]] = {}
        #: Every combination that the target knows; where it knows none, any counterpart will do.
        self._wanted = self._combinations(dataset.records(source)) if self._per else set()
        self._lookups = MAX_LOOKUPS
        self._lonely: tuple[Names, dict[str, Record]] | None = None
        unsure = dataset.doubtful(source)
        if unsure and (rule.on or self._per):
            unsure = None  # a file's name says nothing of its fields
        #: Keys that may stand in a file which could not be used; None where that can be any key.
        self.doubtful = (
            None
            if unsure is None
            else {tuple(transformed(part, rule.join) for part in key) for key in unsure}
        )

    def lacking(self, record: Record, key: Key) -> tuple[list[Lack], Record | None]:
        """What ``record`` has no counterpart for, and the target's record that may be meant."""
        found = self._dataset.index(self.source, self._rule.on, self._rule.join).get(key, [])
        if found and self._itself:
            found = [other for other in found if other is not record]
        if found and not self._per:
            return [], None
        if key not in self._by_key or self._itself:
            self._by_key[key] = self._without(found)
        lacking = self._by_key[key]
        return lacking, None if found or not lacking else self._misspelt(key)

    def _without(self, found: list[Record]) -> list[Lack]:
        if not self._wanted:
            return [] if found else [_ANY]
        have = self._combinations(found)
        count = len(self._wanted) - len(have)
        if count > MAX_TOLD:
            names = " and ".join(self._per)
            return [Lack((), f"{count:,} of {len(self._wanted):,} values of {names}")]
        return [
            Lack(one, ", ".join(f"{n} {v}" for n, v in zip(self._per, one, strict=True)))
            for one in sorted(self._wanted - have)
        ]

    def _combinations(self, records: Iterable[Record]) -> set[Combination]:
        texts, source = self._dataset.texts, self.source
        return {
            combination
            for record in records
            for combination in product(*(texts(source, record, name) for name in self._per))
        }

    def _misspelt(self, key: Key) -> Record | None:
        """The record that was probably meant: of a close name, and with no counterpart itself."""
        if self._lonely is None:
            on, join = self._rule.on, self._rule.join
            mine = self._dataset.index(self._rule.left.source, on, join)
            table = self._dataset.index(self.source, on, join)
            records = {"/".join(k): found[0] for k, found in table.items() if k not in mine}
            self._lonely = (Names(records), records)
        names, records = self._lonely
        self._lookups -= 1
        near = names.nearest("/".join(key)) if self._lookups >= 0 else None
        return records[near] if near is not None else None


def _breach(
    rule: Rule, dataset: Dataset, record: Record, source: str, lack: Lack, near: Record | None
) -> Breach:
    where = f"{source} ({lack.text})" if lack.text else source
    own = Spot(record.leaf(), f"{rule.left.source} has `{record.name}`")
    expected: AnySpot = missing_spot(dataset, source, record, lack.text)
    if near is not None:
        expected = Spot(near.leaf(), f"`{near.name}` is close to `{record.name}`")
    aliases = dict.fromkeys((record.repo, *dataset.source(source).repos))
    repos = tuple(aliases)
    authority = rule.authority == source
    spots: tuple[AnySpot, ...] = (own, expected)
    return Breach(
        key=record.name,
        field="",
        member="/".join((source, *lack.member)),
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


def missing_spot(dataset: Dataset, source: str, record: Record, extent: str = "") -> Missing:
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
    # Where each file is a record, one that is missing stands in none of the others.
    alone = not is_a_file_each(spec) and selected and len(selected[0][1].files) == 1
    if not path and alone:
        path = selected[0][1].files[0].path
    what = f"no `{record.name}` in {source}" + (f" ({extent})" if extent else "")
    return Missing(spec.repos[0], name, path, what)


RELATION = Relation(
    name="exists-in",
    summary="a record has a counterpart in every other place",
    what=(
        "For each record of the left source, every target must hold a record with the same key. "
        "`per: [env]` asks for one for each value that the target has in that field."
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
