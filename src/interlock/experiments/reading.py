"""Reads a source's files from a tree into documents, each file's bytes parsed once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from interlock.documents.base import Document
from interlock.documents.kept import Kept
from interlock.documents.read import format_of, read_document
from interlock.experiments.records import SourceFile
from interlock.policy.model import Source
from interlock.trees.base import Entry, Repo, Tree, Unread
from interlock.trees.globs import Glob


class Reader:
    """Documents by content: two worlds that share a file share its document."""

    def __init__(self, kept: Kept | None = None) -> None:
        """Start with nothing read, but with what an earlier run kept."""
        self._earlier = kept
        self._documents: dict[tuple[str, str | bytes, str], Document] = {}
        self._entries: dict[tuple[int, str], Sequence[Entry]] = {}
        self._kept: list[Tree] = []
        self.files: set[tuple[str, str]] = set()

    def matching(self, tree: Tree, globs: Sequence[Glob], exclude: Sequence[Glob]) -> list[Entry]:
        """The tree's files that match any of ``globs`` and none of ``exclude``, once each."""
        found: dict[str, Entry] = {}
        for glob in globs:
            for entry in self._listed(tree, glob.prefix):
                path = entry.path
                if path in found or glob.match(path) is None:
                    continue
                if not any(out.match(path) is not None for out in exclude):
                    found[path] = entry
        return list(found.values())

    def _listed(self, tree: Tree, prefix: str) -> Sequence[Entry]:
        where = (id(tree), prefix)
        if where not in self._entries:
            self._kept.append(tree)  # an id stays valid only while its object lives
            self._entries[where] = tree.entries(prefix)
        return self._entries[where]

    def read(
        self,
        repo: Repo,
        source: Source,
        entries: Sequence[Entry],
        unread: Callable[[str, str], None],
    ) -> list[SourceFile]:
        """The entries as source files, in order; ``unread(path, reason)`` for the others."""
        if repo.tree is None:
            return []
        form = "text" if source.pattern else source.format
        documents: dict[str, Document] = {}
        todo = []
        for entry in entries:
            known = self._known(entry, form) if entry.oid else None
            if known is None:
                todo.append(entry)
            else:
                documents[entry.path] = known
        for entry, data in repo.tree.read(todo) if todo else ():
            if isinstance(data, Unread):
                unread(entry.path, data.reason)
                continue
            documents[entry.path] = self._parse(entry, data, form)
        files = []
        for entry in entries:
            if entry.path in documents:
                self.files.add((repo.name or repo.alias, entry.path))
                files.append(SourceFile(repo.alias, repo.name, entry.path, documents[entry.path]))
        return files

    def _known(self, entry: Entry, form: str) -> Document | None:
        where = (entry.path, entry.oid, form)
        if where not in self._documents and self._earlier is not None:
            found = self._earlier.find(form or format_of(entry.path), entry.oid)
            if found is not None:
                self._documents[where] = found
        return self._documents.get(where)

    def _parse(self, entry: Entry, data: bytes, form: str) -> Document:
        where = (entry.path, entry.oid or data, form)
        document = self._documents.get(where)
        if document is None:
            document = read_document(entry.path, data, form)
            self._documents[where] = document
            if self._earlier is not None and entry.oid:
                self._earlier.add(document.format, entry.oid, document)
        return document
