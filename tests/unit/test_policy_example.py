"""What good policies load into."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from policyfiles import load

from interlock.policy.model import (
    Absent,
    Condition,
    KeySpec,
    Literals,
    Own,
    Rule,
    Side,
    Source,
    Transform,
    Via,
)

#: The three-repository story, as the documentation tells it.
STORY = Path(__file__).with_name("policy_story.yaml")


def _source(text: str) -> Source:
    policy = load(f"version: 1\nrepos: {{a: o/a, b: o/b}}\nsources:\n  s: {{repo: a, {text}}}\n")
    return policy.sources["s"]


def _rule(text: str, files: dict[str, str] | None = None) -> Rule:
    (rule,) = load(
        "version: 1\nrepos: {a: o/a, b: o/b}\nsources:\n"
        '  plan: {repo: a, files: "{app}/{key}.yaml", fields: {x: $.x, y: $.y, s: $.s, e: $.e}}\n'
        '  live: {repo: b, files: l.json, each: "$.*", fields: {x: "@.x", env: "@.env"}}\n'
        "consistency:\n  - {id: r, " + text + "}\n",
        files,
    ).consistency
    return rule


def test_the_story_loads_as_it_stands() -> None:
    policy = load(STORY.read_bytes())
    assert policy.repos == {
        "pipelines": ("acme/feature-pipelines",),
        "training": ("acme/model-training",),
        "serving": ("acme/model-serving",),
    }
    assert list(policy.sources) == ["plan", "training", "registry", "serving", "code"]
    plan, serving, code = (policy.sources[name] for name in ("plan", "serving", "code"))
    assert plan.key == (KeySpec("capture", None, "key", "", "name"),)
    assert [(n, f.kind) for n, f in plan.fields.items()] == [
        ("status", "path"), ("variants", "keys"), ("params", "path"), ("weights", "path"),
        ("models", "path"),
    ]  # fmt: skip
    assert [glob.text for glob in serving.layers] == [
        "charts/ranker/values.yaml",
        "env/{env}/values.yaml",
    ]
    assert serving.key == (KeySpec("name", None, "", "", "name"),)
    assert serving.fields["env"].kind == "capture"
    assert code.pattern == r'experiment\("(?P<key>[\w-]+)"'
    assert [(r.id, r.relation, r.left) for r in policy.consistency] == [
        ("in-every-repo", "exists-in", Side("plan", "")),
        ("same-variants", "same-set", Side("plan", "variants")),
        ("same-params", "equal", Side("plan", "params")),
        ("weights-add-up", "sum", Side("serving", "weights")),
        ("model-exists", "references", Side("plan", "models")),
        ("code-known", "exists-in", Side("code", "")),
    ]
    first, same, params, _, _, known = policy.consistency
    assert first.when == (Condition("status", ("ready", "live"), negated=False, pattern=""),)
    assert first.targets == (Side("training", ""), Side("serving", ""))
    assert same.targets == (Side("training", "variants"), Side("serving", "variants"))
    assert (params.compare, params.authority) == ("number", "plan")
    assert (known.grace, known.severity) == (14 * 86_400, "warning")
    assert first.origin == ("interlock.yaml", 21, 5)
    assert [layer.name for layer in policy.layers] == ["interlock:recommended", "interlock.yaml"]
    assert policy.notices == ()


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('files: "{app}/{key}.yaml"', [("capture", "key")]),
        ('files: x.yaml, each: "$.items.*"', [("name", "")]),
        ('files: x.yaml, each: "$.items.*.config"', [("name", "")]),
        ('files: x.yaml, each: "$.items[?@.on]"', [("name", "")]),
        ("files: x.yaml, each: \"$['a', 'b']\"", [("name", "")]),
        ('files: x.yaml, each: ["$.studies.*", "@.groups.*"]', [("name", "")]),
        ('files: x.yaml, each: "$.items"', []),
        ('files: x.yaml, each: "$..items"', []),
        ("files: x.yaml", []),
        ('files: "*.py", pattern: "use(?P<key>.)"', [("capture", "key")]),
        ('files: "{key}.py", pattern: "use(.)"', [("capture", "key")]),
        ('files: "{app}.yaml", key: ["{app}", name]', [("capture", "app"), ("name", "")]),
        ('files: "*.py", pattern: "(?P<a>.)(?P<b>.)", key: ["{a}", "{b}"]',
         [("capture", "a"), ("capture", "b")]),
    ],
)  # fmt: skip
def test_the_key_of_a_record(text: str, key: list[tuple[str, str]]) -> None:
    assert [(part.kind, part.name) for part in _source(text).key] == key


def test_a_key_by_path_and_by_pattern() -> None:
    by_path, by_pattern = _source(
        'files: x.yaml, each: "$[*]", key: ["@.id", {pattern: "^a-(.*)", of: path}]'
    ).key
    assert by_path.path is not None
    assert by_path.path.text == "@.id"
    assert by_pattern == KeySpec("pattern", None, "", "^a-(.*)", "path")


def test_fields_in_every_form() -> None:
    source = _source(
        'files: "{app}/x.yaml", fields: {plain: "@.a", where: "{app}", names: {keys: "@.b"}, '
        'all: {values: "@.c", optional: true}, named: {path: "@.d", by: id}, '
        'part: {pattern: "v(.)", of: "@.e"}, fixed: {const: null}}'
    )
    assert {n: (f.kind, f.path.text if f.path else "") for n, f in source.fields.items()} == {
        "plain": ("path", "@.a"),
        "where": ("capture", ""),
        "names": ("keys", "@.b"),
        "all": ("values", "@.c"),
        "named": ("path", "@.d"),
        "part": ("pattern", "@.e"),
        "fixed": ("const", ""),
        "app": ("capture", ""),
    }
    assert source.fields["where"].capture == "app"
    assert source.fields["all"].optional
    assert source.fields["named"].by == "id"
    assert source.fields["part"].pattern == "v(.)"
    assert source.fields["app"].optional


def test_groups_of_a_pattern_are_fields() -> None:
    source = _source('files: "*.rb", pattern: "(?P<key>a)(?P<kind>b)"')
    assert list(source.fields) == ["kind"]


def test_a_repo_need_not_be_named_where_there_is_one_and_may_be_several() -> None:
    one = load("version: 1\nrepos: {a: o/a}\nsources: {s: {files: x.yaml}}\n")
    assert one.sources["s"].repos == ("a",)
    many = load(
        "version: 1\nrepos: {a: [o/a, o/c], b: o/b}\nsources: {s: {repo: [a, b], files: x}}\n"
    )
    assert many.repos["a"] == ("o/a", "o/c")
    assert many.sources["s"].repos == ("a", "b")


@pytest.mark.parametrize(
    ("text", "targets", "options"),
    [
        ("each: plan, exists-in: live, per: env", (Side("live", ""),), {"per": ("env",)}),
        ("each: plan.x, equal: [live.x, .y]", (Side("live", "x"), Own("y")), {}),
        ("each: plan.x, equal: .key", (Own("key"),), {}),
        ("each: plan.x, references: [live, {values: [1, null]}, {via: [live.env, plan.x]}]",
         (Side("live", ""), Literals((1, None)), Via((Side("live", "env"), Side("plan", "x")))),
         {}),
        ("each: plan.x, member-of: {values: []}", (Literals(()),), {}),
        ("each: plan.x, sum: 0.1", (),
         {"equals": Decimal("0.1"), "min": None, "max": None, "tolerance": None, "by": ""}),
        ("each: plan.x, sum: {min: 99, max: 101.5, tolerance: 1e-9, by: app}", (),
         {"equals": None, "min": Decimal(99), "max": Decimal("101.5"),
          "tolerance": Decimal("1E-9"), "by": "app"}),
        ("each: plan.x, uniform: true", (), {"by": ()}),
        ("each: plan.x, uniform: {by: [app, key]}", (), {"by": ("app", "key")}),
        ("each: plan.x, unique: in-record", (), {"within": "record"}),
        ("each: plan, unique: in-source", (), {"within": "source"}),
        ("each: plan, exclusive: [x, y], during: [s, e]", (),
         {"fields": ("x", "y"), "during": ("s", "e")}),
        ("each: plan, exclusive: x", (), {"fields": ("x",), "during": None}),
        ("each: plan.s, before: .e", (Own("e"),), {}),
        ("each: plan, known-keys: [x, y]", (), {"names": ("x", "y"), "schema": None}),
        ("each: plan, known-keys: {schema: {properties: {x: {}}}}", (),
         {"names": None, "schema": {"properties": {"x": {}}}}),
        ("each: plan.x, pattern: '^a'", (), {"pattern": "^a"}),
    ],
)  # fmt: skip
def test_the_argument_of_each_relation(
    text: str, targets: tuple[object, ...], options: dict[str, object]
) -> None:
    rule = _rule(text)
    assert rule.targets == targets
    assert rule.options == options


def test_known_keys_read_a_schema_beside_the_policy() -> None:
    rule = _rule(
        "each: plan, known-keys: {schema: ./schemas/plan.json}",
        {"schemas/plan.json": '{"properties": {"x": {}}}'},
    )
    assert rule.options["schema"] == {"properties": {"x": {}}}


def test_the_words_beside_a_relation() -> None:
    rule = _rule(
        "each: plan.x, references: live.x, scope: {app: env}, absent: {default: 0}, "
        "when: {s: {not: [a, null]}, e: {pattern: '^b'}, y: {not: {pattern: c}}, key: d}, "
        "join: [lower, {strip-prefix: p}, {strip-suffix: q}, {map: {a: b}}], "
        "compare: text, grace: 2w, severity: info, why: because, owner: me, docs: there, "
        "except: [{key: 'old-*', repo: b, reason: r, until: 2027-01-31}]"
    )
    assert rule.scope == {"app": "env"}
    assert rule.absent == Absent("default", 0)
    assert rule.when == (
        Condition("s", ("a", None), negated=True, pattern=""),
        Condition("e", (), negated=False, pattern="^b"),
        Condition("y", (), negated=True, pattern="c"),
        Condition("key", ("d",), negated=False, pattern=""),
    )
    assert rule.join == (
        Transform("lower", "", {}),
        Transform("strip-prefix", "p", {}),
        Transform("strip-suffix", "q", {}),
        Transform("map", "", {"a": "b"}),
    )
    assert (rule.compare, rule.grace, rule.severity) == ("text", 14 * 86_400, "info")
    assert (rule.why, rule.owner, rule.docs) == ("because", "me", "there")
    (exception,) = rule.exceptions
    assert exception[:6] == ("old-*", "", "b", "", "r", "2027-01-31")


@pytest.mark.parametrize(("text", "seconds"), [("30m", 1_800), ("12h", 43_200), ("1d", 86_400)])
def test_durations(text: str, seconds: int) -> None:
    assert _rule(f"each: plan, exists-in: live, grace: {text}").grace == seconds


def test_what_stands_beside_the_rules() -> None:
    policy = load(
        "version: 1\nrepos: {a: o/a, b: o/b}\nmember-waivers: true\n"
        "share-with: {a: [b], b: '*'}\n"
        "companions: [{repo: a, paths: 'x/**', needs: b, why: docs}]\n"
    )
    assert policy.member_waivers
    assert policy.share_with == {"a": ("b",), "b": ("*",)}
    (companion,) = policy.companions
    assert (companion.id, companion.repo, companion.needs) == ("a-needs-b", "a", ("b",))
    assert companion.paths[0].match("x/y/z") == {}
