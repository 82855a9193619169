"""What keeps the pages from doing more than showing, and from disturbing the API and git."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
import requests
from sandboxes import ask, git
from webpages import HOSTILE, look

from interlock.sandbox import Sandbox

PAGES = (
    "/",
    "/acme",
    "/acme/a",
    "/acme/a/pull/1",
    "/acme/a/issues/2",
    "/acme/a/compare/main...f",
    "/acme/a/compare/main...none",
    "/acme/a/blob/main/x.txt",
    "/acme/a/tree/main",
    "/acme/a/commit/f",
    "/nothing/here",
    "/-/style.css",
    "/-/icon.svg",
)


@pytest.fixture(autouse=True)
def filled(sandbox: Sandbox) -> None:
    sandbox.commit("acme/a", "f", {"x.txt": "2\n"}, login="bob")
    sandbox.pull("acme/a", "f", login="bob")
    sandbox.issue("acme/a", "An issue")
    sandbox.browse_as("alice")


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_forbids_whatever_it_does_not_need(sandbox: Sandbox, path: str) -> None:
    answer = requests.get(f"{sandbox.url}{path}", timeout=30)
    policy = dict(
        part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";")
    )
    assert policy == {
        "default-src": "'none'",
        "style-src": "'self'",
        "img-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["cache-control"] == "no-store"
    assert "charset" in answer.headers["content-type"] or "svg" in answer.headers["content-type"]


@pytest.mark.parametrize("path", PAGES[:11])
def test_pages_load_nothing_from_elsewhere_and_have_no_script(sandbox: Sandbox, path: str) -> None:
    sandbox.comment("acme/a", 1, "bob", "![x](https://evil.example/x.png) <img src=//evil.example>")
    page = look(sandbox, path, 404 if "nothing" in path else 200)
    loaded = [
        a.get("href", a.get("src", "")) for name, a in page.elements if name in ("link", "img")
    ]
    assert loaded == ["/-/style.css", "/-/icon.svg"]
    assert "script" not in {name for name, _ in page.elements}
    assert not [a for _, a in page.elements if "style" in a or any(k.startswith("on") for k in a)]


@pytest.mark.parametrize("path", PAGES[:11])
def test_pages_have_one_heading_of_the_first_rank_and_none_is_skipped(
    sandbox: Sandbox, path: str
) -> None:
    page = look(sandbox, path, 404 if "nothing" in path else 200)
    ranks = [int(name[1]) for name, _ in page.elements if name in ("h1", "h2", "h3", "h4")]
    assert ranks.count(1) == 1
    assert ranks[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(ranks))
    assert page.all("html", lang="en")
    assert page.all("main")
    named = {a["for"] for a in page.all("label")}
    assert {a["id"] for a in page.all("textarea") + page.all("input", type="text")} <= named
    ids = [a["id"] for _, a in page.elements if "id" in a]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_titles_and_statuses_are_text_everywhere(sandbox: Sandbox, text: str) -> None:
    repo = sandbox.find("acme/a")
    repo.description = text
    for number in (1, 2):
        repo.issues[number].title = repo.issues[number].body = text
        sandbox.comment("acme/a", number, "bob", text)
    pull = repo.issues[1].pull
    assert pull is not None
    sandbox.status("acme/a", pull.head_sha, text, "failure", description=text)
    repo.statuses[pull.head_sha][0].target_url = text
    allowed = {"html", "head", "meta", "title", "link", "body", "main", "header", "nav", "footer"}
    for path in ("/", "/acme/a", "/acme/a/pull/1", "/acme/a/issues/2", "/acme/a/commit/f"):
        page = look(sandbox, path)
        names = [name for name, _ in page.elements]
        assert not set(names) & {"script", "iframe", "style", "base", "svg", "img", "object"}
        assert {found["action"] for found in page.all("form")} <= {"/acme/a/pull/1/merge"}
        assert all(names.count(name) == 1 for name in allowed - {"meta", "link", "header", "nav"})
        assert not [link for link in page.links() if link.lower().strip().startswith("javascript")]


@pytest.mark.parametrize(
    "target", ["javascript:alert(1)", "data:text/html,x", " //x", "x", "HTTP:"]
)
def test_a_target_that_is_no_web_address_is_text(sandbox: Sandbox, target: str) -> None:
    repo = sandbox.find("acme/a")
    pull = repo.issues[1].pull
    assert pull is not None
    sandbox.status("acme/a", pull.head_sha, "ci", "failure")
    repo.statuses[pull.head_sha][0].target_url = target
    page = look(sandbox, "/acme/a/pull/1")
    assert target.strip() in page.text
    assert all(link.startswith(("/", "#")) for link in page.links())


def test_a_git_with_hostile_names_and_dates_is_shown(sandbox: Sandbox) -> None:
    git_ = sandbox.world.git(sandbox.find("acme/a"))
    blob = git_.write_blob(b"x\n")
    name = "\udcff<b>'\"&\n\t$(x)`.txt"
    tree = git_.write_tree(
        "", [(name, "100644", blob), ("link", "120000", git_.write_blob(b"/etc"))]
    )
    lines = (
        f"tree {tree}\nauthor <script> <a@b> 999999999999999 +9999\n"
        "committer x <> -5 +0000\n\n<script>alert(1)</script>\n\n</pre><b>\n"
    )
    from interlock.sandbox.gitrepo import write_object

    sha = write_object(git_.path, "commit", lines.encode())
    git_.set_ref("refs/heads/bad", sha)
    for path in ("/acme/a/tree/bad", "/acme/a/commit/bad"):
        page = look(sandbox, path)
        assert not page.all("script")
        assert not page.all("b")
    blob_link = next(link for link in look(sandbox, "/acme/a/tree/bad").links() if "%FF" in link)
    assert "x" in look(sandbox, blob_link).words
    assert "which is not followed" in look(sandbox, "/acme/a/blob/bad/link").text


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example:80", "localhost.evil:1", ""]
)
def test_a_foreign_name_for_this_machine_is_refused(sandbox: Sandbox, host: str) -> None:
    page = look(sandbox, "/acme/a/compare/main...f", 403, host=host)
    assert not page.all("form")
    look(sandbox, "/", 200, host="localhost:1234")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_refused(sandbox: Sandbox, method: str) -> None:
    assert requests.request(method, f"{sandbox.url}/acme/a", timeout=30).status_code == 405
    assert requests.post(f"{sandbox.url}/acme/a", data={"a": "b"}, timeout=30).status_code == 405
    assert requests.head(f"{sandbox.url}/acme/a", timeout=30).status_code == 200


def test_the_api_and_git_answer_as_before(sandbox: Sandbox, alice: str, tmp_path: Path) -> None:
    before = len(sandbox.requests)
    look(sandbox, "/acme/a/pull/1")
    assert len(sandbox.requests) == before
    assert ask(sandbox, "GET", "/repos/acme/a", alice).json()["full_name"] == "acme/a"
    missing = ask(sandbox, "GET", "/acme/a", alice)
    assert (missing.status_code, missing.json()["message"]) == (404, "Not Found")
    git(tmp_path, "clone", "-q", sandbox.git_url("acme/a", alice), "with")
    git(tmp_path, "clone", "-q", f"{sandbox.url}/acme/a", "without")
    assert (tmp_path / "without/x.txt").read_text(encoding="utf-8") == "1\n"


def test_pages_of_many_long_comments_are_served(sandbox: Sandbox) -> None:
    for _ in range(3):
        sandbox.comment("acme/a", 1, "bob", "<b>@x " * 9362)
    assert len(look(sandbox, "/acme/a/pull/1").all("article")) == 4
