"""detect-secrets' plugins on one line: only those that can find something there are asked.

Each plugin is asked through its own patterns. What is cut is what surrounds them: arguments put
together by reflection, a value's object before the filters have seen it, and patterns for which
the line has not the letters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from functools import lru_cache
from math import log

from interlock.secrets.compatgate import ODD, compiled, least_letters
from interlock.secrets.compatkeywords import Pattern
from interlock.values import Any, NamedTuple

#: A line and its lower case: can the plugin find anything?
Test = Callable[[str, str], bool]
#: The values on a line; the second is what KeywordDetector needs of the file.
Find = Callable[[str, tuple[Pattern, ...]], set[str]]

_ODD = re.compile(f"[{ODD}]")
#: KeywordDetector's words in lower case: no match of its patterns starts, or ends, without one.
_NAMED = re.compile(
    "(?:api|auth|service|account|db|database|priv|private|client)_?key"
    "|(?:db|database|key)_?pass|passw(?:or)?d|pwd|secret|contrase[ñn]a"
)
#: A name's end, and how long a value has to be; for RE2, which is quicker on long lines.
_ASSIGNED = r"""(?i:(?:key|pwd|pw|password|pass|token)["']?\]?[ :=>]+["']?[a-z0-9_\-]{24})"""
_IAM = r"""(?i:(?:key|pwd|password|pass|token)["']?\]?[ :=>]+["']?[a-z0-9_\-]{44}(?:[^\w-]|$))"""
_HMAC = r"""(?i:secret[-_]?(?:access)?[-_]?key["']?\]?[ :=>]+["']?[a-f0-9]{48})"""
_IP = re.compile(r"[0-9]\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]")
_BOT = re.compile(":[0-9A-Za-z_-]{35}")
_ARTIFACTORY = re.compile(r"AKC[a-zA-Z0-9]{10}|AP[\dABCDEF][a-zA-Z0-9]{8}")
_DISCORD = re.compile(r"\.[a-zA-Z\d_-]{6}\.[a-zA-Z\d_-]{27}")
_GITLAB = re.compile("gl[a-z]{2,5}-|GR1348941")


def _keyword(_: str, low: str) -> bool:
    return "key" in low or "pass" in low or "secret" in low or "pwd" in low or "contrase" in low


def _assigned(pattern: str) -> Test:
    def test(line: str, low: str) -> bool:
        named = "key" in low or "pw" in low or "pass" in low or "token" in low
        return named and compiled(pattern).search(line.encode("utf-8", "replace")) is not None

    return test


_any_assigned = _assigned(_ASSIGNED)


TESTS: dict[str, Test] = {
    "ArtifactoryDetector": lambda line, _: (
        ("AKC" in line or "AP" in line) and _ARTIFACTORY.search(line) is not None
    ),
    "AWSKeyDetector": lambda line, low: (
        "aws" in low or "IA" in line or "A3T" in line or "ACCA" in line
    ),
    "AzureStorageKeyDetector": lambda line, _: "AccountKey=" in line,
    "BasicAuthDetector": lambda line, _: "://" in line and "@" in line,
    "CloudantDetector": lambda line, low: (
        "cloudant" in low or ("cl" in low and _any_assigned(line, low))
    ),
    "DiscordBotTokenDetector": lambda line, _: (
        line.count(".") > 1 and _DISCORD.search(line) is not None
    ),
    "GitHubTokenDetector": lambda line, _: "gh" in line and "_" in line,
    "GitLabTokenDetector": lambda line, _: (
        ("gl" in line or "GR13" in line) and _GITLAB.search(line) is not None
    ),
    "IbmCloudIamDetector": _assigned(_IAM),
    "IbmCosHmacDetector": _assigned(_HMAC),
    "IPPublicDetector": lambda line, _: line.count(".") > 2 and _IP.search(line) is not None,
    "JwtTokenDetector": lambda line, _: "eyJ" in line and "." in line,
    "KeywordDetector": _keyword,
    "MailchimpDetector": lambda line, _: "-us" in line,
    "NpmDetector": lambda line, _: "_authToken=" in line,
    "OpenAIDetector": lambda line, _: "T3BlbkFJ" in line,
    "PrivateKeyDetector": lambda line, _: "PRIVATE KEY" in line or "PuTTY" in line,
    "PypiTokenDetector": lambda line, _: "pypi-AgE" in line,
    "SendGridDetector": lambda line, _: "SG." in line,
    "SlackDetector": lambda _, low: "xox" in low or "hooks.slack.com" in low,
    "SoftlayerDetector": lambda line, low: (
        "softlayer" in low or ("sl" in low and _any_assigned(line, low))
    ),
    "SquareOAuthDetector": lambda line, _: "sq0csp-" in line,
    "StripeDetector": lambda line, _: "k_live_" in line,
    "TelegramBotTokenDetector": lambda line, _: _BOT.search(line) is not None,
    "TwilioKeyDetector": lambda line, _: "AC" in line or "SK" in line,
    "Base64HighEntropyString": lambda line, _: '"' in line or "'" in line,
    "HexHighEntropyString": lambda line, _: '"' in line or "'" in line,
}


class Asked(NamedTuple):
    """One plugin: its type's name, when it is asked, and how."""

    plugin: Any
    type: str
    test: Test
    find: Find


def prepared(plugins: list[Any]) -> tuple[Asked, ...]:
    """The plugins, all of which compatgate knows, in their order."""
    made = []
    for plugin in plugins:
        name = type(plugin).__name__
        if name == "KeywordDetector":
            find = _keywords(plugin)
        elif name.endswith("HighEntropyString"):
            find = _entropy(plugin)
        else:
            find = _values(plugin)
        made.append(Asked(plugin, plugin.secret_type, TESTS[name], find))
    return tuple(made)


def values(
    line: str, patterns: tuple[Pattern, ...], asked: tuple[Asked, ...]
) -> Iterator[tuple[Asked, str]]:
    """What the plugins find on a line; ``patterns`` are KeywordDetector's for the file."""
    low = line.lower()
    everything = not line.isascii() and _ODD.search(line) is not None
    for one in asked:
        if everything or one.test(line, low):
            for value in one.find(line, patterns):
                yield one, value


def _values(plugin: Any) -> Find:
    search = plugin.analyze_string
    return lambda line, _: set(search(line))


def _entropy(plugin: Any) -> Find:
    """Values above the plugin's limit; the sum is made in its order, to the last bit the same.

    A value of fewer different letters than the limit needs is not summed up at all.
    """
    limit, least = plugin.entropy_limit, least_letters(plugin.entropy_limit)
    # its own pattern, but for giving letters back: a quote is none of them
    regex = re.compile(rf"""(['"])([{re.escape(plugin.charset)}]++)\1""")
    order = {letter: at for at, letter in enumerate(plugin.charset)}
    digits = type(plugin).__name__ == "HexHighEntropyString"

    def find(line: str, _: tuple[Pattern, ...]) -> set[str]:
        found = set()
        for value in {match[1] for match in regex.findall(line)}:
            letters: AbstractSet[str] = set(value) if len(value) >= least else frozenset()
            if len(letters) < least:
                continue
            if digits:
                bits = plugin.calculate_shannon_entropy(value)
            else:
                size, bits = len(value), 0.0
                for letter in sorted(letters, key=order.__getitem__):
                    bits += _bits(value.count(letter), size)
            if bits > limit:
                found.add(value)
        return found

    return find


@lru_cache(maxsize=4096)
def _bits(count: int, size: int) -> float:
    share = float(count) / size
    return -share * log(share, 2)  # noqa: FURB163  as there: log2 rounds in another way


def _keywords(plugin: Any) -> Find:
    """Each of the file's patterns is asked from the first keyword on, if its signs are there."""

    def find(line: str, patterns: tuple[Pattern, ...]) -> set[str]:
        start = 0
        if (
            line.isascii() or _ODD.search(line) is None
        ):  # else the lower case may be longer, and words be odd
            first = _NAMED.search(line.lower())
            if first is None:
                return set()
            start = first.start()
        if plugin.keyword_exclude and plugin.keyword_exclude.search(line):
            return set()
        found = set()
        for one in patterns:
            if one.signs.search(line) is not None:
                match = one.regex.search(line, start if one.after else 0)
                if match:
                    found.add(match.group(one.group))
        return found

    return find
