"""The options of `interlock secrets baseline`, apart: every command builds the whole parser."""

from __future__ import annotations

import argparse

from interlock.secrets.baseline import DAYS, NAME


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `secrets baseline` takes."""
    how = parser.add_mutually_exclusive_group()
    how.add_argument(
        "--audit", action="store_true", help="ask about each that nobody judged, or that is over"
    )
    how.add_argument(
        "--import", dest="old", metavar="FILE", help="take over a baseline of detect-secrets"
    )
    parser.add_argument("--all", action="store_true", help="with --audit: what was judged, too")
    parser.add_argument("--until", metavar="DAY", help=f"new ones are told till then ({DAYS} days)")
    parser.add_argument("--owner", metavar="WHO", help="who answers (git's user.email)")
    parser.add_argument(
        "--pragmas", action="store_true", help="entries for what a pragma allows, too"
    )
    parser.add_argument("--file", metavar="PATH", help=f"the baseline (the policy's, else {NAME})")
