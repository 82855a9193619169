#!/usr/bin/env bash
# Runs `interlock set sweep`: every unfinished change set of a policy, whatever events were missed.
set -euo pipefail
actions=$GITHUB_ACTION_PATH/..
# shellcheck source=actions/inputs.sh
source "$actions/inputs.sh"
# shellcheck source=actions/install.sh
source "$actions/install.sh"

policy=${IN_POLICY:-$GITHUB_REPOSITORY}
policy_address policy "$policy"
flag dry-run "$IN_DRY_RUN"
arguments=(set sweep "--policy=$policy")
[ "$IN_DRY_RUN" = false ] || arguments+=(--dry-run)

install_interlock "$actions/.."
code=0
run_quietly "${arguments[@]}" || code=$?
printf '%s\n' "Interlock swept the change sets of \`$policy\`: $(verdict "$code")" "" >>"$GITHUB_STEP_SUMMARY"
output result "$(verdict "$code")"
finish "$code"
