# shellcheck shell=bash
# What the actions that run `interlock check` have in common. Sourced, after inputs.sh and install.sh;
# fills the array `arguments`.

is_commit() { git rev-parse --quiet --verify --end-of-options "$1^{commit}" >/dev/null 2>&1; }

# enter_folder: go to the checkout.
enter_folder() {
  one_line working-directory "$IN_WORKING_DIRECTORY"
  [ -d "$IN_WORKING_DIRECTORY" ] || fail "the input \`working-directory\` is no folder"
  cd -- "$IN_WORKING_DIRECTORY"
}

# add_values: the inputs that are options of one value. It stands behind the option's =, so that it
# can never be another option.
add_values() {
  local pair
  for pair in "policy=$IN_POLICY" "as=$IN_AS" "fail-level=$IN_FAIL_LEVEL"; do
    one_line "${pair%%=*}" "${pair#*=}"
    [ -z "${pair#*=}" ] || arguments+=("--$pair")
  done
  flag show-all "$IN_SHOW_ALL"
  [ "$IN_SHOW_ALL" = false ] || arguments+=(--all)
}

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

# add_range: what the inputs name; true, unless they name nothing.
add_range() {
  one_line from "$IN_FROM"
  one_line to "$IN_TO"
  # What GitHub gives as the commit before a new branch names nothing.
  if [ -n "$IN_FROM" ] && ! [[ $IN_FROM =~ ^0{40,64}$ ]]; then
    arguments+=("--from=$IN_FROM" "--to=${IN_TO:-HEAD}")
  elif [ -n "$IN_TO" ]; then
    arguments+=("--rev=$IN_TO")
  else
    return 1
  fi
}

# add_reports NAME: annotations, a SARIF file and a summary, called NAME where nobody names them.
# Sets sarif_output and summary.
add_reports() {
  local sarif
  flag annotations "$IN_ANNOTATIONS"
  case $IN_ANNOTATIONS in
    true) arguments+=(--format=github) ;;
    false) arguments+=(--format=text --colour=never) ;;
  esac
  one_line sarif-file "$IN_SARIF_FILE"
  sarif=${IN_SARIF_FILE:-$RUNNER_TEMP/$1.sarif}
  # The output is for steps in the workspace, which know nothing of our working directory.
  case $sarif in
    /* | ?:*) sarif_output=$sarif ;;
    *) sarif_output=${IN_WORKING_DIRECTORY%/}/$sarif ;;
  esac
  summary=$RUNNER_TEMP/$1-summary.md
  flag summary "$IN_SUMMARY"
  rm -f "$summary"
  arguments+=("--also=sarif=$sarif" "--also=markdown=$summary")
}

# run_check: install, run with `arguments`, hand the reports on, and end the step.
run_check() {
  local code=0
  install_interlock "$1"
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
}
