"""interlock rules."""

from __future__ import annotations

import argparse
import sys
import time

from interlock.cli.explaining import policy_here
from interlock.cli.options import add_world
from interlock.errors import UsageError
from interlock.experiments.relations.table import TABLE, relation
from interlock.policy.severity import severity_of
from interlock.rules.table import PAGES, RULES
from interlock.secrets.custom import with_own
from interlock.secrets.pages import pages


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``interlock rules``."""
    add_world(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print a table of the policy's rules, the built-in ones and the relations."""
    today = time.strftime("%Y-%m-%d", time.gmtime())
    rows: list[tuple[str, str, str]] = []
    try:
        policy = policy_here(arguments).policy
    except UsageError as error:
        sys.stdout.write(f"({error})\n\n")
        rows += [(doc.id, doc.severity, doc.summary) for doc in PAGES]
        rows += [(page.id, "error", page.summary) for page in pages()]
    else:
        for rule in policy.consistency:
            name = f"experiment/{rule.id}"
            severity = severity_of(policy, name, rule.severity, "", "", today)
            rows.append((name, severity, rule.why or relation(rule.relation).summary))
        for doc in PAGES:
            told = severity_of(policy, doc.id, doc.severity, "", "", today)
            rows.append((doc.id, told if doc in RULES else doc.severity, doc.summary))
        own = policy.secrets.rules if policy.secrets is not None else ()
        for page in pages(with_own(own)):
            told = severity_of(policy, page.id, "error", "", "", today)
            rows.append((page.id, told, page.summary))
    rows.append(("", "", ""))
    rows += [(name, "relation", relation(name).summary) for name in TABLE]
    width = max(len(name) for name, _, _ in rows)
    for name, level, summary in rows:
        sys.stdout.write(f"{name:<{width}}  {level:<8}  {summary}".rstrip() + "\n")
    return 0
