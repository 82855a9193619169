"""Policies laid over one another: order, merging, where values come from, and what is refused."""

from __future__ import annotations

import pytest
from policyfiles import Repositories, load, refused

from interlock.errors import PolicyError, TreeError
from interlock.policy.extend import Layers
from interlock.policy.load import load_policy
from interlock.policy.references import Reference, joined, read_reference

BASE = """\
version: 1
repos: {a: o/a, b: o/b}
sources:
  plan: {repo: a, files: ["{key}.yaml"], exclude: [old/*], fields: {x: $.x, y: $.y}}
  live: {repo: b, files: live.json, each: "$.*", fields: {x: "@.x"}}
rules: {experiment/empty-source: warning, "experiment/*": info}
consistency:
  - {id: same, each: plan.x, equal: live.x, severity: warning, why: base}
  - {id: there, each: plan, exists-in: [live]}
waivers:
  - {rule: experiment/same, key: k1, reason: r, owner: o, until: 2027-01-01}
companions:
  - {repo: a, paths: x, needs: b}
"""


def _over(text: str) -> str:
    return f"version: 1\nextends: [base.yaml]\n{text}"


def _problems(text: str) -> list[str]:
    return refused(_over(text), {"base.yaml": BASE})


def test_later_layers_win_in_the_order_given() -> None:
    files = {
        name: f"version: 1\nrules: {{experiment/{rule}: {severity}}}\n"
        for name, rule, severity in (
            ("one.yaml", "empty-source", "error"),
            ("two.yaml", "empty-source", "info"),
        )
    }
    for order, wanted in ((("one", "two"), "info"), (("two", "one"), "error")):
        policy = load(f"version: 1\nextends: [{order[0]}.yaml, {order[1]}.yaml]\n", files)
        assert [setting.severity for setting in policy.rules] == [wanted]
        assert [layer.name for layer in policy.layers] == [
            f"{order[0]}.yaml", f"{order[1]}.yaml", "interlock.yaml",
        ]  # fmt: skip


def test_sources_are_patched_and_fields_merge() -> None:
    policy = load(
        _over("sources: {plan: {files: '{key}.yml', fields: {y: $.why, z: $.z, x: null}}}\n"
              "consistency: [{id: same, each: plan.y, equal: live.x}]\n"),
        {"base.yaml": BASE},
    )  # fmt: skip
    plan = policy.sources["plan"]
    assert plan.repos == ("a",)
    assert [glob.text for glob in plan.files] == ["{key}.yml"]
    assert [glob.text for glob in plan.exclude] == ["old/*"]
    assert {n: f.path.text for n, f in plan.fields.items() if f.path} == {"y": "$.why", "z": "$.z"}


def test_layers_take_the_place_of_files() -> None:
    policy = load(_over("sources: {plan: {layers: ['{key}.yaml', b.yaml]}}\n"), {"base.yaml": BASE})
    assert policy.sources["plan"].files == ()
    assert len(policy.sources["plan"].layers) == 2


def test_lists_are_added_to_and_taken_from() -> None:
    policy = load(
        _over(
            "repos: {a+: o/more}\n"
            "sources: {plan: {files+: ['{key}.yml'], exclude-: old/*}}\n"
            "consistency: [{id: there, exists-in+: plan}]\n"
        ),
        {"base.yaml": BASE},
    )
    assert policy.repos["a"] == ("o/a", "o/more")
    assert [glob.text for glob in policy.sources["plan"].files] == ["{key}.yaml", "{key}.yml"]
    assert policy.sources["plan"].exclude == ()
    there = policy.consistency[1]
    assert [target.source for target in there.targets] == ["live", "plan"]  # type: ignore[union-attr]


def test_a_rule_without_each_patches_and_one_with_it_replaces() -> None:
    patched = load(_over("consistency: [{id: same, severity: error}]\n"), {"base.yaml": BASE})
    assert [rule.id for rule in patched.consistency] == ["same", "there"]
    assert patched.consistency[0][:3] == load(BASE).consistency[0][:3]
    assert (patched.consistency[0].severity, patched.consistency[0].why) == ("error", "base")
    replaced = load(
        _over("consistency: [{id: same, each: plan.y, equal: live.x}]\n"), {"base.yaml": BASE}
    )
    assert (replaced.consistency[0].severity, replaced.consistency[0].why) == ("error", "")
    assert replaced.consistency[0].left.field == "y"


def test_a_patch_with_a_relation_replaces_the_relation() -> None:
    policy = load(_over("consistency: [{id: same, subset-of: live.x}]\n"), {"base.yaml": BASE})
    assert policy.consistency[0].relation == "subset-of"


def test_null_takes_away_what_is_below() -> None:
    policy = load(
        _over("rules: {experiment/empty-source: null}\nconsistency: [{id: same, why: null}]\n"),
        {"base.yaml": BASE},
    )
    assert [setting.rule for setting in policy.rules] == ["experiment/*"]
    assert policy.consistency[0].why == ""


def test_a_source_that_is_taken_away_is_missed_by_its_rules() -> None:
    assert _problems("sources: {live: null}\n") == [
        "base.yaml:8:37 there is no source `live`",
        "base.yaml:9:41 there is no source `live`",
    ]


def test_waivers_and_companions_add_up() -> None:
    policy = load(
        _over(
            "waivers: [{rule: experiment/there, key: k2, reason: r, owner: o, until: 2027-01-01}]\n"
            "companions: [{repo: b, paths: y, needs: a}]\n"
        ),
        {"base.yaml": BASE},
    )
    assert [waiver.key for waiver in policy.waivers] == ["k1", "k2"]
    assert [companion.id for companion in policy.companions] == ["a-needs-b", "b-needs-a"]


def test_a_setting_that_is_stated_again_comes_last() -> None:
    policy = load(_over("rules: {experiment/empty-source: off}\n"), {"base.yaml": BASE})
    assert [(s.rule, s.severity) for s in policy.rules] == [
        ("experiment/*", "info"),
        ("experiment/empty-source", "off"),
    ]


def test_severity_and_rollout_end_each_other() -> None:
    rolled = load(
        _over("rules: {experiment/empty-source: {rollout: {pilot: a}}}\n"), {"base.yaml": BASE}
    ).rules[-1]
    assert (rolled.severity, rolled.rollout) == (None, (("a",), ""))
    files = {
        "base.yaml": BASE,
        "mid.yaml": _over("rules: {experiment/x*: {rollout: {pilot: a}}}\n"),
    }
    files["mid.yaml"] = files["mid.yaml"].replace("experiment/x*", "'experiment/s*'")
    off = load("version: 1\nextends: mid.yaml\nrules: {'experiment/s*': off}\n", files).rules[-1]
    assert (off.severity, off.rollout) == ("off", None)


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("consistency: [{id: sme, severity: off}]\n",
         [("3:15 no policy below has a rule `sme` to change, and this one has no `each`; "
          "did you mean `same`?")]),
        ("repos: {c+: o/c}\n", ["3:9 `c+` changes a list of a policy below, and none states `c`"]),
        ("sources: {plan: {layers+: x.yaml}}\n",
         ["3:18 `layers+` changes a list of a policy below, and none states `layers`"]),
        ("sources: {plan: {exclude-: odl/*}}\n",
         ["3:28 there is no such element to take away"]),
        ("sources: {nope: null}\n",
         ["3:11 `nope: null` takes away what a policy below states, and none states `nope`"]),
        ("sources: {plan: {pattern: '(?P<key>x)', each: $.x}}\n",
         ["3:41 `each` means nothing beside `pattern`",
          ("base.yaml:4:69 field `x` has a path, but a source with a `pattern` reads text, "
          "which has none"),
          ("base.yaml:4:77 field `y` has a path, but a source with a `pattern` reads text, "
          "which has none")]),
        ("consistency: [{id: same, why: a}, {id: same, why: b}]\n",
         ["3:35 `same` is already the id of the rule in line 3"]),
        ("waivers: {rule: x}\n", ["3:10 `waivers` must be a list, not a mapping"]),
    ],
)  # fmt: skip
def test_what_a_layer_cannot_do(text: str, problems: list[str]) -> None:
    assert _problems(text) == problems


def test_every_value_knows_where_it_was_written() -> None:
    policy = load(
        _over(
            "consistency:\n  - id: same\n    severity: error\n"
            "sources: {plan: {fields: {y: $.why}}}\n"
        ),
        {"base.yaml": BASE},
    )
    found = {path: (o.file, o.line) for path, o in policy.provenance.items()}
    assert found["consistency.same.severity"] == ("interlock.yaml", 5)
    assert found["consistency.same.why"] == ("base.yaml", 8)
    assert found["sources.plan.fields.x"] == ("base.yaml", 4)
    assert found["sources.plan.fields.y"] == ("interlock.yaml", 6)
    assert found["sources.plan.files.0"] == ("base.yaml", 4)
    assert found["waivers.0.key"] == ("base.yaml", 11)
    assert policy.sources["plan"].fields["y"].origin.file == "interlock.yaml"
    assert len(policy.provenance) == len(list(policy.provenance))


def test_circles_are_refused_with_their_way() -> None:
    files = {
        "a.yaml": "version: 1\nextends: sub/b.yaml\n",
        "sub/b.yaml": "version: 1\nextends: [../a.yaml]\n",
    }
    assert refused("version: 1\nextends: a.yaml\n", files) == [
        (
            "sub/b.yaml:2:11 policies extend one another in a circle: "
            "`a.yaml` extends `sub/b.yaml` extends `a.yaml`"
        )
    ]


def test_a_shared_base_counts_once_at_its_first_place() -> None:
    files = {
        "base.yaml": BASE,
        "one.yaml": _over("rules: {experiment/empty-source: error}\n"),
        "two.yaml": _over(""),
    }
    policy = load("version: 1\nextends: [one.yaml, two.yaml]\n", files)
    assert [layer.name for layer in policy.layers] == [
        "base.yaml", "one.yaml", "two.yaml", "interlock.yaml",
    ]  # fmt: skip
    assert len(policy.waivers) == 1
    assert policy.rules[-1].severity == "error"


def test_chains_and_numbers_are_bounded() -> None:
    chain = {f"{n}.yaml": f"version: 1\nextends: {n + 1}.yaml\n" for n in range(30)}
    (problem,) = refused("version: 1\nextends: 0.yaml\n", chain)
    assert problem == "8.yaml:2:10 policies extend one another more than 10 deep"
    wide = {f"{n}.yaml": "version: 1\n" for n in range(80)}
    names = ", ".join(wide)
    found = refused(f"version: 1\nextends: [{names}]\n", wide)
    assert len(found) == 31
    assert found[0].endswith("more than 50 policies extend one another")


def test_problems_of_every_layer_are_told() -> None:
    files = {"base.yaml": "version: 1\nrepos: {a: x}\n", "broken.yaml": "version: [1\n"}
    found = refused("version: 1\nextends: [base.yaml, broken.yaml]\nrules: {nope: off}\n", files)
    assert [one.split(":")[0] for one in found] == ["broken.yaml", "base.yaml", "3"]
    assert found[1] == "base.yaml:2:12 repo `a` must be `owner/name`, not `x`"


def test_other_repositories_are_read_at_a_revision_and_followed_aloud() -> None:
    fetcher = Repositories(
        {
            ("acme/policies", "teams/ml.yaml", "main"): "version: 1\nextends: [../base.yaml]\n",
            ("acme/policies", "base.yaml", "main"): BASE,
        }
    )
    policy = load(
        "version: 1\nextends: [{repo: acme/policies, path: teams/ml.yaml, branch: main}]\n",
        fetcher=fetcher,
    )
    assert [layer.name for layer in policy.layers] == [
        "acme/policies//base.yaml@main",
        "acme/policies//teams/ml.yaml@main",
        "interlock.yaml",
    ]
    assert {layer.revision for layer in policy.layers[:2]} == {fetcher.commit}
    assert policy.notices == (
        "the policy acme/policies//teams/ml.yaml@main was read at c0ffeec0ffee",
        "the policy acme/policies//base.yaml@main was read at c0ffeec0ffee",
    )


def test_a_pinned_commit_is_read_silently() -> None:
    commit = "0123456789abcdef" * 2 + "01234567"
    fetcher = Repositories({("acme/p", "x.yaml", commit): BASE}, commit)
    policy = load(f"version: 1\nextends: acme/p//x.yaml@{commit}\n", fetcher=fetcher)
    assert policy.notices == ()
    assert policy.layers[0].revision == commit


def test_a_policy_of_another_repository_never_names_files_of_this_one() -> None:
    fetcher = Repositories({("acme/p", "x.yaml", "v1"): "version: 1\nextends: secret.yaml\n"})
    found = refused(
        "version: 1\nextends: acme/p//x.yaml@v1\n",
        {"secret.yaml": "version: 1\nrepos: {a: o/a}\n"},
        fetcher=fetcher,
    )
    assert found == [
        (
            "acme/p//x.yaml@v1:2:10 `acme/p//secret.yaml@v1` cannot be read: "
            "acme/p has no secret.yaml at v1"
        )
    ]


def test_a_policy_that_lives_elsewhere_extends_its_neighbours_there() -> None:
    fetcher = Repositories({("acme/p", "base.yaml", "main"): BASE})
    policy = load(
        "version: 1\nextends: base.yaml\n",
        fetcher=fetcher,
        file="acme/p//interlock.yaml",
        revision="main",
    )
    assert policy.layers[0].name == "acme/p//base.yaml@main"


def test_without_access_the_reason_is_told() -> None:
    assert refused("version: 1\nextends: acme/p//x.yaml@v1\n") == [
        ("2:10 `acme/p//x.yaml@v1` cannot be read: this run has no access to other repositories")
    ]


def test_a_file_that_cannot_be_read_says_why() -> None:
    def files(path: str) -> bytes | None:
        raise TreeError(f"{path} is a symbolic link out of the repository")

    with pytest.raises(PolicyError) as caught:
        load_policy(
            "interlock.yaml", b"version: 1\nextends: base.yaml\n", Layers(files, None),
            version="1", built_in_rules=(),
        )  # fmt: skip
    (problem,) = caught.value.problems
    assert problem.message == (
        "`base.yaml` cannot be read: base.yaml is a symbolic link out of the repository"
    )


@pytest.mark.parametrize(
    ("file", "path", "found"),
    [
        ("interlock.yaml", "base.yaml", "base.yaml"),
        ("teams/a/x.yaml", "../b/./y.yaml", "teams/b/y.yaml"),
        ("teams/x.yaml", "../../y.yaml", None),
        ("x.yaml", "/etc/passwd", None),
        ("x.yaml", "C:/y.yaml", None),
        ("x.yaml", "a\\..\\..\\y.yaml", None),
        ("x.yaml", "", None),
        ("x.yaml", ".", None),
        ("/srv/p/x.yaml", "y.yaml", "/srv/p/y.yaml"),
        ("/srv/p/x.yaml", "../y.yaml", None),
        ("../central/x.yaml", "sub/y.yaml", "../central/sub/y.yaml"),
        ("../central/x.yaml", "../y.yaml", None),
    ],
)
def test_paths_never_leave_the_repository(file: str, path: str, found: str | None) -> None:
    assert joined(file, path) == found


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("interlock:recommended", "interlock:recommended"),
        ("base.yaml", "teams/base.yaml"),
        ("acme/p//a/b.yaml@release/1.2", "acme/p//a/b.yaml@release/1.2"),
        ("acme/p//a@b.yaml@v1", "acme/p//a@b.yaml@v1"),
    ],
)
def test_references_read_again_as_they_are_shown(text: str, name: str) -> None:
    reference = read_reference(text, Reference(path="teams/interlock.yaml"))
    assert reference.name == name


@pytest.mark.parametrize(
    "text",
    ["acme//x.yaml@v1", "acme/p//x.yaml", "acme/p//@v1", "acme/p//../x.yaml@v1", "acme/p//x@-v",
     "acme/p//x@a..b", "https://github.com/acme/p@v1", "../x.yaml"],
)  # fmt: skip
def test_references_that_name_nothing(text: str) -> None:
    with pytest.raises(ValueError, match="`"):
        read_reference(text, Reference(path="interlock.yaml"))
