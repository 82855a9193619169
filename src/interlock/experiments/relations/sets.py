"""same-set and subset-of: the members of a field on one side against those on another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, partial

from interlock.experiments.breach import AnyMend, Breach, Mend, Spot
from interlock.experiments.compare import Mode, as_text, canonical
from interlock.experiments.dataset import Dataset
from interlock.experiments.near import MAX_LOOKUPS, Names
from interlock.experiments.records import FieldValue, Leaf, children, first_leaf
from interlock.experiments.relations.added import added
from interlock.experiments.relations.base import Relation
from interlock.experiments.relations.joined import Joined, joined
from interlock.experiments.scope import pair_repos, repair_repos
from interlock.policy.model import Rule
from interlock.values import Literal


def members_of(value: FieldValue, mode: Mode) -> dict[object, Leaf]:
    """The set a field stands for: a map's member names, a list's elements, or the one value."""
    below = children(value)
    if isinstance(below, dict):
        named: dict[object, Leaf] = {}
        for name, member in below.items():
            leaf = first_leaf(member)
            if leaf is not None:
                named[canonical(name, mode)] = leaf._replace(value=name, named=True)
            elif isinstance(value, Leaf):
                named[canonical(name, mode)] = Leaf(name, value.part, value.steps, named=True)
        return named
    if isinstance(below, list):
        found: dict[object, Leaf] = {}
        for member in below:
            if isinstance(member, Leaf):
                found.setdefault(canonical(member.value, mode), member)
        return found
    return {canonical(value.value, mode): value} if isinstance(value, Leaf) else {}


def check_same(rule: Rule, dataset: Dataset) -> Iterator[Breach]:
    """One breach for each member that only one side has."""
    lookups = iter(range(MAX_LOOKUPS))
    for pair in joined(rule, dataset):
        if isinstance(pair, Breach):
            yield pair
            continue
        left = members_of(pair.left_value, rule.compare)
        right = members_of(pair.right_value, rule.compare)
        ours = {form: leaf for form, leaf in left.items() if form not in right}
        theirs = {form: leaf for form, leaf in right.items() if form not in left}
        for mine, other in renamed_pairs(ours, theirs, lookups):
            yield _renamed(rule, dataset, pair, ours.pop(mine), theirs.pop(other))
        known = cache(partial(_names, right))
        for leaf in ours.values():
            yield _only_one(rule, dataset, pair, leaf, known, on_left=True)
        known = cache(partial(_names, left))
        for leaf in theirs.values():
            yield _only_one(rule, dataset, pair, leaf, known, on_left=False)


def renamed_pairs(
    ours: dict[object, Leaf], theirs: dict[object, Leaf], lookups: Iterator[int]
) -> list[tuple[object, object]]:
    """Members that only one side has, paired where one is a near miss of the other.

    Near misses are looked up as long as ``lookups`` lasts.

    A single one on each side is taken for one renaming, however different the names are.
    """
    if not ours or not theirs:
        return []
    if len(ours) == len(theirs) == 1:
        return [(next(iter(ours)), next(iter(theirs)))]
    forms = {as_text(leaf.value): form for form, leaf in ours.items()}
    names = None
    paired: set[str] = set()
    pairs = []
    for (form, leaf), _ in zip(theirs.items(), lookups, strict=False):
        names = Names(forms) if names is None else names
        near = names.nearest(as_text(leaf.value), paired)
        if near is not None:
            paired.add(near)
            pairs.append((forms[near], form))
    return pairs


def _renamed(rule: Rule, dataset: Dataset, pair: Joined, ours: Leaf, theirs: Leaf) -> Breach:
    mine, other = as_text(ours.value), as_text(theirs.value)
    here = Spot(ours, f"`{mine}` in {pair.left_source}")
    there = Spot(theirs, f"`{other}` in {pair.right_source}")
    repos = pair_repos(pair.left, pair.right)
    mend, hint = None, f"give it one name in {pair.left.path} and {pair.right.path}"
    spots = (here, there)
    if rule.authority in (pair.left_source, pair.right_source):
        left_decides = rule.authority == pair.left_source
        good, bad = (ours, theirs) if left_decides else (theirs, ours)
        path = pair.right.path if left_decides else pair.left.path
        spots = (there, here) if left_decides else (here, there)
        hint = f"{rule.authority} decides: rename `{bad.value}` to `{good.value}` in {path}"
        action: Literal["rename", "set"] = "rename" if bad.named else "set"
        mend = Mend(action, bad, good.value, as_text(good.value), good)
    return Breach(
        key=pair.key,
        field=rule.left.field,
        member=mine,
        message=f"`{pair.key}`: among the `{rule.left.field}`, {pair.left_source} has `{mine}` "
        f"where {pair.right_source} has `{other}`",
        spots=spots,
        repos=repos,
        repair_in=repair_repos(rule, dataset, repos),
        values=(mine, other),
        hint=hint,
        mend=mend,
    )


def check_subset(rule: Rule, dataset: Dataset) -> Iterator[Breach]:
    """One breach for each left member that the right side does not have."""
    for pair in joined(rule, dataset):
        if isinstance(pair, Breach):
            yield pair
            continue
        right = members_of(pair.right_value, rule.compare)
        known = cache(partial(_names, right))
        for form, leaf in members_of(pair.left_value, rule.compare).items():
            if form not in right:
                yield _only_one(rule, dataset, pair, leaf, known, on_left=True)


def _names(members: dict[object, Leaf]) -> Names:
    return Names(as_text(leaf.value) for leaf in members.values())


def _only_one(
    rule: Rule,
    dataset: Dataset,
    pair: Joined,
    leaf: Leaf,
    known: Callable[[], Names],
    *,
    on_left: bool,
) -> Breach:
    """The breach of a member that one side has; ``known`` are the other side's."""
    sides = (pair.left_source, pair.right_source)
    has, lacks = sides if on_left else sides[::-1]
    empty, record = (pair.right_value, pair.right) if on_left else (pair.left_value, pair.left)
    name, field = as_text(leaf.value), rule.left.field
    whole = first_leaf(empty) or record.leaf()
    missing = Spot(whole._replace(named=True), f"`{name}` is missing here")
    there = Spot(leaf, f"{has} has `{name}`")
    repos = pair_repos(pair.left, pair.right)
    return Breach(
        key=pair.key,
        field=field,
        member=name,
        message=f"`{pair.key}`: `{name}` is among the `{field}` of {has}, but not of {lacks}",
        spots=(missing, there) if rule.authority == has else (there, missing),
        repos=repos,
        repair_in=repair_repos(rule, dataset, repos),
        values=(name,),
        hint=_hint(rule, pair, name, has),
        near=None if rule.authority else (name, known),
        mend=_mend(rule, dataset, pair, leaf, on_left=on_left),
    )


def _hint(rule: Rule, pair: Joined, name: str, has: str) -> str:
    if rule.authority == has:
        path = pair.right.path if has == pair.left_source else pair.left.path
        return f"{has} decides: add `{name}` in {path}"
    if rule.authority:
        path = pair.left.path if has == pair.left_source else pair.right.path
        return f"{rule.authority} decides: remove `{name}` from {path}"
    return f"add `{name}` where it is missing, or remove it where it stands"


def _mend(
    rule: Rule, dataset: Dataset, pair: Joined, leaf: Leaf, *, on_left: bool
) -> AnyMend | None:
    has = pair.left_source if on_left else pair.right_source
    if not rule.authority or pair.left is pair.right:
        return None
    if rule.authority != has:
        return Mend("remove", leaf, None, as_text(leaf.value), None)
    sides = [
        (pair.left_source, pair.left, rule.left.field),
        (pair.right_source, pair.right, pair.right_field),
    ]
    (source, record, _), (target, other, field) = sides if on_left else sides[::-1]
    return lambda: added(dataset, (source, target), (record, other), field, leaf)


SAME_SET = Relation(
    name="same-set",
    summary="a field has the same members on every side, in any order",
    what=(
        "Takes the member names of a map, or the elements of a list, and reports each one that "
        "only one side has."
    ),
    why="A variant that serving knows and training does not gets traffic and no model.",
    example="{id: same-variants, each: plan.variants, same-set: [training.variants, "
    "serving.variants], authority: plan}",
    fix="With `authority`, `--fix` renames, removes and adds members as the authority has them. A "
    "new one is written as its neighbours are, with the values that rules relate to the same "
    "authority; where the neighbours have more than that, it says what and leaves it to you.",
    since="0.1.0",
    check=check_same,
)
SUBSET_OF = Relation(
    name="subset-of",
    summary="every member of a field is also on the other side",
    what="Like same-set, in one direction: the other side may have more.",
    why="A country that an experiment targets but the service does not serve gets no exposure.",
    example="{id: known-countries, each: plan.countries, subset-of: serving.countries}",
    fix="With `authority`, `--fix` adds what the authority has, or removes what it has not. "
    "Without one, whether to remove here or to add there is your decision.",
    since="0.1.0",
    check=check_subset,
)
