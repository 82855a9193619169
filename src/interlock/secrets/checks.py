"""What a rule's `checksum` may name: issuers' checksums, and judges of a value by its form.

Sources: GitHub (blog, 2021-04-05 and 2021-09-23: npm took its form over), Grafana (satokengen),
GitLab (routable tokens), Atlassian (the form of ATATT3 tokens), Discord (bot tokens).
"""

from __future__ import annotations

from collections.abc import Callable

from interlock.documents.patterns import matches
from interlock.secrets.judging import CHECKS as JUDGED
from interlock.secrets.judging import decoded, entropy

#: In a file that holds nothing but credentials, whatever is no template is one, however weak.
_UNSET = (
    r"(?i)^\s*$|\$\{|\$\(|\{\{|\}\}|<%|^<[^<>]*>$|^\$[a-z_]\w*$|^%\(?[a-z_]+\)?[s%]?$|^[x*.?_-]+$"
    r"|^(?:none|null|nil|true|false|undefined|tbd|todo|n/a|change[_-]?(?:me|this|it)|redacted|hidden"
    r"|ask|prompt|env|value|string|token|key|text)$|^!env|^enter |^<?your[ _-]|placeholder"
    r"|replace[_-]?(?:me|with|this)"
    r"|getenv|environ|process\.env|^(?:vault|env|file|ref|op|arn|ssm|secret)s?:|^/run/secrets"
)
#: What stands in a token of the right form that nobody issued. A short word counts only where a
#: part begins: in the middle of a hundred random letters each of them turns up by chance.
_FILLED = (
    r"(?i)x{5,}|\*{3,}|\.{3,}|_{4,}|0{7,}|1{8,}|123456789|abcdefghi|deadbeef|placeholder|example"
    r"|redacted|change[_-]?me|replace[_-]?(?:me|with|this)|[<>{}]|\$[({a-z]"
    r"|(?:^|[_.\-])(?:your|my[_-]|fake|dummy|sample|insert|mock|todo|test|some|foobar|secret)"
)
#: Bits a character below which a token of a known form is a placeholder.
_LEAST = 3.0


def _number(text: str, base: int) -> int:
    """``text`` as a number; -1 where it is none."""
    try:
        return int(text, base)
    except ValueError:
        return -1


def is_filled(value: str) -> bool:
    """True for a token's form filled by hand: ghp_xxxx, sk-your-key-here."""
    return len(set(value)) < 4 or matches(_FILLED, value)


def _drawn(value: str) -> bool:
    return entropy(value) >= _LEAST and not is_filled(value)


def _gitlab(value: str) -> bool:
    """Routable tokens end in CRC-32 of all before it, in seven digits of base 36."""
    from binascii import crc32

    if matches(r"\.(?:[0-9a-z]{2}\.)?[0-9a-z]{9}$", value):
        return _number(value[-7:], 36) == crc32(value[:-7].encode())
    return _drawn(value)


def _atlassian(value: str) -> bool:
    """The last eight digits are CRC-32 of all before them, in hexadecimal."""
    from binascii import crc32

    if value[-9:-8] != "=":
        return _drawn(value)
    return _number(value[-8:], 16) == crc32(value[:-8].encode())


def _grafana(value: str) -> bool:
    """The last eight digits are CRC-32 of what stands before `_`, lowest byte first."""
    from binascii import crc32

    head, _, tail = value.rpartition("_")
    return crc32(head.encode()).to_bytes(4, "little").hex() == tail.lower()


def _discord(value: str) -> bool:
    """The first part is the bot's number in base64."""
    return decoded(value.partition(".")[0]).isdigit()


def is_stored(value: str) -> bool:
    """True for any value but a template or an empty one."""
    return len(value) > 2 and not matches(_UNSET, value)


def _either(value: str) -> bool:
    return JUDGED["token"](value) or JUDGED["password"](value)


#: Names that a rule may give. A value of the right form that fails one of them is no secret.
CHECKS: dict[str, Callable[[str], bool]] = {
    **JUDGED,
    "npm-crc32": JUDGED["github-crc32"],
    "gitlab": _gitlab,
    "atlassian": _atlassian,
    "grafana": _grafana,
    "discord": _discord,
    "stored": is_stored,
    "either": _either,
}
#: Checks after which no other rule may take the value either.
FINAL = frozenset({"github-crc32", "grafana"})
