"""From a breach to a finding: places computed, lines quoted, a near miss suggested."""

from __future__ import annotations

from interlock.documents.base import Span
from interlock.experiments.breach import AnySpot, Breach, InFile, InPolicy, Missing, Spot
from interlock.experiments.dataset import Dataset
from interlock.experiments.records import SourceFile
from interlock.model import Finding, Place, Repair, Severity
from interlock.policy.model import Origin
from interlock.values import TYPE_CHECKING

if TYPE_CHECKING:
    from interlock.experiments.repair import Mender

#: Near misses are looked up for so many findings of a run; after that they only cost time.
MAX_SUGGESTIONS = 200


class Materialiser:
    """Turns the breaches of one run into findings."""

    def __init__(self, dataset: Dataset) -> None:
        """``dataset`` is the world that the breaches come from."""
        self._dataset = dataset
        self._suggested = 0
        self._mender: Mender | None = None

    def finding(
        self,
        breach: Breach,
        rule: str,
        relation: str,
        severity: Severity,
        about: tuple[str, str, str] = ("", "", ""),
    ) -> Finding:
        """The finding of ``breach``; ``about`` is the rule's (why, owner, docs)."""
        why, owner, docs = about
        return Finding(
            rule=rule,
            relation=relation,
            severity=severity,
            status="failing",
            message=breach.message,
            key=breach.key,
            field=breach.field,
            member=breach.member,
            repos=breach.repos,
            places=tuple(self._place(spot) for spot in breach.spots),
            repair_in=breach.repair_in,
            hint=self._hint(breach),
            why=why,
            owner=owner,
            docs=docs,
            values=breach.values,
            repair=self._repair(breach),
        )

    def _hint(self, breach: Breach) -> str:
        if breach.near is None or self._suggested >= MAX_SUGGESTIONS:
            return breach.hint
        self._suggested += 1
        wanted, names = breach.near
        found = names().nearest(wanted)
        return f"did you mean `{found}`? Otherwise {breach.hint}" if found else breach.hint

    def _place(self, spot: AnySpot) -> Place:
        if isinstance(spot, Spot):
            file, span = spot.leaf.part.find(spot.leaf.steps, named=spot.leaf.named)
            return self._in_file(file, span, spot.note)
        if isinstance(spot, InFile):
            return self._in_file(spot.file, Span(*spot.span) if spot.span else None, spot.note)
        if isinstance(spot, InPolicy):
            return self._in_policy(spot)
        return self._missing(spot)

    def _in_policy(self, spot: InPolicy) -> Place:
        from interlock.policy.quote import quote

        origin = Origin(spot.file, spot.line, spot.column)
        found = quote(self._dataset.policy, origin)
        end, text, cut = spot.column, "", 0
        if found is not None:
            end, text, cut = found.end_column, found.text, found.cut
        return Place("policy", "", *origin, spot.line, end, text, spot.note, "", cut)

    def _missing(self, spot: Missing) -> Place:
        revision = self._dataset.revision(spot.repo, spot.name)
        return Place(spot.repo, spot.name, spot.path, 0, 0, 0, 0, "", spot.note, revision)

    def _in_file(self, file: SourceFile, span: Span | None, note: str) -> Place:
        revision = self._dataset.revision(file.repo, file.name)
        if span is None:
            return Place(file.repo, file.name, file.path, 0, 0, 0, 0, "", note, revision)
        from interlock.documents.excerpt import excerpt

        line, column, end_line, end_column, text, cut = excerpt(file.document, span)
        return Place(
            file.repo,
            file.name,
            file.path,
            line,
            column,
            end_line,
            end_column,
            text,
            note,
            revision,
            cut,
        )

    def _repair(self, breach: Breach) -> Repair | None:
        if breach.mend is None:
            return None
        if self._mender is None:
            from interlock.experiments.repair import Mender

            self._mender = Mender()
        return self._mender.repair(breach.mend)
