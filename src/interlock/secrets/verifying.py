"""Asks issuers whether a credential is live, by detect-secrets' plugins: only where asked to.

Nothing else of a scan uses the network. A value goes to its issuer alone; what comes back is one
of three words. No message of an error is ever passed on: some hold addresses with the value.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import SimpleNamespace

from interlock.documents.patterns import matches
from interlock.values import Any, Final, NamedTuple

LIVE: Final = "live"
NOT_LIVE: Final = "not live"
UNKNOWN: Final = "could not ask"
#: Seconds for a connection, and then for its answer.
_SECONDS = 10
#: Values of one run that are asked about, and failures in a row after which nobody answers.
_MOST = 100
_GIVE_UP = 5
_ANSWERS = frozenset((200, 400, 401, 403, 404))

#: Type, value and the lines around it; a word, or "" where no issuer can be asked.
Ask = Callable[[str, str, Sequence[str]], str]


class Issuer(NamedTuple):
    """The plugin that asks, what a value looks like that it can ask about, statuses that answer."""

    module: str
    plugin: str
    shape: str
    answers: frozenset[int] = _ANSWERS


#: By type. The plugin for AWS takes any status but 403 for a live key: others are no answer.
ISSUERS = {
    "aws-access-key": Issuer(
        "aws", "AWSKeyDetector", "^(?:A3T|A[BKS]IA|ACCA)", frozenset((200, 403))
    ),
    "cloudant-credential": Issuer("cloudant", "CloudantDetector", "^[0-9a-z]+$"),
    "ibm-cloud-api-key": Issuer("ibm_cloud_iam", "IbmCloudIamDetector", r"^[\w\-]{44}$"),
    "ibm-cos-hmac-secret": Issuer("ibm_cos_hmac", "IbmCosHmacDetector", "^[0-9a-f]{48}$"),
    "mailchimp-key": Issuer("mailchimp", "MailchimpDetector", "^[0-9a-z]{32}-us[0-9]{1,2}$"),
    "slack-token": Issuer("slack", "SlackDetector", "^xox"),
    "slack-webhook": Issuer("slack", "SlackDetector", r"^https://hooks\.slack\.com/services/T"),
    "softlayer-credential": Issuer("softlayer", "SoftlayerDetector", "^[0-9a-zA-Z]{64}$"),
    "stripe-key": Issuer("stripe", "StripeDetector", "^[rs]k_live_"),
    "telegram-token": Issuer("telegram_token", "TelegramBotTokenDetector", "^[0-9]{8,10}:"),
}


def asker() -> Ask:
    """Asks about each value once; after many, or when nobody answers, about no more."""
    known: dict[tuple[str, str], str] = {}
    failures = 0

    def ask(kind: str, value: str, around: Sequence[str]) -> str:
        nonlocal failures
        issuer = ISSUERS.get(kind)
        if issuer is None or not matches(issuer.shape, value):
            return ""
        if (kind, value) not in known:
            if len(known) >= _MOST or failures >= _GIVE_UP:
                return UNKNOWN
            known[kind, value] = answer = _answer(issuer, value, around)
            failures = failures + 1 if answer == UNKNOWN else 0
        return known[kind, value]

    return ask


def _answer(issuer: Issuer, value: str, around: Sequence[str]) -> str:
    from importlib import import_module

    from detect_secrets.constants import VerifiedResult
    from detect_secrets.util.inject import call_function_with_arguments

    module: Any = import_module(f"detect_secrets.plugins.{issuer.module}")
    plugin = getattr(module, issuer.plugin)()
    own = module.requests
    module.requests = _bounded(issuer.answers)
    try:
        result = call_function_with_arguments(plugin.verify, secret=value, context=list(around))
    except Exception:  # noqa: BLE001  whatever went wrong, and whatever it says of the value
        return UNKNOWN
    finally:
        module.requests = own
    if result == VerifiedResult.VERIFIED_TRUE:
        return LIVE
    return NOT_LIVE if result == VerifiedResult.VERIFIED_FALSE else UNKNOWN


def _bounded(answers: frozenset[int]) -> Any:
    """`requests` for a plugin: with a limit of time, no redirects, and answers alone."""
    import requests

    def call(method: str, *arguments: Any, **options: Any) -> Any:
        limits: dict[str, Any] = {"timeout": (_SECONDS, _SECONDS), "allow_redirects": False}
        response = requests.request(method, *arguments, **{**options, **limits})  # noqa: S113  it has
        if response.status_code not in answers:
            raise requests.exceptions.RequestException
        return response

    return SimpleNamespace(
        get=lambda *arguments, **options: call("GET", *arguments, **options),
        post=lambda *arguments, **options: call("POST", *arguments, **options),
        exceptions=requests.exceptions,
        Response=requests.Response,
    )
