"""A repository: its branches, pull requests, issues and files."""

from __future__ import annotations

from interlock.sandbox.gitrepo import GitRepo
from interlock.sandbox.records import Issue, Repo
from interlock.sandbox.web import files
from interlock.sandbox.web.layout import page, rows, section
from interlock.sandbox.web.markup import Safe, badge, join, link, tag
from interlock.sandbox.web.people import labels, person, state
from interlock.sandbox.web.times import ago
from interlock.sandbox.web.visit import Visit, address
from interlock.sandbox.wire import Refused, Reply

#: Longer lists are cut, and say so.
MOST = 1000


def show(visit: Visit, owner: str, name: str) -> Reply:
    """The repository's own page, with the files of its default branch."""
    repo = visit.repo(owner, name)
    git = visit.git(repo)
    content = join(
        (
            tag("h1", repo.full_name),
            tag("p", repo.description, class_="lead") if repo.description else "",
            _clone(visit, repo),
            _pulls(visit, repo),
            _issues(visit, repo),
            _branches(repo, git),
            _files(repo, git, repo.default_branch, ""),
        )
    )
    return page(visit, repo.full_name, content, repo=repo)


def pulls(visit: Visit, owner: str, name: str, rest: list[str]) -> Reply:
    """GitHub's list of pull requests stands on the repository's page here."""
    repo = visit.repo(owner, name)
    if rest:
        raise Refused(404, "There is no such list of pull requests.")
    return Reply(302, "", {"location": f"{address(repo)}#pulls"})


def tree(visit: Visit, owner: str, name: str, rest: list[str]) -> Reply:
    """The files below a folder of a branch, tag or commit."""
    repo = visit.repo(owner, name)
    git = visit.git(repo)
    found = files.parted(git, rest)
    entry = files.entry(git, found.sha, found.path)
    if entry is None or entry.kind != "tree":
        raise Refused(404, f"There is no folder {found.path} at {found.ref}.")
    title = f"{found.path or repo.full_name} at {found.ref}"
    content = join((tag("h1", title), _files(repo, git, found.ref, found.path)))
    return page(visit, title, content, repo=repo)


def _clone(visit: Visit, repo: Repo) -> Safe:
    command = f"git clone {visit.world.url}/{repo.full_name}.git"
    return tag("pre", tag("code", command), class_="command", tabindex=0)


def _pulls(visit: Visit, repo: Repo) -> Safe:
    found = list(reversed(repo.pulls()))
    opened = [i for i in found if i.state == "open"]
    closed = [i for i in found if i.state != "open"]
    return section(
        "Pull requests",
        tag("h3", f"Open ({len(opened)})"),
        _listed(visit, repo, opened, "No pull request is open."),
        tag("h3", f"Closed ({len(closed)})"),
        _listed(visit, repo, closed, "None was closed so far."),
        name="pulls",
    )


def _issues(visit: Visit, repo: Repo) -> Safe:
    found = [issue for issue in reversed(repo.issues.values()) if issue.pull is None]
    listed = _listed(visit, repo, found, "There is no issue.")
    more = tag("p", link(address(repo, "issues", "new"), "Open an issue"))
    return section(f"Issues ({len(found)})", listed, more, name="issues")


def _listed(visit: Visit, repo: Repo, found: list[Issue], nothing: str) -> Safe:
    shown = rows((_row(visit, repo, issue) for issue in found[:MOST]), nothing)
    return join((shown, _cut(len(found))))


def _row(visit: Visit, repo: Repo, issue: Issue) -> Safe:
    kind = "pull" if issue.pull else "issues"
    pull = issue.pull
    arrow = (tag("code", pull.base_ref), " ← ", tag("code", pull.head_ref), " · ") if pull else ()
    return join(
        (
            state(issue),
            " ",
            tag("strong", link(address(repo, kind, issue.number), issue.title or "(no title)")),
            " ",
            labels(issue.labels),
            tag(
                "div",
                *(f"#{issue.number} by ", person(issue.user, issue.app), " · "),
                *arrow,
                *("changed ", ago(issue.updated_at, visit.now)),
                class_="quiet",
            ),
        )
    )


def _branches(repo: Repo, git: GitRepo) -> Safe:
    names = [r.removeprefix("refs/heads/") for r in git.refs() if r.startswith("refs/heads/")]
    names.sort(key=lambda name: (name != repo.default_branch, name))
    shown = rows((_branch(repo, name) for name in names[:MOST]), "Nothing was pushed so far.")
    return section(f"Branches ({len(names)})", shown, _cut(len(names)), name="branches")


def _branch(repo: Repo, name: str) -> Safe:
    base = repo.default_branch
    if name == base:
        return join((link(address(repo, "tree", name), name), " ", badge("default", "plain")))
    compared = link(address(repo, "compare", f"{base}...{name}"), "compare")
    return join(
        (link(address(repo, "tree", name), name), " ", tag("span", compared, class_="aside"))
    )


def _files(repo: Repo, git: GitRepo, ref: str, folder: str) -> Safe:
    sha = git.resolve(ref)
    top = files.entry(git, sha, folder) if sha else None
    below = git.tree(top.sha, recursive=True) if top else ()
    prefix = f"{folder}/" if folder else ""
    paths = [f"{prefix}{each.path}" for each in below if each.kind == "blob"]
    shown = rows(
        (link(address(repo, "blob", ref, path), path) for path in paths[:MOST]), "No files."
    )
    heading = join((f"Files ({len(paths)}) at ", tag("code", ref)))
    return section(heading, shown, _cut(len(paths)), name="files")


def _cut(count: int) -> Safe:
    left = count - MOST
    return tag("p", f"{left} more are not listed here.", class_="quiet") if left > 0 else Safe("")
