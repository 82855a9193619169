"""The story goes on at GitHub: an embedded one, with a bot that answers each pull request."""

from __future__ import annotations

import re
import sys
from html import unescape

from interlock.cli.sandbox_demo import PIPELINES, SERVING, TRAINING, Pull, propose, stage
from interlock.sandbox import Sandbox
from interlock.sandbox.wire import Refused

CONTEXT = "interlock/change-set"


def tell() -> None:
    """One pull request, its siblings, and the order in which they may land."""
    print("\n\nOn GitHub (an embedded one) the same experiment takes three pull requests.")
    with Sandbox() as sandbox:
        bot = stage(sandbox)
        print("Ada opens the first, in feature-pipelines. The bot looks, and comments:")
        plan = propose(sandbox, PIPELINES)
        bot.look(plan)
        print_status(sandbox, plan)
        expect(sandbox, plan, "failure")
        print_comment(sandbox, plan)
        print("\nIt cannot be merged alone:")
        merge(sandbox, plan, refused=True)
        print("\nShe opens the two siblings. The bot tells all three:")
        training, serving = propose(sandbox, TRAINING), propose(sandbox, SERVING)
        for pull in (training, serving):
            bot.look(pull)
        for pull in (plan, training, serving):
            print_status(sandbox, pull)
        expect(sandbox, plan, "pending")
        for pull in (training, serving):
            expect(sandbox, pull, "success")
        print("\nThose that are read land first, then the plan that makes it live:")
        for pull in (training, serving):
            merge(sandbox, pull)
            bot.look(pull)
        print_status(sandbox, plan)
        merge(sandbox, plan)
        bot.look(plan)
        print()
        print_comment(sandbox, plan)
    print("\n`make demo-web` shows the same in a browser.")


def status(sandbox: Sandbox, pull: Pull) -> tuple[str, str]:
    """(state, description) of the gate on a pull request's head."""
    repo = sandbox.find(pull.repo)
    proposed = repo.issues[pull.number].pull
    assert proposed is not None
    found = [s for s in repo.statuses.get(proposed.head_sha, []) if s.context == CONTEXT]
    return (found[-1].state, found[-1].description or "") if found else ("none", "")


def print_status(sandbox: Sandbox, pull: Pull) -> None:
    """The gate as GitHub shows it below a pull request."""
    state, told = status(sandbox, pull)
    mark = {"success": "✔", "failure": "✘"}.get(state, "●")
    print(f"  {mark} {pull.repo}#{pull.number}  {CONTEXT}  {state}: {told}")


def print_comment(sandbox: Sandbox, pull: Pull) -> None:
    """The bot's comment, as far as it is not folded away, without its markup."""
    comments = sandbox.find(pull.repo).issues[pull.number].comments
    body = next(one.body for one in comments if one.user.login.startswith("interlock"))
    shown = re.sub(r"(?s)<details>.*", "", body)
    shown = re.sub(r"</t[dh]><t[dh]>", " | ", shown)
    shown = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", shown)
    shown = unescape(re.sub(r"<[^>]*>", "", shown)).replace("**", "").replace("`", "")
    for line in shown.splitlines():
        if line.strip():
            print(f"  | {line.strip().removeprefix('### ')}")


def merge(sandbox: Sandbox, pull: Pull, *, refused: bool = False) -> None:
    """Press the button; the branch's rules decide."""
    try:
        sandbox.merge(pull.repo, pull.number, login="ada")
    except Refused as error:
        if not refused:
            sys.exit(f"the demo expected {pull.repo}#{pull.number} to land: {error}")
        print(f"  refused: {' '.join(str(error).split())}")
        return
    if refused:
        sys.exit(f"the demo expected {pull.repo}#{pull.number} to be refused")
    print(f"  merged {pull.repo}#{pull.number}")


def expect(sandbox: Sandbox, pull: Pull, state: str) -> None:
    """Stop the demo where it does not do what it says."""
    found = status(sandbox, pull)
    if found[0] != state:
        sys.exit(f"the demo expected {pull.repo}#{pull.number} to be {state}, and it is {found}")
