"""A baseline of detect-secrets: which of its entries are hits of ours, by the values' SHA-1.

The digests are made and compared while scanning; nothing keeps them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from interlock.errors import UsageError
from interlock.secrets.model import Hit, Text
from interlock.secrets.scan import Scanner, scan
from interlock.values import Any, NamedTuple

#: Types whose hash is one of what all values begin with: "ghp", "BEGIN RSA PRIVATE KEY". Only the
#: line that it was on says which value a person has looked at.
VAGUE = ("GitHub Token", "GitLab Token", "Private Key")
#: A baseline of all of a large repository's images is smaller.
MAX_BYTES = 64 << 20


class Old(NamedTuple):
    """One of its entries. ``digest`` is SHA-1 of the value; ``judged`` its ``is_secret``.

    ``line`` is where the value stood, 0 where the baseline does not say (`--slim`).
    """

    path: str
    type: str
    digest: str
    judged: bool | None
    line: int = 0


def read_old(content: bytes, name: str) -> tuple[Old, ...]:
    """The entries of a ``.secrets.baseline``; raises UsageError where it is none."""
    from json import loads

    if len(content) > MAX_BYTES:
        raise UsageError(f"{name} is too large for a baseline: {len(content):,} bytes")
    try:
        results = loads(content)["results"]
        found = [_old(str(path), one) for path, every in results.items() for one in every]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise UsageError(
            f"{name} is no baseline of detect-secrets: it has no usable `results`"
        ) from None
    return tuple(dict.fromkeys(found))


def _old(path: str, one: Any) -> Old:
    judged, line = one.get("is_secret"), one.get("line_number")
    return Old(
        path.replace("\\", "/").removeprefix("./"),
        str(one["type"]),
        str(one["hashed_secret"]).lower(),
        judged if isinstance(judged, bool) else None,
        line if isinstance(line, int) else 0,
    )


def by_value(
    texts: Iterable[Text], using: Scanner, old: Sequence[Old]
) -> Iterator[tuple[Old | None, Hit]]:
    """Each hit of ``texts``, with an entry for its very value in its file, or None."""
    known = {(one.path, one.digest): one for one in old}
    for text in texts:
        digests: dict[str, str] = {}
        for hit in scan([text], using._replace(keep=_keeping(using, digests))):
            yield known.get((hit.path, digests[hit.fingerprint])), hit


def _keeping(using: Scanner, digests: dict[str, str]) -> Callable[[str], str]:
    def keep(value: str) -> str:
        from hashlib import sha1

        fingerprint = using.keep(value)
        # What detect-secrets 1.5 stores: potential_secret.py, hash_secret.
        digest = sha1(value.encode("utf-8", "replace"), usedforsecurity=False)
        digests[fingerprint] = digest.hexdigest()
        return fingerprint

    return keep


def by_line(
    hits: Sequence[Hit], theirs: Iterable[tuple[str, int, str, str]], old: Iterable[Old]
) -> Iterator[tuple[Old, Hit]]:
    """Entries whose value detect-secrets finds on a line that has a single hit of ours.

    ``theirs`` are its finds of today: path, line, type and SHA-1. Its idea of where a value begins
    and ends is another than ours; with two values on a line it could be either, and is neither.
    """
    lines: dict[tuple[str, int], dict[str, Hit]] = {}
    for hit in hits:
        lines.setdefault((hit.path, hit.line), {})[hit.fingerprint] = hit
    wanted = {(one.path, one.type, one.digest): one for one in old}
    for path, line, kind, digest in theirs:
        one, here = wanted.get((path, kind, digest)), lines.get((path, line), {})
        if one is not None and len(here) == 1 and (one.type not in VAGUE or one.line == line):
            yield one, next(iter(here.values()))
