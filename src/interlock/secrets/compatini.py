"""detect-secrets' INI reader, with places found by comparing texts, not by a pattern a line.

configparser reads the file, as there. Where a value stands is then looked for from where the last
one was found; as there, a key that is not found takes the places of all later ones with it.
"""

from __future__ import annotations

from io import StringIO

_COMMENT = ("#", ";")


def may_have_section(text: str) -> bool:
    """False where configparser meets something else before the first section."""
    for line in StringIO(text, newline="\n"):
        bare = line.strip()
        if bare and not bare.startswith(_COMMENT):
            return bare[0] == "[" and "]" in bare
    return False


def may_be_settings(text: str) -> bool:
    """False where a line is no section, no setting and continues none: configparser fails."""
    from configparser import ConfigParser

    indent, named = 0, False
    for line in StringIO(text, newline="\n"):
        bare = line.strip()
        if not bare or bare.startswith(_COMMENT):
            continue
        here = len(line) - len(line.lstrip())
        if named and here > indent:
            continue
        indent = here
        if bare[0] == "[" and ConfigParser.SECTCRE.match(bare):
            named = False
            continue
        if bare[0] in "=:" or ("=" not in bare and ":" not in bare):
            return False
        named = True
    return True


def settings_lines(text: str, *, header: bool) -> list[str]:
    """The lines as detect-secrets' reader puts them: each value quoted, after its key.

    ``header`` reads a file without sections. Raises configparser.Error where it is no INI.
    """
    from configparser import ConfigParser, Error

    parser = ConfigParser()
    setattr(parser, "optionxform", str)  # noqa: B010  names keep their case; no type allows it
    parser.read_string("[global]\n" + text if header else text)
    if not parser.sections():
        raise Error
    places = _Places(text)
    lines: list[str] = []
    for section in parser:
        for key, whole in parser.items(section):
            for value, number in places.of(key, whole):
                if not value:
                    continue
                lines += [""] * (number - 1 - len(lines))
                lines.append(value if _is_pragma(value) else f'{key} = "{_bare(value)}"')
    return lines


def _bare(value: str) -> str:
    if value[0] in "\"'" and value[-1] == value[0]:
        value = value[1:-1]
    return value.replace('"', '\\"')


def _is_pragma(line: str) -> bool:
    """Whether a comment allows the line below it."""
    if "pragma" not in line:
        return False
    from detect_secrets.transformers.config import _is_allowlist_nextline_secret_comment as is_one

    return bool(is_one(line))


class _Places:
    """The lines of a file, and the first that no value has taken yet."""

    def __init__(self, text: str) -> None:
        self._lines = [line.strip() for line in StringIO(text, newline="\n")]
        self._pragmas = "pragma" in text
        self._next = 0

    def of(self, key: str, whole: str) -> list[tuple[str, int]]:
        """The parts of a value of several lines, each with its line from 1.

        Comments that allow the next line come along wherever they are met.
        """
        parts = whole.splitlines()
        wanted = [*parts[:1], *filter(None, parts[1:])]
        if not wanted:
            return []
        found: list[tuple[str, int]] = []
        taken = 0
        for at in range(self._next, len(self._lines)):
            line = self._lines[at]
            if self._pragmas and _is_pragma(line):
                found.append((line, at + 1))
            elif not line or line.startswith(_COMMENT):
                continue
            elif taken == 0:
                if _assigns(line, key, wanted[0]):
                    found.append((wanted[0], at + 1))
                    taken = 1
            elif taken == len(wanted):
                self._next = max(at, self._next + 1)
                return found
            else:
                found.append((wanted[taken], at + 1))
                taken += 1
        self._next = len(self._lines)
        return found


def _assigns(line: str, key: str, value: str) -> bool:
    """Whether the line is the key, signs or spaces, and then the value."""
    if not line.startswith(key):
        return False
    end = start = len(key)
    while end < len(line) and line[end] in " :=":
        end += 1
    return any(line.startswith(value, at) for at in range(start + 1, end + 1))
