"""The line on which a hit stands, for a person who judges it: the value and its like are masked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet

from interlock.documents.patterns import compile_pattern
from interlock.secrets.model import Hit, Text
from interlock.secrets.scan import Scanner, scan
from interlock.values import Any, NamedTuple

#: Stands for any value: its width tells nothing.
MASK = "●●●"
#: Characters of a line that are shown on each side.
_BEFORE, _AFTER = 80, 40


class Shown(NamedTuple):
    """A hit and its line without its value; "" where the value stands on no one line."""

    hit: Hit
    line: str


def shown(
    texts: Iterable[Text], using: Scanner, wanted: AbstractSet[tuple[str, str]]
) -> Iterator[Shown]:
    """The hits of ``texts`` whose (path, fingerprint) is ``wanted``, each with its masked line."""
    for text in texts:
        values: dict[str, str] = {}
        hits = list(scan([text], using._replace(keep=_keeping(using, values))))
        for hit in hits:
            if (hit.path, hit.fingerprint) in wanted:
                yield Shown(hit, _line(text, hit, values))


def _keeping(using: Scanner, values: dict[str, str]) -> Any:
    def keep(value: str) -> str:
        fingerprint = using.keep(value)
        values[fingerprint] = value
        return fingerprint

    return keep


def _line(text: Text, hit: Hit, values: dict[str, str]) -> str:
    own = values[hit.fingerprint]
    for at, raw in enumerate(text.body.split(b"\n")):
        number = text.numbers[at] if at < len(text.numbers) else at + 1
        if number == hit.line:
            line = raw.decode("utf-8", "replace")
            if own and own in line:
                return masked(line, own, values.values())
    return ""


def masked(line: str, own: str, values: Iterable[str]) -> str:
    """``line`` around ``own``, with every one of ``values`` and whatever looks like one masked."""
    before, _, after = line.partition(own)
    for value in sorted({*values, own}, key=len, reverse=True):
        if value:
            before, after = before.replace(value, MASK), after.replace(value, MASK)
    # A rule may take less than the whole value: what touches it goes with it.
    before = compile_pattern(r"[^\s\"'`=:,;(){}\[\]<>@]*$").sub("", before)
    after = compile_pattern(r"^[^\s\"'`]*").sub("", after)
    before, after = _plain(before), _plain(after)
    left = "…" + before[-_BEFORE:] if len(before) > _BEFORE else before
    right = after[:_AFTER] + "…" if len(after) > _AFTER else after
    return (left + MASK + right).strip()


def _plain(text: str) -> str:
    """``text`` without words that hold digits and letters, or are too long to be words."""

    def one(found: Any) -> str:
        word = str(found.group())
        mixed = any(c.isdigit() for c in word) and any(c.isalpha() for c in word)
        return MASK if mixed or len(word) > 30 else word

    return str(compile_pattern(r"[A-Za-z0-9+/_=\-]{8,}").sub(one, text))
