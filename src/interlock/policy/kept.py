"""An effective policy as plain values that marshal keeps, and back.

A hook that finds its policy kept imports no loader and no YAML. What a run never reads is left
out: where each value was written is loaded again when a finding quotes the policy.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from interlock.documents.paths import JsonPath, Segment
from interlock.policy import model
from interlock.policy.model import Origin, Policy
from interlock.trees.globs import Glob
from interlock.values import Any

#: The classes that a policy is made of; a class is kept as its place in this table.
_CLASSES: tuple[type, ...] = (
    Policy,
    Origin,
    model.FieldSpec,
    model.KeySpec,
    model.Source,
    model.Side,
    model.Own,
    model.Literals,
    model.Via,
    model.Condition,
    model.Transform,
    model.RuleException,
    model.Absent,
    model.Rule,
    model.Waiver,
    model.Override,
    model.Rollout,
    model.RuleSetting,
    model.Companion,
    model.ChangeSets,
    model.Layer,
    Glob,
    JsonPath,
    Segment,
    model.Checklist,
    model.Jira,
    model.SecretRule,
    model.Secrets,
)
_NUMBERS = {one: at for at, one in enumerate(_CLASSES)}
_TUPLE, _PATTERN, _DECIMAL, _SET = -1, -2, -3, -4
_PLAIN = (str, int, float, bool, bytes, type(None))


class Later(Mapping[str, Origin]):
    """A provenance that is loaded on first use."""

    def __init__(self, load: Callable[[], Mapping[str, Origin]]) -> None:
        """``load`` gives the real one."""
        self._load = load

    def loaded(self) -> Mapping[str, Origin]:
        """The real provenance."""
        return self._load()

    def __getitem__(self, path: str) -> Origin:
        """See Provenance."""
        return self._load()[path]

    def __iter__(self) -> Iterator[str]:
        """See Provenance."""
        return iter(self._load())

    def __len__(self) -> int:
        """See Provenance."""
        return len(self._load())


def frozen(policy: Policy) -> Any:
    """``policy`` in plain values; raises ValueError where it holds what cannot be kept."""
    return _frozen(policy._replace(provenance={}, text={}))


def thawed(kept: Any, load: Callable[[], Mapping[str, Origin]]) -> Policy:
    """The policy again; raises ValueError, TypeError or LookupError where ``kept`` is none."""
    policy = _thawed(kept)
    if not isinstance(policy, Policy):
        raise TypeError("no policy was kept")
    return policy._replace(provenance=Later(load))


def _frozen(value: Any) -> Any:
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is list:
        return [_frozen(item) for item in value]
    if isinstance(value, Mapping):
        return {name: _frozen(item) for name, item in value.items()}
    if kind is tuple:
        return (_TUPLE, *[_frozen(item) for item in value])
    if isinstance(value, re.Pattern):
        return (_PATTERN, value.pattern, value.flags)
    if kind.__name__ == "Decimal":
        return (_DECIMAL, str(value))
    if kind in (set, frozenset):
        return (_SET, *[_frozen(item) for item in sorted(value, key=repr)])
    if kind not in _NUMBERS:
        raise ValueError(f"a policy with {kind.__name__} is not kept")
    return (_NUMBERS[kind], *[_frozen(item) for item in value])


def _thawed(kept: Any) -> Any:
    kind = type(kept)
    if kind is tuple:
        number = kept[0]
        if number == _TUPLE:
            return tuple([_thawed(item) for item in kept[1:]])
        if number == _PATTERN:
            return re.compile(kept[1], kept[2])
        if number == _DECIMAL:
            from decimal import Decimal  # imported only where a policy holds one

            return Decimal(kept[1])
        if number == _SET:
            return frozenset([_thawed(item) for item in kept[1:]])
        return _CLASSES[number](*[_thawed(item) for item in kept[1:]])
    if kind is list:
        return [_thawed(item) for item in kept]
    if kind is dict:
        return {name: _thawed(item) for name, item in kept.items()}
    return kept
