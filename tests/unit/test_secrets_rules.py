"""Rules as data: what cannot be used says which rule, which field and what to do instead."""

from __future__ import annotations

import pytest

from interlock.secrets.families import RuleError, read_family
from interlock.secrets.model import Text
from interlock.secrets.scan import scan, scanner
from interlock.secrets.table import TABLE
from interlock.values import Any

GOOD: dict[str, Any] = {"id": "acme", "pattern": "(acme_[a-z0-9]{20})", "keywords": ["acme_"]}
VALUE = "acme_" + "k3x9" * 5


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"id": ""}, ("`id`", "small letters")),
        ({"id": "Acme Token"}, ("`id`", "hyphens")),
        ({"patern": "(a)"}, ("acme", "'patern'", "known are", "pattern")),
        ({"pattern": ""}, ("acme", "no `pattern`", "group 1")),
        ({"pattern": "acme_[a-z]{9}"}, ("acme", "`pattern`", "parentheses")),
        ({"pattern": "(acme_[a-z}"}, ("acme", "`pattern`", "RE2", "missing ]")),
        ({"pattern": "(?<=x)(acme_)"}, ("acme", "`pattern`", "look-around", "`near`")),
        ({"pattern": "(acme_(?!test)[a-z]+)"}, ("look-around", "`allow`")),
        ({"pattern": r"(acme_(.)\2)"}, ("`pattern`", "back-reference")),
        ({"pattern": "(acme_[a-z]++)"}, ("`pattern`", "never backtracks")),
        ({"pattern": "(a*)"}, ("`pattern`", "empty text")),
        ({"pattern": "(" + "a" * 5000 + ")"}, ("`pattern`", "longer than")),
        ({"pattern": "((?:[a-z]{500}){500})"}, ("acme", "`pattern`", "RE2")),
        ({"context": "[a-"}, ("acme", "`context`", "RE2")),
        ({"allow": "x*"}, ("acme", "`allow`", "empty text")),
        ({"paths": "(?=a)"}, ("acme", "`paths`", "look-around")),
        ({"keywords": []}, ("acme", "`keywords`", "`paths`")),
        ({"keywords": "acme_"}, ("acme", "`keywords`", "list")),
        ({"keywords": ["acme_", 7]}, ("acme", "`keywords`", "quote")),
        ({"keywords": [" "]}, ("acme", "`keywords`")),
        ({"keywords": ["a\nb"]}, ("acme", "`keywords`", "one line")),
        ({"keywords": [f"a{n}" for n in range(101)]}, ("acme", "more than 100")),
        ({"min_entropy": "high"}, ("acme", "`min_entropy`", "number")),
        ({"min_entropy": True}, ("acme", "`min_entropy`", "number")),
        ({"min_entropy": 9}, ("acme", "`min_entropy`", "0 to 8")),
        ({"checksum": "luhn"}, ("acme", "'luhn'", "github-crc32")),
        ({"edges": "no"}, ("acme", "`edges`", "true or false")),
        ({"why": 3}, ("acme", "`why`", "no text")),
    ],
)
def test_what_cannot_be_used_says_why_and_what_to_do(
    change: dict[str, Any], said: tuple[str, ...]
) -> None:
    with pytest.raises(RuleError) as raised:
        read_family("own", [{**GOOD, **change}])
    for part in said:
        assert part in str(raised.value)


@pytest.mark.parametrize("items", [None, "acme", {"id": "acme"}, ["acme"], [None], [[]]])
def test_what_is_no_list_of_rules(items: Any) -> None:
    with pytest.raises(RuleError):
        read_family("own", items)


def test_an_id_is_given_once() -> None:
    with pytest.raises(RuleError, match="two rules have the id 'acme'"):
        read_family("own", [GOOD, GOOD])


def found(rule: dict[str, Any], path: str, line: str) -> list[str]:
    using = scanner(read_family("own", [rule]), b"k" * 32)
    return [hit.rule for hit in scan([Text(path, line.encode())], using)]


def test_each_field_does_what_it_says() -> None:
    line = f"x = {VALUE}\n"
    assert found(GOOD, "a.txt", line) == ["acme"]
    assert found(GOOD, "a.txt", f"x{VALUE}\n") == []
    assert found({**GOOD, "edges": False}, "a.txt", f"x{VALUE}\n") == ["acme"]
    assert found({**GOOD, "paths": r"\.env$"}, "a.txt", line) == []
    assert found({**GOOD, "paths": r"\.env$"}, "b/.env", line) == ["acme"]
    assert found({**GOOD, "context": "(?i)robot"}, "a.txt", line) == []
    assert found({**GOOD, "context": "(?i)robot"}, "a.txt", "# Robot\n" + line) == ["acme"]
    assert found({**GOOD, "context": "(?i)robot"}, "a.txt", "robot\n" * 9 + "\n" * 9 + line) == []
    assert found({**GOOD, "context": "(?i)robot"}, "robot.txt", line) == ["acme"]
    assert found({**GOOD, "near": "key = $"}, "a.txt", line) == []
    assert found({**GOOD, "near": "x = $"}, "a.txt", line) == ["acme"]
    assert found({**GOOD, "allow": "^acme_k3"}, "a.txt", line) == []
    assert found({**GOOD, "min_entropy": 4.5}, "a.txt", line) == []
    whole = {"id": "acme", "pattern": "^(acme_[a-z0-9]{20})$", "edges": False, "paths": "keys$"}
    assert found(whole, "my.keys", VALUE + "\n") == ["acme"]
    assert found(whole, "my.txt", VALUE + "\n") == []


def test_a_keyword_that_every_line_holds_costs_no_more_than_the_lines() -> None:
    common = {**GOOD, "keywords": ["e"]}
    using = scanner((*TABLE, *read_family("own", [common])), b"k" * 32)
    lines = ["the rest of the line " * 8] * 4000 + [f"the {VALUE}"]
    hits = list(scan([Text("a.txt", "\n".join(lines).encode())], using))
    assert [(hit.rule, hit.line) for hit in hits] == [("acme", 4001)]


def test_each_rule_says_why_it_matters_and_where_to_rotate() -> None:
    assert len({rule.id for rule in TABLE}) == len(TABLE)
    for rule in TABLE:
        assert len(rule.why) > 20, rule.id
        assert len(rule.rotate) > 8, rule.id
        assert rule.keywords or rule.paths, rule.id
