"""Random text of a given alphabet, and the checksums that issuers put into their tokens."""

from __future__ import annotations

import base64
import json
import string
import zlib
from random import Random

HEX = "0123456789abcdef"
UPPER = string.ascii_uppercase
LETTERS = string.ascii_letters
ALNUM = string.digits + LETTERS
WORD = ALNUM + "_"
URLSAFE = ALNUM + "-_"
BASE62 = string.digits + UPPER + string.ascii_lowercase
PUNCTUATION = "!#%*+-^_?"


def draw(rng: Random, alphabet: str, length: int) -> str:
    return "".join(rng.choice(alphabet) for _ in range(length))


def base62(number: int, width: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 62)
        digits = BASE62[rest] + digits
    return digits.rjust(width, "0")


def with_crc(prefix: str, body: str) -> str:
    """A token in GitHub's form, which npm took over: CRC-32 of the body, six digits of base 62."""
    return prefix + body + base62(zlib.crc32(body.encode()), 6)


def with_wrong_crc(prefix: str, body: str) -> str:
    return prefix + body + base62(zlib.crc32(body.encode()) ^ 0x5A5A, 6)


def password(rng: Random) -> str:
    """Letters, digits and punctuation, as a generator of passwords gives."""
    body = draw(rng, ALNUM, 14) + draw(rng, PUNCTUATION, 2) + draw(rng, string.digits, 2)
    shuffled = list(body)
    rng.shuffle(shuffled)
    return rng.choice(LETTERS) + "".join(shuffled)


def encoded(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def segment(value: object) -> str:
    """One base64url part of a JWT, without padding."""
    raw = value if isinstance(value, bytes) else json.dumps(value, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def uuid(rng: Random) -> str:
    return "-".join(draw(rng, HEX, n) for n in (8, 4, 4, 4, 12))


def pem(rng: Random, what: str, lines: int) -> str:
    """PEM armour round random bytes; ``what`` stands after BEGIN."""
    body = encoded(rng.randbytes(48 * lines - 7))
    wrapped = [body[at : at + 64] for at in range(0, len(body), 64)]
    dashes = "-" * 5
    return "\n".join([f"{dashes}BEGIN {what}{dashes}", *wrapped, f"{dashes}END {what}{dashes}"])
