"""The sandbox on a local port: API, git and pages beside each other."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from interlock.sandbox import smart_http
from interlock.sandbox.actors import User
from interlock.sandbox.api import Api
from interlock.sandbox.wire import Refused, Reply, Request, encoded, parsed

#: More than any request of ours; pushes of larger packs are refused.
MAX_BODY = 256 * 1024 * 1024


class Server:
    """Serves on 127.0.0.1 in a thread of its own; ``port`` 0 takes a free one."""

    def __init__(self, api: Api, port: int = 0) -> None:
        """Open the port; ``start`` begins to answer."""

        class Handler(_Handler):
            """Handlers are made by the class, so each server has its own."""

        Handler.api, self._handler = api, Handler
        self._http = _Http(("127.0.0.1", port), self._handler)
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)

    def start(self) -> None:
        """Answer requests from now on."""
        self._thread.start()

    def sign_in(self, viewer: User) -> None:
        """Let the pages show and do what this account may."""
        self._handler.viewer = viewer

    def stop(self) -> None:
        """Close the port; running requests end by themselves."""
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


class _Handler(BaseHTTPRequestHandler):
    api: Api
    viewer: User | None = None
    protocol_version = "HTTP/1.1"
    # Header and body leave in two writes: without this each answer waits for the delayed ACK.
    disable_nagle_algorithm = True
    server_version = "github.com"
    sys_version = ""

    def _take(self) -> None:
        body = self._body()
        if body is None:
            self._send(Refused(413, "Payload too large").reply())
            return
        request = parsed(self.command, self.path, dict(self.headers.items()), body)
        reply = self._reply(request)
        if reply is None:
            self.close_connection = True
            return
        self._send(reply)

    def _reply(self, request: Request) -> Reply | None:
        try:
            if request.path.startswith("/api/"):
                return self.api.answer(request)
            if smart_http.is_git(request):
                return smart_http.answer(self.api, request)
            from interlock.sandbox.pages import answer

            return answer(self.api, request, self.viewer)
        except Refused as refused:
            return refused.reply()
        except Exception:  # noqa: BLE001  a server answers, whatever happens
            import traceback

            # A defect of the sandbox: the test that met it must be able to read what happened.
            return Reply(500, {"message": "Server Error", "trace": traceback.format_exc()})

    def _body(self) -> bytes | None:
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            return self._chunks()
        length = int(self.headers.get("Content-Length") or 0)
        return None if length > MAX_BODY else self.rfile.read(length)

    def _chunks(self) -> bytes | None:
        parts: list[bytes] = []
        size = 0
        while True:
            length = int(self.rfile.readline().split(b";")[0].strip() or b"0", 16)
            size += length
            if size > MAX_BODY:
                return None
            if not length:
                self.rfile.readline()
                return b"".join(parts)
            parts.append(self.rfile.read(length))
            self.rfile.readline()

    def _send(self, reply: Reply) -> None:
        data = encoded(reply)
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.status not in (204, 304):
            self.send_header("content-length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD" and reply.status not in (204, 304):
            self.wfile.write(data)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = do_HEAD = _take  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Print nothing: the request log is in the sandbox."""
