"""The policies that come with Interlock."""

from __future__ import annotations

import re
from importlib import import_module

PACKAGE = "interlock.policies"
_NAME = re.compile(r"[a-z][a-z0-9-]*\Z")


def built_in(name: str) -> bytes | None:
    """The text of the built-in policy ``name``, or None.

    Read through the package's own loader: importlib.resources costs a hook ten milliseconds.
    """
    if not _NAME.match(name):
        return None
    package = import_module(PACKAGE)
    spec = package.__spec__
    loader = spec.loader if spec is not None else None
    folder = package.__path__[0]
    try:
        data: bytes = loader.get_data(f"{folder}/{name}.yaml")  # type: ignore[union-attr]
    except OSError:
        return None
    return data


def built_in_names() -> tuple[str, ...]:
    """The names of the built-in policies."""
    from importlib.resources import files

    names = (item.name for item in files(PACKAGE).iterdir())
    return tuple(sorted(n.removesuffix(".yaml") for n in names if n.endswith(".yaml")))
