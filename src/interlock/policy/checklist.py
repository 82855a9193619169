"""Loads which tickets get the checklist of an experiment: `checklist`."""

from __future__ import annotations

import re

from interlock.policy.model import Checklist, Jira
from interlock.policy.problems import Problems
from interlock.policy.raw import Raw
from interlock.policy.shapes import Reader

WORDS = ("label", "field", "jira")
JIRA_WORDS = ("url", "project")
#: The site with or without a context path; the token goes there, so nothing but TLS will do,
#: except on this machine.
URL = (
    r"(https://[A-Za-z0-9.-]+|http://(localhost|127\.0\.0\.1))(:[0-9]{1,5})?(/[A-Za-z0-9._~-]+)*/?"
)
#: What Jira calls a project's key, in an administrator's own format too.
PROJECT = r"[A-Z][A-Z0-9_]{1,254}"


def load_checklist(raw: Raw | None, problems: Problems) -> Checklist:
    """The settings; what is not said is as Checklist has it."""
    usual = Checklist()
    if raw is None:
        return usual
    reader = Reader(raw, "`checklist`", WORDS, problems)
    return Checklist(
        reader.text("label") or usual.label,
        reader.text("field") or usual.field,
        _jira(reader.get("jira"), problems),
    )


def _jira(raw: Raw | None, problems: Problems) -> Jira | None:
    if raw is None:
        return None
    reader = Reader(raw, "`jira`", JIRA_WORDS, problems)
    reader.needs({"url": "the address of your Jira", "project": "the key that tickets begin with"})
    url, project = reader.text("url"), reader.text("project")
    if url and not re.fullmatch(URL, url):
        problems.add(
            reader.parts["url"], "`url` must be an address like https://acme.atlassian.net"
        )
    if project and not re.fullmatch(PROJECT, project):
        problems.add(reader.parts["project"], "`project` must be a project's key like ML")
    return Jira(url.rstrip("/"), project)
