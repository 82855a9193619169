"""interlock init: starter files, commented, never over something that is there."""

from __future__ import annotations

import argparse
import os
import re
import sys

from interlock import __version__
from interlock.cli.found import POLICY_FILE
from interlock.cli.writing import write_whole
from interlock.errors import UsageError
from interlock.policy.member import FILE as MEMBER_FILE
from interlock.trees.checkouts import find_checkout

_POLICY = """\
{schema}
# What has to fit together, and where it stands. `interlock explain RELATION` says more.
version: 1
requires: interlock>={version}
extends: [interlock:recommended]

# Credentials are looked for in commits and pull requests; `interlock secrets baseline` writes down
# those that are there already.
secrets: {{}}

# The repositories, by the short names that the rest of this file uses.
repos:
  {alias}: {name}
  # serving: acme/model-serving

# In GitHub Actions, what a repository holds is shown in another one only where it is public, or
# where it is shared; otherwise findings say "differs" and link it.
# share-with:
#   {alias}: [serving]                      # or "*": wherever a finding is shown

# A source turns files into records: one record a file, or one a match of `each`.
sources:
  plan:
    repo: {alias}
    files: "experiments/{{key}}.yaml"        # the file's name is the experiment's key
    optional: true                          # remove this once there is an experiment
    fields:
      status: $.status
      weights: "$.variants.*.weight"        # a map: variant -> weight

# A rule relates the records of one source, or those of several that share a key.
consistency:
  - id: weights-add-up
    each: plan.weights
    sum: 100
    why: weights that add up to less leave users in no variant
  # - {{id: in-serving, each: plan, when: {{status: [ready, live]}}, exists-in: serving}}
"""
_SCHEMA = "https://raw.githubusercontent.com/interlock/interlock/v{version}/schemas/policy.json"
_MEMBER = """\
# This repository takes part in the policy below. `repo` is its name there.
policy: {policy}
repo: {alias}
"""
_PRE_COMMIT = """\
repos:
  - repo: https://github.com/interlock/interlock
    rev: v{version}
    hooks:
      - id: interlock
"""
_WORKFLOW = """\
name: interlock
on:
  pull_request:
permissions: {{}}
jobs:
  check:
    runs-on: ubuntu-latest
    timeout-minutes: 10
    permissions:
      contents: read
    steps:
      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0
        with:
          fetch-depth: 0
          persist-credentials: false
      - uses: actions/setup-python@e797f83bcb11b83ae66e0230d6156d7c80228e7c # v6.0.0
        with:
          python-version: "3.12"
      - run: python -m pip install "git+https://github.com/interlock/interlock@v{version}"
      - run: interlock check --from "origin/$BASE" --to HEAD --format github
        env:
          BASE: ${{{{ github.base_ref }}}}
          # Private repositories of the policy need a token that may read their contents:
          # INTERLOCK_TOKEN: ${{{{ secrets.INTERLOCK_TOKEN }}}}
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``interlock init``."""
    parser.add_argument(
        "--member",
        default="",
        metavar="POLICY",
        help="write a member file that follows POLICY (owner/name//interlock.yaml@main)",
    )
    parser.add_argument("--as", dest="alias", default="", metavar="ALIAS", help="this repo's alias")


def run(arguments: argparse.Namespace) -> int:
    """Write what is not there yet, and say what was done with each file."""
    try:
        own = find_checkout(os.getcwd())
    except UsageError:
        raise UsageError("a policy belongs in a git repository: `git init` first") from None
    name = own.names[0] if own.names else f"OWNER/{os.path.basename(own.top)}"
    repo = name.rpartition("/")[2]
    alias = arguments.alias or re.sub(r"[^a-z0-9_-]+", "-", repo.lower()).strip("-") or "here"
    schema = f"# yaml-language-server: $schema={_SCHEMA.format(version=__version__)}"
    values = {
        "schema": schema,
        "version": __version__,
        "alias": alias,
        "name": name,
        "policy": arguments.member,
    }
    if arguments.member and "//" not in arguments.member:
        raise UsageError(
            "--member takes owner/name//path@revision, such as acme/policy//interlock.yaml@main"
        )
    first = (MEMBER_FILE, _MEMBER) if arguments.member else (POLICY_FILE, _POLICY)
    files = (
        first,
        (".pre-commit-config.yaml", _PRE_COMMIT),
        (".github/workflows/interlock.yml", _WORKFLOW),
    )
    there = [path for path in (POLICY_FILE, MEMBER_FILE) if _is_there(own.top, path)]
    for path, text in files:
        if path in (POLICY_FILE, MEMBER_FILE) and there and path not in there:
            sys.stdout.write(f"left out {path}: this repository has {there[0]} already\n")
            continue
        _write(own.top, path, text.format(**values))
    sys.stdout.write("next: `interlock check`, then `pre-commit install`\n")
    return 0


def _is_there(top: str, path: str) -> bool:
    return os.path.lexists(os.path.join(top, path))


def _write(top: str, path: str, text: str) -> None:
    full = os.path.join(top, path)
    if _is_there(top, path):
        sys.stdout.write(f"kept   {path} (it is there already)")
        if path == ".pre-commit-config.yaml":
            lines = text.splitlines()[1:]
            sys.stdout.write("; add to its `repos`:\n" + "\n".join(lines))
        sys.stdout.write("\n")
        return
    try:
        os.makedirs(os.path.dirname(full) or ".", exist_ok=True)
        write_whole(full, text.encode())
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from None
    sys.stdout.write(f"wrote  {path}\n")
