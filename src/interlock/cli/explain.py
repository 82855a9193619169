"""interlock explain RULE."""

from __future__ import annotations

import argparse
import sys
import textwrap

from interlock.cli.explaining import policy_here
from interlock.cli.options import add_world
from interlock.errors import UsageError
from interlock.experiments.relations.table import TABLE, relation
from interlock.policy.model import Rule
from interlock.policy.raw import suggestion
from interlock.rules.base import RuleDoc
from interlock.rules.table import PAGES


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``interlock explain``."""
    parser.add_argument("rule", metavar="RULE", help="a rule's id, or a relation such as `equal`")
    add_world(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print what is known of a rule of the policy, a built-in rule or a relation."""
    name: str = arguments.rule
    for doc in PAGES:
        if name in (doc.id, doc.id.partition("/")[2]):
            sys.stdout.write(built_in(doc))
            return 0
    if name in TABLE:
        sys.stdout.write(of_relation(name))
        return 0
    rules = policy_here(arguments).policy.consistency
    wanted = name.removeprefix("experiment/")
    for rule in rules:
        if rule.id == wanted:
            sys.stdout.write(of_rule(rule))
            return 0
    known = [*(doc.id for doc in PAGES), *TABLE, *(f"experiment/{rule.id}" for rule in rules)]
    raise UsageError(f"there is no rule or relation `{name}`; {suggestion(name, known)}")


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
