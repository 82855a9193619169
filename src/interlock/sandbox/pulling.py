"""Opening, reading and merging pull requests, however that is asked for."""

from __future__ import annotations

from interlock.sandbox import events, gitmerge, judging
from interlock.sandbox.actors import Token, User
from interlock.sandbox.gitdiff import between, merge_base
from interlock.sandbox.gitrepo import Person
from interlock.sandbox.records import Issue, Pull, Repo, RuleSuite
from interlock.sandbox.refs import Change, close, follow, keep_head
from interlock.sandbox.wire import Refused, invalid
from interlock.sandbox.world import World
from interlock.values import Any, NamedTuple

#: How often a pull request is read before GitHub has computed whether it can be merged.
#: https://docs.github.com/rest/guides/using-the-rest-api-to-interact-with-your-git-database#checking-mergeability-of-pull-requests
COMPUTED_AFTER = 1


class Proposal(NamedTuple):
    """What a new pull request is asked to be; ``head`` as REST writes it: owner:branch."""

    title: str
    head: str
    base: str
    body: str | None = None
    draft: bool = False
    head_repo: str = ""
    maintainer_can_modify: bool = True


def head_of(world: World, repo: Repo, proposal: Proposal) -> tuple[Repo, str]:
    """The repository and branch of ``owner:branch``; raises Refused 422."""
    owner, colon, branch = proposal.head.partition(":")
    if not colon:
        owner, branch = repo.owner.login, proposal.head
    network = _network(world, repo)
    for other in network:
        if proposal.head_repo and other.name != proposal.head_repo.rpartition("/")[2]:
            continue
        if other.owner.login.lower() == owner.lower() and world.git(other).branch(branch):
            return other, branch
    raise invalid("PullRequest", "head")


def _network(world: World, repo: Repo) -> list[Repo]:
    """The repository, then its forks, parents and siblings."""

    def root(one: Repo) -> int:
        while one.parent in world.repos:
            one = world.repos[one.parent]
        return one.id

    top = root(repo)
    return [repo, *(o for o in world.repos.values() if o is not repo and root(o) == top)]


def propose(world: World, repo: Repo, proposal: Proposal, token: Token) -> Issue:
    """Open a pull request; raises Refused 422 as GitHub does.

    https://docs.github.com/rest/pulls/pulls#create-a-pull-request
    """
    head, branch = head_of(world, repo, proposal)
    git = world.git(repo)
    base_sha = git.branch(proposal.base)
    if not base_sha:
        raise invalid("PullRequest", "base")
    _unique(repo, proposal, head, branch)
    sha = world.git(head).branch(branch)
    number = world.next_number(repo)
    pull = Pull(
        world.new_id(),
        proposal.base,
        base_sha,
        head.id,
        branch,
        sha,
        f"{head.owner.login}:{branch}",
        draft=proposal.draft,
        maintainer_can_modify=proposal.maintainer_can_modify and head is not repo,
    )
    now = world.now()
    issue = Issue(
        world.new_id(),
        repo.id,
        number,
        proposal.title,
        proposal.body,
        token.user,
        now,
        now,
        pull=pull,
    )
    keep_head(world, repo, issue, sha)
    if git.ancestor(sha, base_sha):
        git.set_ref(f"refs/pull/{number}/head", "")
        text = f"No commits between {repo.owner.login}:{proposal.base} and {pull.head_label}"
        raise invalid("PullRequest", "head", "custom", text)
    repo.issues[number] = issue
    events.pull(world, repo, issue, "opened", token)
    return issue


def _unique(repo: Repo, proposal: Proposal, head: Repo, branch: str) -> None:
    """One open pull request for each pair of branches; raises Refused 422."""
    for other in repo.pulls():
        pull = other.pull
        if pull is None or other.state != "open" or pull.base_ref != proposal.base:
            continue
        if (pull.head_repo, pull.head_ref) == (head.id, branch):
            text = f"A pull request already exists for {head.owner.login}:{branch}."
            raise invalid("PullRequest", "head", "custom", text)


def compute(world: World, repo: Repo, issue: Issue) -> None:
    """Find out whether a pull request can be merged; sets its test merge commit."""
    pull = issue.pull
    if pull is None or issue.state != "open" or pull.mergeable is not None:
        return
    git = world.git(repo)
    base = git.branch(pull.base_ref)
    person = Person("GitHub", "noreply@github.com", f"{int(world.now())} +0000")
    text = f"Merge {pull.head_sha} into {base}"
    try:
        sha = gitmerge.merge(git, base, pull.head_sha, text, (person, person))
    except gitmerge.Conflict:
        pull.mergeable, pull.merge_commit_sha = False, None
        return
    pull.mergeable, pull.merge_commit_sha = True, sha
    git.set_ref(f"refs/pull/{issue.number}/merge", sha)


def read(world: World, repo: Repo, issue: Issue) -> bool | None:
    """What one read sees of mergeability; a later one sees the result."""
    pull = issue.pull
    assert pull is not None
    if issue.state != "open":
        return None
    pull.asked += 1
    if pull.asked > COMPUTED_AFTER:
        compute(world, repo, issue)
    return pull.mergeable


def set_draft(world: World, repo: Repo, issue: Issue, token: Token, *, draft: bool) -> None:
    """Make a pull request a draft or ready for review; only GraphQL can, REST cannot.

    https://docs.github.com/graphql/reference/mutations#convertpullrequesttodraft
    """
    pull = issue.pull
    assert pull is not None
    if pull.draft is not draft:
        pull.draft = draft
        issue.updated_at = world.now()
        action = "converted_to_draft" if draft else "ready_for_review"
        events.pull(world, repo, issue, action, token)


class Merge(NamedTuple):
    """How to merge; ``sha`` is the head that the caller saw, "" for any."""

    method: str = "merge"
    sha: str = ""
    title: str = ""
    message: str | None = None


def merge(world: World, repo: Repo, issue: Issue, asked: Merge, token: Token) -> str:
    """Merge a pull request now; the new commit. Raises Refused 405 or 409.

    https://docs.github.com/rest/pulls/pulls#merge-a-pull-request
    """
    pull = issue.pull
    assert pull is not None
    if asked.sha and asked.sha != pull.head_sha:
        raise Refused(409, "Head branch was modified. Review and try the merge again.")
    if pull.merged_at is not None or issue.state != "open":
        raise Refused(405, "Pull Request is not mergeable")
    if pull.draft:
        raise Refused(405, "Pull Request is still a draft")
    setting = {"merge": "allow_merge_commit", "squash": "allow_squash_merge"}
    name = setting.get(asked.method, "allow_rebase_merge")
    if repo.settings.get(name, True) is False:
        what = {"merge": "Merge commits are", "squash": "Squash merges are"}
        raise Refused(
            405, f"{what.get(asked.method, 'Rebase merges are')} not allowed on this repository."
        )
    result = _judge(world, repo, issue, asked, token)
    git = world.git(repo)
    base = git.branch(pull.base_ref)
    sha = _written(world, repo, issue, asked, token.user)
    landed(world, repo, issue, sha, token)
    ref = f"refs/heads/{pull.base_ref}"
    verdicts = judging.of_merge(world, repo, issue, asked.method)
    suite(world, repo, Change(ref, base, sha), token, verdicts, result)
    git.set_ref(ref, sha)
    follow(world, repo, Change(ref, base, sha), token, "pr_merge")
    if repo.settings.get("delete_branch_on_merge") and pull.head_repo == repo.id:
        from interlock.sandbox.refs import move

        move(world, repo, Change(f"refs/heads/{pull.head_ref}", pull.head_sha, ""), token)
    return sha


def _judge(world: World, repo: Repo, issue: Issue, asked: Merge, token: Token) -> str:
    """pass or bypass; raises Refused 405 with every rule that says no."""
    verdicts = judging.of_merge(world, repo, issue, asked.method)
    held = [v for v in verdicts if v.why]
    left = [v for v in held if not judging.bypasses(world, repo, token, v.ruleset, pull=True)]
    if left:
        pull = issue.pull
        assert pull is not None
        change = Change(
            f"refs/heads/{pull.base_ref}", world.git(repo).branch(pull.base_ref), pull.head_sha
        )
        suite(world, repo, change, token, verdicts, "fail")
        reasons = "\n".join(dict.fromkeys(v.why for v in left))
        raise Refused(405, f"Repository rule violations found\n\n{reasons}\n\n")
    return "bypass" if held else "pass"


def suite(
    world: World,
    repo: Repo,
    change: Change,
    token: Token,
    verdicts: list[judging.Verdict],
    result: str,
) -> None:
    """Keep how a change of a ref was judged, where any rule was.

    https://docs.github.com/rest/repos/rule-suites
    """
    verdicts = [v for v in verdicts if not judging.exempts(world, repo, token, v.ruleset)]
    if not verdicts:
        return
    evaluations: list[dict[str, Any]] = [
        {
            "rule_source": {
                "type": "ruleset",
                "id": v.ruleset.id,
                "name": v.ruleset.name,
            },
            "enforcement": v.ruleset.enforcement,
            "result": "fail" if v.why else "pass",
            "rule_type": v.kind,
        }
        | ({"details": v.why} if v.why else {})
        for v in verdicts
    ]
    zero = "0" * 40
    kept = RuleSuite(
        world.new_id(),
        token.user,
        change.old or zero,
        change.new or zero,
        change.ref,
        repo.id,
        world.now(),
        result,
        evaluations,
    )
    repo.rule_suites.append(kept)
    world.org_rule_suites.setdefault(repo.owner.login.lower(), []).append(kept)


def _written(world: World, repo: Repo, issue: Issue, asked: Merge, actor: User) -> str:
    """The commit that a merge makes; raises Refused 405 on a conflict."""
    pull = issue.pull
    assert pull is not None
    git = world.git(repo)
    base = git.branch(pull.base_ref)
    date = f"{int(world.now())} +0000"
    author = Person(actor.name or actor.login, actor.email, date)
    web = Person("GitHub", "noreply@github.com", date)
    default = f"Merge pull request #{issue.number} from {pull.head_label.replace(':', '/')}"
    body = issue.title if asked.message is None else asked.message
    if asked.method == "squash":
        default = f"{issue.title} (#{issue.number})"
        body = "" if asked.message is None else asked.message
    message = f"{asked.title or default}\n\n{body}".rstrip() + "\n"
    try:
        if asked.method == "rebase":
            return gitmerge.rebase(git, base, pull.head_sha, web)
        write = gitmerge.squash if asked.method == "squash" else gitmerge.merge
        return write(git, base, pull.head_sha, message, (author, web))
    except gitmerge.Conflict:
        raise Refused(405, "Merge conflict") from None


def landed(world: World, repo: Repo, issue: Issue, sha: str, token: Token) -> None:
    """Mark a pull request as merged by this commit."""
    pull = issue.pull
    assert pull is not None
    pull.merged_at, pull.merged_by = world.now(), token.user
    pull.merge_commit_sha = sha
    close(world, repo, issue, token)


def commits(world: World, repo: Repo, pull: Pull) -> tuple[str, ...]:
    """A pull request's commits, oldest first, at most 250.

    https://docs.github.com/rest/pulls/pulls#list-commits-on-a-pull-request
    """
    git = world.git(repo)
    if not merge_base(git, pull.base_sha, pull.head_sha):
        return ()
    return between(git.path, pull.base_sha, pull.head_sha)[:250]
