"""Collects the lines of a notebook's texts, each with the line of the file that holds it."""

from __future__ import annotations

from interlock.documents.patterns import compile_pattern
from interlock.secrets.model import Text
from interlock.values import Any

#: Colours and cursor moves of a terminal; they cut tokens into pieces.
_ESCAPES = r"\x1b(?:\[[0-9;:?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])"
#: A line of a code cell that a shell reads, and a cell that one reads as a whole.
_SHELL = r"^[ \t]*(?:!|%(?:env|set_env|sx|system|sc)\b)"
_SHELL_CELL = r"^[ \t]*%%(?:bash|sh|shell|script|system|sx|cmd|writefile|file|html|markdown)\b"
_MAGIC = ("!", "%")
#: `%env NAME value` is `%env NAME=value`.
_ENV = r"^([ \t]*%(?:env|set_env)[ \t]+[A-Za-z_]\w*)[ \t]+([^= \t])"
_ENTITIES = (
    ("&quot;", '"'),
    ("&#34;", '"'),
    ("&#39;", "'"),
    ("&#x27;", "'"),
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&amp;", "&"),
)
#: A table's cell alone on its line, what stands between two on one line, and round them.
_CELL = r"^\s*<t[dh][^>]*>([^<>]*)</t[dh]>\s*$"
_BETWEEN = r"</t[dh]>\s*<t[dh][^>]*>"
_EDGE = r"</?t[dh][^>]*>"
#: Bytes that are read again for texts which the file writes in a way of its own.
_MAX_AGAIN = 64 << 20
#: How far ahead of the last text the next one usually stands, in bytes.
_NEAR = 1 << 16


class Lines:
    """Texts are given in the order of the file; each is looked for from where the last one was."""

    def __init__(self, content: bytes) -> None:
        """``content`` is the notebook's own text."""
        from json.encoder import encode_basestring, encode_basestring_ascii

        self._quoted = (encode_basestring, encode_basestring_ascii)
        self._content = content
        self._at = self._counted = 0
        self._number = 1
        self._again = _MAX_AGAIN
        self._lines: list[bytes] = []
        self._numbers: list[int] = []
        self._cells: list[int] = []
        self._kinds: list[str] = []

    def text(self, path: str) -> Text:
        """What was collected."""
        return Text(
            path,
            b"".join(self._lines),
            tuple(self._numbers),
            tuple(self._cells),
            tuple(self._kinds),
        )

    def source(self, source: Any, cell: int, kind: str) -> None:
        """A cell's source; lines and cells that a shell reads are of its kind."""
        shell = False
        for at, (line, number) in enumerate(self._split(source)):
            if kind == ".ipynb" and (shell or line.lstrip()[:1] in _MAGIC):
                shell = shell or (not at and _found(_SHELL_CELL, line))
                if shell or _found(_SHELL, line):
                    env = compile_pattern(_ENV).sub(r"\1=\2", line)
                    self._add(str(env), number, cell, ".sh")
                    continue
            self._add(line, number, cell, kind)

    def shown(self, output: Any, cell: int, kind: str) -> None:
        """Text of an output, without its colours; a table's cells stand beside each other."""
        before = ""
        for line, number in self._split(output):
            plain, form = line, kind
            if "\x1b" in plain:
                plain = str(compile_pattern(_ESCAPES).sub("", plain))
            if kind == ".html" and "</t" in plain:
                found = compile_pattern(_CELL).search(plain)
                text = found.group(1).strip() if found else ""
                if before and text:
                    plain, form = f'{before}: "{text}"', ".txt"
                elif not found:
                    plain = str(compile_pattern(_BETWEEN).sub('": "', plain))
                    plain = str(compile_pattern(_EDGE).sub('"', plain))
                before = text
            self._add(_plain(plain) if kind == ".html" else plain, number, cell, form)

    def setting(self, name: str, value: str, cell: int) -> None:
        """A name and its value, as a line of JSON."""
        number = self._place(value)
        first, *rest = value.split("\n")
        self._add(f'"{name}": "{first}"', number, cell, ".json")
        for line in rest:
            self._add(line, number, cell, ".json")

    def _split(self, source: Any) -> list[tuple[str, int]]:
        """Lines of a text, or of a list of texts that are joined, with their places.

        A line in several pieces has the place of the longest one.
        """
        made: list[tuple[str, int]] = []
        longest = 0
        for part in [source] if isinstance(source, str) else source:
            if not isinstance(part, str) or not part:
                continue
            number = self._place(part)
            first, *rest = part.replace("\r\n", "\n").replace("\r", "\n").split("\n")
            text, place = made.pop() if made else ("", number)
            made.append((text + first, number if len(first) > longest else place))
            longest = len(rest[-1]) if rest else max(longest, len(first))
            made += [(line, number) for line in rest]
        if made and not made[-1][0]:
            made.pop()
        return made

    def _add(self, line: str, number: int, cell: int, kind: str) -> None:
        self._lines.append(line.encode("utf-8", "replace") + b"\n")
        self._numbers.append(number)
        self._cells.append(cell)
        self._kinds.append(kind)

    def _place(self, part: str) -> int:
        """The line of the file on which ``part`` stands, else the last one that was known."""
        found = self._find(part)
        if found >= 0:
            self._number += self._content.count(b"\n", self._counted, found)
            self._counted = found
        return self._number

    def _find(self, part: str) -> int:
        """Where ``part`` stands as a JSON string from the last place on; -1 where it does not."""
        plain, ascii_only = self._quoted
        forms = [plain(part).encode("utf-8", "replace")]
        if not part.isascii():
            forms.append(ascii_only(part).encode())
        for raw in forms:
            found = self._content.find(raw, self._at, self._at + len(raw) + _NEAR)
            if found >= 0:
                self._at = found + len(raw)
                return found
        found = self._crawl(part, _NEAR)
        for raw in forms if found < 0 and self._again > 0 else ():
            found = self._content.find(raw, self._at)
            if found >= 0:
                self._at = found + len(raw)
                return found
            self._again -= (len(self._content) - self._at) // 8
        return found if found >= 0 else self._crawl(part, len(self._content))

    def _crawl(self, part: str, ahead: int) -> int:
        """Like _find, for a writer that escapes more than it must (``\\/``, ``\\u0041``)."""
        from json import loads

        end = min(len(self._content), self._at + ahead)
        strings = compile_pattern(r'"(?:[^"\\]|\\.)*"').finditer(self._content, self._at, end)
        for found in strings if self._again > 0 else ():
            start, end = found.span()
            self._again -= end - start
            if self._again <= 0:
                break
            try:
                same = end - start - 2 >= len(part) and loads(found.group()) == part
            except ValueError:
                continue
            if same:
                self._at = end
                return int(start)
        return -1


def _plain(line: str) -> str:
    """HTML's line with letters for its entities."""
    for entity, letter in _ENTITIES if "&" in line else ():
        line = line.replace(entity, letter)
    return line


def _found(pattern: str, line: str) -> bool:
    return compile_pattern(pattern).search(line) is not None
