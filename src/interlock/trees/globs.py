"""File globs with captures: ``experiments/{key}.yaml``, ``env/{env}/values.yaml``, ``src/**/*.py``.

``*`` and ``?`` match within one path segment, ``**`` any number of segments, ``{name}`` captures
one or more characters within a segment. Braces only capture: alternatives are written as lists.
"""

from __future__ import annotations

import re

from interlock.values import NamedTuple

#: Steps that a name may take the regex: beyond, a search takes over that tries nothing twice.
_MAX_STEPS = 250_000
#: What a glob is made of; as text: a hook that finds its policy kept compiles no glob.
PIECES = r"\*\*/|/\*\*$|\*\*|\*|\?|\{([A-Za-z_][\w-]*)\}|\[[^\]]+\]|[^*?{\[]+|."


class Glob(NamedTuple):
    """A compiled glob. ``prefix`` is the folder (or file) that holds every match.

    ``degree`` bounds the time of ``regex``: a path of n characters takes at most n**degree steps.
    """

    text: str
    captures: tuple[str, ...]
    prefix: str
    regex: re.Pattern[str] | None
    degree: int = 1

    def match(self, path: str) -> dict[str, str] | None:
        """The captures where ``path`` matches, else None.

        Raises TreeError for a name made so that a capture that occurs twice takes too long.
        """
        if self.regex is None:
            return {} if path == self.text else None
        if self.degree > 1 and len(path) ** self.degree > _MAX_STEPS:
            from interlock.trees.glob_search import search

            return search(self.text, path)
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
    for token in re.finditer(PIECES, text):
        piece, name = token.group(), token.group(1)
        literal = literal and piece[0] not in "*?{["
        pieces.append((piece, translate(text, piece, name, names)))
    static = re.split(r"[*?{\[]", text, maxsplit=1)[0]
    prefix = text if literal else static.rpartition("/")[0]
    if literal:
        return Glob(text, (), prefix, None)
    pattern, degree = joined(pieces)
    return Glob(text, tuple(names), prefix, re.compile(pattern, re.DOTALL), degree)


def joined(pieces: list[tuple[str, str]]) -> tuple[str, int]:
    """The whole pattern of (glob, regex) pieces, and its degree.

    What stands before another wildcard of its segment is not tried again: the first place where
    the text after a wildcard fits is as good as any later one, where another wildcard follows.
    """
    made = [pattern for _, pattern in pieces]
    tried = [at for at, (piece, _) in enumerate(pieces) if _is_tried(pieces, at, piece)]
    if any(pattern.startswith("(?:\\") for pattern in made):
        return "".join(made), 1 + len(tried)  # a capture that occurs twice may have to try again
    for at, (piece, pattern) in enumerate(pieces):
        if piece != "*" and piece[0] != "{":
            continue
        lazy = "[^/]*?" if piece == "*" else pattern
        end = next((n for n in range(at + 1, len(pieces)) if _is_wild(pieces[n][0])), 0)
        between = pieces[at + 1 : end]
        # A greedy `*` before a capture decides what is captured: it stays as it is.
        if between and not any(_ends_segment(text) for text, _ in between):
            if piece == "*" and any(text[0] == "{" for text, _ in _segment(pieces[end:])):
                continue
            made[at] = f"(?>{lazy}"
            made[end - 1] += ")"
            tried.remove(at)
    return "".join(made), 1 + len(tried)


def _is_tried(pieces: list[tuple[str, str]], at: int, piece: str) -> bool:
    """True where a wildcard's end is not given by the end of its segment or of the path."""
    if piece in ("**", "**/"):
        return True
    if not _is_wild(piece):
        return False
    for text, _ in pieces[at + 1 :]:
        if text[0] in "*{" or _ends_segment(text):
            return text[0] in "*{"
    return False


def _is_wild(piece: str) -> bool:
    return piece in ("*", "**") or piece[0] == "{"


def _ends_segment(piece: str) -> bool:
    return "/" in piece and piece[0] != "["


def _segment(pieces: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The pieces up to the end of the segment."""
    end = next((at for at, (text, _) in enumerate(pieces) if _ends_segment(text)), len(pieces))
    return pieces[:end]


def translate(text: str, piece: str, name: str | None, names: list[str]) -> str:
    """The regex of one piece of the glob ``text``; ``names`` are the captures before it.

    Raises ValueError with a sentence for a piece that means nothing.
    """
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
