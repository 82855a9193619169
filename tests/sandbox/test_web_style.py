"""The style's colours against each other, in both themes.

https://www.w3.org/TR/WCAG22/#contrast-minimum
"""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

STYLE = files("interlock.sandbox.web").joinpath("style.css").read_text(encoding="utf-8")
LIGHT, DARK = (
    dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))
    for block in re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)
)
#: Text, and every ground that it stands on.
TEXT = [
    ("text", ("page", "raised", "added", "removed", "hunk", "target")),
    ("quiet", ("page", "raised")),
    ("link", ("page", "raised")),
    ("good", ("page", "raised")),
    ("bad", ("page", "raised", "hunk", "added", "removed")),
    ("waiting", ("page", "raised")),
    ("on-colour", ("good", "bad", "merged", "quiet")),
]


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_is_readable_on_every_ground(theme: dict[str, str]) -> None:
    measured = {
        (text, ground): contrast(theme[text], theme[ground])
        for text, grounds in TEXT
        for ground in grounds
    }
    assert {pair: ratio for pair, ratio in measured.items() if ratio < 4.5} == {}


def test_both_themes_have_the_same_colours_and_all_are_used() -> None:
    assert set(LIGHT) == set(DARK)
    assert set(re.findall(r"var\(--([\w-]+)\)", STYLE)) == set(LIGHT)
    rest = re.sub(r":root \{.*?\}", "", STYLE, flags=re.DOTALL)
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b|url\(|@import|expression\(", rest)
