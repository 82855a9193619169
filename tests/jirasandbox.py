"""A small Jira over HTTP that keeps what it is told: issues, comments and their properties.

Shapes and statuses are those of Atlassian's documentation:
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-comments/
https://docs.atlassian.com/software/jira/docs/api/REST/9.17.0/#api/2/issue-getComments
"""

from __future__ import annotations

import json
import re
import threading
from base64 import b64encode
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType, TracebackType
from typing import Any, NamedTuple, Self
from urllib.parse import parse_qs, unquote, urlsplit

ALL = ("Browse Projects", "Add Comments", "Edit Own Comments", "Delete Own Comments")
#: Jira's own bound; a document counts as its JSON.
LIMIT = 32_767
_NODES = {"doc", "paragraph", "taskList", "taskItem", "text", "heading", "bulletList", "listItem"}


class Fault(NamedTuple):
    """The next answer to requests that fit; ``after`` does what was asked before it fails."""

    method: str
    path: str
    status: int = 502
    headers: Mapping[str, str] = MappingProxyType({})
    after: bool = False
    drop: bool = False


class Refusal(Exception):
    """An answer that is no success."""

    def __init__(self, status: int, *messages: str, **errors: str) -> None:
        super().__init__(status)
        self.status, self.body = status, {"errorMessages": list(messages), "errors": errors}


class JiraSandbox:
    """One site. ``cloud`` speaks REST v3 with documents, otherwise v2 with wiki markup."""

    def __init__(self, *, cloud: bool = True, page: int = 100, properties: bool = True) -> None:
        self.cloud, self.page, self.keeps = cloud, page, properties
        self.accounts: dict[str, str] = {}
        self.allowed: dict[str, tuple[str, ...]] = {}
        self.issues: dict[str, dict[str, Any]] = {}
        self.names: dict[str, str] = {"summary": "Summary", "description": "Description"}
        self.moved: dict[str, str] = {}
        self.comments: dict[str, list[dict[str, Any]]] = {}
        self.properties: dict[str, dict[str, Any]] = {}
        self.faults: list[Fault] = []
        self.requests: list[tuple[str, str]] = []
        self._number = 10_000
        self._lock = threading.Lock()

    def account(self, name: str, *, may: tuple[str, ...] = ALL) -> tuple[str, str]:
        """An account; gives the user ("" for Data Center) and the token to come with."""
        token = f"token-of-{name}"
        user = f"{name}@acme.example" if self.cloud else ""
        header = f"Basic {b64encode(f'{user}:{token}'.encode()).decode()}"
        self.accounts[header if self.cloud else f"Bearer {token}"] = name
        self.allowed[name] = may
        return user, token

    def issue(self, key: str, *labels: str, **fields: Any) -> None:
        self.issues[key] = {"summary": "An issue", "labels": list(labels), **fields}
        self.comments[key] = []

    def comment(self, key: str, name: str, body: Any, **properties: Any) -> str:
        """Somebody's comment, not by request; its id."""
        self._number += 1
        one = {"id": str(self._number), "author": self.person(name), "body": body}
        self.comments[key].append(one)
        self.properties[one["id"]] = properties
        return str(one["id"])

    def person(self, name: str) -> dict[str, Any]:
        shown = {"displayName": name.title(), "active": True}
        own = {"accountId": f"5b10{name}", "accountType": "atlassian"}
        return {**own, **shown} if self.cloud else {"name": name, "key": f"JIRAUSER{name}", **shown}

    def writes(self) -> list[tuple[str, str]]:
        return [one for one in self.requests if one[0] != "GET"]

    def __enter__(self) -> Self:
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # head and body in one piece

            def log_message(self, *_: object) -> None:
                """Say nothing."""

            def _any(self) -> None:
                site._answer(self)

            do_GET = do_POST = do_PUT = do_DELETE = _any  # noqa: N815  the names of http.server

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _answer(self, call: BaseHTTPRequestHandler) -> None:
        length = int(call.headers.get("Content-Length") or 0)
        body = json.loads(call.rfile.read(length)) if length else None
        address = urlsplit(call.path)
        with self._lock:
            self.requests.append((call.command, unquote(address.path)))
            fault = self._fault(call.command, unquote(address.path))
            status, data, headers = 0, None, {}
            if fault is None or fault.after:
                status, data = self._served(call, unquote(address.path), address.query, body)
        if fault is not None and fault.drop:
            call.close_connection = True
            return
        if fault is not None:
            status, data, headers = fault.status, {"errorMessages": ["a fault"]}, fault.headers
        text = b"" if data is None else json.dumps(data).encode()
        call.send_response(status)
        for name, value in headers.items():
            call.send_header(name, value)
        call.send_header("Content-Type", "application/json;charset=UTF-8")
        call.send_header("Content-Length", str(len(text)))
        call.end_headers()
        call.wfile.write(text)

    def _fault(self, method: str, path: str) -> Fault | None:
        for one in self.faults:
            if one.method == method and re.search(one.path, path):
                self.faults.remove(one)
                return one
        return None

    def _served(
        self, call: BaseHTTPRequestHandler, path: str, query: str, body: Any
    ) -> tuple[int, Any]:
        who = self.accounts.get(call.headers.get("Authorization", ""), "")
        refusal = Refusal(404, "null for uri")
        if not who:
            refusal = Refusal(401, "Client must be authenticated to access this resource.")
        prefix = f"/rest/api/{3 if self.cloud else 2}"
        for method, pattern, handler in self._routes() if who else ():
            found = re.fullmatch(prefix + pattern, path)
            if found is not None and method == call.command:
                try:
                    return handler(who, parse_qs(query), body, *found.groups())
                except Refusal as why:
                    refusal = why
        return refusal.status, refusal.body

    def _routes(self) -> list[tuple[str, str, Callable[..., tuple[int, Any]]]]:
        one = r"/issue/([^/]+)/comment/([^/]+)"
        return [
            ("GET", "/myself", lambda who, *_: (200, self.person(who))),
            ("GET", r"/issue/([^/]+)", self._read),
            ("GET", "/search/jql" if self.cloud else "/search", self._search),
            ("GET", r"/issue/([^/]+)/comment", self._list),
            ("POST", r"/issue/([^/]+)/comment", self._add),
            ("PUT", one, self._change),
            ("DELETE", one, self._remove),
            ("GET", r"/comment/([^/]+)/properties/([^/]+)", self._property),
        ]

    def _may(self, who: str, what: str) -> bool:
        return what in self.allowed[who]

    def _seen(self, who: str, key: str) -> str:
        key = self.moved.get(key, key)
        if key not in self.issues or not self._may(who, "Browse Projects"):
            raise Refusal(404, "Issue does not exist or you do not have permission to see it.")
        return key

    def _read(self, who: str, query: dict[str, list[str]], _: Any, key: str) -> tuple[int, Any]:
        key = self._seen(who, key)
        found = {"id": "1", "key": key, "fields": {"comment": None, **self.issues[key]}}
        if query.get("expand") == ["names"]:
            found["names"] = self.names
        if "-comment" in query.get("fields", [""])[0]:
            del found["fields"]["comment"]
        return 200, found

    def _search(self, who: str, query: dict[str, list[str]], _: Any) -> tuple[int, Any]:
        """Cloud gives a token for the next page, Data Center counts."""
        jql = query["jql"][0]
        found = re.fullmatch(
            r'project = "(\w+)" AND labels = "((?:[^"\\]|\\.)+)" AND statusCategory != Done '
            "ORDER BY key",
            jql,
        )
        if found is None:
            raise Refusal(400, "Error in the JQL Query")
        label = re.sub(r"\\(.)", r"\1", found[2])
        keys = [
            key
            for key, fields in sorted(self.issues.items())
            if key.startswith(f"{found[1]}-") and label in fields["labels"]
            if fields.get("status") != "Done" and self._may(who, "Browse Projects")
        ]
        start = int(query.get("nextPageToken" if self.cloud else "startAt", ["0"])[0])
        page = [{"key": key} for key in keys[start : start + self.page]]
        if not self.cloud:
            return 200, {"issues": page, "startAt": start, "total": len(keys)}
        end = start + len(page)
        return 200, {"issues": page, **({"nextPageToken": str(end)} if end < len(keys) else {})}

    def _list(self, who: str, query: dict[str, list[str]], _: Any, key: str) -> tuple[int, Any]:
        every = self.comments[self._seen(who, key)]
        start = int(query.get("startAt", ["0"])[0])
        most = min(int(query.get("maxResults", ["50"])[0]), self.page)
        page = [self._stored(one) for one in every[start : start + most]]
        return 200, {
            "comments": page, "startAt": start, "maxResults": most, "total": len(every),
        }  # fmt: skip

    def _stored(self, one: dict[str, Any]) -> dict[str, Any]:
        """As it comes back: Cloud gives every block of a document an attribute of its own."""
        shown = {**one, "jsdPublic": "sd.public.comment" not in self.properties[one["id"]]}
        return {**shown, "body": _annotated(one["body"])} if self.cloud else one

    def _add(self, who: str, _: Any, body: Any, key: str) -> tuple[int, Any]:
        key = self._seen(who, key)
        if not self._may(who, "Add Comments"):
            raise Refusal(400, f"{who}, you do not have the permission to comment on this issue.")
        self._check(body["body"])
        given = {one["key"]: one["value"] for one in body.get("properties", ()) if self.keeps}
        number = self.comment(key, who, body["body"], **given)
        return 201, self._stored(self._found(key, number))

    def _change(self, who: str, _: Any, body: Any, key: str, number: str) -> tuple[int, Any]:
        one = self._found(self._seen(who, key), number)
        if one["author"] != self.person(who) or not self._may(who, "Edit Own Comments"):
            raise Refusal(400, "You do not have the permission to edit this comment.")
        self._check(body["body"])
        one["body"] = body["body"]
        self.properties[number].update({p["key"]: p["value"] for p in body.get("properties", ())})
        return 200, self._stored(one)

    def _remove(self, who: str, _: Any, __: Any, key: str, number: str) -> tuple[int, Any]:
        key = self._seen(who, key)
        one = self._found(key, number)
        if one["author"] != self.person(who) or not self._may(who, "Delete Own Comments"):
            raise Refusal(400, "You do not have the permission to delete this comment.")
        self.comments[key].remove(one)
        return 204, None

    def _found(self, key: str, number: str) -> dict[str, Any]:
        for one in self.comments[key]:
            if one["id"] == number:
                return one
        raise Refusal(404, f"Can not find a comment for the id: {number}.")

    def _property(self, who: str, _: Any, __: Any, number: str, name: str) -> tuple[int, Any]:
        held = self.properties.get(number, {})
        if name not in held or not self._may(who, "Browse Projects"):
            raise Refusal(404, f"The property with key {name} does not exist.")
        return 200, {"key": name, "value": held[name]}

    def _check(self, body: Any) -> None:
        text = isinstance(body, str)
        if text is self.cloud or not body:
            raise Refusal(400, comment="Comment body is not valid!")
        if len(body if text else json.dumps(body)) > LIMIT:
            raise Refusal(400, comment="The entered text is too long. It exceeds the allowed limit "
                                       "of 32,767 characters.")  # fmt: skip
        if not text and not _is_document(body):
            raise Refusal(400, "INVALID_INPUT")


def _is_document(node: Any) -> bool:
    if node.get("type") not in _NODES or (node["type"] == "text" and not node.get("text")):
        return False
    if node["type"] in ("taskList", "taskItem") and not node.get("attrs", {}).get("localId"):
        return False
    return all(_is_document(one) for one in node.get("content", ()))


def _annotated(node: Any) -> Any:
    if not isinstance(node, dict) or node.get("type") == "text":
        return node
    attrs = {"localId": "0b5c7f", **node.get("attrs", {})} if node["type"] != "doc" else None
    found = {**node, "content": [_annotated(one) for one in node.get("content", ())]}
    return {**found, "attrs": attrs} if attrs else found
