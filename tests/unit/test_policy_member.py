"""The member file: which policy a repository follows, and what it may waive for itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from policyfiles import BUILT_IN_RULES, load

from interlock.documents.read import read_document
from interlock.errors import PolicyError
from interlock.policy.member import load_member, with_member

SCHEMA = Path(__file__).parents[2] / "schemas" / "member.json"
POLICY = (
    "version: 1\nmember-waivers: {}\nrepos: {{a: o/a, b: o/b}}\n"
    "sources: {{s: {{repo: a, files: x}}}}\n"
)
WAIVER = "{rule: experiment/empty-source, reason: r, owner: o, until: 2027-01-01}"


def _valid(text: str) -> bool:
    validator = Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    return bool(validator.is_valid(read_document("x.yaml", text.encode()).values[0]))


@pytest.mark.parametrize(
    ("text", "policy", "repo"),
    [
        ("policy: acme/policies//interlock.yaml@main\nrepo: serving\n",
         "acme/policies//interlock.yaml@main", "serving"),
        ("policy: {repo: acme/p, path: x.yaml, branch: main}\n", "acme/p//x.yaml@main", ""),
        ("policy: ./policies/interlock.yaml\nrepo: a\n", "policies/interlock.yaml", "a"),
    ],
)  # fmt: skip
def test_what_a_member_says(text: str, policy: str, repo: str) -> None:
    member = load_member(text.encode())
    assert (member.policy, member.repo) == (policy, repo)
    assert _valid(text)


@pytest.mark.parametrize(
    ("text", "problems", "shape"),
    [
        ("repo: a\n", ["1:1 `.interlock.yaml` needs `policy`"], True),
        ("policy: x.yaml\nrepos: a\n",
         ["2:1 `repos` is not a word of `.interlock.yaml`; did you mean `repo`?"], True),
        ("policy: ../x.yaml\n", ["1:9 `../x.yaml` leads out of the repository of .interlock.yaml"],
         False),
        ("policy: acme/p//x.yaml\n",
         [("1:9 `acme/p//x.yaml` needs a revision: `@<commit>` pins it, "
          "`@<branch>` follows a branch")], False),
        ("policy: {repo: acme/p, path: x}\n",
         ["1:9 `policy` needs `repo`, `path` and one of `revision`, `branch`"], True),
        ("policy: interlock:recommended\n",
         ["1:9 a member follows a policy that names it; a built-in policy names no repositories"],
         False),
        ("policy: [x]\n", ["1:9 `policy` must be text, not a list"], True),
        ("policy: x\nrepo: 7\n", ["2:7 `repo` must be text, not a number"], True),
        ("policy: x\nwaivers: {}\n", ["2:10 `waivers` must be a list, not a mapping"], True),
    ],
)  # fmt: skip
def test_what_a_member_cannot_say(text: str, problems: list[str], shape: bool) -> None:
    with pytest.raises(PolicyError) as caught:
        load_member(text.encode())
    assert [f"{p.line}:{p.column} {p.message}" for p in caught.value.problems] == problems
    assert _valid(text) is not shape


@pytest.mark.parametrize("data", [b"", b"[]", b"policy: [", b"\xff", b"a: 1\na: 2\n"])
def test_a_file_that_is_none_is_told(data: bytes) -> None:
    with pytest.raises(PolicyError) as caught:
        load_member(data)
    assert all(problem.path == ".interlock.yaml" for problem in caught.value.problems)


def _join(waiver: str, allowed: str = "true", alias: str = "a") -> list[tuple[str, str]]:
    member = load_member(f"policy: x.yaml\nwaivers:\n  - {waiver}\n".encode())
    policy = with_member(load(POLICY.format(allowed)), member, alias, BUILT_IN_RULES)
    return [(waiver.rule, waiver.repo) for waiver in policy.waivers]


def test_own_waivers_hold_for_the_own_repo_alone() -> None:
    assert _join(WAIVER) == [("experiment/empty-source", "a")]
    assert _join(WAIVER.replace("rule", "repo: a, rule")) == [("experiment/empty-source", "a")]


@pytest.mark.parametrize(
    ("waiver", "allowed", "alias", "problem"),
    [
        (WAIVER, "false", "a", "3:5 the policy takes no waivers from its members"),
        (WAIVER, "true", "", "3:5 these waivers hold for one repo, and nothing says which this is"),
        (WAIVER.replace("{", "{repo: b, "), "true", "a",
         "3:12 this file can waive findings in `a` only"),
        (WAIVER.replace("empty", "emty"), "true", "a",
         "3:12 there is no rule `experiment/emty-source`; did you mean `experiment/empty-source`?"),
        ("{rule: experiment/empty-source}", "true", "a",
         "3:5 a waiver needs `reason`, `owner` and `until`"),
    ],
)  # fmt: skip
def test_own_waivers_that_are_refused(waiver: str, allowed: str, alias: str, problem: str) -> None:
    with pytest.raises(PolicyError) as caught:
        _join(waiver, allowed, alias)
    assert [f"{p.line}:{p.column} {p.message}" for p in caught.value.problems] == [problem]


def test_without_own_waivers_the_policy_need_not_allow_them() -> None:
    policy = load(POLICY.format("false"))
    assert with_member(policy, load_member(b"policy: x.yaml\n"), "", BUILT_IN_RULES) is policy
