"""A finding's identity as one short text."""

from __future__ import annotations

from hashlib import sha256

from interlock.model import Finding


def identity_hash(finding: Finding) -> str:
    """SHA-256 of the identity, in hex: the same across revisions, whatever line it stands on."""
    import json

    text = json.dumps(finding.identity)
    return sha256(text.encode("ascii")).hexdigest()
