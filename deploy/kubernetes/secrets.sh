#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Makes the Secrets that the chart and the bases name.
set -euo pipefail

folder="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"

usage() {
  cat <<'EOT'
Usage: deploy/kubernetes/secrets.sh [OPTION...] NAME FOLDER

Makes, in FOLDER, which must not exist:

  secrets.yaml     the Secrets of both namespaces, for kubectl apply --filename
  admin.token      a token of an administrator, for 90 days
  certificate.pem  the certificates of the edge, for the host NAME, and of the fleet, for
                   fleet.NAME, which clients trust; they sign themselves, so replace them by
                   those of an authority

Options:
  --namespace=NAME        instead of dissectd
  --agent-namespace=NAME  instead of dissectd-agents
  --tokens-only           no certificates, as cert-manager makes them

Needs openssl.
EOT
}

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
# shellcheck source=deploy/secrets.sh
source "$folder/../secrets.sh"

# Prints a Secret. Arguments: its namespace, name and type, and KEY=PATH for its files.
print_secret() {
  printf -- '---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: %s\n' "$2"
  printf '  namespace: %s\ntype: %s\ndata:\n' "$1" "$3"
  local pair
  for pair in "${@:4}"; do
    printf '  %s: %s\n' "${pair%%=*}" "$(base64 --wrap=0 "${pair#*=}")"
  done
}

print_tls_secret() { # Arguments: the namespace, the name, and the files' name.
  local files=("tls.crt=$work/$3.pem" "tls.key=$work/$3-key.pem")
  [[ $3 == public-* ]] || files+=("ca.crt=$work/ca.pem")
  print_secret "$1" "$2" kubernetes.io/tls "${files[@]}"
}

print_certificates() {
  local name authority=("$work/ca-key.pem" "$work/ca.pem")
  make_hop_authority "${authority[@]}"
  for name in dissectd edge fleet; do
    make_certificate "$work/$name-key.pem" "$work/$name.pem" "$name" "${authority[@]}"
  done
  make_certificate "$work/public-edge-key.pem" "$work/public-edge.pem" "$host"
  make_certificate "$work/public-fleet-key.pem" "$work/public-fleet.pem" "fleet.$host"
  print_tls_secret "$namespace" dissectd-daemon-tls dissectd
  print_tls_secret "$agent_namespace" dissectd-daemon-tls dissectd
  for name in edge fleet; do
    print_tls_secret "$namespace" "dissectd-$name-hop-tls" "$name"
    print_tls_secret "$namespace" "dissectd-$name-tls" "public-$name"
  done
}

print_tokens() {
  make_admin_token "$work/admin.token" "$work/tokens"
  local where
  for where in "$namespace" "$agent_namespace"; do
    print_secret "$where" dissectd-tokens Opaque "tokens=$work/tokens"
  done
}

namespace=dissectd
agent_namespace=dissectd-agents
tokens_only=
while [[ ${1:-} == -* ]]; do
  case "$1" in
    -h | --help)
      usage
      exit
      ;;
    --namespace=*) namespace="${1#*=}" ;;
    --agent-namespace=*) agent_namespace="${1#*=}" ;;
    --tokens-only) tokens_only=1 ;;
    *) die "there is no option \"$1\"; see --help" ;;
  esac
  shift
done
if [[ $# -ne 2 ]]; then
  usage >&2
  exit 2
fi
host="$1"
made="$2"
check_host_name "$host"
check_host_name "$namespace"
check_host_name "$agent_namespace"
[[ ! -e $made ]] || die "\"$made\" exists already, and may have what you use"

umask 077
{
  [[ $tokens_only ]] || print_certificates
  print_tokens
} >"$work/secrets.yaml"
mkdir "$made"
cp "$work"/{secrets.yaml,admin.token} "$made/"
[[ $tokens_only ]] || cat "$work"/public-{edge,fleet}.pem >"$made/certificate.pem"
printf 'The Secrets are in %s. Callers use admin.token.\n' "$made/secrets.yaml"
