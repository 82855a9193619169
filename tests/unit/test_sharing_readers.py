"""Who reads what a run writes, and which repositories they may see."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from worldrun import policy_of

from interlock.cli.readers import Readers, readers, visible_in

POLICY = policy_of(
    """
    repos: {plans: acme/Plans, serving: acme/serving, envs: [acme/env-a, acme/env-b]}
    share-with: {plans: [envs]}
    """
)


def seen(run: str, own: str, *names: str, visibility: str = "") -> set[str]:
    return set(visible_in(Readers(run, visibility), POLICY, own, names))


def test_the_repository_that_runs_counts_and_not_the_one_that_is_checked_out() -> None:
    assert seen("acme/plans", "plans", "acme/plans") == {"plans"}
    assert seen("acme/serving", "plans", "acme/plans") == {"serving"}
    assert seen("else/where", "plans", "acme/plans") == set()
    # A remote of another repository makes it no other.
    assert seen("acme/serving", "plans", "acme/plans", "acme/serving") == {"serving"}


def test_a_fork_is_the_repository_that_it_was_made_of() -> None:
    assert seen("me/plans", "plans", "me/plans", "acme/plans") == {"plans"}
    assert seen("me/plans", "plans", "me/plans") == {"plans"}  # told by --as or a member file
    assert seen("me/plans", "", "me/plans") == set()


def test_without_a_run_it_is_the_checkout() -> None:
    assert seen("", "plans", "acme/plans") == {"plans"}
    assert seen("", "", "acme/plans") == {"plans"}
    assert seen("", "serving") == {"serving"}
    assert seen("", "") == set()


def test_one_of_several_repositories_of_an_alias() -> None:
    assert seen("acme/env-a", "envs", "acme/env-a") == {"acme/env-a", "plans"}
    assert seen("acme/env-b", "envs", "me/fork", "acme/env-b") == {"acme/env-b", "plans"}
    assert seen("", "envs", "acme/env-a") == {"acme/env-a", "plans"}
    # That it is public says nothing of the other one.
    public = seen("acme/env-a", "envs", "acme/env-a", visibility="public")
    assert public == {"acme/env-a", "plans"}
    # Where it is none of them, what it holds is not taken for theirs.
    assert seen("me/fork", "envs", "me/fork") == {"me/fork", "plans"}


def actions(monkeypatch: pytest.MonkeyPatch, folder: Path, event: object = None) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_REPOSITORY", "acme/plans")
    monkeypatch.setenv("GITHUB_EVENT_PATH", str(folder / "event.json"))
    if event is not None:
        (folder / "event.json").write_text(json.dumps(event))


def test_the_default_is_where_the_run_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    monkeypatch.setenv("GITHUB_REPOSITORY", "acme/plans")
    assert readers() is None
    assert readers("me") is None
    assert readers("repo") == Readers("", "")
    actions(monkeypatch, tmp_path)
    assert readers() == readers("repo") == Readers("acme/plans", "")
    assert readers("me") is None


@pytest.mark.parametrize(
    ("about", "visibility"),
    [
        ({"visibility": "internal", "private": True}, "internal"),
        ({"visibility": "public", "private": False}, "public"),
        ({"private": True}, "private"),
        ({"private": False}, "public"),
        ({"private": None}, ""),
        ({"private": []}, ""),
        ({}, ""),
        ({"visibility": "secret"}, ""),
        ({"visibility": {"a": 1}}, ""),
        ({"visibility": "public", "full_name": "acme/other"}, ""),
    ],
)
def test_the_event_tells_the_class_of_the_repository(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, about: dict[str, object], visibility: str
) -> None:
    event = {"repository": {"full_name": "Acme/Plans", **about}}
    actions(monkeypatch, tmp_path, event)
    assert readers() == Readers("acme/plans", visibility)


@pytest.mark.parametrize("event", [None, [], {}, {"repository": None}, "text", 5])
def test_an_event_that_tells_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, event: object
) -> None:
    actions(monkeypatch, tmp_path, event)
    assert readers() == Readers("acme/plans", "")
