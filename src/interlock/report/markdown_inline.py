"""Text from repositories as Markdown that stays text: no mention, link, reference, HTML or maths.

GitHub turns @names, #1, GH-1, addresses, commit ids, :emoji: and $maths$ into something live
wherever they stand in prose, but nowhere in code (docs.github.com, "Autolinked references and
URLs" and "Writing mathematical expressions"). So every word that is not plainly a word becomes
code; escaping by backslash would not help, since those filters run on the rendered text.
"""

from __future__ import annotations

import re
from html import escape

from interlock.report.neutral import harmless

_WORD = r"[^\W_]+"
#: A word or number with the punctuation that prose puts around it, and nothing else.
_PLAIN = re.compile(
    rf"""["'(]{{0,2}}(?:{_WORD}(?:[-'\u2019]{_WORD})*|\d+(?:[.,]\d+)+)%?["')]{{0,2}}[.,;:!?]?["')]{{0,2}}"""
)
#: Among those: a ticket or pull request (GH-1), and a commit id.
_LIVE = re.compile(
    r"\W*(?:[A-Za-z][A-Za-z0-9]*-\d+|(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{7,64})\W*", re.IGNORECASE
)
#: What follows a code span in our own sentences: "`a`: `b` is …, but", "(`a` and `b`)".
_PUNCTUATION = re.compile(r"[.,;:?)]{1,2}|\(")
#: A paragraph that begins so would be an item of a numbered list.
_LIST_MARKER = re.compile(r"\d+[.)]")
_QUOTED = re.compile(r"`([^`]+)`")
_RUNS = re.compile(r"`+")


def code(text: str, limit: int = 300) -> str:
    """``text`` as a code span, whatever backticks it holds."""
    shown = harmless(text, limit) or "(empty)"
    fence = "`" * (max((len(run) for run in _RUNS.findall(shown)), default=0) + 1)
    pad = " " if shown[0] in "` " or shown[-1] in "` " else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def html_code(text: str, limit: int = 300) -> str:
    """``text`` as HTML code, for where Markdown is not read."""
    return f"<code>{escape(harmless(text, limit)) or '(empty)'}</code>"


def prose(text: str, limit: int = 1_000) -> str:
    """A sentence with names and values in it: plain words stay, everything else becomes code."""
    parts: list[str] = []
    for at, piece in enumerate(_QUOTED.split(harmless(text, limit))):
        for part in [code(piece, limit)] if at % 2 else _words(piece):
            if parts and parts[-1].endswith("`") and part.startswith("`"):
                parts.append(" ")  # two spans that touch would be read as one longer fence
            parts.append(part)
    sentence = "".join(parts).strip(" ")
    marker = _LIST_MARKER.match(sentence)
    return f"{code(marker[0])}{sentence[marker.end() :]}" if marker else sentence


def _words(piece: str) -> list[str]:
    """The words of ``piece`` and the blanks between; neighbours that are no words in one span."""
    parts: list[str] = []
    strange: list[str] = []
    for word in re.split(r"( +)", piece):
        if not word.strip(" "):
            (strange or parts).append(word)
        elif _is_plain(word):
            parts += [*_span(strange), word]
            strange.clear()
        else:
            strange.append(word)
    return [part for part in (*parts, *_span(strange)) if part]


def _is_plain(word: str) -> bool:
    if _PUNCTUATION.fullmatch(word):
        return True
    return _PLAIN.fullmatch(word) is not None and _LIVE.fullmatch(word) is None


def _span(strange: list[str]) -> list[str]:
    """One code span; the comma or colon of the sentence after it stays outside."""
    text = "".join(strange)
    bare = text.rstrip(" ")
    if not bare:
        return [text]
    inner = bare[:-1] if bare[-1] in ".,;:" and bare[:-1].strip(" ") else bare
    return [code(inner, len(inner)), text[len(inner) :]]


def fenced(lines: list[str]) -> str:
    """``lines`` in a fence that is longer than any run of backticks in them."""
    longest = max((len(run) for line in lines for run in _RUNS.findall(line)), default=0)
    fence = "`" * max(longest + 1, 3)
    return "\n".join([fence, *lines, fence])
