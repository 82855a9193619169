"""Bytes of one file into the text that is scanned, or the reason why it is not."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from interlock.documents.patterns import compile_pattern
from interlock.secrets.model import Skip, Text
from interlock.secrets.notebooks import BrokenNotebook, notebook_text

#: A larger file is data: it is counted as skipped.
MAX_BYTES = 5 << 20
#: Notebooks carry images; without them they are small.
MAX_NOTEBOOK = 50 << 20
_BOMS = ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"), (b"\xef\xbb\xbf", "utf-8"))
_HEAD = 8000


def text_of(path: str, content: bytes, added: AbstractSet[int] | None = None) -> Text | Skip:
    """The text of a whole file; with ``added`` only those of its lines (from 1)."""
    notebook = path.endswith(".ipynb")
    if len(content) > (MAX_NOTEBOOK if notebook else MAX_BYTES):
        return Skip(path, "too large")
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            content = content[len(mark) :].decode(encoding, "replace").encode()
            break
    if b"\0" in content[:_HEAD]:
        return Skip(path, "binary")
    if notebook:
        try:
            return _only(notebook_text(path, content), added)
        except BrokenNotebook:
            content = unquoted(content)
    if b"\r" in content:
        content = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return _only(Text(path, content), added)


def unquoted(content: bytes) -> bytes:
    """A notebook that is no JSON: escaped quotes undone, line by line, images cut."""
    images = r'("image/(?:png|jpeg|gif|svg\+xml)": \[?\s*")[^"]*'
    return bytes(compile_pattern(images).sub(rb"\1", content).replace(b'\\"', b'"'))


def _only(text: Text, added: AbstractSet[int] | None) -> Text:
    """``text`` with only the lines of the file that are in ``added``."""
    if added is None:
        return text
    lines = text.body.split(b"\n")
    if lines and not lines[-1]:
        lines.pop()
    numbers = text.numbers or tuple(range(1, len(lines) + 1))
    taken = [at for at, number in enumerate(numbers) if number in added]
    body = b"".join(lines[at] + b"\n" for at in taken)
    cells = tuple(text.cells[at] for at in taken) if text.cells else ()
    return Text(text.path, body, tuple(numbers[at] for at in taken), cells)
