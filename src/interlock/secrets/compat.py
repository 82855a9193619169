"""detect-secrets 1.5's plugins and filters over a prefilter, with the same results.

Only lines on which a plugin could find something reach the plugins, and the filters are asked only
after a find; both give the same, since neither changes anything. Nothing is ever verified, thus no
network. Files whose text holds nothing are not parsed as YAML or INI at all.
"""

from __future__ import annotations

from interlock.secrets import compatgate
from interlock.values import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

VERIFY = "detect_secrets.filters.common.is_ignored_due_to_verification_policies"


class Found(NamedTuple):
    """What detect-secrets' baseline holds of a secret: ``hash`` is SHA-1 of the value, in hex."""

    path: str
    line: int
    type: str
    hash: str


def scan(paths: list[str]) -> list[Found]:
    """What `detect-secrets scan --no-verify` finds in files, all plugins and default filters on.

    As there, one value is reported once for a file and a type: where it stands first.
    Raises ImportError where detect-secrets is not installed.
    """
    from detect_secrets.settings import default_settings

    found = set()
    with default_settings() as settings:
        settings.disable_filters(VERIFY)
        from detect_secrets.settings import get_plugins

        gate = compatgate.compiled(get_plugins())
        for path in paths:
            found |= {
                Found(path, secret.line_number, secret.type, secret.secret_hash)
                for secret in set(_file(path, gate))
            }
    return sorted(found)


def _file(path: str, gate: tuple[Any, Any] | None) -> Iterator[Any]:
    """The secrets of one file, as detect-secrets' `scan_file` yields them."""
    from detect_secrets.core import scan as base

    if gate is None:
        yield from base.scan_file(path)
        return
    if base._is_filtered_out(["filename"], filename=path):  # noqa: SLF001  no public way
        return
    try:
        # the encoding is the platform's, as there
        with open(path) as file:
            text = file.read()
    except (OSError, UnicodeDecodeError):
        return
    if not _may_hold(text, path, gate[1]):
        return
    for lines in base._get_lines_from_file(path):  # noqa: SLF001
        found = list(_lines(lines, path, gate[0]))
        yield from found
        if found:
            return


def _may_hold(text: str, path: str, whole: Any) -> bool:
    """Whether any reading of the text could hold a secret.

    INI may put values into one another (%), YAML has escapes and encoded values.
    """
    if "%(" in text or "%%" in text:
        return True
    if path.endswith((".yaml", ".yml", ".eyaml")) and ("\\" in text or "!" in text):
        return True
    return whole.search(text.encode("utf-8", "replace")) is not None


def _candidates(lines: list[str], gate: Any) -> Iterator[int]:
    """The indexes of lines that a plugin could find something on."""
    bare = [line.rstrip() for line in lines]
    inner = [at for at, line in enumerate(bare) if "\n" in line]
    if inner:  # YAML's values of several lines
        bare = [line.replace("\n", " ") for line in bare]
    body = "\n".join(bare)
    try:
        raw = body.encode()
    except UnicodeEncodeError:  # YAML's escapes can make half a character
        yield from range(len(lines))
        return
    found, at, last = set(inner), 0, 0
    for match in gate.finditer(raw):
        at += raw.count(b"\n", last, match.start())
        last = match.start()
        found.add(at)
    yield from sorted(found)


def _lines(lines: list[str], path: str, gate: Any) -> Iterator[Any]:
    from detect_secrets.core.scan import _is_filtered_out as filtered
    from detect_secrets.settings import get_plugins
    from detect_secrets.util.code_snippet import get_code_snippet

    for at in _candidates(lines, gate):
        line, number = lines[at].rstrip(), at + 1
        around = get_code_snippet(lines=lines, line_number=number)
        secrets = [
            (plugin, secret)
            for plugin in get_plugins()
            for secret in plugin.analyze_line(
                filename=path, line=line, line_number=number, context=around
            )
        ]
        if not secrets or filtered(["line"], filename=path, line=line, context=around):
            continue
        for plugin, secret in secrets:
            given = {"filename": path, "secret": secret.secret_value, "plugin": plugin}
            if filtered(["secret"], **given, line=line):
                continue
            if not filtered(["context"], **given, line=line, context=around):
                yield secret
