"""The corpus of secrets is the same for a seed, and its labels are right."""

from __future__ import annotations

import base64
import json
import zlib
from html import escape
from pathlib import Path
from random import Random

import pytest
from secretcorpus import drawing
from secretcorpus.contexts import FILES, MARK, Context
from secretcorpus.corpus import SEED, Label, Made, generate, write
from secretcorpus.kinds import KINDS
from secretcorpus.notebooks import NOTEBOOKS
from secretcorpus.score import score

CORPUS = generate()
POSITIVE = [made for made in CORPUS if made.labels]


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    assert generate(SEED) == CORPUS
    assert generate(SEED + 1) != CORPUS
    write(CORPUS, tmp_path)
    for made in CORPUS:
        assert (tmp_path / made.path).read_bytes() == made.text.encode()


def test_the_corpus_is_as_large_as_it_says() -> None:
    assert len({kind.id for kind in KINDS}) >= 35
    assert len({context.id for context in (*FILES, *NOTEBOOKS)}) >= 20
    assert sum(not made.labels for made in CORPUS) >= 200
    assert len({made.path for made in CORPUS}) == len(CORPUS)


def test_every_type_stands_in_every_context_that_can_hold_it() -> None:
    made = {(label.kind, label.context) for one in POSITIVE for label in one.labels}
    for kind in KINDS:
        holding = {c.id for c in (*FILES, *NOTEBOOKS) if kind.shape in c.shapes}
        assert len(holding) >= (18 if kind.shape == "pem" else 20)  # a key has many lines
        assert {(kind.id, context) for context in holding} <= made


@pytest.mark.parametrize("context", [*FILES, *NOTEBOOKS], ids=lambda c: c.id)
def test_labels_name_the_line_and_cell_of_the_value(context: Context) -> None:
    for kind in KINDS:
        path = f"{kind.id}/{context.id}/{context.name}"
        one = next((made for made in CORPUS if made.path == path), None)
        if one is None:
            continue
        value = kind.make(Random(f"{SEED}:{kind.id}:{context.id}"))
        (label,) = one.labels
        head = "".join(c if c.isalnum() or c in "-_." else f"%{ord(c):02X}" for c in value)
        shown = escape(value.split("\n")[0])
        forms = {value.split("\n")[0], shown, base64.b64encode(value.encode()).decode(), head}
        line = one.text.split("\n")[label.line - 1]
        assert any(form in line for form in forms), path
        if label.cell:
            book = json.loads(one.text)
            cells = book.get("cells") or book["worksheets"][0]["cells"]
            held = json.dumps(cells[label.cell - 1])
            assert value.split("\n")[0] in held or shown in held


def test_no_mark_is_left_and_structured_files_are_well_formed() -> None:
    for made in CORPUS:
        assert MARK not in made.text
        if made.path.endswith((".ipynb", ".json")):
            json.loads(made.text)
        if made.path.endswith(".py"):
            compile(made.text, made.path, "exec")


def test_checksums_are_right_and_wrong_ones_are_wrong() -> None:
    rng = Random(1)
    body = drawing.draw(rng, drawing.ALNUM, 30)
    token = drawing.with_crc("ghp_", body)
    number = 0
    for digit in token[-6:]:
        number = number * 62 + drawing.BASE62.index(digit)
    assert number == zlib.crc32(body.encode())
    assert len(token) == 40
    assert drawing.with_wrong_crc("ghp_", body)[:-6] == token[:-6]
    assert drawing.with_wrong_crc("ghp_", body) != token


def test_a_score_counts_lines_once_and_false_ones_against_precision() -> None:
    labels = (Label("a", 1, 0, "k", "x"), Label("a", 3, 0, "k", "y"))
    made = [Made("a", "1\n2\n3\n", labels), Made("b", "1\n", ())]
    given = score(made, [("a", 1), ("a", 1), ("b", 1), ("a", 2)])
    assert (given.recall, given.precision) == (0.5, 1 / 3)
    assert given.false == (("a", 2), ("b", 1))
    assert given.missed == (labels[1],)
    assert given.by_context == {"x": (1, 1), "y": (0, 1)}


def test_a_key_is_one_finding_however_many_of_its_lines_are_flagged() -> None:
    text = "k: |\n" + drawing.pem(Random(2), "PRIVATE KEY", 4) + "\nafter: 1\n"
    last = text.count("\n")
    made = [Made("a", text, (Label("a", 2, 0, "pem", "yaml"),))]
    assert score(made, [("a", 2), ("a", 3), ("a", last - 1)]).false == ()
    assert score(made, [("a", last)]).false == (("a", last),)
