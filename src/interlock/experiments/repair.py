"""How a breach can be mended by splicing, or why it cannot."""

from __future__ import annotations

from zlib import crc32

from interlock.documents.base import Document, Node, Value
from interlock.documents.rehearse import misread, spliced
from interlock.documents.scalars import storable, typed_like
from interlock.documents.splice import CannotSplice, Splice, removed, renamed, replaced
from interlock.documents.splice_insert import inserted
from interlock.experiments.breach import AnyMend, Mend
from interlock.experiments.records import DocumentPart, LayeredPart, Leaf
from interlock.model import Change, Edit, Repair

#: So many characters of new text are read again while a report is made (about a second of YAML);
#: what is beyond is proved when it is written, as everything is.
_REHEARSED = 1_000_000
#: So many missing entries are put together in one run: each looks at all its neighbours.
_ADDED = 300


class Mender:
    """Turns the mends of one run into repairs."""

    def __init__(self) -> None:
        """Nothing was rehearsed yet."""
        self._rehearsed = 0
        self._added = 0
        self._checksums: dict[int, int] = {}

    def repair(self, mend: AnyMend) -> Repair:
        """The edits that mend it, or the reason why there are none."""
        if not isinstance(mend, Mend):
            self._added += 1
            if self._added > _ADDED:
                return Repair((), "many entries are missing: mend those above, and check again")
            mend = mend()
        if mend.refusal:
            return Repair((), mend.refusal)
        parts = _parts(mend)
        if not parts:
            return Repair((), "the value stands in code, or in no file at all")
        edits, changes = [], []
        for part in parts:
            file, document = part.file, part.file.document
            try:
                change = _change(mend, part)
                start, end, text = _splice(mend, part, change.value)
                self._rehearse(document, (start, end, text), change)
            except CannotSplice as error:
                return Repair((), f"{file.path}: {error}")
            if document.text[start:end] != text:
                checksum = self._checksum(document)
                edits.append(Edit(file.repo, file.path, start, end, text, checksum))
                changes.append(change)
        return Repair(tuple(edits), "", tuple(changes))

    def _checksum(self, document: Document) -> int:
        if id(document) not in self._checksums:  # the run holds its documents to the end
            self._checksums[id(document)] = text_checksum(document.text)
        return self._checksums[id(document)]

    def _rehearse(self, document: Document, splice: Splice, change: Change) -> None:
        self._rehearsed += len(document.text)
        if self._rehearsed > _REHEARSED:
            return
        if misread(document, spliced(document.text, [splice]), [change]):
            if change.action == "rename":
                raise CannotSplice("its name stands in more than one place of the file")
            raise CannotSplice("the file would say something else, written there")


def text_checksum(text: str) -> int:
    """What tells that a file is still the one that edits were computed for."""
    return crc32(text.encode("utf-8", "surrogatepass"))


def _change(mend: Mend, part: DocumentPart) -> Change:
    document, value = part.file.document, mend.value
    if mend.action == "set":
        value = storable(document.format, value)
        if mend.keep_type:
            value = typed_like(value, mend.target.value)
    elif mend.action == "insert":
        value = storable(document.format, value)
    return Change(
        part.number,
        mend.action,
        mend.target.steps,
        mend.name,
        value,
        document.format,
        part.file.name,
    )


def _splice(mend: Mend, part: DocumentPart, value: Value) -> Splice:
    leaf, document = mend.target, part.file.document
    if mend.action == "remove":
        return removed(document, part.number, leaf.steps)
    if mend.action == "insert":
        return inserted(document, part.number, leaf.steps, mend.name, value)
    node, exact = document.node(part.number, leaf.steps)
    if not exact:
        raise CannotSplice("the value stands somewhere else than it seems")
    if mend.action == "rename":
        return renamed(document, node, leaf.steps, mend.name)
    return replaced(document, node, value, leaf.value)


def _parts(mend: Mend) -> list[DocumentPart]:
    """The documents to edit.

    What a layer says last is what counts: a value is set there. A member is only gone, or called
    otherwise, when it is so in every layer; a new one goes where its neighbours are defined first.
    """
    part = mend.target.part
    if isinstance(part, DocumentPart):
        return [part]
    if not isinstance(part, LayeredPart):
        return []
    holding = [layer for layer in part.layers if _holds(layer, mend.target)]
    through_list = any(isinstance(step, int) for step in mend.target.steps)
    if mend.action in ("remove", "rename") and not through_list:
        return holding
    if mend.action == "insert":
        filled = [layer for layer in holding if _node(layer, mend.target).children]
        return (filled or holding)[:1]
    return holding[-1:]


def _holds(layer: DocumentPart, leaf: Leaf) -> bool:
    return layer.file.document.node(layer.number, leaf.steps)[1]


def _node(layer: DocumentPart, leaf: Leaf) -> Node:
    """Where the leaf's value stands in one layer."""
    return layer.file.document.node(layer.number, leaf.steps)[0]
