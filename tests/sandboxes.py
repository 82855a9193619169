"""What tests of the sandbox share: clients that do not wait, and git in a folder."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import requests
from github import Auth, Github

from interlock.sandbox import Sandbox

#: A ruleset's ``pull_request`` rule needs all of these.
REVIEWED = {
    "dismiss_stale_reviews_on_push": False,
    "require_code_owner_review": False,
    "require_last_push_approval": False,
    "required_approving_review_count": 1,
    "required_review_thread_resolution": False,
}


def client(sandbox: Sandbox, token: str) -> Github:
    """PyGithub that neither paces nor repeats, so that each answer is seen."""
    return Github(
        base_url=sandbox.api_url,
        auth=Auth.Token(token),
        seconds_between_requests=0,
        seconds_between_writes=0,
        retry=None,
    )


def ask(
    sandbox: Sandbox, method: str, path: str, token: str = "", body: Any = None, **headers: str
) -> requests.Response:
    """One raw request."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    if token:
        given["authorization"] = f"Bearer {token}"
    return requests.request(
        method,
        f"{sandbox.api_url}{path}",
        json=body,
        headers=given,
        timeout=30,
        allow_redirects=False,
    )


def graphql(sandbox: Sandbox, token: str, query: str, **variables: Any) -> dict[str, Any]:
    """One GraphQL answer; its HTTP status has to be 200."""
    answer = requests.post(
        sandbox.graphql_url,
        json={"query": query, "variables": variables},
        headers={"authorization": f"Bearer {token}"},
        timeout=30,
    )
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def ruleset(*rules: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An active ruleset on the default branch."""
    return {
        "name": "main",
        "target": "branch",
        "enforcement": "active",
        "conditions": {"ref_name": {"include": ["~DEFAULT_BRANCH"], "exclude": []}},
        "rules": list(rules),
        **more,
    }


def checks(*contexts: dict[str, Any]) -> dict[str, Any]:
    """The rule that asks for status checks."""
    return {
        "type": "required_status_checks",
        "parameters": {
            "required_status_checks": list(contexts),
            "strict_required_status_checks_policy": False,
        },
    }


def git(folder: Path | str, *arguments: str, ok: bool = True) -> str:
    """Run the user's git without the user's settings; its output and complaints."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    who = {"NAME": "Dev", "EMAIL": "dev@users.noreply.github.com"}
    env |= {f"GIT_{role}_{k}": v for role in ("AUTHOR", "COMMITTER") for k, v in who.items()}
    env |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0"}
    done = subprocess.run(
        ("git", *arguments), cwd=folder, env=env, capture_output=True, text=True, check=False
    )
    assert (done.returncode == 0) is ok, done.stdout + done.stderr
    return done.stdout + done.stderr


def clone(sandbox: Sandbox, repo: str, token: str, to: Path) -> Path:
    """A clone over HTTP."""
    git(to, "clone", "-q", sandbox.git_url(repo, token), repo.rpartition("/")[2])
    return to / repo.rpartition("/")[2]


def committed(folder: Path, message: str, **files: str) -> str:
    """Write and commit files (``_`` stands for a dot in names); the commit."""
    for name, text in files.items():
        path = folder / name.replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", message)
    return git(folder, "rev-parse", "HEAD").strip()
