"""The frame around every page, and the headers that keep a browser from doing more than showing."""

from __future__ import annotations

from collections.abc import Iterable

from interlock.sandbox.records import Repo
from interlock.sandbox.web.markup import Safe, join, link, plain, tag
from interlock.sandbox.web.visit import Visit, address
from interlock.sandbox.wire import Reply

#: Nothing is loaded but our own style and icon, nothing runs, nothing is framed or sent elsewhere.
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # With no-referrer a browser would also hide where a form comes from, which is checked.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
#: Where assets stand: no account can have this name.
ASSETS = "/-"


def page(
    visit: Visit, title: str, content: object, *, repo: Repo | None = None, status: int = 200
) -> Reply:
    """A whole page; ``content`` is what stands in its main part, with the only ``h1``."""
    body = join(
        (
            tag("a", "Skip to content", href="#content", class_="skip"),
            _header(visit, repo),
            tag("main", content, id="content"),
            _footer(),
        )
    )
    head = join(
        (
            tag("meta", charset="utf-8"),
            tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
            tag("meta", name="color-scheme", content="light dark"),
            tag("title", plain(title)),
            tag("link", rel="stylesheet", href=f"{ASSETS}/style.css"),
            tag("link", rel="icon", href=f"{ASSETS}/icon.svg", type="image/svg+xml"),
        )
    )
    html = f"<!doctype html>\n{tag('html', tag('head', head), tag('body', body), lang='en')}\n"
    return Reply(status, html, {"content-type": "text/html; charset=utf-8", **HEADERS})


def _header(visit: Visit, repo: Repo | None) -> Safe:
    crumbs: list[Safe] = [link("/", "Sandbox", class_="home")]
    if repo is not None:
        login = repo.owner.login
        crumbs.append(tag("span", link(f"/{login}", login), " / ", link(address(repo), repo.name)))
        if repo.visibility != "public":
            crumbs.append(tag("span", repo.visibility, class_="quiet"))
    who = f"signed in as {visit.viewer.login}" if visit.viewer else "nobody is signed in"
    return tag(
        "header", tag("nav", *crumbs, aria_label="You are here"), tag("span", who, class_="quiet")
    )


def _footer() -> Safe:
    return tag(
        "footer",
        "An embedded GitHub on this machine, made by ",
        tag("code", "interlock sandbox"),
        ". It is not github.com; all of it goes when the command ends.",
    )


def section(heading: object, *inner: object, name: str) -> Safe:
    """A part of a page with a heading that can be linked to."""
    title = tag("h2", heading, id=f"{name}-heading")
    return tag("section", title, *inner, id=name, aria_labelledby=f"{name}-heading")


def rows(items: Iterable[object], nothing: str) -> Safe:
    """A list in a frame, or a sentence where there is nothing."""
    shown = [tag("li", item) for item in items]
    if not shown:
        return tag("p", nothing, class_="quiet")
    return tag("ul", *shown, class_="rows")
