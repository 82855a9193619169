#!/usr/bin/env bash
# Runs `interlock check`: annotations and the report in the log, a job summary, a SARIF file.
set -euo pipefail
# shellcheck source=actions/inputs.sh
source "$GITHUB_ACTION_PATH/actions/inputs.sh"
# shellcheck source=actions/install.sh
source "$GITHUB_ACTION_PATH/actions/install.sh"
# shellcheck source=actions/checking.sh
source "$GITHUB_ACTION_PATH/actions/checking.sh"

enter_folder
arguments=(check)
add_values
while IFS= read -r line; do
  line=${line%$'\r'}
  [ -z "$line" ] || arguments+=("--repo=$line")
done <<<"$IN_REPOS"
if [ -n "$IN_REQUIRE_ALL" ]; then
  flag require-all "$IN_REQUIRE_ALL"
  case $IN_REQUIRE_ALL in
    true) arguments+=(--require-all) ;;
    false) arguments+=(--no-require-all) ;;
  esac
fi
add_range || set_range
add_reports interlock
arguments+=(--)
while read -r -a words; do
  arguments+=(${words[@]+"${words[@]}"})
done <<<"$IN_RULES"
run_check "$GITHUB_ACTION_PATH"
