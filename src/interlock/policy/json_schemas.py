"""JSON Schemas that `known-keys` names by path, read from beside the policy file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from interlock.documents.read import format_of, read_document
from interlock.errors import TreeError
from interlock.policy.extend import MAX_BYTES, Layers, read_at
from interlock.policy.problems import Problems
from interlock.policy.raw import Raw
from interlock.policy.references import joined
from interlock.policy.shapes import text_of


def read_schema(raw: Raw, layers: Layers, problems: Problems) -> Mapping[str, Any] | None:
    """The schema at the path that ``raw`` holds, relative to its policy file; None with a problem.

    It comes from where the policy file came from, and never from outside that repository.
    """
    name = text_of(raw, "`schema`", problems)
    if not name:
        return None
    where = raw.text.where
    path = None if where.built_in else joined(where.path, name)
    if path is None:
        problems.add(raw, f"`{name}` leads out of the repository of {raw.text.name}")
        return None
    try:
        fetched = read_at(where._replace(path=path), layers)
    except TreeError as error:
        problems.add(raw, f"the schema `{name}` cannot be read: {error}")
        return None
    if fetched is None or len(fetched.data) > MAX_BYTES:
        wrong = f"there is no file `{path}`" if fetched is None else f"`{path}` is too large"
        hint = "its path begins at this file's folder"
        problems.add(raw, f"{wrong}, which `schema` names", hint)
        return None
    return _mapping(raw, path, fetched.data, problems)


def _mapping(raw: Raw, path: str, data: bytes, problems: Problems) -> Mapping[str, Any] | None:
    form = format_of(path)
    document = read_document(path, data, "json" if form == "text" else form)
    value = document.values[0] if document.values else None
    if isinstance(value, dict):
        return value
    reason = document.problems[0].message if document.problems else "holds no mapping"
    problems.add(raw, f"the schema `{path}` {reason}")
    return None
