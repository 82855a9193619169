#!/usr/bin/env bash
# Runs `interlock set checklist`: what an experiment still takes, on its issue or its ticket in Jira.
set -euo pipefail
actions=$GITHUB_ACTION_PATH/..
# shellcheck source=actions/inputs.sh
source "$actions/inputs.sh"
# shellcheck source=actions/install.sh
source "$actions/install.sh"

policy=${IN_POLICY:-$GITHUB_REPOSITORY}
policy_address policy "$policy"
flag all "$IN_ALL"
flag dry-run "$IN_DRY_RUN"
repo=${IN_REPO:-$GITHUB_REPOSITORY}
repository repo "$repo"
if [ "$IN_ALL" = true ]; then
  which="every labelled ticket"
  arguments=(set checklist --all)
elif [ -n "$IN_TICKET" ]; then
  shaped ticket "$IN_TICKET" '^[A-Z][A-Z0-9_]*-[1-9][0-9]*$' "a key such as ML-123"
  which=$IN_TICKET
  arguments=(set checklist "--ticket=$IN_TICKET")
else
  [ -n "$IN_ISSUE" ] || fail "it is not known which issue is meant: say which by the input \`issue\`"
  number issue "$IN_ISSUE"
  which=$repo#$IN_ISSUE
  arguments=(set checklist "--issue=$which")
fi
arguments+=("--policy=$policy")
[ "$IN_DRY_RUN" = false ] || arguments+=(--dry-run)

install_interlock "$actions/.."
code=0
run_quietly "${arguments[@]}" || code=$?
printf '%s\n' "Interlock wrote the checklist of $which: $(verdict "$code")" "" >>"$GITHUB_STEP_SUMMARY"
output result "$(verdict "$code")"
finish "$code"
