#!/usr/bin/env bash
# Starts the bot's workflow in the central policy repository for each pull request of the event.
# It hands over a repository and a number, nothing else: the bot reads everything again by itself.
set -euo pipefail
actions=$GITHUB_ACTION_PATH/..
# shellcheck source=actions/inputs.sh
source "$actions/inputs.sh"
# shellcheck source=actions/install.sh
source "$actions/install.sh"

repository central "$IN_CENTRAL"
shaped workflow "$IN_WORKFLOW" '^[A-Za-z0-9_-][A-Za-z0-9._-]*\.ya?ml$' "the name of a workflow file"
shaped ref "$IN_REF" '^[A-Za-z0-9_][A-Za-z0-9._/-]*$' "a branch"
repository GITHUB_REPOSITORY "$GITHUB_REPOSITORY"
case $IN_TOKEN in *[!A-Za-z0-9._-]*) fail "the input \`token\` is no token of GitHub" ;; esac
kind=pull
[ -z "$IN_ISSUE" ] || kind=issue
numbers=${IN_ISSUE:-$IN_PULL}
if [ -n "$numbers" ]; then
  number "$kind" "$numbers"
else
  find_python
  numbers=$("$found_python" -I "$actions/pulls_of_event.py") ||
    fail "it is not known which pull request is meant: the log of this step says why"
fi
if [ -z "$IN_TOKEN" ]; then
  echo "::notice title=Interlock::this run holds no token to start the bot (GitHub gives forks and Dependabot none): the bot's next sweep will find the change"
  output started 0
  exit 0
fi

# start KIND NUMBER. https://docs.github.com/rest/actions/workflows#create-a-workflow-dispatch-event
start() {
  # Every value was looked at above and needs no escaping. The token goes by standard input, where
  # no other process of the machine can read it. Started twice is as good as once.
  printf 'header = "Authorization: Bearer %s"\n' "$IN_TOKEN" |
    curl --silent --show-error --fail --config - --max-time 30 --retry 2 --output /dev/null \
      --header "Accept: application/vnd.github+json" \
      --header "X-GitHub-Api-Version: 2022-11-28" \
      --data "{\"ref\":\"$IN_REF\",\"inputs\":{\"repo\":\"$GITHUB_REPOSITORY\",\"$1\":\"$2\"}}" \
      "$GITHUB_API_URL/repos/$IN_CENTRAL/actions/workflows/$IN_WORKFLOW/dispatches"
}

started=0
for each in $numbers; do
  number "$kind" "$each"
  echo "$IN_CENTRAL: $kind $GITHUB_REPOSITORY#$each"
  start "$kind" "$each" ||
    fail "the bot was not started, and the line above says why: after 403 or 404 the token needs actions: write on the central repository, after 422 the workflow there needs the inputs repo and $kind"
  started=$((started + 1))
done
output started "$started"
