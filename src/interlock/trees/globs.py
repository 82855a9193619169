"""File globs with captures: ``experiments/{key}.yaml``, ``env/{env}/values.yaml``, ``src/**/*.py``.

``*`` and ``?`` match within one path segment, ``**`` any number of segments, ``{name}`` captures
one or more characters within a segment. Braces only capture: alternatives are written as lists.
"""

from __future__ import annotations

import re

from interlock.values import NamedTuple

#: As text: a hook that finds its policy kept compiles no glob.
_PIECES = r"\*\*/|/\*\*$|\*\*|\*|\?|\{([A-Za-z_][\w-]*)\}|\[[^\]]+\]|[^*?{\[]+|."


class Glob(NamedTuple):
    """A compiled glob. ``prefix`` is the folder (or file) that holds every match."""

    text: str
    captures: tuple[str, ...]
    prefix: str
    regex: re.Pattern[str] | None

    def match(self, path: str) -> dict[str, str] | None:
        """The captures where ``path`` matches, else None."""
        if self.regex is None:
            return {} if path == self.text else None
        found = self.regex.fullmatch(path)
        if found is None:
            return None
        return dict(zip(self.captures, found.groups(), strict=False)) if self.captures else {}


def compile_glob(text: str) -> Glob:
    """Compile a glob; raises ValueError with a sentence when it is malformed.

    A capture that occurs twice must match the same text both times.
    """
    if not text or text.startswith("/") or "\\" in text or "\0" in text:
        raise ValueError(f"{text!r} must be a relative path with forward slashes")
    if text.endswith("/"):
        raise ValueError(f"{text!r} is a folder: write {text + '**'!r} for the files in it")
    if any(part in ("..", ".", "") for part in text.split("/")):
        raise ValueError(f"{text!r} may not hold the segments '.' and '..', nor an empty segment")
    names: list[str] = []
    pieces: list[tuple[str, str]] = []
    literal = True
    for token in re.finditer(_PIECES, text):
        piece, name = token.group(), token.group(1)
        literal = literal and piece[0] not in "*?{["
        pieces.append((piece, _translate(text, piece, name, names)))
    static = re.split(r"[*?{\[]", text, maxsplit=1)[0]
    prefix = text if literal else static.rpartition("/")[0]
    regex = None if literal else re.compile(_joined(pieces), re.DOTALL)
    return Glob(text, tuple(names), prefix, regex)


def _joined(pieces: list[tuple[str, str]]) -> str:
    """The whole pattern. What stands before another wildcard of its segment is never tried again.

    The first place where the text after a wildcard fits is as good as any later one, where
    another wildcard follows: without this, names could be made that take for ever.
    """
    made = [pattern for _, pattern in pieces]
    if any(pattern.startswith("(?:\\") for pattern in made):
        return "".join(made)  # a capture that occurs twice may have to try again
    for at, (piece, pattern) in enumerate(pieces):
        if piece != "*" and piece[0] != "{":
            continue
        lazy = "[^/]*?" if piece == "*" else pattern
        end = next((n for n in range(at + 1, len(pieces)) if _is_wild(pieces[n][0])), 0)
        between = "".join(text for text, _ in pieces[at + 1 : end])
        # A greedy `*` before a capture decides what is captured: it stays as it is.
        if between and "/" not in between:
            if piece == "*" and any(text[0] == "{" for text, _ in _segment(pieces[end:])):
                continue
            made[at] = f"(?>{lazy}"
            made[end - 1] += ")"
    return "".join(made)


def _is_wild(piece: str) -> bool:
    return piece in ("*", "**") or piece[0] == "{"


def _segment(pieces: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The pieces up to the end of the segment."""
    end = next((at for at, (text, _) in enumerate(pieces) if "/" in text), len(pieces))
    return pieces[:end]


def _translate(text: str, piece: str, name: str | None, names: list[str]) -> str:
    if name is not None:
        if name in names:
            return rf"(?:\{names.index(name) + 1})"
        names.append(name)
        return "([^/]+?)"
    if piece == "**/":
        return "(?:[^/]+/)*"
    if piece in ("/**", "**"):
        return "(?:/.*)?" if piece == "/**" else ".*"
    if piece == "*":
        return "[^/]*"
    if piece == "?":
        return "[^/]"
    if piece[0] == "[" and len(piece) > 1:
        return _class(text, piece)
    if piece[0] in "{[":
        raise ValueError(
            f"{text!r} has a brace or bracket that is not a capture like {{key}}; "
            "write alternatives as a list of globs"
        )
    return re.escape(piece)


def _class(text: str, piece: str) -> str:
    """``[abc]``, ``[a-z]``, ``[!abc]``: one character, never a slash."""
    body = piece[1:-1]
    negated = body[0] in "!^"
    # "-" alone keeps its meaning: a range.
    members = re.escape(body[1:] if negated else body).replace(r"\-", "-")
    pattern = f"(?!/)[{'^' if negated else ''}{members}]"
    try:
        # Python would read two hyphens as a difference of sets, one day.
        good = "--" not in members and bool(re.compile(pattern))
    except re.error:
        good = False
    if not good:
        raise ValueError(f"{text!r} has a bracket that is no set of characters: {piece}")
    return pattern
