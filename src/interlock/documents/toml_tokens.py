"""The tokens of TOML 1.1 that matter for finding places, in text that tomli has accepted."""

from __future__ import annotations

import re

#: A quoted text of any of the four kinds, the longer quotes first.
STRING = re.compile(
    r'"""[^"\\]*(?:(?:\\[\s\S]|"{1,2}(?!"))[^"\\]*)*"{3,5}'
    r"|'''[^']*(?:'{1,2}(?!')[^']*)*'{3,5}"
    r'|"[^"\\\n]*(?:\\.[^"\\\n]*)*"'
    r"|'[^'\n]*'"
)
#: Blanks, line breaks and comments.
SKIPPED = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
#: One part of a key that is not quoted.
BARE = re.compile(r"[^\s.=\[\]{},#\"']+")
#: A date and a time may be parted by a blank.
BARE_VALUE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9][^\s,\]}#]*|[^\s,\]}#]+")


def blanked(text: str) -> str:
    """``text`` with strings and comments replaced by as many ``_``, so that offsets stay."""
    return _QUOTED_OR_COMMENT.sub(lambda found: "_" * len(found.group()), text)


_QUOTED_OR_COMMENT = re.compile(f"{STRING.pattern}|#[^\\n]*")
