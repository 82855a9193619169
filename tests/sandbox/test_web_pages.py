"""Every page of the sandbox, read as a person's browser would get it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sandboxes import REVIEWED, checks, ruleset
from webpages import look

from interlock.sandbox import Sandbox


@pytest.fixture
def sha(sandbox: Sandbox) -> str:
    """A pull request of bob's, with two changed files."""
    found = sandbox.commit(
        "acme/a",
        "feature/one",
        {"x.txt": "1\n2\n", "new name.txt": "n\n"},
        message="Add a line\n\nInterlock-Set: one",
        login="bob",
    )
    sandbox.pull("acme/a", "feature/one", title="Add a line", body="It **adds**.", login="bob")
    sandbox.browse_as("alice")
    return found


def test_the_first_page_lists_what_the_viewer_may_see(sandbox: Sandbox) -> None:
    sandbox.repo("acme/secret", {"a": "b"}, private=True)
    sandbox.repo("other/hidden", {"a": "b"}, private=True)
    assert "secret" not in look(sandbox, "/").text
    sandbox.browse_as("alice")
    page = look(sandbox, "/")
    assert {"/acme/a", "/acme/secret"} <= set(page.links())
    assert "hidden" not in page.text
    assert "signed in as alice" in page.text
    assert "/acme/a" in look(sandbox, "/acme").links()


@pytest.mark.usefixtures("sha")
def test_a_repository_shows_branches_pull_requests_issues_and_files(sandbox: Sandbox) -> None:
    sandbox.commit("acme/a", "two", {"x.txt": "3\n"})
    sandbox.pull("acme/a", "two", title="Closed one")
    sandbox.close_pull("acme/a", 2)
    sandbox.issue("acme/a", "A ticket")
    page = look(sandbox, "/acme/a")
    assert {
        "/acme/a/pull/1",
        "/acme/a/pull/2",
        "/acme/a/issues/3",
        "/acme/a/tree/feature/one",
        "/acme/a/compare/main...feature/one",
        "/acme/a/blob/main/d/y.txt",
    } <= set(page.links())
    assert "Open (1)" in page.text
    assert "Closed (1)" in page.text
    below = look(sandbox, "/acme/a/tree/feature/one")
    assert "/acme/a/blob/feature/one/new%20name.txt" in below.links()
    assert look(sandbox, "/acme/a/tree/main/d").links().count("/acme/a/blob/main/d/y.txt") == 1


def test_an_empty_repository_has_a_page(sandbox: Sandbox) -> None:
    sandbox.repo("acme/empty")
    assert "Nothing was pushed so far." in look(sandbox, "/acme/empty").text


def test_a_pull_request_shows_title_state_branches_talk_commits_and_diff(
    sandbox: Sandbox, sha: str
) -> None:
    first = sandbox.comment("acme/a", 1, "alice", "| a | b |\n|---|--:|\n| one | `two` |")
    sandbox.clock.advance(60)
    sandbox.review("acme/a", 1, "alice", "CHANGES_REQUESTED", "Not _yet_.")
    sandbox.clock.advance(60)
    last = sandbox.comment("acme/a", 1, "bob", "Done.")
    page = look(sandbox, "/acme/a/pull/1")
    assert page.text.count("Add a line #1") == 1
    assert page.all("span", class_="badge open")
    assert "bob wants to merge feature/one into main" in page.text
    assert [a["id"] for a in page.all("article")][1::2] == [
        f"issuecomment-{n}" for n in (first, last)
    ]
    assert page.all("td", align="right")
    assert "alice requested changes 1 minute ago" in page.text
    assert {"strong", "em", "table"} <= {name for name, _ in page.elements}
    assert f"/acme/a/commit/{sha}" in page.links()
    assert "2 files changed: +2 \N{MINUS SIGN}0" in page.text
    assert len(page.all("tr", class_="added")) == 2
    assert f"/acme/a/blob/{sha}/new%20name.txt" in page.links()


@pytest.mark.parametrize(
    ("change", "badge", "said"),
    [
        (lambda s: s.merge("acme/a", 1), "merged", "Into main by site-admin as"),
        (lambda s: s.close_pull("acme/a", 1), "closed", "Closed without being merged"),
        (lambda s: s.draft("acme/a", 1), "draft", "it has to be marked as ready for review first"),
        (
            lambda s: s.commit("acme/a", "main", {"x.txt": "9\n"}),
            "open",
            "cannot be merged into main",
        ),
        (lambda _: None, "open", "This pull request can be merged"),
    ],
)
@pytest.mark.usefixtures("sha")
def test_the_state_of_a_pull_request_is_said(
    sandbox: Sandbox, change: Callable[[Sandbox], object], badge: str, said: str
) -> None:
    change(sandbox)
    page = look(sandbox, "/acme/a/pull/1")
    assert page.all("span", class_=f"badge {badge}")
    assert said in page.text


def test_statuses_and_check_runs_are_shown_with_description_and_target(
    sandbox: Sandbox, sha: str
) -> None:
    app, _ = sandbox.app("interlock", {"checks": "write", "statuses": "write"})
    token = sandbox.installation_token(sandbox.install(app, "acme"))
    from sandboxes import ask

    for body in (
        {"state": "failure", "context": "old", "description": "once"},
        {
            "state": "pending",
            "context": "old",
            "description": "after serving#12",
            "target_url": "https://ci.example/7?a=1&b=2",
        },
        {"state": "success", "context": "bad", "target_url": "javascript:alert(1)"},
    ):
        ask(sandbox, "POST", f"/repos/acme/a/statuses/{sha}", token, body)
    run = ask(
        sandbox,
        "POST",
        "/repos/acme/a/check-runs",
        token,
        {
            "name": "unit",
            "head_sha": sha,
            "status": "completed",
            "conclusion": "failure",
            "output": {
                "title": "2 of 9 failed",
                "summary": "| t |\n|---|\n| x |",
                "annotations": [
                    {
                        "path": "x.txt",
                        "start_line": 2,
                        "end_line": 2,
                        "annotation_level": "failure",
                        "message": "not <b>so</b>",
                    }
                ],
            },
        },
    ).json()
    page = look(sandbox, "/acme/a/pull/1")
    assert "● Pending old" in page.text
    assert "after serving#12" in page.text
    assert "once" not in page.text
    assert "https://ci.example/7?a=1&b=2" in page.links()
    assert not [link for link in page.links() if link.startswith("javascript")]
    assert "✗ Failed unit" in page.text
    assert "2 of 9 failed" in page.text
    detail = look(sandbox, run["html_url"].removeprefix(sandbox.url))
    assert f"/acme/a/blob/{sha}/x.txt#L2" in detail.links()
    assert "not <b>so</b>" in detail.text
    assert "✗ Failed unit" in look(sandbox, f"/acme/a/commit/{sha}").text


def test_the_merge_box_says_what_each_rule_waits_for(sandbox: Sandbox, sha: str) -> None:
    app, _ = sandbox.app("interlock", {"statuses": "write"})
    pinned = {"context": "interlock/change-set", "integration_id": app.id}
    reviews = {"type": "pull_request", "parameters": REVIEWED}
    sandbox.ruleset("acme/a", ruleset(checks(pinned, {"context": "ci"}), reviews))
    sandbox.status("acme/a", sha, "interlock/change-set", "success", login="bob")
    page = look(sandbox, "/acme/a/pull/1")
    assert page.all("div", class_="merge bad")
    assert "interlock/change-set was not reported." in page.text
    assert "It does not count: the rule waits for the App interlock." in page.text
    assert "ci was not reported." in page.text
    assert "At least 1 approving review is required by reviewers with write access." in page.text
    token = sandbox.installation_token(sandbox.install(app, "acme"))
    from sandboxes import ask

    body = {"state": "success", "context": "interlock/change-set"}
    ask(sandbox, "POST", f"/repos/acme/a/statuses/{sha}", token, body)
    sandbox.status("acme/a", sha, "ci", "success")
    sandbox.review("acme/a", 1, "alice")
    page = look(sandbox, "/acme/a/pull/1")
    assert page.all("div", class_="merge good")
    assert page.text.count("satisfied.") == 2


@pytest.mark.usefixtures("sha")
def test_the_merge_box_uses_the_method_that_the_rules_allow(sandbox: Sandbox) -> None:
    sandbox.ruleset("acme/a", ruleset({"type": "required_linear_history"}))
    assert look(sandbox, "/acme/a/pull/1").all("div", class_="merge good")
    sandbox.find("acme/a").settings |= {"allow_squash_merge": False, "allow_rebase_merge": False}
    page = look(sandbox, "/acme/a/pull/1")
    assert "Merge commits are not allowed on this branch." in page.text


@pytest.mark.usefixtures("sha")
def test_a_hidden_comment_is_folded(sandbox: Sandbox) -> None:
    sandbox.comment("acme/a", 1, "bob", "old news")
    sandbox.find("acme/a").issues[1].comments[0].minimized = "OUTDATED"
    page = look(sandbox, "/acme/a/pull/1")
    assert "This comment was hidden as outdated." in page.text


def test_an_issue_shows_its_task_list_as_check_boxes(sandbox: Sandbox) -> None:
    body = "- [ ] serving\n- [x] pipelines `[ ] no`\n\n[ ] no item\n\n1. [X]\n2. [x] numbered"
    sandbox.issue("acme/a", "Launch", body, login="alice", labels=("experiment",))
    page = look(sandbox, "/acme/a/issues/1")
    boxes = page.all("input")
    assert ["checked" in box for box in boxes] == [False, True, True]
    assert all("disabled" in box and box["type"] == "checkbox" for box in boxes)
    assert "experiment" in page.text


def test_a_file_has_an_anchor_for_each_line(sandbox: Sandbox) -> None:
    text = "one\n\x0btwo <b>\u2028still two\r\n\u202ethree"
    sandbox.commit("acme/a", "feature/x", {"deep/f & g.txt": text})
    page = look(sandbox, "/acme/a/blob/feature/x/deep/f%20%26%20g.txt")
    assert [row["id"] for row in page.all("tr")] == ["L1", "L2", "L3"]
    assert "<b>" in page.text
    assert "U+202E" in page.text
    assert not page.all("b")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"a\0b", "A binary file of 3 bytes."),
        (b"", "The file is empty."),
        (b"x" * 1_000_001, "too many to be shown here"),
        (b"\xff\xfe caf\xe9", "caf\N{REPLACEMENT CHARACTER}"),
        (b"l\n" * 20_001, "1 more lines are not shown."),
    ],
)
def test_files_that_are_no_plain_text_are_answered_too(
    sandbox: Sandbox, data: bytes, said: str
) -> None:
    sandbox.commit("acme/a", "main", {"f": data})
    assert said in look(sandbox, "/acme/a/blob/main/f").text


def test_diffs_of_binary_large_renamed_and_many_files(sandbox: Sandbox) -> None:
    many = {f"many/{n:03}.txt": "x\n" for n in range(310)}
    sandbox.commit("acme/a", "main", {"old.txt": "same\n" * 30, "b.bin": b"\0"})
    sandbox.commit(
        "acme/a",
        "big",
        {
            "b.bin": b"\0\1",
            "old.txt": None,
            "a new.txt": "same\n" * 30,
            "l.txt": "y\n" * 500,
            **many,
        },
        login="bob",
    )
    sandbox.pull("acme/a", "big", login="bob")
    page = look(sandbox, "/acme/a/pull/1")
    assert "old.txt → a new.txt" in page.text
    assert "No lines to show: the file is binary, very large, or only renamed." in page.text
    assert "13 more files are not shown." in page.text
    folded = [found for found in page.all("details", class_="file") if "open" not in found]
    assert len(folded) == 1


@pytest.mark.parametrize(
    ("path", "to"),
    [
        ("/acme/a/issues/1", "/acme/a/pull/1"),
        ("/acme/a/pull/2", "/acme/a/issues/2"),
        ("/acme/a/pull/1/files", "/acme/a/pull/1#files"),
        ("/acme/a/pulls", "/acme/a#pulls"),
        ("/acme/a/issues", "/acme/a#issues"),
        ("/acme/a/blob/main/d", "/acme/a/tree/main/d"),
        ("/acme/before/pull/1", "/acme/a/pull/1"),
    ],
)
@pytest.mark.usefixtures("sha")
def test_what_stands_elsewhere_leads_there(sandbox: Sandbox, path: str, to: str) -> None:
    sandbox.issue("acme/a", "An issue")
    repo = sandbox.find("acme/a")
    sandbox.world.moved["acme/before"] = repo.id
    answer = look(sandbox, path, 301 if "before" in path else 302)
    assert answer.headers["location"] == to


@pytest.mark.parametrize(
    "path",
    [
        "/nobody",
        "/nobody/nothing",
        "/acme/secret",
        "/acme/secret/pull/1",
        "/acme/secret/blob/main/a",
        "/acme/secret/compare/main...main",
        "/acme/a/pull/99",
        "/acme/a/pull/x",
        "/acme/a/pull/%D9%A1",
        "/acme/a/pull/" + "9" * 5000,
        "/acme/a/pull",
        "/acme/a/issues/1/x",
        "/acme/a/runs/1",
        "/acme/a/blob/main/none.txt",
        "/acme/a/blob/nobranch/x.txt",
        "/acme/a/blob/main/x.txt/below",
        "/acme/a/blob",
        "/acme/a/blob/main/%00",
        "/acme/a/blob/main/" + "a/" * 5000,
        "/acme/a/blob/main/%FF",
        "/acme/a/blob/--help/x",
        "/acme/a/tree/main/x.txt",
        "/acme/a/commit/" + "0" * 40,
        "/acme/a/compare/",
        "/acme/a/compare/...",
        "/acme/a/wiki",
        "/-/../../etc/passwd",
        "/-/style.py",
        "//evil.example",
    ],
)
def test_what_is_not_there_gets_a_page_that_says_so(sandbox: Sandbox, path: str) -> None:
    sandbox.repo("acme/secret", {"a": "b"}, private=True)
    page = look(sandbox, path, 404)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "Not found" in page.text
    assert "secret" not in page.text


def test_the_addresses_that_the_api_names_have_pages(
    sandbox: Sandbox, sha: str, alice: str
) -> None:
    from sandboxes import ask

    said = sandbox.comment("acme/a", 1, "bob", "hi")
    issue = sandbox.issue("acme/a", "An issue").number
    found = [
        ask(sandbox, "GET", path, alice).json()["html_url"]
        for path in (
            "/repos/acme/a",
            "/repos/acme/a/pulls/1",
            f"/repos/acme/a/issues/{issue}",
            f"/repos/acme/a/issues/comments/{said}",
            f"/repos/acme/a/commits/{sha}",
            "/repos/acme/a/contents/d/y.txt",
            "/repos/acme/a/contents/new%20name.txt?ref=feature/one",
            "/repos/acme/a/compare/main...feature/one",
            "/users/alice",
            "/orgs/acme",
        )
    ]
    for url in found:
        path, _, anchor = url.removeprefix(sandbox.url).partition("#")
        page = look(sandbox, path)
        assert not anchor or f'id="{anchor}"' in page.html
