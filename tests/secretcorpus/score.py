"""Scores a scan against labels: recall by type and context, false lines, precision, F1."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from secretcorpus.corpus import Label, Made

Place = tuple[str, int]


class Score(NamedTuple):
    """Lines, not findings: several findings on one line count once.

    ``by_kind`` and ``by_context`` give (found, labelled); ``false`` and ``missed`` are sorted.
    """

    labelled: int
    found: int
    false: tuple[Place, ...]
    missed: tuple[Label, ...]
    by_kind: dict[str, tuple[int, int]]
    by_context: dict[str, tuple[int, int]]

    @property
    def recall(self) -> float:
        return self.found / self.labelled if self.labelled else 1.0

    @property
    def precision(self) -> float:
        flagged = self.found + len(self.false)
        return self.found / flagged if flagged else 1.0

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def score(made: Iterable[Made], flagged: Iterable[Place]) -> Score:
    """``flagged`` holds (path, line). A private key's other lines are its own, thus not false."""
    files = list(made)
    labels = {(label.path, label.line): label for one in files for label in one.labels}
    hits = set(flagged)
    found = labels.keys() & hits
    kinds = Counter(label.kind for label in labels.values())
    contexts = Counter(label.context for label in labels.values())
    good = [labels[place] for place in found]
    kinds_found, contexts_found = Counter(x.kind for x in good), Counter(x.context for x in good)
    return Score(
        len(labels),
        len(found),
        tuple(sorted(hits - labels.keys() - bodies(files))),
        tuple(sorted(labels[place] for place in labels.keys() - hits)),
        {name: (kinds_found[name], kinds[name]) for name in sorted(kinds)},
        {name: (contexts_found[name], contexts[name]) for name in sorted(contexts)},
    )


def bodies(files: Iterable[Made]) -> set[Place]:
    """The lines of a private key after its first."""
    places = set()
    for one in files:
        for label in one.labels:
            lines = one.text.split("\n")
            if "BEGIN" not in lines[label.line - 1]:
                continue
            for number in range(label.line + 1, len(lines) + 1):
                places.add((one.path, number))
                if "-----END" in lines[number - 1]:
                    break
    return places
