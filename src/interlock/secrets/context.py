"""Secrets that only their key names: assignments, YAML, JSON, dotenv, arguments, look-up defaults.

A password has no form of its own; what it is called and where it stands are all there is.
"""

from __future__ import annotations

from collections.abc import Iterator

from interlock.documents.patterns import compile_pattern, matches
from interlock.secrets.judging import is_password, is_token
from interlock.values import NamedTuple

_NAME = (
    r"(?i)([a-z0-9_.\-]*(?:passw(?:or)?d|passwd|passphrase|pwd|secret|token|credentials?"
    r"|(?:^|[^a-z])pass|(?:api|kaggle|hf|hub|access|auth|private|account|encrypt\w*|signing|fernet|master|shared"
    r"|storage|service|client|deploy|admin|app|server|license|subscription|primary|hmac|cookie"
    r"|session|consumer)[_.\- ]?keys?)[a-z0-9_.\-]*)"
)
#: What may stand between a name and its quoted text: a type that takes one text and keeps it.
_WRAPPED = r"(?-i:(?:new[ \t]+)?[A-Z][A-Za-z]{1,40}\(|\[\]byte\(|(?:base64\.)?b64decode\(|@)?"
#: name = "value", "name": "value", name: str = "value", getenv("NAME", "value"), x["name"] = "".
_QUOTED = (
    _NAME
    + r"[\\\"'`\])]*[ \t]*(?::[ \t]*[a-z_\[\]|. ]{0,40}=|\+=|=>|:=|={1,3}|:|,|\()[ \t(]*"
    + _WRAPPED
    + r"(?:[rbuf]{0,2}\\?\"((?:[^\"\\]|\\[^\"nrt])*)\\?\"|[rbuf]{0,2}\\?'([^'\\]*)\\?'"
    + r"|`([^`]*)`)"
)
#: name=value in files where a value needs no quotes.
_BARE = _NAME + r"[\"'\])]*[ \t]*(?:=|:[ \t]|:$|=>)[ \t]*([^\s\"'`#,;&|<>()\[\]{}])"
#: name=value in a URL's query, which needs no quotes of its own in code either.
_QUERY = r"[?&\"'`]" + _NAME + r"=([^\s\"'`#,;&|<>()\[\]{}\\$%])"
#: How values without quotes go on. A pattern for them with all of the value would read it again
#: for each name within it.
_GOING_ON = {_BARE: r"[^\s,;&|<>\"'`]*", _QUERY: r"[^\s,;&|<>\"'`\\)]*"}
#: Characters of a value that is judged although it is the end of another value.
_INNER = 400
#: "name": "{\"inner\": \"value\"}": JSON within a text.
_NESTED = (
    _NAME
    + r"[\\\"']*[ \t]*[:=][ \t]*[\"']\{[^{}]{0,300}?[\"': \\]([a-z0-9+/_\-]{20,}={0,2})[\\\"']"
)
_ENV = r"^[ \t]*ENV[ \t]+" + _NAME + r"[ \t]+[\"']?([^\s\"'=]+)"
#: A name whose value stands on a later line, and such a line.
_OPEN = (
    _NAME + r"[\"'`\])]*[ \t]*(?:[:=][ \t]*(?:[rbf]?[({\[|>]|>-|\|-)?|[({])[ \t]*\\?$",
    r"(?i:\bname[\"']?[ \t]*[:=][ \t]*[\"']?|[\"']key[\"'][ \t]*:[ \t]*[\"']|<(?:name|key)>[ \t]*)"
    + _NAME
    + r"(?:[\"']?,?|[ \t]*</(?:name|key)>)$",
)
_OPENING = (":", "=", "(", "{", "[", "|", ">", "-", "\\")
_LATER = (
    r"^[ \t]*(?i:[\"']?(?:value|default)[\"']?[ \t]*[:=][ \t]*)?"
    r"(?:[rbf]?\"([^\"]+)\"|[rbf]?'([^']+)'|<value>([^<>]+)</value>|([^\s\"'`(){}\[\]<>]+))"
    r"[ \t]*[,)\]]*;?$"
)
#: An unquoted later line that is the next name, not a value.
_NEXT = r":$|^-?[A-Za-z_][\w.\-]*=[^=]"
#: A line of a key's body (RFC 7468: 64 characters; MIME: 76): its header is told, if anything.
_BODY = r"^[A-Za-z0-9+/]*[G-Zg-z+/][A-Za-z0-9+/]*(?:\\n)?$"
_WIDTHS = (64, 76)
#: <name>value</name> or <x name="name">value</x>; a name before "=" is an attribute itself.
_TAG = _NAME + r"(?:[^<>=][^<>]{0,60})?>([^<>\s]{5,200})</"
#: Code in which a bare word is an expression.
_CODE = (
    r"(?i)\.(?:py|pyi|pyx|ipynb|js|jsx|ts|tsx|mjs|cjs|go|java|kt|scala|rs|c|h|cc|cpp|hpp|cs|rb|php"
    r"|swift|m|mm|lua|dart|ex|exs|erl|clj|hs|r|jl|pl|pm|vue|svelte|css|scss|html?|tf|hcl|json"
    r"|jsonl|proto|graphql|sql|g4|cmake|el|vim)$"
)
#: A line of code that is a comment: it shows files and calls, in which a value needs no quotes.
_COMMENT = r"^[ \t]*(?://|#|\*|--|;)"
#: Names that hold one of the words and are no secret: tokenizers, counts, addresses, paths.
_HARMLESS = (
    r"(?i)tokeni[sz]|_tokens$|tokens?[_.\-]?(?:count|len|size|limit|type|id|ids|url|uri|path|file"
    r"|name|dim|embed|length|class|index|idx|pos|expir\w*|ttl|endpoint|usage|budget)"
    r"|(?:max|min|num|n|total|pad|bos|eos|unk|mask|sep|cls|special|added|image|audio|prompt|stop"
    r"|start|end|next|continuation|page|prev|lex|input|output|completion|new|video|begin|embed"
    r"|forward|backward|paging|resume|sync|change|confirm\w*|lock|import|export|idempotency"
    r"|request|policy_?update)[_.\-]?tokens?(?:$|[_.])|^client-?token$|x-(?:goog|amz)-credential$"
    r"|(?:secret|password|passwd|pwd|key|credentials?|token)s?[_.\-]?(?:name|id|ids|file|path|url"
    r"|uri|arn|ref|refs|field|label|type|env|var|length|len|hash|policy|prompt|hint|reset|regex"
    r"|pattern|version|manager|store|dir|provider|class|source|header|column|placeholder|format"
    r"|mount|namespace|error|message|text|title|help|desc\w*|expir\w*|alias|algorithm|size|size_?\w*"
    r"|host|prefix|suffix|location|vault|scope|option|rule|setting|config|within|at|changed|updated"
    r"|required|enabled|strength|validator|encoder|hasher|box|input|kind|mode)s?$"
    r"|public[_.\-]?key|primary[_.\-]?keys?$|foreign|^keys?$|pwd_?dir|^(?:old)?pwd$|secret(?:key)?ref"
    r"|^no_|^has_|^is_|^use_|^with_|csrf|by_?pass|com?pass(?:$|[^w])|bypass|^max_pass$|^pass(?:es|ed)$"
    r"|\.(?:encode|decode|format|split|strip|replace|join|startswith|endswith|lower|upper)$"
    r"|^(?:ask|prompt|read|input|enter)_|mgr|^spwd"
    r"|_(?:options|rules|settings)$|cache_?key|sort_?key|access_?key_?id$|checksum|sha\d|digest|^hashed_"
)
#: What stands before the last part of a type or a path: AWS::Service::Secret, checksum/secret.
_PATHS = ("::", "/")
_HASH = r"^[0-9a-f]{16,128}$"
#: A call after whose name nothing secret can stand: get, is, check and the like.
_CALLED = r"\.(?:get|to|from|is|has|encode|decode|digest|update|equals|hex)(?:[A-Z_]\w*)?$"
_PASSWORDS = r"(?i)passw|passwd|passphrase|pwd|(?:^|[^a-z])pass(?:$|[^a-z])"
#: What judges values as machine-made: lock files and their like hold only hashes.
_LOCKS = (
    r"(?i)(?:^|/)(?:[^/]*\.lock|[^/]*-lock\.(?:json|ya?ml)|go\.sum|dvc\.lock|tokenizer[^/]*\.json"
    r"|vocab[^/]*|merges\.txt|[^/]*\.(?:dvc|min\.js|min\.css|map|svg|snap|pyc|po|pot|csv|tsv)"
    r"|special_tokens_map\.json|added_tokens\.json|tokenizer_config\.json|generation_config\.json)$"
)


class Keyed(NamedTuple):
    """A value that its key names: columns from 0, and the type for the report."""

    start: int
    end: int
    value: str
    type: str


def is_quiet(path: str) -> bool:
    """True for files whose values are hashes, vocabularies or rendered by machines."""
    return matches(_LOCKS, path)


def keyed(line: str, path: str) -> Iterator[Keyed]:
    """What on ``line`` is a secret by its key's name and by its own look."""
    for pattern in _fitting(line, path):
        yield from _named(line, pattern)


def _fitting(line: str, path: str) -> Iterator[str]:
    """The patterns that can match ``line``: looking for a character costs less than for a match."""
    quoted = '"' in line or "'" in line or "`" in line
    if quoted:
        yield _QUOTED
    if "=" in line or ":" in line:
        if not matches(_CODE, path) or matches(_COMMENT, line):
            yield _BARE
        elif "=" in line and (quoted or "?" in line or "&" in line):
            yield _QUERY
    if "ENV" in line and (not matches(_CODE, path) or matches(_COMMENT, line)):
        yield _ENV
    if "</" in line and path.endswith((".xml", ".config", ".csproj", ".html")):
        yield _TAG
    if '"{' in line or "'{" in line:
        yield _NESTED


def _named(line: str, pattern: str) -> Iterator[Keyed]:
    """The secrets among the matches of ``pattern``: group 1 is the name, another the value."""
    compiled = compile_pattern(pattern)
    groups = range(2, compiled.groups + 1)
    going_on = _GOING_ON.get(pattern, "")
    at = past = 0
    while (found := compiled.search(line, at)) is not None:
        group = 2 if going_on else next((n for n in groups if found.group(n)), 0)
        at = max(found.end(1), at + 1)
        if not group:
            continue
        start, end = found.span(group)
        if going_on:
            inner = start < past
            past = past if inner else compile_pattern(going_on).match(line, start).end()
            if inner and past - start > _INNER:
                continue
            value = _closed(line[start:past])
        else:
            value = found.group(group)
        name, first = found.group(1), found.start(1)
        before, between = line[max(0, first - 2) : first], line[found.end(1) : start]
        if not _binds(before[-1:], name, between):
            continue
        if before.endswith(_PATHS) and "=" not in between and matches(_HASH, value):
            continue
        kind = _kind(name, value)
        if kind:
            at = past if going_on else end
            yield Keyed(start, start + len(value), value, kind)


def _closed(value: str) -> str:
    """A bare value without the brackets that close what was opened before it."""
    while value and value[-1] in ")]}" and "([{"[")]}".index(value[-1])] not in value:
        value = value[:-1]
    return value


def _binds(before: str, name: str, between: str) -> bool:
    """Does what stands between a name and a value bind them?

    After a comma only a name that is a whole text or a symbol; a call's first argument only where
    the call takes it, not where it reads something from a variable of that name.
    """
    mark = between.lstrip("\\")[:1]
    if "," in between:
        whole = before == mark and mark in ("'", '"') and not any(sign in name for sign in "/: ")
        if not whole and not (before == ":" and mark == ","):
            return False
    if "(" in between and not any(sign in between for sign in "=:,"):
        return not (between[0] in " \t" or matches(_CALLED, name))
    return True


def name_of_open(line: str) -> str:
    """The name on ``line`` whose value must stand on a later line; "" for none."""
    line = line.rstrip()
    ends = (line.endswith(_OPENING), "name" in line.lower() or "key" in line.lower())
    for pattern, possible in zip(_OPEN, ends, strict=True):
        found = compile_pattern(pattern).search(line) if possible else None
        if found is not None:
            return str(found.group(1))
    return ""


def later(name: str, line: str, path: str) -> Keyed | None:
    """The secret on ``line`` that an earlier line named; None where it is none."""
    found = compile_pattern(_LATER).search(line)
    if found is None:
        return None
    group = next(n for n in (1, 2, 3, 4) if found.group(n))
    if group == 4 and (matches(_CODE, path) or matches(_NEXT, found.group(4))):
        return None
    value = found.group(group)
    if len(value.removesuffix("\\n")) in _WIDTHS and matches(_BODY, value):
        return None
    kind = _kind(name, value)
    return Keyed(found.start(group), found.end(group), value, kind) if kind else None


def _kind(name: str, value: str) -> str:
    """The type of secret; "" for none."""
    if matches(_HARMLESS, name) or value.lower() in name.lower() or value != value.strip():
        return ""
    if value.lower().startswith(f"{name.lower()}_"):  # a name made longer, as CSS modules do
        return ""
    # a shorter name occurs in a value by chance
    if len(name) > 5 and name.lower() in value.lower():
        return ""
    if matches(_PASSWORDS, name):
        return "password" if is_password(value) else ""
    return "generic-secret" if is_token(value) else ""
