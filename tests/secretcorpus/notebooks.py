"""Notebooks round one value: code in several cells, magics, Markdown and outputs."""

from __future__ import annotations

import json
from random import Random
from typing import Any

from secretcorpus.contexts import ALL, MARK, ONE_LINE, Context, marked
from secretcorpus.drawing import encoded, uuid
from secretcorpus.kinds import Kind


def cell(kind: str, text: str, outputs: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    made: dict[str, Any] = {"cell_type": kind, "metadata": {}, "source": text.splitlines(True)}
    if kind == "code":
        made |= {"execution_count": 1, "outputs": outputs or []}
    return made


def picture(rng: Random) -> dict[str, Any]:
    """A PNG output: a wall of base64 that holds nothing."""
    data = {"image/png": encoded(rng.randbytes(900)), "text/plain": ["<Figure size 640x480>"]}
    return {"output_type": "display_data", "metadata": {}, "data": data}


def stream(text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stdout", "text": text.splitlines(True)}


def result(text: str) -> dict[str, Any]:
    data = {"text/plain": text.splitlines(True)}
    return {"output_type": "execute_result", "execution_count": 2, "metadata": {}, "data": data}


def notebook(rng: Random, cells: list[dict[str, Any]]) -> str:
    first = cell("code", "import pandas as pd\nframe = pd.read_csv('a.csv')\n", [picture(rng)])
    first["metadata"] = {"colab": {"widget_id": uuid(rng).replace("-", "")}}
    book = {"cells": [first, *cells], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    return json.dumps(book, indent=1, ensure_ascii=False) + "\n"


def code(kind: Kind, value: str, rng: Random) -> str:
    return notebook(rng, [cell("code", f"import os\n{kind.key} = {marked(value)}\n")])


def environ(kind: Kind, value: str, rng: Random) -> str:
    before = [cell("markdown", "## Log in\n") for _ in range(rng.randrange(1, 4))]
    text = f'import os\n\nos.environ["{kind.key}"] = {marked(value)}\n'
    return notebook(rng, [*before, cell("code", text)])


def argument(kind: Kind, value: str, rng: Random) -> str:
    return notebook(rng, [cell("code", f"client = login({kind.key.lower()}={marked(value)})")])


def magic(kind: Kind, value: str, rng: Random) -> str:
    return notebook(rng, [cell("code", f"%env {kind.key}={MARK}{value}\n!python train.py\n")])


def shell(kind: Kind, value: str, rng: Random) -> str:
    return notebook(rng, [cell("code", f"!export {kind.key}='{MARK}{value}' && dvc pull\n")])


def prose(kind: Kind, value: str, rng: Random) -> str:
    return notebook(rng, [cell("markdown", f"Use `{kind.key}={MARK}{value}` for now.\n")])


def printed(kind: Kind, value: str, rng: Random) -> str:
    output = stream(f"settings\n{kind.key}={MARK}{value}\ndone\n")
    return notebook(rng, [cell("code", "show()\n", [output])])


def returned(kind: Kind, value: str, rng: Random) -> str:
    shown = value.replace("\n", "\\n")
    output = result(f"{{'region': 'eu',\n '{kind.key.lower()}': '{MARK}{shown}'}}")
    return notebook(rng, [cell("code", "settings\n", [output])])


NOTEBOOKS = (
    Context("notebook-code", "a.ipynb", ALL, code),
    Context("notebook-environ", "b.ipynb", ALL, environ),
    Context("notebook-argument", "c.ipynb", ALL, argument),
    Context("notebook-magic", "d.ipynb", ONE_LINE, magic),
    Context("notebook-shell", "e.ipynb", ONE_LINE, shell),
    Context("notebook-markdown", "f.ipynb", ONE_LINE, prose),
    Context("notebook-stream", "g.ipynb", ONE_LINE, printed),
    Context("notebook-result", "h.ipynb", ALL, returned),
)
