"""Loads one source of a policy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from interlock.documents.path_syntax import LibraryFilter, PathSyntaxError, compile_path
from interlock.documents.paths import JsonPath
from interlock.documents.read import FORMATS
from interlock.policy.model import FieldSpec, KeySpec, Source
from interlock.policy.raw import Problems, Raw, Reader, suggestion, text_of
from interlock.trees.globs import Glob, compile_glob

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
FIELD_WORDS = ("path", "keys", "values", "by", "pattern", "of", "const", "optional")
_NAMING = ("wildcard", "exists", "filter", "union")


def load_source(
    name: str, raw: Raw, repos: Mapping[str, tuple[str, ...]], problems: Problems
) -> Source:
    """The source ``name``; what is wrong with it goes to ``problems``."""
    reader = Reader(raw, f"source `{name}`", WORDS, problems)
    aliases = _aliases(reader, repos)
    files, layers = _globs(reader, "files"), _globs(reader, "layers")
    if bool(files) == bool(layers):
        problems.add(raw, f"source `{name}` needs either `files` or `layers`", named=True)
    each = _each(reader)
    pattern = reader.text("pattern")
    if pattern:
        _check_pattern(reader.parts["pattern"], pattern, problems)
    captures = {capture for glob in (*files, *layers) for capture in glob.captures}
    fields = {
        field: _field(field, part, captures, problems)
        for field, part in (reader.parts["fields"].members() if "fields" in reader else {}).items()
    }
    for capture in sorted(captures - {"key"}):
        fields.setdefault(capture, _capture(raw))
    return Source(
        name,
        aliases,
        files,
        _globs(reader, "exclude"),
        layers,
        reader.one_of("format", FORMATS, ""),
        each,
        _key(reader, each, captures, pattern),
        fields,
        pattern,
        reader.flag("optional"),
        raw.origin(),
    )


def _aliases(reader: Reader, repos: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    part = reader.require("repo")
    if part is None:
        return ()
    found = []
    for item in part.items():
        alias = text_of(item, "`repo`", reader.problems)
        if alias and alias not in repos:
            reader.problems.unknown(item, "repo", alias, repos)
        found.append(alias)
    return tuple(found)


def _globs(reader: Reader, word: str) -> tuple[Glob, ...]:
    return globs_of(reader.parts.get(word), f"`{word}`", reader.problems)


def globs_of(raw: Raw | None, what: str, problems: Problems) -> tuple[Glob, ...]:
    """The compiled globs of a text or a list of texts."""
    found = []
    for item in raw.items() if raw is not None else ():
        text = text_of(item, what, problems)
        if not text:
            continue
        try:
            found.append(compile_glob(text))
        except ValueError as error:
            problems.add(item, f"{what}: {error}")
    return tuple(found)


def _path(raw: Raw, problems: Problems) -> JsonPath | None:
    text = text_of(raw, "a path", problems)
    if not text:
        return None
    try:
        path = compile_path(text)
        for segment in path.segments:
            if isinstance(segment.argument, LibraryFilter):
                segment.argument.compile()
    except PathSyntaxError as error:
        problems.add(raw, f"the path {error}")
        return None
    return path


def _each(reader: Reader) -> tuple[JsonPath, ...]:
    part = reader.parts.get("each")
    paths = [_path(item, reader.problems) for item in part.items()] if part is not None else []
    return tuple(path for path in paths if path is not None)


def _check_pattern(raw: Raw, pattern: str, problems: Problems) -> None:
    from interlock.documents.patterns import PatternError, compile_pattern

    try:
        compile_pattern(pattern)
    except PatternError as error:
        problems.add(raw, str(error))


def _capture(raw: Raw) -> FieldSpec:
    return FieldSpec("capture", None, "", "", None, True, raw.origin())


def _field(name: str, raw: Raw, captures: set[str], problems: Problems) -> FieldSpec:
    origin = raw.origin()
    if not isinstance(raw.value, dict):
        text = text_of(raw, f"field `{name}`", problems)
        if text.startswith("{") and text.endswith("}"):
            if text[1:-1] not in captures:
                problems.add(
                    raw, f"no glob of this source captures {text}", suggestion(text[1:-1], captures)
                )
            return FieldSpec("capture", None, "", "", None, False, origin)
        return FieldSpec("path", _path(raw, problems), "", "", None, False, origin)
    reader = Reader(raw, f"field `{name}`", FIELD_WORDS, problems)
    optional = reader.flag("optional")
    if "const" in reader:
        return FieldSpec("const", None, "", "", reader.parts["const"].value, optional, origin)
    if "pattern" in reader:
        pattern = reader.text("pattern")
        _check_pattern(reader.parts["pattern"], pattern, problems)
        of = reader.require("of")
        path = _path(of, problems) if of is not None else None
        return FieldSpec("pattern", path, "", pattern, None, optional, origin)
    given = [word for word in ("path", "keys", "values") if word in reader]
    if len(given) != 1:
        problems.add(
            raw, f"field `{name}` needs one of `path`, `keys`, `values`, `pattern`, `const`"
        )
        return FieldSpec("const", None, "", "", None, True, origin)
    path = _path(reader.parts[given[0]], problems)
    kinds: dict[str, Literal["path", "keys", "values"]]
    kinds = {"path": "path", "keys": "keys", "values": "values"}
    return FieldSpec(kinds[given[0]], path, reader.text("by"), "", None, optional, origin)


def _key(
    reader: Reader, each: tuple[JsonPath, ...], captures: set[str], pattern: str
) -> tuple[KeySpec, ...]:
    part = reader.parts.get("key")
    if part is not None:
        specs = [_key_part(item, captures, reader.problems) for item in part.items()]
        return tuple(spec for spec in specs if spec is not None)
    if "key" in captures or pattern:
        return (KeySpec("capture", None, "key", "", "name"),)
    if each and each[-1].segments and each[-1].segments[-1].kind in _NAMING:
        return (KeySpec("name", None, "", "", "name"),)
    return ()


def _key_part(raw: Raw, captures: set[str], problems: Problems) -> KeySpec | None:
    if isinstance(raw.value, dict):
        reader = Reader(raw, "`key`", ("pattern", "of"), problems)
        pattern = reader.text("pattern")
        if reader.require("pattern") is not None:
            _check_pattern(reader.parts["pattern"], pattern, problems)
        of = reader.one_of("of", ("name", "path"), "name")
        return KeySpec("pattern", None, "", pattern, "path" if of == "path" else "name")
    text = text_of(raw, "`key`", problems)
    if text == "name":
        return KeySpec("name", None, "", "", "name")
    if text.startswith("{") and text.endswith("}"):
        name = text[1:-1]
        if name not in captures:
            problems.add(raw, f"no glob of this source captures {text}", suggestion(name, captures))
        return KeySpec("capture", None, name, "", "name")
    path = _path(raw, problems)
    return None if path is None else KeySpec("path", path, "", "", "name")
