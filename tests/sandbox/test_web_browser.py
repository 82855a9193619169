"""The pages in a real browser: headless Chromium, where there is one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import Browser, browser, dumped, found
from sandboxes import checks, ruleset
from webpages import HOSTILE

from interlock.sandbox import Sandbox

pytestmark = pytest.mark.skipif(
    not found(), reason="no chromium, chromium-browser or google-chrome on PATH"
)
COMMENT = """<!-- interlock -->
**2 of 3 pull requests for `ranker-v2`: serving is missing**

| repository | pull request | still inconsistent |
|---|---|---|
| pipelines | #1 | nothing |
| serving | [create it](/acme/a/compare/main...late) | `weight` differs |
"""
PAGES = {
    "repositories": "/",
    "repository": "/acme/a",
    "pull request": "/acme/a/pull/1",
    "hostile pull request": "/acme/a/pull/2",
    "issue": "/acme/a/issues/3",
    "compare": "/acme/a/compare/main...late?title=Serve&body=Line%0A%0Amore",
    "missing branch": "/acme/a/compare/main...none?title=Serve&body=Line",
    "file": "/acme/a/blob/one/x.txt#L2",
    "nothing": "/acme/nothing",
}


@pytest.fixture(scope="module")
def filled() -> Iterator[Sandbox]:
    with Sandbox() as made:
        made.org("acme", admins=("alice",), members=("bob",))
        made.repo("acme/a", {"x.txt": "1\n", "d/y.txt": "2\n"})
        long = "a_name_that_does_not_end" * 20
        sha = made.commit("acme/a", "one", {"x.txt": f"1\n{long} = 2\n"}, login="alice")
        made.commit("acme/a", "two", {f"{long[:200]}.txt": "1\n"}, message=long, login="alice")
        made.commit("acme/a", "late", {"x.txt": "3\n"}, login="alice")
        made.pull("acme/a", "one", title="Tune the ranker", login="bob")
        made.pull("acme/a", "two", title="w" * 250, body=HOSTILE[1], login="bob")
        made.issue("acme/a", "Launch", "- [ ] serving\n- [x] pipelines")
        made.ruleset("acme/a", ruleset(checks({"context": "interlock/change-set"})))
        made.status(
            "acme/a", sha, "interlock/change-set", "pending", description="after serving: missing"
        )
        made.comment("acme/a", 1, "alice", COMMENT)
        for text in (*HOSTILE, "x" * 65_000, "| a |\n|---|\n| " + "wide" * 500 + " |"):
            made.comment("acme/a", 2, "bob", text)
        made.browse_as("alice")
        yield made


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


def test_the_comments_table_is_rendered_and_no_script_runs(filled: Sandbox, tmp_path: Path) -> None:
    document = dumped(f"{filled.url}/acme/a/pull/1", tmp_path / "one")
    table = re.search(r"<table>.*?</table>", document, re.DOTALL)
    assert table is not None
    assert re.findall(r"<td>(.*?)</td>", table[0])[:3] == [
        "pipelines",
        '<a href="/acme/a/issues/1" class="reference" rel="nofollow noopener noreferrer">#1</a>',
        "nothing",
    ]
    assert "<!-- interlock -->" not in document
    hostile = dumped(f"{filled.url}/acme/a/pull/2", tmp_path / "two")
    assert re.search(r"<title>w{250} · Pull request #2 · acme/a</title>", hostile)
    assert "<script" not in hostile
    assert not re.search(r"<[^>]*\son\w+=", hostile)


@pytest.mark.parametrize("width", [400, 1000])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_loads_only_our_style_and_complains_of_nothing(
    filled: Sandbox, chromium: Browser, name: str, width: int
) -> None:
    chromium.open(f"{filled.url}{PAGES[name]}", width=width)
    assert chromium.run("document.documentElement.scrollWidth") == width
    page, style, *more = chromium.requested()
    assert style == f"{filled.url}/-/style.css"
    assert set(more) <= {f"{filled.url}/-/icon.svg"}
    assert page.startswith(filled.url)
    assert [said for said in chromium.complaints() if "404" not in said] == []
    assert chromium.run("document.title").startswith("pwned") is False
    assert chromium.run("document.querySelectorAll('main').length") == 1
    # Text on our own ground: the style arrived.
    assert chromium.run("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_the_pages_are_dark_where_that_is_preferred(filled: Sandbox, chromium: Browser) -> None:
    chromium.open(f"{filled.url}/", dark=True)
    ground = chromium.run("getComputedStyle(document.body).backgroundColor")
    assert max(map(int, re.findall(r"\d+", ground))) < 40


def test_the_policy_holds_against_what_no_cleaner_stopped(
    filled: Sandbox, chromium: Browser
) -> None:
    chromium.open(f"{filled.url}/acme/a/pull/1")
    for html in (
        '<img src="https://evil.example/x" onerror="window.hit=1">',
        '<p style="position:fixed" id="styled">x</p>',
        '<form id="sent" action="https://evil.example/form"></form>',
    ):
        chromium.run(f"document.body.insertAdjacentHTML('beforeend', {json.dumps(html)})")
    chromium.run(
        "const made = document.createElement('script'); made.textContent = 'window.hit=1';"
        "document.body.append(made); document.getElementById('sent').submit()"
    )
    assert chromium.run("window.hit") is None
    assert chromium.run("getComputedStyle(document.getElementById('styled')).position") == "static"
    assert chromium.run("location.pathname") == "/acme/a/pull/1"
    assert chromium.forbidden() == ["https://evil.example/x"]
    assert set(chromium.requested()[2:]) <= {"https://evil.example/x", f"{filled.url}/-/icon.svg"}


def test_a_line_is_marked_by_its_anchor(filled: Sandbox, chromium: Browser) -> None:
    chromium.open(f"{filled.url}/acme/a/blob/one/x.txt#L2")
    ground = "getComputedStyle(document.querySelector('#{} td')).backgroundColor"
    assert chromium.run(ground.replace("{}", "L2")) != chromium.run(ground.replace("{}", "L1"))


def test_a_person_opens_a_pull_request_with_the_form(filled: Sandbox, chromium: Browser) -> None:
    filled.commit("acme/a", "by-hand", {"x.txt": "4\n"}, login="alice")
    chromium.open(
        f"{filled.url}/acme/a/compare/main...by-hand?quick_pull=1&title=Serve+it&body=%0AOne"
    )
    assert chromium.run("document.getElementById('body').value") == "\nOne"
    chromium.submitted("document.querySelector('form button').click()")
    number = max(filled.find("acme/a").issues)
    made = filled.find("acme/a").issues[number]
    assert chromium.run("location.pathname") == f"/acme/a/pull/{number}"
    assert (made.title, made.body, made.user.login) == ("Serve it", "\r\nOne", "alice")


def test_a_page_has_a_picture(filled: Sandbox, chromium: Browser, tmp_path: Path) -> None:
    chromium.open(f"{filled.url}/acme/a/pull/1", width=400)
    chromium.picture(tmp_path / "page.png")
    assert (tmp_path / "page.png").read_bytes().startswith(b"\x89PNG")
