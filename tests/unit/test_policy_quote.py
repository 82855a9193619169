"""A finding that points at the policy quotes it there."""

from __future__ import annotations

import pytest
from policyfiles import load

from interlock.policy.model import Origin
from interlock.policy.quote import quote

TEXT = """\
version: 1
repos: {a: o/a}
sources:
  plan:
    files: x.yaml
    fields: {one: $.one, two: {keys: $.two}}
consistency:
  - {id: r, each: plan.one, unique: in-source}
waivers:
  - rule: experiment/r
    repo: a
    reason: r
    owner: o
    until: 2027-01-01
"""


@pytest.mark.parametrize(
    ("line", "column", "quoted"),
    [
        (4, 3, "plan:"),
        (6, 14, "one: $.one"),
        (6, 26, "two: {keys: $.two}"),
        (8, 5, "{id: r, each: plan.one, unique: in-source}"),
        (10, 5, "rule: experiment/r"),
    ],
)
def test_the_value_is_quoted_in_its_first_line(line: int, column: int, quoted: str) -> None:
    found = quote(load(TEXT), Origin("interlock.yaml", line, column))
    assert found is not None
    assert (found.line, found.column, found.end_line) == (line, column, line)
    assert found.text == TEXT.splitlines()[line - 1]
    assert found.text[found.column - 1 : found.end_column - 1] == quoted


def test_every_origin_of_a_policy_can_be_quoted() -> None:
    policy = load(TEXT)
    origins = [policy.sources["plan"].origin, policy.consistency[0].origin]
    origins += [*policy.provenance.values(), policy.waivers[0].origin]
    assert all(quote(policy, origin) is not None for origin in origins)


def test_another_file_is_not_quoted() -> None:
    assert quote(load(TEXT), Origin(".interlock.yaml", 1, 1)) is None
