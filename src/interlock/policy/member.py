"""The small ``.interlock.yaml`` of a member repository: the policy it follows, and its alias."""

from __future__ import annotations

from collections.abc import Iterable

from interlock.documents.base import Span
from interlock.documents.read import read_document
from interlock.policy.acceptances import load_waivers
from interlock.policy.extend import MAX_BYTES, unfit
from interlock.policy.model import Policy
from interlock.policy.problems import Problems
from interlock.policy.raw import Raw, Text
from interlock.policy.references import Reference, read_reference, remote
from interlock.policy.shapes import Reader, text_of
from interlock.values import NamedTuple

FILE = ".interlock.yaml"
WORDS = ("policy", "repo", "waivers")
POLICY_WORDS = ("repo", "path", "revision", "branch")


class Member(NamedTuple):
    """``policy`` is a path, or ``owner/name//path@revision``; ``repo`` the alias, "" for by remote.

    ``waivers`` are its own, not yet checked against the policy: ``with_member`` does that.
    """

    policy: str
    repo: str
    waivers: tuple[Raw, ...] = ()


def load_member(data: bytes, file: str = FILE) -> Member:
    """The member file; raises PolicyError with its problems."""
    problems = Problems()
    too_large = len(data) > MAX_BYTES
    document = read_document(file, b"" if too_large else data, "yaml")
    text = Text(file, document, Reference(path=file))
    for problem in document.problems:
        problems.at(text, problem.span, f"`{file}` {problem.message}")
    wrong = "is too large" if too_large else "" if problems else unfit(document)
    if wrong:
        problems.at(text, Span(0, 0), f"`{file}` {wrong}")
    if problems:
        raise problems.error()
    reader = Reader(Raw(document.values[0], text), f"`{file}`", WORDS, problems)
    hint = "a path, or `owner/name//interlock.yaml@branch`"
    given = reader.require("policy", hint)
    policy = _policy(given, problems) if given is not None else ""
    member = Member(policy, reader.text("repo"), tuple(reader.listing("waivers")))
    if problems:
        raise problems.error()
    return member


def _policy(raw: Raw, problems: Problems) -> str:
    try:
        if isinstance(raw.value, dict):
            reader = Reader(raw, "`policy`", POLICY_WORDS, problems)
            words = [word for word in ("revision", "branch") if word in reader]
            if reader.require("repo") is None or reader.require("path") is None or len(words) != 1:
                problems.add(raw, "`policy` needs `repo`, `path` and one of `revision`, `branch`")
                return ""
            given = reader.text("repo"), reader.text("path"), reader.text(words[0])
            return remote(*given).name if all(given) else ""
        text = text_of(raw, "`policy`", problems)
        if not text:
            return ""
        reference = read_reference(text, raw.text.where)
    except ValueError as error:
        problems.add(raw, str(error))
        return ""
    if reference.built_in:
        problems.add(
            raw,
            "a member follows a policy that names it; a built-in policy names no repositories",
            "write an `interlock.yaml` that extends it",
        )
    return reference.name


def with_member(
    policy: Policy, member: Member, alias: str, built_in_rules: Iterable[str]
) -> Policy:
    """``policy`` with the member's own waivers, which hold for its repo ``alias`` only.

    Raises PolicyError where ``alias`` is "", where the policy does not say
    ``member-waivers: true``, and where a waiver is not right or names another repo.
    """
    if not member.waivers:
        return policy
    problems = Problems()
    if not alias:
        problems.add(
            member.waivers[0],
            "these waivers hold for one repo, and nothing says which this is",
            "say it with `repo:`",
        )
        raise problems.error()
    if not policy.member_waivers:
        problems.add(
            member.waivers[0],
            "the policy takes no waivers from its members",
            "put it in the policy's own `waivers`, or say `member-waivers: true` there",
        )
        raise problems.error()
    known = [*(f"experiment/{rule.id}" for rule in policy.consistency), *built_in_rules]
    if policy.secrets is not None:
        known += [f"secret/{rule.type}" for rule in policy.secrets.rules]
    waivers = load_waivers(member.waivers, known, policy.repos, problems, member=alias)
    if problems:
        raise problems.error()
    return policy._replace(waivers=(*policy.waivers, *waivers))
