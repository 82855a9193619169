"""One proposed change of one repository: a pull request, or a branch of a checkout."""

from __future__ import annotations

from interlock.trees.base import Tree
from interlock.values import Literal, NamedTuple

#: open, draft: may land some day. merged: has landed. closed: closed without landing.
#: missing: it is not there (any more). unknown: it could not be read.
State = Literal["open", "draft", "merged", "closed", "missing", "unknown"]


class Member(NamedTuple):
    """A change of the repository ``name`` (owner/name), which the policy calls ``alias``.

    ``label`` is what people call it: "serving#12", or its branch. ``base`` is where the change
    began (for one that has landed: what it landed on) and ``head`` what it makes of that; both are
    None where they could not be read. ``trailers`` are the values of its `Interlock-Set` lines.
    ``problem`` says why it could not be read, and names the permission that is missing. ``paths``
    are all that it alters, where that is known without looking. ``opened`` and ``ended`` (landed or
    closed) are seconds since 1970, 0 where unknown.
    """

    label: str
    alias: str
    name: str
    branch: str
    base: Tree | None
    head: Tree | None
    state: State = "open"
    trailers: tuple[str, ...] = ()
    from_fork: bool = False
    problem: str = ""
    paths: frozenset[str] | None = None
    opened: int = 0
    ended: int = 0

    @property
    def repo(self) -> tuple[str, str]:
        """The repository; GitHub ignores case, and the owner counts."""
        return self.alias, self.name.lower()

    @property
    def can_land(self) -> bool:
        """True where it is open, as a draft too, and its content is known."""
        return self.state in ("open", "draft") and self.base is not None and self.head is not None

    @property
    def has_landed(self) -> bool:
        """True where it has landed, and its content is known."""
        return self.state == "merged" and self.base is not None and self.head is not None
