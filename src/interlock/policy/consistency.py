"""Loads one consistency rule of a policy."""

from __future__ import annotations

from collections.abc import Iterable

from interlock.model import SEVERITIES
from interlock.policy.model import Rule, Side
from interlock.policy.modifiers import (
    load_absent,
    load_exceptions,
    load_grace,
    load_join,
    load_when,
)
from interlock.policy.raw import Raw
from interlock.policy.relations import RELATIONS, SPECIAL, Argument
from interlock.policy.shapes import KEBAB, Reader, text_of
from interlock.policy.sides import Scope, check_field, fields_of, side_of
from interlock.values import Literal

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
Comparison = Literal["typed", "number", "text", "date", "version", "share"]
COMPARISONS: tuple[Comparison, ...] = ("typed", "number", "text", "date", "version", "share")
WORDS = (*MODIFIERS, *RELATIONS)
#: Words that hold lists; ``exists-in+`` and ``exists-in-`` change what a policy below says.
LISTS = (
    "join",
    "on",
    "except",
    "per",
    "exists-in",
    "equal",
    "same-set",
    "subset-of",
    "references",
    "member-of",
    "exclusive",
    "known-keys",
)


def load_rule(raw: Raw, scope: Scope, repos: Iterable[str]) -> Rule | None:
    """The rule, or None where it is too broken to use; problems say why."""
    problems = scope.problems
    reader = Reader(raw, "a consistency rule", WORDS, problems)
    if not reader.mapping:
        return None
    name = _id(reader)
    given = reader.require("each", "the source, or source.field, that the rule is about")
    left = side_of(given, "`each`", scope) if given is not None else None
    relations = [word for word in reader.parts if word in RELATIONS]
    if len(relations) != 1:
        has = " and ".join(f"`{word}`" for word in relations) or "none"
        reader.unclear(
            f"rule `{name}` needs exactly one relation; it has {has}",
            "the relations are " + ", ".join(RELATIONS),
        )
        return None
    scope = scope._replace(left=left)
    relation = relations[0]
    _check_words(reader, relation)
    if left is not None and given is not None:
        _check_left(given, left, relation, scope)
    argument = RELATIONS[relation].parse(relation, reader.parts[relation], scope)
    return _rule(reader, relation, left, _extended(reader, argument, scope), scope, repos)


def _rule(
    reader: Reader,
    relation: str,
    left: Side | None,
    argument: Argument,
    scope: Scope,
    repos: Iterable[str],
) -> Rule | None:
    problems = scope.problems
    rule = Rule(
        id=reader.text("id"),
        relation=relation,
        left=left or Side("", ""),
        targets=argument.targets,
        options=argument.options,
        when=load_when(reader, scope),
        join=load_join(reader.get("join"), problems),
        on=_on(reader, argument, scope),
        scope=_scope(reader, argument, scope),
        absent=load_absent(reader.get("absent"), relation, problems),
        exceptions=load_exceptions(reader, repos, problems),
        severity=reader.one_of("severity", SEVERITIES, "error"),
        grace=load_grace(reader.get("grace"), problems),
        authority=_authority(reader, left, argument),
        compare=reader.one_of("compare", COMPARISONS, "typed"),
        why=reader.text("why"),
        owner=reader.text("owner"),
        docs=reader.text("docs"),
        origin=reader.raw.origin(),
    )
    return rule if left is not None else None


def _id(reader: Reader) -> str:
    given = reader.require("id", "findings are named after it: experiment/<id>")
    name = reader.text("id")
    if given is not None and name and not KEBAB.match(name):
        reader.problems.add(
            given,
            f"`{name}` cannot be an id",
            "write it in lower case with hyphens: `same-variants`",
        )
    return name


def _check_words(reader: Reader, relation: str) -> None:
    for word in SPECIAL:
        if word in reader and word not in RELATIONS[relation].modifiers:
            fitting = [f"`{n}`" for n, shape in RELATIONS.items() if word in shape.modifiers]
            reader.problems.add(
                reader.parts[word],
                f"`{word}` means nothing for `{relation}`",
                "it belongs to " + ", ".join(fitting),
                named=True,
            )


def _check_left(raw: Raw, left: Side, relation: str, scope: Scope) -> None:
    wanted = RELATIONS[relation].left
    if wanted == "field" and not left.field:
        fields = scope.sources[left.source].fields
        example = next(iter(fields), "field")
        scope.problems.add(
            raw, f"`{relation}` is about a field: write `each: {left.source}.{example}`"
        )
    if wanted == "record" and left.field:
        hint = "to look a field's values up, use `references`" if relation == "exists-in" else ""
        scope.problems.add(
            raw, f"`{relation}` is about whole records: write `each: {left.source}`", hint
        )


def _extended(reader: Reader, argument: Argument, scope: Scope) -> Argument:
    """The argument with the words beside the relation that belong to it."""
    per, during = reader.get("per"), reader.get("during")
    options = dict(argument.options)
    if per is not None and "per" in options:
        sources = [target.source for target in argument.targets if isinstance(target, Side)]
        for source in sources:
            options["per"] = fields_of(per, "`per`", source, scope)
    if during is not None and "during" in options:
        names = fields_of(during, "`during`", scope.left.source if scope.left else None, scope)
        if len(names) == 2:
            options["during"] = names
        else:
            scope.problems.add(during, "`during` needs two fields: [start, end]")
    return Argument(argument.targets, options)


def _on(reader: Reader, argument: Argument, scope: Scope) -> tuple[str, ...]:
    raw = reader.get("on")
    if raw is None:
        return ()
    names = fields_of(raw, "`on`", scope.left.source if scope.left else None, scope)
    for source in _other_sources(argument, scope):
        for item, name in zip(raw.items(), names, strict=True):
            check_field(item, source, name, scope)
    return names


def _scope(reader: Reader, argument: Argument, scope: Scope) -> dict[str, str]:
    """``{mine: theirs}``: a field of the record, and the target's field that must equal it."""
    pairs = {}
    for mine, raw in reader.members("scope").items():
        check_field(raw, scope.left.source if scope.left else None, mine, scope)
        theirs = text_of(raw, "`scope`", scope.problems)
        for source in _other_sources(argument, scope):
            check_field(raw, source, theirs, scope)
        pairs[mine] = theirs
    return pairs


def _other_sources(argument: Argument, scope: Scope) -> list[str]:
    names = [target.source for target in argument.targets if isinstance(target, Side)]
    return [
        name for name in dict.fromkeys(names) if scope.left is None or name != scope.left.source
    ]


def _authority(reader: Reader, left: Side | None, argument: Argument) -> str:
    name = reader.text("authority")
    sides = [left.source] if left is not None else []
    sides += [target.source for target in argument.targets if isinstance(target, Side)]
    if name and left is not None and name not in sides:
        message = f"`{name}` is not a source of this rule, so it cannot decide"
        reader.problems.misnamed(reader.parts["authority"], message, name, sides)
    return name
