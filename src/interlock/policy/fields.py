"""How a policy writes the fields and keys of a source's records."""

from __future__ import annotations

from interlock.policy.model import FieldSpec, KeySpec
from interlock.policy.paths import path_of, pattern_of
from interlock.policy.problems import Problems
from interlock.policy.raw import Raw
from interlock.policy.shapes import NO_VALUE, Reader, one_of, text_of
from interlock.values import NamedTuple

FIELD_WORDS = ("path", "keys", "values", "by", "pattern", "of", "const", "optional")
KEY_WORDS = ("pattern", "of")
KEY_OF = ("name", "path")
#: The ways to select a field; exactly one of them makes it.
SELECTORS = ("path", "keys", "values", "pattern", "const")


class Captures(NamedTuple):
    """What a source's globs and pattern capture: everywhere, and only in some of its files."""

    always: frozenset[str]
    sometimes: frozenset[str]
    text: bool

    @property
    def names(self) -> frozenset[str]:
        """All of them."""
        return self.always | self.sometimes


def load_field(name: str, raw: Raw, captures: Captures, problems: Problems) -> FieldSpec | None:
    """One field; None where it cannot be used."""
    what = f"field `{name}`"
    if raw.value is None:
        problems.add(raw, NO_VALUE.format(name), named=True)
        return None
    if isinstance(raw.value, dict):
        return _spelled_out(what, raw, captures, problems)
    text = text_of(raw, what, problems)
    capture = _braced(text)
    if capture:
        _known_capture(capture, raw, captures, problems)
        return FieldSpec("capture", None, "", "", None, False, raw.origin(), capture)
    if captures.text and text:
        _no_document(what, raw, problems)
        return None
    path = path_of(raw, what, problems) if text else None
    return None if path is None else FieldSpec("path", path, "", "", None, False, raw.origin())


def _spelled_out(what: str, raw: Raw, captures: Captures, problems: Problems) -> FieldSpec | None:
    reader = Reader(raw, what, FIELD_WORDS, problems, nullable=("const",))
    optional, by = reader.flag("optional"), reader.text("by")
    given = [word for word in SELECTORS if word in reader]
    if len(given) != 1:
        has = " and ".join(f"`{word}`" for word in given) or "none"
        words = ", ".join(f"`{word}`" for word in SELECTORS)
        reader.unclear(f"{what} needs exactly one of {words}; it has {has}")
        return None
    kind, selector = given[0], reader.parts[given[0]]
    for word, kinds in (("by", ("path", "values")), ("of", ("pattern",))):
        if word in reader and kind not in kinds:
            problems.add(reader.parts[word], f"`{word}` means nothing beside `{kind}`", named=True)
    origin = raw.origin()
    if kind == "const":
        return FieldSpec("const", None, "", "", selector.value, optional, origin)
    if captures.text:
        _no_document(what, raw, problems)
        return None
    if kind == "pattern":
        pattern, _ = pattern_of(selector, "`pattern`", problems)
        of = reader.require("of", 'it says which text to look in: `of: "@.name"`')
        path = path_of(of, "`of`", problems) if of is not None else None
        return FieldSpec("pattern", path, "", pattern, None, optional, origin)
    path = path_of(selector, f"`{kind}`", problems)
    if path is None:
        return None
    if kind == "keys":
        return FieldSpec("keys", path, "", "", None, optional, origin)
    return FieldSpec("values" if kind == "values" else "path", path, by, "", None, optional, origin)


def _no_document(what: str, raw: Raw, problems: Problems) -> None:
    problems.add(
        raw,
        f"{what} has a path, but a source with a `pattern` reads text, which has none",
        "name a group of the pattern instead: (?P<name>…)",
        named=True,
    )


def load_key(raw: Raw, captures: Captures, problems: Problems) -> tuple[KeySpec, ...]:
    """The parts of a key."""
    if isinstance(raw.value, list) and not raw.value:
        problems.add(raw, "`key` must name at least one part")
    found = (_key_part(item, captures, problems) for item in raw.items())
    return tuple(spec for spec in found if spec is not None)


def _key_part(raw: Raw, captures: Captures, problems: Problems) -> KeySpec | None:
    if isinstance(raw.value, dict):
        reader = Reader(raw, "`key`", KEY_WORDS, problems)
        given = reader.require("pattern")
        pattern, _ = pattern_of(given, "`pattern`", problems) if given is not None else ("", ())
        of = reader.get("of")
        of_word = "name" if of is None else one_of(of, "`of`", KEY_OF, problems, "name")
        return KeySpec("pattern", None, "", pattern, "path" if of_word == "path" else "name")
    text = text_of(raw, "`key`", problems)
    if text == "name":
        return KeySpec("name", None, "", "", "name")
    capture = _braced(text)
    if capture:
        if capture in captures.sometimes:
            problems.add(
                raw, f"only some files of this source capture {text}; the others would be left out"
            )
        else:
            _known_capture(capture, raw, captures, problems)
        return KeySpec("capture", None, capture, "", "name")
    if captures.text and text:
        problems.add(raw, '`key` of a source with a `pattern` is a group of it: `"{group}"`')
        return None
    path = path_of(raw, "`key`", problems) if text else None
    return None if path is None else KeySpec("path", path, "", "", "name")


def _braced(text: str) -> str:
    return text[1:-1] if text.startswith("{") and text.endswith("}") else ""


def _known_capture(name: str, raw: Raw, captures: Captures, problems: Problems) -> None:
    if name not in captures.names:
        problems.unknown(raw, "capture", f"{{{name}}}", [f"{{{n}}}" for n in captures.names])
