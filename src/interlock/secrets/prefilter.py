"""Which lines can hold anything: one pass of one RE2 pattern over a whole text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from interlock.documents.patterns import compile_pattern
from interlock.secrets.model import Rule
from interlock.secrets.plugins import WORDS as PLUGINS
from interlock.values import NamedTuple

#: Names after which a value may be a secret, and what leads from the name to the value.
KEYED = (
    r"(?i:(?:passw|passphrase|pwd|secret|token|credential|(?:(?m:^)|[^a-z\n])pass[^a-z\n]"
    r"|(?:api|kaggle|hf|hub|access|auth|private|account|encrypt\w*|signing|fernet|master|shared|storage|service"
    r"|client|deploy|admin|app|server|license|subscription|primary|hmac|cookie|session"
    r"|consumer)"
    r"[_.\- ]?keys?)[a-z0-9_.\-]*[\\\"'`\])]*[ \t]*(?:[=:,({>]|(?m:\\?\r?$))"
    r"|(?:(?m:^)|[^a-z\n])pass[\"'`\])]*[ \t]*[=:])|ENV "
)
#: Words of rules that need a context: they are in every KEYED line already.
COMMON = ("key", "token", "secret", "password", "access", "login", "auth", ":", "-", "aws", "api")
#: A longer line is scanned in windows around what the prefilter finds.
MAX_LINE = 4000
_BEFORE, _AROUND, _PIECE = 100, 1000, 2000
#: What ends a value, and the bytes of UTF-8 that begin no character.
_ENDS = (b",", b";", b" ", b"&", b"{")
_CONTINUING = bytes(range(0x80, 0xC0))

#: Shorter words are looked for as they are, not behind base64: three letters are everywhere.
_LEAST = 4
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_/"

#: How a rule for addresses with a password begins, and what stands in each such address.
_USER = "://[^\\s:/@\"'<>`"
_ADDRESS = r"://[^\s/@\"'<>`]*@"


class Candidate(NamedTuple):
    """A line that may hold a secret: its place in the body, its number from 0, its text.

    ``shift`` characters of a long line were left out before the text.
    """

    start: int
    number: int
    text: str
    shift: int = 0


def _quote(word: str) -> str:
    if word.isalnum() and word.isascii():
        return word
    return "".join(c if c in _LETTERS else f"\\x{ord(c):02x}" for c in word)


def encoded(word: str) -> tuple[str, ...]:
    """What base64 makes of ``word`` at each of its three alignments, without unsure edges."""
    from binascii import b2a_base64

    made = []
    for before in range(3):
        raw = b2a_base64(b"\0" * before + word.encode(), newline=False).decode().rstrip("=")
        whole = (before + len(word)) * 8 // 6
        made.append(raw[-(-before * 8 // 6) : whole])
    return tuple(made)


def pattern(rules: Sequence[Rule]) -> str:
    """One alternation that occurs in every line in which a rule can match."""
    words = {k for rule in rules for k in rule.keywords if k.lower() not in COMMON}
    parts = [KEYED, PLUGINS]
    if "://" in words and all(_USER in r.pattern for r in rules if "://" in r.keywords):
        # Addresses are everywhere, those with a user are not.
        words.remove("://")
        parts.append(_ADDRESS)
    wrapped = {part for word in words if len(word) >= _LEAST for part in encoded(word)}
    return "|".join([*(_quote(word) for word in sorted(words | wrapped)), *parts])


def candidates(body: bytes, alternation: str, *, every: bool = False) -> Iterator[Candidate]:
    """The lines of ``body`` in which ``alternation`` occurs; ``every`` gives all that are short."""
    # The pattern stops where it is sure: with the rest of the line it has too many states to keep.
    compiled = compile_pattern(r"[^\n]+" if every else alternation)
    number = last = done = 0
    for found in compiled.finditer(body):
        at = found.start()
        if at < done:
            continue
        start = body.rfind(b"\n", 0, at) + 1
        done = body.find(b"\n", at)
        if done < 0:
            done = len(body)
        number += body.count(b"\n", last, start)
        last = start
        if done - start <= MAX_LINE:
            yield Candidate(start, number, body[start:done].decode("utf-8", "replace"))
        else:
            yield from _windows(body[start:done], start, number, alternation)


def _windows(line: bytes, start: int, number: int, alternation: str) -> Iterator[Candidate]:
    """Pieces of a long line around what is found there; their columns count characters."""
    last = shift = 0
    for first, end in _pieces(line, alternation):
        before = line[last:first]
        shift += len(before.translate(None, _CONTINUING))
        last = first
        yield Candidate(start, number, line[first:end].decode("utf-8", "replace"), shift)


def _pieces(line: bytes, alternation: str) -> Iterator[tuple[int, int]]:
    """Where the pieces begin and end. None is read twice, and no value is cut where one can be."""
    first = end = 0
    for found in compile_pattern(alternation).finditer(line):
        at, after = found.span()
        if not end or at - _BEFORE > end:
            if end:
                yield first, end
            first = max(0, at - _BEFORE)
        elif after - first > _PIECE:
            since = first + _PIECE // 2
            cut = max(line.rfind(mark, since, at) for mark in _ENDS) + 1 or at
            yield first, cut
            first = cut
        end = min(len(line), after + _AROUND)
    if end:
        yield first, end
