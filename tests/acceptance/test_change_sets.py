"""The story of three repositories and one experiment, from the first branch to the last landing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from topologies import ROOT

sys.path.insert(0, str(ROOT / "examples" / "demo"))
import demo

PIPELINES, TRAINING, SERVING = "feature-pipelines", "model-training", "model-serving"
BRANCH = "interlock/ranker-v3"
VALUES = "charts/ranker/values.yaml"
PLAN, CONF = "experiments/{}.yaml", "conf/experiment/{}.toml"
#: What each repository changes for a new experiment.
NEW: Mapping[str, Mapping[str, str]] = {
    PIPELINES: {PLAN.format("ranker-v3"): demo.PLAN},
    TRAINING: {CONF.format("ranker-v3"): demo.TRAINING},
    SERVING: {VALUES: demo.VALUES + demo.VALUES.partition("\n")[2].replace("-v2", "-v3")},
}
ALIAS = {PIPELINES: "pipelines", TRAINING: "training", SERVING: "serving"}


@pytest.fixture
def organisation(tmp_path: Path) -> Path:
    demo.build(tmp_path)
    return tmp_path


def change(
    where: Path, files: Mapping[str, str | None], branch: str = BRANCH, message: str = "Change"
) -> None:
    """Commit ``files`` (None removes one) on a branch, and go back to main."""
    demo.git(where, "switch", "-q", "-C", branch)
    for path, text in files.items():
        if text is None:
            (where / path).unlink()
        else:
            (where / path).parent.mkdir(parents=True, exist_ok=True)
            (where / path).write_bytes(text.encode())
    demo.git(where, "add", "-A")
    demo.git(where, "commit", "-q", "--allow-empty", "-m", message)
    demo.git(where, "switch", "-q", "main")


def land(where: Path, branch: str = BRANCH) -> None:
    demo.git(where, "merge", "-q", "--no-ff", "--no-edit", branch)


def show(where: Path, *arguments: str, branch: str = BRANCH) -> tuple[int, str, str]:
    """Run the command; (exit code, standard output, standard error)."""
    env = {k: v for k, v in os.environ.items() if k != "CI" and not k.startswith("GITHUB_")}
    named = ("--branch", branch) if branch else ()
    command = [sys.executable, "-m", "interlock", "set", "show", *named, *arguments]
    done = subprocess.run(command, cwd=where, env=env, capture_output=True, check=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def sets(where: Path, *arguments: str, branch: str = BRANCH) -> tuple[int, list[dict[str, Any]]]:
    code, out, error = show(where, "--format", "json", *arguments, branch=branch)
    assert not error
    return code, json.loads(out)["sets"]


def states(found: dict[str, Any]) -> dict[str, str]:
    return {member["repo"]: member["state"] for member in found["members"]}


def test_one_branch_alone_is_told_which_repositories_need_a_change(organisation: Path) -> None:
    change(organisation / PIPELINES, NEW[PIPELINES])
    demo.git(organisation / PIPELINES, "switch", "-q", BRANCH)
    code, out, _ = show(organisation / PIPELINES, branch="")
    first, *rest = out.splitlines()
    assert code == 1
    assert first == "1 of 3 changes for experiment `ranker-v3`: training and serving are missing"
    text = "\n".join(rest)
    for alias in ("training", "serving"):
        assert f"make the change of {alias} on a branch `{BRANCH}` of acme/model-{alias}" in text
        assert f"\n{alias} " in text
        # Both places are quoted: what is there, and where something is not.
    assert "--> pipelines: experiments/ranker-v3.yaml:2:1" in text
    assert "--> training: conf/experiment/ranker-v3.toml" in text
    assert "an experiment takes a change in each repository" in text


@pytest.mark.parametrize("missing", [TRAINING, SERVING])
def test_two_of_three_name_the_third(organisation: Path, missing: str) -> None:
    for name in NEW:
        if name != missing:
            change(organisation / name, NEW[name])
    code, out, _ = show(organisation / PIPELINES)
    alias = ALIAS[missing]
    assert code == 1
    assert out.startswith(f"2 of 3 changes for experiment `ranker-v3`: {alias} is missing\n")
    assert "order:" not in out


@pytest.mark.parametrize("seen_from", list(NEW))
def test_all_three_are_consistent_together_in_an_order(organisation: Path, seen_from: str) -> None:
    for name in NEW:
        change(organisation / name, NEW[name])
    code, found = sets(organisation / seen_from)
    assert code == 0
    assert [one["headline"] for one in found] == [
        "3 of 3 changes for experiment `ranker-v3`: consistent only together"
    ]
    assert found[0]["order"] == ["training", "serving", "pipelines"]
    assert found[0]["next"] == ["training", "serving"]


@pytest.mark.parametrize("order", list(permutations(NEW)), ids="-".join)
def test_every_order_landed_for_real_is_broken_where_it_was_refused(
    organisation: Path, order: tuple[str, ...]
) -> None:
    for name in NEW:
        change(organisation / name, NEW[name])
    refused = False
    for at, name in enumerate(order):
        _, found = sets(organisation / TRAINING)
        refused = refused or (ALIAS[name] not in found[0]["next"] and not refused)
        land(organisation / name)
        command = [sys.executable, "-m", "interlock", "check"]
        done = subprocess.run(
            command, cwd=organisation / PIPELINES, capture_output=True, check=False
        )
        # The check of the default branches breaks in those states, and only in those, that were
        # refused; when all have landed it is clean.
        broken = refused and at < len(order) - 1
        assert done.returncode == int(broken), done.stdout.decode()
    code, found = sets(organisation / TRAINING)
    assert (code, found[0]["headline"][-15:]) == (0, "all have landed")


def test_a_set_that_landed_half_says_what_is_wrong_now(organisation: Path) -> None:
    for name in NEW:
        change(organisation / name, NEW[name])
    land(organisation / PIPELINES)
    code, found = sets(organisation / TRAINING)
    assert code == 0
    assert states(found[0]) == {"pipelines": "merged", "training": "open", "serving": "open"}
    assert {f["rule"] for f in found[0]["half_landed"]} == {"experiment/in-every-repo"}
    # It is broken until both have landed; neither makes it worse.
    assert found[0]["order"] == ["training", "serving"]


def test_a_merged_change_counts_for_one_that_came_later(organisation: Path) -> None:
    for name in (TRAINING, PIPELINES):
        change(organisation / name, NEW[name])
    land(organisation / TRAINING)
    _, found = sets(organisation / PIPELINES)
    assert states(found[0]) == {"pipelines": "open", "training": "merged"}
    assert found[0]["missing"] == ["serving"]


def test_changes_that_disagree_are_inconsistent_and_both_places_are_quoted(
    organisation: Path,
) -> None:
    for name in (PIPELINES, SERVING):
        change(organisation / name, NEW[name])
    wrong = {path: text.replace("0.4", "0.5") for path, text in NEW[TRAINING].items()}
    change(organisation / TRAINING, wrong)
    code, out, _ = show(organisation / SERVING)
    assert code == 1
    assert out.startswith(
        "3 of 3 changes for experiment `ranker-v3`: inconsistent, 1 finding when all have landed\n"
    )
    assert "--> training: conf/experiment/ranker-v3.toml:7:17" in out
    assert "--> pipelines: experiments/ranker-v3.yaml:9:22" in out
    assert "--fix" not in out


def test_a_value_that_two_repositories_share_has_no_safe_order(organisation: Path) -> None:
    for name, path in ((PIPELINES, PLAN), (TRAINING, CONF)):
        old = (organisation / name / path.format("ranker-v2")).read_text()
        change(organisation / name, {path.format("ranker-v2"): old.replace("0.4", "0.5")})
    code, out, _ = show(organisation / PIPELINES)
    assert code == 0
    assert out.startswith("2 of 2 changes for experiment `ranker-v2`: consistent only together\n")
    assert "order: none is safe: land all of them within 4 hours\n" in out
    policy = organisation / PIPELINES / "interlock.yaml"
    policy.write_text(policy.read_text() + "change-sets: {window: 0h}\n")
    demo.git(organisation / PIPELINES, "commit", "-qam", "Accept no window")
    assert "the policy accepts no window" in show(organisation / PIPELINES)[1]


def test_companions_need_a_change_that_values_do_not_show(organisation: Path) -> None:
    policy = organisation / PIPELINES / "interlock.yaml"
    policy.write_text(
        policy.read_text()
        + "companions:\n  - {id: schema, repo: serving, paths: 'schema/**', needs: pipelines, "
        "why: plans name what the schema holds}\n"
    )
    demo.git(organisation / PIPELINES, "commit", "-qam", "Ask for companions")
    change(organisation / SERVING, {"schema/a.json": "{}"})
    code, out, _ = show(organisation / SERVING)
    assert code == 1
    assert "pipelines is missing" in out
    assert "needs pipelines: `companion schema` (plans name what the schema holds)" in out
    change(organisation / PIPELINES, {"notes.md": "as in the schema"})
    assert show(organisation / SERVING)[0] == 0


def test_a_renamed_experiment_is_one_set(organisation: Path) -> None:
    serving = demo.VALUES.replace("ranker-v2", "ranker-v9")
    renamed: dict[str, dict[str, str | None]] = {
        PIPELINES: {PLAN.format("ranker-v2"): None, PLAN.format("ranker-v9"): demo.PLAN},
        TRAINING: {CONF.format("ranker-v2"): None, CONF.format("ranker-v9"): demo.TRAINING},
        SERVING: {
            VALUES: serving,
            "env/prod/values.yaml": serving.partition("      treatment")[0],
            "src/ranker.py": 'experiment("ranker-v9", [])\n',
        },
    }
    change(organisation / PIPELINES, renamed[PIPELINES])
    code, found = sets(organisation / PIPELINES)
    assert (code, found[0]["missing"]) == (1, ["training", "serving"])
    for name in (TRAINING, SERVING):
        change(organisation / name, renamed[name])
    code, found = sets(organisation / PIPELINES)
    assert (code, found[0]["verdict"]) == (0, "together")
    assert "ranker-v9" in found[0]["keys"]


def test_two_experiments_on_one_branch_are_one_set(organisation: Path) -> None:
    for name, files in NEW.items():
        more = {path.replace("v3", "v4"): text for path, text in files.items() if "v3" in path}
        text = files.get(VALUES, "") + demo.VALUES.partition("\n")[2].replace("-v2", "-v4")
        change(organisation / name, {**files, **(more or {VALUES: text})})
    code, found = sets(organisation / SERVING)
    assert code == 0
    assert [sorted(one["keys"]) for one in found] == [["ranker-v3", "ranker-v4"]]


def test_a_branch_that_touches_nothing_is_no_noise(organisation: Path) -> None:
    change(organisation / SERVING, {"notes.md": "nothing"})
    change(organisation / TRAINING, {}, message="Empty\n\nInterlock-Set: ranker-v3")
    code, out, _ = show(organisation / SERVING)
    assert code == 0
    assert out == (
        f"the change of training and serving on branch `{BRANCH}` needs none in another "
        "repository\n"
    )
    assert show(organisation / SERVING, branch="main")[:2] == (
        0,
        "branch `main` holds nothing that the default branches have not\n",
    )


def test_an_empty_change_of_the_same_name_satisfies_nothing(organisation: Path) -> None:
    change(organisation / PIPELINES, NEW[PIPELINES])
    change(organisation / TRAINING, {"notes.md": "x"}, message="X\n\nInterlock-Set: ranker-v3")
    _, found = sets(organisation / PIPELINES)
    assert found[0]["missing"] == ["training", "serving"]
    assert [one["repo"] for one in found[0]["ignored"]] == ["training"]


def test_an_unreadable_sibling_is_unknown_and_never_clean(organisation: Path) -> None:
    for name in NEW:
        change(organisation / name, NEW[name])
    (organisation / "deeper").mkdir()
    (organisation / SERVING).rename(organisation / "deeper" / SERVING)
    code, out, _ = show(organisation / PIPELINES, "--offline")
    assert code == 1
    assert "unknown, serving could not be read" in out
    assert "--repo serving=PATH" in out
    given = f"serving={organisation / 'deeper' / SERVING}"
    assert show(organisation / PIPELINES, "--repo", given)[0] == 0
    assert show(organisation / PIPELINES, "--repo", f"{given}@{BRANCH}")[0] == 0


def test_a_change_that_is_wrong_in_itself_needs_nobody_else(organisation: Path) -> None:
    old = (organisation / TRAINING / CONF.format("ranker-v2")).read_text()
    change(organisation / TRAINING, {CONF.format("ranker-v2"): old.replace("0.4", "0.5")})
    code, out, _ = show(organisation / TRAINING)
    assert code == 1
    assert out.startswith("1 change for experiment `ranker-v2`: inconsistent, 1 finding")
    assert "next:" not in out


def test_what_landed_on_main_in_the_meantime_is_merged(organisation: Path) -> None:
    for name in NEW:
        change(organisation / name, NEW[name])
    serving = organisation / SERVING
    values = (serving / VALUES).read_text()
    other = "experiments:\n  other:\n    variants: {a: {weight: 100}}\n"
    (serving / VALUES).write_text(other + values.partition("\n")[2])
    demo.git(serving, "commit", "-qam", "Add another")
    assert show(serving)[0] == 0
    (serving / VALUES).write_text(values.replace("weight: 40", "weight: 41"))
    demo.git(serving, "commit", "-qam", "Touch the same lines")
    code, out, _ = show(serving)
    assert code == 1
    assert "conflicts with what has landed in the meantime: rebase the branch" in out


def test_a_malformed_trailer_is_told(organisation: Path) -> None:
    change(organisation / PIPELINES, NEW[PIPELINES], message="Add\n\nInterlock-Set: a b")
    assert "note: pipelines: `Interlock-Set` needs one key" in show(organisation / PIPELINES)[1]


def test_markdown_and_a_file(organisation: Path, tmp_path: Path) -> None:
    change(organisation / PIPELINES, NEW[PIPELINES])
    file = tmp_path / "set.md"
    code, out, _ = show(organisation / PIPELINES, "--format", "markdown", "--output", str(file))
    assert (code, out) == (1, "")
    text = file.read_text()
    assert text.startswith("### Interlock: 1 of 3 changes for experiment `ranker-v3`: training and")
    assert "<td><code>serving</code></td>" in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--branch", "nope"), "has a branch `nope`"),
        (("--repo", "servin=."), "servin"),
        (("--repo", "serving=nowhere"), "no checkout"),
        (("--repo", "serving"), "write ALIAS=PATH"),
        (("--repo", "serving=../model-serving@nope"), "nope"),
        (("--policy", "nowhere.yaml"), "nowhere.yaml"),
    ],
)
def test_wrong_usage_says_what_was_meant(
    organisation: Path, arguments: tuple[str, ...], said: str
) -> None:
    change(organisation / PIPELINES, NEW[PIPELINES])
    code, out, error = show(organisation / TRAINING, *arguments)
    assert (code, out) == (2, "")
    assert said in error
    assert "Traceback" not in error


def test_without_a_branch_one_has_to_be_named(organisation: Path) -> None:
    demo.git(organisation / TRAINING, "switch", "-q", "--detach")
    code, _, error = show(organisation / TRAINING, branch="")
    assert code == 2
    assert "--branch NAME" in error


def test_what_is_not_committed_is_said_to_be_left_out(organisation: Path) -> None:
    pipelines = organisation / PIPELINES
    change(pipelines, NEW[PIPELINES])
    demo.git(pipelines, "switch", "-q", BRANCH)
    said = "note: what is not committed here is not looked at"
    assert said not in show(pipelines, branch="")[1]
    (pipelines / "experiments/more.yaml").write_text(demo.PLAN)
    assert said in show(pipelines, branch="")[1]
    assert said not in show(pipelines, branch="main")[1]
