"""The API: one request in, one answer out, whichever way it came."""

from __future__ import annotations

from interlock.sandbox import access, etags, router
from interlock.sandbox.actors import Token
from interlock.sandbox.call import Call, Route
from interlock.sandbox.exchange import Exchange, Logged
from interlock.sandbox.faults import Fault, Faults
from interlock.sandbox.limits import Limits
from interlock.sandbox.wire import Refused, Reply, Request
from interlock.sandbox.world import World
from interlock.values import Any

#: Where the REST API begins, as on GitHub Enterprise Server.
#: https://docs.github.com/enterprise-server/rest/using-the-rest-api/getting-started-with-the-rest-api
REST = "/api/v3"
GRAPHQL = "/api/graphql"
#: Writes that create content others are told of, which have their own secondary limit.
_CONTENT = ("/comments", "/issues", "/pulls", "/reviews", "/statuses/", "/check-runs", "/contents/")
#: Operations that cost nothing of the primary limit.
_FREE = frozenset({"/rate_limit"})


class Api:
    """REST and GraphQL over one world."""

    def __init__(self, world: World) -> None:
        """Serve this world."""
        self.world = world
        self.limits = Limits(world)
        self.faults = Faults()

    def answer(self, request: Request) -> Reply | None:
        """The answer to a request below ``/api``; None where the connection is cut instead."""
        if request.path in (GRAPHQL, f"{REST}/graphql"):
            try:
                from interlock.sandbox.graphql.endpoint import answer
            except ModuleNotFoundError as missing:
                text = f"GraphQL needs {missing.name}: install interlock[sandbox]"
                return Refused(501, text).reply()
            return answer(self, request)
        return self._rest(request._replace(path=request.path.removeprefix(REST) or "/"))

    def _rest(self, request: Request) -> Reply | None:
        method = "GET" if request.method == "HEAD" else request.method
        found = router.find(method, request.path)
        template = found.route.described if found else ""
        fault = self.faults.strike(f"{method} {template or request.path}")
        if fault and fault.latency:
            self.world.clock.sleep(fault.latency)
        with self.world.lock:
            call = Call(self.world, request, self.limits)
            if found:
                call.params, call.template = found.params, template
            reply, points = self._served(call, found.route if found else None, fault)
            self._log(call, reply, points, fault)
        return None if fault and fault.drop else reply

    def _served(self, call: Call, route: Route | None, fault: Fault | None) -> tuple[Reply, int]:
        """The answer with its headers, and what it cost."""
        points = 0 if call.template in _FREE else 1
        resource = "core"
        try:
            call.token = access.token_of(self.world, call.request.headers.get("authorization", ""))
            if points and self.limits.exhausted(call.token, resource):
                reply = Refused(403, self.limits.exceeded(call.token)).reply()
                return self._headed(call.token, resource, reply), 0
            self._paced(call)
            if fault and fault.status and not fault.after:
                reply = fault.reply()
            else:
                reply = self._handled(call, route)
                reply = _distorted(reply, fault)
        except Refused as refused:
            reply = refused.reply()
        if call.request.method == "GET" and reply.status == 200 and reply.body is not None:
            reply = etags.tagged(reply)
            if etags.unchanged(call.request, reply):
                kept = {k: v for k, v in reply.headers.items() if k in ("etag", "link")}
                reply, points = Reply(304, None, kept), 0
                if call.token is None:
                    points = 1  # only authorised conditional requests are free
        self.limits.charge(call.token, resource, points)
        return self._headed(call.token, resource, reply), points

    def _paced(self, call: Call) -> None:
        writes = call.request.method not in ("GET", "HEAD")
        content = writes and any(part in call.template for part in _CONTENT)
        self.limits.pace(call.token, "rest", 5 if writes else 1, content=content)

    def _handled(self, call: Call, route: Route | None) -> Reply:
        if route is None:
            raise Refused(404, "Not Found")
        try:
            router.place(call)
        except Refused:
            if call.token is None and route.auth == "user":
                raise Refused(401, "Requires authentication") from None
            raise
        access.check(call, route)
        if moved := _elsewhere(call):
            return moved
        return route.handler(call)

    def _headed(self, token: Token | None, resource: str, reply: Reply) -> Reply:
        headers = {
            "content-type": "application/json; charset=utf-8",
            "x-github-media-type": "github.v3; format=json",
            "x-github-request-id": f"{self.world.new_id():X}",
            "x-github-api-version-selected": "2022-11-28",
            **self.limits.headers(token, resource),
        }
        if token is not None and token.kind == "user":
            headers["x-oauth-scopes"] = ", ".join(token.scopes)
        return reply._replace(headers={**headers, **reply.headers})

    def _log(self, call: Call, reply: Reply, points: int, fault: Fault | None) -> None:
        request, world = call.request, self.world
        kind = call.token.kind if call.token else "none"
        operation = f"{request.method} {call.template}" if call.template else ""
        world.requests.append(
            Logged("rest", request.method, request.path, kind, reply.status, points, operation)
        )
        if world.observers:
            world.observed(_exchange(call, reply, fault))


def _elsewhere(call: Call) -> Reply | None:
    """301 for the old name of a renamed repository.

    https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects
    """
    if call.repository is None:
        return None
    asked = f"{call.params['owner']}/{call.params['repo']}"
    if asked.lower() == call.repo.full_name.lower():
        return None
    rest = call.request.path.split("/", 4)[4:]
    target = "/".join([f"{call.api}/repositories/{call.repo.id}", *rest])
    status = 301 if call.request.method in ("GET", "HEAD") else 307
    body = {"message": "Moved Permanently", "url": target, "documentation_url": ""}
    return Reply(status, body, {"location": target})


def _distorted(reply: Reply, fault: Fault | None) -> Reply:
    """What a fault makes of a finished answer."""
    if fault is None:
        return reply
    if fault.truncate and reply.status == 200:
        return reply._replace(body=_cut(reply.body, fault.truncate), headers=_unlinked(reply))
    if fault.after and fault.status:
        return fault.reply()
    return reply


def _unlinked(reply: Reply) -> dict[str, str]:
    return {k: v for k, v in reply.headers.items() if k != "link"}


def _cut(body: Any, most: int) -> Any:
    if isinstance(body, list):
        return body[:most]
    if isinstance(body, dict):
        cut = {k: v[:most] if isinstance(v, list) else v for k, v in body.items()}
        return cut | ({"truncated": True} if "truncated" in body else {})
    return body


def _exchange(call: Call, reply: Reply, fault: Fault | None) -> Exchange:
    request = call.request
    try:
        sent = request.json()
    except Refused:
        sent = request.body.decode("utf-8", "replace")
    return Exchange(
        "rest",
        request.method,
        call.template,
        request.path,
        dict(request.query),
        dict(request.headers),
        sent,
        reply.status,
        dict(reply.headers),
        reply.body,
        dict(call.params),
        injected=fault is not None and bool(fault.status or fault.truncate),
    )
