#!/usr/bin/env bash
# Runs `interlock set checklist` for one issue: what an experiment's ticket still needs.
set -euo pipefail
actions=$GITHUB_ACTION_PATH/..
# shellcheck source=actions/inputs.sh
source "$actions/inputs.sh"
# shellcheck source=actions/install.sh
source "$actions/install.sh"

repo=${IN_REPO:-$GITHUB_REPOSITORY}
repository repo "$repo"
[ -n "$IN_ISSUE" ] || fail "it is not known which issue is meant: say which by the input \`issue\`"
number issue "$IN_ISSUE"
policy=${IN_POLICY:-$GITHUB_REPOSITORY}
policy_address policy "$policy"

install_interlock "$actions/.."
code=0
run_quietly set checklist "--issue=$repo#$IN_ISSUE" "--policy=$policy" || code=$?
printf '%s\n' "Interlock wrote the checklist of $repo#$IN_ISSUE: $(verdict "$code")" "" >>"$GITHUB_STEP_SUMMARY"
output result "$(verdict "$code")"
finish "$code" false
