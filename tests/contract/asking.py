"""GraphQL queries that ask for all that a schema has, and mutations one after the other."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from typing import Any, NamedTuple

from graphql import (
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
    is_required_argument,
)

#: What fields are asked for that cannot be had without an argument, by field and argument.
GIVEN = {
    ("repository", "name"): '"a"',
    ("repository", "owner"): '"acme"',
    ("organization", "login"): '"acme"',
    ("user", "login"): '"alice"',
    ("ref", "qualifiedName"): '"refs/tags/v1"',
    ("refs", "refPrefix"): '"refs/tags/"',
    ("pullRequest", "number"): "1",
    ("issue", "number"): "2",
    ("issueOrPullRequest", "number"): "1",
    ("label", "name"): '"bug"',
    ("context", "name"): '"ci"',
    ("compare", "headRef"): '"f"',
    ("object", "expression"): '"main:d"',
    ("isRequired", "pullRequestNumber"): "1",
    ("file", "path"): '"x.txt"',
}
#: The way to a type: fields with their arguments, and "... on X" where X is one of several.
Path = tuple[str, ...]
#: By how many ways each type is asked for: behind the first, what it leads to may be empty.
WAYS = 2
Ask = Callable[[str], Any]


class Explorer:
    """Asks for every field of every type, by the first way there on which something stands."""

    def __init__(
        self, schema: GraphQLSchema, ask: Ask, given: Mapping[tuple[str, str], str]
    ) -> None:
        """``ask`` gives a query's data; ``given`` adds to GIVEN."""
        self.schema = schema
        self.ask = ask
        self.given = {**GIVEN, **given}
        #: Types that were met, each with the ways to it.
        self.met: dict[str, list[Path]] = {}

    def go(self) -> None:
        """Breadth first, so that queries stay small."""
        left: list[tuple[str, Path]] = [("Query", ())]
        while left:
            name, path = left.pop(0)
            kind = self.schema.type_map[name]
            ways = self.met.get(name, [])
            if len(ways) == WAYS or not isinstance(kind, GraphQLObjectType):
                continue
            data = self.ask(_nested(path, self._all(kind)))
            if not _held(data, path):
                continue
            self.met[name] = [*ways, path]
            for field_name, field in kind.fields.items():
                step = f"{field_name}{self._arguments(field_name, field)}"
                inner = get_named_type(field.type)
                if is_abstract_type(inner):
                    possible = self.schema.get_possible_types(inner)
                    left += [(p.name, (*path, step, f"... on {p.name}")) for p in possible]
                else:
                    left.append((inner.name, (*path, step)))

    def _all(self, kind: GraphQLObjectType) -> str:
        """Every field of a type; of things only their types, as they are asked on their own."""
        parts = ["__typename"]
        for name, field in kind.fields.items():
            inner = "" if is_leaf_type(get_named_type(field.type)) else " { __typename }"
            parts.append(f"{name}{self._arguments(name, field)}{inner}")
        return " ".join(parts)

    def _arguments(self, name: str, field: GraphQLField) -> str:
        given = []
        for each, argument in field.args.items():
            if each == "first":
                given.append("first: 5")
            elif (name, each) in self.given:
                given.append(f"{each}: {self.given[name, each]}")
            elif is_required_argument(argument):
                raise KeyError((name, each))
        return f"({', '.join(given)})" if given else ""


def _nested(path: Path, inside: str) -> str:
    text = f"{{ {inside} }}"
    for step in reversed(path):
        text = f"{{ __typename {step} {text} }}"
    return text


def _held(data: Any, path: Path) -> bool:
    """Whether anything stands at the end of a path."""
    found = [data]
    for step in path:
        if step.startswith("... on "):
            found = [each for each in found if each["__typename"] == step[7:]]
            continue
        below = [each[step.partition("(")[0]] for each in found]
        lists = [each if isinstance(each, list) else [each] for each in below]
        found = [each for some in lists for each in some if each is not None]
    return bool(found)


class Mutate(NamedTuple):
    """One mutation; ``then`` holds what its payload has to show."""

    name: str
    given: dict[str, Any]
    then: dict[str, Any]


Mutations = Generator[Mutate, dict[str, Any], None]


def mutations(repo: str, pull: str, issue: str, head: str, label: str) -> Mutations:
    """Every mutation, by node ids of a repository, an open pull request and an issue."""
    yield from _comments(issue)
    yield from _labels(issue, label)
    yield from _git(repo, head)
    yield from _pull(repo, pull)
    changed = {"title": "changed", "body": "b"}
    yield Mutate("updateIssue", {"id": issue, **changed}, {"issue.title": "changed"})
    closed = {"issue.state": "CLOSED", "issue.stateReason": "NOT_PLANNED"}
    yield Mutate("closeIssue", {"issueId": issue, "stateReason": "NOT_PLANNED"}, closed)


def _comments(issue: str) -> Mutations:
    made = yield Mutate(
        "addComment", {"subjectId": issue, "body": "b"}, {"commentEdge.node.body": "b"}
    )
    said = made["commentEdge"]["node"]["id"]
    yield Mutate("updateIssueComment", {"id": said, "body": "c"}, {"issueComment.body": "c"})
    hidden = {"minimizedComment.isMinimized": True, "minimizedComment.minimizedReason": "outdated"}
    yield Mutate("minimizeComment", {"subjectId": said, "classifier": "OUTDATED"}, hidden)
    shown = {"unminimizedComment.isMinimized": False}
    yield Mutate("unminimizeComment", {"subjectId": said}, shown)
    yield Mutate("deleteIssueComment", {"id": said}, {})


def _labels(issue: str, label: str) -> Mutations:
    given = {"labelableId": issue, "labelIds": [label]}
    yield Mutate("addLabelsToLabelable", given, {"labelable.labels.totalCount": 2})
    yield Mutate("removeLabelsFromLabelable", given, {"labelable.labels.totalCount": 1})


def _git(repo: str, head: str) -> Mutations:
    given = {"repositoryId": repo, "name": "refs/heads/new", "oid": head}
    made = yield Mutate("createRef", given, {"ref.target.oid": head})
    ref = made["ref"]["id"]
    files = {"additions": [{"path": "n.txt", "contents": "bg=="}], "deletions": [{"path": "x.txt"}]}
    commit = {
        "branch": {"repositoryNameWithOwner": "acme/a", "branchName": "new"},
        "expectedHeadOid": head,
        "message": {"headline": "h", "body": "b"},
        "fileChanges": files,
    }
    yield Mutate("createCommitOnBranch", commit, {"commit.messageHeadline": "h"})
    back = {"refId": ref, "oid": head, "force": True}
    yield Mutate("updateRef", back, {"ref.target.oid": head})
    yield Mutate("deleteRef", {"refId": ref}, {})


def _pull(repo: str, pull: str) -> Mutations:
    one = {"pullRequestId": pull}
    asked = {"repositoryId": repo, "headRefName": "g", "baseRefName": "main", "title": "t"}
    made = yield Mutate(
        "createPullRequest",
        {**asked, "draft": True, "maintainerCanModify": False},
        {"pullRequest.isDraft": True, "pullRequest.maintainerCanModify": False},
    )
    other = {"pullRequestId": made["pullRequest"]["id"]}
    yield Mutate("closePullRequest", other, {"pullRequest.state": "CLOSED"})
    changed = {"title": "u", "body": "c", "maintainerCanModify": False}
    yield Mutate("updatePullRequest", {**one, **changed}, {"pullRequest.title": "u"})
    yield Mutate("convertPullRequestToDraft", one, {"pullRequest.isDraft": True})
    yield Mutate("markPullRequestReadyForReview", one, {"pullRequest.isDraft": False})
    yield Mutate("closePullRequest", one, {"pullRequest.state": "CLOSED"})
    yield Mutate("reopenPullRequest", one, {"pullRequest.state": "OPEN"})
    said = {**one, "event": "COMMENT", "body": "b"}
    yield Mutate("addPullRequestReview", said, {"pullRequestReview.state": "COMMENTED"})
    waits = {"pullRequest.autoMergeRequest.mergeMethod": "SQUASH"}
    yield Mutate("enablePullRequestAutoMerge", {**one, "mergeMethod": "SQUASH"}, waits)
    no_more = {"pullRequest.autoMergeRequest": None}
    yield Mutate("disablePullRequestAutoMerge", one, no_more)
    how = {"mergeMethod": "MERGE", "commitHeadline": "h", "commitBody": "b"}
    yield Mutate("mergePullRequest", {**one, **how}, {"pullRequest.state": "MERGED"})
    undone = {**one, "title": "r", "body": "b", "draft": False}
    yield Mutate("revertPullRequest", undone, {"revertPullRequest.title": "r"})
