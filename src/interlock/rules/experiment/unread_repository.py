"""experiment/unread-repository: what a rule compares with could not be read."""

from __future__ import annotations

from interlock.rules.base import RuleDoc

RULE = RuleDoc(
    id="experiment/unread-repository",
    summary="a repository that a touched rule needs could not be read",
    what="A rule whose files the change touches compares them with a repository that is not "
    "beside this one, not in the cache and not to be fetched. The rule is *unknown*, never clean: "
    "it passes on a laptop and fails where CI=true or with --require-all. Where the run cannot "
    "hold the credential (a fork's or a dependency bot's pull request) it is *deferred* to the "
    "status that the organisation's bot sets.",
    why="A check that silently leaves out what it could not read looks the same as a clean one.",
    bad="interlock check        # and acme/model-serving is nowhere to be found",
    good="interlock check --repo serving=../model-serving",
    fix="None: clone the repository beside this one, pass --repo ALIAS=PATH[@REV], or give the "
    "run a token that may read it (INTERLOCK_TOKEN). Its severity cannot be changed.",
    since="0.1.0",
    severity="error",
)
