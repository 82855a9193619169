"""Loads what a policy says of credentials: `secrets`. Its presence switches the scan on."""

from __future__ import annotations

from interlock.policy.model import SecretRule, Secrets
from interlock.policy.problems import Problems
from interlock.policy.raw import Raw
from interlock.policy.shapes import KEBAB, Reader, globs_of, kind_of, texts_of

WORDS = ("exclude", "baseline", "rules")
#: Words that hold lists; ``exclude+`` and ``exclude-`` change what a policy below says.
LISTS = ("exclude",)
#: Those of a rule that hold RE2 patterns, the secret's own one first.
PATTERNS = ("pattern", "paths", "context", "near", "allow")
_SAID = ("why", "rotate")
RULE_WORDS = ("id", "type", "keywords", "min_entropy", "edges", "checksum", *PATTERNS, *_SAID)
RULE_NEEDS = {
    "id": "findings are named after it: secret/<id>",
    "pattern": "RE2, with a group around the secret: '(acme_[A-Za-z0-9]{32})'",
}
_KEYWORDS = "literal texts, one of which stands on every line that can match: [acme_]"
#: The checks that a rule may name: see interlock.secrets.checks.
CHECKSUMS = (
    "basic",
    "github-crc32",
    "jwt",
    "password",
    "private-key",
    "stored",
    "token",
    "url",
)
#: A rule's pattern is looked for on every line that holds a keyword.
MAX_RULES, MAX_KEYWORDS, MAX_PATTERN = 200, 50, 2_000
_RE2 = "patterns are in RE2 syntax: no look-around and no back-references"


def load_secrets(raw: Raw | None, problems: Problems) -> Secrets | None:
    """The settings; None where the policy does not say `secrets`."""
    if raw is None:
        return None
    reader = Reader(raw, "`secrets`", WORDS, problems)
    items = reader.listing("rules")
    if len(items) > MAX_RULES:
        problems.add(reader.parts["rules"], f"`rules` has more than {MAX_RULES} rules")
    exclude = globs_of(reader.get("exclude"), "`exclude`", problems)
    rules: dict[str, SecretRule] = {}
    for item in items[:MAX_RULES]:
        rule = _rule(item, problems)
        if rule is not None and rule.id in rules:
            line = rules[rule.id].origin.line
            problems.add(item, f"`{rule.id}` is already the id of the rule in line {line}")
        elif rule is not None:
            rules[rule.id] = rule
    return Secrets(tuple(glob.text for glob in exclude), _baseline(reader), tuple(rules.values()))


def types_of(raw: Raw | None) -> list[str]:
    """What the policy's own rules find, of broken rules too: one mistake is told once."""
    rules = raw.get("rules") if raw is not None else None
    found = []
    for item in rules.items() if rules is not None else ():
        part = item.get("type") or item.get("id")
        if part is not None and isinstance(part.value, str):
            found.append(part.value)
    return found


def _baseline(reader: Reader) -> str:
    path = reader.text("baseline")
    if path.startswith("/") or "\\" in path or ".." in path.split("/"):
        reader.problems.add(
            reader.parts["baseline"],
            f"`{path}` is no path in the repository",
            "write it from the repository's root, with `/`: .interlock-secrets",
        )
    return path or Secrets().baseline


def _rule(raw: Raw, problems: Problems) -> SecretRule | None:
    reader = Reader(raw, "a rule of `secrets`", RULE_WORDS, problems)
    if not reader.mapping:
        return None
    # In files of a form of their own each line is looked at.
    reader.needs(RULE_NEEDS if "paths" in reader else {**RULE_NEEDS, "keywords": _KEYWORDS})
    name, kind = _name(reader, "id"), _name(reader, "type")
    texts = {word: reader.text(word) for word in (*PATTERNS, *_SAID)}
    for word in PATTERNS:
        if texts[word]:
            _pattern(reader.parts[word], word, texts[word], problems)
    return SecretRule(
        name,
        kind or name,
        keywords=_keywords(reader),
        min_entropy=_entropy(reader),
        edges=reader.flag("edges") if "edges" in reader else True,
        checksum=reader.one_of("checksum", CHECKSUMS, ""),
        **texts,
        origin=raw.origin(),
    )


def _name(reader: Reader, word: str) -> str:
    name = reader.text(word)
    if name and not KEBAB.match(name):
        reader.problems.add(
            reader.parts[word],
            f"`{name}` cannot be {'an id' if word == 'id' else 'a type'}",
            "write it in lower case with hyphens: `acme-token`",
        )
    return name


def _keywords(reader: Reader) -> tuple[str, ...]:
    part = reader.get("keywords")
    if part is None:
        return ()
    if not isinstance(part.value, list):
        reader.problems.add(part, f"`keywords` must be a list, not {kind_of(part.value)}")
        return ()
    if len(part.items()) > MAX_KEYWORDS:
        reader.problems.add(part, f"`keywords` has more than {MAX_KEYWORDS} texts")
    found = texts_of(part, "`keywords`", reader.problems)
    for item, text in found:
        if not text.strip() or "\n" in text:
            reader.problems.add(item, "a keyword is a text on one line, and no blank")
    return tuple(text for _, text in found)


def _entropy(reader: Reader) -> float:
    part = reader.get("min_entropy")
    if part is None:
        return 0.0
    if isinstance(part.value, bool) or not isinstance(part.value, (int, float)):
        reader.problems.add(part, f"`min_entropy` must be a number, not {kind_of(part.value)}")
        return 0.0
    if not 0 <= part.value <= 8:
        reader.problems.add(part, "`min_entropy` is in bits a character: between 0 and 8")
    return float(part.value)


def _pattern(raw: Raw, word: str, text: str, problems: Problems) -> None:
    """One pattern that RE2 takes; the secret's own needs a group and something in it."""
    from interlock.documents.patterns import PatternError, compile_pattern

    if len(text) > MAX_PATTERN:
        problems.add(raw, f"`{word}`: a pattern has at most {MAX_PATTERN:,} characters")
        return
    try:
        compiled = compile_pattern(text)
    except PatternError as error:
        problems.add(raw, f"`{word}`: {error}", _RE2)
        return
    if word != "pattern":
        return
    if not compiled.groups:
        problems.add(raw, "`pattern` needs a group, around the secret itself", "(acme_[a-z]{32})")
    elif compiled.search("") is not None:
        problems.add(raw, "`pattern` matches an empty text, so it would match everywhere")
