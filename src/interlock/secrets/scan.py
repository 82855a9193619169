"""Texts in, hits out. A secret's own text never leaves this module and the judges it calls."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from interlock.documents.patterns import compile_pattern, matches
from interlock.secrets.checks import CHECKS, FINAL, is_filled
from interlock.secrets.judging import entropy
from interlock.secrets.keywords import Keywords
from interlock.secrets.model import Hit, Rule, Text
from interlock.secrets.plugins import found as found_by_plugins
from interlock.secrets.prefilter import MAX_LINE, Candidate, candidates, pattern
from interlock.values import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from interlock.secrets.verifying import Ask

#: Lines before and after that a rule's context is looked for in.
_NEARBY = 6
#: Lines below a name on which its value is looked for.
_BELOW = 3
#: Bytes before and after a line in which an issuer's other value is looked for; characters before
#: a value in which the name is.
_AROUND = 1000
#: Bytes of a text behind base64; others mean that it was none.
_PRINTABLE = bytes((9, 10, 13, *range(32, 127)))
_BASE64 = r"[A-Za-z0-9+/]{24,}={0,2}|[A-Za-z0-9_\-]{24,}={0,2}"


class Scanner(NamedTuple):
    """Rules ready for use: ``alternation`` finds candidate lines, ``keep`` makes fingerprints.

    ``whole`` are the numbers of rules without keywords: they look at each line of their files, and
    ``every`` matches the paths. ``ask`` asks issuers whether a value is live; None asks nobody.
    """

    rules: tuple[Rule, ...]
    words: Keywords
    alternation: str
    keep: Callable[[str], str]
    whole: tuple[int, ...] = ()
    every: str = ""
    ask: Ask | None = None


class _Work(NamedTuple):
    """A text under scan: ``whole`` are the rules that look at each of its lines.

    ``contexts`` says of rules' contexts whether they occur in the text at all, once that is known,
    and under "" whether the file is a quiet one. ``around`` says what is known of the lines around
    the line that begins at a byte: whether they hold a context, and under "" whether the line is
    accepted. A line may be long, and much may stand on it.
    """

    text: Text
    using: Scanner
    whole: tuple[int, ...]
    contexts: dict[str, bool]
    around: dict[tuple[str, int], bool]

    def may_hold(self, context: str) -> bool:
        """True where ``context`` occurs anywhere in the text or its path."""
        if not context:
            return True
        held = self.contexts.get(context)
        if held is None:
            held = matches(context, self.text.path) or (
                compile_pattern(context).search(self.text.body) is not None
            )
            self.contexts[context] = held
        return held

    def is_quiet(self) -> bool:
        """True for files whose values are hashes and vocabularies."""
        from interlock.secrets.context import is_quiet

        quiet = self.contexts.get("")
        if quiet is None:
            quiet = self.contexts[""] = is_quiet(self.text.path)
        return quiet

    def path(self, line: Candidate) -> str:
        """The path by which a line's form is judged: a notebook's lines have forms of their own."""
        kind = self.text.kinds[line.number] if self.text.kinds else ""
        return self.text.path + kind if kind != ".ipynb" else self.text.path


def scanner(rules: Sequence[Rule], key: bytes) -> Scanner:
    """A scanner whose fingerprints are made under ``key``."""

    def keep(value: str) -> str:
        from hmac import digest

        return digest(key, value.encode("utf-8", "surrogatepass"), "sha256").hex()

    whole = tuple(at for at, rule in enumerate(rules) if not rule.keywords)
    every = "|".join(dict.fromkeys(f"(?:{rules[at].paths})" for at in whole))
    return Scanner(tuple(rules), Keywords(rules), pattern(rules), keep, whole, every)


def scan(texts: Iterable[Text], using: Scanner) -> Iterator[Hit]:
    """Every secret in ``texts``, in the order of their lines."""
    for text in texts:
        whole: tuple[int, ...] = ()
        if using.every and matches(using.every, text.path):
            whole = tuple(at for at in using.whole if matches(using.rules[at].paths, text.path))
        work = _Work(text, using, whole, {}, {})
        for line in candidates(text.body, using.alternation, every=bool(whole)):
            yield from _line(work, line)


def _line(work: _Work, line: Candidate) -> Iterator[Hit]:
    """What stands on one line; places that overlap are told once, by the first rule."""
    text, using = work.text, work.using
    taken: list[tuple[int, int]] = []
    for at in using.words.called(line.text, work.whole):
        rule = using.rules[at]
        if (rule.paths and not matches(rule.paths, text.path)) or not work.may_hold(rule.context):
            continue
        for start, end, good in _matches(rule, work, line):
            if not any(start < b and a < end for a, b in taken):
                taken.append((start, end))
                if good:
                    yield _hit(work, line, rule.id, rule.type, start, end)
    for start, end, kind in found_by_plugins(line.text):
        if not any(start < b and a < end for a, b in taken):
            taken.append((start, end))
            yield _hit(work, line, kind, kind, start, end)
    for whole, start, end, rule in _split(work, line):
        if not any(start < b for _, b in taken):
            taken.append((start, end))
            yield _hit(work, whole, rule.id, rule.type, start, end)
    for start, end, name, kind in _wrapped(text, line, using):
        if not any(start < b and a < end for a, b in taken):
            taken.append((start, end))
            yield _hit(work, line, name, kind, start, end)
    yield from _by_key(work, line, taken)


def _split(work: _Work, line: Candidate) -> Iterator[tuple[Candidate, int, int, Rule]]:
    """Secrets whose literal goes on below ``line``: the joined line, and where they stand in it."""
    from interlock.secrets.literals import joined

    text, split = joined(line.text, work.text.body, line.start)
    if not text:
        return
    whole = line._replace(text=text)
    for at in work.using.words.called(text):
        rule = work.using.rules[at]
        if not rule.paths and work.may_hold(rule.context):
            for start, end, good in _matches(rule, work, whole):
                if good and start < split < end:
                    yield whole, start, end, rule


def _by_key(work: _Work, line: Candidate, taken: list[tuple[int, int]]) -> Iterator[Hit]:
    from interlock.secrets.context import keyed, name_of_open

    if work.is_quiet():
        return
    path = work.path(line)
    for found in keyed(line.text, path):
        if not any(found.start < b and a < found.end for a, b in taken):
            taken.append((found.start, found.end))
            yield _hit(work, line, found.type, found.type, found.start, found.end)
    name = name_of_open(line.text)
    if name:
        yield from _below(work, line, name)


def _below(work: _Work, line: Candidate, name: str) -> Iterator[Hit]:
    """The value of ``name`` on one of the next lines, unless that line is told already."""
    from interlock.secrets.context import later

    text = work.text
    at = line.start
    for ahead in range(1, _BELOW + 1):
        at = text.body.find(b"\n", at) + 1
        end = text.body.find(b"\n", at)
        if not at or (end if end >= 0 else len(text.body)) - at > MAX_LINE:
            return
        content = text.body[at : end if end >= 0 else None].decode("utf-8", "replace")
        if at >= len(text.body):
            return
        below = Candidate(at, line.number + ahead, content)
        found = later(name, content, work.path(below))
        if found is not None:
            if not _told(work, below):
                yield _hit(work, below, found.type, found.type, found.start, found.end)
            return


def _told(work: _Work, line: Candidate) -> bool:
    """True where a rule matches ``line`` itself: the prefilter brings it as well."""
    return any(
        rule.paths == "" and any(_matches(rule, work, line))
        for rule in map(work.using.rules.__getitem__, work.using.words.called(line.text))
    )


def _wrapped(text: Text, line: Candidate, using: Scanner) -> Iterator[tuple[int, int, str, str]]:
    """Texts behind base64, as in Kubernetes secrets: where they stand, the rule and the type."""
    from interlock.secrets.judging import decoded

    for found in compile_pattern(_BASE64).finditer(line.text):
        inner = decoded(found.group())
        if inner and not inner.translate(None, _PRINTABLE):
            told = next(_inside(Text(text.path, inner), using), None)
            if told:
                yield *found.span(), *told


def _inside(text: Text, using: Scanner) -> Iterator[tuple[str, str]]:
    """The rule and type of each secret in a text that was behind base64."""
    from interlock.secrets.context import is_quiet, keyed

    quiet = is_quiet(text.path)
    work = _Work(text, using, (), {}, {})
    for line in candidates(text.body, using.alternation):
        for at in using.words.called(line.text):
            rule = using.rules[at]
            if not rule.paths and any(good for _, _, good in _matches(rule, work, line)):
                yield rule.id, rule.type
        if not quiet:
            yield from ((one.type, one.type) for one in keyed(line.text, text.path + ".txt"))


def _matches(rule: Rule, work: _Work, line: Candidate) -> Iterator[tuple[int, int, bool]]:
    """Where ``rule`` matches; False for what its checksum says that no issuer made."""
    compiled = compile_pattern(rule.pattern)
    at = 0
    while (found := compiled.search(line.text, at)) is not None:
        group = found.lastindex or 1
        start, end = found.span(group)
        at = max(end, found.start() + 1)
        place = (start, end) if end > start else found.span()
        before = line.text[max(0, start - _AROUND) : start]
        if _is_secret(rule, found.group(group), before):
            if not rule.context or _in_context(rule.context, work, line):
                yield *place, True
        elif rule.checksum in FINAL:
            yield *place, False
        if at > len(line.text):
            return


def _is_secret(rule: Rule, value: str, before: str) -> bool:
    if rule.near and not matches(rule.near, before):
        return False
    if rule.allow and matches(rule.allow, value):
        return False
    if rule.checksum:
        return CHECKS[rule.checksum](value)
    return entropy(value) >= rule.min_entropy and not is_filled(value)


def _in_context(context: str, work: _Work, line: Candidate) -> bool:
    """The path or the lines around say what the value belongs to."""
    held = work.around.get((context, line.start))
    if held is None:
        held = matches(context, work.text.path) or (
            compile_pattern(context).search(_nearby(work.text.body, line.start)) is not None
        )
        work.around[context, line.start] = held
    return held


def _nearby(body: bytes, start: int) -> bytes:
    """The line that begins at ``start``, with those before and after it."""
    first = last = start
    for _ in range(_NEARBY):
        first = body.rfind(b"\n", 0, max(0, first - 1)) + 1
    for _ in range(_NEARBY):
        last = body.find(b"\n", last + 1)
        if last < 0:
            return body[first:]
    return body[first:last]


def _accepted(work: _Work, line: Candidate) -> bool:
    """Whether a pragma accepts the line; asked once, however much stands on it."""
    from interlock.secrets.pragmas import allowed

    held = work.around.get(("", line.start))
    if held is None:
        held = work.around["", line.start] = allowed(work.text, line.start, line.number)
    return held


def _hit(work: _Work, line: Candidate, rule: str, kind: str, start: int, end: int) -> Hit:
    text = work.text
    number = text.numbers[line.number] if text.numbers else line.number + 1
    cell = text.cells[line.number] if text.cells else 0
    value = line.text[start:end]
    column = line.shift + start + 1
    accepted = _accepted(work, line)
    verdict = _verdict(work, line, kind, value) if work.using.ask else ""
    kept = work.using.keep(value)
    return Hit(rule, kind, text.path, number, column, kept, cell, accepted, verdict, text.commit)


def _verdict(work: _Work, line: Candidate, kind: str, value: str) -> str:
    """What the issuer says; some want a second value, which stands near."""
    body = work.text.body
    first, last = max(0, line.start - _AROUND), line.start + _AROUND
    around = body[first:last].decode("utf-8", "replace").splitlines()
    return work.using.ask(kind, value, around) if work.using.ask else ""
