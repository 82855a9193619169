"""What people are told of each kind of credential: `interlock explain`, docs/rules, SARIF."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from interlock.secrets.model import Rule
from interlock.secrets.plugins import KINDS
from interlock.secrets.table import TABLE
from interlock.values import NamedTuple

PREFIX = "secret/"
#: Where the pages of the documentation are on the web.
_WEB = "https://github.com/interlock/interlock/blob/main/docs/rules/"
#: Each family with the title of its page; the last three are found by other means than rules.
FAMILIES = {
    "keys": "Keys, headers and addresses",
    "hosting": "Source hosting, chat and services",
    "cloud": "Cloud providers",
    "packages": "Package registries, containers and password files",
    "ml": "Machine learning and data services",
    "files": "Files that are made to hold credentials",
    "plugins": "Services that detect-secrets' plugins know",
    "own": "The policy's own rules",
    "named": "Values that only their name tells",
    "accepting": "What a change accepts",
}
#: Names in types, as their owners write them.
_NAMES = (
    "AD API AWS CLI GCP JWT NPM NVIDIA SAS SSH URL xAI Airflow Alibaba Anthropic Artifactory "
    "Atlassian Azure ClearML Cloudflare Comet Databricks DevOps DigitalOcean Discord Docker "
    "Fireworks GitHub GitLab Grafana Groq Heroku Kaggle LangSmith Langfuse Linear Mailgun MLflow "
    "Neptune Notion OpenAI OpenRouter Perplexity Pinecone Prefect PyPI Replicate SendGrid Shopify "
    "Slack Snowflake Stripe Tavily Telegram Terraform Twilio Vault"
)
_SPELLED = {name.lower(): name for name in _NAMES.split()}
_SPELLED |= {"huggingface": "Hugging Face", "wandb": "Weights & Biases"}
WHY = "Whoever reads this repository, now or later, can use it."
ROTATE = "make a new one where it was issued, and withdraw this one"
#: What to do with any credential that was found.
FIX = (
    "What was pushed, or printed in a log, is known: rotate it first, whatever is done to history "
    "afterwards. Read the new one from the environment or a secret store. Before a push, unstage "
    "the line or amend the commit (`git commit --amend`, `git rebase -i`); afterwards "
    "`git filter-repo --replace-text` takes it out of history."
)
#: What to do where it is none.
NONE = (
    "Where it is no credential, say so beside it (`pragma: allowlist secret` in a comment), in the "
    "baseline (`interlock secrets baseline`), or by a waiver of the policy; where such files never "
    "hold one, by `exclude` of the policy's `secrets`."
)


class Page(NamedTuple):
    """One kind of finding; ``id`` is the rule's full id. ``looks`` are sentences.

    ``rotate`` says where a new one is made, once for each way; () where there is nothing to rotate.
    """

    id: str
    family: str
    summary: str
    looks: tuple[str, ...]
    why: str
    rotate: tuple[str, ...]
    fix: str
    none: str

    @property
    def name(self) -> str:
        """The id without its first part: what `type` of a rule says."""
        return self.id.removeprefix(PREFIX)

    @property
    def file(self) -> str:
        """The page in docs/rules that tells of it, "" for a policy's own rules."""
        return "" if self.family == "own" else f"secret-{self.family}.md"

    @property
    def address(self) -> str:
        """Where it stands on the web, by the anchor that GitHub makes of its heading."""
        return f"{_WEB}{self.file}#{self.id.replace('/', '')}" if self.file else ""


#: What is found without a rule of the tables, or by such rules too.
_NAMED = (
    Page(
        id="secret/password",
        family="named",
        summary="a password, told by its name",
        looks=(
            (
                "A value that looks like a password where a name as `password`, `passwd`, `pwd` or "
                "`passphrase` says that it is one: assignments, YAML, JSON, dotenv, arguments, "
                "defaults of look-ups, values on the lines below. Placeholders, references and "
                "look-ups are none."
            ),
        ),
        why=WHY,
        rotate=("change the password where it is used to log in",),
        fix=FIX,
        none=NONE,
    ),
    Page(
        id="secret/generic-secret",
        family="named",
        summary="a value that its name calls a secret",
        looks=(
            (
                "A value that looks random where a name as `token`, `secret`, `api_key` or "
                "`credential` says what it is. Hashes, UUIDs, placeholders, references and "
                "look-ups are none."
            ),
        ),
        why=WHY,
        rotate=(ROTATE,),
        fix=FIX,
        none=NONE,
    ),
)
_ACCEPTING = (
    Page(
        id="secret/new-pragma",
        family="accepting",
        summary="a change that accepts a credential by a comment",
        looks=(
            "A credential that only a `pragma: allowlist secret` accepts which the change adds.",
        ),
        why="A comment beside a credential is its author's own word: somebody else has to agree.",
        rotate=(),
        fix="Have it accepted in the baseline or by a waiver of the policy, which have owners; or "
        "take the credential out.",
        none="",
    ),
    Page(
        id="secret/new-baseline-entry",
        family="accepting",
        summary="a change that accepts a credential in the baseline",
        looks=(
            (
                "The change adds an entry to the baseline, or makes one hold longer, and "
                "CODEOWNERS names nobody who has to review that file."
            ),
        ),
        why="Who can add entries unseen can accept any credential.",
        rotate=(),
        fix="Name owners of the baseline in CODEOWNERS; until then a waiver of the policy accepts "
        "the entry.",
        none="",
    ),
)


_PLUGINS = tuple(
    Page(
        id=PREFIX + kind.type,
        family="plugins",
        summary=kind.title,
        looks=(
            (
                f"What the plugin {kind.plugin} of detect-secrets finds on a line with "
                f"{' or '.join(f'`{word}`' for word in kind.words)}, unless it is a placeholder."
            ),
        ),
        why=WHY,
        rotate=(kind.rotate,),
        fix=FIX,
        none=NONE,
    )
    for kind in KINDS
)


def ids() -> tuple[str, ...]:
    """The id of every finding of the scan, without those of a policy's own rules."""
    found = dict.fromkeys(PREFIX + rule.type for rule in TABLE)
    found.update(dict.fromkeys(page.id for page in (*_PLUGINS, *_NAMED, *_ACCEPTING)))
    return tuple(found)


def pages(rules: Sequence[Rule] = TABLE) -> tuple[Page, ...]:
    """Every page, in the order of FAMILIES; ``rules`` are all that are looked for."""
    kinds: dict[str, list[Rule]] = {}
    for rule in rules:
        kinds.setdefault(rule.type, []).append(rule)
    found = {PREFIX + kind: _of_rules(kind, rules) for kind, rules in kinds.items()}
    for page in _NAMED:
        more = found[page.id].looks if page.id in found else ()
        found[page.id] = page._replace(looks=(*page.looks, *more))
    found.update({page.id: page for page in (*_PLUGINS, *_ACCEPTING)})
    order = list(FAMILIES)
    return tuple(sorted(found.values(), key=lambda page: order.index(page.family)))


def title(kind: str) -> str:
    """A type as people write it: ``aws-access-key`` is an AWS access key."""
    return " ".join(_SPELLED.get(word, word) for word in kind.split("-"))


def _of_rules(kind: str, rules: Sequence[Rule]) -> Page:
    return Page(
        PREFIX + kind,
        rules[0].family if rules[0].family in FAMILIES else "own",
        f"{title(kind)} in a file",
        tuple(_looks(rule) for rule in rules),
        rules[0].why[:1].upper() + rules[0].why[1:].rstrip(".") + ".",
        tuple(dict.fromkeys(rule.rotate or ROTATE for rule in rules)),
        FIX,
        NONE,
    )


def _looks(rule: Rule) -> str:
    """What one rule looks for, in a sentence."""
    return f"`{_bare(rule.pattern)}`" + "".join(f"; {part}" for part in _conditions(rule))


def _bare(pattern: str) -> str:
    from interlock.secrets.families import LEFT, RIGHT

    return pattern.removeprefix(LEFT).removesuffix(RIGHT)


def _conditions(rule: Rule) -> Iterator[str]:
    words = ", ".join(f"`{word}`" for word in rule.keywords)
    if words:
        yield f"on a line with {'one of ' if len(rule.keywords) > 1 else ''}{words}"
    for text, what in (
        (rule.paths, "in files whose path fits"),
        (rule.context, "where the path or the lines around fit"),
        (rule.near, "where before it on the line stands"),
    ):
        if text:
            yield f"{what} `{text}`"
    if rule.checksum:
        yield f"checked as `{rule.checksum}`"
    elif rule.min_entropy:
        yield f"mixed by {rule.min_entropy:g} bits a character at least"
