#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Makes the secrets and the configurations that compose.yaml mounts.
set -euo pipefail

folder="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
deploy="$(dirname "$folder")"
made="$folder/local"

usage() {
  cat <<'EOF'
Usage: sudo deploy/compose/prepare.sh NAME [OPTION...]

Makes, in deploy/compose/local, what is missing there:

  envoy/certificate.pem, key.pem  the edge's certificate for the host NAME; it signs
                                  itself, so replace both by those of an authority
  envoy/hop-*, dissectd/*.pem     certificates of the edge and the daemon for each other
  dissectd/policy.json, tokens    what callers may do, and the hashes of their tokens
  admin.token                     a token of an administrator, for 90 days
  grafana/password                the password of Grafana's user "admin"

Makes envoy/envoy.yaml and prometheus/ each time. The edge checks JSON Web Tokens if there is
envoy/jwks.json, and client certificates if there is envoy/client-ca.pem. OPTIONS are
those of deploy/envoy/derive.py, such as --origin=REGEX, --issuer=URL, --audience=NAME.
With --page=FOLDER, the edge serves a copy of the page in that folder, such as the built
dashboard, clients/web/dist.
Needs openssl and Python 3.
EOF
}

# The users of the containers, as compose.yaml and the images have them.
readonly daemon_user=65532 grafana_user=472 prometheus_user=65534

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
# shellcheck source=deploy/secrets.sh
source "$deploy/secrets.sh"

# Makes the certificates with which the edge and the daemon know each other. Nobody
# needs the authority's key afterwards.
make_hop() {
  [[ ! -e $made/dissectd/hop-ca.pem ]] || return 0
  local authority=("$work/ca-key.pem" "$work/ca.pem")
  make_hop_authority "${authority[@]}"
  make_certificate "$made/dissectd/key.pem" "$made/dissectd/certificate.pem" \
    dissectd "${authority[@]}"
  make_certificate "$made/envoy/hop-key.pem" "$made/envoy/hop-certificate.pem" \
    edge "${authority[@]}"
  cp "${authority[1]}" "$made/envoy/hop-ca.pem"
  cp "${authority[1]}" "$made/dissectd/hop-ca.pem"
}

make_edge_certificate() {
  [[ ! -e $made/envoy/certificate.pem ]] || return 0
  make_certificate "$made/envoy/key.pem" "$made/envoy/certificate.pem" "$1"
}

make_token() {
  [[ -e $made/dissectd/tokens ]] || make_admin_token "$made/admin.token" "$made/dissectd/tokens"
}

# Puts the page where the edge's container sees it. Argument: its folder.
copy_page() {
  [[ -e $1/index.html ]] || die "\"$1\" has no index.html"
  rm -rf "$made/envoy/page"
  cp -r "$1" "$made/envoy/page"
}

# Derives the configuration completely before it replaces the one in use.
derive_envoy() {
  local options=(--listen=0.0.0.0:8443 --daemon=dissectd:50051)
  [[ -e $made/envoy/jwks.json ]] || options+=(--without=jwt)
  [[ -e $made/envoy/client-ca.pem ]] || options+=(--without=client-certificates)
  local option
  for option; do
    [[ $option == --page=* ]] || continue
    copy_page "${option#*=}"
    options+=(--page-place=/etc/envoy/page)
  done
  "$deploy/envoy/derive.py" "${options[@]}" "$@" >"$work/envoy.yaml"
  cp "$work/envoy.yaml" "$made/envoy/envoy.yaml"
}

derive_prometheus() {
  local address=127.0.0.1:9464 config
  config="$(<"$deploy/prometheus/prometheus.yml")"
  [[ $config == *"[\"$address\"]"* ]] || die "prometheus.yml doesn't name $address"
  printf '%s\n' "${config/"[\"$address\"]"/'["dissectd:9464"]'}" >"$work/prometheus.yml"
  cp "$work/prometheus.yml" "$deploy/prometheus/alerts.yml" "$made/prometheus/"
}

# Gives the files to the users of the containers. This also works for files that the
# operator has put there.
set_owners() {
  local user=$1 path
  shift
  for path; do
    chown -R "$user:$user" "$path"
    chmod -R u=rwX,go= "$path"
  done
}

case "${1:-}" in
  -h | --help)
    usage
    exit
    ;;
  '' | -*)
    usage >&2
    exit 2
    ;;
esac
name="$1"
shift
check_host_name "$name"
[[ $EUID -eq 0 ]] || die 'only root can give the secrets to the users of the containers'

umask 077
mkdir -p "$made"/{dissectd,envoy,grafana,prometheus}
make_hop
make_edge_certificate "$name"
make_token
[[ -e $made/dissectd/policy.json ]] ||
  cp "$deploy/policy/roles.json" "$made/dissectd/policy.json"
[[ -e $made/grafana/password ]] ||
  openssl rand -hex 16 >"$made/grafana/password"
derive_envoy "$@"
derive_prometheus
set_owners "$daemon_user" "$made/dissectd" "$made/envoy"
set_owners "$grafana_user" "$made/grafana"
set_owners "$prometheus_user" "$made/prometheus"
printf 'The files are in %s. Callers use admin.token, and trust envoy/certificate.pem.\n' \
  "$made"
