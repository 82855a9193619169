"""Recall, precision and F1 on CredData, beside detect-secrets and kingfisher, in one run.

    python benchmarks/secrets_creddata.py DIR [--kingfisher PATH] [--ours-only] [--by-category]
                                            [--ids 89abcdef]

DIR is a CredData folder (github.com/Samsung/CredData) with `meta/*.csv` and the `data/` that its
own script builds and obfuscates from public repositories; nothing of it is kept here. An id is the
eight hexadecimal digits by which CredData names a repository, `data/ID/…`; "ids 0 to 7" are those
whose first digit is 0 to 7: half of its 332 repositories, so that the others stay unseen.

Counted are lines. A secret is a row labelled T that is neither a UUID nor a bucket's name; it is
found where any of its lines is flagged (a private key's or a JWK's body may be). P = found /
(found + flagged lines within no found secret): a flagged line that nobody labelled counts against
precision. Two halves are told apart: rules were tuned looking at repositories whose second digit is
even, and never looking at the others.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent

Place = tuple[str, int]
#: Categories that name no credential.
SKIPPED = ("UUID", "AWS S3 Bucket")
IDS = "01234567"
TUNED = "02468ace"


class Secret(NamedTuple):
    """A labelled credential: lines from 1, both included; ``path`` is below `data/`."""

    path: str
    first: int
    last: int
    category: str


class Score(NamedTuple):
    """Lines. ``by_category`` gives (found, labelled) by the first word of CredData's category."""

    found: int
    labelled: int
    false: tuple[Place, ...]
    missed: tuple[Secret, ...]
    by_category: dict[str, tuple[int, int]]

    @property
    def recall(self) -> float:
        return self.found / self.labelled if self.labelled else 0.0

    @property
    def precision(self) -> float:
        flagged = self.found + len(self.false)
        return self.found / flagged if flagged else 0.0

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def labelled(folder: Path, ids: str) -> tuple[Secret, ...]:
    """The credentials of files that are there, one for each line that one starts on.

    ``ids`` are the first digits of the repositories that count.
    """
    found: dict[Place, Secret] = {}
    for meta in sorted((folder / "meta").glob(f"[{ids}]*.csv")):
        for row in csv.DictReader(meta.read_text(encoding="utf-8").splitlines()):
            path = row["FilePath"].removeprefix("data/")
            if row["GroundTruth"] != "T" or row["Category"] in SKIPPED:
                continue
            if not (folder / "data" / path).is_file():
                continue
            secret = Secret(path, int(row["LineStart"]), int(row["LineEnd"]), row["Category"])
            other = found.get((path, secret.first))
            if other is None or other.last < secret.last:
                found[path, secret.first] = secret
    return tuple(found.values())


def score(secrets: Iterable[Secret], flagged: Iterable[Place]) -> Score:
    """``flagged`` holds (path below `data/`, line from 1)."""
    lines: dict[str, set[int]] = defaultdict(set)
    for path, line in flagged:
        lines[path].add(line)
    found, missed = [], []
    good: dict[str, set[int]] = defaultdict(set)
    for secret in secrets:
        inside = lines[secret.path].intersection(range(secret.first, secret.last + 1))
        good[secret.path] |= inside
        (found if inside else missed).append(secret)
    false = tuple(
        sorted((path, line) for path, all_ in lines.items() for line in all_ - good[path])
    )
    all_found = Counter(_first(one) for one in found)
    all_labelled = all_found + Counter(_first(one) for one in missed)
    by = {name: (all_found[name], count) for name, count in all_labelled.most_common()}
    return Score(len(found), len(found) + len(missed), false, tuple(missed), by)


def _first(secret: Secret) -> str:
    return secret.category.partition(":")[0]


def flagged_by(data: Path, kingfisher: str | None, *, ours_only: bool) -> dict[str, set[Place]]:
    """What each tool flags, by the commands of secrets.py."""
    spec = spec_from_file_location("benchmark_of_secrets", ROOT / "benchmarks" / "secrets.py")
    assert spec is not None
    assert spec.loader is not None
    bench: Any = module_from_spec(spec)
    sys.modules[spec.name] = bench
    spec.loader.exec_module(bench)
    flagged = {}
    for tool in bench.tools(kingfisher)[: 1 if ours_only else None]:
        text, _, _ = bench.once(tool, data)
        flagged[tool.name] = tool.read(text, data)
    return flagged


def table(title: str, secrets: Iterable[Secret], flagged: Mapping[str, set[Place]]) -> None:
    print(f"\n### {title}\n")
    print("| tool | found | recall | false lines | precision | F1 |")
    print("| --- | --- | --- | --- | --- | --- |")
    secrets = tuple(secrets)
    for name, places in flagged.items():
        s = score(secrets, places)
        print(
            f"| {name} | {s.found}/{s.labelled} | {s.recall:.3f} | {len(s.false)} "
            f"| {s.precision:.3f} | {s.f1:.3f} |"
        )


def halves(secrets: tuple[Secret, ...], flagged: Mapping[str, set[Place]], ids: str = IDS) -> None:
    kept = {n: {p for p in places if p[0][0] in ids} for n, places in flagged.items()}
    table(f"CredData, ids {ids}", secrets, kept)
    if ids != IDS:
        return
    for title, even in (("Tuned half", True), ("Held-out half", False)):
        table(
            title,
            [s for s in secrets if (s.path[1] in TUNED) == even],
            {n: {p for p in ps if (p[0][1] in TUNED) == even} for n, ps in kept.items()},
        )


def categories(secrets: tuple[Secret, ...], flagged: Mapping[str, set[Place]]) -> None:
    scores = {name: score(secrets, places).by_category for name, places in flagged.items()}
    print("\n### Recall by category\n")
    print("| category | labelled | " + " | ".join(scores) + " |")
    print("| --- " * (2 + len(scores)) + "|")
    for category, (_, count) in next(iter(scores.values())).items():
        found = " | ".join(f"{one[category][0] / count:.2f}" for one in scores.values())
        print(f"| {category} | {count} | {found} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--kingfisher", default=os.environ.get("SECRETS_KINGFISHER"))
    parser.add_argument("--ours-only", action="store_true")
    parser.add_argument("--by-category", action="store_true")
    parser.add_argument("--ids", default=IDS, help="first digits of the repositories that count")
    given = parser.parse_args()
    data = given.folder / "data"
    secrets = labelled(given.folder, given.ids)
    here = [folder for folder in data.iterdir() if folder.name[0] in given.ids]
    files = sum(1 for folder in here for path in folder.rglob("*") if path.is_file())
    print(f"{len(here)} repositories, {files} files")
    flagged = flagged_by(data, given.kingfisher, ours_only=given.ours_only)
    halves(secrets, flagged, given.ids)
    if given.by_category:
        categories(secrets, flagged)


if __name__ == "__main__":
    main()
