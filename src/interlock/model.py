"""Frozen values that every layer shares: places, problems, findings, reports."""

from __future__ import annotations

from interlock.values import Any, Literal, NamedTuple

Severity = Literal["error", "warning", "info", "off"]

#: Worst first; "off" is never reported.
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info", "off")

#: failing: counts against the exit code. old: already wrong in the base world.
#: grace: younger than the rule's grace. waived: a waiver or exception covers it.
#: unknown: a repository could not be read. deferred: this run cannot hold the credential.
Status = Literal["failing", "old", "grace", "waived", "unknown", "deferred"]


class Place(NamedTuple):
    """Where something stands. Lines and columns start at 1; columns count characters.

    The end is exclusive (the column after the last character). Line 0 means the whole file.
    ``excerpt`` holds the quoted lines of the source from ``line`` on, cut to a bounded length;
    ``cut`` characters of the first one were left out before it.
    ``note`` says what stands here, in a few words, for the reader: "plan has 0.4".
    ``repo`` is the policy's alias; ``name`` is the repository's owner/name ("" where unknown).
    ``revision`` is what was read: "work tree", "staged", "main (1a2b3c4)".
    """

    repo: str
    name: str
    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    excerpt: str
    note: str
    revision: str
    cut: int = 0


class Problem(NamedTuple):
    """Something wrong with a file itself: it cannot be read, parsed or used."""

    message: str
    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    excerpt: str
    hint: str
    cut: int = 0


class Edit(NamedTuple):
    """One splice: replace text[start:end] (character offsets, BOM excluded) by ``text``.

    ``checksum`` is the CRC-32 of the whole file's text that the offsets belong to.
    """

    repo: str
    path: str
    start: int
    end: int
    text: str
    checksum: int = 0


class Change(NamedTuple):
    """What an edit does to the values of its file, so that it can be proved by reading again.

    ``document`` counts in the file's stream. set: the value at ``steps`` becomes ``value``.
    insert: ``value`` goes into the container at ``steps`` under ``name`` ("" into a list).
    remove: what is at ``steps`` goes. rename: the member at ``steps`` is called ``name``.
    ``owner`` is the owner/name of the file's repository ("" where unknown), ``format`` the
    format that the file was read in.
    """

    document: int
    action: Literal["set", "insert", "remove", "rename"]
    steps: tuple[str | int, ...]
    name: str
    value: Any
    format: str
    owner: str


class Repair(NamedTuple):
    """How a finding can be mended: edits, or the reason why it cannot be done safely.

    ``changes`` holds one for each edit. All edits belong together: none is made alone.
    """

    edits: tuple[Edit, ...]
    refusal: str
    changes: tuple[Change, ...] = ()


class Identity(NamedTuple):
    """What makes two findings the same one across revisions; never a line number."""

    rule: str
    key: str
    field: str
    member: str
    repos: tuple[str, ...]


class Finding(NamedTuple):
    """One thing that is wrong.

    ``rule`` is the full id (family/name); ``relation`` the relation or "" for a built-in rule.
    ``places[0]`` is where an annotation goes: the side to change first.
    ``repair_in`` names the repos that have to change. ``why``, ``owner`` and ``docs`` come from
    the policy. ``hint`` says what to do next. ``age`` is in seconds where it is known. ``values``
    are the values in question as text, for ``except: {value: …}``; where a repository could not
    be read, the rules that this leaves open. ``known_in`` are the aliases of the rule's repos that
    have a record called ``key`` themselves.
    """

    rule: str
    relation: str
    severity: Severity
    status: Status
    message: str
    key: str
    field: str
    member: str
    repos: tuple[str, ...]
    places: tuple[Place, ...]
    repair_in: tuple[str, ...]
    hint: str = ""
    why: str = ""
    owner: str = ""
    docs: str = ""
    repair: Repair | None = None
    age: int | None = None
    note: str = ""
    values: tuple[str, ...] = ()
    known_in: tuple[str, ...] = ()

    @property
    def identity(self) -> Identity:
        """The finding without everything that moves when a file is edited elsewhere."""
        return Identity(self.rule, self.key, self.field, self.member, self.repos)


class Checked(NamedTuple):
    """What a run looked at, so that a clean answer can be told from an empty one.

    ``scanned_files`` and ``scanned_lines`` were looked through for credentials; ``scan`` says so
    for people, with what was left out: "12 lines of 3 files (staged)", "" where nothing was.
    """

    files: int
    records: int
    rules: int
    rules_skipped: int
    scanned_files: int = 0
    scanned_lines: int = 0
    scan: str = ""


class RuleText(NamedTuple):
    """What viewers of a report are told about a rule; ``page`` is the address of its page."""

    id: str
    summary: str
    what: str
    why: str
    fix: str
    page: str = ""


class Report(NamedTuple):
    """The answer of one run, ready for any reporter.

    ``notices`` are sentences for the person who runs it: stale caches, offline use, deferral.
    ``repos`` are (alias, owner/name, what was read) rows. ``mode`` is "check" for a whole check
    and "change" where only findings new against a base fail. ``links`` maps alias to the web
    address under which a path can be appended ("https://github.com/acme/serving/blob/<sha>/");
    an owner/name in place of the alias goes first. ``own`` is the alias of the repository that
    the run stands in and ``own_name`` its owner/name, where the alias holds several. ``policy``
    is the file in it that brought the policy in: the policy or the member file ("" for none).
    ``rules`` are the texts of the rules, where a format shows them (SARIF).
    """

    findings: tuple[Finding, ...]
    notices: tuple[str, ...]
    checked: Checked
    repos: tuple[tuple[str, str, str], ...]
    mode: Literal["check", "change"]
    fail_level: Severity
    require_all: bool
    own: str
    links: tuple[tuple[str, str], ...] = ()
    own_name: str = ""
    policy: str = ""
    rules: tuple[RuleText, ...] = ()
