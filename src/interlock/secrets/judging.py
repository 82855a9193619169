"""Is a match a secret: entropy, checksums, placeholders, look-ups."""

from __future__ import annotations

from collections.abc import Callable
from math import log2

from interlock.documents.patterns import compile_pattern, matches
from interlock.secrets.wording import is_random

#: Words that people write in place of a secret, and that no issuer puts into one.
_PLACEHOLDER = (
    r"(?i)x{4,}|\*{3,}|\.{3,}|_{4,}|-{6,}$|0{6,}|1{8,}|123456789012|abcdefghij|deadbeef|cafebabe"
    r"|your|[^a-z]my[_-]?(?:key|token|secret|password)|^my[_-]?(?:key|token|secret|api)"
    r"|example|placeholder|change[_-]?(?:me|it)|replace|redacted|dummy|sample"
    r"|insert|fake|mock|todo|fixme|tbd$|not[_-]?(?:a[_-])?(?:real|secret|set|used)|foo_?bar"
    r"|^<.*>$|^\[.*\]$|^\{\{|\}\}$|\$\{|\$\(|^\$|^%\(?[a-z_]+\)?s?%?$|^@|<[a-z _-]+>"
    r"|\{[a-z0-9_.]*\}"
    r"|^(?:none|null|nil|true|false|undefined|default|empty|unset|unknown|string|str|int|bool"
    r"|secret|token|key|password|passwd|pass|pwd|user|username|admin_password|optional|required"
    r"|hidden|masked|sensitive|file|value|text|bytes|object|any|self|this)s?$"
    r"|^(?:sha[0-9]*|md5|pbkdf2\w*|argon2\w*|scrypt|bcrypt)[:$]|here$|^test|[_-]test$|^some[_-]|^the[_-]|^an?[_-]|goes"
)
#: The value says where the secret is, and is none.
_LOOKUP = (
    r"(?i)environ|getenv|process\.env|secrets?\.|secrets?[(\[]|vault[:/]|keyring|getpass|valueFrom"
    r"|secretkeyref|secretsmanager|^arn:|^/run/secrets|^(?:https?|file|gs|s3)://|^ref\+|^op://"
    r"|^[!%$]|^\w+\(|^\w+\[|lookup\(|config\[|^\.{0,2}/[a-z]|^~/|^env[:.]|^data\.|^var\.|^local\."
    r"|\(\?|\[a-z|\[0-9|\\[dwsb]|^[0-9][0-9.,-]*$|#\{|[a-z]://"
    # expressions of ARM, classes of a regular expression, dates
    r"|^\[\w+\(|a-z0-9|0-9a-[fz]|a-za-z"
    r"|^[12][0-9]{3}-[01][0-9]-[0-3][0-9](?:[t ][0-9:.]+(?:z|[+-][0-9:]+)?)?$"
    r"|\{[a-z_]+[(.\[]|^[0-9]+\.[a-z_.]+$|^[a-z]+\|[a-z]|^--[a-z]|^[\w.-]+:[0-9]{2,5}$"
)
#: What a person types without thinking: in a token it says that nobody issued it.
_TYPED = r"(?i)1234|0987|4321|abc123|abcde|qwert|asdfg"
#: The same for long texts, in which four such digits occur by chance.
_TYPED_LONG = r"(?i)123456|098765|654321|abcdef|qwerty|asdfgh"
_LONG = 32
#: A password that names itself, or a common word with a number: manuals and tests are full of them.
_WEAK = (
    r"(?i)p[a@4][s$5]{2}.?w(?:[o0]r)?d|passwd|passphrase|s[e3]cr[e3]t|hunter2|abcdef|abc123|qwerty|^(?:pass|pwd|pw|test|user"
    r"|admin|root|foo|bar|baz|hello|guest|login|token|key|value|name|string|abc|demo|some|new|old|p"
    r"|letmein|welcome)[_-]?[0-9]{1,6}$|^(?:asdf|qwer|zxcv)+$|^(?:my|user|test|db|wrong|bad|good|root|admin|the|some|new"
    r"|old|(?:in)?valid)[_-]?(?:pass|pwd|pw)[0-9]*$"
)
#: What names of things are made of, and how many digits they have at most.
_NAME = r"^[A-Za-z_][\w.-]*$"
_IN_NAMES = 3
#: Letters alone, in one word or several.
_WORDS = r"^[A-Za-z]+(?:[_. -][A-Za-z]+)*$"
_SEVERAL = r"^[A-Za-z]+(?:[_. -][A-Za-z]+)+$"


def entropy(text: str) -> float:
    """Shannon's entropy in bits a character."""
    size = len(text)
    return -sum(n / size * log2(n / size) for n in map(text.count, set(text))) if size else 0.0


def is_placeholder(value: str) -> bool:
    """True for what people write where a secret goes: your-key, xxxx, <token>, changeme."""
    return len(set(value)) < 4 or matches(_PLACEHOLDER, value)


def is_lookup(value: str) -> bool:
    """True for what names the place of a secret: a variable, ${{ secrets.X }}, Vault paths."""
    return matches(_LOOKUP, value)


def classes(value: str) -> int:
    """How many of lower case, upper case, digits and other characters occur."""
    return (
        any(c.islower() for c in value)
        + any(c.isupper() for c in value)
        + any(c.isdigit() for c in value)
        + any(not c.isalnum() for c in value)
    )


def is_token(value: str) -> bool:
    """True for what a machine made: no words, no path, no identifier."""
    if len(value) < 10 or " " in value or is_placeholder(value) or is_lookup(value):
        return False
    if matches(r"^[0-9a-f-]{36}$", value) or value.isdigit():
        return False
    if matches(_TYPED_LONG if len(value) >= _LONG else _TYPED, value):
        return False
    if matches(_WORDS, value):
        return is_random(value)
    if _spells(value):
        return False
    digits = sum(c.isdigit() for c in value)
    mixed = digits == 1 and len(value) >= 20 and classes(value) >= 3 and entropy(value) >= 3.7
    random = is_random(value)
    if (digits < 2 and not mixed and not random) or entropy(value) < _least(len(value)):
        return False
    return random or digits > _IN_NAMES or not matches(_NAME, value)


def _least(size: int) -> float:
    """The entropy of which even hexadecimal digits that a machine draws seldom have less."""
    return 3.0 if size > 16 else 2.6


def is_password(value: str) -> bool:
    """True for what a person would set as a password: not a word from a manual, no code."""
    if not 5 <= len(value) <= 200 or is_placeholder(value) or is_lookup(value):
        return False
    if matches(_WEAK, value) or matches(r"\s.*\s|^[A-Za-z_.]+\(|^\)[.,;)]|^[,;] ", value):
        return False
    if _spells(value):
        return False
    if matches(_WORDS, value.strip("_")):
        return is_random(value)
    plain = str(compile_pattern(r"\\+u[0-9A-Fa-f]{4}").sub("e", value))
    if plain.isalpha() and plain[1:].islower():  # a word, in whatever language
        return False
    return classes(value) > 1 or (len(value) >= 8 and not value.isalpha())


def _spells(value: str) -> bool:
    """Does ``value`` hold a weak text behind base64, as in a Kubernetes secret?"""
    inner = decoded(value) if len(value) % 4 == 0 else b""
    text = inner.decode("latin-1")
    return bool(inner) and inner.isascii() and text.isprintable() and not is_password(text)


def _github(value: str) -> bool:
    """The last six characters are CRC-32 of the thirty before, in base 62 (GitHub, 2021)."""
    from binascii import crc32

    number = crc32(value[4:-6].encode())
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    made = ""
    while number:
        number, rest = divmod(number, 62)
        made = digits[rest] + made
    return made.rjust(6, "0") == value[-6:]


def _jwt(value: str) -> bool:
    """A token's head is JSON that names its algorithm; one without signature grants nothing."""
    head = decoded(value.partition(".")[0])
    return head.startswith(b"{") and b'"alg"' in head


def decoded(text: str) -> bytes:
    """What base64 or its URL form holds; empty where it is none."""
    from binascii import Error, a2b_base64

    plain = text.replace("-", "+").replace("_", "/").rstrip("=")
    try:
        return a2b_base64(plain + "=" * (-len(plain) % 4))
    except (Error, ValueError):
        return b""


def _private_key(value: str) -> bool:
    """The line after the header may hold anything but a way to say that there is no key."""
    return not is_placeholder(value) if value.strip("\"'`\\n ,;)") else True


def _url(value: str) -> bool:
    """scheme://user:password: the password is judged, a port or a template is none."""
    password = _plain(value.partition("://")[2].partition(":")[2])
    user = value.partition("://")[2].partition(":")[0]
    if is_placeholder(password) or is_lookup(password) or matches(_WEAK, password):
        return False
    if matches(_SEVERAL, password) and not is_random(password):
        return False
    if matches(r"^[0-9]{1,5}/|[{}<>\[\]]", password):
        return False
    return len(password) >= 4 and password.lower() not in (user.lower(), "pass", "passw0rd")


def _plain(text: str) -> str:
    """``text`` without the %40 of a URL."""
    if "%" not in text:
        return text
    from urllib.parse import unquote

    return unquote(text)


def _basic(value: str) -> bool:
    """base64 of user:password (RFC 7617)."""
    plain = decoded(value).decode("latin-1")
    user, _, password = plain.partition(":")
    good = bool(user and password) and plain.isascii() and plain.isprintable()
    return good and not (is_placeholder(password) or matches(_WEAK, password))


#: What a rule's `checksum` may name.
CHECKS: dict[str, Callable[[str], bool]] = {
    "github-crc32": _github,
    "jwt": _jwt,
    "private-key": _private_key,
    "url": _url,
    "basic": _basic,
    "token": is_token,
    "password": is_password,
}
