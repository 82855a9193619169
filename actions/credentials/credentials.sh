#!/usr/bin/env bash
# Runs `interlock check 'secret/*'`: what a pull request or a merge group adds, else every file.
set -euo pipefail
actions=$GITHUB_ACTION_PATH/..
# shellcheck source=actions/inputs.sh
source "$actions/inputs.sh"
# shellcheck source=actions/install.sh
source "$actions/install.sh"
# shellcheck source=actions/checking.sh
source "$actions/checking.sh"

enter_folder
arguments=(check)
add_values
# After a push a credential is known, whichever push brought it: then everything is looked at.
add_range || [ "${GITHUB_EVENT_NAME:-}" = push ] || set_range
add_reports interlock-credentials
arguments+=(-- 'secret/*')
run_check "$actions/.."
