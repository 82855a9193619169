"""Relating records, sentence by sentence of docs/policy.md and of the design of the language."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worldrun import findings, report, told

SIDES = """
sources:
  plan: {{repo: a, files: "plan/{{key}}.yaml", fields: {{v: $.v, w: $.w, s: $.s, env: $.env}}}}
  other: {{repo: b, files: x.yaml, each: "$[*]", key: "@.k",
          fields: {{v: "@.v", w: "@.w", env: "@.env", s: "@.s"}}}}
  third: {{repo: b, files: z.yaml, optional: true, each: "$.*", fields: {{v: "@.v"}}}}
consistency:
  - {{id: rule, {rule}}}
"""


def check(rule: str, plan: dict[str, str], other: str, third: str = "") -> list[str]:
    """``key field`` of each finding of the one rule over the two sides."""
    lines = [line.split(" ") for line in members(rule, plan, other, third)]
    return [
        " ".join(line[:2] if "." in rule.split(",", maxsplit=1)[0] else line[:1]) for line in lines
    ]


def members(rule: str, plan: dict[str, str], other: str, third: str = "") -> list[str]:
    """``key field member`` of each finding of the one rule over the two sides."""
    files = {
        "a": {f"plan/{key}.yaml": text for key, text in plan.items()},
        "b": {"x.yaml": other, "z.yaml": third},
    }
    found = findings(SIDES.format(rule=rule), files)
    return sorted(
        " ".join(part for part in (f.key, f.field, f.member) if part)
        for f in found
        if f.rule == "experiment/rule"
    )


EQUAL = "each: plan.v, equal: other.v"


def test_equal_must_hold_for_every_joined_record() -> None:
    other = "[{k: p, v: 1}, {k: p, v: 2}, {k: q, v: 9}]"
    assert check(EQUAL, {"p": "v: 1"}, other) == ["p v"]
    assert check(EQUAL, {"p": "v: 1"}, "[{k: p, v: 1}, {k: p, v: 1}]") == []


@pytest.mark.parametrize(
    ("rule", "left", "good", "bad"),
    [
        ("each: plan.v, equal: other.v", "1", "1", "2"),
        ("each: plan.v, same-set: other.v", "[a, b]", "[b, a]", "[a]"),
        ("each: plan.v, subset-of: other.v", "[a]", "[a, b]", "[b]"),
        ("each: plan.v, before: other.v", "1", "2", "1"),
    ],
)
def test_what_compares_pairs_must_hold_for_each_of_them(
    rule: str, left: str, good: str, bad: str
) -> None:
    rows = "[{{k: p, v: {}}}, {{k: p, v: {}}}, {{k: q, v: 0}}]"
    assert check(rule, {"p": f"v: {left}"}, rows.format(good, good)) == []
    for other in (rows.format(good, bad), rows.format(bad, good)):
        assert check(rule, {"p": f"v: {left}"}, other) == ["p v"]
    both = rule.replace("other.v", "[other.v, third.v]")
    assert check(both, {"p": f"v: {left}"}, rows.format(good, good), f"p: {{v: {good}}}") == []
    assert check(both, {"p": f"v: {left}"}, rows.format(good, good), f"p: {{v: {bad}}}") != []


def test_per_without_any_value_needs_one_all_the_same() -> None:
    per = "each: plan, exists-in: other, per: [env]"
    assert members(per, {"p": "v: 1"}, "[]") == ["p other"]
    many = ", ".join(f"{{k: q, env: e{at}}}" for at in range(30))
    assert members(per, {"p": "v: 1", "q": "v: 1"}, f"[{many}]") == ["p other"]


def test_a_key_that_joins_too_many_is_said_and_not_compared_for_ever() -> None:
    plan = {f"p{at}": "v: 1\nenv: e" for at in range(120)}
    rows = ", ".join(f"{{k: k{at}, env: e, v: 1}}" for at in range(120))
    rule = "each: plan.v, equal: other.v, on: [env]"
    assert members(rule, plan, f"[{rows}]") == ["e v other"]


def test_join_transforms_the_values_that_are_listed_too() -> None:
    rule = "each: plan.v, member-of: {values: [Live, Ready]}"
    assert check(rule, {"p": "v: LIVE"}, "[]") == ["p v"]
    assert check(f"{rule}, join: lower", {"p": "v: LIVE", "q": "v: gone"}, "[]") == ["q v"]


def test_exists_in_needs_one_and_per_needs_one_for_each_value() -> None:
    once = "each: plan, exists-in: other"
    assert check(once, {"p": "v: 1", "q": "v: 1"}, "[{k: p}]") == ["q"]
    per = "each: plan, exists-in: other, per: [env]"
    other = "[{k: p, env: dev}, {k: p, env: prod}, {k: q, env: dev}]"
    assert members(per, {"p": "v: 1", "q": "v: 1"}, other) == ["q other/prod"]


def test_a_list_of_targets_means_all_but_any_for_references_and_member_of() -> None:
    both = "each: plan, exists-in: [other, third]"
    assert check(both, {"p": "v: 1"}, "[{k: p}]", "q: {v: 1}") == ["p"]
    assert check(both, {"p": "v: 1"}, "[{k: p}]", "p: {v: 1}") == []
    anywhere = "each: plan.v, references: [other, third]"
    assert check(anywhere, {"p": "v: t"}, "[{k: o}]", "t: {v: 1}") == []
    assert check(anywhere, {"p": "v: n"}, "[{k: o}]", "t: {v: 1}") == ["p v"]


def test_the_join_is_on_the_whole_key_or_on_fields_and_may_transform_both_sides() -> None:
    on = "each: plan.v, equal: other.v, on: [env]"
    assert check(on, {"p": "v: 1\nenv: e"}, "[{k: z, env: e, v: 2}]") == ["p v"]
    for join, plan, other in (
        ("lower", "Rank", "rANK"),
        ("[lower, {strip-prefix: exp-}]", "EXP-rank", "Rank"),
        ("{strip-suffix: -v2}", "rank-v2", "rank"),
        ("{map: {old: new}}", "old", "new"),
    ):
        rule = f"{EQUAL}, join: {join}"
        assert check(rule, {plan: "v: 1"}, f"[{{k: {other}, v: 2}}]") == [f"{plan} v"], join
        assert check(EQUAL, {plan: "v: 1"}, f"[{{k: {other}, v: 2}}]") == [], join


def test_two_keys_that_collide_under_a_join_are_findings() -> None:
    files = {
        "a": {"plan/exp-a.yaml": "v: 1", "plan/a.yaml": "v: 1"},
        "b": {"x.yaml": "[{k: a, v: 1}]", "z.yaml": ""},
    }
    found = told(SIDES.format(rule=f"{EQUAL}, join: {{strip-prefix: exp-}}"), files)
    assert "key-collision exp-a rule" in found or "key-collision a rule" in found


@pytest.mark.parametrize(
    ("compare", "left", "right", "same"),
    [
        ("typed", "1", "1.0", True),
        ("typed", "1", "true", False),
        ("typed", "1", '"1"', False),
        ("typed", "null", "null", True),
        ("typed", "{a: [1, {b: 2}]}", "{a: [1, {b: 2.0}]}", True),
        ("typed", "no", "false", False),  # YAML 1.2: no is text
        ("number", '"0.40"', "0.4", True),
        ("number", "1e2", "100", True),
        ("number", "abc", "abc", True),
        ("text", "1", '"1"', True),
        ("text", "true", '"true"', True),
        ("date", "2026-01-02", '"2026-01-02T00:00:00Z"', True),
        ("date", '"2026-01-02T02:00:00+02:00"', '"2026-01-02"', True),
        ("date", "2026-01-02", "2026-01-03", False),
        ("version", '"1.10"', '"1.10.0"', True),
        ("version", '"1.9"', '"1.10"', False),
        ("share", "{a: 1, b: 3}", "{a: 25, b: 75}", True),
        ("share", "{a: 1, b: 2}", "{a: 25, b: 75}", False),
        ("share", "{a: true}", "{a: 1}", False),
        ("share", "{a: 0}", '{a: "0"}', True),
        ("typed", ".nan", ".nan", True),
        ("version", '"1.0-rc1"', '"1.0-rc.1"', True),
        ("version", '"1.0-rc1"', '"1.0"', False),
        ("version", "latest", "main", False),
        ("version", '"*"', '"?"', False),
    ],
)
def test_compare(compare: str, left: str, right: str, same: bool) -> None:
    rule = f"{EQUAL}, compare: {compare}"
    found = check(rule, {"p": f"v: {left}"}, f"[{{k: p, v: {right}}}]")
    assert (found == []) is same


def test_equal_is_deep_and_tells_each_leaf_and_a_missing_member_differs() -> None:
    plan, other = "v: {a: {x: 1, y: 2}, b: 3}", "[{k: p, v: {a: {x: 9}, b: 4}}]"
    assert members(EQUAL, {"p": plan}, other) == ["p v a.x", "p v a.y", "p v b"]


def test_sets_have_no_order() -> None:
    rule = "each: plan.v, same-set: other.v"
    assert check(rule, {"p": "v: [a, b]"}, "[{k: p, v: [b, a]}]") == []
    assert check(rule, {"p": "v: [a, b]"}, "[{k: p, v: [b, c]}]") == ["p v"]  # a renamed one
    within = "each: plan.v, subset-of: other.v"
    assert check(within, {"p": "v: [a]"}, "[{k: p, v: [b, a]}]") == []
    assert check(within, {"p": "v: [a, z]"}, "[{k: p, v: [b, a]}]") == ["p v"]


@pytest.mark.parametrize(
    ("target", "value", "good"),
    [
        ("other", "k1", True),  # a source stands for its keys
        ("other", "one", False),
        ("other.v", "one", True),  # source.field for that field in all its records
        (".w", "mine", True),  # .field for this record's own
        (".w", "other", False),
        ("{values: [x, y]}", "y", True),
        ("{values: [x, y]}", "z", False),
        ("[other, {values: [x]}]", "x", True),
    ],
)
def test_what_references_and_members_may_name(target: str, value: str, good: bool) -> None:
    for relation in ("references", "member-of"):
        rule = f"each: plan.v, {relation}: {target}"
        plan = {"p": f"v: {value}\nw: [mine]"}
        assert (check(rule, plan, "[{k: k1, v: one}]") == []) is good


def test_via_takes_two_hops() -> None:
    rule = "each: plan.v, references: {via: [other.s, third.v]}"
    other, third = "[{k: p, s: [t1, t2]}]", "t1: {v: good}\nt2: {v: fine}\nt3: {v: far}\n"
    assert check(rule, {"p": "v: fine"}, other, third) == []
    assert check(rule, {"p": "v: far"}, other, third) == ["p v"]


def test_scope_keeps_the_records_whose_field_equals_mine() -> None:
    rule = "each: plan.v, references: other, scope: {env: env}"
    other = "[{k: x, env: dev}, {k: y, env: prod}]"
    assert check(rule, {"p": "v: x\nenv: dev"}, other) == []
    assert check(rule, {"p": "v: y\nenv: dev"}, other) == ["p v"]


def test_no_values_forbid() -> None:
    rule = "each: plan.v, member-of: {values: []}"
    assert check(rule, {"p": "v: x", "q": "w: 1"}, "[]") == ["p v"]


def test_unique_in_record_and_in_source() -> None:
    assert check("each: plan.v, unique: in-record", {"p": "v: [1, 2, 1]", "q": "v: [1]"}, "[]") == [
        "p v"
    ]
    found = check("each: plan.v, unique: in-source", {"p": "v: [1, 2]", "q": "v: [2]"}, "[]")
    assert found in (["p v"], ["q v"])


def test_uniform_tells_the_minority_and_all_on_a_tie() -> None:
    rule = "each: plan.v, uniform: {by: env}"
    three = {"p": "v: 1\nenv: e", "q": "v: 1\nenv: e", "r": "v: 2\nenv: e", "s": "v: 3\nenv: f"}
    assert check(rule, three, "[]") == ["r v"]
    tie = {"p": "v: 1\nenv: e", "q": "v: 2\nenv: e"}
    assert check(rule, tie, "[]") == ["p v", "q v"]


@pytest.mark.parametrize(
    ("argument", "value", "good"),
    [
        ("100", "{a: 60, b: 40}", True),
        ("1", "{a: 0.1, b: 0.2, c: 0.7}", True),  # decimal arithmetic
        ("100", "{a: 60, b: 41}", False),
        ("{min: 90, max: 110}", "{a: 60, b: 45}", True),
        ("{max: 100}", "{a: 60, b: 45}", False),
        ("{min: 100, max: 100, tolerance: 6}", "{a: 60, b: 45}", True),
        ("100", '{a: "60", b: 40}', True),  # a number in quotes
        ("100", "{a: sixty, b: 100}", False),
        ("100", "{a: 100, b: true}", False),
        ("{equals: 1, tolerance: 0.001}", "{a: 0.333, b: 0.333, c: 0.333}", True),
        ("{equals: 1, tolerance: 0.0009}", "{a: 0.333, b: 0.333, c: 0.333}", False),
    ],
)
def test_sum(argument: str, value: str, good: bool) -> None:
    found = check(f"each: plan.v, sum: {argument}", {"p": f"v: {value}"}, "[]")
    assert (found == []) is good


def test_sum_by_a_field_adds_up_all_records_of_its_value() -> None:
    rule = "each: plan.v, sum: {equals: 100, by: env}"
    plan = {"p": "v: 60\nenv: e", "q": "v: 40\nenv: e", "r": "v: 100\nenv: f"}
    assert check(rule, plan, "[]") == []
    assert check(rule, {**plan, "s": "v: 1\nenv: f"}, "[]") == ["f v"]


def test_before_compares_versions_lists_and_other_sources() -> None:
    version = "each: plan.v, before: .w, compare: version"
    for left, right, good in (
        ("1.9", "1.10", True),
        ("1.0-rc1", "1.0", True),
        ("v2", "v2.0", False),
        ("1.0", "1.0.post1", True),
    ):
        got = check(version, {"p": f"v: '{left}'\nw: '{right}'"}, "[]")
        assert (got == []) is good, (left, right)
    every = "each: plan.v, before: other.v"
    assert check(every, {"p": "v: [1, 5]"}, "[{k: p, v: [9, 6]}]") == []
    assert check(every, {"p": "v: [1, 7]"}, "[{k: p, v: [9, 6]}]") == ["p v"]
    assert check(every, {"p": "v: 1"}, "[{k: p, v: 2026-01-01}]") == ["p v"]  # not of one kind


@pytest.mark.parametrize(
    ("left", "right", "good"),
    [
        ("2026-01-01", "2026-01-02", True),
        ("2026-01-02", "2026-01-01", False),
        ("1", "2", True),
        ("3", "2", False),
    ],
)
def test_before(left: str, right: str, good: bool) -> None:
    found = check("each: plan.v, before: .w", {"p": f"v: {left}\nw: {right}"}, "[]")
    assert (found == []) is good


def test_known_keys_is_a_list_of_names_with_a_suggestion() -> None:
    rule = SIDES.format(rule="each: plan.v, known-keys: [weight, params]")
    files = {"a": {"plan/p.yaml": "v: {weight: 1, parms: 2}"}, "b": {"x.yaml": "[]", "z.yaml": ""}}
    [finding] = [f for f in findings(rule, files) if f.rule == "experiment/rule"]
    assert "did you mean `params`?" in finding.hint


def test_known_keys_may_be_a_schema_that_is_followed_downwards() -> None:
    schema = (
        "{properties: {a: {properties: {b: {}}}, l: {items: {$ref: '#/$defs/one'}}}, "
        "$defs: {one: {properties: {n: {}}}}}"
    )
    rule = f"each: plan.v, known-keys: {{schema: {schema}}}"
    assert members(rule, {"p": "v: {a: {b: 1}, l: [{n: 1}]}"}, "[]") == []
    wrong = "v: {a: {c: 1}, l: [{m: 1}], z: 1}"
    assert members(rule, {"p": wrong}, "[]") == ["p v a.c", "p v l.m", "p v z"]


@pytest.mark.parametrize(
    ("schema", "unknown"),
    [
        ("{allOf: [{properties: {a: {}}}, {properties: {b: {}}}]}", ["c", "x-d"]),
        ("{properties: {a: {}, b: {}}, patternProperties: {'^x-': {}}}", ["c"]),
        ("{properties: {a: {}}, additionalProperties: true}", []),
        ("{properties: {a: {}, b: {}, c: {}}, additionalProperties: false}", ["x-d"]),
        (
            (
                "{oneOf: [{properties: {a: {}}}, {$ref: '#/$defs/o'}], "
                "$defs: {o: {properties: {b: {}, c: {}}}}}"
            ),
            ["x-d"],
        ),
        (
            (
                "{anyOf: [{properties: {a: {properties: {in: {}}}}}, "
                "{properties: {a: {properties: {out: {}}}, b: {}}}]}"
            ),
            ["a.odd", "c", "x-d"],
        ),
        ("{additionalProperties: {properties: {in: {}}}}", ["a.odd", "a.out"]),
        ("{type: object}", []),
        ("{$ref: '#'}", []),
        ("{allOf: [{$ref: '#'}, {$ref: '#'}], properties: {a: {}}}", ["b", "c", "x-d"]),
    ],
)
def test_known_keys_of_schemas_put_together_from_others(schema: str, unknown: list[str]) -> None:
    rule = f"each: plan.v, known-keys: {{schema: {schema}}}"
    text = "v: {a: {in: 1, out: 2, odd: 3}, b: 1, c: 1, x-d: 1}"
    if "odd" not in "".join(unknown):
        text = "v: {a: 1, b: 1, c: 1, x-d: 1}"
    assert members(rule, {"p": text}, "[]") == [f"p v {name}" for name in unknown]


def test_when_tests_the_left_record_and_an_absent_field_is_false() -> None:
    bad = "[{k: p, v: 2}]"
    for when, checked in (
        ("{s: live}", True),
        ("{s: [ready, live]}", True),
        ("{s: off}", False),
        ("{s: {not: off}}", True),
        ("{s: {not: live}}", False),
        ("{s: {pattern: 'li.*'}}", True),
        ("{env: live}", False),
        ("{env: {not: live}}", False),  # absent: false, whatever the test
        ("{s: live, env: x}", False),
    ):
        found = check(f"{EQUAL}, when: {when}", {"p": "v: 1\ns: live"}, bad)
        assert (found != []) is checked, when


@pytest.mark.parametrize(
    ("globs", "covers"),
    [
        ("key: p*", True),
        ("key: q*", False),
        ("value: '1'", True),
        ("value: '7'", False),
        ("repo: a", True),
        ("path: 'plan/*'", True),
        ("path: 'else/*'", False),
    ],
)
def test_except_by_key_value_repo_and_path_with_reason_and_until(globs: str, covers: bool) -> None:
    for until, valid in (("2026-06-01", True), ("2026-05-31", False)):
        rule = f"{EQUAL}, except: [{{{globs}, reason: known, until: {until}}}]"
        found = check(rule, {"p": "v: 1"}, "[{k: p, v: 2}]")
        assert (found == []) is (covers and valid), until


def test_absent_means_what_the_rule_says() -> None:
    assert check(EQUAL, {"p": "w: 1"}, "[{k: p, v: 2}]") == []
    assert check(EQUAL, {"p": "v: 1"}, "[{k: p, w: 2}]") == []
    assert check(f"{EQUAL}, absent: error", {"p": "v: 1"}, "[{k: p, w: 2}]") != []
    assert check(f"{EQUAL}, absent: {{default: 1}}", {"p": "v: 1"}, "[{k: p, w: 2}]") == []


def test_why_owner_and_docs_come_with_the_findings() -> None:
    rule = f"{EQUAL}, why: because, owner: '@team', docs: 'https://example.org/x'"
    files = {"a": {"plan/p.yaml": "v: 1"}, "b": {"x.yaml": "[{k: p, v: 2}]", "z.yaml": ""}}
    [finding] = [f for f in findings(SIDES.format(rule=rule), files) if f.rule.endswith("/rule")]
    assert (finding.why, finding.owner, finding.docs) == (
        "because",
        "@team",
        "https://example.org/x",
    )


def test_the_other_sides_have_to_change_where_one_decides() -> None:
    files = {"a": {"plan/p.yaml": "v: 1"}, "b": {"x.yaml": "[{k: p, v: 2}]", "z.yaml": ""}}
    for authority, repair in (("", {"a", "b"}), (", authority: plan", {"b"})):
        got = report(SIDES.format(rule=EQUAL + authority), files)
        [finding] = [f for f in got.findings if f.rule == "experiment/rule"]
        assert set(finding.repair_in) == repair
        assert {place.repo for place in finding.places} == {"a", "b"}


EXCLUSIVE = """
sources:
  plan: {repo: a, files: x.yaml, each: "$[*]", key: "@.k",
         fields: {layer: {path: "@.layer", optional: true}, country: "@.country",
                  start: "@.start", end: {path: "@.end", optional: true}}}
consistency:
  - {id: rule, each: plan, exclusive: [layer, country], during: [start, end], absent: any}
"""
claims = st.lists(
    st.tuples(
        st.sampled_from(["", "l1", "l2"]),
        st.lists(st.sampled_from(["de", "fr", "us"]), min_size=1, max_size=2, unique=True),
        st.integers(1, 9),
        st.integers(0, 9),
    ),
    max_size=9,
)


@settings(max_examples=60, deadline=None)
@given(claims)
def test_exclusive_finds_each_pair_that_meets_in_every_field_at_one_time(
    drawn: list[tuple[str, list[str], int, int]],
) -> None:
    rows, expected = [], set()
    for at, (layer, countries, start, length) in enumerate(drawn):
        end = f", end: 2026-01-{start + length:02}" if length else ""
        place = f"layer: {layer}, " if layer else ""
        rows.append(
            f"{{k: k{at}, {place}country: [{', '.join(countries)}], "
            f"start: 2026-01-{start:02}{end}}}"
        )
    for (one, a), (two, b) in combinations(enumerate(drawn), 2):
        layers = not a[0] or not b[0] or a[0] == b[0]
        ends = [x[2] + x[3] if x[3] else 99 for x in (a, b)]
        if layers and set(a[1]) & set(b[1]) and a[2] < ends[1] and b[2] < ends[0]:
            expected.add(frozenset((f"k{one}", f"k{two}")))
    text = f"[{', '.join(rows)}]"
    found = [f for f in findings(EXCLUSIVE, {"a": {"x.yaml": text}}) if f.rule.endswith("/rule")]
    pairs = [frozenset((f.key, f.member.partition(":")[0])) for f in found]
    assert set(pairs) == expected
    assert len(pairs) == len(set(pairs))


def test_exclusive_of_thousands_stays_bounded_and_still_tells_each_claim() -> None:
    rows = ", ".join(f"{{k: k{at}, country: de, start: 2026-01-01}}" for at in range(300))
    text = f"[{rows}]"
    found = [f for f in findings(EXCLUSIVE, {"a": {"x.yaml": text}}) if f.rule.endswith("/rule")]
    assert 1_000 - 300 <= len(found) <= 1_300
    assert len({f.key for f in found}) == 299
    [last] = [f for f in found if f.key == "k299"]
    assert "as do 298 others" in last.message


def exclusive(rows: str, absent: str = "any") -> list[str]:
    policy = EXCLUSIVE.replace("absent: any", f"absent: {absent}")
    found = findings(policy, {"a": {"x.yaml": rows}})
    return sorted(f"{f.key} {f.field}" for f in found if f.rule == "experiment/rule")


def test_exclusive_asks_that_values_meet_in_every_field() -> None:
    pair = "layer,country"
    both = "[{k: p, layer: l, country: de, start: 1}, {k: q, layer: %s, country: %s, start: 1}]"
    assert exclusive(both % ("l", "de")) == [f"q {pair}"]
    assert exclusive(both % ("m", "de")) == []
    assert exclusive(both % ("l", "fr")) == []
    assert exclusive(both % ("l", "[]")) == []  # an empty set meets nothing


def test_exclusive_absent_any_error_and_default() -> None:
    rows = "[{k: p, layer: l, country: de, start: 1}, {k: q, country: de, start: 1}]"
    assert exclusive(rows) == ["q layer,country"]
    assert exclusive(rows, "skip") == []
    assert exclusive(rows, "error") == ["q layer"]
    assert exclusive(rows, "{default: l}") == ["q layer,country"]


def test_exclusive_during_dates_or_numbers_and_says_what_is_neither() -> None:
    row = "{k: %s, layer: l, country: de, start: %s, end: %s}"

    def rows(*windows: tuple[str, str]) -> str:
        named = (row % (f"k{at}", *window) for at, window in enumerate(windows))
        return f"[{', '.join(named)}]"

    assert exclusive(rows(("1", "5"), ("5", "9"))) == []
    assert exclusive(rows(("1", "5"), ("4", "null"))) == ["k1 layer,country"]
    assert exclusive(rows(("9", "10"), ("10", "11"))) == []  # as numbers, not as text
    assert exclusive(rows(("2026-01-01", "2026-01-05"), ("2026-01-05", "null"))) == []
    assert exclusive(rows(("2026-01-01", "null"), ("soon", "null"))) == ["k1 start"]
    assert exclusive(rows(("7", "3"), ("1", "9"))) == []  # never runs
