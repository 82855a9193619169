"""The effective policy as YAML that loads again, each value with where it came from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from interlock.policy.model import Policy


def show(policy: Policy) -> str:
    """The policy as YAML; ``extends`` is gone, since what it brought is written out."""
    text = {word: value for word, value in policy.text.items() if word != "extends"}
    return "\n".join(_mapping(policy, text, "", 0)) + "\n"


def _mapping(policy: Policy, value: dict[str, Any], path: str, depth: int) -> Iterator[str]:
    for name, member in value.items():
        inner = f"{path}.{name}" if path else name
        yield from _entry(policy, f"{_key(name)}:", member, inner, depth)


def _entry(policy: Policy, lead: str, value: Any, path: str, depth: int) -> Iterator[str]:
    indent = "  " * depth
    if isinstance(value, dict) and value and depth < 2:
        yield f"{indent}{lead}"
        yield from _mapping(policy, value, path, depth + 1)
        return
    if isinstance(value, list) and value and depth == 0:
        yield f"{indent}{lead}"
        for at, item in enumerate(value):
            yield f"{indent}  - {_flow(item)}{_origin(policy, f'{path}.{at}')}"
        return
    yield f"{indent}{lead} {_flow(value)}{_origin(policy, path)}"


def _key(name: str) -> str:
    return name if name.replace("-", "").replace("_", "").isalnum() else json.dumps(name)


def _flow(value: Any) -> str:
    # JSON is YAML's flow style: no quoting rule of YAML can change what it means.
    return json.dumps(value, ensure_ascii=False)


def _origin(policy: Policy, path: str) -> str:
    origin = policy.provenance.get(path)
    return f"  # {origin.file}:{origin.line}" if origin is not None else ""
