"""Text from repositories made harmless for a terminal: hostile until shown otherwise."""

from __future__ import annotations

_BIDI = {0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)}


def harmless(text: str, *, keep: str = "") -> str:
    """``text`` with control characters, escapes and bidi marks shown as \\xNN or \\uNNNN."""
    if text.isprintable():
        return text
    return "".join(c if c in keep else _visible(c) for c in text)


def _visible(char: str) -> str:
    code = ord(char)
    if code < 0x20 or 0x7F <= code < 0xA0:  # noqa: PLR2004  C0, DEL and C1 controls
        return f"\\x{code:02x}"
    if code in _BIDI or 0xD800 <= code < 0xE000:  # noqa: PLR2004  bidi marks, lone surrogates
        return f"\\u{code:04x}"
    return char
