"""What a run on GitHub says in its log, which everybody reads who reads its repository."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from interlock.github.picture import Looking, Picture
from interlock.github.telling import told
from interlock.github.writing import Written
from interlock.report.neutral import harmless
from interlock.report.reminder import alarm, headline


def lines(looking: Looking, picture: Picture, written: Sequence[Written]) -> Iterator[str]:
    """A headline for each set, each member's gate, and what was written."""
    done = {one.label: one for one in written}
    for judged in picture.sets:
        one = told(looking, picture, judged, -1)
        yield harmless(headline(one))
        broken = alarm(one)
        if broken:
            yield f"  {harmless(broken)}"
        for member, gate in zip(judged.found.members, judged.gates, strict=True):
            yield f"  {_line(member.label, f'{gate.state}: {gate.summary}', done)}"
    for each in picture.loose:
        yield _line(each.label, f"{each.gate.state}: {each.gate.summary}", done)
    if not picture.sets and not picture.loose:
        yield "nothing here belongs to a change set"
    for name, repo in sorted(picture.overview.repos.items()):
        if repo.problem:
            yield f"{name}: {harmless(repo.problem)}"
        elif repo.moved:
            yield f"{name} is {harmless(repo.full_name)} now: name it so in the policy"


def _line(label: str, gate: str, done: dict[str, Written]) -> str:
    what = done.get(label)
    told_now = ", ".join(what.done) if what is not None and what.done else "nothing new"
    problem = f"; {harmless(what.problem)}" if what is not None and what.problem else ""
    return f"{harmless(label)}  {harmless(gate)}  [{told_now}{problem}]"
