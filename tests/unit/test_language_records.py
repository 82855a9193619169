"""Selecting records, sentence by sentence of docs/policy.md and of the design of the language."""

from __future__ import annotations

import pytest
from worldrun import findings, policy_of, report, told

from interlock.errors import PolicyError

ONE = "consistency: [{id: there, each: plan.v, pattern: 'ok.*'}]\n"


def of(source: str, rule: str = ONE) -> str:
    return f"sources:\n  plan: {source}\n{rule}"


def test_each_document_of_a_stream_is_one_and_without_each_it_is_the_record() -> None:
    source = of("{repo: a, files: x.yaml, key: $.id, fields: {v: $.v}}")
    stream = "id: one\nv: ok\n---\nid: two\nv: bad\n"
    assert told(source, {"a": {"x.yaml": stream}}) == ["there two v"]


def test_each_may_be_a_list_of_paths_and_the_enclosing_record_is_reached_by_a_hat() -> None:
    source = of(
        '{repo: a, files: x.json, each: ["$.studies[*]", "@.experiments[*]"], '
        'key: ["^.name", "@.name"], fields: {v: "@.v", study: "^.name", top: "^^.owner"}}',
        "consistency:\n  - {id: there, each: plan.v, pattern: ok}\n"
        "  - {id: named, each: plan.study, pattern: s2}\n"
        "  - {id: owned, each: plan.top, pattern: me}\n",
    )
    data = (
        '{"owner": "me", "studies": [{"name": "s1", "experiments": [{"name": "a", "v": "ok"}]},'
        ' {"name": "s2", "experiments": [{"name": "b", "v": "no"}]}]}'
    )
    assert told(source, {"a": {"x.json": data}}) == ["named s1/a study", "there s2/b v"]


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("", "there m v"),  # the member name is the default
        ('key: "@.id"', "there i v"),
        ("key: name", "there m v"),
        ('key: "{env}"', "there prod v"),
        ("key: {pattern: 'm*', of: name}", "there m v"),
        ("key: {pattern: 'conf/(?P<key>\\w+)', of: path}", "there prod v"),
        ('key: ["{env}", "@.id"]', "there prod/i v"),
    ],
)
def test_a_key_is_a_path_a_capture_the_name_a_pattern_or_a_list(key: str, expected: str) -> None:
    middle = f", {key}" if key else ""
    source = of(
        f'{{repo: a, files: "conf/{{env}}.yaml", each: "$.*"{middle}, fields: {{v: "@.v"}}}}'
    )
    assert told(source, {"a": {"conf/prod.yaml": "m: {id: i, v: bad}\n"}}) == [expected]


def test_no_match_of_a_key_pattern_is_no_record() -> None:
    source = of(
        "{repo: a, files: x.yaml, each: '$.*', key: {pattern: '^exp-(.*)', of: name}, "
        "fields: {v: '@.v'}}"
    )
    files = {"a": {"x.yaml": "exp-a: {v: bad}\nother: {v: bad}\n"}}
    assert told(source, files) == ["there a v"]


def test_globs_are_lists_of_alternatives_with_exclusions_and_several_repositories() -> None:
    source = (
        "repos: {a: [acme/one, acme/two]}\n"
        "sources:\n  plan: {repo: a, files: ['x/{key}.yaml', 'y/{key}.yaml'], "
        "exclude: 'x/_*', fields: {v: $.v}}\n" + ONE
    )
    files = {
        "acme/one": {"x/p.yaml": "v: bad", "x/_skip.yaml": "v: bad", "z/q.yaml": "v: bad"},
        "acme/two": {"y/r.yaml": "v: bad"},
    }
    assert told(source, files) == ["there p v", "there r v"]
    assert {f.places[0].name for f in findings(source, files)} == {"acme/one", "acme/two"}


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("$.v", ["bad"]),
        ("$['v-1'].w", ["hyphen"]),
        ("$.v-1.w", ["hyphen"]),
        ("$.list[1]", ["two"]),
        ("$.list[*]", ["one", "two"]),
        ("$['v','x']", ["bad", "ex"]),
        ("$..deep", ["down"]),
        ("$.objs[?@.on].n", ["first"]),
        ("$.objs[?@.n == 'second'].n", ["second"]),
        ("{keys: $.v-1}", ["w"]),
        ("{keys: '$.maps.*'}", ["m1", "m2"]),
        ("{keys: '$.maps[?@.z]'}", ["m1", "m2"]),
        ("{keys: \"$['v','x']\"}", ["v", "x"]),
        ("{keys: '$.maps[?@.z == 2]'}", ["m2"]),
        ("{values: '$.maps.*.z'}", ["1", "2"]),
        ("{values: $.list}", ["one", "two"]),
        ("$.list[1:]", ["two"]),
        ("{path: $.objs, by: n}", ["first", "second", "true"]),
        ("{pattern: 'b(?P<value>.)d', of: $.v}", ["a"]),
        ("{pattern: 'b(.)d', of: $.v}", ["a"]),
        ("{pattern: 'b.', of: $.v}", ["ba"]),
        ("{const: fixed}", ["fixed"]),
        ("'{file}'", ["x"]),
    ],
)
def test_a_field_is_a_path_or_one_of_the_longer_forms(field: str, expected: list[str]) -> None:
    text = """
        v: bad
        x: ex
        v-1: {w: hyphen}
        list: [one, two]
        objs: [{n: first, on: true}, {n: second}]
        maps: {m1: {z: 1}, m2: {z: 2}}
        some: {where: {deep: down}}
    """
    source = (
        'sources:\n  plan:\n    repo: a\n    files: "{file}.yaml"\n    key: "{file}"\n'
        f"    fields:\n      v: {field}\n"
        "consistency: [{id: none, each: plan.v, member-of: {values: []}}]\n"
    )
    found = findings(source, {"a": {"x.yaml": text}})
    assert sorted(value for f in found for value in f.values) == sorted(expected)


def test_maps_pair_by_key_and_never_by_position() -> None:
    source = (
        "sources:\n"
        "  plan: {repo: a, files: x.yaml, key: $.k, fields: {w: '$.variants.*.w'}}\n"
        "  other: {repo: b, files: y.yaml, key: $.k, fields: {w: {path: $.variants, by: n}}}\n"
        "  third: {repo: b, files: z.yaml, key: $.k, fields: {w: '$.variants.*.w'}}\n"
        "consistency: [{id: same, each: plan.w, equal: third.w}]\n"
    )
    files = {
        "a": {"x.yaml": "k: k\nvariants: {a: {w: 1}, b: {w: 2}}"},
        "b": {
            "y.yaml": "k: k\nvariants: [{n: a, w: 1}]",
            "z.yaml": "k: k\nvariants: {b: {w: 2}, a: {w: 1}}",
        },
    }
    assert told(source, files) == []


def test_an_array_wildcard_is_a_list_and_by_makes_it_a_map_whose_duplicates_are_findings() -> None:
    source = of("{repo: a, files: x.yaml, key: $.k, fields: {v: {path: $.l, by: n}}}", ONE)
    files = {"a": {"x.yaml": "k: k\nl: [{n: ok1}, {n: ok1}]"}}
    assert "duplicate-member k v" in told(source, files)


def test_a_pattern_source_reads_the_whole_text_and_may_span_lines() -> None:
    source = of(
        "{repo: a, files: '*.py', pattern: 'use\\(\\s*\"(?P<key>\\w+)\",\\s*\"(?P<v>\\w+)\"'}"
    )
    found = findings(source, {"a": {"x.py": 'use(\n  "k1",\n  "bad")\nuse("k2", "ok")\n'}})
    assert [(f.key, f.places[0].line, f.places[0].column) for f in found] == [("k1", 3, 4)]


LAYERS = of(
    "{repo: a, layers: ['base.yaml', 'env/{env}.yaml'], each: '$.*', fields: {v: '@.v', l: '@.l'}}",
    "consistency:\n  - {id: there, each: plan.v, pattern: 'ok.*'}\n"
    "  - {id: lists, each: plan.l, member-of: {values: [1]}}\n",
)


def test_layers_merge_maps_replace_lists_and_scalars_and_null_deletes() -> None:
    files = {
        "a": {
            "base.yaml": "k: {v: ok, l: [1]}\ngone: {v: bad}\nkept: {v: bad}\n",
            "env/prod.yaml": "k: {v: bad}\ngone: null\n",
            "env/dev.yaml": "k: {l: [2]}\n",
        }
    }
    found = findings(LAYERS, files)
    assert sorted((f.rule[11:], f.key, f.places[0].path) for f in found) == [
        ("lists", "k", "env/dev.yaml"),
        ("there", "gone", "base.yaml"),  # of dev, where nothing deletes it
        ("there", "k", "env/prod.yaml"),  # the layer that decides is named
        ("there", "kept", "base.yaml"),  # of both stacks, one for each binding: told once
    ]


def test_the_first_layer_must_exist() -> None:
    files = {"a": {"env/prod.yaml": "k: {v: ok, l: [1]}"}}
    assert any(line.startswith("missing-layer") for line in told(LAYERS, files))


def test_absent_is_skipped_null_is_a_value() -> None:
    source = of("{repo: a, files: '{key}.yaml', fields: {v: $.v}}")
    files = {"a": {"x.yaml": "w: 1", "y.yaml": "v: ok", "z.yaml": "v: null"}}
    assert told(source, files) == ["there z v"]
    strict = source.replace("pattern:", "absent: error, pattern:")
    assert told(strict, files) == ["there x v", "there z v"]
    default = source.replace("pattern:", "absent: {default: bad}, pattern:")
    assert told(default, files) == ["there x v", "there z v"]


def test_an_empty_check_never_passes_silently() -> None:
    source = of("{repo: a, files: x.yaml, each: '$.e[*]', key: '@.k', fields: {v: '@.v'}}")
    assert told(source, {"a": {}}) == ["empty-source plan"]
    assert told(source, {"a": {"x.yaml": "other: 1"}}) == ["empty-selector plan each"]
    assert told(source, {"a": {"x.yaml": "e: []"}}) == []  # an empty array is a match
    assert told(source, {"a": {"x.yaml": "e: [{v: ok}]"}}) == ["empty-selector plan key"]
    assert told(source, {"a": {"x.yaml": "e: [{k: a}]"}}) == ["empty-selector plan v"]
    quiet = source.replace("{repo: a,", "{repo: a, optional: true,")
    for files in (
        {},
        {"x.yaml": "other: 1"},
        {"x.yaml": "e: [{v: ok}]"},
        {"x.yaml": "e: [{k: a}]"},
    ):
        assert told(quiet, {"a": files}) == [], files
    field = source.replace("v: '@.v'", "v: {path: '@.v', optional: true}")
    assert told(field, {"a": {"x.yaml": "e: [{k: a}]"}}) == []
    assert told(field, {"a": {"x.yaml": "other: 1"}}) == ["empty-selector plan each"]


def test_elements_of_a_list_without_a_key_are_said() -> None:
    source = of("{repo: a, files: x.yaml, each: '$.e[*]', fields: {v: '@.v'}}")
    [finding] = findings(source, {"a": {"x.yaml": "e: [{v: ok}]"}})
    assert "needs a `key`" in finding.message


@pytest.mark.parametrize(
    "path", ["$.x[*", "x.y", "$.x[?@.a ==]", "$..", "$.x[1:2:0:4]", "$[", "$.x["]
)
def test_a_path_that_cannot_be_read_is_told_with_its_place(path: str) -> None:
    with pytest.raises(PolicyError) as error:
        policy_of(of(f'{{repo: a, files: x.yaml, each: "{path}", fields: {{v: $.v}}}}'))
    assert error.value.problems[0].line > 0


def test_numbers_of_a_report_say_what_was_read() -> None:
    source = of("{repo: a, files: '{key}.yaml', fields: {v: $.v}}")
    checked = report(source, {"a": {"x.yaml": "v: ok", "y.yaml": "v: ok"}}).checked
    assert (checked.files, checked.records, checked.rules) == (2, 2, 1)


def test_braces_in_globs_only_capture() -> None:
    with pytest.raises(PolicyError) as error:
        policy_of(of('{repo: a, files: "x.{yaml,json}", fields: {v: $.v}}'))
    assert "list of globs" in error.value.problems[0].message
    listed = of("{repo: a, files: [x.yaml, x.json], key: $.k, fields: {v: $.v}}")
    files = {"x.yaml": "{k: y, v: bad}", "x.json": '{"k": "j", "v": "bad"}'}
    assert told(listed, {"a": files}) == ["there j v", "there y v"]


def test_the_capture_named_key_is_the_key_and_others_are_fields() -> None:
    source = of(
        "{repo: a, files: '{env}/{key}.yaml', fields: {v: $.v}}",
        "consistency: [{id: there, each: plan.v, pattern: ok, when: {env: prod}}]\n",
    )
    files = {"prod/x.yaml": "v: bad", "dev/y.yaml": "v: bad"}
    assert told(source, {"a": files}) == ["there x v"]


def test_positions_of_what_a_library_filters_are_those_of_the_file() -> None:
    source = of(
        "{repo: a, files: x.yaml, key: $.k, fields: {v: \"$.l[?@.n == 'b'].v\"}}",
    )
    text = "k: k\nl:\n  - {n: a, v: bad}\n  - {n: b, v: bad}\n"
    [finding] = findings(source, {"a": {"x.yaml": text}})
    assert (finding.places[0].line, finding.places[0].column) == (4, 15)


def test_layers_make_one_stack_for_each_binding_over_shared_and_own_bases() -> None:
    source = of(
        "{repo: a, layers: ['base.yaml', '{env}/base.yaml', '{env}/{region}.yaml'], "
        "key: ['{env}', '{region}'], fields: {v: $.v, w: $.w}}",
        "consistency:\n  - {id: there, each: plan.v, pattern: ok}\n"
        "  - {id: w, each: plan.w, member-of: {values: [1]}}\n",
    )
    files = {
        "base.yaml": "v: bad\nw: 1",
        "prod/base.yaml": "v: ok",
        "prod/eu.yaml": "w: 2",
        "prod/us.yaml": "v: bad",
        "dev/eu.yaml": "w: 1",
    }
    found = findings(source, {"a": files})
    assert sorted((f.rule[11:], f.key, f.places[0].path) for f in found) == [
        ("there", "dev/eu", "base.yaml"),
        ("there", "prod/us", "prod/us.yaml"),
        ("w", "prod/eu", "prod/eu.yaml"),
    ]


def test_a_text_with_too_many_matches_says_so() -> None:
    source = of("{repo: a, files: '*.py', pattern: '(?P<key>x)(?P<v>1)'}")
    [finding] = findings(source, {"a": {"x.py": "x1\n" * 100_001}})
    assert finding.rule == "experiment/unreadable-file"
    assert "100,000 matches" in finding.message


def test_file_names_that_are_no_text_can_be_keys() -> None:
    source = of(
        "{repo: a, files: '*.yaml', key: {pattern: '(.*)[.]yaml', of: path}, fields: {v: $.v}}"
    )
    assert told(source, {"a": {"e\udcff.yaml": "v: bad"}}) == ["there e? v"]
