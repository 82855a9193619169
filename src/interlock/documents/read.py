"""From a file's bytes to a Document, by format."""

from __future__ import annotations

from interlock.documents.base import Document, DocumentProblem, Node, Span
from interlock.documents.limits import LimitError, fatal

_BOM = b"\xef\xbb\xbf"
_FORMATS = {
    "yaml": "yaml",
    "yml": "yaml",
    "json": "json",
    "json5": "json5",
    "jsonc": "json5",
    "toml": "toml",
    "env": "dotenv",
    "ini": "ini",
    "cfg": "ini",
    "properties": "ini",
}
FORMATS = ("yaml", "json", "json5", "toml", "dotenv", "ini", "text")


def format_of(path: str) -> str:
    """The format that a file's name says; "text" where it says none."""
    name = path.rpartition("/")[2].lower()
    if name == ".env" or name.startswith(".env."):
        return "dotenv"
    return _FORMATS.get(name.rpartition(".")[2], "text")


def read_document(path: str, data: bytes, format: str = "") -> Document:  # noqa: A002
    """Read ``data``; what is wrong with it is in the document's problems, never raised."""
    form = format or format_of(path)
    bom = data.startswith(_BOM)
    try:
        text = (data[len(_BOM) :] if bom else data).decode("utf-8")
    except UnicodeDecodeError as error:
        return _undecodable(form, data, error)
    if "\0" in text:
        return _broken(form, "", fatal("is a binary file (it holds a NUL byte)", 0), bom)
    try:
        return _reader(form, text, bom)
    except LimitError as error:
        return _broken(form, text, fatal(str(error), error.offset), bom)
    except RecursionError:
        return _broken(form, text, fatal("is nested too deep to read", 0), bom)


def _reader(form: str, text: str, bom: bool) -> Document:
    # Each format is imported where it is met: a run over YAML never pays for TOML.
    if form == "yaml":
        from interlock.documents.yaml12 import read_yaml as read
    elif form == "json":
        from interlock.documents.json_strict import read_json as read
    elif form == "json5":
        from interlock.documents.json5_reader import read_json5 as read
    elif form == "toml":
        from interlock.documents.toml import read_toml as read
    elif form in ("dotenv", "ini"):
        from interlock.documents.dotenv import read_dotenv as read
    else:
        return Document(form, text, (text,), _whole, bom=bom)
    values, positions, problems = read(text)
    return Document(form, text, values, positions, problems, bom=bom)


def _whole(text: str) -> tuple[Node, ...]:
    return (Node(Span(0, len(text)), "plain"),)


def _broken(form: str, text: str, problem: DocumentProblem, bom: bool) -> Document:
    return Document(form, text, (), _whole, (problem,), bom=bom)


def _undecodable(form: str, data: bytes, error: UnicodeDecodeError) -> Document:
    if b"\0" in data[:8_000]:
        return _broken(form, "", fatal("is a binary file (it holds a NUL byte)", 0), bom=False)
    line = data.count(b"\n", 0, error.start) + 1
    message = f"is not UTF-8 text: byte 0x{data[error.start]:02x} in line {line} is not valid"
    return _broken(form, "", fatal(message, 0), bom=False)
