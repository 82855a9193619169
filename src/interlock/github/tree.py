"""The files of a commit over GitHub's REST API, for what is too little to be worth a clone.

A listing that GitHub cut short is an error: what is not listed must not look as if it were gone.
https://docs.github.com/rest/git/trees
"""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

from interlock.errors import GitHubError, TreeError
from interlock.github.connection import Connection
from interlock.trees.base import MAX_FILE_BYTES, Entry, Unread, too_large
from interlock.trees.walking import MAX_ENTRIES

_FOLDER, _LINK, _SUBMODULE = "040000", "120000", "160000"


class GitHubTree:
    """Files of one commit of owner/name; each folder and file is asked for once."""

    def __init__(self, connection: Connection, name: str, commit: str, label: str) -> None:
        """``commit`` is a full id; ``label`` is what people call it."""
        self.commit = commit
        self.label = label
        self._connection = connection
        self._base = f"/repos/{name}/git"
        self._folders: dict[str, dict[str, Any]] = {}

    def entries(self, prefix: str) -> Sequence[Entry]:
        """See Tree."""
        oid = self.commit
        for at, part in enumerate(parts := [one for one in prefix.split("/") if one]):
            item = self._folder(oid).get(part)
            if item is None:
                return ()
            if item["mode"] != _FOLDER:
                return (_entry(prefix, item),) if at == len(parts) - 1 and _is_file(item) else ()
            oid = item["sha"]
        return self._below(oid, prefix)

    def _below(self, oid: str, prefix: str) -> Sequence[Entry]:
        tree = self._asked(f"/trees/{oid}", recursive="1")
        start = f"{prefix}/" if prefix else ""
        found = [_entry(f"{start}{item['path']}", item) for item in tree if _is_file(item)]
        if len(found) > MAX_ENTRIES:
            raise TreeError(f"{self.label} holds more than {MAX_ENTRIES:,} files")
        return sorted(found)

    def _folder(self, oid: str) -> dict[str, Any]:
        if oid not in self._folders:
            self._folders[oid] = {one["path"]: one for one in self._asked(f"/trees/{oid}")}
        return self._folders[oid]

    def _asked(self, path: str, **parameters: str) -> list[Any]:
        try:
            answer = self._connection.get(f"{self._base}{path}", **parameters).data
        except GitHubError as error:
            raise TreeError(str(error)) from None
        if answer.get("truncated"):
            raise TreeError(
                f"{self.label} has more files than GitHub lists at once: read it from a clone"
            )
        listed: list[Any] = answer["tree"]
        return listed

    def read(self, entries: Sequence[Entry]) -> Iterator[tuple[Entry, bytes | Unread]]:
        """See Tree."""
        for entry in entries:
            yield entry, self._blob(entry) if entry.oid else Unread("is a symbolic link")

    def file(self, path: str) -> bytes | None:
        """One file in one request; None where there is none of that path.

        Raises TreeError for what is no plain file, and for one of more than 1 MB.
        https://docs.github.com/rest/repos/contents#get-repository-content
        """
        where = f"{self._base.removesuffix('/git')}/contents/{quote(path, safe='/')}"
        try:
            answer = self._connection.get(where, ref=self.commit).data
        except GitHubError as error:
            if error.status == 404:
                return None
            raise TreeError(str(error)) from None
        if isinstance(answer, list) or answer.get("type") != "file":
            raise TreeError(f"{path} is no plain file")
        if answer.get("encoding") != "base64":
            raise TreeError(f"{path} is too large to be read over GitHub's API")
        data = b64decode(answer["content"])
        if len(data) != answer["size"]:
            raise TreeError(f"{path} came from GitHub cut short")
        return data

    def _blob(self, entry: Entry) -> bytes | Unread:
        try:
            answer = self._connection.get(f"{self._base}/blobs/{entry.oid}").data
        except GitHubError as error:
            raise TreeError(str(error)) from None
        if answer["size"] > MAX_FILE_BYTES:
            return too_large(answer["size"])
        try:
            data = b64decode(answer["content"])
        except binascii.Error:
            data = b""
        if len(data) != answer["size"]:
            return Unread("came from GitHub cut short")
        return data


def tree_at(connection: Connection, name: str, revision: str) -> GitHubTree:
    """owner/name at a branch, tag or commit ("" is its default branch); raises TreeError."""
    asked = quote(revision or "HEAD", safe="")
    try:
        commit = str(connection.get(f"/repos/{name}/commits/{asked}", per_page=1).data["sha"])
    except GitHubError as error:
        if error.status in (404, 422):
            what = f"a revision `{revision}`" if revision else "a first commit"
            told = f"{name} has not got {what}, or this token or App may not read its contents"
            raise TreeError(told) from None
        raise TreeError(str(error)) from None
    return GitHubTree(connection, name, commit, f"{revision or name} ({commit[:7]})")


def _is_file(item: Any) -> bool:
    return bool(item["type"] == "blob" and item["mode"] != _SUBMODULE)


def _entry(path: str, item: Any) -> Entry:
    return Entry(path, "" if item["mode"] == _LINK else item["sha"])
