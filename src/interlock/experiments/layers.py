"""Layered files: maps merge, lists and scalars replace, null deletes."""

from __future__ import annotations

from collections.abc import Sequence

from interlock.documents.base import Value
from interlock.trees.globs import Glob


def merge(values: Sequence[Value]) -> Value:
    """The values merged in order, the last one winning."""
    merged: Value = {}
    for value in values:
        merged = _over(merged, value)
    return merged


def _over(under: Value, over: Value) -> Value:
    if type(under) is not dict or type(over) is not dict:
        return over
    result = dict(under)
    for name, value in over.items():
        if value is None:
            result.pop(name, None)
        elif name in result:
            result[name] = _over(result[name], value)
        else:
            result[name] = _over({}, value) if type(value) is dict else value
    return result


def stacks(globs: Sequence[Glob], paths: Sequence[str]) -> list[tuple[dict[str, str], list[str]]]:
    """One (captures, paths) for each binding of the captures found, lowest layer first.

    A binding that another one extends makes no stack of its own; with no captures there is
    one stack of what is there.
    """
    layers = [_Layer(glob, paths) for glob in globs]
    bindings: list[dict[str, str]] = [{}]
    for layer in layers:
        if layer.names and layer.found:
            bindings = layer.extend(bindings)
    unique = {tuple(sorted(binding.items())): binding for binding in bindings}
    return [(b, [p for layer in layers for p in layer.paths(b)]) for b in unique.values()]


class _Layer:
    """One layer's matches, looked up by capture so that no two lists are compared pairwise."""

    def __init__(self, glob: Glob, paths: Sequence[str]) -> None:
        self.names = glob.captures
        self.found = [(got, path) for path in paths if (got := glob.match(path)) is not None]
        self._by: dict[tuple[str, ...], dict[tuple[str, ...], list[dict[str, str]]]] = {}
        self._paths: dict[tuple[str, ...], list[str]] = {}
        for captures, path in self.found:
            self._paths.setdefault(tuple(captures[n] for n in self.names), []).append(path)

    def extend(self, bindings: list[dict[str, str]]) -> list[dict[str, str]]:
        extended: list[dict[str, str]] = []
        used: set[tuple[str, ...]] = set()
        for binding in bindings:
            hits = self._matching(binding)
            used.update(tuple(hit[n] for n in self.names) for hit in hits)
            extended.extend([{**binding, **hit} for hit in hits] or [binding])
        alone = (c for c, _ in self.found if tuple(c[n] for n in self.names) not in used)
        return extended + list(alone)

    def _matching(self, binding: dict[str, str]) -> list[dict[str, str]]:
        shared = tuple(name for name in self.names if name in binding)
        if shared not in self._by:
            table: dict[tuple[str, ...], list[dict[str, str]]] = {}
            for captures, _ in self.found:
                table.setdefault(tuple(captures[n] for n in shared), []).append(captures)
            self._by[shared] = table
        return self._by[shared].get(tuple(binding[n] for n in shared), [])

    def paths(self, binding: dict[str, str]) -> list[str]:
        if any(name not in binding for name in self.names):
            return []
        return self._paths.get(tuple(binding[n] for n in self.names), [])
