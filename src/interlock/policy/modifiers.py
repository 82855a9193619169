"""How the words of a rule beside its relation are written: when, join, absent, except, grace."""

from __future__ import annotations

from collections.abc import Iterable

from interlock.policy.durations import seconds
from interlock.policy.model import Absent, Condition, RuleException, Transform
from interlock.policy.paths import pattern_of
from interlock.policy.problems import Problems
from interlock.policy.raw import Raw
from interlock.policy.shapes import Reader, globs_of, kind_of, one_of, text_of
from interlock.policy.sides import Scope, check_field
from interlock.values import Literal

CONDITION_WORDS = ("not", "pattern")
TRANSFORMS = ("strip-prefix", "strip-suffix", "map")
AbsentWord = Literal["skip", "error", "any"]
ABSENT: tuple[AbsentWord, ...] = ("skip", "error", "any")
EXCEPTION_GLOBS = ("key", "value", "repo", "path")
#: What an acceptance has to say for itself.
EXCEPTION_NEEDS = {
    "reason": "say why, for those who read it later",
    "until": "the last day that it holds: `until: 2027-01-31`",
}
EXCEPTION_WORDS = (*EXCEPTION_GLOBS, "reason", "until")


def load_when(reader: Reader, scope: Scope) -> tuple[Condition, ...]:
    """The conditions of ``when``; all of them must hold."""
    left = scope.left.source if scope.left is not None else None
    found = []
    for field, test in reader.members("when").items():
        check_field(test, left, field, scope)
        found.append(_condition(field, test, scope.problems, negated=False))
    return tuple(found)


def _condition(field: str, raw: Raw, problems: Problems, *, negated: bool) -> Condition:
    if not isinstance(raw.value, dict):
        return Condition(field, _values(field, raw, problems), negated, "")
    reader = Reader(
        raw, f"the condition on `{field}`", CONDITION_WORDS, problems, nullable=("not",)
    )
    if len(reader.parts) != 1:
        reader.unclear(
            f"the condition on `{field}` is a value, a list of values, {{not: …}} or {{pattern: …}}"
        )
        return Condition(field, (), negated, "")
    inner = reader.get("not")
    if inner is not None and not negated:
        return _condition(field, inner, problems, negated=True)
    if inner is not None:
        problems.add(inner, "`not` inside `not` means nothing", named=True)
        return Condition(field, (), negated, "")
    pattern, _ = pattern_of(reader.parts["pattern"], "`pattern`", problems)
    return Condition(field, (), negated, pattern)


def _values(field: str, raw: Raw, problems: Problems) -> tuple[object, ...]:
    items = raw.items() if isinstance(raw.value, list) else [raw]
    if not items:
        problems.add(raw, f"the condition on `{field}` must list at least one value")
    for item in items:
        if isinstance(item.value, (dict, list)):
            problems.add(
                item, f"the condition on `{field}` must hold values, not {kind_of(item.value)}"
            )
    return tuple(item.value for item in items)


def load_join(raw: Raw | None, problems: Problems) -> tuple[Transform, ...]:
    """The steps of ``join``, in order."""
    found = []
    for item in raw.items() if raw is not None else ():
        step = _transform(item, problems)
        if step is not None:
            found.append(step)
    if raw is not None and isinstance(raw.value, list) and not raw.value:
        problems.add(raw, "`join` must name at least one step")
    return tuple(found)


def _transform(raw: Raw, problems: Problems) -> Transform | None:
    if raw.value == "lower":
        return Transform("lower", "", {})
    if not isinstance(raw.value, dict):
        problems.add(
            raw,
            "a step of `join` is `lower`, {strip-prefix: text}, {strip-suffix: text} "
            "or {map: {from: to}}",
        )
        return None
    reader = Reader(raw, "a step of `join`", TRANSFORMS, problems)
    if len(reader.parts) != 1:
        reader.unclear("a step of `join` does one thing: write each as an element of the list")
        return None
    if "strip-prefix" in reader:
        return Transform("strip-prefix", reader.text("strip-prefix"), {})
    if "strip-suffix" in reader:
        return Transform("strip-suffix", reader.text("strip-suffix"), {})
    return Transform(
        "map", "", {n: text_of(v, "`map`", problems) for n, v in reader.members("map").items()}
    )


def load_absent(raw: Raw | None, relation: str, problems: Problems) -> Absent:
    """What an absent field means; skipped unless the rule says otherwise."""
    if raw is None:
        return Absent("skip", None)
    if isinstance(raw.value, dict):
        reader = Reader(raw, "`absent`", ("default",), problems, nullable=("default",))
        default = reader.require("default")
        return Absent("default", default.value if default is not None else None)
    word = one_of(raw, "`absent`", ABSENT, problems, "skip")
    if word == "any" and relation != "exclusive":
        problems.add(raw, f"`absent: any` means nothing for `{relation}`, only for `exclusive`")
    return Absent(word, None)


def load_exceptions(
    reader: Reader, repos: Iterable[str], problems: Problems
) -> tuple[RuleException, ...]:
    """The exceptions of a rule; a date that cannot be read is kept and counts as expired."""
    names, found = list(repos), []
    for item in reader.listing("except"):
        inner = Reader(item, "an exception", EXCEPTION_WORDS, problems)
        inner.needs(EXCEPTION_NEEDS)
        if not set(EXCEPTION_GLOBS) & set(inner.parts):
            inner.unclear("an exception needs `key`, `value`, `repo` or `path`")
        key, value, repo = (inner.text(word) for word in ("key", "value", "repo"))
        check_repo(inner.get("repo"), repo, names, problems)
        globs_of(inner.get("path"), "`path`", problems)
        path, reason = inner.text("path"), inner.text("reason")
        found.append(
            RuleException(
                key, value, repo, path, reason, day_of(inner.get("until"), problems), item.origin()
            )
        )
    return tuple(found)


def check_repo(raw: Raw | None, repo: str, aliases: Iterable[str], problems: Problems) -> None:
    """A problem for a repository that the policy does not name; a glob may name any."""
    known = list(aliases)
    if raw is not None and repo and repo not in known and not set("*?[") & set(repo):
        problems.unknown(raw, "repo", repo, known)


def day_of(raw: Raw | None, problems: Problems) -> str:
    """The text of a date, whether it is one or not; "" where nothing is written."""
    if raw is None:
        return ""
    if isinstance(raw.value, (dict, list)):
        problems.add(raw, "`until` must be a day like 2027-01-31")
        return ""
    return raw.value if isinstance(raw.value, str) else str(raw.value)


def load_grace(raw: Raw | None, problems: Problems) -> int:
    """Seconds; 0 without a grace."""
    if raw is None:
        return 0
    found = seconds(raw.value) if isinstance(raw.value, str) else None
    if found is None:
        problems.add(raw, "`grace` must be a duration like 14d, 12h or 2w")
    return found or 0
