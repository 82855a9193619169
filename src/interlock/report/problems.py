"""What is wrong with a policy file, told like a compiler does."""

from __future__ import annotations

from collections.abc import Sequence

from interlock.model import Place, Problem
from interlock.report.neutral import harmless
from interlock.report.quoting import quote


def render_problems(problems: Sequence[Problem], *, colour: bool = False) -> str:
    """Every problem with its place, in the order of the file, and a count."""

    def paint(text: str, shade: str) -> str:
        codes = {"blue": "34;1", "cyan": "36"}
        return f"\x1b[{codes[shade]}m{text}\x1b[0m" if colour else text

    lines: list[str] = []
    for problem in sorted(problems, key=lambda p: (p.path, p.line, p.column)):
        lines.append(f"policy: {harmless(problem.message)}")
        place = Place(
            "policy", "", problem.path, problem.line, problem.column, problem.end_line,
            problem.end_column, problem.excerpt, "", "",
        )
        lines += quote(place, paint)
        if problem.hint:
            lines.append(f"  = help: {harmless(problem.hint)}")
        lines.append("")
    plural = "" if len(problems) == 1 else "s"
    lines.append(f"{len(problems)} problem{plural} in the policy; nothing was checked")
    return "\n".join(lines) + "\n"
