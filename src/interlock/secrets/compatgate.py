"""Which files and lines detect-secrets' plugins could find anything on: a superset, in RE2.

Each alternative is a plugin's pattern of detect-secrets 1.5.0 with its look-arounds dropped, its
back-references loosened and its tails cut. Python's ``\\d`` takes every decimal digit, and its
IGNORECASE takes the Turkish dotless i, the long s and the Kelvin sign for i, s and k.
"""

from __future__ import annotations

from interlock.values import Any

KEYWORD = (
    "(?i:(?:api|auth|service|account|db|database|priv|private|client)_?key"
    "|(?:db|database|key)_?pass|password|passwd|pwd|secret|contrase[ñn]a)"
)
#: What Python's IGNORECASE takes for an ASCII letter; RE2 does not know all of them.
ODD = "[ıİſ\u212a]"
ASSIGNED = r"""(?i:(?:key|pwd|pw|password|pass|token)["']?\]?[ :=>]+["']?[a-z0-9_\-]{24})"""
BASE64 = r"\p{Nd}A-Za-z+/\\\-_="
#: Plugins known here, by class name, with what their findings need on one line.
PLUGINS: dict[str, tuple[str, ...]] = {
    "ArtifactoryDetector": ("AKC[a-zA-Z0-9]{10}", r"AP[\p{Nd}ABCDEF][a-zA-Z0-9]{8}"),
    "AWSKeyDetector": (
        "(?:A3T[A-Z0-9]|ABIA|ACCA|AKIA|ASIA)[0-9A-Z]{16}",
        r"""["'][0-9a-zA-Z/+]{40}["']""",
    ),
    "AzureStorageKeyDetector": ("AccountKey=",),
    "BasicAuthDetector": (r"://[^\n]+:[^\n]+@",),
    "CloudantDetector": (ASSIGNED, "(?i:cloudant)"),
    "DiscordBotTokenDetector": (r"[MNO][\p{Nd}a-zA-Z_-]{23,25}\.[\p{Nd}a-zA-Z_-]{6}\.",),
    "GitHubTokenDetector": ("gh[pousr]_[A-Za-z0-9_]{36}",),
    "GitLabTokenDetector": ("gl(?:pat|dt|ft|soat|rt|cbt|imt|ptt|agent|oas)-", "GR1348941"),
    "IbmCloudIamDetector": (ASSIGNED,),
    "IbmCosHmacDetector": (ASSIGNED,),
    "IPPublicDetector": (r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}",),
    "JwtTokenDetector": (r"eyJ[A-Za-z0-9_=\-]+\.",),
    "KeywordDetector": (rf"""{KEYWORD}[^\n]*[:=("'`]""", rf"[!=]=[^\n]*{KEYWORD}"),
    "MailchimpDetector": ("[0-9a-z]{32}-us[0-9]",),
    "NpmDetector": ("_authToken",),
    "OpenAIDetector": ("T3BlbkFJ",),
    "PrivateKeyDetector": ("PRIVATE KEY", "PuTTY-User-Key-File-2"),
    "PypiTokenDetector": ("pypi-AgE",),
    "SendGridDetector": (r"SG\.[a-zA-Z0-9_-]{22}\.",),
    "SlackDetector": ("(?i:xox[abpors]-)", r"(?i:hooks\.slack\.com)"),
    "SoftlayerDetector": (ASSIGNED, "(?i:softlayer)"),
    "SquareOAuthDetector": ("sq0csp-",),
    "StripeDetector": ("[rs]k_live_",),
    "TelegramBotTokenDetector": (r"\p{Nd}{8,10}:[0-9A-Za-z_-]{35}",),
    "TwilioKeyDetector": ("(?:AC|SK)[a-z0-9]{32}",),
}
#: What a file needs whatever the YAML and INI readers make of its lines: they add quotes, take
#: them away, and put a key before a value, but never join two words.
WHOLE = (
    KEYWORD,
    "AKC[a-zA-Z0-9]{10}",
    r"AP[\p{Nd}ABCDEF][a-zA-Z0-9]{8}",
    "(?:A3T|ABIA|ACCA|AKIA|ASIA)",
    "://",
    r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}",
    "eyJ",
    "gl[a-z]{2,5}-",
    "_authToken",
    "BEGIN|PuTTY",
    "(?i:xox|softlayer|cloudant)",
    "T3BlbkFJ",
)


def compiled(plugins: list[Any]) -> tuple[Any, Any] | None:
    """The patterns for a line and for a whole file; None where a plugin is not known here.

    The line's pattern takes the rest of its line, so that each line matches once.
    """
    import re2

    lines, whole = [ODD], [ODD, *WHOLE]
    for plugin in plugins:
        name = type(plugin).__name__
        if name in ("Base64HighEntropyString", "HexHighEntropyString"):
            letters = BASE64 if name.startswith("Base64") else "0-9a-fA-F"
            # n different letters have log2(n) bits at most; one may be a backslash put in
            least = min(int(2**plugin.entropy_limit) + 1, 64)
            lines.append(f"""["'][{letters}]{{{least},}}["']""")
            whole.append(f"[{letters}]{{{max(least - 1, 1)},}}")
        elif name in PLUGINS and not getattr(plugin, "keyword_exclude", None):
            lines += PLUGINS[name]
        else:
            return None
    # every other token is longer than this
    whole.append(f"[{BASE64}]{{22,}}")
    line = "(?:" + "|".join(dict.fromkeys(lines)) + r")[^\n]*"
    options = re2.Options()
    options.max_mem = 64 << 20  # with less, long repeats throw it back on its slow matcher
    options.never_capture = True
    return re2.compile(line, options), re2.compile("|".join(whole), options)
