"""Atlassian's own JSON schema of its documents, from npm: fetched once, kept outside."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from contract.descriptions import PATIENCE, REQUIRED, _cache
from jsonschema import Draft4Validator

PACKAGE = "@atlaskit/adf-schema@57.7.22"
INSIDE = "package/dist/json-schema/v1/full.json"
SHA256 = "5128562b75278c8a83e7e3619a570205bc80d59696985ec31a7a7883cff66fbe"


def validator() -> Draft4Validator:
    """Skips the test, and says why, where npm cannot fetch the schema."""
    try:
        return Draft4Validator(_schema())
    except OSError as why:
        if os.environ.get(REQUIRED) == "1":
            pytest.fail(f"{REQUIRED}=1, but {why}")
        pytest.skip(str(why))


@cache
def _schema() -> dict[str, Any]:
    kept = _cache() / f"adf-{SHA256[:16]}.json"
    if not kept.is_file():
        kept.parent.mkdir(parents=True, exist_ok=True)
        data = _fetched(kept.parent)
        if hashlib.sha256(data).hexdigest() != SHA256:
            raise OSError(f"{PACKAGE} is not what it was")
        with tempfile.NamedTemporaryFile(dir=kept.parent, delete=False) as file:
            file.write(data)
        Path(file.name).replace(kept)
    found: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
    return found


def _fetched(beside: Path) -> bytes:
    npm = shutil.which("npm")
    if npm is None:
        raise OSError("npm is not on PATH")
    with tempfile.TemporaryDirectory(dir=beside, ignore_cleanup_errors=True) as made:
        command = [npm, "pack", PACKAGE, "--silent", "--pack-destination", made]
        try:
            done = subprocess.run(
                command, cwd=made, capture_output=True, text=True, check=False, timeout=PATIENCE
            )
        except subprocess.TimeoutExpired:
            raise OSError(f"npm did not answer within {PATIENCE} s") from None
        archives = list(Path(made).glob("*.tgz"))
        if done.returncode or not archives:
            raise OSError(f"npm could not fetch {PACKAGE}: {' '.join(done.stderr.split())[:300]}")
        with tarfile.open(archives[0]) as archive:
            file = archive.extractfile(INSIDE)
            assert file is not None
            return file.read()
