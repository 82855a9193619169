"""experiment/missing-layer: an overlay without the file it lies over."""

from __future__ import annotations

from collections.abc import Iterator

from interlock.experiments.breach import Breach, InFile, InPolicy, Missing
from interlock.experiments.dataset import Dataset
from interlock.rules.base import RuleDoc, SourceRule


def check(dataset: Dataset, source: str) -> Iterator[Breach]:
    """One breach for each stack whose first layer is not there."""
    spec = dataset.source(source)
    for repo, selected in dataset.selected(source):
        for stack in selected.missing_layers:
            base = spec.layers[0].text
            bound = ", ".join(f"{name} {value}" for name, value in stack.captures.items())
            over = stack.layers[0].path if stack.layers else "the layers above"
            yield Breach(
                key=bound or source,
                field="",
                member=base,
                message=f"`{over}` is laid over `{base}`, which is not there",
                spots=(
                    *(InFile(file, None, "a layer") for file in stack.layers[:1]),
                    Missing(repo.alias, repo.name, base, "the first layer is missing"),
                    InPolicy(*spec.origin, note="layers declared here"),
                ),
                repos=(repo.alias,),
                repair_in=(repo.alias,),
                hint=f"add `{base}`, or correct the source's `layers`",
            )


RULE = SourceRule(
    RuleDoc(
        id="experiment/missing-layer",
        summary="an overlay without the file it lies over",
        what="The first of a source's `layers` must exist for every stack that is found.",
        why="Without its base an overlay holds a part of the values, and every check of them lies.",
        bad="env/prod/values.yaml without charts/ranker/values.yaml",
        good="both files",
        fix="None.",
        since="0.1.0",
        severity="error",
    ),
    check,
)
