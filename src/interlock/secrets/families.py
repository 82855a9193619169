"""Rules as data: reads families/*.yaml and custom rules of the same form. Hooks use table.py."""

from __future__ import annotations

from interlock.documents.patterns import PatternError, compile_pattern
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


class RuleError(ValueError):
    """A rule that cannot be used; the text says which and why."""


def read_family(family: str, items: Any) -> tuple[Rule, ...]:
    """The rules of one file's value; raises RuleError at the first that cannot be used."""
    if not isinstance(items, list):
        raise RuleError(f"{family}: rules are a list")
    return tuple(_rule(family, item) for item in items)


def _rule(family: str, item: Any) -> Rule:
    name = item.get("id") if isinstance(item, dict) else None
    if not isinstance(name, str) or not name:
        raise RuleError(f"{family}: each rule needs an `id`")
    unknown = sorted(set(item) - {*_TEXTS, *_OTHERS})
    if unknown:
        raise RuleError(f"{family}: the rule {name} has the unknown field {unknown[0]!r}")
    texts = {field: item.get(field, "") for field in _TEXTS}
    for field, text in texts.items():
        if not isinstance(text, str):
            raise RuleError(f"{family}: `{field}` of the rule {name} is no text")
    keywords = item.get("keywords", [] if texts["paths"] else None)
    if not isinstance(keywords, list) or not all(_is_word(k) for k in keywords):
        raise RuleError(f"{family}: the rule {name} needs `keywords`, a list of literal texts")
    entropy = item.get("min_entropy", 0.0)
    if isinstance(entropy, bool) or not isinstance(entropy, (int, float)):
        raise RuleError(f"{family}: `min_entropy` of the rule {name} is no number")
    if texts["checksum"] and texts["checksum"] not in CHECKS:
        raise RuleError(f"{family}: the rule {name} names the unknown check {texts['checksum']!r}")
    if item.get("edges", True):
        texts["pattern"] = LEFT + texts["pattern"] + RIGHT
    _compile(family, name, texts)
    return Rule(
        name,
        family,
        texts["type"] or name,
        texts["pattern"],
        tuple(keywords),
        float(entropy),
        texts["checksum"],
        texts["paths"],
        texts["context"],
        texts["near"],
        texts["allow"],
        texts["why"] or _WHY,
        texts["rotate"],
    )


def _is_word(keyword: Any) -> bool:
    return isinstance(keyword, str) and bool(keyword.strip()) and "\n" not in keyword


def _compile(family: str, name: str, texts: dict[str, str]) -> None:
    for field in _PATTERNS:
        if not texts[field]:
            continue
        try:
            compiled = compile_pattern(texts[field])
        except PatternError as error:
            raise RuleError(f"{family}: `{field}` of the rule {name}: {error}") from None
        if field == "pattern" and not compiled.groups:
            raise RuleError(f"{family}: `pattern` of the rule {name} needs exactly one group")
    if not texts["pattern"]:
        raise RuleError(f"{family}: the rule {name} has no `pattern`")
