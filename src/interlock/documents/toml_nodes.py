"""Where the values of a TOML text stand. The text must be one that tomli has accepted.

Our own locator rather than a grammar: it knows that the text is valid, follows TOML 1.1 as tomli
does, and counts characters, where tree-sitter counts bytes and stops at what is new in 1.1.
"""

from __future__ import annotations

from interlock.documents.base import Node, Span
from interlock.documents.toml_tokens import BARE, BARE_VALUE, SKIPPED, STRING

#: A member name and where it stands.
Part = tuple[str, Span]
_QUOTES = (
    ('"""', "multi-double"),
    ("'''", "multi-single"),
    ('"', "double"),
    ("'", "single"),
)


class Locator:
    """Reads one text from the start to the end."""

    def __init__(self, text: str) -> None:
        """``text`` is the whole document."""
        self.text = text
        self.at = 0
        self.root = Node(Span(0, 0), "table", {})
        # The table that pairs go to, and every table whose text grows with them.
        self.table = self.root
        self.growing: list[Node] = []
        # For each table, the number of the last header that stood in it.
        self.header_count = 0
        self.last_header: dict[int, int] = {}

    def run(self) -> Node:
        """The root node."""
        self.skip()
        start = self.at
        end = start
        while self.at < len(self.text):
            if self.text[self.at] == "[":
                self.header()
            else:
                self.pair(self.table)
            end = self.at
            for node in self.growing:
                node.span = Span(node.span.start, end)
            self.skip()
        self.root.span = Span(start, end)
        return self.root

    def skip(self) -> None:
        """Go over blanks, line breaks and comments."""
        found = SKIPPED.match(self.text, self.at)
        if found:
            self.at = found.end()

    # Keys

    def key(self) -> list[Part]:
        """A key with its dots; stops before what follows it."""
        parts: list[Part] = []
        while True:
            self.skip()
            found = STRING.match(self.text, self.at) or BARE.match(self.text, self.at)
            if found is None:
                raise ValueError(f"no key at {self.at}")
            parts.append((_name(found.group()), Span(*found.span())))
            self.at = found.end()
            self.skip()
            if self.text[self.at] != ".":
                return parts
            self.at += 1

    def header(self) -> None:
        """``[table]`` or ``[[table of an array]]``."""
        start = self.at
        listed = self.text.startswith("[[", start)
        self.at += 1 + listed
        *above, (name, span) = self.key()
        self.at += 1 + listed
        self.header_count += 1
        self.growing = []
        node = self.root
        for part in above:
            node = self.enter(node, part, start)
        members = children(node)
        found = members.get(name)
        if listed:
            if found is None:
                found = members[name] = Node(Span(start, self.at), "tables", [], span)
            self.grow(found)
            table = Node(Span(start, self.at), "table", {})
            if isinstance(found.children, list):
                found.children.append(table)
        elif found is None:
            table = members[name] = Node(Span(start, self.at), "table", {}, span)
        else:
            table = found
            near = self.last_header.get(id(table)) == self.header_count - 1
            table.span = Span(table.span.start if near else start, self.at)
            table.style, table.name = "table", span
        self.table = table
        self.growing.append(table)
        self.last_header[id(table)] = self.header_count

    def enter(self, node: Node, part: Part, start: int) -> Node:
        """The table under ``node`` on the way of a header, or its last one in an array."""
        name, span = part
        members = children(node)
        found = members.get(name)
        if found is None:
            found = members[name] = Node(Span(start, start), "implicit", {}, span)
            self.last_header[id(found)] = self.header_count - 1
        self.grow(found)
        if isinstance(found.children, list):
            found = found.children[-1]
            self.grow(found)
        return found

    def grow(self, node: Node) -> None:
        """Let a table's text reach on, unless another table's text stands between."""
        if self.last_header.get(id(node), self.header_count - 1) == self.header_count - 1:
            self.last_header[id(node)] = self.header_count
            self.growing.append(node)

    # Pairs and values

    def pair(self, table: Node) -> None:
        """``key = value`` and all that is nested in the value."""
        opened: list[tuple[Node, list[Node]]] = []
        while True:
            self.skip()
            char = self.text[self.at]
            if opened and char == ",":
                self.at += 1
                continue
            if opened and char in "]}":
                self.at += 1
                node, dotted = opened.pop()
                node.span = Span(node.span.start, self.at)
            else:
                node, dotted = self.member(opened[-1][0] if opened else table)
                if node.children is not None:
                    opened.append((node, dotted))
                    continue
            for above in dotted:
                above.span = Span(above.span.start, self.at)
            if not opened:
                return

    def member(self, into: Node) -> tuple[Node, list[Node]]:
        """The next member of ``into``, and the tables that its key's dots stand for.

        Containers are only begun: their members come next.
        """
        if isinstance(into.children, list):
            node = self.begin(None)
            into.children.append(node)
            return node, []
        start = self.at
        *above, (name, span) = self.key()
        self.at += 1
        dotted: list[Node] = []
        for part, at in above:
            members = children(into)
            if part not in members:
                members[part] = Node(Span(start, start), "implicit", {}, at)
            into = members[part]
            self.last_header[id(into)] = self.header_count
            dotted.append(into)
        self.skip()
        node = children(into)[name] = self.begin(span)
        return node, dotted

    def begin(self, name: Span | None) -> Node:
        """A scalar's node, or that of a container whose opening bracket has been read."""
        text, start = self.text, self.at
        char = text[start]
        if char in "[{":
            self.at += 1
            members: dict[str, Node] | list[Node] = [] if char == "[" else {}
            return Node(Span(start, self.at), "array" if char == "[" else "inline", members, name)
        found = (STRING if char in "\"'" else BARE_VALUE).match(text, start)
        if found is None:
            raise ValueError(f"no value at {start}")
        self.at = found.end()
        style = next((style for mark, style in _QUOTES if text.startswith(mark, start)), "plain")
        return Node(Span(start, self.at), style, None, name)


def children(node: Node) -> dict[str, Node]:
    """The members of a table."""
    if not isinstance(node.children, dict):
        raise TypeError(f"a table was expected, not {node.style}")
    return node.children


def _name(token: str) -> str:
    if token[0] not in "\"'":
        return token
    if token[0] == "'" or "\\" not in token:
        return token[1:-1]
    import tomli

    return next(iter(tomli.loads(f"{token}=0")))
