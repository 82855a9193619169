"""Quotes a policy file where a finding points at it."""

from __future__ import annotations

from interlock.documents.base import Document, Node, Span
from interlock.documents.excerpt import Excerpt, excerpt
from interlock.policy.kept import Later
from interlock.policy.model import Origin, Policy
from interlock.policy.provenance import Provenance


def quote(policy: Policy, origin: Origin) -> Excerpt | None:
    """What stands at ``origin``, in its first line; None where its file is no layer."""
    provenance = policy.provenance
    if isinstance(provenance, Later):
        provenance = provenance.loaded()
    if not isinstance(provenance, Provenance):
        return None
    for layer in provenance.layers:
        document = layer.text.document
        if layer.text.name == origin.file and document.values:
            start = document.offset_of_line(origin.line) + origin.column - 1
            return excerpt(document, Span(start, _end(document, start)))
    return None


def _end(document: Document, start: int) -> int:
    """The end of the value at ``start``, or of its line where it goes on."""
    line = document.text[start:].partition("\n")[0].rstrip()
    return min(start + len(line), _value_end(document.nodes[0], start, len(document.text)))


def _value_end(root: Node, start: int, default: int) -> int:
    stack = [root]
    while stack:
        node = stack.pop()
        begins = node.span if node.name is None else node.name
        if begins.start == start:
            return max(node.span.end, begins.end)
        children = node.children or ()
        stack.extend(children.values() if isinstance(children, dict) else children)
    return default
