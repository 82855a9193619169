"""What detect-secrets makes of a file's lines before its plugins read them.

Its readers of INI and YAML rewrite each value as a quoted text after its key. They are used as
they are, except where they would give up for sure, and except for plain YAML.
"""

from __future__ import annotations

from io import StringIO

from interlock.values import Any

_COMMENT = ("#", ";")


class _Named(StringIO):
    """A text that has the name of its file, as detect-secrets' readers want it."""

    def __init__(self, path: str, text: str) -> None:
        super().__init__(text, newline="\n")
        self.name = path


def rewritten(path: str, text: str, *, eager: bool) -> list[str] | None:
    """The lines as the readers put them; None or nothing where no reader takes the file.

    ``eager`` asks those readers that guess, as is done where a file's own lines hold nothing.
    """
    from detect_secrets.transformers import get_transformers
    from detect_secrets.transformers.exceptions import ParsingError

    readers: Any = get_transformers()
    for reader in readers:
        if not reader.should_parse_file(path) or reader.is_eager != eager:
            continue
        name = type(reader).__name__
        if name == "ConfigFileTransformer" and not _may_have_section(text):
            continue
        if name == "EagerConfigFileTransformer" and not _may_be_settings(text):
            continue
        try:
            lines: list[str] = reader.parse_file(_Named(path, text))
        except ParsingError:
            continue
        return lines
    return None


def rewrites(path: str, text: str) -> bool:
    """Whether a reader that does not guess may take the file."""
    return path.endswith((".yaml", ".yml", ".eyaml")) or _may_have_section(text)


def _may_have_section(text: str) -> bool:
    """False where configparser meets something else before the first section."""
    for line in StringIO(text, newline="\n"):
        bare = line.strip()
        if bare and not bare.startswith(_COMMENT):
            return bare[0] == "[" and "]" in bare
    return False


def _may_be_settings(text: str) -> bool:
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
