"""A finding's identity as one short text."""

from __future__ import annotations

from hashlib import sha256

from interlock.model import Finding


def identity_hash(finding: Finding) -> str:
    """SHA-256 of the identity, in hex: the same across revisions, whatever line it stands on."""
    import json

    identity = finding.identity
    if finding.rule.startswith("secret/"):  # its key is a fingerprint, which each clone makes anew
        identity = identity._replace(key="")
    text = json.dumps(identity)
    return sha256(text.encode("ascii")).hexdigest()
