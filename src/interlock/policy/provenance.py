"""Where each value of an effective policy was written, computed when somebody asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from interlock.policy.model import Origin
from interlock.policy.raw import Raw

#: Lists whose elements have ids: a path names the element by it, not by its number.
_BY_ID = ("consistency", "companions", "secrets.rules")


class Provenance(Mapping[str, Origin]):
    """Dotted path of the effective policy -> where it was written.

    Elements of a list are numbered from 0, rules and companions are named by their id:
    ``sources.plan.files``, ``consistency.same-params.authority``, ``waivers.0.until``.
    """

    def __init__(self, raw: Raw, layers: tuple[Raw, ...]) -> None:
        """Keep the raw policy, and the files that it is made of, lowest first."""
        self._raw = raw
        self.layers = layers
        self._table: dict[str, Origin] | None = None

    def _origins(self) -> dict[str, Origin]:
        if self._table is None:
            self._table = {path: part.origin() for path, part in _parts(self._raw)}
        return self._table

    def __getitem__(self, path: str) -> Origin:
        """Where the value at ``path`` was written."""
        return self._origins()[path]

    def __iter__(self) -> Iterator[str]:
        """Every path, in the order of the effective policy."""
        return iter(self._origins())

    def __len__(self) -> int:
        """How many values there are."""
        return len(self._origins())


def _parts(raw: Raw, path: str = "") -> Iterator[tuple[str, Raw]]:
    if isinstance(raw.value, dict):
        below = list(raw.members().items())
    elif isinstance(raw.value, list):
        below = [(step(path, at, item.value), item) for at, item in enumerate(raw.items())]
    else:
        return
    for name, part in below:
        inner = f"{path}.{name}" if path else name
        yield inner, part
        yield from _parts(part, inner)


def step(path: str, at: int, value: object) -> str:
    """The last step of the path of element ``at`` of the list at ``path``."""
    name = value.get("id") if path in _BY_ID and isinstance(value, dict) else None
    return name if isinstance(name, str) else str(at)
