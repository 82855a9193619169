"""Writes schemas/policy.json and schemas/member.json from the loader's own tables.

`--check` says whether they are up to date. A word that the loader knows and tools/policy_words.py
does not describe (or the other way round) is an error here.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import policy_words as words

from interlock.documents.read import FORMATS
from interlock.experiments.relations.table import relation
from interlock.model import SEVERITIES
from interlock.policy import (
    acceptances,
    change_sets,
    checklist,
    consistency,
    extend,
    fields,
    load,
    member,
    merge,
    modifiers,
    relations,
    requires,
    secrets,
    settings,
    shapes,
    sources,
)

ROOT = Path(__file__).resolve().parent.parent
DRAFT = "https://json-schema.org/draft/2020-12/schema"
NAME = r"[A-Za-z_][A-Za-z0-9_-]*"
REPO = r"^[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+$"
TEXT = {"type": "string", "minLength": 1}
DURATION = {"type": "string", "pattern": "^[0-9]{1,6}[mhdw]$"}
DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
Schema = dict[str, Any]


def ref(name: str) -> Schema:
    """A reference to a definition."""
    return {"$ref": f"#/$defs/{name}"}


def one_or_more(item: Schema) -> Schema:
    """An item, or a list of at least one."""
    return {"anyOf": [item, {"type": "array", "minItems": 1, "items": item}]}


def described(
    shapes: Mapping[str, Schema], texts: Mapping[str, str], known: Iterable[str]
) -> Schema:
    """A closed mapping of the words that the loader knows, each with what it means."""
    if not set(shapes) == set(texts) == set(known):
        odd = set(shapes) ^ set(texts) | set(shapes) ^ set(known)
        raise SystemExit(f"the words of the loader and of tools/policy_words.py differ: {odd}")
    properties = {word: {"description": texts[word], **shapes[word]} for word in known}
    return {"type": "object", "additionalProperties": False, "properties": properties}


def patchable(schema: Schema, lists: Iterable[str]) -> Schema:
    """A mapping that may patch one of a policy below: null takes away, `word+` and `word-`."""
    properties = {
        name: {"description": shape.pop("description", ""), "anyOf": [shape, {"type": "null"}]}
        for name, shape in schema["properties"].items()
    }
    for word in lists:
        for sign, text in (("+", "Adds to"), ("-", "Takes from")):
            properties[word + sign] = {
                "description": f"{text} the `{word}` of a policy below.",
                "not": {"type": "null"},
            }
    return {**schema, "properties": properties}


def policy() -> Schema:
    """schemas/policy.json."""
    shapes: dict[str, Schema] = {
        "version": {"const": load.VERSION},
        "requires": {
            "type": "string",
            "pattern": r"^interlock *>= *[0-9]{1,6}(\.[0-9]{1,6}){0,2}$",
        },
        "on-outdated": {"enum": list(requires.ON_OUTDATED)},
        "extends": {"anyOf": [ref("reference"), {"type": "array", "items": ref("reference")}]},
        "repos": named(one_or_more({"type": "string", "pattern": REPO}), signs=True),
        "sources": named({"anyOf": [ref("source"), {"type": "null"}]}),
        "consistency": {"type": "array", "items": ref("rule")},
        "rules": {
            "type": "object",
            "additionalProperties": {
                "anyOf": [ref("severity"), ref("setting"), {"type": "null"}],
            },
        },
        "companions": {"type": "array", "items": ref("companion")},
        "change-sets": ref("change-sets"),
        "checklist": ref("checklist"),
        "secrets": ref("secrets"),
        "waivers": {"type": "array", "items": ref("waiver")},
        "share-with": named(one_or_more(TEXT), signs=True),
        "member-waivers": {"type": "boolean"},
    }
    body = described(shapes, words.POLICY, load.WORDS)
    return {
        "$schema": DRAFT,
        "title": "Interlock policy",
        "description": "interlock.yaml: which records of which repositories must agree, and how.",
        **body,
        "required": ["version"],
        "$defs": definitions(),
    }


def named(item: Schema, *, signs: bool = False) -> Schema:
    """A mapping from names; with ``signs`` its lists can be added to and taken from."""
    patterns: dict[str, Any] = {f"^{NAME}$": item}
    if signs:
        patterns = {f"^{NAME}$": {"anyOf": [item, {"type": "null"}]}}
        patterns[f"^{NAME}[+]$"] = {"not": {"type": "null"}}
        patterns[f"^{NAME}-$"] = {}
    return {"type": "object", "additionalProperties": False, "patternProperties": patterns}


def definitions() -> Schema:
    """The parts that policies and member files share."""
    return {
        "severity": {"enum": list(SEVERITIES)},
        "path": {
            "type": "string",
            "pattern": r"^[$@^]",
            "maxLength": shapes.MAX_LENGTH,
            "description": "RFC 9535 JSONPath: `$` is the document, `@` the record, `^` the one "
            "around it.",
        },
        "glob": {
            "type": "string",
            "pattern": r"^[^/\\][^\\]*$",
            "maxLength": shapes.MAX_LENGTH,
            "not": {"pattern": r"(^|/)\.\.?(/|$)"},
            "description": "`*` within a folder, `**` any number of folders, `{name}` captures.",
        },
        "day": {"type": ["string", "number", "boolean"], "description": "YYYY-MM-DD"},
        "reference": reference(),
        "source": source(),
        "field": field(),
        "key": key(),
        "rule": rule(),
        "condition": condition(),
        "transform": transform(),
        "exception": exception(),
        "side": {"type": "string", "pattern": rf"^{NAME}(\.{NAME})?$"},
        "target": target(),
        "waiver": waiver(),
        "setting": setting(),
        "companion": companion(),
        "change-sets": change_sets_of(),
        "checklist": checklist_of(),
        "secrets": secrets_of(),
    }


def reference() -> Schema:
    """An element of `extends`."""
    shapes = {
        "repo": {"type": "string", "pattern": REPO},
        "path": TEXT,
        "revision": TEXT,
        "branch": TEXT,
    }
    mapping = described(shapes, words.REFERENCE, extend.EXTENDS_WORDS)
    mapping["required"] = ["repo", "path"]
    mapping["oneOf"] = [{"required": ["revision"]}, {"required": ["branch"]}]
    return {"anyOf": [TEXT, mapping]}


def source() -> Schema:
    """One of `sources`."""
    shapes = {
        "repo": one_or_more(TEXT),
        "files": one_or_more(ref("glob")),
        "exclude": one_or_more(ref("glob")),
        "layers": one_or_more(ref("glob")),
        "format": {"enum": list(FORMATS)},
        "each": one_or_more(ref("path")),
        "key": one_or_more(ref("key")),
        "fields": named({"anyOf": [ref("field"), {"type": "null"}]}),
        "pattern": TEXT,
        "optional": {"type": "boolean"},
    }
    shapes["fields"]["propertyNames"] = {"not": {"const": "key"}}
    schema = patchable(described(shapes, words.SOURCE, sources.WORDS), sources.LISTS)
    # A patch of a source of a policy below may leave both out.
    schema["not"] = {"required": ["files", "layers"]}
    schema["dependentSchemas"] = {
        "pattern": {"not": {"anyOf": [{"required": [w]} for w in sources.TEXT_LEAVES_OUT]}}
    }
    return schema


def field() -> Schema:
    """One of a source's `fields`."""
    shapes: dict[str, Schema] = {
        **dict.fromkeys(("path", "keys", "values", "of"), ref("path")),
        "by": TEXT,
        "pattern": TEXT,
        "const": {},
        "optional": {"type": "boolean"},
    }
    mapping = described(shapes, words.FIELD, fields.FIELD_WORDS)
    mapping["oneOf"] = [{"required": [word]} for word in fields.SELECTORS]
    mapping["dependentSchemas"] = {
        "by": {"anyOf": [{"required": ["path"]}, {"required": ["values"]}]},
        "of": {"required": ["pattern"]},
        "pattern": {"required": ["of"]},
    }
    return {"anyOf": [{"type": "string", "pattern": r"^([$@^]|\{.*\}$)"}, mapping]}


def key() -> Schema:
    """One part of a source's `key`."""
    mapping = {
        "type": "object",
        "additionalProperties": False,
        "properties": {"pattern": TEXT, "of": {"enum": list(fields.KEY_OF)}},
        "required": ["pattern"],
    }
    return {"anyOf": [{"type": "string", "pattern": r"^([$@^]|\{.*\}$|name$)"}, mapping]}


def rule() -> Schema:
    """One of `consistency`."""
    fields_of = one_or_more(TEXT)
    shapes: dict[str, Schema] = {
        "id": {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"},
        "each": ref("side"),
        "when": {"type": "object", "additionalProperties": ref("condition")},
        "join": one_or_more(ref("transform")),
        "on": fields_of,
        "absent": {
            "anyOf": [
                {"enum": list(modifiers.ABSENT)},
                {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {"default": {}},
                    "required": ["default"],
                },
            ]
        },
        "except": {"type": "array", "items": ref("exception")},
        "severity": ref("severity"),
        "grace": DURATION,
        "authority": TEXT,
        "compare": {"enum": list(consistency.COMPARISONS)},
        "scope": {"type": "object", "additionalProperties": TEXT},
        "per": fields_of,
        "during": {"type": "array", "minItems": 2, "maxItems": 2, "items": TEXT},
        **dict.fromkeys(("why", "owner", "docs"), TEXT),
    }
    arguments = relation_arguments()
    if set(arguments) != set(relations.RELATIONS):
        raise SystemExit("tools/gen_schema.py lacks the argument of a relation")
    texts = {name: relation(name).what for name in relations.RELATIONS}
    schema = patchable(
        described({**shapes, **arguments}, {**words.RULE, **texts}, consistency.WORDS),
        consistency.LISTS,
    )
    schema["properties"]["id"] = {"description": words.RULE["id"], **shapes["id"]}
    schema["required"] = ["id"]
    # Without `each` it patches the rule of that id in a policy below.
    schema["if"] = {"required": ["each"]}
    schema["then"] = {
        "oneOf": [{"required": [name]} for name in relations.RELATIONS],
        "dependentSchemas": {word: {"anyOf": takers(word)} for word in relations.SPECIAL},
    }
    return schema


def takers(word: str) -> list[Schema]:
    """The relations that take a modifier."""
    return [{"required": [name]} for name, s in relations.RELATIONS.items() if word in s.modifiers]


def relation_arguments() -> dict[str, Schema]:
    """How the argument of each relation is written."""
    number = {"type": "number"}
    field_target = one_or_more({"type": "string", "pattern": rf"^({NAME})?\.{NAME}$"})
    numbers = dict.fromkeys(relations.SUM_NUMBERS, number)
    return {
        "exists-in": one_or_more({"type": "string", "pattern": f"^{NAME}$"}),
        **dict.fromkeys(("equal", "same-set", "subset-of", "before"), field_target),
        **dict.fromkeys(("references", "member-of"), one_or_more(ref("target"))),
        "sum": {
            "anyOf": [
                number,
                {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {**numbers, "by": TEXT},
                    "anyOf": [{"required": [word]} for word in ("equals", "min", "max")],
                },
            ]
        },
        "uniform": {
            "anyOf": [
                {"const": True},
                {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {"by": one_or_more(TEXT)},
                    "required": list(relations.UNIFORM_WORDS),
                },
            ]
        },
        "unique": {"enum": list(relations.UNIQUE)},
        "exclusive": one_or_more(TEXT),
        "known-keys": {
            "anyOf": [
                one_or_more(TEXT),
                {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {"schema": {"type": ["string", "object"], "minLength": 1}},
                    "required": list(relations.KNOWN_KEYS_WORDS),
                },
            ]
        },
        "pattern": TEXT,
    }


def condition() -> Schema:
    """A test of `when`."""
    scalar = {"not": {"type": ["object", "array"]}}
    values = {"anyOf": [scalar, {"type": "array", "minItems": 1, "items": scalar}]}
    pattern = {
        "type": "object",
        "additionalProperties": False,
        "properties": {"pattern": TEXT},
        "required": ["pattern"],
    }
    negated = {
        "type": "object",
        "additionalProperties": False,
        "properties": {"not": {"anyOf": [*values["anyOf"], pattern]}},
        "required": ["not"],
    }
    return {"anyOf": [*values["anyOf"], pattern, negated]}


def transform() -> Schema:
    """A step of `join`."""
    mapping: Schema = {
        "type": "object",
        "additionalProperties": False,
        "properties": dict.fromkeys(modifiers.TRANSFORMS, TEXT),
        "minProperties": 1,
        "maxProperties": 1,
    }
    mapping["properties"]["map"] = {"type": "object", "additionalProperties": TEXT}
    return {"anyOf": [{"const": "lower"}, mapping]}


def target() -> Schema:
    """What `references` and `member-of` may name."""
    name = {"type": "string", "pattern": rf"^(\.{NAME}|{NAME}(\.{NAME})?)$"}
    hop = {"type": "string", "pattern": rf"^{NAME}\.{NAME}$"}
    mapping = {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "values": {"type": "array", "description": "Values written here."},
            "via": {
                "type": "array",
                "minItems": 2,
                "items": hop,
                "description": "My key -> a record of the first source; each value of its field "
                "-> a record of the next one; its field.",
            },
        },
        "minProperties": 1,
        "maxProperties": 1,
    }
    return {"anyOf": [name, mapping]}


def exception() -> Schema:
    """One of a rule's `except`."""
    shapes = {**dict.fromkeys(modifiers.EXCEPTION_WORDS, TEXT), "until": ref("day")}
    shapes["path"] = ref("glob")
    schema = described(shapes, words.EXCEPTION, modifiers.EXCEPTION_WORDS)
    schema["required"] = list(modifiers.EXCEPTION_NEEDS)
    schema["anyOf"] = [{"required": [word]} for word in modifiers.EXCEPTION_GLOBS]
    return schema


def waiver() -> Schema:
    """One of `waivers`."""
    shapes = {**dict.fromkeys(acceptances.WAIVER_WORDS, TEXT), "until": ref("day")}
    shapes["path"] = ref("glob")
    schema = described(shapes, words.WAIVER, acceptances.WAIVER_WORDS)
    schema["required"] = list(acceptances.WAIVER_NEEDS)
    schema["anyOf"] = [{"required": [word]} for word in acceptances.WAIVER_GLOBS]
    return schema


def setting() -> Schema:
    """The long form of one of `rules`."""
    override = described(
        {
            "repos": one_or_more(TEXT),
            "paths": one_or_more(ref("glob")),
            "severity": ref("severity"),
        },
        words.OVERRIDE,
        settings.OVERRIDE_WORDS,
    )
    override["required"] = ["severity"]
    override["anyOf"] = [{"required": ["repos"]}, {"required": ["paths"]}]
    rollout = described(
        {"pilot": one_or_more(TEXT), "error-from": {"type": "string", "pattern": DAY}},
        words.ROLLOUT,
        settings.ROLLOUT_WORDS,
    )
    shapes = {
        "severity": ref("severity"),
        "overrides": {"type": "array", "items": override},
        "rollout": rollout,
    }
    schema = patchable(described(shapes, words.SETTING, settings.SETTING_WORDS), merge.RULE_LISTS)
    schema["not"] = {"required": ["severity", "rollout"]}
    return schema


def companion() -> Schema:
    """One of `companions`."""
    shapes = {
        "id": {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"},
        "repo": TEXT,
        "paths": one_or_more(ref("glob")),
        "needs": one_or_more(TEXT),
        "why": TEXT,
    }
    schema = described(shapes, words.COMPANION, acceptances.COMPANION_WORDS)
    schema["required"] = ["repo", "paths", "needs"]
    return schema


def change_sets_of() -> Schema:
    """`change-sets`."""
    shapes = {"window": DURATION, "remind-after": DURATION}
    return described(shapes, words.CHANGE_SETS, change_sets.WORDS)


def checklist_of() -> Schema:
    """`checklist`."""
    jira = described(
        {
            "url": {"type": "string", "pattern": f"^{checklist.URL}$"},
            "project": {"type": "string", "pattern": f"^{checklist.PROJECT}$"},
        },
        words.JIRA,
        checklist.JIRA_WORDS,
    )
    jira["required"] = list(checklist.JIRA_WORDS)
    shapes = {"label": TEXT, "field": TEXT, "jira": jira}
    return described(shapes, words.CHECKLIST, checklist.WORDS)


def secrets_of() -> Schema:
    """`secrets`."""
    name = {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"}
    keyword = {"type": "string", "pattern": r"\S", "not": {"pattern": r"\n"}}
    keywords = {"type": "array", "minItems": 1, "maxItems": secrets.MAX_KEYWORDS, "items": keyword}
    shapes = {
        "id": name,
        "type": name,
        "keywords": keywords,
        "min_entropy": {"type": "number", "minimum": 0, "maximum": 8},
        "edges": {"type": "boolean"},
        "checksum": {"enum": list(secrets.CHECKSUMS)},
        **{word: {**TEXT, "maxLength": secrets.MAX_PATTERN} for word in secrets.PATTERNS},
        **dict.fromkeys(("why", "rotate"), TEXT),
    }
    rule = described(shapes, words.SECRET_RULE, secrets.RULE_WORDS)
    rule["required"] = list(secrets.RULE_NEEDS)
    rule["anyOf"] = [{"required": ["keywords"]}, {"required": ["paths"]}]
    path = {"type": "string", "pattern": r"^[^/\\][^\\]*$", "not": {"pattern": r"(^|/)\.\.(/|$)"}}
    shapes = {
        "exclude": one_or_more(ref("glob")),
        "baseline": path,
        "rules": {"type": "array", "maxItems": secrets.MAX_RULES, "items": rule},
    }
    return patchable(described(shapes, words.SECRETS, secrets.WORDS), secrets.LISTS)


def member_file() -> Schema:
    """schemas/member.json."""
    own_waiver = waiver()
    del own_waiver["anyOf"]  # the repo is this one
    shapes = {
        "policy": reference(),
        "repo": TEXT,
        "waivers": {"type": "array", "items": own_waiver},
    }
    parts = definitions()
    return {
        "$schema": DRAFT,
        "title": "Interlock member",
        "description": ".interlock.yaml: the policy that this repository follows.",
        **described(shapes, words.MEMBER, member.WORDS),
        "required": ["policy"],
        "$defs": {name: parts[name] for name in ("day", "glob")},
    }


def wanted() -> dict[Path, str]:
    """Each schema file with its text."""
    schemas = {"policy.json": policy(), "member.json": member_file()}
    return {
        ROOT / "schemas" / name: json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
        for name, schema in schemas.items()
    }


def main() -> int:
    """Write, or check; exit 1 where a file is out of date."""
    check = "--check" in sys.argv
    stale = [
        path
        for path, text in wanted().items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    for path in stale:
        print(f"{'out of date' if check else 'wrote'}: {path.relative_to(ROOT)}")
        if not check:
            path.write_text(wanted()[path], encoding="utf-8", newline="\n")
    return 1 if stale and check else 0


if __name__ == "__main__":
    raise SystemExit(main())
