"""The records of one world: selected once a source, indexed once a join."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from interlock.documents.kept import Kept
from interlock.errors import TreeError
from interlock.experiments.compare import as_text
from interlock.experiments.fields import field_of
from interlock.experiments.keys import is_a_file_each, key_of_path
from interlock.experiments.reading import Reader
from interlock.experiments.records import FieldValue, Record, leaves
from interlock.experiments.select import Selected, select
from interlock.policy.model import Policy, Source, Transform
from interlock.trees.base import Repo, World

Key = tuple[str, ...]


class Selections:
    """Selections that worlds share: a tree gives the same records in each of them."""

    def __init__(self, kept: Kept | None = None) -> None:
        """Start empty; ``kept`` are documents of an earlier run."""
        self.reader = Reader(kept)
        self._selected: dict[tuple[str, str, int], Selected] = {}
        self._kept: list[object] = []

    def of(self, source: Source, repo: Repo) -> Selected:
        """What ``source`` gives in ``repo``; raises TreeError where it cannot be read."""
        where = (source.name, repo.alias, id(repo.tree))
        found = self._selected.get(where)
        if found is None:
            self._kept.append(repo.tree)  # an id stays valid only while its object lives
            found = select(source, repo, self.reader)
            self._selected[where] = found
        return found


class Dataset:
    """All that the relations ask of one world."""

    def __init__(self, policy: Policy, world: World, selections: Selections) -> None:
        """Hold the world; nothing is read before it is asked for."""
        self.policy = policy
        self.world = world
        self._selections = selections
        self._indexes: dict[tuple[str, Key, tuple[object, ...]], dict[Key, list[Record]]] = {}
        self._records: dict[str, tuple[Record, ...]] = {}
        self._unread: dict[str, str] = {}
        for repos in world.values():
            self._unread.update({_id(r): r.reason for r in repos if r.tree is None})

    def source(self, name: str) -> Source:
        """The source of that name."""
        return self.policy.sources[name]

    def selected(self, name: str) -> list[tuple[Repo, Selected]]:
        """What the source gave in each of its repositories that could be read."""
        source, found = self.source(name), []
        for repo in self._repos(source):
            if _id(repo) in self._unread:
                continue
            try:
                found.append((repo, self._selections.of(source, repo)))
            except TreeError as error:
                self._unread[_id(repo)] = str(error)
        return found

    def unread(self, name: str) -> list[tuple[Repo, str]]:
        """The source's repositories that could not be read, each with the reason."""
        self.selected(name)
        repos = self._repos(self.source(name))
        return [(repo, self._unread[_id(repo)]) for repo in repos if _id(repo) in self._unread]

    def _repos(self, source: Source) -> list[Repo]:
        return [repo for alias in source.repos for repo in self.world.get(alias, ())]

    def incomplete(self, name: str) -> bool:
        """True where a file of the source could not be used, so that absence proves nothing."""
        return any(got.incomplete for _, got in self.selected(name))

    def doubtful(self, name: str) -> frozenset[Key] | None:
        """The keys whose absence proves nothing; None for all of them.

        A file that could not be used hides the records that it may hold: where each file is one
        record, that is the one which its path names.
        """
        found: set[Key] = set()
        for _, got in self.selected(name):
            if got.incomplete and not is_a_file_each(self.source(name)):
                return None
            paths = [one.path for one in got.unusable]
            paths += [file.path for file, problem in got.problems if problem.fatal]
            found.update(key for path in paths if (key := key_of_path(self.source(name), path)))
        return frozenset(found)

    def records(self, name: str) -> tuple[Record, ...]:
        """The source's records, repository by repository."""
        if name not in self._records:
            self._records[name] = tuple(r for _, got in self.selected(name) for r in got.records)
        return self._records[name]

    def field(self, source: str, record: Record, name: str) -> FieldValue | None:
        """A field of a record of ``source``; None where it is absent."""
        return field_of(record, self.source(source), name)

    def texts(self, source: str, record: Record, name: str) -> list[str]:
        """The scalars of a field as text; its key for the name "key"."""
        if name == "key":
            return ["/".join(record.key)]
        value = self.field(source, record, name)
        return [] if value is None else [as_text(leaf.value) for leaf in leaves(value)]

    def join_key(
        self, source: str, record: Record, on: Key, join: tuple[Transform, ...]
    ) -> Key | None:
        """What ``record`` joins on: its key, or the fields ``on``, transformed."""
        if on:
            parts = []
            for name in on:
                texts = self.texts(source, record, name)
                if len(texts) != 1:
                    return None
                parts.append(texts[0])
        else:
            parts = list(record.key)
        return tuple(transformed(part, join) for part in parts)

    def index(
        self, source: str, on: Key = (), join: tuple[Transform, ...] = ()
    ) -> dict[Key, list[Record]]:
        """The source's records by what they join on."""
        steps = tuple((t.kind, t.text, tuple(sorted(t.mapping.items()))) for t in join)
        where = (source, on, steps)
        if where not in self._indexes:
            self._indexes[where] = self._build(source, on, join)
        return self._indexes[where]

    def _build(self, source: str, on: Key, join: tuple[Transform, ...]) -> dict[Key, list[Record]]:
        table: dict[Key, list[Record]] = {}
        for record in self.records(source):
            key = self.join_key(source, record, on, join)
            if key is not None:
                table.setdefault(key, []).append(record)
        return table

    def revision(self, alias: str, name: str) -> str:
        """What was read of a repository: "staged", "main (1a2b3c4)"."""
        for repo in self.world.get(alias, ()):
            if repo.name == name and repo.tree is not None:
                return repo.tree.label
        return ""


def _id(repo: Repo) -> str:
    return f"{repo.alias}\0{repo.name}"


def transformed(text: str, join: Sequence[Transform]) -> str:
    """``text`` after the steps of a rule's ``join``."""
    for step in join:
        text = _TRANSFORMS[step.kind](text, step)
    return text


_TRANSFORMS: dict[str, Callable[[str, Transform], str]] = {
    "lower": lambda text, _: text.lower(),
    "strip-prefix": lambda text, step: text.removeprefix(step.text),
    "strip-suffix": lambda text, step: text.removesuffix(step.text),
    "map": lambda text, step: step.mapping.get(text, text),
}


def colliding(dataset: Dataset, source: str, join: tuple[Transform, ...]) -> Iterator[list[Record]]:
    """Groups of records whose different keys became one key under ``join``."""
    for records in dataset.index(source, (), join).values():
        if len(records) > 1 and len({record.key for record in records}) > 1:
            yield records
