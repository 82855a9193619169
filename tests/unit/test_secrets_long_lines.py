"""Much on one line: the work grows with the line's length, not with its square."""

from __future__ import annotations

from string import ascii_lowercase

import pytest
from secretmaking import Maker

from interlock.documents.patterns import compile_pattern
from interlock.secrets import context, scan
from interlock.secrets.model import Text
from interlock.secrets.prefilter import candidates, pattern
from interlock.secrets.table import TABLE
from interlock.values import Any

_TIMES = 4000
_LINES = {
    "names without values": "password=",
    "names within values": "password=x",
    "JSON": '"password":"x",',
    "addresses": "&token=1",
    "calls": "auth = (",
    "beyond ASCII": "password=\N{LATIN SMALL LETTER E WITH ACUTE}",
    "nested": '"password":"{',
}


class _Counted:
    """A pattern that notes how many characters each search walks over."""

    def __init__(self, text: str, walked: list[int]) -> None:
        self._compiled = compile_pattern(text)
        self._walked = walked
        self.groups = self._compiled.groups

    def search(self, text: str, at: int = 0) -> Any:
        return self._noted(self._compiled.search(text, at), len(text), at)

    def match(self, text: str, at: int = 0) -> Any:
        return self._noted(self._compiled.match(text, at), len(text), at)

    def _noted(self, found: Any, size: int, at: int) -> Any:
        self._walked.append((found.end() if found else size) - at)
        return found


@pytest.mark.parametrize("part", _LINES.values(), ids=_LINES.keys())
@pytest.mark.parametrize("path", ["a.txt", "a.js"])
def test_a_line_is_walked_over_a_few_times_whatever_stands_on_it(
    part: str, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    walked: list[int] = []
    judged: list[int] = []
    kind = context._kind

    def noted(name: str, value: str) -> str:
        judged.append(len(name) + len(value))
        return kind(name, value)

    monkeypatch.setattr(context, "compile_pattern", lambda text: _Counted(text, walked))
    monkeypatch.setattr(context, "_kind", noted)
    body = (part * _TIMES).encode()
    using = scan.scanner(TABLE, b"k" * 32)
    assert not list(scan.scan([Text(path, body)], using))
    assert sum(walked) < 20 * len(body)
    assert sum(judged) < 20 * len(body)


@pytest.mark.parametrize("part", _LINES.values(), ids=_LINES.keys())
def test_windows_of_a_long_line_share_nothing(part: str) -> None:
    body = (part * _TIMES).encode()
    windows = list(candidates(body, pattern(TABLE)))
    assert sum(len(window.text.encode()) for window in windows) <= len(body)
    assert max(len(window.text) for window in windows) < len(body) / 4


def test_lines_around_are_read_once_for_all_that_stands_on_a_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[int] = []
    nearby = scan._nearby

    def noted(body: bytes, start: int) -> bytes:
        asked.append(start)
        return nearby(body, start)

    monkeypatch.setattr(scan, "_nearby", noted)
    rule = TABLE[0]._replace(
        pattern=r"made_([a-z]{20})",
        keywords=("made_",),
        min_entropy=0.0,
        checksum="",
        paths="",
        context="maker",
        near="",
        allow="",
    )
    made = Maker(20)
    line = " ".join(f"made_{made.text(20, ascii_lowercase)}" for _ in range(50))
    using = scan.scanner((rule,), b"k" * 32)
    found = list(scan.scan([Text("a.txt", f"maker\n{line}\n".encode())], using))
    assert len(found) > 40
    assert len(asked) == 1


def test_the_end_of_a_value_without_quotes_is_found_once_and_short_ends_are_judged() -> None:
    value = Maker(4).text(16)
    line = "password=" * 500 + value
    assert [one.value for one in context.keyed(line, "a.txt")][-1:] == [value]
