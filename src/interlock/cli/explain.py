"""interlock explain RULE."""

from __future__ import annotations

import argparse
import sys
import textwrap
from collections.abc import Sequence

from interlock.cli.credentials import PREFIX, ids_of
from interlock.cli.explaining import policy_here
from interlock.cli.options import add_world
from interlock.errors import NoPolicyError, UsageError
from interlock.experiments.relations.table import TABLE, relation
from interlock.policy.model import NO_POLICY, Policy, Rule
from interlock.policy.raw import suggestion
from interlock.rules.base import RuleDoc
from interlock.rules.table import PAGES
from interlock.secrets.custom import with_own
from interlock.secrets.pages import Page, pages


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``interlock explain``."""
    parser.add_argument("rule", metavar="RULE", help="a rule's id, or a relation such as `equal`")
    add_world(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print what is known of a rule of the policy, a built-in rule or a relation."""
    name: str = arguments.rule
    told = _known(name)
    if not told:
        policy = _policy(arguments, name)
        told = _of_policy(policy, name)
    if not told:
        own = [f"experiment/{rule.id}" for rule in policy.consistency]
        known = [*(doc.id for doc in PAGES), *TABLE, *own, *ids_of(policy)]
        raise UsageError(f"there is no rule or relation `{name}`; {suggestion(name, known)}")
    sys.stdout.write(told)
    return 0


def _known(name: str) -> str:
    """What is told of a built-in rule or a relation; "" for any other name."""
    for doc in PAGES:
        if name in (doc.id, doc.id.partition("/")[2]):
            return built_in(doc)
    return of_relation(name) if name in TABLE else _credential(pages(), name)


def _credential(known: Sequence[Page], name: str) -> str:
    return next((of_credential(page) for page in known if name in (page.id, page.name)), "")


def _policy(arguments: argparse.Namespace, name: str) -> Policy:
    """The policy here; what is looked for as a credential is known without one."""
    try:
        return policy_here(arguments).policy
    except NoPolicyError:
        if not name.startswith(PREFIX):
            raise
        return NO_POLICY


def _of_policy(policy: Policy, name: str) -> str:
    """What is told of a rule of the policy; "" where it has none of that name."""
    wanted = name.removeprefix("experiment/")
    for rule in policy.consistency:
        if rule.id == wanted:
            return of_rule(rule)
    own = policy.secrets.rules if policy.secrets is not None else ()
    return _credential(pages(with_own(own)), name)


def _section(title: str, text: str) -> str:
    if not text:
        return ""
    return f"\n{title}\n{textwrap.indent(textwrap.fill(text, 88), '  ')}\n"


def _block(title: str, text: str) -> str:
    return f"\n{title}\n{textwrap.indent(text, '    ')}\n" if text else ""


def built_in(doc: RuleDoc) -> str:
    """The page of a built-in rule."""
    return (
        f"{doc.id} ({doc.severity}): {doc.summary}\n"
        + _section("What it checks", doc.what)
        + _section("Why", doc.why)
        + _block("Fails", doc.bad)
        + _block("Passes", doc.good)
        + _section("Fix", doc.fix)
    )


def of_credential(page: Page) -> str:
    """The page of a kind of credential."""
    return (
        f"{page.id} (error): {page.summary}\n"
        + _items("What it looks for", page.looks)
        + _section("Why", page.why)
        + _items("Rotate", page.rotate)
        + _section("Fix", page.fix)
        + _section("If it is none", page.none)
    )


def _items(title: str, texts: Sequence[str]) -> str:
    """Texts that hold patterns: nothing in them may be parted."""
    lines = [
        textwrap.fill(
            text,
            88,
            initial_indent="  - ",
            subsequent_indent="    ",
            break_long_words=False,
            break_on_hyphens=False,
        )
        for text in texts
    ]
    return "\n".join(["", title, *lines, ""]) if lines else ""


def of_relation(name: str) -> str:
    """The page of a relation."""
    found = relation(name)
    return (
        f"{found.name}: {found.summary}\n"
        + _section("What it checks", found.what)
        + _section("Why", found.why)
        + _block("Example", found.example)
        + _section("Fix", found.fix)
    )


def of_rule(rule: Rule) -> str:
    """The page of a rule that the policy declares, with its relation's."""
    left = f"{rule.left.source}.{rule.left.field}" if rule.left.field else rule.left.source
    where = f"{rule.origin.file}:{rule.origin.line}"
    decides = f" {rule.authority} decides." if rule.authority else ""
    return (
        f"experiment/{rule.id} ({rule.severity}), declared in {where}\n"
        + _section("What it checks", f"`{rule.relation}` on `{left}`.{decides}")
        + _section("Why", rule.why)
        + _section("Owner", rule.owner)
        + _section("More", rule.docs)
        + "\n"
        + of_relation(rule.relation)
    )
