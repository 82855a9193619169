"""Credentials in the names of files: each is a hit of its own, and no name is told with it."""

from __future__ import annotations

from collections.abc import Iterable

from interlock.secrets.model import Hit, Rule, Text
from interlock.secrets.scan import Scanner, scan
from interlock.values import NamedTuple

#: Stands for any value: its width tells nothing.
MASK = "●●●"
#: Families whose values are known by a key beside them or by their file.
_BY_PLACE = ("named", "files")


class Named(NamedTuple):
    """The hits in names, and for each such name the one that is told instead."""

    hits: tuple[Hit, ...]
    instead: dict[str, str]

    def told(self, path: str) -> str:
        """``path`` without a credential."""
        return self.instead.get(path, path)


def in_names(paths: Iterable[str], using: Scanner) -> Named:
    """The tokens with a prefix of their own that ``paths`` hold."""
    names = sorted(set(paths))
    body = "".join(name.replace("\n", " ") + "\n" for name in names)
    values: list[str] = []

    def keeping(value: str) -> str:
        values.append(value)
        return str(len(values) - 1)

    hits: list[Hit] = []
    instead: dict[str, str] = {}
    text = Text("", body.encode("utf-8", "surrogateescape"))
    found = list(scan([text], using._replace(keep=keeping, ask=None)))
    # A scan without any pays for nothing more.
    known = {r.id: r.keywords for r in using.rules if _is_prefixed(r)} if found else {}
    for hit in found:
        value = values[int(hit.fingerprint)]
        if not any(word.lower() in value.lower() for word in known.get(hit.rule, ())):
            continue  # only what stands before it tells that it is one
        name = names[hit.line - 1]
        instead[name] = masked(instead.get(name, name), value)
        hits.append(hit._replace(path=name, line=1, column=1, fingerprint=using.keep(value)))
    told = tuple(hit._replace(path=instead[hit.path]) for hit in hits)
    return Named(told, instead)


def _is_prefixed(rule: Rule) -> bool:
    at_a_place = rule.paths or rule.context or rule.near or rule.family in _BY_PLACE
    return bool(rule.keywords) and not at_a_place


def masked(name: str, value: str) -> str:
    """``name`` with ``value`` masked, and what touches it: a rule may take less than the whole."""
    import re

    return re.sub(rf"[\w\-]*{re.escape(value)}[\w\-=]*", MASK, name)
