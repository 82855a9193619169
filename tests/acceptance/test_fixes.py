"""`interlock check --fix` and `--diff` as a person runs them, over real git repositories."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

import demo
import pytest

POLICY = """\
version: 1
repos: {plans: acme/plans, serving: acme/serving, training: acme/training}
sources:
  plan:
    repo: plans
    files: "experiments/{key}.yaml"
    fields:
      variants: {keys: $.variants}
      weights: "$.variants.*.weight"
      params: "$.variants.*.params"
      rate: "$.variants.*.params.rate"
      owner: $.owner
      countries: $.countries
  serving:
    repo: serving
    files: values.yaml
    each: "$.experiments.*"
    fields:
      variants: {keys: "@.variants"}
      weights: "@.variants.*.weight"
      rate: "@.variants.*.params.rate"
      owner: "@.owner"
      countries: "@.countries"
  training:
    repo: training
    files: "conf/{key}.toml"
    fields: {variants: {keys: $.variants}, params: "$.variants.*.params"}
  catalogue:
    repo: training
    files: models.json
    each: "$.models[*]"
    key: "@.experiment"
    fields: {owner: "@.owner"}
consistency:
  - {id: in-serving, each: plan, exists-in: [serving, catalogue], authority: plan}
  - {id: in-training, each: plan, exists-in: training, authority: plan}
  - id: variants
    each: plan.variants
    same-set: [serving.variants, training.variants]
    authority: plan
  - {id: weights, each: serving.weights, equal: plan.weights, authority: plan}
  - {id: rate, each: plan.rate, equal: serving.rate, authority: plan}
  - {id: params, each: plan.params, equal: training.params, compare: number, authority: plan}
  - {id: owner, each: plan.owner, equal: [serving.owner, catalogue.owner], authority: plan}
  - {id: countries, each: plan.countries, same-set: serving.countries, authority: plan}
"""
PLAN = """\
owner: "@acme/ranking"   # pages them
countries: [de, "no"]
variants:
  control: {weight: 60, params: {rate: 0.3, depth: 6}}
  treatment-b: {weight: 40, params: {rate: 0.4, depth: 7}}
"""
SERVING = """\
# Read by the ranker at start-up.
experiments:
    ranker-v2:
        owner: "@acme/ranking"
        countries:
        - de   # first market
        - 'no'
        variants:
            control:
                weight: 60  # most
                params:
                    rate: 0.3
            treatment-b:
                weight: 40
                params:
                    rate: 0.4
    basket-7:
        owner: "@acme/ranking"
        countries:
        - de   # first market
        - 'no'
        variants:
            control:
                weight: 60  # most
                params:
                    rate: 0.3
            treatment-b:
                weight: 40
                params:
                    rate: 0.4
timeout: 5
"""
TRAINING = """\
# Training reads this.
[variants.control.params]
rate = 0.3
depth = 6

[variants.treatment-b.params]
rate = 0.4
depth = 7

[runtime]
gpu = true
"""
CATALOGUE = """\
{"models": [
  {"experiment": "basket-7", "owner": "@acme/ranking"},
  {"experiment": "ranker-v2", "owner": "@acme/ranking"}
]}
"""
FILES = {
    "plans": {
        "interlock.yaml": POLICY,
        "experiments/ranker-v2.yaml": PLAN,
        "experiments/basket-7.yaml": PLAN,
    },
    "serving": {"values.yaml": SERVING},
    "training": {
        "conf/ranker-v2.toml": TRAINING,
        "conf/basket-7.toml": TRAINING,
        "models.json": CATALOGUE,
    },
}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    top = tmp_path_factory.mktemp("organisation")
    for name, files in FILES.items():
        folder = top / name
        folder.mkdir()
        demo.git(folder, "init", "-q", "-b", "main")
        demo.git(folder, "remote", "add", "origin", f"https://github.com/acme/{name}.git")
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(text.encode())
        demo.git(folder, "add", "-A")
        demo.git(folder, "commit", "-q", "-m", "Set up")
    return top


@pytest.fixture
def top(written: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "copy"
    shutil.copytree(written, copy)
    return copy


def run(
    top: Path, *arguments: str, own: str = "plans", start: Sequence[str] = ("-m", "interlock")
) -> tuple[int, str]:
    others = [f"--repo={name}={top / name}" for name in FILES if name != own]
    command = [sys.executable, *start, "check", *others, *arguments]
    env = {k: v for k, v in os.environ.items() if k not in ("CI", "GITHUB_EVENT_NAME")}
    done = subprocess.run(command, cwd=top / own, env=env, capture_output=True, check=False)
    return done.returncode, done.stdout.decode() + done.stderr.decode()


def contents(top: Path) -> dict[str, bytes]:
    return {
        path.relative_to(top).as_posix(): path.read_bytes()
        for name in FILES
        for path in (top / name).rglob("*")
        if path.is_file() and ".git" not in path.relative_to(top).parts
    }


def change(top: Path, path: str, old: str, new: str) -> None:
    text = (top / path).read_bytes()
    assert text.count(old.encode()) >= 1, old
    (top / path).write_bytes(text.replace(old.encode(), new.encode(), 1))


def fixed(top: Path) -> dict[str, bytes]:
    """Mend, expect clean, and that doing it again writes nothing."""
    code, output = run(top, "--fix")
    assert code == 0, output
    after = contents(top)
    code, output = run(top, "--fix")
    assert (code, contents(top)) == (0, after)
    assert "nothing was mended" in output
    return after


def block(text: str, first: str, last: str) -> str:
    start = text.index(first)
    return text[start : text.index(last, start) + len(last)]


VARIANT = block(SERVING, "            treatment-b:", "rate: 0.4\n")
RECORD = SERVING[SERVING.index("    basket-7:") : SERVING.index("timeout")]
WEIGHT = "                weight: 40\n"
DELETIONS: Mapping[str, tuple[str, str]] = {
    "a variant in YAML": ("serving/values.yaml", VARIANT),
    "a variant in TOML": (
        "training/conf/ranker-v2.toml",
        "[variants.treatment-b.params]\nrate = 0.4\ndepth = 7\n\n",
    ),
    "a value in YAML": ("serving/values.yaml", WEIGHT),
    "a value in TOML": ("training/conf/ranker-v2.toml", "depth = 7\n"),
    "a record in YAML": ("serving/values.yaml", RECORD),
    "a record in JSON": (
        "training/models.json",
        ',\n  {"experiment": "ranker-v2", "owner": "@acme/ranking"}',
    ),
    "an element": ("serving/values.yaml", "        - 'no'\n"),
}


#: What comes back at the end of its neighbours, or in quotes that no neighbour shows.
MOVED = {
    "a value in YAML": SERVING.replace(
        VARIANT, VARIANT.replace(WEIGHT, "").replace("0.4\n", f"0.4\n{WEIGHT}"), 1
    ),
    "a record in YAML": SERVING.replace(
        RECORD, RECORD.replace("   # first market", "").replace("  # most", "")
    ),
    "an element": SERVING.replace("- 'no'", '- "no"', 1),
}


@pytest.mark.parametrize("what", DELETIONS)
def test_what_was_deleted_comes_back_byte_for_byte(what: str, top: Path) -> None:
    before = contents(top)
    assert run(top)[0] == 0
    path, text = DELETIONS[what]
    change(top, path, text, "")
    assert run(top)[0] == 1
    after = fixed(top)
    assert after.pop(path).decode() == MOVED.get(what, before[path].decode())
    before.pop(path)
    assert after == before


def test_a_file_with_crlf_and_a_byte_order_mark_keeps_both(top: Path) -> None:
    path = top / "serving/values.yaml"
    whole = b"\xef\xbb\xbf" + SERVING.replace("\n", "\r\n").encode()
    path.write_bytes(whole.replace(VARIANT.replace("\n", "\r\n").encode(), b"", 1))
    fixed(top)
    assert path.read_bytes() == whole


def test_two_missing_variants_are_added_at_one_place(top: Path) -> None:
    for key in ("ranker-v2", "basket-7"):
        change(
            top,
            f"plans/experiments/{key}.yaml",
            "variants:\n",
            "variants:\n  c: {weight: 1, params: {rate: 1, depth: 1}}\n"
            "  a: {weight: 2, params: {rate: 2, depth: 1}}\n",
        )
    after = fixed(top)
    text = after["serving/values.yaml"].decode()
    assert text.replace(ADDED, "") == SERVING
    assert text.count(ADDED) == 2


ADDED = """\
            c:
                weight: 1
                params:
                    rate: 1
            a:
                weight: 2
                params:
                    rate: 2
"""


def test_neighbours_with_more_than_rules_relate_are_a_refusal_that_names_it(top: Path) -> None:
    change(top, "serving/values.yaml", VARIANT, "")
    text = (top / "serving/values.yaml").read_text()
    (top / "serving/values.yaml").write_text(
        text.replace("weight: 60  # most\n", "weight: 60\n                model: m1\n")
    )
    before = contents(top)
    code, output = run(top, "--fix", "variants")
    assert code == 1
    assert "serving's other `variants` also have `model`, which no rule relates: write it" in output
    assert "nothing was mended" in output
    assert contents(top) == before


def test_what_the_authority_does_not_give_is_a_refusal(top: Path) -> None:
    change(top, "serving/values.yaml", VARIANT, "")
    change(top, "plans/experiments/ranker-v2.yaml", "weight: 40, ", "")
    code, output = run(top, "variants")
    assert code == 1
    assert "also have `weight`, which plan does not give: write it by hand" in output


def test_a_record_that_is_a_file_of_its_own_is_left_to_its_author(top: Path) -> None:
    (top / "training/conf/ranker-v2.toml").unlink()
    before = contents(top)
    code, output = run(top, "--fix")
    assert code == 1
    assert "training keeps each record in a file of its own: write it by hand" in output
    assert contents(top) == before


def test_diff_shows_what_fix_writes_and_writes_nothing(top: Path) -> None:
    change(top, "serving/values.yaml", VARIANT, "")
    before = contents(top)
    code, output = run(top, "--diff")
    assert code == 1
    assert contents(top) == before
    added = [line[1:] for line in output.splitlines() if line.startswith("+ ")]
    assert added == VARIANT.splitlines()
    patch = output[output.index("--- a/") : output.index("error ")]
    done = subprocess.run(
        ["git", "apply", "-p1", "-"], cwd=top / "serving", input=patch.encode(), check=False
    )
    assert done.returncode == 0
    assert (top / "serving/values.yaml").read_text() == SERVING


def test_only_work_trees_that_were_given_are_written(top: Path) -> None:
    change(top, "serving/values.yaml", "weight: 40", "weight: 41")
    demo.git(top / "serving", "commit", "-qam", "Shift weights")
    before = contents(top)
    command = [sys.executable, "-m", "interlock", "check", "--fix"]
    for given in ((), (f"--repo=serving={top / 'serving'}@main",)):
        done = subprocess.run(
            [*command, *given], cwd=top / "plans", capture_output=True, check=False
        )
        assert done.returncode == 1
        assert b"serving:values.yaml is another repository" in done.stdout
        assert contents(top) == before


def test_what_is_staged_and_what_lies_there_must_be_the_same(top: Path) -> None:
    change(top, "serving/values.yaml", VARIANT, "")
    demo.git(top / "serving", "add", "-A")
    path = top / "serving/values.yaml"
    path.write_text(path.read_text() + "# not staged\n")
    before = contents(top)
    code, output = run(
        top, "--staged", "--fix", f"--policy={top / 'plans/interlock.yaml'}", own="serving"
    )
    assert code == 1
    assert "values.yaml differs from what was checked" in output
    assert contents(top) == before


LIMITED = """
import resource, runpy, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (400, 400))
runpy.run_module("interlock", run_name="__main__", alter_sys=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs resource limits")
def test_a_disk_that_is_full_leaves_each_file_whole(top: Path) -> None:
    change(top, "serving/values.yaml", VARIANT, "")
    change(top, "training/conf/ranker-v2.toml", "depth = 7", "depth = 8")
    before = contents(top)
    code, output = run(top, "--fix", start=("-c", LIMITED))
    assert code == 1
    assert "serving:values.yaml: it cannot be written: File too large" in output
    assert "mended training:conf/ranker-v2.toml (1 place)" in output
    before["training/conf/ranker-v2.toml"] = TRAINING.encode()
    assert contents(top) == before


@pytest.mark.skipif(sys.platform == "win32", reason="needs symlinks")
def test_a_link_is_never_followed_out_of_the_tree(top: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.yaml"
    outside.write_text(SERVING.replace(VARIANT, "", 1))
    (top / "serving/values.yaml").unlink()
    (top / "serving/values.yaml").symlink_to(outside)
    before = outside.read_bytes()
    code, _ = run(top, "--fix")
    assert code == 1
    assert outside.read_bytes() == before


def test_rules_that_contradict_each_other_change_nothing(top: Path) -> None:
    text = POLICY.replace("equal: [serving.owner, catalogue.owner]", "equal: serving.owner")
    text += (
        "  - {id: owner-too, each: catalogue.owner, equal: serving.owner, authority: catalogue}\n"
    )
    (top / "plans/interlock.yaml").write_text(text)
    change(top, "training/models.json", '"@acme/ranking"', '"@acme/x"')
    before = contents(top)
    code, output = run(top, "--fix", "owner", "owner-too")
    assert code == 1
    assert contents(top) == before
    assert "rules want different things" in output


LAYERED = POLICY.replace("files: values.yaml", 'layers: [values.yaml, "env/{env}.yaml"]')
PROD = """\
experiments:
    ranker-v2:
        variants:
            treatment-b: {weight: 40}
"""


@pytest.mark.parametrize("what", ["added", "renamed", "removed"])
def test_layers_are_mended_where_they_say_it(what: str, top: Path) -> None:
    (top / "plans/interlock.yaml").write_text(LAYERED)
    (top / "serving/env").mkdir()
    (top / "serving/env/prod.yaml").write_text(PROD)
    (top / "serving/env/test.yaml").write_text(
        "experiments: {ranker-v2: {owner: '@acme/ranking'}}\n"
    )
    assert run(top)[0] == 0
    before = contents(top)
    if what == "added":
        change(top, "serving/values.yaml", RECORD, "")
        before["serving/values.yaml"] = MOVED["a record in YAML"].encode()
    elif what == "renamed":
        for path in ("serving/values.yaml", "serving/env/prod.yaml"):
            change(top, path, "treatment-b", "treatment-x")
    else:
        change(
            top, "serving/env/prod.yaml", "treatment-b", "old: {weight: 1}\n            treatment-b"
        )
        change(
            top,
            "serving/values.yaml",
            "            treatment-b",
            "            old: {weight: 1}\n            treatment-b",
        )
    assert run(top)[0] == 1
    assert fixed(top) == before


def test_the_demo_without_a_variant_in_training_is_mended(tmp_path: Path) -> None:
    demo.build(tmp_path)
    config = tmp_path / "model-training/conf/experiment/ranker-v2.toml"
    whole = config.read_bytes()
    config.write_bytes(whole[: whole.index(b"\n[variants.treatment")])
    command = [sys.executable, "-m", "interlock", "check", "--fix"]
    done = subprocess.run(
        command, cwd=tmp_path / "model-training", capture_output=True, check=False
    )
    assert done.returncode == 0, done.stdout
    assert config.read_bytes() == whole


def test_the_demo_without_a_variant_in_serving_says_what_nobody_decides(tmp_path: Path) -> None:
    demo.build(tmp_path)
    values = tmp_path / "model-serving/charts/ranker/values.yaml"
    values.write_bytes(values.read_bytes().replace(b"      treatment: {weight: 40}\n", b""))
    before = values.read_bytes()
    command = [sys.executable, "-m", "interlock", "check", "--fix"]
    done = subprocess.run(command, cwd=tmp_path / "model-serving", capture_output=True, check=False)
    assert done.returncode == 1
    assert b"also have `weight`, which no rule relates: write it by hand" in done.stdout
    assert values.read_bytes() == before


HOSTILE = [
    "a: b",
    "x # y",
    "no",
    "0o7",
    "1_000",
    "",
    "it's",
    'say "no"',
    "two\nlines",
    "ü🙂",
    "\x85",
]


def test_values_that_look_like_syntax_arrive_as_they_are(top: Path) -> None:
    texts = [json.dumps(t, ensure_ascii=False).replace("\x85", "\\x85") for t in HOSTILE]
    rates = ", ".join(f"p{at}: {text}" for at, text in enumerate(texts))
    change(top, "plans/experiments/ranker-v2.yaml", "depth: 7", f"depth: 7, {rates}")
    after = fixed(top)["training/conf/ranker-v2.toml"].decode()
    params = tomllib.loads(after)["variants"]["treatment-b"]["params"]
    assert [params[f"p{at}"] for at in range(len(HOSTILE))] == HOSTILE
    added = "".join(line for line in after.splitlines(True) if line.startswith("p"))
    assert after.replace(added, "") == TRAINING


LISTED = """\
version: 1
repos: {plans: acme/plans, serving: acme/serving, training: acme/training}
sources:
  plan:
    repo: plans
    files: "lists/{key}.json"
    fields: {variants: {path: $.variants, by: name}}
  serving:
    repo: serving
    files: "lists/{key}.yaml"
    fields: {variants: {path: $.variants, by: name}}
consistency:
  - {id: variants, each: plan.variants, same-set: serving.variants, authority: plan}
  - {id: whole, each: plan.variants, equal: serving.variants, authority: plan}
"""


@pytest.mark.parametrize("rules", ["variants", "both"])
def test_a_list_of_objects_takes_a_whole_one_or_none(rules: str, top: Path) -> None:
    policy = LISTED if rules == "both" else LISTED[: LISTED.index("  - {id: whole")]
    (top / "plans/interlock.yaml").write_text(policy)
    for name in ("plans", "serving"):
        (top / name / "lists").mkdir()
    variants = '{"variants": [{"name": "a", "weight": 1}, {"name": "b", "weight": 2}]}'
    (top / "plans/lists/r.json").write_text(variants)
    path = top / "serving/lists/r.yaml"
    path.write_text("variants:\n- name: a   # first\n  weight: 1\n")
    if rules == "both":
        after = fixed(top)["serving/lists/r.yaml"]
        assert after == b"variants:\n- name: a   # first\n  weight: 1\n- name: b\n  weight: 2\n"
    else:
        code, output = run(top, "--fix")
        assert code == 1
        assert "also have `weight`, which no rule relates" in output
