"""Each example policy is short, passes clean, and fails at the stated line after one change."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from topologies import EXAMPLES, ROOT, change, check, invented, real, seen


class Mistake(NamedTuple):
    """One change to a file, and the rule that must say so at the line of the change."""

    example: str
    path: str
    old: str
    new: str
    rule: str


INVENTED = [
    Mistake("metric-hub", "jetstream/ranker-v2.toml", '"clicks"', '"clics"', "data-source-exists"),
    Mistake("metric-hub", "jetstream/ranker-v2.toml", '"new_users"', '"old"', "segment-exists"),
    Mistake("metric-hub", "jetstream/ranker-v2.toml", '"basket"', '"cart"', "outcome-exists"),
    Mistake("brave-variations", "studies/RankerStudy.json5", "60", "50", "weights-add-up"),
    Mistake(
        "brave-variations",
        "studies/RankerStudy.json5",
        "RankerStudy_",
        "Other_",
        "named-after-file",
    ),
    Mistake(
        "brave-variations", "studies/RankerStudy.json5", "'Default'", "'Enabled'", "unique-groups"
    ),
    Mistake(
        "katib",
        "examples/v1beta1/hp-tuning/ranker.yaml",
        "reference: lr",
        "reference: rate",
        "parameter-exists",
    ),
    Mistake(
        "katib",
        "examples/v1beta1/hp-tuning/ranker.yaml",
        "{trialParameters.treeDepth",
        "{trialParameters.maxDepth",
        "trial-parameter-exists",
    ),
    Mistake(
        "go-feature-flag",
        "examples/ranker/flags.yaml",
        "        new: 90",
        "        nww: 90",
        "split-knows-variations",
    ),
    Mistake(
        "go-feature-flag",
        "examples/ranker/flags.yaml",
        "variation: old",
        "variation: odl",
        "chosen-is-a-variation",
    ),
    Mistake(
        "govuk-cdn-config",
        "configs/dictionaries/rankertest_percentages.yaml",
        "B: 30",
        "C: 30",
        "same-variants",
    ),
    Mistake("flagd", "json/test/flags/positive/ranker.json", '"ENABLED"', '"ON"', "known-state"),
    Mistake(
        "flagd",
        "json/test/flags/positive/ranker.json",
        '"defaultVariant": "new"',
        '"defaultVariant": "nwe"',
        "default-is-a-variant",
    ),
]
REAL = [
    Mistake(
        "metric-hub",
        "jetstream/106-major-release-firefox-new-user.toml",
        'data_source = "clients_daily"',
        'data_source = "clients_dayly"',
        "data-source-exists",
    ),
    Mistake(
        "metric-hub",
        "jetstream/1-click-pin-experiment.toml",
        '"attributed"',
        '"atributed"',
        "segment-exists",
    ),
    Mistake(
        "brave-variations",
        "studies/AIChatDeepResearch.json5",
        "probability_weight: 100",
        "probability_weight: 90",
        "weights-add-up",
    ),
    Mistake(
        "brave-variations",
        "studies/AIChatDeepResearch.json5",
        "name: 'AIChatDeepResearch'",
        "name: 'AIChatShallowResearch'",
        "named-after-file",
    ),
    Mistake(
        "brave-variations",
        "studies/AIChatDeepResearch.json5",
        "name: 'Default'",
        "name: 'Enabled'",
        "unique-groups",
    ),
    Mistake(
        "katib",
        "examples/v1beta1/hp-tuning/grid.yaml",
        "reference: momentum",
        "reference: momentun",
        "parameter-exists",
    ),
    Mistake(
        "go-feature-flag",
        "examples/rollout_experimentation/flags.goff.yaml",
        "      B_var: 50",
        "      C_var: 50",
        "split-knows-variations",
    ),
    Mistake(
        "govuk-cdn-config",
        "configs/dictionaries/bankholidaystest_percentages.yaml",
        "B: 1",
        "D: 1",
        "same-variants",
    ),
]
Source = Callable[[str, Path], Path]


@pytest.mark.parametrize("example", EXAMPLES)
def test_policy_takes_at_most_40_lines(example: str) -> None:
    text = (ROOT / "examples" / example / "interlock.yaml").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 40


@pytest.mark.parametrize("source", [invented, real])
@pytest.mark.parametrize("example", EXAMPLES)
def test_passes_clean(example: str, source: Source, tmp_path: Path) -> None:
    assert check(example, source(example, tmp_path)) == (0, [])


def broken(mistake: Mistake, folder: Path) -> None:
    line = change(folder, mistake.path, mistake.old, mistake.new)
    code, findings = check(mistake.example, folder)
    assert code == 1
    assert [f["rule"] for f in findings] == [f"experiment/{mistake.rule}"]
    assert (mistake.path, line) in [(p["path"], p["line"]) for p in findings[0]["places"]]


@pytest.mark.parametrize("mistake", INVENTED, ids=lambda m: f"{m.example}-{m.rule}")
def test_one_mistake_in_invented_input_is_found_at_its_line(
    mistake: Mistake, tmp_path: Path
) -> None:
    broken(mistake, invented(mistake.example, tmp_path))


@pytest.mark.parametrize("mistake", REAL, ids=lambda m: f"{m.example}-{m.rule}")
def test_one_mistake_in_real_input_is_found_at_its_line(mistake: Mistake, tmp_path: Path) -> None:
    broken(mistake, real(mistake.example, tmp_path))


def test_a_deleted_definition_is_found_where_it_is_used(tmp_path: Path) -> None:
    folder = invented("metric-hub", tmp_path)
    (folder / "jetstream/definitions/shop.toml").write_bytes(b"[data_sources.other]\nx = 1\n")
    _, findings = check("metric-hub", folder)
    assert seen(findings) == [("experiment/data-source-exists", "jetstream/ranker-v2.toml", 9)]


def test_a_definition_deleted_from_real_input_is_found_in_every_file_that_uses_it(
    tmp_path: Path,
) -> None:
    folder = real("metric-hub", tmp_path)
    name = "clients_daily"
    for file in [*folder.glob("definitions/*.toml"), *folder.glob("jetstream/definitions/*.toml")]:
        text = file.read_bytes().decode()
        file.write_bytes(text.replace(f"[data_sources.{name}]", "[data_sources.gone]").encode())
    _, findings = check("metric-hub", folder)
    users = {f"jetstream/{p.name}" for p in folder.glob("jetstream/*.toml") if uses(p, name)}
    found = {path for rule, path, _ in seen(findings) if rule == "experiment/data-source-exists"}
    assert len(users) > 30
    assert found == users


def uses(path: Path, name: str) -> bool:
    """True where a metric of the file names the data source and the file does not define it."""
    config = tomllib.loads(path.read_text(encoding="utf-8"))
    metrics = [m for m in config.get("metrics", {}).values() if isinstance(m, dict)]
    used = any(metric.get("data_source") == name for metric in metrics)
    return used and name not in config.get("data_sources", {})


@pytest.mark.parametrize(
    "name",
    ["empty-variants", "malformed-flag", "missing-variants", "state-set-incorrectly"],
)
def test_flagds_negative_fixtures_that_a_relation_can_express_fail(
    name: str, tmp_path: Path
) -> None:
    folder = real("flagd", tmp_path)
    flags = folder / "json/test/flags"
    (flags / f"negative/{name}.json").rename(flags / f"positive/{name}.json")
    code, findings = check("flagd", folder)
    assert code == 1
    assert {path for _, path, _ in seen(findings)} == {f"json/test/flags/positive/{name}.json"}


def test_a_test_whose_lower_cased_file_is_missing_is_found(tmp_path: Path) -> None:
    folder = invented("govuk-cdn-config", tmp_path)
    (folder / "configs/dictionaries/rankertest_percentages.yaml").unlink()
    _, findings = check("govuk-cdn-config", folder)
    assert seen(findings) == [("experiment/test-has-a-split", "ab_tests/ab_tests.yaml", 2)]
