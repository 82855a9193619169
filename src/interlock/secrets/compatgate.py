"""Which files and lines detect-secrets' plugins could find anything on: a superset, in RE2.

Each alternative is a plugin's pattern of detect-secrets 1.5.0 with its look-arounds dropped, its
back-references loosened and its repeats cut short, since long ones make RE2 slow. Python's ``\\d``
takes every decimal digit, and its IGNORECASE takes the Turkish i, the long s and the Kelvin sign
for i, s and k.
"""

from __future__ import annotations

from interlock.values import Any, NamedTuple

#: What Python's IGNORECASE takes for an ASCII letter; RE2 does not know all of them.
ODD = "\u0131\u0130\u017f\u212a"
#: A superset of Python's ``\\w`` and of its ``\\s``, the newline left out.
_WORD = r"[0-9A-Za-z_\x{80}-\x{10ffff}]"
_SPACE = r"[^\n\x21-\x7e]"
_KEYWORD = (
    "(?i:(?:api|auth|service|account|db|database|priv|private|client)_?key"
    "|(?:db|database|key)_?pass|password|passwd|pwd|secret|contrase[ñn]a)"
)
#: What KeywordDetector's patterns have in common, by the kind of file it tells apart.
_EQUALS = rf"""{_KEYWORD}{_WORD}*(?:[\]'"]{{0,2}}{_SPACE}*[:=!][=>]{{0,2}}{_SPACE}*["'`]"""
_SEMICOLON = r"""|[^\n]*["'`];)"""
_COMPARED = rf"""["'`]{_SPACE}*[!=]{{2,3}}{_SPACE}*{_WORD}*{_KEYWORD}"""
KEYWORDS: dict[str, tuple[str, ...]] = {
    "quoted": (_EQUALS + _SEMICOLON, _COMPARED),
    "config": (rf"""{_KEYWORD}{_WORD}*(?:[\]'"]{{0,2}}{_SPACE}*[:=!]{_SEMICOLON}""", _COMPARED),
    "c": (rf"""{_KEYWORD}{_WORD}*(?:\[[0-9]*\])?{_SPACE}*[!=]{{1,2}}{_SPACE}*@?\"""",),
    "c++": (_EQUALS + r"""|(?:.assign)?\(")""",),
}
_ASSIGNED = r"""(?i:(?:key|pwd|pw|password|pass|token)["']?\]?[ :=>]+["']?[a-z0-9_\-]{16})"""
_BASE64 = r"A-Za-z0-9+/\\\-_="
#: Plugins known here, by class name, with what their findings need on one line: fixed texts.
TEXTS: dict[str, tuple[str, ...]] = {
    "ArtifactoryDetector": ("AKC", r"AP[\p{Nd}ABCDEF]"),
    "AWSKeyDetector": ("A3T|ABIA|ACCA|AKIA|ASIA", "(?i:aws)"),
    "AzureStorageKeyDetector": ("AccountKey=",),
    "CloudantDetector": ("(?i:cloudant)",),
    "GitHubTokenDetector": ("gh[pousr]_",),
    "GitLabTokenDetector": ("gl(?:pat|dt|ft|soat|rt|cbt|imt|ptt|agent|oas)-", "GR1348941"),
    "JwtTokenDetector": ("eyJ",),
    "MailchimpDetector": ("-us[0-9]",),
    "NpmDetector": ("_authToken=",),
    "OpenAIDetector": ("T3BlbkFJ",),
    "PrivateKeyDetector": ("PRIVATE KEY", "PuTTY-User-Key-File-2"),
    "PypiTokenDetector": ("pypi-AgE",),
    "SendGridDetector": (r"SG\.",),
    "SlackDetector": (r"(?i:xox[abpors]-|hooks\.slack\.com)",),
    "SoftlayerDetector": ("(?i:softlayer)",),
    "SquareOAuthDetector": ("sq0csp-",),
    "StripeDetector": ("[rs]k_live_",),
    "TwilioKeyDetector": ("(?:AC|SK)[a-z0-9]{3}",),
}
#: The same for shapes: together with the fixed texts they would make RE2 many times slower.
SHAPES: dict[str, tuple[str, ...]] = {
    "BasicAuthDetector": (r"://[^\n:/]+:[^\n/]+@",),
    "CloudantDetector": (_ASSIGNED,),
    "DiscordBotTokenDetector": (r"[\p{Nd}a-zA-Z_-]\.[\p{Nd}a-zA-Z_-]{6}\.[\p{Nd}a-zA-Z_-]{12}",),
    "IbmCloudIamDetector": (_ASSIGNED,),
    "IbmCosHmacDetector": (_ASSIGNED,),
    "IPPublicDetector": (r"[0-9]\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]",),
    "SoftlayerDetector": (_ASSIGNED,),
    "TelegramBotTokenDetector": (r"\p{Nd}{4}:[0-9A-Za-z_-]{8}",),
}
_ENTROPY = {"Base64HighEntropyString": _BASE64, "HexHighEntropyString": "0-9a-fA-F"}
#: What a file needs whatever the YAML and INI readers make of its lines: they add quotes, take
#: them away, and put a key before a value, but never join two words.
_WHOLE = (
    _KEYWORD,
    "AKC[a-zA-Z0-9]{6}",
    r"AP[\p{Nd}ABCDEF][a-zA-Z0-9]{6}",
    "(?:A3T|ABIA|ACCA|AKIA|ASIA)",
    r"://[^\n:/]+:[^\n/]+@",
    r"[0-9]\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]",
    "eyJ",
    "gl[a-z]{2,5}-",
    "_authToken",
    "BEGIN|PuTTY",
    "(?i:xox|softlayer|cloudant)",
    "T3BlbkFJ",
)
#: Every other token is longer than this.
_LONG = rf"[\p{{Nd}}{_BASE64}]{{22}}"


class Gate(NamedTuple):
    """Patterns: ``lines`` by kind of file, each alone; ``whole`` for a file that is rewritten."""

    lines: dict[str, tuple[str, ...]]
    whole: str


def gate(plugins: list[Any]) -> Gate | None:
    """What lines and files need for ``plugins``; None where one of them is not known here."""
    texts: list[str] = []
    shapes: list[str] = []
    quoted = []
    whole = [f"[{ODD}]", *_WHOLE, _LONG]
    keywords = False
    for plugin in plugins:
        name = type(plugin).__name__
        if not type(plugin).__module__.startswith("detect_secrets.plugins."):
            return None
        if name in _ENTROPY:
            letters, least = _ENTROPY[name], least_letters(plugin.entropy_limit)
            quoted.append(f"[{letters}]{{{least},}}")
            # a quote inside gets a backslash, which counts as one
            whole.append(f"[{letters}]{{{max(least - 1, 1)}}}")
        elif name == "KeywordDetector":
            keywords = True
        elif name in TEXTS or name in SHAPES:
            texts += TEXTS.get(name, ())
            shapes += SHAPES.get(name, ())
        else:
            return None
    entropy = f"""["'](?:{"|".join(quoted)})["']""" if quoted else ""
    by_kind = {
        kind: _lines(entropy, [*(named if keywords else ()), f"[{ODD}]"], texts, shapes)
        for kind, named in KEYWORDS.items()
    }
    return Gate(by_kind, "|".join(whole))


def _lines(entropy: str, *groups: list[str]) -> tuple[str, ...]:
    """Each pattern takes the rest of its line, so that each line matches it once."""
    together = [entropy, *("|".join(dict.fromkeys(group)) for group in groups)]
    return tuple(rf"(?:{one})[^\n]*" for one in together if one)


def candidates(body: bytes, patterns: tuple[str, ...]) -> list[tuple[int, int, int]]:
    """The lines of ``body`` on which any pattern occurs: number from 0, start and end."""
    ends: dict[int, int] = {}
    for pattern in patterns:
        for match in compiled(pattern).finditer(body):
            begin, end = match.span()
            ends[body.rfind(b"\n", 0, begin) + 1] = end
    made = []
    number = last = 0
    for start in sorted(ends):
        number += body.count(b"\n", last, start)
        last = start
        made.append((number, start, ends[start]))
    return made


def least_letters(limit: float) -> int:
    """How many different letters a text of more than ``limit`` bits a letter has at least."""
    least = 1
    while least < 64 and 2 ** (limit - 1e-9) > least:  # n letters have log2(n) bits at most
        least += 1
    return least


_made: dict[str, Any] = {}


def compiled(pattern: str) -> Any:
    """The pattern ready for use on bytes; with less memory than this RE2 would match slowly."""
    made = _made.get(pattern)
    if made is None:
        import re2

        options = re2.Options()
        options.max_mem = 64 << 20
        options.never_capture = True
        made = _made[pattern] = re2.compile(pattern, options)
    return made
