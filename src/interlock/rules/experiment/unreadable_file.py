"""experiment/unreadable-file: a file of a source cannot be used."""

from __future__ import annotations

from collections.abc import Iterator

from interlock.experiments.breach import Breach, InFile, Missing
from interlock.experiments.dataset import Dataset
from interlock.rules.base import RuleDoc, SourceRule


def check(dataset: Dataset, source: str) -> Iterator[Breach]:
    """One breach for each file that could not be read or parsed."""
    for repo, selected in dataset.selected(source):
        for file in selected.unusable:
            yield _breach(
                file.path,
                repo.alias,
                file.reason,
                Missing(repo.alias, repo.name, file.path, file.reason),
            )
        for document, problem in selected.problems:
            if problem.fatal:
                span = tuple(problem.span)
                place = InFile(document, (span[0], span[1]), problem.message)
                yield _breach(document.path, repo.alias, problem.message, place)


def _breach(path: str, repo: str, reason: str, place: InFile | Missing) -> Breach:
    return Breach(
        key=path,
        field="",
        member="",
        message=f"`{path}` {reason}",
        spots=(place,),
        repos=(repo,),
        repair_in=(repo,),
        hint="mend the file; until then, rules about what is missing from it are not checked",
    )


RULE = SourceRule(
    RuleDoc(
        id="experiment/unreadable-file",
        summary="a file that a source reads cannot be read or parsed",
        what="The file is malformed, binary, not UTF-8, too large, too deep, or a link that "
        "leaves the repository.",
        why="A file that cannot be read would otherwise count as one that holds nothing.",
        bad="variants: [control, treatment",
        good="variants: [control, treatment]",
        fix="None.",
        since="0.1.0",
        severity="error",
    ),
    check,
)
