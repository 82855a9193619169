"""What is wrong with a policy file, told as a finding is."""

from __future__ import annotations

from collections.abc import Sequence

from interlock.model import Place, Problem
from interlock.report.neutral import harmless
from interlock.report.paint import painter
from interlock.report.quoting import gutter, quote
from interlock.report.wording import many


def render_problems(problems: Sequence[Problem], *, colour: bool = False) -> str:
    """Every problem with its place, in the order of the file, and a count."""
    paint = painter(colour=colour)
    lines: list[str] = []
    for problem in sorted(problems, key=lambda p: (p.path, p.line, p.column, p.message)):
        lines.append(f"{paint('policy', 'error')} {harmless(problem.message)}")
        place = _place(problem)
        width = gutter((place,))
        lines += quote(place, paint, width)
        if problem.hint:
            label = f"{paint('=', 'frame')} {paint('help:', 'strong')}"
            lines.append(f"{' ' * width} {label} {harmless(problem.hint)}")
        lines.append("")
    lines.append(f"{many(len(problems), 'problem')} in the policy: nothing was checked")
    return "\n".join(lines) + "\n"


def _place(problem: Problem) -> Place:
    return Place(
        "policy",
        "",
        problem.path,
        problem.line,
        problem.column,
        problem.end_line,
        problem.end_column,
        problem.excerpt,
        "",
        "",
        problem.cut,
    )
