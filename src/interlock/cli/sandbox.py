"""``interlock sandbox``: an embedded GitHub on this machine until Ctrl-C.

What it does is in docs/sandbox.md.
"""

from __future__ import annotations

import argparse
import os
import threading

from interlock.errors import UsageError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of ``interlock sandbox``."""
    parser.add_argument(
        "repos",
        nargs="*",
        metavar="OWNER/NAME=PATH",
        help="local repositories to serve; without any, one empty acme/example",
    )
    parser.add_argument("--port", type=int, default=0, help="the port (default: a free one)")
    parser.add_argument(
        "--user",
        default="alice",
        metavar="LOGIN",
        help="who administers it and is signed in to its pages (default: %(default)s)",
    )
    parser.add_argument(
        "--demo",
        action="store_true",
        help="serve three repositories of one experiment, with pull requests and a bot",
    )


def run(arguments: argparse.Namespace) -> int:
    """Serve until Ctrl-C, then remove everything."""
    given = [_pair(each) for each in arguments.repos]
    if given and arguments.demo:
        raise UsageError("--demo brings its own repositories; leave out OWNER/NAME=PATH")
    if not 0 <= arguments.port <= 65535:
        raise UsageError(f"--port {arguments.port}: a port is a number from 0 to 65535")
    from interlock.sandbox import Sandbox

    try:
        sandbox = Sandbox(port=arguments.port)
    except OSError as error:
        raise UsageError(
            f"port {arguments.port} cannot be opened ({error.strerror}); give another --port, or "
            "none to take a free one"
        ) from error
    with sandbox:
        sandbox.browse_as(arguments.user)
        if arguments.demo:
            _demo(sandbox, arguments.user)
        else:
            _fill(sandbox, given or [("acme/example", "")], arguments.user)
        try:
            _tell(sandbox, arguments.user)
            threading.Event().wait()
        except KeyboardInterrupt:
            print("stopped; everything in it is gone")
    return 0


def _pair(text: str) -> tuple[str, str]:
    name, equals, path = text.partition("=")
    owner, slash, repo = name.partition("/")
    if not (equals and slash and owner and repo) or "/" in repo:
        raise UsageError(f"{text}: write OWNER/NAME=PATH, such as acme/pipelines=../pipelines")
    if not os.path.isdir(path):
        raise UsageError(f"{path} (for {name}): there is no such folder")
    return name, path


def _fill(sandbox: object, given: list[tuple[str, str]], login: str) -> None:
    from interlock.sandbox import Sandbox
    from interlock.sandbox.process import GitFailed

    assert isinstance(sandbox, Sandbox)
    for name, path in given:
        sandbox.org(name.partition("/")[0], admins=(login,))
        try:
            if path:
                sandbox.repo(name, source=os.path.abspath(path))
            else:
                sandbox.repo(name, {"README.md": f"# {name}\n"})
        except GitFailed as failed:
            raise UsageError(
                f"{path} (for {name}) cannot be read as a repository: {failed}"
            ) from None


def _demo(sandbox: object, login: str) -> None:
    from interlock.cli.sandbox_demo import needed, play
    from interlock.sandbox import Sandbox

    assert isinstance(sandbox, Sandbox)
    needed()
    pages = play(sandbox, login)
    print("An experiment, ranker-v3, is planned and trained; serving has been forgotten. Look at\n")
    for page in pages:
        print(f"  {page}")
    print("\nThe last one opens the pull request that is missing.\n")


def _tell(sandbox: object, login: str) -> None:
    from interlock.sandbox import Sandbox

    assert isinstance(sandbox, Sandbox)
    token = sandbox.token(login)
    print("An embedded GitHub; it ends, with everything in it, at Ctrl-C.\n")
    for name, value in sandbox.environment(token).items():
        print(f"export {name}={value}")
    print(f"\npages, where {login} is signed in: {sandbox.url}/\nrepositories:")
    for repo in sandbox.world.repos.values():
        print(f"  git clone {sandbox.git_url(repo.full_name, token)}")
    print(flush=True)
