"""From a file's bytes to a Document, by the format its name or the policy says."""

from __future__ import annotations

from interlock.documents.base import Document, DocumentProblem, Node, Parsed, Span
from interlock.values import Final

_EXTENSIONS: Final = {
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
#: Every format that ``read_document`` takes.
FORMATS: Final = ("yaml", "json", "json5", "toml", "dotenv", "ini", "text")

_BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def format_of(path: str) -> str:
    """The format that a path's name stands for; "text" where it says none of them."""
    name = path.rpartition("/")[2].lower()
    if name == ".env" or name.startswith(".env."):
        return "dotenv"
    return _EXTENSIONS.get(name.rpartition(".")[2], "text") if "." in name else "text"


def read_document(path: str, data: bytes, format: str = "") -> Document:  # noqa: A002
    """Read ``data`` as ``format`` ("" is by the path); what is wrong with it is in ``problems``.

    Raises ValueError for a format that does not exist, never for anything in ``data``.
    Line endings stay as they are in ``Document.text``.
    """
    chosen = format or format_of(path)
    if chosen not in FORMATS:
        raise ValueError(f"there is no format {chosen!r}; there are {', '.join(FORMATS)}")
    bom = data.startswith(_BOM)
    if bom:
        data = data[len(_BOM) :]
    unreadable = _not_text(data, len(_BOM) if bom else 0)
    if unreadable is not None:
        text = data.decode("utf-8", "replace")
        return Document(chosen, text, (), _nowhere, (unreadable,), bom=bom)
    text = data.decode()
    parsed = _parse(chosen, text)
    positions = parsed.positions if parsed.values else _nowhere
    return Document(chosen, text, parsed.values, positions, parsed.problems, bom=bom)


def _nowhere(text: str) -> tuple[Node, ...]:  # noqa: ARG001  the shape of Document.positions
    return ()


def _not_text(data: bytes, skipped: int) -> DocumentProblem | None:
    """Why ``data`` is no UTF-8 text; ``skipped`` bytes stood before it."""
    if data.startswith(_UTF16):
        return DocumentProblem("is UTF-16, not UTF-8; save it as UTF-8", Span(0, 1), fatal=True)
    zero = data.find(b"\0")
    if zero != -1:
        at = len(data[:zero].decode("utf-8", "replace"))
        message = f"is a binary file (a zero byte at byte {zero + skipped})"
        return DocumentProblem(message, Span(at, at + 1), fatal=True)
    try:
        data.decode()
    except UnicodeDecodeError as error:
        at = len(data[: error.start].decode())
        byte = f"0x{data[error.start]:02x} at byte {error.start + skipped}"
        message = f"is not UTF-8 text (byte {byte})"
        return DocumentProblem(message, Span(at, at + 1), fatal=True)
    return None


def _parse(chosen: str, text: str) -> Parsed:
    # Each reader is imported where it is first needed: together they cost half a hook's time.
    if chosen == "yaml":
        from interlock.documents.yaml12 import read_yaml as read
    elif chosen == "json":
        from interlock.documents.json_strict import read_json as read
    elif chosen == "json5":
        from interlock.documents.json5_reader import read_json5 as read
    elif chosen == "toml":
        from interlock.documents.toml import read_toml as read
    elif chosen == "dotenv":
        from interlock.documents.dotenv import read_dotenv as read
    elif chosen == "ini":
        from interlock.documents.dotenv import read_ini as read
    else:
        return Parsed((text,), _whole)
    return read(text)


def _whole(text: str) -> tuple[Node, ...]:
    return (Node(Span(0, len(text)), "plain"),)
