"""Every relation by name. Modules are imported when a policy uses them."""

from __future__ import annotations

from interlock.experiments.relations.base import Relation

_PACKAGE = "interlock.experiments.relations"
#: Relation name -> (module, attribute).
TABLE: dict[str, tuple[str, str]] = {
    "exists-in": ("exists_in", "RELATION"),
    "equal": ("equal", "RELATION"),
    "same-set": ("sets", "SAME_SET"),
    "subset-of": ("sets", "SUBSET_OF"),
    "references": ("pool", "REFERENCES"),
    "member-of": ("pool", "MEMBER_OF"),
    "sum": ("total", "RELATION"),
    "uniform": ("uniform", "RELATION"),
    "unique": ("unique", "RELATION"),
    "exclusive": ("exclusive", "RELATION"),
    "before": ("before", "RELATION"),
    "known-keys": ("known_keys", "RELATION"),
    "pattern": ("pattern", "RELATION"),
}


def relation(name: str) -> Relation:
    """The relation of that name; KeyError for one that does not exist."""
    module, attribute = TABLE[name]
    # The statement's own function: importlib itself would have to be imported.
    found = getattr(__import__(f"{_PACKAGE}.{module}", fromlist=[attribute]), attribute)
    assert isinstance(found, Relation)
    return found
