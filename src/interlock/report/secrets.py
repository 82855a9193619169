"""What a scan for credentials found, as JSON, text, SARIF or annotations; never a value."""

from __future__ import annotations

from collections.abc import Sequence
from json import dumps

from interlock.secrets.model import Hit, Scanned
from interlock.secrets.table import TABLE


def render(hits: Sequence[Hit], scanned: Scanned, form: str) -> str:
    """The whole answer in ``form``: text, json, sarif or github."""
    if form == "json":
        return _json(hits, scanned)
    from interlock.report.secret_findings import render_findings

    return render_findings(hits, scanned, form)


def _json(hits: Sequence[Hit], scanned: Scanned) -> str:
    value = {
        "schema": 1,
        "scanned": {
            "what": scanned.what,
            "files": scanned.files,
            "lines": scanned.lines,
            "skipped": [{"path": _plain(s.path), "reason": s.reason} for s in scanned.skipped],
        },
        "hits": [
            {
                "rule": hit.rule,
                "type": hit.type,
                "path": _plain(hit.path),
                "line": hit.line,
                "column": hit.column,
                "cell": hit.cell,
                "fingerprint": hit.fingerprint,
            }
            for hit in hits
        ],
    }
    return dumps(value, indent=2) + "\n"


def _plain(path: str) -> str:
    """A path that any JSON reader takes: bytes that are no UTF-8 are shown as question marks."""
    return path.encode("utf-8", "replace").decode()


def advice() -> dict[str, tuple[str, str]]:
    """Why and how to rotate, by rule id."""
    return {rule.id: (rule.why, rule.rotate) for rule in TABLE}
