"""The ``interlock`` command: arguments in, exit code out, one place where errors become text."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from interlock import __version__
from interlock.cli.failing import guarded, written
from interlock.values import NamedTuple


class Verb(NamedTuple):
    """One sub-command: its module in interlock.cli and its line of help."""

    module: str
    help: str


#: Every sub-command, in the order of --help.
VERBS: dict[str, Verb] = {
    "check": Verb("check", "check that every part of every experiment is there and agrees"),
    "explain": Verb("explain", "say what a rule means, why it exists and how to mend it"),
    "rules": Verb("rules", "list the rules of this policy, with their severities"),
    "show": Verb("show", "show one experiment across all repositories, side by side"),
    "graph": Verb("graph", "draw repositories, sources and rules as Mermaid or SVG"),
    "set": Verb("sets", "show which changes in several repositories belong together"),
    "secrets": Verb("secrets", "find credentials in files, in a change or in history"),
    "policy": Verb("policy", "show, validate or test a policy"),
    "sandbox": Verb("sandbox", "serve an embedded GitHub on this machine, for demos and tests"),
    "init": Verb("init", "write a commented starter policy, hook and workflow"),
}


def build(only: str = "") -> argparse.ArgumentParser:
    """The parser with every sub-command; with ``only`` but that one's arguments are known.

    Each sub-command's module costs its imports: a command that is given pays for no other.
    """
    parser = argparse.ArgumentParser(
        prog="interlock",
        description="Keeps a change from going live while one of its parts is missing.",
        epilog="exit codes: 0 clean, 1 findings, 2 wrong usage or policy, 3 a bug in Interlock",
    )
    parser.add_argument("--version", action="version", version=f"interlock {__version__}")
    verbs = parser.add_subparsers(dest="verb", metavar="COMMAND", required=True)
    for name, verb in VERBS.items():
        sub = verbs.add_parser(name, help=verb.help, description=f"{verb.help}.")
        sub.set_defaults(module=verb.module)
        if only in ("", name):
            import_module(f"interlock.cli.{verb.module}").add_arguments(sub)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    return guarded(lambda: _run(argv))


def _run(argv: Sequence[str] | None) -> int:
    words = sys.argv[1:] if argv is None else argv
    arguments = build(words[0] if words and words[0] in VERBS else "").parse_args(words)
    module = import_module(f"interlock.cli.{arguments.module}")
    command: Callable[[argparse.Namespace], int] = module.run
    return command(arguments)


def run() -> None:
    """The console script."""
    try:
        code = main()
    except SystemExit as ended:  # --help, or wrong usage
        code = written(ended.code if isinstance(ended.code, int) else 0)
    raise SystemExit(code)
