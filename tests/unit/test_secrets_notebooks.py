"""Notebooks of every shape: the file's own line, the cell from 1, and nothing of the pictures."""

from __future__ import annotations

import json

import pytest
from secretmaking import Maker

from interlock.secrets.content import text_of
from interlock.secrets.model import Hit, Text
from interlock.secrets.scan import scan, scanner
from interlock.secrets.table import TABLE
from interlock.values import Any

USING = scanner(TABLE, b"k" * 32)
VALUE = Maker(31).text(6) + "!9" + Maker(32).text(8)
TOKEN = Maker(33).github_classic()


def found(content: str) -> list[Hit]:
    text = text_of("a.ipynb", content.encode("utf-8", "surrogatepass"))
    assert isinstance(text, Text)
    return list(scan([text], USING))


def code(source: Any, *outputs: Any, **more: Any) -> dict[str, Any]:
    return {"cell_type": "code", "source": source, "outputs": list(outputs), **more}


def book(*cells: Any, **more: Any) -> str:
    return json.dumps({"cells": list(cells), "metadata": {}, "nbformat": 4, **more}, indent=1)


def data(**forms: Any) -> dict[str, Any]:
    named = {name.replace("_", "/", 1): value for name, value in forms.items()}
    return {"output_type": "display_data", "metadata": {}, "data": named}


def stream(text: Any) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stdout", "text": text}


FIRST = {"cell_type": "markdown", "source": ["# Title\n"]}
SECRET = f'db_password = "{VALUE}"'
SHAPES = {
    "list of lines": code(["import os\n", SECRET + "\n"]),
    "one string": code(f"import os\n{SECRET}\nx = 1\n"),
    "lines in pieces": code(["import os\n", "db_password = ", f'"{VALUE}"', "\nx = 1"]),
    "carriage returns": code([f"import os\r\n{SECRET}\r\n"]),
    "argument": code([f'c = connect(db_password="{VALUE}")']),
    "escaped quotes": code([f'text = "{{\\"db_password\\": \\"{VALUE}\\"}}"']),
    "long string": code(['TEXT = """\n', f"db_password: '{VALUE}'\n", '"""\n']),
    "comment": code([f"# db_password={VALUE}\n"]),
    "shell line": code([f"!export DB_PASSWORD={VALUE} && run\n"]),
    "env magic": code([f"%env DB_PASSWORD={VALUE}\n"]),
    "env magic with a space": code([f"%env DB_PASSWORD {VALUE}\n"]),
    "set_env magic": code([f"%set_env DB_PASSWORD {VALUE}\n"]),
    "shell cell": code(["%%bash\n", "set -e\n", f"export DB_PASSWORD={VALUE}\n"]),
    "written file": code(["%%writefile .env\n", f"DB_PASSWORD={VALUE}\n"]),
    "markdown": {"cell_type": "markdown", "source": [f"Use `DB_PASSWORD={VALUE}`\n"]},
    "raw": {"cell_type": "raw", "source": [f"db_password: {VALUE}\n"]},
    "stream": code([], stream(["a\n", f"DB_PASSWORD={VALUE}\n"])),
    "stream as one string": code([], stream(f"a\nDB_PASSWORD={VALUE}\nb\n")),
    "progress bar": code([], stream(f"1%\r50%\r100%\rDB_PASSWORD={VALUE}\n")),
    "printed dictionary": code([], stream([f"{{'db_password': '{VALUE}', 'a': 1}}\n"])),
    "printed json": code([], stream([json.dumps({"db_password": VALUE})])),
    "result": code([], data(text_plain=[f"{{'db_password': '{VALUE}'}}"])),
    "html": code([], data(text_html=[f"<p>db_password = &quot;{VALUE}&quot;</p>"])),
    "table by lines": code([], data(text_html=["<td>DB_PASSWORD</td>\n", f"<td>{VALUE}</td>\n"])),
    "table in a line": code(
        [], data(text_html=[f"<tr><td>0</td><td>DB_PASSWORD</td><td>{VALUE}</td></tr>"])
    ),
    "json output": code([], data(application_json={"a": [{"db_password": VALUE}]})),
    "svg": code([], data(**{"image_svg+xml": [f'<text>db_password="{VALUE}"</text>']})),
    "traceback": code(
        [],
        {
            "output_type": "error",
            "ename": "E",
            "evalue": "no",
            "traceback": [
                "\x1b[0;31m---\x1b[0m",
                f'\x1b[0;32m--> 1\x1b[0m f(db_password\x1b[0;34m=\x1b[0m\x1b[33m"{VALUE}"\x1b[0m)',
            ],
        },
    ),
    "message": code(
        [],
        {"output_type": "error", "ename": "E", "evalue": f"db_password='{VALUE}' refused"},
    ),
    "metadata": code([], metadata={"given": {"db_password": VALUE}}),
    "attachment": {
        "cell_type": "markdown",
        "source": [],
        "attachments": {"a.txt": {"text/plain": f"db_password: {VALUE}"}},
    },
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("ordered", [False, True], ids=["as written", "fields sorted"])
@pytest.mark.parametrize("ascii_only", [False, True], ids=["utf-8", "ascii"])
def test_the_line_and_the_cell(shape: str, ordered: bool, ascii_only: bool) -> None:
    whole = {"cells": [FIRST, SHAPES[shape], code(["é = 'ü'\n"])], "metadata": {}, "nbformat": 4}
    content = json.dumps(whole, indent=1, sort_keys=ordered, ensure_ascii=ascii_only)
    hits = found(content)
    assert [hit.cell for hit in hits] == [2]
    assert VALUE in content.split("\n")[hits[0].line - 1]


def test_outputs_that_stand_before_their_source_keep_their_lines() -> None:
    cells = [code([f"a{n} = 1\n", f"t = '{TOKEN}'\n"], stream([f"is {TOKEN}\n"])) for n in range(3)]
    content = json.dumps({"cells": cells, "metadata": {}}, indent=1, sort_keys=True)
    hits = found(content)
    lines = [at for at, line in enumerate(content.split("\n"), 1) if TOKEN in line]
    assert [(hit.cell, hit.line) for hit in hits] == list(
        zip([1, 1, 2, 2, 3, 3], lines, strict=True)
    )


def test_format_3() -> None:
    sheet = [
        {"cell_type": "heading", "source": "Title"},
        {"cell_type": "code", "input": [SECRET + "\n"], "outputs": []},
        {"cell_type": "code", "input": "", "outputs": [{"text": f"is {TOKEN}", "png": TOKEN}]},
    ]
    content = json.dumps({"worksheets": [{"cells": sheet}], "nbformat": 3}, indent=1)
    assert [(hit.rule, hit.cell) for hit in found(content)] == [
        ("password", 2),
        ("github-classic", 3),
    ]


def test_parameters_in_the_notebooks_own_metadata() -> None:
    given = {"papermill": {"parameters": {"epochs": 3, "db_password": VALUE}}}
    content = book(code(["x = 1\n"]), metadata=given)
    (hit,) = found(content)
    assert (hit.cell, VALUE in content.split("\n")[hit.line - 1]) == (0, True)


def test_pictures_and_the_state_of_widgets_are_not_read() -> None:
    state = {"application/vnd.jupyter.widget-state+json": {"state": {"a": {"value": TOKEN}}}}
    shown = data(image_png=TOKEN, application_pdf=TOKEN, video_mp4=TOKEN)
    view = {"data": {"application/vnd.jupyter.widget-view+json": {"model_id": TOKEN}}}
    content = book(code([], shown, view), metadata={"widgets": state})
    assert found(content) == []


def test_a_writer_that_escapes_more_than_it_must() -> None:
    content = book(FIRST, code(["u = 'https://a/b'\n", f"t = '{TOKEN}'\n"]))
    written = content.replace("/", "\\/").replace("ghp", "\\u0067hp")
    (hit,) = found(written)
    assert TOKEN[4:] in written.split("\n")[hit.line - 1]


def test_many_strings_that_are_written_otherwise_are_bounded() -> None:
    source = [f"x{n} = '/'\n" for n in range(3000)]
    content = book(code([*source, f"t = '{TOKEN}'\n"])).replace("/", "\\/")
    (hit,) = found(content)
    assert TOKEN in content.split("\n")[hit.line - 1]


@pytest.mark.parametrize(
    "broken",
    [
        "{",
        '{"cells": 3}',
        '{"cells": [3]}',
        '{"cells": [{"source": 3}]}',
        '{"cells": [{"outputs": [3]}]}',
        '{"cells": [{"outputs": [{"data": []}]}]}',
        '{"worksheets": {}}',
        "[]",
        "{}",
        "[" * 100_000,
        '{"cells": [{"cell_type": "code", "cell_type": "raw"}]}',
    ],
)
def test_what_is_no_notebook_is_scanned_as_the_text_it_is(broken: str) -> None:
    content = f'{broken}\n  "t = \\"{TOKEN}\\""\n'
    assert [(hit.rule, hit.line) for hit in found(content)] == [("github-classic", 2)]


def test_a_name_given_twice_hides_nothing() -> None:
    content = f'{{"cells": [{{"source": "t = \'{TOKEN}\'"}}],\n "cells": []}}'
    assert [hit.line for hit in found(content)] == [1]


def test_a_conflict_in_a_notebook() -> None:
    content = book(code([SECRET + "\n"])).replace(' "nbformat"', '<<<<<<< ours\n "nbformat"')
    (hit,) = found(content)
    assert VALUE in content.split("\n")[hit.line - 1]
