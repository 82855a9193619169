"""detect-secrets' settings for a run: all plugins and default filters, or those of a baseline.

A baseline comes from a repository: one that names code of its own, or files to read, is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from interlock.errors import UsageError
from interlock.secrets.compat import VERIFY, Engine, prepared
from interlock.values import Any

_MAX_BYTES = 50 << 20
_FILTERS = "detect_secrets.filters."
#: Filters that read files the baseline names, or ask issuers.
_REFUSED = (_FILTERS + "wordlist.", _FILTERS + "gibberish.")


@contextmanager
def engine(baseline: str | None = None) -> Iterator[Engine]:
    """An engine by the defaults, else by the plugins and filters of the file ``baseline``.

    Raises UsageError where the file cannot be read or used.
    """
    from detect_secrets.settings import default_settings, transient_settings

    if baseline is None:
        with default_settings() as settings:
            settings.disable_filters(VERIFY)
            yield prepared()
        return
    config = _config(baseline)
    with ExitStack() as stack:
        try:
            settings = stack.enter_context(transient_settings(config))
            settings.disable_filters(VERIFY)
            ready = prepared()
        except (TypeError, KeyError, ValueError):
            raise UsageError(
                f"{baseline}: detect-secrets does not take its settings: "
                "a plugin or filter of another release, or a limit that is none"
            ) from None
        yield ready


def _config(path: str) -> dict[str, Any]:
    from json import loads

    try:
        with open(path, "rb") as stream:
            value = loads(stream.read(_MAX_BYTES))
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError):
        raise UsageError(f"{path} is no baseline of detect-secrets: it is no JSON") from None
    if not isinstance(value, dict):
        raise UsageError(f"{path} is no baseline of detect-secrets")
    config = {name: value[name] for name in ("plugins_used", "filters_used") if name in value}
    for one in config.get("plugins_used", ()):
        if not isinstance(one, dict) or not isinstance(one.get("name"), str):
            raise UsageError(f"{path}: each of `plugins_used` needs a `name`")
        if "path" in one:
            raise UsageError(f"{path}: the plugin {one['name']} is code of its own; none is run")
    for one in config.get("filters_used", ()):
        name = one.get("path") if isinstance(one, dict) else None
        if not isinstance(name, str):
            raise UsageError(f"{path}: each of `filters_used` needs a `path`")
        if not name.startswith(_FILTERS) or name.startswith(_REFUSED):
            raise UsageError(f"{path}: the filter {name} needs code or files of its own")
    return config
