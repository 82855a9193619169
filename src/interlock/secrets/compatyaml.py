"""detect-secrets' YAML reader for plain files, over libyaml instead of Python's own scanner.

Plain is: block mappings of one-line keys, block and flow sequences, scalars. Whatever else there
is (flow mappings, aliases, tags, question marks, control characters, errors) is left to
detect-secrets itself: there its line numbers follow from how far Python's scanner has looked ahead.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator

from interlock.values import Any, NamedTuple

#: Line ends other than \\n, a mark of byte order, tabs; the reader's own keys; keys with a question
#: mark, directives, comments right behind a block's sign.
_ODD = re.compile(
    "[\t\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029\ufeff]|__(?:value|line|original_key)__"
    r"|^[ \-]*\?(?:\s|$)|^%|[|>][0-9+-]*#",
    re.MULTILINE,
)
_COMMENT = re.compile(r"(\s+#[\S ]*)")
_TAG = "tag:yaml.org,2002:"
_PLAIN = {_TAG + name for name in ("str", "int", "float", "bool", "null", "timestamp")}


class NotPlain(Exception):
    """The file has to be read by detect-secrets' own reader."""


class _Item(NamedTuple):
    """A key and its text. ``line`` is that of the key, from 1."""

    key: str
    value: str
    line: int


def plain_lines(text: str) -> list[str]:
    """The lines as detect-secrets' YAML reader puts them; raises NotPlain."""
    import yaml

    if not yaml.__with_libyaml__ or _ODD.search(text):
        raise NotPlain
    try:
        loader = yaml.CSafeLoader(text)
        try:
            root = loader.get_single_node()
            items = sorted(_items(root, loader, "?" in text), key=lambda item: item.line)
        finally:
            loader.dispose()
    except (yaml.YAMLError, ValueError, TypeError, RecursionError):
        raise NotPlain from None
    own = text.split("\n")
    lines: list[str] = []
    for item in items:
        lines += [""] * (item.line - 1 - len(lines))
        comment = _COMMENT.search(own[item.line - 1].strip())
        value = item.value.replace('"', '\\"')
        lines.append(f'{item.key}: "{value}"{comment.group(0) if comment else ""}')
    return lines


def _items(root: Any, loader: Any, question: bool) -> Iterator[_Item]:
    """The texts that stand under a key, wherever they are, each once."""
    from yaml.nodes import MappingNode, ScalarNode, SequenceNode

    seen: set[int] = set()
    todo = deque([root] if root is not None else [])
    while todo:
        node = todo.popleft()
        if id(node) in seen:  # an alias
            raise NotPlain
        seen.add(id(node))
        if isinstance(node, ScalarNode):
            _checked(node, loader)
        elif isinstance(node, SequenceNode):
            if node.tag != _TAG + "seq" or (node.flow_style and question):
                raise NotPlain
            todo += node.value
        elif isinstance(node, MappingNode):
            yield from _mapping(node, loader, todo)


def _mapping(node: Any, loader: Any, todo: deque[Any]) -> Iterator[_Item]:
    from yaml.nodes import ScalarNode

    if node.tag != _TAG + "map" or (node.flow_style and node.value):
        raise NotPlain
    names: set[str | None] = set()
    for key, value in node.value:
        if not isinstance(key, ScalarNode) or key.start_mark.line != key.end_mark.line:
            raise NotPlain
        if key.tag == _TAG + "str":
            name = key.value
        else:  # a truth, as `on` in workflows: two of them may be equal however they are written
            _checked(key, loader)
            name = None
        if name in names:
            raise NotPlain
        names.add(name)
        if isinstance(value, ScalarNode) and value.tag == _TAG + "str":
            yield _Item(key.value, value.value, key.start_mark.line + 1)
        else:
            todo.append(value)


def _checked(node: Any, loader: Any) -> None:
    """Texts in sequences are no one's value; what cannot be built makes the reader fail."""
    if node.tag not in _PLAIN:
        raise NotPlain
    if node.tag not in {_TAG + "str", _TAG + "bool", _TAG + "null"}:
        loader.construct_object(node)
