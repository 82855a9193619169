"""The tree of a git revision."""

from __future__ import annotations

from collections.abc import Sequence

from interlock.errors import TreeError
from interlock.trees.base import Entry
from interlock.trees.objects import Objects, TooLarge
from interlock.trees.since import Since
from interlock.trees.walking import Folder, Item, ObjectTree, parse_tree


class RevisionTree(ObjectTree):
    """Files of one commit, read lazily through git's own objects."""

    def __init__(
        self, objects: Objects, commit: str, label: str, since: Since | None = None
    ) -> None:
        """``commit`` is a full id; ``label`` is what people call it.

        ``since`` is what it changes, where that is known: those paths need no listing.
        """
        super().__init__(objects, label)
        self.commit = commit
        self.since = since
        self._above: frozenset[str] | None = None
        self._listed: dict[str, Sequence[Entry]] = {}

    def entries(self, prefix: str) -> Sequence[Entry]:
        """See Tree."""
        if self.since is not None:  # of hundreds of proposals each listing would be kept
            return super().entries(prefix)
        if prefix not in self._listed:
            self._listed[prefix] = super().entries(prefix)
        return self._listed[prefix]

    def item(self, path: str) -> Item | None:
        """See ObjectTree."""
        if self.since is not None and path in self.since.changes:
            known = self.since.changes[path][1]
            # Where a file is gone, a folder may be: what came or went below it says so.
            if known is not None or path not in self._folders_changed():
                return known
        return super().item(path)

    def _folders_changed(self) -> frozenset[str]:
        """The folders of all that is known to be changed."""
        if self._above is None:
            found: set[str] = set()
            for path in self.since.changes if self.since is not None else ():
                while (path := path.rpartition("/")[0]) and path not in found:
                    found.add(path)
            self._above = frozenset(found)
        return self._above

    def root_name(self) -> str:
        """See ObjectTree."""
        return f"{self.commit}^{{tree}}"

    def _load(self, path: str) -> Folder:
        if path:
            above, _, name = path.rpartition("/")
            asked = self.folder(above)[name][1]
        else:
            asked = self.root_name()
        known = self.objects.folders.get(asked)
        if known is not None:
            return known
        got = self.objects.get(asked)
        if got is None or isinstance(got, TooLarge) or got[1] != "tree":
            where = f"the folder {path}" if path else "the files"
            raise TreeError(f"git has not got {where} of {self.label} in {self.objects.where}")
        found = self.objects.folders[asked] = parse_tree(got[2], len(got[0]) // 2)
        return found


def resolve(objects: Objects, names: Sequence[str]) -> tuple[str, str] | None:
    """(name, commit id) of the first of ``names`` that is a commit in the repository.

    A name is a revision, not a search (``:/text``, ``^{/text}``) and not a path (``REV:path``).
    """
    for name in names:
        if name.startswith("-") or ":" in name or "{/" in name:
            continue
        got = objects.get(f"{name}^{{commit}}")
        if got is not None and not isinstance(got, TooLarge):
            return name, got[0]
    return None


def short_name(ref: str) -> str:
    """A ref as people write it: ``main``, ``origin/main``."""
    for start in ("refs/heads/", "refs/remotes/", "refs/tags/"):
        if ref.startswith(start):
            return ref[len(start) :]
    return ref


def labelled(objects: Objects, name: str, commit: str) -> RevisionTree:
    """The tree of ``commit`` under the label ``name (1a2b3c4)``."""
    shown, short = short_name(name), commit[:7]
    return RevisionTree(
        objects, commit, short if commit.startswith(shown) else f"{shown} ({short})"
    )


def revision_tree(objects: Objects, name: str) -> RevisionTree:
    """The tree of ``name``; raises TreeError with the revision that was probably meant."""
    found = resolve(objects, (name,))
    if found is None:
        raise TreeError(f"there is no revision `{name}` in {objects.where}{_near(objects, name)}")
    return labelled(objects, *found)


def _near(objects: Objects, name: str) -> str:
    from difflib import get_close_matches

    from interlock.trees.process import git

    refs = "refs/heads", "refs/remotes", "refs/tags"
    listed = git(objects.where, "for-each-ref", "--format=%(refname)", *refs, own=objects.own)
    names = {short_name(ref) for ref in listed.decode("utf-8", "replace").splitlines()[:10_000]}
    names |= {one.partition("/")[2] for one in names if "/" in one}
    close = get_close_matches(name, names, n=1)
    if close:
        return f": did you mean `{close[0]}`?"
    return ": fetch it there, or check how it is written"
