"""An issue with its comments."""

from __future__ import annotations

from interlock.sandbox.web import conversation, new_issue
from interlock.sandbox.web.layout import page, section
from interlock.sandbox.web.markup import join, tag
from interlock.sandbox.web.people import labels, person, state
from interlock.sandbox.web.times import ago
from interlock.sandbox.web.visit import Visit, address
from interlock.sandbox.web.visit import issue as numbered
from interlock.sandbox.wire import Refused, Reply


def show(visit: Visit, owner: str, name: str, rest: list[str]) -> Reply:
    """``/issues/N``; a pull request has its own page, and the list is the repository's."""
    repo = visit.repo(owner, name)
    if not rest:
        return Reply(302, "", {"location": f"{address(repo)}#issues"})
    if rest == ["new"]:
        return new_issue.show(visit, repo)
    if len(rest) > 1:
        raise Refused(404, "An issue has no such page.")
    found = numbered(repo, rest[0])
    if found.pull is not None:
        return Reply(302, "", {"location": address(repo, "pull", found.number)})
    number = tag("span", f"#{found.number}", class_="quiet")
    counted = "".join(f" · {words}" for words in conversation.counted(found))
    content = join(
        (
            tag("h1", found.title or "(no title)", " ", number),
            tag(
                "p",
                *(state(found), " ", person(found.user, found.app), " opened this issue "),
                *(ago(found.created_at, visit.now), counted),
                class_="meta",
            ),
            tag("p", labels(found.labels)) if found.labels else "",
            section("Conversation", conversation.talk(visit, repo, found), name="conversation"),
        )
    )
    title = f"{found.title} · Issue #{found.number} · {repo.full_name}"
    return page(visit, title, content, repo=repo)
