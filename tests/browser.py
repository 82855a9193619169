"""A headless Chromium for tests: what a page looks like, asks for and does in a real browser.

It is driven over two pipes (``--remote-debugging-pipe``), so nothing has to be installed beside it.
https://chromedevtools.github.io/devtools-protocol/
"""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

#: The names under which systems install it.
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--hide-scrollbars",
)
_SECONDS = 60.0


def found() -> str:
    """The browser's program, "" where there is none that can be driven here."""
    if sys.platform == "win32":
        return ""
    return next((path for name in _NAMES if (path := shutil.which(name))), "")


def dumped(url: str, folder: Path) -> str:
    """The document after loading, as ``--dump-dom`` prints it."""
    command = [found(), *_FLAGS, f"--user-data-dir={folder}", "--dump-dom", url]
    done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=True)
    return done.stdout.decode("utf-8")


class Browser:
    """One page in one browser; every message of the browser is kept in ``seen``."""

    def __init__(self, to: int, back: int) -> None:
        self.seen: list[dict[str, Any]] = []
        self._to, self._back = to, back
        self._rest = b""
        self._last = 0
        self._session = ""
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        attached = self.ask("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for area in ("Page", "Network", "Runtime", "Log"):
            self.ask(f"{area}.enable")

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """The answer to one command."""
        self._last += 1
        asked = {"id": self._last, "method": method, "params": parameters}
        if self._session:
            asked["sessionId"] = self._session
        os.write(self._to, json.dumps(asked).encode() + b"\0")
        wanted = self._last
        found_ = self._until(lambda said: said.get("id") == wanted)
        if "error" in found_:
            raise RuntimeError(f"{method}: {found_['error']}")
        result: dict[str, Any] = found_["result"]
        return result

    def open(self, url: str, *, width: int = 1000, dark: bool = False) -> None:
        """Load a page at a width in pixels, to its end."""
        self.ask(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=900,
            deviceScaleFactor=1,
            mobile=False,
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.ask("Emulation.setEmulatedMedia", features=[scheme])
        # The same address with another anchor would not be loaded again.
        for to in ("about:blank", url):
            self.seen.clear()
            self.ask("Page.navigate", url=to)
            if not self._loaded():
                self._until(lambda said: said.get("method") == "Page.loadEventFired")

    def run(self, script: str) -> Any:
        """What an expression is in the page (the page's own policy does not hold for us)."""
        done = self.ask("Runtime.evaluate", expression=script, returnByValue=True)
        return done["result"].get("value")

    def submitted(self, script: str) -> None:
        """Run something that leads to another page, and wait for that."""
        self.seen.clear()
        self.run(script)
        if not self._loaded():
            self._until(lambda said: said.get("method") == "Page.loadEventFired")

    def requested(self) -> list[str]:
        """The addresses that the page asked for."""
        return [
            each["params"]["request"]["url"]
            for each in self.seen
            if each.get("method") == "Network.requestWillBeSent"
        ]

    def forbidden(self) -> list[str]:
        """Those of them that the page's policy stopped before they left."""
        stopped = {
            each["params"]["requestId"]
            for each in self.seen
            if each.get("method") == "Network.loadingFailed"
            and each["params"].get("blockedReason") == "csp"
        }
        return [
            each["params"]["request"]["url"]
            for each in self.seen
            if each.get("method") == "Network.requestWillBeSent"
            and each["params"]["requestId"] in stopped
        ]

    def complaints(self) -> list[str]:
        """What the console says, such as what the page's policy forbade."""
        return [
            each["params"]["entry"]["text"]
            for each in self.seen
            if each.get("method") == "Log.entryAdded"
        ]

    def picture(self, path: Path) -> None:
        """The whole page as PNG."""
        shot = self.ask("Page.captureScreenshot", captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(shot["data"]))

    def _loaded(self) -> bool:
        return any(each.get("method") == "Page.loadEventFired" for each in self.seen)

    def _until(self, wanted: Any) -> dict[str, Any]:
        end = time.monotonic() + _SECONDS
        while True:
            while b"\0" not in self._rest:
                ready, _, _ = select.select([self._back], [], [], max(0.0, end - time.monotonic()))
                data = os.read(self._back, 1 << 16) if ready else b""
                if not data:
                    raise TimeoutError("the browser does not answer")
                self._rest += data
            line, self._rest = self._rest.split(b"\0", 1)
            said: dict[str, Any] = json.loads(line)
            self.seen.append(said)
            if wanted(said):
                return said


@contextmanager
def browser(folder: Path) -> Iterator[Browser]:
    """A browser with an empty profile in ``folder``."""
    theirs_in, to = os.pipe()
    back, theirs_out = os.pipe()
    # The browser reads from descriptor 3 and writes to 4, whatever ours are called.
    script = 'exec 3<&"$1" 4>&"$2"; shift 2; exec "$@"'
    command = ["bash", "-c", script, "bash", str(theirs_in), str(theirs_out), found(), *_FLAGS]
    command += [f"--user-data-dir={folder}", "--remote-debugging-pipe"]
    with (
        subprocess.Popen(
            command,
            pass_fds=(theirs_in, theirs_out),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as run,
    ):
        os.close(theirs_in)
        os.close(theirs_out)
        try:
            yield Browser(to, back)
        finally:
            os.close(to)
            os.close(back)
            run.terminate()
