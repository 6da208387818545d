#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Calls a daemon like clients without generated code: with the command in
# README.md, and from Python by reflection. Needs dissectd in bazel-bin/ and
# npm, and installs Python packages into the cache.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
cache="${XDG_CACHE_HOME:-$HOME/.cache}/dissectd"
# shellcheck source=tools/dev/common.sh
source "$root/tools/dev/common.sh"
# shellcheck source=tools/dev/linters.sh
source "$root/tools/dev/linters.sh"

readonly here="$root/tests/clients"
work="$(mktemp -d)"
daemon=''
trap '[[ -z $daemon ]] || kill "$daemon"; wait; rm -rf "$work"' EXIT

# Prints the folder of a virtual environment that has the packages.
python_environment() {
  local folder
  folder="$cache/clients/python-$(sha256sum <"$here/requirements.txt" | cut -c 1-16)"
  if [[ ! -e $folder/complete ]]; then
    rm -rf "$folder"
    /usr/bin/python3 -m venv "$folder"
    "$folder/bin/pip" install --quiet --disable-pip-version-check \
      --require-hashes --requirement "$here/requirements.txt" >&2
    touch "$folder/complete"
  fi
  echo "$folder"
}

# Starts a daemon on the project's captures, and sets $address.
start_daemon() {
  local port=0 try
  for try in {1..100}; do
    port=$((20000 + RANDOM % 20000))
    "$root/bazel-bin/server/dissectd" --listen="127.0.0.1:$port" \
      --store="$root/tests/captures" >"$work/log" 2>&1 &
    daemon=$!
    for try in {1..300}; do
      if grep -q 'listening on' "$work/log"; then
        address="127.0.0.1:$port"
        return
      fi
      kill -0 "$daemon" 2>/dev/null || break
      sleep 0.1
    done
  done
  cat "$work/log" >&2
  die "the daemon doesn't start"
}

# Prints the block of README.md whose first line matches a pattern.
readme_block() {
  awk -v begin="$1" '
    /^```/ { inside = !inside; show = 0; next }
    inside && $0 ~ begin { show = 1 }
    show
  ' "$root/README.md"
}

# Writes JSON messages in a normal form, one per line.
normalised() { /usr/bin/python3 "$here/normalise_json.py"; }

# Runs the command in README.md, and expects the answer in README.md.
test_readme_call() {
  local command
  command="$(readme_block '^[$] npx @bufbuild/buf@.* curl' | tr -d '\\\n')"
  command="${command#\$ npx @bufbuild/buf@* }"
  command="${command//localhost:50051/$address}"
  eval "buf $command" | normalised >"$work/answer"
  readme_block '^[{]"header"' | normalised >"$work/expected"
  diff "$work/expected" "$work/answer"
}

# Reads fields and a tree from Python, with the API known by reflection only.
test_reflection() {
  local request='{"file": "files/dns.pcap", "view": {"form": "FORM_PLAIN",
    "fields": ["dns.qry.name", "udp.port"], "tree": "TREE_DETAIL_FULL",
    "range": {"lastFrame": 1}}}'
  "$(python_environment)/bin/python" "$here/generic_call.py" "$address" \
    "$request" >"$work/text"
  grep -qx '5 dns.qry.name www.example.org' "$work/text"
  [[ $(grep -cE '^4 udp.port [0-9]+$' "$work/text") -eq 2 ]]
  grep -qE '^  3 ip.ttl [0-9]+$' "$work/text"
}

failed=0
run() {
  if "$@"; then
    say "$1: passed"
  else
    say "$1: FAILED"
    failed=1
  fi
}

install_buf
start_daemon
run test_readme_call
run test_reflection
exit "$failed"
