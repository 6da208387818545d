#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Builds the dashboard's page, and serves it and a daemon by Envoy on loopback. Needs
# dissectd, as `./dev build` makes it or DISSECTD names it, Node.js and Python's venv.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
# shellcheck source=tools/dev/common.sh
source "$root/tools/dev/common.sh"
# shellcheck source=tools/dev/node.sh
source "$root/tools/dev/node.sh"

usage() {
  cat <<'EOT'
Usage: ./dev dashboard [OPTION...] [-- OPTION_OF_DISSECTD...]

  --port=N            the port of the page on 127.0.0.1; 8443
  --no-tls            speak plain HTTP, at port 8080. Browsers then hold no more than
                      six streams, so that several live views wait for each other
  --daemon=HOST:PORT  a daemon that runs, instead of one that is started

The certificate signs itself: the browser warns of it once. Without options of dissectd,
the store is tests/captures, and 16 tabs can have a capture open. Only root can capture.
EOT
}

options=() tls=(--tls)
# Nobody is identified here, so that all tabs are one caller's.
dissectd=(--store="$root/tests/captures" --max-sessions-per-principal=16)
while [[ $# -gt 0 ]]; do
  case "$1" in
    --port=* | --daemon=*) options+=("$1") ;;
    --no-tls) tls=() ;;
    --)
      shift
      dissectd=("$@")
      break
      ;;
    -h | --help)
      usage
      exit
      ;;
    *)
      usage >&2
      printf 'dashboard: %s is no option\n' "$1" >&2
      exit 2
      ;;
  esac
  shift
done

build_page() {
  find_node
  build_typescript_client
  link_node_packages "$root/clients/web"
  (cd "$root/clients/web" && npm run --silent build -- --logLevel warn)
}

say 'building the page'
build_page
exec "$root/tools/dev/gateway.sh" --page="$root/clients/web/dist" "${tls[@]}" \
  "${options[@]}" -- "${dissectd[@]}"
