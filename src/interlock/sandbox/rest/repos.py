"""https://docs.github.com/rest/repos/repos."""

from __future__ import annotations

from interlock.sandbox import access
from interlock.sandbox.call import Call, words
from interlock.sandbox.pagination import page
from interlock.sandbox.payloads.repos import SETTINGS, full, listed, repository
from interlock.sandbox.records import Repo
from interlock.sandbox.router import Routes
from interlock.sandbox.wire import Refused, Reply, invalid
from interlock.values import Any

ROUTES = Routes()


def get(call: Call) -> Reply:
    """One repository."""
    return Reply(200, full(call.world, call.repo, call.token))


def update(call: Call) -> Reply:
    """Rename, archive, change the default branch, the visibility or a setting."""
    body, repo = call.body(), call.repo
    name = words(body, "name", "Repository")
    if name and name != repo.name:
        if call.world.repo(f"{repo.owner.login}/{name}") not in (None, repo):
            raise invalid("Repository", "name", "custom", "name already exists on this account")
        call.world.rename(repo, name)
    branch = words(body, "default_branch", "Repository")
    if branch:
        if not call.git.branch(branch):
            raise invalid("Repository", "default_branch")
        repo.default_branch = branch
        call.git.run("symbolic-ref", "HEAD", f"refs/heads/{branch}")
    if "description" in body:
        repo.description = words(body, "description", "Repository")
    if "private" in body or "visibility" in body:
        private = "private" if body.get("private") else "public"
        repo.visibility = str(body.get("visibility", private))
    if "archived" in body:
        repo.archived = bool(body["archived"])
    repo.settings.update({k: v for k, v in body.items() if k in SETTINGS and v is not None})
    repo.updated_at = call.world.now()
    return get(call)


def delete(call: Call) -> Reply:
    """Delete a repository; forks live on."""
    remove(call.world, call.repo)
    return Reply(204)


def remove(world: Any, repo: Repo) -> None:
    """Forget a repository; its pull requests elsewhere lose their head."""
    world.repos.pop(repo.id)
    world.names.pop(repo.full_name.lower(), None)


def by_id(call: Call) -> Reply:
    """Where the redirect of a renamed repository leads."""
    repo = call.world.repos.get(call.number("repository_id"))
    if repo is None or not access.reaches(call.world, call.token, repo.id):
        raise Refused(404, "Not Found")
    call.repository = repo
    return get(call)


def below_id(call: Call) -> Reply:
    """An operation below a renamed repository's id: the same as below its name."""
    from interlock.sandbox import router

    repo = call.world.repos.get(call.number("repository_id"))
    if repo is None or not access.reaches(call.world, call.token, repo.id):
        raise Refused(404, "Not Found")
    rest = call.request.path.split("/", 3)[3]
    found = router.find(call.request.method, f"/repos/{repo.full_name}/{rest}")
    if found is None:
        raise Refused(404, "Not Found")
    call.params, call.template, call.repository = found.params, found.route.described, repo
    access.check(call, found.route)
    return found.route.handler(call)


def of_owner(call: Call) -> Reply:
    """The repositories of an organisation or user that the caller can see."""
    login = call.params.get("org") or call.params.get("username") or call.user.login
    owner = call.world.user(login)
    if owner is None:
        raise Refused(404, "Not Found")
    viewer = call.token.user if call.token else None
    return page(call, _seen(call, owner.login), lambda repo: listed(call.world, repo, viewer))


def _seen(call: Call, login: str) -> list[Repo]:
    world, kind = call.world, call.query.get("type", "all")
    found = [
        repo
        for repo in world.repos.values()
        if repo.owner.login.lower() == login.lower()
        and access.reaches(world, call.token, repo.id)
        and (
            kind in ("all", "owner", "member")
            or kind == repo.visibility
            or (kind == "forks" and repo.parent)
            or (kind == "sources" and not repo.parent)
        )
    ]
    key = call.query.get("sort", "created")
    found.sort(key=lambda repo: repo.full_name if key == "full_name" else repo.id)
    return found[::-1] if call.query.get("direction") == "desc" else found


def mine(call: Call) -> Reply:
    """What the user can reach by being owner, collaborator or member."""
    world, who = call.world, call.user
    held = [
        repo
        for repo in world.repos.values()
        if repo.owner is who or who.login in repo.collaborators or who.login in repo.owner.members
    ]
    return page(call, held, lambda repo: repository(call.world, repo, call.user))


def create(call: Call) -> Reply:
    """A new repository of the user or of an organisation."""
    body, world = call.body(), call.world
    owner = world.user(call.params["org"]) if "org" in call.params else call.user
    if owner is None:
        raise Refused(404, "Not Found")
    if owner is not call.user and call.user.login not in owner.members:
        raise Refused(
            403, "You need admin access to the organization before adding a repository to it."
        )
    name = words(body, "name", "Repository", needed=True) or ""
    if world.repo(f"{owner.login}/{name}"):
        raise invalid("Repository", "name", "custom", "name already exists on this account")
    repo = world.add_repo(owner, name, private=bool(body.get("private")))
    repo.description = words(body, "description", "Repository")
    repo.collaborators[call.user.login] = "admin"
    if body.get("auto_init"):
        _readme(call, repo)
    return Reply(
        201, full(world, repo, call.token), {"location": f"{call.api}/repos/{repo.full_name}"}
    )


def _readme(call: Call, repo: Repo) -> None:
    from interlock.sandbox.gitrepo import Person

    git, who = call.world.git(repo), call.user
    person = Person(who.name, who.email, f"{int(call.world.now())} +0000")
    tree = git.write_tree(
        "", [("README.md", "100644", git.write_blob(f"# {repo.name}\n".encode()))]
    )
    sha = git.write_commit(tree, (), "Initial commit\n", person, person)
    git.set_ref(f"refs/heads/{repo.default_branch}", sha)


def properties(call: Call) -> Reply:
    """The repository's custom properties."""
    items = call.repo.properties.items()
    return Reply(200, [{"property_name": name, "value": value} for name, value in items])


def set_properties(call: Call) -> Reply:
    """Change custom properties; null removes one."""
    for each in call.body().get("properties", ()):
        if each.get("value") is None:
            call.repo.properties.pop(each["property_name"], None)
        else:
            call.repo.properties[each["property_name"]] = each["value"]
    return Reply(204)


def topics(call: Call) -> Reply:
    """The repository's topics."""
    return Reply(200, {"names": list(call.repo.topics)})


def set_topics(call: Call) -> Reply:
    """Replace all topics."""
    call.repo.topics = [each.lower() for each in call.body()["names"]]
    return topics(call)


def role_of(call: Call) -> Reply:
    """https://docs.github.com/rest/collaborators/collaborators#get-repository-permissions-for-a-user."""
    from interlock.sandbox.payloads.users import user

    who = call.world.user(call.params["username"])
    if who is None:
        raise Refused(404, "Not Found")
    role = call.world.role(who, call.repo)
    old = {"maintain": "write", "triage": "read"}.get(role, role)
    shown = {
        "permission": old,
        "role_name": role,
        "user": user(call.world, who) | {"role_name": role},
    }
    return Reply(200, shown)


ROUTES.add("GET", "/repos/{owner}/{repo}", get)
ROUTES.add("PATCH", "/repos/{owner}/{repo}", update, needs="administration:write", role="admin")
ROUTES.add("DELETE", "/repos/{owner}/{repo}", delete, needs="administration:write", role="admin")
ROUTES.add("GET", "/repositories/{repository_id}", by_id, described="/repos/{owner}/{repo}")
for _method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
    ROUTES.add(_method, "/repositories/{repository_id}/{path}", below_id)
ROUTES.add("GET", "/orgs/{org}/repos", of_owner)
ROUTES.add("POST", "/orgs/{org}/repos", create, auth="user")
ROUTES.add("GET", "/users/{username}/repos", of_owner)
ROUTES.add("GET", "/user/repos", mine, auth="user")
ROUTES.add("POST", "/user/repos", create, auth="user")
ROUTES.add("GET", "/repos/{owner}/{repo}/properties/values", properties)
ROUTES.add(
    "PATCH",
    "/repos/{owner}/{repo}/properties/values",
    set_properties,
    needs="repository_custom_properties:write",
    role="admin",
)
ROUTES.add("GET", "/repos/{owner}/{repo}/topics", topics)
ROUTES.add(
    "PUT", "/repos/{owner}/{repo}/topics", set_topics, needs="administration:write", role="admin"
)
ROUTES.add("GET", "/repos/{owner}/{repo}/collaborators/{username}/permission", role_of)
