"""Loads policies from text, for the tests of the policy language."""

from __future__ import annotations

from collections.abc import Mapping

from interlock.errors import PolicyError, TreeError
from interlock.policy.extend import Fetched, Layers, PolicyFetcher
from interlock.policy.load import load_policy
from interlock.policy.model import Policy
from interlock.rules.table import RULES
from interlock.secrets.pages import ids as credential_ids

BUILT_IN_RULES = tuple(rule.id for rule in RULES)
SECRET_RULES = tuple(credential_ids())
VERSION = "0.2.0"


class Repositories:
    """Policy files of other repositories: (repo, path, revision) -> text; records what is read."""

    def __init__(
        self, files: Mapping[tuple[str, str, str], str], commit: str = "c0ffee" * 6
    ) -> None:
        self.files = files
        self.commit = commit
        self.read: list[tuple[str, str, str]] = []

    def fetch(self, repo: str, path: str, revision: str) -> Fetched:
        self.read.append((repo, path, revision))
        text = self.files.get((repo, path, revision))
        if text is None:
            raise TreeError(f"{repo} has no {path} at {revision}")
        return Fetched(text.encode(), self.commit)


def load(
    text: str | bytes,
    files: Mapping[str, str] | None = None,
    *,
    fetcher: PolicyFetcher | None = None,
    file: str = "interlock.yaml",
    version: str = VERSION,
    revision: str = "",
) -> Policy:
    """The policy ``text``, with other files of its repository in ``files``."""

    def read(path: str) -> bytes | None:
        found = (files or {}).get(path)
        return None if found is None else found.encode()

    return load_policy(
        file,
        text if isinstance(text, bytes) else text.encode(),
        Layers(read, fetcher),
        version=version,
        built_in_rules=(*BUILT_IN_RULES, *SECRET_RULES),
        revision=revision,
    )


def refused(
    text: str | bytes,
    files: Mapping[str, str] | None = None,
    *,
    fetcher: PolicyFetcher | None = None,
    version: str = VERSION,
) -> list[str]:
    """What is wrong with a policy, one ``line:column message`` a problem; [] where it loads.

    A problem in another file than the policy itself begins with that file's name.
    """
    try:
        load(text, files, fetcher=fetcher, version=version)
    except PolicyError as error:
        return [
            ("" if p.path == "interlock.yaml" else f"{p.path}:")
            + f"{p.line}:{p.column} {p.message}"
            for p in error.problems
        ]
    return []
