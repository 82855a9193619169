# shellcheck shell=bash
# What every script here starts with: inputs are data, and are looked at before they are used.
# Sourced. Bash 3.2 has to understand it, which is what macOS brings.

# Make a value safe as the message of a workflow command.
_escaped() {
  local text=$1
  text=${text//'%'/%25}
  text=${text//$'\r'/%0D}
  printf '%s' "${text//$'\n'/%0A}"
}

# fail MESSAGE: end the step with an annotation. Never hand a value from an input to it.
fail() {
  printf '::error title=Interlock::%s\n' "$(_escaped "$1")"
  exit 2
}

# one_line NAME VALUE: refuse what could be taken for more than one value.
one_line() {
  case $2 in
    *$'\n'* | *$'\r'*) fail "the input \`$1\` has more than one line" ;;
  esac
}

# flag NAME VALUE: only true and false.
flag() {
  case $2 in
    true | false) ;;
    *) fail "the input \`$1\` is neither true nor false" ;;
  esac
}

# shaped NAME VALUE REGEX WHAT: refuse a value that is not of the form WHAT.
shaped() {
  local LC_ALL=C
  [[ $2 =~ $3 ]] || fail "the input \`$1\` is not $4"
}

_owner='[A-Za-z0-9][A-Za-z0-9_-]{0,38}'
_name='[A-Za-z0-9._-]{1,100}'
repository() { shaped "$1" "$2" "^$_owner/$_name\$" "OWNER/NAME"; }
number() { shaped "$1" "$2" '^[1-9][0-9]{0,9}$' "a number"; }
policy_address() {
  shaped "$1" "$2" "^$_owner/$_name(//[^@[:cntrl:]]+)?(@[^[:space:][:cntrl:]]+)?\$" \
    "OWNER/NAME[//PATH][@REVISION]"
}

# output NAME VALUE: an output of the step; a value has one line.
output() {
  one_line "$1" "$2"
  printf '%s=%s\n' "$1" "$2" >>"$GITHUB_OUTPUT"
}

# verdict CODE: what an exit code of Interlock means.
verdict() {
  case $1 in
    0) echo clean ;;
    1) echo findings ;;
    *) echo error ;;
  esac
}

# finish CODE: end the step with it; what is neither clean nor found is told as an error.
finish() {
  case $1 in
    0 | 1) exit "$1" ;;
    *) fail "Interlock ended with code $1: the log of this step says why" ;;
  esac
}
