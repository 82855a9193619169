"""A breach: what a rule found, before places are computed and text is laid out."""

from __future__ import annotations

from collections.abc import Callable

from interlock.experiments.records import Leaf, SourceFile
from interlock.values import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from interlock.experiments.near import Names


class Spot(NamedTuple):
    """One side of a breach: a selected value, and what to say of it."""

    leaf: Leaf
    note: str


class Missing(NamedTuple):
    """A side that is not there: the source, and the path where it was expected ("" unknown)."""

    repo: str
    name: str
    path: str
    note: str


class InFile(NamedTuple):
    """A side given as offsets into a file; None for the file as a whole."""

    file: SourceFile
    span: tuple[int, int] | None
    note: str


class InPolicy(NamedTuple):
    """A side that stands in the policy itself."""

    file: str
    line: int
    column: int
    note: str


AnySpot = Spot | Missing | InFile | InPolicy


class Mend(NamedTuple):
    """What would mend a breach under its rule's authority.

    set: ``target`` takes ``value``. remove: the member or element ``target`` goes.
    rename: the member ``target`` is called ``name``.
    insert: ``value`` goes into the container ``target`` under ``name`` ("" for a list).
    ``keep_type``: text stays text and a number a number, since the rule compares what they say.
    ``refusal`` says why it cannot be mended after all; then nothing else counts.
    """

    action: Literal["set", "remove", "insert", "rename"]
    target: Leaf
    value: Any
    name: str
    origin: Leaf | None
    keep_type: bool = False
    refusal: str = ""


#: A mend, or how to find it out.
AnyMend = Mend | Callable[[], Mend]


class Breach(NamedTuple):
    """What a rule found. ``spots[0]`` is the side to change first.

    ``repos`` are the aliases of the relation's sides, in a fixed order; ``repair_in`` those that
    have to change. ``near`` is a name that was not found, with the names that exist, for a
    suggestion that is computed only when the breach is shown. ``values`` are the values in
    question as text. ``mend`` is a function where finding out takes a look at other rules.
    """

    key: str
    field: str
    member: str
    message: str
    spots: tuple[AnySpot, ...]
    repos: tuple[str, ...]
    repair_in: tuple[str, ...]
    values: tuple[str, ...] = ()
    hint: str = ""
    near: tuple[str, Callable[[], Names]] | None = None
    mend: AnyMend | None = None
