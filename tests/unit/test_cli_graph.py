"""The topology as Mermaid and as SVG: everything is in it once, and no name is obeyed."""

from __future__ import annotations

import random
import re
import sys
from html import unescape
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from reportsamples import HOSTILE
from worldrun import policy_of

from interlock.cli import graph
from interlock.cli.graph import mermaid, svg
from interlock.errors import UsageError
from interlock.policy.model import Policy
from interlock.report.neutral import harmless

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*/interlock.yaml"))
SHARED = """\
version: 1
repos: {a: acme/a, b: [acme/b, acme/c]}
sources:
  one: {repo: a, files: "{key}.yaml"}
  both: {repo: [a, b], files: "{key}.yml"}
consistency:
  - {id: mirrored, each: one, exists-in: both}
  - {id: back, each: both, exists-in: one}
"""
#: What Graphviz draws boxes, arrows and text with: no link, script, image or style among them.
DRAWN = {"svg", "g", "title", "polygon", "path", "text"}


def texts(drawing: str) -> list[str]:
    """Every text of an SVG; blanks that do not break count as blanks."""
    root = ET.fromstring(drawing)  # noqa: S314  written by our own child process
    assert {node.tag.rpartition("}")[2] for node in root.iter()} <= DRAWN
    named = {name for node in root.iter() for name in node.attrib}
    assert not [name for name in named if name.startswith("on") or "href" in name]
    return [
        (node.text or "").replace("\u00a0", " ") for node in root.iter() if node.tag[-4:] == "text"
    ]


def expected(policy: Policy) -> list[str]:
    repos = [f"{alias}: {', '.join(names)}" for alias, names in policy.repos.items()]
    sources = [
        f"{name} ({', '.join(one.repos)})" if len(one.repos) > 1 else name
        for name, one in policy.sources.items()
    ]
    rules = [f"{rule.id}: {rule.relation}" for rule in policy.consistency]
    return sorted(harmless(text) for text in (*repos, *sources, *rules))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.parent.name)
def test_every_repository_source_and_rule_is_drawn_once(path: Path) -> None:
    policy = policy_of(path.read_text("utf-8"))
    assert policy.consistency
    assert sorted(texts(svg(policy))) == expected(policy)
    assert sorted(unescape(one) for one in re.findall(r'"(.*)"', mermaid(policy))) == expected(
        policy
    )


def test_a_source_of_several_repositories_names_them() -> None:
    assert "both (a, b)" in texts(svg(policy_of(SHARED)))
    assert '    n_both["both (a, b)"]\n' in mermaid(policy_of(SHARED))
    assert "  n_both --> rule_1\n  rule_1 --> n_one\n" in mermaid(policy_of(SHARED))


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_name_stays_a_name(text: str) -> None:
    policy = policy_of(SHARED)
    policy = policy._replace(repos={"a": (text,), "b": ("\\N \\G &lt; <b>",)})
    shown = [" ".join(one.split()) for one in expected(policy)]
    assert sorted(" ".join(one.split()) for one in texts(svg(policy))) == sorted(shown)
    lines = mermaid(policy).splitlines()
    assert len(lines) == len(mermaid(policy_of(SHARED)).splitlines())
    assert all(line.count('"') in (0, 2) for line in lines)
    assert not [line for line in lines if re.search(r"[<>](?!\w*;)", line.replace("-->", ""))]


@pytest.mark.parametrize("seed", range(4))
def test_a_large_topology_is_drawn(seed: int) -> None:
    """Many rules between the same boxes made Graphviz abort, when they were labels of arrows."""
    draw = random.Random(seed)
    names = [f"s{at}" for at in range(60)]
    sources = [f"  {name}: {{repo: r{at % 6}, files: x}}" for at, name in enumerate(names)]
    rules = [
        f"  - {{id: x-{at}, each: {draw.choice(names)}, exists-in: {draw.choice(names)}}}"
        for at in range(120)
    ]
    repos = ", ".join(f"r{at}: acme/r{at}" for at in range(6))
    head = f"version: 1\nrepos: {{{repos}}}\n"
    policy = policy_of("\n".join([head, "sources:", *sources, "consistency:", *rules]))
    assert sorted(texts(svg(policy))) == expected(policy)


def test_what_graphviz_cannot_draw_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    policy = policy_of(SHARED)
    monkeypatch.setattr(graph, "_LAYOUT", "import os; os.abort()")
    with pytest.raises(UsageError, match=r"could not lay out this graph .*--format mermaid"):
        svg(policy)
    monkeypatch.setattr(graph, "_LAYOUT", "import time; time.sleep(60)")
    monkeypatch.setattr(graph, "_SECONDS", 1)
    with pytest.raises(UsageError, match="within 1 seconds"):
        svg(policy)
    monkeypatch.undo()
    # A folder's own module must not be taken for the library.
    (tmp_path / "pygraphviz.py").write_text("raise SystemExit('obeyed')\n")
    monkeypatch.chdir(tmp_path)
    assert "one" in texts(svg(policy))
    monkeypatch.setitem(sys.modules, "pygraphviz", None)
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(UsageError, match=r"pip install 'interlock\[graph\]'"):
        svg(policy)
