"""What detect-secrets makes of a file's lines before its plugins read them.

Its readers of INI and YAML rewrite each value as a quoted text after its key. Where they would
give up for sure they are not asked, and where a quicker way is known to give the same it is taken.
"""

from __future__ import annotations

from io import StringIO

from interlock.secrets.compatini import may_be_settings, may_have_section, settings_lines
from interlock.values import Any

YAML = (".yaml", ".yml", ".eyaml")


class _Named(StringIO):
    """A text that has the name of its file, as detect-secrets' readers want it."""

    def __init__(self, path: str, text: str) -> None:
        super().__init__(text, newline="\n")
        self.name = path


def rewrites(path: str, text: str) -> bool:
    """Whether a reader that does not guess may take the file."""
    return path.endswith(YAML) or may_have_section(text)


def rewritten(path: str, text: str, *, eager: bool) -> list[str] | None:
    """The lines as the readers put them; None or nothing where no reader takes the file.

    ``eager`` asks those readers that guess, as is done where a file's own lines hold nothing.
    """
    from configparser import Error

    from detect_secrets.transformers import get_transformers
    from detect_secrets.transformers.exceptions import ParsingError

    readers: Any = get_transformers()
    for reader in readers:
        if reader.is_eager != eager or not reader.should_parse_file(path):
            continue
        try:
            lines = _read(reader, path, text)
        except (Error, ParsingError):
            continue
        if lines is not None:
            return lines
    return None


def _read(reader: Any, path: str, text: str) -> list[str] | None:
    """What a reader makes of the file; None where it would give up."""
    from interlock.secrets.compatyaml import NotPlain, plain_lines

    name = type(reader).__name__
    if name == "ConfigFileTransformer":
        return settings_lines(text, header=False) if may_have_section(text) else None
    if name == "EagerConfigFileTransformer":
        return settings_lines(text, header=True) if may_be_settings(text) else None
    if name == "YAMLTransformer":
        try:
            return plain_lines(text)
        except NotPlain:
            pass
    lines: list[str] = reader.parse_file(_Named(path, text))
    return lines
