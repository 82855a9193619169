#!/usr/bin/env bash
# Runs `interlock check`: annotations and the report in the log, a job summary, a SARIF file.
set -euo pipefail
# shellcheck source=actions/inputs.sh
source "$GITHUB_ACTION_PATH/actions/inputs.sh"
# shellcheck source=actions/install.sh
source "$GITHUB_ACTION_PATH/actions/install.sh"

is_commit() { git rev-parse --quiet --verify --end-of-options "$1^{commit}" >/dev/null 2>&1; }

# The state to compare with, where nobody named one: what the event changes, else nothing.
set_range() {
  case ${GITHUB_EVENT_NAME:-} in
    pull_request)
      # The branch first: the event's commit is older than the merge commit that is checked out.
      if is_commit "origin/${GITHUB_BASE_REF:-}"; then
        arguments+=("--from=origin/$GITHUB_BASE_REF" --to=HEAD)
      elif is_commit "$IN_EVENT_BASE"; then
        arguments+=("--from=$IN_EVENT_BASE" --to=HEAD)
      else
        fail "the base of the pull request is not in this checkout: give actions/checkout \`fetch-depth: 0\`"
      fi
      ;;
    merge_group)
      is_commit "$IN_EVENT_BASE" ||
        fail "the base of the merge group is not in this checkout: give actions/checkout \`fetch-depth: 0\`"
      arguments+=("--from=$IN_EVENT_BASE" --to=HEAD)
      ;;
    push)
      # A new branch and a rewritten one have no commit before this.
      if is_commit "$IN_EVENT_BASE"; then
        arguments+=("--from=$IN_EVENT_BASE" --to=HEAD)
      else
        arguments+=(--rev=HEAD)
      fi
      ;;
    pull_request_target)
      fail "the check needs no secrets: run it on pull_request. On pull_request_target it would look at the base, or bring a stranger's files into a run with secrets"
      ;;
  esac
}

one_line working-directory "$IN_WORKING_DIRECTORY"
[ -d "$IN_WORKING_DIRECTORY" ] || fail "the input \`working-directory\` is no folder"
cd -- "$IN_WORKING_DIRECTORY"
arguments=(check)
# An option's value stands behind its =, so that it can never be another option.
for pair in "policy=$IN_POLICY" "as=$IN_AS" "fail-level=$IN_FAIL_LEVEL"; do
  one_line "${pair%%=*}" "${pair#*=}"
  [ -z "${pair#*=}" ] || arguments+=("--$pair")
done
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
flag show-all "$IN_SHOW_ALL"
[ "$IN_SHOW_ALL" = false ] || arguments+=(--all)
one_line from "$IN_FROM"
one_line to "$IN_TO"
if [ -n "$IN_FROM" ]; then
  arguments+=("--from=$IN_FROM" "--to=${IN_TO:-HEAD}")
elif [ -n "$IN_TO" ]; then
  arguments+=("--rev=$IN_TO")
else
  set_range
fi
flag annotations "$IN_ANNOTATIONS"
case $IN_ANNOTATIONS in
  true) arguments+=(--format=github) ;;
  false) arguments+=(--format=text --colour=never) ;;
esac
one_line sarif-file "$IN_SARIF_FILE"
sarif=${IN_SARIF_FILE:-$RUNNER_TEMP/interlock.sarif}
# The output is for steps in the workspace, which know nothing of our working directory.
case $sarif in
  /* | ?:*) sarif_output=$sarif ;;
  *) sarif_output=${IN_WORKING_DIRECTORY%/}/$sarif ;;
esac
summary=$RUNNER_TEMP/interlock-summary.md
flag summary "$IN_SUMMARY"
rm -f "$summary"
arguments+=("--also=sarif=$sarif" "--also=markdown=$summary" --)
while read -r -a words; do
  arguments+=(${words[@]+"${words[@]}"})
done <<<"$IN_RULES"

install_interlock "$GITHUB_ACTION_PATH"
code=0
run_interlock "${arguments[@]}" || code=$?
if [ "$IN_SUMMARY" = true ] && [ -f "$summary" ]; then
  cat "$summary" >>"$GITHUB_STEP_SUMMARY"
fi
output result "$(verdict "$code")"
case $code in
  0 | 1) output sarif-file "$sarif_output" ;;
  *) echo "::error title=Interlock::the check could not be made: the log of this step says why" ;;
esac
exit "$code"
