"""What a run in GitHub Actions prints is read by all who read the repository: nothing else leaks.

Each repository holds words that no other one has, in its keys, members, values, paths, comments and
branches; whatever is run in one of them, none of the others' words come out.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from gitrepos import Repository, clean_environment

POLICY = """\
version: 1
repos: {{plans: acme/plans, serving: acme/serving, policy: acme/policy}}
{share}
sources:
  plan:
    repo: plans
    files: "**/{{key}}.yaml"
    exclude: interlock.yaml
    fields: {{params: $.params, variants: {{keys: $.variants}}, model: $.model}}
  serving:
    repo: serving
    files: "**/values.yaml"
    each: "$.*"
    fields: {{params: "@.params", variants: {{keys: "@.variants"}}}}
  models: {{repo: serving, files: models.json, each: "$[*]", key: "@.name"}}
consistency:
  - {{id: in-serving, each: plan, exists-in: serving}}
  - {{id: in-plan, each: serving, exists-in: plan}}
  - {{id: same-params, each: plan.params, equal: serving.params, authority: plan, why: a reason}}
  - {{id: same-variants, each: plan.variants, same-set: serving.variants, authority: plan}}
  - {{id: model-exists, each: plan.model, references: models}}
"""
PLANS = {
    "alfa/ranker-v2.yaml": "# alfa comment\nparams: {lr: 0.71777, alfa-p: 1}\n"
    "variants: {control: 1, alfa-v: 2}\nmodel: a-model-called-alfa\n",
    "alfa/alfa-only.yaml": "params: {lr: 1}\n",
    "alfa/broken-alfa.yaml": "alfa: [71777\n",
}
SERVING = {
    "bravo/values.yaml": "# bravo comment\nranker-v2:\n"
    "  params: {lr: 0.82888, bravo-p: 1, bravo-gone: 5}\n"
    "  variants: {control: 1, bravo-v: 2}\nbravo-only: {params: {lr: 1}}\n",
    "models.json": '[{"name": "a-model-called-bravo"}]\n',
}
ALFA = re.compile(r"alfa|71777", re.IGNORECASE)
BRAVO = re.compile(r"bravo|82888", re.IGNORECASE)
MEMBER = "policy: acme/policy//interlock.yaml@main\nrepo: {}\n"
FORMATS = ("text", "json", "sarif", "github", "markdown")


class Organisation:
    """Three checkouts side by side; ``run`` runs a command as GitHub Actions would."""

    def __init__(self, folder: Path, share: str = "") -> None:
        self.folder = folder
        self.policy = self._repo("policy", {"interlock.yaml": POLICY.format(share=share)})
        files = {".interlock.yaml": MEMBER.format("plans")}
        self.plans = self._repo("plans", {**PLANS, **files}, branch="alfa-main")
        files = {".interlock.yaml": MEMBER.format("serving")}
        self.serving = self._repo("serving", {**SERVING, **files}, branch="bravo-main")

    def _repo(self, name: str, files: Mapping[str, str], branch: str = "main") -> Repository:
        repository = Repository(self.folder / name)
        repository.git("remote", "add", "origin", f"https://github.com/acme/{name}.git")
        head = repository.commit(files)
        if branch != "main":
            repository.git("branch", "-m", branch)
        repository.git("update-ref", f"refs/remotes/origin/{branch}", head)
        repository.git("symbolic-ref", "refs/remotes/origin/HEAD", f"refs/remotes/origin/{branch}")
        return repository

    def run(
        self, where: Repository, *arguments: str, program: str = "", **environment: str
    ) -> tuple[int, str]:
        """(exit code, all that was printed) in GitHub Actions, for the checkout's repository."""
        name = where.folder.name
        actions = {
            "GITHUB_ACTIONS": "true",
            "GITHUB_REPOSITORY": f"acme/{name}",
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_EVENT_PATH": str(self.folder / "event.json"),
            "CI": "true",
        }
        command = ["-c", program] if program else ["-m", "interlock", *arguments]
        done = subprocess.run(
            [sys.executable, *command],
            cwd=where.folder,
            env=clean_environment() | actions | environment,
            capture_output=True,
            check=False,
        )
        assert b"bug in Interlock" not in done.stderr, done.stderr.decode()
        return done.returncode, done.stdout.decode() + done.stderr.decode()

    def event(self, name: str, visibility: str) -> None:
        """What GitHub tells of the repository that runs."""
        about = {"full_name": name, "visibility": visibility, "private": visibility != "public"}
        (self.folder / "event.json").write_text(json.dumps({"repository": about}))


LAPTOP = {"GITHUB_ACTIONS": "", "CI": ""}


@pytest.fixture(scope="module")
def organisation(tmp_path_factory: pytest.TempPathFactory) -> Organisation:
    return Organisation(tmp_path_factory.mktemp("closed"))


@pytest.fixture(scope="module")
def sharing(tmp_path_factory: pytest.TempPathFactory) -> Organisation:
    share = "share-with: {plans: [serving], serving: '*', policy: '*'}"
    return Organisation(tmp_path_factory.mktemp("open"), share)


def hidden(organisation: Organisation, where: str) -> tuple[Repository, list[re.Pattern[str]]]:
    """A checkout, and the words of those that are not shown in it."""
    found = {
        "plans": (organisation.plans, [BRAVO]),
        "serving": (organisation.serving, [ALFA]),
        "policy": (organisation.policy, [ALFA, BRAVO]),
    }
    return found[where]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("where", ["plans", "serving", "policy"])
def test_no_format_shows_what_others_hold(
    organisation: Organisation, where: str, form: str, tmp_path: Path
) -> None:
    checkout, words = hidden(organisation, where)
    file = tmp_path / "out"
    code, said = organisation.run(checkout, "check", "--format", form)
    assert organisation.run(checkout, "check", "--format", form, "--output", str(file))[0] == code
    text = file.read_text()
    laptop = organisation.run(checkout, "check", "--format", form, **LAPTOP)[1]
    for word in words:
        assert word.findall(said) == []
        assert word.findall(text) == []
        assert word.search(laptop), "the words are there to be found"
    assert code == 1
    assert "experiment/same-params" in said
    assert "ranker-v2" in said or where == "policy"


@pytest.mark.parametrize("form", FORMATS)
def test_share_with_shows_it(sharing: Organisation, form: str) -> None:
    said = sharing.run(sharing.serving, "check", "--format", form)[1]
    assert ALFA.search(said)
    assert said == sharing.run(sharing.serving, "check", "--format", form, "--shown-to", "me")[1]
    # Nobody said that plans may be shown in the policy's repository.
    said = sharing.run(sharing.policy, "check", "--format", form)[1]
    assert (ALFA.findall(said), bool(BRAVO.search(said))) == ([], True)


def test_shown_to_overrides_where_the_run_is(organisation: Organisation) -> None:
    checkout = organisation.serving
    assert ALFA.search(organisation.run(checkout, "check", "--shown-to", "me")[1])
    assert ALFA.search(organisation.run(checkout, "check", **LAPTOP)[1])
    said = organisation.run(checkout, "check", "--shown-to", "repo", **LAPTOP)[1]
    assert ALFA.findall(said) == []
    assert "same-params" in said


def test_the_log_is_read_where_the_run_is_whatever_is_checked_out(
    organisation: Organisation,
) -> None:
    run = organisation.run
    said = run(organisation.plans, "check", GITHUB_REPOSITORY="acme/serving")[1]
    assert ALFA.findall(said) == []
    assert BRAVO.search(said)
    said = run(organisation.plans, "check", GITHUB_REPOSITORY="someone/else")[1]
    assert (ALFA.findall(said), BRAVO.findall(said)) == ([], [])


def test_a_public_repository_is_shown_everywhere_and_sees_nothing_more(
    organisation: Organisation,
) -> None:
    organisation.event("acme/serving", "public")
    said = organisation.run(organisation.serving, "check")[1]
    assert ALFA.findall(said) == []
    assert BRAVO.search(said)


@pytest.mark.parametrize("option", ["--diff", "--fix"])
def test_a_mend_never_carries_what_is_hidden(tmp_path: Path, option: str) -> None:
    there = Organisation(tmp_path)
    values = there.serving.folder / "bravo/values.yaml"
    code, said = there.run(there.serving, "check", option)
    assert ALFA.findall(said + values.read_text()) == []
    assert code == 1
    # What is only taken away says nothing of the other side.
    assert ("bravo-gone" in values.read_text()) is (option == "--diff")
    assert "not shown here" in said
    said = there.run(there.serving, "check", option, "--shown-to", "me")[1]
    assert ALFA.search(said + values.read_text())


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_policy_test_shows_what_both_policies_allow(tmp_path: Path, form: str) -> None:
    there = Organisation(tmp_path)
    policy = there.policy.folder / "interlock.yaml"
    text = POLICY.format(share="share-with: {plans: '*', serving: [policy]}")
    policy.write_text(text.replace("id: same-params", "id: other-params"))
    said = there.run(there.policy, "policy", "test", "--format", form)[1]
    assert "other-params" in said
    assert (ALFA.findall(said), BRAVO.findall(said)) == ([], [])
    laptop = there.run(there.policy, "policy", "test", "--format", form, **LAPTOP)[1]
    assert ALFA.search(laptop)
    there.policy.git("commit", "-qam", "Share the plans")
    policy.write_text(text.replace("id: same-params", "id: third-params"))
    said = there.run(there.policy, "policy", "test", "--format", form)[1]
    assert ALFA.search(said)
    assert BRAVO.search(said)


def test_show_prints_one_side_and_names_the_others(organisation: Organisation) -> None:
    code, said = organisation.run(organisation.serving, "show", "ranker-v2")
    assert (code, ALFA.findall(said), bool(BRAVO.search(said))) == (0, [], True)
    assert "plan: not shown here, since it is in plans" in said
    code, said = organisation.run(organisation.serving, "show", "alfa-onl")
    assert code == 2
    assert "alfa-only" not in said
    assert ALFA.search(organisation.run(organisation.serving, "show", "ranker-v2", **LAPTOP)[1])


def test_the_graph_is_drawn_from_the_policy_alone(organisation: Organisation) -> None:
    said = organisation.run(organisation.serving, "graph")[1]
    assert (ALFA.findall(said), BRAVO.findall(said)) == ([], [])
    assert said == organisation.run(organisation.serving, "graph", **LAPTOP)[1]


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_set_show_names_members_and_not_what_is_in_them(tmp_path: Path, form: str) -> None:
    there = Organisation(tmp_path)
    for repository, files in (
        (there.plans, {"alfa/ranker-v2.yaml": PLANS["alfa/ranker-v2.yaml"].replace("0.7", "0.9")}),
        (there.plans, {"alfa/alfa-new.yaml": "params: {lr: 71777}\n"}),
        (there.serving, {"bravo/values.yaml": SERVING["bravo/values.yaml"] + "bravo-new: {}\n"}),
    ):
        repository.git("switch", "-q", "-C", "topic")
        repository.commit(files)
    code, said = there.run(there.serving, "set", "show", "--format", form)
    assert code == 1
    assert ALFA.findall(said) == []
    assert BRAVO.search(said)
    assert "plans" in said
    laptop = there.run(there.serving, "set", "show", "--format", form, **LAPTOP)[1]
    assert ALFA.search(laptop)


HOOK = """\
import sys
from interlock.hooks.interlock_hook import main
code = main([])
print("imported:", *[name for name in sys.modules if name.endswith(("readers", "sharing"))])
sys.exit(code)
"""


def test_a_hook_in_a_workflow_shows_no_more(tmp_path: Path) -> None:
    there = Organisation(tmp_path)
    text = SERVING["bravo/values.yaml"].replace("bravo-gone", "bravo-new")
    there.serving.write({"bravo/values.yaml": text})
    there.serving.git("add", "-A")
    code, said = there.run(there.serving, program=HOOK)
    assert (code, ALFA.findall(said), "same-params" in said) == (1, [], True)
    assert "interlock.report.sharing" in said
    said = there.run(there.serving, program=HOOK, **LAPTOP)[1]
    assert ALFA.search(said)
    assert said.endswith("imported:\n"), "on a laptop a hook pays for none of it"


def test_why_a_repository_was_not_read_is_told_to_the_user_alone(
    tmp_path: Path,
) -> None:
    there = Organisation(tmp_path)
    far = tmp_path / "far" / "away"
    far.mkdir(parents=True)
    there.plans.folder.rename(far / "alfa")
    given = ("check", "--repo", "plans=../far/away/alfa@alfa-gone")
    said = there.run(there.serving, "check", "--offline")[1]
    assert "plans could not be read" in said
    assert "may read plans" in said
    assert str(tmp_path) not in said
    # What the command line itself says is the user's own.
    assert there.run(there.serving, *given)[0] == 2


def test_one_file_of_json_says_which_repositories_have_the_name(organisation: Organisation) -> None:
    said = organisation.run(organisation.serving, "check", "same-params", "--format", "json")[1]
    report: dict[str, Any] = json.loads(said)
    assert {one["key"] for one in report["findings"]} == {"ranker-v2"}
    assert all(one["known_in"] == ["serving"] for one in report["findings"])
    assert {one["read"] for one in report["repos"] if one["alias"] == "plans"} == {"read"}
    assert report["links"]["acme/plans"] == "https://github.com/acme/plans"
