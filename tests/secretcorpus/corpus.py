"""The corpus: every type in every context that can hold it, and what must not be flagged."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import NamedTuple

from secretcorpus.contexts import FILES, MARK
from secretcorpus.kinds import KINDS
from secretcorpus.leakfiles import LEAKS
from secretcorpus.negatives import NEGATIVES, TIMES
from secretcorpus.notebooks import NOTEBOOKS

SEED = 20261121
#: The mark, where JSON was written in ASCII alone.
ESCAPED = "\\ue000"


class Label(NamedTuple):
    """A secret's first line in the file (from 1), and its notebook cell (0: no notebook)."""

    path: str
    line: int
    cell: int
    kind: str
    context: str


class Made(NamedTuple):
    """One file, with the labels of its secrets; none for a negative."""

    path: str
    text: str
    labels: tuple[Label, ...]


def _cells(text: str) -> list[int]:
    """For each mark in reading order, the cell of the notebook that holds it; 0 is none."""
    book = json.loads(text)
    cells = book.get("cells") or [one for sheet in book["worksheets"] for one in sheet["cells"]]
    found = []
    for number, one in enumerate(cells, 1):
        found += [number] * json.dumps(one, ensure_ascii=False).count(MARK)
    return found + [0] * json.dumps(book.get("metadata", {}), ensure_ascii=False).count(MARK)


def lay(path: str, text: str, kind: str, context: str) -> Made:
    """Take the marks out of a text, and say on which lines they stood."""
    text = text.replace(ESCAPED, MARK)
    lines = [n for n, line in enumerate(text.split("\n"), 1) for _ in range(line.count(MARK))]
    cells = _cells(text) if path.endswith(".ipynb") else [0] * len(lines)
    labels = (
        Label(path, line, cell, kind, context) for line, cell in zip(lines, cells, strict=True)
    )
    return Made(path, text.replace(MARK, ""), tuple(labels))


def generate(seed: int = SEED) -> list[Made]:
    """The same files, byte for byte, for the same seed. Each file draws from its own source."""
    made = []
    for kind in KINDS:
        for context in (*FILES, *NOTEBOOKS):
            if kind.shape not in context.shapes:
                continue
            rng = Random(f"{seed}:{kind.id}:{context.id}")
            path = f"{kind.id}/{context.id}/{context.name}"
            text = context.write(kind, kind.make(rng), rng)
            made.append(lay(path, text, kind.id, context.id))
    for leak in LEAKS:
        text = leak.write(Random(f"{seed}:{leak.id}"))
        made.append(lay(f"files/{leak.id}/{leak.name}", text, leak.id, "file-shaped"))
    for negative in NEGATIVES:
        for turn in range(TIMES):
            text = negative.write(Random(f"{seed}:{negative.id}:{turn}"))
            made.append(Made(f"clean/{negative.id}-{turn}/{negative.name}", text, ()))
    return made


def write(made: list[Made], root: Path) -> None:
    """Lay the files down, with line feeds alone on every system."""
    for one in made:
        path = root / one.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(one.text.encode())
