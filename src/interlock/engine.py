"""Runs a policy over worlds: what is wrong now, what is new against the base, what is unknown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from interlock.documents.kept import Kept
from interlock.experiments.breach import Breach
from interlock.experiments.dataset import Dataset, Selections
from interlock.experiments.materialise import Materialiser
from interlock.experiments.relations.table import relation
from interlock.model import SEVERITIES, Checked, Finding, Identity, Report, Severity
from interlock.policy.model import Policy, Rule, Waiver, sources_of
from interlock.policy.severity import severity_of
from interlock.rules.base import SourceRule
from interlock.rules.experiment import unread_repository
from interlock.rules.policy import expired_waiver, unused_waiver
from interlock.rules.table import SOURCE_RULES
from interlock.trees.base import World
from interlock.values import NamedTuple

#: The world of a rule's grace period ago; a repository without that much history has no tree.
PastWorld = Callable[[int], World]


class Request(NamedTuple):
    """One run.

    ``base`` and ``changed`` (paths of the repo ``own``) are set where only what a change adds may
    fail. ``only`` are rule ids or globs; empty means all. ``deferred`` says that this run cannot
    hold the credential for its siblings. ``today`` is an ISO day. ``kept`` are documents of earlier
    runs. ``known_past`` is as ``past``, of what need not be fetched: where it is given, the ages of
    old findings are looked up. ``selections`` are shared by the runs of worlds that have trees in
    common. ``credentials`` are the findings of a scan for them, None where there was none.
    """

    policy: Policy
    head: World
    own: str
    today: str
    base: World | None = None
    changed: frozenset[str] | None = None
    only: tuple[str, ...] = ()
    fail_level: Severity = "error"
    require_all: bool = False
    deferred: bool = False
    notices: tuple[str, ...] = ()
    past: PastWorld | None = None
    known_past: PastWorld | None = None
    kept: Kept | None = None
    selections: Selections | None = None
    credentials: tuple[Finding, ...] | None = None


#: The ages in days that old findings are told by; each costs a look at a past world.
AGES = (1, 2, 4, 7, 14, 30, 60, 90, 180, 365)


class _Task(NamedTuple):
    """One rule to evaluate: its finding id, and how to get its breaches from a dataset."""

    id: str
    relation: str
    severity: Severity
    sources: tuple[str, ...]
    breaches: Callable[[Dataset], Iterable[Breach]]
    about: tuple[str, str, str]
    grace: int


def run(request: Request) -> Report:
    """Evaluate every rule that is asked for and that the change touches."""
    selections = request.selections or Selections(request.kept)
    head = Dataset(request.policy, request.head, selections)
    tasks = [task for task in _tasks(request.policy) if _wanted(task.id, request)]
    touched = [task for task in tasks if _touched(task, request)]
    base = Dataset(request.policy, request.base, selections) if request.base is not None else None
    materialiser = Materialiser(head)
    findings: list[Finding] = []
    unknown: dict[tuple[str, str], list[str]] = {}
    open_ids: set[str] = set()
    for task in touched:
        missing = _unread(head, task)
        if missing:
            open_ids.add(task.id)
        if missing and task.relation:
            for alias, reason in missing:
                unknown.setdefault((alias, reason), []).append(task.id)
            continue
        findings.extend(_evaluate(task, head, base, materialiser, request, selections))
    findings = _aged(request, touched, _merged(findings), selections)
    findings.extend(_of_scan(request))
    findings.extend(_unknown(request, unknown))
    if findings or request.changed is None:
        findings = _waived(request, findings, open_ids, materialiser)
    return Report(
        findings=tuple(findings),
        notices=request.notices,
        checked=_checked(head, selections, tasks, touched),
        repos=_repos(head),
        mode="check" if request.changed is None else "change",
        fail_level=request.fail_level,
        require_all=request.require_all,
        own=request.own,
    )


def _tasks(policy: Policy) -> list[_Task]:
    tasks = []
    for name in policy.sources:
        for rule in SOURCE_RULES:

            def of_source(
                dataset: Dataset, rule: SourceRule = rule, name: str = name
            ) -> Iterable[Breach]:
                return rule.check(dataset, name)

            tasks.append(
                _Task(rule.doc.id, "", rule.doc.severity, (name,), of_source, ("", "", ""), 0)
            )
    for consistency in policy.consistency:

        def of_rule(dataset: Dataset, rule: Rule = consistency) -> Iterable[Breach]:
            return relation(rule.relation).check(rule, dataset)

        about = (consistency.why, consistency.owner, consistency.docs)
        tasks.append(
            _Task(
                f"experiment/{consistency.id}",
                consistency.relation,
                consistency.severity,
                sources_of(consistency),
                of_rule,
                about,
                consistency.grace,
            )
        )
    return tasks


def _wanted(rule: str, request: Request) -> bool:
    if not request.only:
        return True
    from fnmatch import fnmatchcase

    name = rule.partition("/")[2]
    return any(fnmatchcase(rule, one) or fnmatchcase(name, one) for one in request.only)


def _of_scan(request: Request) -> list[Finding]:
    """The credentials that were asked for; none counts for more than the scan itself says."""
    findings = []
    for finding in request.credentials or ():
        place = finding.places[0]
        severity = severity_of(
            request.policy, finding.rule, "error", place.repo, place.path, request.today
        )
        severity = max(severity, finding.severity, key=SEVERITIES.index)
        if severity != "off" and _wanted(finding.rule, request):
            findings.append(finding._replace(severity=severity))
    return findings


def _touched(task: _Task, request: Request) -> bool:
    """True where the change could alter the rule's answer: it changes a file of its sources."""
    changed = request.changed
    if changed is None:
        return True
    return any(touches(request.policy, name, request.own, changed) for name in task.sources)


def touches(policy: Policy, name: str, own: str, changed: Iterable[str]) -> bool:
    """True where one of ``changed`` (paths in the repo ``own``) belongs to the source ``name``."""
    source = policy.sources[name]
    if own not in source.repos:
        return False
    globs = source.layers or source.files
    return any(glob.match(path) is not None for path in changed for glob in globs)


def _unread(head: Dataset, task: _Task) -> list[tuple[str, str]]:
    return [(repo.alias, why) for name in task.sources for repo, why in head.unread(name)]


def _evaluate(
    task: _Task,
    head: Dataset,
    base: Dataset | None,
    materialiser: Materialiser,
    request: Request,
    selections: Selections,
) -> list[Finding]:
    if severity_of(request.policy, task.id, task.severity, "", "", request.today) == "off" and (
        not any(setting.overrides for setting in request.policy.rules)
    ):
        return []
    breaches = list(task.breaches(head))
    if not breaches:
        return []
    old = _standing(task, breaches, base)
    past = _grace_ago(task, request, selections)
    aged = _standing(task, breaches, past) if past is not None else range(len(breaches))
    findings = []
    for at, breach in enumerate(breaches):
        finding = materialiser.finding(breach, task.id, task.relation, task.severity, task.about)
        place = finding.places[0] if finding.places else None
        severity = severity_of(
            request.policy,
            task.id,
            task.severity,
            place.repo if place else "",
            place.path if place else "",
            request.today,
        )
        if severity == "off":
            continue
        known_in = _known_in(task, finding.key, head)
        finding = finding._replace(severity=severity, known_in=known_in)
        if at in old:
            finding = finding._replace(status="old")
        elif at not in aged:
            days = task.grace // 86_400
            note = f"within its grace of {days} days" if days else "within its grace"
            finding = finding._replace(status="grace", note=note)
        findings.append(finding)
    return findings


def _known_in(task: _Task, key: str, head: Dataset) -> tuple[str, ...]:
    """The repos of the rule's sources that have a record of that name."""
    keys = dict.fromkeys(((key,), tuple(key.split("/")))) if task.relation else ()
    found = (
        record.repo
        for name in task.sources
        for one in keys
        for record in head.index(name).get(one, ())
    )
    return tuple(dict.fromkeys(found))


def _identities(task: _Task, dataset: Dataset | None) -> set[Identity]:
    """The identities of a task's breaches in another world; none where it cannot be read."""
    if dataset is None or _unread(dataset, task):
        return set()
    return {_identity(task, breach) for breach in task.breaches(dataset)}


def _identity(task: _Task, breach: Breach) -> Identity:
    return Identity(task.id, breach.key, breach.field, breach.member, breach.repos)


def _standing(task: _Task, breaches: Sequence[Breach], dataset: Dataset | None) -> set[int]:
    """Which of ``breaches`` another world has too: of one identity as many as it has there.

    Those that say the same come first. Nothing stands in a world that cannot be read.
    """
    if dataset is None or _unread(dataset, task):
        return set()
    there = [(_identity(task, breach), breach.message) for breach in task.breaches(dataset)]
    said, left = Counter(there), Counter(identity for identity, _ in there)
    standing: set[int] = set()
    for alike in (True, False):
        for at, breach in enumerate(breaches):
            identity = _identity(task, breach)
            same = (identity, breach.message)
            if at not in standing and left[identity] and (said[same] or not alike):
                standing.add(at)
                left[identity] -= 1
                said[same] -= alike
    return standing


def _merged(findings: Sequence[Finding]) -> list[Finding]:
    """The findings without those that say the same at the same places: two sources of one file."""
    seen: dict[object, Finding] = {}
    for finding in findings:
        seen.setdefault((finding.identity, finding.message, finding.places), finding)
    return list(seen.values())


def _grace_ago(task: _Task, request: Request, selections: Selections) -> Dataset | None:
    """The world of a grace period ago; None where there is no grace, or no history."""
    if not task.grace or request.past is None:
        return None
    past = Dataset(request.policy, request.past(task.grace), selections)
    return None if _unread(past, task) else past


def _aged(
    request: Request, tasks: Sequence[_Task], findings: Sequence[Finding], selections: Selections
) -> list[Finding]:
    """The old findings with the greatest of AGES at which they were there already."""
    ages: dict[Identity, int] = {}
    left = {finding.identity for finding in findings if finding.status == "old"}
    past_at = request.known_past
    for days in AGES:
        asked = [task for task in tasks if any(one.rule == task.id for one in left)]
        if past_at is None or not asked:
            break
        past = Dataset(request.policy, past_at(days * 86_400), selections)
        left = left & {one for task in asked for one in _identities(task, past)}
        ages.update(dict.fromkeys(left, days * 86_400))
    return [
        finding._replace(age=ages.get(finding.identity)) if finding.status == "old" else finding
        for finding in findings
    ]


def _unknown(request: Request, unknown: dict[tuple[str, str], list[str]]) -> list[Finding]:
    """One finding for each repository that could not be read; its values are the open rules."""
    findings = []
    for (alias, reason), ids in unknown.items():
        deferred = request.deferred and alias != request.own
        names = ", ".join(dict.fromkeys(ids))
        what = "left to the status that the organisation's bot sets" if deferred else "not checked"
        findings.append(
            Finding(
                rule=unread_repository.RULE.id,
                relation="",
                severity="error",
                status="deferred" if deferred else "unknown",
                message=f"{alias} could not be read, so {what}: {names}",
                key=alias,
                field="",
                member="",
                repos=(alias,),
                places=(),
                repair_in=(),
                hint=reason,
                values=tuple(dict.fromkeys(ids)),
            )
        )
    return findings


def _waived(
    request: Request, findings: list[Finding], open_ids: set[str], materialiser: Materialiser
) -> list[Finding]:
    """The findings with what is waived marked; after a whole check, with what waivers are over."""
    from interlock.policy.waive import waive

    if request.credentials is None:
        # Where nobody looked, nobody knows whether there is something left to waive.
        every = (waiver.rule for waiver in request.policy.waivers)
        open_ids = {*open_ids, *(rule for rule in every if rule.startswith("secret/"))}
    waived = waive(request.policy, findings, request.today, open_ids)
    told = list(waived.findings)
    if request.changed is None and not request.only:
        told.extend(_waiver_findings(request, materialiser, waived.expired, "expired"))
        told.extend(_waiver_findings(request, materialiser, waived.unused, "unused"))
    return told


def _waiver_findings(
    request: Request, materialiser: Materialiser, waivers: Sequence[Waiver], kind: str
) -> list[Finding]:
    module = expired_waiver if kind == "expired" else unused_waiver
    doc = module.RULE
    findings = []
    for waiver in waivers:
        severity = severity_of(request.policy, doc.id, doc.severity, "", "", request.today)
        if severity != "off":
            breach = module.breach(waiver)
            findings.append(materialiser.finding(breach, doc.id, "", severity, (doc.why, "", "")))
    return findings


def _checked(
    head: Dataset, selections: Selections, tasks: list[_Task], touched: list[_Task]
) -> Checked:
    names = dict.fromkeys(name for task in touched for name in task.sources)
    records = sum(len(head.records(name)) for name in names)
    rules = [task for task in touched if task.relation]
    skipped = sum(1 for task in tasks if task.relation) - len(rules)
    return Checked(len(selections.reader.files), records, len(rules), skipped)


def _repos(head: Dataset) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (repo.alias, repo.name, repo.tree.label if repo.tree is not None else "not read")
        for repos in head.world.values()
        for repo in repos
    )
