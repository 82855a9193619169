"""experiment/empty-source: a source matches no file."""

from __future__ import annotations

from collections.abc import Iterator

from interlock.experiments.breach import Breach, InPolicy
from interlock.experiments.dataset import Dataset
from interlock.rules.base import RuleDoc, SourceRule


def check(dataset: Dataset, source: str) -> Iterator[Breach]:
    """A breach where no repository of the source has a file that it matches."""
    spec = dataset.source(source)
    selected = dataset.selected(source)
    if spec.optional or not selected or dataset.unread(source):
        return
    if any(got.files or got.unusable for _, got in selected):
        return
    globs = ", ".join(f"`{glob.text}`" for glob in (*spec.files, *spec.layers))
    where = ", ".join(repo.name or repo.alias for repo, _ in selected)
    yield Breach(
        key=source,
        field="",
        member="",
        message=f"source `{source}` matches no file: {globs} in {where}",
        spots=(InPolicy(*spec.origin, note="declared here"),),
        repos=spec.repos,
        repair_in=spec.repos,
        hint="correct the glob, or say `optional: true` where no file is fine",
    )


RULE = SourceRule(
    RuleDoc(
        id="experiment/empty-source",
        summary="a source matches no file",
        what="No file in the source's repositories matches its `files` or `layers`.",
        why="A check that reads nothing passes for ever: a renamed folder would switch it off.",
        bad='files: "experiment/{key}.yaml"   # the folder is called experiments',
        good='files: "experiments/{key}.yaml"',
        fix="None.",
        since="0.1.0",
        severity="error",
    ),
    check,
)
