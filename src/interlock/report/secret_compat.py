"""What the compat mode found, as lines or as JSON with detect-secrets' own hashes."""

from __future__ import annotations

from collections.abc import Sequence
from json import dumps

from interlock.report.neutral import harmless
from interlock.report.secret_extent import as_json, extent, plain
from interlock.report.wording import many
from interlock.secrets.compat import Found
from interlock.secrets.model import Scanned


def render(found: Sequence[Found], scanned: Scanned, form: str) -> str:
    """Text or JSON. A hash is SHA-1 of the value, as in detect-secrets' baselines."""
    if form == "json":
        return _json(found, scanned)
    lines = [f"{harmless(one.path)}:{one.line}: {one.type}" for one in found]
    count = many(len(found), "finding") if found else "nothing"
    lines.append(f"detect-secrets finds {count} in {extent(scanned)}")
    return "\n".join(lines) + "\n"


def _json(found: Sequence[Found], scanned: Scanned) -> str:
    value = {
        "schema": 1,
        "scanned": as_json(scanned),
        "found": [
            {"path": plain(one.path), "line": one.line, "type": one.type, "hash": one.hash}
            for one in found
        ],
    }
    return dumps(value, indent=2) + "\n"
