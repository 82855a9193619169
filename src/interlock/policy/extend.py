"""Policy files laid over one another: ``extends`` in order, the last one wins."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

from interlock.documents.base import Span
from interlock.documents.read import read_document
from interlock.policy.model import Layer
from interlock.policy.raw import Problems, Raw, suggestion, text_of

#: A chain of policies longer than this helps nobody to know where a value came from.
MAX_DEPTH = 10
#: Words whose lists add up over the layers instead of replacing one another.
_ADDED = ("waivers", "companions")
#: Words whose members are laid over one another by name.
_KEYED = ("repos", "sources", "rules", "share-with")


class Fetched(NamedTuple):
    """A policy file of another repository and the revision it was read at."""

    data: bytes
    revision: str


class PolicyFetcher(Protocol):
    """Reads a policy file of another repository; raises TreeError where it cannot."""

    def fetch(self, repo: str, path: str, revision: str) -> Fetched:
        """``revision`` is a commit or a branch."""


class Layers(NamedTuple):
    """Where policy files come from: beside the first one, and from other repositories."""

    files: Callable[[str], bytes | None]
    fetcher: PolicyFetcher | None


def built_in(name: str) -> bytes | None:
    """The built-in policy ``name``, or None."""
    from importlib.resources import files

    if not name.replace("-", "").isalnum():
        return None
    found = files("interlock.policies") / f"{name}.yaml"
    return found.read_bytes() if found.is_file() else None


def built_in_names() -> list[str]:
    """The names of the built-in policies."""
    from importlib.resources import files

    names = (item.name for item in files("interlock.policies").iterdir())
    return sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml"))


class Extender:
    """Gathers a policy and what it extends, lowest first."""

    def __init__(self, layers: Layers, problems: Problems) -> None:
        """Start with nothing gathered."""
        self._from = layers
        self._problems = problems
        self.raws: list[Raw] = []
        self.used: list[Layer] = []

    def gather(
        self, file: str, data: bytes, revision: str = "", chain: tuple[str, ...] = ()
    ) -> None:
        """Add what ``file`` extends, then ``file`` itself."""
        document = read_document(file, data, "yaml")
        for problem in document.problems:
            self._problems.at(file, document, problem.span, f"`{file}` {problem.message}")
        if any(problem.fatal for problem in document.problems):
            return
        value = document.values[0] if document.values else None
        raw = Raw(value, file, document)
        if not isinstance(value, dict):
            self._problems.at(file, document, Span(0, 0), f"`{file}` must hold a mapping of words")
            return
        extends = raw.get("extends")
        for item in extends.items() if extends is not None else ():
            self._extend(item, (*chain, file))
        self.raws.append(raw)
        self.used.append(Layer(file, revision))

    def _extend(self, item: Raw, chain: tuple[str, ...]) -> None:
        name = text_of(item, "`extends`", self._problems)
        if not name:
            return
        if name in chain:
            cycle = " -> ".join((*chain[chain.index(name) :], name))
            self._problems.add(item, f"`{name}` extends itself: {cycle}")
            return
        if len(chain) >= MAX_DEPTH:
            self._problems.add(item, f"policies extend one another more than {MAX_DEPTH} deep")
            return
        if any(layer.name == name for layer in self.used):
            return
        if name.startswith("interlock:"):
            data = built_in(name.removeprefix("interlock:"))
            if data is None:
                known = [f"interlock:{n}" for n in built_in_names()]
                self._problems.add(
                    item, f"there is no built-in policy `{name}`", suggestion(name, known)
                )
                return
            self.gather(name, data, "", chain)
        elif "//" in name:
            self._remote(item, name, chain)
        else:
            self._local(item, name, chain)

    def _local(self, item: Raw, name: str, chain: tuple[str, ...]) -> None:
        folder = item.file.rpartition("/")[0]
        path = f"{folder}/{name}" if folder else name
        data = None
        if not name.startswith("/") and ".." not in name.split("/"):
            data = self._from.files(path)
        if data is None:
            self._problems.add(
                item,
                f"`{name}` is not a file beside this policy",
                "write `interlock:recommended`, a path, or `owner/name//path@revision`",
            )
            return
        self.gather(path, data, "", chain)

    def _remote(self, item: Raw, name: str, chain: tuple[str, ...]) -> None:
        repo, _, rest = name.partition("//")
        path, _, revision = rest.partition("@")
        if not revision or not path or repo.count("/") != 1:
            self._problems.add(
                item,
                f"`{name}` must be `owner/name//path@revision`",
                "name a commit to pin it, or a protected branch to follow it",
            )
            return
        if self._from.fetcher is None:
            self._problems.add(item, f"`{name}` cannot be read here: no other repository can")
            return
        from interlock.errors import TreeError

        try:
            fetched = self._from.fetcher.fetch(repo, path, revision)
        except TreeError as error:
            self._problems.add(item, f"`{name}` cannot be read: {error}")
            return
        self.gather(name, fetched.data, fetched.revision, chain)


def laid_over(raws: list[Raw]) -> Raw:
    """The effective mapping: members by word, each where its last layer wrote it."""
    words: dict[str, list[Raw]] = {}
    for raw in raws:
        for word, part in raw.members().items():
            words.setdefault(word, []).append(part)
    parts: dict[str, Raw] = {}
    for word, given in words.items():
        if word in _KEYED:
            members: dict[str, Raw] = {}
            for one in given:
                members.update(one.members())
            parts[word] = _composite(given[-1], members)
        elif word in _ADDED:
            parts[word] = _listed(given[-1], [item for one in given for item in one.items()])
        elif word == "consistency":
            parts[word] = _listed(given[-1], _patched(given))
        else:
            parts[word] = given[-1]
    return _composite(raws[-1], parts)


def _patched(given: list[Raw]) -> list[Raw]:
    """Rules by id: a later one replaces the earlier, or patches it where it has no `each`."""
    rules: dict[str, Raw] = {}
    for at, layer in enumerate(given):
        for number, rule in enumerate(layer.items()):
            name = rule.get("id")
            key = str(name.value) if name is not None else f"\0{at}.{number}"
            if key in rules and at and "each" not in rule.members():
                members = {**rules[key].members(), **rule.members()}
                rules[key] = _composite(rules[key], members)
            elif key in rules and rules[key].file == rule.file:
                rules[f"\0{at}.{number}"] = rule  # the loader reports the second of one file
            else:
                rules[key] = rule
    return list(rules.values())


def _composite(raw: Raw, parts: dict[str, Raw]) -> Raw:
    value = {name: part.value for name, part in parts.items()}
    return Raw(value, raw.file, raw.document, raw.steps, parts)


class _List(Raw):
    """A list put together from several layers."""

    __slots__ = ("elements",)
    elements: list[Raw]

    def items(self) -> list[Raw]:
        """See Raw."""
        return list(self.elements)


def _listed(raw: Raw, elements: list[Raw]) -> Raw:
    made = _List([e.value for e in elements], raw.file, raw.document, raw.steps)
    made.elements = elements
    return made
