"""experiment/empty-selector: a path matches nothing in any record of its source."""

from __future__ import annotations

from collections.abc import Iterator

from interlock.experiments.breach import Breach, InPolicy
from interlock.experiments.dataset import Dataset
from interlock.policy.model import FieldSpec, Source
from interlock.rules.base import RuleDoc, SourceRule


def check(dataset: Dataset, source: str) -> Iterator[Breach]:
    """A breach for ``each``, the pattern and each field that matched nothing anywhere."""
    spec = dataset.source(source)
    selected = dataset.selected(source)
    if spec.optional or dataset.unread(source) or dataset.incomplete(source):
        return
    if not any(got.files for _, got in selected):
        return
    if not any(got.reached for _, got in selected):
        what = "pattern" if spec.pattern else "each"
        yield _breach(spec, what, f"the `{what}` of source `{source}` matches nothing", None)
        return
    records = dataset.records(source)
    if not records:
        if spec.key and any(got.keyless for _, got in selected):
            yield _breach(spec, "key", _no_key(spec), None)
        return
    for name, field in spec.fields.items():
        if field.optional or field.kind in ("const", "capture"):
            continue
        if all(dataset.field(source, record, name) is None for record in records):
            text = f"field `{name}` of source `{source}` matches nothing in {len(records)} records"
            yield _breach(spec, name, text, field)


def _no_key(spec: Source) -> str:
    if spec.each and [part.kind for part in spec.key] == ["name"]:
        return (
            f"`each` of source `{spec.name}` reaches elements of a list, which have no names: "
            "it needs a `key`"
        )
    return f"the `key` of source `{spec.name}` matches nothing"


def _breach(spec: Source, name: str, message: str, field: FieldSpec | None) -> Breach:
    origin = field.origin if field is not None else spec.origin
    return Breach(
        key=spec.name,
        field=name,
        member="",
        message=message,
        spots=(InPolicy(*origin, note="declared here"),),
        repos=spec.repos,
        repair_in=spec.repos,
        hint="correct the path, or say `optional: true` where no match is fine",
    )


RULE = SourceRule(
    RuleDoc(
        id="experiment/empty-selector",
        summary="a path in the policy matches nothing in any record",
        what="The `each`, `key`, `pattern` or a field of a source matched nothing in any file.",
        why="A misspelt path compares nothing with nothing, and passes.",
        bad='fields: {params: "$.variant.*.params"}   # the member is called variants',
        good='fields: {params: "$.variants.*.params"}',
        fix="None.",
        since="0.1.0",
        severity="error",
    ),
    check,
)
