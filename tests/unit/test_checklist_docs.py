"""docs/checklist.md says what the checklist says, and its examples load."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from policyfiles import load

from interlock.changes.checklist import DONE
from interlock.changes.ticket import experiment_of
from interlock.policy.model import Checklist
from interlock.report.checklist import STATES

TEXT = (Path(__file__).parents[2] / "docs" / "checklist.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)
POLICIES = [text for text in EXAMPLES if text.startswith("checklist:")]


@pytest.mark.parametrize("text", POLICIES, ids=range(len(POLICIES)))
def test_each_policy_loads(text: str) -> None:
    assert load(f"version: 1\n{text}").checklist[:2] == Checklist()[:2]


def test_the_form_gives_the_label_and_the_field_that_are_looked_for() -> None:
    (form,) = (yaml.safe_load(text) for text in EXAMPLES if text not in POLICIES)
    assert len(POLICIES) == 2
    assert form["labels"] == [Checklist().label]
    label = form["body"][0]["attributes"]["label"]
    assert experiment_of(f"### {label}\n\nranker-v2", Checklist().field).key == "ranker-v2"


def test_every_state_is_in_the_table_with_its_tick() -> None:
    rows = re.findall(r"^\| ([^|]+) \| (yes|no) \|", TEXT, re.MULTILINE)
    told = {name: tick for names, tick in rows for name in names.split(", ")}
    assert told == {
        text.strip(): "yes" if state in DONE else "no" for state, text in STATES.items()
    }
