"""HTML in which nothing stays unescaped unless it was made here."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

#: What turns reading order around, or hides: https://trojansource.codes. It is shown by its number.
_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
#: What no HTML document may hold: control characters, and halves of characters.
_BROKEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_VOID = frozenset({"br", "hr", "input", "link", "meta"})


class Safe(str):
    """HTML that is safe to be sent as it is."""

    __slots__ = ()


def whole(value: str) -> str:
    """The text with a replacement character for each one that HTML cannot hold."""
    return _BROKEN.sub("\N{REPLACEMENT CHARACTER}", value)


def plain(value: object) -> str:
    """Text for a title or an attribute: characters that turn it around stand as their numbers."""
    return _TURNING.sub(lambda found: f"[{_number(found)}]", whole(str(value)))


def text(value: object) -> Safe:
    """Any text as HTML; what is ``Safe`` already stays as it is."""
    if isinstance(value, Safe):
        return value
    escaped = escape(whole(str(value)))
    return Safe(
        _TURNING.sub(lambda found: f'<span class="hidden">{_number(found)}</span>', escaped)
    )


def _number(found: re.Match[str]) -> str:
    return f"U+{ord(found[0]):04X}"


def join(parts: Iterable[object], between: str = "") -> Safe:
    """Parts one after the other, each escaped unless it is safe."""
    return Safe(text(between).join(text(part) for part in parts))


def tag(name: str, /, *inner: object, **attributes: str | bool | int | None) -> Safe:
    """An element. ``class_`` stands for class, ``_`` within names for a hyphen.

    An attribute that is None or False is left out; True stands without a value.
    """
    parts = [f"<{name}"]
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        word = key.rstrip("_").replace("_", "-")
        parts.append(f" {word}" if value is True else f' {word}="{escape(plain(value))}"')
    parts.append(">")
    if name not in _VOID:
        parts.append(f"{join(inner)}</{name}>")
    return Safe("".join(parts))


def link(address: str, *inner: object, class_: str | None = None) -> Safe:
    """A link to one of our own pages."""
    return tag("a", *inner, href=address, class_=class_)


def outward(address: str | None, *inner: object) -> Safe:
    """A link to an address that somebody gave; only its text where that is no web address."""
    if not address or not re.match(r"https?://[^\s/?#]", address, re.IGNORECASE):
        return join(inner)
    return tag("a", *inner, href=address, rel="nofollow noopener noreferrer")


def badge(word: object, kind: str) -> Safe:
    """A short word in a coloured pill; ``kind`` names the colour."""
    return tag("span", word, class_=f"badge {kind}")
