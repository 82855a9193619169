"""Who owns a path by a CODEOWNERS file, read as GitHub reads it.

https://docs.github.com/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners
"""

from __future__ import annotations

import re

from interlock.documents.patterns import compile_pattern

#: Where the file may stand; the first that is there counts.
PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
#: GitHub loads no larger file: then nobody owns anything.
MAX_BYTES = 3 << 20
_OWNER = re.compile(r"@[\w.-]+(?:/[\w.-]+)?|[^@\s]+@[^@\s]+")
_PIECES = re.compile(r"/\*\*/|^\*\*/|/\*\*$|\*\*|\*|\?|[^*?/]+|/")


def owners_of(path: str, content: bytes) -> tuple[str, ...]:
    """Those whom the last fitting line names, none where it names nobody."""
    if len(content) > MAX_BYTES:
        return ()
    owners: tuple[str, ...] = ()
    for line in content.decode("utf-8", "replace").split("\n"):
        words = re.split(r"(?<!\\)[ \t]+", line.strip())
        if not words[0] or words[0].startswith("#"):
            continue
        named = []
        for word in words[1:]:
            if word.startswith("#"):
                break
            named.append(word)
        # GitHub skips a line that it cannot read.
        if not all(_OWNER.fullmatch(name) for name in named) or not _readable(words[0]):
            continue
        if compile_pattern(_pattern(words[0].replace("\\ ", " "))).search(_plain(path)):
            owners = tuple(named)
    return owners


def _readable(pattern: str) -> bool:
    """Negation and sets of characters, which .gitignore has, do not work here."""
    return not pattern.startswith("!") and "[" not in pattern and "]" not in pattern


def _plain(path: str) -> str:
    return path.encode("utf-8", "replace").decode()


def _pattern(text: str) -> str:
    """The RE2 pattern over whole paths; a pattern that fits a folder fits all that is in it."""
    folder = text.endswith("/")
    text = text.removesuffix("/")
    anchored = "/" in text
    made = "".join(_piece(piece) for piece in _PIECES.findall(text.removeprefix("/")))
    # The pattern docs/* is for the files in the folder alone, as GitHub's page says.
    end = "/.*" if folder else "" if text.endswith("/*") else "(?:/.*)?"
    return f"^{'' if anchored else '(?:.*/)?'}{made}{end}$"


def _piece(piece: str) -> str:
    if piece in ("/**/", "**/"):
        return "/(?:.*/)?" if piece[0] == "/" else "(?:.*/)?"
    if piece == "/**":
        return "/.*"
    if piece in ("*", "**"):
        return "[^/]*"
    return "[^/]" if piece == "?" else re.escape(piece)
