"""What the facade makes: accounts' tokens, Apps, repositories and what happens in them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from interlock.sandbox import events, pulling
from interlock.sandbox.actors import App, Installation, Token, User
from interlock.sandbox.gitrepo import Person
from interlock.sandbox.payloads import pulls
from interlock.sandbox.process import git
from interlock.sandbox.records import Comment, Issue, Repo, Review, Status
from interlock.sandbox.refs import Change, move
from interlock.sandbox.wire import Refused, invalid
from interlock.sandbox.world import World

#: https://docs.github.com/rest/apps/apps#create-an-installation-access-token-for-an-app
TOKEN_SECONDS = 3600
MAX_STATUSES = 1000
ACTIONS_APP = "github-actions"


def user_token(world: World, user: User, scopes: tuple[str, ...]) -> Token:
    """A personal access token."""
    return _kept(world, Token(f"ghp_{secrets.token_hex(18)}", "user", user, scopes=scopes))


def _kept(world: World, token: Token) -> Token:
    world.tokens[token.value] = token
    return token


def actions_app(world: World) -> App:
    """The App behind GITHUB_TOKEN: its bot is github-actions[bot], its id 15368."""
    found = next((a for a in world.apps.values() if a.slug == ACTIONS_APP), None)
    if found is None:
        owner = world.user("github") or world.add_user("github", "Organization")
        bot = world.add_user(f"{ACTIONS_APP}[bot]", "Bot")
        bot.id = 41898282
        found = App(
            15368, ACTIONS_APP, "GitHub Actions", owner, bot, "Iv1.actions", b"", world.now(), {}
        )
        bot.app_id = found.id
        world.apps[found.id] = found
    return found


def actions_token(world: World, repo: Repo, permissions: Mapping[str, str] | None) -> Token:
    """A workflow's token.

    https://docs.github.com/actions/security-guides/automatic-token-authentication
    """
    app = actions_app(world)
    held = {"contents": "read", "metadata": "read"} if permissions is None else dict(permissions)
    value = f"ghs_{secrets.token_hex(18)}"
    expires = world.now() + 24 * 3600
    return _kept(
        world, Token(value, "actions", app.bot, held, {repo.id}, app=app, expires_at=expires)
    )


def app(world: World, slug: str, permissions: Mapping[str, str], owner: User) -> tuple[App, str]:
    """A GitHub App with a new key."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    bot = world.add_user(f"{slug}[bot]", "Bot")
    number = world.new_id()
    held = {"metadata": "read", **permissions}
    made = App(
        number, slug, slug, owner, bot, f"Iv23{secrets.token_hex(8)}", public, world.now(), held
    )
    bot.app_id = number
    world.apps[number] = made
    return made, private.decode()


def install(world: World, app: App, account: User, repos: set[int] | None) -> Installation:
    """An App on an account, with the App's permissions."""
    number = world.new_id()
    made = Installation(number, app, account, dict(app.permissions), repos, world.now())
    world.installations[number] = made
    return made


def installation_token(
    world: World,
    installation: Installation,
    permissions: Mapping[str, str] | None = None,
    repos: set[int] | None = None,
) -> Token:
    """An access token that lives one hour, at most as strong as the installation."""
    held = dict(installation.permissions if permissions is None else permissions)
    held.setdefault("metadata", "read")
    value = f"ghs_{secrets.token_hex(18)}"
    bot = installation.app.bot
    expires = world.now() + TOKEN_SECONDS
    return _kept(
        world, Token(value, "installation", bot, held, repos, installation, expires_at=expires)
    )


def person(world: World, who: User) -> Person:
    """A git author for an account, now."""
    return Person(who.name or who.login, who.email, f"{int(world.now())} +0000")


def repo(
    world: World,
    full_name: str,
    files: Mapping[str, str | bytes] | None,
    *,
    private: bool,
    source: str,
    branch: str,
) -> Repo:
    """A repository with a first commit, or with the branches and tags of a local one."""
    login, _, name = full_name.partition("/")
    owner = world.user(login) or world.add_user(login, "Organization")
    made = world.add_repo(owner, name, private=private, branch=branch)
    bare = world.git(made)
    if source:
        bare.fetch(source, "+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*")
        head = git(source, "rev-parse", "--abbrev-ref", "HEAD").decode().strip()
        made.default_branch = head if bare.branch(head) else branch
        bare.run("symbolic-ref", "HEAD", f"refs/heads/{made.default_branch}")
    elif files is not None:
        tree = bare.write_tree("", _blobs(world, made, files))
        who = person(world, owner)
        bare.set_ref(f"refs/heads/{branch}", bare.write_commit(tree, (), "Begin\n", who, who))
    return made


def _blobs(
    world: World, repo: Repo, files: Mapping[str, str | bytes | None] | Mapping[str, str | bytes]
) -> list[tuple[str, str, str]]:
    bare = world.git(repo)
    found = []
    for path, data in files.items():
        raw = data.encode() if isinstance(data, str) else data
        found.append((path, "100644", "" if raw is None else bare.write_blob(raw)))
    return found


def fork(world: World, parent: Repo, owner: User, name: str) -> Repo:
    """A copy of a repository that remembers where it came from."""
    made = world.add_repo(owner, name or parent.name, private=parent.visibility != "public")
    made.parent = parent.id
    made.default_branch = parent.default_branch
    bare = world.git(made)
    bare.fetch(parent.path, "+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*")
    bare.run("symbolic-ref", "HEAD", f"refs/heads/{made.default_branch}")
    return made


def commit(
    world: World,
    repo: Repo,
    branch: str,
    files: Mapping[str, str | bytes | None],
    message: str,
    token: Token,
    start: str,
) -> str:
    """A commit on a branch, with everything that follows from a push."""
    bare = world.git(repo)
    old = bare.branch(branch)
    parent = old or bare.resolve(start or repo.default_branch)
    base = bare.commit(parent).tree if parent else ""
    tree = bare.write_tree(base, _blobs(world, repo, files))
    who = person(world, token.user)
    sha = bare.write_commit(tree, (parent,) if parent else (), f"{message}\n", who, who)
    move(world, repo, Change(f"refs/heads/{branch}", old, sha), token)
    return sha


def branch(world: World, repo: Repo, name: str, sha: str, token: Token) -> None:
    """Make, move or delete a branch."""
    move(world, repo, Change(f"refs/heads/{name}", world.git(repo).branch(name), sha), token)


def review(world: World, repo: Repo, number: int, token: Token, state: str, body: str) -> Review:
    """A submitted review on the head; raises Refused 422 for approving one's own."""
    which = repo.issues[number]
    pull = which.pull
    assert pull is not None
    if which.user is token.user and state in ("APPROVED", "CHANGES_REQUESTED"):
        what = "approve" if state == "APPROVED" else "request changes on"
        raise Refused(422, "Unprocessable Entity", [f"Can not {what} your own pull request"])
    made = Review(world.new_id(), token.user, state, body, pull.head_sha, world.now())
    pull.reviews.append(made)
    which.updated_at = world.now()
    if token.user in pull.requested_reviewers:
        pull.requested_reviewers.remove(token.user)
    events.review(world, repo, which, token, pulls.review(world, repo, which, made), "submitted")
    return made


def comment(world: World, repo: Repo, number: int, token: Token, body: str) -> int:
    """A comment on an issue or pull request; its id."""
    which, now = repo.issues[number], world.now()
    made = Comment(world.new_id(), token.user, body, now, now, token.acting_app)
    which.comments.append(made)
    which.updated_at = now
    events.comment(world, repo, which, made, "created", token)
    return made.id


def status(
    world: World,
    repo: Repo,
    sha: str,
    context: str,
    state: str,
    description: str,
    token: Token,
    target: str | None = None,
) -> Status:
    """A commit status; raises Refused 422 beyond 1,000 of one context on one commit.

    https://docs.github.com/rest/commits/statuses#create-a-commit-status
    """
    held = repo.statuses.setdefault(sha, [])
    if sum(each.context == context for each in held) >= MAX_STATUSES:
        text = "This SHA and context has reached the maximum number of statuses."
        raise invalid("Status", "context", "custom", text)
    made = Status(
        world.new_id(),
        sha,
        context,
        state,
        description or None,
        target,
        token.user,
        world.now(),
        token.acting_app,
    )
    held.append(made)
    events.status(world, repo, made, token)
    return made


def issue(
    world: World,
    repo: Repo,
    title: str,
    body: str | None,
    token: Token,
    labels: tuple[str, ...] = (),
) -> Issue:
    """A new issue; labels that are not there are made, as GitHub does for those who may."""
    from interlock.sandbox.records import Label

    now, number = world.now(), world.next_number(repo)
    made = Issue(
        world.new_id(), repo.id, number, title, body, token.user, now, now, app=token.acting_app
    )
    for name in labels:
        made.labels.append(repo.labels.setdefault(name, Label(world.new_id(), name)))
    repo.issues[number] = made
    events.issue(world, repo, made, "opened", token)
    return made


def mergeable(world: World, repo: Repo, number: int) -> bool | None:
    """Whether a pull request can be merged, computed at once."""
    which = repo.issues[number]
    pulling.compute(world, repo, which)
    return which.pull.mergeable if which.pull else None
