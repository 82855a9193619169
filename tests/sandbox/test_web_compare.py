"""The page on which a person opens a pull request, as the reminder's link leads to it."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from webpages import HOSTILE, Page, look, send

from interlock.sandbox import Sandbox
from interlock.sandbox.web import csrf

PATH = "/acme/a/compare/main...experiment/one"


@pytest.fixture(autouse=True)
def branch(sandbox: Sandbox) -> None:
    sandbox.commit("acme/a", "experiment/one", {"x.txt": "2\n"}, login="bob")
    sandbox.browse_as("alice")


def token(page: Page) -> str:
    return page.all("input", name="csrf")[0]["value"]


def form(sandbox: Sandbox, path: str = PATH, **fields: str) -> dict[str, str]:
    return {"csrf": token(look(sandbox, path)), "title": "T", "body": "B", **fields}


def test_the_form_is_filled_in_from_the_address(sandbox: Sandbox) -> None:
    query = urlencode(
        {"quick_pull": "1", "title": 'Serve "it" & <b>', "body": "\nFirst\n\n</textarea>x é"}
    )
    page = look(sandbox, f"{PATH}?{query}")
    assert page.all("input", id="title")[0]["value"] == 'Serve "it" & <b>'
    # What a browser shows: the first line break of a textarea is dropped by it.
    assert (
        '<textarea id="body" name="body" rows="14">\n\nFirst\n\n&lt;/textarea&gt;x é</textarea>'
        in (page.html)
    )
    assert "Create pull request as alice" in page.text
    assert "1 file changed: +1 \N{MINUS SIGN}1" in page.text


def test_sending_it_opens_the_pull_request_as_the_viewer(sandbox: Sandbox) -> None:
    seen: list[tuple[str, str]] = []
    sandbox.on_event(lambda event: seen.append((event.name, event.action)))
    body = "One\r\n\r\nInterlock-Set: one"
    done = send(sandbox, PATH, form(sandbox, title=" Serve it ", body=body, draft="1"))
    assert (done.status, done.headers["location"]) == (303, "/acme/a/pull/1")
    made = sandbox.find("acme/a").issues[1]
    assert (made.title, made.body, made.user.login) == ("Serve it", body, "alice")
    assert made.pull is not None
    assert (made.pull.base_ref, made.pull.head_ref, made.pull.draft) == (
        "main",
        "experiment/one",
        True,
    )
    assert seen == [("pull_request", "opened")]
    page = look(sandbox, PATH)
    assert "/acme/a/pull/1" in page.links()
    assert not page.all("form")


def test_a_branch_that_is_not_there_yet_is_said_and_nothing_is_lost(sandbox: Sandbox) -> None:
    page = look(sandbox, "/acme/a/compare/main...experiment/two?title=Serve+it&body=the+%3Cbody%3E")
    assert "The branch experiment/two does not exist yet in acme/a." in page.text
    assert "git push origin HEAD:experiment/two" in page.text
    assert "Serve it" in page.text
    assert "the <body>" in page.text
    assert not page.all("form")
    sandbox.commit("acme/a", "experiment/two", {"x.txt": "3\n"})
    again = look(sandbox, "/acme/a/compare/main...experiment/two?title=Serve+it")
    assert again.all("input", id="title")[0]["value"] == "Serve it"


def test_a_forks_branch_can_be_proposed(sandbox: Sandbox) -> None:
    sandbox.fork("acme/a", "alice")
    sandbox.commit("alice/a", "mine", {"z.txt": "z\n"}, login="alice")
    path = "/acme/a/compare/main...alice:mine"
    assert "z.txt" in look(sandbox, path).text
    done = send(sandbox, path, form(sandbox, path))
    assert done.status == 303
    made = sandbox.find("acme/a").issues[1].pull
    assert made is not None
    assert made.head_label == "alice:mine"
    assert "alice:mine into main" in look(sandbox, "/acme/a/pull/1").text


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/acme/a/compare/nobase...experiment/one", "The branch nobase does not exist in acme/a."),
        ("/acme/a/compare/main...main", "There is nothing to propose"),
        ("/acme/a/compare/main...stranger:x", "does not exist yet in stranger's copy of acme/a."),
        ("/acme/a/compare/main...alone", "no commit in common"),
        ("/acme/a/compare/v1...experiment/one", "Only branches can become a pull request"),
    ],
)
def test_what_cannot_be_opened_is_explained(sandbox: Sandbox, path: str, said: str) -> None:
    git = sandbox.world.git(sandbox.find("acme/a"))
    main = git.commit(git.branch("main"))
    git.set_ref("refs/heads/alone", git.write_commit(main.tree, (), "Alone\n", *[main.author] * 2))
    git.set_ref("refs/tags/v1", main.sha)
    page = look(sandbox, path)
    assert said in page.text
    assert not page.all("form")


def test_who_may_not_push_gets_no_form_and_cannot_send_one(sandbox: Sandbox) -> None:
    sent = form(sandbox)
    sandbox.user("eve")
    sandbox.browse_as("eve")
    page = look(sandbox, PATH)
    assert "eve may not push to acme/a" in page.text
    assert not page.all("form")
    assert send(sandbox, PATH, sent).status == 403
    assert not sandbox.find("acme/a").issues


def test_the_right_to_push_is_asked_for_again_when_a_form_is_sent(sandbox: Sandbox) -> None:
    eve = sandbox.user("eve")
    sandbox.browse_as("eve")
    repo = sandbox.find("acme/a")
    secret = csrf.token(eve, repo.id, "main", "experiment/one")
    page = send(sandbox, PATH, {"csrf": secret, "title": "T"})
    assert page.status == 403
    assert "needs the right to push its branch" in page.text
    assert not repo.issues


def test_a_fork_that_the_viewer_may_not_see_stays_unseen(sandbox: Sandbox) -> None:
    sandbox.fork("acme/a", "carol").visibility = "private"
    sandbox.commit("carol/a", "mine", {"hidden.txt": "z\n"}, login="carol")
    page = look(sandbox, "/acme/a/compare/main...carol:mine")
    assert "does not exist yet" in page.text
    assert "hidden.txt" not in page.text
    sandbox.browse_as("carol")
    assert "hidden.txt" in look(sandbox, "/acme/a/compare/main...carol:mine").text


def test_nobody_can_send_a_form_without_being_signed_in() -> None:
    with Sandbox() as fresh:
        fresh.repo("acme/a", {"x": "1"})
        fresh.commit("acme/a", "f", {"x": "2"})
        assert "Nobody is signed in" in look(fresh, "/acme/a/compare/main...f").text
        assert send(fresh, "/acme/a/compare/main...f", {"csrf": "", "title": "T"}).status == 403


def test_a_form_without_this_pages_token_does_nothing(sandbox: Sandbox) -> None:
    sandbox.commit("acme/a", "other", {"x.txt": "9\n"})
    other = token(look(sandbox, "/acme/a/compare/main...other"))
    sandbox.browse_as("bob")
    bobs = token(look(sandbox, PATH))
    sandbox.browse_as("alice")
    for wrong in ("", "x", "é\u2028", other, bobs):
        assert send(sandbox, PATH, form(sandbox, csrf=wrong)).status == 403
    assert send(sandbox, PATH, {"title": "T"}).status == 403
    assert not sandbox.find("acme/a").issues


def test_a_form_from_another_site_does_nothing(sandbox: Sandbox) -> None:
    for origin in (
        "https://evil.example",
        "null",
        f"{sandbox.url}.evil.example",
        "http://127.0.0.1",
    ):
        sent = send(sandbox, PATH, form(sandbox), headers={"origin": origin})
        assert sent.status == 403
    multipart = send(sandbox, PATH, form(sandbox), files={"x": b"1"})
    assert multipart.status == 415
    assert not sandbox.find("acme/a").issues
    assert send(sandbox, PATH, form(sandbox), headers={"origin": sandbox.url}).status == 303


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"title": "  "}, "The title is missing."),
        ({"title": "t" * 257}, "at most 256 characters"),
        ({"body": "b" * 65_537}, "at most 65,536 characters"),
    ],
)
def test_what_is_wrong_with_a_form_is_said_and_what_was_written_stays(
    sandbox: Sandbox, fields: dict[str, str], said: str
) -> None:
    sent = {"title": "Kept title", "body": "kept body", **fields}
    page = send(sandbox, PATH, form(sandbox, **sent))
    assert page.status == 422
    assert said in page.text
    assert sent["body"] in page.html
    assert not sandbox.find("acme/a").issues


def test_what_happened_meanwhile_is_said(sandbox: Sandbox) -> None:
    sent = form(sandbox)
    sandbox.pull("acme/a", "experiment/one")
    page = send(sandbox, PATH, sent)
    assert page.status == 422
    assert "A pull request already exists for acme:experiment/one." in page.text
    sandbox.find("acme/a").archived = True
    assert "archived" in send(sandbox, PATH, sent).text


@pytest.mark.parametrize("text", HOSTILE[:-1])
def test_hostile_titles_and_bodies_come_through_as_text(sandbox: Sandbox, text: str) -> None:
    filled = look(sandbox, f"{PATH}?{urlencode({'title': text, 'body': text})}")
    assert filled.all("input", id="title")[0]["value"] == text
    assert send(sandbox, PATH, form(sandbox, title=text, body=text)).status == 303
    page = look(sandbox, "/acme/a/pull/1")
    assert not {"script", "iframe", "style", "base", "svg", "plaintext"} & {
        name for name, _ in page.elements
    }
    assert [found["action"] for found in page.all("form")] == ["/acme/a/pull/1/merge"]
    assert {found["type"] for found in page.all("input")} == {"hidden"}
    assert len(page.all("meta")) == 3
    assert len([name for name, _ in page.elements if name in ("main", "h1")]) == 2
    shown = " ".join(text.split("\n"))
    assert shown in " ".join("".join(page.words).split("\n"))
