"""A second opinion on YAML before it is written: ruamel.yaml, written by other people, reads it.

Other programs will read the file by other readers. Where ruamel.yaml read the old text as we do,
it has to read the new one as we do, too; a value that only we understand is not written.
"""

from __future__ import annotations

from interlock.documents.base import Document, Value
from interlock.documents.read import read_document
from interlock.documents.rehearse import same

#: Characters: it reads some 200,000 a second.
MAX_LENGTH = 400_000


def disagrees(document: Document, text: str) -> bool:
    """True where ruamel.yaml reads ``document`` as we do, but not the new ``text``."""
    if document.format != "yaml" or max(len(document.text), len(text)) > MAX_LENGTH:
        return False
    before = _read(document.text)
    if before is None or not same(before, list(document.values)):
        return False  # tags, duplicate keys and the like: it sees this file differently anyway
    after = _read(text)
    return after is None or not same(after, list(read_document("", text.encode(), "yaml").values))


def _read(text: str) -> list[Value] | None:
    """Its values of every document; None where it refuses the text."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    reader = YAML(typ="safe", pure=True)
    try:
        return list(reader.load_all(text))
    except (YAMLError, ValueError, RecursionError):
        return None
