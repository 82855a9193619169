"""What a built-in rule is: what to tell people about it, and its check."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from interlock.experiments.breach import Breach
from interlock.experiments.dataset import Dataset
from interlock.model import Severity
from interlock.values import NamedTuple


class RuleDoc(NamedTuple):
    """A rule for people: its page, its line in the table, its default severity."""

    id: str
    summary: str
    what: str
    why: str
    bad: str
    good: str
    fix: str
    since: str
    severity: Severity


class SourceRule(NamedTuple):
    """A rule that looks at one source of a world at a time."""

    doc: RuleDoc
    check: Callable[[Dataset, str], Iterator[Breach]]
