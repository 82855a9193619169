"""Texts in, hits out. A secret's own text never leaves this module and the judges it calls."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from interlock.documents.patterns import compile_pattern, matches
from interlock.secrets.judging import CHECKS, entropy, is_placeholder
from interlock.secrets.model import Hit, Rule, Text
from interlock.secrets.prefilter import MAX_LINE, Candidate, candidates, pattern
from interlock.values import NamedTuple

#: Lines before and after that a rule's context is looked for in.
_NEARBY = 6
#: Lines below a name on which its value is looked for.
_BELOW = 3
#: Files of which each line is looked at: their format has no words to look for.
_EVERY = r"(?:^|/)[._]?(?:netrc|pgpass|htpasswd)[^/]*$"


class Scanner(NamedTuple):
    """Rules ready for use: ``alternation`` finds candidate lines, ``keep`` makes fingerprints.

    ``words`` are all keywords, each with the numbers of its rules.
    """

    rules: tuple[Rule, ...]
    words: tuple[tuple[str, tuple[int, ...]], ...]
    alternation: str
    keep: Callable[[str], str]


def scanner(rules: Sequence[Rule], key: bytes) -> Scanner:
    """A scanner whose fingerprints are made under ``key``."""

    def keep(value: str) -> str:
        from hmac import digest

        return digest(key, value.encode("utf-8", "surrogatepass"), "sha256").hex()

    words: dict[str, list[int]] = {}
    for at, rule in enumerate(rules):
        for word in rule.keywords:
            words.setdefault(word, []).append(at)
    known = tuple((word, tuple(numbers)) for word, numbers in words.items())
    return Scanner(tuple(rules), known, pattern(rules), keep)


def scan(texts: Iterable[Text], using: Scanner) -> Iterator[Hit]:
    """Every secret in ``texts``, in the order of their lines."""
    for text in texts:
        for line in candidates(text.body, using.alternation, every=matches(_EVERY, text.path)):
            yield from _line(text, line, using)


def _line(text: Text, line: Candidate, using: Scanner) -> Iterator[Hit]:
    """What stands on one line; places that overlap are told once, by the first rule."""
    taken: list[tuple[int, int]] = []
    content = line.text
    numbers = {at for word, all_ in using.words if word in content for at in all_}
    for at in sorted(numbers):
        rule = using.rules[at]
        if rule.paths and not matches(rule.paths, text.path):
            continue
        for start, end in _matches(rule, text, line):
            if not any(start < b and a < end for a, b in taken):
                taken.append((start, end))
                yield _hit(text, line, rule.id, rule.type, start, end, using)
    for start, end, rule in _wrapped(text, line, using):
        if not any(start < b and a < end for a, b in taken):
            taken.append((start, end))
            yield _hit(text, line, rule.id, rule.type, start, end, using)
    yield from _by_key(text, line, taken, using)


def _by_key(
    text: Text, line: Candidate, taken: list[tuple[int, int]], using: Scanner
) -> Iterator[Hit]:
    from interlock.secrets.context import is_quiet, keyed, name_of_open

    if line.shift or is_quiet(text.path):
        return
    for found in keyed(line.text, text.path):
        if not any(found.start < b and a < found.end for a, b in taken):
            taken.append((found.start, found.end))
            yield _hit(text, line, found.type, found.type, found.start, found.end, using)
    name = name_of_open(line.text)
    if name:
        yield from _below(text, line, name, using)


def _below(text: Text, line: Candidate, name: str, using: Scanner) -> Iterator[Hit]:
    """The value of ``name`` on one of the next lines, unless that line is told already."""
    from interlock.secrets.context import later

    at = line.start
    for ahead in range(1, _BELOW + 1):
        at = text.body.find(b"\n", at) + 1
        end = text.body.find(b"\n", at)
        if not at or (end if end >= 0 else len(text.body)) - at > MAX_LINE:
            return
        content = text.body[at : end if end >= 0 else None].decode("utf-8", "replace")
        below = Candidate(at, line.number + ahead, content)
        found = later(name, content, text.path)
        if found is not None:
            if not any(_told(text, below, using)):
                yield _hit(text, below, found.type, found.type, found.start, found.end, using)
            return


def _told(text: Text, line: Candidate, using: Scanner) -> Iterator[bool]:
    """True once for each rule that matches ``line`` itself: the prefilter brings it as well."""
    for word, numbers in using.words:
        if word in line.text:
            for at in numbers:
                rule = using.rules[at]
                if not rule.paths and any(_matches(rule, text, line)):
                    yield True


def _wrapped(text: Text, line: Candidate, using: Scanner) -> Iterator[tuple[int, int, Rule]]:
    """Tokens behind base64, as in Kubernetes secrets: where the wrapping stands, and the rule."""
    from interlock.secrets.judging import decoded

    for found in compile_pattern(r"[A-Za-z0-9+/]{24,}={0,2}").finditer(line.text):
        inner = decoded(found.group())
        if not inner or not inner.isascii():
            continue
        for part in inner.decode().splitlines():
            inside = Candidate(line.start, line.number, part)
            for word, numbers in using.words:
                if word not in part:
                    continue
                for at in numbers:
                    rule = using.rules[at]
                    if not rule.paths and not rule.context and any(_matches(rule, text, inside)):
                        yield *found.span(), rule


def _matches(rule: Rule, text: Text, line: Candidate) -> Iterator[tuple[int, int]]:
    compiled = compile_pattern(rule.pattern)
    at = 0
    while (found := compiled.search(line.text, at)) is not None:
        start, end = found.span(1)
        at = max(end, found.start() + 1)
        if _is_secret(rule, found.group(1), line.text[:start]) and (
            not rule.context or _in_context(rule, text, line)
        ):
            yield (start, end) if end > start else found.span()
        if at > len(line.text):
            return


def _is_secret(rule: Rule, value: str, before: str) -> bool:
    if rule.near and not matches(rule.near, before):
        return False
    if rule.allow and matches(rule.allow, value):
        return False
    if rule.checksum:
        return CHECKS[rule.checksum](value)
    return entropy(value) >= rule.min_entropy and not is_placeholder(value)


def _in_context(rule: Rule, text: Text, line: Candidate) -> bool:
    """The path or the lines around say what the value belongs to."""
    if matches(rule.context, text.path):
        return True
    first = last = line.start
    for _ in range(_NEARBY):
        first = text.body.rfind(b"\n", 0, max(0, first - 1)) + 1
    for _ in range(_NEARBY):
        last = text.body.find(b"\n", last + 1)
        if last < 0:
            last = len(text.body)
    return compile_pattern(rule.context).search(text.body[first:last]) is not None


def _hit(
    text: Text, line: Candidate, rule: str, kind: str, start: int, end: int, using: Scanner
) -> Hit:
    from interlock.secrets.pragmas import allowed

    number = text.numbers[line.number] if text.numbers else line.number + 1
    cell = text.cells[line.number] if text.cells else 0
    value = line.text[start:end]
    column = line.shift + start + 1
    accepted = allowed(text, line.start, line.number)
    return Hit(rule, kind, text.path, number, column, using.keep(value), cell, accepted)
