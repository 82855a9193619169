"""`interlock check` and credentials: when they are looked for, by which words of the policy."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from gitrepos import Repository
from jsonschema import Draft202012Validator
from secretcorpus.corpus import generate, write
from secretmaking import Maker

from interlock.cli.main import main
from interlock.policy.secrets import CHECKSUMS
from interlock.secrets.checks import CHECKS
from interlock.secrets.pages import FAMILIES, ids, pages
from interlock.secrets.table import TABLE

ROOT = Path(__file__).resolve().parents[2]
OLD, NEW = Maker(7).github_classic(), Maker(8).github_classic()
POLICY = """\
version: 1
extends: [interlock:credentials]
repos: {app: acme/app}
"""


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A repository with a credential; we stand in it."""
    for name in ("GITHUB_ACTIONS", "CI"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("INTERLOCK_CACHE", str(tmp_path / "cache"))
    made = Repository(tmp_path / "app")
    made.commit({"old.py": f"import os\ntoken = '{OLD}'\n"})
    monkeypatch.chdir(made.folder)
    return made


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs the command: its exit code and all it said, which holds no secret."""

    def run(*arguments: str) -> tuple[int, str]:
        try:
            code = main(list(arguments))
        except SystemExit as ended:
            code = int(ended.code or 0)
        said = capsys.readouterr()
        text = said.out + said.err
        assert OLD not in text
        assert NEW not in text
        return code, text

    return run


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github", "markdown"])
def test_every_reporter_tells_it_without_a_policy(
    repository: Repository, run: Any, form: str
) -> None:
    assert repository.git("status", "--porcelain") == ""
    code, text = run("check", "secret/*", "--format", form)
    assert code == 1
    assert "secret/github-token" in text
    assert "old.py" in text
    assert "2 lines of 1 file" in text or form == "sarif"
    if form == "json":
        schema = json.loads((ROOT / "schemas/report.json").read_text(encoding="utf-8"))
        report = json.loads(text)
        Draft202012Validator(schema).validate(report)
        assert (report["checked"]["scanned_files"], report["checked"]["scanned_lines"]) == (1, 2)
        assert report["findings"][0]["places"][0]["line"] == 2


def test_what_is_selected_is_what_is_looked_at(repository: Repository, run: Any) -> None:
    code, text = run("check", "secret/*", "--rev", "HEAD")
    assert (code, "old.py:2:10" in text) == (1, True), "the first commit added everything"
    repository.commit({"new.py": f"token = '{NEW}'\n", "notes.md": "nothing\n"})
    for selected in (("--rev", "HEAD"), ("--from", "HEAD^"), ("--from", "HEAD^", "--to", "HEAD")):
        code, text = run("check", "secret/*", *selected)
        assert (code, "new.py:1:10" in text, "old.py" in text) == (1, True, False), text
        assert "2 lines of 2 files" in text
    repository.write({"staged.py": f"token = '{NEW}'\n"})
    repository.git("add", "-A")
    code, text = run("check", "secret/*", "--staged")
    assert (code, "staged.py:1:10" in text, "new.py" in text) == (1, True, False)
    code, text = run("check", "secret/*")
    assert all(f"{name}.py" in text for name in ("old", "new", "staged"))
    code, text = run("check", "secret/jwt", "secret/aws-*")
    assert (code, "4 files" in text, "clean" in text) == (0, True, True), text


def test_unknown_kinds_are_told_with_what_is_near(repository: Repository, run: Any) -> None:
    code, text = run("check", "secret/github-tokn")
    assert (code, text) == (
        2,
        "interlock: there is no rule `secret/github-tokn`; did you mean `secret/github-token`?\n",
    )
    repository.write({"interlock.yaml": POLICY + "rules: {secret/github-tokn: off}\n"})
    code, text = run("check")
    assert (code, "did you mean `secret/github-token`?" in text) == (2, True)


def test_a_policy_asks_for_it_by_a_word(repository: Repository, run: Any) -> None:
    repository.write({"interlock.yaml": "version: 1\n"})
    assert run("check")[0] == 0
    repository.write({"interlock.yaml": POLICY})
    code, text = run("check", "--as", "app")
    assert (code, "--> app: old.py:2:10" in text) == (1, True), text
    assert run("check", "experiment/*", "--as", "app")[0] == 0
    repository.write({"interlock.yaml": POLICY + "secrets: {exclude: 'old*'}\n"})
    code, text = run("check", "--as", "app")
    assert (code, "left out: 1 excluded" in text) == (0, True), text


@pytest.mark.parametrize(
    ("words", "status", "code"),
    [
        ("rules: {secret/github-token: warning}\n", "failing", 0),
        ("rules: {secret/github-token: off}\n", "", 0),
        ("rules: {'secret/*': {overrides: [{paths: 'old*', severity: info}]}}\n", "failing", 0),
        ("rules: {'secret/*': {rollout: {error-from: 2020-01-01}}}\n", "failing", 1),
        ("rules: {'secret/*': {rollout: {error-from: 2999-01-01}}}\n", "failing", 0),
    ],
)
def test_severities_hold(
    repository: Repository, run: Any, words: str, status: str, code: int
) -> None:
    repository.write({"interlock.yaml": POLICY + words})
    found = run("check", "--as", "app", "--format", "json")
    findings = json.loads(found[1])["findings"]
    assert [one["status"] for one in findings] == ([status] if status else [])
    assert found[0] == code


def test_waivers_hold_and_are_told_where_they_are_idle_or_over(
    repository: Repository, run: Any
) -> None:
    key = json.loads(run("check", "secret/*", "--format", "json")[1])["findings"][0]["key"]
    waiver = "waivers: [{{rule: {}, {}, reason: r, owner: o, until: {}}}]\n".format
    for text in (
        waiver("secret/github-token", f'key: "{key}"', "2999-01-01"),
        waiver("secret/*", "path: old.py", "2999-01-01"),
    ):
        repository.write({"interlock.yaml": POLICY + text})
        found = run("check", "--as", "app", "--format", "json")
        assert [one["status"] for one in json.loads(found[1])["findings"]] == ["waived"], text
        assert found[0] == 0
    for text, rule in (
        (waiver("secret/jwt", "path: old.py", "2999-01-01"), "policy/unused-waiver"),
        (waiver("secret/github-token", "path: old.py", "2020-01-01"), "policy/expired-waiver"),
    ):
        repository.write({"interlock.yaml": POLICY + text})
        found = run("check", "--as", "app")
        assert (found[0], rule in found[1]) == (1, True), found[1]
    # Where nobody looked, nobody can say that it is idle.
    unasked = "version: 1\n" + waiver("secret/jwt", "path: old.py", "2999-01-01")
    repository.write({"interlock.yaml": unasked})
    found = run("check")
    assert (found[0], "unused" in found[1]) == (0, False), found[1]


def test_a_pull_request_does_not_judge_its_own_credentials(
    repository: Repository, run: Any
) -> None:
    policies = {"interlock.yaml": POLICY + "secrets: {exclude: 'old*'}\n"}
    repository.commit(policies)
    off = {"interlock.yaml": POLICY + "rules: {'secret/*': off}\nsecrets: {exclude: '**'}\n"}
    repository.commit({"new.py": f"token = '{NEW}'\n", **off})
    code, text = run("check", "secret/*", "--from", "HEAD^")
    assert (code, "new.py:1:10" in text) == (1, True), text
    assert "this change edits interlock.yaml" in text
    repository.write({"other.py": f"token = '{NEW}'\n"})
    repository.git("add", "-A")
    assert run("check", "secret/*", "--staged")[0] == 0, "on our own machine the new one counts"


def test_own_rules_come_first_and_take_the_place_of_others(
    repository: Repository, run: Any
) -> None:
    rules = """\
secrets:
  rules:
    - {id: acme-token, pattern: "(acme_[a-z]{12})", keywords: [acme_], why: it opens the store}
    - {id: github-classic, type: nothing, pattern: "(never)", keywords: [never]}
"""
    repository.write({"interlock.yaml": POLICY + rules, "a.py": "t = 'acme_qwfpluyarstd'\n"})
    code, text = run("check", "--as", "app")
    assert code == 1
    assert "secret/acme-token" in text
    assert "it opens the store" in text
    assert "acme_qwf" not in text
    assert "--> app: old.py" not in text or "secret/github-token" not in text
    code, text = run("explain", "secret/acme-token")
    assert (code, "(acme_[a-z]{12})" in text) == (0, True)
    assert "secret/acme-token" in run("rules", "--as", "app")[1]
    shown = run("policy", "show")[1]
    assert "id: acme-token" in shown
    assert "interlock.yaml:6" in shown


def test_layers_add_their_rules_and_replace_by_id(repository: Repository, run: Any) -> None:
    def rule(name: str, why: str) -> str:
        return f'    - {{id: {name}, pattern: "({name}_x)", keywords: [{name}_], why: {why}}}\n'

    base = f"version: 1\nsecrets:\n  exclude: a/*\n  rules:\n{rule('one', 'base')}"
    top = "version: 1\nextends: [base.yaml]\nsecrets:\n  exclude+: b/*\n  rules:\n"
    base, top = base + rule("two", "base"), top + rule("two", "top")
    repository.write({"base.yaml": base, "interlock.yaml": top})
    shown = run("policy", "show")[1]
    assert (
        shown.partition("secrets:\n")[2]
        == """\
  exclude:
    - "a/*"  # base.yaml:3
    - "b/*"  # interlock.yaml:4
  rules:
    - {id: one, pattern: "(one_x)", keywords: [one_], why: base}  # base.yaml:5
    - {id: two, pattern: "(two_x)", keywords: [two_], why: top}  # interlock.yaml:6
"""
    )


def test_each_kind_has_a_page_that_explain_tells_and_docs_hold(
    repository: Repository, run: Any
) -> None:
    del repository
    assert {rule.family for rule in TABLE} <= set(FAMILIES)
    known = pages()
    assert [page.id for page in known] == list(dict.fromkeys(page.id for page in known))
    assert {page.id for page in known} == set(ids())
    for page in known:
        text = (ROOT / "docs/rules" / page.file).read_text(encoding="utf-8")
        assert f"## {page.id}\n" in text, page.id
        assert page.address.endswith(f"{page.file}#{page.id.replace('/', '')}")
        assert page.rotate or page.family == "accepting"
    for page in random.Random(1).sample(known, 5):
        for name in (page.id, page.name):
            code, text = run("explain", name)
            assert code == 0
            assert page.why.split(".")[0] in " ".join(text.split())
            assert "Fix" in text


def test_every_kind_that_a_scan_tells_has_a_page(tmp_path: Path) -> None:
    from interlock.cli.secrets_run import Asked, look

    write(random.Random(2).sample(generate(seed=11), 400), tmp_path)
    kinds = {f"secret/{hit.type}" for hit in look(Asked(), str(tmp_path)).hits}
    assert len(kinds) > 30
    assert kinds <= set(ids())


def test_the_loader_knows_the_checks_that_there_are() -> None:
    assert set(CHECKSUMS) <= set(CHECKS)
