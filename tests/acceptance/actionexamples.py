"""The workflows that docs/actions.md shows, as files."""

from __future__ import annotations

import re
from pathlib import Path

from compositeaction import ROOT

PAGE = ROOT / "docs" / "actions.md"
#: Stands for the commit of a release.
COMMIT = "0123456789abcdef0123456789abcdef01234567"
_BLOCK = re.compile(
    r"^```yaml\n(# \.github/workflows/(\S+)( of \S+)?\n.*?)^```$", re.MULTILINE | re.DOTALL
)


def examples() -> dict[str, str]:
    """The text of each workflow by its file's name, with a commit in place of COMMIT."""
    text = PAGE.read_text(encoding="utf-8")
    return {
        match[2]: match[1].replace("@COMMIT ", f"@{COMMIT} ") for match in _BLOCK.finditer(text)
    }


def written(folder: Path) -> dict[str, Path]:
    """Each example as a file below ``folder``, where GitHub looks for it."""
    where = folder / ".github" / "workflows"
    where.mkdir(parents=True)
    found = {}
    for name, text in examples().items():
        found[name] = where / name
        found[name].write_text(text, encoding="utf-8")
    return found
