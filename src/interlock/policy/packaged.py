"""Data files that come with Interlock: the built-in policies and the JSON Schemas."""

from __future__ import annotations

from importlib import import_module

POLICIES, SCHEMAS = "interlock.policies", "interlock.schemas"
_NAME = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")


def built_in(name: str) -> bytes | None:
    """The text of the built-in policy ``name``, or None."""
    return _data(POLICIES, f"{name}.yaml") if name and _NAME.issuperset(name) else None


def schema(name: str) -> bytes:
    """The text of the JSON Schema ``name``; raises OSError where there is none."""
    data = _data(SCHEMAS, f"{name}.json")
    if data is None:
        raise FileNotFoundError(name)
    return data


def _data(package: str, file: str) -> bytes | None:
    """Read through the package's own loader: importlib.resources costs a hook ten milliseconds."""
    module = import_module(package)
    loader = module.__spec__.loader if module.__spec__ is not None else None
    try:
        data: bytes = loader.get_data(f"{module.__path__[0]}/{file}")  # type: ignore[union-attr]
    except OSError:
        return None
    return data


def built_in_names() -> tuple[str, ...]:
    """The names of the built-in policies."""
    from importlib.resources import files

    names = (item.name for item in files(POLICIES).iterdir())
    return tuple(sorted(n.removesuffix(".yaml") for n in names if n.endswith(".yaml")))
