"""Loads one source of a policy."""

from __future__ import annotations

from collections.abc import Mapping

from interlock.documents.paths import JsonPath
from interlock.documents.read import FORMATS
from interlock.policy.fields import Captures, load_field, load_key
from interlock.policy.model import FieldSpec, KeySpec, Origin, Source
from interlock.policy.paths import path_of, pattern_of
from interlock.policy.problems import Problems
from interlock.policy.raw import Raw
from interlock.policy.shapes import Reader, globs_of, named_members
from interlock.trees.globs import Glob

WORDS = (
    "repo",
    "files",
    "exclude",
    "layers",
    "format",
    "each",
    "key",
    "fields",
    "pattern",
    "optional",
)
#: Words that hold lists; ``files+`` and ``files-`` change what a policy below says.
LISTS = ("repo", "files", "exclude", "layers", "each", "key")
TEXT_LEAVES_OUT = ("each", "layers")


def load_source(
    name: str, raw: Raw, repos: Mapping[str, tuple[str, ...]], problems: Problems
) -> Source:
    """The source ``name``; what is wrong with it goes to ``problems``."""
    reader = Reader(raw, f"source `{name}`", WORDS, problems)
    files, layers = _globs(reader, "files"), _globs(reader, "layers")
    _one_of_two(reader)
    pattern = ""
    groups: tuple[str, ...] = ()
    given = reader.get("pattern")
    if given is not None:
        pattern, groups = pattern_of(given, "`pattern`", problems)
        for word in TEXT_LEAVES_OUT:
            if word in reader:
                problems.add(
                    reader.parts[word], f"`{word}` means nothing beside `pattern`", named=True
                )
    captures = _captures(files, layers, groups, text=given is not None)
    each = _each(reader)
    origin = raw.origin()
    return Source(
        name=name,
        repos=_aliases(reader, repos),
        files=files,
        exclude=_globs(reader, "exclude"),
        layers=layers,
        format=reader.one_of("format", FORMATS, ""),
        each=each,
        key=_key(reader, each, captures, pattern),
        fields=_fields(reader, captures, origin),
        pattern=pattern,
        optional=reader.flag("optional"),
        origin=origin,
    )


def _globs(reader: Reader, word: str) -> tuple[Glob, ...]:
    return globs_of(reader.get(word), f"`{word}`", reader.problems)


def _one_of_two(reader: Reader) -> None:
    if ("files" in reader) == ("layers" in reader):
        both = "not both" if "files" in reader else "it has neither"
        reader.unclear(
            f"{reader.what} needs `files` or `layers`, {both}",
            "files are read one by one; layers are merged into one document",
        )


def _aliases(reader: Reader, repos: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    if "repo" not in reader:
        if len(repos) == 1:  # nothing to choose from
            return tuple(repos)
        reader.require("repo", "it names one of `repos`")
        return ()
    found = []
    for item, alias in reader.texts("repo"):
        if alias not in repos:
            reader.problems.unknown(item, "repo", alias, repos)
        found.append(alias)
    return tuple(dict.fromkeys(found))


def _captures(
    files: tuple[Glob, ...], layers: tuple[Glob, ...], groups: tuple[str, ...], *, text: bool
) -> Captures:
    """A layered record has the captures of its whole stack, a file those of its own glob."""
    every = {name for glob in (*files, *layers) for name in glob.captures}
    always = set(every)
    for glob in files:
        always &= set(glob.captures)
    return Captures(frozenset(always | set(groups)), frozenset(every - always - set(groups)), text)


def _each(reader: Reader) -> tuple[JsonPath, ...]:
    part = reader.get("each")
    found: list[JsonPath] = []
    if part is not None and isinstance(part.value, list) and not part.value:
        reader.problems.add(part, "`each` must name at least one path")
    for at, item in enumerate(part.items() if part is not None else ()):
        path = path_of(item, "`each`", reader.problems)
        if path is None:
            continue
        if at and path.start != "@":
            reader.problems.add(
                item,
                f"`each`: a later path is relative to the one before; {path.text!r} must "
                "begin with '@'",
            )
        elif path.start[0] == "^":
            reader.problems.add(
                item, f"`each`: nothing encloses the document that {path.text!r} asks for"
            )
        found.append(path)
    return tuple(found)


def _key(
    reader: Reader, each: tuple[JsonPath, ...], captures: Captures, pattern: str
) -> tuple[KeySpec, ...]:
    """The key given; else the capture or group `key`; else the name that ``each`` matched."""
    part = reader.get("key")
    if part is not None:
        return load_key(part, captures, reader.problems)
    if "key" in captures.always:
        return (KeySpec("capture", None, "key", "", "name"),)
    if "key" in captures.sometimes:
        reader.problems.add(
            reader.parts["files"],
            "only some of `files` capture {key}; the others would give no record",
            "write {key} in each of them, or say `key:`",
        )
    elif pattern:
        reader.problems.add(
            reader.parts["pattern"],
            "`pattern` has no group named `key`, so records have no key",
            "name the part that identifies a record: (?P<key>…)",
        )
    elif each and _names_members(each[-1]):
        return (KeySpec("name", None, "", "", "name"),)
    return ()


def _names_members(path: JsonPath) -> bool:
    """True where the last choice of the path is one of members, which have names."""
    plural = [segment for segment in path.segments if not segment.singular]
    return bool(plural) and not plural[-1].descend and plural[-1].kind != "slice"


def _fields(reader: Reader, captures: Captures, origin: Origin) -> dict[str, FieldSpec]:
    problems = reader.problems
    fields: dict[str, FieldSpec] = {}
    reader.members("fields")
    for name, part in named_members(reader.get("fields"), "a field", problems).items():
        if name == "key":
            problems.add(
                part,
                "`key` is not a field: it is the record's key",
                "say `key:` beside `fields:`",
                named=True,
            )
            continue
        # A field that cannot be read keeps its name: one mistake is told once.
        unusable = FieldSpec("const", None, "", "", None, True, origin)
        fields[name] = load_field(name, part, captures, problems) or unusable
    for name in sorted(captures.names - {"key"}):
        fields.setdefault(name, FieldSpec("capture", None, "", "", None, True, origin, name))
    return fields
