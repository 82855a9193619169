"""How a breach can be mended by splicing, or why it cannot."""

from __future__ import annotations

from zlib import crc32

from interlock.documents.base import Node
from interlock.documents.splice import CannotSplice, Splice, inserted, removed, renamed, replaced
from interlock.experiments.breach import Mend
from interlock.experiments.records import DocumentPart, LayeredPart, Leaf
from interlock.model import Edit, Repair


def repair_of(mend: Mend) -> Repair:
    """The edits that mend it, or the reason why there are none."""
    leaf = mend.target
    part = _deciding(leaf)
    if part is None:
        return Repair((), "the value stands in code, or in no file at all")
    document = part.file.document
    try:
        start, end, text = _splice(mend, part)
    except CannotSplice as error:
        return Repair((), f"{part.file.path}: {error}")
    if document.text[start:end] == text:
        return Repair((), "")
    checksum = text_checksum(document.text)
    edit = Edit(part.file.repo, part.file.path, start, end, text, checksum)
    return Repair((edit,), "")


def text_checksum(text: str) -> int:
    """What tells that a file is still the one that edits were computed for."""
    return crc32(text.encode("utf-8", "surrogatepass"))


def _splice(mend: Mend, part: DocumentPart) -> Splice:
    leaf, document = mend.target, part.file.document
    if mend.action == "remove":
        return removed(document, part.number, leaf.steps)
    if mend.action == "insert":
        return inserted(document, part.number, leaf.steps, mend.name, mend.value)
    node: Node
    node, exact = document.node(part.number, leaf.steps)
    if not exact:
        raise CannotSplice("the value stands somewhere else than it seems")
    if mend.action == "rename":
        return renamed(document, node, mend.name)
    return replaced(document, node, mend.value, leaf.value if mend.keep_type else None)


def _deciding(leaf: Leaf) -> DocumentPart | None:
    """The document that decides the value: the last layer that holds it."""
    part = leaf.part
    if isinstance(part, DocumentPart):
        return part
    if isinstance(part, LayeredPart):
        for layer in reversed(part.layers):
            if layer.file.document.node(layer.number, leaf.steps)[1]:
                return layer
    return None
