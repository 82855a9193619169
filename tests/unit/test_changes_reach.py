"""What is found with only the files read that can decide, held against reading all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from worldrun import TODAY, policy_of

from interlock.changes import reach as module
from interlock.changes.change_set import ChangeSet, change_sets, single
from interlock.changes.counting import related
from interlock.changes.gate import Standing, gates
from interlock.changes.members import Member, State
from interlock.changes.reach import Reach
from interlock.changes.records import touched
from interlock.changes.worlds import Ground, Trees
from interlock.errors import TreeError
from interlock.experiments.dataset import Selections
from interlock.model import Finding
from interlock.policy.model import Policy
from interlock.trees.base import Entry, Repo, Unread, World
from interlock.trees.memory import MemoryTree

#: Each source keeps one record a file, unless its name says otherwise.
HEAD = """\
version: 1
repos:
  pipelines: [acme/plans, acme/more-plans]
  training: acme/training
  serving: acme/serving
sources:
  plan:
    repo: pipelines
    files: ["plans/{key}.yaml", "extra/{key}.yaml"]
    exclude: "plans/_*.yaml"
    fields:
      rate: $.rate
      model: {path: $.model, optional: true}
      tags: {path: $.tags, optional: true}
  conf:
    repo: training
    files: "conf/{key}.yaml"
    optional: true
    fields: {rate: $.rate, tags: {path: $.tags, optional: true}, env: {path: $.env, optional: true}}
  strict: {repo: serving, files: "strict/{key}.yaml", fields: {rate: $.rate}}
  pair: {repo: pipelines, files: "pairs/{team}/{key}.yaml", key: ["{team}", "{key}"],
    optional: true, fields: {rate: $.rate}}
  paired: {repo: serving, files: "paired/{key}-{team}.yaml", key: ["{team}", "{key}"],
    optional: true, fields: {rate: $.rate}}
  each: {repo: serving, files: live.yaml, each: "$.*", optional: true, fields: {w: "@.w"}}
  layered: {repo: training, layers: ["base/{key}.yaml", "over/{key}.yaml"], optional: true,
    fields: {rate: $.rate}}
  text: {repo: training, files: notes.txt, pattern: '(?P<key>[a-z]+)=(?P<rate>[0-9]+)',
    optional: true}
"""
RULES = [
    "each: plan, exists-in: [conf, strict]",
    "each: conf, exists-in: plan, authority: plan",
    "each: plan, exists-in: conf, per: [env]",
    "each: plan, exists-in: conf, when: {model: m1}",
    "each: plan, exists-in: conf, join: [lower, {strip-prefix: x-}]",
    "each: strict, exists-in: plan, join: [{map: {a: b}}]",
    "each: plan, exists-in: each",
    "each: plan, exists-in: plan",
    "each: pair, exists-in: paired",
    "each: pair.rate, equal: paired.rate, authority: pair",
    "each: plan.rate, equal: [conf.rate, strict.rate], authority: plan",
    "each: plan.rate, equal: conf.rate, absent: error",
    "each: plan.rate, equal: layered.rate",
    "each: text.rate, equal: conf.rate, compare: text",
    "each: plan.tags, same-set: conf.tags",
    "each: conf.tags, subset-of: plan.tags, except: [{key: a, reason: r, until: 2027-01-01}]",
    "each: plan.model, references: each",
    "each: plan.model, member-of: [conf.env, {values: [m1]}]",
    "each: plan.rate, uniform: {by: model}",
    "each: plan.rate, unique: in-source",
    "each: plan, exclusive: [model]",
    "each: plan.rate, before: conf.rate",
    "each: each.w, sum: 100",
    "each: plan, known-keys: [rate, model, tags]",
    "each: plan, pattern: '^[a-z-]+$'",
    "each: plan.rate, equal: conf.rate, join: lower, severity: warning",
]
NAMES = ["a", "b", "A", "x-a", "new"]
TEXTS = [
    "rate: 1\nmodel: m1\n",
    "rate: 2\nmodel: m2\ntags: [s, t]\n",
    "rate: 1\nmodel: m1\ntags: [s]\nenv: m2\n",
    "# why\nrate: 1\nmodel: m1\n",
    "model: m1\n",
    "rate: 1\n---\nrate: 2\n",
]
BROKEN = "rate: [\n"
#: (alias, repository, folder, what its files are named by)
FOLDERS = [
    ("pipelines", "acme/plans", "plans/{}.yaml"),
    ("pipelines", "acme/plans", "extra/{}.yaml"),
    ("pipelines", "acme/more-plans", "plans/{}.yaml"),
    ("pipelines", "acme/plans", "pairs/t/{}.yaml"),
    ("training", "acme/training", "conf/{}.yaml"),
    ("training", "acme/training", "base/{}.yaml"),
    ("training", "acme/training", "over/{}.yaml"),
    ("serving", "acme/serving", "strict/{}.yaml"),
    ("serving", "acme/serving", "paired/{}-t.yaml"),
    # No source reads these: only links lead there.
    ("pipelines", "acme/plans", "shared/{}.yaml"),
    ("training", "acme/training", "shared/{}.yaml"),
]
WHOLE = {
    ("serving", "acme/serving"): (
        "live.yaml",
        ["a: {w: {x: 100}}\nm1: {w: {x: 100}}\n", "b: {w: {x: 1}}\n", "m2: {w: {x: 100}}\n"],
    ),
    ("training", "acme/training"): ("notes.txt", ["a=1 b=1\n", "a=2\n", "nothing\n"]),
}
LINK = "-> "
Where = tuple[str, str]
Files = Mapping[str, str]


class Linked(MemoryTree):
    """Files in memory; one whose text begins with an arrow is a link to another."""

    def read(self, entries: Sequence[Entry]) -> Iterator[tuple[Entry, bytes | Unread]]:
        """See Tree."""
        for entry, data in super().read(entries):
            yield entry, self._followed(data)

    def _followed(self, data: bytes | Unread) -> bytes | Unread:
        if isinstance(data, Unread) or not data.startswith(LINK.encode()):
            return data
        to = Entry(data.decode().removeprefix(LINK), "")
        ((_, there),) = super().read([to])
        if isinstance(there, Unread) or there.startswith(LINK.encode()):
            return Unread("is a symbolic link to nothing in the repository")
        return there


def tree(files: Files, label: str) -> Linked:
    return Linked({path: text.encode() for path, text in files.items()}, label)


class Story:
    """Repositories, what they held when each change began, and the changes, made anew each time."""

    def __init__(self, policy: str, files: dict[Where, dict[str, str]]) -> None:
        self.policy: Policy = policy_of(policy)
        self.files = files
        self.changes: list[tuple[Where, State, dict[str, str], dict[str, str], int]] = []

    def __repr__(self) -> str:
        rules = self.policy.consistency
        told = [*(f"{r.id}: {r.relation} {r.left}" for r in rules), *map(str, self.files.items())]
        return "\n".join([*told, *map(str, self.changes)])

    def change(self, where: Where, state: State, edits: Mapping[str, str | None]) -> None:
        """A change that begins now; what landed is held from then on."""
        before = dict(self.files[where])
        after = edited(before, edits)
        self.changes.append((where, state, before, after, len(self.changes)))
        if state == "merged":
            self.files[where] = after

    def drift(self, where: Where, edits: Mapping[str, str | None]) -> None:
        """What somebody else lands without a pull request that anybody knows of."""
        self.files[where] = edited(self.files[where], edits)

    def links(self) -> dict[Where, frozenset[str]]:
        found: dict[Where, set[str]] = {where: set() for where in self.files}
        held = list(self.files.items())
        for where, _, before, after, _ in self.changes:
            held += [(where, before), (where, after)]
        for where, files in held:
            found[where] |= {path for path, text in files.items() if text.startswith(LINK)}
        return {where: frozenset(some) for where, some in found.items()}

    def ground(self, *, reaching: bool) -> Ground:
        world: World = {
            alias: tuple(Repo(alias, name, tree(self.files[alias, name], "main")) for name in names)
            for alias, names in self.policy.repos.items()
        }
        known = Reach(self.links()) if reaching else None
        return Ground(self.policy, world, TODAY, Selections(), reach=known)

    def members(self, *, paths: bool) -> list[Member]:
        found = []
        for (alias, name), state, before, after, at in self.changes:
            label = f"{name}#{at}"
            one = Member(label, alias, name, "", tree(before, "base"), tree(after, label), state)
            if paths:
                changed = {*before, *after} - {
                    path for path in before if before[path] == after.get(path)
                }
                one = one._replace(paths=frozenset(changed))
            ended = 0 if state in ("open", "draft") else 500 + at
            found.append(one._replace(opened=100 + at, ended=ended))
        return found


def edited(files: Files, edits: Mapping[str, str | None]) -> dict[str, str]:
    after = dict(files)
    for path, text in edits.items():
        if text is None:
            after.pop(path, None)
        else:
            after[path] = text
    return after


def shown(finding: Finding) -> object:
    """A finding without the names that may be meant, which other files tell."""
    named = finding.places[:1] if finding.relation == "exists-in" else finding.places
    return finding._replace(hint="", places=named, repair=None)


def told(one: ChangeSet | None) -> object:
    if one is None:
        return None
    judged = one.verdict
    ready = {m.label: Standing(approved=True, checks="green") for m in one.members}
    return {
        # Of two files of one key only one may be read: the order may be another.
        "keys": sorted(one.keys),
        "members": [m.label for m in one.members],
        "needs": [
            [(n.alias, [f.identity for f in n.findings]) for n in needs] for needs in one.needs
        ],
        "alone": [[shown(f) for f in found] for found in one.alone],
        "ignored": [(m.label, why) for m, why in one.ignored],
        "kind": judged.kind,
        "findings": [shown(f) for f in judged.findings],
        "missing": judged.missing,
        "unread": judged.unread,
        "landing": judged.landing,
        "half": [shown(f) for f in judged.half_landed],
        "touches": [sorted(keys) for keys in one.touches],
        "gates": [gates(one, ready, window) for window in (0, 3600)],
    }


def everything(on: Ground, members: Sequence[Member]) -> dict[str, object]:
    near = related(on, members, 1000)
    return {
        "sets": [told(one) for one in change_sets(on, members)],
        "single": [told(single(on, one)) for one in members],
        "related": [[[m.label for m in part] for part in group] for group in near],
        "of related": [[told(one) for one in change_sets(on, group.members)] for group in near],
    }


def same(story: Story) -> None:
    """The same is found with files left out as without."""
    whole = everything(story.ground(reaching=False), story.members(paths=False))
    assert everything(story.ground(reaching=True), story.members(paths=True)) == whole


@st.composite
def edits(draw: Any, where: Where, *, texts: Sequence[str] = TEXTS) -> dict[str, str | None]:
    """A few files of a repository, added, changed and removed; a link now and then."""
    found: dict[str, str | None] = {}
    folders = [folder for alias, name, folder in FOLDERS if (alias, name) == where]
    for _ in range(draw(st.integers(1, 3))):
        folder, name = draw(st.sampled_from(folders)), draw(st.sampled_from(NAMES))
        to = draw(st.sampled_from([folder, folders[-1]])).format(draw(st.sampled_from(NAMES)))
        choices = [*texts, None, LINK + to]
        found[folder.format(name)] = draw(st.sampled_from(choices))
    if where in WHOLE and draw(st.booleans()):
        path, some = WHOLE[where]
        found[path] = draw(st.sampled_from([*some, None]))
    return found


STATES: list[State] = ["open", "open", "open", "draft", "merged", "merged", "closed"]


@st.composite
def stories(draw: Any) -> Story:
    rules = draw(st.lists(st.sampled_from(RULES), min_size=1, max_size=4, unique=True))
    lines = [f"  - {{id: r{at}, {rule}}}" for at, rule in enumerate(rules)]
    wheres = list(dict.fromkeys((alias, name) for alias, name, _ in FOLDERS))
    files: dict[Where, dict[str, str]] = {}
    for where in wheres:
        files[where] = edited({}, draw(edits(where)))
        files[where] |= edited({}, draw(edits(where)))
    story = Story("\n".join([HEAD + "consistency:", *lines]), files)
    for _ in range(draw(st.integers(1, 4))):
        where = draw(st.sampled_from(wheres))
        if draw(st.integers(0, 5)) == 0:
            story.drift(where, draw(edits(where)))
        changed = draw(edits(where, texts=[*TEXTS, BROKEN]))
        story.change(where, draw(st.sampled_from(STATES)), changed)
    return story


@pytest.fixture(autouse=True)
def _few_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    """Worlds of a test are small: one file beside the changed ones stands for twenty."""
    monkeypatch.setattr(module, "SAMPLE", 1)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(stories())
def test_few_files_tell_what_all_of_them_tell(story: Story) -> None:
    same(story)


EMPTY: dict[Where, dict[str, str]] = {
    (alias, name): {} for alias, name in dict.fromkeys((a, n) for a, n, _ in FOLDERS)
}
PLANS, CONFS, LIVES = (
    ("pipelines", "acme/plans"),
    ("training", "acme/training"),
    ("serving", "acme/serving"),
)
GOOD, OTHER = TEXTS[0], TEXTS[1]


def story_of(*rules: str, **files: Mapping[str, str]) -> Story:
    """The repositories' files by a word each; each rule is called r0, r1 …"""
    named = {"plans": PLANS, "confs": CONFS, "lives": LIVES}
    held = {where: dict(some) for where, some in EMPTY.items()}
    held[LIVES]["strict/a.yaml"] = GOOD
    held[PLANS]["plans/a.yaml"] = GOOD
    for word, some in files.items():
        held[named[word]].update(some)
    lines = [f"  - {{id: r{at}, {rule}}}" for at, rule in enumerate(rules)]
    return Story("\n".join([HEAD + "consistency:", *lines]), held)


def found(story: Story) -> list[tuple[str, str]]:
    """(rule, key) of what is wrong where a change lands alone; the same with few files read."""
    same(story)
    on = story.ground(reaching=True)
    sets = [single(on, one) for one in story.members(paths=True)]
    return [
        (finding.rule.partition("/")[2], finding.key)
        for one in sets
        if one is not None
        for finding in one.alone[0]
    ]


def test_a_value_that_one_record_brings_is_asked_of_all() -> None:
    names = {f"plans/{name}.yaml": GOOD for name in "abc"}
    confs = {f"conf/{name}.yaml": f"rate: 1\nenv: {'dev'}\n" for name in "abc"}
    story = story_of("each: plan, exists-in: conf, per: [env]", plans=names, confs=confs)
    story.change(CONFS, "open", {"conf/a.yaml": "rate: 1\nenv: prod\n"})
    assert set(found(story)) >= {("r0", "b"), ("r0", "c")}


def test_a_name_that_becomes_anothers_collides_with_a_file_that_nobody_touched() -> None:
    plans = {f"plans/{name}.yaml": GOOD for name in ("a", "b", "x-b", "c")}
    story = story_of("each: plan.rate, equal: conf.rate, join: lower", plans=plans)
    story.change(PLANS, "open", {"plans/C.yaml": GOOD})
    assert found(story) == [("key-collision", "c")]


@pytest.mark.parametrize("broken", ["conf/z.yaml", "conf/new.yaml"])
def test_a_file_that_cannot_be_read_hides_its_own_record_alone(broken: str) -> None:
    story = story_of("each: plan, exists-in: conf", confs={"conf/a.yaml": GOOD, broken: BROKEN})
    story.change(PLANS, "open", {"plans/new.yaml": GOOD})
    assert found(story) == ([("r0", "new")] if broken == "conf/z.yaml" else [])


def test_mending_a_file_is_not_to_blame_for_what_others_lack() -> None:
    plans = {"plans/b.yaml": GOOD, "plans/z.yaml": GOOD}
    confs = {"conf/a.yaml": GOOD, "conf/z.yaml": BROKEN}
    story = story_of("each: plan, exists-in: conf", plans=plans, confs=confs)
    story.change(CONFS, "open", {"conf/z.yaml": GOOD})
    assert found(story) == []


def test_what_a_later_change_took_back_is_seen_where_that_has_not_landed() -> None:
    confs = {"conf/a.yaml": GOOD, "conf/b.yaml": GOOD}
    rule = "each: plan.rate, equal: conf.rate"
    story = story_of(rule, plans={"plans/b.yaml": GOOD}, confs=confs)
    story.change(PLANS, "merged", {"plans/a.yaml": OTHER, "plans/b.yaml": OTHER})
    story.change(PLANS, "merged", {"plans/a.yaml": GOOD})
    same(story)
    sets = change_sets(story.ground(reaching=True), story.members(paths=True))
    assert {f.key for one in sets for f in one.alone[0]} == {"a", "b"}


def test_a_layer_that_landed_in_the_meantime_is_under_a_new_one() -> None:
    plans = {"plans/a.yaml": GOOD}
    story = story_of("each: plan.rate, equal: layered.rate", plans=plans)
    story.change(CONFS, "open", {"over/a.yaml": "x: 1\n"})
    story.drift(CONFS, {"base/a.yaml": "rate: 2\n"})
    on, members = story.ground(reaching=True), story.members(paths=True)
    assert touched(on, members[0]).keys == ("a",)
    same(story)


def test_what_a_link_leads_to_is_its_content() -> None:
    confs = {"conf/a.yaml": f"{LINK}shared/a.yaml", "shared/a.yaml": GOOD}
    story = story_of("each: plan.rate, equal: conf.rate", confs=confs)
    story.change(CONFS, "open", {"shared/a.yaml": OTHER})
    assert found(story) == [("r0", "a")]


def test_the_last_file_of_a_source_is_missed_however_many_others_were_sampled() -> None:
    story = story_of("each: plan, exists-in: conf", lives={"strict/b.yaml": GOOD})
    story.change(LIVES, "open", {"strict/a.yaml": None, "strict/b.yaml": None})
    story.change(LIVES, "open", {"strict/a.yaml": None})
    assert found(story) == [("empty-source", "strict")]


def test_a_repository_whose_files_cannot_be_listed_is_unknown() -> None:
    class Torn(Linked):
        def entries(self, prefix: str) -> Sequence[Entry]:
            raise TreeError(f"no list of {prefix or 'all'}")

    story = story_of("each: plan, exists-in: conf", confs={"conf/a.yaml": GOOD})
    story.change(PLANS, "open", {"plans/new.yaml": GOOD})
    on, (one,) = story.ground(reaching=True), story.members(paths=True)
    on.world["training"] = (Repo("training", "acme/training", Torn({}, "torn")),)
    judged = single(on, one)
    assert judged is not None
    assert (judged.verdict.kind, judged.verdict.unread[0][0]) == ("unknown", "training")


def test_only_what_can_decide_is_read() -> None:
    """The reason for all of this: thousands of files, of which few are looked into."""
    plans = {f"plans/n{at}.yaml": GOOD for at in range(300)}
    confs = {f"conf/n{at}.yaml": GOOD for at in range(300)}
    rules = ("each: plan, exists-in: conf", "each: plan.rate, equal: conf.rate, join: lower")
    story = story_of(*rules, plans=plans, confs=confs)
    story.change(PLANS, "open", {"plans/new.yaml": GOOD, "plans/n7.yaml": OTHER})
    on, members = story.ground(reaching=True), story.members(paths=True)
    (one,) = change_sets(on, members)
    assert {f.key for f in one.alone[0]} == {"new", "n7"}
    assert len(on.selections.reader.files) < 20


@settings(max_examples=40, deadline=None)
@given(st.lists(edits(CONFS), min_size=1, max_size=4))
def test_taking_back_what_landed_last_gives_what_was_there_before_it(
    changes: list[dict[str, str | None]],
) -> None:
    story = story_of("each: plan, exists-in: conf")
    states = [dict(story.files[CONFS])]
    for one in changes:
        story.change(CONFS, "merged", one)
        states.append(dict(story.files[CONFS]))
    on, members = story.ground(reaching=False), story.members(paths=False)
    for order in (members, members[::-1]):
        trees = Trees(on.world, order)
        for count, wanted in enumerate(states):
            kept = frozenset(at for at, one in enumerate(order) if one in members[:count])
            (repo,) = trees.world(kept)["training"]
            assert repo.tree is not None
            raw = repo.tree.entries("")
            assert [entry.path for entry in raw] == sorted(wanted)
            plain = tree(wanted, "then")
            assert [data for _, data in repo.tree.read(raw)] == [
                data for _, data in plain.read(plain.entries(""))
            ]
