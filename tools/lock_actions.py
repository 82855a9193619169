"""Pins what the actions install: writes actions/requirements.txt, with the hashes of every file.

    pip install uv && python tools/lock_actions.py           # the newest that pyproject allows
    python tools/lock_actions.py --upgrade-package PyGithub  # only this one

The file holds the dependencies of the package and its build backend for every platform and Python.
Other arguments are handed on to ``uv pip compile``. ``--check`` needs neither uv nor the network:
it says where the file and pyproject.toml disagree.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "actions" / "requirements.txt"
HEAD = """\
# What the actions install, each file by its hash. Written by `python tools/lock_actions.py`.
"""
_PINNED = re.compile(r"(?P<name>[\w.-]+)==(?P<version>\S+)(?: ; .*)?")
_HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}")


def wanted(root: Path = ROOT) -> list[Requirement]:
    """What pyproject.toml asks for: to run, and to build."""
    found = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    texts = [*found["project"]["dependencies"], *found["build-system"]["requires"]]
    return [Requirement(text) for text in texts]


def entries(text: str) -> list[tuple[str, int]]:
    """Every pinned requirement (``name==version``, marker left out) with its number of hashes.

    Raises ValueError for a line that is anything else: an option, an address, a range.
    """
    found = []
    code = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    for block in code.replace(" \\\n", "\0").splitlines():
        first, *hashes = block.split("\0")
        if not first.strip():
            continue
        pinned = _PINNED.fullmatch(first)
        if pinned is None or not all(_HASH.fullmatch(one) for one in hashes):
            raise ValueError(f"{first!r} is not name==version with sha256 hashes")
        found.append((f"{pinned['name']}=={pinned['version']}", len(hashes)))
    return found


def problems(text: str, asked: list[Requirement]) -> list[str]:
    """What is wrong with the lock file ``text``, one line each."""
    try:
        found = entries(text)
    except ValueError as error:
        return [str(error)]
    told = [f"{name} has no hash" for name, hashes in found if not hashes]
    versions: dict[str, list[str]] = {}
    for pinned, _ in found:
        name, _, version = pinned.partition("==")
        versions.setdefault(canonicalize_name(name), []).append(version)
    for one in asked:
        mine = versions.get(canonicalize_name(one.name), [])
        if not mine:
            told.append(f"{one.name} is not pinned")
        told += [
            f"{one.name}=={version} is outside of {one.specifier}"
            for version in mine
            if not one.specifier.contains(version)
        ]
    return told


def compiled(arguments: list[str]) -> str:
    """What ``uv pip compile`` makes of pyproject.toml, starting from the versions of today."""
    with tempfile.TemporaryDirectory(prefix="interlock-lock-") as folder:
        asked, out = Path(folder, "asked.in"), Path(folder, "requirements.txt")
        asked.write_text("\n".join(str(one) for one in wanted()) + "\n", encoding="utf-8")
        if LOCK.is_file():
            out.write_bytes(LOCK.read_bytes())
        command = ["uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"]
        command += ["--generate-hashes", "--no-header", "--no-annotate", *arguments]
        # With --output-file, uv keeps the versions that stand there.
        subprocess.run([*command, "--output-file", str(out), str(asked)], check=True)
        return HEAD + out.read_text(encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Write the file, or check it."""
    if arguments != ["--check"]:
        LOCK.write_text(compiled(arguments or ["--upgrade"]), encoding="utf-8")
    told = problems(LOCK.read_text(encoding="utf-8"), wanted())
    for line in told:
        print(f"{LOCK.relative_to(ROOT)}: {line}")
    if told:
        print("run `python tools/lock_actions.py` (it needs uv)")
    return 1 if told else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
