"""Brings missing objects and history into a clone, each in one go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from interlock.errors import TreeError
from interlock.trees.process import git
from interlock.values import NamedTuple

#: Asks for exactly what is named: nothing is negotiated, since nothing can be assumed to be here.
_EXACTLY = ("-c", "fetch.negotiationAlgorithm=noop", "-c", "maintenance.auto=false")
_QUIETLY = (
    "fetch",
    "--quiet",
    "--no-tags",
    "--no-write-fetch-head",
    "--recurse-submodules=no",
    "--no-auto-maintenance",
)


class Network(NamedTuple):
    """Where a clone may fetch from: the name of a remote.

    ``options`` go before git's verb; ``settings`` are configuration with credentials, which only
    the environment carries.
    """

    remote: str
    options: tuple[str, ...] = ()
    settings: Mapping[str, str] = {}


def absent(where: str, ids: Sequence[str], *, own: bool = False) -> list[str]:
    """Those of ``ids`` (of commits, trees or files) that are not here, in one look."""
    given = "".join(f"{oid}\n" for oid in ids).encode()
    if not given:
        return []
    output = git(where, "cat-file", "--batch-check=%(objectname)", own=own, given=given)
    lines = output.decode().splitlines()
    return [oid for oid, line in zip(ids, lines, strict=True) if line.endswith(" missing")]


def fetch_objects(where: str, network: Network, ids: Sequence[str], *, own: bool) -> None:
    """Fetch all of ``ids`` in one connection; raises TreeError with git's reason."""
    git(
        where,
        *network.options,
        *_EXACTLY,
        *_QUIETLY,
        "--filter=blob:none",
        "--stdin",
        network.remote,
        own=own,
        network=True,
        settings=network.settings,
        given="".join(f"{oid}\n" for oid in ids).encode(),
    )


def fetch_revision(where: str, network: Network, revision: str) -> None:
    """Fetch a tag, or a commit that is on no branch; a name that is not there is no error."""
    import re

    if not revision or revision.startswith("-") or not re.fullmatch(r"[\w./@+-]+", revision):
        return
    for spec in (f"+refs/tags/{revision}:refs/tags/{revision}", revision):
        try:
            git(
                where,
                *network.options,
                *_QUIETLY,
                "--filter=blob:none",
                network.remote,
                spec,
                network=True,
                settings=network.settings,
            )
        except TreeError:
            continue
        return


def deepen(where: str, network: Network, commit: str, moment: int, *, own: bool) -> None:
    """Fetch the history of a shallow clone back to the first commits before ``moment``."""
    for how in (f"--shallow-since=@{moment}", "--deepen=1"):
        git(
            where,
            *network.options,
            *_QUIETLY,
            how,
            network.remote,
            commit,
            own=own,
            network=True,
            settings=network.settings,
        )
