"""Every relation by name. Modules are imported when a policy uses them."""

from __future__ import annotations

from interlock.experiments.relations.base import Relation

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
    from importlib import import_module

    module, attribute = TABLE[name]
    found = getattr(import_module(f"interlock.experiments.relations.{module}"), attribute)
    assert isinstance(found, Relation)
    return found
