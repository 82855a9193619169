"""detect-secrets 1.5's plugins and filters over a prefilter, with the same results.

Only lines on which a plugin could find something reach the plugins, and the filters are asked only
after a find; both give the same, since neither changes anything. Nothing is ever verified, thus no
network. Files whose text holds nothing are not parsed as YAML or INI at all.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from hashlib import sha1
from locale import getencoding

from interlock.secrets import compatfilters, compatlines, compatplugins
from interlock.secrets.compatgate import Gate, candidates, compiled, gate
from interlock.secrets.compatkeywords import Kind, kind_of
from interlock.values import NamedTuple

VERIFY = "detect_secrets.filters.common.is_ignored_due_to_verification_policies"
#: The release whose patterns compatgate knows; any other is asked as it is, line by line.
KNOWN = "1.5.0"


class Found(NamedTuple):
    """What detect-secrets' baseline holds of a secret: ``hash`` is SHA-1 of the value, in hex."""

    path: str
    line: int
    type: str
    hash: str


class Failed(Exception):
    """A file on which detect-secrets itself raises; ``reason`` is for people."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Engine(NamedTuple):
    """detect-secrets' settings of one run, made ready; ``gate`` is None for unknown plugins."""

    gate: Gate | None
    asked: tuple[compatplugins.Asked, ...]
    filters: compatfilters.Filters


def scan(paths: Iterable[str]) -> list[Found]:
    """What detect-secrets' `scan_file` finds in each file, all plugins and default filters on.

    Its command line and its baselines hold of equal values of a file and a type the first alone.
    Raises ImportError where detect-secrets is not installed.
    """
    from detect_secrets.settings import default_settings

    found: set[Found] = set()
    with default_settings() as settings:
        settings.disable_filters(VERIFY)
        engine = prepared()
        for path in paths:
            with suppress(Failed):  # what it gave until then counts, as there
                found.update(scan_file(path, engine))
    return sorted(found)


def prepared() -> Engine:
    """An engine for the settings of detect-secrets that hold now."""
    from detect_secrets.__version__ import VERSION
    from detect_secrets.settings import get_plugins

    plugins = get_plugins()
    made = gate(plugins) if VERSION == KNOWN else None
    asked = compatplugins.prepared(plugins) if made is not None else ()
    return Engine(made, asked, compatfilters.prepared())


def scan_file(path: str, engine: Engine) -> Iterator[Found]:
    """The secrets of one file as it lies there; none of what cannot be read or is no text."""
    if engine.gate is None:
        from detect_secrets.core.scan import scan_file as theirs

        for one in theirs(path):
            yield Found(path, one.line_number, one.type, one.secret_hash)
        return
    if not os.path.isfile(path) or engine.filters.path(path):
        return
    try:
        with open(path, "rb", buffering=0) as file:
            content = file.read()
    except OSError:
        return
    yield from scan_content(path, content, engine)


def scan_content(path: str, content: bytes, engine: Engine) -> Iterator[Found]:
    """The secrets of a file that holds ``content``; its name is not looked up.

    Raises Failed where it is no text, which detect-secrets passes over, or where that raises.
    """
    try:
        # the encoding is the platform's, as there, and so are the ends of lines
        text = content.decode(getencoding())
    except UnicodeDecodeError:
        raise Failed(f"is no text in {getencoding()}") from None
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if engine.gate is None:
        raise Failed("this release of detect-secrets is not known here")
    try:
        yield from _text(path, text, engine, engine.gate)
    except Exception as error:  # noqa: BLE001  its readers meet any text, and raise anything
        raise Failed(f"detect-secrets fails on it: {type(error).__name__}") from None


def _text(path: str, text: str, engine: Engine, known: Gate) -> Iterator[Found]:
    kind = kind_of(path)
    lines = None
    if compatlines.rewrites(path, text):
        if not _may_hold(path, text, known):
            return
        lines = compatlines.rewritten(path, text, eager=False)
    patterns = known.lines[kind.name]
    view = _rewritten(lines, patterns) if lines else _raw(text, patterns)
    found = list(_found(path, view, kind, engine))
    yield from found
    if not found:
        lines = compatlines.rewritten(path, text, eager=True)
        if lines:
            yield from _found(path, _rewritten(lines, patterns), kind, engine)


def _may_hold(path: str, text: str, known: Gate) -> bool:
    """Whether a reader's lines could hold a secret.

    INI may put values into one another (%), YAML has escapes and encoded values.
    """
    if "%(" in text or "%%" in text:
        return True
    if ("\\" in text or "!" in text) and path.endswith((".yaml", ".yml", ".eyaml")):
        return True
    return compiled(known.whole).search(text.encode("utf-8", "replace")) is not None


class View(NamedTuple):
    """Lines that a plugin could find something on, each with its number from 0.

    ``lines`` gives all lines of the file: a filter looks at the one above.
    """

    candidates: list[tuple[int, str]]
    lines: Callable[[], list[str]]


def _raw(text: str, patterns: tuple[str, ...]) -> View:
    """The file's own lines: only candidates are cut out of it, and all only after a find."""
    body = text.encode("utf-8", "replace")
    found = [
        (number, body[start:end].decode().rstrip())
        for number, start, end in candidates(body, patterns)
    ]
    return View(found, lambda: text.split("\n"))


def _rewritten(lines: list[str], patterns: tuple[str, ...]) -> View:
    """Lines as a reader made them: those of YAML can hold a newline, or half a character."""
    inner = {at for at, line in enumerate(lines) if "\n" in line}
    flat = [line.replace("\n", " ") for line in lines] if inner else lines
    try:
        body = "\n".join(flat).encode()
    except UnicodeEncodeError:
        chosen = set(range(len(lines)))
    else:
        chosen = inner | {number for number, _, _ in candidates(body, patterns)}
    return View([(at, lines[at].rstrip()) for at in sorted(chosen)], lambda: lines)


def _found(path: str, view: View, kind: Kind, engine: Engine) -> Iterator[Found]:
    from detect_secrets.util.code_snippet import get_code_snippet

    lines = None
    for at, line in view.candidates:
        hits = list(compatplugins.values(line, kind.patterns, engine.asked))
        if not hits:
            continue
        lines = lines if lines is not None else view.lines()
        around = get_code_snippet(lines=lines, line_number=at + 1)
        if engine.filters.line(path, line, around):
            continue
        for one, value in hits:
            if not engine.filters.value(path, line, around, one.plugin, value):
                # their baselines hold no other
                digest = sha1(value.encode(), usedforsecurity=False).hexdigest()
                yield Found(path, at + 1, one.type, digest)
