"""Gathers a policy file and those it ``extends``, lowest first."""

from __future__ import annotations

from collections.abc import Callable

from interlock.documents.base import Document, Span, Value
from interlock.documents.read import read_document
from interlock.errors import TreeError
from interlock.policy.model import Layer
from interlock.policy.packaged import built_in, built_in_names
from interlock.policy.problems import Problems
from interlock.policy.raw import Raw, Text
from interlock.policy.references import BUILT_IN, Reference, read_reference, remote
from interlock.policy.shapes import Reader, kind_of, text_of
from interlock.policy.suggest import closest, listed
from interlock.values import NamedTuple, Protocol

#: A chain of policies longer than this helps nobody to know where a value came from.
MAX_DEPTH = 10
#: Policy files in all.
MAX_FILES = 50
#: Bytes of one policy file, and values in it with every alias counted as a copy: a policy for
#: a thousand sources stays well below.
MAX_BYTES, MAX_VALUES, MAX_NESTING = 1 << 20, 100_000, 40
EXTENDS_WORDS = ("repo", "path", "revision", "branch")


class Fetched(NamedTuple):
    """A policy file of another repository, and the commit it was read at."""

    data: bytes
    revision: str


class PolicyFetcher(Protocol):
    """Reads a policy file of another repository; raises TreeError where it cannot."""

    def fetch(self, repo: str, path: str, revision: str) -> Fetched:
        """``repo`` is owner/name, ``revision`` a branch, a tag or a commit."""


class Layers(NamedTuple):
    """Where policy files come from: the first one's repository, and other repositories.

    ``files`` gives the bytes of a path, or None where there is no such file; it never leaves the
    repository, not even by a symbolic link. Both may raise TreeError with the reason.
    """

    files: Callable[[str], bytes | None]
    fetcher: PolicyFetcher | None


class Extender:
    """Gathers policy files; ``raws`` holds each once, what it extends before it."""

    def __init__(self, layers: Layers, problems: Problems) -> None:
        """Start with nothing gathered."""
        self._from = layers
        self._problems = problems
        self._met: set[Reference] = set()
        self.raws: list[Raw] = []
        self.used: list[Layer] = []
        self.notices: list[str] = []

    def gather(
        self,
        where: Reference,
        name: str,
        data: bytes,
        revision: str = "",
        chain: tuple[Reference, ...] = (),
    ) -> None:
        """Add what the file ``where`` extends, then the file itself."""
        self._met.add(where)
        raw = self._read(where, name, data)
        if raw is None:
            return
        extends = raw.get("extends")
        for item in extends.items() if extends is not None else ():
            reference = self._reference(item)
            if reference is not None:
                self._extend(item, reference, (*chain, where))
        self.raws.append(raw)
        self.used.append(Layer(name, revision))

    def _read(self, where: Reference, name: str, data: bytes) -> Raw | None:
        too_large = len(data) > MAX_BYTES
        document = read_document(name, b"" if too_large else data, "yaml")
        text = Text(name, document, where)
        if too_large:
            problem = (
                f"`{name}` is larger than a policy can be ({len(data):,} of {MAX_BYTES:,} bytes)"
            )
            self._problems.at(text, Span(0, 0), problem)
            return None
        for found in document.problems:
            self._problems.at(text, found.span, f"`{name}` {found.message}")
        if any(found.fatal for found in document.problems):
            return None
        wrong = unfit(document)
        if wrong:
            self._problems.at(text, Span(0, 0), f"`{name}` {wrong}")
            return None
        return Raw(document.values[0], text)

    def _reference(self, item: Raw) -> Reference | None:
        beside = item.text.where
        try:
            if isinstance(item.value, dict):
                reader = Reader(item, "an element of `extends`", EXTENDS_WORDS, self._problems)
                repo, path = reader.require("repo"), reader.require("path")
                revisions = [word for word in ("revision", "branch") if word in reader]
                if len(revisions) != 1:
                    self._problems.add(
                        item,
                        "an element of `extends` needs `revision` (pinned) or `branch` (followed)",
                    )
                if repo is None or path is None or len(revisions) != 1:
                    return None
                given = reader.text("repo"), reader.text("path"), reader.text(revisions[0])
                return remote(*given) if all(given) else None
            text = text_of(item, "`extends`", self._problems)
            return read_reference(text, beside) if text else None
        except ValueError as error:
            self._problems.add(item, str(error))
            return None

    def _extend(self, item: Raw, where: Reference, chain: tuple[Reference, ...]) -> None:
        if where in chain:
            names = [one.name for one in chain[chain.index(where) :]]
            cycle = " extends ".join(f"`{name}`" for name in (*names, where.name))
            self._problems.add(item, f"policies extend one another in a circle: {cycle}")
        elif where in self._met:
            return  # where two policies share a base, it counts once, at its first place
        elif len(chain) >= MAX_DEPTH:
            self._problems.add(item, f"policies extend one another more than {MAX_DEPTH} deep")
        elif len(self._met) >= MAX_FILES:
            self._problems.add(item, f"more than {MAX_FILES} policies extend one another")
        elif where.built_in or item.text.where.built_in:
            self._built_in(item, where, chain)
        else:
            self._file(item, where, chain)

    def _built_in(self, item: Raw, where: Reference, chain: tuple[Reference, ...]) -> None:
        data = built_in(where.built_in)
        if data is None:
            names = built_in_names()
            close = closest(where.built_in, names)
            meant = f"; did you mean `{BUILT_IN}{close}`?" if close else ""
            message = f"there is no built-in policy `{where.name}`{meant}"
            self._problems.add(item, message, listed(BUILT_IN + name for name in names))
        else:
            self.gather(where, where.name, data, "", chain)

    def _file(self, item: Raw, where: Reference, chain: tuple[Reference, ...]) -> None:
        try:
            fetched = read_at(where, self._from)
        except TreeError as error:
            self._problems.add(item, f"`{where.name}` cannot be read: {error}")
            return
        if fetched is None:
            self._problems.add(
                item,
                f"there is no policy file `{where.name}`",
                "write `interlock:recommended`, a path from this file's folder, or "
                "`owner/name//path@revision`",
            )
            return
        if not where.pinned:
            self.notices.append(f"the policy {where.name} was read at {fetched.revision[:12]}")
        self.gather(where, where.name, fetched.data, fetched.revision, chain)


def read_at(where: Reference, layers: Layers) -> Fetched | None:
    """The bytes of a policy file, or None; raises TreeError where they cannot be read."""
    if where.repo:
        if layers.fetcher is None:
            raise TreeError("this run has no access to other repositories")
        return layers.fetcher.fetch(where.repo, where.path, where.revision)
    data = layers.files(where.path)
    return None if data is None else Fetched(data, "")


def unfit(document: Document) -> str:
    """Why a document cannot be a policy, as a clause; "" where it can."""
    if len(document.values) != 1:
        return f"holds {len(document.values)} documents; a policy is one"
    value = document.values[0]
    if not isinstance(value, dict):
        return f"must hold a mapping of words to values, not {kind_of(value)}"
    return _bounded(value)


def _bounded(value: Value) -> str:
    stack, count = [(value, 0)], 0
    while stack:
        here, depth = stack.pop()
        if depth > MAX_NESTING:
            return f"is nested more than {MAX_NESTING} levels deep"
        below = here.values() if isinstance(here, dict) else here if isinstance(here, list) else ()
        count += len(below)
        if count > MAX_VALUES:
            return f"holds more than {MAX_VALUES:,} values (every alias counted as a copy)"
        stack.extend((child, depth + 1) for child in below)
    return ""
