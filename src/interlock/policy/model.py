"""The policy as frozen values: what the loader builds and everything else reads."""

from __future__ import annotations

from collections.abc import Mapping

from interlock.model import Severity
from interlock.values import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from interlock.documents.paths import JsonPath
    from interlock.trees.globs import Glob


class Origin(NamedTuple):
    """Where a part of the policy was written: which file, line and column (from 1)."""

    file: str
    line: int
    column: int


class FieldSpec(NamedTuple):
    """How one field of a record is selected.

    path: the value at ``path``. keys: member names at ``path``. values: the values at ``path``
    as a list. pattern: RE2 ``pattern`` over the text at ``path`` (its group ``value``, else its
    first group, else the whole match). const: ``const``. capture: what the file glob or the
    source's pattern captured as ``capture``.
    ``by`` turns a list of objects at ``path`` into a map keyed by that member.
    """

    kind: Literal["path", "keys", "values", "pattern", "const", "capture"]
    path: JsonPath | None
    by: str
    pattern: str
    const: Any
    optional: bool
    origin: Origin
    capture: str = ""


class KeySpec(NamedTuple):
    """One part of a record's key.

    path: the value at ``path``. capture: the glob's capture ``name``. name: the member name that
    ``each`` matched last. pattern: RE2 ``pattern`` over that name, or over the file's path where
    ``of`` is "path" (its group ``key``, else its first group); no match means no record.
    """

    kind: Literal["path", "capture", "name", "pattern"]
    path: JsonPath | None
    name: str
    pattern: str
    of: Literal["name", "path"]


class Source(NamedTuple):
    """Turns files of one or more repos into records.

    ``files`` or ``layers`` is set, never both. ``pattern`` makes it a text source.
    ``format`` overrides what the file name says ("" where it does not).
    """

    name: str
    repos: tuple[str, ...]
    files: tuple[Glob, ...]
    exclude: tuple[Glob, ...]
    layers: tuple[Glob, ...]
    format: str
    each: tuple[JsonPath, ...]
    key: tuple[KeySpec, ...]
    fields: Mapping[str, FieldSpec]
    pattern: str
    optional: bool
    origin: Origin


class Side(NamedTuple):
    """A side of a relation: a source's records, or one field of them ("" for the record)."""

    source: str
    field: str


class Own(NamedTuple):
    """Another field of the same record, written ``.field``."""

    field: str


class Literals(NamedTuple):
    """Values written in the policy, ``{values: […]}``."""

    values: tuple[Any, ...]


class Via(NamedTuple):
    """Two or more hops, ``{via: [a.f, b.g]}``: my key -> a; each value of f -> key of b; take g."""

    steps: tuple[Side, ...]


Target = Side | Own | Literals | Via


class Condition(NamedTuple):
    """One test of ``when``: the field's value is one of ``values`` (or none, if ``negated``)."""

    field: str
    values: tuple[Any, ...]
    negated: bool
    pattern: str


class Transform(NamedTuple):
    """One step of ``join``: lower, strip-prefix, strip-suffix or map."""

    kind: Literal["lower", "strip-prefix", "strip-suffix", "map"]
    text: str
    mapping: Mapping[str, str]


class RuleException(NamedTuple):
    """One ``except`` of a rule; empty globs match everything. ``until`` is an ISO date or ""."""

    key: str
    value: str
    repo: str
    path: str
    reason: str
    until: str
    origin: Origin


class Absent(NamedTuple):
    """What an absent field means for a rule."""

    kind: Literal["skip", "error", "default", "any"]
    default: Any


class Rule(NamedTuple):
    """One consistency rule.

    ``targets`` holds the sources, fields or literals it relates to; ``options`` the rest of the
    relation's argument, already checked (see policy/relations.py for each relation's shape).
    ``grace`` is in seconds, 0 for none. ``id`` is without the family: the finding's rule is
    "experiment/<id>".
    """

    id: str
    relation: str
    left: Side
    targets: tuple[Target, ...]
    options: Mapping[str, Any]
    when: tuple[Condition, ...]
    join: tuple[Transform, ...]
    on: tuple[str, ...]
    scope: Mapping[str, str]
    absent: Absent
    exceptions: tuple[RuleException, ...]
    severity: Severity
    grace: int
    authority: str
    compare: Literal["typed", "number", "text", "date", "version", "share"]
    why: str
    owner: str
    docs: str
    origin: Origin


def sources_of(rule: Rule) -> tuple[str, ...]:
    """The names of every source that the rule reads, the left one first."""
    names = [rule.left.source]
    for target in rule.targets:
        if isinstance(target, Side):
            names.append(target.source)
        elif isinstance(target, Via):
            names.extend(step.source for step in target.steps)
    return tuple(dict.fromkeys(names))


class Waiver(NamedTuple):
    """A finding that somebody accepts for a while. Empty globs match everything.

    ``until`` is the last day, inclusive; None where the text is not a date (counts as expired).
    """

    rule: str
    repo: str
    path: str
    key: str
    reason: str
    owner: str
    until_text: str
    origin: Origin


class Override(NamedTuple):
    """A severity for some repos and paths only; empty means all."""

    repos: tuple[str, ...]
    paths: tuple[Glob, ...]
    severity: Severity


class Rollout(NamedTuple):
    """Warning for all, error for the pilot repos, error for all from a date (ISO or "")."""

    pilot: tuple[str, ...]
    error_from: str


class RuleSetting(NamedTuple):
    """What the policy says of a rule id or glob: its severity, overrides and rollout."""

    rule: str
    severity: Severity | None
    overrides: tuple[Override, ...]
    rollout: Rollout | None
    origin: Origin


class Companion(NamedTuple):
    """Paths in one repo whose change needs a pull request in others."""

    id: str
    repo: str
    paths: tuple[Glob, ...]
    needs: tuple[str, ...]
    why: str
    origin: Origin


class ChangeSets(NamedTuple):
    """What the policy says of changes that belong together. Times are in seconds.

    ``window`` is how long a set may be half landed where no order of landing is safe; 0 accepts
    no such time. After ``remind_after`` an unfinished set is brought up again.
    """

    window: int = 4 * 3_600
    remind_after: int = 2 * 86_400


class Jira(NamedTuple):
    """Where tickets are, if not on GitHub: the address without a slash at its end, the project."""

    url: str
    project: str


class Checklist(NamedTuple):
    """Which tickets get the checklist of an experiment.

    Those with ``label``, and issues made from an issue form that asks for ``field``, which names
    the experiment. Without ``jira`` they are GitHub's issues.
    """

    label: str = "experiment"
    field: str = "Experiment"
    jira: Jira | None = None


class SecretRule(NamedTuple):
    """One of a policy's own rules for credentials; see interlock.secrets.model.Rule.

    ``type`` is the id where the policy names none. ``edges`` says that letters and digits may not
    stand beside a match.
    """

    id: str
    type: str
    pattern: str
    keywords: tuple[str, ...]
    min_entropy: float
    edges: bool
    checksum: str
    paths: str
    context: str
    near: str
    allow: str
    why: str
    rotate: str
    origin: Origin


class Secrets(NamedTuple):
    """What the policy says of credentials.

    ``exclude`` are globs of files that are not scanned. ``baseline`` is the path, from the root of
    each repository, of the file that holds what it accepts.
    """

    exclude: tuple[str, ...] = ()
    baseline: str = ".interlock-secrets"
    rules: tuple[SecretRule, ...] = ()


class Layer(NamedTuple):
    """One policy file that took part, in order: its name, and the revision used ("" for local)."""

    name: str
    revision: str


class Policy(NamedTuple):
    """The effective policy. ``repos`` maps an alias to one or more owner/name.

    ``provenance`` maps a dotted path of the effective policy ("rules.experiment/x.severity") to
    where its value came from. ``notices`` are sentences for the user: an outdated client, a
    cached revision. ``text`` is the effective policy in its own words, without ``extends``.
    ``member_waivers`` says that members may add waivers for themselves in their own file.
    ``secrets`` is None where the policy does not ask for a scan for credentials.
    """

    version: int
    repos: Mapping[str, tuple[str, ...]]
    sources: Mapping[str, Source]
    consistency: tuple[Rule, ...]
    rules: tuple[RuleSetting, ...]
    companions: tuple[Companion, ...]
    waivers: tuple[Waiver, ...]
    share_with: Mapping[str, tuple[str, ...]]
    layers: tuple[Layer, ...]
    provenance: Mapping[str, Origin]
    notices: tuple[str, ...]
    text: Mapping[str, Any]
    member_waivers: bool = False
    change_sets: ChangeSets = ChangeSets()
    checklist: Checklist = Checklist()
    secrets: Secrets | None = None


#: What holds where there is no policy file.
NO_POLICY = Policy(1, {}, {}, (), (), (), (), {}, (), {}, (), {})
