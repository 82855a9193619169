"""Clone, fetch and push over HTTP through git's own backend.

https://docs.github.com/get-started/git-basics/about-remote-repositories#cloning-with-https-urls
"""

from __future__ import annotations

import os
import re
import tempfile
import zlib

from interlock.sandbox import access, judging, pulling
from interlock.sandbox.actors import Token
from interlock.sandbox.api import Api
from interlock.sandbox.exchange import Logged
from interlock.sandbox.gitrepo import ZERO
from interlock.sandbox.process import GitFailed, git
from interlock.sandbox.records import Repo, Ruleset
from interlock.sandbox.refs import Change, follow
from interlock.sandbox.wire import Refused, Reply, Request, plain
from interlock.sandbox.world import World
from interlock.values import Any

_PATH = re.compile(
    r"/([^/]+)/([^/]+?)(?:\.git)?/(info/refs|git-upload-pack|git-receive-pack)", re.DOTALL
)
MAX_UNPACKED = 512 * 1024 * 1024


def is_git(request: Request) -> bool:
    """Whether a request is git's."""
    return bool(_PATH.fullmatch(request.path))


def answer(api: Api, request: Request) -> Reply:
    """Serve one request of a clone, fetch or push."""
    match = _PATH.fullmatch(request.path)
    assert match is not None
    owner, name, verb = (plain(part) for part in match.groups())
    service = request.query.get("service", verb) if verb == "info/refs" else verb
    writes = service == "git-receive-pack"
    world = api.world
    fault = api.faults.strike(f"GIT {service.removeprefix('git-')}")
    if fault and fault.latency:
        world.clock.sleep(fault.latency)
    if fault and fault.status and not fault.after:
        return fault.reply()
    token = None
    try:
        with world.lock:
            token = access.token_of(world, request.headers.get("authorization", ""))
            repo = _repository(world, f"{owner}/{name}", token, writes=writes)
            if f"{owner}/{name}".lower() != repo.full_name.lower():
                query = f"?service={service}" if verb == "info/refs" else ""
                place = f"{world.url}/{repo.full_name}.git/{verb}{query}"
                return Reply(301, "", {"location": place})
            reply = _run(world, repo, token, request._replace(path=verb), service)
    except Refused as refused:
        reply = Reply(
            refused.status, str(refused), {"content-type": "text/plain", **refused.headers}
        )
    kind = token.kind if token else "none"
    world.requests.append(
        Logged("git", request.method, request.path, kind, reply.status, 0, service)
    )
    return fault.reply() if fault and fault.status else reply


def _repository(world: World, name: str, token: Token | None, *, writes: bool) -> Repo:
    """The repository, for somebody who may read or write it."""
    ask = {"www-authenticate": 'Basic realm="GitHub"'}
    repo = world.repo(name) or world.repos.get(world.moved.get(name.lower(), 0))
    if repo is None or not access.reaches(world, token, repo.id):
        raise Refused(404 if token else 401, "Repository not found.", headers=ask)
    if not writes:
        limited = token is not None and token.kind in ("installation", "actions")
        held = token.permissions.get("contents", "") if token else ""
        if limited and repo.visibility != "public" and held not in ("read", "write"):
            raise Refused(403, "Write access to repository not granted.")
        return repo
    if token is None:
        raise Refused(401, "Authentication required.", headers=ask)
    if repo.archived:
        raise Refused(403, "This repository was archived so it is read-only.")
    if token.kind == "user":
        allowed = world.role(token.user, repo) in ("write", "maintain", "admin")
    else:
        allowed = (
            access.inside(world, token, repo.id) and token.permissions.get("contents") == "write"
        )
    if not allowed:
        raise Refused(403, f"Permission to {repo.full_name}.git denied to {token.user.login}.")
    return repo


def _run(world: World, repo: Repo, token: Token | None, request: Request, service: str) -> Reply:
    body = _unpacked(request)
    pushed = service == "git-receive-pack" and request.method == "POST"
    commands = _commands(body) if pushed else []
    verdicts = _judged(world, repo, token, commands) if token and pushed else []
    lines = "".join(f"{ref}\t{verdict}\t{text}\n" for ref, verdict, text, _ in verdicts)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        place = os.path.join(folder, "verdicts").replace(os.sep, "/")
        if verdicts:
            with open(place, "w", encoding="utf-8", newline="\n") as file:
                file.write(lines)
        env = _cgi(repo, request, service, body) | {"SANDBOX_VERDICTS": place if verdicts else ""}
        before = dict(world.git(repo).refs())
        try:
            output = git(os.path.dirname(repo.path), "http-backend", given=body, env=env)
        except GitFailed as failed:
            raise Refused(500, str(failed)) from failed
    if pushed and token:
        _after(world, repo, token, before, verdicts, commands)
    return _cgi_reply(output)


def _unpacked(request: Request) -> bytes:
    if request.headers.get("content-encoding") != "gzip":
        return request.body
    reader = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    data = reader.decompress(request.body, MAX_UNPACKED)
    if reader.unconsumed_tail:
        raise Refused(413, "Payload too large")
    return data


def _cgi(repo: Repo, request: Request, service: str, body: bytes) -> dict[str, str]:
    query = f"service={service}" if request.path == "info/refs" else ""
    env = {
        "GIT_PROJECT_ROOT": os.path.dirname(repo.path),
        "GIT_HTTP_EXPORT_ALL": "1",
        "PATH_INFO": f"/{os.path.basename(repo.path)}/{request.path}",
        "REQUEST_METHOD": request.method,
        "QUERY_STRING": query,
        "CONTENT_TYPE": request.headers.get("content-type", ""),
        "CONTENT_LENGTH": str(len(body)),
        "REMOTE_USER": "sandbox",
        "REMOTE_ADDR": "127.0.0.1",
    }
    protocol = request.headers.get("git-protocol", "")
    return env | ({"GIT_PROTOCOL": protocol} if protocol else {})


def _cgi_reply(output: bytes) -> Reply:
    head, _, body = output.partition(b"\r\n\r\n")
    status, headers = 200, {}
    for line in head.decode("latin-1").split("\r\n"):
        name, _, value = line.partition(": ")
        if name.lower() == "status":
            status = int(value.split(" ")[0])
        else:
            headers[name.lower()] = value
    return Reply(status, body, headers)


def _commands(body: bytes) -> list[Change]:
    """The ref moves that a push asks for: pkt-lines before the first flush."""
    found, at = [], 0
    while at + 4 <= len(body):
        try:
            size = int(body[at : at + 4], 16)
        except ValueError:
            break
        if size < 4:
            break
        line = body[at + 4 : at + size].split(b"\0")[0].decode("utf-8", "replace").strip()
        words = line.split(" ", 2)
        if len(words) == 3:
            old, new, ref = words
            found.append(Change(ref, "" if old == ZERO else old, "" if new == ZERO else new))
        at += size
    return found


Judged = tuple[str, str, str, tuple[Ruleset, str] | None]


def _judged(world: World, repo: Repo, token: Token, commands: list[Change]) -> list[Judged]:
    """For each ref what the update hook has to refuse, with the ruleset that wants it."""
    found: list[Judged] = []
    for change in commands:
        if change.ref.startswith("refs/pull/"):
            found.append((change.ref, "deny", "deny updating a hidden ref", None))
        if not change.new and change.ref == f"refs/heads/{repo.default_branch}":
            text = f"refusing to delete the current branch: {change.ref}"
            found.append((change.ref, "deny", text, None))
        for which, rule in judging.rules(world, repo, change.ref):
            verdict, text = of_push(repo, change, rule)
            if not verdict:
                continue
            bypassed = judging.bypasses(world, repo, token, which, pull=False)
            text = f"GH013: Repository rule violations found for {change.ref}. {text}"
            found.append((change.ref, "pass" if bypassed else verdict, text, (which, rule["type"])))
    return found


def of_push(repo: Repo, change: Change, rule: dict[str, Any]) -> tuple[str, str]:
    """What a rule says of moving a ref: deny, fast-forward or linear (to be checked), or ""."""
    kind = rule["type"]
    parameters = rule.get("parameters") or {}
    if kind == "deletion" and not change.new:
        return "deny", "Cannot delete this branch"
    if kind == "creation" and not change.old:
        return "deny", "Cannot create ref due to creations being restricted."
    if kind == "update" and change.old and change.new:
        return "deny", "Cannot update this protected ref."
    if kind == "non_fast_forward" and change.old and change.new:
        return "fast-forward", "Cannot force-push to this branch"
    if kind == "required_linear_history" and change.old and change.new:
        return "linear", "This branch must not contain merge commits."
    if kind == "pull_request" and change.old and change.new:
        return "deny", "Changes must be made through a pull request."
    if kind == "required_status_checks" and change.old and change.new:
        for wanted in parameters.get("required_status_checks", ()):
            app = wanted.get("integration_id")
            if judging.check_state(repo, change.new, wanted["context"], app) != "success":
                return "deny", f'Required status check "{wanted["context"]}" is expected.'
    return "", ""


def _after(
    world: World,
    repo: Repo,
    token: Token,
    before: dict[str, str],
    verdicts: list[Judged],
    commands: list[Change],
) -> None:
    """Let everything follow from the refs that a push really moved."""
    world.git(repo).forget()
    now = world.git(repo).refs()
    for change in commands:
        old, new = before.get(change.ref, ""), now.get(change.ref, "")
        told = [
            judging.Verdict(whose[0], whose[1], text if change.new != new or v == "pass" else "")
            for ref, v, text, whose in verdicts
            if ref == change.ref and whose
        ]
        moved = old != new
        result = "pass" if moved else "fail"
        if moved and any(ref == change.ref and v == "pass" for ref, v, _, _ in verdicts):
            result = "bypass"
        pulling.suite(world, repo, Change(change.ref, old, change.new), token, told, result)
        if moved:
            follow(world, repo, Change(change.ref, old, new), token)
