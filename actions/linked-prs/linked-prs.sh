#!/usr/bin/env bash
# Runs `interlock set refresh` for one pull request, or for those that the run's event is about.
# Nothing is checked out: the policy and the pull requests are read by API, as data.
set -euo pipefail
actions=$GITHUB_ACTION_PATH/..
# shellcheck source=actions/inputs.sh
source "$actions/inputs.sh"
# shellcheck source=actions/install.sh
source "$actions/install.sh"

repo=${IN_REPO:-$GITHUB_REPOSITORY}
repository repo "$repo"
policy=${IN_POLICY:-$GITHUB_REPOSITORY}
policy_address policy "$policy"
flag dry-run "$IN_DRY_RUN"
[ -z "$IN_PULL" ] || number pull "$IN_PULL"
if [ -n "$IN_REPO" ] && [ -z "$IN_PULL" ]; then
  fail "the input \`repo\` needs the input \`pull\`"
fi

install_interlock "$actions/.."
pulls=$IN_PULL
if [ -z "$pulls" ]; then
  pulls=$("$interlock_python" -I "$actions/pulls_of_event.py") ||
    fail "it is not known which pull request is meant: the log of this step says why"
fi
worst=0
for pull in $pulls; do
  number pull "$pull"
  arguments=(set refresh "--pull=$repo#$pull" "--policy=$policy")
  [ "$IN_DRY_RUN" = false ] || arguments+=(--dry-run)
  code=0
  run_quietly "${arguments[@]}" || code=$?
  printf '%s\n' "Interlock looked at $repo#$pull: $(verdict "$code")" "" >>"$GITHUB_STEP_SUMMARY"
  [ "$code" -le "$worst" ] || worst=$code
done
[ -n "$pulls" ] || echo "No open pull request has this commit: nothing to do."
output result "$(verdict "$worst")"
finish "$worst"
