"""What a relation is: a name, what to tell people about it, and its check."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from interlock.experiments.breach import Breach
from interlock.experiments.dataset import Dataset
from interlock.policy.model import Rule
from interlock.values import NamedTuple


class Relation(NamedTuple):
    """One relation. ``example`` is a consistency rule in YAML; the texts make its page."""

    name: str
    summary: str
    what: str
    why: str
    example: str
    fix: str
    since: str
    check: Callable[[Rule, Dataset], Iterator[Breach]]
