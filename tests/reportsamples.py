"""Reports for the tests of the reporters: one of each kind of finding, and what is hostile."""

from __future__ import annotations

import re
from pathlib import Path

from interlock.model import Checked, Edit, Finding, Place, Repair, Report

EXPECTED = Path(__file__).resolve().parent / "reports"
DAY = 86_400
WEB = "https://github.com/acme/model-training/blob/1a2b3c4/"

TRAINING = Place(
    "training", "acme/model-training", "conf/experiment/ranker-v2.toml", 3, 9, 3, 12,
    "boost = 0.5", "is 0.5 in training", "main (1a2b3c4)",
)  # fmt: skip
PLAN = Place(
    "pipelines", "acme/feature-pipelines", "experiments/ranker-v2.yaml", 12, 14, 12, 17,
    "      boost: 0.4", "is 0.4 in plan", "staged",
)  # fmt: skip
WEIGHTS = Place(
    "pipelines", "acme/feature-pipelines", "experiments/zoo.yaml", 4, 3, 6, 12,
    "  weights:\n    control: 50\n    treat: 40", "add up to 90", "staged",
)  # fmt: skip
MISSING = Place(
    "serving", "acme/model-serving", "env/prod/values.yaml", 0, 0, 0, 0, "", "no `zoo` here", "",
)  # fmt: skip

DIFFERS = Finding(
    rule="experiment/same-params",
    relation="equal",
    severity="error",
    status="failing",
    message="`ranker-v2`: `params.boost` is 0.4 in plan, but is 0.5 in training",
    key="ranker-v2",
    field="params",
    member="boost",
    repos=("pipelines", "training"),
    places=(TRAINING, PLAN),
    repair_in=("training",),
    hint="plan decides: change `params.boost` in conf/experiment/ranker-v2.toml",
    why="A model trained with other parameters than the plan's makes the result worthless.",
    owner="ranking-team",
    docs="https://wiki.acme.example/experiments",
    repair=Repair((Edit("training", TRAINING.path, 8, 11, "0.4", 7),), ""),
    values=("0.4", "0.5"),
)
SUM = Finding(
    rule="experiment/weights-add-up",
    relation="sum",
    severity="warning",
    status="failing",
    message="`zoo`: the `weights` in plan add up to 90, not 100",
    key="zoo",
    field="weights",
    member="",
    repos=("pipelines",),
    places=(WEIGHTS, MISSING),
    repair_in=("pipelines",),
    hint="change them so that they add up to 100",
    repair=Repair((), "which of them is wrong cannot be known"),
)
OLD = DIFFERS._replace(status="old", key="ads", age=12 * DAY + 5, message="an older one")
GRACE = SUM._replace(status="grace", key="bees", note="within its grace of 14 days")
WAIVED = SUM._replace(status="waived", key="cats", note="waived: on leave (bob)")
UNKNOWN = Finding(
    rule="experiment/unread-repository",
    relation="",
    severity="error",
    status="unknown",
    message="serving could not be read, so not checked: experiment/in-every-repo",
    key="serving",
    field="",
    member="",
    repos=("serving",),
    places=(),
    repair_in=(),
    hint="no checkout of acme/model-serving beside this one: clone it there",
)
DEFERRED = UNKNOWN._replace(
    status="deferred",
    message="serving could not be read, so left to the status that the organisation's bot sets: "
    "experiment/in-every-repo",
)
REPORT = Report(
    findings=(SUM, OLD, DIFFERS, WAIVED, GRACE, UNKNOWN),
    notices=("the cache of registry is 3 days old",),
    checked=Checked(files=31, records=48, rules=12, rules_skipped=2),
    repos=(
        ("training", "acme/model-training", "main (1a2b3c4)"),
        ("pipelines", "acme/feature-pipelines", "staged"),
        ("serving", "acme/model-serving", "not read"),
    ),
    mode="change",
    fail_level="error",
    require_all=False,
    own="pipelines",
    links=(("training", WEB),),
    own_name="acme/feature-pipelines",
    policy=".interlock.yaml",
)
CLEAN = REPORT._replace(findings=(), notices=())

#: What people put into files, names and titles to be obeyed, to hide, or to reach others.
HOSTILE = {
    "shell": "$(rm -rf ~) `id` ; & | > /dev/null",
    "backticks": "`` ` ``` ```` a`b``c",
    "fence": "```\n# heading\n```\n~~~\ntext\n~~~",
    "mention": "@acme/ml-platform @alice hello@example.com",
    "reference": "fixes #1, closes acme/serving#2, GH-3 and 0a1b2c3d4e5f60718293a4b5c6d7",
    "html": "<img src=x onerror=alert(1)></code></summary></details><script>x</script><!--",
    "entity": "&lt;b&gt; &#64;alice &commat;bob",
    "link": "[click](https://evil.example) ![x](https://evil.example/x.png) <https://evil.example>",
    "address": "https://evil.example www.evil.example xmpp:a@b.example mailto:a@b.example",
    "maths": "$\\sqrt{x}$ $$y$$ $`z`$ :smile: **bold** _it_ ~~no~~ | a | b |",
    "list": "1. one\n- two\n# three\n> four\n---\n\n    five\n[^1]: six",
    "command": "::set-output name=x::y",
    "command-inside": "a\n::add-mask::b\r\n  ::error file=x::y\u2028::stop-commands::z",
    "old-command": "##[add-mask]x ##[error]y ###[group]z ##vso[task.setvariable]v ##teamcity[a]",
    "percent": "100%0A::error::x %25 %3A a:b,c=d",
    "escape": "\x1b[31mred\x1b[0m \x1b]8;;https://evil.example\x07link\x9b0m \x00\x08\x7f",
    "bidi": "\u202eabc\u202c \u2066x\u2069 \u200f\u061c",
    "unseen": "a\u200bb\u00adc\ufeffd\u2060e\u3164f\U000e0041g\ufe01h",
    "surrogate": "x\udc80y\ud800z",
    "newlines": "a\nb\r\nc\rd\u0085e\u2028f\u2029g\vh\fi",
    "carriage": "safe\roverwritten",
    "huge": "A" * 65_000,
    "huge-hostile": "\x1b[1m@x `" * 9_000,
    "empty": "",
    "blank": "   ",
    "backslash": "a\\`b\\",
}


def hostile(text: str, *, excerpts: bool = True) -> Report:
    """REPORT with ``text`` in every field that a repository or a policy can fill."""

    def place(one: Place) -> Place:
        excerpt = text if excerpts else "x"
        return one._replace(
            path=text, excerpt=excerpt, note=text, revision=text, end_line=one.line + 1
        )

    def finding(one: Finding) -> Finding:
        places = tuple(one_place for p in one.places for one_place in (p, place(p)))
        repair = one.repair
        if repair is not None and repair.edits:
            repair = Repair(tuple(e._replace(path=text, text=text) for e in repair.edits), text)
        elif repair is not None:
            repair = Repair((), text)
        return one._replace(
            message=text, key=text, field=text, member=text, hint=text, why=text, owner=text,
            docs=text, note=text, values=(text,), places=places, repair=repair,
        )  # fmt: skip

    return REPORT._replace(
        findings=tuple(finding(one) for one in REPORT.findings),
        notices=(text,),
        repos=(*REPORT.repos, ("x", text, text)),
    )


def without_colour(text: str) -> str:
    """``text`` without the colours that Interlock itself puts in."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)
