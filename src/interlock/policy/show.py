"""The effective policy as YAML that loads again, each value with where it came from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from interlock.documents.yaml_scalars import plain
from interlock.policy.model import Origin, Policy
from interlock.policy.provenance import step

#: A value that is written on one line of its file is shown on one line, up to this width.
_WIDTH = 100
_BARE = re.compile(r"[A-Za-z_][A-Za-z0-9_./-]*\Z")


def show(policy: Policy) -> str:
    """The policy as YAML: the same layers always give the same text.

    ``extends`` is gone, since what it brought is written out, and a JSON Schema that a
    ``known-keys`` names by path stands in its place. Loading the text gives the same policy.
    """
    text = {word: value for word, value in policy.text.items() if word != "extends"}
    if "consistency" in text:
        text["consistency"] = _with_schemas(policy, text["consistency"])
    shown = _Shown(policy)
    return "\n".join([*_heading(policy), *shown.members(text, "", 0)]) + "\n"


def _heading(policy: Policy) -> Iterator[str]:
    yield "# The effective policy, the last layer winning:"
    for layer in policy.layers:
        at = f" at {layer.revision[:12]}" if layer.revision else ""
        yield f"#   {_comment(layer.name)}{at}"


def _with_schemas(policy: Policy, rules: list[Any]) -> list[Any]:
    schemas = {
        rule.id: rule.options["schema"]
        for rule in policy.consistency
        if rule.options.get("schema") is not None
    }
    return [
        {**rule, "known-keys": {"schema": schemas[rule["id"]]}}
        if rule.get("id") in schemas
        else rule
        for rule in rules
    ]


class _Shown:
    """Lays a policy out in blocks, and in one line what one line of a file decided."""

    def __init__(self, policy: Policy) -> None:
        self._origins = policy.provenance

    def members(self, value: dict[str, Any], path: str, depth: int) -> Iterator[str]:
        for name, member in value.items():
            inner = f"{path}.{name}" if path else name
            yield from self._entry("  " * depth, f"{_flow(name)}:", member, inner, depth)

    def _entry(self, indent: str, lead: str, value: Any, path: str, depth: int) -> Iterator[str]:
        flow = _flow(value)
        origin = self._one_line(value, path)
        if not isinstance(value, (dict, list)) or not value or (origin and len(flow) <= _WIDTH):
            yield f"{indent}{lead} {flow}{_where(origin or self._origins.get(path))}"
        elif isinstance(value, dict):
            yield f"{indent}{lead}"
            yield from self.members(value, path, depth + 1)
        else:
            yield f"{indent}{lead}"
            for at, item in enumerate(value):
                yield from self._element(item, f"{path}.{step(path, at, item)}", depth + 1)

    def _element(self, item: Any, path: str, depth: int) -> Iterator[str]:
        indent = "  " * depth
        origin = self._one_line(item, path)
        flow = _flow(item)
        if not isinstance(item, dict) or not item or (origin and len(flow) <= _WIDTH):
            yield f"{indent}- {flow}{_where(origin or self._origins.get(path))}"
            return
        for at, line in enumerate(self.members(item, path, depth + 1)):
            yield line if at else f"{indent}- {line[len(indent) + 2 :]}"

    def _one_line(self, value: Any, path: str) -> Origin | None:
        """The origin of a value and all below it, where they stand in one line."""
        origin = self._origins.get(path)
        if origin is None:
            return None
        below: list[tuple[str, Any]] = []
        if isinstance(value, dict):
            below = list(value.items())
        elif isinstance(value, list):
            below = [(step(path, at, item), item) for at, item in enumerate(value)]
        for name, member in below:
            inner = self._one_line(member, f"{path}.{name}")
            if inner is None or inner[:2] != origin[:2]:
                return None
        return origin


def _where(origin: Origin | None) -> str:
    return f"  # {_comment(origin.file)}:{origin.line}" if origin is not None else ""


def _comment(text: str) -> str:
    """A file's name cannot end its comment."""
    return "".join(char if char.isprintable() else "?" for char in text)


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_text(n)}: {_flow(v)}" for n, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(item) for item in value) + "]"
    if isinstance(value, str):
        return _text(value)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):  # noqa: PLR0124  not a number
        return ".nan" if value != value else ".inf" if value > 0 else "-.inf"  # noqa: PLR0124
    return repr(value)


def _text(text: str) -> str:
    if _BARE.match(text) and plain(text) == text:
        return text
    return '"' + "".join(_character(char) for char in text) + '"'


def _character(char: str) -> str:
    if char in '"\\':
        return "\\" + char
    if char.isprintable():
        return char
    code = ord(char)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
