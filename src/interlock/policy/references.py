"""How a policy names another one: built in, a file, or a file of another repository.

``interlock:recommended`` is built in. ``teams/ranking.yaml`` is a file, relative to the one that
names it and never outside its repository. ``acme/policies//interlock.yaml@v3`` is a file of
another repository at a commit, a tag or a branch; so is the mapping
``{repo: acme/policies, path: interlock.yaml, branch: main}`` (or ``revision:``).
"""

from __future__ import annotations

import re

from interlock.values import NamedTuple

BUILT_IN = "interlock:"
REPO = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+\Z")
# Compiled when a policy of another repository is met, which most hooks never do.
_COMMIT = r"[0-9a-f]{40}(?:[0-9a-f]{24})?"
_REVISION = r"[A-Za-z0-9_][\w./+-]*"


class Reference(NamedTuple):
    """Where a policy file lies.

    ``built_in``: its name. Else ``path`` in the repository ``repo`` (owner/name) at ``revision``;
    ``repo`` is "" for the repository that the first policy file lies in.
    """

    built_in: str = ""
    repo: str = ""
    path: str = ""
    revision: str = ""

    @property
    def name(self) -> str:
        """What people call it; it reads as a reference again."""
        if self.built_in:
            return BUILT_IN + self.built_in
        return f"{self.repo}//{self.path}@{self.revision}" if self.repo else self.path

    @property
    def pinned(self) -> bool:
        """True where the same reference always means the same text."""
        return not self.repo or bool(re.fullmatch(_COMMIT, self.revision))


def read_reference(text: str, beside: Reference) -> Reference:
    """The policy that ``text`` names in the file ``beside``; raises ValueError with a sentence."""
    if text.startswith(BUILT_IN):
        return Reference(built_in=text.removeprefix(BUILT_IN))
    if "//" in text:
        return remote(*_split(text))
    if beside.built_in:
        raise ValueError("a built-in policy cannot name files")
    path = joined(beside.path, text)
    if path is None:
        raise ValueError(f"`{text}` leads out of the repository of {beside.name}")
    return beside._replace(path=path)


def _split(text: str) -> tuple[str, str, str]:
    repo, _, rest = text.partition("//")
    path, at, revision = rest.rpartition("@")
    return (repo, path, revision) if at else (repo, rest, "")


def remote(repo: str, path: str, revision: str) -> Reference:
    """A file of another repository; raises ValueError with a sentence."""
    if not REPO.match(repo):
        raise ValueError(f"`{repo}` is no repository: write `owner/name//path@revision`")
    inside = joined("", path)
    if inside is None:
        raise ValueError(f"`{path}` is no path in {repo}: write `owner/name//path@revision`")
    if not re.fullmatch(_REVISION, revision) or ".." in revision:
        raise ValueError(
            f"`{repo}//{path}` needs a revision: `@<commit>` pins it, `@<branch>` follows a branch"
        )
    return Reference(repo=repo, path=inside, revision=revision)


def joined(file: str, path: str) -> str | None:
    """``path`` as seen from the folder of ``file``; None where it leaves the repository.

    A ``file`` given from outside a repository (absolute, or with leading ``..``) stands in for
    the top: nothing above its folder can be reached.
    """
    folder = file.rpartition("/")[0]
    if not path or path.startswith("/") or "\\" in path or "\0" in path or path[1:2] == ":":
        return None
    closed = file.startswith(("/", "..")) or file[1:2] == ":"
    parts = [] if closed else [part for part in folder.split("/") if part not in ("", ".")]
    for part in path.split("/"):
        if part in ("", "."):
            continue
        if part != "..":
            parts.append(part)
        elif parts:
            parts.pop()
        else:
            return None
    inside = "/".join(parts)
    if not inside:
        return None
    return f"{folder}/{inside}" if closed and folder else inside
