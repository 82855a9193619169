"""Documents as plain values that marshal keeps between runs: nothing is parsed twice."""

from __future__ import annotations

import marshal

from interlock.documents.base import Document, Node

#: Bytes of one file, and of all files together, that are worth keeping.
MAX_BYTES, MAX_ALL = 1 << 20, 8 << 20


class Kept:
    """Documents by format and blob id: those that an earlier run left, and those of this run."""

    def __init__(self, known: dict[str, bytes]) -> None:
        """``known`` is what the last run found worth keeping."""
        self._known = known
        self._size = 0
        self.used: dict[str, bytes] = {}

    @property
    def changed(self) -> bool:
        """True where this run read something that was not known."""
        return any(name not in self._known for name in self.used)

    def find(self, form: str, oid: str) -> Document | None:
        """The document of a blob, where it was kept."""
        name = f"{form} {oid}"
        data = self._known.get(name)
        if data is None:
            return None
        try:
            document = thawed(data)
        except (ValueError, TypeError, EOFError):
            return None
        self._use(name, data)
        return document

    def add(self, form: str, oid: str, document: Document) -> None:
        """Keep a document that was read."""
        data = frozen(document) if self._size < MAX_ALL else None
        if data is not None:
            self._use(f"{form} {oid}", data)

    def _use(self, name: str, data: bytes) -> None:
        if self._size + len(data) <= MAX_ALL:
            self._size += len(data)
            self.used[name] = data


def frozen(document: Document) -> bytes | None:
    """``document`` in bytes; None where something is wrong with it, or it is not worth keeping."""
    if document.problems or len(document.text) > MAX_BYTES:
        return None
    try:
        return marshal.dumps((document.format, document.bom, document.text, document.values))
    except ValueError:  # dates and times
        return None


def thawed(kept: bytes) -> Document:
    """The document again; raises ValueError, TypeError or EOFError where ``kept`` is none."""
    chosen, bom, text, values = marshal.loads(kept)  # noqa: S302  written by ``frozen``

    def positions(text: str) -> tuple[Node, ...]:
        from interlock.documents.read import read_document

        return read_document("", text.encode(), chosen).nodes

    return Document(chosen, text, values, positions, bom=bom)
