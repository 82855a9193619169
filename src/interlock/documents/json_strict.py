"""JSON (RFC 8259): values by the standard library, positions by the JSON5 reader."""

from __future__ import annotations

import json
from typing import NoReturn

from interlock.documents.base import DocumentProblem, Parsed, Span, Value
from interlock.documents.json5_reader import json5_positions, read_json5
from interlock.documents.json5_tokens import TOKEN, WORD
from interlock.documents.limits import MAX_NODES, excess

#: How a text that is JSON5 but not JSON shows itself where the standard library stops.
_HINTS = {
    "'": "JSON needs double quotes",
    "/": "JSON has no comments; name the file .json5 or .jsonc",
    "}": "a ',' before the closing '}'",
    "]": "a ',' before the closing ']'",
}
#: The standard library's words, for people.
_REASONS = {
    "Expecting ',' delimiter": "a ',' is missing here",
    "Expecting ':' delimiter": "a ':' is missing here",
    "Expecting value": "a value is missing here",
    "Expecting property name enclosed in double quotes": (
        "a member name in double quotes is missing here"
    ),
    "Illegal trailing comma before end of object": _HINTS["}"],
    "Illegal trailing comma before end of array": _HINTS["]"],
    "Extra data": "this stands after the end of the value",
    "Unterminated string starting at": "a quote is not closed",
    "Invalid control character at": "a text holds a line break or control character",
}


class _ConstantError(ValueError):
    """NaN or an infinity."""


def read_json(text: str) -> Parsed:
    """The one value of a text; duplicate names are problems that are not fatal."""
    if text.count(",") > MAX_NODES:
        stopped = _stopped(text)
        if stopped is not None:
            return stopped
    duplicated: list[bool] = []

    def pairs(members: list[tuple[str, Value]]) -> dict[str, Value]:
        built = dict(members)
        if len(built) != len(members):
            duplicated.append(True)
        return built

    decoder = json.JSONDecoder(object_pairs_hook=pairs, parse_constant=_refuse)
    try:
        value = decoder.decode(text)
    except json.JSONDecodeError as error:
        return _fatal(*_reason(error, text))
    except _ConstantError as error:
        return _fatal(f"is not valid JSON: {error} is not a JSON number", *_word(text, str(error)))
    except (RecursionError, ValueError):
        # Too deep, or a number too long for int(); the JSON5 reader has the same bounds.
        return _stopped(text) or _fatal("is nested too deep to read", 0, 0)
    if excess((value,)) or _has_halves(text, value):
        return _stopped(text) or _fatal("is too large to read", 0, 0)
    problems = read_json5(text).problems if duplicated else ()
    return Parsed((value,), json5_positions, problems)


def _refuse(name: str) -> NoReturn:
    raise _ConstantError(name)


def _stopped(text: str) -> Parsed | None:
    """What the JSON5 reader cannot read here, with the place."""
    parsed = read_json5(text)
    return None if parsed.values else parsed


def _has_halves(text: str, value: Value) -> bool:
    """True where an escape stands for half a character, which no output could print."""
    if "\\ud" not in text and "\\uD" not in text:
        return False
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    return False


def _reason(error: json.JSONDecodeError, text: str) -> tuple[str, int, int]:
    at = error.pos
    here = text[at : at + 1]
    if not text.strip():
        return "is empty where a value is expected", 0, 0
    reason = _REASONS.get(error.msg, error.msg[:1].lower() + error.msg[1:])
    before = text[:at].rstrip()
    if before.endswith(",") and here in ("}", "]"):
        at = len(before) - 1
        reason = _HINTS[here]
    elif here in ("'", "/"):
        reason = _HINTS[here]
    elif not here:
        reason = "the file ends too early"
    return f"is not valid JSON: {reason}", at, min(at + 1, len(text))


def _word(text: str, word: str) -> tuple[int, int]:
    for token in TOKEN.finditer(text):
        if token.lastindex == WORD and token.group(WORD) == word:
            return token.span(WORD)
    return 0, 0


def _fatal(message: str, start: int, end: int) -> Parsed:
    problem = DocumentProblem(message, Span(start, end), fatal=True)
    return Parsed((), json5_positions, (problem,))
