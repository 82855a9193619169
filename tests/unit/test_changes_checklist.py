"""What an experiment takes in each repository, and how far it has come."""

from __future__ import annotations

import pytest
from changeworld import BASE, NEW, POLICY, ground, landed, member, only

from interlock.changes.checklist import Checklist, Line, checklist
from interlock.changes.pages import Pages
from interlock.changes.worlds import Ground

WEB = "https://github.example"
NAMES = {"pipelines": "acme/plans", "training": "acme/training", "serving": "acme/serving"}
EVERY = ("acme/plans", "acme/training", "acme/serving", "acme/a", "acme/b", "acme/c")
PAGES = Pages(
    {name: f"{WEB}/{name}" for name in EVERY}, {name: f"{WEB}/{name}/create" for name in EVERY}
)


def of(on: Ground, key: str = "new", *members: object, **more: object) -> Checklist:
    sets = [only(on, *members)] if members else []  # type: ignore[arg-type]
    loose = more.pop("loose", ())
    return checklist(on, key, sets, loose, PAGES, **more)  # type: ignore[arg-type]


def states(found: Checklist) -> dict[str, str]:
    return {line.alias: line.state for line in found.lines}


def line(found: Checklist, alias: str) -> Line:
    (one,) = (one for one in found.lines if one.alias == alias)
    return one


def test_a_new_experiment_is_missing_everywhere_with_its_files_and_create_links() -> None:
    found = of(ground())
    assert (found.key, found.branch) == ("new", "interlock/new")
    assert found.lines == tuple(
        Line(
            alias,
            NAMES[alias],
            f"https://github.example/{NAMES[alias]}",
            "",
            "",
            "missing",
            files,
            f"https://github.example/{NAMES[alias]}/create",
        )
        for alias, files in (
            ("pipelines", ("plans/new.yaml",)),
            ("training", ("conf/new.yaml",)),
            ("serving", ("live.yaml",)),
        )
    )


def test_the_changes_of_its_set_are_named_with_their_state() -> None:
    on = ground()
    found = of(
        on,
        "new",
        member(on, "pipelines", label="pipelines#41"),
        member(on, "training", label="training#7", state="draft"),
    )
    assert states(found) == {"pipelines": "open", "training": "draft", "serving": "missing"}
    one = line(found, "pipelines")
    assert (one.change, one.change_url, one.create_url, one.files) == (
        "pipelines#41",
        "https://github.example/acme/plans/pull/41",
        "",
        (),
    )


def test_what_has_landed_is_done_and_what_was_closed_is_not() -> None:
    on = ground(files=landed(BASE, ("pipelines", NEW["pipelines"])))
    found = of(
        on,
        "new",
        member(on, "pipelines", state="merged", label="pipelines#41"),
        member(on, "training", state="closed", label="training#7", branch="interlock/new"),
        member(on, "serving"),
    )
    assert states(found)["pipelines"] == "landed"
    assert [one.done for one in found.lines if one.alias == "pipelines"] == [True]
    shut = [one for one in found.lines if one.alias == "training"]
    assert all(not one.done and one.create_url and one.files for one in shut)


def test_a_closed_change_does_not_hide_the_open_one_beside_it() -> None:
    on = ground()
    found = of(
        on,
        "new",
        member(on, "pipelines"),
        member(on, "training", state="closed", label="training#7", branch="interlock/new"),
        member(on, "training", label="training#8", branch="interlock/new"),
    )
    assert [one.change for one in found.lines if one.alias == "training"] == ["training#8"]


def test_a_change_that_needs_nobody_is_named_too() -> None:
    on = ground()
    alone = member(on, "training", label="training#7")
    found = of(on, loose=(alone,))
    assert states(found) == {"pipelines": "missing", "training": "open", "serving": "missing"}
    once = of(on, "new", member(on, "pipelines"), alone, loose=(alone,))
    assert [one.change for one in once.lines if one.alias == "training"] == ["training#7"]


def test_what_landed_by_itself_is_done_and_named_by_its_last_change() -> None:
    on = ground(files=landed(BASE, ("training", NEW["training"])))
    last = member(on, "training", state="merged", label="training#9")._replace(ended=20)
    first = last._replace(label="training#7", ended=10)
    found = of(on, loose=(last, first, last._replace(label="training#8", state="closed")))
    # The plan is not there yet: nothing demands serving, and the experiment is not whole.
    assert states(found) == {"pipelines": "missing", "training": "landed", "serving": "missing"}
    assert line(found, "training").change == "training#9"


def test_of_a_repository_the_changes_that_go_on_are_named() -> None:
    on = ground()
    ahead = member(on, "training", label="training#8")
    shut = ahead._replace(label="training#7", state="closed")
    found = only(on, member(on, "pipelines"), ahead)
    found = found._replace(members=(*found.members, shut))
    lines = checklist(on, "new", [found], (), PAGES).lines
    assert [one.change for one in lines if one.alias == "training"] == ["training#8"]


def test_what_is_wrong_about_another_experiment_does_not_count() -> None:
    files = landed(BASE, ("pipelines", {"plans/x.yaml": "rate: 1\nmodel: m1\n"}))
    on = ground(files=landed(files, ("training", {"conf/x.yaml": "rate: 7\n"})))
    assert set(states(of(on, "old")).values()) == {"there"}
    assert states(of(on, "x"))["training"] == "differs"


def test_what_is_below_the_fail_level_needs_no_change() -> None:
    policy = POLICY.replace("authority: plan}", "authority: plan, severity: warning}")
    on = ground(policy, landed(BASE, ("training", {"conf/old.yaml": "rate: 7\n"})))
    assert states(of(on, "old"))["training"] == "there"
    assert states(of(on._replace(fail_level="warning"), "old"))["training"] == "differs"


def test_the_set_of_another_experiment_says_nothing() -> None:
    on = ground()
    assert set(states(of(on, "other", member(on, "pipelines"))).values()) == {"missing"}


def test_without_changes_the_default_branches_say_what_is_left() -> None:
    assert set(states(of(ground(), "old")).values()) == {"there"}
    half = ground(files=landed(BASE, ("pipelines", NEW["pipelines"])))
    found = of(half)
    assert states(found) == {"pipelines": "there", "training": "missing", "serving": "missing"}
    assert line(found, "training").files == ("conf/new.yaml",)


def test_what_is_there_and_has_to_change_is_not_done() -> None:
    other: dict[str, str | None] = {"conf/old.yaml": "rate: 9\n"}
    found = of(ground(files=landed(BASE, ("training", other))), "old")
    assert states(found) == {"pipelines": "there", "training": "differs", "serving": "there"}
    assert line(found, "training").files == ("conf/old.yaml",)


def test_a_repository_that_no_rule_asks_for_is_no_work() -> None:
    policy = POLICY.replace("exists-in: [training, serving]", "exists-in: training")
    policy += "  - {id: live-known, each: serving, exists-in: plan}\n"
    half = ground(policy, landed(BASE, ("pipelines", NEW["pipelines"])))
    assert states(of(half)) == {"pipelines": "there", "training": "missing", "serving": "spare"}


def test_a_repository_that_cannot_be_read_is_said() -> None:
    found = of(ground(unread=("serving",)))
    one = line(found, "serving")
    assert (one.state, one.note, one.done) == ("unknown", "no access", False)


def test_of_a_closed_repository_only_the_policys_words_are_told() -> None:
    policy = POLICY.replace("files: live.yaml", 'files: "*.yaml"')
    on = ground(policy, unread=())
    assert line(of(on), "serving").files == ("live.yaml",)
    found = of(on, closed=frozenset({"serving"}))
    assert line(found, "serving").files == ("*.yaml",)
    assert line(found, "training").files == ("conf/new.yaml",)
    found = of(ground(unread=("serving",)), closed=frozenset({"serving"}))
    assert line(found, "serving").state == "unknown"
    assert "no access" not in line(found, "serving").note


SHAPES = """\
version: 1
repos: {a: acme/a, b: acme/b, c: acme/c}
sources:
  plan: {repo: a, files: "plans/{team}/{key}.yaml"}
  live: {repo: b, layers: [base.yaml, "env/{env}.yaml"], each: "$.*", optional: true}
  code: {repo: c, files: "src/**/*.py", pattern: 'use\\("(?P<key>[a-z]+)"', optional: true}
  models: {repo: c, files: models.yaml, each: "$.*", optional: true}
consistency:
  - {id: one, each: plan, exists-in: live}
  - {id: two, each: code, exists-in: plan}
  - {id: three, each: plan.x, references: models, absent: {default: m}}
"""


def test_files_are_expanded_by_the_key_as_far_as_it_goes() -> None:
    policy = SHAPES.replace("{id: three, each: plan.x, references: models, absent: {default: m}}",
                            "{id: three, each: models, unique: in-source}")  # fmt: skip
    on = ground(policy, {"a": {}, "b": {}, "c": {"src/x.py": 'use("z")\n', "models.yaml": "m: 1"}})
    found = of(on, "new")
    assert {one.alias: one.files for one in found.lines} == {
        "a": ("plans/{team}/new.yaml",),
        "b": ("base.yaml", "env/{env}.yaml"),
        # Code is named where it holds the key already: no rule demands it.
        "c": (),
    }
    assert of(on, "z").lines[-1].state == "there"


def test_of_layers_those_that_hold_the_other_experiments_are_named() -> None:
    policy = """\
version: 1
repos: {a: acme/a, b: acme/b}
sources:
  plan: {repo: a, files: "{key}.yaml"}
  live: {repo: b, layers: [base.yaml, "env/{env}.yaml", "late/{env}.yaml"], each: "$.*"}
consistency:
  - {id: one, each: plan, exists-in: live}
"""
    live = {"base.yaml": "x: {w: 1}\n", "env/p.yaml": "x: {w: 2}\n", "late/p.yaml": "{}\n"}
    on = ground(policy, {"a": {"x.yaml": "{}"}, "b": live})
    assert of(on, "new").lines[-1].files == ("base.yaml", "env/p.yaml")


@pytest.mark.parametrize("key", ["../../etc/passwd", "a/b", "..", "{team}", "x*", "a\\b"])
def test_a_key_that_is_no_name_of_a_file_is_not_put_into_a_path(key: str) -> None:
    found = of(ground(), key)
    assert line(found, "pipelines").files == ("plans/{key}.yaml",)


def test_a_composite_key_fills_each_of_its_captures() -> None:
    policy = """\
version: 1
repos: {a: acme/a, b: acme/b}
sources:
  plan: {repo: a, files: "plans/{app}/{name}.yaml", key: ["{app}", "{name}"]}
  live: {repo: b, files: "{app}.yaml", each: "$.*", key: ["{app}", name], optional: true}
consistency:
  - {id: one, each: plan, exists-in: live}
"""
    on = ground(policy, {"a": {"plans/x/y.yaml": "{}"}, "b": {}})
    assert [one.files for one in of(on, "shop/new").lines] == [
        ("plans/shop/new.yaml",),
        ("shop.yaml",),
    ]
    assert states(of(on, "x/y")) == {"a": "there", "b": "missing"}


def test_keys_that_a_rule_transforms_are_found() -> None:
    policy = """\
version: 1
repos: {a: acme/a, b: acme/b}
sources:
  plan: {repo: a, files: "{key}.yaml"}
  live: {repo: b, files: live.yaml, each: "$.*"}
consistency:
  - {id: one, each: plan, exists-in: live, join: [lower, {strip-prefix: exp-}]}
"""
    on = ground(policy, {"a": {"EXP-x.yaml": "{}"}, "b": {"live.yaml": "x: {}\n"}})
    assert states(of(on, "EXP-x")) == {"a": "there", "b": "there"}


FAMILIES = """\
version: 1
repos: {a: acme/a, b: acme/b, c: acme/c}
sources:
  audit: {repo: c, files: audit.yaml, each: "$.*", optional: true}
  code: {repo: c, files: "*.py", pattern: 'use\\("(?P<key>[a-z]+)"', optional: true}
  plan: {repo: a, files: "plans/{key}.yaml", fields: {m: $.m}, optional: true}
  live: {repo: b, files: live.yaml, each: "$.*", fields: {m: "@.m"}, optional: true}
  models: {repo: b, files: models.yaml, each: "$.*", optional: true}
  teams: {repo: c, files: teams.yaml, each: "$.*", optional: true}
consistency:
"""


@pytest.mark.parametrize(
    ("rules", "wanted"),
    [
        # Without a demand every repository of the family is to be changed.
        (["{id: r1, each: plan.m, equal: live.m}"], {"a": "missing", "b": "missing"}),
        # The plan is what demands most, and what is no code; others need not take part.
        (
            ["{id: r1, each: plan, exists-in: [live, models]}",
             "{id: r2, each: audit, exists-in: plan}"],
            {"a": "missing", "b": "missing", "c": "spare"},
        ),
        (
            ["{id: r1, each: plan, exists-in: live}",
             "{id: r2, each: code, exists-in: [plan, live]}"],
            {"a": "missing", "b": "missing", "c": "spare"},
        ),
        # Rules that are off, and names that values hold, join nothing.
        (
            ["{id: r1, each: plan, exists-in: live}",
             "{id: r2, each: teams, exists-in: plan, severity: off}"],
            {"a": "missing", "b": "missing"},
        ),
        (
            ["{id: r1, each: plan, exists-in: live}",
             "{id: r2, each: plan.m, references: {via: [teams.x, models.y]}}"],
            {"a": "missing", "b": "missing"},
        ),
    ],
)  # fmt: skip
def test_which_repositories_take_part(rules: list[str], wanted: dict[str, str]) -> None:
    fields = FAMILIES.replace(
        'models.yaml, each: "$.*"', 'models.yaml, each: "$.*", fields: {y: "@.y"}'
    ).replace('teams.yaml, each: "$.*"', 'teams.yaml, each: "$.*", fields: {x: "@.x"}')
    on = ground(fields + "".join(f"  - {rule}\n" for rule in rules), {"a": {}, "b": {}, "c": {}})
    assert states(of(on)) == wanted


def test_a_new_key_is_taken_for_the_widest_family() -> None:
    rules = (
        "  - {id: r1, each: plan, exists-in: live}\n  - {id: r2, each: models, unique: in-source}\n"
    )
    files = {"a": {"plans/x.yaml": "{}"}, "b": {"live.yaml": "x: {}\n", "models.yaml": "m: {}\n"}}
    on = ground(FAMILIES + rules, {**files, "c": {}})
    assert line(of(on, "new"), "b").files == ("live.yaml",)
    assert states(of(on, "m")) == {"b": "there"}


def test_many_shared_files_are_told_as_their_glob() -> None:
    policy = """\
version: 1
repos: {a: acme/a, b: acme/b}
sources:
  plan: {repo: a, files: "{key}.yaml"}
  live: {repo: b, files: "live/*.yaml", each: "$.*"}
consistency: [{id: one, each: plan, exists-in: live}]
"""
    for count, wanted in (
        (3, ("live/0.yaml", "live/1.yaml", "live/2.yaml")),
        (4, ("live/*.yaml",)),
    ):
        live = {f"live/{at}.yaml": f"x{at}: {{}}\n" for at in range(count)}
        assert line(of(ground(policy, {"a": {}, "b": live})), "b").files == wanted


def test_an_alias_of_several_repositories_says_which() -> None:
    policy = """\
version: 1
repos: {a: acme/a, b: [acme/b1, acme/b2]}
sources:
  plan: {repo: a, files: "{key}.yaml"}
  live: {repo: b, files: "live/{key}.yaml", optional: true}
consistency:
  - {id: one, each: plan, exists-in: live}
"""
    on = ground(policy, {"a": {"x.yaml": "{}"}, "acme/b2": {"live/x.yaml": "{}"}})
    assert [(one.name, one.state) for one in of(on, "x").lines] == [
        ("acme/a", "there"),
        ("acme/b2", "there"),
    ]
    one = line(of(on, "new"), "b")
    assert (one.name, one.create_url, one.note) == ("", "", "it goes to acme/b1 or acme/b2")


def test_a_policy_without_rules_has_no_lines() -> None:
    policy = "version: 1\nrepos: {a: acme/a}\nsources: {p: {repo: a, files: '{key}.yaml'}}\n"
    assert of(ground(policy, {"a": {}})).lines == ()
