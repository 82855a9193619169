# shellcheck shell=bash
# Installs Interlock from the action's own checkout, with pinned and hashed dependencies, into an
# environment of its own: the caller's Python, its packages and its PATH stay as they are. Sourced.

# find_python: sets found_python, to the one of the input or the first that is new enough.
find_python() {
  local candidates=(python3 python python3.14 python3.13 python3.12 python3.11)
  one_line python "${IN_PYTHON:-}"
  # -I keeps these from us, but not from what pip starts to build with.
  unset PYTHONPATH PYTHONHOME
  [ -z "${IN_PYTHON:-}" ] || candidates=("$IN_PYTHON")
  for found_python in "${candidates[@]}"; do
    if "$found_python" -I -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      return
    fi
  done
  fail "Interlock needs Python 3.11 or newer: put a step with actions/setup-python before this one, or name one by the input \`python\`"
}

# _pip ARGUMENT...: install into the environment. -I: nothing of the folder that a job stands in may
# be imported. Mirrors (PIP_INDEX_URL) are followed, since every file is known by its hash; where to
# install is ours to say. Modules are compiled when they are first used, which most never are.
_pip() {
  env -u PIP_TARGET -u PIP_PREFIX -u PIP_ROOT -u PIP_USER -u PIP_CONSTRAINT \
    "${pip_command[@]}" install --quiet --no-input --disable-pip-version-check --no-compile "$@"
}

# _environment FOLDER: make one, with the pip that is there (from 22.3 on), else with one of its own.
_environment() {
  "$found_python" -I -m venv --without-pip "$1" || return
  pip_command=("$found_python" -I -m pip --python "$interlock_python")
  "${pip_command[@]}" --version >/dev/null 2>&1 && return
  rm -rf "$1"
  "$found_python" -I -m venv "$1" || return
  pip_command=("$interlock_python" -I -m pip)
}

# _build ROOT FOLDER: make the environment in FOLDER.
_build() {
  local pip_command
  _environment "$2/venv" || return
  # Building leaves files beside the source, and the action's checkout is not ours to write.
  mkdir "$2/source" || return
  (cd "$1" && cp -R pyproject.toml README.md LICENSE src hooks schemas policies examples "$2/source") || return
  _pip --require-hashes --only-binary=:all: --requirement "$1/actions/requirements.txt" || return
  _pip --no-deps --no-build-isolation --no-index "$2/source" || return
  rm -rf "$2/source"
}

# install_interlock ROOT: sets interlock_python. ROOT is the action's checkout.
install_interlock() {
  local root which key folder
  root=$(cd "$1" && pwd)
  find_python
  which=$("$found_python" -I -c 'import sys; print(sys.executable, sys.version)')
  key=$(printf '%s\n' "$root" "$which" | cat - "$root/actions/requirements.txt" | cksum)
  folder=$RUNNER_TEMP/interlock-${key%% *}
  interlock_python=$folder/venv/bin/python
  [ "${RUNNER_OS:-}" != Windows ] || interlock_python=$folder/venv/Scripts/python.exe
  # Several steps of a job share one environment; RUNNER_TEMP is empty when a job begins.
  [ ! -e "$folder/ready" ] || return 0
  rm -rf "$folder"
  mkdir "$folder"
  echo "::group::Install Interlock"
  _build "$root" "$folder" ||
    fail "Interlock could not be installed, and the log above says why. Where \`venv\` is missing, install python3-venv or use actions/setup-python"
  echo "::endgroup::"
  : >"$folder/ready"
}

_random() { od -An -N16 -tx1 /dev/urandom | tr -d ' \n'; }

# run_interlock ARGUMENT...: its report is obeyed by the runner, what it says on standard error is
# not, since that may quote what somebody else wrote. Returns its exit code.
run_interlock() {
  local said=$RUNNER_TEMP/interlock-said.$$ code=0 token
  _interlock "$@" 2>"$said" || code=$?
  if [ -s "$said" ]; then
    token=$(_random)
    printf '::stop-commands::%s\n' "$token"
    cat "$said"
    printf '\n::%s::\n' "$token"
  fi
  rm -f "$said"
  return "$code"
}

# run_quietly ARGUMENT...: nothing that it prints is obeyed. Returns its exit code.
run_quietly() {
  local code=0 token
  token=$(_random)
  printf '::stop-commands::%s\n' "$token"
  _interlock "$@" 2>&1 || code=$?
  printf '\n::%s::\n' "$token"
  return "$code"
}

_interlock() {
  INTERLOCK_CACHE=${INTERLOCK_CACHE:-$RUNNER_TEMP/interlock-cache} \
    "$interlock_python" -I -m interlock "$@"
}
