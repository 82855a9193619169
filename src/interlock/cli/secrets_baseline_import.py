"""Takes over what people said in a baseline of detect-secrets."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterable, Sequence

from interlock.cli.secrets_baseline import refresh, save, told_update
from interlock.cli.secrets_baseline_audit import git_email
from interlock.cli.secrets_run import Asked
from interlock.errors import UsageError
from interlock.report.exit_code import CLEAN
from interlock.report.neutral import harmless
from interlock.report.wording import many
from interlock.secrets.baseline import Baseline, Entry
from interlock.secrets.importing import MAX_BYTES, VAGUE, Old, by_line, by_value, read_old
from interlock.secrets.model import Hit, Text

#: Entries that were not taken over and are named.
_NAMED = 20


def take_over(file: str, top: str, asked: Asked, until: str, owner: str) -> int:
    """Update the baseline and give its unreviewed entries the verdicts of ``file``."""
    try:
        with open(file, "rb") as stream:
            old = read_old(stream.read(MAX_BYTES + 1), file)
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}") from None
    refreshed = refresh(top, asked, until)
    baseline = refreshed.updated.baseline
    pairs, theirs = _pairs(top, asked, baseline, old)
    owner = owner or git_email(top)
    if not owner and any(one.judged is not None for one, _ in pairs):
        raise UsageError("who answers for the verdicts? say --owner, or set git's user.email")
    entries = _judged(baseline, pairs, until, owner, f"imported from {os.path.basename(file)}")
    baseline = baseline._replace(entries=entries)
    save(refreshed.top, baseline)
    updated = refreshed.updated._replace(baseline=baseline)
    sys.stdout.write(_told(file, old, pairs, theirs))
    sys.stdout.write(told_update(refreshed._replace(updated=updated)))
    return CLEAN


def _pairs(
    top: str, asked: Asked, baseline: Baseline, old: Sequence[Old]
) -> tuple[list[tuple[Old, Hit]], set[tuple[str, str, str]]]:
    """The old entries with today's hits, and what detect-secrets itself still finds."""
    from interlock.cli.secrets_baseline_audit import is_file_of
    from interlock.secrets.compat import scan as scan_as_detect_secrets
    from interlock.secrets.reading import read_paths
    from interlock.secrets.scan import scanner

    paths = sorted({one.path for one in old if is_file_of(top, one.path)})
    texts = [one for one in read_paths(paths, top, lambda _: False) if isinstance(one, Text)]
    seen = list(by_value(texts, scanner(asked.rules, baseline.key), old))
    pairs = [(one, hit) for one, hit in seen if one is not None]
    left = set(old) - {one for one, _ in pairs}
    full = {os.path.join(top, path): path for path in paths}
    found = [(full[f.path], f.line, f.type, f.hash) for f in scan_as_detect_secrets(list(full))]
    pairs += by_line([hit for _, hit in seen], found, left)
    return pairs, {(path, kind, digest) for path, _, kind, digest in found}


def _judged(
    baseline: Baseline, pairs: Iterable[tuple[Old, Hit]], until: str, owner: str, reason: str
) -> tuple[Entry, ...]:
    """The entries, with verdicts where nobody has judged them here."""
    said: dict[tuple[str, str], set[bool | None]] = {}
    for one, hit in pairs:
        said.setdefault((hit.path, hit.fingerprint), set()).add(one.judged)
    made = []
    for entry in baseline.entries:
        verdicts = said.get(entry.place, set())
        if entry.verdict != "unreviewed" or not verdicts - {None}:
            made.append(entry)
        elif True in verdicts:  # two plugins, two answers: the careful one holds
            made.append(
                entry._replace(
                    verdict="live", until=until, owner=owner, reason=f"{reason}: a secret"
                )
            )
        else:
            made.append(
                entry._replace(verdict="not-a-secret", until="", owner=owner, reason=reason)
            )
    return tuple(made)


def _told(
    file: str,
    old: Sequence[Old],
    pairs: Sequence[tuple[Old, Hit]],
    theirs: set[tuple[str, str, str]],
) -> str:
    taken = {one for one, _ in pairs}
    judged = Counter(one.judged for one in taken)
    said = f"{judged[False]:,} not secrets, {judged[True]:,} live, {judged[None]:,} not judged"
    head = f"{harmless(file)}: {many(len(old), 'secret')}, {len(taken):,} of them also ours: {said}"
    lines = [head]
    left = [one for one in old if one not in taken]
    if left:
        lines.append(f"{len(left):,} not taken over:")
    for one in left[:_NAMED]:
        here = (one.path, one.type, one.digest) in theirs
        lines.append(f"  {harmless(one.path)}: {harmless(one.type)} ({_why(one, here=here)})")
    if len(left) > _NAMED:
        lines.append(f"  … and {len(left) - _NAMED:,} more")
    return "\n".join(lines) + "\n"


def _why(one: Old, *, here: bool) -> str:
    """Why an entry was not taken over; ``here`` where detect-secrets would still accept it."""
    if not here:
        return "no longer there"
    if one.type in VAGUE:
        return "its hash does not say which value it was: judge it again"
    return "still there, but not one credential to Interlock"
