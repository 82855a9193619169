"""Three repositories of an invented organisation, one experiment, one mistake: seen and mended.

Run by `make demo`. Everything happens in a temporary folder.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

POLICY = """\
version: 1
extends: [interlock:recommended]
repos:
  pipelines: acme/feature-pipelines
  training: acme/model-training
  serving: acme/model-serving
sources:
  plan:
    repo: pipelines
    files: "experiments/{key}.yaml"
    fields:
      status: $.status
      variants: {keys: $.variants}
      params: "$.variants.*.params"
      models: "$.variants.*.model"
  training:
    repo: training
    files: "conf/experiment/{key}.toml"
    fields: {variants: {keys: $.variants}, params: "$.variants.*.params"}
  registry: {repo: training, files: models/registry.json, each: "$.models[*]", key: "@.version"}
  serving:
    repo: serving
    layers: [charts/ranker/values.yaml, "env/{env}/values.yaml"]
    each: "$.experiments.*"
    fields: {variants: {keys: "@.variants"}, weights: "@.variants.*.weight"}
  code: {repo: serving, files: "src/**/*.py", pattern: 'experiment\\("(?P<key>[\\w-]+)"'}
consistency:
  - id: in-every-repo
    each: plan
    when: {status: [ready, live]}
    exists-in: [training, serving]
    why: an experiment takes a change in each repository; a forgotten one dirties the data
  - {id: same-variants, each: plan.variants, same-set: [training.variants, serving.variants], authority: plan}
  - id: same-params
    each: plan.params
    equal: training.params
    compare: number
    authority: plan
    why: parameters that differ between plan and training measure what nobody designed
    owner: "@acme/experimentation"
  - {id: weights-add-up, each: serving.weights, sum: 100}
  - {id: model-exists, each: plan.models, references: registry}
  - {id: code-known, each: code, exists-in: plan, severity: warning}
"""
PLAN = """\
# The plan: what we want to learn, and with what.
status: live
owner: ranking
variants:
  control: {model: ranker-1.4, params: {learning_rate: 0.3, depth: 6}}
  treatment:
    model: ranker-2.0
    params:
      learning_rate: 0.4   # agreed in the review of 3 March
      depth: 6
"""
TRAINING = """\
# Training reads this at start-up.
[variants.control.params]
learning_rate = 0.3
depth = 6

[variants.treatment.params]
learning_rate = 0.4
depth = 6
"""
VALUES = """\
experiments:
  ranker-v2:
    variants:
      control: {weight: 60}
      treatment: {weight: 40}
"""
REPOS = {
    "feature-pipelines": {
        "interlock.yaml": POLICY,
        "experiments/ranker-v2.yaml": PLAN,
    },
    "model-training": {
        ".interlock.yaml": "policy: acme/feature-pipelines//interlock.yaml@main\nrepo: training\n",
        "conf/experiment/ranker-v2.toml": TRAINING,
        "models/registry.json": '{"models": [{"version": "ranker-1.4"}, {"version": "ranker-2.0"}]}\n',
    },
    "model-serving": {
        ".interlock.yaml": "policy: acme/feature-pipelines//interlock.yaml@main\nrepo: serving\n",
        "charts/ranker/values.yaml": VALUES,
        "env/prod/values.yaml": "experiments:\n  ranker-v2:\n    variants:\n      control: {weight: 60}\n",
        "src/ranker.py": 'def rank(items):\n    return experiment("ranker-v2", items)\n',
    },
}


def git(where: Path, *arguments: str) -> None:
    """Run git quietly, as an invented author."""
    who = {"GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.org"}
    who |= {"GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "ada@example.org"}
    quiet = ["-c", "commit.gpgsign=false", "-c", "core.autocrlf=false"]
    subprocess.run(
        ["git", *quiet, *arguments],
        cwd=where,
        check=True,
        env={**os.environ, **who},
        stdout=subprocess.DEVNULL,
    )


def build(folder: Path) -> None:
    """Write and commit the three repositories below ``folder``."""
    for name, files in REPOS.items():
        top = folder / name
        top.mkdir(parents=True)
        git(top, "init", "-q", "-b", "main")
        git(top, "remote", "add", "origin", f"https://github.com/acme/{name}.git")
        for path, text in files.items():
            (top / path).parent.mkdir(parents=True, exist_ok=True)
            (top / path).write_bytes(text.encode())
        git(top, "add", "-A")
        git(top, "commit", "-q", "-m", "Set up the experiment ranker-v2")


def interlock(where: Path, *arguments: str) -> int:
    """Run the installed command as a person would."""
    shown = " ".join(("interlock", *arguments))
    print(f"\n$ cd {where.name} && {shown}", flush=True)
    command = [sys.executable, "-m", "interlock", *arguments]
    return subprocess.run(command, cwd=where, check=False).returncode


def expect(code: int, wanted: int) -> None:
    """Stop the demo where it does not do what it says."""
    if code != wanted:
        sys.exit(f"the demo expected exit code {wanted} and got {code}")


def main() -> None:
    """The story: on a laptop, then on GitHub."""
    with tempfile.TemporaryDirectory(prefix="interlock-demo-") as temporary:
        folder = Path(temporary)
        build(folder)
        training = folder / "model-training"
        print("Three repositories hold one experiment, and agree:")
        expect(interlock(training, "check"), 0)
        print("\nSomebody tunes the learning rate in training, and forgets the plan:")
        config = training / "conf/experiment/ranker-v2.toml"
        config.write_bytes(config.read_bytes().replace(b"0.4", b"0.5"))
        git(training, "add", "-A")
        expect(interlock(training, "check", "--staged"), 1)
        print("\nThe plan decides, so the value can be mended:")
        expect(interlock(training, "check", "--fix"), 0)
        expect(interlock(training, "check"), 0)
    from on_github import tell  # beside this file; the story so far needs no GitHub

    tell()


if __name__ == "__main__":
    main()
