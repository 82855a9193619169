"""Worlds of two repositories in which whatever one of them holds can be told from the other.

What stands in ``a`` has ``alfa`` or 71777 in it and what stands in ``b`` ``bravo`` or 82888: keys,
members, values, paths, comments and names of branches. ``same`` is what both have. The policy has
none of these words.
"""

from __future__ import annotations

import re
from textwrap import dedent

from worldrun import Files, policy_of

from interlock.engine import Request, run
from interlock.model import Report
from interlock.policy.model import Policy
from interlock.trees.base import Repo, World
from interlock.trees.memory import MemoryTree
from interlock.values import NamedTuple

CANARIES = {
    "a": re.compile(r"alfa|71777", re.IGNORECASE),
    "b": re.compile(r"bravo|82888", re.IGNORECASE),
}
WORDS = {"a": "alfa", "b": "bravo"}
TODAY = "2026-06-01"


class Case(NamedTuple):
    """A policy and its files. ``shows`` are the repos whose own words some finding holds."""

    name: str
    policy: str
    files: Files
    shows: tuple[str, ...] = ("a", "b")


#: One record a file in a, many in one file of b; and one source over both.
SOURCES = """
sources:
  plan: {repo: a, files: "**/{key}.yaml", exclude: "**/all.yaml", optional: true,
         fields: {v: $.v, w: $.w, s: $.s, e: $.e}}
  other: {repo: b, files: "**/all.yaml", each: "$.*", optional: true,
          fields: {v: "@.v", w: "@.w", s: "@.s", e: "@.e"}}
  both: {repo: [a, b], files: "**/all.yaml", each: "$.*", optional: true,
         fields: {v: "@.v", w: "@.w", s: "@.s", e: "@.e"}}
"""


def _case(name: str, rules: str, a: str, b: str, shows: tuple[str, ...] = ("a", "b")) -> Case:
    """``a`` is the plan of the entry ``same``, ``b`` the file of many."""
    lines = "".join(f"\n  - {{id: r{at}, {rule}}}" for at, rule in enumerate(rules.split("\n")))
    files = {"a": {"alfa/deep/same.yaml": a}, "b": {"bravo/deep/all.yaml": b}}
    return Case(name, f"{SOURCES}consistency:{lines}\n", files, shows)


def _both(name: str, rules: str, a: str, b: str, shows: tuple[str, ...] = ("a", "b")) -> Case:
    """Both are files of the source over both."""
    case = _case(name, rules, "", "", shows)
    return case._replace(files={"a": {"alfa/all.yaml": a}, "b": {"bravo/all.yaml": b}})


PAIRED = [
    _case(
        "equal",
        "each: plan.v, equal: other.v\neach: other.v, equal: plan.v",
        "v: alfa-value  # alfa comment",
        "same: {v: bravo-value}  # bravo comment",
    ),
    _case(
        "equal-numbers",
        "each: plan.v, equal: other.v, compare: number, authority: plan\n"
        "each: other.v, equal: plan.v, authority: other",
        "v: 0.71777",
        "same:\n  v: 0.82888",
    ),
    _case(
        "equal-members",
        "each: plan.v, equal: other.v\neach: other.v, equal: plan.v, authority: plan\n"
        "each: plan.v, equal: other.v, authority: plan",
        "v:\n  alfa-one: {lr: 1}\n  alfa-two: 71777\n  shared: 1\n  deep: {alfa-x: {alfa-y: 2}}",
        "same:\n  v: {bravo-one: 82888, shared: 82888, deep: {bravo-x: {bravo-y: 2}}}",
    ),
    _case(
        "equal-renamed",
        "each: plan.v, equal: other.v, authority: plan\n"
        "each: plan.v, equal: other.v, authority: other",
        "v:\n  alfa-name: 5\n  shared: 1",
        "same:\n  v:\n    bravo-name: 5\n    shared: 1",
    ),
    _case(
        "equal-lists",
        "each: plan.v, equal: other.v",
        "v: [1, alfa-2, 71777]",
        "same: {v: [1, bravo-2]}",
    ),
    _case(
        "equal-shares",
        "each: plan.v, equal: other.v, compare: share",
        "v: {alfa-x: 71777, shared: 1}",
        "same: {v: {bravo-x: 82888, shared: 1}}",
    ),
    _case(
        "equal-on-fields",
        "each: plan.v, equal: other.v, on: [e]\neach: other.v, equal: plan.v, on: [e]",
        "v: alfa\ne: joined",
        "bravo-key: {v: bravo, e: joined}",
    ),
    _case(
        "equal-absent",
        "each: plan.v, equal: other.v, absent: error\neach: other.w, equal: plan.w, absent: error",
        "w: alfa",
        "same: {v: bravo}",
    ),
    _case(
        "same-set",
        "each: plan.v, same-set: other.v\neach: plan.v, same-set: other.v, authority: plan\n"
        "each: plan.v, same-set: other.v, authority: other",
        "v: [alfa-1, alfa-2, 71777, shared, close-to-one-alfa]",
        "same:\n  v:\n    bravo-1: 1\n    bravo-2: 2\n    shared: 3\n    close-to-one-bravo: 4",
    ),
    _case(
        "same-set-renamed",
        "each: plan.v, same-set: other.v\neach: plan.v, same-set: other.v, authority: plan\n"
        "each: plan.v, same-set: other.v, authority: other",
        "v: {alfa-name: 1, shared: 1}",
        "same: {v: [bravo-name, shared]}",
    ),
    _case(
        "subset-of",
        "each: plan.v, subset-of: other.v\neach: other.v, subset-of: plan.v, authority: other\n"
        "each: plan.v, subset-of: other.v, authority: other",
        "v: [alfa-land, shared]",
        "same: {v: [bravo-land, shared]}",
    ),
    _case(
        "before",
        "each: plan.v, before: other.v\neach: other.w, before: plan.w\n"
        "each: plan.s, before: other.s\neach: other.s, before: plan.s",
        "v: 717770000\nw: 71777\ns: alfa",
        "same: {v: 82888, w: 82888, s: bravo}",
    ),
    _case(
        "exists-in",
        "each: plan, exists-in: other\neach: other, exists-in: plan\n"
        "each: plan, exists-in: both\neach: both, exists-in: plan",
        "v: 1",
        "bravo-entry: {v: 1}\na-long-name-for-one-bravo: {v: 2}",
    )._replace(
        files={
            "a": {"alfa/alfa-entry.yaml": "v: 1", "alfa/a-long-name-for-one-alfa.yaml": "v: 2"},
            "b": {"bravo/all.yaml": "bravo-entry: {v: 1}\na-long-name-for-one-bravo: {v: 2}"},
        }
    ),
    _case(
        "exists-in-per",
        "each: plan, exists-in: other, per: [e]\neach: other, exists-in: plan, per: [e]",
        "e: [alfa-env, shared]",
        "same: {e: [bravo-env, shared]}\nelse: {e: bravo-other}",
    ),
    _case(
        "references",
        "each: plan.v, references: other.v\neach: other.v, references: plan.v\n"
        "each: plan.v, references: other\neach: other.v, references: plan\n"
        "each: plan.v, references: {via: [other.w, other.v]}\n"
        "each: other.v, references: plan.v, scope: {e: e}",
        "v: [alfa-model, close-to-this-one-alfa]\ne: joined",
        "same: {v: [bravo-model, close-to-this-one-bravo], w: bravo-hop, e: joined}",
    ),
    _case(
        "member-of",
        "each: plan.v, member-of: other.v\neach: other.v, member-of: plan.v\n"
        "each: plan.s, member-of: {values: [live, ready]}\n"
        "each: other.s, member-of: {values: [live, ready]}",
        "v: alfa-status\ns: alfa-live",
        "same: {v: bravo-status, s: bravo-live}",
    ),
]
POOLED = [
    _both(
        "sum",
        "each: both.v, sum: {equals: 100, by: e}\neach: both.w, sum: 1\n"
        "each: both.v, sum: {equals: 100, by: s}",
        "alfa-one: {v: 71777, e: shared, w: 7.1777, s: alfa-group}",
        "bravo-one: {v: 82888, e: shared, w: bravo, s: bravo-group}",
    ),
    _both(
        "uniform",
        "each: both.v, uniform: {by: e}\neach: both.w, uniform: {by: [e]}",
        "alfa-one: {v: alfa, e: shared, w: {x: 71777}}",
        "bravo-one: {v: bravo, e: shared, w: {x: 82888}}",
    ),
    _both(
        "unique",
        "each: both.v, unique: in-source\neach: both, unique: in-source\n"
        "each: both.w, unique: in-record",
        "alfa-one: {v: same, w: [alfa, alfa]}\nsame: {v: alfa}",
        "bravo-one: {v: same, w: [bravo, bravo]}\nsame: {v: bravo}",
    ),
    _both(
        "exclusive",
        "each: both, exclusive: [s, e]\neach: both, exclusive: [s], during: [v, w]",
        "alfa-one: {s: same, e: [alfa, both], v: alfa-when, w: 71777}",
        "bravo-one: {s: same, e: [bravo, both], v: 1, w: 82888}",
    ),
    _both(
        "known-keys",
        "each: both, known-keys: [v]",
        "same: {alfa-key: 71777}  # alfa",
        "same: {bravo-key: 82888}  # bravo",
    ),
    _both(
        "pattern",
        "each: both.v, pattern: '^x'\neach: both, pattern: '^x'",
        "alfa-one: {v: alfa}",
        "bravo-one: {v: bravo}",
    ),
    _both(
        "key-collision",
        "each: both.v, equal: both.w, join: {strip-suffix: -x}\n"
        "each: both.v, equal: both.w, join: {map: {k-alfa: k, k-bravo: k}}",
        "k-alfa: {v: 1}",
        "k-bravo: {v: 1}",
    ),
    _both("duplicate-key", "each: both, known-keys: [v]", "x: {v: 1}\nalfa: {v: 1}\nalfa: {v: 2}",
          "x: {v: 1}\nbravo: {v: 1}\nbravo: {v: 2}"),
    _both(
        "unreadable",
        "each: both.v, sum: 1",
        "alfa-1: {v: [alfa, 71777\nalfa: ]",
        "bravo-1: {v: [bravo, 82888\nbravo: ]",
    ),
]  # fmt: skip
OTHERS = [
    Case(
        "a-path-made-of-a-key",
        """
        sources:
          plan: {repo: a, files: "plan/{key}.yaml", optional: true, fields: {v: $.v}}
          conf: {repo: b, files: "conf/{key}.yaml", optional: true, fields: {v: $.v}}
        consistency:
          - {id: r0, each: plan, exists-in: conf}
          - {id: r1, each: conf, exists-in: plan}
          - {id: r2, each: plan.v, references: conf}
          - {id: r3, each: conf.v, references: plan}
        """,
        {"a": {"plan/alfa.yaml": "v: alfa-v"}, "b": {"conf/bravo.yaml": "v: bravo-v"}},
    ),
    Case(
        "duplicate-member",
        """
        sources:
          both: {repo: [a, b], files: "**/*.json",
                 fields: {v: {path: "$.v", by: name}}}
        """,
        {
            "a": {"alfa.json": '{"v": [{"name": "alfa", "w": 1}, {"name": "alfa", "w": 2}]}'},
            "b": {"bravo.json": '{"v": [{"name": "bravo", "w": 1}, {"name": "bravo", "w": 2}]}'},
        },
    ),
    Case(
        "missing-layer",
        """
        sources:
          both: {repo: [a, b], layers: ["{x}/base.yaml", "{x}/over.yaml"], each: "$.*"}
        """,
        {"a": {"alfa/over.yaml": "alfa: {}"}, "b": {"bravo/over.yaml": "bravo: {}"}},
    ),
    Case(
        "text",
        """
        sources:
          code: {repo: [a, b], files: "**/*.py", pattern: 'use\\("(?P<key>[\\w-]+)"'}
          names: {repo: b, files: names.json, each: "$[*]", key: "@.n"}
        consistency:
          - {id: known, each: code, exists-in: names}
          - {id: used, each: names, exists-in: code}
        """,
        {
            "a": {"alfa/x.py": 'use("alfa-key")  # alfa'},
            "b": {"bravo/x.py": 'use("bravo-key")  # bravo', "names.json": '[{"n": "bravo-n"}]'},
        },
    ),
    Case(
        "shared-file-record",
        """
        sources:
          one: {repo: a, files: "**/one.yaml", each: "$.*", fields: {v: "@.v"}}
          two: {repo: b, files: "**/two.yaml", each: "$.*", fields: {v: "@.v"}}
        consistency:
          - {id: to-two, each: one, exists-in: two, authority: one}
          - {id: values, each: one.v, equal: two.v, authority: one}
          - {id: to-one, each: two, exists-in: one, authority: two}
        """,
        {
            "a": {"alfa/one.yaml": "alfa-new: {v: alfa}\nsame: {v: 1}\n"},
            "b": {"bravo/two.yaml": "bravo-new: {v: bravo}\nsame: {v: 1}\n"},
        },
    ),
    Case(
        "empty",
        """
        sources:
          none: {repo: [a, b], files: nothing.yaml}
          some: {repo: [a, b], files: "**/x.yaml", each: "$.*", fields: {v: "@.gone"}}
        """,
        {"a": {"alfa/x.yaml": "alfa: {}"}, "b": {"bravo/x.yaml": "bravo: {}"}},
        (),
    ),
]
CASES = [*PAIRED, *POOLED, *OTHERS]


def world(case: Case, policy: Policy, unread: str = "") -> World:
    """Both repositories, on branches of which nobody else may read; ``unread`` cannot be read."""
    found: World = {}
    for alias, names in policy.repos.items():
        files = {path: dedent(text).encode() for path, text in case.files[alias].items()}
        word = WORDS[alias]
        tree = MemoryTree(files, f"{word}-branch ({word[:4]}123)")
        repo = Repo(alias, names[0], tree)
        if alias == unread:
            repo = Repo(alias, names[0], None, f"/srv/{word}/x has no branch {word}: fetch {word}")
        found[alias] = (repo,)
    return found


def report_of(case: Case, policy: Policy, own: str, unread: str = "") -> Report:
    """A whole check of ``own``, with what a command adds to the engine's report."""
    head = world(case, policy, unread)
    report = run(Request(policy=policy, head=head, own=own, today=TODAY))
    links = tuple(
        (repo.name, f"https://github.com/{repo.name}/blob/{WORDS[alias]}c0ffee/")
        for alias, repos in head.items()
        for repo in repos
    )
    notices = tuple(
        f"{alias} was read from /srv/{word} and {word}" for alias, word in WORDS.items()
    )
    return report._replace(
        links=links, own_name=f"acme/{own}", policy=".interlock.yaml", notices=notices
    )


def loaded(case: Case, share: str = "") -> Policy:
    """The policy of a case; ``share`` is what it says of sharing."""
    return policy_of(f"{dedent(case.policy).strip()}\n{share}\n")
