"""What each word of the policy language means, for editors that complete it from the schema."""

from __future__ import annotations

POLICY = {
    "version": "The version of the policy language: 1.",
    "requires": "The oldest Interlock that understands this policy: `interlock>=0.3`.",
    "on-outdated": "What an older Interlock does: warn and ignore words it does not know (the "
    "default), skip the check and say so, or fail.",
    "extends": "Policies that this one builds on, in order; a later one wins, and this file wins "
    "over all. Built in (`interlock:recommended`), a file, or a file of another repository "
    "(`owner/name//path@revision`).",
    "repos": "Alias -> the repository (owner/name), or repositories, that it stands for.",
    "sources": "Name -> how files of a repo become records.",
    "consistency": "The rules that relate records.",
    "rules": "Rule id or glob -> its severity, overrides and rollout. The last one that fits wins.",
    "companions": "Paths in one repo whose change needs a pull request in others.",
    "change-sets": "What holds for changes in several repos that belong together.",
    "checklist": "Which tickets get the checklist of an experiment, and where they are.",
    "secrets": "What `interlock check` and the hooks do about credentials; its presence, even as "
    "`{}`, switches the scan on.",
    "waivers": "Findings that somebody accepts, for a while and with a reason.",
    "share-with": "Alias -> the aliases in whose findings its values may be shown; `*` for all.",
    "member-waivers": "True where members may waive findings in their own `.interlock.yaml`.",
}
SOURCE = {
    "repo": "Alias (or aliases) of `repos` whose files are read. Not needed where there is one.",
    "files": "Globs; each file is read on its own. `{name}` captures, `{key}` is the key.",
    "exclude": "Globs of files to leave out.",
    "layers": "Globs of files that are merged in order into one document, for each binding of "
    "their captures. The first one must exist.",
    "format": "The format, where the file's name does not say it.",
    "each": "Path (or paths, each relative to the last) to the records; without it the document "
    "is the record.",
    "key": 'What identifies a record: a path, a capture `"{name}"`, `name` (the member that '
    "`each` matched), {pattern, of}, or a list of these.",
    "fields": "Name -> a path, a capture, or a selector.",
    "pattern": "RE2 over the text of each file; its group `key` is the key, other groups are "
    "fields.",
    "optional": "True where it is no finding that the source is empty.",
}
FIELD = {
    "path": "The value at a path; a wildcard gives a map or list of what it matched.",
    "keys": "The member names at a path.",
    "values": "The values at a path, as a list.",
    "by": "The member that names each object of a list.",
    "pattern": "RE2 over the text at `of`; its group `value`, else its first group.",
    "of": "The path whose text `pattern` searches.",
    "const": "A fixed value.",
    "optional": "True where it is no finding that the field is nowhere.",
}
RULE = {
    "id": "The rule's name; its findings are `experiment/<id>`.",
    "each": "What the rule is about: `source`, or `source.field`.",
    "when": "Field -> the value or values it must have, {not: …} or {pattern: RE2}; all must hold.",
    "join": "Transforms of both keys: lower, {strip-prefix}, {strip-suffix}, {map}.",
    "on": "The fields to join on, instead of the key.",
    "absent": "What an absent field means: skip (the default), error, {default: value}, or, for "
    "`exclusive`, any.",
    "except": "Findings that are accepted for this rule, each with a reason and a last day.",
    "severity": "How much a finding counts, unless `rules` says otherwise.",
    "grace": "How long a difference may last before it counts: 14d, 12h, 2w.",
    "authority": "The source that decides; the other sides have to change.",
    "compare": "When two values are the same: typed (the default), number, text, date, version, "
    "or share (weights as shares of their sum).",
    "scope": "The record's field -> the target's field that must equal it.",
    "per": "Fields of the target; a counterpart is needed for each of their values.",
    "during": "The two fields that hold start and end; only records that overlap can collide.",
    "why": "Why the rule exists; shown with its findings.",
    "owner": "Who to ask about the rule.",
    "docs": "Where to read more about it.",
}
EXCEPTION = {
    "key": "Glob over the record's key.",
    "value": "Glob over the values in question.",
    "repo": "Alias or owner/name, or a glob of them.",
    "path": "Glob over the file's path.",
    "reason": "Why it is accepted.",
    "until": "The last day that it holds, YYYY-MM-DD. What is no day counts as over.",
}
WAIVER = {
    "rule": "Rule id, or a glob of ids.",
    "repo": EXCEPTION["repo"],
    "path": EXCEPTION["path"],
    "key": EXCEPTION["key"],
    "reason": EXCEPTION["reason"],
    "owner": "Who answers for it.",
    "until": EXCEPTION["until"],
}
SETTING = {
    "severity": "How much its findings count.",
    "overrides": "Other severities for some repos and paths; the last one that holds wins.",
    "rollout": "Warning for all, error for the pilot repos, error for all from a date.",
}
OVERRIDE = {
    "repos": "Aliases where it holds.",
    "paths": "Globs, from the repository's root, where it holds.",
    "severity": "The severity there.",
}
ROLLOUT = {
    "pilot": "Aliases, or owner/name, where findings are errors from now on.",
    "error-from": "The day from which they are errors everywhere, YYYY-MM-DD.",
}
COMPANION = {
    "id": "The companion's name.",
    "repo": "The alias of the repo whose change asks for more.",
    "paths": "Globs of what is changed there.",
    "needs": "Aliases of the repos that need a pull request then.",
    "why": "Why; shown with the reminder.",
}
CHANGE_SETS = {
    "window": "How long a set may be half landed where no order of landing is safe: 4h (the "
    "default); 0h accepts no such time.",
    "remind-after": "When an unfinished set is brought up again: 2d (the default).",
}
CHECKLIST = {
    "label": "Tickets with this label get one (`experiment`).",
    "field": "The field of the issue form, or of the ticket, that names the experiment "
    "(`Experiment`). Issues made from such a form get a checklist without the label too.",
    "jira": "Where the tickets are, if not on GitHub.",
}
JIRA = {
    "url": "The address of Jira: https://acme.atlassian.net.",
    "project": "The key that its tickets begin with: ML.",
}
SECRETS = {
    "exclude": "Globs of files that are not scanned; they are counted as skipped.",
    "baseline": "The path of the file that holds what each repository accepts, from its root "
    "(`.interlock-secrets`).",
    "rules": "Credentials of your own: what they look like. A rule with the id of a built-in one "
    "takes its place.",
}
SECRET_RULE = {
    "id": "The rule's name; its findings are `secret/<id>`, unless it has a `type`.",
    "type": "What it finds, where several rules find the same: `secret/<type>`.",
    "keywords": "Literal texts, one of which stands on every line that can match; without them "
    "each line of the files at `paths` is looked at.",
    "min_entropy": "How mixed a value must be to count, in bits a character: 3.5.",
    "edges": "False where letters and digits may stand right beside a match.",
    "checksum": "A check that the value must pass.",
    "pattern": "RE2 with a group around the secret itself.",
    "paths": "RE2: only files whose path it fits.",
    "context": "RE2: only where it fits the path or the lines around.",
    "near": "RE2: only where it fits what stands before the secret on its line.",
    "allow": "RE2: values that are no secrets.",
    "why": "Why it matters; shown with its findings.",
    "rotate": "Where or how to make a new one; shown with its findings.",
}
MEMBER = {
    "policy": "The policy that this repository follows: a path, or `owner/name//path@revision`.",
    "repo": "The alias under which the policy knows this repository; else its remote says so.",
    "waivers": "Waivers for this repository alone, where the policy says `member-waivers: true`.",
}
REFERENCE = {
    "repo": "The repository: owner/name.",
    "path": "The policy file's path in it.",
    "revision": "A commit or tag: pins it.",
    "branch": "A branch: follows it, and prints the commit used.",
}
