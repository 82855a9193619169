"""Web addresses of what was read, for reports on GitHub."""

from __future__ import annotations

import os

from interlock.trees.base import World
from interlock.trees.revision import RevisionTree


def web_links(world: World) -> tuple[tuple[str, str], ...]:
    """(owner/name, address of its files at the commit that was read); () outside of GitHub.

    GITHUB_SERVER_URL is set in every run of GitHub Actions, GitHub Enterprise's too.
    """
    server = os.environ.get("GITHUB_SERVER_URL", "").rstrip("/")
    if not server.startswith("https://"):
        return ()
    return tuple(
        (repo.name, f"{server}/{repo.name}/blob/{repo.tree.commit}/")
        for repos in world.values()
        for repo in repos
        if repo.name.count("/") == 1 and isinstance(repo.tree, RevisionTree)
    )
