"""Proof that a form was sent from a page of ours: each page has its own token.

The token is good for one person, one repository and one pair of branches, while the program runs.
"""

from __future__ import annotations

import hmac
import secrets

from interlock.sandbox.actors import User

_KEY = secrets.token_bytes(32)


def token(who: User, *page: object) -> str:
    """The token of a page for one person."""
    said = "\0".join(map(str, (who.id, *page))).encode("utf-8", "surrogatepass")
    return hmac.new(_KEY, said, "sha256").hexdigest()


def holds(given: str, who: User, *page: object) -> bool:
    """Whether a token belongs to this page."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), token(who, *page).encode())
