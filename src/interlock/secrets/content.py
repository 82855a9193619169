"""Bytes of one file into the text that is scanned, or the reason why it is not."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Set as AbstractSet

from interlock.documents.patterns import compile_pattern
from interlock.secrets.model import Skip, Text
from interlock.trees.base import MAX_FILE_BYTES

#: A larger file is data: it is counted as skipped. The readers of git's objects have this bound.
MAX_BYTES = MAX_FILE_BYTES
_MIB = 1 << 20
_BOM = b"\xef\xbb\xbf"
_BOMS = (
    (b"\xff\xfe\0\0", "utf-32-le"),
    (b"\0\0\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
#: As many bytes as git looks at to tell binary from text.
_HEAD = 8000
#: UTF-16 without a mark: of every other byte this many are 0, of those between nearly none.
_ZEROS, _STRAY = 0.7, 0.05
#: What stands in text and cannot be seen.
_SPACES = {ord(c): " " for c in "\t\n\v\f\r\x1b\xa0\ufeff\u3000"}


def too_large(size: int) -> str:
    """Why a file of ``size`` bytes is skipped."""
    return f"too large ({size / _MIB:,.0f} MiB)"


def text_of(path: str, content: bytes) -> Text | Skip:
    """The text of a whole file: a notebook's cells, else its lines."""
    if len(content) > MAX_BYTES:
        return Skip(path, too_large(len(content)))
    if b"\0" in content[:_HEAD]:
        encoding = _encoding(content)
        if not encoding:
            return Skip(path, "binary")
        content = content.decode(encoding, "replace").encode().removeprefix(_BOM)
        if b"\0" in content[:_HEAD]:
            return Skip(path, "binary")
    elif content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16-le" if content[0] == 0xFF else "utf-16-be"
        content = content[2:].decode(encoding, "replace").encode()
    if path.endswith(".ipynb"):
        from interlock.secrets.notebooks import BrokenNotebook, notebook_text

        try:
            return notebook_text(path, content)
        except BrokenNotebook:
            content = unquoted(content)
    return Text(path, plain(content))


def _encoding(content: bytes) -> str:
    """The encoding of text that holds zero bytes; "" for none."""
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return encoding
    head = content[: min(_HEAD, len(content) // 2 * 2)]
    half = len(head) // 2
    first, second = head[::2].count(0), head[1::2].count(0)
    if second >= _ZEROS * half and first <= _STRAY * half:
        encoding = "utf-16-le"
    elif first >= _ZEROS * half and second <= _STRAY * half:
        encoding = "utf-16-be"
    else:
        return ""
    shown = head.decode(encoding, "replace").translate(_SPACES)
    return encoding if shown.isprintable() else ""


def plain(body: bytes) -> bytes:
    """Lines as git counts them, their ends made one kind; old files have only carriage returns."""
    body = body.removeprefix(_BOM)
    if b"\r" not in body:
        return body
    return body.replace(b"\r\n", b"\n") if b"\n" in body else body.replace(b"\r", b"\n")


def unquoted(content: bytes) -> bytes:
    """A notebook that is no JSON: escaped quotes undone, line by line, images cut."""
    images = r'("image/(?:png|jpeg|gif|svg\+xml)": \[?\s*")[^"]*'
    return bytes(compile_pattern(images).sub(rb"\1", content).replace(b'\\"', b'"'))


def lines_of(text: Text | Skip) -> list[bytes]:
    """The lines of a text; none of what was skipped."""
    lines = [] if isinstance(text, Skip) else text.body.split(b"\n")
    if lines and not lines[-1]:
        lines.pop()
    return lines


def only(text: Text, added: AbstractSet[int]) -> Text:
    """``text`` with only those lines that stand on lines of the file that are in ``added``."""
    return _chosen(text, lambda number, _: number in added)


def without(text: Text, known: AbstractSet[bytes]) -> Text:
    """``text`` without the lines that are in ``known``."""
    return _chosen(text, lambda _, line: line not in known)


def _chosen(text: Text, takes: Callable[[int, bytes], bool]) -> Text:
    lines = lines_of(text)
    numbers = text.numbers or range(1, len(lines) + 1)
    taken = [at for at, line in enumerate(lines) if takes(numbers[at], line)]
    body = b"".join(lines[at] + b"\n" for at in taken)
    cells = tuple(text.cells[at] for at in taken) if text.cells else ()
    kinds = tuple(text.kinds[at] for at in taken) if text.kinds else ()
    return Text(text.path, body, tuple(numbers[at] for at in taken), cells, kinds)
