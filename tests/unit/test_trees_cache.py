"""Cached partial clones: one fetch for all files, age, offline use, locks, credentials."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
from forge import NOW, SERVING, Forge, Trace, read
from gitrepos import Repository, clean_environment, contents, hide, run_git

from interlock.errors import TreeError
from interlock.trees import cache as cache_module
from interlock.trees.access import Access
from interlock.trees.cache import Cache
from interlock.trees.checkouts import find_checkout
from interlock.trees.locks import Lock
from interlock.trees.siblings import Given, Siblings


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    hide(monkeypatch)


@pytest.fixture
def forge(tmp_path: Path) -> Iterator[Forge]:
    made = Forge(tmp_path.resolve())
    yield made
    for siblings in made.opened:
        siblings.close()


@pytest.fixture
def trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Trace:
    return Trace(tmp_path / "trace", monkeypatch)


def test_twenty_files_come_in_one_fetch(forge: Forge, trace: Trace) -> None:
    found, notices = forge.find(network=True)
    assert found.tree is not None
    label = f"main ({forge.serving.git('rev-parse', 'HEAD')[:7]})"
    assert found.tree.label == label
    assert notices == ()
    verbs = trace.verbs()
    assert verbs.count("clone") == 1
    assert "fetch" not in verbs
    assert read(found) == {f"conf/{n} x.yaml": f"v{n}".encode() for n in range(20)}
    assert trace.verbs().count("fetch") == 1
    assert read(found) == {f"conf/{n} x.yaml": f"v{n}".encode() for n in range(20)}
    assert "fetch" not in trace.verbs()


def test_only_what_is_read_is_fetched(forge: Forge) -> None:
    tree = forge.find(network=True)[0].tree
    assert tree is not None
    contents(tree, "conf/3 x.yaml")
    (folder,) = forge.cache.glob("*/*/*.git")
    ids = run_git(folder, "cat-file", "--batch-all-objects", "--batch-check").splitlines()
    assert sum(" blob " in line for line in ids) == 1


def test_without_network_one_process_reads_what_is_there(forge: Forge, trace: Trace) -> None:
    forge.warm()
    forge.vanish()
    trace.verbs()
    found, notices = forge.find(network=False, now=NOW + 3 * 3600)
    assert read(found) == {f"conf/{n} x.yaml": f"v{n}".encode() for n in range(20)}
    assert notices == ("serving was read from a copy fetched 3 h ago",)
    assert trace.verbs() == ["cat-file"]


def test_without_network_a_file_that_was_never_fetched_makes_the_repository_unknown(
    forge: Forge, trace: Trace
) -> None:
    tree = forge.find(network=True)[0].tree
    assert tree is not None
    contents(tree, "conf/3 x.yaml")
    trace.verbs()
    tree = forge.find(network=False)[0].tree
    assert tree is not None
    assert contents(tree, "conf/3 x.yaml") == {"conf/3 x.yaml": b"v3"}
    with pytest.raises(TreeError, match="run `interlock check` once outside a hook"):
        contents(tree, "conf/4 x.yaml")
    assert "fetch" not in trace.verbs()


def test_without_network_and_copy_there_is_a_reason_and_no_connection(
    forge: Forge, trace: Trace
) -> None:
    found, notices = forge.find(network=False)
    assert found.tree is None
    assert "there is no checkout of acme/serving in" in found.reason
    assert "pass --repo serving=PATH" in found.reason
    assert notices == ()
    assert trace.verbs() == []
    assert not forge.cache.exists()


def test_a_copy_is_fetched_again_when_it_is_old_and_not_before(forge: Forge, trace: Trace) -> None:
    forge.warm()
    forge.serving.commit({"conf/3 x.yaml": "newer", "new": "file"})
    trace.verbs()
    found, notices = forge.find(network=True, now=NOW + 900)
    assert read(found)["conf/3 x.yaml"] == b"v3"
    assert notices == ("serving was read from a copy fetched 15 min ago",)
    assert "fetch" not in trace.verbs()
    found, notices = forge.find(network=True, now=NOW + 901)
    assert notices == ()
    assert trace.verbs().count("fetch") == 1
    got = read(found)
    assert (got["conf/3 x.yaml"], got["new"], len(got)) == (b"newer", b"file", 21)
    assert trace.verbs().count("fetch") == 1


def test_a_copy_from_the_future_is_fetched_again(forge: Forge) -> None:
    forge.warm()
    forge.serving.commit({"new": "file"})
    assert "new" in read(forge.find(network=True, now=NOW - 5000)[0])


def test_offline_an_old_copy_serves_and_says_so(forge: Forge) -> None:
    forge.warm()
    forge.vanish()
    found, notices = forge.find(network=True, now=NOW + 2 * 86_400)
    assert read(found)["conf/3 x.yaml"] == b"v3"
    problem, age = notices
    assert problem.startswith("acme/serving could not be fetched: ")
    assert "does not appear to be a git repository" in problem
    assert age == "serving was read from a copy fetched 2 days ago"


def test_a_repository_that_cannot_be_cloned_is_a_reason(forge: Forge) -> None:
    found = forge.siblings(network=True).find("training", "acme/training")
    assert found.tree is None
    assert "there is no checkout of acme/training in" in found.reason
    assert "could not be cloned: " in found.reason
    assert "pass --repo training=PATH" in found.reason
    assert list(forge.cache.rglob("HEAD")) == []


def test_the_default_branch_may_change_its_name(forge: Forge) -> None:
    forge.warm()
    forge.serving.git("branch", "-m", "trunk")
    forge.serving.commit({"conf/3 x.yaml": "trunk"})
    found, _ = forge.find(network=True, now=NOW + 1000)
    assert read(found)["conf/3 x.yaml"] == b"trunk"


def test_our_branch_is_looked_for_in_the_copy(forge: Forge) -> None:
    forge.serving.git("checkout", "-q", "-b", "exp/ranker")
    forge.serving.commit({"conf/3 x.yaml": "branch"})
    forge.serving.git("checkout", "-q", "main")
    forge.own.git("checkout", "-q", "-b", "exp/ranker")
    found, _ = forge.find(network=True)
    assert read(found)["conf/3 x.yaml"] == b"branch"
    assert found.tree is not None
    assert found.tree.label.startswith("exp/ranker (")


def test_a_checkout_beside_ours_wins_over_the_copy(forge: Forge, trace: Trace) -> None:
    beside = Repository(forge.folder / "work" / "serving")
    beside.git("remote", "add", "origin", f"git@github.com:{SERVING}.git")
    beside.commit({"a": "beside"})
    trace.verbs()
    assert read(forge.find(network=True)[0]) == {"a": b"beside"}
    assert not forge.cache.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="links of POSIX")
def test_links_in_a_partial_clone_are_fetched_with_their_targets(
    forge: Forge, trace: Trace
) -> None:
    os.symlink("3 x.yaml", forge.serving.folder / "conf" / "link")
    forge.serving.commit({})
    tree = forge.find(network=True)[0].tree
    assert tree is not None
    trace.verbs()
    assert contents(tree, "conf/link") == {"conf/link": b"v3"}
    assert trace.verbs().count("fetch") == 2
    assert contents(tree)["conf/link"] == b"v3"


def test_many_fetches_do_not_leave_many_packs(
    forge: Forge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache_module, "_MAX_PACKS", 3)
    for turn in range(6):
        forge.serving.commit({"conf/3 x.yaml": f"turn {turn}"})
        found, _ = forge.find(network=True, now=NOW + 1000 * turn)
        assert read(found)["conf/3 x.yaml"] == f"turn {turn}".encode()
    (folder,) = forge.cache.glob("*/*/*.git")
    assert len(list(folder.glob("objects/pack/*.pack"))) <= 5
    forge.vanish()
    got = read(forge.find(network=False, now=NOW + 5000)[0])
    assert (got["conf/3 x.yaml"], len(got)) == (b"turn 5", 20)


def test_a_clone_that_was_cut_off_is_made_anew(forge: Forge) -> None:
    forge.warm()
    (folder,) = forge.cache.glob("*/*/*.git")
    (folder / "interlock-fetched").unlink()
    (folder / "HEAD").write_text("torn")
    (folder.parent / f"{folder.name}.new" / "objects").mkdir(parents=True)
    assert len(read(forge.find(network=True)[0])) == 20


def test_two_runs_at_once_clone_once(forge: Forge, trace: Trace) -> None:
    answers: list[int] = []

    def run() -> None:
        found, _ = forge.find(network=True)
        answers.append(len(read(found)))

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [20] * 4
    assert trace.verbs().count("clone") == 1


def test_a_copy_that_another_run_holds_is_used_as_it_is(
    forge: Forge, monkeypatch: pytest.MonkeyPatch
) -> None:
    forge.warm()
    (folder,) = forge.cache.glob("*/*/*.git")
    monkeypatch.setattr(cache_module, "_PATIENCE", 0.1)
    with Lock(f"{folder}.lock", 0) as lock:
        assert lock.held
        found, notices = forge.find(network=True, now=NOW + 3600)
    assert len(read(found)) == 20
    assert notices == (
        "acme/serving could not be fetched: another run is fetching it",
        "serving was read from a copy fetched 1 h ago",
    )


def test_a_lock_is_held_once_and_free_again(tmp_path: Path) -> None:
    path = str(tmp_path / "x.lock")
    with Lock(path, 0) as first:
        assert first.held
        begin = time.monotonic()
        with Lock(path, 0.2) as second:
            assert not second.held
        assert time.monotonic() - begin >= 0.2
    with Lock(path, 0) as third:
        assert third.held
    with pytest.raises(TreeError, match="cannot be written"), Lock(str(tmp_path / "no" / "x"), 0):
        pass


def test_a_lock_dies_with_its_process(tmp_path: Path) -> None:
    path = str(tmp_path / "x.lock")
    code = (
        "import os, sys; from interlock.trees.locks import Lock\n"
        "with Lock(sys.argv[1], 0) as lock: os.write(1, str(lock.held).encode()); os._exit(9)"
    )
    from interlock.trees.spawn import start

    process = start([sys.executable, "-c", code, path], os.environ)
    assert process.read(100).strip() == b"True"
    assert process.finish()[0] == 9
    with Lock(path, 0) as lock:
        assert lock.held


def test_a_host_that_never_answers_is_given_up(
    forge: Forge, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if sys.platform == "win32":
        pytest.skip("needs a shell script")
    ssh = tmp_path / "ssh"
    ssh.write_text("#!/bin/sh\nsleep 60\n")
    ssh.chmod(0o755)
    monkeypatch.setenv("GIT_SSH", str(ssh))
    monkeypatch.setattr(cache_module, "_CLONE_SECONDS", 1)
    forge.own.git("remote", "set-url", "origin", "git@ghes.corp:acme/pipelines.git")
    begin = time.monotonic()
    found, _ = forge.find(network=True)
    assert found.tree is None
    assert "git clone gave no answer for 1 seconds" in found.reason
    assert time.monotonic() - begin < 20


@pytest.mark.parametrize(
    "name", ["../../evil", "acme/..", "acme/x y", "acme", "acme/x/y", "acme/x\n", "-x/../y", "/x"]
)
def test_a_name_that_is_no_repository_makes_no_folder(forge: Forge, name: str) -> None:
    found = forge.siblings(network=True).find("evil", name)
    assert found.tree is None
    assert not forge.cache.exists()


def test_each_host_has_its_own_copy_and_case_does_not_matter(tmp_path: Path) -> None:
    access = Access(str(tmp_path), network=False, now=NOW)

    def folder(url: str, name: str) -> str:
        return Cache(access, url)._folder(url, name)

    one = folder("https://github.com/acme/a.git", "Acme/Serving")
    assert one == folder("git@github.com:acme/b.git", "acme/serving")
    assert one != folder("https://ghes.corp/acme/a.git", "acme/serving")
    assert one == os.path.join(str(tmp_path), "github.com", "acme", "serving.git")
    assert folder("/srv/x/a/b", "a/c") != folder("/srv/y/a/b", "a/c")
    for url in ("https://../../x/a/b", "ssh://-x/a/b", "https://.../a/b"):
        assert Path(folder(url, "a/c")).resolve().is_relative_to(tmp_path.resolve())


def header(login: str) -> str:
    return "Authorization: Basic " + b64encode(login.encode()).decode()


@pytest.mark.parametrize(
    ("own", "token", "expected"),
    [
        ("https://github.com/acme/a", "", {}),
        (
            "https://github.com/acme/a",
            "s3cret",
            {"http.https://github.com/.extraHeader": header("x-access-token:s3cret")},
        ),
        (
            "https://me:p%40ss@ghes.corp:8443/acme/a",
            "",
            {"http.https://ghes.corp:8443/.extraHeader": header("me:p@ss")},
        ),
        ("https://ghes.corp/acme/a", "s3cret", {}),
        ("http://github.com/acme/a", "s3cret", {}),
        ("git@github.com:acme/a", "s3cret", {}),
        ("https://me:pw@ghes.corp/", "", {}),
    ],
)
def test_credentials_go_to_their_own_host_alone(
    own: str, token: str, expected: dict[str, str]
) -> None:
    cache = Cache(Access("cache", network=True, now=NOW, token=token), own)
    network = cache.network(SERVING)
    assert network is not None
    assert network.settings == expected


class Backend(BaseHTTPRequestHandler):
    """git's own HTTP server, for those who log in as me:hunter2."""

    root = ""
    logins: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        login = self.headers.get("Authorization", "")
        self.logins.append(login)
        if f"Authorization: {login}" != header("me:hunter2"):
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="x"')
            self.end_headers()
            return
        path, _, query = self.path.partition("?")
        env = clean_environment() | {
            "GIT_PROJECT_ROOT": self.root,
            "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "HTTP_GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
        }
        if "chunked" in self.headers.get("Transfer-Encoding", ""):
            raise AssertionError("a request this small is not chunked")
        given = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        command = ["git", "http-backend"]
        done = subprocess.run(command, env=env, input=given, capture_output=True, check=True)
        head, _, body = done.stdout.partition(b"\r\n\r\n")
        lines = [line.partition(": ") for line in head.decode().splitlines()]
        status = next((int(value.split()[0]) for name, _, value in lines if name == "Status"), 200)
        self.send_response(status)
        for name, _, value in lines:
            if name != "Status":
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_credentials_reach_the_host_and_stand_in_no_argument_and_no_file(
    forge: Forge, trace: Trace, monkeypatch: pytest.MonkeyPatch
) -> None:
    Backend.root = str(forge.folder / "forge")
    Backend.logins.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Backend)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    url = f"http://me:hunter2@127.0.0.1:{server.server_port}/acme/pipelines.git"
    forge.own.git("remote", "set-url", "origin", url)
    try:
        found, _ = forge.find(network=True)
        assert len(read(found)) == 20
        forge.serving.commit({"conf/3 x.yaml": "newer"})
        assert read(forge.find(network=True, now=NOW + 1000)[0])["conf/3 x.yaml"] == b"newer"
    finally:
        server.shutdown()
        server.server_close()
    secret = header("me:hunter2").rpartition(" ")[2]
    assert set(Backend.logins) == {f"Basic {secret}"}
    words = trace.path.read_bytes()
    assert b"git-remote-http" in words
    files = [path.read_bytes() for path in forge.cache.rglob("*") if path.is_file()]
    for data in [words, *files]:
        assert b"hunter2" not in data
        assert secret.encode() not in data


def test_a_wrong_login_is_said_and_nobody_is_asked(
    forge: Forge, monkeypatch: pytest.MonkeyPatch
) -> None:
    Backend.root = str(forge.folder / "forge")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Backend)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    url = f"http://me:wrong-one@127.0.0.1:{server.server_port}/acme/pipelines.git"
    forge.own.git("remote", "set-url", "origin", url)
    try:
        found, notices = forge.find(network=True)
    finally:
        server.shutdown()
        server.server_close()
    assert found.tree is None
    assert "could not be cloned: " in found.reason
    assert "Authentication failed" in found.reason
    assert "wrong-one" not in found.reason + "".join(notices)


def test_a_partial_clone_of_ours_is_filled_in_one_fetch_where_network_is_allowed(
    forge: Forge, trace: Trace
) -> None:
    clone = forge.folder / "work" / "partial"
    arguments = ("clone", "-q", "--no-checkout", "--filter=blob:none")
    run_git(forge.folder, *arguments, forge.serving.folder.as_uri(), str(clone))
    given = {"serving": Given(str(clone), "origin/main")}
    for network in (False, True):
        siblings = Siblings(find_checkout(forge.own.path), given, Access("", network, NOW))
        forge.opened.append(siblings)
        tree = siblings.find("serving", SERVING).tree
        assert tree is not None
        trace.verbs()
        if network:
            assert len(contents(tree)) == 20
            assert trace.verbs().count("fetch") == 1
        else:
            with pytest.raises(TreeError, match="is a partial clone without the files"):
                contents(tree)
    shallow = run_git(clone, "cat-file", "--batch-all-objects", "--batch-check").splitlines()
    assert sum(" blob " in line for line in shallow) == 20


def test_a_sha256_repository_is_cached(tmp_path: Path) -> None:
    folder = tmp_path.resolve()
    long = Repository(folder / "forge/acme/serving.git", "--object-format=sha256")
    long.commit({"a": "1"})
    long.git("config", "uploadpack.allowFilter", "true")
    long.git("config", "uploadpack.allowAnySHA1InWant", "true")
    own = Repository(folder / "work/pipelines")
    own.git("remote", "add", "origin", (folder / "forge/acme/pipelines.git").as_uri())
    siblings = Siblings(find_checkout(own.path), {}, Access(str(folder / "cache"), True, NOW))
    assert read(siblings.find("serving", SERVING)) == {"a": b"1"}
    siblings.close()
