"""Which lines can hold anything: one pass of one RE2 pattern over a whole text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from interlock.secrets.model import Rule
from interlock.values import Any, NamedTuple

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
_AROUND = 1000

#: Memory that the prefilter may use for its states, in bytes.
_MAX_MEMORY = 32 << 20
_compiled: dict[str, Any] = {}
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
    parts = [KEYED]
    if "://" in words and all(_USER in r.pattern for r in rules if "://" in r.keywords):
        # Addresses are everywhere, those with a user are not.
        words.remove("://")
        parts.append(_ADDRESS)
    wrapped = {part for word in words if len(word) >= _LEAST for part in encoded(word)}
    return "|".join([*(_quote(word) for word in sorted(words | wrapped)), *parts])


def candidates(body: bytes, alternation: str, *, every: bool = False) -> Iterator[Candidate]:
    """The lines of ``body`` in which ``alternation`` occurs; ``every`` gives all that are short."""
    tail = "[^\\n]*" if not every else ""
    compiled = _automaton(f"(?:{alternation}){tail}" if not every else r"[^\n]+")
    number = last = 0
    for found in compiled.finditer(body):
        at, end = found.span()
        start = body.rfind(b"\n", 0, at) + 1
        number += body.count(b"\n", last, start)
        last = start
        if end - start <= MAX_LINE:
            yield Candidate(start, number, body[start:end].decode("utf-8", "replace"))
        else:
            yield from _windows(body[start:end], start, number, alternation)


def _automaton(pattern: str) -> Any:
    """Compiled with room for all its states: where it has to forget some it takes five times."""
    compiled = _compiled.get(pattern)
    if compiled is None:
        import re2

        options = re2.Options()
        options.log_errors = False
        options.max_mem = _MAX_MEMORY
        compiled = _compiled[pattern] = re2.compile(pattern, options)
    return compiled


def _windows(line: bytes, start: int, number: int, alternation: str) -> Iterator[Candidate]:
    """Pieces of a long line around each match, none read twice."""
    done = 0
    for found in _automaton(alternation).finditer(line):
        if found.start() < done:
            continue
        first = max(0, done, found.start() - _AROUND // 10)
        done = min(len(line), found.end() + _AROUND)
        text = line[first:done].decode("utf-8", "replace")
        yield Candidate(start, number, text, len(line[:first].decode("utf-8", "replace")))
