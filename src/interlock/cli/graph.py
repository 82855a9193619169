"""interlock graph: the topology of repositories, sources and rules."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

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
    """Repositories as boxes, sources in them; a rule stands between what it reads from and to."""
    lines = ["flowchart LR"]
    for alias, title, sources in _boxes(policy):
        lines.append(f'  subgraph repo_{_id(alias)}["{_label(title)}"]')
        lines.extend(f'    {_id(name)}["{_label(text)}"]' for name, text in sources)
        lines.append("  end")
    for node, text, left, others in _rules(policy):
        lines.append(f'  {node}(["{_label(text)}"])')
        lines.append(f"  {_id(left)} --> {node}")
        lines.extend(f"  {node} --> {_id(other)}" for other in others)
    return "\n".join(lines) + "\n"


def _boxes(policy: Policy) -> Iterator[tuple[str, str, list[tuple[str, str]]]]:
    """(alias, title, [(source, its text)]); a source of several repositories is in its first."""
    for alias, names in policy.repos.items():
        sources = [
            (name, f"{name} ({', '.join(source.repos)})" if len(source.repos) > 1 else name)
            for name, source in policy.sources.items()
            if source.repos[:1] == (alias,)
        ]
        yield alias, f"{alias}: {', '.join(names)}", sources


def _rules(policy: Policy) -> Iterator[tuple[str, str, str, list[str]]]:
    """(node, text, the source it begins at, the others)."""
    for at, rule in enumerate(policy.consistency):
        left, *others = sources_of(rule)
        yield f"rule_{at}", f"{rule.id}: {rule.relation}", left, others


def _id(name: str) -> str:
    return "n_" + "".join(c if c.isalnum() else f"_{ord(c):x}_" for c in name)


def _label(text: str) -> str:
    plain = harmless(text).replace("&", "&amp;").replace('"', "&quot;")
    return plain.replace("<", "&lt;").replace(">", "&gt;")


def svg(policy: Policy) -> str:
    """The same as SVG, laid out by Graphviz, which comes with pygraphviz' wheels.

    It runs in a process of its own: a graph that is too much for it is a message, and no crash.
    """
    from importlib.util import find_spec

    if find_spec("pygraphviz") is None:
        raise UsageError("SVG needs the graph extra: pip install 'interlock[graph]'")
    import subprocess
    import sys

    command = [sys.executable, "-P", "-c", _LAYOUT]  # -P: nothing is imported from this folder
    try:
        done = subprocess.run(
            command, input=dot(policy).encode(), capture_output=True, check=True, timeout=_SECONDS
        )
    except subprocess.TimeoutExpired:
        why = f"within {_SECONDS} seconds"
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode("utf-8", "replace").strip().splitlines()
        why = f"({harmless(said[-1], 200)})" if said else ""
    else:
        return done.stdout.decode("utf-8")
    raise UsageError(f"Graphviz could not lay out this graph {why}: use --format mermaid")


#: How long a layout may take; 200 sources and 400 rules were measured at 4 seconds.
_SECONDS = 60
_LAYOUT = """
import sys, pygraphviz
graph = pygraphviz.AGraph(string=sys.stdin.buffer.read().decode("utf-8"))
sys.stdout.buffer.write(graph.draw(format="svg", prog="dot"))
"""


def dot(policy: Policy) -> str:
    """The same in Graphviz' own language.

    Rules are nodes, since Graphviz 14 aborts on many labelled edges between clusters.
    """
    lines = ["digraph {", "rankdir=LR;", 'node [shape=box fontname="Helvetica"];']
    for alias, title, sources in _boxes(policy):
        lines.append(f'subgraph cluster_{_id(alias)} {{ fontname="Helvetica"; style=filled;')
        lines.append(f"color=gray90; label={_quoted(title)};")
        lines.extend(
            f"{_id(name)} [label={_quoted(text)} style=filled fillcolor=white];"
            for name, text in sources
        )
        if not sources:  # a box with nothing in it is not drawn
            lines.append(f"none_{_id(alias)} [style=invis];")
        lines.append("}")
    for node, text, left, others in _rules(policy):
        lines.append(f"{node} [label={_quoted(text)} style=rounded fontsize=10 height=0.3];")
        lines.append(f"{_id(left)} -> {node};")
        lines.extend(f"{node} -> {_id(other)};" for other in others)
    return "\n".join([*lines, "}"])


def _quoted(text: str) -> str:
    """A label of Graphviz: in quotes it is never HTML, and what it would expand is doubled."""
    plain = harmless(text).replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")
    return f'"{plain}"'
