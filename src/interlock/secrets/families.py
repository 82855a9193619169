"""Rules as data: reads families/*.yaml and custom rules of the same form. Hooks use table.py."""

from __future__ import annotations

from interlock.documents.patterns import PatternError, compile_pattern, matches
from interlock.secrets.checks import CHECKS
from interlock.secrets.model import Rule
from interlock.values import Any

#: What may stand left and right of a token, where a rule does not say `edges: false`.
LEFT = r"(?:^|[^A-Za-z0-9_]|\\[nrt]|%[0-9A-Fa-f]{2})"
RIGHT = r"(?:[^A-Za-z0-9_]|$)"
_TEXTS = ("pattern", "type", "checksum", "paths", "context", "near", "allow", "why", "rotate")
_OTHERS = ("id", "keywords", "min_entropy", "edges")
_PATTERNS = ("pattern", "paths", "context", "near", "allow")
_WHY = "whoever reads this repository, now or later, can use it"
_ID = r"^[a-z0-9][a-z0-9-]{0,63}$"
_MAX_KEYWORDS = 100
#: Letters of a pattern, and of a keyword; RE2 bounds the memory of what it makes of them.
_MAX_PATTERN, _MAX_WORD = 4000, 100
_MAX_ENTROPY = 8.0
#: What people write for other engines, and what to write instead. RE2 has none of them, which is
#: why no pattern can hang it.
_HINTS = (
    (
        r"\(\?<?[=!]",
        "RE2 has no look-around: say with `near` what stands before, with `allow` what is none",
    ),
    (r"\\[1-9]|\(\?P=", "RE2 has no back-references: write the text again, or give two rules"),
    (
        r"\(\?>|[*+?}]\+",
        "RE2 has neither atomic groups nor possessive repeats, and needs none: it never backtracks",
    ),
    (r"\\[uU][0-9a-fA-F]{4}", "write \\x{1F600} for a character by its number"),
)


class RuleError(ValueError):
    """A rule that cannot be used; the text says which, why, and what to do."""


def read_family(family: str, items: Any) -> tuple[Rule, ...]:
    """The rules of one file's value; raises RuleError at the first that cannot be used."""
    if not isinstance(items, list):
        raise RuleError(f"{family}: rules are a list; begin each with `- id: …`")
    made = tuple(_rule(family, item) for item in items)
    seen: set[str] = set()
    for rule in made:
        if rule.id in seen:
            raise RuleError(f"{family}: two rules have the id {rule.id!r}; rename one of them")
        seen.add(rule.id)
    return made


def _rule(family: str, item: Any) -> Rule:
    name = item.get("id") if isinstance(item, dict) else None
    if not isinstance(name, str) or not matches(_ID, name):
        raise RuleError(f"{family}: each rule needs an `id` of small letters, digits and hyphens")
    where = f"{family}: the rule {name}"
    unknown = [field for field in item if field not in (*_TEXTS, *_OTHERS)]
    if unknown:
        known = ", ".join(sorted((*_TEXTS, *_OTHERS)))
        raise RuleError(f"{where} has the unknown field {unknown[0]!r}; known are {known}")
    texts = {field: item.get(field, "") for field in _TEXTS}
    for field, text in texts.items():
        if not isinstance(text, str):
            raise RuleError(f"{where}: `{field}` is no text; put it into single quotes")
    if texts["checksum"] and texts["checksum"] not in CHECKS:
        known = ", ".join(sorted(CHECKS))
        raise RuleError(f"{where}: there is no `checksum` {texts['checksum']!r}; there are {known}")
    edges = item.get("edges", True)
    if not isinstance(edges, bool):
        raise RuleError(f"{where}: `edges` is true or false")
    keywords = _keywords(where, item.get("keywords", []), texts["paths"])
    entropy = _entropy(where, item.get("min_entropy", 0.0))
    _compile(where, texts)
    if edges:
        texts["pattern"] = LEFT + texts["pattern"] + RIGHT
    return Rule(
        name,
        family,
        texts["type"] or name,
        texts["pattern"],
        keywords,
        entropy,
        texts["checksum"],
        texts["paths"],
        texts["context"],
        texts["near"],
        texts["allow"],
        texts["why"] or _WHY,
        texts["rotate"],
    )


def _keywords(where: str, words: Any, paths: str) -> tuple[str, ...]:
    if not isinstance(words, list) or not all(_is_word(word) for word in words):
        raise RuleError(
            f"{where}: `keywords` is a list of literal texts of one line, at most {_MAX_WORD}"
            " letters each; quote those that YAML takes for something else"
        )
    if not words and not paths:
        raise RuleError(
            f"{where} needs `keywords`: literal texts one of which stands, in this very case, on"
            " every line that can match; or `paths`, to look at each line of certain files"
        )
    if len(words) > _MAX_KEYWORDS:
        raise RuleError(
            f"{where} has more than {_MAX_KEYWORDS} keywords; give a part that they share"
        )
    return tuple(words)


def _is_word(word: Any) -> bool:
    return (
        isinstance(word, str)
        and bool(word.strip())
        and len(word) <= _MAX_WORD
        and not {"\n", "\r", "\0"}.intersection(word)
    )


def _entropy(where: str, given: Any) -> float:
    if isinstance(given, bool) or not isinstance(given, (int, float)):
        raise RuleError(f"{where}: `min_entropy` is no number")
    if not 0.0 <= given <= _MAX_ENTROPY:
        raise RuleError(f"{where}: `min_entropy` is in bits a character, from 0 to 8; 3.5 is usual")
    return float(given)


def _compile(where: str, texts: dict[str, str]) -> None:
    if not texts["pattern"]:
        raise RuleError(f"{where} has no `pattern`; its group 1 is the secret")
    for field in _PATTERNS:
        text = texts[field]
        if not text:
            continue
        if len(text) > _MAX_PATTERN:
            raise RuleError(
                f"{where}: `{field}` is longer than {_MAX_PATTERN} letters; split the rule"
            )
        try:
            compiled = compile_pattern(text)
        except PatternError as error:
            raise RuleError(f"{where}: `{field}`: {error}{_hint(text)}") from None
        if field == "pattern" and not compiled.groups:
            raise RuleError(
                f"{where}: `pattern` has no group; put parentheses round the secret and"
                " (?:…) round all else"
            )
        if compiled.search("") is not None and field != "paths":
            raise RuleError(
                f"{where}: `{field}` matches an empty text, so it is everywhere; make a"
                " part of it needed"
            )


def _hint(text: str) -> str:
    """What to write instead of what only other engines know; "" where nothing is known."""
    for sign, advice in _HINTS:
        if matches(sign, text):
            return f"; {advice}"
    return ""
