"""Notebooks round one value: code in several cells, magics, Markdown and outputs."""

from __future__ import annotations

import json
from html import escape
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


def book(cells: list[dict[str, Any]], metadata: dict[str, Any]) -> str:
    whole = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 4}
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def notebook(rng: Random, cells: list[dict[str, Any]]) -> str:
    first = cell("code", "import pandas as pd\nframe = pd.read_csv('a.csv')\n", [picture(rng)])
    first["metadata"] = {"colab": {"widget_id": uuid(rng).replace("-", "")}}
    return book([first, *cells], {})


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


def one_string(kind: Kind, value: str, rng: Random) -> str:
    """A source that is one string, on one line of the file."""
    first = cell("code", "import pandas as pd\n", [picture(rng)])
    text = f"import os\nRETRIES = 3\n{kind.key.lower()} = {marked(value)}\n"
    second = cell("code", "") | {"source": text}
    return book([first, second], {})


def raw_cell(kind: Kind, value: str, rng: Random) -> str:
    return notebook(rng, [cell("raw", f"remote:\n  {kind.key.lower()}: {MARK}{value}\n")])


def failed(kind: Kind, value: str, rng: Random) -> str:
    """A traceback as IPython colours it: codes stand round each token."""
    shown = value.replace("\n", "\\n")
    line = f"client \x1b[38;5;241m=\x1b[39m connect({kind.key.lower()}\x1b[38;5;241m=\x1b[39m"
    frames = [
        "\x1b[0;31m---------------------------------------------------------------------------\x1b[0m",
        f'\x1b[0;32m----> 1\x1b[0m {line}\x1b[38;5;124m"{MARK}{shown}"\x1b[39m)',
        "\x1b[0;31mHTTPError\x1b[0m: 401 Client Error",
    ]
    output = {"output_type": "error", "ename": "HTTPError", "evalue": "401", "traceback": frames}
    return notebook(rng, [cell("code", "client = make()\n", [output])])


def page(kind: Kind, value: str, rng: Random) -> str:
    """An HTML output, in which quotes are entities."""
    shown = escape(f'{kind.key} = "{MARK}{value}"')
    data = {"text/html": f"<div>\n<pre>{shown}</pre>\n</div>".splitlines(True)}
    output = {"output_type": "display_data", "metadata": {}, "data": data}
    return notebook(rng, [cell("code", "show(settings)\n", [output])])


def dumped(kind: Kind, value: str, rng: Random) -> str:
    """JSON that was printed: its quotes are escaped once more in the file."""
    shown = json.dumps({"region": "eu", kind.key.lower(): MARK + value}, ensure_ascii=False)
    return notebook(rng, [cell("code", "print(json.dumps(c))\n", [stream(shown + "\n")])])


def outputs_first(kind: Kind, value: str, rng: Random) -> str:
    """As nbformat writes cells, with their fields sorted: outputs stand before the source."""
    first = cell("code", "plot()\n", [picture(rng), stream("step 1\n")])
    text = f"import os\n\n{kind.key.lower()} = {marked(value)}\n"
    second = cell("code", text, [stream("logged in\n"), result("'ok'")])
    return json.dumps(json.loads(book([first, second], {})), indent=1, sort_keys=True) + "\n"


def old_format(kind: Kind, value: str, _: Random) -> str:
    """Format 3: worksheets, `input` and `pyout`."""
    text = f"{kind.key} = {marked(value)}\n"
    made = {"cell_type": "code", "collapsed": False, "input": text.splitlines(True), "outputs": []}
    title = {"cell_type": "heading", "level": 1, "source": ["Training"]}
    sheets = [{"cells": [title, made], "metadata": {}}]
    whole = {
        "metadata": {"name": "train"},
        "nbformat": 3,
        "nbformat_minor": 0,
        "worksheets": sheets,
    }
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def parameters(kind: Kind, value: str, _: Random) -> str:
    """What papermill was given stands in the notebook's metadata."""
    given = {"epochs": 3, kind.key.lower(): MARK + value}
    return book([cell("code", "epochs = 3\n")], {"papermill": {"parameters": given}})


def env_magic(kind: Kind, value: str, rng: Random) -> str:
    return notebook(rng, [cell("code", f"import os\n%env {kind.key} {MARK}{value}\n")])


def shell_cell(kind: Kind, value: str, rng: Random) -> str:
    text = f"%%bash\nset -e\nexport {kind.key}={MARK}{value}\npython train.py\n"
    return notebook(rng, [cell("code", text)])


def written_file(kind: Kind, value: str, rng: Random) -> str:
    text = f"%%writefile .env\nLOG_LEVEL=info\n{kind.key}={MARK}{value}\n"
    return notebook(rng, [cell("code", text)])


def long_string(kind: Kind, value: str, rng: Random) -> str:
    text = f'CONFIG = """\nremote:\n  {kind.key.lower()}: "{MARK}{value}"\n"""\n'
    return notebook(rng, [cell("code", text)])


NOTEBOOKS = (
    Context("notebook-one-string", "i.ipynb", ALL, one_string),
    Context("notebook-raw", "j.ipynb", ONE_LINE, raw_cell),
    Context("notebook-error", "k.ipynb", ALL, failed),
    Context("notebook-html", "l.ipynb", ONE_LINE, page),
    Context("notebook-printed-json", "m.ipynb", ALL, dumped),
    Context("notebook-outputs-first", "n.ipynb", ALL, outputs_first),
    Context("notebook-format-3", "o.ipynb", ALL, old_format),
    Context("notebook-parameters", "p.ipynb", ALL, parameters),
    Context("notebook-env-magic", "q.ipynb", ONE_LINE, env_magic),
    Context("notebook-shell-cell", "r.ipynb", ONE_LINE, shell_cell),
    Context("notebook-written-file", "s.ipynb", ONE_LINE, written_file),
    Context("notebook-long-string", "t.ipynb", ONE_LINE, long_string),
    Context("notebook-code", "a.ipynb", ALL, code),
    Context("notebook-environ", "b.ipynb", ALL, environ),
    Context("notebook-argument", "c.ipynb", ALL, argument),
    Context("notebook-magic", "d.ipynb", ONE_LINE, magic),
    Context("notebook-shell", "e.ipynb", ONE_LINE, shell),
    Context("notebook-markdown", "f.ipynb", ONE_LINE, prose),
    Context("notebook-stream", "g.ipynb", ONE_LINE, printed),
    Context("notebook-result", "h.ipynb", ALL, returned),
)
