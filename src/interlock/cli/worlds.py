"""Builds the worlds of a run: which tree of our repository, beside which siblings."""

from __future__ import annotations

from interlock.errors import TreeError, UsageError
from interlock.policy.model import Policy
from interlock.trees.base import Repo, Tree, World
from interlock.trees.changes import changed_between, first_parent, merge_base
from interlock.trees.checkouts import Checkout, same_repo
from interlock.trees.history import past_tree
from interlock.trees.index import index_tree, staged_changes
from interlock.trees.objects import Objects
from interlock.trees.revision import RevisionTree, resolve, revision_tree
from interlock.trees.siblings import Siblings
from interlock.trees.walking import fetches
from interlock.trees.worktree import WorkTree
from interlock.values import Literal, NamedTuple


class Selection(NamedTuple):
    """Which state of our repository is meant: the work tree, what is staged, or revisions.

    ``listed`` is what git says is staged, where it was asked already. For credentials alone:
    ``paths`` are all of the work tree that is meant, and ``each`` means what each commit added that
    ``rev`` has and ``base`` has not.
    """

    kind: Literal["worktree", "staged", "rev", "range"]
    rev: str = ""
    base: str = ""
    listed: bytes | None = None
    paths: tuple[str, ...] = ()
    each: bool = False


class OwnTrees(NamedTuple):
    """Our repository: the tree to check, the one to compare with, and the paths that differ."""

    head: Tree
    base: Tree | None
    changed: frozenset[str] | None


def own_trees(checkout: Checkout, objects: Objects, selection: Selection) -> OwnTrees:
    """The trees that ``selection`` means; raises TreeError for a revision that is not there."""
    if selection.kind == "worktree":
        return OwnTrees(WorkTree(checkout.top, own=True), None, None)
    if selection.kind == "staged":
        found = resolve(objects, ("HEAD",))
        head = RevisionTree(objects, found[1], f"HEAD ({found[1][:7]})") if found else None
        staged = staged_changes(checkout.top, selection.listed)
        base: Tree = head if head is not None else index_tree(objects, None, {})
        return OwnTrees(index_tree(objects, head, staged), base, frozenset(staged))
    tree = revision_tree(objects, selection.rev)
    if selection.kind == "range":
        start = merge_base(checkout.top, revision_tree(objects, selection.base).commit, tree.commit)
        before: RevisionTree | None = revision_tree(objects, start)
    else:
        before = first_parent(objects, tree.commit)
    if before is None:
        empty = index_tree(objects, None, {})
        return OwnTrees(tree, empty, frozenset(entry.path for entry in tree.entries("")))
    changed = changed_between(checkout.top, before.commit, tree.commit)
    return OwnTrees(tree, before, frozenset(changed))


def world_of(
    policy: Policy, own: str, own_name: str, tree: Tree | None, siblings: Siblings, known: World
) -> World:
    """Our tree beside the siblings; ``known`` holds siblings that were found already."""
    world: World = {}
    for alias, names in policy.repos.items():
        repos = []
        for at, name in enumerate(names):
            if alias == own and tree is not None and (len(names) == 1 or same_repo(name, own_name)):
                repos.append(Repo(alias, name, tree))
            elif alias in known:
                repos.append(known[alias][at])
            else:
                repos.append(siblings.find(alias, name))
        world[alias] = tuple(repos)
        if any(fetches(repo.tree) for repo in repos):
            from interlock.cli.ahead import expect

            expect(policy, alias, repos)
    return world


def past_world(
    world: World,
    moment: int,
    checkout: Checkout | None,
    objects: Objects,
    siblings: Siblings,
    *,
    local: bool = False,
) -> World:
    """Each repository at ``moment`` (seconds since 1970); without a tree where history ends.

    With ``local`` nothing is fetched for it: what is not here has no tree either.
    """
    past: World = {}
    for alias, repos in world.items():
        then = []
        for repo in repos:
            behind = _behind(repo.tree, checkout, objects, siblings)
            old = past_tree(*behind, moment, local=local) if behind is not None else None
            tree = old.tree if old is not None else None
            tree = None if local and fetches(tree) else tree
            reason = old.reason if old is not None else "it has no history here"
            then.append(repo._replace(tree=tree, reason=reason))
        past[alias] = tuple(then)
    return past


def _behind(
    tree: Tree | None, checkout: Checkout | None, objects: Objects, siblings: Siblings
) -> tuple[Objects, str] | None:
    """The objects and the commit that a tree stands on; None where there is no commit."""
    if isinstance(tree, RevisionTree):
        return tree.objects, tree.commit
    if isinstance(tree, WorkTree) and not (checkout is not None and tree.is_at(checkout.top)):
        objects = siblings.objects(tree.root)
    elif tree is None or checkout is None:
        return None
    try:
        head = resolve(objects, ("HEAD",))
    except TreeError:
        return None
    return (objects, head[1]) if head is not None else None


def selection_of(staged: bool, rev: str, start: str, end: str) -> Selection:
    """The selection that the command's options mean; raises UsageError where they clash."""
    given = [bool(staged), bool(rev), bool(start or end)]
    if sum(given) > 1:
        raise UsageError("--staged, --rev and --from/--to exclude one another: give one of them")
    if staged:
        return Selection("staged")
    if rev:
        return Selection("rev", rev)
    if start or end:
        if not start:
            raise UsageError("--to needs --from")
        return Selection("range", end or "HEAD", start)
    return Selection("worktree")
