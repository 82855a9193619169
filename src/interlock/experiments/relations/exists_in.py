"""exists-in: a record has a counterpart with the same key in every target."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product

from interlock.experiments.breach import AnyMend, AnySpot, Breach, Mend, Missing, Spot
from interlock.experiments.dataset import Dataset, Key
from interlock.experiments.near import nearest
from interlock.experiments.records import Record
from interlock.experiments.relations.added import added_record
from interlock.experiments.relations.base import Relation
from interlock.experiments.scope import lefts, repair_repos
from interlock.policy.model import Rule, Side

#: Near misses are looked up for so many records of a run; after that they only cost time.
MAX_SUGGESTIONS = 200


def check(rule: Rule, dataset: Dataset) -> Iterator[Breach]:
    """One breach for each record and target (and value of ``per``) without a counterpart."""
    targets = [t for t in rule.targets if isinstance(t, Side)]
    usable = [t for t in targets if not dataset.incomplete(t.source)]
    wanted = {t.source: _combinations(rule, dataset, t.source) for t in usable}
    lookups = 0
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
            found = [other for other in found if other is not record]
            for per in _lacking(rule, dataset, target.source, found, wanted[target.source]):
                near = None
                if lookups < MAX_SUGGESTIONS and not found:
                    lookups += 1
                    near = _misspelt(rule, dataset, target.source, key)
                yield _breach(rule, dataset, record, target.source, per, near)


def _misspelt(rule: Rule, dataset: Dataset, source: str, key: Key) -> Record | None:
    """The record that was probably meant: of a close name, and with no counterpart itself."""
    table = dataset.index(source, rule.on, rule.join)
    mine = dataset.index(rule.left.source, rule.on, rule.join)
    names = {"/".join(other): other for other in table if other not in mine}
    near = nearest("/".join(key), names)
    return table[names[near]][0] if near is not None else None


def _combinations(rule: Rule, dataset: Dataset, source: str) -> list[tuple[str, ...]]:
    """Every combination of the ``per`` fields' values that the target knows; [()] without."""
    names: tuple[str, ...] = rule.options.get("per", ())
    values = []
    for name in names:
        seen = {t for r in dataset.records(source) for t in dataset.texts(source, r, name)}
        values.append(sorted(seen))
    return list(product(*values))


def _lacking(
    rule: Rule,
    dataset: Dataset,
    source: str,
    found: Iterable[Record],
    wanted: list[tuple[str, ...]],
) -> list[tuple[str, ...]]:
    names: tuple[str, ...] = rule.options.get("per", ())
    if not names:
        return [] if found else [()]
    have = {
        combination
        for record in found
        for combination in product(*(dataset.texts(source, record, name) for name in names))
    }
    return [combination for combination in wanted if combination not in have]


def _breach(
    rule: Rule,
    dataset: Dataset,
    record: Record,
    source: str,
    per: tuple[str, ...],
    near: Record | None,
) -> Breach:
    names: tuple[str, ...] = rule.options.get("per", ())
    extent = ", ".join(f"{n} {v}" for n, v in zip(names, per, strict=True))
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
