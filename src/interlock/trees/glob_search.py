"""Matches a glob without trying anything twice, for names that a regex could take for ever on.

The answer is the regex's own: of several ways to match, the one that it would find first.
"""

from __future__ import annotations

import re
from functools import lru_cache

from interlock.errors import TreeError
from interlock.trees.globs import PIECES, joined, translate
from interlock.values import NamedTuple

#: States of one search in a glob with a capture that occurs twice: no such search is linear.
_MAX_STATES = 200_000

_STAR = ("*", "[^/]*")
#: name -> (start, end) of what was captured, innermost first.
_Captured = tuple[tuple[str, int, int], ...]


class _Step(NamedTuple):
    """literal, one (a class or ``?``), star, capture, more (of a capture), again, deep, any, rest.

    ``text`` is a literal or a capture's name; ``regex`` tells one character.
    """

    kind: str
    text: str
    regex: re.Pattern[str] | None = None


def search(glob: str, path: str) -> dict[str, str] | None:
    """The captures where ``path`` matches the well-formed ``glob``, else None.

    Time grows with the product of both lengths. Raises TreeError where a capture occurs twice and
    the name was made so that this cannot be decided in bounded time.
    """
    steps, twice = _steps(glob)
    todo: list[tuple[int, int, _Captured]] = [(0, 0, ())]
    seen: set[tuple[int, int, _Captured]] = set()
    while todo:
        state = todo.pop()
        at, here, captured = state
        # What was captured matters for what follows only where it is asked for again.
        known = (at, here, tuple(one for one in captured if one[0] in twice))
        if known in seen:
            continue
        seen.add(known)
        if twice and len(seen) > _MAX_STATES:
            raise TreeError(
                f"a file name of {len(path):,} characters has too many ways to match `{glob}`, "
                f"which has a capture twice: {path[:80]!r}; rename the file or simplify the glob"
            )
        if at == len(steps):
            if here == len(path):
                return {name: path[start:end] for name, start, end in captured}
            continue
        todo += _next(steps[at], at, here, captured, path)
    return None


def _next(
    step: _Step, at: int, here: int, captured: _Captured, path: str
) -> list[tuple[int, int, _Captured]]:
    """The states after ``step``, the one to try first at the end."""
    kind = step.kind
    inside = here < len(path) and path[here] != "/"
    if kind == "literal":
        fits = path.startswith(step.text, here)
        return [(at + 1, here + len(step.text), captured)] if fits else []
    if kind == "one":
        fits = inside and step.regex is not None and step.regex.match(path, here) is not None
        return [(at + 1, here + 1, captured)] if fits else []
    if kind == "star":
        return [(at + 1, here, captured), *([(at, here + 1, captured)] if inside else [])]
    if kind == "capture":
        return [(at + 1, here + 1, (*captured, (step.text, here, here + 1)))] if inside else []
    if kind == "more":
        name, start, _ = captured[-1]
        longer = (at, here + 1, (*captured[:-1], (name, start, here + 1)))
        return [*([longer] if inside else []), (at + 1, here, captured)]
    if kind == "again":
        start, end = next((one[1], one[2]) for one in captured if one[0] == step.text)
        fits = path.startswith(path[start:end], here)
        return [(at + 1, here + end - start, captured)] if fits else []
    if kind == "deep":
        slash = path.find("/", here)
        below = [(at, slash + 1, captured)] if slash > here else []
        return [(at + 1, here, captured), *below]
    if kind == "any":
        more = [(at, here + 1, captured)] if here < len(path) else []
        return [(at + 1, here, captured), *more]
    whole = path.startswith("/", here)  # rest: everything below a folder, or the folder itself
    return [(at + 1, here, captured), *([(at + 1, len(path), captured)] if whole else [])]


@lru_cache(maxsize=64)
def _steps(glob: str) -> tuple[tuple[_Step, ...], frozenset[str]]:
    """The steps of a glob, and the captures that occur twice."""
    steps: list[_Step] = []
    names: set[str] = set()
    twice: set[str] = set()
    kinds = {"**/": "deep", "/**": "rest", "**": "any", "*": "star"}
    for token in re.finditer(PIECES, glob):
        piece, name = token.group(), token.group(1)
        if name in names:
            twice.add(name)
            steps.append(_Step("again", name))
        elif name is not None:
            names.add(name)
            steps += [_Step("capture", name), _Step("more", name)]
        elif piece in kinds:
            steps.append(_Step(kinds[piece], ""))
        elif piece == "?" or piece[0] == "[":
            steps.append(_Step("one", piece, re.compile(translate(glob, piece, None, []))))
        else:
            steps.append(_Step("literal", piece))
    return tuple(steps), frozenset(twice)


def covering(glob: str) -> str:
    """A regex for every path that ``glob`` matches, whose time is at most the path's length cubed.

    It matches more than the glob where a capture or ``**`` occurs twice.
    """
    pieces: list[tuple[str, str]] = []
    for token in re.finditer(PIECES, glob):
        piece, name = token.group(), token.group(1)
        pieces += [("?", "[^/]"), _STAR] if name else [(piece, translate(glob, piece, None, []))]
        if pieces[-2:] == [_STAR, _STAR]:
            pieces.pop()
    deep = [at for at, (piece, _) in enumerate(pieces) if piece in ("**", "**/")]
    if len(deep) > 1:
        pieces[deep[0] : deep[-1] + 1] = [("**", ".*")]
    return joined(pieces)[0]
