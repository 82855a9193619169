"""What of change sets may be shown in a repository."""

from __future__ import annotations

import pytest
from reportsamples import DIFFERS

from interlock.changes.change_set import ChangeSet
from interlock.changes.members import Member
from interlock.changes.needs import Need
from interlock.changes.order import Landing
from interlock.changes.verdict import Verdict
from interlock.report.change_set import as_json, as_markdown, render
from interlock.report.change_set_words import Shown
from interlock.report.sharing_sets import UNNAMED, sets_for
from interlock.trees.memory import MemoryTree

SECRET = MemoryTree({}, "secret-branch (5ec7e71)")
MINE = MemoryTree({}, "topic (1234567)")
TRAINING = Member(
    "secret-branch", "training", "acme/model-training", "secret-branch", SECRET, SECRET,
    state="merged", trailers=("secret-trailer",), paths=frozenset({"secret/path"}),
)  # fmt: skip
PIPELINES = Member("topic", "pipelines", "acme/feature-pipelines", "topic", MINE, MINE)
LOST = PIPELINES._replace(
    label="topic", alias="serving", name="acme/model-serving", base=None, head=None,
    state="unknown", problem="secret/path cannot be read",
)  # fmt: skip
HIDDEN = DIFFERS._replace(
    key="secret-key", member="secret-member", message="secret-message", hint="secret-hint",
    values=("secret-value",), places=(DIFFERS.places[0]._replace(path="secret/path"),),
)  # fmt: skip
FOUND = ChangeSet(
    keys=("ranker-v2", "secret-key", "secret-other"),
    members=(PIPELINES, TRAINING, LOST),
    needs=((Need("training", (HIDDEN,), ()),), (Need("pipelines", (DIFFERS,), ()),), ()),
    alone=((DIFFERS, HIDDEN), (HIDDEN,), ()),
    ignored=((TRAINING._replace(label="training#7"), "comes from a fork"),),
    verdict=Verdict(
        "inconsistent",
        (HIDDEN, DIFFERS),
        ("training",),
        (("topic", "secret/path cannot be read"), ("training", "/srv/secret/x")),
        Landing(None, (), {}),
        (HIDDEN,),
    ),
    touches=(("ranker-v2",), ("secret-key",), ("secret-other",)),
)
SHOWN = Shown(
    branch="topic",
    own="pipelines",
    repos=(
        ("pipelines", "acme/feature-pipelines"),
        ("training", "acme/model-training"),
        ("serving", "acme/model-serving"),
    ),
    sets=(FOUND,),
    window=3_600,
    notices=("training: secret-branch of secret", "pipelines: said"),
    changed=("pipelines", "training"),
)
PLANS = frozenset({"pipelines"})


@pytest.mark.parametrize("form", [render, as_json, as_markdown])
def test_nothing_of_hidden_members_is_shown(form: object) -> None:
    assert callable(form)
    assert "secret" in form(SHOWN)
    told = form(sets_for(SHOWN, PLANS))
    for secret in ("secret", "5ec7e71", "0.5", DIFFERS.places[0].path):
        assert secret not in told, secret
    for kept in ("ranker-v2", UNNAMED, "training", "topic", "training#7", "0.4"):
        assert kept in told, kept


def test_a_laptop_and_those_who_may_see_all_are_shown_all() -> None:
    assert sets_for(SHOWN, None) is SHOWN
    told = sets_for(SHOWN, frozenset({"pipelines", "training", "serving"}))
    assert told.sets[0]._replace(touches=FOUND.touches) == FOUND
    assert told.notices == SHOWN.notices


def test_states_and_what_can_land_stay() -> None:
    (told,) = sets_for(SHOWN, PLANS).sets
    for before, after in zip(FOUND.members, told.members, strict=True):
        assert (after.alias, after.name, after.state) == (before.alias, before.name, before.state)
        assert after.can_land == before.can_land
    assert told.members[0] is PIPELINES
    assert told.present == FOUND.present
    assert told.verdict.kind == "inconsistent"
    assert told.verdict.missing == ("training",)


def test_why_was_it_not_read_is_told_only_of_those_that_are_shown() -> None:
    """Members on branches of one name are told apart by more than that name."""
    (told,) = sets_for(SHOWN, PLANS).sets
    assert all("secret" not in why for _, why in told.verdict.unread)
    serving = SHOWN._replace(sets=(FOUND._replace(members=(LOST,), alone=(()), needs=((),)),))
    (told,) = sets_for(serving, frozenset({"serving"})).sets
    assert told.verdict.unread[0] == FOUND.verdict.unread[0]
    assert "secret" not in told.verdict.unread[1][1]
