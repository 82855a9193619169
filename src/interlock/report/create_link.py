"""The address that opens a pull request that is missing, with its title and body filled in.

https://docs.github.com/pull-requests/collaborating-with-pull-requests/proposing-changes-to-your-work-with-pull-requests/using-query-parameters-to-create-a-pull-request
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from interlock.changes.naming import TRAILER, set_branch, set_id

#: GitHub answers 414 to addresses that are much longer than browsers' own bounds.
MAX_ADDRESS = 2_000


def create_link(
    page: str, default: str, key: str, siblings: Sequence[str], branch: str = ""
) -> str:
    """``page`` is the repository's; ``siblings`` are addresses of the other pull requests.

    The branch has to be pushed before: it is the set's own, or ``branch`` where there is no key.
    """
    name = set_id(key) if key else branch
    head = set_branch(key) if key else branch
    title = f"{name}: its part here"
    known = list(siblings)
    while True:
        lines = [f"Part of the change for {name}.", "", *(f"- {one}" for one in known), ""]
        body = "\n".join([*lines, f"{TRAILER}: {name}"] if key else lines)
        branches = f"{quote(default, safe='/')}...{quote(head, safe='/')}"
        asked = f"quick_pull=1&title={quote(title, safe='')}&body={quote(body, safe='')}"
        address = f"{page}/compare/{branches}?{asked}"
        if len(address) <= MAX_ADDRESS or not known:
            return address
        known.pop()
