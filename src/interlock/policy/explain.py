"""What the JSON Schema makes of a policy, with places: for what the loader let pass.

The loader explains what it refuses by itself. It lets words pass that only a newer Interlock
knows (``on-outdated: warn``); the schema names each of them, and the word that may be meant.
jsonschema takes a tenth of a second to import, so only `policy validate` comes here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from interlock.model import Problem
from interlock.policy.model import Policy
from interlock.policy.packaged import schema
from interlock.policy.problems import Problems
from interlock.policy.provenance import Provenance
from interlock.policy.raw import Raw

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

#: Longer messages of jsonschema quote the whole value.
_LONGEST = 200
_UNKNOWN_WORD = "additionalProperties"


def explain(policy: Policy) -> tuple[Problem, ...]:
    """What the schema refuses in the files of a policy that loaded; () for nothing."""
    from jsonschema import Draft202012Validator

    if not isinstance(policy.provenance, Provenance):
        return ()
    validator = Draft202012Validator(json.loads(schema("policy")))
    problems = Problems()
    for layer in policy.provenance.layers:
        errors = [leaf for error in validator.iter_errors(layer.value) for leaf in _leaves(error)]
        strange = {tuple(e.absolute_path) for e in errors if e.validator == _UNKNOWN_WORD}
        for error in errors:
            # What is missing beside a word that is unknown is most likely that word, misspelt.
            if error.validator != "required" or tuple(error.absolute_path) not in strange:
                _explain(error, layer, problems)
    return problems.error().problems if problems else ()


def _leaves(error: ValidationError) -> Iterator[ValidationError]:
    """The errors of the alternative that was probably meant: the one that fits farthest."""
    context = list(error.context or ())
    if not context:
        yield error
        return
    by_branch: dict[object, list[ValidationError]] = {}
    for inner in context:
        by_branch.setdefault(inner.relative_schema_path[0], []).append(inner)
    for inner in max(by_branch.values(), key=_fitness):
        yield from _leaves(inner)


def _fitness(errors: list[ValidationError]) -> tuple[int, int]:
    """Deeper errors, and fewer of them; a wrong type at the top fits worst."""
    depth = min(len(e.relative_path) + (e.validator not in ("type", "enum")) for e in errors)
    return depth, -len(errors)


def _explain(error: ValidationError, layer: Raw, problems: Problems) -> None:
    steps = tuple(error.absolute_path)
    here = Raw(error.instance, layer.text, steps)
    if error.validator == _UNKNOWN_WORD and isinstance(error.schema, Mapping):
        known = list(error.schema.get("properties", ()))
        words = [word for word in known if word[-1] not in "+-"]
        for name in error.instance if isinstance(error.instance, dict) else ():
            if name not in known:
                part = Raw(None, layer.text, (*steps, name))
                problems.misnamed(part, f"`{name}` is no word here", name, words, named=True)
        return
    problems.add(here, f"the schema of policies does not allow this: {_reason(error)}")


def _reason(error: ValidationError) -> str:
    message = str(error.message)
    return message if len(message) <= _LONGEST else message[: _LONGEST - 1] + "…"
