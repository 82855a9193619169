"""A policy that was kept is the policy that was loaded, for every policy that is here."""

from __future__ import annotations

import marshal
from pathlib import Path

import pytest

from interlock.errors import PolicyError
from interlock.policy.extend import Layers
from interlock.policy.kept import Later, frozen, thawed
from interlock.policy.load import load_policy
from interlock.policy.model import ChangeSets, Checklist, Jira, Origin, Policy
from interlock.policy.quote import quote
from interlock.rules.table import RULES

ROOT = Path(__file__).resolve().parents[2]
POLICIES = sorted(
    [*ROOT.glob("examples/*/interlock.yaml"), *ROOT.glob("tests/cases/*/interlock.yaml")]
)


def load(path: Path) -> Policy:
    def beside(name: str) -> bytes | None:
        file = path.parent / name
        return file.read_bytes() if file.is_file() else None

    return load_policy(
        path.name,
        path.read_bytes(),
        Layers(beside, None),
        version="99",
        built_in_rules=[rule.id for rule in RULES],
    )


@pytest.mark.parametrize("path", POLICIES, ids=lambda p: p.parent.name)
def test_a_policy_comes_back_as_it_was(path: Path) -> None:
    try:
        policy = load(path)
    except PolicyError:
        pytest.skip("this case is about a policy that cannot be loaded")
    kept = marshal.loads(marshal.dumps(frozen(policy)))  # noqa: S302  our own bytes
    again = thawed(kept, lambda: policy.provenance)
    for name in Policy._fields:
        if name not in ("provenance", "text"):
            assert getattr(again, name) == getattr(policy, name), name
    assert dict(again.provenance) == dict(policy.provenance)


def test_the_policy_is_loaded_again_only_to_quote_it() -> None:
    policy = load(POLICIES[0])
    asked = []

    def again() -> dict[str, Origin]:
        asked.append(1)
        return policy.provenance  # type: ignore[return-value]

    kept = thawed(frozen(policy), again)
    assert not asked
    rule = kept.consistency[0]
    assert quote(kept, rule.origin) == quote(policy, rule.origin) != None  # noqa: E711
    assert asked


@pytest.mark.parametrize("kept", [None, (), ("x",), (99, 1), (-2, "("), [1], {"a": 1}, (0, 1)])
def test_what_is_no_policy_is_refused(kept: object) -> None:
    with pytest.raises((ValueError, TypeError, LookupError)):
        thawed(kept, dict)


def test_later_is_a_mapping() -> None:
    origin = Origin("interlock.yaml", 1, 1)
    later = Later(lambda: {"a": origin})
    assert list(later) == ["a"]
    assert len(later) == 1
    assert later["a"] == origin


def test_the_settings_of_change_sets_and_checklists_are_kept() -> None:
    tickets = Checklist("ab-test", "Key", Jira("https://acme.atlassian.net", "ML"))
    policy = load(POLICIES[0])._replace(change_sets=ChangeSets(0, 7), checklist=tickets)
    again = thawed(marshal.loads(marshal.dumps(frozen(policy))), dict)  # noqa: S302  our own bytes
    assert (again.change_sets, again.checklist) == (ChangeSets(0, 7), tickets)
