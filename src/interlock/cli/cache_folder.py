"""Where copies of other repositories are kept between runs."""

from __future__ import annotations

import os


def cache_folder() -> str:
    """INTERLOCK_CACHE, else "interlock" in the user's cache folder (XDG_CACHE_HOME, ~/.cache)."""
    home = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return os.environ.get("INTERLOCK_CACHE") or os.path.join(home, "interlock")
