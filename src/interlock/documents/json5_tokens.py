"""The tokens of JSON5 (json5.org, version 1.0.0) and what each scalar token means."""

from __future__ import annotations

import re

from interlock.documents.base import Value
from interlock.documents.limits import MAX_DIGITS, MAX_RADIX_DIGITS, NumberTooLongError

#: The groups of TOKEN; blanks, comments and the end of the text match without a group.
STRING, WORD, MARK, BAD = 1, 2, 3, 4

TOKEN = re.compile(
    r"[\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]*"
    r"(?:("
    r'"[^"\\\n\r]*(?:\\(?:\r\n|[\s\S])[^"\\\n\r]*)*"'
    r"|'[^'\\\n\r]*(?:\\(?:\r\n|[\s\S])[^'\\\n\r]*)*'"
    r")|([\w$.+\-\\\u200c\u200d]+)"
    r"|([{}\[\]:,])"
    r"|//[^\n\r\u2028\u2029]*"
    r"|/\*[\s\S]*?\*/"
    r"|\Z"
    r"|([\s\S]))"
)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r\n|0(?![0-9])|[^0-9ux]))|\\")
_ESCAPED = {
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
    "0": "\0",
    **dict.fromkeys(("\n", "\r", "\r\n", "\u2028", "\u2029"), ""),
}
_CONSTANTS: dict[str, Value] = {
    "null": None,
    "true": True,
    "false": False,
    **dict.fromkeys(("Infinity", "+Infinity"), float("inf")),
    "-Infinity": -float("inf"),
    **dict.fromkeys(("NaN", "+NaN", "-NaN"), float("nan")),
}
_WHOLE = re.compile(r"[+-]?(?:0|[1-9][0-9]*)")
_HEX = re.compile(r"[+-]?0[xX][0-9a-fA-F]+")
_FLOAT = re.compile(r"[+-]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


class TokenError(ValueError):
    """A token that has no meaning; the text is a clause that says why."""


def text_of(token: str) -> str:
    """The text that a quoted token stands for; raises TokenError."""
    if "\\" not in token:
        return token[1:-1]
    if token[0] == '"':
        # The standard library reads the escapes that JSON has far faster.
        from json.decoder import JSONDecodeError, scanstring  # type: ignore[attr-defined]

        try:
            return _joined(scanstring(token, 1, False)[0])
        except JSONDecodeError:
            pass
    return _unescaped(token[1:-1])


def _unescaped(text: str) -> str:
    return _joined(_ESCAPE.sub(_replacement, text))


def _joined(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        # Escapes beyond U+FFFF are written as two halves, which Python keeps apart.
        try:
            return text.encode("utf-16", "surrogatepass").decode("utf-16")
        except UnicodeDecodeError:
            raise TokenError("an escape stands for half a character (a lone surrogate)") from None
    return text


def _replacement(found: re.Match[str]) -> str:
    code = found.group(1) or found.group(2)
    if code is not None:
        return chr(int(code, 16))
    char: str | None = found.group(3)
    if char is None:
        raise TokenError("a backslash that begins no escape")
    return _ESCAPED.get(char, char)


def name_of(token: str) -> str:
    """The member name that an unquoted token stands for; raises TokenError."""
    name = _unescaped(token) if "\\" in token else token
    if not name.replace("$", "_").replace("\u200c", "_").replace("\u200d", "_").isidentifier():
        raise TokenError(f"the name {token[:80]!r} needs quotes")
    return name


def value_of(token: str) -> Value:
    """The value of an unquoted token; raises TokenError and NumberTooLongError."""
    if token in _CONSTANTS:
        return _CONSTANTS[token]
    if _WHOLE.fullmatch(token):
        if len(token) > MAX_DIGITS:
            raise NumberTooLongError
        return int(token)
    if _FLOAT.fullmatch(token):
        return float(token)
    if _HEX.fullmatch(token):
        if len(token) > MAX_RADIX_DIGITS:
            raise NumberTooLongError
        return int(token, 16)
    raise TokenError(f"{token[:80]!r} is neither a number, true, false nor null; text needs quotes")
