"""equal: a field has the same value on every side."""

from __future__ import annotations

from collections.abc import Iterator

from interlock.experiments.breach import AnyMend, Breach, Mend, Spot
from interlock.experiments.compare import Mode, as_text, canonical, shares, shown
from interlock.experiments.dataset import Dataset
from interlock.experiments.records import FieldValue, Leaf, children, first_leaf, plain
from interlock.experiments.relations.added import added
from interlock.experiments.relations.base import Relation
from interlock.experiments.relations.joined import Joined, joined
from interlock.experiments.scope import pair_repos, repair_repos
from interlock.policy.model import Rule

#: A leaf of one side, its member path, and the other side's leaf (None where it has none).
Difference = tuple[str, FieldValue | None, FieldValue | None]


def check(rule: Rule, dataset: Dataset) -> Iterator[Breach]:
    """One breach for each leaf that differs."""
    for pair in joined(rule, dataset):
        if isinstance(pair, Breach):
            yield pair
            continue
        for member, left, right in differences(pair.left_value, pair.right_value, rule.compare):
            yield _breach(rule, dataset, pair, member, left, right)


def differences(left: FieldValue, right: FieldValue, mode: Mode) -> Iterator[Difference]:
    """Every leaf in which two values differ, with its member path ("treatment.lr")."""
    if mode == "share":
        left_members, right_members = children(left), children(right)
        if isinstance(left_members, dict) and isinstance(right_members, dict):
            yield from _share_differences(left_members, right_members)
            return
    yield from _walk("", left, right, mode)


def _walk(path: str, left: FieldValue, right: FieldValue, mode: Mode) -> Iterator[Difference]:
    if canonical(plain(left), mode) == canonical(plain(right), mode):
        return
    a, b = children(left), children(right)
    if isinstance(a, list) and isinstance(b, list):
        a = {str(i): v for i, v in enumerate(a)}
        b = {str(i): v for i, v in enumerate(b)}
    if not (isinstance(a, dict) and isinstance(b, dict)):
        yield path, left, right
        return
    lead = f"{path}." if path else ""
    renamed = _renamed(a, b, mode)
    if renamed is not None:
        mine, other = renamed
        yield lead + str(mine.steps[-1]), mine, other
    skip = () if renamed is None else tuple(leaf.steps[-1] for leaf in renamed)
    for name in dict.fromkeys((*a, *b)):
        if name in skip:
            continue
        inner = lead + name
        if name in a and name in b:
            yield from _walk(inner, a[name], b[name], mode)
        else:
            yield inner, a.get(name), b.get(name)


def _renamed(
    a: dict[str, FieldValue], b: dict[str, FieldValue], mode: Mode
) -> tuple[Leaf, Leaf] | None:
    """The one member that only ``a`` has and the one that only ``b`` has, of the same value."""
    mine, other = [n for n in a if n not in b], [n for n in b if n not in a]
    if len(mine) != 1 or len(other) != 1:
        return None
    left, right = a[mine[0]], b[other[0]]
    if not isinstance(left, Leaf) or not isinstance(right, Leaf):
        return None
    same = canonical(left.value, mode) == canonical(right.value, mode)
    at_left, at_right = _name_of(left, mine[0]), _name_of(right, other[0])
    return (at_left, at_right) if same and at_left and at_right else None


def _name_of(leaf: Leaf, name: str) -> Leaf | None:
    """The leaf's member called ``name``, which may stand above what a wildcard selected."""
    steps = leaf.steps
    if name not in steps:
        return None
    return leaf._replace(steps=steps[: len(steps) - steps[::-1].index(name)], named=True)


def _called(value: FieldValue | None) -> str:
    """The name of a member that was only renamed; "" for any other difference."""
    return str(value.steps[-1]) if isinstance(value, Leaf) and value.named else ""


def _share_differences(
    left: dict[str, FieldValue], right: dict[str, FieldValue]
) -> Iterator[Difference]:
    a = shares({name: plain(v) for name, v in left.items()})
    b = shares({name: plain(v) for name, v in right.items()})
    for name in dict.fromkeys((*a, *b)):
        if name not in a or name not in b or a[name] != b[name]:
            yield name, left.get(name), right.get(name)


def _breach(
    rule: Rule,
    dataset: Dataset,
    pair: Joined,
    member: str,
    left: FieldValue | None,
    right: FieldValue | None,
) -> Breach:
    name = f"{rule.left.field}.{member}" if member else rule.left.field
    there = _side(pair.left_source, left)
    here = _side(pair.right_source, right)
    if _called(left) and _called(right):
        there = f"is called `{_called(left)}` in {pair.left_source}"
        here = f"`{_called(right)}` in {pair.right_source}"
    repos = pair_repos(pair.left, pair.right)
    left_spot = _spot(left, pair.left, pair.left_value, f"{there}")
    right_spot = _spot(right, pair.right, pair.right_value, f"{here}")
    authority_left = rule.authority == pair.left_source and pair.left is not pair.right
    spots = (right_spot, left_spot) if authority_left else (left_spot, right_spot)
    return Breach(
        key=pair.key,
        field=rule.left.field,
        member=member,
        message=f"`{pair.key}`: `{name}` {there}, but {here}"
        + (" (compared as shares of their sums)" if rule.compare == "share" else ""),
        spots=spots,
        repos=repos,
        repair_in=repair_repos(rule, dataset, repos),
        values=tuple(as_text(plain(v)) for v in (left, right) if isinstance(v, Leaf)),
        hint=_hint(rule, pair, name),
        mend=_mend(rule, dataset, pair, member, left, right),
    )


def _side(source: str, value: FieldValue | None) -> str:
    if value is None:
        return f"is missing in {source}"
    return f"is {shown(plain(value))} in {source}"


def _spot(value: FieldValue | None, record: object, whole: FieldValue, note: str) -> Spot:
    leaf = first_leaf(value) if value is not None else None
    if leaf is None:
        holder = first_leaf(whole)
        leaf = holder._replace(named=True) if holder is not None else record.leaf()  # type: ignore[attr-defined]
    return Spot(leaf, note)


def _hint(rule: Rule, pair: Joined, name: str) -> str:
    if rule.authority == pair.left_source:
        return f"{pair.left_source} decides: change `{name}` in {pair.right.path}"
    if rule.authority == pair.right_source:
        return f"{pair.right_source} decides: change `{name}` in {pair.left.path}"
    return f"give `{name}` the same value in {pair.left.path} and {pair.right.path}"


def _mend(
    rule: Rule,
    dataset: Dataset,
    pair: Joined,
    member: str,
    left: FieldValue | None,
    right: FieldValue | None,
) -> AnyMend | None:
    if pair.left is pair.right or rule.authority not in (pair.left_source, pair.right_source):
        return None
    if rule.authority == pair.left_source:
        good, bad, whole = left, right, pair.right_value
    else:
        good, bad, whole = right, left, pair.left_value
    if isinstance(bad, Leaf) and good is None:
        return Mend("remove", bad, None, member.rpartition(".")[2], None)
    if isinstance(bad, Leaf) and isinstance(good, Leaf) and _called(bad) and _called(good):
        return Mend("rename", bad, None, _called(good), good)
    if isinstance(bad, Leaf) and isinstance(good, Leaf):
        return Mend("set", bad, good.value, "", good, keep_type=rule.compare != "typed")
    if not isinstance(good, Leaf) or not member:
        return None
    holder, name = _holder(whole, member)
    if isinstance(holder, Leaf):
        listed = isinstance(holder.value, list)
        return Mend("insert", holder, good.value, "" if listed else name, good)
    if holder is not whole:
        return None
    sides = [
        (pair.left_source, pair.left, rule.left.field),
        (pair.right_source, pair.right, pair.right_field),
    ]
    left_decides = rule.authority == pair.left_source
    (source, record, _), (target, other, field) = sides if left_decides else sides[::-1]
    named = good._replace(value=name)
    return lambda: added(dataset, (source, target), (record, other), field, named)


def _holder(whole: FieldValue, member: str) -> tuple[FieldValue, str]:
    """The innermost value on the way of ``member`` that is there, and the rest of the way."""
    below = children(whole)
    if isinstance(below, list):
        below = {str(at): one for at, one in enumerate(below)}
    for name, one in (below or {}).items():
        if member.startswith(f"{name}."):
            return _holder(one, member[len(name) + 1 :])
    return whole, member


RELATION = Relation(
    name="equal",
    summary="a field has the same value on every side",
    what=(
        "Compares a field of each record with the same-keyed record of every target, leaf by "
        "leaf, and reports each leaf that differs. Maps pair by member name, never by position. "
        "A field that is absent on one side is skipped unless `absent:` says otherwise; a member "
        "that is missing inside a compared map always differs."
    ),
    why=(
        "An experiment whose parameters differ between training and serving measures something "
        "that nobody designed, and the data says so only weeks later."
    ),
    example="{id: same-params, each: plan.params, equal: training.params, authority: plan}",
    fix="With `authority`, `--fix` sets the value of the other sides, and adds or removes members "
    "as the authority has them.",
    since="0.1.0",
    check=check,
)
