"""What a run may use to read other repositories."""

from __future__ import annotations

from interlock.values import NamedTuple


class Access(NamedTuple):
    """Cache, network and clock of a run.

    ``folder`` holds the cached clones ("" for none). Without ``network`` (hooks) no connection is
    opened. ``now`` and ``max_age`` are in seconds; an older clone is fetched again. ``token`` is
    sent to ``host`` alone, over https.
    """

    folder: str = ""
    network: bool = False
    now: int = 0
    max_age: int = 900
    token: str = ""
    host: str = "github.com"

    def fresh(self, stamp: int | None) -> bool:
        """True where what was fetched at ``stamp`` need not be fetched again."""
        return stamp is not None and 0 <= self.now - stamp <= self.max_age
