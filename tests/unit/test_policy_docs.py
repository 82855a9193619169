"""The examples of docs/policy.md are policies that load, and its tables name words that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from policyfiles import Repositories, load

from interlock.policy import consistency, merge, relations
from interlock.policy.extend import MAX_BYTES, MAX_DEPTH, MAX_FILES, MAX_NESTING, MAX_VALUES
from interlock.policy.member import load_member
from interlock.policy.packaged import built_in_names
from interlock.policy.shapes import MAX_LENGTH, MAX_WILDCARDS

TEXT = (Path(__file__).parents[2] / "docs" / "policy.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)
#: What the example that builds on another repository builds on.
BASE = """\
version: 1
repos: {serving: acme/model-serving}
sources: {plan: {files: "experiments/{key}.yaml", fields: {p: $.p}}}
consistency: [{id: same-params, each: plan.p, equal: .p}]
rules: {experiment/empty-source: info}
"""


def test_there_are_examples() -> None:
    assert len(EXAMPLES) == 9


@pytest.mark.parametrize("text", EXAMPLES, ids=range(len(EXAMPLES)))
def test_each_example_loads(text: str) -> None:
    if "policy:" in text:
        assert load_member(text.encode()).repo == "serving"
        return
    fetcher = Repositories({("acme/policies", "ml.yaml", "main"): BASE})
    assert load(text, fetcher=fetcher).repos


def test_the_words_beside_a_relation_are_all_there() -> None:
    table = TEXT.partition("## Rules")[2].partition("\n## ")[0]
    words = set(
        re.findall(r"`([a-z-]+)`", "".join(re.findall(r"^\|([^|]*)\|", table, re.MULTILINE)))
    )
    assert words == set(consistency.MODIFIERS) - {"id", "each"}
    assert words.isdisjoint(relations.RELATIONS)


def test_what_merges_is_told() -> None:
    table = TEXT.partition("how a later layer changes it")[2]
    assert all(
        f"`{word}`" in table for word in (*merge.KEYED, *merge.ADDED, "consistency", "secrets")
    )
    assert all(f"`interlock:{name}`" in TEXT for name in built_in_names())


def test_the_bounds_are_the_ones_that_hold() -> None:
    text = " ".join(TEXT.split())
    assert f"at most {MAX_LENGTH} characters and {MAX_WILDCARDS} wildcards" in text
    assert f"at most 1 MiB, {MAX_VALUES:,} values" in text
    assert f"{MAX_NESTING} levels; {MAX_FILES} files" in text
    assert (MAX_BYTES, MAX_DEPTH) == (1 << 20, 10)
    assert "chains of more than ten" in text
