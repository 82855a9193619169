"""interlock graph: the topology of repositories, sources and rules."""

from __future__ import annotations

import argparse
import sys

from interlock.cli.explaining import policy_here
from interlock.cli.options import add_world
from interlock.cli.writing import write_whole
from interlock.errors import UsageError
from interlock.experiments.scope import sources_of
from interlock.policy.model import Policy


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``interlock graph``."""
    parser.add_argument("--format", choices=("mermaid", "svg"), default="mermaid")
    parser.add_argument("--output", default="", metavar="FILE", help="write there instead")
    add_world(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print or write the graph."""
    policy = policy_here(arguments).policy
    text = mermaid(policy) if arguments.format == "mermaid" else svg(policy)
    if not arguments.output:
        sys.stdout.write(text)
        return 0
    try:
        write_whole(arguments.output, text.encode())
    except OSError as error:
        raise UsageError(f"{arguments.output} cannot be written: {error.strerror}") from None
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
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")


def svg(policy: Policy) -> str:
    """The same as SVG, laid out by the graphviz package; raises UsageError without its program."""
    try:
        import graphviz
    except ImportError:
        raise UsageError("SVG needs the graph extra: pip install 'interlock[graph]'") from None
    drawing = graphviz.Digraph(graph_attr={"rankdir": "LR"}, node_attr={"shape": "box"})
    for alias, names in policy.repos.items():
        with drawing.subgraph(name=f"cluster_{_id(alias)}") as box:
            box.attr(label=graphviz.escape(f"{alias}: {', '.join(names)}"))
            for name, source in policy.sources.items():
                if source.repos[:1] == (alias,):
                    box.node(_id(name), graphviz.escape(name))
    for rule in policy.consistency:
        left, *others = sources_of(rule)
        for other in others or [left]:
            drawing.edge(_id(left), _id(other), graphviz.escape(f"{rule.id}: {rule.relation}"))
    try:
        return str(drawing.pipe(format="svg", encoding="utf-8"))
    except graphviz.ExecutableNotFound:
        raise UsageError("SVG needs Graphviz: install the `dot` program") from None
