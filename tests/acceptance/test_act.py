"""The workflows of docs/actions.md, run as whole workflows by nektos/act against the sandbox."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from actionexamples import COMMIT, examples
from compositeaction import NO_BASH, ROOT
from nektosact import Acted, act, git, repository
from secretmaking import Maker
from setworld import CONTEXT, DEMO, MARKER, NAMES, NEW, PERMISSIONS, PIPELINES, TRAINING

from interlock.sandbox import Sandbox

pytestmark = NO_BASH
US = f"interlock/interlock@{COMMIT}"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as found:
        found.org("acme", admins=("ada",))
        for name in NAMES.values():
            found.repo(name, DEMO.REPOS[name.partition("/")[2]])
        yield found


def run(
    sandbox: Sandbox,
    tmp_path: Path,
    workspace: Path,
    name: str,
    event: str,
    payload: Mapping[str, Any],
    **secrets: str,
) -> Acted:
    return act(
        workspace,
        f".github/workflows/{name}",
        event,
        payload,
        folder=tmp_path / "act",
        settings={**sandbox.environment(), "INTERLOCK_CACHE": str(tmp_path / "cache")},
        secrets={"GITHUB_TOKEN": sandbox.actions_token(TRAINING), **secrets},
        variables={"INTERLOCK_APP_ID": secrets.get("APP", "")},
        server=sandbox.url,
    )


def checkout(sandbox: Sandbox, tmp_path: Path, extra: Mapping[str, str]) -> Path:
    """model-training as a runner has it on the pull request's branch, with workflows beside."""
    folder = tmp_path / "model-training"
    git(tmp_path, "clone", "-q", sandbox.git_url(TRAINING), str(folder))
    git(folder, "remote", "set-url", "origin", f"https://github.com/{TRAINING}.git")
    git(folder, "switch", "-q", "-c", "tune")
    for name, text in extra.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "Add the check")
    return folder


def test_the_check_of_the_docs_fails_a_pull_request_that_forgets_the_plan(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    # act reads reusable workflows of this repository alone, and does not know `$/` (act#6189):
    # so ours stands in the caller's repository, and names its action as a stranger would.
    called = (ROOT / ".github/workflows/check.yml").read_text(encoding="utf-8")
    caller = examples()["interlock.yml"]
    local = caller.replace(f"interlock/interlock/.github/workflows/check.yml@{COMMIT}",
                           "./.github/workflows/check.yml")  # fmt: skip
    assert local != caller
    assert "uses: $/\n" in called
    where = checkout(
        sandbox,
        tmp_path,
        {
            ".github/workflows/interlock.yml": local,
            ".github/workflows/check.yml": called.replace("uses: $/\n", f"uses: {US}\n"),
        },
    )
    payload = {
        "pull_request": {"number": 1, "base": {"ref": "main", "sha": "0" * 40}, "head": {}},
        "repository": {"full_name": TRAINING},
    }
    clean = run(sandbox, tmp_path, where, "interlock.yml", "pull_request", payload)
    assert clean.code == 0, clean.log
    assert "set-output:: result=clean" in clean.log, clean.log
    config = where / "conf/experiment/ranker-v2.toml"
    config.write_bytes(config.read_bytes().replace(b"0.4", b"0.5"))
    git(where, "commit", "-qam", "Tune the learning rate")
    broken = run(sandbox, tmp_path, where, "interlock.yml", "pull_request", payload)
    assert broken.code == 1, broken.log
    assert "title=experiment/same-params%3A ranker-v2" in broken.log
    assert "set-output:: result=findings" in broken.log


def test_the_action_of_the_docs_stops_a_credential(sandbox: Sandbox, tmp_path: Path) -> None:
    name, secret = "interlock-credentials.yml", Maker(9).github_classic()
    where = checkout(sandbox, tmp_path, {f".github/workflows/{name}": examples()[name]})
    payload = {
        "pull_request": {"number": 1, "base": {"ref": "main", "sha": "0" * 40}, "head": {}},
        "repository": {"full_name": TRAINING},
    }
    clean = run(sandbox, tmp_path, where, name, "pull_request", payload)
    assert clean.code == 0, clean.log
    assert "set-output:: result=clean" in clean.log, clean.log
    (where / "upload.py").write_text(f"connect(token='{secret}')\n", encoding="utf-8")
    git(where, "add", "-A")
    git(where, "commit", "-qm", "Upload")
    found = run(sandbox, tmp_path, where, name, "pull_request", payload)
    assert found.code == 1, found.log
    assert "file=upload.py" in found.log
    assert "title=secret/github-token" in found.log
    assert secret not in found.log


def test_the_bot_of_the_docs_comments_and_gates(sandbox: Sandbox, tmp_path: Path) -> None:
    app, key = sandbox.app("interlock", PERMISSIONS, owner="acme")
    sandbox.install(app, "acme")
    sandbox.commit(PIPELINES, "interlock/ranker-v3", NEW["pipelines"], start="main")
    number = sandbox.pull(PIPELINES, "interlock/ranker-v3").number
    where = repository(
        tmp_path / "policies",
        {".github/workflows/interlock-bot.yml": examples()["interlock-bot.yml"]},
    )
    # The policy of the workflow's own repository; the demo keeps its policy in pipelines.
    git(where, "remote", "add", "origin", f"https://github.com/{PIPELINES}.git")
    payload = {"inputs": {"repo": PIPELINES, "pull": str(number), "issue": ""}}
    done = run(sandbox, tmp_path, where, "interlock-bot.yml", "workflow_dispatch", payload,
               INTERLOCK_APP_KEY=key, APP=str(app.id))  # fmt: skip
    assert done.code == 0, done.log
    repo = sandbox.find(PIPELINES)
    (comment,) = [one for one in repo.issues[number].comments if MARKER in one.body]
    assert comment.user.login == "interlock[bot]"
    pull = repo.issues[number].pull
    assert pull is not None
    held = [one for one in repo.statuses[pull.head_sha] if one.context == CONTEXT]
    assert [(one.creator.login, one.state) for one in held] == [("interlock[bot]", "failure")]
    assert key.splitlines()[1] not in done.log
    forged = {"inputs": {**payload["inputs"], "pull": "1; touch pwned"}}
    done = run(sandbox, tmp_path, where, "interlock-bot.yml", "workflow_dispatch", forged,
               INTERLOCK_APP_KEY=key, APP=str(app.id))  # fmt: skip
    assert done.code == 1, done.log
    assert "the input `pull` is not a number" in done.log
    assert not list(tmp_path.rglob("pwned"))
