"""Runs the steps of a composite action as the runner of GitHub Actions does, for the tests.

After actions/runner (CompositeActionHandler, ScriptHandler, FileCommandManager) and
https://docs.github.com/actions/reference/workflows-and-actions/metadata-syntax.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from workflowlog import Obeyed, obeyed

ROOT = Path(__file__).resolve().parents[2]
#: Every action of this repository, by the folder of its action.yml.
ACTIONS = (
    "",
    "actions/credentials",
    "actions/linked-prs",
    "actions/set-sweep",
    "actions/experiment-checklist",
    "actions/notify-bot",
)
NO_BASH = pytest.mark.skipif(
    os.name == "nt", reason="Windows is tried by .github/workflows/actions.yml"
)

_EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
_STOP = re.compile(r"::stop-commands::(\S+)")
#: What a hosted runner has in its environment before GitHub adds to it.
_KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "PIP_INDEX_URL", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")


class Ran(NamedTuple):
    """What a run of an action left: its exit code, log, outputs and job summary."""

    code: int
    log: str
    outputs: dict[str, str]
    summary: str
    written: dict[str, str]

    @property
    def commands(self) -> list[Obeyed]:
        """What the runner would obey in the log."""
        return obeyed(heard(self.log))


def heard(log: str) -> str:
    """The log without what stands between stop-commands and its token."""
    kept, token = [], ""
    for line in log.splitlines():
        stop = _STOP.match(line)
        if token:
            token = "" if line == f"::{token}::" else token
        elif stop is not None:
            token = stop[1]
        else:
            kept.append(line)
    assert not token, "commands were left switched off"
    return "\n".join(kept)


def metadata(folder: Path) -> dict[str, Any]:
    """The action.yml of a folder."""
    found: dict[str, Any] = yaml.safe_load((folder / "action.yml").read_text(encoding="utf-8"))
    return found


def evaluated(text: str, contexts: Mapping[str, Any]) -> str:
    """``text`` with its expressions replaced: paths, and the first that is not empty of ``||``."""

    def value(match: re.Match[str]) -> str:
        for part in match[1].split("||"):
            found: Any = contexts
            for name in part.strip().split("."):
                assert re.fullmatch(r"[\w-]+", name), f"too clever for this runner: {match[0]}"
                found = found.get(name, "") if isinstance(found, Mapping) else ""
            if found not in ("", None, False):
                return str(found)
        return ""

    return _EXPRESSION.sub(value, text)


def run_action(
    folder: Path,
    inputs: Mapping[str, str],
    *,
    workspace: Path,
    temp: Path,
    github: Mapping[str, Any],
    environment: Mapping[str, str] | None = None,
) -> Ran:
    """Run the action in ``folder`` with ``workspace`` as the folder and RUNNER_TEMP ``temp``.

    ``github`` is the context of that name; ``environment`` is what GitHub tells a run about it.
    """
    action = metadata(folder)
    assert action["runs"]["using"] == "composite"
    given = {
        name: inputs.get(name, evaluated(one.get("default", ""), {"github": github}))
        for name, one in action["inputs"].items()
    }
    assert set(inputs) <= set(given), "an input that the action does not have"
    files = {name: temp / f"file-command-{name}" for name in ("OUTPUT", "STEP_SUMMARY", "ENV")}
    for path in files.values():
        path.write_bytes(b"")
    contexts: dict[str, Any] = {"inputs": given, "github": github, "steps": {}}
    log, code, written = "", 0, {}
    for step in action["runs"]["steps"]:
        assert set(step) <= {"id", "name", "shell", "env", "run"}, step
        script = temp / "step.sh"
        script.write_text(evaluated(step["run"], contexts), encoding="utf-8")
        values = {name: evaluated(text, contexts) for name, text in step["env"].items()}
        done = subprocess.run(
            ("bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)),
            cwd=workspace,
            env=_environment(folder, temp, workspace, files) | dict(environment or {}) | values,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            timeout=300,
        )
        log += done.stdout.decode()
        written = _file_commands(files["OUTPUT"].read_text(encoding="utf-8"))
        contexts["steps"][step["id"]] = {"outputs": written}
        code = done.returncode
        if code:
            break
    assert files["ENV"].read_bytes() == b"", "the caller's environment was touched"
    outputs = {
        name: evaluated(one["value"], contexts) for name, one in action.get("outputs", {}).items()
    }
    return Ran(code, log, outputs, files["STEP_SUMMARY"].read_text(encoding="utf-8"), written)


def _environment(
    folder: Path, temp: Path, workspace: Path, files: Mapping[str, Path]
) -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    told = {f"GITHUB_{name}": str(path) for name, path in files.items()}
    return {
        **kept,
        **told,
        "CI": "true",
        "GITHUB_ACTIONS": "true",
        "GITHUB_ACTION_PATH": str(folder),
        "GITHUB_WORKSPACE": str(workspace),
        "RUNNER_TEMP": str(temp),
        "RUNNER_OS": "Linux",
    }


def _file_commands(text: str) -> dict[str, str]:
    """``name=value`` lines and ``name<<DELIMITER`` blocks."""
    found = {}
    lines = iter(text.splitlines())
    for line in lines:
        name, sign, value = line.partition("=")
        if "<<" in name or not sign:
            name, _, end = line.partition("<<")
            block = []
            for inner in lines:
                if inner == end:
                    break
                block.append(inner)
            value = "\n".join(block)
        found[name] = value
    return found
