"""The small ``.interlock.yaml`` of a member repository: the policy it follows, and as what."""

from __future__ import annotations

from typing import NamedTuple

from interlock.documents.read import read_document
from interlock.errors import PolicyError
from interlock.policy.raw import Problems, Raw, Reader

FILE = ".interlock.yaml"
WORDS = ("policy", "repo")


class Member(NamedTuple):
    """``policy`` is a path or ``owner/name//path@revision``; ``repo`` the alias ("": by remote)."""

    policy: str
    repo: str


def load_member(data: bytes, file: str = FILE) -> Member:
    """The member file; raises PolicyError with its problems."""
    problems = Problems()
    document = read_document(file, data, "yaml")
    for problem in document.problems:
        problems.at(file, document, problem.span, f"`{file}` {problem.message}")
    policy, repo = "", ""
    if not problems.found:
        raw = Raw(document.values[0] if document.values else None, file, document)
        reader = Reader(raw, f"`{file}`", WORDS, problems)
        reader.require("policy")
        policy, repo = reader.text("policy"), reader.text("repo")
    if problems.found:
        raise PolicyError(tuple(problems.found))
    return Member(policy, repo)
