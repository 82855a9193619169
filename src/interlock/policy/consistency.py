"""Loads one consistency rule of a policy."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

from interlock.model import SEVERITIES, Severity
from interlock.policy.durations import seconds
from interlock.policy.model import (
    Absent,
    Condition,
    Own,
    Rule,
    RuleException,
    Side,
    Source,
    Transform,
    Via,
)
from interlock.policy.raw import Problems, Raw, Reader, text_of
from interlock.policy.relations import RELATIONS, Argument, side_of

MODIFIERS = (
    "id",
    "each",
    "when",
    "join",
    "on",
    "absent",
    "except",
    "severity",
    "grace",
    "authority",
    "compare",
    "scope",
    "per",
    "during",
    "why",
    "owner",
    "docs",
)
COMPARISONS = ("typed", "number", "text", "date", "version", "share")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")


def load_rule(raw: Raw, sources: Mapping[str, Source], problems: Problems) -> Rule | None:
    """The rule, or None where it is too broken to use; problems say why."""
    reader = Reader(raw, "a consistency rule", (*MODIFIERS, *RELATIONS), problems)
    name = reader.text("id")
    if "id" not in reader or not _ID.match(name):
        part = reader.parts.get("id", raw)
        problems.add(part, "a consistency rule needs an `id` like `same-variants`")
    relations = [word for word in reader.parts if word in RELATIONS]
    each = reader.require("each")
    left = side_of(each, problems) if each is not None else None
    if len(relations) != 1 or left is None or each is None:
        if len(relations) != 1:
            text = " and ".join(f"`{word}`" for word in relations) or "none"
            problems.add(
                raw,
                f"rule `{name}` needs exactly one relation, and has {text}",
                "the relations are: " + ", ".join(RELATIONS),
            )
        return None
    relation = relations[0]
    shape = RELATIONS[relation]
    argument = shape.parse(reader.parts[relation], problems)
    for word in ("per", "scope", "during"):
        if word in reader and word not in shape.extra:
            problems.add(
                reader.parts[word], f"`{word}` has no meaning for `{relation}`", named=True
            )
    _check_sides(reader, left, each, relation, argument, sources)
    return Rule(
        id=name,
        relation=relation,
        left=left,
        targets=argument.targets,
        options=_options(reader, relation, argument, problems),
        when=_when(reader, problems),
        join=_join(reader, problems),
        on=reader.texts("on"),
        scope=_texts(reader, "scope"),
        absent=_absent(reader, problems),
        exceptions=_exceptions(reader, problems),
        severity=cast("Severity", reader.one_of("severity", SEVERITIES, "error")),
        grace=_grace(reader, problems),
        authority=_authority(reader, left, argument, problems),
        compare=cast("Any", reader.one_of("compare", COMPARISONS, "typed")),
        why=reader.text("why"),
        owner=reader.text("owner"),
        docs=reader.text("docs"),
        origin=raw.origin(),
    )


def _check_sides(
    reader: Reader,
    left: Side,
    each: Raw,
    relation: str,
    argument: Argument,
    sources: Mapping[str, Source],
) -> None:
    problems = reader.problems
    raw = reader.parts[relation]
    items = raw.items()
    _check_side(left, each, sources, problems)
    if RELATIONS[relation].needs_field and not left.field:
        problems.add(each, f"`{relation}` needs a field: `each: {left.source}.field`")
    for at, target in enumerate(argument.targets):
        where = items[at] if at < len(items) else raw
        if isinstance(target, Side):
            _check_side(target, where, sources, problems)
            if relation in ("equal", "same-set", "subset-of", "before") and not target.field:
                problems.add(where, f"`{relation}` needs a field: `{target.source}.field`")
        elif isinstance(target, Via):
            for step in target.steps:
                _check_side(step, where, sources, problems)
        elif isinstance(target, Own):
            _check_side(Side(left.source, target.field), where, sources, problems)


def _check_side(side: Side, raw: Raw, sources: Mapping[str, Source], problems: Problems) -> None:
    source = sources.get(side.source)
    if source is None:
        problems.unknown(raw, "source", side.source, sources)
        return
    if not side.field or side.field in source.fields:
        return
    if source.pattern and f"(?P<{side.field}>" in source.pattern:
        return
    problems.unknown(raw, f"field of source `{side.source}`", side.field, source.fields)


def _options(
    reader: Reader, relation: str, argument: Argument, problems: Problems
) -> dict[str, Any]:
    options = dict(argument.options)
    if relation == "exists-in":
        options["per"] = reader.texts("per")
    if relation == "exclusive":
        during = reader.texts("during")
        if during and len(during) != 2:
            problems.add(reader.parts["during"], "`during` needs two fields: [start, end]")
        options["during"] = during if len(during) == 2 else None
    if relation == "pattern":
        from interlock.documents.patterns import PatternError, compile_pattern

        try:
            compile_pattern(options["pattern"])
        except PatternError as error:
            problems.add(reader.parts[relation], str(error))
    return options


def _when(reader: Reader, problems: Problems) -> tuple[Condition, ...]:
    part = reader.parts.get("when")
    found = []
    for field, test in (part.members() if part is not None else {}).items():
        negated, pattern, values = False, "", test
        if isinstance(test.value, dict):
            inner = Reader(test, "a condition", ("not", "pattern"), problems)
            negated = "not" in inner
            pattern = inner.text("pattern")
            values = inner.parts.get("not", test)
        listed = () if pattern else tuple(item.value for item in values.items())
        if not pattern and values.value is None:
            listed = (None,)
        found.append(Condition(field, listed, negated, pattern))
    return tuple(found)


def _join(reader: Reader, problems: Problems) -> tuple[Transform, ...]:
    part = reader.parts.get("join")
    found = []
    for item in part.items() if part is not None else ():
        if item.value == "lower":
            found.append(Transform("lower", "", {}))
            continue
        inner = Reader(item, "`join`", ("strip-prefix", "strip-suffix", "map"), problems)
        for word in ("strip-prefix", "strip-suffix"):
            if word in inner:
                kind: Any = word
                found.append(Transform(kind, inner.text(word), {}))
        if "map" in inner:
            mapping = {k: str(v.value) for k, v in inner.parts["map"].members().items()}
            found.append(Transform("map", "", mapping))
    return tuple(found)


def _texts(reader: Reader, word: str) -> dict[str, str]:
    part = reader.parts.get(word)
    if part is None:
        return {}
    return {
        name: text_of(value, f"`{word}`", reader.problems) for name, value in part.members().items()
    }


def _absent(reader: Reader, problems: Problems) -> Absent:
    part = reader.parts.get("absent")
    if part is None:
        return Absent("skip", None)
    if isinstance(part.value, dict):
        default = Reader(part, "`absent`", ("default",), problems).require("default")
        return Absent("default", default.value if default is not None else None)
    kind: Any = reader.one_of("absent", ("skip", "error", "any"), "skip")
    return Absent(kind, None)


def _exceptions(reader: Reader, problems: Problems) -> tuple[RuleException, ...]:
    part = reader.parts.get("except")
    found = []
    for item in part.items() if part is not None else ():
        words = ("key", "value", "repo", "path", "reason", "until")
        inner = Reader(item, "an exception", words, problems)
        inner.require("reason")
        inner.require("until")
        key, value, repo, path, reason, until = (inner.text(word) for word in words)
        found.append(RuleException(key, value, repo, path, reason, until, item.origin()))
    return tuple(found)


def _grace(reader: Reader, problems: Problems) -> int:
    if "grace" not in reader:
        return 0
    found = seconds(reader.text("grace"))
    if found is None:
        problems.add(reader.parts["grace"], "`grace` must be a duration like 14d, 12h or 2w")
    return found or 0


def _authority(reader: Reader, left: Side, argument: Argument, problems: Problems) -> str:
    name = reader.text("authority")
    sides = [left.source, *(t.source for t in argument.targets if isinstance(t, Side))]
    if name and name not in sides:
        problems.unknown(reader.parts["authority"], "authority", name, sides)
        return ""
    return name
