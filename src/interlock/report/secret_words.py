"""What is said of each case: what is wrong, why it matters, what to do now."""

from __future__ import annotations

from interlock.model import RuleText
from interlock.report.neutral import harmless
from interlock.secrets.accepting import Case, Judged
from interlock.secrets.model import Rule
from interlock.secrets.names import MASK
from interlock.secrets.pages import Page, title

_WHY = "whoever reads this repository, now or later, can use it"
_ROTATE = "make a new one where it was issued, and withdraw this one"
#: Where no rule says how, since only a name tells what it is.
_NAMED = {"password": "change the password where it is used to log in"}
_WHY_PRAGMA = "who writes a comment beside a credential accepts it for everybody, and for ever"
_WHY_ENTRY = "an entry silences a credential for everybody; those who answer for it decide"
_AUDIT = "`interlock secrets baseline --audit`"


def rule_of(case: Case) -> str:
    """The rule's full id; what a change adds to what is accepted has its own."""
    if case.kind == "pragma":
        return "secret/new-pragma"
    return f"secret/{_kind_of_entry(case) or case.hit.type}"


def _kind_of_entry(case: Case) -> str:
    return "new-baseline-entry" if case.kind in ("entry", "approve") else ""


def message(case: Case, judged: Judged) -> str:
    """What is wrong, in a sentence."""
    hit, entry = case.hit, case.entry
    kind = harmless(title(hit.type))
    cell = f", cell {hit.cell}" if hit.cell else ""
    path = f"{harmless(hit.path)}{cell}"
    if case.kind == "pragma":
        return f"a pragma that this change adds allows a credential in {path}: {kind}"
    if entry is None and MASK in hit.path and (hit.line, hit.column) == (1, 1):
        return f"the name of {path} holds a credential{_said(case)}: {kind}"
    if entry is None:
        return f"{path} holds a credential{_said(case)}: {kind}"
    until = f" until {entry.until}" if entry.until else ""
    if case.kind in ("entry", "approve"):
        where = f"{harmless(entry.path)}, as {entry.verdict}{until}"
        return f"this change accepts a credential in {where} ({kind}): {_owned(judged)}"
    by = f" by {harmless(entry.owner)}" if entry.owner else ""
    texts = {
        "expired": f"holds a credential that was accepted{until}{by}: {kind}",
        "too-far": f"holds a credential that is accepted{until}{by}, more than a year: {kind}",
        "unseen": f"holds a credential that comes with an entry that nobody has judged: {kind}",
        "live": f"holds a live credential, accepted{until}{by} ({harmless(entry.reason)}): {kind}",
        "unreviewed": f"holds a credential that nobody has judged, accepted{until}: {kind}",
    }
    return f"{path} {texts[case.kind]}{_said(case)}"


def _said(case: Case) -> str:
    """What the issuer said, where it was asked."""
    words = {
        "live": " (its issuer says that it is live)",
        "not live": " (its issuer says that it is not live)",
        "could not ask": " (its issuer could not be asked)",
    }
    return words.get(case.hit.verdict, "")


def _owned(judged: Judged) -> str:
    if judged.owners:
        return f"{', '.join(harmless(o) for o in judged.owners)} must approve it"
    return f"nobody owns {harmless(judged.path)}, so nobody has to approve it"


def hint(case: Case, judged: Judged, rule: Rule | None) -> str:
    """What to do next."""
    rotate = (rule.rotate if rule is not None else "") or _NAMED.get(case.hit.type, _ROTATE)
    path = harmless(judged.path)
    if case.kind == "pragma":
        return (
            "take the pragma out, and the credential; if it must stay, "
            "`interlock secrets baseline --pragmas`, then `--audit`, give it an entry that the "
            "baseline's owners approve, or the policy waives `secret/new-pragma` for its path"
        )
    if case.kind == "entry":
        return (
            f"add the line `/{path} @your-org/your-team` to .github/CODEOWNERS in a change before "
            "this one, or let the policy waive `secret/new-baseline-entry`"
        )
    if case.kind == "approve":
        return "ask them for a review; CODEOWNERS makes GitHub wait for it where a rule asks for it"
    if case.kind == "live":
        return f"rotate it: {rotate}; then say so: `interlock secrets baseline --audit --all`"
    if case.kind == "unreviewed":
        return f"judge it: {_AUDIT}; if it is a credential, rotate it: {rotate}"
    if case.kind in ("expired", "too-far"):
        return f"rotate it: {rotate}; then say so with {_AUDIT}, which also takes another day"
    if case.kind == "unseen":
        return (
            "take it out of the commit; if it must come, judge it before: "
            "`interlock secrets baseline --audit`"
        )
    return f"take it out of the commit; if it was ever pushed, rotate it: {rotate}"


def rule_text(page: Page) -> RuleText:
    """A kind of finding for viewers of a report."""
    rotate = f"Rotate: {'; '.join(page.rotate)}. " if page.rotate else ""
    return RuleText(page.id, page.summary, "", page.why, rotate + page.fix, page.address)


def why(case: Case, rule: Rule | None) -> str:
    """Why it matters."""
    if case.kind == "pragma":
        return _WHY_PRAGMA
    if case.kind in ("entry", "approve"):
        return _WHY_ENTRY
    return rule.why if rule is not None else _WHY
