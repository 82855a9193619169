"""interlock set show."""

from __future__ import annotations

import argparse

from interlock.cli import set_show


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``interlock set``."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    text = "show what belongs to this branch's change in other repositories, and in which order"
    set_show.add_arguments(actions.add_parser("show", help=text, description=f"{text}."))


def run(arguments: argparse.Namespace) -> int:
    """Show."""
    return set_show.run(arguments)
