"""interlock graph: the topology of repositories, sources and rules."""

from __future__ import annotations

import argparse

from interlock.cli.explaining import policy_here
from interlock.cli.options import add_world
from interlock.cli.writing import write_text
from interlock.errors import UsageError
from interlock.policy.model import Policy, sources_of
from interlock.report.neutral import harmless


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``interlock graph``."""
    parser.add_argument("--format", choices=("mermaid", "svg"), default="mermaid")
    parser.add_argument("--output", default="", metavar="FILE", help="write there instead")
    add_world(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print or write the graph."""
    policy = policy_here(arguments).policy
    text = mermaid(policy) if arguments.format == "mermaid" else svg(policy)
    write_text(arguments.output, text)
    return 0


def mermaid(policy: Policy) -> str:
    """Repositories as boxes, sources in them, a rule as an arrow from its left side."""
    lines = ["flowchart LR"]
    for alias, names in policy.repos.items():
        title = _label(f"{alias}: {', '.join(names)}")
        lines.append(f'  subgraph repo_{_id(alias)}["{title}"]')
        for name, source in policy.sources.items():
            if source.repos[:1] == (alias,):
                lines.append(f'    {_id(name)}["{_label(name)}"]')
        lines.append("  end")
    for rule in policy.consistency:
        left, *others = sources_of(rule)
        text = _label(f"{rule.id}: {rule.relation}")
        lines.extend(f'  {_id(left)} -->|"{text}"| {_id(other)}' for other in others or [left])
    return "\n".join(lines) + "\n"


def _id(name: str) -> str:
    return "n_" + "".join(c if c.isalnum() else f"_{ord(c):x}_" for c in name)


def _label(text: str) -> str:
    plain = harmless(text).replace("&", "&amp;").replace('"', "&quot;")
    return plain.replace("<", "&lt;").replace(">", "&gt;")


def svg(policy: Policy) -> str:
    """The same as SVG, laid out by Graphviz, which comes with pygraphviz' wheels."""
    try:
        import pygraphviz
    except ImportError:
        raise UsageError("SVG needs the graph extra: pip install 'interlock[graph]'") from None
    drawn: bytes = pygraphviz.AGraph(string=dot(policy)).draw(format="svg", prog="dot")
    return drawn.decode("utf-8")


def dot(policy: Policy) -> str:
    """The same in Graphviz' own language."""
    lines = ["digraph {", "rankdir=LR;", 'node [shape=box fontname="Helvetica"];']
    lines.append('edge [fontname="Helvetica" fontsize=10];')
    for alias, names in policy.repos.items():
        title = _quoted(f"{alias}: {', '.join(names)}")
        lines.append(f'subgraph cluster_{_id(alias)} {{ fontname="Helvetica"; label={title};')
        for name, source in policy.sources.items():
            if source.repos[:1] == (alias,):
                lines.append(f"{_id(name)} [label={_quoted(name)}];")
        lines.append("}")
    for rule in policy.consistency:
        left, *others = sources_of(rule)
        text = _quoted(f"{rule.id}: {rule.relation}")
        lines.extend(f"{_id(left)} -> {_id(other)} [label={text}];" for other in others or [left])
    return "\n".join([*lines, "}"])


def _quoted(text: str) -> str:
    """A label of Graphviz: in quotes it is never HTML, and what it would expand is doubled."""
    plain = harmless(text).replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")
    return f'"{plain}"'
