"""What GitHub makes live in rendered text: mentions, references, commits and bare addresses.

As on GitHub this happens to the finished HTML, so neither a backslash nor an entity prevents it;
only code, preformatted text and links do. An account or issue that does not exist is marked too:
what would be live somewhere else has to be seen here.
https://docs.github.com/get-started/writing-on-github/working-with-advanced-formatting/autolinked-references-and-urls
https://github.github.com/gfm/#autolinks-extension-
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser

from interlock.sandbox.web.markup import Safe, join, plain, tag
from interlock.values import NamedTuple

#: Nothing inside of these is live.
_QUIET = frozenset({"a", "code", "pre", "samp", "tt"})
_VOID = frozenset({"br", "hr", "img", "wbr"})
_LOGIN = r"[A-Za-z0-9](?:[A-Za-z0-9]|-(?=[A-Za-z0-9])){0,38}"
#: Each begins where no word is under way, so that a text is read once however it is made.
_LIVE = re.compile(
    rf"""
      (?P<url>(?<![A-Za-z0-9])(?:https?://[^\s<.][^\s<]*|www\.[^\s<.][^\s<]*\.[^\s<]+))
    | (?P<mail>(?<![\w.+-])[\w.+-]{{1,64}}@[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{1,8}})
    | (?P<mention>(?<![\w/`])@{_LOGIN}(?:/[A-Za-z0-9_][\w-]{{0,99}})?)
    | (?P<issue>(?<![\w/#.-])(?P<where>{_LOGIN}(?:/[\w.-]{{1,100}})?)?
          \#(?P<number>[0-9]{{1,9}})(?!\w))
    | (?P<short>(?<!\w)GH-(?P<count>[0-9]{{1,9}})(?!\w))
    | (?P<commit>(?<![\w])(?=[a-f]*[0-9])[0-9a-f]{{7,40}}(?!\w))
    """,
    re.VERBOSE | re.IGNORECASE,
)
#: An address that GitHub would show as a reference, and note on the other page.
_ISSUE_PAGE = re.compile(r"://[^/]+/[^/]+/[^/]+/(?:pull|issues)/[0-9]+")
#: More words that could be commits than this are not looked up in one text.
_MOST_COMMITS = 50


#: A link to several lines leads to the first: without a script a page can mark one place only.
_LINES = re.compile(r"(/blob/[^#]+#L[0-9]{1,9})-L[0-9]{1,9}\Z")


class Place(NamedTuple):
    """Where a text stands: its repository's path, which hashes are commits in it, and our address.

    Links to several lines of a file at ``site`` lead to the first of them.
    """

    path: str
    commit: Callable[[str], str]
    site: str = ""


def enliven(html: str, place: Place) -> str:
    """Clean HTML with links for what is live in it, and for its images, which would be loaded."""
    walk = _Walk(place)
    walk.feed(html)
    walk.close()
    return "".join(walk.out)


class _Walk(HTMLParser):
    """Copies clean HTML; changes text outside of code, and images."""

    def __init__(self, place: Place) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self._place = place
        self._quiet = 0
        self._inside = 0
        self._commits = 0

    def handle_starttag(self, tag_: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag_ == "img":
            self.out.append(self._image(dict(attrs)))
            return
        self._quiet += tag_ in _QUIET
        self._inside += tag_ == "a"
        self.out.append(self._own(dict(attrs)) or self.get_starttag_text() or "")

    def handle_endtag(self, tag_: str) -> None:
        if tag_ in _VOID:
            return
        self._quiet -= tag_ in _QUIET
        self._inside -= tag_ == "a"
        self.out.append(f"</{tag_}>")

    def handle_data(self, data: str) -> None:
        at = 0
        for found in _LIVE.finditer(data) if not self._quiet else ():
            linked, end = self._linked(found)
            if linked:
                self.out += [join([data[at : found.start()]]), linked]
                at = end
        self.out.append(join([data[at:]]))

    def _own(self, attributes: dict[str, str | None]) -> str:
        """The tag of a link to several lines here, "" for any other."""
        to, site = attributes.get("href") or "", self._place.site
        found = _LINES.search(to) if site and to.startswith(f"{site}/") else None
        if found is None:
            return ""
        return tag("a", href=to[: found.end(1)], title=attributes.get("title")).removesuffix("</a>")

    def _image(self, attributes: dict[str, str | None]) -> str:
        """An image's text: pages load nothing from elsewhere."""
        shown = f"image: {attributes.get('alt') or 'without a text'}"
        source = attributes.get("src")
        if self._inside or not source:
            return tag("span", shown, class_="image")
        return tag("a", shown, href=source, class_="image", rel="nofollow noopener noreferrer")

    def _linked(self, found: re.Match[str]) -> tuple[Safe | None, int]:
        """The link for one find, None where it is none, and where it ends."""
        word, end = found[0], found.end()
        kind = _kind(found)
        if kind == "url":
            word = _trimmed(word)
            full = word if "://" in word else f"http://{word}"
            kind = "autolink reference" if _ISSUE_PAGE.search(word) else "autolink"
            return _link(full, word, kind), found.start() + len(word)
        if kind == "mail":
            return _link(f"mailto:{word}", word, "autolink"), end
        if kind == "mention":
            login, _, team = word[1:].partition("/")
            to = f"/orgs/{login}/teams/{team}" if team else f"/{login}"
            return _link(to, word, "mention"), end
        if kind == "commit":
            return self._commit(word), end
        return _link(self._issue(found), word, "reference"), end

    def _commit(self, word: str) -> Safe | None:
        self._commits += 1
        sha = self._place.commit(word.lower()) if self._commits <= _MOST_COMMITS else ""
        if not sha:
            return None
        return tag(
            "a", tag("code", word[:7]), href=f"{self._place.path}/commit/{sha}", class_="commit"
        )

    def _issue(self, found: re.Match[str]) -> str:
        where, path = found["where"] or "", self._place.path
        if "/" in where:
            path = f"/{where}"
        elif where:
            path = f"/{where}/{path.rpartition('/')[2]}"
        return f"{path}/issues/{found['number'] or found['count']}"


_KINDS = ("url", "mail", "mention", "issue", "short", "commit")


def _kind(found: re.Match[str]) -> str:
    return next(kind for kind in _KINDS if found[kind] is not None)


def _link(address: str, word: str, kind: str) -> Safe:
    return tag("a", word, href=plain(address), class_=kind, rel="nofollow noopener noreferrer")


def _trimmed(url: str) -> str:
    """An address without the punctuation that ends a sentence or a bracket around it."""
    surplus, end = url.count(")") - url.count("("), len(url)
    while end:
        if url[end - 1] == ")" and surplus > 0:
            surplus -= 1
        elif url[end - 1] not in "?!.,:*_~'\"":
            break
        end -= 1
    return url[:end]
