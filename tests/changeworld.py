"""Change sets over files held in memory: what each repository holds, and what changes there."""

from __future__ import annotations

from collections.abc import Mapping

from worldrun import TODAY, Files, policy_of, world_of

from interlock.changes.change_set import ChangeSet, change_sets
from interlock.changes.members import Member, State
from interlock.changes.worlds import Ground
from interlock.experiments.dataset import Selections
from interlock.trees.base import Repo, Tree, World
from interlock.trees.memory import MemoryTree

#: Path -> its new text, None where the change removes it.
Edits = Mapping[str, str | None]

#: Three repositories: training and serving read what plan decides.
POLICY = """\
version: 1
repos: {pipelines: acme/plans, training: acme/training, serving: acme/serving}
sources:
  plan:
    repo: pipelines
    files: "plans/{key}.yaml"
    fields: {rate: $.rate, model: $.model}
  training: {repo: training, files: "conf/{key}.yaml", fields: {rate: $.rate}, optional: true}
  registry: {repo: training, files: models.yaml, each: "$.*", optional: true}
  serving: {repo: serving, files: live.yaml, each: "$.*", fields: {w: "@.w"}, optional: true}
consistency:
  - {id: everywhere, each: plan, exists-in: [training, serving]}
  - {id: same-rate, each: plan.rate, equal: training.rate, authority: plan}
  - {id: model-known, each: plan.model, references: registry}
  - {id: weights, each: serving.w, sum: 100}
"""
#: One experiment that is everywhere already.
BASE: Files = {
    "pipelines": {"plans/old.yaml": "rate: 1\nmodel: m1\n"},
    "training": {"conf/old.yaml": "rate: 1\n", "models.yaml": "m1: {}\n"},
    "serving": {"live.yaml": "old: {w: {a: 60, b: 40}}\n"},
}
#: What each repository changes for a new experiment.
NEW: Mapping[str, Edits] = {
    "pipelines": {"plans/new.yaml": "rate: 2\nmodel: m1\n"},
    "training": {"conf/new.yaml": "rate: 2\n"},
    "serving": {"live.yaml": "old: {w: {a: 60, b: 40}}\nnew: {w: {a: 50, b: 50}}\n"},
}


def ground(policy: str = POLICY, files: Files = BASE, unread: tuple[str, ...] = ()) -> Ground:
    """The default branches; those of ``unread`` cannot be read."""
    loaded = policy_of(policy)
    world: World = world_of(loaded, files)
    for alias in unread:
        world[alias] = tuple(Repo(alias, r.name, None, "no access") for r in world[alias])
    return Ground(loaded, world, TODAY, Selections())


def member(
    on: Ground,
    alias: str,
    edits: Edits | None = None,
    *,
    label: str = "",
    branch: str = "",
    state: State = "open",
    trailers: tuple[str, ...] = (),
    fork: bool = False,
    files: Files = BASE,
    name: str = "",
) -> Member:
    """A change of ``alias``: of a merged one the ground has to hold the result."""
    name = name or on.policy.repos[alias][0]
    before = {path: text.encode() for path, text in files.get(alias, {}).items()}
    after = dict(before)
    for path, text in (NEW[alias] if edits is None else edits).items():
        if text is None:
            after.pop(path)
        else:
            after[path] = text.encode()
    base: Tree | None = MemoryTree(before, "base")
    head: Tree | None = MemoryTree(after, label or f"{alias} change")
    if state == "unknown":
        base = head = None
    label = label or f"{alias}#1"
    problem = "the App lacks `contents: read`" if state == "unknown" else ""
    return Member(label, alias, name, branch, base, head, state, trailers, fork, problem)


def landed(files: Files, *changes: tuple[str, Edits]) -> Files:
    """``files`` once ``changes`` of (alias, edits) have landed."""
    found = {alias: dict(paths) for alias, paths in files.items()}
    for alias, edits in changes:
        for path, text in edits.items():
            if text is None:
                del found[alias][path]
            else:
                found[alias][path] = text
    return found


def only(on: Ground, *members: Member) -> ChangeSet:
    """The one set there is."""
    sets = change_sets(on, members)
    assert len(sets) == 1
    return sets[0]


def labels(members: tuple[Member, ...]) -> list[str]:
    return [one.label for one in members]
