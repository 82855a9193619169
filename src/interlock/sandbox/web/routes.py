"""Which page stands at which path."""

from __future__ import annotations

from collections.abc import Callable

from interlock.sandbox.web import blob, commit_page, compare, index, issue, pull, repository, runs
from interlock.sandbox.web.assets import asset
from interlock.sandbox.web.layout import page
from interlock.sandbox.web.markup import Safe, join, link, tag
from interlock.sandbox.web.visit import Visit, address
from interlock.sandbox.wire import Refused, Reply, Request, plain

Made = Callable[[Visit, str, str, list[str]], Reply]
#: Below ``/OWNER/NAME``, by the first word; each gets the words after it.
_PAGES: dict[str, Made] = {
    "blob": blob.show,
    "commit": commit_page.show,
    "compare": compare.show,
    "issues": issue.show,
    "pull": pull.show,
    "pulls": repository.pulls,
    "runs": runs.show,
    "tree": repository.tree,
}
#: Where a browser finds this server. Another name means that somebody else's page made it ask.
_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})
_TITLES = {404: "Not found", 403: "Not allowed", 405: "Not possible"}


def answer(visit: Visit) -> Reply:
    """The page for a request; what is wrong with it is said on a page too."""
    try:
        _own(visit.request)
        return _found(visit)
    except Refused as refused:
        return _refusal(visit, refused)


def _own(request: Request) -> None:
    """Raise Refused 403 for a request that another site may have caused.

    A foreign name that leads to this machine would make us part of a foreign site, which could
    then read the token of the form.
    """
    host = request.headers.get("host", "")
    if host.rpartition(":")[0] not in _HOSTS and host not in _HOSTS:
        raise Refused(403, "These pages answer to 127.0.0.1 and localhost only.")
    if request.method not in ("GET", "HEAD", "POST"):
        raise Refused(
            405, "Pages can be read, and forms be sent.", headers={"allow": "GET, HEAD, POST"}
        )
    if (
        request.method == "POST"
        and request.headers.get("origin", f"http://{host}") != f"http://{host}"
    ):
        raise Refused(403, "A form of another site cannot be sent here.")


def _found(visit: Visit) -> Reply:
    words = [plain(word) for word in visit.request.path.split("/")[1:]]
    if any("\0" in word for word in words):
        raise Refused(404, "There is nothing here.")
    if words[-1] == "" and len(words) > 1:
        words.pop()
    if visit.request.method == "POST" and not _takes(words[2:]):
        raise Refused(405, "Nothing can be sent to this page.", headers={"allow": "GET, HEAD"})
    if words[0] == "-":
        return asset("/".join(words[1:]))
    if len(words) == 1:
        return index.owner(visit, words[0]) if words[0] else index.everything(visit)
    owner, name, *rest = words
    if moved := _moved(visit, owner, name, rest):
        return moved
    if not rest:
        return repository.show(visit, owner, name)
    if rest[0] not in _PAGES:
        raise Refused(404, "The sandbox has no page of this kind.")
    return _PAGES[rest[0]](visit, owner, name, rest[1:])


def _takes(rest: list[str]) -> bool:
    """Whether a page below ``/OWNER/NAME`` has a form."""
    return rest[:1] == ["compare"] or rest == ["issues", "new"] or rest[::2] == ["pull", "merge"]


def _moved(visit: Visit, owner: str, name: str, rest: list[str]) -> Reply | None:
    """A redirect from a repository's old name."""
    repo = visit.repo(owner, name)
    if repo.full_name.lower() == f"{owner}/{name}".lower():
        return None
    return Reply(301, "", {"location": address(repo, *rest)})


def _refusal(visit: Visit, refused: Refused) -> Reply:
    title = _TITLES.get(refused.status, "This did not work")
    content = join(
        (tag("h1", title), tag("p", _said(refused)), tag("p", link("/", "All repositories")))
    )
    reply = page(visit, title, content, status=refused.status)
    return reply._replace(headers={**reply.headers, **refused.headers})


def _said(refused: Refused) -> Safe:
    return join([str(refused)])
