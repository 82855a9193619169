"""Services that no rule of ours knows: detect-secrets' plugins, on lines that name one of them.

The plugins' own patterns are asked; what they find is judged as every other find is. They are
imported at the first such line, never before.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from interlock.values import Any, NamedTuple

#: What stands on each line that a plugin is asked about, for the prefilter; RE2.
WORDS = (
    r"(?i:cloudant|softlayer|cloud[_\-]?iam|cos[_\-]?hmac"
    r"|ibm[_\-]?(?:cloud|cos|iam|api|key|pass|pwd|token))"
)
#: The ends of names that the plugins know.
_NAMED = ("key", "pass", "pwd", "token", "pw", "://")
#: As many spaces make the plugins' patterns slow: they try all ways to share them out.
_GAP = " " * 16
#: Bits a character; less is what a person fills in.
_LEAST = 2.5


class Kind(NamedTuple):
    """A type: the plugin that knows it, words of its lines in lower case, where to rotate it."""

    type: str
    title: str
    module: str
    plugin: str
    words: tuple[str, ...]
    rotate: str


KINDS = (
    Kind(
        "cloudant-credential",
        "IBM Cloudant's passwords and API keys",
        "cloudant",
        "CloudantDetector",
        ("cloudant",),
        "make new service credentials for the Cloudant instance and delete these",
    ),
    Kind(
        "softlayer-credential",
        "SoftLayer's API keys",
        "softlayer",
        "SoftlayerDetector",
        ("softlayer",),
        "https://cloud.ibm.com/iam/apikeys (classic infrastructure)",
    ),
    Kind(
        "ibm-cos-hmac-secret",
        "the secret half of HMAC keys of IBM Cloud Object Storage",
        "ibm_cos_hmac",
        "IbmCosHmacDetector",
        ("ibm", "cos_hmac", "cos-hmac", "coshmac"),
        "make new service credentials with HMAC for the storage and delete these",
    ),
    Kind(
        "ibm-cloud-api-key",
        "IBM Cloud's API keys",
        "ibm_cloud_iam",
        "IbmCloudIamDetector",
        ("ibm", "cloud_iam", "cloud-iam", "cloudiam"),
        "https://cloud.ibm.com/iam/apikeys",
    ),
)


def found(line: str) -> Iterator[tuple[int, int, str]]:
    """Where a plugin's credential stands on a line, and its type."""
    low = line.lower()
    kinds = [kind for kind in KINDS if any(word in low for word in kind.words)]
    if not kinds or not any(word in low for word in _NAMED) or _GAP in line.lstrip():
        return
    from interlock.secrets.checks import is_filled
    from interlock.secrets.judging import entropy, is_lookup, is_placeholder

    for kind in kinds:
        for pattern in patterns(kind):
            for match in pattern.finditer(line):
                value = match.group(1)
                if entropy(value) < _LEAST or is_filled(value):
                    continue
                if not is_placeholder(value) and not is_lookup(value):
                    yield *match.span(1), kind.type


@lru_cache(maxsize=8)
def patterns(kind: Kind) -> tuple[Any, ...]:
    """The plugin's own patterns; group 1 is the value."""
    return tuple(plugin(kind).denylist)


@lru_cache(maxsize=8)
def plugin(kind: Kind) -> Any:
    """The plugin itself, imported now."""
    from importlib import import_module

    module = import_module(f"detect_secrets.plugins.{kind.module}")
    return getattr(module, kind.plugin)()
