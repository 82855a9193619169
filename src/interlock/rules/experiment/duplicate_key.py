"""experiment/duplicate-key: a member stands twice in one mapping."""

from __future__ import annotations

from collections.abc import Iterator

from interlock.experiments.breach import Breach, InFile
from interlock.experiments.dataset import Dataset
from interlock.rules.base import RuleDoc, SourceRule


def check(dataset: Dataset, source: str) -> Iterator[Breach]:
    """One breach for each member that stands twice."""
    for repo, selected in dataset.selected(source):
        for file, problem in selected.problems:
            if not problem.fatal:
                start, end = problem.span
                yield Breach(
                    key=file.path,
                    field="",
                    member=file.document.text[start:end],
                    message=f"`{file.path}`: {problem.message}",
                    spots=(InFile(file, (start, end), "this one wins"),),
                    repos=(repo.alias,),
                    repair_in=(repo.alias,),
                    hint="remove one of the two",
                )


RULE = SourceRule(
    RuleDoc(
        id="experiment/duplicate-key",
        summary="a member stands twice in one mapping",
        what="Two entries of one mapping have the same name.",
        why="Readers silently take the last one; the first looks as if it counted.",
        bad="weight: 40\nweight: 60",
        good="weight: 60",
        fix="None: which one is meant is your decision.",
        since="0.1.0",
        severity="error",
    ),
    check,
)
