"""Every operation of the sandbox: what is right passes, and what is spoilt is found or refused."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from contract import walk
from contract.allowed import WRONG
from contract.oracle import Contract
from contract.rest import problems_of_request, violations
from contract.slicing import rest_slice

from interlock.sandbox import Exchange, Sandbox, router
from interlock.sandbox.bodies import BODIES
from interlock.sandbox.process import Clock

START = 1_767_225_600.0
#: What stands in for a value: each is wrong for most keys.
WRONG_VALUES: tuple[Any, ...] = (7, "zzz", True, [], [7], {}, {"zzz": 7})


@pytest.fixture(scope="module")
def exchanges() -> list[Exchange]:
    """All that passed on one walk over every operation."""
    seen: list[Exchange] = []
    with patient() as made:
        made.on_exchange(seen.append)
        walk.go(made)
    return seen


def patient() -> Sandbox:
    """A sandbox without secondary limits."""
    made = Sandbox(clock=Clock(START))
    made.limits.secondary = False
    return made


def test_the_walk_meets_every_operation(exchanges: list[Exchange]) -> None:
    met = set()
    for each in exchanges:
        found = router.find(each.method, each.path)
        assert found is not None
        met.add((each.method, found.route.template))
    assert {(route.method, route.template) for _, route in router._routes()} == met


def required(schema: Any, body: Any) -> Iterator[str]:
    """The keys of an object that its schema asks for, wherever it asks."""
    schemas = rest_slice()["schemas"]
    while isinstance(schema, Mapping) and "$ref" in schema:
        schema = schemas[schema["$ref"].rpartition("/")[2]]
    if isinstance(schema, Mapping):
        yield from (key for key in schema.get("required", ()) if key in body)
        for each in schema.get("allOf", ()):
            yield from required(each, body)


def spoilt(exchange: Exchange) -> Iterator[tuple[str, Any]]:
    """The answer without each of the keys that it has to have."""
    found = router.find(exchange.method, exchange.path)
    assert found is not None
    name = f"{exchange.method} {exchange.path_template}"
    operation = rest_slice()["operations"].get(name)
    schema = operation and operation["responses"].get(str(exchange.status))
    body = exchange.response_body
    if isinstance(body, list) and body and schema:
        for key in required(schema.get("items"), body[0]):
            yield key, [{k: v for k, v in body[0].items() if k != key}]
    elif isinstance(body, dict) and schema:
        for key in required(schema, body):
            yield key, {k: v for k, v in body.items() if k != key}


def test_each_required_key_that_is_missing_is_found(exchanges: list[Exchange]) -> None:
    tried, unfound = set(), []
    for each in exchanges:
        for key, body in spoilt(each):
            tried.add((each.method, each.path_template, key))
            found = list(violations(each._replace(response_body=body)))
            if not any(f'"{key}" is a required property' in text for text in found):
                unfound.append((each.method, each.path, key, found))
    assert unfound == []
    assert len(tried) > 1000


def test_an_answer_of_another_type_is_found(exchanges: list[Exchange]) -> None:
    unfound = []
    for each in exchanges:
        for wrong in ("zzz", 7) if each.response_body is not None else ():
            found = list(violations(each._replace(response_body=wrong)))
            unfound += [] if found else [(each.method, each.path, wrong)]
    assert unfound == []


def test_each_wrong_place_of_the_description_is_still_wrong(exchanges: list[Exchange]) -> None:
    met: set[int] = set()

    def note(operation: str, problem: str) -> bool:
        met.update(at for at, each in enumerate(WRONG) if each.excuses(operation, problem))
        return False

    for each in exchanges:
        assert list(violations(each)) == []
        list(violations(each, note))
    assert [WRONG[at] for at in range(len(WRONG)) if at not in met] == []
    assert len(WRONG) <= 5


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where a value holds others."""
    inner: Any = ()
    if isinstance(value, dict):
        inner = value.items()
    elif isinstance(value, list):
        inner = list(enumerate(value))[:1]
    for key, each in inner:
        yield (*at, key)
        yield from places(each, (*at, key))


def mutants(body: Any) -> Iterator[Any]:
    """The body with one thing left out or replaced."""
    for place in places(body):
        for wrong in (None, *WRONG_VALUES):
            changed = copy.deepcopy(body)
            inside = changed
            for key in place[:-1]:
                inside = inside[key]
            if wrong is None:
                del inside[place[-1]]
            else:
                inside[place[-1]] = copy.deepcopy(wrong)
            yield changed


def test_bodies_of_another_shape_are_refused(contract: Contract) -> None:
    tried: dict[str, int] = {}
    with patient() as made:

        def spoil(step: walk.Step, token: str) -> None:
            for body in mutants(step.body):
                changed = step._replace(body=body)
                if not list(problems_of_request(changed.method, changed.path, body)):
                    continue
                status, answer = walk.asked(made, changed, token)
                found = router.find(step.method, step.path)
                assert found is not None
                name = f"{step.method} {found.route.described}"
                tried[name] = tried.get(name, 0) + 1
                assert 400 <= status < 500, (step.method, step.path, body, answer)

        walk.go(made, spoil)
    assert set(BODIES) <= set(tried)
    assert sum(tried.values()) > 1000
    assert contract.checked


def test_the_sandbox_takes_no_key_that_github_does_not_have() -> None:
    from contract.keys import unknown

    for name, shape in BODIES.items():
        described = rest_slice()["operations"][name]["body"]
        body = {key.removesuffix("!"): None for key in shape if key is not ...}
        assert list(unknown(rest_slice()["schemas"], described, body)) == [], name


def test_every_body_that_github_describes_has_its_shape() -> None:
    described = {name for name, each in rest_slice()["operations"].items() if each["body"]}
    # The sandbox locks for no reason.
    assert described - set(BODIES) == {"PUT /repos/{owner}/{repo}/issues/{issue_number}/lock"}
