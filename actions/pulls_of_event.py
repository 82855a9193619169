# ruff: noqa: INP001  a script, run by path
"""Prints the numbers of the open pull requests that the event of a workflow run is about.

Run by the actions with ``python -I``, from the standard library alone. The event is in
GITHUB_EVENT_NAME and GITHUB_EVENT_PATH. A commit's status and a check suite of a fork name no pull
request: then GitHub is asked for those of the commit, with GITHUB_TOKEN.
https://docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows
"""

from __future__ import annotations

import json
import os
import re
import sys
import urllib.error
import urllib.request
from typing import Any

#: The branch of a merge group: gh-readonly-queue/BASE/pr-NUMBER-COMMIT.
_GROUP = re.compile(r"/pr-([1-9][0-9]{0,9})-[0-9a-f]{40}")
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
#: Bytes of an answer; a page of thirty pull requests has about a million.
_ANSWER = 1 << 24


def numbers(name: str, event: dict[str, Any], ask: Asker) -> list[int]:
    """The pull requests of an event, lowest first; ValueError where the event is not understood."""
    if name in ("pull_request", "pull_request_review", "pull_request_target"):
        found = [event["pull_request"]["number"]]
    elif name == "merge_group":
        branch = _GROUP.search(event["merge_group"]["head_ref"])
        if branch is None:
            raise ValueError("the merge group's branch names no pull request")
        found = [int(branch[1])]
    elif name == "check_suite":
        suite = event["check_suite"]
        found = [one["number"] for one in suite["pull_requests"]] or ask(suite["head_sha"])
    elif name == "status":
        found = ask(event["sha"])
    else:
        raise ValueError(f"the event {name} is about no pull request: say which by the input")
    return sorted({int(one) for one in found})


class Asker:
    """Asks GitHub which open pull requests have a commit as their head."""

    def __init__(self, api: str, repo: str, token: str) -> None:
        """``api`` is GITHUB_API_URL, ``repo`` OWNER/NAME."""
        self._api, self._repo, self._token = api, repo, token

    def __call__(self, commit: str) -> list[int]:
        """Their numbers; raises ValueError for an odd commit, OSError where GitHub refuses."""
        if not _COMMIT.fullmatch(commit) or not self._api.startswith(("https://", "http://")):
            raise ValueError("the event names no commit")
        # https://docs.github.com/rest/commits/commits#list-pull-requests-associated-with-a-commit
        address = f"{self._api}/repos/{self._repo}/commits/{commit}/pulls?per_page=100"
        headers = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        request = urllib.request.Request(address, headers=headers)  # noqa: S310  looked at above
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            pulls = json.loads(answer.read(_ANSWER))
        return [
            pull["number"]
            for pull in pulls
            if pull["state"] == "open" and pull["head"]["sha"] == commit
        ]


def main() -> int:
    """Print one number a line; 2 where the event cannot be understood or GitHub not be asked."""
    environment = os.environ
    ask = Asker(
        environment.get("GITHUB_API_URL", "https://api.github.com"),
        environment.get("GITHUB_REPOSITORY", ""),
        environment.get("GITHUB_TOKEN", ""),
    )
    try:
        with open(environment["GITHUB_EVENT_PATH"], encoding="utf-8") as file:
            event = json.load(file)
        found = numbers(environment.get("GITHUB_EVENT_NAME", ""), event, ask)
    except urllib.error.HTTPError as error:
        sys.stderr.write(f"GitHub answered {error.code}: the token needs pull-requests: read\n")
        return 2
    except (OSError, ValueError, KeyError, TypeError) as error:
        why = str(error) if type(error) is ValueError else type(error).__name__
        sys.stderr.write(f"the event names no pull request ({why})\n")
        return 2
    # Bytes: a script of bash reads them, on Windows too.
    sys.stdout.buffer.write("".join(f"{one}\n" for one in found).encode())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
